"""What marking finds: immutable, complete, and without a word on how it is shown."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np

from hwcheck.errors import Fault
from hwcheck.graph.node import Array, Shape
from hwcheck.problem.model import Question

__all__ = ["VERDICTS", "Cause", "Comparison", "Entries", "MarkedAnswer", "Mask", "Result"]

VERDICTS = ("right", "carried", "wrong", "wrong shape", "unreadable", "missing")


Mask: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


class Entries(NamedTuple):
    """How many entries of an answer are what."""

    right: int = 0
    carried: int = 0
    wrong: int = 0
    missing: int = 0
    total: int = 0


class Cause(NamedTuple):
    """What probably went wrong.

    ``id`` is the name of a misconception (hwcheck/misconceptions) or of a slip (hwcheck/grading/slips.py), ``quantity``
    the step in which it was made. ``says`` tells it in a sentence without any number; ``detail`` with the numbers of
    the sheet and of the problem, for those who may see everything.
    """

    id: str
    quantity: str
    says: str
    detail: str = ""


class Comparison(NamedTuple):
    """The numbers behind a verdict, all of the answer's shape; what the student left out is NaN in ``yours``.

    An entry is right from ``expected - below`` to ``expected + above``. ``own`` is what follows from the student's own
    earlier answers, and ``carried`` the entries that agree with it and are not right: from ``own - own_below`` to
    ``own + own_above``.
    """

    yours: Array
    expected: Array
    below: Array
    above: Array
    accepted: Mask
    own: Array | None = None
    carried: Mask | None = None
    own_below: Array | None = None
    own_above: Array | None = None

    @property
    def allowed(self) -> Array:
        """The largest difference from ``expected`` that is accepted."""
        return np.maximum(self.below, self.above)

    @property
    def difference(self) -> Array:
        """How far each entry is from the reference; NaN where there is none."""
        with np.errstate(invalid="ignore"):
            return np.abs(self.yours - self.expected)

    @property
    def wrong(self) -> Mask:
        """The entries that were answered and neither right nor carried."""
        return ~(self.accepted if self.carried is None else self.accepted | self.carried) & ~np.isnan(self.yours)


class MarkedAnswer(NamedTuple):
    """The mark of one question.

    ``note`` is for the student and derived from the sheet and from shapes alone; ``comparison`` is there where numbers
    were compared. ``given_shape`` is what was handed in where that is not the shape that is asked. ``carried_from``
    are the wrong answers that carried entries follow from. ``cause`` is the one thing that explains what is wrong,
    ``candidates`` are those that do where it is not one. ``review`` says that a person should look at it.
    """

    question: Question
    verdict: str
    points: float
    entries: Entries
    note: str = ""
    given_shape: Shape | None = None
    comparison: Comparison | None = None
    carried_from: tuple[str, ...] = ()
    cause: Cause | None = None
    candidates: tuple[Cause, ...] = ()
    review: bool = False

    @property
    def wrong_at(self) -> tuple[tuple[int, ...], ...]:
        """The indices of the wrong entries, in order."""
        if self.comparison is None:
            return ()
        return tuple(tuple(int(i) for i in index) for index in np.argwhere(self.comparison.wrong))


class Result(NamedTuple):
    """One student's marked submission.

    ``first_error`` is the earliest quantity that is wrong on its own account, and ``slips`` are all of these, one for
    each independent mistake. ``faults`` are what could not be read; ``not_asked`` are quantities that were answered
    although nobody asked. ``notes`` say how something was understood, and cost nothing. ``indexing`` is the number of
    the first entry where a person is told of one; every index here counts from 0.
    """

    student: str
    submission: str
    problem: str
    score: float
    max_score: float
    answers: tuple[MarkedAnswer, ...]
    first_error: str | None = None
    faults: tuple[Fault, ...] = ()
    not_asked: tuple[str, ...] = ()
    slips: tuple[str, ...] = ()
    notes: tuple[Fault, ...] = ()
    indexing: int = 0

    @property
    def needs_review(self) -> bool:
        """Whether a person should look at some answer."""
        return any(answer.review for answer in self.answers)
