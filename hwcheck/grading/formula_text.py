"""Reading a formula: from the student's text to an expression over the names that the question allows.

Those names are bare quantities that numbers are put into, so that neither the reference nor anything behind the answer
can be reached. What else is named is refused, and told why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from hwcheck.graph.evaluate import Plan
from hwcheck.graph.node import Array, Constant, Node, Quantity, Shape, order
from hwcheck.graph.op import Misfit
from hwcheck.graph.options import spell_shape
from hwcheck.language.build import Scope, build
from hwcheck.language.derivatives import use_name
from hwcheck.language.printer import to_text
from hwcheck.language.source import Source
from hwcheck.limits import FORMULA
from hwcheck.located import Scalar
from hwcheck.ops.catalogue import ops
from hwcheck.ops.shapes import broadcast
from hwcheck.problem.model import Problem, Question

__all__ = ["Formula", "FormulaReader", "wrong_shape"]

LONGEST = 60  # characters of a formula in a message
MOST_SUBSCRIPTS = 2  # of names such as W_jk
# How students write "1 where the indices are equal, else 0".
DELTAS = ("delta", "kronecker", "kronecker_delta", "δ")
# And a condition as a number; it is one already, and for any other number they do what Python's functions do.
INDICATORS: Mapping[str, Callable[[Node], Node]] = {
    "indicator": lambda node: ops()["!="](node, 0.0),
    "bool": lambda node: ops()["!="](node, 0.0),
    "int": lambda node: ops()["trunc"](node),
    "float": lambda node: node,
}


class Formula(NamedTuple):
    """A formula that could be read: ``node`` over bare quantities, for an answer of ``shape``.

    ``indices`` are the index names in the order of the axes that they run along.
    """

    node: Node
    shape: Shape
    indices: Mapping[str, Quantity]

    @property
    def names(self) -> frozenset[str]:
        """The quantities that it is made of, without the indices."""
        indices = set(self.indices.values())
        leaves = order([self.node])
        return frozenset(leaf.name for leaf in leaves if isinstance(leaf, Quantity) and leaf not in indices)

    def values(self, numbers: Mapping[str, Array], first_index: int = 0) -> Array:
        """What it gives for numbers of its names, ``(points, *shape)`` each: ``(points, *shape)``, or its own shape.

        Its own shape stays where that is not the shape of an answer. Indices count from ``first_index``.
        """
        put_in: dict[Quantity, Array] = {}
        for axis, quantity in enumerate(self.indices.values()):
            counted = first_index + np.arange(float(self.shape[axis]))
            put_in[quantity] = counted.reshape(1, *quantity.shape)
        plan = Plan([self.node])
        put_in |= {quantity: numbers[quantity.name] for quantity in plan.feeds if quantity not in put_in}
        (values,) = plan.run(put_in)
        points = max(map(len, put_in.values()), default=1)
        shape = self.node.shape
        if shape != self.shape and _fits(shape, self.shape):
            entry = _entry(shape, self.shape)
            values = values.reshape(len(values), *(1,) * (len(self.shape) - len(entry)), *entry)
            shape = self.shape
        return np.broadcast_to(values, (points, *shape))


class FormulaReader:
    """Reads the formulas of one problem."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._quantities = problem.all_quantities()
        # The names of the problem as bare quantities: no body, no numbers.
        self._bare = {name: Quantity(name, shape=known.shape) for name, known in self._quantities.items()}
        aliases = {name: self._bare[part.quantity] for name, part in problem.names.items() if not part.index}
        sizes = {name: float(size) for name, size in problem.dims.items()}
        self._names: Mapping[str, Node | float] = {**sizes, **aliases, **self._bare}
        self._families: dict[str, list[str]] = {}
        for name in problem.quantities:
            if member := re.fullmatch(r"(\w+)\[[^\]]*\]", name):
                self._families.setdefault(member[1], []).append(name)

    def read(self, question: Question, text: Scalar, indices: Sequence[str] | None = None) -> Formula:
        """The formula; ``indices`` may name the axes in another order. Raises InputError with the place in the text."""
        axes = _axes(question, question.indices if indices is None else indices)
        source = Source(text.text, text.location.after(int(text.quoted)), FORMULA)
        forms: dict[str, Callable[..., Node]] = {
            form: partial(self._named, question, form) for form in ("grad", "jacobian")
        }
        known = {**self._entries(question, axes), **self._names, **axes}
        forms |= {name: _delta for name in DELTAS if name not in known and axes}
        forms |= {name: partial(_of_one, form) for name, form in INDICATORS.items() if name not in known}
        node = build(source, Scope(known, ops(), forms, families=self._families))
        allowed = {self._bare[name] for name in question.using} | set(axes.values())
        for leaf in order([node]):
            if isinstance(leaf, Quantity) and leaf not in allowed:
                found = re.search(rf"(?<!\w){re.escape(leaf.name)}(?!\w)", text.text)
                raise source.fault(found.start() if found else 0, self._why_not(question, leaf.name))
        return Formula(node, question.shape, axes)

    def _entries(self, question: Question, axes: Mapping[str, Quantity]) -> dict[str, Node]:
        """Entries by the names that students give them: ``h_j`` is h[j], ``W_jk`` is W[j, k]."""
        names = {name: name for name in question.using}
        names |= {name: part.quantity for name, part in self._problem.names.items() if not part.index}
        entries: dict[str, Node] = {}
        for name, quantity in names.items():
            bare = self._bare[quantity]
            if name.isidentifier() and 1 <= len(bare.shape) <= MOST_SUBSCRIPTS:
                for chosen in product(axes, repeat=len(bare.shape)):
                    entries[f"{name}_{''.join(chosen)}"] = ops()["pick"](bare, [axes[index] for index in chosen])
        return entries

    def _why_not(self, question: Question, name: str) -> str:
        """Why a formula may not hold a name."""
        made_of = f"the formula is made of {_listed(question)}"
        named = self._quantities.get(name)
        asked = _core(question.quantity)
        if named is not None and _core(named) is asked:
            return f"{name}: this is what is asked, not how it is computed; {made_of}"
        if named is not None and asked in order([named]):
            return f"{name} follows from what is asked and may not be used here; {made_of}"
        return f"{name} may not be used here; {made_of}"

    def _named(self, question: Question, form: str, *arguments: Node, **options: Any) -> Node:
        """``grad(X)`` and ``jacobian(Y, X)`` in a formula are names, which stand for what the question allows."""
        names = [argument.name for argument in arguments if isinstance(argument, Quantity)]
        if len(names) < len(arguments) or not names:
            raise Misfit(f"{form} takes the names of quantities here, nothing else")
        if form == "grad" and len(names) == 2 and names[0] == self._problem.loss:
            del names[0]
        names[-1] = use_name(names[-1], options)
        name = f"{form}({', '.join(names)})"
        if name not in self._bare:
            raise Misfit(self._why_not(question, name))
        return self._bare[name]


def _core(quantity: Quantity) -> Node:
    """What a quantity is, whatever name it is asked under."""
    node: Node = quantity
    while isinstance(node, Quantity) and isinstance(node.body, Quantity):
        node = node.body
    return node


def _axes(question: Question, indices: Sequence[str]) -> dict[str, Quantity]:
    """The index names, each an array that runs along its own axis of the answer."""
    rank = len(question.shape)
    return {
        name: Quantity(name, shape=(1,) * axis + (question.shape[axis],) + (1,) * (rank - axis - 1))
        for axis, name in enumerate(indices)
    }


def _delta(*indices: Node, **options: Any) -> Node:
    """1 where two indices are equal, else 0."""
    if len(indices) != 2 or options:
        raise Misfit(f"delta takes two indices, delta(i, j), not {len(indices)}")
    return ops()["=="](*indices)


def _of_one(form: Callable[[Node], Node], *condition: Node, **options: Any) -> Node:
    if len(condition) != 1 or options:
        raise Misfit("one condition belongs in the brackets, such as i == j")
    return form(condition[0])


def _listed(question: Question) -> str:
    return ", ".join([*question.using, *question.indices]) or "numbers alone"


def _entry(shape: Shape, wanted: Shape) -> Shape:
    """A shape without the axis that brackets around a condition put in front: ``[i == k] * h[j]``."""
    front = len(shape) - len(wanted)
    return shape[front:] if front > 0 and set(shape[:front]) == {1} else shape


def _fits(shape: Shape, wanted: Shape) -> bool:
    """Whether an entrywise formula of this shape gives an entry for each place of the answer."""
    shape = _entry(shape, wanted)
    try:
        return (not shape or len(shape) == len(wanted)) and broadcast("a", "b")(shape, wanted) == wanted
    except Misfit:
        return False


def wrong_shape(question: Question, node: Node) -> str:
    """What is wrong with the shape of a formula, and what it looks like; nothing if it fits."""
    if question.indices:
        listed = ", ".join(question.indices)
        told = to_text(node)
        told = told if len(told) <= LONGEST else told[: LONGEST - 3] + "..."
        rule = f"an entry is asked, a single number for each {listed}: {told} is an array"
        return "" if _fits(node.shape, question.shape) else rule
    if node.shape == question.shape:
        return ""
    constant = " (a fixed number)" if isinstance(node, Constant) else ""
    return (
        f"it gives {spell_shape(node.shape)}{constant}, {spell_shape(question.shape)} is asked"
        f"{_looks(node.shape, question.shape, node.size)}"
    )


def _looks(given: Shape, wanted: Shape, size: int) -> str:
    if len(given) > 1 and given == wanted[::-1]:
        return "; it looks transposed"
    if size == int(np.prod(wanted)) and [n for n in given if n != 1] == [n for n in wanted if n != 1]:
        return "; axes of length 1 are too many or missing"
    if size == int(np.prod(wanted)) and len(given) < len(wanted):
        return "; it looks flattened"
    if sorted(given) == sorted(wanted):
        return "; its axes look exchanged"
    if not given:
        return "; it looks summed up"
    return ""
