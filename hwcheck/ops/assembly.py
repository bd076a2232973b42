"""Putting arrays together, padding them, and picking entries by computed indices."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hwcheck.graph.node import Array, Node, Shape
from hwcheck.graph.op import Misfit, op
from hwcheck.graph.options import Axis, Ints, spell_shape
from hwcheck.ops.arrays import part, sheet_wise
from hwcheck.ops.shapes import broadcast


def _joined(*arrays: Shape, axis: Axis) -> Shape:
    first = arrays[0]
    for i, shape in enumerate(arrays):
        if len(shape) != len(first) or any(
            a != b for back, (a, b) in enumerate(zip(first, shape, strict=True), -len(first)) if back != axis
        ):
            raise Misfit(
                f"only axis {axis + len(first)} may differ, "
                f"but {{arrays[0]}} is {spell_shape(first)} and {{arrays[{i}]}} is {spell_shape(shape)}"
            )
    total = 0
    for shape in arrays:
        total += shape[axis]
    return tuple(total if back == axis else length for back, length in enumerate(first, -len(first)))


def _cut_out(g: Node, y: Node, *arrays: Node, axis: Axis, position: int) -> Node:
    begin = 0
    for earlier in arrays[:position]:
        begin += earlier.shape[axis]
    index = [slice(None)] * len(g.shape)
    index[axis] = slice(begin, begin + arrays[position].shape[axis])
    return part(g, tuple(index))


@op(shape=_joined, gradients=[_cut_out])
def concatenate(*arrays: Array, axis: Axis = 0) -> Array:
    """Arrays one behind the other along an axis: ``concatenate([a, b], axis=0)``.

    arrays: shapes that differ on that axis only.
    axis: the axis that becomes longer.
    Elsewhere: it is ``torch.cat`` and ``tf.concat``.
    Source: NumPy reference, numpy.concatenate.
    Example: concatenate([a, b], axis=1); a = [[1], [2]]; b = [[3, 4], [5, 6]]
    """
    return np.concatenate(_sheets(arrays), axis=axis)


def _stacked(*arrays: Shape, axis: int) -> Shape:
    first = arrays[0]
    for i, shape in enumerate(arrays):
        if shape != first:
            raise Misfit(
                "what is stacked must have one shape, "
                f"but {{arrays[0]}} is {spell_shape(first)} and {{arrays[{i}]}} is {spell_shape(shape)}"
            )
    if not -len(first) - 1 <= axis <= len(first):
        raise Misfit(f"axis of stack is {axis}, but the result has axes 0 to {len(first)}")
    place = axis % (len(first) + 1)
    return (*first[:place], len(arrays), *first[place:])


def _taken_out(g: Node, y: Node, *arrays: Node, axis: int, position: int) -> Node:
    return part(g, (*[slice(None)] * (axis % len(g.shape)), position))


@op(shape=_stacked, gradients=[_taken_out])
def stack(*arrays: Array, axis: int = 0) -> Array:
    """Arrays of one shape along a new axis: ``stack([a, b])``; a list such as ``[a, b]`` means the same.

    arrays: one shape.
    axis: where the new axis stands in the result.
    Source: NumPy reference, numpy.stack.
    Example: stack([a, b], axis=1); a = [1, 2]; b = [3, 4]
    """
    return np.stack(_sheets(arrays), axis=axis % arrays[0].ndim + 1 if axis >= 0 else axis)


def _sheets(arrays: tuple[Array, ...]) -> list[Array]:
    """All with the same leading axis, for functions that do not broadcast."""
    sheets = max(map(len, arrays))
    if sheets == min(map(len, arrays)):
        return list(arrays)
    return [np.broadcast_to(array, (sheets, *array.shape[1:])) for array in arrays]


def _padded(x: Shape, pad: Ints, value: float) -> Shape:
    if len(pad) % 2 or len(pad) > 2 * len(x):
        raise Misfit(f"pad needs two widths for each axis, last axis first: {list(pad)} does not fit {spell_shape(x)}")
    if min(pad, default=0) < 0:
        raise Misfit(f"the widths of pad must not be negative: {list(pad)}")
    return tuple(length + before + after for length, (before, after) in zip(x, _sides(pad, len(x)), strict=True))


def _sides(pad: Ints, rank: int) -> list[tuple[int, int]]:
    """The widths before and after each axis, first axis first."""
    pairs = list(zip(pad[::2], pad[1::2], strict=True))
    return [(0, 0)] * (rank - len(pairs)) + pairs[::-1]


def _unpadded(g: Node, y: Node, x: Node, pad: Ints, value: float) -> Node:
    sides = _sides(pad, len(x.shape))
    return part(g, tuple(slice(before, before + n) for (before, _), n in zip(sides, x.shape, strict=True)))


@op(shape=_padded, gradients=[_unpadded])
def pad(x: Array, pad: Ints, value: float = 0.0) -> Array:
    """A border of one value: ``pad(x, [left, right, top, bottom])``, the last axis first as in PyTorch.

    x: any shape.
    """
    sides = _sides(pad, x.ndim - 1)
    result = np.full(x.shape[:1] + _padded(x.shape[1:], pad, value), value)
    inside = tuple(slice(before, before + n) for (before, _), n in zip(sides, x.shape[1:], strict=True))
    result[sheet_wise(inside)] = x
    return result


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


@op(shape=_picked)
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
