"""The one comparison: how far an answer may be from where it should be, and whether it is within that.

``|s - t| <= max(abs, rel * |t|, B)``, closed. B is what rounding can do to an entry: its own, by the digits to which
answers are worked, and that of the steps before it (hwcheck/grading/bound.py), each way on its own.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hwcheck.grading.result import Mask
from hwcheck.graph.node import Array
from hwcheck.problem.model import Tolerance

__all__ = ["Interval", "allowed", "exactly", "inside", "last_place"]

# A closed bound must stay closed in binary: 0.381 - 0.380 is a little more than 0.001.
SLACK = 1e-9
# Four units in the last place of a float64: what writing and subtracting decimal numbers can do.
FLOAT_NOISE = 2.0**-50
# What float64 arithmetic may leave of an entry that is exactly 0, in proportion to the largest entry beside it.
CANCELLATION = 1e-13


class Interval(NamedTuple):
    """Where numbers may lie, three arrays of one shape: from ``at - below`` to ``at + above``.

    An infinite width says that there is no bound on that side.
    """

    at: Array
    below: Array
    above: Array


def exactly(numbers: Array) -> Interval:
    """Numbers that are known."""
    return Interval(numbers, np.zeros_like(numbers), np.zeros_like(numbers))


def last_place(numbers: Array, tolerance: Tolerance) -> Array:
    """How far off rounding to the asked digits can leave each number; 0 where no digits are asked.

    One unit of the last digit, for students cut off as well as round; half of one where they are told to round.
    Infinite numbers have no last place: 0.
    """
    unit = np.zeros(numbers.shape)
    if tolerance.decimals is not None:
        unit = np.maximum(unit, 10.0**-tolerance.decimals)
    if tolerance.sigfigs is not None:
        size = np.abs(np.where(np.isfinite(numbers), numbers, 0.0))
        exponent = np.floor(np.log10(size, where=size > 0, out=np.zeros(size.shape)))
        unit = np.maximum(unit, np.where(size > 0, 10.0 ** (exponent - tolerance.sigfigs + 1), 0.0))
    return unit / 2 if tolerance.rounding == "nearest" else unit


def allowed(found: Interval, tolerance: Tolerance) -> Interval:
    """What is accepted around values, ``(S, *shape)``: what came before, their own rounding, the stated tolerance.

    The own rounding is that of the largest number that the value may be: 9.99 may have been written 10.0.
    """
    at, below, above = found
    size = np.abs(np.where(np.isfinite(at), at, 0.0))
    widest = np.maximum(np.where(np.isfinite(below), below, 0.0), np.where(np.isfinite(above), above, 0.0))
    own = last_place(size + widest, tolerance)
    noise = CANCELLATION * np.max(size, axis=tuple(range(1, at.ndim)), initial=0.0, keepdims=True)
    stated = np.maximum(np.maximum(tolerance.abs or 0.0, (tolerance.rel or 0.0) * size), noise)
    return Interval(at, np.maximum(below + own, stated), np.maximum(above + own, stated))


def inside(yours: Array, around: Interval) -> Mask:
    """Which entries lie in an interval, ends included. All have one shape, nothing is broadcast; NaN never passes.

    An infinite width accepts everything finite on its side. An infinite or undefined ``at`` is met by the same
    infinity, or by anything finite where the width says that there is a pole nearby.
    """
    at, below, above = around
    if not yours.shape == at.shape == below.shape == above.shape:
        raise ValueError(f"shapes differ: {yours.shape}, {at.shape}, {below.shape}, {above.shape}")
    with np.errstate(invalid="ignore", over="ignore"):
        noise = FLOAT_NOISE * np.maximum(np.abs(yours), np.abs(at))
        difference = yours - at
        near = (difference <= above * (1 + SLACK) + noise) & (-difference <= below * (1 + SLACK) + noise)
    near &= np.isfinite(yours) & np.isfinite(at)
    open_ = ~np.isfinite(at) & (np.isinf(below) | np.isinf(above)) & np.isfinite(yours)
    result: Mask = near | open_ | (np.isinf(at) & (yours == at))
    return result
