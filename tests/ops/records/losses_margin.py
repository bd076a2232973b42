"""The records of losses that ask for a margin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tests.ops.records.losses import alike, loss, reduced
from tests.support.op_records import Record, bad, drawn, kink

SIGNS = np.array([[1, -1, -1], [-1, 1, 1]])
CLASSES = np.array([4, 0, 1])


def _hinge_loss(
    J: Any,
    input: Any,  # noqa: A002
    target: Any,
    margin: float = 1.0,
    squared: bool = False,
    reduction: str = "mean",
) -> Any:
    return reduced(J.nn.relu(margin - target * input) ** (2 if squared else 1), reduction)


def _soft_margin_loss(T: Any, input: Any, target: Any, **options: Any) -> Any:  # noqa: A002
    """PyTorch's function has no gradient in the target."""
    loss = reduced((1 + (-target * input).exp()).log(), **options)
    ready = T.nn.functional.soft_margin_loss(input, target.detach(), **options)
    T.testing.assert_close(loss, ready, rtol=1e-12, atol=1e-12)
    return loss


def _multi_margin_loss(
    T: Any,
    input: Any,  # noqa: A002
    target: Any,
    weight: Any = None,
    form: str = "weston-watkins",
    class_mean: bool = True,
    p: int = 1,
    margin: float = 1.0,
    reduction: str = "mean",
) -> Any:
    """PyTorch's function; the form of Crammer and Singer, for which it has none, by loops over the classes."""
    rows, labels = (input, target.long()) if input.dim() > 1 else (input[None], target[None].long())
    weights = T.ones(rows.shape[1]) if weight is None else weight
    if form == "crammer-singer":
        losses = [
            max((margin - row[own] + row[j]).clamp(min=0) for j in range(len(row)) if j != own) ** p
            for row, own in zip(rows, labels, strict=True)
        ]
        each = T.stack(losses)
    else:
        each = T.nn.functional.multi_margin_loss(rows, labels, p=p, margin=margin, reduction="none")
        each = each * (1 if class_mean else rows.shape[1])
    return reduced((each * weights[labels]).reshape(target.shape), reduction)


RECORDS: Mapping[str, Record] = {
    "hinge_loss": loss(
        None,
        drawn((2, 3), (2, 3), margin=0.3, squared=True),
        drawn((2, 3), SIGNS * 1.0).without_torch()._replace(discrete=frozenset()),
        jax=_hinge_loss,
        kinks=(kink([1, -1, 3], [1, -1, 1], reduction="none"),),
    ),
    "soft_margin_loss": loss(_soft_margin_loss),
    "hinge_embedding_loss": Record(
        samples=(
            drawn((2, 3), SIGNS),
            drawn((2, 3), SIGNS, margin=0.4, reduction="none"),
            drawn((2, 3), SIGNS, reduction="sum"),
            drawn((2, 3), SIGNS, reduction="batchmean"),
            drawn((), np.array(-1)),
        ),
        bad=(bad("{input} is 2 x 3, but {target} is 3", (2, 3), (3,)),),
        torch=alike(lambda T, *arrays, **options: T.nn.functional.hinge_embedding_loss(*arrays, **options)),
        kinks=(kink([1, 2, 0.5], [-1, 1, -1], fixed=[1], reduction="none"),),
    ),
    "margin_ranking_loss": Record(
        samples=(
            drawn((2, 3), (2, 3), (2, 3), margin=0.77),
            drawn((2, 3), (2, 3), (2, 3), reduction="none"),
            drawn((2, 3), (2, 3), (2, 3), reduction="sum"),
            drawn((2, 3), (2, 3), (2, 3), reduction="batchmean"),
            drawn((), (), ()),
        ),
        bad=(
            bad("{input1} is 2 x 3, but {input2} is 3", (2, 3), (3,), (3,)),
            bad("{input1} is 3, but {target} is 2", (3,), (3,), (2,)),
        ),
        torch=alike(lambda T, *arrays, **options: T.nn.functional.margin_ranking_loss(*arrays, **options)),
        kinks=(kink([2, 0, 3], [1, 3, 1], [1, 1, 1], margin=1, fixed=[2], reduction="none"),),
    ),
    "multi_margin_loss": Record(
        samples=(
            drawn((3, 5), CLASSES),
            drawn((5,), np.array(2)),
            drawn((3, 5), CLASSES, p=2, margin=0.6),
            drawn((3, 5), CLASSES, (5,), reduction="none"),
            drawn((3, 5), CLASSES, (5,), reduction="sum", class_mean=False),
            drawn((3, 5), CLASSES, form="crammer-singer", reduction="batchmean"),
            drawn((5,), np.array(2), (5,), form="crammer-singer", p=2),
        ),
        bad=(
            bad("{input} must have 1 or 2 axes", (2, 3, 5), (2, 3)),
            bad("{input} must have 1 or 2 axes", (), ()),
            bad("p of multi_margin_loss must be 1 or 2, not 3", (3, 5), (3,), p=3),
            bad("{target} is 5, but {input} is 3 x 5", (3, 5), (5,)),
            bad("{weight} is 3, but {input} has 5 classes", (3, 5), (3,), (3,)),
            bad("must be 'weston-watkins' or 'crammer-singer', not 'max'", (3, 5), (3,), form="max"),
        ),
        torch=_multi_margin_loss,
        kinks=(kink([2, 1, 5, 0.5], 0, fixed=[1]), kink([[2, 1, 0], [1, 2, 3]], [0, 2], fixed=[1], reduction="none")),
    ),
    "multilabel_soft_margin_loss": Record(
        samples=(
            drawn((2, 3), (2, 3)),
            drawn((3,), (3,)),
            drawn((2, 3), (2, 3), (3,), reduction="none"),
            drawn((2, 3), (2, 3), reduction="sum"),
            drawn((2, 3), (2, 3), reduction="batchmean"),
        ),
        bad=(
            bad("{input} is 2 x 3, but {target} is 3", (2, 3), (3,)),
            bad("{input} must have 1 or 2 axes", (2, 3, 5), (2, 3, 5)),
            bad("{weight} (4 x 3) has more entries than {input} (3)", (3,), (3,), (4, 3)),
        ),
        torch=alike(lambda T, *arrays, **options: T.nn.functional.multilabel_soft_margin_loss(*arrays, **options)),
    ),
}
