"""Why a wrong formula is wrong: misconceptions carried through to what is asked, and faults of the form.

The misconceptions are declared here, so that these tests say nothing about those that come with hwcheck.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest

from hwcheck.grading.carried_steps import carried_through, steps_between
from hwcheck.grading.formulas import FormulaMarker
from hwcheck.grading.grade import Grader
from hwcheck.graph.differentiate import Share
from hwcheck.graph.node import Call
from hwcheck.misconceptions import catalogue
from hwcheck.misconceptions.misconception import Instead, Misconception, Place, misconception
from hwcheck.problem.load import parse_problem
from hwcheck.problem.model import Problem
from hwcheck.submissions.read import parse_submission
from tests.grading.formula_marks import found, library, question, told

AUTOENCODER = library("autoencoder")


@misconception(of="gradient", ops=["sigmoid"])
def derivative_left_out(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient goes through the sigmoid as if nothing stood there."""
    yield Instead(share.g)


@misconception(of="gradient", ops=["sigmoid"])
def derivative_of_tanh(share: Share, place: Place) -> Iterator[Instead]:
    """The derivative is the one of tanh."""
    yield Instead(share.g * (1 - share.y**2))


@misconception(of="gradient", ops=["relu"])
def mask_inverted(share: Share, place: Place) -> Iterator[Instead]:
    """The ReLU's mask lets through what it should stop."""
    yield Instead(share.g * (share.y <= 0))


@misconception(of="gradient", ops=["subtract"])
def sign_lost(share: Share, place: Place) -> Iterator[Instead]:
    """The sign of a difference is lost on the way back."""
    if share.position == 1:
        yield Instead(share.g)


@misconception(of="value", ops=["matmul"])
def weights_transposed(call: Call, place: Place) -> Iterator[Instead]:
    """The matrix is transposed."""
    yield Instead(call.inputs[0].T @ call.inputs[1])


@misconception(of="quantity")
def nothing_wrong(quantity: Any, place: Place) -> Iterator[Instead]:
    """What is right already: never a cause."""
    yield Instead(quantity.body * 1.0)


@misconception(of="gradient", ops=["sigmoid"])
def derivative_taken_as_one(share: Share, place: Place) -> Iterator[Instead]:
    """The sigmoid's derivative is taken to be 1, which is to leave it out."""
    yield Instead(share.g * 1.0)


def listed(*declared: Misconception) -> Mapping[str, Misconception]:
    return {each.name: each for each in declared}


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    declared = (derivative_left_out, derivative_of_tanh, mask_inverted, sign_lost, weights_transposed, nothing_wrong)
    monkeypatch.setattr(catalogue, "misconceptions", lambda: listed(*declared))


# d L / d xhat = 2 (xhat - x); d xhat / d z2 = xhat (1 - xhat); dL/dW2 = h (dL/dz2)^T; dL/dW1 = x (dL/dh * (h > 0))^T.
@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("name", "formula", "cause", "quantity"),
    [
        ("grad(z2)", "2*(xhat - x)", "derivative-left-out", "grad(z2)"),
        ("grad(W2)", "outer(h, 2*(xhat - x))", "derivative-left-out", "grad(z2)"),  # two steps before
        ("grad(b2)", "2*(xhat - x)", "derivative-left-out", "grad(z2)"),
        ("grad(h)", "W2 @ grad(xhat)", "derivative-left-out", "grad(z2)"),
        ("grad(h)", "W2 @ (grad(xhat) * (1 - xhat**2))", "derivative-of-tanh", "grad(z2)"),
        ("grad(W2)", "outer(h, 2*(xhat - x)*(1 - xhat**2))", "derivative-of-tanh", "grad(z2)"),
        ("grad(W1)", "outer(x, grad(h) * (h <= 0))", "mask-inverted", "grad(W1)"),
        ("grad(b1)", "where(h > 0, 0, grad(h))", "mask-inverted", "grad(b1)"),
        ("grad(xhat)", "2*(x - xhat)", "sign-lost", "grad(xhat)"),
        ("grad(W2)", "-outer(h, 2*(xhat - x)*xhat*(1 - xhat))", "sign-lost", "grad(xhat)"),
        ("grad_xhat_entry", "2*(x[i] - xhat[i])", "sign-lost", "grad(xhat)"),  # asked under another name
    ],
)
def test_a_misconception_is_the_cause(name: str, formula: str, cause: str, quantity: str) -> None:
    verdict = found(FormulaMarker(AUTOENCODER), AUTOENCODER, name, formula)
    assert told(verdict) == ("wrong", cause)
    assert verdict.candidates == ()
    assert verdict.cause is not None
    assert verdict.cause.quantity == quantity
    assert verdict.cause.says == next(each.says for each in catalogue.misconceptions().values() if each.name == cause)


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("grad(W2)", "outer(h, 2*(xhat - x)*(1 - xhat))"),  # half of the derivative: nobody's misconception here
        ("grad(h)", "W2 @ (grad(xhat)*xhat)"),
        ("grad(W2)", "outer(h, 2*(xhat - x)*xhat*(1 - xhat)) + 1"),
    ],
)
def test_no_cause_is_made_up(name: str, formula: str) -> None:
    verdict = found(FormulaMarker(AUTOENCODER), AUTOENCODER, name, formula)
    assert (verdict.verdict, verdict.cause, verdict.candidates) == ("wrong", None, ())


def test_two_that_explain_it_are_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    both = listed(derivative_left_out, derivative_taken_as_one, derivative_of_tanh)
    monkeypatch.setattr(catalogue, "misconceptions", lambda: both)
    verdict = found(FormulaMarker(AUTOENCODER), AUTOENCODER, "grad(W2)", "outer(h, 2*(xhat - x))")
    assert verdict.cause is None
    assert [cause.id for cause in verdict.candidates] == ["derivative-left-out", "derivative-taken-as-one"]


def test_a_misconception_explains_a_factor_before_the_factor_does(monkeypatch: pytest.MonkeyPatch) -> None:
    @misconception(of="gradient", ops=["subtract"])
    def two_left_out(share: Share, place: Place) -> Iterator[Instead]:
        """The 2 that comes down from the exponent is left out."""
        yield Instead(share.node / 2)

    formula = "outer(h, (xhat - x)*xhat*(1 - xhat))"
    monkeypatch.setattr(catalogue, "misconceptions", dict)
    verdict = found(FormulaMarker(AUTOENCODER), AUTOENCODER, "grad(W2)", formula)
    assert told(verdict) == ("wrong", "constant-factor")
    assert verdict.cause is not None
    assert verdict.cause.detail == "it is 1/2 times what it should be"
    monkeypatch.setattr(catalogue, "misconceptions", lambda: listed(two_left_out))
    assert told(found(FormulaMarker(AUTOENCODER), AUTOENCODER, "grad(W2)", formula)) == ("wrong", "two-left-out")


def test_the_result_of_a_sheet_has_the_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "misconceptions", lambda: listed(derivative_left_out))
    sheet = parse_submission("answers:\n  grad(W2): outer(h, 2*(xhat - x))\n", "ada.yaml")
    answer = next(each for each in Grader(AUTOENCODER).grade(sheet).answers if each.question.name == "grad(W2)")
    assert answer.cause is not None
    assert (answer.verdict, answer.points, answer.cause.id) == ("wrong", 0, "derivative-left-out")


# Equal sizes by chance: nothing is told by its shape. s = sigmoid(W x), L = sum(s^2).
SQUARE = """
inputs: {x: [0.5, -0.2, 0.7]}
weights: {W: {shape: [3, 3]}, b: [0.1, 0.2, 0.3]}
network: {z: W @ x + b, s: sigmoid(z), L: sum(s**2)}
loss: L
questions:
  - {ask: z, answer: formula, using: [W, x, b]}
  - {ask: grad(W), answer: formula, using: [x, s]}
  - {ask: grad(x), answer: formula, using: [W, grad(z)]}
  - {ask: "jacobian(s, z)", answer: formula, using: [s], indices: [i, j]}
"""


@pytest.fixture
def square(monkeypatch: pytest.MonkeyPatch) -> Problem:
    monkeypatch.setattr(catalogue, "misconceptions", dict)
    return parse_problem(SQUARE, "square.yaml")


@pytest.mark.parametrize(
    ("name", "formula", "verdict", "cause"),
    [
        ("z", "W @ x + b", "right", ""),
        ("z", "x @ W + b", "wrong", ""),
        ("z", "W * x + b", "wrong shape", ""),
        ("z", "diag(W) * x + b", "wrong", ""),
        ("grad(W)", "outer(2*s**2*(1 - s), x)", "right", ""),
        ("grad(W)", "outer(x, 2*s**2*(1 - s))", "wrong", "transposed"),
        ("grad(W)", "outer(2*s**2*(1 - s), x).T", "wrong", "transposed"),
        ("grad(W)", "flatten(outer(2*s**2*(1 - s), x))", "wrong shape", "reshaped"),
        ("grad(W)", "flatten(outer(x, 2*s**2*(1 - s)))", "wrong shape", "reshaped"),
        ("grad(W)", "2*s**2*(1 - s) * x", "wrong shape", ""),
        ("grad(x)", "W.T @ grad(z)", "right", ""),
        ("grad(x)", "grad(z) @ W", "right", ""),
        ("grad(x)", "W @ grad(z)", "wrong", ""),
        ("jacobian(s, z)", "s[i]*(1 - s[j]) if i == j else 0", "right", ""),
        ("jacobian(s, z)", "diag(s*(1 - s))", "right", ""),
        ("jacobian(s, z)", "s[i]*(1 - s[i])", "wrong", "index-condition-left-out"),
        ("jacobian(s, z)", "s[i]*(delta(i, j) - s[j])", "wrong", "index-condition-left-out"),  # that of softmax
        # Right at the problem's own numbers and nowhere else.
        ("z", "W @ x + [0.1, 0.2, 0.3]", "wrong", "right-for-these-numbers-only"),
        ("z", "W @ [0.5, -0.2, 0.7] + b", "wrong", "right-for-these-numbers-only"),
        ("z", "W @ x + b + (x[0] - 0.5)", "wrong", "right-for-these-numbers-only"),
        # Right at some points.
        ("z", "W @ x + b if x[0] > 0.1 else W @ x", "wrong", "right-for-these-numbers-only"),
        ("z", "W @ x + (b if x[0] < 0.1 else 0)", "wrong", "right-in-some-cases"),
        ("z", "(W @ x + b) / (x[0] > 0.1)", "wrong", "right-for-these-numbers-only"),
        # Nearly right, a sign, a factor.
        ("grad(x)", "1.000001 * W.T @ grad(z)", "wrong", "number-rounded"),
        ("grad(x)", "W.T @ grad(z) + 1e-6", "wrong", "number-rounded"),
        ("grad(x)", "0.9999 * W.T @ grad(z)", "wrong", "number-rounded"),
        ("grad(x)", "-W.T @ grad(z)", "wrong", "sign-flipped"),
        ("grad(x)", "W.T @ grad(z) / 3", "wrong", "constant-factor"),
        ("grad(x)", "-2 * W.T @ grad(z)", "wrong", "constant-factor"),
        ("grad(x)", "0 * W.T @ grad(z)", "wrong", ""),
    ],
)
def test_formulas_of_equal_sizes(square: Problem, name: str, formula: str, verdict: str, cause: str) -> None:
    assert told(found(FormulaMarker(square), square, name, formula)) == (verdict, cause)


def test_typed_in_numbers_are_no_formula(square: Problem) -> None:
    own = (np.full((3, 3), 0.5) @ [0.5, -0.2, 0.7] + [0.1, 0.2, 0.3]).tolist()
    stated = parse_problem(SQUARE.replace("W: {shape: [3, 3]}", f"W: {[[0.5] * 3] * 3}"), "square.yaml")
    verdict = found(FormulaMarker(stated), stated, "z", str(own))
    assert told(verdict) == ("wrong", "right-for-these-numbers-only")
    assert verdict.note == "it is made of fixed numbers: a formula made of W, x, b is asked"


@pytest.mark.parametrize(
    ("factor", "detail"),
    [("2", "2"), ("-3", "-3"), ("1/8", "1/8"), ("-1/2", "-1/2"), ("0.7", "0.7"), ("log(2)", "0.6931")],
)
def test_a_factor_is_told_as_people_write_it(square: Problem, factor: str, detail: str) -> None:
    verdict = found(FormulaMarker(square), square, "grad(x)", f"({factor}) * W.T @ grad(z)")
    assert verdict.cause is not None
    assert verdict.cause.detail == f"it is {detail} times what it should be"
    assert not any(sign.isdigit() for sign in verdict.cause.says)  # the number is for those who may see it


def test_the_steps_between_end_at_what_may_be_used() -> None:
    quantities = AUTOENCODER.all_quantities()

    def between(name: str) -> list[str]:
        asked = question(AUTOENCODER, name)
        return [step.name for step in steps_between(asked.quantity, [quantities[used] for used in asked.using])]

    assert between("grad(W2)") == ["grad(W2)", "grad(z2)", "grad(xhat)"]
    assert between("grad(h)") == ["grad(h)", "grad(z2)"]
    assert between("grad(W1)") == ["grad(W1)"]


def test_a_wrong_step_is_carried_through_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """L = (sigmoid(w x) - t)^2: dL/dw = 2 (s - t) s (1 - s) x; without the derivative 2 (s - t) x."""
    monkeypatch.setattr(catalogue, "misconceptions", lambda: listed(derivative_left_out, derivative_of_tanh))
    problem = parse_problem(
        "inputs: {x: {shape: []}, t: {shape: []}}\nweights: {w: {shape: []}}\n"
        "network: {z: w * x, s: sigmoid(z), L: (s - t)**2}\nloss: L\n"
        "questions: [{ask: grad(w), answer: formula, using: [x, t, s]}]\n",
        "one.yaml",
    )
    quantities = problem.all_quantities()
    x, t, w = np.array([2.0, -1.0]), np.array([0.5, 1.0]), np.array([0.25, 3.0])
    s = 1 / (1 + np.exp(-w * x))
    numbers = {quantities[name]: values for name, values in {"x": x, "t": t, "w": w, "s": s}.items()}
    known = [quantities[name] for name in ("x", "t", "s")]
    runs = list(carried_through(problem, problem.questions[0].quantity, known, numbers))
    assert [run.step.misconception.name for run in runs] == ["derivative-left-out", "derivative-of-tanh"]
    assert [run.step.quantity.name for run in runs] == ["grad(z)", "grad(z)"]
    assert np.allclose(runs[0].values, 2 * (s - t) * x, rtol=1e-12)
    assert np.allclose(runs[1].values, 2 * (s - t) * (1 - s**2) * x, rtol=1e-12)


def test_a_wrong_step_that_is_a_known_quantity_has_its_known_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sigmoid's derivative left out: dL/dz is the upstream gradient, of which other numbers are drawn."""
    monkeypatch.setattr(catalogue, "misconceptions", lambda: listed(derivative_left_out, derivative_of_tanh))
    problem = parse_problem(
        "inputs: {z: [0.5, -1]}\nnetwork: {s: sigmoid(z)}\nupstream: {s: [1, 2]}\n"
        "questions: [{ask: grad(z), answer: formula, using: [s, grad(s)]}]\n",
        "upstream.yaml",
    )
    marker = FormulaMarker(problem)
    assert told(found(marker, problem, "grad(z)", "grad(s)*s*(1 - s)")) == ("right", "")
    assert told(found(marker, problem, "grad(z)", "grad(s)")) == ("wrong", "derivative-left-out")
    assert told(found(marker, problem, "grad(z)", "grad(s)*(1 - s**2)")) == ("wrong", "derivative-of-tanh")


def test_a_wrong_step_without_a_value_at_some_points_agrees_where_it_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    @misconception(of="value", ops=["power"])
    def square_left_out(call: Call, place: Place) -> Iterator[Instead]:
        """The square is left out."""
        yield Instead(call.inputs[0])

    monkeypatch.setattr(catalogue, "misconceptions", lambda: listed(square_left_out))
    problem = parse_problem(
        "inputs: {x: {shape: [3]}}\nnetwork: {d: sqrt(sum(x**2))}\nloss: d\n"
        "questions: [{ask: d, answer: formula, using: [x]}]\n",
        "root.yaml",
    )
    marker = FormulaMarker(problem)
    assert told(found(marker, problem, "d", "sqrt(sum(x))")) == ("wrong", "square-left-out")
    assert told(found(marker, problem, "d", "sqrt(sum(x) + 0*sqrt(x[0]))")) == ("wrong", "")
