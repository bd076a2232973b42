"""Axes added, left out and moved, and entries turned round or repeated along them. NumPy's names."""

from __future__ import annotations

import numpy as np

from hwcheck.graph.node import Array, Node
from hwcheck.graph.op import Misfit, composite, op
from hwcheck.graph.options import Axes, Axis, Ints, product
from hwcheck.ops.arrays import reshape, transpose
from hwcheck.ops.reductions import broadcast_to
from hwcheck.ops.shapes import same


@composite()
def squeeze(x: Node, axis: Axes | None = None) -> Node:
    """The same entries without axes of length 1.

    x: any shape.
    axis: the axes of length 1 to leave out; all of them unless some are named.
    Elsewhere: PyTorch leaves an axis that is longer as it is; NumPy refuses it, as here.
    Source: Harris et al., Array programming with NumPy, Nature 585 (2020).
    Example: squeeze(x, axis=0); x = [[1, 2]]
    """
    rank = len(x.shape)
    gone = [i for i, length in enumerate(x.shape) if length == 1] if axis is None else [a + rank for a in axis]
    for i in gone:
        if x.shape[i] != 1:
            raise Misfit(f"axis {i} of {{x}} is {x.shape[i]}: only axes of length 1 can be left out")
    return reshape(x, tuple(length for i, length in enumerate(x.shape) if i not in gone))


@composite(aliases=["unsqueeze"])
def expand_dims(x: Node, axis: Ints) -> Node:
    """The same entries with new axes of length 1.

    x: any shape.
    axis: where the new axis, or each of several, stands in the result.
    Source: Harris et al., Array programming with NumPy, Nature 585 (2020).
    Example: expand_dims(x, 1); x = [1, 2]
    """
    rank = len(x.shape) + len(axis)
    for place in axis:
        if not -rank <= place < rank:
            raise Misfit(f"axis of expand_dims is {place}, but the result has axes 0 to {rank - 1}")
    new = {place % rank for place in axis}
    if len(new) < len(axis):
        raise Misfit(f"axis of expand_dims names a place twice: {list(axis)}")
    lengths = iter(x.shape)
    return reshape(x, tuple(1 if i in new else next(lengths) for i in range(rank)))


@composite()
def swapaxes(x: Node, axis1: Axis, axis2: Axis) -> Node:
    """The array with two axes changed over.

    x: any shape.
    axis1, axis2: the two axes.
    Elsewhere: this is PyTorch's ``transpose(x, dim0, dim1)``; NumPy's ``transpose`` takes all axes in a new order.
    Source: Harris et al., Array programming with NumPy, Nature 585 (2020).
    Example: swapaxes(x, 0, 1); x = [[1, 2, 3], [4, 5, 6]]
    """
    order = list(range(len(x.shape)))
    order[axis1], order[axis2] = order[axis2], order[axis1]
    return _in_order(x, order)


@composite(aliases=["movedim"])
def moveaxis(x: Node, source: Axis, destination: Axis) -> Node:
    """The array with one axis moved to another place; the others keep their order.

    x: any shape.
    source: the axis to move.
    destination: its place in the result.
    Source: Harris et al., Array programming with NumPy, Nature 585 (2020).
    Example: moveaxis(x, 0, -1); x = [[1, 2, 3], [4, 5, 6]]
    """
    order = list(range(len(x.shape)))
    order.insert(destination % len(order), order.pop(source))
    return _in_order(x, order)


def _in_order(x: Node, order: list[int]) -> Node:
    return x if order == sorted(order) else transpose(x, axes=order)


@composite()
def tile(x: Node, reps: Ints) -> Node:
    """The whole array several times side by side, along each axis.

    x: any shape.
    reps: how often along each axis; for fewer numbers than axes they are the last axes', for more there are new axes.
    Elsewhere: ``x.repeat(2, 3)`` in PyTorch is this; NumPy's ``repeat`` repeats each entry.
    Source: Harris et al., Array programming with NumPy, Nature 585 (2020).
    Example: tile(x, 2); x = [1, 2, 3]
    """
    if np.min(reps, initial=1) < 1:
        raise Misfit(f"reps of tile must be from 1 on, not {list(reps)}")
    rank = max(len(reps), len(x.shape))
    lengths = (1,) * (rank - len(x.shape)) + x.shape
    times = (1,) * (rank - len(reps)) + reps
    apart: list[int] = []
    for length in lengths:
        apart += [1, length]
    wide = [number for pair in zip(times, lengths, strict=True) for number in pair]
    return reshape(broadcast_to(reshape(x, tuple(apart)), wide), tuple(map(product, zip(times, lengths, strict=True))))


def _flip_rule(g: Node, y: Node, x: Node, axis: Axes) -> Node:
    return flip(g, axis=axis)


@op(shape=same, gradients=[_flip_rule])
def flip(x: Array, axis: Axes = None) -> Array:
    """The entries in reverse order along some axes, or along all.

    x: any shape.
    axis: one axis or several; all unless some are named.
    Source: Harris et al., Array programming with NumPy, Nature 585 (2020).
    Example: flip(x); x = [1, 2, 3]
    """
    return np.flip(x, axis)


def _roll_rule(g: Node, y: Node, x: Node, shift: int, axis: Axis | None) -> Node:
    return roll(g, -shift, axis=axis)


@op(shape=same, gradients=[_roll_rule])
def roll(x: Array, shift: int, axis: Axis | None = None) -> Array:
    """The entries moved along an axis; what goes out at its end comes in at its beginning.

    x: any shape.
    shift: by how many places, forwards; a negative number moves backwards.
    axis: the axis to move along; unless one is named, the entries move as if they stood row by row in a single axis.
    Source: Harris et al., Array programming with NumPy, Nature 585 (2020).
    Example: roll(x, 1); x = [1, 2, 3, 4]
    """
    if axis is None:
        return np.roll(x.reshape(len(x), -1), shift, axis=1).reshape(x.shape)
    return np.roll(x, shift, axis=axis)
