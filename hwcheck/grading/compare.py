"""The one comparison: how far an answer may be from the reference, and whether it is within that.

``|s - t| <= max(abs, rel * |t|, B)``, closed. B is what rounding can do to an entry: one unit in the last place to
which answers are worked, because students cut off as well as round. (What the rounding of earlier steps does to it
has its place here too: the ``bound`` argument.)
"""

from __future__ import annotations

import numpy as np

from hwcheck.grading.result import Mask
from hwcheck.graph.node import Array
from hwcheck.problem.model import Tolerance

__all__ = ["allowed_difference", "last_place", "within"]

# A closed bound must stay closed in binary: 0.381 - 0.380 is a little more than 0.001.
SLACK = 1e-9
# Four units in the last place of a float64: what writing and subtracting decimal numbers can do.
FLOAT_NOISE = 2.0**-50
# What float64 arithmetic may leave of an entry that is exactly 0, in proportion to the largest entry beside it.
CANCELLATION = 1e-13


def last_place(reference: Array, tolerance: Tolerance) -> Array:
    """How far off rounding to the asked digits can leave each entry; 0 where no digits are asked.

    One unit of the last digit, for students cut off as well as round; half of one where they are told to round.

    Infinite entries have no last place: 0.
    """
    unit = np.zeros(reference.shape)
    if tolerance.decimals is not None:
        unit = np.maximum(unit, 10.0**-tolerance.decimals)
    if tolerance.sigfigs is not None:
        size = np.abs(np.where(np.isfinite(reference), reference, 0.0))
        exponent = np.floor(np.log10(size, where=size > 0, out=np.zeros(size.shape)))
        unit = np.maximum(unit, np.where(size > 0, 10.0 ** (exponent - tolerance.sigfigs + 1), 0.0))
    return unit / 2 if tolerance.rounding == "nearest" else unit


def allowed_difference(reference: Array, tolerance: Tolerance, bound: Array | None = None) -> Array:
    """The largest difference from each entry of the reference that is accepted; ``bound`` is B where it is known."""
    finite = np.abs(np.where(np.isfinite(reference), reference, 0.0))
    allowed = np.maximum(last_place(reference, tolerance), CANCELLATION * np.max(finite, initial=0.0))
    if bound is not None:
        allowed = np.maximum(allowed, bound)
    stated: Array = np.maximum(tolerance.abs or 0.0, (tolerance.rel or 0.0) * finite)
    widest: Array = np.maximum(allowed, stated)
    return widest


def inside(yours: Array, at: Array, below: Array, above: Array) -> Mask:
    """Which entries lie from ``at - below`` to ``at + above``. All have one shape; NaN never passes.

    An infinite width accepts everything finite on its side. An infinite or undefined ``at`` is met by the same
    infinity, or by anything finite where the width says that there is a pole nearby.
    """
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


def within(answer: Array, reference: Array, allowed: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Which entries are accepted. All three have one shape; nothing is broadcast, and NaN never passes.

    An infinite entry of the reference is met by the same infinity only.
    """
    if not answer.shape == reference.shape == allowed.shape:
        raise ValueError(f"shapes differ: {answer.shape}, {reference.shape}, {allowed.shape}")
    with np.errstate(invalid="ignore", over="ignore"):
        noise = FLOAT_NOISE * np.maximum(np.abs(answer), np.abs(reference))
        near = np.abs(answer - reference) <= allowed * (1 + SLACK) + noise
    both_finite = np.isfinite(answer) & np.isfinite(reference)
    result: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = np.where(both_finite, near, answer == reference)
    return result
