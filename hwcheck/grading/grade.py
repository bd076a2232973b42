"""Marking submissions of one problem: one, or many at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice

import numpy as np

from hwcheck.errors import Fault, ProblemError, SubmissionError
from hwcheck.grading.carry import Walk
from hwcheck.grading.consistency import asked_both_ways
from hwcheck.grading.diagnose import Diagnoser
from hwcheck.grading.formulas import FormulaMarker
from hwcheck.grading.one_sheet import OneSheet
from hwcheck.grading.other_ways import OtherWays
from hwcheck.grading.result import Result
from hwcheck.grading.sheet import Sheet, sort_answers
from hwcheck.grading.targets import Targets
from hwcheck.graph.node import Array, Quantity
from hwcheck.misconceptions.credit import unknown_credits
from hwcheck.problem.model import Problem, Question
from hwcheck.problem.soundness import NotFinite
from hwcheck.reference import float_noise, rel_alone_at_zero, solve, unsound
from hwcheck.submissions.model import Submission
from hwcheck.submissions.names import Names

__all__ = ["Grader", "grade"]

TOGETHER = 64  # sheets that are gone through at once


def grade(problem: Problem, submission: Submission) -> Result:
    """Mark one submission. Raises SubmissionError if it is for another problem."""
    return Grader(problem).grade(submission)


class Grader:
    """Marks submissions of one problem, which is solved once. Raises ProblemError if it cannot be solved or marked."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.formulas = FormulaMarker(problem)
        self.reference = solve(problem)
        faults = [*unknown_credits(problem), *rel_alone_at_zero(self.reference)]
        if faults:
            raise ProblemError(sorted(faults))
        self._names = Names(problem)

    @cached_property
    def walk(self) -> Walk:
        """The steps of the problem."""
        return Walk(self.problem, self.reference)

    @cached_property
    def targets(self) -> Targets:
        """Where answers belong."""
        return Targets(self.problem, self.walk.steps)

    @cached_property
    def diagnoser(self) -> Diagnoser:
        """What finds causes."""
        return Diagnoser(self.walk)

    @cached_property
    def both_ways(self) -> tuple[tuple[Question, Question], ...]:
        """The questions that ask for a formula and for numbers of the same quantity."""
        return tuple(asked_both_ways(self.problem))

    @cached_property
    def other_ways(self) -> OtherWays:
        """What finds other ways to an answer."""
        return OtherWays(self.walk)

    @property
    def unsound(self) -> list[NotFinite]:
        """Where the reference becomes infinite or undefined: such entries can hardly be answered."""
        return unsound(self.reference)

    @cached_property
    def noise(self) -> Mapping[str, Array]:
        """What float64 leaves uncertain in the reference of each quantity that is computed."""
        return float_noise(self.problem, self.reference.values)

    def reviews_misread(self, quantity: Quantity) -> bool:
        """Whether what was probably misread in an answer to a quantity is left to a person.

        A question for the quantity or for a part of it says so, else the problem.
        """
        asking = [
            question.marking
            for question in self.problem.questions
            if quantity.name in (question.name, self.targets.part_asked(question.quantity))
        ]
        return all(marking.misread == "review" for marking in asking or [self.problem.marking])

    def grade(self, submission: Submission) -> Result:
        """Mark one submission. Raises SubmissionError if it is for another problem."""
        return next(self.grade_all([submission]))

    def grade_all(self, submissions: Iterable[Submission]) -> Iterator[Result]:
        """Mark many, as many at once as is good. Raises SubmissionError at the first that is for another problem."""
        waiting = iter(submissions)
        while some := list(islice(waiting, TOGETHER)):
            sheets = [self._sorted(submission) for submission in some]
            placed = [self.targets.place(sheet.numbers) for sheet in sheets]
            walked = self.walk.mark(_stacked([each.answers for each in placed]))
            for i, (submission, sheet) in enumerate(zip(some, sheets, strict=True)):
                yield OneSheet(self, sheet, placed[i], walked, i).result(submission)

    def check(self, submission: Submission) -> None:
        """Raise SubmissionError if a submission is for another problem."""
        if submission.problem not in (None, self.problem.id):
            rule = f"this submission is for the problem {submission.problem!r}, not for {self.problem.id!r}"
            raise SubmissionError([Fault(submission.problem_at, rule)])

    def _sorted(self, submission: Submission) -> Sheet:
        self.check(submission)
        return sort_answers(self.problem, self._names, submission)


def _stacked(sheets: Sequence[Mapping[Quantity, Array]]) -> dict[Quantity, Array]:
    """The answers of many sheets, ``(S, *shape)`` for each quantity that any of them has; NaN for those without."""
    everything = {quantity: None for answers in sheets for quantity in answers}
    return {
        quantity: np.concatenate(
            [answers[quantity] if quantity in answers else np.full((1, *quantity.shape), np.nan) for answers in sheets]
        )
        for quantity in everything
    }
