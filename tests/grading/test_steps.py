"""What each quantity is computed from directly: the student's own numbers stand wherever the sheet has them."""

from __future__ import annotations

import numpy as np
import pytest

from hwcheck.grading.carry import Walk
from hwcheck.grading.steps import Step
from hwcheck.problem.library import library
from hwcheck.problem.load import load_problem, parse_problem
from hwcheck.reference import solve

NETWORK = """
inputs: {x: [1.0, -2.0, 0.5], t: [0, 1]}
weights: {W: [[0.1, 0.2, 0.3], [0.4, -0.5, 0.6]], b: [0.1, 0.2]}
network:
  z: W @ x + b
  p: softmax(z)
  h: relu(z)
  again: relu(z)
  L: cross_entropy(z, t) + sum(h)
loss: L
questions:
  - grad(z)
  - {ask: "outer(grad(z), x)", name: product}
"""


def steps_of(text: str) -> dict[str, Step]:
    problem = parse_problem(text, "p.yaml")
    return {step.quantity.name: step for step in Walk(problem, solve(problem)).steps}


def parents(text: str, name: str) -> set[str]:
    return {parent.name for parent in steps_of(text)[name].parents}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("z", {"W", "x", "b"}),
        ("p", {"z"}),
        ("again", {"h"}),  # the same expression once more
        ("grad(z)", {"p", "t", "h", "grad(h)"}),  # the softmax within it is p
        ("grad(W)", {"grad(z)", "x"}),
        ("grad(b)", {"grad(z)"}),
        ("product", {"grad(W)"}),  # what is asked beside is the gradient under another name
    ],
)
def test_a_step_ends_at_what_stands_on_the_sheet(name: str, expected: set[str]) -> None:
    assert parents(NETWORK, name) - {"grad(L)"} == expected


def test_an_unnamed_part_is_what_another_quantity_is_computed_from() -> None:
    """The gradient at the pre-activation has no name, but the bias's gradient is the same."""
    text = """
inputs: {x: [1.0, -2.0, 0.5]}
weights: {W: [[0.1, 0.2, 0.3], [0.4, -0.5, 0.6]], b: [0.1, 0.2]}
network:
  h: tanh(W @ x + b)
  L: sum(h**2)
loss: L
"""
    assert parents(text, "grad(W)") == {"grad(b)", "x"}
    assert parents(text, "grad(b)") == {"grad(h)", "h"}


def test_a_line_of_the_network_ends_at_no_gradient() -> None:
    """grad(y) is y - t, which stands in the loss too; a student works the loss first."""
    text = """
inputs: {x: 2.0, t: 1.0}
weights: {w: 0.3}
network:
  y: w * x
  L: 0.5 * (y - t)**2
loss: L
"""
    assert parents(text, "L") == {"y", "t"}


def test_second_names() -> None:
    steps = steps_of(NETWORK)
    assert steps["grad(b)"].second_name_of is not None
    assert steps["grad(b)"].second_name_of.name == "grad(z)"
    assert steps["grad(W)"].second_name_of is None


@pytest.mark.parametrize(
    ("line", "before", "last"),
    [
        ("relu(W @ x)", 0, 1),  # the product is the step's own rounding
        ("sigmoid(W @ x)", 1, 0),  # the pre-activation is rounded on the way, the sigmoid is the end
        ("x * 0.25 + x * 0.75", 0, 2),  # two products, each rounded
        ("x + x - 1", 0, 0),  # sums of rounded numbers have no more decimals
        ("exp(x) / sum(exp(x))", 2, 0),  # both exponentials; their sum has no more decimals
    ],
)
def test_inner_values_that_are_rounded_on_the_way(line: str, before: int, last: int) -> None:
    text = f"""
inputs: {{v: [0.123, -0.456]}}
weights: {{W: [[0.17, 0.23], [0.41, -0.53]]}}
network:
  x: v * 0.77
  y: {line}
  L: sum(y)
loss: L
"""
    found = steps_of(text)["y"].rounded
    assert (len(found[0]), len(found[1])) == (before, last)


@pytest.mark.parametrize("name", library())
def test_the_steps_of_every_problem_give_its_reference(name: str) -> None:
    """Step by step from the reference of their parents, each after those that it needs."""
    problem = load_problem(library()[name])
    reference = solve(problem)
    walk = Walk(problem, reference)
    known = {quantity for quantity in walk.reference if quantity.body is None}
    for step in walk.steps:
        assert known.issuperset(step.parents)
        known.add(step.quantity)
        found = step.expression.run({parent: walk.reference[parent] for parent in step.parents})
        np.testing.assert_allclose(found[0], reference[step.quantity.name], rtol=1e-9, atol=1e-12)
    assert len(known) == len(problem.all_quantities())
