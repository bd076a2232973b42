"""The records of losses that compare two arrays entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.support.op_records import Bad, Record, Sample, bad, drawn, kink

__all__ = ["RECORDS", "alike", "reduced"]


def reduced(entries: Any, reduction: str = "mean") -> Any:
    """The losses of entries or samples, put together, in either library."""
    if reduction == "none":
        return entries
    return entries.mean() if reduction == "mean" else entries.sum() / (len(entries) if reduction == "batchmean" else 1)


def alike(theirs: Callable[..., Any]) -> Callable[..., Any]:
    """A function of PyTorch that knows no 'batchmean': that is its sum, divided by the number of samples."""

    def of_all(T: Any, input: Any, *others: Any, reduction: str = "mean", **options: Any) -> Any:  # noqa: A002
        if reduction == "batchmean":
            return theirs(T, input, *others, reduction="sum", **options) / len(input)
        return theirs(T, input, *others, reduction=reduction, **options)

    return of_all


def loss(
    torch: Callable[..., Any] | None,
    *more: Sample,
    between: tuple[float, float] = (-1.5, 1.5),
    refused: tuple[Bad, ...] = (),
    kinks: tuple[Sample, ...] = (),
    jax: Callable[..., Any] | None = None,
) -> Record:
    """A loss that compares two arrays entry by entry."""
    return Record(
        samples=(
            drawn((2, 3, 5), (2, 3, 5), between=between),
            drawn((2, 3), (2, 3), between=between, reduction="sum"),
            drawn((2, 3), (2, 3), between=between, reduction="none"),
            drawn((2, 3), (2, 3), between=between, reduction="batchmean"),
            drawn((), (), between=between),
            *more,
        ),
        bad=(
            bad("{input} is 2 x 3, but {target} is 3", (2, 3), (3,)),
            bad("{input} is 64, but {target} is 1 x 64", (64,), (1, 64)),
            bad("must be 'none', 'mean', 'sum' or 'batchmean', not 'average'", (3,), (3,), reduction="average"),
            bad("'batchmean' divides by the length of the first axis", (), (), reduction="batchmean"),
            *refused,
        ),
        torch=alike(torch) if torch else None,
        kinks=kinks,
        jax=jax,
    )


def _mse_loss(T: Any, *arrays: Any, half: bool = False, **options: Any) -> Any:
    return T.nn.functional.mse_loss(*arrays, **options) * (0.5 if half else 1)


def _log_cosh_loss(J: Any, input: Any, target: Any, reduction: str = "mean") -> Any:  # noqa: A002
    d = input - target
    return reduced(J.numpy.logaddexp(d, -d) - J.numpy.log(2.0), reduction)


def _binary_cross_entropy(T: Any, input: Any, target: Any, weight: Any = 1.0, reduction: str = "mean") -> Any:  # noqa: A002
    entries = T.nn.functional.binary_cross_entropy(input, target, reduction="none")
    return reduced(weight * entries, reduction)


def _with_logits(
    T: Any,
    input: Any,  # noqa: A002
    target: Any,
    weight: Any = 1.0,
    pos_weight: Any = None,
    reduction: str = "mean",
) -> Any:
    """Its entries weighted by hand: PyTorch has no gradient in the weights."""
    entries = T.nn.functional.binary_cross_entropy_with_logits(input, target, reduction="none")
    if pos_weight is not None:
        entries = entries - (1 - pos_weight) * target * T.nn.functional.softplus(-input)
        ready = T.nn.functional.binary_cross_entropy_with_logits(
            input, target, pos_weight=pos_weight.detach(), reduction="none"
        )
        T.testing.assert_close(entries, ready, rtol=1e-12, atol=1e-12)
    return reduced(weight * entries, reduction)


PROBABILITIES = (0.2, 0.8)
UNEVEN = (-1.53, 1.49)  # no two numbers are 1 apart, where the parts of a loss meet
TOO_MANY = "{weight} (4 x 3) has more entries than {input} (3)"

RECORDS: Mapping[str, Record] = {
    "mse_loss": loss(_mse_loss, drawn((2, 3), (2, 3), half=True)),
    "l1_loss": loss(
        lambda T, *arrays, **options: T.nn.functional.l1_loss(*arrays, **options),
        kinks=(kink([1, 2, -1], [1, 3, -1], reduction="none"),),
    ),
    "huber_loss": loss(
        lambda T, *arrays, **options: T.nn.functional.huber_loss(*arrays, **options),
        drawn((2, 5), (2, 5), between=UNEVEN, delta=0.33),
        drawn((2, 5), (2, 5), delta=2.47, reduction="sum"),
        kinks=(kink([1, 0.5, -0.5, 2], [1, 0, 0, 1], delta=0.5, reduction="none"),),
        between=UNEVEN,
        refused=(
            bad("delta must be a positive number, but is 0", (3,), (3,), delta=0),
            bad("delta must be a positive number, but is -1", (3,), (3,), delta=-1),
        ),
    ),
    "smooth_l1_loss": loss(
        lambda T, *arrays, **options: T.nn.functional.smooth_l1_loss(*arrays, **options),
        drawn((2, 5), (2, 5), between=UNEVEN, beta=0.33),
        drawn((2, 5), (2, 5), beta=0),
        kinks=(
            kink([1, 0.5, -0.5, 2], [1, 0, 0, 1], beta=0.5, reduction="none"),
            kink([0, 1], [0, 0], beta=0, reduction="none"),
        ),
        between=UNEVEN,
        refused=(bad("beta must be at least 0, but is -1", (3,), (3,), beta=-1),),
    ),
    "log_cosh": Record(
        samples=(drawn((2, 3, 5)), drawn((), between=(0.4, 0.7)), drawn((2, 3), between=(-30, 30))),
        bad=(bad("log_cosh needs 'x'"),),
        jax=lambda J, x: J.numpy.logaddexp(x, -x) - J.numpy.log(2.0),
    ),
    "log_cosh_loss": loss(None, jax=_log_cosh_loss),
    "binary_cross_entropy": loss(
        _binary_cross_entropy,
        drawn((2, 3), (2, 3), (2, 3), between=PROBABILITIES),
        drawn((2, 3), (2, 3), (3,), between=PROBABILITIES, reduction="none"),
        between=PROBABILITIES,
        refused=(
            bad(TOO_MANY, (3,), (3,), (4, 3)),
            bad("axis 0 of {input} is 3, but axis 0 of {weight} is 2", (3,), (3,), (2,)),
        ),
    ),
    "logistic_loss": Record(
        samples=(drawn((2, 3), (2, 3)), drawn((2, 3), (3,)), drawn((), ()), drawn((2, 3), (), between=(-20, 20))),
        bad=(bad("axis 0 of {x} is 3, but axis 0 of {t} is 2", (3,), (2,)),),
        torch=lambda T, x, t: T.nn.functional.binary_cross_entropy_with_logits(
            *T.broadcast_tensors(x, t), reduction="none"
        ),
    ),
    "binary_cross_entropy_with_logits": loss(
        _with_logits,
        drawn((2, 3), (2, 3), (2, 1)),
        drawn((2, 3), (2, 3), (2, 3), (3,), between=(0.2, 1.7), reduction="none"),
        refused=(
            bad(TOO_MANY, (3,), (3,), (4, 3)),
            bad("{pos_weight} (4 x 3) has more entries", (3,), (3,), None, (4, 3)),
        ),
    ),
}
