"""Values and gradients that a hand or a book gives: what a line of such a table is made of, and how it is checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pytest

from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.node import Array, Node, Quantity
from hwcheck.graph.op import Steps
from tests.support.finite_differences import gradients
from tests.support.op_records import OPS, called, quantities

__all__ = ["BY_HAND", "Known", "gradients_of_the_sum", "steps", "values"]

BY_HAND = "by hand"


class Known(NamedTuple):
    """An op, its inputs, its options, what comes out, and who says so."""

    name: str
    inputs: list[Any]
    options: dict[str, Any]
    expected: Any
    source: str = BY_HAND


def _for_each(table: Sequence[Known], check: Callable[[Known], None]) -> Callable[[Known], None]:
    """A test with a case for each line of a table."""

    def test(known: Known) -> None:
        check(known)

    names = [f"{known.name}-{i}" for i, known in enumerate(table)]
    cases: Callable[[Known], None] = pytest.mark.parametrize("known", table, ids=names)(test)
    return cases


def values(table: Sequence[Known]) -> Callable[[Known], None]:
    """The test that each op has the value of its line."""
    return _for_each(table, _check_value)


def gradients_of_the_sum(table: Sequence[Known]) -> Callable[[Known], None]:
    """The test that the sum of all entries has the gradients of its line, one for each input.

    None is expected of an input that no gradient arrives at.
    """
    return _for_each(table, _check_gradients_of_the_sum)


def _called(known: Known) -> tuple[Node, dict[Quantity, Array]]:
    """The node, and the numbers of its inputs."""
    arrays = [np.array(x, dtype=np.float64) for x in known.inputs]
    inputs = quantities(OPS[known.name], [x.shape for x in arrays])
    y = called(OPS[known.name], inputs, known.options)
    return y, {quantity: x[np.newaxis] for quantity, x in zip(inputs, arrays, strict=True)}


def _check_value(known: Known) -> None:
    y, numbers = _called(known)
    np.testing.assert_allclose(evaluate([y], numbers)[0][0], known.expected, rtol=1e-14, atol=1e-15)


def _check_gradients_of_the_sum(known: Known) -> None:
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
    found = evaluate(step.made.values(), {node: x[np.newaxis] for node, x in zip(nodes, arrays, strict=True)})
    return {of.removeprefix("y."): value[0] for of, value in zip(step.made, found, strict=True)}
