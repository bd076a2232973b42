"""The records of ops that move axes and entries: no number is changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.op_records import Record, bad, drawn


def _expand_dims(T: Any, x: Any, axis: Any) -> Any:
    places = [axis] if isinstance(axis, int) else axis
    rank = x.dim() + len(places)
    for place in sorted(place % rank for place in places):
        x = T.unsqueeze(x, place)
    return x


def _axes(x: Any, axis: Any) -> Any:
    return tuple(range(x.dim())) if axis is None else axis


TRIANGLES = (
    drawn((3, 3)),
    drawn((2, 3, 5)),
    drawn((4, 3), k=1),
    drawn((3, 4), k=-1),
    drawn((3, 4), k=7),
    drawn((3, 4), diagonal=-7),
)

RECORDS: Mapping[str, Record] = {
    "squeeze": Record(
        samples=(
            drawn((1, 2, 1, 3)),
            drawn((1, 2, 1, 3), axis=2),
            drawn((1, 1, 3), axis=[0, 1]),
            drawn((2, 3)),
            drawn(()),
        ),
        bad=(
            bad("axis 1 of {x} is 3: only axes of length 1 can be left out", (1, 3), axis=[0, 1]),
            bad("axis of squeeze is 2, but the array has axes 0 to 1", (1, 3), axis=2),
        ),
        torch=lambda T, x, axis=None: T.squeeze(x) if axis is None else T.squeeze(x, axis),
    ),
    "expand_dims": Record(
        samples=(drawn((2, 3), axis=1), drawn((2, 3), axis=-1), drawn((2, 3), axis=[0, 3]), drawn((), axis=0)),
        bad=(
            bad("axis of expand_dims is 3, but the result has axes 0 to 2", (2, 3), axis=3),
            bad("axis of expand_dims is -4, but the result has axes 0 to 2", (2, 3), axis=-4),
            bad("axis of expand_dims names a place twice: [0, -4]", (2, 3), axis=[0, -4]),
        ),
        torch=_expand_dims,
    ),
    "swapaxes": Record(
        samples=(drawn((2, 3), axis1=0, axis2=1), drawn((2, 3, 5), axis1=0, axis2=-1), drawn((2, 3), axis1=1, axis2=1)),
        bad=(bad("axis2 of swapaxes is 2, but the array has axes 0 to 1", (2, 3), 0, 2), bad("needs 'axis2'", (2,), 0)),
        torch=lambda T, x, axis1, axis2: T.swapaxes(x, axis1, axis2),
    ),
    "moveaxis": Record(
        samples=(
            drawn((2, 3, 5), source=0, destination=-1),
            drawn((2, 3, 5, 4), source=2, destination=1),
            drawn((2, 3), source=-1, destination=1),
        ),
        bad=(bad("source of moveaxis is -3, but the array has axes 0 to 1", (2, 3), -3, 0),),
        torch=lambda T, x, source, destination: T.movedim(x, source, destination),
    ),
    "tile": Record(
        samples=(
            drawn((3,), reps=2),
            drawn((2, 3), reps=[4]),
            drawn((2, 3), reps=[2, 1]),
            drawn((3,), reps=[2, 4]),
            drawn((), reps=3),
        ),
        bad=(
            bad("reps of tile must be from 1 on, not [2, 0]", (2, 3), [2, 0]),
            bad("reps of tile must be a whole number, not 1.5", (2, 3), 1.5),
        ),
        torch=lambda T, x, reps: T.tile(x, (reps,) if isinstance(reps, int) else tuple(reps)),
    ),
    "flip": Record(
        samples=(drawn((4,)), drawn((2, 3, 5)), drawn((2, 3, 5), axis=1), drawn((2, 3, 5), axis=[0, -1]), drawn(())),
        bad=(bad("names an axis twice: [0, -2]", (2, 3), axis=[0, -2]), bad("is 2, but the array", (2, 3), axis=2)),
        torch=lambda T, x, axis=None: T.flip(x, [axis] if isinstance(axis, int) else _axes(x, axis)),
    ),
    "roll": Record(
        samples=(drawn((4,), shift=1), drawn((2, 3, 5), shift=-2, axis=2), drawn((2, 3), shifts=4), drawn((), shift=1)),
        bad=(
            bad("axis of roll is 2, but the array has axes 0 to 1", (2, 3), 1, axis=2),
            bad("shift of roll must be a whole number, not [1, 2]", (2, 3), [1, 2]),
        ),
        torch=lambda T, x, shift=0, shifts=0, axis=None: T.roll(x, shift + shifts, axis),
    ),
    "triu": Record(
        samples=TRIANGLES,
        bad=(bad("{x} must have 2 axes or more (rows, columns), but has 1 (3)", (3,)),),
        torch=lambda T, x, k=0, diagonal=0: T.triu(x, k + diagonal),
    ),
    "tril": Record(
        samples=TRIANGLES,
        bad=(bad("{x} must have 2 axes or more (rows, columns), but has 0 (a single number)", ()),),
        torch=lambda T, x, k=0, diagonal=0: T.tril(x, k + diagonal),
    ),
    "diagonal": Record(
        samples=(
            drawn((3, 3)),
            drawn((3, 5), offset=2),
            drawn((5, 3), offset=-1),
            drawn((2, 3, 5), axis1=1, axis2=2),
            drawn((2, 3, 5), axis1=2, axis2=0, offset=-1),
            drawn((2, 3, 5, 4), axis1=-1, axis2=-3, offset=1),
        ),
        bad=(
            bad("axis1 and axis2 of diagonal are the same axis, 1", (2, 3), axis1=-1),
            bad("the diagonal 3 lies outside {x}, which has 2 rows and 3 columns", (2, 3), offset=3),
            bad("the diagonal -2 lies outside {x}, which has 2 rows and 3 columns", (2, 3), offset=-2),
            bad("axis2 of diagonal is 1, but the array has axes 0 to 0", (2,)),
        ),
        torch=lambda T, x, offset=0, axis1=0, axis2=1: T.diagonal(x, offset, axis1, axis2),
    ),
    "diag": Record(
        samples=(drawn((3,)), drawn((3,), k=2), drawn((3,), k=-1), drawn((3, 5)), drawn((3, 5), k=-1), drawn((1,))),
        bad=(
            bad("{x} must have 1 or 2 axes (a vector or a matrix), but has 3 (2 x 3 x 4)", (2, 3, 4)),
            bad("the diagonal 5 lies outside {x}, which has 2 rows and 3 columns", (2, 3), 5),
        ),
        torch=lambda T, x, k=0: T.diag(x, k),
    ),
    "eye": Record(
        samples=(drawn(n=3), drawn(n=2, m=4), drawn(n=1)),
        bad=(
            bad("n of eye must be from 1 to 10,000, not 0", 0),
            bad("m of eye must be from 1 to 10,000, not 10001", 2, 10_001),
            bad("needs 'n'"),
        ),
        torch=lambda T, n, m=None: T.eye(n, m or n, dtype=T.float64),
    ),
}
