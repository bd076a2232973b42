"""The records of losses on classes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tests.ops.records.losses import reduced
from tests.support.op_records import Bad, Record, Sample, bad, drawn

THREE = np.array([4, 0, 1])
PIXELS = np.array([[1, 4, 0], [2, 2, 3]])  # for an input of 2 x 5 x 3
SKIPPED = np.array([4, -7, 1])
POSITIVE = (0.1, 0.9)


def likelihood_samples(between: tuple[float, float] = (-1.5, 1.5)) -> tuple[Sample, ...]:
    """Class indices and numbers for each class, of one sample, several, and several with places."""
    return (
        drawn((3, 5), THREE, between=between),
        drawn((5,), np.array(3), between=between),
        drawn((2, 5, 3), PIXELS, between=between, reduction="sum"),
        drawn((2, 5, 3), PIXELS, between=between),
        drawn((2, 5, 3), PIXELS, between=between, reduction="batchmean"),
        drawn((3, 5), THREE, between=between, reduction="none"),
        drawn((3, 5), (3, 5), between=between),
        drawn((5,), (5,), between=between, reduction="sum"),
        drawn((5, 3), THREE, between=between, axis=0),
        drawn((5, 3), (5, 3), between=between, axis=0),
        drawn((2, 3, 5), PIXELS, between=between, axis=-1),
        drawn((3, 5), SKIPPED, between=between, ignore_index=-7),
        drawn((3, 5), THREE, between=between, ignore_index=4),
        drawn((3, 5), SKIPPED, between=between, ignore_index=-7, reduction="none"),
    )


def weighted_samples() -> tuple[Sample, ...]:
    return (
        drawn((3, 5), THREE, (5,), between=POSITIVE),
        drawn((2, 5, 3), PIXELS, (5,), between=POSITIVE),
        drawn((3, 5), THREE, (5,), between=POSITIVE, reduction="sum"),
        drawn((3, 5), THREE, (5,), between=POSITIVE, reduction="batchmean"),
        drawn((5, 3), SKIPPED, (5,), between=POSITIVE, ignore_index=-7, axis=0),
        drawn((3, 5), (3, 5), (5,), between=POSITIVE),
        drawn((5, 3), (5, 3), (5,), between=POSITIVE, axis=0),
    )


FAULTS = (
    bad("{input} is a single number: it needs an axis of classes", (), (2,)),
    bad("{target} (5) must have the shape of {input} (3 x 5), or that without the 5 classes", (3, 5), (5,)),
    bad("{target} (a single number) must have the shape of {input} (3 x 5)", (3, 5), ()),
    bad("{target} (3) must have the shape of {input} (2 x 5 x 3)", (2, 5, 3), (3,)),
    bad("{target} (3) must have the shape of {input} (3 x 5), or that without the 3 classes", (3, 5), (3,), axis=0),
    bad("{weight} is 3, but {input} has 5 classes", (3, 5), (3,), (3,)),
    bad("ignore_index is for targets of class indices", (3, 5), (3, 5), ignore_index=0),
    bad("axis of ", (3, 5), (3,), axis=2),
)


def _nll_loss(
    T: Any,
    input: Any,  # noqa: A002
    target: Any,
    weight: Any = None,
    reduction: str = "mean",
    ignore_index: int = -100,
    axis: int | None = None,
    label_smoothing: float = 0.0,
) -> Any:
    """The formulas of PyTorch's page of CrossEntropyLoss, differentiable in the weights, too."""
    axis = (axis if axis is not None else min(1, input.dim() - 1)) % input.dim()
    count = input.shape[axis]
    weights = T.ones(count) if weight is None else weight
    weights = weights.reshape([-1 if place == axis else 1 for place in range(input.dim())])
    if target.shape == input.shape:
        spread = (1 - label_smoothing) * target + label_smoothing / count
        return reduced(-(weights * spread * input).sum(dim=axis), reduction)
    kept = target != ignore_index
    index = T.where(kept, target, 0.0).long().unsqueeze(axis)
    own = weights.expand(input.shape).gather(axis, index).squeeze(axis) * kept
    chosen = -input.gather(axis, index).squeeze(axis) * own
    smooth = -(weights * input).sum(dim=axis) * kept / count
    losses = (1 - label_smoothing) * chosen + label_smoothing * smooth
    return losses.sum() / own.sum() if reduction == "mean" else reduced(losses, reduction)


def _cross_entropy(
    T: Any,
    input: Any,  # noqa: A002
    target: Any,
    weight: Any = None,
    axis: int | None = None,
    base: float = np.e,
    **options: Any,
) -> Any:
    """Those formulas, held against PyTorch's own function where that has the option."""
    from_logits = options.pop("from_logits", True)
    place = axis if axis is not None else min(1, input.dim() - 1)
    logs = input.log_softmax(dim=place) if from_logits else input.log()
    loss = _nll_loss(T, logs, target, weight, axis=axis, **options)
    if axis is None and options.get("reduction") != "batchmean" and from_logits:
        ready = T.nn.functional.cross_entropy(
            input.detach(),
            target.detach() if target.shape == input.shape else target.long(),
            None if weight is None else weight.detach(),
            **options,
        )
        T.testing.assert_close(loss.detach(), ready, rtol=1e-12, atol=1e-12)
    return loss / np.log(base)


def _perplexity(T: Any, input: Any, target: Any, **options: Any) -> Any:  # noqa: A002
    return T.exp(_cross_entropy(T, input, target, **options))


SMOOTHED: tuple[Sample, ...] = (
    drawn((3, 5), THREE, label_smoothing=0.1),
    drawn((2, 5, 3), PIXELS, (5,), between=POSITIVE, label_smoothing=0.3),
    drawn((3, 5), SKIPPED, (5,), between=POSITIVE, label_smoothing=0.3, ignore_index=-7),
    drawn((3, 5), (3, 5), label_smoothing=0.25),
    drawn((3, 5), THREE, between=POSITIVE, label_smoothing=0.1, from_logits=False),
    drawn((3, 5), (3, 5), between=POSITIVE, label_smoothing=0.1, from_logits=False),
    drawn((3, 5), THREE, between=POSITIVE, from_logits=False),
    drawn((3, 5), (3, 5), (5,), between=POSITIVE, from_logits=False),
    drawn((3, 5), THREE, (5,), between=POSITIVE, from_logits=False, reduction="none"),
    drawn((3, 5), THREE, base=2),
)
SMOOTHING: tuple[Bad, ...] = (
    bad("label_smoothing must be from 0 to 1, but is 1.5", (3, 5), (3,), label_smoothing=1.5),
    bad("label_smoothing must be from 0 to 1, but is -0.1", (3, 5), (3,), label_smoothing=-0.1),
    bad("but base is 1", (3, 5), (3,), base=1),
)

RECORDS: Mapping[str, Record] = {
    "one_hot": Record(
        samples=(
            drawn(np.array([[2, 0, 1], [3, 3, 0]]), num_classes=4),
            drawn(np.array([[2, 0, 1], [3, 3, 0]]), num_classes=5, axis=1),
            drawn(np.array([2, 0, 1]), num_classes=4, axis=-2),
            drawn(np.array(1), num_classes=3),
        ),
        bad=(
            bad("one_hot needs at least one class, not 0", (3,), num_classes=0),
            bad("axis of one_hot is 2, but the result has axes 0 to 1", (3,), num_classes=4, axis=2),
            bad("axis of one_hot is -3, but the result has axes 0 to 1", (3,), num_classes=4, axis=-3),
            bad("one_hot needs 'num_classes'", (3,)),
        ),
        torch=lambda T, x, num_classes, axis=-1: T.movedim(
            T.nn.functional.one_hot(x.long(), num_classes).double(), -1, axis
        ),
    ),
    "class_entry": Record(
        samples=(
            drawn((3, 5), THREE),
            drawn((5,), np.array(2)),
            drawn((2, 5, 3), PIXELS, axis=1),
            drawn((5, 3), THREE, axis=0),
        ),
        bad=(
            bad("{labels} is 5, but {x} without the 5 classes is 3", (3, 5), (5,)),
            bad("{labels} is 3, but {x} without the 3 classes is 5", (3, 5), (3,), axis=0),
            bad("nothing to run along", (), ()),
        ),
        torch=lambda _, x, labels, axis=-1: x.gather(axis, labels.long().unsqueeze(axis)).squeeze(axis),
    ),
    "nll_loss": Record(samples=(*likelihood_samples(), *weighted_samples()), bad=FAULTS, torch=_nll_loss),
    "cross_entropy": Record(
        samples=(*likelihood_samples(), *weighted_samples(), *SMOOTHED), bad=(*FAULTS, *SMOOTHING), torch=_cross_entropy
    ),
    "perplexity": Record(
        samples=(
            drawn((3, 5), THREE),
            drawn((3, 5), SKIPPED, ignore_index=-7),
            drawn((5, 3), THREE, axis=0, between=POSITIVE, from_logits=False),
            drawn((3, 5), (3, 5), between=(0.05, 0.3)),
        ),
        bad=(FAULTS[0], FAULTS[1]),
        torch=_perplexity,
    ),
}
