"""Causes: the one that alone explains an answer, candidates, and no accusation; worked by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from hwcheck.grading.grade import grade
from hwcheck.grading.result import MarkedAnswer, Result
from hwcheck.problem.load import parse_problem
from hwcheck.submissions.read import parse_submission

# X = [[1, 2], [-3, 1]]; X W = [[0.8, -0.7, 2.1], [-2.4, 2.1, 0.7]] for W = [[0.8, -0.7, 0.1], [0, 0, 1]];
# Z1 = X W + b, A1 = relu(Z1), y = A1 v. No number here has more than four decimals, so that nothing is rounded.
PROBLEM = """
inputs:
  X: [[1.0, 2.0], [-3.0, 1.0]]
  t: [1.0, -2.0]
weights:
  W: [[0.8, -0.7, 0.1], [0.0, 0.0, 1.0]]
  b: [0.1, 0.2, -0.3]
  v: [0.9, -1.0, 2.4]
network:
  Z1: X @ W + b
  A1: relu(Z1)
  y: A1 @ v
  L: mean((y - t)**2)
loss: L
tolerance: {decimals: 4}
questions: [Z1, A1, y, L, grad(y), grad(v), grad(A1), grad(Z1), grad(W), grad(b)]
"""
Z1 = [[0.9, -0.5, 1.8], [-2.3, 2.3, 0.4]]
A1 = [[0.9, 0, 1.8], [0, 2.3, 0.4]]
Y = [5.13, -1.34]  # 0.81 + 4.32, -2.3 + 0.96
GY = [4.13, 0.66]  # 2 (y - t) / 2
GA = [[3.717, -4.13, 9.912], [0.594, -0.66, 1.584]]
GZ = [[3.717, 0, 9.912], [0, -0.66, 1.584]]


def right() -> dict[str, object]:
    """Every answer, by hand from the numbers above."""
    return {
        "Z1": Z1,
        "A1": A1,
        "y": Y,
        "L": 8.7462,  # (17.0569 + 0.4356) / 2
        "grad(y)": GY,
        "grad(v)": [3.717, 1.518, 7.698],
        "grad(A1)": GA,
        "grad(Z1)": GZ,
        "grad(W)": [[3.717, 1.98, 5.16], [7.434, -0.66, 21.408]],
        "grad(b)": [3.717, -0.66, 11.496],
    }


def marked(changes: Mapping[str, object], problem: str = PROBLEM) -> Result:
    answers = {**right(), **changes}
    text = "answers:\n" + "".join(f'  "{name}": {value}\n' for name, value in answers.items())
    return grade(parse_problem(problem, "p.yaml"), parse_submission(text, "ada.yaml"))


def answer(result: Result, name: str) -> MarkedAnswer:
    return next(each for each in result.answers if each.question.name == name)


def test_the_numbers_above_are_right() -> None:
    assert {each.question.name: each.verdict for each in marked({}).answers} == dict.fromkeys(right(), "right")


@pytest.mark.parametrize(
    ("name", "value", "cause"),
    [
        ("Z1", [[0.8, -0.7, 2.1], [-2.4, 2.1, 0.7]], "bias-left-out"),
        ("grad(Z1)", GA, "relu-mask-left-out"),
        ("grad(Z1)", [[0, -4.13, 0], [0.594, 0, 0]], "relu-mask-inverted"),
        ("grad(b)", [1.8585, -0.33, 5.748], "bias-gradient-averaged"),
        ("grad(A1)", [[3.717, -41.3, 9.912], [0.594, -0.66, 1.584]], "decimal-point"),
        ("grad(A1)", [[3.717, -0.66, 9.912], [0.594, -4.13, 1.584]], "entries-exchanged"),
        ("grad(A1)", [[3.717, -4.13, 9.912], [0.594, -0.66, 1.854]], "digits-swapped"),
        ("grad(A1)", [[3.717, -4.13, -9.912], [0.594, -0.66, 1.584]], "sign-lost"),
    ],
)
def test_the_one_cause(name: str, value: object, cause: str) -> None:
    found = answer(marked({name: value}), name)
    assert found.verdict == "wrong"
    assert found.cause is not None, found.candidates
    assert (found.cause.id, found.cause.quantity, found.candidates) == (cause, name, ())


def test_a_misconception_on_top_of_carried_numbers() -> None:
    """From the slip y = [5, 3] come dy = [4, 5] and dA1 = outer(dy, v); from these the mask is forgotten."""
    own = [[3.6, -4.0, 9.6], [4.5, -5.0, 12.0]]
    result = marked(
        {"y": [5, 3], "L": 20.5, "grad(y)": [4, 5], "grad(v)": [3.6, 11.5, 9.2], "grad(A1)": own, "grad(Z1)": own}
    )
    assert answer(result, "grad(A1)").verdict == "carried"
    found = answer(result, "grad(Z1)")
    assert (found.verdict, found.cause and found.cause.id) == ("wrong", "relu-mask-left-out")
    assert result.slips == ("y", "grad(Z1)")
    # What was right and does not follow from the slip is right all the same.
    assert answer(result, "grad(W)").verdict == "right"


def test_a_mistake_in_a_step_that_is_not_on_the_sheet() -> None:
    """The mask is forgotten in grad(Z1), which is not asked: grad(W) shows it, and grad(b) follows from the same."""
    problem = PROBLEM.replace("grad(Z1), ", "")
    changed = {"grad(W)": [[1.935, -2.15, 5.16], [8.028, -8.92, 21.408]], "grad(b)": [4.311, -4.79, 11.496]}
    answers = {name: value for name, value in {**right(), **changed}.items() if name != "grad(Z1)"}
    text = "answers:\n" + "".join(f'  "{name}": {value}\n' for name, value in answers.items())
    result = grade(parse_problem(problem, "p.yaml"), parse_submission(text, "ada.yaml"))
    first = answer(result, "grad(W)")
    assert first.cause is not None
    assert (first.verdict, first.cause.id, first.cause.quantity) == ("wrong", "relu-mask-left-out", "grad(Z1)")
    assert answer(result, "grad(b)").verdict == "carried"
    assert answer(result, "grad(b)").carried_from == ("grad(Z1)",)
    assert result.slips == ("grad(W)",)


def test_what_two_explain_is_left_open() -> None:
    """The first of two entries 3 and 1.5 is written 1.5: half of it, or the entry below."""
    problem = """
inputs: {x: [2.0, 1.0]}
weights: {a: 1.5}
network: {y: a * x, L: sum(y**2)}
loss: L
tolerance: {decimals: 4}
questions: [y, grad(y)]
"""
    text = "answers: {y: [3, 1.5], grad(y): [3, 1.5]}"
    result = grade(parse_problem(problem, "p.yaml"), parse_submission(text, "ada.yaml"))
    assert answer(result, "grad(y)").cause is not None  # y itself, for 2 y
    text = "answers: {y: [1.5, 1.5], grad(y): [3, 3]}"
    found = answer(grade(parse_problem(problem, "p.yaml"), parse_submission(text, "ada.yaml")), "y")
    assert found.cause is None
    assert {"entry-copied", "factor-copied"} <= {cause.id for cause in found.candidates}


@pytest.mark.parametrize("value", [[[0.4123, -0.9371, 1.1117], [-2.0133, 1.7179, 0.9341]], [[7, 7, 7], [7, 7, 7]]])
def test_nobody_is_accused_of_what_explains_nothing(value: object) -> None:
    found = answer(marked({"Z1": value}), "Z1")
    assert (found.verdict, found.cause, found.candidates) == ("wrong", None, ())


def test_a_diagnosis_changes_no_points_unless_the_problem_says_so() -> None:
    changed = {"grad(Z1)": GA}
    without = answer(marked(changed), "grad(Z1)").points
    assert without == 0.67  # 4 of 6 entries are right
    credited = PROBLEM + "marking: {credit: {relu-mask-left-out: 0.75}}\n"
    assert answer(marked(changed, credited), "grad(Z1)").points == 0.75


def test_the_right_number_after_a_slip_of_the_pen_and_a_mixture() -> None:
    """A1 has a wrong entry that y was not computed with; grad(v) uses it, and grad(y) is right."""
    result = marked({"A1": [[0.9, 0, 1.8], [0, 3.2, 0.4]]})
    assert result.slips == ("A1",)
    verdicts = {each.question.name: each.verdict for each in result.answers}
    assert {name for name, verdict in verdicts.items() if verdict != "right"} == {"A1"}


def test_a_wrong_sign_is_seen_although_another_gradient_is_the_same_but_for_its_sign() -> None:
    """The gradient in t is minus that in y, and is itself worked from it."""
    problem = """
inputs: {y: [1.5, 4.25, -2], t: [1, 2, 3]}
network: {L: 0.5 * sum((y - t)**2)}
loss: L
tolerance: {decimals: 3}
questions: [L, grad(y), grad(t)]
"""
    text = "answers: {L: 15.156, grad(y): [-0.5, -2.25, 5], grad(t): [0.5, 2.25, -5]}\n"
    result = grade(parse_problem(problem, "p.yaml"), parse_submission(text, "ada.yaml"))
    found = answer(result, "grad(y)")
    assert (found.verdict, found.cause and found.cause.id) == ("wrong", "sign-flipped")
    assert answer(result, "grad(t)").verdict == "carried"
