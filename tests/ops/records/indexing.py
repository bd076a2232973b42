"""The records of ops that take entries by computed places, and of Einstein's summation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tests.support.op_records import Record, bad, drawn, kink


def _take(T: Any, x: Any, indices: Any, axis: Any = None) -> Any:
    if axis is None:
        return T.take(x, indices.long())
    index = [slice(None)] * (axis % x.dim()) + [indices.long()]
    return x[tuple(index)]


def _take_along_axis(T: Any, x: Any, indices: Any, axis: int = -1) -> Any:
    lengths = [indices.shape[i] if i == axis % x.dim() else n for i, n in enumerate(x.shape)]
    places = T.remainder(indices.long(), x.shape[axis])
    return T.gather(x, axis, T.broadcast_to(places, lengths))


def _place_along_axis(T: Any, x: Any, indices: Any, length: int, axis: int = -1) -> Any:
    lengths = [length if i == axis % x.dim() else n for i, n in enumerate(x.shape)]
    places = T.broadcast_to(T.remainder(indices.long(), length), x.shape)
    return T.zeros(lengths, dtype=T.float64).scatter_add(axis, places, x)


def _embedding(T: Any, input: Any, weight: Any, padding_idx: int | None = None) -> Any:  # noqa: A002
    return T.nn.functional.embedding(input.long(), weight, padding_idx)


def _repeat(T: Any, x: Any, repeats: Any, axis: int | None = None) -> Any:
    return T.repeat_interleave(x, T.tensor(repeats) if isinstance(repeats, list) else repeats, dim=axis)


def _scatter_add(T: Any, x: Any, index: Any, src: Any, dim: int) -> Any:
    """PyTorch differentiates it only where src is as large as the index."""
    return T.scatter_add(x, dim, index.long(), src[tuple(map(slice, index.shape))])


COLUMNS = np.array([[2, 0, 2, 1], [1, 1, 0, -1]])

INDEXING = {
    "take_along_axis": Record(
        samples=(
            drawn((5,), np.array([4, 0, 0, -1])),
            drawn((2, 3), COLUMNS),
            drawn((2, 3, 5), np.array([[[1], [0], [-2], [2]]]), axis=1),
        ),
        bad=(
            bad("{indices} must have as many axes as {x}, 2, but has 1", (2, 3), (3,)),
            bad("axis 0 of {indices} is 4, but {x} has 2", (2, 3), (4, 3)),
            bad("has nothing to run along", (), ()),
        ),
        torch=_take_along_axis,
    ),
    "place_along_axis": Record(
        samples=(
            drawn((4,), np.array([4, 0, 0, -1]), length=5),
            drawn((2, 4), COLUMNS, length=3),
            drawn((2, 4, 5), np.array([[[1], [0], [-2], [2]]]), length=3, axis=1),
        ),
        bad=(
            bad("{indices} must have as many axes as {x}, 2, but has 1", (2, 3), (3,), 4),
            bad("axis 0 of {indices} is 4, but {x} has 2", (2, 3), (4, 3), 4),
            bad("axis 1 of {indices} is 1, but {x} has 3", (2, 3), (2, 1), 4),
            bad("length of place_along_axis must be from 1 on, not 0", (2,), (2,), 0),
        ),
        torch=_place_along_axis,
    ),
    "take": Record(
        samples=(
            drawn((4, 3), np.array([3, 0, 3]), axis=0),
            drawn((4, 3), np.array([[2, 0, -1, 1, 1]]), axis=1),
            drawn((2, 4, 3), np.array([[3, 1], [1, 1], [0, -4]]), axis=-2),
            drawn((4, 3), np.array(1), axis=0),
            drawn((4, 3), np.array([11, 0, 5, 5])),
            drawn((), np.array([0, 0])),
        ),
        bad=(
            bad("axis of take is 2, but the array has axes 0 to 1", (4, 3), (2,), axis=2),
            bad("needs 'indices'", (4, 3)),
        ),
        torch=_take,
    ),
    "repeat": Record(
        samples=(
            drawn((3,), repeats=2),
            drawn((2, 3), repeats=2),
            drawn((2, 3), repeats=[1, 0, 4], axis=1),
            drawn((2, 3), repeats=[2, 1], axis=0),
            drawn((), repeats=3),
        ),
        bad=(
            bad("repeats has 2 numbers, but axis 1 of {x} is 3", (2, 3), [1, 2], axis=1),
            bad("repeats must be from 0 on, with a sum from 1 to 1,000,000, but is [1, -1]", (2,), [1, -1]),
            bad("repeats must be from 0 on, with a sum from 1 to 1,000,000, but is [0]", (2,), 0),
            bad("repeats must be from 0 on, with a sum from 1 to 1,000,000, but is [1000001]", (2,), 1_000_001),
        ),
        torch=_repeat,
    ),
    "gather": Record(
        samples=(
            drawn((5,), np.array([4, 0, 0]), dim=0),
            drawn((3, 4), np.array([[3, 0, 0, 1, 2], [1, 1, 2, 3, 3]]), dim=1),
            drawn((2, 3, 5), np.array([[[2, 0, 1]] * 4]), dim=1),
        ),
        bad=(
            bad("{index} must have as many axes as {input}, 2, but has 1", (2, 3), 0, (3,)),
            bad("axis 1 of {index} is 4, but {input} has 3", (2, 3), 0, (2, 4)),
            bad("dim of gather is 2, but the array has axes 0 to 1", (2, 3), 2, (2, 3)),
        ),
        torch=lambda T, x, index, dim: T.gather(x, dim, index.long()),
    ),
    "scatter_add": Record(
        samples=(
            drawn((5,), np.array([4, 0, 0]), (3,), dim=0),
            drawn((4, 5), np.array([[3, 0, 0], [1, 1, 2]]), (4, 6), dim=1),
            drawn((2, 3, 5), np.array([[[2, 0, 1]] * 4]), (1, 4, 3), dim=-2),
        ),
        bad=(
            bad("{index} must have as many axes as {src}, 1, but has 2", (2, 3), 0, (2, 3), (3,)),
            bad("axis 1 of {index} is 4, but {input} has 3", (2, 3), 0, (2, 4), (2, 4)),
            bad("axis 0 of {index} is 4, but {src} has 3", (2, 3), 0, (4, 3), (3, 3)),
        ),
        torch=_scatter_add,
    ),
    "embedding": Record(
        samples=(
            drawn(np.array([[2, 0, 1], [3, 3, 0]]), (5, 2)),
            drawn(np.array(1), (3, 2)),
            drawn(np.array([0, 2]), (4, 3), padding_idx=1),
        ),
        bad=(
            bad("{weight} must have 2 axes (a table of rows), but has 1 (3)", (2,), (3,)),
            bad("padding_idx is 4, but {weight} has rows 0 to 3", (2,), (4, 3), padding_idx=4),
            bad("padding_idx is -5, but {weight} has rows 0 to 3", (2,), (4, 3), padding_idx=-5),
        ),
        torch=_embedding,
        kinks=(
            kink([[2, 0, 1], [3, 3, 0]], np.arange(8.0).reshape(4, 2), fixed=[0], padding_idx=3),
            kink([[2, 0, 1], [3, 3, 0]], np.arange(8.0).reshape(4, 2), fixed=[0], padding_idx=-4),
        ),
    ),
}

EINSUM = Record(
    samples=(
        drawn((2, 3), (3, 5), equation="ij,jk->ik"),
        drawn((2, 3), (3, 5), equation="ij, jk"),
        drawn((4, 2, 3), (4, 3, 5), equation="bij,bjk->bik"),
        drawn((3, 2), equation="ba"),
        drawn((3, 3), equation="ii->i"),
        drawn((3, 3), equation="ii"),
        drawn((3, 3, 2), (3,), equation="iij,i->j"),
        drawn((2, 2, 2), equation="iii->i"),
        drawn((2, 3, 4), equation="ijk->j"),
        drawn((2, 3), equation="ij->"),
        drawn((2,), (3,), equation="i,j->ji"),
        drawn((3,), (3,), (3,), equation="i,i,i->i"),
        drawn((2, 3), (3, 4), (4, 5), equation="ij,jk,kl->il"),
        drawn((), (3,), equation=",i->i"),
        drawn((4, 2, 3), (3, 5), equation="...ij,jk->...ik"),
        drawn((4, 1, 2, 3), (6, 3, 5), equation="...ij,...jk->...ik"),
        drawn((4, 1, 2), (5, 3), equation="...i,...j"),
        drawn((4, 2, 3), (3,), equation="i...,...->i"),
        drawn((1, 3), (1, 3), equation="...i,...i->i"),
    ),
    bad=(
        bad("the letter j is 3 in {operands[0]}, but 4 in {operands[1]}", "ij,jk->ik", (2, 3), (4, 5)),
        bad("the letter i is 2 in {operands[0]}, but 3 in {operands[0]}", "ii", (2, 3)),
        bad("the letter i is 1 in {operands[0]}, but 3 in {operands[1]}", "i,i->i", [(1,), (3,)]),
        bad("axis 0 of {operands[1]} (one of the dots) is 3, but {operands[0]} has 2", "...,...", [(2, 3), (3, 2)]),
        bad("the equation 'ij,jk' has 2 terms, but einsum is given 1 array", "ij,jk", (2, 3)),
        bad("the equation 'ij' has 1 term, but einsum is given 2 arrays", "ij", [(2, 3), (2, 3)]),
        bad("{operands[0]} has 2 axes (2 x 3), but its term 'i' has 1 letter", "i->i", (2, 3)),
        bad("{operands[0]} has 2 axes (2 x 3), but its term '...ijk' has 3 letters", "...ijk", (2, 3)),
        bad("the result of 'ij->k' names k, which no term has", "ij->k", (2, 3)),
        bad("the result of 'ij->ii' names i twice", "ij->ii", (2, 3)),
        bad("'ij;jk' is no equation of einsum: it has letters and commas, as in 'ij,jk->ik'", "ij;jk", (2, 3)),
        bad("'i->j->k' is no equation of einsum", "i->j->k", (2,)),
        bad("'i..' is no equation of einsum", "i..", (2,)),
        bad("einsum takes at most 26 arrays and 26 letters", ",".join("i" * 27), [(2,)] * 27),
        bad("einsum takes at most 26 arrays and 26 letters", "abcdefghijklmnop,qrstuvwxyzA", [(1,) * 16, (1,) * 11]),
        bad("equation of einsum must be a text in quotation marks, not 2", 2, (2, 3)),
        bad("needs 'operands': einsum(equation, *operands)", "ij"),
        bad("operands of einsum must be a list of arrays: [a, b]", "ij", []),
    ),
    torch=lambda T, *operands, equation: T.einsum(equation, *operands),
)

PICK = Record(
    samples=(
        drawn((4, 3), np.array(2)),
        drawn((4, 3), np.array([3, 0, -1, 2, 2])),
        drawn((4, 3, 2), np.array([[3], [0]]), np.array([2, -3, 1, 0, 1])),
    ),
    bad=(
        bad("{x} has 1 axes, but 2 indices", (4,), [(), ()]),
        bad("axis 0 of {indices[0]} is 3, but axis 0 of {indices[1]} is 2", (4, 5), [(3,), (2,)]),
    ),
    torch=lambda _, x, *indices: x[tuple(index.long() for index in indices)],
)

RECORDS: Mapping[str, Record] = {**INDEXING, "einsum": EINSUM, "pick": PICK}
