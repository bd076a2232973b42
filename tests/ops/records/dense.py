"""The records of dense layers and dropout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tests.support.op_records import Record, bad, drawn


def _linear(T: Any, x: Any, weight: Any, bias: Any = None, weight_layout: str = "out_in", batch: str = "rows") -> Any:
    weight = weight.T if weight_layout == "in_out" else weight
    columns = batch == "columns" and x.dim() == 2
    y = T.nn.functional.linear(x.T if columns else x, weight, bias)
    return y.T if columns else y


def _dropout(T: Any, x: Any, mask: Any, p: float = 0.5, scaled: bool = True) -> Any:
    """``feature_dropout`` and the like draw their masks: this is what ``native_dropout``'s derivative does with one."""
    return T.ops.aten.native_dropout_backward(x, T.broadcast_to(mask, x.shape).bool(), 1 / (1 - p) if scaled else 1.0)


RECORDS: Mapping[str, Record] = {
    "linear": Record(
        samples=(
            drawn((3,), (2, 3)),
            drawn((3,), (2, 3), (2,)),
            drawn((4, 3), (2, 3), (2,)),
            drawn((5, 4, 3), (2, 3), (2,)),
            drawn((4, 3), (3, 2), (2,), weight_layout="in_out"),
            drawn((3, 4), (2, 3), (2,), batch="columns"),
            drawn((3,), (2, 3), (2,), batch="columns"),
            drawn((3, 4), (3, 2), batch="columns", weight_layout="in_out"),
        ),
        bad=(
            bad("{weight} is made for 3 features, but {input} has 4", (4,), (2, 3)),
            bad("{weight} is made for 3 features, but {input} has 2", (2, 3), (2, 3), batch="columns"),
            bad("{weight} is made for 2 features, but {input} has 3", (4, 3), (2, 3), weight_layout="in_out"),
            bad("{weight} must have 2 axes (units and features), but has 1 (3)", (3,), (3,)),
            bad("{bias} must have one entry for each of the 2 units, but is 3", (3,), (2, 3), (3,)),
            bad("{input} is a single number: it needs an axis of features", (), (2, 3)),
            bad("must be 'rows' or 'columns', not 'first'", (3,), (2, 3), batch="first"),
        ),
        torch=_linear,
    ),
    "dropout": Record(
        samples=(
            drawn((2, 3), np.array([[1, 0, 1], [0, 1, 1]])),
            drawn((2, 3), np.array([1, 0, 1]), p=0.2),
            drawn((2, 3), np.array([[0], [1]]), p=0.25, scaled=False),
            drawn((4,), np.array([1, 1, 0, 1]), p=0),
        ),
        bad=(
            bad("p must be from 0 to below 1, but is 1", (3,), (3,), p=1),
            bad("p must be from 0 to below 1, but is -0.5", (3,), (3,), p=-0.5),
            bad("{mask} is 2 x 3, which does not broadcast to {x} (3)", (3,), (2, 3)),
            bad("axis 0 of {condition} is 2, but axis 0 of {a} is 3", (3,), (2,)),
        ),
        torch=_dropout,
    ),
}
