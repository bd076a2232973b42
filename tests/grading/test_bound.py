"""The rounding bound: numbers worked by hand, kinks and poles, and students who round every step."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.grading.bound import spread
from hwcheck.grading.carry import Walk
from hwcheck.grading.compare import Interval
from hwcheck.graph.node import Array
from hwcheck.problem.load import parse_problem
from hwcheck.reference import solve

UNIT = 0.01


def interval(line: str, inputs: Mapping[str, object], weights: str = "k: 1.0") -> Interval:
    """Where ``y: line`` may lie, where each input is a written number of two decimals."""
    listed = "\n".join(f"  {name}_0: {value}" for name, value in inputs.items())
    written = "\n".join(f"  {name}: {name}_0 * 1.0" for name in inputs)
    text = f"""
inputs:
{listed}
weights: {{{weights}}}
network:
{written}
  y: {line}
  L: k * sum(y)
loss: L
tolerance: {{decimals: 2}}
"""
    problem = parse_problem(text, "p.yaml")
    walk = Walk(problem, solve(problem))
    step = next(step for step in walk.steps if step.quantity.name == "y")
    values = {
        quantity: Interval(value, width, width)
        for quantity, value in walk.reference.items()
        for width in [np.full_like(value, 0.0 if quantity.body is None else UNIT)]
    }
    found = spread(step, values, walk.unit(step.quantity)).whole
    return Interval(*(array[0] for array in found))


@pytest.mark.parametrize(
    ("line", "inputs", "below", "above"),
    [
        ("a + b", {"a": 1.0, "b": 2.0}, 0.02, 0.02),
        ("a - b", {"a": 1.0, "b": 2.0}, 0.02, 0.02),
        ("3 * a", {"a": 1.0}, 0.03, 0.03),
        # (5 + 0.01)(7 + 0.01) - 35 = 0.05 + 0.07 + 0.0001; twice what the two together add to their sum is allowed.
        ("a * b", {"a": 5.0, "b": 7.0}, 0.1201, 0.1202),
        # 1 / 0.49 - 2 = 0.04082, 2 - 1 / 0.51 = 0.03922: to both ends, not by the derivative 0.04.
        ("1 / a", {"a": 0.5}, 0.039216, 0.040816),
        ("a ** 2", {"a": 3.0}, 0.0599, 0.0601),
        ("sum(a)", {"a": [1.0, 2.0, 4.0]}, 0.03, 0.03),
        ("max(a)", {"a": [1.0, 2.0, 4.0]}, 0.01, 0.01),
    ],
)
def test_by_hand(line: str, inputs: Mapping[str, object], below: float, above: float) -> None:
    found = interval(line, inputs)
    assert found.below == pytest.approx(below, rel=2e-2)
    assert found.above == pytest.approx(above, rel=2e-2)


def test_a_tied_maximum() -> None:
    """Each of the two may be the larger one; what is allowed for the two of them is a little more than for one."""
    found = interval("max(a)", {"a": [4.0, 4.0]})
    assert 0.01 <= found.above <= 0.03
    assert 0.01 <= found.below <= 0.03


def test_a_matrix_product_by_hand() -> None:
    """Row 0 of the weights times one unit each: 0.2 + 0.3 + 0.4 hundredths, row 1: 5 + 6 + 7."""
    found = interval("W @ a", {"a": [1.0, 2.0, 3.0]}, weights="k: 1.0, W: [[0.2, -0.3, 0.4], [5, 6, -7]]")
    assert found.above == pytest.approx([0.009, 0.18])


def test_a_relu_near_its_kink_is_seen_as_it_is() -> None:
    """A 0.004 may have been 0.014 or below 0, a -0.004 may have been 0.006; 1 and -1 have no kink nearby."""
    found = interval("relu(a)", {"a": [0.004, -0.004, 1.0, -1.0]})
    assert found.above == pytest.approx([0.01, 0.006, 0.01, 0.0], abs=1e-9)
    assert found.below == pytest.approx([0.004, 0.0, 0.01, 0.0], abs=1e-9)


def test_a_mask_that_may_flip_lets_the_gradient_be_0_or_whole() -> None:
    found = interval("b * (a > 0)", {"a": [0.004, 3.0], "b": [7.0, 7.0]})
    assert found.below[0] >= 7
    assert found.below[1] == pytest.approx(0.01)


def test_a_saturated_sigmoid_lets_little_through() -> None:
    """sigmoid(12) is 0.999994 and its slope 6e-6."""
    assert interval("sigmoid(a)", {"a": 12.0}).above < 1e-7


def test_a_pole_within_rounding_leaves_an_end_open() -> None:
    """A probability of 0.003, written 0.00 or 0.01: its logarithm may be anything below log(0.013) = -4.34."""
    found = interval("log(a)", {"a": 0.003})
    assert found.below == math.inf
    assert found.at + found.above == pytest.approx(math.log(0.013))


def test_a_number_rounded_to_the_pole_itself_is_looked_at_beside_it() -> None:
    text = """
inputs: {q: 0.004}
weights: {k: 1.0}
network:
  p: k * q
  L: -log(p)
loss: L
tolerance: {decimals: 2}
"""
    problem = parse_problem(text, "p.yaml")
    walk = Walk(problem, solve(problem))
    quantities = problem.all_quantities()
    marks = walk.mark({quantities["p"]: np.array([0.0]), quantities["L"]: np.array([5.52])}).marks
    assert (marks[quantities["L"]].right.tolist(), marks[quantities["L"]].review.tolist()) == ([True], [False])
    marks = walk.mark({quantities["p"]: np.array([0.0]), quantities["L"]: np.array([9.0])}).marks
    assert (marks[quantities["L"]].right.tolist(), marks[quantities["L"]].review.tolist()) == ([True], [True])
    marks = walk.mark({quantities["p"]: np.array([0.0]), quantities["L"]: np.array([2.0])}).marks
    assert marks[quantities["L"]].right.tolist() == [False]


def test_a_root_ends_at_0() -> None:
    found = interval("sqrt(a)", {"a": 0.004})
    assert found.below == pytest.approx(math.sqrt(0.004))
    assert found.above == pytest.approx(math.sqrt(0.014) - math.sqrt(0.004))


@pytest.mark.parametrize("count", [2_000])
def test_very_many_parents_are_moved_together(count: int) -> None:
    """All roundings in one direction, as cutting off does, make the sum of the units."""
    found = interval("sum(a) / 100", {"a": f"{{shape: [{count}], value: 0.5}}"})
    assert found.above >= count * UNIT / 100
    assert found.above < 2 * count * UNIT / 100


CHAIN = """
inputs: {x: [0.37, -0.82, 1.41]}
weights:
  W: [[0.31, 0.72, -0.43], [1.22, -0.53, 0.64]]
  v: [0.77, -1.18]
network:
  z: W @ x
  h: tanh(z)
  s: v @ h
  y: sigmoid(s)
  L: (y - 1)**2
loss: L
tolerance: {decimals: 2}
"""


def rounded(exact: Array, how: str) -> Array:
    """To two decimals, to nearest or cut off."""
    scaled = exact / UNIT
    return np.asarray((np.round(scaled) if how == "nearest" else np.trunc(scaled)) * UNIT, dtype=np.float64)


@given(st.lists(st.tuples(st.sampled_from(["nearest", "cut"]), st.booleans(), st.booleans()), min_size=9, max_size=9))
def test_a_student_who_rounds_or_cuts_off_any_step_is_right(choices: list[tuple[str, bool, bool]]) -> None:
    """The chain worked in NumPy: each step rounded somehow, carried rounded or full, written or left out."""
    x, w, v = (
        np.array([0.37, -0.82, 1.41]),
        np.array([[0.31, 0.72, -0.43], [1.22, -0.53, 0.64]]),
        np.array([0.77, -1.18]),
    )
    written: dict[str, Array] = {}
    plan = iter(choices)

    def step(name: str, exact: Array) -> Array:
        how, carries_rounded, shows = next(plan)
        number = rounded(np.asarray(exact), how)
        if shows:
            written[name] = number
        return number if carries_rounded else np.asarray(exact)

    z = step("z", w @ x)
    h = step("h", np.tanh(z))
    s = step("s", v @ h)
    y = step("y", 1 / (1 + np.exp(-s)))
    step("L", (y - 1) ** 2)
    gy = step("grad(y)", 2 * (y - 1))
    gs = step("grad(s)", gy * y * (1 - y))
    gh = step("grad(h)", gs * v)
    step("grad(z)", gh * (1 - h**2))
    problem = parse_problem(CHAIN, "p.yaml")
    quantities = problem.all_quantities()
    marks = Walk(problem, solve(problem)).mark({quantities[name]: n[np.newaxis] for name, n in written.items()}).marks
    assert all(mark.right.all() for mark in marks.values())
