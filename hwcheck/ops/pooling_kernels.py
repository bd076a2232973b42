"""Windows along any number of axes, one axis at a time, in NumPy: what pooling and resizing are made of.

The largest entry of a window is the largest of the largest of its rows, and so it is with sums: windows of k x k take
2 * k steps. Along one axis a tap is what all windows see at the same place inside them. For windows of 2 entries that
move on by 2, the taps are every second entry, from the first and from the second on::

    entries    a b c d e f        tap 0    a   c   e        largest  max(a, b)  max(c, d)  max(e, f)
                                  tap 1      b   d   f

Arrays have any number of axes in front of those that the windows slide along.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]
    Indices: TypeAlias = NDArray[np.intp]
    Lengths: TypeAlias = tuple[int, ...]
    Sides: TypeAlias = tuple[tuple[int, int], ...]

__all__ = [
    "Tap",
    "Taps",
    "adaptive",
    "along",
    "counts",
    "largest",
    "place_of_largest",
    "places",
    "put_at",
    "sliding",
    "table",
    "taken_at",
    "weighed",
    "weighed_back",
]


class Tap(NamedTuple):
    """What all windows along one axis see at one place inside them.

    ``seen`` is an index into the canvas. Where it names entries more than once, ``runs`` are the places at which
    another entry begins, and ``targets`` the index of each entry once.
    """

    seen: Any
    weight: Array | None = None
    targets: Any = None
    runs: Indices | None = None


class Taps(NamedTuple):
    """The windows along one axis, which is counted from the end; the canvas holds the entries and their padding."""

    axis: int
    length: int
    before: int
    canvas: int
    each: tuple[Tap, ...]
    counts: Array  # what a mean divides by, for every window
    starts: Array  # the entry that the first tap sees, for every window
    gap: int  # from the entry that a tap sees to that of the next tap


def places(length: int, taps: int, stride: int, sides: tuple[int, int], gap: int, ceil: bool) -> int:
    """How many windows there are along an axis; ``ceil`` adds one that begins before the end but reaches over it."""
    room = length + sides[0] + sides[1] - gap * (taps - 1) - 1
    if not ceil:
        return room // stride + 1
    count = -(-room // stride) + 1
    return count - 1 if (count - 1) * stride >= length + sides[0] else count


@lru_cache(maxsize=256)
def sliding(
    size: Lengths, kernel: Lengths, stride: Lengths, padding: Sides, dilation: Lengths, ceil: bool, padded: bool = True
) -> tuple[Taps, ...]:
    """Windows of one size at equal distances; ``padded`` says that a mean counts the padding too."""
    made = []
    for axis, length, taps, step, sides, gap in zip(
        range(-len(size), 0), size, kernel, stride, padding, dilation, strict=True
    ):
        count = places(length, taps, step, sides, gap, ceil)
        firsts = range(0, gap * taps, gap)
        each = tuple(Tap(along(axis, slice(first, first + (count - 1) * step + 1, step))) for first in firsts)
        starts = np.arange(count) * step - sides[0]
        low, high = (-sides[0], length + sides[1]) if padded else (0, length)
        counted = np.zeros(count)
        for first in firsts:
            counted += (starts + first >= low) & (starts + first < high)
        canvas = max(sides[0] + length, (count - 1) * step + firsts[-1] + 1)
        made.append(Taps(axis, length, sides[0], canvas, each, _laid(counted, axis), _laid(starts, axis), gap))
    return tuple(made)


@lru_cache(maxsize=256)
def adaptive(size: Lengths, output: Lengths) -> tuple[Taps, ...]:
    """Windows that part every axis as evenly as it goes.

    Window i of m over n entries begins at ``floor(i * n / m)`` and ends before ``ceil((i + 1) * n / m)``.
    """
    made = []
    for axis, length, count in zip(range(-len(size), 0), size, output, strict=True):
        numbers = np.arange(count)
        starts, stops = numbers * length // count, -(-(numbers + 1) * length // count)
        # A window that is shorter than others sees its last entry once more, with no weight.
        steps = np.arange((stops - starts).max())[:, np.newaxis]
        weights = np.asarray(steps < stops - starts, dtype=np.float64)
        taps = table(axis, length, np.minimum(starts + steps, stops - 1), weights)
        made.append(taps._replace(counts=_laid(stops - starts, axis)))
    return tuple(made)


def table(axis: int, length: int, seen: Indices, weights: Array) -> Taps:
    """Windows that see entries as a table says, (taps, windows): each row in ascending order, with its weights."""
    each = []
    for entries, weight in zip(seen, weights, strict=True):
        targets, runs = np.unique(entries, return_index=True)
        repeats = len(targets) < len(entries)
        each.append(
            Tap(
                along(axis, entries),
                None if (weight == 1).all() else _laid(weight, axis),
                along(axis, targets) if repeats else None,
                runs if repeats else None,
            )
        )
    ones = np.ones(seen.shape[1])
    return Taps(axis, length, 0, length, tuple(each), _laid(ones, axis), _laid(seen[0], axis), 1)


def along(axis: int, part: Any) -> Any:
    """The index of a part of one axis, counted from the end."""
    return (..., part, *[slice(None)] * (-axis - 1))


def _laid(numbers: Any, axis: int) -> Array:
    """Numbers along one axis, counted from the end."""
    laid: Array = np.asarray(numbers, dtype=np.float64).reshape(-1, *[1] * (-axis - 1))
    return laid


def counts(windows: Sequence[Taps]) -> Array:
    """How many entries each window counts."""
    counted = np.ones(1)
    for taps in windows:
        counted = counted * taps.counts
    return counted


def _on_canvas(x: Array, windows: Sequence[Taps], border: float) -> Array:
    """The array with its border, where there is one."""
    if all(taps.canvas == taps.length for taps in windows):
        return x
    canvas = np.full((*x.shape[: x.ndim - len(windows)], *(taps.canvas for taps in windows)), border)
    canvas[_inside(windows)] = x
    return canvas


def _inside(windows: Sequence[Taps]) -> Any:
    """The index of the entries on the canvas."""
    return (..., *(slice(taps.before, taps.before + taps.length) for taps in windows))


def largest(x: Array, windows: Sequence[Taps]) -> Array:
    """The largest entry of each window."""
    x = _on_canvas(x, windows, -np.inf)
    for taps in windows:
        x = _largest_along(x, taps)
    return x


def _largest_along(x: Array, taps: Taps) -> Array:
    first, *others = taps.each
    best: Array = x[first.seen]
    for number, tap in enumerate(others):
        best = np.maximum(best, x[tap.seen], out=best if number else None)
    return best


def place_of_largest(x: Array, windows: Sequence[Taps]) -> Array:
    """Where the largest entry of each window stands, the entries counted row by row; of several the first.

    For each axis, the number of the tap that has seen it is a small whole number: to choose between those by arithmetic
    is several times faster than ``np.where``, which has to guess at every entry what the mask will say.
    """
    x = _on_canvas(x, windows, -np.inf)
    found: list[Any] = []
    for taps in reversed(windows):  # of two that tie the earlier row counts, and inside it the earlier column
        kind = np.uint8 if len(taps.each) <= 256 else np.uint32
        first, *others = (tap.seen for tap in taps.each)
        best = x[first]
        numbers = [kind(0) if others else np.zeros(best.shape, kind), *(earlier[first] for earlier in found)]
        for number, seen in enumerate(others, 1):
            better = x[seen] > best
            best = np.maximum(best, x[seen])
            rivals = [kind(number), *(earlier[seen] for earlier in found)]
            numbers = [_either(better, new, old) for new, old in zip(rivals, numbers, strict=True)]
        x, found = best, numbers
    return _flat(found, windows)


def _either(condition: Any, yes: Any, no: Any) -> Any:
    """``np.where`` for whole numbers without a sign."""
    mask = np.negative(condition.astype(no.dtype))  # all bits, or none
    return no ^ ((no ^ yes) & mask)


def _flat(numbers: Sequence[Any], windows: Sequence[Taps]) -> Array:
    """The entries that the taps of these numbers see, one number for each axis, counted row by row."""
    flat: Any = 0.0
    width = 1
    for taps, number in zip(reversed(windows), reversed(numbers), strict=True):
        place = number * float(taps.gap * width)
        place += taps.starts * width
        if taps.canvas != taps.length:  # where all that a window sees is -inf, the first tap may see the border
            place = place.clip(0, (taps.length - 1) * width)
        flat = np.add(flat, place, out=place)
        width *= taps.length
    return cast("Array", flat)


def put_at(x: Array, places: Array, size: Lengths) -> Array:
    """Arrays of a size with numbers put in at places counted row by row; numbers that meet are added up."""
    if x.shape != places.shape:
        x, places = np.broadcast_arrays(x, places)
    rank = len(size)
    whole, fine = _whole(places, rank, math.prod(size))
    inner = 0 if x.flags.c_contiguous else _innermost(x, rank)
    if inner:
        # The order in memory stays as it is, for arrays of different orders are slow to work on together.
        x, whole, each = np.moveaxis(x, inner, -1), np.moveaxis(whole, inner, -1), x.shape[inner]
        filled = np.moveaxis(_filled(x, whole * each + np.arange(each), (*size, each)), -1, inner)
    else:
        filled = _filled(x, whole, size)
    return filled if fine is None else np.where(fine, filled, np.nan)


def _innermost(x: Array, rank: int) -> int:
    """The axis before the last ones that is nearest together in memory, where that is nearer than any of the last."""
    axis = min(range(x.ndim - rank), key=lambda axis: x.strides[axis] or x.nbytes)
    return axis if 0 < x.strides[axis] < min(x.strides[-rank:]) else 0


def _filled(x: Array, whole: Indices, size: Lengths) -> Array:
    lead, entries = x.shape[: -len(size)], math.prod(size)
    flat = _through_all(whole, lead, entries).reshape(-1)
    filled = np.asarray(np.bincount(flat, x.reshape(-1), math.prod(lead) * entries), np.float64)
    return filled.reshape(*lead, *size)


def taken_at(x: Array, places: Array, rank: int) -> Array:
    """The numbers at places in the last axes, counted row by row."""
    lead = np.broadcast_shapes(x.shape[:-rank], places.shape[:-rank])
    x = np.broadcast_to(x, (*lead, *x.shape[-rank:]))
    places = np.broadcast_to(places, (*lead, *places.shape[-rank:]))
    entries = math.prod(x.shape[-rank:])
    whole, fine = _whole(places, rank, entries)
    taken = x.reshape(-1).take(_through_all(whole, lead, entries))
    return taken if fine is None else np.where(fine, taken, np.nan)


def _whole(places: Array, rank: int, entries: int) -> tuple[Indices, Any]:
    """Places as whole numbers; and where some are none, which of the arrays are fine."""
    whole = places.astype(np.intp)
    if (whole == places).all() and whole.min() >= 0 and whole.max() < entries:
        return whole, None
    good = (places >= 0) & (places < entries) & (whole == places)
    return np.where(good, whole, 0), good.all(axis=tuple(range(-rank, 0)), keepdims=True)


def _through_all(whole: Indices, lead: Lengths, entries: int) -> Indices:
    """Places counted on through arrays of so many entries that stand one behind the other."""
    arrays = math.prod(lead)
    if arrays == 1:
        return whole
    firsts = np.arange(0, arrays * entries, entries)
    return whole + firsts.reshape(*lead, *[1] * (whole.ndim - len(lead)))


def weighed(x: Array, windows: Sequence[Taps]) -> Array:
    """The sum over each window, every entry with its tap's weight."""
    x = _on_canvas(x, windows, 0.0)
    for taps in windows:
        first, *others = taps.each
        total = x[first.seen] if first.weight is None else x[first.seen] * first.weight
        for number, tap in enumerate(others):
            part = x[tap.seen] if tap.weight is None else x[tap.seen] * tap.weight
            total = np.add(total, part, out=total if number else None)
        x = total
    return x


def _add_seen(canvas: Array, tap: Tap, part: Array, axis: int) -> None:
    """Add to the entries that a tap sees."""
    if tap.runs is None:
        canvas[tap.seen] += part
    else:
        canvas[tap.targets] += np.add.reduceat(part, tap.runs, axis=axis)


def weighed_back(g: Array, windows: Sequence[Taps]) -> Array:
    """The adjoint of ``weighed``: what arrives at a window goes to every entry that it sees, times the weight."""
    for taps in reversed(windows):
        lengths = list(g.shape)
        lengths[taps.axis] = taps.canvas
        canvas = np.zeros(lengths)
        for tap in taps.each:
            _add_seen(canvas, tap, g if tap.weight is None else g * tap.weight, taps.axis)
        g = canvas[along(taps.axis, slice(taps.before, taps.before + taps.length))]
    return g
