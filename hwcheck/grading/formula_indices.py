"""Indices in a wrong formula: in another order, counted from 1, or one where another belongs.

The formula is read again with its indices moved; where it is right then, that is what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, permutations
from typing import NamedTuple

from hwcheck.errors import InputError
from hwcheck.grading.formula_text import Formula, FormulaReader
from hwcheck.grading.points import agree
from hwcheck.graph.cost import operations
from hwcheck.graph.evaluate import Plan
from hwcheck.graph.node import Array
from hwcheck.limits import FORMULA_OPERATIONS
from hwcheck.located import Scalar
from hwcheck.problem.model import Question

__all__ = ["Moved", "moved_indices"]

MOST_ORDERED = 4  # so many indices are tried in every order
MOST_TRIED = 60


class Moved(NamedTuple):
    """What is wrong with the indices: an id, a sentence, and which index it is."""

    id: str
    says: str
    detail: str = ""


class IndexTrial(NamedTuple):
    """A formula with indices as it was written, the numbers it was tried with, and the right values there."""

    question: Question
    formula: Formula
    text: Scalar
    reader: FormulaReader
    numbers: dict[str, Array]
    expected: Array

    def right(self, formula: Formula | None, first_index: int = 0) -> bool:
        """Whether a variant of the formula is right."""
        if formula is None:
            return False
        values = formula.values(self.numbers, first_index)
        return values.shape == self.expected.shape and bool(agree(values, self.expected).all())

    def read(self, text: str, order: tuple[str, ...]) -> Formula | None:
        """The formula with another text, or with its indices along the axes in another order."""
        try:
            return self.reader.read(self.question, self.text._replace(text=text), order)
        except InputError:
            return None


def moved_indices(trial: IndexTrial) -> Moved | None:
    """What is wrong with the indices of a formula; None where they are not what is wrong.

    No more variants are tried than the cost of the formula allows.
    """
    names = trial.question.indices
    if not names:
        return None
    cost = max(operations(trial.formula.node), Plan([trial.formula.node]).entries, 1)
    tried = min(MOST_TRIED, FORMULA_OPERATIONS // cost)
    if tried and trial.right(trial.formula, first_index=1):
        return Moved("counted-from-1", "the indices are counted from 1: here they count from 0")
    for moved, formula in islice(_variants(trial), tried):
        if trial.right(formula):
            return moved
    return None


def _variants(trial: IndexTrial) -> Iterator[tuple[Moved, Formula | None]]:
    """The formula with its indices moved, the smallest changes first, and what is wrong with it if that is right."""
    names = trial.question.indices
    for order in _orders(names):
        changed = [name for name, other in zip(names, order, strict=True) if name != other]
        listed = ", ".join(changed[:-1]) + f" and {changed[-1]}"
        how = "exchanged" if len(changed) == 2 else "in another order"
        moved = Moved("indices-exchanged", f"the indices {listed} are {how}")
        yield moved, trial.read(trial.text.text, order)
    says = "one index stands where another belongs"
    for place, found in enumerate(
        re.finditer(rf"(?<![\w.])(?:{'|'.join(map(re.escape, names))})(?!\w)", trial.text.text)
    ):
        for name in names:
            if name != found[0]:
                text = trial.text.text[: found.start()] + name + trial.text.text[found.end() :]
                detail = f"{name} belongs where {found[0]} stands as index number {place + 1} of the formula"
                yield Moved("another-index", says, detail), trial.read(text, names)


def _orders(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Every other order of the indices, those that move the fewest first; of many indices only two are exchanged."""
    places = range(len(names))
    if len(names) <= MOST_ORDERED:
        orders = list(permutations(names))
    else:
        swaps = [(i, j) for i in places for j in places if i < j]
        orders = [tuple(names[{i: j, j: i}.get(k, k)] for k in places) for i, j in swaps]
    moves = {order: sum(a != b for a, b in zip(names, order, strict=True)) for order in orders}
    return sorted((order for order in orders if moves[order]), key=lambda order: moves[order])
