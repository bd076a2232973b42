"""Circular and hyperbolic functions and their inverses. NumPy's names; PyTorch's are aliases.

Sine, cosine and tanh are in hwcheck/ops/functions.py.
"""

from __future__ import annotations

import numpy as np

from hwcheck.graph.node import Array, Node
from hwcheck.ops.elementwise import elementwise
from hwcheck.ops.functions import sqrt


@elementwise("x", gradients=[lambda g, y, x: g * (1 + y**2)], latex=r"\tan({0})")
def tan(x: Array) -> Array:
    """The tangent: the sine divided by the cosine; its derivative is 1 plus its square.

    x: any shape, in radians.
    Source: Olver et al. (eds.), NIST Handbook of Mathematical Functions (2010), section 4.20.
    Example: tan(x); x = [0, 1]
    """
    return np.tan(x)


@elementwise("x", gradients=[lambda g, y, x: g / sqrt(1 - x**2)], latex=r"\arcsin({0})", aliases=["asin"])
def arcsin(x: Array) -> Array:
    """The angle whose sine is x; its derivative is ``1 / sqrt(1 - x**2)``.

    x: any shape, from -1 to 1 -> radians from -pi/2 to pi/2.
    Source: Olver et al. (eds.), NIST Handbook of Mathematical Functions (2010), section 4.24(ii).
    Example: arcsin(x); x = [0, 0.5, 0.6]
    """
    return np.arcsin(x)


@elementwise("x", gradients=[lambda g, y, x: -g / sqrt(1 - x**2)], latex=r"\arccos({0})", aliases=["acos"])
def arccos(x: Array) -> Array:
    """The angle whose cosine is x; its derivative is ``-1 / sqrt(1 - x**2)``.

    x: any shape, from -1 to 1 -> radians from 0 to pi.
    Source: Olver et al. (eds.), NIST Handbook of Mathematical Functions (2010), section 4.24(ii).
    Example: arccos(x); x = [0, 0.5, 0.6]
    """
    return np.arccos(x)


@elementwise("x", gradients=[lambda g, y, x: g / (1 + x**2)], latex=r"\arctan({0})", aliases=["atan"])
def arctan(x: Array) -> Array:
    """The angle whose tangent is x; its derivative is ``1 / (1 + x**2)``.

    x: any shape -> radians from -pi/2 to pi/2.
    Source: Olver et al. (eds.), NIST Handbook of Mathematical Functions (2010), section 4.24(ii).
    Example: arctan(x); x = [0, 1, -2]
    """
    return np.arctan(x)


def _sinh_rule(g: Node, y: Node, x: Node) -> Node:
    return g * cosh(x)


@elementwise("x", gradients=[_sinh_rule], latex=r"\sinh({0})")
def sinh(x: Array) -> Array:
    """The hyperbolic sine, ``(exp(x) - exp(-x)) / 2``; its derivative is ``cosh(x)``.

    x: any shape.
    Source: Olver et al. (eds.), NIST Handbook of Mathematical Functions (2010), section 4.34.
    Example: sinh(x); x = [0, 1]
    """
    return np.sinh(x)


@elementwise("x", gradients=[lambda g, y, x: g * sinh(x)], latex=r"\cosh({0})")
def cosh(x: Array) -> Array:
    """The hyperbolic cosine, ``(exp(x) + exp(-x)) / 2``; its derivative is ``sinh(x)``.

    x: any shape.
    Source: Olver et al. (eds.), NIST Handbook of Mathematical Functions (2010), section 4.34.
    Example: cosh(x); x = [0, 1]
    """
    return np.cosh(x)


@elementwise("x", gradients=[lambda g, y, x: g / sqrt(x**2 + 1)], aliases=["asinh"])
def arcsinh(x: Array) -> Array:
    """The inverse of the hyperbolic sine, ``log(x + sqrt(x**2 + 1))``; its derivative is ``1 / sqrt(x**2 + 1)``.

    x: any shape.
    Source: Olver et al. (eds.), NIST Handbook of Mathematical Functions (2010), section 4.38(ii).
    Example: arcsinh(x); x = [0, 0.75, -0.75]
    """
    return np.arcsinh(x)


@elementwise("x", gradients=[lambda g, y, x: g / sqrt(x**2 - 1)], aliases=["acosh"])
def arccosh(x: Array) -> Array:
    """The inverse of the hyperbolic cosine, ``log(x + sqrt(x**2 - 1))``; its derivative is ``1 / sqrt(x**2 - 1)``.

    x: any shape, from 1 on -> from 0 on.
    Source: Olver et al. (eds.), NIST Handbook of Mathematical Functions (2010), section 4.38(ii).
    Example: arccosh(x); x = [1.25, 2]
    """
    return np.arccosh(x)


@elementwise("x", gradients=[lambda g, y, x: g / (1 - x**2)], aliases=["atanh"])
def arctanh(x: Array) -> Array:
    """The inverse of tanh, ``log((1 + x) / (1 - x)) / 2``; its derivative is ``1 / (1 - x**2)``.

    x: any shape, between -1 and 1.
    Source: Olver et al. (eds.), NIST Handbook of Mathematical Functions (2010), section 4.38(ii).
    Example: arctanh(x); x = [0, 0.6, -0.6]
    """
    return np.arctanh(x)
