"""Points. They are rounded here and nowhere else.

An answer is made of parts that count: its entries, its rows, or itself as a whole (``partial``). A part is worth as
much as the least of its entries: a right one 1, a carried one the question's ``carried``, any other 0. The answer earns
the mean of what its parts are worth.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

from hwcheck.grading.result import Entries, Mask
from hwcheck.problem.model import Question

__all__ = ["points_for", "rows_of", "total"]

SCALE = 100  # hundredths of a point


def points_for(question: Question, entries: Entries, *, rows: Entries | None = None, cause: str | None = None) -> float:
    """The points of an answer, rounded to hundredths: full points only if every entry counts in full, or by credit.

    ``rows`` counts its rows in the same way (``rows_of``), which only ``partial: rows`` needs. ``cause`` is the name of
    the misconception that alone explains what is wrong: it changes the points only if the question's ``credit`` names
    it, and then the answer gets that share of the points whatever its entries are.

    Raises ValueError where the question goes by rows and they are not counted.
    """
    if entries.right == entries.total:
        return question.points
    share = _share(question, _parts(question, entries, rows))
    if share < 1 and cause is not None and cause in question.marking.credit:
        share = _exact(question.marking.credit[cause])
    if share == 1:
        return question.points
    full = _exact(question.points)
    points = _rounded(full * share)
    # One wrong entry in a thousand is little, but it is not nothing.
    return float(points if points < full else max(_rounded(full - Fraction(1, SCALE)), Fraction(0)))


def rows_of(right: Mask, carried: Mask | None = None) -> Entries:
    """How many rows of an answer are what: a row is all indices but the last, so that a vector is one row.

    ``right`` and ``carried`` say which entries count, in the answer's shape. A row is right if all of its entries are,
    carried if all of them count and some are carried, and otherwise wrong.
    """
    each = right.reshape(-1, right.shape[-1]) if right.ndim else right.reshape(1, 1)
    counted = each if carried is None else each | carried.reshape(each.shape)
    all_right, all_counted = each.all(axis=1), counted.all(axis=1)
    whole, total_ = int(all_right.sum()), len(each)
    follows = int((all_counted & ~all_right).sum())
    return Entries(right=whole, carried=follows, wrong=total_ - whole - follows, total=total_)


def total(points: Iterable[float]) -> float:
    """The sum, rounded again so that 0.1 + 0.2 is 0.3."""
    return math.floor(sum(points) * SCALE + 0.5) / SCALE


def _parts(question: Question, entries: Entries, rows: Entries | None) -> Entries:
    """The parts that count, and what each is."""
    if question.marking.partial == "entries":
        return entries
    if question.marking.partial == "rows":
        if rows is None:
            raise ValueError(f"the rows of {question.name} are not counted")
        return rows
    if entries.right + entries.carried < entries.total:
        return Entries(wrong=1, total=1)
    return Entries(carried=1, total=1) if entries.carried else Entries(right=1, total=1)


def _share(question: Question, parts: Entries) -> Fraction:
    """What the parts are worth on average; of no parts, everything."""
    worth = parts.right + _exact(question.marking.carried) * parts.carried
    return worth / parts.total if parts.total else Fraction(1)


@lru_cache(maxsize=1000)  # a class is marked by the same few numbers
def _exact(number: float) -> Fraction:
    """The number as it is written in decimal: 0.15 is 15/100, so that half a hundredth is met exactly."""
    return Fraction(repr(float(number)))


def _rounded(points: Fraction) -> Fraction:
    """Half a hundredth goes up, as a person rounds."""
    return Fraction((points * SCALE + Fraction(1, 2)) // 1, SCALE)
