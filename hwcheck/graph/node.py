"""The three kinds of node, and the order to visit them in.

A node is made after its inputs and never changed, so its ``depth`` (the longest way down to a leaf) sorts any
set of nodes into an order of evaluation: no walk over the graph needs recursion.

A quantity and a composite call only *stand for* another node, their ``body``: it computes them. They are kept
as nodes because they carry what a reader wants to see (a name, ``mse_loss(yhat, y)``), and because a quantity is
the place where a student's own number can be put in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from hwcheck.graph.op import Op

__all__ = [
    "OPERATORS",
    "Array",
    "Call",
    "Constant",
    "Labels",
    "Node",
    "Operand",
    "Quantity",
    "Shape",
    "Use",
    "as_node",
    "needs",
    "order",
]

Array: TypeAlias = npt.NDArray[np.float64]
Shape: TypeAlias = tuple[int, ...]

# What Python's operators mean between nodes; hwcheck/ops/arithmetic.py fills it with the ops that have a symbol.
OPERATORS: dict[str, Callable[..., Node]] = {}


class Node:
    """A value in the graph: its shape is known, its numbers are not.

    The operators build further nodes, so that a gradient rule reads like its formula: ``g * y * (1 - y)``.
    """

    __slots__ = ("depth", "shape")
    __array_ufunc__ = None  # NumPy leaves ``array * node`` to the node, instead of making an array of nodes

    def __init__(self, shape: Shape, depth: int) -> None:
        self.shape = shape
        self.depth = depth

    @property
    def size(self) -> int:
        """The number of entries."""
        size = 1
        for length in self.shape:
            size *= length
        return size

    def __add__(self, other: Operand) -> Node:
        return OPERATORS["+"](self, other)

    def __radd__(self, other: Operand) -> Node:
        return OPERATORS["+"](other, self)

    def __sub__(self, other: Operand) -> Node:
        return OPERATORS["-"](self, other)

    def __rsub__(self, other: Operand) -> Node:
        return OPERATORS["-"](other, self)

    def __mul__(self, other: Operand) -> Node:
        return OPERATORS["*"](self, other)

    def __rmul__(self, other: Operand) -> Node:
        return OPERATORS["*"](other, self)

    def __truediv__(self, other: Operand) -> Node:
        return OPERATORS["/"](self, other)

    def __rtruediv__(self, other: Operand) -> Node:
        return OPERATORS["/"](other, self)

    def __pow__(self, other: Operand) -> Node:
        return OPERATORS["**"](self, other)

    def __rpow__(self, other: Operand) -> Node:
        return OPERATORS["**"](other, self)

    def __matmul__(self, other: Operand) -> Node:
        return OPERATORS["@"](self, other)

    def __rmatmul__(self, other: Operand) -> Node:
        return OPERATORS["@"](other, self)

    def __neg__(self) -> Node:
        return OPERATORS["neg"](self)

    def __gt__(self, other: Operand) -> Node:
        return OPERATORS[">"](self, other)

    def __ge__(self, other: Operand) -> Node:
        return OPERATORS[">="](self, other)

    def __lt__(self, other: Operand) -> Node:
        return OPERATORS["<"](self, other)

    def __le__(self, other: Operand) -> Node:
        return OPERATORS["<="](self, other)

    @property
    def T(self) -> Node:  # noqa: N802  NumPy's name
        """The node with its axes in reverse order."""
        return OPERATORS[".T"](self)


class Constant(Node):
    """Numbers that are written down: ``value`` has the node's shape."""

    __slots__ = ("value",)

    def __init__(self, value: npt.ArrayLike) -> None:
        self.value: Array = np.asarray(value, dtype=np.float64)
        super().__init__(self.value.shape, 0)


class Quantity(Node):
    """A named value. Its body computes it; an input or a weight has none and is fed."""

    __slots__ = ("body", "name")

    def __init__(self, name: str, body: Node | None = None, shape: Shape = ()) -> None:
        self.name = name
        self.body = body
        super().__init__(shape if body is None else body.shape, 0 if body is None else body.depth + 1)


class Use(Quantity):
    """A quantity where one step of a repetition uses it: ``W, t=2``. A reader sees the quantity itself, its body.

    What arrives at it is the share of the gradient that comes from that step.
    """

    __slots__ = ("of",)

    def __init__(self, name: str, of: Quantity) -> None:
        self.of = of
        super().__init__(name, of)


class Call(Node):
    """An op applied to nodes, by parameter; the call of a composite op has the body that it is composed of."""

    __slots__ = ("body", "inputs", "names", "op", "options")

    def __init__(
        self,
        op: Op,
        inputs: Mapping[str, Node],
        options: Mapping[str, Any],
        shape: Shape,
        body: Node | None = None,
    ) -> None:
        self.op = op
        self.names = tuple(inputs)
        self.inputs = tuple(inputs.values())
        self.options = options
        self.body = body
        below = self.inputs if body is None else (*self.inputs, body)
        super().__init__(shape, 1 + max((node.depth for node in below), default=0))


Operand: TypeAlias = Node | float | Array
Labels: TypeAlias = Any  # a node, and in a value function an array, whose numbers name classes or entries


def as_node(operand: Operand) -> Node:
    """A number or an array as a constant; a node as it is."""
    return operand if isinstance(operand, Node) else Constant(operand)


def needs(node: Node) -> tuple[Node, ...]:
    """The nodes whose numbers a node is computed from."""
    if isinstance(node, Call):
        return node.inputs if node.body is None else (node.body,)
    if isinstance(node, Quantity) and node.body is not None:
        return (node.body,)
    return ()


def order(outputs: Iterable[Node], below: Callable[[Node], tuple[Node, ...]] = needs) -> list[Node]:
    """The outputs and all that stands below them, each after what stands below it."""
    seen: dict[Node, None] = {}
    waiting = list(outputs)
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen[node] = None
            waiting.extend(below(node))
    return sorted(seen, key=lambda node: node.depth)
