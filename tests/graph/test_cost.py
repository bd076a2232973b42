"""What an evaluation costs: counted by hand for small shapes, every axis of its own size."""

from __future__ import annotations

import time

import numpy as np
import pytest

from hwcheck.errors import Location
from hwcheck.graph.cost import operations
from hwcheck.graph.evaluate import Plan
from hwcheck.graph.node import Node, Quantity
from hwcheck.language.build import Scope, build
from hwcheck.language.source import Source
from hwcheck.limits import FORMULA, FORMULA_OPERATIONS
from hwcheck.ops.catalogue import ops

SHAPES = {
    "A": (2, 3), "B": (3, 5), "u": (3,), "v": (7,), "S": (4, 2, 3), "x": (2, 5, 6), "X": (7, 2, 5, 6),
    "K": (4, 2, 3, 2), "G": (4, 3, 5), "b": (4,), "s": (), "D": (4, 1, 3, 2), "y": (4, 5, 6),
}  # fmt: skip
QUANTITIES = {name: Quantity(name, shape=shape) for name, shape in SHAPES.items()}


def formula(text: str) -> Node:
    return build(Source(text, Location("a.yaml", 1, 1), FORMULA), Scope(QUANTITIES, ops()))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("s", 0),
        ("2 * s", 3),
        ("exp(A)", 6 + 6),
        ("A + u", 6 + 6 + 3),
        ("sum(S, axis=1)", 24 + 12),
        ("outer(u, v)", 3 + 7 + 21),
        ("A @ B", (6 + 15 + 10) + 2 * 3 * 5),
        ("A @ u", (6 + 3 + 2) + 2 * 3),
        ("u @ B", (3 + 15 + 5) + 3 * 5),
        ("u @ u", (3 + 3 + 1) + 3),
        ("S @ B", (24 + 15 + 40) + 4 * 2 * 3 * 5),
        # 3 x 5 windows, 4 filters of 2 x 3 x 2
        ("conv2d(x, K)", (60 + 48 + 60) + 4 * 3 * 5 * 2 * 3 * 2),
        ("conv2d(x, K, b)", (60 + 48 + 4 + 60) + 4 * 3 * 5 * 2 * 3 * 2),
        ("conv2d(X, K)", (420 + 48 + 420) + 7 * 4 * 3 * 5 * 2 * 3 * 2),
        ("conv2d(x, K, stride=2)", (60 + 48 + 24) + 4 * 2 * 3 * 2 * 3 * 2),
        ("conv2d(x, K, padding=1)", (60 + 48 + 140) + 4 * 5 * 7 * 2 * 3 * 2),
        # 4 groups of one channel each; 3 x 5 windows of 3 x 2
        ("conv2d(y, D, groups=4)", (120 + 24 + 60) + 4 * 3 * 5 * 3 * 2),
        # 4 x 3 x 5 pixels, each spread by a filter of 2 x 3 x 2: the transpose costs what conv2d costs
        ("conv_transpose2d(G, K)", (60 + 48 + 60) + 4 * 3 * 5 * 2 * 3 * 2),
        ("conv2d_weight(x, G, [3, 2])", (60 + 60 + 48) + 4 * 3 * 5 * 2 * 3 * 2),
    ],
)
def test_the_operations_of_one_op(text: str, count: int) -> None:
    assert operations(formula(text)) == count


def test_a_composite_op_costs_what_its_body_costs() -> None:
    assert operations(formula("dot(A, B)")) == operations(formula("A @ B"))
    # 60 images with a single 1 give 60 x 4 x 3 x 5 entries of 2 x 3 x 2 products each; reshape and .T read and write.
    assert operations(formula("conv_matrix(K, [5, 6])")) == (3600 + 48 + 3600) + 3600 * 12 + 7200 + 7200


def test_what_is_used_twice_is_counted_once() -> None:
    once = formula("exp(A)")
    assert operations(once + once) == (6 + 6) + (6 + 6 + 6)


def test_a_quantity_costs_what_computes_it() -> None:
    assert operations(Quantity("h", formula("A @ B"))) == operations(formula("A @ B"))


def test_a_long_chain_needs_no_recursion() -> None:
    node: Node = Quantity("s")
    for _ in range(5_000):
        node = node + 1.0
    assert operations(node) == 5_000 * 3


@pytest.mark.parametrize(
    "text",
    [
        "sum(conv2d(broadcast_to(1, [1, 900, 900]), broadcast_to(1, [1, 1, 400, 400])))",
        "sum(outer(broadcast_to(1, [999]), broadcast_to(1, [999])) @ broadcast_to(1, [999, 999]))",
        "sum(conv_transpose2d(broadcast_to(1, [1, 500, 500]), broadcast_to(1, [1, 1, 400, 400])))",
        "sum(conv2d_weight(broadcast_to(1, [1, 900, 900]), broadcast_to(1, [1, 501, 501]), [400, 400]))",
    ],
)
def test_what_would_hang_is_known_before(text: str) -> None:
    begin = time.perf_counter()
    assert operations(formula(text)) > FORMULA_OPERATIONS
    assert time.perf_counter() - begin < 5


@pytest.mark.parametrize(
    "text",
    [
        "sum(broadcast_to(s, [350, 350]) @ broadcast_to(s, [350, 350]))",
        "sum(conv2d(broadcast_to(s, [1, 300, 300]), broadcast_to(s, [1, 1, 24, 24])))",
        "sum(conv_transpose2d(broadcast_to(s, [1, 270, 270]), broadcast_to(s, [1, 1, 25, 25])))",
        "sum(conv2d_weight(broadcast_to(s, [1, 300, 300]), broadcast_to(s, [1, 277, 277]), [24, 24]))",
    ],
)
def test_what_is_just_allowed_takes_seconds(text: str) -> None:
    node = formula(text)
    assert 0.7 * FORMULA_OPERATIONS < operations(node) <= FORMULA_OPERATIONS
    begin = time.perf_counter()
    Plan([node]).run({QUANTITIES["s"]: np.linspace(1, 2, 8)})
    assert time.perf_counter() - begin < 20
