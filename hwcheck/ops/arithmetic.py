"""Elementwise arithmetic, comparison and choice, with NumPy's broadcasting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from hwcheck.graph.node import Array, Call, Constant, Node
from hwcheck.graph.op import Shortcut
from hwcheck.ops.elementwise import elementwise
from hwcheck.ops.functions import log
from hwcheck.ops.long_sums import long_sum

HALF = 0.5


def _with_its_terms(call: Call, read_once: Callable[[Node], bool]) -> Shortcut | None:
    return long_sum(call, read_once) if call.op is add else None  # not of an op that was put in its place


@elementwise("a", "b", gradients=[lambda g, y, a, b: g, lambda g, y, a, b: g], symbol="+", shortcut=_with_its_terms)
def add(a: Array, b: Array) -> Array:
    """The sum, entry by entry: ``a + b``.

    The gradient of an operand that was broadcast is summed over the entries that it served.

    a: any shape that broadcasts with b.
    b: any shape that broadcasts with a.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 2.1 (broadcasting too).
    Example: a + b; a = [[1, 2], [3, 4]]; b = [10, 20]
    """
    return np.add(a, b)


@elementwise("a", "b", gradients=[lambda g, y, a, b: g, lambda g, y, a, b: -g], symbol="-")
def subtract(a: Array, b: Array) -> Array:
    """The difference, entry by entry: ``a - b``.

    a: any shape that broadcasts with b.
    b: any shape that broadcasts with a.
    Source: NumPy reference, numpy.subtract.
    Example: a - b; a = [5, 7, 9]; b = 2
    """
    return np.subtract(a, b)


@elementwise("a", "b", gradients=[lambda g, y, a, b: g * b, lambda g, y, a, b: g * a], symbol="*")
def multiply(a: Array, b: Array) -> Array:
    """The product entry by entry, also called Hadamard product: ``a * b``.

    a: any shape that broadcasts with b.
    b: any shape that broadcasts with a.
    Elsewhere: ``*`` is entry by entry in NumPy too; in Matlab it is the matrix product, which is ``@`` here.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 2.2.
    Example: a * b; a = [[1, 2], [3, 4]]; b = [[10], [100]]
    """
    return np.multiply(a, b)


@elementwise("a", "b", gradients=[lambda g, y, a, b: g / b, lambda g, y, a, b: -g * y / b], symbol="/")
def divide(a: Array, b: Array) -> Array:
    """The quotient, entry by entry: ``a / b``.

    Divided by 0 a number is infinite, and 0 is no number (NaN).

    a: any shape that broadcasts with b.
    b: any shape that broadcasts with a.
    Source: NumPy reference, numpy.divide.
    Example: a / b; a = [6, 1]; b = [2, 4]
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

    The derivative in b is taken as 0 where a is not positive.

    a: any shape that broadcasts with b.
    b: any shape that broadcasts with a.
    Elsewhere: where a is negative, the derivative in b is NaN in PyTorch and JAX.
    Source: Olver et al. (eds.), NIST Handbook of Mathematical Functions (2010), sections 4.2 and 4.7 (its derivatives).
    Example: a ** b; a = [2, 3]; b = [3, 2]
    """
    return np.power(a, b)


@elementwise("a", gradients=[lambda g, y, a: -g], symbol="neg")
def negative(a: Array) -> Array:
    """The opposite, entry by entry: ``-a``.

    a: any shape -> the same.
    Source: NumPy reference, numpy.negative.
    Example: -a; a = [2, -3]
    """
    return np.negative(a)


@elementwise(
    "a",
    "b",
    gradients=[lambda g, y, a, b: g * _wins(a, b), lambda g, y, a, b: g * _wins(b, a)],
    latex=r"\max({0}, {1})",
)
def maximum(a: Array, b: Array) -> Array:
    """The larger one, entry by entry: ``max(a, b)``; at a tie each gets half of the gradient.

    a: any shape that broadcasts with b.
    b: any shape that broadcasts with a.
    Elsewhere: PyTorch and JAX halve the gradient at a tie too, TensorFlow gives all of it to a.
    Source: PyTorch reference, torch.maximum.
    Example: maximum(a, b); a = [1, 5, 3]; b = 3
    """
    return np.maximum(a, b)


@elementwise(
    "a",
    "b",
    gradients=[lambda g, y, a, b: g * _wins(b, a), lambda g, y, a, b: g * _wins(a, b)],
    latex=r"\min({0}, {1})",
)
def minimum(a: Array, b: Array) -> Array:
    """The smaller one, entry by entry: ``min(a, b)``; at a tie each gets half of the gradient.

    a: any shape that broadcasts with b.
    b: any shape that broadcasts with a.
    Elsewhere: PyTorch and JAX halve the gradient at a tie too, TensorFlow gives all of it to a.
    Source: PyTorch reference, torch.minimum.
    Example: minimum(a, b); a = [1, 5, 3]; b = 3
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

    The gradient goes to what was chosen.

    condition: any shape that broadcasts with the others; every number but 0 counts as true.
    a: any shape that broadcasts with the others.
    b: any shape that broadcasts with the others.
    Source: NumPy reference, numpy.where.
    Example: where(condition, a, b); condition = [1, 0, 1]; a = [1, 2, 3]; b = -1
    """
    return np.where(condition != 0, a, b)


def _truth(holds: Any) -> Array:
    """Truth values as the numbers 0 and 1."""
    return np.asarray(holds, dtype=np.float64)


@elementwise("a", "b", gradients=[None, None], symbol=">")
def greater(a: Array, b: Array) -> Array:
    """1 where a is greater than b, else 0: ``a > b``; its derivative is 0.

    a: any shape that broadcasts with b.
    b: any shape that broadcasts with a.
    Source: NumPy reference, numpy.greater.
    Example: a > b; a = [1, 2, 3]; b = 2
    """
    return _truth(np.greater(a, b))


@elementwise("a", "b", gradients=[None, None], symbol=">=")
def greater_equal(a: Array, b: Array) -> Array:
    """1 where a is at least b, else 0: ``a >= b``; its derivative is 0.

    a: any shape that broadcasts with b.
    b: any shape that broadcasts with a.
    Source: NumPy reference, numpy.greater_equal.
    Example: a >= b; a = [1, 2, 3]; b = 2
    """
    return _truth(np.greater_equal(a, b))


@elementwise("a", "b", gradients=[None, None], symbol="<")
def less(a: Array, b: Array) -> Array:
    """1 where a is less than b, else 0: ``a < b``; its derivative is 0.

    a: any shape that broadcasts with b.
    b: any shape that broadcasts with a.
    Source: NumPy reference, numpy.less.
    Example: a < b; a = [1, 2, 3]; b = 2
    """
    return _truth(np.less(a, b))


@elementwise("a", "b", gradients=[None, None], symbol="<=")
def less_equal(a: Array, b: Array) -> Array:
    """1 where a is at most b, else 0: ``a <= b``; its derivative is 0.

    a: any shape that broadcasts with b.
    b: any shape that broadcasts with a.
    Source: NumPy reference, numpy.less_equal.
    Example: a <= b; a = [1, 2, 3]; b = 2
    """
    return _truth(np.less_equal(a, b))


@elementwise("a", "b", gradients=[None, None], symbol="==")
def equal(a: Array, b: Array) -> Array:
    """1 where a equals b, else 0: ``a == b``; its derivative is 0.

    a: any shape that broadcasts with b.
    b: any shape that broadcasts with a.
    Source: NumPy reference, numpy.equal.
    Example: a == b; a = [1, 2, 3]; b = 2
    """
    return _truth(np.equal(a, b))


@elementwise("a", "b", gradients=[None, None], symbol="!=")
def not_equal(a: Array, b: Array) -> Array:
    """1 where a differs from b, else 0: ``a != b``; its derivative is 0.

    a: any shape that broadcasts with b.
    b: any shape that broadcasts with a.
    Source: NumPy reference, numpy.not_equal.
    Example: a != b; a = [1, 2, 3]; b = 2
    """
    return _truth(np.not_equal(a, b))
