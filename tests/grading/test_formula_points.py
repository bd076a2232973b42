"""The points at which formulas are tried: away from kinks, saturation and zeros, and the same on every run."""

from __future__ import annotations

import numpy as np
import pytest

from hwcheck.grading.formulas import FormulaMarker
from hwcheck.grading.points import AIM, ENOUGH, Points, agree
from hwcheck.graph.node import Array
from hwcheck.problem.load import parse_problem
from hwcheck.problem.model import Problem
from tests.grading.formula_marks import PROBLEMS, found, library, question


def points(text: str) -> tuple[Problem, Points]:
    problem = parse_problem(text, "points.yaml")
    return problem, Points(problem, [asked.quantity for asked in problem.questions])


def tried(text: str, name: str, read: str) -> Array:
    """The values of one quantity at the points where a formula for another is tried."""
    _, drawn = points(text)
    telling = drawn.telling(name)
    assert telling.weak == ""
    assert len(telling.rows) >= ENOUGH
    return drawn.values(read, telling.rows)


# Whole numbers from -2 to 2: where an entry of x is 0, the ReLU has its kink.
KINK = """
inputs: {x: {shape: [3], draw: {low: -2.4, high: 2.4, decimals: 0}}}
network: {r: 'OP', L: sum(r**2)}
loss: L
questions: [{ask: grad(x), answer: formula, using: [x, r]}]
"""


@pytest.mark.parametrize(
    "op", ["relu(x)", "abs(x) + x", "leaky_relu(x)", "maximum(x, 0.0002)", "x * (x > 0)", "where(x > 0, 2*x, 1 - x)"]
)
def test_no_kink_is_near(op: str) -> None:
    values = tried(KINK.replace("OP", op), "grad(x)", "x")
    assert set(np.abs(values).reshape(-1)) == {1.0, 2.0}


def test_whole_numbers_are_fine_where_nothing_has_a_kink() -> None:
    assert 0.0 in tried(KINK.replace("OP", "x**3 + x"), "grad(x)", "x")


# The largest entry decides; where two are the same to a thousandth, a small change makes it another.
MAXIMUM = """
inputs: {x: {shape: [4], draw: {low: -1.4, high: 1.4, decimals: 0}}}
network: {m: "max(x) * 3", L: m**2 + m}
loss: L
questions: [{ask: grad(x), answer: formula, using: [x, m]}]
"""


def test_no_tie_of_a_maximum_is_near() -> None:
    values = np.sort(tried(MAXIMUM, "grad(x)", "x"), axis=1)
    assert (values[:, -1] - values[:, -2] >= 1).all()


# z runs from -60 to 60: sigmoid'(z) is 1/4 at 0, and below 1e-3 where |z| is more than 7.
SATURATED = """
inputs: {z: {shape: [1], draw: {low: -60, high: 60}}}
network: {s: 'OP', L: sum(s)}
loss: L
questions: [{ask: grad(z), answer: formula, using: [s]}]
"""


@pytest.mark.parametrize("op", ["sigmoid(z)", "tanh(z / 2)", "softmax([z[0], 0])[0] + 0*z"])
def test_nothing_is_saturated(op: str) -> None:
    values = tried(SATURATED.replace("OP", op), "grad(z)", "z")
    assert (np.abs(values) < 7).all()


def test_the_answer_is_not_zero_anywhere_and_each_entry_is_seen_dead_and_alive() -> None:
    problem = library("autoencoder")
    drawn = Points(problem, [asked.quantity for asked in problem.questions])
    rows = drawn.telling("jacobian(h, W1)").rows
    dead = drawn.values("h", rows) == 0
    assert dead.any(axis=0).all()
    assert not dead.all(axis=0).any()
    assert not dead[:ENOUGH].all(axis=1).any()


def test_the_points_are_those_of_the_seed() -> None:
    text = (PROBLEMS / "autoencoder.yaml").read_text(encoding="utf-8")
    first, second, other = (points(variant) for variant in (text, text, text.replace("seed: 1 ", "seed: 2 ")))
    name = "grad(W1)"
    same = [drawn.values("x", drawn.telling(name).rows) for _, drawn in (first, second, other)]
    assert np.array_equal(same[0], same[1])
    assert not np.array_equal(same[0], same[2])


@pytest.mark.parametrize("name", ["autoencoder"])
def test_the_problems_that_come_with_hwcheck_are_not_weak(name: str) -> None:
    problem = library(name)
    marker = FormulaMarker(problem)
    assert [marker.weak(asked) for asked in problem.questions if asked.answer == "formula"] == [""] * 10


def test_more_points_are_drawn_where_few_are_good() -> None:
    # One point in twelve has a ReLU that lives: more than the first 32 are needed.
    text = """
inputs: {x: {shape: [1], draw: {low: -11, high: 1}}}
network: {r: relu(x), L: sum(r**2)}
loss: L
questions: [{ask: grad(x), answer: formula, using: [r]}]
"""
    problem, drawn = points(text)
    rows = drawn.telling("grad(x)").rows
    assert len(rows) >= AIM
    assert max(rows) >= 32
    assert (drawn.values("x", rows[:AIM]) > 0).all()
    marker = FormulaMarker(problem)
    assert found(marker, problem, "grad(x)", "2*r").verdict == "right"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        # A ReLU that is dead at every point.
        (KINK.replace("OP", "relu(x - 5)"), "only 0 of 256 drawn points tell a right formula from a wrong one: it is"),
        # Every number is rounded to 0.
        (KINK.replace("OP", "relu(x - x) + abs(x)").replace("2.4", "0.4"), "it is 0 at 256"),
        ('inputs: {x: {value: [1, 2], fixed: true}}\nnetwork: {r: x**2, L: sum(r)}\nloss: L\n'
         "questions: [{ask: grad(x), answer: formula, using: [x]}]\n", "its numbers are all fixed"),
        # log(x) of negative numbers.
        (KINK.replace("OP", "log(x - 9)"), "it is not finite at 256"),
    ],
)  # fmt: skip
def test_a_weak_question_says_why(text: str, why: str) -> None:
    problem = parse_problem(text, "weak.yaml")
    marker = FormulaMarker(problem)
    assert why in marker.weak(question(problem, "grad(x)"))
    assert found(marker, problem, "grad(x)", "x * 3 + 7").verdict == "wrong"


# A hinge that is a single number: where it is 0, nothing but its mask shows.
HINGE = """
inputs: {a: {shape: []}, b: {shape: []}}
network: {d: a - b, L: relu(d + 0.3)}
loss: L
questions:
  - {ask: L, answer: formula, using: [d]}
  - {ask: grad(a), answer: formula, using: [d]}
"""


@pytest.mark.parametrize(
    ("name", "formula", "verdict"),
    [
        ("L", "relu(d + 0.3)", "right"),
        ("L", "(d + 0.3 + abs(d + 0.3)) / 2", "right"),  # cancels to nearly 0
        ("L", "d + 0.3", "wrong"),
        ("L", "abs(d + 0.3)", "wrong"),
        ("L", "relu(d + 0.3) * 2", "wrong"),
        ("grad(a)", "d + 0.3 > 0", "right"),
        ("grad(a)", "1", "wrong"),
    ],
)
def test_points_where_the_answer_is_zero_show_a_mask(name: str, formula: str, verdict: str) -> None:
    problem = parse_problem(HINGE, "hinge.yaml")
    assert found(FormulaMarker(problem), problem, name, formula).verdict == verdict


@pytest.mark.parametrize(
    ("yours", "right"),
    [
        ([[1.0, 2.0], [3.0, 4.0]], [True, True]),
        ([[1.0, 2.0], [3.0, 4.0 + 4e-6]], [True, False]),
        ([[1.0, 2.0 + 1e-12], [3.0, -4.0]], [True, False]),
        ([[np.nan, 2.0], [3.0, np.inf]], [False, False]),
    ],
)
def test_agreement_is_asked_of_every_entry(yours: list[list[float]], right: list[bool]) -> None:
    assert agree(np.array(yours), np.array([[1.0, 2.0], [3.0, 4.0]])).tolist() == right


# What arrives at y is stated. Where a formula has it by its name, other numbers of it must do as well.
UPSTREAM = """
inputs: {x: [1, 2, 3]}
weights: {W: {shape: [2, 3]}}
network: {y: W @ x}
upstream: {y: [1, 1]}
questions:
  - {ask: grad(W), answer: formula, using: [x, grad(y)]}
  - {ask: grad(x), answer: formula, using: [W]}
"""


@pytest.mark.parametrize(
    ("name", "formula", "verdict"),
    [
        ("grad(W)", "outer(grad(y), x)", "right"),
        ("grad(W)", "outer(grad(y)**2, x)", "wrong"),
        ("grad(W)", "outer([1, 1], x)", "wrong"),
        # Its name is not allowed: the numbers have to be typed in.
        ("grad(x)", "W.T @ [1, 1]", "right"),
        ("grad(x)", "sum(W, axis=0)", "right"),
        ("grad(x)", "W.T @ [1, 2]", "wrong"),
    ],
)
def test_other_upstream_gradients_than_the_stated_one(name: str, formula: str, verdict: str) -> None:
    problem = parse_problem(UPSTREAM, "upstream.yaml")
    assert found(FormulaMarker(problem), problem, name, formula).verdict == verdict
