"""What marking finds on one sheet: the marks of its answers, what went wrong, and what follows from what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hwcheck.grading.carry import Marks, Walked
from hwcheck.grading.compare import Interval, inside
from hwcheck.grading.diagnose import Diagnosis, Reading, Wrong
from hwcheck.grading.misread import misread_entries
from hwcheck.grading.result import Cause, Mask
from hwcheck.grading.sheet import Sheet
from hwcheck.grading.targets import Placed, Target
from hwcheck.graph.node import Array, Quantity

if TYPE_CHECKING:
    from hwcheck.grading.grade import Grader

__all__ = ["NO_DIAGNOSIS", "Findings", "Found"]

MOST_READINGS = 12  # of one wrong answer that are tried on the others
MOST_DIAGNOSED = 8  # a sheet with more errors of its own has no single causes
NO_DIAGNOSIS = Diagnosis()


class Found(NamedTuple):
    """What is known of one quantity on the sheet."""

    marks: Marks
    diagnosis: Diagnosis = NO_DIAGNOSIS
    explained: bool = False

    @property
    def is_open(self) -> bool:
        """Whether something is wrong that has not been explained yet."""
        return not self.explained and bool(self.marks.wrong.any())


class Findings:
    """The answers of one sheet, marked and looked into."""

    @np.errstate(all="ignore")  # students' numbers may be as large as they like
    def __init__(self, grader: Grader, sheet: Sheet, placed: Placed, walked: Walked, number: int) -> None:
        self.grader = grader
        self.sheet = sheet
        self.answers, self.targets, _ = placed
        self._implied: dict[Quantity, Array] = {}
        self._walked, self._number = walked, number
        self._choose_layouts(placed.layouts)
        self.found = {quantity: Found(self._marks_of(quantity)) for quantity in self.answers}
        self._set_aside_misread()
        self._diagnose()

    def _set_aside_misread(self) -> None:
        """Leave to a person what was probably misread when the sheet was scanned; later steps go on without it."""
        found: dict[Quantity, tuple[Mask, str]] = {}
        for quantity, (marks, *_) in self.found.items():
            read = self.sheet.numbers.get(quantity.name)
            if read is not None and read.scanned and self.grader.reviews_misread(quantity):
                mask, note = misread_entries(read, marks, self.grader.problem.indexing)
                if note:
                    found[quantity] = mask, note
        if not found:
            return
        numbers = dict(self.sheet.numbers)
        for quantity, (mask, note) in found.items():
            self.answers[quantity] = np.where(mask, np.nan, self.answers[quantity])
            before = numbers[quantity.name]
            told = f"{before.note}; {note}" if before.note else note
            numbers[quantity.name] = before._replace(unreadable=True, note=told)
        self.sheet = self.sheet._replace(numbers=numbers)
        self._walked, self._number = self.grader.walk.mark(self.answers), 0
        for quantity in self.found:
            self.found[quantity] = Found(self._marks_of(quantity))

    def _choose_layouts(self, layouts: Mapping[str, tuple[Quantity, ...]]) -> None:
        """Mark answers in the layout in which they are right, if they are in one that is accepted."""
        dropped = []
        for name, others in layouts.items():
            standing = self.targets[name].quantity if name in self.targets else None
            for other in others if standing is not None else ():
                if standing in (None, other) or not _row(self._walked.marks[standing], self._number).wrong.any():
                    continue
                # Alone: what follows from the answer in the layout that is asked would follow from itself.
                alone = {
                    quantity: numbers
                    for quantity, numbers in self.answers.items()
                    if quantity is other or (quantity is not standing and quantity not in others)
                }
                if not _row(self.grader.walk.mark(alone).marks[other], 0).wrong.any():
                    self.targets[name] = Target(other)
                    dropped.append(standing)
                    break
        kept = {target.quantity for target in self.targets.values()}
        unused = {other for others in layouts.values() for other in others} - kept
        for quantity in (*dropped, *unused):
            self.answers.pop(quantity, None)
        if dropped:
            self._walked, self._number = self.grader.walk.mark(self.answers), 0

    def _marks_of(self, quantity: Quantity) -> Marks:
        """The marks of one answer from the last time that the steps were gone through."""
        return self._without_noise(quantity, _row(self._walked.marks[quantity], self._number))

    def _without_noise(self, quantity: Quantity, marks: Marks) -> Marks:
        """The marks with those entries right that only float64 keeps from being it: looked into where one is wrong."""
        if not marks.wrong.any():
            return marks
        noise = self.grader.noise.get(quantity.name, np.zeros(quantity.shape))[np.newaxis]
        right = marks.right | inside(marks.yours, Interval(marks.reference.at, noise, noise))
        return marks._replace(right=right, carried=marks.carried & ~right)

    # What went wrong

    def _diagnose(self) -> None:
        """Find the causes of what is wrong on its own account, the earliest first."""
        done = 0
        for step in self.grader.walk.steps:
            quantity = step.quantity
            if quantity not in self.found or not self.found[quantity].marks.wrong.any():
                continue
            if done == MOST_DIAGNOSED:
                break
            marks = self._by_other_ways(quantity, self.found[quantity].marks)
            self.found[quantity] = Found(marks)
            if not marks.wrong.any():
                continue
            done += 1
            written = frozenset({*self.answers, *self._implied})
            own = self._walked.own(self._number)
            # What is right although it does not follow from the student's own numbers says nothing about the slip.
            yours = np.where(marks.right & ~inside(marks.yours, marks.own), np.nan, marks.yours)
            wrong = Wrong(quantity, yours, marks.own, own, written)
            diagnosis = self._most_telling(quantity, self.grader.diagnoser.diagnose(wrong))
            explained = diagnosis.cause is not None or diagnosis.implied is not None
            self.found[quantity] = Found(marks, diagnosis, explained)
            if diagnosis.implied is not None:
                self._go_on_with(*diagnosis.implied)

    def _most_telling(self, quantity: Quantity, diagnosis: Diagnosis) -> Diagnosis:
        """What explains most of the other wrong answers as well, if there is anything that does.

        Where several readings do, it stays open which it was; the other answers follow from the slip all the same.
        """
        others = [other for other, found in self.found.items() if other is not quantity and found.is_open]
        apart = _apart(diagnosis.readings) if others else ()
        explained = self._explained([readings[0][1] for readings in apart], others)
        most = max(explained, default=0)
        if not most:
            return diagnosis
        best = [
            reading for readings, count in zip(apart, explained, strict=True) if count == most for reading in readings
        ]
        causes = {cause.id: cause for cause, _ in reversed(best)}
        if len(causes) == 1:
            return Diagnosis(best[0][0], (), best[0][1])
        return Diagnosis(None, tuple(reversed(causes.values())), best[0][1])

    def _explained(self, implied: Sequence[tuple[Quantity, Array]], others: Sequence[Quantity]) -> list[int]:
        """How many other wrong answers follow if a step that is not on the sheet has this or that value, each alone."""
        count = len(implied)
        if not count:
            return []
        answers = {q: np.repeat(array, count, axis=0) for q, array in {**self.answers, **self._implied}.items()}
        for number, (place, value) in enumerate(implied):
            answers.setdefault(place, np.full((count, *place.shape), np.nan))[number] = value[0]
        marks = self.grader.walk.mark(answers).marks
        rows = ([self._without_noise(other, _row(marks[other], i)) for other in others] for i in range(count))
        return [sum(not row.wrong.any() for row in found) for found in rows]

    def _by_other_ways(self, quantity: Quantity, marks: Marks) -> Marks:
        """The marks with those entries right or carried that are reached on another way."""
        right, own = self._walked.from_right(self._number), self._walked.own(self._number)
        followed = {other: self._unrounded(other, found.marks.own) for other, found in self.found.items()}
        ways = self.grader.other_ways.find(quantity, marks.yours, right, own, followed)
        right_now = marks.right | ways.right
        return marks._replace(right=right_now, carried=(marks.carried | (ways.follows & marks.used)) & ~right_now)

    def _unrounded(self, quantity: Quantity, found: Interval) -> Interval:
        """Where a quantity lies before it is rounded, from where an answer for it may."""
        unit = self.grader.walk.unit(quantity)(found.at)
        return Interval(found.at, np.maximum(found.below - unit, 0.0), np.maximum(found.above - unit, 0.0))

    def _go_on_with(self, quantity: Quantity, value: Array) -> None:
        """A mistake in a step that is not on the sheet shows what the student had there: later answers may follow."""
        self._implied[quantity] = value
        self._walked = self.grader.walk.mark({**self.answers, **self._implied})
        self._number = 0
        for other, found in self.found.items():
            if found.is_open:
                self.found[other] = Found(self._marks_of(other))

    @property
    def slips(self) -> tuple[str, ...]:
        """The names of what is wrong on its own account, in the order of the work; what shares a cause counts once."""
        names: list[str] = []
        causes = set()
        order = [step.quantity.name for step in self.grader.walk.steps]
        computed = (item for item in self.found.items() if item[0].body is not None)
        for quantity, found in sorted(computed, key=lambda item: order.index(item[0].name)):
            if not found.marks.wrong.any():
                continue
            cause = found.diagnosis.cause
            key = (cause.id, cause.quantity) if cause is not None else (quantity.name, quantity.name)
            if key not in causes or cause is None or cause.quantity == quantity.name:
                names.append(self.told(quantity))
            causes.add(key)
        return tuple(names)

    def as_asked(self, cause: Cause) -> Cause:
        """A cause with the name under which the student answered the step in which it was made."""
        quantity = self.grader.problem.all_quantities().get(cause.quantity)
        return cause if quantity is None else cause._replace(quantity=self.told(quantity))

    def told(self, quantity: Quantity) -> str:
        """The name under which the student answered a quantity."""
        for name, target in self.targets.items():
            if target.quantity is quantity and not target.index:
                return name
        return quantity.name

    def carried_from(self, quantity: Quantity) -> tuple[str, ...]:
        """The nearest answers on the sheet that are not right and that a quantity follows from."""
        steps = self.grader.walk.by_quantity
        found: dict[str, None] = {}
        seen = {quantity}
        waiting = list(steps[quantity].parents)
        while waiting:
            parent = waiting.pop(0)
            if parent in seen or parent not in steps:
                continue
            seen.add(parent)
            if parent in self._implied:
                found[parent.name] = None
            elif parent in self.found and self.found[parent].marks.used.any():
                if not (self.found[parent].marks.right | np.isnan(self.found[parent].marks.yours)).all():
                    found[self.told(parent)] = None
            else:
                waiting += steps[parent].parents
        return tuple(found)


def _apart(readings: Sequence[Reading]) -> list[list[Reading]]:
    """The first readings, those together that give the same numbers to the same step under different names."""
    groups: dict[tuple[Quantity, bytes], list[Reading]] = {}
    for reading in readings:
        place, value = reading[1]
        groups.setdefault((place, np.round(value, 12).tobytes()), []).append(reading)
    return list(groups.values())[:MOST_READINGS]


def _row(marks: Marks, number: int) -> Marks:
    """The marks of one sheet, ``(1, *shape)`` each."""
    row = slice(number, number + 1)
    yours, right, carried, used, review, *intervals = marks
    rows = (Interval(at[row], below[row], above[row]) for at, below, above in intervals)
    return Marks(yours[row], right[row], carried[row], used[row], review[row], *rows)
