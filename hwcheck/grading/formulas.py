"""Marking a formula: it is right if it gives the right numbers wherever it is tried.

The student's expression is built over the names that the question allows and over nothing else: those names are bare
quantities that numbers are put into, so that neither the reference nor anything behind the answer can be reached.
Shapes are compared before any value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property, partial
from typing import Any, NamedTuple

import numpy as np

from hwcheck.errors import Fault, InputError
from hwcheck.graph.cost import operations
from hwcheck.graph.evaluate import Plan
from hwcheck.graph.node import Array, Constant, Node, Quantity, Shape, order
from hwcheck.graph.op import Misfit
from hwcheck.graph.options import spell_shape
from hwcheck.language.build import Scope, build
from hwcheck.language.printer import to_text
from hwcheck.language.source import Source
from hwcheck.limits import FORMULA, FORMULA_OPERATIONS
from hwcheck.located import Scalar
from hwcheck.ops.catalogue import ops
from hwcheck.ops.shapes import broadcast
from hwcheck.problem.model import Problem, Question
from hwcheck.reference import drawn_numbers

__all__ = ["FormulaMarker", "FormulaVerdict"]

POINTS = 8
DRAWN = 4 * POINTS  # enough that some are left where a ReLU is not dead
# Both sides are computed in float64 by different routes; a formula that is wrong is wrong by far more than this.
AGREEMENT = 1e-7
MOST_ENTRIES = 5_000_000


class FormulaVerdict(NamedTuple):
    """What a formula was found to be, and why."""

    verdict: str
    note: str = ""
    given_shape: Shape | None = None
    fault: Fault | None = None


class FormulaMarker:
    """Marks formulas for one problem; the points at which they are tried are drawn once."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        # The names of the problem as bare quantities: no body, no numbers.
        self._bare = {name: Quantity(name, shape=known.shape) for name, known in problem.all_quantities().items()}

    @cached_property
    def _values(self) -> Mapping[str, Array]:
        """Every quantity at the drawn points, ``(DRAWN, *shape)`` each."""
        quantities = self._problem.all_quantities()
        results = Plan(quantities.values()).run(drawn_numbers(self._problem, DRAWN))
        return {
            name: np.broadcast_to(values, (DRAWN, *values.shape[1:]))
            for name, values in zip(quantities, results, strict=True)
        }

    def _telling_points(self, question: Question) -> np.ndarray[tuple[int, ...], np.dtype[np.int_]]:
        """The points to try a formula at: where the answer is not 0 everywhere, for there any factor would be right."""
        expected = self._values[question.name].reshape(DRAWN, -1)
        telling = np.flatnonzero(np.isfinite(expected).all(axis=1) & expected.any(axis=1))
        return telling[:POINTS] if len(telling) else np.arange(POINTS)

    def mark(self, question: Question, text: Scalar) -> FormulaVerdict:
        """Build the formula, compare its shape, try it."""
        indices = _indices(question)
        try:
            node = self._build(question, text, indices)
        except InputError as error:
            fault = error.faults[0]
            if isinstance(error.__cause__, Misfit) and error.__cause__.clash:
                advice = "; one entry is asked, so each array needs its indices" if indices else ""
                return FormulaVerdict("wrong shape", fault.message + advice)
            return FormulaVerdict("unreadable", fault.message, fault=fault)
        told = _wrong_shape(question, node)
        if told:
            return FormulaVerdict("wrong shape", told, node.shape)
        return self._try(question, node, indices)

    def _build(self, question: Question, text: Scalar, indices: Mapping[str, Quantity]) -> Node:
        source = Source(text.text, text.location.after(int(text.quoted)), FORMULA)
        bare = {name: quantity for name, quantity in self._bare.items() if name.isidentifier()}
        sizes = {name: float(size) for name, size in self._problem.dims.items()}
        aliases = {name: self._bare[part.quantity] for name, part in self._problem.names.items() if not part.index}
        forms = {form: partial(self._named, question, form) for form in ("grad", "jacobian")}
        scope = Scope({**sizes, **aliases, **bare, **indices}, ops(), forms)
        node = build(source, scope)
        allowed = {self._bare[name] for name in question.using} | set(indices.values())
        for leaf in order([node]):
            if isinstance(leaf, Quantity) and leaf not in allowed:
                found = re.search(rf"(?<!\w){re.escape(leaf.name)}(?!\w)", text.text)
                column = found.start() if found else 0
                raise source.fault(
                    column, f"{leaf.name} may not be used here; the formula is made of {_listed(question)}"
                )
        return node

    def _named(self, question: Question, form: str, *arguments: Node, **options: Any) -> Node:
        """``grad(X)`` and ``jacobian(Y, X)`` in a formula are names, which stand for what the question allows."""
        names = [argument.name for argument in arguments if isinstance(argument, Quantity)]
        if len(names) < len(arguments) or options:
            raise Misfit(f"{form} takes the names of quantities here, nothing else")
        name = f"{form}({', '.join(names)})"
        if name not in self._bare:
            raise Misfit(f"{name} may not be used here; the formula is made of {_listed(question)}")
        return self._bare[name]

    def _try(self, question: Question, node: Node, indices: Mapping[str, Quantity]) -> FormulaVerdict:
        plan = Plan([node])
        if plan.entries * POINTS > MOST_ENTRIES or operations(node) > FORMULA_OPERATIONS:
            return FormulaVerdict("unreadable", "the formula would take too long to work out")
        points = self._telling_points(question)
        numbers = {self._bare[name]: self._values[name][points] for name in question.using}
        for axis, quantity in enumerate(indices.values()):
            numbers[quantity] = np.arange(float(question.shape[axis])).reshape(1, *quantity.shape)
        (values,) = plan.run(numbers)
        expected = self._values[question.name][points]
        shape = expected.shape
        values = np.broadcast_to(values.reshape(values.shape[:1] + _padded(node.shape, question.shape)), shape)
        agrees = _agree(values, expected)
        if agrees.all():
            return FormulaVerdict("right")
        if np.isnan(values).any():
            return FormulaVerdict("wrong", "it has no value at some entries: an index out of range, or 0 / 0")
        return FormulaVerdict("wrong", "it gives other numbers where it is tried")


def _agree(values: Array, expected: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """At which points a formula gives the expected numbers, entry by entry and within float64's noise."""
    axes = tuple(range(1, expected.ndim))
    scale = np.max(np.abs(expected), axis=axes, initial=0.0, keepdims=True)
    with np.errstate(invalid="ignore"):
        near = np.abs(values - expected) <= AGREEMENT * np.maximum(np.abs(expected), 1e-3 * scale)
    result: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = near.all(axis=axes)
    return result


def _indices(question: Question) -> dict[str, Quantity]:
    """The index names, each an array that runs along its own axis of the answer."""
    rank = len(question.shape)
    return {
        name: Quantity(name, shape=(1,) * axis + (question.shape[axis],) + (1,) * (rank - axis - 1))
        for axis, name in enumerate(question.indices)
    }


def _padded(shape: Shape, wanted: Shape) -> Shape:
    return (1,) * (len(wanted) - len(shape)) + shape


def _wrong_shape(question: Question, node: Node) -> str:
    """What is wrong with the shape of a formula; nothing if it fits."""
    asked = spell_shape(question.shape)
    if not question.indices:
        constant = " (a fixed number)" if isinstance(node, Constant) else ""
        return "" if node.shape == question.shape else f"it gives {spell_shape(node.shape)}{constant}, {asked} is asked"
    fits = not node.shape or len(node.shape) == len(question.shape)
    try:
        fits = fits and broadcast("a", "b")(node.shape, question.shape) == question.shape
    except Misfit:
        fits = False
    if fits:
        return ""
    return (
        f"an entry is asked, a single number for each {', '.join(question.indices)}: {to_text(node)[:60]} is an array"
    )


def _listed(question: Question) -> str:
    return ", ".join([*question.using, *question.indices]) or "numbers alone"
