"""What a problem says about marking, seen in the marks of a sheet, and problems that no sheet can be marked by."""

from __future__ import annotations

import pytest

from hwcheck.errors import ProblemError
from hwcheck.grading.grade import Grader, grade
from hwcheck.grading.result import MarkedAnswer
from hwcheck.problem.load import parse_problem
from hwcheck.submissions.read import parse_submission

# y is [-3, 10.9999]; M, its outer product with x, is [[-3, 6, -9], [10.9999, -21.9998, 32.9997]].
NETWORK = """\
inputs: {x: [1, -2, 3]}
weights: {W: [[1, 2, 0], [3, 1, 3.3333]]}
network:
  y: W @ x
  M: outer(y, x)
  h: relu(y)
  L: sum(y**2)
loss: L
"""


def marked(question: str, answer: str, rest: str = "tolerance: {decimals: 3}") -> MarkedAnswer:
    """The mark of one answer to one question."""
    problem = parse_problem(f"{NETWORK}{rest}\nquestions:\n  - {question}\n", "small.yaml")
    (found,) = grade(problem, parse_submission(f"answers:\n  {answer}\n", "ada.yaml")).answers
    return found


@pytest.mark.parametrize(
    ("partial", "answer", "points"),
    [
        ("entries", "M: [[-3, 6, -9], [11, -22, 33]]", 6),
        ("entries", "M: [[-3, 6, -9], [11, 22, 33]]", 5),
        ("rows", "M: [[-3, 6, -9], [11, 22, 33]]", 3),
        ("rows", "M: [[-3, 6, 9], [11, 22, 33]]", 0),
        ("rows", "M: [[-3, 6, -9], [11, -22, _]]", 3),
        ("all-or-nothing", "M: [[-3, 6, -9], [11, 22, 33]]", 0),
        ("none", "M: [[-3, 6, -9], [11, -22, 33]]", 6),
    ],
)
def test_what_counts(partial: str, answer: str, points: float) -> None:
    question = f"{{ask: M, points: 6, partial: {partial}, tolerance: {{abs: 0.01}}}}"
    assert marked(question, answer).points == points


@pytest.mark.parametrize(
    ("rounding", "answer", "verdict"),
    [
        ("any", "y: [-3, 10.99]", "right"),  # cut off
        ("nearest", "y: [-3, 10.99]", "wrong"),
        ("nearest", "y: [-3, 11.00]", "right"),
        ("any", "y: [-3, 10.98]", "wrong"),
        ("nearest", "y: [-3.005, 11]", "right"),  # half a unit, closed
        ("nearest", "y: [-3.006, 11]", "wrong"),
    ],
)
def test_how_digits_are_rounded(rounding: str, answer: str, verdict: str) -> None:
    assert marked(f"{{ask: y, tolerance: {{decimals: 2, rounding: {rounding}}}}}", answer).verdict == verdict


@pytest.mark.parametrize(
    ("answer", "loose"),
    [
        ("y: [[-3, 11]]", "right"),
        ("y: [[-3], [11]]", "right"),
        ("y: [-3, 11]", "right"),
        ("y: [-3, 11, 0]", "wrong shape"),
    ],
)
def test_a_row_or_a_column_for_a_vector(answer: str, loose: str) -> None:
    tolerance = "tolerance: {abs: 0.01}"
    assert marked("y", answer, tolerance).verdict == loose
    strict = marked("{ask: y, shape: strict}", answer, tolerance)
    assert strict.verdict == ("right" if answer == "y: [-3, 11]" else "wrong shape")
    assert ("rows, columns and flat vectors are not the same here" in strict.note) == ("[[" in answer)


@pytest.mark.parametrize(
    ("carried", "partial", "points"),
    [("1", "entries", 6), ("0.5", "entries", 4.5), ("0", "entries", 3), ("0.5", "rows", 4.5), ("0.5", "none", 3)],
)
def test_what_carried_entries_earn(carried: str, partial: str, points: float) -> None:
    """y[1] is 9 for 11; the row of M that follows from it is carried, the other is right."""
    rest = f"marking: {{carried: {carried}, partial: {partial}}}\ntolerance: {{decimals: 2}}"
    problem = parse_problem(f"{NETWORK}{rest}\nquestions: [{{ask: y, points: 2}}, {{ask: M, points: 6}}]\n", "s.yaml")
    sheet = "answers:\n  y: [-3, 9]\n  M: [[-3, 6, -9], [9, -18, 27]]\n"
    first, second = grade(problem, parse_submission(sheet, "ada.yaml")).answers
    assert (first.verdict, second.verdict) == ("wrong", "carried")
    assert first.points == (0 if partial in ("rows", "none") else 1)
    assert second.points == points


@pytest.mark.parametrize(
    ("question", "answer", "points", "note"),
    [
        # u is [0.125, 2.0002, 0, -1.5]
        ("u", "u: [0.125, 2.000, 0.000, -1.500]", 4, ""),
        ("u", "u: [0.1250001, 2.0002, 0.0000, -1.5000]", 4, ""),
        ("u", "u: [0.125, 2, 0, -1.500]", 4, ""),  # a whole number is as good as one with zeros
        ("u", "u: [0.125, 2.000, 0.000, -1.5]", 3, "one decimal where three are asked"),
        ("u", "u: [1/8, 2.000, 0.000, -3/2]", 4, ""),  # an expression has all digits
        ("u", "u: [0.13, 2.000, 0.000, -1.500]", 3, "two decimals where three are asked"),  # wrong by its value already
        ("u", "u: [0.14, 2.000, 0.000, -1.500]", 3, ""),  # which is not right to two decimals either
        ("{ask: u, tolerance: {decimals: 3, abs: 0.01}}", "u: [0.13, 2, 0.00, -1.500]", 3, "two decimals where three"),
        ("{ask: u, tolerance: {decimals: 3, abs: 0.01}}", "u: [0.130, 2.01, 0.00, -1.500]", 3, "two decimals where"),
        ("{ask: u, required_digits: false}", "u: [0.125, 2, 0, -1.5]", 4, ""),
        ('"u[2:]"', "u: [0.1, 2, 0, -1.5]", 2, "one decimal where three are asked"),
        ('"u[2:]"', "u[2:]: [0, -1.5]", 2, "one decimal where three are asked"),
        ("{ask: u, tolerance: {sigfigs: 3}}", "u: [0.125, 2.00, 0, -1.5]", 3, "two significant figures where three"),
    ],
)
def test_required_digits(question: str, answer: str, points: float, note: str) -> None:
    text = (
        "inputs: {x: [0.125, 2.0002, 0, -1.5]}\nnetwork: {u: 1 * x, L: sum(u)}\nloss: L\n"
        "tolerance: {decimals: 3}\nmarking: {required_digits: true}\n"
    )
    problem = parse_problem(f"{text}questions:\n  - {question}\n", "small.yaml")
    problem = problem._replace(questions=tuple(asked._replace(points=4.0) for asked in problem.questions))
    (found,) = grade(problem, parse_submission(f"answers:\n  {answer}\n", "ada.yaml")).answers
    assert found.points == points
    assert found.note.startswith(note)
    assert bool(found.note) == bool(note)


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        ("tolerance: {rel: 0.01}\nquestions: [y, h]\n", "small.yaml:10:16: entry [0] of h is 0, where"),
        ("marking: {credit: {no-such-mistake: 0.5}}\n", "small.yaml:9:20: there is no misconception 'no-such-mistake'"),
    ],
)
def test_a_problem_that_cannot_be_marked_is_refused(rest: str, told: str) -> None:
    problem = parse_problem(NETWORK + rest, "small.yaml")
    with pytest.raises(ProblemError) as caught:
        Grader(problem)
    (fault,) = caught.value.faults
    assert str(fault).startswith(told)
