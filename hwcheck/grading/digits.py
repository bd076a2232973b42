"""Entries that are written with fewer digits than a question asks for: they earn nothing, however near they are.

A whole number is as good as one with zeros behind its point where these zeros would be right: 2 for 2.000, 0 for 0.000.
"""

from __future__ import annotations

import numpy as np

from hwcheck.grading.compare import last_place
from hwcheck.grading.result import Comparison, Mask
from hwcheck.grading.sheet import Texts
from hwcheck.problem.model import Question
from hwcheck.submissions.digits import shortfall

__all__ = ["with_required_digits"]


def with_required_digits(question: Question, comparison: Comparison, texts: Texts | None) -> tuple[Comparison, str]:
    """The comparison without the entries that lack digits, and what the first of them lacks.

    ``texts`` are the entries as written, in the answer's shape.
    """
    if not question.required_digits or texts is None:
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
