"""The rounding bound: what rounding can do to a step, from the intervals in which its parents may lie.

A student rounds, or cuts off, what stands before them and computes on with either the rounded or the full number. So a
parent may be anything within one unit of its last place around what was written, and the step is worked again with each
entry of each parent moved to both ends of its interval: by its full width and not by a derivative, so that a ReLU near
0, a maximum that changes its place or a saturated sigmoid are seen as they are. The moves add up. What several of them
do together beyond that (a product of two rounded factors, two that together cross a kink) is tried with all moved at
once in eight patterns of signs: twice what these reach beyond the sum is added, and at least half of what the sum does
not explain of them.

This is interval propagation by differences, entry by entry: Higham, Accuracy and Stability of Numerical Algorithms
(2nd ed. 2002), section 1.5, with the forward error of each step bounded as a sum over its inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np

from hwcheck.grading.compare import Interval
from hwcheck.grading.result import Mask
from hwcheck.grading.steps import Expression, Step
from hwcheck.graph.node import Array, Quantity

__all__ = ["Intervals", "Spread", "spread"]

PATTERNS = 8
MOST_MOVES = 1_024  # entries of the parents that are moved one by one; more are moved together, at random
RANDOM_PATTERNS = 64
AT_ONCE = 2_000_000  # numbers that one evaluation of an inner value may hold
POLE = 1e3  # times the size of a quantity: a wider interval comes from a pole nearby
WIDEST = 1e6  # times the size of a number: as good as unbounded
# Ops that have a pole or an edge at 0: a number rounded to 0 may be on either side of it.
EDGED = frozenset({"divide", "log", "log2", "log10", "log1p", "sqrt", "rsqrt", "power", "reciprocal", "logit", "xlogy"})


Intervals: TypeAlias = Mapping[Quantity, Interval]
Numbers: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.int_]]
Unit: TypeAlias = Callable[[Array], Array]


class Spread(NamedTuple):
    """Where the value of a step may lie before it is rounded itself, ``(S, *shape)`` each.

    ``below`` and ``above`` are what is bounded; open ends say that there is a pole within the parents' intervals.
    """

    at: Array
    below: Array
    above: Array
    open_below: Mask
    open_above: Mask

    @property
    def closed(self) -> Interval:
        """The interval without what comes from a pole."""
        return Interval(self.at, self.below, self.above)

    @property
    def whole(self) -> Interval:
        """The interval, infinite where it has an open end."""
        below, above = np.where(self.open_below, np.inf, self.below), np.where(self.open_above, np.inf, self.above)
        return Interval(self.at, below, above)


def spread(step: Step, values: Intervals, unit: Unit) -> Spread:
    """Where the value of a step may lie before it is rounded itself.

    ``values`` has the step's parents; a width of 0 is for what is exact. ``unit`` gives one unit of the last place of
    numbers.
    """
    sheets = max((len(values[leaf].at) for leaf in step.parents), default=1)
    width = _numbers_held(step)
    together = max(1, AT_ONCE // max(1, width))
    parts = []
    for begin in range(0, sheets, together):
        some = {leaf: _sheets(values[leaf], begin, begin + together) for leaf in step.parents}
        parts.append(_spread(step, some, unit, min(together, sheets - begin)))
    found = parts[0] if len(parts) == 1 else Spread(*map(np.concatenate, zip(*parts, strict=True)))
    reference = step.reference[step.quantity]
    pole = POLE * (1.0 + np.max(np.abs(reference), initial=0.0, where=np.isfinite(reference)))
    beyond = np.isfinite(found.at) & (np.abs(found.at) > pole)
    return found._replace(
        open_below=found.open_below | beyond | (found.below > pole),
        open_above=found.open_above | beyond | (found.above > pole),
    )


def _sheets(interval: Interval, begin: int, end: int) -> Interval:
    return Interval(*(array if len(array) == 1 else array[begin:end] for array in interval))


def _numbers_held(step: Step) -> int:
    """How many numbers the largest inner value of one sheet has while its moves are tried."""
    entries = sum(leaf.size for leaf in step.parents if leaf.body is not None)
    rows = 2 * min(entries, MOST_MOVES) + PATTERNS
    return rows * max([call.size for call in step.expression.calls] + [leaf.size for leaf in step.parents] + [1])


def _recentred(interval: Interval, reference: Array) -> Interval:
    """The same interval around another number in it, nearer to the reference.

    What was rounded to a pole (a probability written 0.00 whose logarithm comes next) was not there before.
    """
    at, below, above = interval
    with np.errstate(invalid="ignore"):
        shift = np.clip(reference - at, -below / 2, above / 2)
    shift = np.where(np.isfinite(shift), shift, 0.0)
    return Interval(at + shift, below + shift, above - shift)


class _Moved(NamedTuple):
    """A slot whose value is moved: how far up and down, ``(S, *shape)``."""

    slot: int
    up: Array
    down: Array

    @property
    def entries(self) -> Numbers:
        """The entries that move on any sheet, of the flattened array."""
        moves = (self.up > 0) | (self.down > 0)
        return np.flatnonzero(moves.reshape(len(moves), -1).any(axis=0))


def _spread(step: Step, values: Intervals, unit: Unit, sheets: int) -> Spread:
    expression = step.expression
    at = {leaf: values[leaf].at for leaf in step.parents}
    slots = expression.run_all(at)
    base = np.broadcast_to(expression.result(slots), (sheets, *expression.shape))
    if not np.isfinite(base).all():
        values = {leaf: _recentred(values[leaf], step.reference[leaf]) for leaf in step.parents}
        at = {leaf: values[leaf].at for leaf in step.parents}
        slots = expression.run_all(at)
        base = np.broadcast_to(expression.result(slots), (sheets, *expression.shape))
    leaves = {expression.slot_of(leaf): leaf for leaf in step.parents}
    moved = []
    for slot, leaf in leaves.items():
        _, below, above = values[leaf]
        if above.any() or below.any():
            most = WIDEST * (1.0 + np.abs(values[leaf].at))
            moved.append(_Moved(slot, np.minimum(above, most), np.minimum(below, most)))
    before, last = step.rounded
    inner = [_Moved(slot, places, places) for slot in before if (places := unit(slots[slot])).any()]
    found = _moves(expression, at, base, [*moved, *inner], leaves, sheets)
    ends = [_Moved(slot, places, places) for slot in last if (places := unit(slots[slot])).any()]
    if ends:
        # The rounding at the end of the step is its own: whoever is asked for the sum of two rounded terms has rounded
        # twice, and otherwise not once more.
        end, own = _moves(expression, at, base, ends, {}, sheets), unit(base)
        below, above = (width + np.maximum(more - own, 0) for width, more in zip(found[1:3], end[1:3], strict=True))
        found = found._replace(below=below, above=above)
    return found


def _moves(
    expression: Expression,
    at: Mapping[Quantity, Array],
    base: Array,
    moved: Sequence[_Moved],
    leaves: Mapping[int, Quantity],
    sheets: int,
) -> Spread:
    """How far above and below the base all moves together can bring the value."""
    entries = [each.entries for each in moved]
    count = sum(map(len, entries))
    if not count:
        return _sum(np.zeros((sheets, len(_pattern_signs(0)), *expression.shape)), _pattern_signs(0), base)
    if count > MOST_MOVES:
        rows, signs = _random_rows(moved, at, leaves)
        return _together(_values(expression, at, rows, leaves, sheets, len(signs)), base)
    signs = _pattern_signs(count)
    rows, begin = {}, 0
    total = 2 * count + len(signs)
    for each, own in zip(moved, entries, strict=True):
        rows[each.slot] = _rows(each, own, begin, count, signs[:, begin : begin + len(own)], total)
        begin += len(own)
    found = _values(expression, at, rows, leaves, sheets, total)
    change = _change(found, base)
    if not np.isfinite(change).all() or (leaves and _crosses_an_edge(expression, at, moved, leaves)):
        clipped = _values(expression, at, _clipped(rows, at, leaves), leaves, sheets, total)
        change = _with_edges(found, clipped, base)
    return _sum(change, signs, base)


def _rows(each: _Moved, own: Numbers, begin: int, count: int, signs: Array, total: int) -> Array:
    """The moves of a slot in every row, ``(S, rows, *shape)``: one entry up, one entry down, then the patterns."""
    shape = each.up.shape
    up, down = each.up.reshape(shape[0], -1), each.down.reshape(shape[0], -1)
    rows = np.zeros((shape[0], total, up.shape[1]))
    numbers = np.arange(len(own))
    rows[:, begin + numbers, own] = up[:, own]
    rows[:, count + begin + numbers, own] = -down[:, own]
    rows[:, 2 * count :, own] = np.where(signs > 0, up[:, None, own], -down[:, None, own])
    return rows.reshape(shape[0], total, *shape[1:])


@lru_cache(maxsize=256)
def _pattern_signs(count: int) -> Array:
    """Signs for all entries at once: all up, all down, and fixed mixtures."""
    generator = np.random.Generator(np.random.PCG64(count))
    mixed = np.where(generator.random((PATTERNS - 2, count)) < 0.5, -1.0, 1.0)
    return np.concatenate([np.ones((1, count)), -np.ones((1, count)), mixed])


def _values(
    expression: Expression,
    at: Mapping[Quantity, Array],
    rows: Mapping[int, Array],
    leaves: Mapping[int, Quantity],
    sheets: int,
    total: int,
) -> Array:
    """The value in every row, ``(S, rows, *shape)``."""
    numbers, inner = {}, {}
    for leaf, array in at.items():
        numbers[leaf] = array if len(array) == 1 else np.repeat(array, total, axis=0)
    for slot, moves in rows.items():
        if slot in leaves:
            with np.errstate(invalid="ignore"):  # infinities
                values = at[leaves[slot]][:, None] + moves
            numbers[leaves[slot]] = _flat(values, sheets, total)
        else:
            inner[slot] = _flat(moves, sheets, total)
    result = expression.run(numbers, inner)
    return np.broadcast_to(result, (sheets * total, *expression.shape)).reshape(sheets, total, *expression.shape)


def _flat(rows: Array, sheets: int, total: int) -> Array:
    """Rows of sheets one after the other."""
    whole = np.broadcast_to(rows, (sheets, *rows.shape[1:]))
    return whole.reshape(sheets * total, *rows.shape[2:])


def _change(found: Array, base: Array) -> Array:
    """How far each row is from the base; equal infinities do not differ."""
    whole = base[:, None]
    with np.errstate(invalid="ignore"):
        return np.where(found == whole, 0.0, found - whole)


def _sum(change: Array, signs: Array, base: Array) -> Spread:
    """What single moves add up to; and twice what patterns of them reach beyond that, or half of what is left open."""
    count = signs.shape[1]
    finite = np.where(np.isfinite(change), change, 0.0)
    up, down, patterns = finite[:, :count], finite[:, count : 2 * count], finite[:, 2 * count :]
    above = np.maximum(np.maximum(up, down), 0).sum(axis=1)
    below = np.maximum(np.maximum(-up, -down), 0).sum(axis=1)
    plus = np.where(signs > 0, 1.0, 0.0)
    straight = np.einsum("pc,sc...->sp...", plus, up) + np.einsum("pc,sc...->sp...", 1 - plus, down)
    rest = np.abs(patterns - straight).max(axis=1) / 2
    more_above = np.maximum(2 * (patterns.max(axis=1) - above), rest)
    more_below = np.maximum(-2 * (patterns.min(axis=1) + below), rest)
    return Spread(base, below + more_below, above + more_above, *_open_ends(change[:, : 2 * count]))


def _open_ends(change: Array) -> tuple[Mask, Mask]:
    """Whether some move leads to infinity, below and above; what has no value may be anywhere."""
    nowhere = np.isnan(change)
    below: Mask = (nowhere | (change == -np.inf)).any(axis=1)
    above: Mask = (nowhere | (change == np.inf)).any(axis=1)
    return below, above


def _clipped(
    rows: Mapping[int, Array], at: Mapping[Quantity, Array], leaves: Mapping[int, Quantity]
) -> dict[int, Array]:
    """The same moves, none of which goes past 0: what was rounded to 0 has the sign that it had."""
    result = {}
    for slot, moves in rows.items():
        if slot in leaves:
            here = at[leaves[slot]][:, None]
            with np.errstate(invalid="ignore"):  # infinities
                crosses = (here != 0) & (np.sign(here + moves) != np.sign(here))
            result[slot] = np.where(crosses, -here, moves)
        else:
            result[slot] = moves
    return result


def _crosses_an_edge(
    expression: Expression, at: Mapping[Quantity, Array], moved: Sequence[_Moved], leaves: Mapping[int, Quantity]
) -> bool:
    """Whether some number may be on the other side of 0, where the step has an op with a pole or an edge there."""
    if not any(call.op.name in EDGED for call in expression.calls):
        return False
    return any(
        bool(np.any((each.up >= here) & (each.down >= -here) & ((each.up > 0) | (each.down > 0))))
        for each in moved
        if each.slot in leaves
        for here in [at[leaves[each.slot]]]
    )


def _with_edges(found: Array, clipped: Array, base: Array) -> Array:
    """The changes, where a value at the edge stands for one beyond it that there is not."""
    change, at_edge = _change(found, base), _change(clipped, base)
    with np.errstate(invalid="ignore"):
        further = np.abs(at_edge) > np.abs(change)
    return np.where(np.isnan(change) | further, at_edge, change)


def _random_rows(
    moved: Sequence[_Moved], at: Mapping[Quantity, Array], leaves: Mapping[int, Quantity]
) -> tuple[dict[int, Array], Array]:
    """Moves of all entries at once, for steps with too many to move one by one.

    All up, all down, all towards 0 and away from it (as cutting off does), and random signs.
    """
    rows = {}
    for number, each in enumerate(moved):
        shape = each.up.shape[1:]
        generator = np.random.Generator(np.random.PCG64(number))
        mixed = np.where(generator.random((RANDOM_PATTERNS, *shape)) < 0.5, -1.0, 1.0)
        here = np.sign(at[leaves[each.slot]]) if each.slot in leaves else np.ones_like(each.up)
        away = np.where(here < 0, -1.0, 1.0)[:, None]
        ones = np.ones((1, 1, *shape))
        signs = np.concatenate(
            [
                np.broadcast_to(part, (len(away), part.shape[1], *shape))
                for part in (ones, -ones, away, -away, mixed[None])
            ],
            axis=1,
        )
        rows[each.slot] = np.where(signs > 0, each.up[:, None], -each.down[:, None])
    return rows, np.ones((4 + RANDOM_PATTERNS, 1))


def _together(found: Array, base: Array) -> Spread:
    """A bound from moves of all entries at once.

    With random signs the sum of many independent roundings stays far within 1.5 times the most that is seen in so many
    trials; what has one direction is seen as it is.
    """
    change = _change(found, base)
    size = np.abs(np.where(np.isfinite(change), change, 0.0))
    width = size[:, :4].max(axis=1) + 1.5 * size[:, 4:].max(axis=1)
    return Spread(base, width, width, *_open_ends(change))
