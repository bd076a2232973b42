"""The reference against numbers from outside, and the numbers that are drawn."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hwcheck.errors import UsageError
from hwcheck.graph.node import Array, Node
from hwcheck.ops.catalogue import ops
from hwcheck.problem.load import load_problem, parse_problem
from hwcheck.problem.model import Problem
from hwcheck.reference import drawn_numbers, float_noise, solve, stated_numbers
from tests.support.finite_differences import central_difference

ROOT = Path(__file__).parents[1]


def assert_near(found: Array, expected: Array, relative: float, absolute: float = 0) -> None:
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=relative, atol=absolute)


def test_the_gan_agrees_with_pytorch() -> None:
    """Every quantity of fixtures/gan/reference.json, which says where its numbers come from, and no other."""
    expected = json.loads((ROOT / "fixtures/gan/reference.json").read_text(encoding="utf-8"))["quantities"]
    reference = solve(load_problem(ROOT / "problems/gan.yaml"))
    assert set(reference.values) == set(expected)
    for name, value in expected.items():
        assert_near(reference[name], np.array(value), 1e-9)


# The autoencoder of problems/autoencoder.yaml, step by step, in NumPy.
def hidden(x: Array, W1: Array, b1: Array) -> Array:
    return np.asarray(np.maximum(W1.T @ x + b1, 0))


def output(h: Array, W2: Array, b2: Array) -> Array:
    return np.asarray(W2.T @ h + b2)


def logistic(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


def loss(x: Array, xhat: Array) -> float:
    return float(np.sum((x - xhat) ** 2))


def autoencoder_loss(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> float:
    return loss(x, logistic(output(hidden(x, W1, b1), W2, b2)))


@pytest.fixture(scope="module")
def autoencoder() -> dict[str, Array]:
    return dict(solve(load_problem(ROOT / "problems/autoencoder.yaml")).values)


def test_the_autoencoder_forward(autoencoder: dict[str, Array]) -> None:
    x, W1, b1, W2, b2 = (autoencoder[name] for name in ("x", "W1", "b1", "W2", "b2"))
    assert [value.shape for value in (x, W1, b1, W2, b2)] == [(8,), (8, 3), (3,), (3, 8), (8,)]
    before = W1.T @ x + b1
    assert (before > 0.1).any()
    assert (before < -0.1).any()  # so the mask shows, and no input of the ReLU is near its corner
    h = hidden(x, W1, b1)
    z2 = output(h, W2, b2)
    steps = {"h": h, "z2": z2, "xhat": logistic(z2), "L": np.array(loss(x, logistic(z2)))}
    for name, expected in steps.items():
        assert_near(autoencoder[name], expected, 1e-13)


AUTOENCODER = ("x", "W1", "b1", "W2", "b2")


@pytest.mark.parametrize("name", AUTOENCODER)
def test_the_autoencoder_gradients_of_inputs_and_weights(autoencoder: dict[str, Array], name: str) -> None:
    def moved(value: Array) -> float:
        return autoencoder_loss(*(value if name == each else autoencoder[each] for each in AUTOENCODER))

    measured = central_difference(moved, autoencoder[name])
    assert_near(autoencoder[f"grad({name})"], measured, 1e-8, 1e-9)
    assert np.abs(measured).max() > 1e-3


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("xhat", lambda values: lambda xhat: loss(values["x"], xhat)),
        ("z2", lambda values: lambda z2: loss(values["x"], logistic(z2))),
        ("h", lambda values: lambda h: loss(values["x"], logistic(output(h, values["W2"], values["b2"])))),
    ],
)
def test_the_autoencoder_gradients_of_its_steps(
    autoencoder: dict[str, Array], name: str, rest: Callable[[dict[str, Array]], Callable[[Array], float]]
) -> None:
    measured = central_difference(rest(autoencoder), autoencoder[name])
    assert_near(autoencoder[f"grad({name})"], measured, 1e-8, 1e-9)


@pytest.mark.parametrize(
    ("y", "x", "step"),
    [
        ("z2", "W2", lambda values, W2: output(values["h"], W2, values["b2"])),
        ("h", "W1", lambda values, W1: hidden(values["x"], W1, values["b1"])),
    ],
)
def test_the_autoencoder_jacobians(
    autoencoder: dict[str, Array], y: str, x: str, step: Callable[[dict[str, Array], Array], Array]
) -> None:
    rows = [
        central_difference(lambda moved, i=i: float(step(autoencoder, moved)[i]), autoencoder[x])  # type: ignore[misc]
        for i in range(len(autoencoder[y]))
    ]
    assert_near(autoencoder[f"jacobian({y}, {x})"], np.stack(rows), 1e-8, 1e-9)


def parsed(values: str, rest: str = "") -> Problem:
    text = f"inputs: {{{values}}}\nweights: {{w: {{shape: [2, 3]}}, ones: [1, 0, 1]}}\n"
    return parse_problem(f"{text}network:\n  h: w @ ones\n  L: sum(h)\nloss: L\n{rest}", "f.yaml")


def test_drawn_numbers_are_pinned() -> None:
    """They may never change: a class would have another homework. Fractions by CPython's random.Random itself."""
    values = solve(load_problem(ROOT / "problems/autoencoder.yaml"))
    for name, fractions in {
        "x": [0.5471875978897397, 0.686484966341747, 0.719902731261761],
        "W1": [0.619978268290376, 0.04807117274555017, 0.7057373479526051],
    }.items():
        generator = random.Random(f"1/{name}/0")  # noqa: S311
        assert [generator.random() for _ in range(3)] == fractions
        assert values[name].ravel()[:3].tolist() == [-1 + 2 * fraction for fraction in fractions]


def test_drawing_follows_its_rule() -> None:
    problem = parsed(
        "x: {shape: [50], draw: {low: 2, high: 4, decimals: 1}}, y: {shape: [50], draw: {low: -0.04, high: 0.04}}",
        "seed: 7\ndraw: {low: -3, high: 3, decimals: 1}\n",
    )
    values = solve(problem)
    generator = random.Random("7/x/0")  # noqa: S311
    assert values["x"].tolist() == [round(2 + 2 * generator.random(), 1) for _ in range(50)]
    assert 2 <= values["x"].min() < values["x"].max() <= 4
    assert -3 <= values["w"].min() < -1 < 1 < values["w"].max() <= 3
    assert not np.signbit(values["y"]).any()  # rounded to 0.0, never to -0.0
    assert (values["y"] == 0).all()


def test_drawn_numbers_depend_on_seed_name_and_point_alone() -> None:
    one = parsed("x: {shape: [4]}, y: {shape: [4]}", "seed: 3\n")
    same = parsed("y: {shape: [4]}, q: 1, x: {shape: [4]}", "seed: 3\n")
    other = parsed("x: {shape: [4]}, y: {shape: [4]}", "seed: 4\n")
    first, second, third = (drawn_numbers(problem, 3)[problem.quantities["x"]] for problem in (one, same, other))
    np.testing.assert_array_equal(first, second)
    assert not np.isin(first, third).any()
    assert len(np.unique(first)) == first.size == 12
    assert not np.isin(first, drawn_numbers(one, 3)[one.quantities["y"]]).any()
    np.testing.assert_array_equal(first, drawn_numbers(one, 5)[one.quantities["x"]][:3])
    assert not np.isin(first, stated_numbers(one)[one.quantities["x"]]).any()


def test_drawn_points_keep_labels_and_what_is_fixed() -> None:
    problem = parsed(
        "x: [0.5, 2, 0], label: [[0, 1], [1, 0]], mask: {value: [0, 1, 1], fixed: false}, start: [0, 0], "
        "eps: {value: 0.25, fixed: true}, free: {shape: [2]}"
    )
    numbers = {quantity.name: array for quantity, array in drawn_numbers(problem, 5).items()}
    assert {name: array.shape for name, array in numbers.items()} == {
        "x": (5, 3), "label": (1, 2, 2), "mask": (5, 3), "start": (5, 2), "eps": (1,), "free": (5, 2), "w": (5, 2, 3),
        "ones": (5, 3),
    }  # fmt: skip
    assert numbers["label"].tolist() == [[[0, 1], [1, 0]]]
    assert numbers["eps"].tolist() == [0.25]
    assert len(np.unique(numbers["x"])) == 15


def test_drawn_points_keep_the_classes_that_a_loss_looks_up() -> None:
    problem = parse_problem(
        "inputs: {x: [[1, 2, 3], [4, 5, 6]], classes: [2, 0], scale: 2}\n"
        "network: {L: 'cross_entropy(scale * x, classes)'}\nloss: L\n",
        "f.yaml",
    )
    numbers = {quantity.name: array for quantity, array in drawn_numbers(problem, 4).items()}
    assert {name: len(array) for name, array in numbers.items()} == {"x": 4, "classes": 1, "scale": 4}
    assert numbers["classes"].tolist() == [[2, 0]]


def test_stated_numbers_are_the_file_s_own() -> None:
    problem = parsed("x: [0.5, 2, 0], b: {shape: [2, 1], value: 3}")
    numbers = {quantity.name: array for quantity, array in stated_numbers(problem).items()}
    assert list(numbers) == ["x", "b", "w", "ones"]
    assert numbers["x"].tolist() == [[0.5, 2, 0]]
    assert numbers["b"].tolist() == [[[3], [3]]]
    assert numbers["w"].shape == (1, 2, 3)


def test_float_noise_is_seen_where_numbers_cancel_and_nowhere_else() -> None:
    problem = parse_problem(
        "inputs: {a: 0.1, b: 0.2, c: 0.3, d: [3, 700]}\n"
        "network: {y: a + b - c, z: a * b, k: relu(a + b - c) / (a + b - c), L: y + z + sum(d)}\nloss: L\n",
        "f.yaml",
    )
    noise = float_noise(problem, ["y", "z", "k", "d"])
    # 0.1 + 0.2 - 0.3 is 5.6e-17 in float64; the operands have units of 2.8e-17 and 5.6e-17.
    assert 5.6e-17 < noise["y"] < 1e-14
    assert 0 < noise["z"] < 1e-15
    assert noise["k"] == 0  # either 0 or 1: a kink, and no matter of rounding
    assert (noise["d"] < 1e-11).all()
    assert noise["y"] == float_noise(problem, ["y"])["y"]


WRONG_RUN = parse_problem(
    """
inputs: {x: [1, 2]}
weights: {W: [[1, -1], [2, 1]]}
network: {z: W @ x, h: relu(z), s: sigmoid(h), L: sum(h)}
loss: L
""",
    "wrong.yaml",
)


def _unmasked(g: Node, y: Node, x: Node, slope_at_zero: float) -> Node:
    return g


def _unrectified(x: Array, slope_at_zero: float) -> Array:
    return x


def test_a_wrong_run_replaces_a_value_or_a_gradient_rule() -> None:
    # z = [-1, 4]; right: h = [0, 4], grad(z) = [0, 1], grad(W) = outer(grad(z), x)
    relu = ops()["relu"]
    right = solve(WRONG_RUN)
    assert (right["h"].tolist(), right["grad(W)"].tolist()) == ([0, 4], [[0, 0], [1, 2]])
    mask_left_out = solve(WRONG_RUN, instead={"relu": replace(relu, gradients=(_unmasked,))})
    assert mask_left_out["h"].tolist() == [0, 4]
    assert mask_left_out["grad(W)"].tolist() == [[1, 2], [1, 2]]
    left_out = solve(WRONG_RUN, instead={"relu": replace(relu, value=_unrectified, gradients=(_unmasked,))})
    assert (left_out["h"].tolist(), float(left_out["L"])) == ([-1, 4], 3)
    wrong_one = solve(WRONG_RUN, instead={"σ": ops()["tanh"]})
    assert wrong_one["s"] == pytest.approx([0, math.tanh(4)])
    assert solve(WRONG_RUN)["h"].tolist() == [0, 4]


def test_a_wrong_run_goes_on_from_given_numbers() -> None:
    mask_left_out = {"relu": replace(ops()["relu"], gradients=(_unmasked,))}
    found = solve(WRONG_RUN, given={"z": [-5, math.nan], "grad(h)": [3, 1]}, instead=mask_left_out)
    assert found["z"].tolist() == [-1, 4]  # what follows from before it
    assert found["h"].tolist() == [0, 4]
    assert found["grad(h)"].tolist() == [1, 1]
    assert found["grad(z)"].tolist() == [3, 1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"instead": {"rlu": ops()["relu"]}}, "no op 'rlu' to replace; did you mean 'relu'"),
        ({"given": {"z": [1, 2, 3]}}, "z is 2, but is given as 3"),
    ],
)
def test_what_a_wrong_run_cannot_be(words: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        solve(WRONG_RUN, **words)
