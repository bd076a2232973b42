"""What makes numbers of a problem senseless: labels out of range, masks that hide everything, log of 0, division by 0.

Shapes are checked when the file is read; this looks at the values, and says which quantity and which entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from hwcheck.errors import Fault, Location
from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.node import Array, Call, Node, Quantity, needs, order
from hwcheck.language.printer import number_text, to_text
from hwcheck.problem.model import Problem

__all__ = ["NotFinite", "not_finite", "outside_domain", "seen_from"]

LONGEST = 60  # characters of an expression in a message


def seen_from(node: Node) -> tuple[Node, ...]:
    """What a node is computed from, with the arguments of composite calls as they are written."""
    return (*needs(node), *node.inputs) if isinstance(node, Call) else needs(node)


def outside_domain(problem: Problem, numbers: Mapping[Quantity, Array]) -> list[Fault]:
    """What is wrong with the numbers that ops are given, by the ops' own rules (``Op.domain``), each told once.

    Gradients are left out: the ops in them are given the numbers that the lines are given. Where several ops say the
    same of the same numbers, such as a loss and its inner step, the last one says it. Numbers that are drawn are no
    fault of the file; lint tells what cannot be drawn.
    """
    drawn = {problem.quantities[name] for name in (*problem.inputs, *problem.weights) if name not in problem.values}
    derivatives = ("grad(", "jacobian(")
    asked = {
        question.name: question.quantity
        for question in problem.questions
        if not question.quantity.name.startswith(derivatives)
    }
    places = {question.name: question.location for question in problem.questions} | dict(problem.places)
    calls: dict[Call, Location] = {}
    for name, quantity in {**problem.quantities, **asked}.items():
        for node in order([quantity.body] if quantity.body else [], below=_written_within):
            if isinstance(node, Call) and node.op.domain is not None:
                calls.setdefault(node, places.get(name, problem.location))
    arrays = iter(evaluate([input_ for call in calls for input_ in call.inputs], numbers) if calls else [])
    faults: dict[str, Fault] = {}
    for call, place in calls.items():
        assert call.op.domain is not None  # noqa: S101  chosen so
        values = {name: next(arrays)[0] for name in call.names}
        for message in call.op.domain(*_by_parameter(call, values), **call.options):
            if not drawn.isdisjoint(order(_blamed(call, message))):
                continue
            told = message
            for name, input_ in zip(call.names, call.inputs, strict=True):
                told = told.replace("{" + name + "}", _short(input_))
            faults[told] = Fault(place, f"{call.op.name}: {told}")
    return list(faults.values())


def _blamed(call: Call, message: str) -> list[Node]:
    """The argument whose numbers a message finds fault with, which is the first that it names; or all of them."""
    named = [(message.find("{" + name + "}"), input_) for name, input_ in zip(call.names, call.inputs, strict=True)]
    found = [(place, input_) for place, input_ in named if place >= 0]
    return [min(found, key=lambda pair: pair[0])[1]] if found else list(call.inputs)


def _by_parameter(call: Call, values: Mapping[str, Array]) -> list[Array | None]:
    """A call's arrays, with None for one that is left out before others."""
    tensors = [parameter.name for parameter in call.op.parameters if parameter.kind == "tensor"]
    while tensors and tensors[-1] not in values:
        tensors.pop()
    in_list = [array for name, array in values.items() if name not in tensors]
    return [*map(values.get, tensors), *in_list]


class NotFinite(NamedTuple):
    """A quantity that is infinite or undefined although what it is computed from is not: at which entry, and why."""

    quantity: str
    entry: tuple[int, ...]
    value: float
    cause: str

    def __str__(self) -> str:
        at = f" at entry {list(self.entry)}" if self.entry else ""
        return f"{self.quantity} is {self.value:g}{at}: {self.cause}"


def not_finite(problem: Problem, values: Mapping[str, Array], numbers: Mapping[Quantity, Array]) -> Iterator[NotFinite]:
    """The quantities in which a reference becomes infinite or undefined."""
    for name, quantity in problem.all_quantities().items():
        if np.isfinite(values[name]).all() or quantity.body is None:
            continue
        first = tuple(int(i) for i in np.argwhere(~np.isfinite(values[name]))[0])
        cause = _cause(quantity.body, numbers)
        if cause:
            yield NotFinite(name, first, float(values[name][first]), cause)


def _cause(body: Node, numbers: Mapping[Quantity, Array]) -> str:
    """The first part of an expression that makes something infinite or undefined out of finite numbers."""
    calls = [node for node in order([body], below=_within_line) if isinstance(node, Call) and node.body is None]
    results = evaluate(calls, numbers)
    for call, (result,) in zip(calls, results, strict=True):
        inputs = [array[0] for array in evaluate(call.inputs, numbers)]
        if not np.isfinite(result).all() and all(np.isfinite(array).all() for array in inputs):
            first = tuple(int(i) for i in np.argwhere(~np.isfinite(result))[0])
            seen = [
                f"{_short(node)} is {number_text(float(array[first] if array.shape else array))}"
                for node, array in zip(call.inputs, inputs, strict=True)
                if isinstance(node, (Call, Quantity)) and array.shape in (result.shape, ())
            ]
            where = f" where {' and '.join(seen)}" if seen else ""
            return f"{_short(call)} is {float(result[first]):g}{where}"
    return ""


def _within_line(node: Node) -> tuple[Node, ...]:
    return () if isinstance(node, Quantity) else needs(node)


def _written_within(node: Node) -> tuple[Node, ...]:
    """What an expression is made of, without the insides of a call that itself tells what is wrong with its numbers."""
    if isinstance(node, Call) and node.op.domain is not None:
        return node.inputs
    return () if isinstance(node, Quantity) else seen_from(node)


def _short(node: Node) -> str:
    text = to_text(node)
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
