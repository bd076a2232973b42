"""What operators simplify must keep its shape and its numbers, and must read as a person would write it."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.node import OPERATORS, Array, Constant, Node, Quantity
from hwcheck.language.printer import to_text
from hwcheck.ops import arithmetic
from hwcheck.ops.arrays import transpose
from hwcheck.ops.matrix import outer
from hwcheck.ops.reductions import broadcast_to

X = Quantity("x", shape=(2, 3))
ROW = Quantity("row", shape=(3,))
S = Quantity("s")
NUMBERS = {X: np.array([[0.5, 2, -3], [4, 1, 7]]), ROW: np.array([2.0, -1, 0.25]), S: np.array(1.5)}
ONES = broadcast_to(Constant(1.0), shape=[2, 3])

# The numbers that a simplification looks for, and what a gradient of a sum begins with.
LEAVES: list[tuple[Node, Array]] = [
    *NUMBERS.items(),
    *((Constant(number), np.array(number)) for number in (0.0, 1.0, -1.0, 2.0)),
    (ONES, np.ones((2, 3))),
    (broadcast_to(S, shape=[2, 3]), np.full((2, 3), 1.5)),
    (broadcast_to(ROW, shape=[2, 3]), np.broadcast_to(NUMBERS[ROW], (2, 3))),
    (broadcast_to(Constant(3.0), shape=[3]), np.full(3, 3.0)),
]
OPERATIONS: list[Callable[..., Any]] = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a / b,
    lambda a, _: -a,
    lambda a, _: a**1,
    lambda a, _: 0 + a,
    lambda a, _: a.T.T,
]


def value(node: Node) -> Array:
    (result,) = evaluate([node], {quantity: number[np.newaxis] for quantity, number in NUMBERS.items()})
    return result[0]  # type: ignore[no-any-return]


@given(st.lists(st.tuples(st.sampled_from(OPERATIONS), st.integers(0, 99), st.integers(0, 99)), max_size=8))
def test_simplified_expressions_keep_their_shape_and_numbers(steps: list[tuple[Callable[..., Any], int, int]]) -> None:
    """Operations on what is there so far, done with nodes and with NumPy."""
    made = list(LEAVES)
    for operation, i, j in steps:
        (a, x), (b, y) = made[i % len(made)], made[-1 - j % len(made)]
        with np.errstate(all="ignore"):
            made.append((operation(a, b), np.asarray(operation(x, y))))
    for node, expected in made[len(LEAVES) :]:
        assert node.shape == expected.shape
        np.testing.assert_allclose(np.broadcast_to(value(node), node.shape), expected, rtol=1e-12)


WRITTEN: list[tuple[Node, str]] = [
    (X + 0, "x"),
    (0 + X, "x"),
    (ROW + np.zeros((2, 3)), "row + [[0, 0, 0], [0, 0, 0]]"),
    (S + Constant([0.0, 0]), "s + [0, 0]"),
    (X - 0, "x"),
    (1 * X, "x"),
    (X * 1, "x"),
    (-1 * X, "-x"),
    (X * -1, "-x"),
    (2 * -X, "-2 * x"),
    (X * -(ROW * S), "-(x * (row * s))"),
    (operator.neg(-X), "x"),
    (X / 1, "x"),
    (-X / ROW, "-(x / row)"),
    (X**1, "x"),
    (X**2, "x**2"),
    (X.T.T, "x"),
    (outer(ROW, X @ ROW).T, "outer(x @ row, row)"),
    (ONES * X, "x"),
    (X * ONES, "x"),
    (ONES / X, "1 / x"),
    (-(2 * X), "-2 * x"),
    (-(2 / X), "-2 / x"),
    (Constant(2.0) * 3 - 1, "5"),
]


@pytest.mark.parametrize(("node", "text"), WRITTEN, ids=[text for _, text in WRITTEN])
def test_what_a_rule_writes_reads_well(node: Node, text: str) -> None:
    assert to_text(node) == text


def test_only_operators_simplify() -> None:
    """A teacher's own line is built of the ops themselves, and stays as it was written."""
    assert to_text(arithmetic.multiply(1.0, X)) == "1 * x"
    assert to_text(arithmetic.negative(arithmetic.negative(X))) == "--x"
    assert to_text(transpose(transpose(X))) == "x.T.T"


def test_numbers_that_have_no_quotient_are_folded_in_silence() -> None:
    for quotient, expected in ((Constant(1.0) / 0, np.inf), (Constant(0.0) / 0, np.nan), (Constant(0.0) ** -1, np.inf)):
        assert isinstance(quotient, Constant)
        np.testing.assert_array_equal(quotient.value, expected)


def test_every_operator_of_a_node_has_its_meaning() -> None:
    assert set(OPERATORS) == {"+", "-", "*", "/", "**", "neg", "@", ".T", ">", ">=", "<", "<=", "==", "!="}
