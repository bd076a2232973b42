"""The records of variance, norms, running sums and products, and sorting."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from tests.ops.records.basic import REDUCTIONS, reduction
from tests.support.op_records import Record, Sample, bad, drawn, kink

SUM = REDUCTIONS["sum"]


def spread_of(torch: Callable[..., Any]) -> Record:
    """A measure of spread; of a single number, and of one entry an axis, it is 0 and has no derivative of its own."""

    def compared(T: Any, x: Any, axis: Any = None, ddof: int = 0, keepdims: bool = False) -> Any:
        return torch(T, x, dim=axis, correction=ddof, keepdim=keepdims)

    several = [sample for sample in SUM.samples if sample.inputs[0].size > 6]
    return Record(
        samples=(*several, drawn((2, 3), ddof=1), drawn((4, 3), axis=0, ddof=2), drawn((4,), axis=[0])),
        bad=(
            *SUM.bad,
            bad("ddof must be from 0 to 2, below the 3 entries that {x} averages, not 3", (2, 3), axis=1, ddof=3),
            bad("ddof must be from 0 to 5, below the 6 entries that {x} averages, not -1", (2, 3), ddof=-1),
            bad("ddof must be from 0 to 0, below the 1 entries that {x} averages, not 1", (), correction=1),
        ),
        torch=compared,
        kinks=(kink([[2.0, 2.0, 2.0], [1.0, 2.0, 6.0]], axis=1),),
    )


def _norm(T: Any, x: Any, ord: float = 2.0, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A002
    return T.linalg.vector_norm(x, ord, dim=tuple(axis) if isinstance(axis, list) else axis, keepdim=keepdims)


def _prod(T: Any, x: Any, axes: Any, keepdims: bool) -> Any:
    for axis in sorted((a % max(x.dim(), 1) for a in ([axes] if isinstance(axes, int) else axes)), reverse=True):
        x = T.prod(x, axis, keepdims)
    return x


def running(torch: Callable[..., Any], zeros: tuple[Sample, ...] = ()) -> Record:
    """``torch(T, x, axis)``."""
    return Record(
        samples=(drawn((4,)), drawn((2, 5, 3)), drawn((2, 5, 3), axis=1), drawn((1, 3), axis=0), drawn(()), *zeros),
        bad=(
            bad("is 2, but the array has axes 0 to 1", (2, 3), axis=2),
            bad("must be a whole number, not 0.5", (2, 3), axis=0.5),
        ),
        torch=lambda T, x, axis=None: torch(T, x.flatten(), 0) if axis is None else torch(T, x, axis),
    )


def _recurrence(T: Any, a: Any, b: Any, axis: int = -1) -> Any:
    steps: list[Any] = []
    for factor, added in zip(a.unbind(axis), b.unbind(axis), strict=True):
        steps.append(factor * steps[-1] + added if steps else added)
    return T.stack(steps, dim=axis)


def _placed(search: Callable[..., Any]) -> Record:
    """``search(J, x, axis, keepdims)``."""
    return Record(
        samples=(
            drawn((2, 3, 5)),
            drawn((2, 3, 5), axis=1),
            drawn((2, 3, 5), axis=-1, keepdims=True),
            drawn((2, 3), keepdims=True),
            drawn(()),
        ),
        bad=(bad("axis of", (2, 3), axis=2), bad("must be a whole number, not [0.0, 1.0]", (2, 3), axis=[0.0, 1.0])),
        jax=lambda J, x, axis=None, keepdims=False: search(J, x, axis, keepdims).astype(float),
        kinks=(kink([[3.0, 1.0, 1.0, 3.0], [2.0, 2.0, 2.0, 2.0]], axis=1), kink([[1.0, 2.0], [2.0, 1.0]])),
    )


def _sorted(T: Any, x: Any, axis: int = -1, descending: bool = False) -> Any:
    return T.sort(x, dim=axis, descending=descending, stable=True)


UNSORTED = (
    bad("has nothing to run along: the array is a single number", ()),
    bad("is 2, but the array has axes 0 to 1", (2, 3), axis=2),
    bad("must be True or False, not 'yes'", (2, 3), descending="yes"),
)
SORTS = (drawn((4,)), drawn((2, 5, 3)), drawn((2, 5, 3), axis=1), drawn((2, 5, 3), axis=0, descending=True))

RECORDS: Mapping[str, Record] = {
    "var": spread_of(lambda T, x, **options: T.var(x, **options)),
    "std": spread_of(lambda T, x, **options: T.std(x, **options)),
    "norm": Record(
        samples=(
            *SUM.samples,
            drawn((2, 3, 5), p=1),
            drawn((2, 3, 5), ord=3, axis=1),
            drawn((2, 3, 5), ord=1.5, axis=[0, 2], keepdims=True),
            drawn((2, 3, 5), ord=math.inf, axis=-1),
            drawn((), ord=3),
        ),
        bad=(
            *SUM.bad,
            bad("ord of norm must be 1 or more, or inf, not 0.5; count_nonzero counts", (2,), ord=0.5),
            bad("ord of norm must be 1 or more, or inf, not -inf", (2,), ord=-math.inf),
            bad("ord of norm must be 1 or more, or inf, not nan", (2,), ord=math.nan),
        ),
        torch=lambda T, x, p=2.0, **options: _norm(T, x, **{"ord": p, **options}),
        kinks=(
            kink([[0.0, 0.0], [3.0, 4.0], [0.0, -2.0]], axis=1),
            kink([[0.0, 0.0], [3.0, 4.0], [0.0, -2.0]], ord=1, axis=1),
            kink([[0.0, 0.0], [3.0, 4.0], [0.0, -2.0]], ord=3, axis=1),
            kink([[0.0, 0.0], [3.0, -3.0], [0.0, -2.0]], ord=math.inf, axis=1),
        ),
    ),
    "logsumexp": reduction(lambda T, x, axes, keepdims: T.logsumexp(x, axes, keepdims))._replace(
        kinks=(kink([[-math.inf, 0.0, 1.0], [1000.0, 999.0, -1000.0]], axis=1),)
    ),
    "prod": reduction(_prod)._replace(
        samples=(
            *SUM.samples,
            kink([[0.0, 2.0, 3.0], [0.0, 0.0, 1.5], [0.0, 0.0, 0.0]], axis=1),
            kink([[0.0, 2.0], [0.5, 1.5], [3.0, 1.25]]),
        )
    ),
    "cumsum": running(lambda T, x, axis: T.cumsum(x, axis)),
    "cumprod": running(
        lambda T, x, axis: T.cumprod(x, axis),
        zeros=(kink([[0.5, 0.0, 2.0, 0.0, 3.0], [1.5, 2.5, 0.0, 0.5, 0.25]], axis=1), kink([0.0, 1.5, 2.0])),
    ),
    "linear_recurrence": Record(
        samples=(
            drawn((4,), (4,)),
            drawn((2, 5, 3), (2, 5, 3)),
            drawn((2, 5, 3), (2, 5, 3), axis=1),
            drawn((1,), (1,)),
        ),
        bad=(
            bad("{a} and {b} must have one shape, but are 2 and 3", (2,), (3,)),
            bad("has nothing to run along: the array is a single number", (), ()),
        ),
        torch=_recurrence,
    ),
    "argmax": _placed(lambda J, x, axis, keepdims: J.numpy.argmax(x, axis=axis, keepdims=keepdims)),
    "argmin": _placed(lambda J, x, axis, keepdims: J.numpy.argmin(x, axis=axis, keepdims=keepdims)),
    "argsort": Record(
        samples=SORTS,
        bad=UNSORTED,
        torch=lambda T, x, **options: _sorted(T, x, **options).indices.double(),
        kinks=(kink([2.0, 1.0, 2.0, 1.0]), kink([2.0, 1.0, 2.0, 1.0], descending=True)),
    ),
    "sort": Record(
        samples=SORTS,
        bad=UNSORTED,
        torch=lambda T, x, **options: _sorted(T, x, **options).values,
        kinks=(kink([2.0, 1.0, 2.0, 1.0]), kink([2.0, 1.0, 2.0, 1.0], descending=True)),
    ),
    "topk": Record(
        samples=(
            drawn((5,), k=2),
            drawn((2, 5, 3), k=3, axis=1),
            drawn((2, 5), k=5),
            drawn((2, 5), k=2, largest=False),
        ),
        bad=(
            bad("k of topk must be from 1 to 3, the length of axis 1 of {x}, not 4", (2, 3), 4),
            bad("k of topk must be from 1 to 3, the length of axis 1 of {x}, not 0", (2, 3), 0),
            bad("needs 'k'", (2, 3)),
        ),
        torch=lambda T, x, k, axis=-1, largest=True: T.topk(x, k, dim=axis, largest=largest).values,
    ),
}
