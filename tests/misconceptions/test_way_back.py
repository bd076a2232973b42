"""The step of a gradient, made anew from its shares, is the gradient: on every problem of the library."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hwcheck.graph.node import Quantity
from hwcheck.misconceptions.catalogue import wrong_steps
from hwcheck.misconceptions.way_back import of_entry, of_loss, source
from hwcheck.problem.library import library
from hwcheck.problem.load import load_problem, parse_problem
from hwcheck.reference import solve
from tests.support.run_wrong_steps import value_of, values_of


@pytest.mark.parametrize("path", library().values(), ids=library())
def test_an_unchanged_share_changes_nothing(path: Path) -> None:
    problem = load_problem(path)
    values = solve(problem).values
    way_back = of_loss(problem)
    reached = set()
    for gradient in (*problem.gradients.values(), *problem.shares.values()):
        of = source(problem, gradient)
        assert of is not None
        step = way_back.step(of)
        reached |= set(step.shares)
        bodies = [way_back.changed(step, {share: share.node}) for share in step.shares]
        for outcome in values_of(bodies, values):
            np.testing.assert_allclose(outcome, values[gradient.name], rtol=1e-9, atol=1e-12)
    # What a call sends to a part of a line that depends on no name, or on none by its derivative, goes nowhere.
    assert reached <= set(problem.trail)
    assert {share for share in problem.trail if isinstance(share.input, Quantity)} <= reached


def test_a_share_is_changed_alone() -> None:
    """Of y = a + a * b with g = [2, 3]: the gradient in a is g + g * b; the first share is g itself."""
    text = "inputs: {a: [1, 2], b: [5, 7]}\nnetwork: {y: a + a * b}\nupstream: {y: [2, 3]}\n"
    problem = parse_problem(text, "tiny.yaml")
    way_back = of_loss(problem)
    step = way_back.step(problem.quantities["a"])
    values = solve(problem).values
    doubled = [
        values_of([way_back.changed(step, {share: 2 * share.node})], values)[0].tolist()
        for share in (term.share for term in step.terms)
        if share is not None
    ]
    # 2 * g + g * b = [14, 27] and g + 2 * g * b = [22, 45]
    assert sorted(doubled) == [[14.0, 27.0], [22.0, 45.0]]


def test_what_is_no_gradient_has_no_source() -> None:
    problem = parse_problem("inputs: {x: [1, 2]}\nnetwork: {L: sum(x * x)}\nloss: L\n", "tiny.yaml")
    assert source(problem, problem.quantities["L"]) is None


def test_the_way_back_from_one_entry() -> None:
    """Of y = W @ x the second entry's gradient in x is the second row of W."""
    text = "inputs: {x: [1, 2]}\nweights: {W: [[3, 5], [7, 11], [13, 17]]}\nnetwork: {y: W @ x, L: sum(y)}\nloss: L\n"
    problem = parse_problem(text, "tiny.yaml")
    way_back = of_entry(problem.quantities["y"], 1)
    step = way_back.step(problem.quantities["x"])
    body = way_back.changed(step, {step.shares[0]: 2 * step.shares[0].node})
    assert values_of([body], solve(problem).values)[0].tolist() == [14.0, 22.0]


def test_a_jacobian_has_its_mistakes_in_every_row() -> None:
    """Of relu(W @ x) with W @ x = [-1, 4]: without the mask the jacobian in x is W, with it its first row is 0."""
    text = "inputs: {x: [1, 2]}\nweights: {W: [[1, -1], [2, 1]]}\nnetwork: {h: relu(W @ x), L: sum(h)}\nloss: L\n"
    problem = parse_problem(text + "questions: ['jacobian(h, x)']\n", "tiny.yaml")
    reference = solve(problem)
    assert reference["jacobian(h, x)"].tolist() == [[0.0, 0.0], [2.0, 1.0]]
    steps = wrong_steps(problem, problem.questions[0].quantity)
    chosen = [step for step in steps if step.misconception.name == "relu-mask-left-out"]
    assert [value_of(step, reference.values).tolist() for step in chosen] == [[[1.0, -1.0], [2.0, 1.0]]]
