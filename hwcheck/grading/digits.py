"""What the digits say with which the entries of an answer are written.

With fewer than a question asks for an entry may earn nothing, however near it is. A whole number is as good as one with
zeros behind its point where these zeros would be right: 2 for 2.000, 0 for 0.000. More digits than are asked change
nothing: published solutions show that they are often written after working with fewer.
"""

from __future__ import annotations

import numpy as np

from hwcheck.grading.compare import last_place
from hwcheck.grading.result import Comparison, Mask
from hwcheck.grading.sheet import Texts
from hwcheck.graph.node import Array
from hwcheck.problem.model import Question
from hwcheck.submissions.digits import shortfall, written_digits

__all__ = ["in_fewer_digits", "with_required_digits"]


def with_required_digits(question: Question, comparison: Comparison, texts: Texts | None) -> tuple[Comparison, str]:
    """The comparison without the entries that lack digits, and what the first of them lacks.

    ``texts`` are the entries as written, in the answer's shape.
    """
    if not question.marking.required_digits or texts is None:
        return comparison, ""
    lacks = [shortfall(text, question.tolerance) for text in texts.reshape(-1)]
    short = np.array([bool(lack) for lack in lacks]).reshape(texts.shape) & ~_whole_and_right(question, comparison)
    carried = np.zeros(texts.shape, dtype=np.bool_) if comparison.carried is None else comparison.carried
    short &= comparison.accepted | carried
    if not short.any():
        return comparison, ""
    without = comparison._replace(accepted=comparison.accepted & ~short, carried=carried & ~short)
    return without, lacks[int(np.flatnonzero(short)[0])]


def _whole_and_right(question: Question, comparison: Comparison) -> Mask:
    """The whole numbers that differ from where they should be by no more than writing the last digit down can do."""
    yours, expected = comparison.yours, comparison.expected
    if comparison.own is not None and comparison.carried is not None:
        expected = np.where(comparison.carried, comparison.own, expected)
    with np.errstate(invalid="ignore"):
        near = np.abs(yours - expected) <= last_place(expected, question.tolerance)
    result: Mask = near & (yours == np.round(yours))
    return result


def _written_unit(texts: Texts) -> Array:
    """One unit of the last place with which each entry is written; infinite where that is not known."""
    units = [10.0**-found.decimals if (found := written_digits(text)) else np.inf for text in texts.reshape(-1)]
    return np.array(units).reshape(texts.shape)


def in_fewer_digits(question: Question, comparison: Comparison, texts: Texts | None) -> str:
    """What the wrong entries of an answer lack if they are right to the digits with which they are written."""
    wrong = comparison.wrong
    if texts is None or not wrong.any():
        return ""
    expected = comparison.expected if comparison.own is None else comparison.own
    with np.errstate(invalid="ignore"):
        from_own = np.abs(comparison.yours - expected)
        off = np.minimum(np.abs(comparison.yours - comparison.expected), from_own)
        right = off <= _written_unit(texts) + comparison.allowed
    lacks = [shortfall(text, question.tolerance) for text in texts[wrong]]
    return lacks[0] if all(lacks) and bool(right[wrong].all()) else ""
