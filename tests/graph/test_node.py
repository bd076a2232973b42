"""Nodes: Python's operators between them, sizes, the order to visit them in."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.node import Call, Constant, Node, Quantity, as_node, needs, order
from hwcheck.ops.functions import exp
from hwcheck.ops.losses import mse_loss

A = np.array([[1.0, 2, 3], [4, 5, 6]])
B = np.array([[0.5, 2, 4], [1, 5, 7]])

BINARY: list[Callable[[Any, Any], Any]] = [
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    operator.pow,
    operator.gt,
    operator.ge,
    operator.lt,
    operator.le,
]


def value(node: Node, **numbers: Any) -> Any:
    """The value of a node; the numbers are those of the quantities ``a`` and ``b`` below."""
    assert isinstance(node, Node)
    (result,) = evaluate([node], {QUANTITIES[name]: array[np.newaxis] for name, array in numbers.items()})
    return result[0]


QUANTITIES = {"a": Quantity("a", shape=(2, 3)), "b": Quantity("b", shape=(2, 3))}
a, b = QUANTITIES.values()


@pytest.mark.parametrize("apply", BINARY)
def test_operators_mean_what_they_mean_to_numpy(apply: Callable[[Any, Any], Any]) -> None:
    """Between two nodes, a node and a number, a node and an array, on either side."""
    np.testing.assert_allclose(value(apply(a, b), a=A, b=B), apply(A, B), rtol=1e-15)
    for other in (2, 0.5, B, np.float64(3)):
        np.testing.assert_allclose(value(apply(a, other), a=A), apply(A, other), rtol=1e-15)
        np.testing.assert_allclose(value(apply(other, a), a=A), apply(other, A), rtol=1e-15)


def test_the_matrix_product_the_sign_and_the_transpose() -> None:
    np.testing.assert_array_equal(value(a @ B.T, a=A), A @ B.T)
    np.testing.assert_array_equal(value(B.T @ a, a=A), B.T @ A)
    np.testing.assert_array_equal(value(a @ b.T, a=A, b=B), A @ B.T)
    np.testing.assert_array_equal(value(-a, a=A), -A)


def test_numbers_and_arrays_are_constants() -> None:
    assert as_node(a) is a
    for written in (2, 2.0, A, np.float64(3)):
        node = as_node(written)
        assert isinstance(node, Constant)
        assert node.shape == np.shape(written)
        assert node.value.dtype == np.float64


@pytest.mark.parametrize(("shape", "size"), [((), 1), ((4,), 4), ((2, 3, 5), 30)])
def test_size(shape: tuple[int, ...], size: int) -> None:
    assert Quantity("x", shape=shape).size == size


def test_each_node_comes_after_what_it_needs_and_once() -> None:
    h = Quantity("h", exp(a))
    y = h * b - h
    found = order([y, h, y])
    assert len(found) == len(set(found)) == 6  # a, b, exp, h, *, -
    places = {node: place for place, node in enumerate(found)}
    assert places[a] < places[h] < places[y]
    assert places[b] < places[y]


def test_only_the_body_of_a_composition_is_needed() -> None:
    loss = mse_loss(a, b)
    assert isinstance(loss, Call)
    assert needs(loss) == (loss.body,)
    assert {loss, loss.body, a, b} < set(order([loss]))
