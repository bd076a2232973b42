"""Running sums and products along an axis, and the product over axes."""

from __future__ import annotations

import numpy as np

from hwcheck.graph.node import Array, Constant, Node, Shape
from hwcheck.graph.op import Misfit, op
from hwcheck.graph.options import Axes, Axis, product, spell_shape
from hwcheck.ops.arrays import part, reshape
from hwcheck.ops.assembly import pad
from hwcheck.ops.axes import flip
from hwcheck.ops.reductions import over, reduced, spread

STEP = 1_000  # what a step of a loop costs, in multiplications


def _delayed(x: Node, axis: Axis, start: float) -> Node:
    """Each entry one place later; the last one falls out, ``start`` comes in."""
    kept = part(x, (*[slice(None)] * (len(x.shape) + axis), slice(x.shape[axis] - 1))) if x.shape[axis] > 1 else None
    if kept is None:
        return Constant(np.full(x.shape, start))
    return pad(kept, [*[0, 0] * (-axis - 1), 1, 0], value=start)


def _from_behind(a: Node, g: Node, axis: Axis) -> Node:
    """G with ``G[t] = g[t] + a[t+1] * G[t+1]``: the recurrence that runs back through a recurrence."""
    back = linear_recurrence(_delayed(flip(a, axis=axis), axis, 0.0), flip(g, axis=axis), axis=axis)
    return flip(back, axis=axis)


def _recurrent(a: Shape, b: Shape, axis: Axis) -> Shape:
    if a != b:
        raise Misfit(f"{{a}} and {{b}} must have one shape, but are {spell_shape(a)} and {spell_shape(b)}")
    return a


def _recurrence_in_a(g: Node, y: Node, a: Node, b: Node, axis: Axis) -> Node:
    return _from_behind(a, g, axis) * _delayed(y, axis, 0.0)


def _recurrence_in_b(g: Node, y: Node, a: Node, b: Node, axis: Axis) -> Node:
    return _from_behind(a, g, axis)


def _step_by_step(result: Shape, a: Shape, b: Shape, axis: Axis) -> int:
    return STEP * a[axis] + product(result)


@op(shape=_recurrent, gradients=[_recurrence_in_a, _recurrence_in_b], cost=_step_by_step, internal=True)
def linear_recurrence(a: Array, b: Array, axis: Axis = -1) -> Array:
    """``h[t] = a[t] * h[t-1] + b[t]`` along an axis, with 0 before the first: momentum, returns, linear state spaces.

    a: the factors, any shape.
    b: what is added at each step, the same shape.
    axis: the axis of the steps.
    Source: Martin, Cundy, Parallelizing Linear Recurrent Neural Nets Over Sequence Length (2018), section 2.
    Example: linear_recurrence(a, b); a = [0.5, 0.5, 0.5]; b = [4, 2, 1]
    """
    a, b = np.broadcast_arrays(np.moveaxis(a, axis, 0), np.moveaxis(b, axis, 0))
    y = b.copy()
    for t in range(1, len(y)):
        y[t] += a[t] * y[t - 1]
    return np.moveaxis(y, 0, axis)


def _run(x: Shape, axis: Axis | None) -> Shape:
    return (product(x),) if axis is None else x


def _accumulated(ufunc: np.ufunc, x: Array, axis: Axis | None) -> Array:
    """The ufunc run along an axis, or along all entries row by row."""
    running: Array = ufunc.accumulate(x.reshape(len(x), -1) if axis is None else x, axis=-1 if axis is None else axis)
    return running


def _cumsum_rule(g: Node, y: Node, x: Node, axis: Axis | None) -> Node:
    along = -1 if axis is None else axis
    return reshape(flip(cumsum(flip(g, axis=along), axis=along), axis=along), x.shape)


@op(shape=_run, gradients=[_cumsum_rule])
def cumsum(x: Array, axis: Axis | None = None) -> Array:
    """The running sum along an axis: entry t is the sum of the entries up to t.

    x: any shape.
    axis: the axis to run along; unless one is named, the entries are put in a single axis first, row by row.
    Elsewhere: PyTorch has no default for the axis.
    Source: Blelloch, Prefix Sums and Their Applications (1990).
    Example: cumsum(x); x = [1, 2, 3, 4]
    """
    return _accumulated(np.add, x, axis)


def _cumprod_rule(g: Node, y: Node, x: Node, axis: Axis | None) -> Node:
    """The product of those before an entry, times what comes back from those behind: no division, so no zero hurts."""
    along = -1 if axis is None else axis
    return reshape(_delayed(y, along, 1.0) * _from_behind(reshape(x, y.shape), g, along), x.shape)


@op(shape=_run, gradients=[_cumprod_rule])
def cumprod(x: Array, axis: Axis | None = None) -> Array:
    """The running product along an axis: entry t is the product of the entries up to t.

    x: any shape.
    axis: the axis to run along; unless one is named, the entries are put in a single axis first, row by row.
    Elsewhere: PyTorch has no default for the axis.
    Source: Ho, Jain, Abbeel, Denoising Diffusion Probabilistic Models (2020), section 2, as the products of the alphas.
    Example: cumprod(x); x = [1, 2, 3, 4]
    """
    return _accumulated(np.multiply, x, axis)


def _others(x: Node, axis: Axes) -> Node:
    """For each entry the product of all others: those before it, those behind it, and what the other axes hold."""
    first, *rest = axis
    before = _delayed(cumprod(x, axis=first), first, 1.0)
    behind = flip(_delayed(cumprod(flip(x, axis=first), axis=first), first, 1.0), axis=first)
    if not rest:
        return before * behind
    return before * behind * _others(prod(x, axis=first, keepdims=True), tuple(rest))


def _prod_rule(g: Node, y: Node, x: Node, axis: Axes, keepdims: bool) -> Node:
    return spread(g, x, axis) * _others(x, axis) if axis else g


@op(shape=reduced, gradients=[_prod_rule])
def prod(x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
    """The product over some axes, or over all; the derivative in an entry is the product of all others.

    x: any shape.
    axis: one axis or several; all unless some are named.
    keepdims: whether the axes stay, with length 1.
    Source: Griewank, Walther, Evaluating Derivatives (2008), on Speelpenning's example.
    Example: prod(x); x = [2, 3, 4]
    """
    return over(np.multiply, x, axis, keepdims)
