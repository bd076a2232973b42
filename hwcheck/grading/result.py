"""What marking finds: immutable, complete, and without a word on how it is shown."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hwcheck.errors import Fault
from hwcheck.graph.node import Array, Shape
from hwcheck.problem.model import Question

__all__ = ["VERDICTS", "Comparison", "Entries", "MarkedAnswer", "Result"]

VERDICTS = ("right", "carried", "wrong", "wrong shape", "unreadable", "missing")


class Entries(NamedTuple):
    """How many entries of an answer are what."""

    right: int = 0
    carried: int = 0
    wrong: int = 0
    missing: int = 0
    total: int = 0


class Comparison(NamedTuple):
    """The numbers behind a verdict, all of the answer's shape; what the student left out is NaN in ``yours``."""

    yours: Array
    expected: Array
    allowed: Array
    accepted: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

    @property
    def difference(self) -> Array:
        """How far each entry is from the reference; NaN where there is none."""
        with np.errstate(invalid="ignore"):
            return np.abs(self.yours - self.expected)

    @property
    def wrong(self) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """The entries that were answered and are not accepted."""
        return ~self.accepted & ~np.isnan(self.yours)


class MarkedAnswer(NamedTuple):
    """The mark of one question.

    ``note`` is for the student and derived from the sheet and from shapes alone; ``comparison`` is there where numbers
    were compared. ``given_shape`` is what was handed in where that is not the shape that is asked.
    """

    question: Question
    verdict: str
    points: float
    entries: Entries
    note: str = ""
    given_shape: Shape | None = None
    comparison: Comparison | None = None

    @property
    def wrong_at(self) -> tuple[tuple[int, ...], ...]:
        """The indices of the wrong entries, in order."""
        if self.comparison is None:
            return ()
        return tuple(tuple(int(i) for i in index) for index in np.argwhere(self.comparison.wrong))


class Result(NamedTuple):
    """One student's marked submission.

    ``faults`` are what could not be read; ``not_asked`` are quantities that were answered although nobody asked.
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
