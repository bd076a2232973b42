"""What the records of losses cannot say: the edges, which numbers are refused, a penalty on a gradient in a network."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.node import Array, Call
from tests.language.test_derivatives import Network
from tests.support.finite_differences import central_difference, disagreement, gradients
from tests.support.op_records import OPS, called, quantities


def value_and_gradients(name: str, *inputs: Any, **options: Any) -> list[Array]:
    """The op's value, and the gradient of its sum in each input that has one."""
    arrays = [np.array(x, dtype=np.float64) for x in inputs]
    nodes = quantities(OPS[name], [x.shape for x in arrays])
    y = called(OPS[name], nodes, options)
    found = gradients([y], [np.ones(y.shape)])
    numbers = {node: x[np.newaxis] for node, x in zip(nodes, arrays, strict=True)}
    return [result[0] for result in evaluate([y, *(found[node] for node in nodes if node in found)], numbers)]


def test_a_certain_and_right_probability_costs_nothing() -> None:
    """The limit from inside: the derivative of -log(1 - p) at p = 0 is 1, that of -log(p) at p = 1 is -1."""
    y, in_p, _ = value_and_gradients("binary_cross_entropy", [0, 1], [0, 1], reduction="none")
    np.testing.assert_array_equal(y, [0, 0])
    np.testing.assert_array_equal(in_p, [1, -1])


def test_a_certain_and_wrong_probability_costs_infinity() -> None:
    y, in_p, _ = value_and_gradients("binary_cross_entropy", [0, 1], [1, 0], reduction="none")
    np.testing.assert_array_equal(y, [math.inf, math.inf])
    np.testing.assert_array_equal(in_p, [-math.inf, math.inf])


@pytest.mark.parametrize(("x", "t", "expected"), [(40, 1, math.exp(-40)), (-40, 0, math.exp(-40)), (800, 0, 800)])
def test_large_logits_round_no_probability(x: float, t: float, expected: float) -> None:
    """log(1 + e) is e to within e**2 / 2; sigmoid(800) is 1 in float64, and the logarithm of what is left -inf."""
    y, in_x, _ = value_and_gradients("binary_cross_entropy_with_logits", x, t)
    np.testing.assert_allclose(y, expected, rtol=1e-14)
    assert np.isfinite(in_x)


@pytest.mark.parametrize("options", [{}, {"from_logits": False}])
def test_a_class_that_is_impossible_and_not_meant_costs_nothing(options: Mapping[str, Any]) -> None:
    scores = [0.5, 0.5, 0] if options else [0, 0, -math.inf]
    y, in_scores = value_and_gradients("cross_entropy", scores, 0, **options)
    np.testing.assert_allclose(y, math.log(2), rtol=1e-15)
    np.testing.assert_allclose(in_scores, [-2, 0, 0] if options else [-0.5, 0.5, 0], rtol=1e-15)


def test_log_cosh_keeps_its_digits_near_zero_and_far_from_it() -> None:
    """Its series is x**2 / 2 - x**4 / 12 + x**6 / 45; far away it is abs(x) - log(2)."""
    (y, slope) = value_and_gradients("log_cosh", [1e-6, -1e-3, 1e4])
    np.testing.assert_allclose(y, [5e-13 - 1e-24 / 12, 5e-7 - 1e-12 / 12 + 1e-18 / 45, 1e4 - math.log(2)], rtol=1e-14)
    np.testing.assert_allclose(slope, np.tanh([1e-6, -1e-3, 1e4]), rtol=1e-15)


def test_a_pair_at_distance_zero_has_a_gradient() -> None:
    """Half the square of a distance has the derivative 0 there, though the distance itself has none."""
    y, in_x1, in_x2 = value_and_gradients("contrastive_loss", [1, 2], [1, 2], 0)
    assert y == 0
    np.testing.assert_array_equal([in_x1, in_x2], np.zeros((2, 2)))


THREE_CLASSES = "is 3, but there are 3 classes, 0 to 2"
SIGNED, BINARY = "but a label is -1 or 1", "but a label is 0 or 1"

FAULTS: list[tuple[str, list[Any], dict[str, Any], list[str]]] = [
    ("one_hot", [[0, 7, -1]], {"num_classes": 5},
     [f"entry [{i}] of {{x}} is {label}, but there are 5 classes, 0 to 4" for i, label in ((1, 7), (2, -1))]),
    ("one_hot", [1.5], {"num_classes": 2}, ["{x} is 1.5, but there are 2 classes, 0 to 1"]),
    ("one_hot", [[1, 0]], {"num_classes": 2, "axis": 0}, []),
    ("class_entry", [np.zeros((2, 3)), [0, 3]], {}, ["entry [1] of {labels} " + THREE_CLASSES]),
    ("class_entry", [np.zeros((3, 2)), [2, 3]], {"axis": -2}, ["entry [1] of {labels} " + THREE_CLASSES]),
    ("cross_entropy", [np.zeros((2, 3)), [0, 3]], {}, ["entry [1] of {target} " + THREE_CLASSES]),
    ("cross_entropy", [np.zeros((2, 3, 4)), np.full((2, 4), 3.0)], {"axis": 1},
     [f"entry [0, {i}] of {{target}} " + THREE_CLASSES for i in range(3)]),
    ("cross_entropy", [np.zeros((2, 3)), [0, -100]], {"ignore_index": -100}, []),
    ("cross_entropy", [np.zeros((2, 3)), [9, 9]], {"ignore_index": 9},
     ["all entries of {target} are 9, the index to ignore: no sample is left"]),
    ("cross_entropy", [np.zeros((2, 3)), np.full((2, 3), 9.0)], {}, []),
    ("nll_loss", [np.zeros(3), 3], {}, ["{target} " + THREE_CLASSES]),
    ("perplexity", [np.zeros((3, 2)), [0, 3]], {"axis": 0}, ["entry [1] of {target} " + THREE_CLASSES]),
    ("multi_margin_loss", [np.zeros(3), 3], {}, ["{target} " + THREE_CLASSES]),
    ("hinge_loss", [np.zeros(2), [0, 1]], {}, ["entry [0] of {target} is 0, " + SIGNED]),
    ("soft_margin_loss", [np.zeros(2), [0, 1]], {}, ["entry [0] of {target} is 0, " + SIGNED]),
    ("hinge_embedding_loss", [np.zeros(2), [0, 1]], {}, ["entry [0] of {target} is 0, " + SIGNED]),
    ("margin_ranking_loss", [np.zeros(2), np.zeros(2), [0, 1]], {}, ["entry [0] of {target} is 0, " + SIGNED]),
    ("cosine_embedding_loss", [np.zeros(2), np.zeros(2), 0], {}, ["{target} is 0, " + SIGNED]),
    ("contrastive_loss", [np.zeros(2), np.zeros(2), -1], {}, ["{target} is -1, " + BINARY]),
    ("focal_loss", [np.zeros(2), [0, 0.5]], {}, ["entry [1] of {target} is 0.5, " + BINARY]),
    ("multilabel_soft_margin_loss", [np.zeros(2), [0, 2]], {}, ["entry [1] of {target} is 2, " + BINARY]),
    ("gaussian_nll_loss", [np.zeros(2), np.zeros(2), [1, -1]], {},
     ["entry [1] of {var} is -1, but no variance is negative"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "inputs", "options", "faults"), FAULTS, ids=[f"{fault[0]}-{i}" for i, fault in enumerate(FAULTS)]
)
def test_numbers_that_make_no_sense_are_told(name: str, inputs: Any, options: Any, faults: list[str]) -> None:
    op = OPS[name]
    assert op.domain is not None
    node = called(op, quantities(op, [np.shape(x) for x in inputs]), options)
    assert isinstance(node, Call)
    assert list(op.domain(*(np.array(x, dtype=float) for x in inputs), **node.options)) == faults


CRITIC = {
    "W": [[0.3, -0.2, 0.5], [0.1, 0.4, -0.6]],
    "v": [0.7, -0.9],
    "x_hat": [[0.2, -0.4, 0.3], [1.1, 0.5, -0.7]],
}


def critic(numbers: Mapping[str, Any]) -> Network:
    """A critic of two samples, the gradient at the interpolates, and the penalty, as lines of a network."""
    return Network(numbers, {"D": "sum(tanh(x_hat @ W.T) @ v)", "L": "10 * gradient_penalty(grad(D, x_hat))"})


def test_the_penalty_on_a_gradient_is_a_line_of_a_network() -> None:
    """By hand: of v * tanh(W x) the gradient in x is W.T @ (v * (1 - tanh(W x)**2))."""
    W, v, x = (np.array(CRITIC[name]) for name in ("W", "v", "x_hat"))
    slopes = (v * (1 - np.tanh(x @ W.T) ** 2)) @ W
    expected = 10 * np.mean((np.sqrt((slopes**2).sum(axis=1)) - 1) ** 2)
    np.testing.assert_allclose(critic(CRITIC).value("L"), expected, rtol=1e-14)


@pytest.mark.parametrize("name", ["W", "v", "x_hat"])
def test_the_gradient_of_that_penalty_is_what_is_measured(name: str) -> None:
    measured = central_difference(lambda x: float(critic({**CRITIC, name: x}).value("L")), np.array(CRITIC[name]))
    assert disagreement(critic(CRITIC).value(f"grad({name})"), measured) == ""
