"""What the tests of the language share: a few quantities with numbers, and random expressions over them.

Every axis has a length of its own; the numbers are small, so that results can be worked by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import strategies as st

from hwcheck.errors import InputError, Location
from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.node import Array, Constant, Node, Quantity
from hwcheck.graph.op import Misfit
from hwcheck.language.build import Scope, build
from hwcheck.language.source import Source
from hwcheck.limits import LINE, Complexity
from hwcheck.ops.catalogue import ops

__all__ = ["HERE", "NAMES", "NUMBERS", "build_text", "composed", "fault", "value", "value_of"]

HERE = Location("problem.yaml", 5, 11)
VALUES: Mapping[str, Any] = {
    "s": 2,
    "t": -3,
    "x": [1, -2, 3],
    "v": [0.5, 1, -1.5, 2],
    "A": [[1, 2, 3], [4, 5, 6]],
    "B": [[1, 0, 2, -1], [0, 3, 1, 2], [2, 1, 0, 1]],
    "D": [[[100 * i + 10 * j + k for k in range(4)] for j in range(3)] for i in range(2)],
    "i": [0, 1],
    "j": [2, 0],
    "W1": [[1, 2], [3, 5]],
    "h12": 7,
    "ŷ": 0.25,
}
QUANTITIES = {name: Quantity(name, shape=np.shape(value)) for name, value in VALUES.items()}
NUMBERS: Mapping[Quantity, Array] = {
    quantity: np.array(VALUES[name], dtype=np.float64)[np.newaxis] for name, quantity in QUANTITIES.items()
}
NAMES: Mapping[str, Node | float] = {**QUANTITIES, "N": 3.0}


def build_text(text: str, limits: Complexity = LINE, more: Mapping[str, Node | float] | None = None) -> Node:
    """The node of an expression over these quantities (and ``more``)."""
    return build(Source(text, HERE, limits), Scope({**NAMES, **(more or {})}, ops()))


def value_of(node: Node) -> Array:
    """What a node gives for these numbers."""
    (result,) = evaluate([node], NUMBERS)
    first: Array = result[0]
    return first


def value(text: str) -> Array:
    """What an expression gives for these numbers."""
    return value_of(build_text(text))


def fault(text: str, limits: Complexity = LINE) -> tuple[str, str]:
    """Where an expression is refused, as line:column, and the message."""
    try:
        node = build_text(text, limits)
    except InputError as error:
        (only,) = error.faults
        assert only.location.file == HERE.file
        return f"{only.location.line}:{only.location.column}", only.message
    raise AssertionError(f"{text!r} was read as {node}")


_BINARY = ("+", "-", "*", "/", "**", "@", ">", ">=", "<", "<=", "==", "!=", "maximum", "minimum", "outer", "dot")
_UNARY: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("neg", {}), (".T", {}), ("exp", {}), ("log", {}), ("sqrt", {}), ("abs", {}), ("relu", {}), ("sigmoid", {}),
    ("leaky_relu", {"negative_slope": 0.25}), ("leaky_relu", {"negative_slope": 1e-05}), ("sum", {}),
    ("sum", {"axis": 0}), ("sum", {"axis": -1, "keepdims": True}), ("mean", {"axis": 0}), ("max", {}),
    ("max", {"axis": 1, "keepdims": True}), ("softmax", {"axis": 0}), ("flatten", {}), ("flatten", {"start_dim": 1}),
    ("reshape", {"shape": [3, -1]}), ("transpose", {"axes": [1, 0]}), ("transpose", {"axes": [1, 0, 2]}),
    ("[]", {"index": 0}), ("[]", {"index": (slice(None), -1)}), ("[]", {"index": slice(None, None, -1)}),
    ("[]", {"index": slice(1, 3)}), ("pad", {"pad": [1, 2]}), ("pad", {"pad": [0, 1], "value": float("-inf")}),
)  # fmt: skip
_LISTED: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("stack", {}), ("stack", {"axis": 1}), ("concatenate", {}), ("concatenate", {"axis": 1}),
)  # fmt: skip
_FLOATS = st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.0, 0.5, -0.1, 1e-05, -2.5e-07, 1e16, 1e300, 123456.75])
_CONSTANTS = st.one_of(_FLOATS.map(Constant), st.lists(_FLOATS, min_size=1, max_size=4).map(Constant))
_LEAVES: st.SearchStrategy[Node] = st.one_of(st.sampled_from([*QUANTITIES.values()]), _CONSTANTS)


def _tried(op: str, otherwise: Node, *arguments: Any, **options: Any) -> Node:
    """The op applied to arguments, or another node where they do not fit or the result is large."""
    try:
        node = ops()[op](*arguments, **options)
    except Misfit:
        return otherwise
    return node if node.size <= 200 and len(node.shape) <= 4 else otherwise


def _grown(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Nodes made of smaller ones."""
    several = st.lists(parts, min_size=1, max_size=3)
    unary = st.builds(lambda op, a: _tried(op[0], a, a, **op[1]), st.sampled_from(_UNARY), parts)
    binary = st.builds(lambda op, a, b: _tried(op, a, a, b), st.sampled_from(_BINARY), parts, parts)
    where = st.builds(lambda condition, a, b: _tried("where", a, condition, a, b), parts, parts, parts)
    picked = st.builds(lambda a, indices: _tried("pick", a, a, indices[:2]), parts, several)
    listed = st.builds(lambda op, nodes: _tried(op[0], nodes[0], nodes, **op[1]), st.sampled_from(_LISTED), several)
    return st.one_of(unary, unary, binary, binary, where, picked, listed)


composed: st.SearchStrategy[Node] = st.recursive(_LEAVES, _grown, max_leaves=12)
"""Random expressions over the quantities: every operator, options, lists, parts."""
