"""From the marks of entries to the result of one submission: verdicts, points, causes, what follows from what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hwcheck.errors import Fault
from hwcheck.grading.carry import Marks, Walked
from hwcheck.grading.compare import Interval, inside
from hwcheck.grading.consistency import side_by_side
from hwcheck.grading.diagnose import Diagnosis, Reading, Wrong
from hwcheck.grading.digits import in_fewer_digits, with_required_digits
from hwcheck.grading.formula_text import Formula
from hwcheck.grading.misread import misread_entries
from hwcheck.grading.result import Cause, Comparison, Entries, MarkedAnswer, Result
from hwcheck.grading.score import points_for, rows_of, total
from hwcheck.grading.sheet import Numbers, Sheet
from hwcheck.grading.targets import Placed, Target
from hwcheck.graph.node import Array, Quantity
from hwcheck.located import Scalar
from hwcheck.problem.model import Question
from hwcheck.submissions.model import Submission

if TYPE_CHECKING:
    from hwcheck.grading.grade import Grader

__all__ = ["OneSheet"]

FAILED = ("wrong", "wrong shape", "unreadable")
MOST_READINGS = 12  # of one wrong answer that are tried on the others
MOST_DIAGNOSED = 8  # a sheet with more errors of its own has no single causes
NO_DIAGNOSIS = Diagnosis()


class _Found(NamedTuple):
    """What is known of one quantity on the sheet."""

    marks: Marks
    diagnosis: Diagnosis = NO_DIAGNOSIS
    explained: bool = False

    @property
    def is_open(self) -> bool:
        """Whether something is wrong that has not been explained yet."""
        return not self.explained and bool(self.marks.wrong.any())


class OneSheet:
    """One submission on its way to its result."""

    @np.errstate(all="ignore")  # students' numbers may be as large as they like
    def __init__(
        self,
        grader: Grader,
        sheet: Sheet,
        placed: Placed,
        walked: Walked,
        number: int,
    ) -> None:
        self.grader = grader
        self.sheet = sheet
        self.answers, self.targets, _ = placed
        self.faults: list[Fault] = list(sheet.faults)
        self._implied: dict[Quantity, Array] = {}
        self._formulas: dict[str, Formula] = {}
        self._walked, self._number = walked, number
        self._choose_layouts(placed.layouts)
        self._found = {
            quantity: _Found(self._without_noise(quantity, marks))
            for quantity in self.answers
            for marks in [_row(self._walked.marks[quantity], self._number)]
        }
        self._set_aside_misread()
        self._diagnose()

    def _set_aside_misread(self) -> None:
        """Leave to a person what was probably misread when the sheet was scanned; later steps go on without it."""
        found = {q: misread_entries(self.sheet.numbers[q.name], self._found[q].marks)
                 for q in self._found if q.name in self.sheet.numbers}  # fmt: skip
        found = {quantity: (mask, note) for quantity, (mask, note) in found.items() if note}
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
        for quantity in self._found:
            self._found[quantity] = _Found(self._without_noise(quantity, _row(self._walked.marks[quantity], 0)))

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
            if quantity not in self._found or not self._found[quantity].marks.wrong.any():
                continue
            if done == MOST_DIAGNOSED:
                break
            marks = self._by_other_ways(quantity, self._found[quantity].marks)
            self._found[quantity] = _Found(marks)
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
            self._found[quantity] = _Found(marks, diagnosis, explained)
            if diagnosis.implied is not None:
                self._go_on_with(*diagnosis.implied)

    def _most_telling(self, quantity: Quantity, diagnosis: Diagnosis) -> Diagnosis:
        """What explains most of the other wrong answers as well, if there is anything that does.

        Where several readings do, it stays open which it was; the other answers follow from the slip all the same.
        """
        others = [other for other, found in self._found.items() if other is not quantity and found.is_open]
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
        followed = {other: self._unrounded(other, found.marks.own) for other, found in self._found.items()}
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
        for other, found in self._found.items():
            if found.is_open:
                marks = self._without_noise(other, _row(self._walked.marks[other], 0))
                self._found[other] = _Found(marks)

    @property
    def slips(self) -> tuple[str, ...]:
        """The names of what is wrong on its own account, in the order of the work; what shares a cause counts once."""
        names: list[str] = []
        causes = set()
        order = [step.quantity.name for step in self.grader.walk.steps]
        computed = (item for item in self._found.items() if item[0].body is not None)
        for quantity, found in sorted(computed, key=lambda item: order.index(item[0].name)):
            if not found.marks.wrong.any():
                continue
            cause = found.diagnosis.cause
            key = (cause.id, cause.quantity) if cause is not None else (quantity.name, quantity.name)
            if key not in causes or cause is None or cause.quantity == quantity.name:
                names.append(self._told(quantity))
            causes.add(key)
        return tuple(names)

    def _as_asked(self, cause: Cause) -> Cause:
        """A cause with the name under which the student answered the step in which it was made."""
        quantity = self.grader.problem.all_quantities().get(cause.quantity)
        return cause if quantity is None else cause._replace(quantity=self._told(quantity))

    def _told(self, quantity: Quantity) -> str:
        """The name under which the student answered a quantity."""
        for name, target in self.targets.items():
            if target.quantity is quantity and not target.index:
                return name
        return quantity.name

    def _carried_from(self, quantity: Quantity) -> tuple[str, ...]:
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
            elif parent in self._found and self._found[parent].marks.used.any():
                if not (self._found[parent].marks.right | np.isnan(self._found[parent].marks.yours)).all():
                    found[self._told(parent)] = None
            else:
                waiting += steps[parent].parents
        return tuple(found)

    # The result

    @np.errstate(all="ignore")
    def result(self, submission: Submission) -> Result:
        """All of it."""
        problem = self.grader.problem
        answers = tuple(self._mark(question) for question in problem.questions)
        if self._formulas and self.grader.both_ways:
            answers = side_by_side(self.grader.both_ways, answers, self._formulas, self._own_numbers())
        slips = self._own_errors(answers)
        return Result(
            student=submission.student,
            submission=submission.file,
            problem=problem.id,
            score=total(answer.points for answer in answers),
            max_score=total(question.points for question in problem.questions),
            answers=answers,
            first_error=next(iter(slips), None),
            faults=tuple(sorted(self.faults)),
            not_asked=self._not_asked(),
            slips=slips,
        )

    def _own_numbers(self) -> dict[str, Array]:
        """What a formula on this sheet is worked out with: the student's own numbers, else the right ones."""
        numbers = dict(self.grader.reference.values)
        for quantity, found in self._found.items():
            yours = found.marks.yours[0]
            numbers[quantity.name] = np.where(np.isnan(yours), numbers[quantity.name], yours)
        return numbers

    def _own_errors(self, answers: tuple[MarkedAnswer, ...]) -> tuple[str, ...]:
        """What is wrong on its own account, in the order of the work: numbers, shapes, formulas, what is unreadable."""
        slips = list(self.slips)
        # What was scanned and could not be read is left to a person, and no error yet.
        failed = [
            answer.question.name
            for answer in answers
            if answer.verdict in FAILED and not (answer.verdict == "unreadable" and self._is_scanned(answer))
        ]
        compared = {self._told(quantity) for quantity in self._found}
        slips += [name for name in failed if name not in slips and name not in compared and name not in self.targets]
        order = {step.quantity.name: i for i, step in enumerate(self.grader.walk.steps)}
        return tuple(sorted(slips, key=lambda name: order.get(name, len(order))))

    def _is_scanned(self, answer: MarkedAnswer) -> bool:
        numbers = self.sheet.numbers.get(answer.question.name)
        return numbers is not None and numbers.scanned

    def _not_asked(self) -> tuple[str, ...]:
        asked = {question.name for question in self.grader.problem.questions}
        parts = {self.grader.targets.part_asked(question.quantity) for question in self.grader.problem.questions}
        return tuple(name for name in self.sheet.numbers if name not in asked and name not in parts)

    def _mark(self, question: Question) -> MarkedAnswer:
        if question.answer == "formula":
            return self._mark_formula(question, self.sheet.formulas.get(question.name))
        numbers = self.sheet.numbers.get(question.name)
        target = self.targets.get(question.name)
        if numbers is None:
            target = self.grader.targets.of_part(question.quantity, self.answers)
            whole = None if target is None else self.sheet.numbers.get(target.quantity.name)
            numbers = whole
        if numbers is None:
            return _without_points(question, "missing")
        if target is None or np.isnan(target.of(self._found[target.quantity].marks.yours)).all():
            if numbers.misshapen is not None:
                return _without_points(question, "wrong shape", numbers.note, numbers)
            marked = _without_points(question, "unreadable" if numbers.unreadable else "missing", numbers.note)
            return marked._replace(review=numbers.unreadable)
        return self._mark_numbers(question, numbers, target)

    def _mark_numbers(self, question: Question, numbers: Numbers, target: Target) -> MarkedAnswer:
        found = self._found[target.quantity]
        texts = numbers.texts
        if texts is not None and numbers is not self.sheet.numbers.get(question.name):  # the whole of what is asked
            texts = np.asarray(texts[target.index])
        comparison, lacks = with_required_digits(question, _comparison(found.marks, target), texts)
        lacks = lacks or in_fewer_digits(question, comparison, texts)
        right, wrong = int(comparison.accepted.sum()), int(comparison.wrong.sum())
        carried = 0 if comparison.carried is None else int(comparison.carried.sum())
        size = comparison.accepted.size
        entries = Entries(right, carried, wrong, size - right - carried - wrong, size)
        facts: Mapping[str, bool] = {
            "right": right == size,
            "wrong": wrong > 0,
            "wrong shape": numbers.misshapen is not None,
            "unreadable": numbers.unreadable,
            "missing": entries.missing > 0,
            "carried": True,
        }
        verdict = next(verdict for verdict, holds in facts.items() if holds)
        diagnosis = found.diagnosis if wrong else NO_DIAGNOSIS
        rows = rows_of(comparison.accepted, comparison.carried) if question.partial == "rows" else None
        return MarkedAnswer(
            question=question,
            verdict=verdict,
            points=points_for(question, entries, rows=rows, cause=diagnosis.cause.id if diagnosis.cause else None),
            entries=entries,
            note=numbers.note or lacks or _layout_note(question, target),
            comparison=comparison,
            carried_from=self._carried_from(target.quantity) if carried else (),
            cause=None if diagnosis.cause is None else self._as_asked(diagnosis.cause),
            candidates=tuple(map(self._as_asked, diagnosis.candidates)),
            review=bool(target.of(found.marks.review).any()) or numbers.unreadable,
        )

    def _mark_formula(self, question: Question, text: Scalar | None) -> MarkedAnswer:
        if text is None:
            return _without_points(question, "missing")
        if not text.text:
            return _without_points(question, "unreadable", "one formula is asked, written as one text")
        found = self.grader.formulas.mark(question, text)
        if found.formula is not None:
            self._formulas[question.name] = found.formula
        if found.fault is not None:
            self.faults.append(found.fault)
        if found.verdict != "right":
            marked = _without_points(question, found.verdict, found.note)
            cause = found.cause.id if found.cause else None
            return marked._replace(
                points=points_for(question, marked.entries, rows=marked.entries, cause=cause),
                given_shape=found.given_shape,
                cause=found.cause,
                candidates=found.candidates,
            )
        entries = Entries(right=question.quantity.size, total=question.quantity.size)
        return MarkedAnswer(question, "right", question.points, entries)


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


def _comparison(marks: Marks, target: Target) -> Comparison:
    """The numbers of one answer; what is allowed around the reference reaches as far as what is right does."""
    at, below, above = marks.reference
    with np.errstate(invalid="ignore"):
        from_right = marks.from_right.at - at
        below = np.fmax(below, np.where(marks.right, marks.from_right.below - from_right, 0.0))
        above = np.fmax(above, np.where(marks.right, marks.from_right.above + from_right, 0.0))
    return Comparison(
        yours=target.of(marks.yours)[0],
        expected=target.of(at)[0],
        below=target.of(below)[0],
        above=target.of(above)[0],
        accepted=target.of(marks.right)[0],
        own=target.of(marks.own.at)[0],
        carried=target.of(marks.carried)[0],
        own_below=target.of(marks.own.below)[0],
        own_above=target.of(marks.own.above)[0],
    )


def _layout_note(question: Question, target: Target) -> str:
    """What to say of an answer that is marked in another layout than the one that is asked."""
    return f"read as {target.quantity.name}, which is accepted" if target.quantity in question.accept else ""


def _without_points(question: Question, verdict: str, note: str = "", numbers: Numbers | None = None) -> MarkedAnswer:
    size = question.quantity.size
    entries = Entries(missing=size, total=size) if verdict == "missing" else Entries(wrong=size, total=size)
    return MarkedAnswer(question, verdict, 0.0, entries, note, None if numbers is None else numbers.misshapen)
