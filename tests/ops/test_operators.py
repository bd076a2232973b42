"""What operators simplify must keep its shape and its numbers, and must read as a person would write it."""

from __future__ import annotations

import operator
from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.node import OPERATORS, Array, Constant, Node, Quantity
from hwcheck.language.printer import to_text
from hwcheck.ops import arithmetic
from hwcheck.ops.arrays import part, place, reshape, transpose
from hwcheck.ops.losses_classes import one_hot
from hwcheck.ops.matrix import outer
from hwcheck.ops.reductions import broadcast_to, spread, summed

X = Quantity("x", shape=(2, 3))
ROW = Quantity("row", shape=(3,))
S = Quantity("s")
SQUARE = Quantity("square", shape=(2, 2))
LABELS = Quantity("labels", shape=(4,))
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


def reshaped(a: Any) -> Any:
    shape = (1, *a.shape)
    return reshape(a, shape) if isinstance(a, Node) else a.reshape(shape)


def total(a: Any, axis: int, keepdims: bool) -> Any:
    if not a.shape:
        return a
    return summed(a, (axis,), keepdims) if isinstance(a, Node) else a.sum(axis=axis, keepdims=keepdims)


OPERATIONS: list[Callable[..., Any]] = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a / b,
    lambda a, _: -a,
    lambda a, _: a**1,
    lambda a, _: 0 + a,
    lambda a, _: a.T.T,
    lambda a, _: a / 4,
    lambda a, _: a * -0.5,
    lambda a, _: reshaped(a),
    lambda a, _: total(a, 0, keepdims=False),
    lambda a, _: total(a, -1, keepdims=True),
]


def value(node: Node) -> Array:
    (result,) = evaluate([node], {quantity: number[np.newaxis] for quantity, number in NUMBERS.items()})
    return result[0]  # type: ignore[no-any-return]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(OPERATIONS), st.integers(0, 99), st.integers(0, 99)), max_size=8))
def test_simplified_expressions_keep_their_shape_and_numbers(steps: list[tuple[Callable[..., Any], int, int]]) -> None:
    """Operations on what is there so far, done with nodes and with NumPy."""
    made = list(LEAVES)
    for operation, i, j in steps:
        (a, x), (b, y) = made[i % len(made)], made[-1 - j % len(made)]
        with np.errstate(all="ignore"):
            node, expected = operation(a, b), np.asarray(operation(x, y))
        assert node.shape == expected.shape
        if np.isfinite(expected).all():  # beyond that, the order of products and quotients decides on sign and NaN
            made.append((node, expected))
    for node, expected in made[len(LEAVES) :]:
        np.testing.assert_allclose(np.broadcast_to(value(node), node.shape), expected, rtol=1e-9, atol=1e-9)


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
    ((X.T @ SQUARE).T, "square.T @ x"),
    ((X.T @ SQUARE.T).T, "square @ x"),
    ((SQUARE @ X @ X.T).T, "x @ (square @ x).T"),
    ((SQUARE @ X).T, "(square @ x).T"),
    ((SQUARE @ X).T.T, "square @ x"),
    (ONES * X, "x"),
    (X * ONES, "x"),
    (ONES / X, "1 / x"),
    (-(2 * X), "-2 * x"),
    (-(2 / X), "-2 / x"),
    (-broadcast_to(Constant(3.0), shape=[3]), "broadcast_to(-3, [3])"),
    (-broadcast_to(S, shape=[3]), "-broadcast_to(s, [3])"),
    (Constant(2.0) * 3 - 1, "5"),
    (X - -ROW, "x + row"),
    (X + -ROW, "x - row"),
    (-X + ROW, "row - x"),
    (X + -2 * ROW, "x - 2 * row"),
    (X - -2 * ROW / S, "x + 2 * row / s"),
    (X - Constant(-2.0), "x + 2"),
    (X * 0.5, "0.5 * x"),
    (X * (2 * ROW), "2 * x * row"),
    (2 * (3 * X), "6 * x"),
    (2 * X / 2, "x"),
    (Constant(1.0) / 4 * (2 * X), "2 * x / 4"),
    (X / 4 * ROW, "x * row / 4"),
    (X / 4 / ROW, "x / row / 4"),
    (X / 2 / 3, "x / 6"),
    (X / 4 - ROW / 4, "(x - row) / 4"),
    (X / 4 + ROW / 4, "(x + row) / 4"),
    (X / 4 - ROW / 3, "x / 4 - row / 3"),
    (-(2 * X / 4), "-2 * x / 4"),
    (-(Constant(1.0) / 4), "-1 / 4"),
    (Constant(1.0) / 4 + 1, "1.25"),
    (Constant(6.0) / 3, "2"),
    (ONES + X, "1 + x"),
    (X - broadcast_to(ROW, shape=[2, 3]), "x - row"),
    (reshape(ONES, (3, 2)), "broadcast_to(1, [3, 2])"),
    (reshape(broadcast_to(S, shape=[1]), ()), "s"),
    (reshape(broadcast_to(ROW, shape=[2, 3]), (6,)), "reshape(broadcast_to(row, [2, 3]), [6])"),
    (part(ONES, (0, slice(0, 2, 1))), "broadcast_to(1, [2])"),
    (part(X, (0, slice(0, 2, 1))), "x[0, :2]"),
    (summed(ONES, (-2,)), "broadcast_to(2, [3])"),
    (summed(ONES / 4, (-2, -1)), "6 / 4"),
    (summed(-(X / 4), (-1,), keepdims=True), "-(sum(x, axis=1, keepdims=True) / 4)"),
    (summed(-2 * X / 4, (-2,)), "-2 * sum(x, axis=0) / 4"),
    (summed(broadcast_to(ROW, shape=[2, 3]), (-2,)), "sum(broadcast_to(row, [2, 3]), axis=0)"),
    (summed(one_hot(LABELS, 3), (-1,), keepdims=True), "broadcast_to(1, [4, 1])"),
    (summed(one_hot(LABELS, 3), (-2,)), "sum(one_hot(labels, 3), axis=0)"),
    (spread(ROW, X, (-2,)), "broadcast_to(row, [2, 3])"),
    (spread(Quantity("each", shape=(2,)), X, (-1,)), "broadcast_to(reshape(each, [2, 1]), [2, 3])"),
    (spread(broadcast_to(S, shape=[2]), X, (-1,)), "broadcast_to(s, [2, 3])"),
]


FIRST, SECOND, THIRD = slice(1), slice(1, 2), slice(2, 3)
PAIR = Quantity("pair", shape=(2,))


def row_part(index: slice) -> Node:
    """A part of the row, put back where it was."""
    return place(part(ROW, (index,)), (3,), index)


@pytest.mark.parametrize("order", list(permutations((FIRST, SECOND, THIRD))))
def test_parts_that_fill_an_array_are_put_together_in_any_order(order: tuple[slice, ...]) -> None:
    total = sum(map(row_part, order[1:]), start=row_part(order[0]))
    assert to_text(total) == "concatenate([row[:1], row[1:2], row[2:]])"
    np.testing.assert_array_equal(value(total), NUMBERS[ROW])


def test_parts_are_put_together_along_any_axis() -> None:
    left, right = (slice(None), slice(1)), (slice(None), slice(1, 3))
    total = place(part(X, left), (2, 3), left) + place(part(X, right), (2, 3), right)
    assert to_text(total) == "concatenate([x[:, :1], x[:, 1:]], axis=1)"
    np.testing.assert_array_equal(value(total), NUMBERS[X])


@pytest.mark.parametrize(
    "total",
    [
        row_part(FIRST) + row_part(THIRD),  # a gap
        row_part(FIRST) + row_part(SECOND),  # nothing at the end
        row_part(FIRST) + row_part(slice(0, 3)),  # one that is whole already
        row_part(slice(2)) + row_part(slice(1, 3)),  # an overlap
        row_part(slice(2)) + row_part(slice(2)) + row_part(THIRD),
        row_part(slice(2)) + ROW + row_part(THIRD),
        place(PAIR, (3,), slice(None, None, 2)) + row_part(SECOND),  # every second one
        place(PAIR, (3,), slice(1, None, -1)) + row_part(THIRD),  # backwards
        place(ROW, (2, 3), 0) + place(ROW, (2, 3), 1),  # rows, not parts of the same axes
        place(PAIR, (3,), slice(2)) + place(part(X, (slice(2), slice(2, 3))), (2, 3), (slice(None), THIRD)),
        place(part(X, (FIRST, FIRST)), (2, 3), (FIRST, FIRST)) + place(part(X, (SECOND,)), (2, 3), SECOND),
    ],
    ids=str,
)
def test_what_does_not_fill_an_array_stays_a_sum(total: Node) -> None:
    assert "concatenate" not in to_text(total)
    assert " + " in to_text(total)


@pytest.mark.parametrize(("node", "text"), WRITTEN, ids=[text for _, text in WRITTEN])
def test_what_a_rule_writes_reads_well(node: Node, text: str) -> None:
    assert to_text(node) == text


def test_only_operators_simplify() -> None:
    """A teacher's own line is built of the ops themselves, and stays as it was written."""
    assert to_text(arithmetic.multiply(1.0, X)) == "1 * x"
    assert to_text(arithmetic.negative(arithmetic.negative(X))) == "--x"
    assert to_text(transpose(transpose(X))) == "x.T.T"


@pytest.mark.parametrize("op", [arithmetic.negative, lambda a: arithmetic.divide(a, 2.0)])
def test_a_line_of_2_000_signs_or_divisions_is_simplified_without_recursion(op: Callable[[Node], Node]) -> None:
    chain: Node = X
    for _ in range(2000):
        chain = op(chain)
    for made in (chain * ROW, ROW * chain, chain / ROW, chain - ROW, ROW + chain, -chain, summed(chain, (-1,))):
        assert made.shape in ((2, 3), (2,))


def test_a_division_by_nothing_is_not_put_off() -> None:
    """0 / 0 - 1 / 0 is no number, but (0 - 1) / 0 is minus infinity."""
    zero = Constant(0.0)
    difference = arithmetic.divide(ROW - ROW, zero) - arithmetic.divide(ROW, zero)
    with np.errstate(all="ignore"):
        assert np.isnan(value(difference)).all()
    assert to_text(X / 1e200 / 1e200) == "x / 1e+200 / 1e+200"


def test_numbers_that_have_no_quotient_are_folded_in_silence() -> None:
    for quotient, expected in ((Constant(1.0) / 0, np.inf), (Constant(0.0) / 0, np.nan), (Constant(0.0) ** -1, np.inf)):
        assert isinstance(quotient, Constant)
        np.testing.assert_array_equal(quotient.value, expected)


def test_every_operator_of_a_node_has_its_meaning() -> None:
    assert set(OPERATORS) == {"+", "-", "*", "/", "**", "neg", "@", ".T", ">", ">=", "<", "<=", "==", "!="}
