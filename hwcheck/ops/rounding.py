"""Rounding, limits and remainders. A rounded number's derivative is 0 wherever it exists."""

from __future__ import annotations

import numpy as np

from hwcheck.graph.node import Array, Node
from hwcheck.graph.op import Misfit, composite, op
from hwcheck.ops.arithmetic import where
from hwcheck.ops.elementwise import elementwise
from hwcheck.ops.shapes import same

MOST_DECIMALS = 15  # float64 has no more


@elementwise("x", gradients=[None])
def floor(x: Array) -> Array:
    """The largest whole number that is not above x; its derivative is 0.

    x: any shape.
    Source: Graham, Knuth, Patashnik, Concrete Mathematics (1994), section 3.1.
    Example: floor(x); x = [1.5, -1.5, 2]
    """
    return np.floor(x)


@elementwise("x", gradients=[None])
def ceil(x: Array) -> Array:
    """The smallest whole number that is not below x; its derivative is 0.

    x: any shape.
    Source: Graham, Knuth, Patashnik, Concrete Mathematics (1994), section 3.1.
    Example: ceil(x); x = [1.5, -1.5, 2]
    """
    return np.ceil(x)


@elementwise("x", gradients=[None], aliases=["fix"])
def trunc(x: Array) -> Array:
    """x without its fraction, the whole number next to it on the way to 0; its derivative is 0.

    x: any shape.
    Source: IEEE 754-2019, Standard for Floating-Point Arithmetic, section 5.9 (roundToIntegralTowardZero).
    Example: trunc(x); x = [1.5, -1.5, 2]
    """
    return np.trunc(x)


def _rounded(x: tuple[int, ...], decimals: int) -> tuple[int, ...]:
    if not -MOST_DECIMALS <= decimals <= MOST_DECIMALS:
        raise Misfit(f"decimals of round must be from -{MOST_DECIMALS} to {MOST_DECIMALS}, not {decimals}")
    return same(x)


@op(shape=_rounded, gradients=[None])
def round(x: Array, decimals: int = 0) -> Array:
    """The nearest number with so many decimals; from the middle it goes to the even digit. Its derivative is 0.

    x: any shape.
    decimals: digits behind the decimal point; -1 rounds to tens.
    Elsewhere: NumPy, PyTorch and Python take the even digit too (2.5 becomes 2); schools round 2.5 up to 3, which is
    ``floor(x + 0.5)`` for positive numbers.
    Source: IEEE 754-2019, Standard for Floating-Point Arithmetic, section 4.3.1 (roundTiesToEven).
    Example: round(x); x = [0.5, 1.5, -1.2]
    """
    return np.round(x, decimals)


def _remainder_in_b(g: Node, y: Node, a: Node, b: Node) -> Node:
    return -g * floor(a / b)


@elementwise("a", "b", gradients=[lambda g, y, a, b: g, _remainder_in_b], aliases=["mod"])
def remainder(a: Array, b: Array) -> Array:
    """What is left of a when b is taken away a whole number of times: ``a - b * floor(a / b)``, with the sign of b.

    Its derivative is 1 in a and ``-floor(a / b)`` in b.

    a, b: shapes that broadcast.
    Elsewhere: NumPy, PyTorch and Python's ``%`` agree; in C, and in ``fmod``, the result has the sign of a.
    Source: Graham, Knuth, Patashnik, Concrete Mathematics (1994), equation 3.21.
    Example: remainder(a, 3); a = [7, -7, 1.5]
    """
    return np.remainder(a, b)


@composite(aliases=["clamp"])
def clip(x: Node, min: Node | None = None, max: Node | None = None) -> Node:
    """x kept between two limits: ``min`` where it is below, ``max`` where it is above.

    The gradient goes to x where it lies between the limits or on one, else to the limit that stands in its place.

    x: any shape.
    min, max: the limits, shapes that broadcast with x; one of the two may be left out. Where min is above max, max
    counts.
    Elsewhere: PyTorch and JAX pass the gradient through on a limit; ``minimum`` and ``maximum`` halve it there.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 10.11.1, for gradients that are clipped.
    Example: clip(x, -1, 1); x = [-2, 0.5, 3]
    """
    if min is None and max is None:
        raise Misfit("clip needs a limit: min, max or both")
    if min is not None:
        x = where(x < min, min, x)
    return x if max is None else where(x > max, max, x)
