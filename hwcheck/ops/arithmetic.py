"""Elementwise arithmetic, comparison and choice, with NumPy's broadcasting."""

from __future__ import annotations

from typing import Any

import numpy as np

from hwcheck.graph.node import Array, Constant, Node
from hwcheck.ops.elementwise import elementwise
from hwcheck.ops.functions import log

HALF = 0.5


@elementwise("a", "b", gradients=[lambda g, y, a, b: g, lambda g, y, a, b: g], symbol="+")
def add(a: Array, b: Array) -> Array:
    """The sum, entry by entry: ``a + b``.

    a, b: shapes that broadcast.
    """
    return np.add(a, b)


@elementwise("a", "b", gradients=[lambda g, y, a, b: g, lambda g, y, a, b: -g], symbol="-")
def subtract(a: Array, b: Array) -> Array:
    """The difference, entry by entry: ``a - b``.

    a, b: shapes that broadcast.
    """
    return np.subtract(a, b)


@elementwise("a", "b", gradients=[lambda g, y, a, b: g * b, lambda g, y, a, b: g * a], symbol="*")
def multiply(a: Array, b: Array) -> Array:
    """The product entry by entry, also called Hadamard product: ``a * b``.

    a, b: shapes that broadcast.
    """
    return np.multiply(a, b)


@elementwise("a", "b", gradients=[lambda g, y, a, b: g / b, lambda g, y, a, b: -g * y / b], symbol="/")
def divide(a: Array, b: Array) -> Array:
    """The quotient, entry by entry: ``a / b``.

    a, b: shapes that broadcast.
    """
    return np.divide(a, b)


def _power_in_a(g: Node, y: Node, a: Node, b: Node) -> Node:
    slope = b * a ** (b - 1)
    if isinstance(b, Constant) and b.value.all():
        return g * slope
    return g * where(b, slope, 0)  # at 0 ** 0 the slope would be 0 * 0 ** -1, which is NaN


def _power_in_b(g: Node, y: Node, a: Node, b: Node) -> Node:
    return g * y * where(a > 0, log(a), 0)


@elementwise(
    "a",
    "b",
    gradients=[_power_in_a, _power_in_b],
    symbol="**",
)
def power(a: Array, b: Array) -> Array:
    """The power, entry by entry: ``a ** b``.

    a, b: shapes that broadcast. The derivative in b is taken as 0 where a is not positive.
    """
    return np.power(a, b)


@elementwise("a", gradients=[lambda g, y, a: -g], symbol="neg")
def negative(a: Array) -> Array:
    """The opposite, entry by entry: ``-a``.

    a: any shape.
    """
    return np.negative(a)


@elementwise(
    "a",
    "b",
    gradients=[lambda g, y, a, b: g * _wins(a, b), lambda g, y, a, b: g * _wins(b, a)],
    latex=r"\max({0}, {1})",
)
def maximum(a: Array, b: Array) -> Array:
    """The larger one, entry by entry.

    a, b: shapes that broadcast. At a tie each gets half of the gradient, as in PyTorch.
    """
    return np.maximum(a, b)


@elementwise(
    "a",
    "b",
    gradients=[lambda g, y, a, b: g * _wins(b, a), lambda g, y, a, b: g * _wins(a, b)],
    latex=r"\min({0}, {1})",
)
def minimum(a: Array, b: Array) -> Array:
    """The smaller one, entry by entry.

    a, b: shapes that broadcast. At a tie each gets half of the gradient, as in PyTorch.
    """
    return np.minimum(a, b)


def _wins(a: Node, b: Node) -> Node:
    return HALF * (a > b) + HALF * (a >= b)


def _where_true(g: Node, y: Node, condition: Node, a: Node, b: Node) -> Node:
    return where(condition, g, 0)


def _where_false(g: Node, y: Node, condition: Node, a: Node, b: Node) -> Node:
    return where(condition, 0, g)


@elementwise("condition", "a", "b", gradients=[None, _where_true, _where_false])
def where(condition: Array, a: Array, b: Array) -> Array:
    """Choice entry by entry: a where the condition is not 0, else b; also written ``a if condition else b``.

    condition, a, b: shapes that broadcast.
    """
    return np.where(condition != 0, a, b)


def _truth(holds: Any) -> Array:
    """Truth values as the numbers 0 and 1."""
    return np.asarray(holds, dtype=np.float64)


@elementwise("a", "b", gradients=[None, None], symbol=">")
def greater(a: Array, b: Array) -> Array:
    """1 where a is greater than b, else 0: ``a > b``; its derivative is 0.

    a, b: shapes that broadcast.
    """
    return _truth(np.greater(a, b))


@elementwise("a", "b", gradients=[None, None], symbol=">=")
def greater_equal(a: Array, b: Array) -> Array:
    """1 where a is at least b, else 0: ``a >= b``; its derivative is 0.

    a, b: shapes that broadcast.
    """
    return _truth(np.greater_equal(a, b))


@elementwise("a", "b", gradients=[None, None], symbol="<")
def less(a: Array, b: Array) -> Array:
    """1 where a is less than b, else 0: ``a < b``; its derivative is 0.

    a, b: shapes that broadcast.
    """
    return _truth(np.less(a, b))


@elementwise("a", "b", gradients=[None, None], symbol="<=")
def less_equal(a: Array, b: Array) -> Array:
    """1 where a is at most b, else 0: ``a <= b``; its derivative is 0.

    a, b: shapes that broadcast.
    """
    return _truth(np.less_equal(a, b))


@elementwise("a", "b", gradients=[None, None], symbol="==")
def equal(a: Array, b: Array) -> Array:
    """1 where a equals b, else 0: ``a == b``; its derivative is 0.

    a, b: shapes that broadcast.
    """
    return _truth(np.equal(a, b))


@elementwise("a", "b", gradients=[None, None], symbol="!=")
def not_equal(a: Array, b: Array) -> Array:
    """1 where a differs from b, else 0: ``a != b``; its derivative is 0.

    a, b: shapes that broadcast.
    """
    return _truth(np.not_equal(a, b))
