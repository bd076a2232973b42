"""Error carried forward: every quantity from the reference and from what stands on the sheet before it, in one walk.

Each step is worked on three tracks at once, for all sheets together:

- from the reference, with the rounding of the answers that are on the sheet;
- from the answers that are right, each of them possibly rounded; what is wrong or left out follows from what is before;
- from all of the student's own answers: what follows from them is carried.

An entry is right if it agrees with the first or the second. Answers that would make later work trivial are not used on
the third: infinite and absurdly large ones, and arrays that are all zero or all one number where the reference is not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple, cast

import numpy as np

from hwcheck.grading.bound import Spread, spread
from hwcheck.grading.compare import Interval, allowed, exactly, inside, last_place
from hwcheck.grading.result import Mask
from hwcheck.grading.steps import Expression, Steps
from hwcheck.graph.node import Array, Node, Quantity
from hwcheck.problem.model import Problem, Tolerance
from hwcheck.reference import Reference

__all__ = ["Marks", "Walk", "Walked"]

NEARLY = 5e-3  # of the size of the right numbers: an answer so near to 0, or to one number, is as good as that
ABSURD = 1e6  # times the size of the right numbers: everything drowns in such an answer
SOME_MORE = 1.05  # the bound of where a number lay is one of first order


class Marks(NamedTuple):
    """The entries of one quantity on all sheets, ``(S, *shape)`` each.

    ``own`` is where the value lies that follows from the student's own earlier answers, and ``right`` that from the
    right ones; ``reference`` that of the reference, all with what is allowed around them. ``used`` are the entries that
    later steps were worked with. ``review`` are those that are accepted for want of a bound.
    """

    yours: Array
    right: Mask
    carried: Mask
    used: Mask
    review: Mask
    reference: Interval
    from_right: Interval
    own: Interval

    @property
    def wrong(self) -> Mask:
        """The entries that were answered and are neither right nor carried."""
        return ~np.isnan(self.yours) & ~self.right & ~self.carried


class Walked(NamedTuple):
    """Sheets that were gone through: the marks of what is answered, and all values on the three tracks."""

    sheets: int
    marks: Mapping[Quantity, Marks]
    values: Mapping[Quantity, Interval]

    def own(self, sheet: int) -> dict[Quantity, Interval]:
        """Where every quantity lies for one sheet by the student's own answers, ``(1, *shape)`` each."""
        return self._on_track(2 * self.sheets + sheet)

    def from_right(self, sheet: int) -> dict[Quantity, Interval]:
        """The same by the student's right answers."""
        return self._on_track(self.sheets + sheet)

    def _on_track(self, row: int) -> dict[Quantity, Interval]:
        return {
            quantity: Interval(*(array if len(array) == 1 else array[row : row + 1] for array in interval))
            for quantity, interval in self.values.items()
        }


class Walk:
    """The steps of a problem, ready to be gone with any sheets."""

    def __init__(self, problem: Problem, reference: Reference) -> None:
        self.problem = problem
        named = problem.all_quantities()
        self.reference: dict[Quantity, Array] = {
            named[name]: value[np.newaxis] for name, value in reference.values.items()
        }
        layouts = {other: _value(other, self.reference) for q in problem.questions for other in q.accept}
        self.reference |= layouts
        others = [quantity for name, quantity in named.items() if name not in problem.quantities]
        others += layouts
        self.made = Steps(list(problem.quantities.values()), others, self.reference)
        self.steps = self.made.in_order
        self.by_quantity = {step.quantity: step for step in self.steps}
        asked = {q.quantity: q.tolerance for q in problem.questions if q.answer == "number"}
        asked.update((other, q.tolerance) for q in problem.questions for other in q.accept)
        self._tolerances = {quantity: asked.get(quantity, problem.tolerance) for quantity in self.reference}
        self._exact = {quantity: exactly(value) for quantity, value in self.reference.items() if quantity.body is None}

    def tolerance(self, quantity: Quantity) -> Tolerance:
        """How near an answer for a quantity must come."""
        return self._tolerances[quantity]

    def unit(self, quantity: Quantity) -> Callable[[Array], Array]:
        """How far one number of a quantity may be off by its own rounding: a function of numbers."""
        return partial(last_place, tolerance=self._tolerances[quantity])

    @np.errstate(all="ignore")  # students' numbers may be as large as they like
    def mark(self, answers: Mapping[Quantity, Array]) -> Walked:
        """Mark sheets: ``answers`` has those of each quantity, ``(S, *shape)``, NaN where there is none."""
        sheets = len(next(iter(answers.values()))) if answers else 1
        values: dict[Quantity, Interval] = dict(self._exact)
        marks = {
            quantity: self._marked(quantity, yours, self._stated(quantity, sheets))
            for quantity, yours in answers.items()
            if quantity.body is None
        }
        for step in self.steps:
            quantity = step.quantity
            before = _on_tracks(spread(step, values, self.unit(quantity)), sheets)
            yours = answers.get(quantity)
            if yours is not None:
                marks[quantity] = self._marked(quantity, yours, self.allowed(quantity, before))
            values[quantity] = self._after(quantity, marks.get(quantity), before)
        return Walked(sheets, marks, values)

    def _stated(self, quantity: Quantity, sheets: int) -> Interval:
        """What is accepted where an input or a weight is answered."""
        found = self.allowed(quantity, self._exact[quantity])
        return Interval(*(_each_track(array, sheets) for array in found))

    def allowed(self, quantity: Quantity, found: Interval) -> Interval:
        """What is accepted around a quantity's value where it may lie in an interval before it is rounded itself."""
        return allowed(found, self._tolerances[quantity])

    def _marked(self, quantity: Quantity, yours: Array, found: Interval) -> Marks:
        sheets = len(yours)
        reference, from_right, own = (
            Interval(*(array[track * sheets : (track + 1) * sheets] for array in found)) for track in range(3)
        )
        expected = np.broadcast_to(self.reference[quantity], yours.shape)
        reference = reference._replace(at=expected)
        right = inside(yours, reference) | inside(yours, from_right)
        follows = inside(yours, own) & np.isfinite(own.at)
        trivial = self._trivial(yours, right, expected)
        used = np.isfinite(yours) & ~trivial
        follows &= ~trivial | np.all(follows | right | np.isnan(yours), axis=tuple(range(1, yours.ndim)), keepdims=True)
        open_ = np.isinf(from_right.below) | np.isinf(from_right.above) | np.isinf(own.below) | np.isinf(own.above)
        plain = last_place(np.abs(expected), self._tolerances[quantity])
        review = (right | follows) & open_ & ~inside(yours, Interval(expected, plain, plain))
        return Marks(yours, right, follows & ~right, used, review, reference, from_right, own)

    def _trivial(self, yours: Array, right: Mask, expected: Array) -> Mask:
        """The entries that would make later work trivial: later steps are not worked with them.

        Such an answer is carried itself only if all of it follows from what is before.
        """
        axes = tuple(range(1, yours.ndim))
        answered = ~np.isnan(yours)
        whole = np.where(answered, yours, expected)
        size = np.max(np.abs(expected), axis=axes, initial=0.0, where=np.isfinite(expected), keepdims=True)
        little = NEARLY * size
        top, bottom = np.max(whole, axis=axes, keepdims=True), np.min(whole, axis=axes, keepdims=True)
        zero = (np.maximum(top, -bottom) <= little) & (size > 0)
        varies = np.ptp(np.where(np.isfinite(expected), expected, 0.0), axis=axes, keepdims=True) > 0
        # A sign that is lost can make two entries equal; then one of them is right.
        constant = (top - bottom <= little) & varies & ~np.any(right, axis=axes, keepdims=True)
        in_full = (zero | constant) & ~np.all(right | ~answered, axis=axes, keepdims=True)
        result: Mask = in_full | (np.abs(yours) > ABSURD * (1.0 + size))
        return result

    def _after(self, quantity: Quantity, marks: Marks | None, before: Interval) -> Interval:
        """Where a quantity lies in what the student goes on with: ``before`` is where it lay before it was rounded.

        What is not on the sheet was rounded all the same, unless there was nothing to round. What is, is gone on with
        as it was written, or as it was before that: not farther than a unit of its last place, and not outside of where
        it lay, as long as it agrees with that.
        """
        at, below, above = before
        sheets = len(at) // 3
        expected = np.broadcast_to(self.reference[quantity], (sheets, *quantity.shape))
        at = np.concatenate([expected, at[sheets:]])
        unit = last_place(at, self._tolerances[quantity])
        settled = (below == 0) & (above == 0) & (at == 0)
        unwritten = Interval(at, below + np.where(settled, 0.0, unit), above + np.where(settled, 0.0, unit))
        if marks is None:
            return unwritten
        answered = np.isfinite(marks.yours)
        taken = np.concatenate([answered & np.isfinite(expected), marks.right & answered, marks.used])
        numbers = np.where(taken, np.concatenate([expected, marks.yours, marks.yours]), at)
        unit = last_place(numbers, self._tolerances[quantity])
        agrees = inside(numbers, self.allowed(quantity, Interval(at, below, above)))
        with np.errstate(invalid="ignore"):  # infinite widths
            down = np.where(agrees, np.clip(numbers - (at - SOME_MORE * below), 0.0, unit), unit)
            up = np.where(agrees, np.clip(at + SOME_MORE * above - numbers, 0.0, unit), unit)
        settled = settled & (numbers == at)
        down[:sheets] = up[:sheets] = np.where(settled, 0.0, unit)[:sheets]
        return Interval(numbers, np.where(taken, down, unwritten.below), np.where(taken, up, unwritten.above))


def _value(quantity: Quantity, reference: Mapping[Quantity, Array]) -> Array:
    """The right value of what a question accepts beside its own, ``(1, *shape)``."""
    body = cast("Node", quantity.body)  # it is an expression
    return np.asarray(Expression(body, {}, reference).run(reference))


def _on_tracks(found: Spread, sheets: int) -> Interval:
    """Where a step's value lies on each track; past a pole of the student's own numbers anything would follow."""
    whole, closed = (Interval(*(_each_track(array, sheets) for array in each)) for each in (found.whole, found.closed))
    own = slice(2 * sheets, None)
    for ends, bounded in zip(whole[1:], closed[1:], strict=True):
        ends[own] = bounded[own]
    return whole


def _each_track(array: Array, sheets: int) -> Array:
    """An array with a row for every sheet on every track."""
    return array if len(array) == 3 * sheets else np.repeat(array, 3 * sheets, axis=0)
