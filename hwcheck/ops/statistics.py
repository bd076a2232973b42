"""Variance, norms and the soft maximum, over axes."""

from __future__ import annotations

import math

import numpy as np

from hwcheck.graph.node import OPERATORS, Array, Node, Shape
from hwcheck.graph.op import Misfit, composite, op
from hwcheck.graph.options import Axes
from hwcheck.ops.functions import abs, exp, sign
from hwcheck.ops.reductions import kept, largest, mean, over, reduced, spread, sum


def _centred(x: Node, axis: Axes, ddof: int) -> tuple[Node, int]:
    """What is left of x without its mean, and what the sum of squares is divided by."""
    centre = mean(x, axis=axis, keepdims=True)
    count = x.size // centre.size
    if not 0 <= ddof < count:
        raise Misfit(f"ddof must be from 0 to {count - 1}, below the {count} entries that {{x}} averages, not {ddof}")
    return x - centre, count - ddof


@composite()
def var(x: Node, axis: Axes = None, ddof: int = 0, keepdims: bool = False) -> Node:
    """The variance over some axes, or over all: the mean of ``(x - mean(x))**2``.

    x: any shape.
    axis: one axis or several; all unless some are named.
    ddof: what is taken from the number n of entries before the sum is divided by it; 1 gives the unbiased estimate.
    keepdims: whether the axes stay, with length 1.
    Elsewhere: NumPy divides by n, as here; PyTorch's default is ``correction=1``, which divides by n - 1.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 5.4.2.
    Example: var(x); x = [1, 2, 6]
    """
    apart, count = _centred(x, axis, ddof)
    return sum(apart**2, axis=axis, keepdims=keepdims) / count


@composite()
def std(x: Node, axis: Axes = None, ddof: int = 0, keepdims: bool = False) -> Node:
    """The standard deviation, the root of the variance; where that is 0 the gradient is taken as 0, as in PyTorch.

    x: any shape.
    axis: one axis or several; all unless some are named.
    ddof: what is taken from the number n of entries before the sum is divided by it; 1 gives the root of the unbiased
    estimate.
    keepdims: whether the axes stay, with length 1.
    Elsewhere: NumPy divides by n, as here; PyTorch's default is ``correction=1``, which divides by n - 1.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 3.8.
    Example: std(x); x = [1, 1, 4]
    """
    apart, count = _centred(x, axis, ddof)
    return norm(apart, axis=axis, keepdims=keepdims) / math.sqrt(count)  # sqrt(var(x)) has no derivative where it is 0


def _normed(x: Shape, ord: float, axis: Axes, keepdims: bool) -> Shape:
    if not ord >= 1:
        raise Misfit(f"ord of norm must be 1 or more, or inf, not {ord:g}; count_nonzero counts what is not 0")
    return reduced(x, axis, keepdims)


def _norm_rule(g: Node, y: Node, x: Node, ord: float, axis: Axes, keepdims: bool) -> Node:
    arriving = spread(g, x, axis)
    if ord == 1:
        return arriving * sign(x)
    if ord == math.inf:
        largest_one = OPERATORS["=="](abs(x), largest(abs(x), axis=axis, keepdims=True))
        return arriving * sign(x) * largest_one / sum(largest_one, axis=axis, keepdims=True)
    length = kept(y, x, axis)
    length = length + OPERATORS["=="](length, 0.0)  # of zeros: 0 / 1 is the gradient
    return arriving * (x / length if ord == 2 else sign(x) * (abs(x) / length) ** (ord - 1))


@op(shape=_normed, gradients=[_norm_rule], aliases=["vector_norm"])
def norm(x: Array, ord: float = 2.0, axis: Axes = None, keepdims: bool = False) -> Array:
    """The p-norm ``sum(abs(x)**p)**(1/p)`` over some axes, or over all; by default the length, ``sqrt(sum(x**2))``.

    The gradient of the norm of zeros is taken as 0, as in PyTorch; entries that tie for the largest share it evenly.

    x: any shape; a matrix without an axis named is taken as one vector, which gives its Frobenius norm.
    ord: p, from 1 on; ``inf`` takes the largest absolute value.
    axis: one axis or several; all unless some are named.
    keepdims: whether the axes stay, with length 1.
    Elsewhere: ``p`` in ``torch.norm``; of a matrix, NumPy's ``norm(A, 2)`` is the largest singular value.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 2.30.
    Example: norm(x); x = [3, 4]
    """
    if not axis:
        return np.abs(x)
    if ord == math.inf:
        return over(np.maximum, np.abs(x), axis, keepdims)
    if ord == 1:
        return over(np.add, np.abs(x), axis, keepdims)
    if ord == 2:
        return np.sqrt(over(np.add, x * x, axis, keepdims))
    powers: Array = over(np.add, np.abs(x) ** ord, axis, keepdims) ** (1 / ord)
    return powers


def _logsumexp_rule(g: Node, y: Node, x: Node, axis: Axes, keepdims: bool) -> Node:
    return spread(g, x, axis) * exp(x - kept(y, x, axis))


@op(shape=reduced, gradients=[_logsumexp_rule])
def logsumexp(x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
    """``log(sum(exp(x)))`` over some axes, or over all, without overflow; its derivative is softmax.

    x: any shape.
    axis: one axis or several; all unless some are named.
    keepdims: whether the axes stay, with length 1.
    Source: Blanchard, Higham, Higham, Accurately Computing the Log-Sum-Exp and Softmax Functions (2021), equation 1.1.
    Example: logsumexp(x); x = [0, 0, 1000]
    """
    if not axis:
        return x
    top = over(np.maximum, x, axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)  # inf - inf would be NaN
    result: Array = np.log(over(np.add, np.exp(x - top), axis, keepdims=True)) + top
    return result if keepdims else np.squeeze(result, axis=axis)
