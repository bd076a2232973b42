"""Answers given in parts, twice, without being asked, or for the whole of what is asked in part."""

from __future__ import annotations

import pytest

from hwcheck.grading.grade import grade
from hwcheck.grading.result import Result
from hwcheck.problem.load import parse_problem
from hwcheck.submissions.read import parse_submission

PROBLEM = parse_problem(
    """
inputs: {x: [1, 2, 3]}
weights: {W: [[1, 0, 2], [0, 1, 1]]}
network:
  h: W @ x                      # 7, 5
  P: outer(h, x)                # [[7, 14, 21], [5, 10, 15]]
  zero: 0.1 * x[0] + 0.1 * x[1] - 0.1 * x[2]
  L: sum(h)
loss: L
tolerance: {sigfigs: 3}
questions: [h, "P[0, 1:]", L, zero]
""",
    "small.yaml",
)


def marked(answers: str) -> Result:
    return grade(PROBLEM, parse_submission("answers:\n" + answers, "ada.yaml"))


def verdicts(result: Result) -> dict[str, str]:
    return {answer.question.name: answer.verdict for answer in result.answers}


def test_the_whole_is_an_answer_to_a_question_for_its_part() -> None:
    result = marked("  P: [[7, 14, 21], [0, 0, 0]]\n")
    assert verdicts(result)["P[0, 1:]"] == "right"
    assert result.not_asked == ()


def test_what_is_not_asked_is_named_and_costs_nothing() -> None:
    result = marked("  h: [7, 5]\n  dW: [[1, 2, 3], [1, 2, 3]]\n  x: [9, 9, 9]\n")
    assert verdicts(result)["h"] == "right"
    assert result.not_asked == ("grad(W)", "x")
    assert result.faults == ()


def test_float64_s_rest_of_a_zero_is_zero() -> None:
    assert verdicts(marked("  zero: 0\n"))["zero"] == "right"
    assert verdicts(marked("  zero: 0.001\n"))["zero"] == "wrong"


@pytest.mark.parametrize(
    ("answers", "verdict", "columns"),
    [
        ("  h: [7, 5, 1]\n  H: [7, 5]\n", "wrong shape", [3]),
        ("  h: seven\n  H: [7, 5]\n", "unreadable", [6, 3]),
        ("  h: [[7], [5, 1]]\n  H: [7, 5]\n", "unreadable", [12, 3]),
        ("  h: [inf, 5]\n  H: [7, 5]\n", "wrong", [3]),
        ("  h: [7, 5]\n  h[0]: 6\n", "right", [3]),
        ("  h[1]: 5\n  h: [7, 5]\n", "missing", [3]),
        ("  h: [_, 5]\n  h[0]: 7\n", "right", []),
    ],
)
def test_the_first_answer_to_a_place_is_the_one_that_is_marked(answers: str, verdict: str, columns: list[int]) -> None:
    result = marked(answers)
    assert verdicts(result)["h"] == verdict
    assert [fault.location.column for fault in result.faults] == columns
    assert sum("answered twice" in fault.message for fault in result.faults) == columns.count(3)


def test_a_part_that_does_not_fit_costs_that_part_only() -> None:
    (answer,) = (a for a in marked("  h[0]: [1, 2]\n  h[1]: 5\n").answers if a.question.name == "h")
    assert (answer.verdict, answer.entries.right, answer.points) == ("wrong shape", 1, 0.5)


def test_a_formula_is_tried_where_it_can_fail() -> None:
    # W is negative in most draws, and then the ReLU is dead and any multiple of its gradient is 0.
    problem = parse_problem(
        """
inputs: {x: {shape: [2], draw: {low: 0, high: 1}}, t: {value: 0, fixed: false}}
weights: {W: {shape: [3, 2], draw: {low: -1, high: 0.1}}}
network: {h: relu(W @ x), L: sum(h**2) - t}
loss: L
questions: [{ask: grad(W), answer: formula, using: [h, x]}]
""",
        "dead.yaml",
    )

    def verdict(formula: str) -> str:
        return grade(problem, parse_submission(f"answers: {{dW: '{formula}'}}", "ada.yaml")).answers[0].verdict

    assert verdict("2 * outer(h, x)") == "right"
    assert verdict("0 * outer(h, x)") == "wrong"
    assert verdict("outer(h, x)") == "wrong"
