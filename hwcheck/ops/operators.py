"""What Python's operators mean between nodes, with the simplifications that keep a printed gradient readable.

A gradient rule is written in general (``g * y * (1 - y)``); where g is 1, or numbers meet numbers, the reader should
not see it. Only rules and compositions are simplified so: a teacher's own line stays as it was written.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from hwcheck.graph.node import OPERATORS, Call, Constant, Node, Operand, as_node
from hwcheck.graph.op import Op
from hwcheck.ops import arithmetic
from hwcheck.ops.arrays import transpose
from hwcheck.ops.matrix import matmul, outer
from hwcheck.ops.reductions import broadcast_to
from hwcheck.ops.shapes import broadcast

_joint_shape = broadcast("a", "b")


def _number(node: Node) -> float | None:
    """The value of a single number that is written down."""
    return float(node.value) if isinstance(node, Constant) and not node.shape else None


def _lean(a: Node, b: Node) -> Node:
    """The operand without a broadcast that the other operand makes anyway, having the same shape."""
    if isinstance(a, Call) and a.op is broadcast_to and b.shape == a.shape:
        return a.inputs[0]
    return a


def plus(left: Operand, right: Operand) -> Node:
    """``a + b``; a lone 0 vanishes."""
    a, b = as_node(left), as_node(right)
    if _number(a) == 0 and _joint_shape(a.shape, b.shape) == b.shape:
        return b
    if _number(b) == 0 and _joint_shape(a.shape, b.shape) == a.shape:
        return a
    return folded(arithmetic.add, a, b)


def minus(left: Operand, right: Operand) -> Node:
    """``a - b``; a lone 0 vanishes."""
    a, b = as_node(left), as_node(right)
    if _number(b) == 0:
        return a
    return folded(arithmetic.subtract, a, b)


def times(left: Operand, right: Operand) -> Node:
    """``a * b``; a 1 vanishes, a sign moves to the front."""
    a, b = as_node(left), as_node(right)
    a = _lean(a, b)
    b = _lean(b, a)  # a lean a has lost the shape that b would need: one of the two broadcasts stays
    for one, other in ((a, b), (b, a)):
        number = _number(one)
        if number == 1:
            return other
        if number == -1 and _number(other) is None:
            return minus_sign(other)
        if isinstance(one, Call) and one.op is arithmetic.negative:
            return minus_sign(times(one.inputs[0], other) if one is a else times(other, one.inputs[0]))
    return folded(arithmetic.multiply, a, b)


def over(left: Operand, right: Operand) -> Node:
    """``a / b``; a division by 1 vanishes, a sign moves to the front."""
    a, b = as_node(left), as_node(right)
    a = _lean(a, b)
    if _number(b) == 1:
        return a
    if isinstance(a, Call) and a.op is arithmetic.negative:
        return minus_sign(over(a.inputs[0], b))
    return folded(arithmetic.divide, a, b)


def to_the_power(left: Operand, right: Operand) -> Node:
    """``a ** b``; a power of 1 vanishes."""
    a, b = as_node(left), as_node(right)
    return a if _number(b) == 1 else folded(arithmetic.power, a, b)


def minus_sign(operand: Operand) -> Node:
    """``-a``; two signs vanish, a number takes it in."""
    a = as_node(operand)
    if isinstance(a, Call) and a.op is arithmetic.negative:
        return a.inputs[0]
    if isinstance(a, Call) and a.op in (arithmetic.multiply, arithmetic.divide) and _number(a.inputs[0]) is not None:
        return a.op(minus_sign(a.inputs[0]), a.inputs[1])
    if isinstance(a, Call) and a.op is broadcast_to and _number(a.inputs[0]) is not None:
        return broadcast_to(minus_sign(a.inputs[0]), shape=a.shape)
    return folded(arithmetic.negative, a)


def transposed(operand: Operand) -> Node:
    """``a.T``; two transposes vanish, an outer product turns round."""
    a = as_node(operand)
    if isinstance(a, Call) and a.op is outer:
        return outer(a.inputs[1], a.inputs[0])
    if isinstance(a, Call) and a.op is transpose and a.options["axes"] == tuple(range(-1, -len(a.shape) - 1, -1)):
        return a.inputs[0]
    return transpose(a)


def folded(op: Op, *operands: Node) -> Node:
    """The op's node, or its value where all operands are single numbers."""
    if all(_number(operand) is not None for operand in operands) and op.value is not None:
        with np.errstate(all="ignore"):
            return Constant(op.value(*(operand.value for operand in operands if isinstance(operand, Constant))))
    return op(*operands)


def _plain(op: Op) -> Callable[..., Node]:
    return lambda *operands: op(*operands)


OPERATORS.update(
    {
        "+": plus,
        "-": minus,
        "*": times,
        "/": over,
        "**": to_the_power,
        "neg": minus_sign,
        "@": _plain(matmul),
        ".T": transposed,
    }
)
OPERATORS.update(
    {
        op.symbol: _plain(op)
        for op in (
            arithmetic.greater,
            arithmetic.greater_equal,
            arithmetic.less,
            arithmetic.less_equal,
            arithmetic.equal,
            arithmetic.not_equal,
        )
    }
)
