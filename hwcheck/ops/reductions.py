"""Sums and extremes over axes, and broadcasting, which is the sum's mirror image."""

from __future__ import annotations

from typing import Any

import numpy as np

from hwcheck.graph.node import OPERATORS, Array, Node, Shape
from hwcheck.graph.op import Misfit, composite, op
from hwcheck.graph.options import Axes, Ints, spell_shape
from hwcheck.ops.arrays import reshape


def reduced(x: Shape, axis: Axes, keepdims: bool) -> Shape:
    """The shape that is left when some axes are summed up."""
    gone = {a + len(x) for a in axis}
    if keepdims:
        return tuple(1 if i in gone else length for i, length in enumerate(x))
    return tuple(length for i, length in enumerate(x) if i not in gone)


def spread(g: Node, x: Node, axis: Axes) -> Node:
    """What was reduced, back at every entry that went into it."""
    return broadcast_to(kept(g, x, axis) if g.shape else g, x.shape)


def kept(y: Node, x: Node, axis: Axes) -> Node:
    """A reduced array with the reduced axes as axes of length 1."""
    return reshape(y, reduced(x.shape, axis, keepdims=True))


def _broadcast_shape(x: Shape, shape: tuple[int, ...]) -> Shape:
    fits = all(length in (1, wanted) for length, wanted in zip(x[::-1], shape[::-1], strict=False))
    if not fits or len(shape) < len(x) or min(shape, default=1) < 1:
        raise Misfit(f"{{x}} ({spell_shape(x)}) cannot be broadcast to {spell_shape(shape)}")
    return shape


@op(shape=_broadcast_shape, gradients=[lambda g, y, x, shape: sum_to(g, x.shape)])
def broadcast_to(x: Array, shape: Ints) -> Array:
    """The same numbers, repeated along new axes and axes of length 1.

    x: any shape that broadcasts to ``shape``.
    """
    missing = (1,) * (len(shape) + 1 - x.ndim)
    return np.broadcast_to(x.reshape(x.shape[:1] + missing + x.shape[1:]), x.shape[:1] + shape)


def _over(ufunc: Any, x: Array, axis: Axes, keepdims: bool) -> Array:
    """The ufunc's reduction, straight: np.sum and its like take twice as long on small arrays."""
    result: Array = ufunc.reduce(x, axis=axis, keepdims=keepdims) if axis else x
    return result


@op(shape=reduced, gradients=[lambda g, y, x, axis, keepdims: spread(g, x, axis)])
def sum(x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
    """The sum over some axes, or over all.

    x: any shape. The result lacks the axes, or keeps them with length 1.
    """
    return _over(np.add, x, axis, keepdims)


@composite()
def mean(x: Node, axis: Axes = None, keepdims: bool = False) -> Node:
    """The arithmetic mean over some axes, or over all.

    x: any shape. The result lacks the axes, or keeps them with length 1.
    """
    total = sum(x, axis=axis, keepdims=keepdims)
    return total / (x.size // total.size)


def _to_extreme(g: Node, extreme: Node, x: Node, axis: Axes) -> Node:
    """g at the entries that are the extreme, which is not y: what a student gives for that may equal no entry."""
    hit = OPERATORS["=="](x, extreme)
    return spread(g, x, axis) * hit / sum(hit, axis=axis, keepdims=True)


def _max_rule(g: Node, y: Node, x: Node, axis: Axes, keepdims: bool) -> Node:
    return _to_extreme(g, largest(x, axis=axis, keepdims=True), x, axis)


def _min_rule(g: Node, y: Node, x: Node, axis: Axes, keepdims: bool) -> Node:
    return _to_extreme(g, smallest(x, axis=axis, keepdims=True), x, axis)


@op(name="max", shape=reduced, gradients=[_max_rule], latex=r"\max({0})", aliases=["amax"])
def largest(x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
    """The largest entry over some axes, or over all.

    x: any shape. Entries that tie share the gradient evenly, as in ``torch.amax``.
    """
    return _over(np.maximum, x, axis, keepdims)


@op(name="min", shape=reduced, gradients=[_min_rule], latex=r"\min({0})", aliases=["amin"])
def smallest(x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
    """The smallest entry over some axes, or over all.

    x: any shape. Entries that tie share the gradient evenly, as in ``torch.amin``.
    """
    return _over(np.minimum, x, axis, keepdims)


def sum_to(g: Node, shape: Shape) -> Node:
    """The sum of g over the axes along which an array of this shape was broadcast to g's shape."""
    if g.shape == shape:
        return g
    extra = len(g.shape) - len(shape)
    axes = [a for a in range(len(g.shape)) if a < extra or (shape[a - extra] == 1 and g.shape[a] != 1)]
    return reshape(sum(g, axis=axes), shape)
