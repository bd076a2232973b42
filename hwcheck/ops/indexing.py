"""Entries taken by computed places, and put back: rows of a table, gather and scatter, ``h[j]``."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from hwcheck.graph.node import OPERATORS, Array, Constant, Labels, Node, Shape
from hwcheck.graph.op import Misfit, composite, op
from hwcheck.graph.options import Axis, Ints
from hwcheck.ops.arithmetic import where
from hwcheck.ops.arrays import part, reshape
from hwcheck.ops.assembly import pad
from hwcheck.ops.functions import detach
from hwcheck.ops.labels import places_outside
from hwcheck.ops.reductions import broadcast_to
from hwcheck.ops.shapes import broadcast, require_rank

MOST_REPEATS = 1_000_000


def _require_fit(x: Shape, indices: Shape, axis: Axis) -> None:
    """Refuse indices that are not as long as x on the other axes; they may have a length of 1 there."""
    if len(indices) != len(x):
        raise Misfit(f"{{indices}} must have as many axes as {{x}}, {len(x)}, but has {len(indices)}")
    for back, (length, wanted) in enumerate(zip(indices, x, strict=True), -len(x)):
        if back != axis and length not in (1, wanted):
            raise Misfit(f"axis {back + len(x)} of {{indices}} is {length}, but {{x}} has {wanted}")


def _resized(x: Shape, axis: Axis, length: int) -> Shape:
    return tuple(length if back == axis else n for back, n in enumerate(x, -len(x)))


def _whole(indices: Array, length: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Places that are safe to index with, and where those that are meant are among them."""
    low = indices + length * (indices < 0)
    fine = (low >= 0) & (low < length) & (low == np.floor(low))
    return np.where(fine, low, 0).astype(np.intp), fine


def _taken(x: Shape, indices: Shape, axis: Axis) -> Shape:
    _require_fit(x, indices, axis)
    return _resized(x, axis, indices[axis])


def _take_rule(g: Node, y: Node, x: Node, indices: Node, axis: Axis) -> Node:
    return place_along_axis(g, indices, x.shape[axis], axis=axis)


def _taken_outside(x: Array, indices: Array, axis: Axis) -> Iterator[str]:
    return places_outside(
        "indices", indices, x.shape[axis], f"axis {axis + x.ndim} of {{x}} has entries", from_end=True
    )


@op(shape=_taken, gradients=[_take_rule, None], domain=_taken_outside)
def take_along_axis(x: Array, indices: Labels, axis: Axis = -1) -> Array:
    """Entries by their place along an axis: ``x[i, indices[i, j]]`` at (i, j); NaN where there is no such place.

    x: any shape with an axis.
    indices: places from 0 on, or from -1 backwards; as long as x on all other axes, or of length 1 there.
    axis: the axis that the places are on, the last unless another is named.
    Elsewhere: ``gather`` in PyTorch, which takes the axis before the places.
    Source: Harris et al., Array programming with NumPy, Nature 585 (2020).
    Example: take_along_axis(x, [[2], [0]]); x = [[1, 2, 3], [4, 5, 6]]
    """
    places, fine = _whole(indices, x.shape[axis])
    return np.where(fine, np.take_along_axis(x, places, axis), np.nan)


def _placed(x: Shape, indices: Shape, length: int, axis: Axis) -> Shape:
    if length < 1:
        raise Misfit(f"length of place_along_axis must be from 1 on, not {length}")
    _require_fit(x, indices, axis)
    if indices[axis] != x[axis]:
        raise Misfit(f"axis {axis + len(x)} of {{indices}} is {indices[axis]}, but {{x}} has {x[axis]}")
    return _resized(x, axis, length)


def _place_rule(g: Node, y: Node, x: Node, indices: Node, length: int, axis: Axis) -> Node:
    return take_along_axis(g, indices, axis=axis)


def _placed_outside(x: Array, indices: Array, length: int, axis: Axis) -> Iterator[str]:
    return places_outside("indices", indices, length, f"axis {axis + x.ndim} has entries", from_end=True)


@op(shape=_placed, gradients=[_place_rule, None], domain=_placed_outside, internal=True)
def place_along_axis(x: Array, indices: Labels, length: int, axis: Axis = -1) -> Array:
    """Zeros, with each entry of x added in at its place along an axis: what comes back through ``take_along_axis``.

    Entries with the same place are summed; one without such a place is left out.

    x: any shape with an axis.
    indices: places from 0 on, or from -1 backwards; as long as x on the axis, and on all others or of length 1 there.
    length: how long the axis is in the result.
    axis: the axis that the places are on, the last unless another is named.
    Source: Gilmer et al., Neural Message Passing for Quantum Chemistry (2017), equation 1, sums messages so.
    Example: place_along_axis(x, [2, 0, 2], 4); x = [10, 20, 30]
    """
    places, fine = _whole(indices, length)
    added = np.where(fine, x, 0.0)
    result = np.zeros((len(added), *_resized(x.shape[1:], axis, length)))
    at = list(np.ix_(*map(range, added.shape)))
    at[axis] = places
    np.add.at(result, tuple(at), added)
    return result


def _parts_outside(x: Array, indices: Array, axis: Axis | None = None) -> Iterator[str]:
    if axis is None:
        return places_outside("indices", indices, x.size, "{x} has entries", from_end=True)
    return _taken_outside(x, indices, axis)


@composite(domain=_parts_outside)
def take(x: Node, indices: Labels, axis: Axis | None = None) -> Node:
    """The parts of an array that have these places along an axis: rows of a table, in any order and number.

    x: any shape.
    indices: places from 0 on, or from -1 backwards, any shape -> its axes stand where the axis was.
    axis: the axis that the places are on; unless one is named, all entries are counted row by row.
    Elsewhere: ``index_select`` in PyTorch, which takes the axis before the places.
    Source: Harris et al., Array programming with NumPy, Nature 585 (2020).
    Example: take(x, [2, 0, 2], axis=0); x = [[1, 2], [3, 4], [5, 6]]
    """
    if axis is None:
        x, axis = reshape(x, (x.size,)), -1
    place = axis + len(x.shape)
    listed = reshape(indices, (*[1] * place, indices.size, *[1] * (-axis - 1)))
    return reshape(take_along_axis(x, listed, axis=axis), (*x.shape[:place], *indices.shape, *x.shape[place + 1 :]))


@composite(aliases=["repeat_interleave"])
def repeat(x: Node, repeats: Ints, axis: Axis | None = None) -> Node:
    """Each entry several times in a row, along an axis.

    x: any shape.
    repeats: how often, one number for all entries of the axis or one for each.
    axis: the axis to repeat along; unless one is named, the entries are put in a single axis first, row by row.
    Elsewhere: ``repeat_interleave`` in PyTorch; ``x.repeat(2, 3)`` there is ``tile``.
    Source: Harris et al., Array programming with NumPy, Nature 585 (2020).
    Example: repeat(x, 2); x = [1, 2, 3]
    """
    if axis is None:
        x, axis = reshape(x, (x.size,)), -1
    length = x.shape[axis]
    if len(repeats) not in (1, length):
        raise Misfit(f"repeats has {len(repeats)} numbers, but axis {axis + len(x.shape)} of {{x}} is {length}")
    total = sum(repeats)
    if min(repeats) < 0 or not 0 < total <= MOST_REPEATS:
        raise Misfit(f"repeats must be from 0 on, with a sum from 1 to {MOST_REPEATS:,}, but is {list(repeats)}")
    if len(repeats) == length:
        return take(x, Constant(np.repeat(np.arange(length), repeats)), axis=axis)
    place = axis + len(x.shape)
    before, behind = x.shape[: place + 1], x.shape[place + 1 :]
    wide = broadcast_to(reshape(x, (*before, 1, *behind)), (*before, total, *behind))
    return reshape(wide, (*before[:-1], length * total, *behind))


def _require_within(index: Shape, input: Shape, dim: Axis, src: Shape | None = None) -> None:
    """PyTorch's rule: on all other axes the index is no longer than the input, and nowhere longer than src."""
    for name, shape in (("input", input), ("src", index if src is None else src)):
        if len(index) != len(shape):
            raise Misfit(f"{{index}} must have as many axes as {{{name}}}, {len(shape)}, but has {len(index)}")
        for back, (length, most) in enumerate(zip(index, shape, strict=True), -len(shape)):
            if length > most and not (name == "input" and back == dim):
                raise Misfit(f"axis {back + len(shape)} of {{index}} is {length}, but {{{name}}} has {most}")


def _corner(x: Node, shape: Shape, but: Axis | None = None) -> Node:
    """The first entries along each axis but one."""
    axes = range(-len(shape), 0)
    lengths = [x.shape[back] if back == but else shape[back] for back in axes]
    return x if tuple(lengths) == x.shape else part(x, tuple(map(slice, lengths)))


def _gathered_outside(input: Array, index: Array, dim: Axis) -> Iterator[str]:
    return places_outside("index", index, input.shape[dim], f"axis {dim + input.ndim} of {{input}} has entries")


@composite(domain=_gathered_outside)
def gather(input: Node, dim: Axis, index: Labels) -> Node:
    """Entries by their place along an axis: ``input[i, index[i, j]]`` at (i, j) for the axis 1.

    input: any shape with an axis.
    dim: the axis that the places are on.
    index: places from 0 on; no longer than the input on the other axes -> its shape.
    Elsewhere: PyTorch's name; NumPy's ``take_along_axis`` takes the axis last.
    Source: Mnih et al., Human-level control through deep reinforcement learning, Nature 518 (2015): the value Q of
    the action that was taken.
    Example: gather(input, 1, [[2], [0]]); input = [[1, 2, 3], [4, 5, 6]]
    """
    _require_within(index.shape, input.shape, dim)
    return take_along_axis(_corner(input, index.shape, but=dim), index, axis=dim)


def _scattered_outside(input: Array, index: Array, src: Array, dim: Axis) -> Iterator[str]:
    return places_outside("index", index, input.shape[dim], f"axis {dim + input.ndim} of {{input}} has entries")


@composite(domain=_scattered_outside)
def scatter_add(input: Node, dim: Axis, index: Labels, src: Node) -> Node:
    """The input with each entry of ``src`` added in at its place along an axis; equal places add up.

    input: any shape with an axis -> the same.
    dim: the axis that the places are on.
    index: places from 0 on; no longer than src, nor than the input on the other axes.
    src: what is added in.
    Source: Gilmer et al., Neural Message Passing for Quantum Chemistry (2017), equation 1, sums messages so.
    Example: scatter_add(input, 0, [1, 0, 1], [5, 6, 7]); input = [10, 20]
    """
    _require_within(index.shape, input.shape, dim, src.shape)
    added = place_along_axis(_corner(src, index.shape), index, input.shape[dim], axis=dim)
    behind = [most - length for most, length in zip(input.shape, added.shape, strict=True)]
    widths = [width for length in reversed(behind) for width in (0, length)]
    return input + (pad(added, widths) if np.any(behind) else added)


def _rows_outside(input: Array, weight: Array, padding_idx: int | None = None) -> Iterator[str]:
    return places_outside("input", input, len(weight), "{weight} has rows")


@composite(domain=_rows_outside)
def embedding(input: Labels, weight: Node, padding_idx: int | None = None) -> Node:
    """The rows of a table that the entries name: ``weight[input]``. A row that is named twice gets both gradients.

    input: row numbers from 0, any shape (...).
    weight: the table, (V, D): one row for each word -> (..., D).
    padding_idx: the number of a row that stands for no word: it gets no gradient.
    Source: Bengio, Ducharme, Vincent, Jauvin, A Neural Probabilistic Language Model (2003), section 2.
    Example: embedding([2, 0, 2], weight); weight = [[1, 2], [3, 4], [5, 6]]
    """
    require_rank("weight", weight.shape, (2,), "a table of rows")
    rows = take(weight, input, axis=0)
    if padding_idx is None:
        return rows
    count = weight.shape[0]
    if not -count <= padding_idx < count:
        raise Misfit(f"padding_idx is {padding_idx}, but {{weight}} has rows 0 to {count - 1}")
    padded = OPERATORS["=="](reshape(input, (*input.shape, 1)), float(padding_idx % count))
    return where(padded, detach(rows), rows)


def _picked(x: Shape, *indices: Shape) -> Shape:
    if len(indices) > len(x):
        raise Misfit(f"{{x}} has {len(x)} axes, but {len(indices)} indices")
    return broadcast(*(f"indices[{i}]" for i in range(len(indices))))(*indices) + x[len(indices) :]


def _indices(x_shape: Shape, indices: tuple[Array, ...]) -> tuple[list[npt.NDArray[np.intp]], npt.NDArray[np.bool_]]:
    """Whole numbers that are safe to index with, and where they were in range."""
    rank = max(index.ndim for index in indices)
    aligned = [index.reshape(index.shape[:1] + (1,) * (rank - index.ndim) + index.shape[1:]) for index in indices]
    whole: list[npt.NDArray[np.intp]] = []
    fine = np.ones((1,) * rank, dtype=np.bool_)
    for index, length in zip(aligned, x_shape, strict=False):
        low = index + length * (index < 0)
        good = (low >= 0) & (low < length) & (low == np.floor(low))
        whole.append(np.where(good, low, 0).astype(np.intp))
        fine = fine & good
    return whole, fine


def _pick_rule(g: Node, y: Node, x: Node, *indices: Node) -> Node:
    """Each entry goes back to its place, the axes that are picked from counted as one."""
    picked, kept = x.shape[: len(indices)], x.shape[len(indices) :]
    place = indices[0]  # place_along_axis counts from the end by itself
    for position, (index, length) in enumerate(zip(indices, picked, strict=True)):
        if len(indices) > 1:
            counted = where(OPERATORS["<"](index, 0.0), index + float(length), index)
            place = place * float(length) + counted if position else counted
    rows, entries = math.prod(g.shape[: len(g.shape) - len(kept)]), math.prod(kept)
    back = place_along_axis(reshape(g, (rows, entries)), reshape(place, (rows, 1)), math.prod(picked), axis=-2)
    return reshape(back, x.shape)


@op(shape=_picked, gradients=[_pick_rule, None], internal=True)
def pick(x: Array, *indices: Array) -> Array:
    """Entries chosen by computed indices: ``h[j]`` where j is no fixed number; NaN where an index is out of range.

    x: any shape.
    indices: whole numbers, shapes that broadcast, one for each of x's first axes.
    Source: NumPy user guide, Indexing on ndarrays (integer array indexing).
    Example: x[j]; x = [10, 20, 30]; j = [2, 0, -1]
    """
    whole, fine = _indices(x.shape[1:], indices)
    sheets = np.arange(len(x)).reshape((-1,) + (1,) * (fine.ndim - 1))
    where = (sheets, *whole)
    chosen = x[where]
    fine = fine.reshape(fine.shape + (1,) * (chosen.ndim - fine.ndim))
    return np.where(fine, chosen, np.nan)
