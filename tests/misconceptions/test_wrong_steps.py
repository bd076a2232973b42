"""How the catalogue puts misconceptions into the steps of a problem."""

from __future__ import annotations

import numpy as np
import pytest

from hwcheck.misconceptions.catalogue import MOST_OF_ONE, misconceptions, wrong_steps
from hwcheck.misconceptions.misconception import misconception
from hwcheck.problem.load import parse_problem
from hwcheck.reference import solve
from tests.support.run_wrong_steps import value_of, values_of


def outcomes(text: str, quantity: str, name: str) -> list[object]:
    """What a misconception makes of a quantity, in its order."""
    problem = parse_problem(text, "tiny.yaml")
    values = solve(problem).values
    steps = wrong_steps(problem, problem.all_quantities()[quantity])
    return [value_of(step, values).tolist() for step in steps if step.misconception.name == name]


def test_a_mistake_is_made_at_each_place_and_at_all() -> None:
    """Of relu(2 * relu(x) - 5) the inner function, the outer one and both are left out."""
    text = "inputs: {x: [-1, 3]}\nnetwork: {y: relu(2 * relu(x) - 5), L: sum(y)}\nloss: L\n"
    # the inner left out: relu(-7), relu(1); the outer: -5, 1; both: -7, 1
    assert outcomes(text, "y", "activation-left-out") == [[0.0, 1.0], [-5.0, 1.0], [-7.0, 1.0]]


def test_a_mistake_is_made_at_all_shares_of_a_gradient() -> None:
    """Of y = a * b + a * a with g = 10 the parts of the gradient in a are 10 * b, 10 * a and 10 * a."""
    text = "inputs: {a: [1, 2], b: [3, 5]}\nnetwork: {y: a * b + a * a}\nupstream: {y: [10, 10]}\n"
    # 10 in place of 10 * b; of one of the two 10 * a; of all three
    one_by_one = [[30.0, 50.0], [50.0, 80.0], [50.0, 80.0]]
    *alone, everywhere = outcomes(text, "grad(a)", "local-derivative-left-out")
    assert sorted(map(str, alone)) == sorted(map(str, one_by_one))
    assert everywhere == [30.0, 30.0]


def test_no_misconception_makes_too_many_of_one_quantity() -> None:
    terms = " + ".join(f"x[{i}]" for i in range(200))
    text = f"inputs: {{x: {{shape: [200]}}}}\nnetwork:\n  L: {terms}\nloss: L\n"
    assert len(outcomes(text, "L", "term-sign-flipped")) == MOST_OF_ONE


def test_of_many_time_steps_the_first_and_the_last_are_tried() -> None:
    text = (
        "for: {t: 1..30}\nweights: {w: 0.5}\ninputs: {'x[t]': {shape: []}}\nnetwork:\n  y[t]: w * x[t]\n  L: sum(y)\n"
    )
    problem = parse_problem(text + "loss: L\n", "tiny.yaml")
    steps = list(wrong_steps(problem, problem.gradients["w"]))
    details = {step.detail for step in steps if step.misconception.name == "only-one-branch"}
    assert {"only grad(w, t=1)", "only grad(w, t=30)"} <= details
    assert "only grad(w, t=15)" not in details


def test_inputs_and_weights_have_no_wrong_steps() -> None:
    problem = parse_problem("inputs: {x: [1, 2]}\nnetwork: {L: sum(x)}\nloss: L\n", "tiny.yaml")
    assert not list(wrong_steps(problem, problem.quantities["x"]))


def test_the_order_is_the_same_every_time() -> None:
    problem = parse_problem("inputs: {x: [1, 2]}\nnetwork: {L: 0.5 * sum(x**2)}\nloss: L\n", "tiny.yaml")
    for quantity in problem.all_quantities().values():
        first, second = (
            [(step.misconception.name, step.detail) for step in wrong_steps(problem, quantity)] for _ in range(2)
        )
        assert first == second
    modules = [found.find.__module__ for found in misconceptions().values()]
    assert modules == sorted(modules)


def test_the_gradient_of_a_scalar_is_taken_apart_inside_a_line() -> None:
    """A line is grad(J, w), which has no other name; the 3 of J = 3 * w * w can be lost in it."""
    text = "weights: {w: 2}\nnetwork: {J: 3 * w * w, g: 'grad(J, w)', L: g * g}\nloss: L\n"
    problem = parse_problem(text, "tiny.yaml")
    values = solve(problem).values
    steps = list(wrong_steps(problem, problem.quantities["g"]))
    assert {step.quantity for step in steps} == {problem.quantities["g"]}
    found = values_of([step.body for step in steps], values)
    assert any(np.allclose(value, 4.0) for value in found)  # 2 * w, without the 3


def test_a_misconception_is_of_one_of_three_things() -> None:
    with pytest.raises(ValueError, match="not of 'weight'"):
        misconception(of="weight")
