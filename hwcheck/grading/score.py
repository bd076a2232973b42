"""Points. They are rounded here and nowhere else."""

from __future__ import annotations

import math
from collections.abc import Iterable

from hwcheck.grading.result import Entries
from hwcheck.problem.model import Question

__all__ = ["points_for", "total"]

PLACES = 2


def points_for(question: Question, entries: Entries) -> float:
    """The points of an answer by its entries, rounded to hundredths: full points only if every entry counts."""
    counted = entries.right + entries.carried
    if counted == entries.total:
        return question.points
    if question.partial == "all-or-nothing":
        return 0.0
    points = _rounded(question.points * counted / entries.total)
    # One wrong entry in a thousand is little, but it is not nothing.
    return points if points < question.points else max(_rounded(question.points - 10.0**-PLACES), 0.0)


def total(points: Iterable[float]) -> float:
    """The sum, rounded again so that 0.1 + 0.2 is 0.3."""
    return _rounded(sum(points))


def _rounded(points: float) -> float:
    """Half a hundredth goes up, as a person rounds."""
    scale = 10.0**PLACES
    return math.floor(points * scale + 0.5) / scale
