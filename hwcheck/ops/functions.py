"""The elementary functions, entry by entry."""

from __future__ import annotations

import math

import numpy as np

from hwcheck.graph.node import Array, Node
from hwcheck.ops.elementwise import elementwise

LN_2 = math.log(2.0)
LN_10 = math.log(10.0)
SLOPE_OF_ERF = 2 / math.sqrt(math.pi)  # at 0


@elementwise("x", gradients=[lambda g, y, x: g * y], latex="e^{{{0}}}")
def exp(x: Array) -> Array:
    """The exponential function, ``e ** x``.

    x: any shape.
    """
    return np.exp(x)


@elementwise("x", gradients=[lambda g, y, x: g / x], latex=r"\ln({0})", aliases=["ln"])
def log(x: Array) -> Array:
    """The natural logarithm; see ``log2`` and ``log10`` for other bases.

    x: any shape, positive.
    """
    return np.log(x)


@elementwise("x", gradients=[lambda g, y, x: g / (x * LN_2)], latex=r"\log_2({0})")
def log2(x: Array) -> Array:
    """The logarithm to base 2, as information measured in bits needs it.

    x: any shape, positive.
    """
    return np.log2(x)


@elementwise("x", gradients=[lambda g, y, x: g / (x * LN_10)], latex=r"\log_{{10}}({0})")
def log10(x: Array) -> Array:
    """The logarithm to base 10.

    x: any shape, positive.
    """
    return np.log10(x)


@elementwise("x", gradients=[lambda g, y, x: g / (2 * y)], latex=r"\sqrt{{{0}}}")
def sqrt(x: Array) -> Array:
    """The square root.

    x: any shape, not negative.
    """
    return np.sqrt(x)


@elementwise("x", gradients=[None], latex=r"\operatorname{{sign}}({0})")
def sign(x: Array) -> Array:
    """-1, 0 or 1 by the sign of each entry; its derivative is 0.

    x: any shape.
    """
    return np.sign(x)


@elementwise("x", gradients=[lambda g, y, x: g * sign(x)], latex=r"\left|{0}\right|")
def abs(x: Array) -> Array:
    """The absolute value; its derivative at 0 is taken as 0, as in PyTorch.

    x: any shape.
    """
    return np.abs(x)


def _sin_rule(g: Node, y: Node, x: Node) -> Node:
    return g * cos(x)


@elementwise("x", gradients=[_sin_rule], latex=r"\sin({0})")
def sin(x: Array) -> Array:
    """The sine.

    x: any shape, in radians.
    """
    return np.sin(x)


@elementwise("x", gradients=[lambda g, y, x: -g * sin(x)], latex=r"\cos({0})")
def cos(x: Array) -> Array:
    """The cosine.

    x: any shape, in radians.
    """
    return np.cos(x)


@elementwise("x", gradients=[lambda g, y, x: g * (1 - y**2)], latex=r"\tanh({0})")
def tanh(x: Array) -> Array:
    """The hyperbolic tangent.

    x: any shape. Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.3.2.
    """
    return np.tanh(x)


_ERF = np.frompyfunc(math.erf, 1, 1)  # NumPy has none of its own


@elementwise("x", gradients=[lambda g, y, x: g * SLOPE_OF_ERF * exp(-(x**2))])
def erf(x: Array) -> Array:
    """The error function, ``2 / sqrt(pi)`` times the integral of ``exp(-t**2)`` from 0 to x.

    The chance that a normal number is below x is ``(1 + erf(x / sqrt(2))) / 2``.

    x: any shape -> the same.
    Source: Olver et al. (eds.), NIST Digital Library of Mathematical Functions, equation 7.2.1.
    Example: erf(x); x = [0, 1, -1]
    """
    return np.asarray(_ERF(x), dtype=np.float64)
