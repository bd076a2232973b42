"""Arrays put together, and padded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np

from hwcheck.graph.node import Array, Node, Shape
from hwcheck.graph.op import Misfit, op
from hwcheck.graph.options import Axis, Ints, spell_shape
from hwcheck.ops.arrays import part


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


Sides: TypeAlias = Sequence[tuple[int, int]]


def _padded(x: Shape, pad: Ints, mode: str, value: float) -> Shape:
    sides = _sides(pad, x)
    check_border(sides, x, mode)
    if value and mode != "constant":
        raise Misfit(f"value={value:g} is for mode='constant': mode={mode!r} copies entries of {{x}}")
    return tuple(before + length + behind for length, (before, behind) in zip(x, sides, strict=True))


def _sides(pad: Ints, x: Shape) -> list[tuple[int, int]]:
    """The widths before and behind each axis, first axis first."""
    if len(pad) % 2 or len(pad) > 2 * len(x):
        raise Misfit(f"pad needs two widths for each axis, last axis first: {list(pad)} does not fit {spell_shape(x)}")
    if min(pad, default=0) < 0:
        raise Misfit(f"the widths of pad must not be negative: {list(pad)}")
    pairs = list(zip(pad[::2], pad[1::2], strict=True))
    return [(0, 0)] * (len(x) - len(pairs)) + pairs[::-1]


def check_border(sides: Sides, x: Shape, mode: str, name: str = "x") -> None:
    """A border can hold no more than there is to copy."""
    for axis, (widths, length) in enumerate(zip(sides, x, strict=True)):
        most = {"reflect": length - 1, "circular": length}.get(mode)
        if most is not None and max(widths) > most:
            rule = "all entries but the first" if mode == "reflect" else "all entries"
            raise Misfit(
                f"mode={mode!r} copies {rule} of an axis at most: axis {axis} of {{{name}}} has {length} entries, "
                f"but the border is {max(widths)} wide"
            )


def _pad_rule(g: Node, y: Node, x: Node, pad: Ints, mode: str, value: float) -> Node:
    if mode != "constant":
        return unpad(g, pad, mode)
    sides = _sides(pad, x.shape)
    return part(g, tuple(slice(before, before + n) for (before, _), n in zip(sides, x.shape, strict=True)))


@op(shape=_padded, gradients=[_pad_rule])
def pad(
    x: Array,
    pad: Ints,
    mode: Literal["constant", "reflect", "replicate", "circular"] = "constant",
    value: float = 0.0,
) -> Array:
    """A border around an array: of one value, or of copies of its own entries.

    Of a row ``a b c`` and widths of 2 the modes make ``0 0 a b c 0 0`` (constant), ``c b a b c b a`` (reflect),
    ``a a a b c c c`` (replicate) and ``b c a b c a b`` (circular).

    x: any shape -> each axis longer by its two widths.
    pad: two widths an axis, before and behind, the last axis first: ``[left, right, top, bottom]``.
    mode: what stands in the border.
    value: the value of a constant border.
    Elsewhere: NumPy's ``pad`` takes the first axis first, ``[[top, bottom], [left, right]]``, and calls replicate
    ``edge`` and circular ``wrap``; its ``symmetric``, which repeats the entry at the edge too, is not here.
    Source: Zhang, Lipton, Li, Smola, Dive into Deep Learning (2023), section 7.3.1.
    Example: pad(x, [1, 2], mode='reflect'); x = [1, 2, 3]
    """
    return bordered(x, _sides(pad, x.shape[1:]), mode, value)


def _unpadded(g: Shape, pad: Ints, mode: str) -> Shape:
    sides = _sides(pad, g)
    inside = tuple(length - before - behind for length, (before, behind) in zip(g, sides, strict=True))
    for axis, length in enumerate(inside):
        if length < 1:
            raise Misfit(f"axis {axis} of {{g}} is {g[axis]}, not longer than its border of {sum(sides[axis])}")
    check_border(sides, inside, mode, "g")
    return inside


@op(shape=_unpadded, gradients=[lambda h, y, g, pad, mode: _pad_node(h, pad, mode)], internal=True)
def unpad(g: Array, pad: Ints, mode: Literal["reflect", "replicate", "circular"]) -> Array:
    """The border taken off and added to the entries that it was copied from: what comes back through ``pad``.

    g: any shape -> each axis shorter by its two widths.
    pad: two widths an axis, the last axis first, as in ``pad``.
    mode: how the border was made.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.5.2: what is used twice gets both gradients.
    Example: unpad(g, [1, 1], mode='reflect'); g = [10, 1, 2, 3, 20]
    """
    return unbordered(g, _sides(pad, g.shape[1:]), mode)


def _pad_node(x: Node, widths: Ints, mode: str) -> Node:
    return pad(x, widths, mode)


def bordered(x: Array, sides: Sides, mode: str, value: float = 0.0) -> Array:
    """The array on a canvas with a border; ``sides`` has the widths of the last axes, and the others have none."""
    free = x.ndim - len(sides)
    lengths = [before + n + behind for n, (before, behind) in zip(x.shape[free:], sides, strict=True)]
    canvas = np.full((*x.shape[:free], *lengths), value)
    canvas[_inside(sides, x.shape[free:])] = x
    for axis, (before, behind) in enumerate(sides, -len(sides)):
        for border, source in _copies(mode, before, x.shape[axis], behind):
            canvas[_along(axis, border)] = canvas[_along(axis, source)]
    return canvas


def unbordered(g: Array, sides: Sides, mode: str) -> Array:
    """The adjoint of ``bordered``: the borders of the later axes were copied last and come back first."""
    canvas = g.copy()
    inside = [n - before - behind for n, (before, behind) in zip(g.shape[g.ndim - len(sides) :], sides, strict=True)]
    for axis in range(-1, -len(sides) - 1, -1):
        for border, source in _copies(mode, sides[axis][0], inside[axis], sides[axis][1]):
            back = canvas[_along(axis, border)]
            canvas[_along(axis, source)] += back.sum(axis, keepdims=True) if mode == "replicate" else back
    result: Array = canvas[_inside(sides, inside)]
    return result


def _copies(mode: str, before: int, length: int, behind: int) -> Iterator[tuple[slice, slice]]:
    """The borders of one axis, and the part of the canvas that each is a copy of."""
    end = before + length
    if mode == "reflect":
        yield slice(before - 1, None, -1) if before else slice(0), slice(before + 1, 2 * before + 1)
        yield slice(end + behind - 1, end - 1, -1), slice(end - 1 - behind, end - 1)
    elif mode == "replicate":
        yield slice(before), slice(before, before + 1)
        yield slice(end, end + behind), slice(end - 1, end)
    elif mode == "circular":
        yield slice(before), slice(length, end)
        yield slice(end, end + behind), slice(before, before + behind)


def _along(axis: int, part: slice) -> Any:
    """The index of a part of one axis, counted from the end."""
    return (..., part, *[slice(None)] * (-axis - 1))


def _inside(sides: Sides, lengths: Sequence[int]) -> Any:
    """The index of the array on its canvas."""
    return (..., *(slice(before, before + n) for (before, _), n in zip(sides, lengths, strict=True)))
