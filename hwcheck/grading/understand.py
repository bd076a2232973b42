"""What is understood of a submission before anything is marked: nothing here knows a reference."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hwcheck.errors import Fault
from hwcheck.grading.sheet import Numbers, Reading, Sheet, sort_answers
from hwcheck.located import List, Located, Scalar
from hwcheck.located_build import first_faults
from hwcheck.problem.model import Problem, Question, part_of
from hwcheck.submissions.arrays import Cells, read_cells
from hwcheck.submissions.model import Answer, Submission
from hwcheck.submissions.names import Names
from hwcheck.submissions.numbers import NumberReader

__all__ = ["Gap", "Understood", "understand"]


class Gap(NamedTuple):
    """A question without a whole answer: so many of its entries are there."""

    question: str
    answered: int
    entries: int


class Understood(NamedTuple):
    """A submission as it is understood; ``problem`` is None where it is not known which it is for.

    ``names`` tell how parts are written; ``faults`` are all that was not understood, ``notes`` what is to be said
    of the submission as a whole and of what was not taken for an answer.
    """

    submission: Submission
    problem: Problem | None
    names: Names | None
    readings: tuple[Reading, ...]
    gaps: tuple[Gap, ...]
    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...] = ()


def understand(submission: Submission, problem: Problem | None, names: Names | None = None) -> Understood:
    """How a submission is read for a problem; for none, which names there are and the shapes of what stands there."""
    if problem is None:
        reader = NumberReader()
        readings = tuple(_shape_alone(answer, reader) for answer in submission.answers)
        faults = [fault for reading in readings for fault in reading.faults]
        told = tuple(first_faults([*submission.faults, *faults]))
        return Understood(submission, None, None, readings, (), told, submission.notes)
    names = names or Names(problem)
    sheet = sort_answers(problem, names, submission)
    other = [] if submission.problem in (None, problem.id) else [_for_another(submission, problem)]
    gaps = tuple(gap for question in problem.questions if (gap := _gap(question, sheet)) is not None)
    faults = first_faults([*other, *sheet.faults])
    open_ = {gap.question for gap in gaps if not gap.answered}
    nearly = [passed for passed in sheet.passed_over if not passed.formula or open_.intersection(passed.near)]
    notes = (*submission.notes, *(passed.note for passed in nearly))
    return Understood(submission, problem, names, sheet.readings, gaps, tuple(faults), notes)


def _for_another(submission: Submission, problem: Problem) -> Fault:
    rule = f"this submission is for the problem {submission.problem!r}, and is read here for {problem.id!r}"
    return Fault(submission.problem_at, rule)


def _shape_alone(answer: Answer, reader: NumberReader) -> Reading:
    """What can be said of an answer to nobody knows what: a text may be a formula, so that it is no fault."""
    if isinstance(answer.value, Scalar):
        return Reading(answer, shape=())
    cells = read_cells(_words(answer.value), reader)
    if isinstance(cells, Cells):
        return Reading(answer, shape=cells.shape)
    return Reading(answer, faults=cells, fits=False)


def _words(value: Located) -> Located:
    """The same value with nothing to read in it: only how it is nested counts. As deep as a file may nest."""
    if isinstance(value, Scalar):
        return value._replace(text="")
    if isinstance(value, List):
        return List(tuple(map(_words, value.items)), value.location)
    return value


def _gap(question: Question, sheet: Sheet) -> Gap | None:
    """What is still to be answered of a question, if anything is."""
    size = question.quantity.size
    if question.answer == "formula":
        return None if question.name in sheet.formulas else Gap(question.name, 0, size)
    numbers = sheet.numbers.get(question.name)
    part = part_of(question.quantity.body)
    if numbers is None and part is not None and (whole := sheet.numbers.get(part.quantity)) is not None:
        index = part.index or ...
        numbers = whole._replace(values=np.asarray(whole.values[index]))
    if numbers is None:
        return Gap(question.name, 0, size)
    if _cannot_be_counted(numbers):
        return None
    answered = int((~np.isnan(numbers.values)).sum())
    return None if answered == size else Gap(question.name, answered, size)


def _cannot_be_counted(numbers: Numbers) -> bool:
    """Whether something is answered that is told as a fault or a shape, and is no gap."""
    return numbers.unreadable or numbers.misshapen is not None
