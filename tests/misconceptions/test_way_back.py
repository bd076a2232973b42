"""The step of a gradient, made anew from its shares, is the gradient: on every problem of the library."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hwcheck.graph.node import Quantity
from hwcheck.misconceptions.run import values_of
from hwcheck.misconceptions.way_back import WayBack
from hwcheck.problem.library import library
from hwcheck.problem.load import load_problem, parse_problem
from hwcheck.reference import solve


@pytest.mark.parametrize("path", library().values(), ids=library())
def test_an_unchanged_share_changes_nothing(path: Path) -> None:
    problem = load_problem(path)
    values = solve(problem).values
    way_back = WayBack(problem)
    reached = set()
    for gradient in (*problem.gradients.values(), *problem.shares.values()):
        step = way_back.step(gradient)
        assert step is not None
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
    way_back = WayBack(problem)
    step = way_back.step(problem.gradients["a"])
    assert step is not None
    values = solve(problem).values
    doubled = [
        values_of([way_back.changed(step, {share: 2 * share.node})], values)[0].tolist()
        for share in (term.share for term in step.terms)
        if share is not None
    ]
    # 2 * g + g * b = [14, 27] and g + 2 * g * b = [22, 45]
    assert sorted(doubled) == [[14.0, 27.0], [22.0, 45.0]]


def test_what_is_no_gradient_has_no_step() -> None:
    problem = parse_problem("inputs: {x: [1, 2]}\nnetwork: {L: sum(x * x)}\nloss: L\n", "tiny.yaml")
    assert WayBack(problem).step(problem.quantities["L"]) is None
