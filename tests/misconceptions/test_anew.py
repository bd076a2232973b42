"""Calls made again: with other arguments, as a step of a layer, and in parts."""

from __future__ import annotations

import pytest

from hwcheck.graph.node import Call, Node, Quantity
from hwcheck.graph.op import Misfit
from hwcheck.language.printer import to_text
from hwcheck.misconceptions.anew import anew, cropped, in_a_layer, line_of, reversed_along, swapped_blocks
from hwcheck.misconceptions.misconception import Place
from hwcheck.ops.assembly import concatenate
from hwcheck.ops.convolution import conv2d
from hwcheck.problem.load import parse_problem
from tests.support.tiny import tiny

X, K, B = Quantity("x", shape=(2, 5, 7)), Quantity("k", shape=(3, 2, 2, 4)), Quantity("b", shape=(3,))


def call(node: Node) -> Call:
    assert isinstance(node, Call)
    return node


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "conv2d(x, k, b, stride=2)"),
        ({"bias": None}, "conv2d(x, k, stride=2)"),
        ({"stride": 1, "flip": True}, "conv2d(x, k, b, flip=True)"),
    ],
)
def test_a_call_is_made_anew(changes: dict[str, object], text: str) -> None:
    assert to_text(anew(call(conv2d(X, K, B, stride=2)), **changes)) == text


def test_a_call_of_a_list_is_made_anew() -> None:
    joined = concatenate([B, B], axis=0)
    assert to_text(anew(call(joined))) == "concatenate([b, b])"


def test_what_the_op_does_not_allow_is_a_misfit() -> None:
    with pytest.raises(Misfit, match="is made for 4 channels"):
        anew(call(conv2d(X, K)), groups=2)


def test_blocks_change_places() -> None:
    stacked = Quantity("w", shape=(6, 5))
    assert to_text(swapped_blocks(stacked, 3, 0, 2)) == "concatenate([w[4:], w[2:4], w[:2]])"


def test_an_axis_is_reversed() -> None:
    assert to_text(reversed_along(Quantity("w", shape=(4, 2)), 1)) == "concatenate([w[:, 1:], w[:, :1]], axis=1)"


def test_the_first_entries_are_left() -> None:
    assert to_text(cropped(X, (2, 3, 7))) == "x[:, :3]"
    assert cropped(X, X.shape) is X
    with pytest.raises(Misfit):
        cropped(X, (2, 6, 7))


def test_the_line_of_a_step_is_known() -> None:
    problem = parse_problem(tiny("x: [1, 2, 3]", h="layer_norm(x)", y="2 * layer_norm(x) + x"), "tiny.yaml")
    found = line_of(Place(problem, problem.quantities["h.xhat"]))
    assert found is not None
    assert (found[0], found[1].op.name) == ("h", "layer_norm")
    assert line_of(Place(problem, problem.quantities["h"])) is None
    y = problem.quantities["y"]
    total = call(y.body or y)
    product = call(total.inputs[0])
    layer = call(product.inputs[1])
    place = Place(problem, y)
    assert [in_a_layer(place, node) for node in (total, product, layer)] == [False, False, False]
    assert in_a_layer(place, call(layer.body or y))
