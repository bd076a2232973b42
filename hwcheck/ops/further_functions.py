"""Further functions, entry by entry: those exact near 0, short names of powers, and what stops a gradient."""

from __future__ import annotations

import numpy as np

from hwcheck.graph.node import Array, Node
from hwcheck.graph.op import composite
from hwcheck.ops.elementwise import elementwise


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


@composite(latex=r"\frac{{1}}{{{0}}}")
def reciprocal(x: Node) -> Node:
    """One divided by each entry, ``1 / x``.

    x: any shape, not 0.
    Source: Harris et al., Array programming with NumPy, Nature 585 (2020).
    Example: reciprocal(x); x = [-2, 0.5, 4]
    """
    return 1 / x


@elementwise("x", gradients=[None], aliases=["stop_gradient"])
def detach(x: Array) -> Array:
    """x itself, through which no gradient flows back: what stands in it counts as fixed.

    x: any shape.
    Elsewhere: ``x.detach()`` in PyTorch, ``stop_gradient`` in JAX and TensorFlow; papers write sg[x].
    Source: van den Oord, Vinyals, Kavukcuoglu, Neural Discrete Representation Learning (2017), section 3.2.
    Example: detach(x); x = [2, -3]
    """
    return x
