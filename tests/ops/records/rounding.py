"""The records of rounding, limits, remainders, truth values and step functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tests.ops.records.basic import binary, comparison, reduction, unary
from tests.support.op_records import Record, bad, drawn, kink

HALVES = kink([-2.5, -1.5, -0.5, -0.0, 0.0, 0.5, 1.5, 2.5, 3.0])


def rounded(torch: Callable[..., Any]) -> Record:
    return unary(torch)._replace(kinks=(HALVES,))


def truth(torch: Callable[..., Any]) -> Record:
    """A reduction of truth values, with zeros in it."""

    def compared(T: Any, x: Any, axes: Any, keepdims: bool) -> Any:
        return torch(T, x != 0, axes, keepdims).double()

    plain = reduction(compared)
    return plain._replace(
        kinks=(
            kink([[0.0, 2.0], [0.0, 0.0], [1.0, 3.0]], axis=1),
            kink([[0.0, -0.0, 0.0]]),
            kink([[0.0, 2.0], [0.0, 0.0], [1.0, 3.0]], axis=[0], keepdims=True),
        )
    )


def _clamp(T: Any, x: Any, min: Any = None, max: Any = None) -> Any:  # noqa: A002  PyTorch's names
    low, high = (T.tensor(limit, dtype=T.float64) if isinstance(limit, float) else limit for limit in (min, max))
    return T.clamp(x, low, high)


def _heaviside(T: Any, x: Any, values: Any) -> Any:
    return T.where(x == 0, values, (x > 0).double())


def _step(T: Any, x: Any, at_zero: float = 0.0) -> Any:
    return T.heaviside(x.detach(), T.tensor(at_zero, dtype=T.float64))


RECORDS: Mapping[str, Record] = {
    "floor": rounded(lambda T, x: T.floor(x)),
    "ceil": rounded(lambda T, x: T.ceil(x)),
    "trunc": rounded(lambda T, x: T.trunc(x)),
    "round": Record(
        samples=(drawn((2, 3, 5)), drawn((4,), decimals=1), drawn((2, 3), between=(-40, 40), decimals=-1), drawn(())),
        bad=(
            bad("decimals of round must be from -15 to 15, not 16", (2,), decimals=16),
            bad("decimals of round must be from -15 to 15, not -16", (2,), decimals=-16),
            bad("decimals of round must be a whole number, not 0.5", (2,), decimals=0.5),
        ),
        torch=lambda T, x, **options: T.round(x, **options),
        kinks=(HALVES, kink([0.25, 0.35, -0.75], decimals=1)),
    ),
    "remainder": binary(lambda T, a, b: T.remainder(a, b), between=(0.3, 2.5))._replace(
        kinks=(kink([7.0, -7.0, 7.0, -7.0, 1.5], [3.0, 3.0, -3.0, -3.0, 0.4]),)
    ),
    "clip": Record(
        samples=(
            drawn((2, 3, 5), min=-0.43, max=0.72),
            drawn((2, 3, 5), (3, 1)),
            drawn((2, 3), (), (3,)),
            drawn((3,), (2, 3), (2, 1)),
            drawn((2, 3), max=0.31),
            drawn((2, 3), min=0.81, max=-0.42),
            drawn((), min=0.2),
        ),
        bad=(
            bad("clip needs a limit: min, max or both", (2, 3)),
            bad("axis 0 of {a} is 4, but axis 0 of {b} is 3", (4,), (3,)),
            bad("min of clip must be an array or a number, not 'low'", (2,), "low"),
        ),
        torch=_clamp,
        kinks=(
            kink([-2.0, -1.0, 0.0, 1.0, 2.0], min=-1.0, max=1.0),
            kink([-2.0, -1.0, 0.0, 1.0, 2.0], [-1.0, -1.0, 0.0, 0.5, 3.0], [1.0, 1.0, 1.0, 1.0, 0.0]),
        ),
    ),
    "heaviside": Record(
        samples=(drawn((2, 3), (2, 3)), drawn((2, 1, 3), (5, 1)), drawn(np.array([[0.0, -1, 2], [0, 0, 1]]), (3,))),
        bad=(bad("axis 0 of {x} is 3, but axis 0 of {values} is 2", (3,), (2,)), bad("needs 'values'", (2,))),
        torch=_heaviside,
        kinks=(kink([-1.0, 0.0, -0.0, 2.0], [0.5, 0.25, 1.0, 3.0]),),
    ),
    "step": Record(
        samples=(drawn((2, 3, 5)), drawn((4,), at_zero=0.5), drawn(())),
        bad=(
            bad("at_zero must be from 0 to 1, but is 2", (2,), at_zero=2),
            bad("at_zero must be from 0 to 1, but is nan", (2,), at_zero=float("nan")),
        ),
        torch=_step,
        kinks=(kink([-1.0, 0.0, -0.0, 2.0]), kink([-1.0, 0.0, 2.0], at_zero=0.5), kink([0.0], at_zero=1)),
    ),
    "logical_and": comparison(lambda T, a, b: T.logical_and(a, b)),
    "logical_or": comparison(lambda T, a, b: T.logical_or(a, b)),
    "logical_xor": comparison(lambda T, a, b: T.logical_xor(a, b)),
    "logical_not": unary(lambda T, x: T.logical_not(x).double())._replace(kinks=(kink([0.0, -0.0, 1.0, -2.0]),)),
    "any": truth(lambda T, x, axes, keepdims: T.any(x, axes, keepdims)),
    "all": truth(lambda T, x, axes, keepdims: T.all(x, axes, keepdims)),
    "count_nonzero": truth(lambda T, x, axes, keepdims: T.sum(x, axes, keepdims)),
}
