"""Elementary functions, entry by entry, and what stops a gradient."""

from __future__ import annotations

import math

import numpy as np

from hwcheck.graph.node import Array, Node
from hwcheck.graph.op import composite
from hwcheck.ops.elementwise import elementwise

LN_2 = math.log(2.0)
LN_10 = math.log(10.0)
SLOPE_OF_ERF = 2 / math.sqrt(math.pi)  # at 0


@elementwise("x", gradients=[lambda g, y, x: g * y], latex="e^{{{0}}}")
def exp(x: Array) -> Array:
    """The exponential function, ``e ** x``.

    x: any shape -> the same.
    Source: Olver et al. (eds.), NIST Handbook of Mathematical Functions (2010), sections 4.2 and 4.7 (its derivative).
    Example: exp(x); x = [0, 1, log(3)]
    """
    return np.exp(x)


@elementwise("x", gradients=[lambda g, y, x: g / x], latex=r"\ln({0})", aliases=["ln"])
def log(x: Array) -> Array:
    """The natural logarithm; ``log2`` and ``log10`` are those to other bases.

    x: any shape, positive -> the same.
    Elsewhere: ``log`` is the natural one in NumPy and PyTorch too; on a calculator, and in some books, it is that to
    base 10.
    Source: Olver et al. (eds.), NIST Handbook of Mathematical Functions (2010), sections 4.2 and 4.7 (its derivative).
    Example: log(x); x = [1, exp(2), 0.5]
    """
    return np.log(x)


@elementwise("x", gradients=[lambda g, y, x: g / (x * LN_2)], latex=r"\log_2({0})")
def log2(x: Array) -> Array:
    """The logarithm to base 2, ``log(x) / log(2)``, as information measured in bits needs it.

    x: any shape, positive -> the same.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 3.13, for bits and nats.
    Example: log2(x); x = [1, 8, 0.25]
    """
    return np.log2(x)


@elementwise("x", gradients=[lambda g, y, x: g / (x * LN_10)], latex=r"\log_{{10}}({0})")
def log10(x: Array) -> Array:
    """The logarithm to base 10, ``log(x) / log(10)``.

    x: any shape, positive -> the same.
    Source: Olver et al. (eds.), NIST Handbook of Mathematical Functions (2010), section 4.2.
    Example: log10(x); x = [1, 1000, 0.01]
    """
    return np.log10(x)


@elementwise("x", gradients=[lambda g, y, x: g / (1 + x)], latex=r"\ln(1 + {0})")
def log1p(x: Array) -> Array:
    """The natural logarithm of ``1 + x``, exact for a small x too.

    x: any shape, above -1.
    Source: Olver et al. (eds.), NIST Handbook of Mathematical Functions (2010), section 4.7.
    Example: log1p(x); x = [0, 1, -0.5]
    """
    return np.log1p(x)


@elementwise("x", gradients=[lambda g, y, x: g * (y + 1)])
def expm1(x: Array) -> Array:
    """The exponential function less 1, ``exp(x) - 1``, exact for a small x too.

    x: any shape.
    Source: Olver et al. (eds.), NIST Handbook of Mathematical Functions (2010), section 4.7.
    Example: expm1(x); x = [0, 1, -1]
    """
    return np.expm1(x)


@composite(latex=r"{0}^{{2}}")
def square(x: Node) -> Node:
    """Each entry times itself, ``x**2``.

    x: any shape.
    Source: Harris et al., Array programming with NumPy, Nature 585 (2020).
    Example: square(x); x = [-2, 0.5, 3]
    """
    return x**2


@elementwise("x", gradients=[lambda g, y, x: g / (2 * y)], latex=r"\sqrt{{{0}}}")
def sqrt(x: Array) -> Array:
    """The square root.

    Its derivative at 0 is infinite: that is why an epsilon is often added below a root.

    x: any shape, not negative -> the same.
    Source: Olver et al. (eds.), NIST Handbook of Mathematical Functions (2010), sections 4.2 and 4.7 (its derivative).
    Example: sqrt(x); x = [9, 4, 0.25]
    """
    return np.sqrt(x)


def rooted(square: Node, eps: float, eps_place: str) -> Node:
    """A root to divide by: ``sqrt(square + eps)``, or with eps outside ``sqrt(square) + eps``."""
    return sqrt(square + eps) if eps_place == "inside" else sqrt(square) + eps


@composite(latex=r"\frac{{1}}{{{0}}}")
def reciprocal(x: Node) -> Node:
    """One divided by each entry, ``1 / x``.

    x: any shape, not 0.
    Source: Harris et al., Array programming with NumPy, Nature 585 (2020).
    Example: reciprocal(x); x = [-2, 0.5, 4]
    """
    return 1 / x


@elementwise("x", gradients=[None], latex=r"\operatorname{{sign}}({0})")
def sign(x: Array) -> Array:
    """-1, 0 or 1 by the sign of each entry; its derivative is 0.

    x: any shape -> the same.
    Elsewhere: the sign of 0 is 0 in the libraries too; a perceptron often counts it as 1: write ``2 * (x >= 0) - 1``.
    Source: NumPy reference, numpy.sign.
    Example: sign(x); x = [-2, 0, 3]
    """
    return np.sign(x)


@elementwise("x", gradients=[lambda g, y, x: g * sign(x)], latex=r"\left|{0}\right|")
def abs(x: Array) -> Array:
    """The absolute value; its derivative at 0 is taken as 0.

    x: any shape -> the same.
    Elsewhere: the derivative at 0 is 0 in PyTorch and TensorFlow, 1 in JAX.
    Source: NumPy reference, numpy.absolute.
    Example: abs(x); x = [-2, 0, 3]
    """
    return np.abs(x)


def _sin_rule(g: Node, y: Node, x: Node) -> Node:
    return g * cos(x)


@elementwise("x", gradients=[_sin_rule], latex=r"\sin({0})")
def sin(x: Array) -> Array:
    """The sine.

    x: any shape, in radians -> the same.
    Source: Olver et al. (eds.), NIST Handbook of Mathematical Functions (2010), sections 4.14 and 4.20 (derivative).
    Example: sin(x); x = [0, 3.141592653589793 / 6, 3.141592653589793 / 2]
    """
    return np.sin(x)


@elementwise("x", gradients=[lambda g, y, x: -g * sin(x)], latex=r"\cos({0})")
def cos(x: Array) -> Array:
    """The cosine.

    x: any shape, in radians -> the same.
    Source: Olver et al. (eds.), NIST Handbook of Mathematical Functions (2010), sections 4.14 and 4.20 (derivative).
    Example: cos(x); x = [0, 3.141592653589793 / 3, 3.141592653589793 / 2]
    """
    return np.cos(x)


@elementwise("x", gradients=[lambda g, y, x: g * (1 - y**2)], latex=r"\tanh({0})")
def tanh(x: Array) -> Array:
    """The hyperbolic tangent, ``(exp(x) - exp(-x)) / (exp(x) + exp(-x))``.

    x: any shape -> the same.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.3.2.
    Example: tanh(x); x = [0, log(2), -log(2)]
    """
    return np.tanh(x)


_ERF = np.frompyfunc(math.erf, 1, 1)  # NumPy has none of its own


@elementwise("x", gradients=[lambda g, y, x: g * SLOPE_OF_ERF * exp(-(x**2))])
def erf(x: Array) -> Array:
    """The error function, ``2 / sqrt(pi)`` times the integral of ``exp(-t**2)`` from 0 to x.

    The chance that a normal number is below x is ``(1 + erf(x / sqrt(2))) / 2``.

    x: any shape -> the same.
    Source: Olver et al. (eds.), NIST Handbook of Mathematical Functions (2010), equation 7.2.1.
    Example: erf(x); x = [0, 1, -1]
    """
    return np.asarray(_ERF(x), dtype=np.float64)


@elementwise("x", gradients=[None], aliases=["stop_gradient"])
def detach(x: Array) -> Array:
    """x itself, through which no gradient flows back: what stands in it counts as fixed.

    x: any shape.
    Elsewhere: ``x.detach()`` in PyTorch, ``stop_gradient`` in JAX and TensorFlow; papers write sg[x].
    Source: van den Oord, Vinyals, Kavukcuoglu, Neural Discrete Representation Learning (2017), section 3.2.
    Example: detach(x); x = [2, -3]
    """
    return x
