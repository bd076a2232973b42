"""Values and gradients that a hand or a book gives: what a line of such a table is made of, and how it is checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.node import Array, Node, Quantity
from hwcheck.graph.op import Steps
from tests.support.finite_differences import gradients
from tests.support.op_records import OPS, called, quantities

__all__ = ["BY_HAND", "Known", "check_gradient_of_the_sum", "check_value", "ids", "steps"]

BY_HAND = "by hand"


class Known(NamedTuple):
    """An op, its inputs, its options, what comes out, and who says so."""

    name: str
    inputs: list[Any]
    options: dict[str, Any]
    expected: Any
    source: str = BY_HAND


def ids(table: Sequence[Known]) -> list[str]:
    return [f"{known.name}-{i}" for i, known in enumerate(table)]


def _called(known: Known) -> tuple[Node, dict[Quantity, Array]]:
    """The node, and the numbers of its inputs."""
    arrays = [np.array(x, dtype=np.float64) for x in known.inputs]
    inputs = quantities(OPS[known.name], [x.shape for x in arrays])
    y = called(OPS[known.name], inputs, known.options)
    return y, {quantity: x[np.newaxis] for quantity, x in zip(inputs, arrays, strict=True)}


def check_value(known: Known) -> None:
    y, numbers = _called(known)
    np.testing.assert_allclose(evaluate([y], numbers)[0][0], known.expected, rtol=1e-14, atol=1e-15)


def check_gradient_of_the_sum(known: Known) -> None:
    """The gradient of the sum of all entries; None is expected of an input that none arrives at."""
    y, numbers = _called(known)
    found = gradients([y], [np.ones(y.shape)])
    for quantity, expected in zip(numbers, known.expected, strict=True):
        if expected is None:
            assert quantity not in found
        else:
            np.testing.assert_allclose(evaluate([found[quantity]], numbers)[0][0], expected, rtol=1e-14, atol=1e-15)


def steps(name: str, inputs: Sequence[Any], options: Mapping[str, Any]) -> dict[str, Array]:
    """The values of the named steps of a composite op."""
    arrays = [np.array(x, dtype=np.float64) for x in inputs]
    nodes = quantities(OPS[name], [x.shape for x in arrays])
    step = Steps("y")
    called(OPS[name], nodes, options, step)
    values = evaluate(step.made.values(), {node: x[np.newaxis] for node, x in zip(nodes, arrays, strict=True)})
    return {of.removeprefix("y."): value[0] for of, value in zip(step.made, values, strict=True)}
