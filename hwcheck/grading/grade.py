"""Marking one submission."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from hwcheck.errors import Fault, SubmissionError
from hwcheck.grading.compare import allowed_difference, within
from hwcheck.grading.formulas import FormulaMarker
from hwcheck.grading.result import Comparison, Entries, MarkedAnswer, Result
from hwcheck.grading.score import points_for, total
from hwcheck.grading.sheet import Numbers, Sheet, sort_answers
from hwcheck.graph.node import Array
from hwcheck.located import Scalar
from hwcheck.problem.model import Part, Problem, Question, part_of
from hwcheck.problem.soundness import NotFinite
from hwcheck.reference import float_noise, solve, unsound
from hwcheck.submissions.model import Submission
from hwcheck.submissions.names import Names

__all__ = ["Grader", "grade"]

FAILED = ("wrong", "wrong shape", "unreadable")


def grade(problem: Problem, submission: Submission) -> Result:
    """Mark one submission. Raises SubmissionError if it is for another problem."""
    return Grader(problem).grade(submission)


class Grader:
    """Marks submissions of one problem, which is solved once. Raises ProblemError if it cannot be solved."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._names = Names(problem)
        self._formulas = FormulaMarker(problem)
        self._reference = solve(problem)

    @cached_property
    def _asked(self) -> frozenset[str]:
        """The quantities that questions ask, and those that they ask a part of."""
        parts = (_part_asked(question) for question in self.problem.questions)
        return frozenset({question.name for question in self.problem.questions} | {p.quantity for p in parts if p})

    @property
    def unsound(self) -> list[NotFinite]:
        """Where the reference becomes infinite or undefined: such entries can hardly be answered."""
        return unsound(self._reference)

    @cached_property
    def _noise(self) -> Mapping[str, Array]:
        """What float64 leaves uncertain in each question's reference."""
        asked = (question.name for question in self.problem.questions if question.answer == "number")
        return float_noise(self.problem, asked)

    def grade(self, submission: Submission) -> Result:
        """Mark one submission. Raises SubmissionError if it is for another problem."""
        if submission.problem not in (None, self.problem.id):
            rule = f"this submission is for the problem {submission.problem!r}, not for {self.problem.id!r}"
            raise SubmissionError([Fault(submission.problem_at, rule)])
        sheet = sort_answers(self.problem, self._names, submission)
        faults = list(sheet.faults)
        answers = tuple(self._mark(question, sheet, faults) for question in self.problem.questions)
        return Result(
            student=submission.student,
            submission=submission.file,
            problem=self.problem.id,
            score=total(answer.points for answer in answers),
            max_score=total(question.points for question in self.problem.questions),
            answers=answers,
            first_error=next((answer.question.name for answer in answers if answer.verdict in FAILED), None),
            faults=tuple(sorted(faults)),
            not_asked=tuple(name for name in sheet.numbers if name not in self._asked),
        )

    def _mark(self, question: Question, sheet: Sheet, faults: list[Fault]) -> MarkedAnswer:
        if question.answer == "formula":
            return self._mark_formula(question, sheet.formulas.get(question.name), faults)
        numbers = sheet.numbers.get(question.name) or _from_whole(question, sheet)
        if numbers is None:
            return _without_points(question, "missing")
        if numbers.misshapen is not None and np.isnan(numbers.values).all():
            return _without_points(question, "wrong shape", numbers.note, numbers)
        if numbers.unreadable and np.isnan(numbers.values).all():
            return _without_points(question, "unreadable", numbers.note)
        return self._mark_numbers(question, numbers)

    def _mark_numbers(self, question: Question, numbers: Numbers) -> MarkedAnswer:
        comparison = self._compare(question, numbers.values)
        right, wrong, size = int(comparison.accepted.sum()), int(comparison.wrong.sum()), comparison.accepted.size
        entries = Entries(right=right, wrong=wrong, missing=size - right - wrong, total=size)
        found = {
            "right": right == size,
            "wrong": wrong > 0,
            "wrong shape": numbers.misshapen is not None,
            "unreadable": numbers.unreadable,
            "missing": True,
        }
        verdict = next(verdict for verdict, holds in found.items() if holds)
        return MarkedAnswer(question, verdict, points_for(question, entries), entries, numbers.note, None, comparison)

    def _compare(self, question: Question, yours: Array) -> Comparison:
        """The answer beside the reference; what float64 leaves of a 0 is looked into only where something is wrong."""
        expected = self._reference[question.name]
        allowed = allowed_difference(expected, question.tolerance)
        comparison = Comparison(yours, expected, allowed, allowed, within(yours, expected, allowed))
        if not comparison.wrong.any():
            return comparison
        allowed = allowed_difference(expected, question.tolerance, self._noise[question.name])
        return Comparison(yours, expected, allowed, allowed, within(yours, expected, allowed))

    def _mark_formula(self, question: Question, text: Scalar | None, faults: list[Fault]) -> MarkedAnswer:
        if text is None:
            return _without_points(question, "missing")
        if not text.text:
            return _without_points(question, "unreadable", "one formula is asked, written as one text")
        found = self._formulas.mark(question, text)
        if found.fault is not None:
            faults.append(found.fault)
        if found.verdict != "right":
            marked = _without_points(question, found.verdict, found.note)
            return marked._replace(given_shape=found.given_shape)
        entries = Entries(right=question.quantity.size, total=question.quantity.size)
        return MarkedAnswer(question, "right", question.points, entries)


def _part_asked(question: Question) -> Part | None:
    """The quantity and the part of it that a question such as ``P[0, 1:]`` asks."""
    part = part_of(question.quantity.body)
    return part if part and part.index else None


def _from_whole(question: Question, sheet: Sheet) -> Numbers | None:
    """The asked part of a quantity that was answered whole."""
    part = _part_asked(question)
    numbers = sheet.numbers.get(part.quantity) if part else None
    return numbers._replace(values=np.asarray(numbers.values[part.index])) if part and numbers else None


def _without_points(question: Question, verdict: str, note: str = "", numbers: Numbers | None = None) -> MarkedAnswer:
    size = question.quantity.size
    entries = Entries(missing=size, total=size) if verdict == "missing" else Entries(wrong=size, total=size)
    return MarkedAnswer(question, verdict, 0.0, entries, note, None if numbers is None else numbers.misshapen)
