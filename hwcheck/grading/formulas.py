"""Marking a formula: it is right if it gives the right numbers wherever it is tried.

What the student wrote is read (hwcheck/grading/formula_text.py), shapes are compared before any value, and then it is
worked out at drawn points (hwcheck/grading/points.py). Why a wrong one is wrong is looked for only then
(hwcheck/grading/formula_causes.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from hwcheck.errors import Fault, InputError
from hwcheck.grading.carried_steps import Carried, carried_through, steps_between
from hwcheck.grading.formula_causes import Trial, cause_of_layout, explanations, structural_cause
from hwcheck.grading.formula_text import Formula, FormulaReader, wrong_shape
from hwcheck.grading.points import AIM, Points, agree
from hwcheck.grading.result import Cause
from hwcheck.graph.cost import operations
from hwcheck.graph.evaluate import Plan
from hwcheck.graph.node import Array, Constant, Quantity, Shape
from hwcheck.graph.op import Misfit
from hwcheck.limits import FORMULA_OPERATIONS
from hwcheck.located import Scalar
from hwcheck.problem.model import Problem, Question
from hwcheck.reference import solve

__all__ = ["FormulaMarker", "FormulaVerdict"]

MOST_ENTRIES = 5_000_000


class FormulaVerdict(NamedTuple):
    """What a formula was found to be, and why.

    ``cause`` is the one thing that explains what is wrong, ``candidates`` are those that do where it is not one;
    ``formula`` is what was read, where it could be.
    """

    verdict: str
    note: str = ""
    given_shape: Shape | None = None
    fault: Fault | None = None
    cause: Cause | None = None
    candidates: tuple[Cause, ...] = ()
    formula: Formula | None = None


class FormulaMarker:
    """Marks formulas for one problem; the points at which they are tried are drawn once."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._reader = FormulaReader(problem)
        self._quantities = problem.all_quantities()
        self._wrong: dict[str, list[Carried]] = {}

    @cached_property
    def _starts(self) -> list[Quantity]:
        """The upstream gradients whose numbers the problem states."""
        gradients = [self._problem.gradients[name] for name in self._problem.starts]
        return [gradient for gradient in gradients if isinstance(gradient.body, Constant) and gradient.shape]

    def _known(self, question: Question) -> list[Quantity]:
        """The quantities that a formula may be made of."""
        return [self._quantities[name] for name in question.using]

    def _typed(self, question: Question) -> bool:
        """Whether a formula needs the stated upstream gradient, so that its numbers must be typed in."""
        return not set(self._starts).isdisjoint(steps_between(question.quantity, self._known(question)))

    @cached_property
    def _drawn(self) -> Mapping[str, Points]:
        """The points of each formula question. Those of all that take the upstream gradient by its name are one."""
        formulas = [question for question in self._problem.questions if question.answer == "formula"]
        typed = [question.quantity for question in formulas if self._typed(question)]
        named = [question.quantity for question in formulas if not self._typed(question)]
        stated, drawn = Points(self._problem, typed), Points(self._problem, named, self._starts)
        return {asked.name: stated for asked in typed} | {asked.name: drawn for asked in named}

    @cached_property
    def _stated(self) -> Mapping[str, Array]:
        """The right values at the numbers that the problem states, ``(1, *shape)`` each."""
        return {name: values[np.newaxis] for name, values in solve(self._problem).values.items()}

    def weak(self, question: Question) -> str:
        """Why the points at which a formula is tried say too little; nothing where they are enough."""
        return self._drawn[question.name].telling(question.name).weak

    def mark(self, question: Question, text: Scalar) -> FormulaVerdict:
        """Build the formula, compare its shape, try it."""
        try:
            formula = self._reader.read(question, text)
        except InputError as error:
            fault = error.faults[0]
            if isinstance(error.__cause__, Misfit) and error.__cause__.clash:
                return FormulaVerdict("wrong shape", fault.message + _advice(question, fault.message))
            return FormulaVerdict("unreadable", fault.message, fault=fault)
        rows: Sequence[int] = self._drawn[question.name].telling(question.name).rows
        plan = Plan([formula.node])
        if plan.entries * AIM > MOST_ENTRIES or operations(formula.node) > FORMULA_OPERATIONS:
            return FormulaVerdict("unreadable", "the formula would take too long to work out")
        if plan.entries * len(rows) > MOST_ENTRIES:
            rows = rows[:AIM]
        told = wrong_shape(question, formula.node)
        if told:
            cause = cause_of_layout(self._trial(question, formula, rows))
            return FormulaVerdict("wrong shape", told, formula.node.shape, cause=cause, formula=formula)
        trial = self._trial(question, formula, rows)
        if agree(trial.yours, trial.expected).all():
            return FormulaVerdict("right", formula=formula)
        found = self._explained(trial, text)
        return FormulaVerdict(
            "wrong",
            _note(trial),
            cause=found[0] if len(found) == 1 else None,
            candidates=found if len(found) > 1 else (),
            formula=formula,
        )

    def _trial(self, question: Question, formula: Formula, rows: Sequence[int]) -> Trial:
        points = self._drawn[question.name]
        numbers = {name: points.values(name, rows) for name in question.using}
        return Trial(question, formula, formula.values(numbers), points.values(question.name, rows), numbers)

    def _explained(self, trial: Trial, text: Scalar) -> tuple[Cause, ...]:
        """What explains a wrong formula: one cause, several candidates, or nothing."""
        question = trial.question
        if question.name not in self._wrong:
            self._wrong[question.name] = self._wrong_runs(
                question, self._drawn[question.name].telling(question.name).rows
            )
        found = explanations(trial, self._wrong[question.name])
        structural = None if found else structural_cause(trial, text, self._reader, self._stated)
        return (structural,) if structural else found

    def _wrong_runs(self, question: Question, rows: Sequence[int]) -> list[Carried]:
        """What each wrong step makes of the asked quantity at the points: the same for every student."""
        asked = question.quantity
        if Plan([asked]).entries * len(rows) > MOST_ENTRIES or operations(asked) > FORMULA_OPERATIONS // 10:
            return []
        known = [*self._known(question), *([] if self._typed(question) else self._starts)]
        fed = [quantity for quantity in self._quantities.values() if quantity.body is None]
        points = self._drawn[question.name]
        numbers = {quantity: points.values(quantity.name, rows) for quantity in (*fed, *known)}
        return list(carried_through(self._problem, asked, known, numbers))


def _advice(question: Question, clash: str) -> str:
    """What may help where shapes do not fit together."""
    if question.indices:
        return "; one entry is asked, so each array needs its indices"
    lengths = re.findall(r"\d+", clash)
    if len(question.shape) == 2 and all(str(length) in lengths for length in question.shape):
        return "; every entry of one vector times every entry of another is outer(a, b)"
    return ""


def _note(trial: Trial) -> str:
    """What is to be said of a wrong formula, from the formula alone."""
    if not trial.formula.names and trial.question.using:
        return f"it is made of fixed numbers: a formula made of {', '.join(trial.question.using)} is asked"
    if np.isnan(trial.yours).any():
        return "it has no value at some entries: an index out of range, or 0 / 0"
    if np.isinf(trial.yours).any():
        return "it gives infinity where it is tried: a division by 0, or numbers far too large"
    return "it gives other numbers where it is tried"
