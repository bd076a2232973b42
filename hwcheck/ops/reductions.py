"""Sums and extremes over axes, and broadcasting, which is the sum's mirror image."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from hwcheck.graph.node import OPERATORS, Array, Call, Constant, Node, Shape
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
    leading = sorted(a + len(x.shape) for a in axis) == list(range(len(axis)))  # broadcasting puts them back itself
    return repeated(g if leading else kept(g, x, axis), x.shape)


def repeated(g: Node, shape: Shape) -> Node:
    """``broadcast_to`` for gradient rules: what was repeated already is repeated once, into the wider shape."""
    if isinstance(g, Call) and g.op is broadcast_to:
        g = g.inputs[0]
    return g if g.shape == shape else broadcast_to(g, shape)


def summed(g: Node, axis: Axes, keepdims: bool = False) -> Node:
    """``sum`` for gradient rules: a sign and numbers stay in front of it, and what is known is not summed up.

    The sum of one number repeated is a product, that of a one-hot array over its classes is 1.
    """
    around: list[Callable[[Node], Node]] = []
    while isinstance(g, Call):
        first, last = g.inputs[:1], g.inputs[-1:]
        if g.op.symbol == "neg":
            around.append(OPERATORS["neg"])
        elif g.op.symbol == "/" and _is_number(*last):
            around.append(partial(_swapped, OPERATORS["/"], *last))
        elif g.op.symbol == "*" and _is_number(*first):
            around.append(partial(OPERATORS["*"], *first))
            first = last
        else:
            break
        (g,) = first
    total = _sum_of_known(g, axis, keepdims)
    for outer in reversed(around):
        total = outer(total)
    return total


def _is_number(node: Node) -> bool:
    return isinstance(node, Constant) and not node.shape


def _swapped(operator: Callable[[Node, Node], Node], b: Node, a: Node) -> Node:
    return operator(a, b)


def _sum_of_known(g: Node, axis: Axes, keepdims: bool) -> Node:
    total = sum(g, axis=axis, keepdims=keepdims)
    if not isinstance(g, Call) or not isinstance(total, Call):
        return total
    if g.op is broadcast_to and not g.inputs[0].shape:
        return repeated(g.inputs[0] * (g.size // total.size), total.shape)
    if g.op.name == "one_hot" and total.options["axis"] == ((g.options["axis"] % len(g.shape)) - len(g.shape),):
        return repeated(Constant(1.0), total.shape)
    return total


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

    What comes back is the sum over the repetitions.

    x: any shape that broadcasts to the new one.
    shape: the new shape.
    Source: NumPy reference, numpy.broadcast_to.
    Example: broadcast_to(x, [2, 3]); x = [[1], [2]]
    """
    missing = (1,) * (len(shape) + 1 - x.ndim)
    return np.broadcast_to(x.reshape(x.shape[:1] + missing + x.shape[1:]), x.shape[:1] + shape)


def over(ufunc: Any, x: Array, axis: Axes, keepdims: bool) -> Array:
    """The ufunc's reduction, straight: np.sum and its like take twice as long on small arrays."""
    result: Array = ufunc.reduce(x, axis=axis, keepdims=keepdims) if axis else x
    return result


@op(shape=reduced, gradients=[lambda g, y, x, axis, keepdims: spread(g, x, axis)])
def sum(x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
    """The sum over some axes, or over all.

    x: any shape -> the same without those axes.
    axis: one axis, a list of them, or all unless said; ``dim`` is another word for it.
    keepdims: whether the axes stay, with length 1.
    Source: NumPy reference, numpy.sum.
    Example: sum(x, axis=0); x = [[1, 2, 3], [4, 5, 6]]
    """
    return over(np.add, x, axis, keepdims)


@composite()
def mean(x: Node, axis: Axes = None, keepdims: bool = False) -> Node:
    """The arithmetic mean over some axes, or over all: every entry gets ``1 / n`` of the gradient.

    x: any shape -> the same without those axes.
    axis: one axis, a list of them, or all unless said; ``dim`` is another word for it.
    keepdims: whether the axes stay, with length 1.
    Source: NumPy reference, numpy.mean.
    Example: mean(x, axis=1); x = [[1, 2, 3], [4, 5, 9]]
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
    """The largest entry over some axes, or over all; entries that tie share the gradient evenly.

    x: any shape -> the same without those axes.
    axis: one axis, a list of them, or all unless said; ``dim`` is another word for it.
    keepdims: whether the axes stay, with length 1.
    Elsewhere: ``torch.amax``, TensorFlow and JAX share evenly too; ``torch.max`` with a dim gives all to one entry.
    Source: PyTorch reference, torch.amax.
    Example: max(x, axis=1); x = [[7, 7, 1], [2, 3, 5]]
    """
    return over(np.maximum, x, axis, keepdims)


@op(name="min", shape=reduced, gradients=[_min_rule], latex=r"\min({0})", aliases=["amin"])
def smallest(x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
    """The smallest entry over some axes, or over all; entries that tie share the gradient evenly.

    x: any shape -> the same without those axes.
    axis: one axis, a list of them, or all unless said; ``dim`` is another word for it.
    keepdims: whether the axes stay, with length 1.
    Elsewhere: ``torch.amin``, TensorFlow and JAX share evenly too; ``torch.min`` with a dim gives all to one entry.
    Source: PyTorch reference, torch.amin.
    Example: min(x, axis=1); x = [[7, 1, 1], [2, 3, 5]]
    """
    return over(np.minimum, x, axis, keepdims)


def sum_to(g: Node, shape: Shape) -> Node:
    """The sum of g over the axes along which an array of this shape was broadcast to g's shape."""
    if g.shape == shape:
        return g
    extra = len(g.shape) - len(shape)
    axes = [a for a in range(len(g.shape)) if a < extra or (shape[a - extra] == 1 and g.shape[a] != 1)]
    return reshape(summed(g, axes, keepdims=not extra), shape)
