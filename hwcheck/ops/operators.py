"""What Python's operators mean between nodes, with the simplifications that keep a printed gradient readable.

A gradient rule is written in general (``g * y * (1 - y)``); where g is 1, or numbers meet numbers, the reader should
not see it. Only rules and compositions are simplified so: a teacher's own line stays as it was written.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple, TypeGuard

import numpy as np

from hwcheck.graph.node import OPERATORS, Call, Constant, Node, Operand, Shape, as_node
from hwcheck.graph.op import Op
from hwcheck.ops import arithmetic
from hwcheck.ops.arrays import place, settled, transpose
from hwcheck.ops.assembly import concatenate
from hwcheck.ops.matrix import matmul, outer
from hwcheck.ops.reductions import broadcast_to
from hwcheck.ops.shapes import broadcast

_joint_shape = broadcast("a", "b")


class Ratio(Constant):
    """A number that is the quotient of two: a reader sees ``2 * q / 1008``, and not 0.000992063492063492."""

    __slots__ = ("above", "below")

    def __init__(self, above: float, below: float) -> None:
        self.above = above
        self.below = below
        super().__init__(above / below)


def _number(node: Node) -> float | None:
    """The value of a single number that is written down."""
    return float(node.value) if isinstance(node, Constant) and not node.shape else None


def _lean(a: Node, b: Node) -> Node:
    """The operand without a broadcast that the other operand makes anyway."""
    if (
        isinstance(a, Call)
        and a.op is broadcast_to
        and _joint_shape(a.shape, b.shape) == _joint_shape(a.inputs[0].shape, b.shape)
    ):
        return a.inputs[0]
    return a


def _front(node: Node) -> float | None:
    """The number that stands at the front of a product, a quotient or a broadcast: -2 of ``-2 * x / y``."""
    if isinstance(node, Call) and node.op is arithmetic.divide:
        node = node.inputs[0]
    if isinstance(node, Call) and node.op in (arithmetic.multiply, broadcast_to):
        node = node.inputs[0]
    return _number(node)


def _unsigned(node: Node) -> Node | None:
    """The opposite of a node that is written with a minus sign at its front."""
    negative, bare = _without_signs(node)
    if negative:
        return bare
    return minus_sign(node) if (_front(node) or 0) < 0 else None


def _divided(node: Node) -> tuple[Node, Node] | None:
    """What stands above and below the line where a node is divided by numbers that are written down."""
    if isinstance(node, Ratio):
        return Constant(node.above), Constant(node.below)
    above, below = node, 1.0
    while isinstance(above, Call) and above.op is arithmetic.divide:
        number = _number(above.inputs[1])
        if number is None or not _is_divisor(number * below):
            break
        above, below = above.inputs[0], number * below
    return None if above is node else (above, Constant(below))


def _without_signs(node: Node) -> tuple[bool, Node]:
    """Whether a node is negative, and what is behind its signs."""
    negative = False
    while isinstance(node, Call) and node.op is arithmetic.negative:
        negative, node = not negative, node.inputs[0]
    return negative, node


def _is_divisor(number: float | None) -> bool:
    """Whether a division by it can be put off without making infinities or NaN of numbers, or the reverse."""
    return number is not None and number != 0 and math.isfinite(number)


def _over_one_line(op: Callable[[Node, Node], Node], a: Node, b: Node) -> Node | None:
    """``(a - b) / 4`` for ``a / 4 - b / 4``."""
    first, second = _divided(a), _divided(b)
    if first is None or second is None or _number(first[1]) != _number(second[1]):
        return None
    return over(op(first[0], second[0]), first[1])


class _Band(NamedTuple):
    """A part that is put into zeros, as long as they are but for one axis, where it begins and ends."""

    axis: int
    begin: int
    end: int
    part: Node


def _band(node: Node, shape: Shape) -> _Band | None:
    if not isinstance(node, Call) or node.op is not place or node.shape != shape:
        return None
    part, found = node.inputs[0], None
    for axis, along in enumerate(settled(node.options["index"], shape)):
        if not isinstance(along, slice) or along.step != 1:
            return None
        if part.shape[axis] < shape[axis]:
            if found is not None:
                return None
            begin, end, _ = along.indices(shape[axis])
            found = _Band(axis, begin, end, part)
    return found


def _concatenated(a: Node, b: Node) -> Node | None:
    """``concatenate([x, y, z])`` for the sum of x, y and z, each put into zeros where the others are not.

    That is how the gradients of the parts come back to an array that was split, such as that of all gates.
    """
    bands = [_band(b, b.shape)]
    while bands[-1] is not None and isinstance(a, Call) and a.op is arithmetic.add:
        a, last = a.inputs
        bands.append(_band(last, b.shape))
    bands.append(_band(a, b.shape))
    ordered = sorted(filter(None, bands), key=lambda band: band.begin)
    axes = {band.axis for band in ordered}
    if len(ordered) < len(bands) or len(axes) > 1:
        return None
    (axis,) = axes
    if [*(band.begin for band in ordered), b.shape[axis]] != [0, *(band.end for band in ordered)]:
        return None
    return concatenate([band.part for band in ordered], axis=axis)


def plus(left: Operand, right: Operand) -> Node:
    """``a + b``; a lone 0 vanishes, ``a + -b`` is ``a - b``, one line stands for two, and parts are put together."""
    a, b = as_node(left), as_node(right)
    a = _lean(a, b)
    b = _lean(b, a)
    if _number(a) == 0 and _joint_shape(a.shape, b.shape) == b.shape:
        return b
    if _number(b) == 0 and _joint_shape(a.shape, b.shape) == a.shape:
        return a
    if _number(a) is None or _number(b) is None:
        for one, other in ((a, b), (b, a)):
            opposite = _unsigned(other)
            if opposite is not None:
                return minus(one, opposite)
    return _over_one_line(plus, a, b) or _concatenated(a, b) or folded(arithmetic.add, a, b)


def minus(left: Operand, right: Operand) -> Node:
    """``a - b``; a lone 0 vanishes, ``a - -b`` is ``a + b``, and one line stands for two."""
    a, b = as_node(left), as_node(right)
    a = _lean(a, b)
    b = _lean(b, a)
    if _number(b) == 0:
        return a
    if _number(a) is None or _number(b) is None:
        opposite = _unsigned(b)
        if opposite is not None:
            return plus(a, opposite)
    return _over_one_line(minus, a, b) or folded(arithmetic.subtract, a, b)


def times(left: Operand, right: Operand) -> Node:
    """``a * b``; a 1 vanishes, a sign and a number move to the front, a division by a number to the end."""
    a, b = as_node(left), as_node(right)
    a = _lean(a, b)
    b = _lean(b, a)  # a lean a has lost the shape that b would need: one of the two broadcasts stays
    for one, other in ((a, b), (b, a)):
        number = _number(one)
        if number == 1:
            return other
        if number == -1 and _number(other) is None:
            return minus_sign(other)
    (first, bare_a), (second, bare_b) = _without_signs(a), _without_signs(b)
    if bare_a is not a or bare_b is not b:
        product = times(bare_a, bare_b)
        return product if first == second else minus_sign(product)
    for one, other in ((a, b), (b, a)):
        divided = _divided(one)
        if divided is not None:
            return over(times(divided[0], other) if one is a else times(other, divided[0]), divided[1])
    if _number(b) is not None:
        a, b = b, a
    return _gathered(a, b) or folded(arithmetic.multiply, a, b)


def _gathered(a: Node, b: Node) -> Node | None:
    """``2 * a * x`` for ``a * (2 * x)``; ``6 * x`` for ``2 * (3 * x)``."""
    if isinstance(b, Call) and b.op is arithmetic.multiply and _number(b.inputs[0]) is not None:
        return times(times(b.inputs[0], a), b.inputs[1])
    return None


def over(left: Operand, right: Operand) -> Node:
    """``a / b``; a division by 1 vanishes, two by numbers are one, a sign moves to the front."""
    a, b = as_node(left), as_node(right)
    a = _lean(a, b)
    if _number(b) == 1:
        return a
    negative, bare = _without_signs(a)
    if bare is not a:
        return minus_sign(over(bare, b)) if negative else over(bare, b)
    divided = _divided(a)
    if divided is not None and _is_divisor(_number(times(divided[1], b))):
        return over(divided[0], times(divided[1], b))
    if divided is not None and _number(b) is None:
        return over(over(divided[0], b), divided[1])
    return _cancelled(a, b) or _quotient(a, b)


def _cancelled(a: Node, b: Node) -> Node | None:
    """``3 * x`` for ``6 * x / 2``."""
    if _number(b) is not None and isinstance(a, Call) and a.op is arithmetic.multiply:
        first, rest = a.inputs
        number = _quotient(first, b) if _number(first) is not None else None
        if isinstance(number, Constant) and not isinstance(number, Ratio):
            return times(number, rest)
    return None


def _quotient(a: Node, b: Node) -> Node:
    """The node of a division; of two numbers their quotient where it comes out whole or has no result."""
    result = folded(arithmetic.divide, a, b)
    above, below, value = _number(a), _number(b), _number(result)
    if above is None or below is None or value is None or not math.isfinite(value) or value.is_integer():
        return result
    return Ratio(above, below)


def to_the_power(left: Operand, right: Operand) -> Node:
    """``a ** b``; a power of 1 vanishes."""
    a, b = as_node(left), as_node(right)
    return a if _number(b) == 1 else folded(arithmetic.power, a, b)


def minus_sign(operand: Operand) -> Node:
    """``-a``; two signs vanish, a number at the front takes it in."""
    a = as_node(operand)
    if isinstance(a, Ratio):
        return Ratio(-a.above, a.below)
    if not isinstance(a, Call):
        return folded(arithmetic.negative, a)
    if a.op is arithmetic.negative:
        return a.inputs[0]
    if _front(a) is None:
        return arithmetic.negative(a)
    return a.op(minus_sign(a.inputs[0]), *a.inputs[1:], **a.options)


def transposed(operand: Operand) -> Node:
    """``a.T``; two transposes vanish, an outer product and a product with a transpose turn round."""
    a = as_node(operand)
    if isinstance(a, Call) and a.op is outer:
        return outer(a.inputs[1], a.inputs[0])
    if _is_transpose(a):
        return a.inputs[0]
    if isinstance(a, Call) and a.op is matmul and len(a.shape) == 2 and any(map(_is_transpose, a.inputs)):
        return transposed(a.inputs[1]) @ transposed(a.inputs[0])
    return transpose(a)


def _is_transpose(node: Node) -> TypeGuard[Call]:
    reversed_axes = tuple(range(-1, -len(node.shape) - 1, -1))
    return isinstance(node, Call) and node.op is transpose and node.options["axes"] == reversed_axes


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
