"""From a paper to what is handed in: names and numbers as text, read as a file would be."""

from __future__ import annotations

import json

import numpy as np

from hwcheck.submissions.model import Submission
from hwcheck.submissions.read import parse_submission
from tests.benchmarks.simulation.digits import Digits, Numbers
from tests.benchmarks.simulation.paper import Paper

__all__ = ["hand_in", "spell"]


def spell(values: Numbers, digits: Digits, zeros: bool) -> str:
    """One sheet's array as nested lists of numbers, each to the digits."""
    if not values.ndim:
        return _number(float(values), digits, zeros)
    return f"[{', '.join(spell(part, digits, zeros) for part in values)}]"


def _number(value: float, digits: Digits, zeros: bool) -> str:
    if not np.isfinite(value):
        return json.dumps(str(value))
    return digits.text(value, zeros)


def hand_in(paper: Paper, sheet: int, problem: str, zeros: bool = True) -> Submission:
    """What one student hands in. The paper's digits must be known."""
    if paper.digits is None:
        raise ValueError("an exact paper has no digits to write")
    digits = paper.digits
    answers = ", ".join(
        f"{json.dumps(name)}: {spell(values[sheet], digits, zeros)}"
        for name, values in paper.written.items()
        if paper.on_sheet[name][sheet]
    )
    text = f'{{"problem": {json.dumps(problem)}, "answers": {{{answers}}}}}'
    return parse_submission(text, "ada.json")
