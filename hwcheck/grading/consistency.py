"""Formula and numbers of one quantity, both handed in: whether they belong together.

A formula that is right beside numbers that are wrong shows a slip in the arithmetic; numbers that follow from a wrong
formula show that the arithmetic is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from hwcheck.grading.compare import FLOAT_NOISE, SLACK
from hwcheck.grading.formula_text import Formula
from hwcheck.grading.result import MarkedAnswer
from hwcheck.graph.node import Array, Node
from hwcheck.problem.model import Problem, Question

__all__ = ["asked_both_ways", "consistency", "follows", "side_by_side"]


def asked_both_ways(problem: Problem) -> Iterator[tuple[Question, Question]]:
    """Each formula question with a number question for the same quantity, whatever names they are answered under."""
    for formula in problem.questions:
        for numbers in problem.questions:
            if (formula.answer, numbers.answer) == ("formula", "number"):
                bodies: set[Node | None] = {formula.quantity, formula.quantity.body} - {None}
                if not bodies.isdisjoint({numbers.quantity, numbers.quantity.body}):
                    yield formula, numbers


def follows(formula: Formula, names: Mapping[str, Array], yours: Array, below: Array, above: Array) -> bool:
    """Whether all numbers that were handed in follow from a formula.

    ``names`` are the numbers that it is worked out with, each in its quantity's shape: the student's own, and the
    reference where there are none. ``yours`` are the student's numbers (NaN where there is none), which may be
    ``below`` less and ``above`` more than what the formula gives; all three have the answer's shape.
    """
    values = formula.values({name: array[np.newaxis] for name, array in names.items() if name in formula.names})[0]
    answered = ~np.isnan(yours)
    if values.shape != yours.shape or not answered.any():
        return False
    with np.errstate(invalid="ignore", over="ignore"):
        noise = FLOAT_NOISE * np.maximum(np.abs(yours), np.abs(values))
        difference = yours - values
        near = (difference <= above * (1 + SLACK) + noise) & (-difference <= below * (1 + SLACK) + noise)
    return bool(np.where(np.isfinite(values), near, yours == values)[answered].all())


def consistency(
    formula: Formula,
    names: Mapping[str, Array],
    yours: Array,
    below: Array,
    above: Array,
    *,
    formula_right: bool,
    numbers_right: bool,
) -> str:
    """What a formula and numbers for the same quantity say about each other; nothing where both are right.

    The arrays are those of ``follows``. The note is made of the sheet and the verdicts alone.
    """
    if np.isnan(yours).all() or (formula_right and numbers_right):
        return ""
    if formula_right:
        return "the formula is right: an arithmetic slip in the numbers"
    if follows(formula, names, yours, below, above):
        return "the numbers follow from this formula"
    if numbers_right:
        return "the numbers are right, but this formula does not give them"
    return "the numbers do not follow from this formula"


def side_by_side(
    pairs: Iterable[tuple[Question, Question]],
    answers: Sequence[MarkedAnswer],
    formulas: Mapping[str, Formula],
    names: Mapping[str, Array],
) -> tuple[MarkedAnswer, ...]:
    """The answers of a sheet, with a note at both where a quantity was answered as a formula and as numbers.

    ``pairs`` are those of ``asked_both_ways``, ``formulas`` what was read, by question, and ``names`` the numbers that
    formulas are worked out with.
    """
    noted = {answer.question.name: answer for answer in answers}
    for of_formula, of_numbers in pairs:
        formula, numbers = noted[of_formula.name], noted[of_numbers.name]
        compared = numbers.comparison
        if of_formula.name not in formulas or compared is None:
            continue
        note = consistency(
            formulas[of_formula.name],
            names,
            compared.yours,
            compared.below,
            compared.above,
            formula_right=formula.verdict == "right",
            numbers_right=not compared.wrong.any(),
        )
        for answer in (formula, numbers) if note else ():
            both = "; ".join(filter(None, [answer.note, note]))
            noted[answer.question.name] = answer._replace(note=both)
    return tuple(noted.values())
