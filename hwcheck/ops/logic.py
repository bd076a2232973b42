"""Truth values as the numbers 0 and 1, and the step functions. Their derivative is 0 wherever it exists."""

from __future__ import annotations

import numpy as np

from hwcheck.graph.node import OPERATORS, Array, Node
from hwcheck.graph.op import composite
from hwcheck.graph.options import Axes
from hwcheck.ops.bounds import require_between
from hwcheck.ops.elementwise import elementwise
from hwcheck.ops.reductions import largest, smallest, sum


def _as_numbers(truth: np.typing.NDArray[np.bool_]) -> Array:
    return np.asarray(truth, dtype=np.float64)


@elementwise("x", gradients=[None])
def isnan(x: Array) -> Array:
    """1 where an entry is not a number (NaN), else 0.

    x: any shape.
    Source: IEEE 754-2019, Standard for Floating-Point Arithmetic, section 5.7.2 (isNaN).
    Example: isnan(x); x = [0, 1]
    """
    return _as_numbers(np.isnan(x))


@elementwise("x", gradients=[None])
def isinf(x: Array) -> Array:
    """1 where an entry is infinite, of either sign, else 0.

    x: any shape.
    Source: IEEE 754-2019, Standard for Floating-Point Arithmetic, section 5.7.2 (isInfinite).
    Example: isinf(x); x = [0, 1]
    """
    return _as_numbers(np.isinf(x))


@elementwise("a", "b", gradients=[None, None])
def logical_and(a: Array, b: Array) -> Array:
    """1 where neither a nor b is 0, else 0.

    a, b: shapes that broadcast.
    Source: Harris et al., Array programming with NumPy, Nature 585 (2020).
    Example: logical_and(a, b); a = [0, 0, 1, 1]; b = [0, 1, 0, 1]
    """
    return _as_numbers(np.logical_and(a, b))


@elementwise("a", "b", gradients=[None, None])
def logical_or(a: Array, b: Array) -> Array:
    """1 where a or b, or both, are not 0, else 0.

    a, b: shapes that broadcast.
    Source: Harris et al., Array programming with NumPy, Nature 585 (2020).
    Example: logical_or(a, b); a = [0, 0, 1, 1]; b = [0, 1, 0, 1]
    """
    return _as_numbers(np.logical_or(a, b))


@elementwise("a", "b", gradients=[None, None])
def logical_xor(a: Array, b: Array) -> Array:
    """1 where one of a and b is 0 and the other is not, else 0: the function that no single perceptron computes.

    a, b: shapes that broadcast.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.1.
    Example: logical_xor(a, b); a = [0, 0, 1, 1]; b = [0, 1, 0, 1]
    """
    return _as_numbers(np.logical_xor(a, b))


@elementwise("x", gradients=[None])
def logical_not(x: Array) -> Array:
    """1 where an entry is 0, else 0; also written ``not x``.

    x: any shape.
    Source: Harris et al., Array programming with NumPy, Nature 585 (2020).
    Example: logical_not(x); x = [0, 1, -2]
    """
    return _as_numbers(np.logical_not(x))


@composite()
def any(x: Node, axis: Axes = None, keepdims: bool = False) -> Node:
    """1 where some entry along the axes is not 0, else 0.

    x: any shape.
    axis: one axis or several; all unless some are named.
    keepdims: whether the axes stay, with length 1.
    Source: Harris et al., Array programming with NumPy, Nature 585 (2020).
    Example: any(x, axis=1); x = [[0, 2], [0, 0]]
    """
    return largest(OPERATORS["!="](x, 0.0), axis=axis, keepdims=keepdims)


@composite()
def all(x: Node, axis: Axes = None, keepdims: bool = False) -> Node:
    """1 where no entry along the axes is 0, else 0.

    x: any shape.
    axis: one axis or several; all unless some are named.
    keepdims: whether the axes stay, with length 1.
    Source: Harris et al., Array programming with NumPy, Nature 585 (2020).
    Example: all(x, axis=1); x = [[0, 2], [1, 3]]
    """
    return smallest(OPERATORS["!="](x, 0.0), axis=axis, keepdims=keepdims)


@composite()
def count_nonzero(x: Node, axis: Axes = None, keepdims: bool = False) -> Node:
    """How many entries along the axes are not 0.

    x: any shape.
    axis: one axis or several; all unless some are named.
    keepdims: whether the axes stay, with length 1.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 2.5, on the "L0 norm".
    Example: count_nonzero(x, axis=1); x = [[0, 2], [1, 3]]
    """
    return sum(OPERATORS["!="](x, 0.0), axis=axis, keepdims=keepdims)


def _heaviside_in_values(g: Node, y: Node, x: Node, values: Node) -> Node:
    return g * OPERATORS["=="](x, 0.0)


@elementwise("x", "values", gradients=[None, _heaviside_in_values])
def heaviside(x: Array, values: Array) -> Array:
    """0 where x is negative, 1 where it is positive, and ``values`` where it is 0; its derivative in x is 0.

    x: any shape.
    values: what stands at 0, a shape that broadcasts with x.
    Elsewhere: NumPy and PyTorch leave the value at 0 to the caller too; see ``step`` for one with a default.
    Source: Olver et al. (eds.), NIST Handbook of Mathematical Functions (2010), section 1.16(iv).
    Example: heaviside(x, 0.5); x = [-1, 0, 2]
    """
    return np.heaviside(x, values)


@composite()
def step(x: Node, at_zero: float = 0.0) -> Node:
    """The step function of the perceptron: 0 where x is negative, 1 where it is positive; its derivative is 0.

    x: any shape.
    at_zero: the value at 0, from 0 to 1.
    Elsewhere: courses differ about the value at 0: 0 (fires above the threshold only), 1 (fires at the threshold),
    and 1/2 in signal processing.
    Source: Nielsen, Neural Networks and Deep Learning (2015), chapter 1, equation 1.
    Example: step(x, at_zero=1); x = [-1, 0, 2]
    """
    require_between(0, 1, at_zero=at_zero)
    return heaviside(x, at_zero)
