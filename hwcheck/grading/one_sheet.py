"""From what was found on a sheet to the result of one submission: verdicts, points, causes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from hwcheck.errors import Fault, Location
from hwcheck.grading.carry import Marks, Walked
from hwcheck.grading.consistency import side_by_side
from hwcheck.grading.digits import in_fewer_digits, with_required_digits
from hwcheck.grading.findings import NO_DIAGNOSIS, Findings
from hwcheck.grading.formula_text import Formula
from hwcheck.grading.result import Comparison, Entries, MarkedAnswer, Result
from hwcheck.grading.score import points_for, rows_of, total
from hwcheck.grading.sheet import Numbers, Sheet
from hwcheck.grading.targets import Placed, Target
from hwcheck.graph.node import Array
from hwcheck.limits import FAULTS
from hwcheck.located import Scalar
from hwcheck.located_build import first_faults
from hwcheck.problem.model import Question, part_of
from hwcheck.submissions.model import Submission

if TYPE_CHECKING:
    from hwcheck.grading.grade import Grader

__all__ = ["OneSheet"]

FAILED = ("wrong", "wrong shape", "unreadable")


class OneSheet:
    """One submission on its way to its result."""

    def __init__(self, grader: Grader, sheet: Sheet, placed: Placed, walked: Walked, number: int) -> None:
        self.grader = grader
        self.findings = Findings(grader, sheet, placed, walked, number)
        self.sheet = self.findings.sheet
        self.faults: list[Fault] = list(sheet.faults)
        self._formulas: dict[str, Formula] = {}

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
            faults=tuple(first_faults(self.faults)),
            not_asked=self._not_asked(),
            slips=slips,
            notes=self._notes(submission, answers),
            indexing=problem.indexing,
        )

    def _notes(self, submission: Submission, answers: tuple[MarkedAnswer, ...]) -> tuple[Fault, ...]:
        """How the sheet was read; and for a question without an answer, what may have been meant for one."""
        notes = [*submission.notes]
        for reading in self.sheet.readings:
            answer, part = reading.answer, reading.part
            shown = self.sheet.numbers[part.quantity].note if part and part.quantity in self.sheet.numbers else ""
            notes += [Fault(answer.location, f"{answer.name}: {note}") for note in reading.notes if note != shown]
        lacking = {part for a in answers if a.verdict == "missing" for part in (a.question.name, _part_of(a.question))}
        notes += [passed.note for passed in self.sheet.passed_over if lacking.intersection(passed.near)]
        if len(notes) > FAULTS:
            notes[FAULTS:] = [Fault(Location(submission.file), f"and {len(notes) - FAULTS:,} more notes")]
        return tuple(notes)

    def _own_numbers(self) -> dict[str, Array]:
        """What a formula on this sheet is worked out with: the student's own numbers, else the right ones."""
        numbers = dict(self.grader.reference.values)
        for quantity, found in self.findings.found.items():
            yours = found.marks.yours[0]
            numbers[quantity.name] = np.where(np.isnan(yours), numbers[quantity.name], yours)
        return numbers

    def _own_errors(self, answers: tuple[MarkedAnswer, ...]) -> tuple[str, ...]:
        """What is wrong on its own account, in the order of the work: numbers, shapes, formulas, what is unreadable."""
        slips = list(self.findings.slips)
        # What was scanned and could not be read is left to a person, and no error yet.
        failed = [
            answer.question.name
            for answer in answers
            if answer.verdict in FAILED and not (answer.verdict == "unreadable" and self._is_scanned(answer))
        ]
        compared = {self.findings.told(quantity) for quantity in self.findings.found}
        slips += [
            name for name in failed if name not in slips and name not in compared and name not in self.findings.targets
        ]
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
        target = self.findings.targets.get(question.name)
        if numbers is None:
            target = self.grader.targets.of_part(question.quantity, self.findings.answers)
            numbers = None if target is None else self.sheet.numbers.get(target.quantity.name)
        if numbers is None:
            return _without_points(question, "missing")
        if target is None or np.isnan(target.of(self.findings.found[target.quantity].marks.yours)).all():
            if numbers.misshapen is not None:
                return _without_points(question, "wrong shape", numbers.note, numbers)
            marked = _without_points(question, "unreadable" if numbers.unreadable else "missing", numbers.note)
            return marked._replace(review=numbers.unreadable)
        return self._mark_numbers(question, numbers, target)

    def _mark_numbers(self, question: Question, numbers: Numbers, target: Target) -> MarkedAnswer:
        found = self.findings.found[target.quantity]
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
        rows = rows_of(comparison.accepted, comparison.carried) if question.marking.partial == "rows" else None
        return MarkedAnswer(
            question=question,
            verdict=verdict,
            points=points_for(question, entries, rows=rows, cause=diagnosis.cause.id if diagnosis.cause else None),
            entries=entries,
            note=numbers.note or lacks or _layout_note(question, target),
            comparison=comparison,
            carried_from=self.findings.carried_from(target.quantity) if carried else (),
            cause=None if diagnosis.cause is None else self.findings.as_asked(diagnosis.cause),
            candidates=tuple(map(self.findings.as_asked, diagnosis.candidates)),
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


def _part_of(question: Question) -> str:
    """The quantity of which a question asks a part; nothing where it asks a whole one."""
    part = part_of(question.quantity.body)
    return part.quantity if part is not None else ""


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
