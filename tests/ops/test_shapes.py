"""Shape rules against NumPy, on shapes that a hand would not think of."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.node import Quantity, Shape
from hwcheck.graph.op import Misfit
from hwcheck.graph.options import to_axes, to_index, to_permutation, to_shape
from hwcheck.ops.arrays import getitem, place
from hwcheck.ops.matrix import matmul
from hwcheck.ops.reductions import broadcast_to
from hwcheck.ops.shapes import broadcast, contract

SHAPES = st.lists(st.integers(1, 3), max_size=4).map(tuple)
BOUND = st.none() | st.integers(-5, 5)
INDEX = st.integers(-4, 4) | st.builds(slice, BOUND, BOUND, BOUND)


def outcome(function: Any, *arguments: Any) -> Any:
    """What a function gives, or None where it refuses."""
    try:
        return function(*arguments)
    except (ValueError, IndexError, Misfit):
        return None


@settings(deadline=None)
@given(SHAPES, SHAPES, SHAPES)
def test_broadcasting_is_that_of_numpy(a: Shape, b: Shape, c: Shape) -> None:
    assert outcome(broadcast("a", "b", "c"), a, b, c) == outcome(np.broadcast_shapes, a, b, c)


@settings(deadline=None)
@given(SHAPES, SHAPES)
def test_broadcasting_to_a_shape_is_that_of_numpy(x: Shape, shape: Shape) -> None:
    expected = outcome(np.broadcast_to, np.zeros(x), shape)
    node = outcome(broadcast_to, Quantity("x", shape=x), list(shape))
    assert (node is None) == (expected is None)
    assert node is None or node.shape == shape


@settings(deadline=None)
@given(SHAPES, SHAPES)
def test_the_matrix_product_is_that_of_numpy(a: Shape, b: Shape) -> None:
    x, y = np.arange(1.0, 1 + np.prod(a)).reshape(a), np.arange(2.0, 2 + np.prod(b)).reshape(b)
    expected = outcome(np.matmul, x, y)
    assert outcome(contract, a, b) == (None if expected is None else np.shape(expected))
    if expected is not None:
        left, right = Quantity("a", shape=a), Quantity("b", shape=b)
        (value,) = evaluate([matmul(left, right)], {left: x[np.newaxis], right: y[np.newaxis]})
        np.testing.assert_allclose(value[0], expected, rtol=1e-14)


@settings(deadline=None)
@given(SHAPES, st.lists(INDEX, max_size=4).map(tuple))
def test_an_index_is_that_of_numpy(shape: Shape, index: tuple[int | slice, ...]) -> None:
    """But where NumPy would take nothing, which is a mistake in a homework."""
    x = np.arange(float(np.prod(shape))).reshape(shape)
    expected = outcome(x.__getitem__, index)
    expected = expected if np.size(expected) and expected is not None else None
    settled = outcome(to_index, index, shape)
    assert (settled is None) == (expected is None)
    if expected is None:
        return
    quantity = Quantity("x", shape=shape)
    part = getitem(quantity, index)
    back = place(part, list(shape), settled)
    value, placed = evaluate([part, back], {quantity: x[np.newaxis]})
    np.testing.assert_array_equal(value[0], expected)
    zeros = np.zeros(shape)
    zeros[index] = expected
    np.testing.assert_array_equal(placed[0], zeros)


@settings(deadline=None)
@given(SHAPES, st.lists(st.integers(-5, 5), max_size=4))
def test_axes_are_those_of_numpy(shape: Shape, axes: list[int]) -> None:
    x = np.zeros(shape)
    summed = outcome(np.sum, x, tuple(axes))
    counted = outcome(to_axes, axes, shape)
    assert (summed is None) == (counted is None)
    assert counted is None or np.sum(x, axis=counted).shape == np.shape(summed)
    turned = outcome(np.transpose, x, axes)
    order = outcome(to_permutation, axes, shape)
    assert (turned is None) == (order is None)
    assert order is None or np.transpose(x, order).shape == turned.shape


@settings(deadline=None)
@given(SHAPES, st.lists(st.integers(-2, 9), max_size=3))
def test_reshaping_is_that_of_numpy(shape: Shape, lengths: list[int]) -> None:
    expected = None if -2 in lengths else outcome(np.reshape, np.zeros(shape), lengths)  # which NumPy takes for -1
    assert outcome(to_shape, lengths, shape) == (None if expected is None else expected.shape)
