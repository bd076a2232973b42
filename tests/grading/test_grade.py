"""Marking a sheet: the fixtures as their comments say, and every form in which an answer may stand."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from hwcheck import grade, load_problem, read_submission
from hwcheck.errors import SubmissionError
from hwcheck.grading.grade import Grader
from hwcheck.grading.result import MarkedAnswer, Result
from hwcheck.problem.library import library
from hwcheck.problem.load import parse_problem
from hwcheck.problem.model import Problem
from hwcheck.submissions.read import parse_submission
from tests.support.program import FIXTURES, ROOT


class Expected(NamedTuple):
    """What the comment at the top of a fixture says; questions that are not named have the verdict ``others``."""

    score: float
    others: str
    first_error: str | None = None
    verdicts: dict[str, str] = {}  # noqa: RUF012  never changed
    faults: int = 0


WRONG_SHAPES = ("grad(xhat)", "grad(W2)", "grad(b2)", "grad(h)", "grad(W1)", "grad(b1)", "jacobian(z2, W2)")
SHEETS = {
    "gan/perfect.yaml": Expected(40, "right"),
    "gan/perfect.json": Expected(40, "right"),
    # 1.75 + 3.125 + 1 + 1, the 3.125 rounded to hundredths
    "gan/sheet.yaml": Expected(6.88, "missing", "C1", {"C1": "wrong", "m": "right", "yhat": "right"}),
    "gan/two-slips.yaml": Expected(38, "right", "H2", {"H2": "wrong", "m": "carried"}),
    "gan/sign-slip.yaml": Expected(39, "right", "grad(yhat)", {"grad(yhat)": "wrong"}),
    "gan/transposed.yaml": Expected(36, "right", "H2", {"H2": "wrong shape", "grad(W0)": "wrong shape"}),
    "gan/half-done.yaml": Expected(10.5, "missing", None, dict.fromkeys(("h0", "h1", "m", "L"), "right")),
    "gan/words.yaml": Expected(
        3, "missing", "C1", {"h0": "right", "yhat": "right", "C1": "unreadable", "m": "unreadable"}, 2
    ),
    "gan/unknown-name.yaml": Expected(3, "missing", None, {"h0": "right", "m": "right"}, 2),
    "gan/other-problem.yaml": Expected(0, "missing", None, {}, 5),
    "softmax-classifier/forgotten-mask.yaml": Expected(
        25,
        "right",
        "grad(Z1)",
        {"grad(Z1)": "wrong", **dict.fromkeys(("grad(W1)", "grad(b1)", "W1_new", "b1_new", "L_new"), "carried")},
    ),
    "autoencoder/perfect.yaml": Expected(15, "right"),
    "autoencoder/sheet.yaml": Expected(
        4,
        "missing",
        "grad(xhat)",
        {"grad(xhat)": "wrong", "grad_xhat_entry": "wrong", "jacobian(z2, W2)": "right", "grad(h)": "right"},
    ),
    "autoencoder/wrong-shapes.yaml": Expected(0, "missing", "grad(xhat)", dict.fromkeys(WRONG_SHAPES, "wrong shape")),
    "autoencoder/forbidden.yaml": Expected(1, "unreadable", "grad(xhat)", {"grad_xhat_entry": "right"}, 9),
}
NO_SHEETS = {"gan/reference.json"}


def marked(fixture: str) -> Result:
    submission = read_submission(FIXTURES / fixture)
    return grade(load_problem(library()[str(submission.problem)]), submission)


def test_every_sheet_among_the_fixtures_is_here() -> None:
    files = (path for folder in ("gan", "autoencoder", "softmax-classifier") for path in (FIXTURES / folder).iterdir())
    assert {path.relative_to(FIXTURES).as_posix() for path in files} == set(SHEETS) | NO_SHEETS


@pytest.mark.parametrize("fixture", SHEETS)
def test_a_fixture_is_marked_as_its_comment_says(fixture: str) -> None:
    expected, result = SHEETS[fixture], marked(fixture)
    verdicts = {answer.question.name: answer.verdict for answer in result.answers}
    assert verdicts == {**dict.fromkeys(verdicts, expected.others), **expected.verdicts}
    assert (result.score, result.first_error, len(result.faults)) == (
        *(expected.score, expected.first_error, expected.faults),
    )


def entries(result: Result, question: str) -> tuple[int, int, int, int]:
    found = next(answer.entries for answer in result.answers if answer.question.name == question)
    return found.right, found.wrong, found.missing, found.total


def test_the_entries_of_the_handwritten_sheet() -> None:
    result = marked("gan/sheet.yaml")
    assert entries(result, "h1") == (7, 0, 1, 8)
    assert entries(result, "C1") == (25, 2, 5, 32)
    assert next(a.wrong_at for a in result.answers if a.question.name == "C1") == ((0, 1, 0), (0, 1, 1))


def test_the_entries_of_the_sheet_half_done() -> None:
    result = marked("gan/half-done.yaml")
    assert entries(result, "C1") == (24, 0, 8, 32)
    assert entries(result, "H2") == (12, 0, 4, 16)
    points = {answer.question.name: answer.points for answer in result.answers if answer.points}
    assert points == {"h0": 2, "h1": 2, "C1": 3, "H2": 1.5, "m": 1, "L": 1}


def test_what_became_of_a_shape_is_told() -> None:
    notes = {answer.question.name: answer.note for answer in marked("gan/transposed.yaml").answers}
    assert notes["H2"] == "it looks flattened: 16 was handed in, 1 x 4 x 4 is asked; write 4 rows of 4"
    assert notes["grad(W0)"] == "it looks transposed: 2 x 8 was handed in, 8 x 2 is asked; exchange rows and columns"


def test_the_faults_of_the_forbidden_formulas_stand_where_the_comments_say() -> None:
    lines = (FIXTURES / "autoencoder" / "forbidden.yaml").read_text(encoding="utf-8").splitlines()
    expected = {line for line, text in enumerate(lines, 1) if " # " in text and "allowed, and right" not in text}
    assert {fault.location.line for fault in marked("autoencoder/forbidden.yaml").faults} == expected


def test_three_figures_do_not_see_through_a_saturated_sigmoid() -> None:
    text = (ROOT / "problems" / "gan.yaml").read_text(encoding="utf-8").replace("{decimals: 3}", "{sigfigs: 3}")
    strict = parse_problem(text, "gan.yaml")
    assert grade(strict, read_submission(FIXTURES / "gan" / "perfect.yaml")).score == 40
    slipped = grade(strict, read_submission(FIXTURES / "gan" / "sign-slip.yaml"))
    wrong = [answer.question.name for answer in slipped.answers if answer.verdict == "wrong"]
    assert wrong == ["grad(yhat)"]
    # Three figures of yhat, 0.999 or 1.00, leave 1 - yhat open, and with it the sign of all that follows.
    assert slipped.score == 39


SMALL = """
dims: {N: 3, M: 2}
inputs: {x: [1, -2, 4]}
weights:
  W: {shape: [M, N], value: [[1, 0, 2], [-1, 3, 0.5]]}
  c: {shape: [1, 1, N], value: [[[7, 8, 9]]]}
network:
  y: W @ x
  A: outer(y, x)
  L: sum(A) + sum(c)
loss: L
tolerance: {abs: 0.01}
questions:
  - {ask: y, points: 2}
  - {ask: A, points: 6}
  - {ask: c, points: 3, partial: none}
  - {ask: L, points: 1}
"""
# By hand: y = [1 + 8, -1 - 6 + 2] = [9, -5]; A = y x^T; the sum of A is 4 * 3 = 12, and of c 24.
Y, A, L = "[9, -5]", "[[9, -18, 36], [-5, 10, -20]]", "36"


@pytest.fixture(scope="module")
def small() -> Grader:
    return Grader(parse_problem(SMALL, "small.yaml"))


def mark(grader: Grader, question: str, answers: str) -> MarkedAnswer:
    result = grader.grade(parse_submission(f"answers:\n{answers}\n", "ada.yaml"))
    return next(answer for answer in result.answers if answer.question.name == question)


@pytest.mark.parametrize(
    ("question", "answers", "verdict", "points"),
    [
        ("y", f"  y: {Y}", "right", 2),
        ("A", f"  A: {A}", "right", 6),
        ("c", "  c: [[[7, 8, 9]]]", "right", 3),
        ("L", f"  L: {L}", "right", 1),
        # Rows, columns and needless axes of length 1 are the same numbers.
        ("y", "  y: [[9], [-5]]", "right", 2),
        ("y", "  y: [[9, -5]]", "right", 2),
        ("y", "  y: [[[9]], [[-5]]]", "right", 2),
        ("c", "  c: [7, 8, 9]", "right", 3),
        ("c", "  c: [[7], [8], [9]]", "right", 3),
        ("L", "  L: [36]", "right", 1),
        ("L", "  L: [[36]]", "right", 1),
        # Nothing else is reshaped, and nothing is broadcast.
        ("A", "  A: [[9, -5], [-18, 10], [36, -20]]", "wrong shape", 0),
        ("A", "  A: [9, -18, 36, -5, 10, -20]", "wrong shape", 0),
        ("A", "  A: [9, -18, 36]", "wrong shape", 0),
        ("A", "  A: 9", "wrong shape", 0),
        ("y", "  y: 9", "wrong shape", 0),
        ("y", "  y: [9, -5, 0]", "wrong shape", 0),
        ("y", "  y: [[9, -5], [9, -5]]", "wrong shape", 0),
        ("L", f"  L: {A}", "wrong shape", 0),
        # Some entries right, some wrong, some missing.
        ("y", "  y: [9, 5]", "wrong", 1),
        ("y", "  y: [9, _]", "missing", 1),
        ("y", "  y: [_, 5]", "wrong", 0),
        ("y", "  y: [_, '?']", "missing", 0),
        ("y", "  y:", "missing", 0),
        ("y", "  L: 36", "missing", 0),
        ("A", "  A: [[9, 18, 36], [-5, 10, _]]", "wrong", 4),
        ("c", "  c: [7, 8, 8]", "wrong", 0),  # all or nothing
        ("c", "  c: [7, 8, _]", "missing", 0),
        # Parts, in any order and mixture; a part has the shape of a part.
        ("A", "  A[0]: [9, -18, 36]\n  A[1]: [-5, 10, -20]", "right", 6),
        ("A", "  A[1, 2]: -20\n  A[0]: [9, -18, 36]\n  A[1][0]: -5\n  A[-1, 1]: 10", "right", 6),
        ("A", "  A[:, 0]: [9, -5]\n  A[:, 2]: [36, -20]", "missing", 4),
        ("A", "  A[1, 2]: 20", "wrong", 0),
        ("A", "  A[0]: [9, -18]", "wrong shape", 0),
        # Numbers as expressions; words are unreadable, and cost only their entry.
        ("y", "  y: [3**2, -10/2]", "right", 2),
        ("y", "  y: [sqrt(81), -exp(log(5))]", "right", 2),
        ("y", "  y: [nine, -5]", "unreadable", 1),
        ("y", "  y: [nine, 5]", "wrong", 0),
        ("y", "  y: nine", "unreadable", 0),
        ("y", "  y: inf", "wrong shape", 0),
        ("y", "  y: [inf, -5]", "wrong", 1),
        ("y", "  y: [nan, -5]", "unreadable", 1),
        ("y", "  y: {a: 9}", "unreadable", 0),
        ("y", "  y: [9, [-5]]", "unreadable", 0),
        # The bound is closed: 0.01 off is right, more is not.
        ("y", "  y: [9.01, -5.01]", "right", 2),
        ("y", "  y: [9.011, -5.01]", "wrong", 1),
    ],
)
def test_an_answer(small: Grader, question: str, answers: str, verdict: str, points: float) -> None:
    answer = mark(small, question, answers)
    assert (answer.verdict, answer.points) == (verdict, points)
    counted = answer.entries
    assert counted.right + counted.carried + counted.wrong + counted.missing == counted.total


@pytest.mark.parametrize(
    ("question", "answers", "note"),
    [
        ("y", "  y: [[9], [-5]]", "handed in as 2 x 1, read as 2"),
        (
            "A",
            "  A: [[9, -5], [-18, 10], [36, -20]]",
            "it looks transposed: 3 x 2 was handed in, 2 x 3 is asked; exchange rows and columns",
        ),
        (
            "A",
            "  A: [9, -18, 36, -5, 10, -20]",
            "it looks flattened: 6 was handed in, 2 x 3 is asked; write 2 rows of 3",
        ),
        ("y", "  y: [9, -5, 0]", "3 was handed in, 2 is asked; write 2 numbers"),
    ],
)
def test_the_note_on_a_shape(small: Grader, question: str, answers: str, note: str) -> None:
    assert mark(small, question, answers).note == note


def test_what_is_compared_is_kept(small: Grader) -> None:
    answer = mark(small, "A", "  A: [[9, 18, 36], [-5, 10, _]]")
    assert answer.comparison is not None
    assert answer.wrong_at == ((0, 1),)
    np.testing.assert_allclose(answer.comparison.expected, [[9, -18, 36], [-5, 10, -20]], rtol=1e-12)
    assert answer.comparison.difference[0].tolist() == pytest.approx([0, 36, 0])
    assert np.isnan(answer.comparison.difference[1, 2])


def test_the_first_answer_counts(small: Grader) -> None:
    result = small.grade(parse_submission("answers:\n  y: [9, 5]\n  Y: [9, -5]\n", "ada.yaml"))
    assert result.answers[0].verdict == "wrong"
    (fault,) = result.faults
    rule = "y is answered twice, first on line 2, column 3; the first answer is marked, delete one of them"
    assert str(fault) == f"ada.yaml:3:3: {rule}"


def test_the_sum_and_the_most(small: Grader) -> None:
    result = small.grade(parse_submission(f"answers: {{y: [9, 5], L: {L}}}", "folder/ada.yaml"))
    assert (result.score, result.max_score, result.student, result.first_error) == (2, 12, "ada", "y")


def test_a_submission_for_another_problem(small: Grader) -> None:
    with pytest.raises(SubmissionError) as caught:
        small.grade(parse_submission("problem: gan\nanswers: {y: [9, -5]}", "ada.yaml"))
    assert str(caught.value) == "ada.yaml:1:10: this submission is for the problem 'gan', not for 'small'"


def test_marking_is_a_function_of_problem_and_submission(small: Grader) -> None:
    submission = parse_submission("answers: {y: [9, 5], A: 7}", "ada.yaml")
    first, second = small.grade(submission), Grader(parse_problem(SMALL, "small.yaml")).grade(submission)
    assert [(a.verdict, a.points, a.note, a.wrong_at) for a in first.answers] == [
        (a.verdict, a.points, a.note, a.wrong_at) for a in second.answers
    ]


def test_an_infinite_reference_is_met_by_the_same_infinity(tmp_path: Path) -> None:
    text = "inputs: {x: [0, 1]}\nnetwork: {y: log(x), L: sum(y)}\nloss: L\nquestions: [{ask: y}]\n"
    problem: Problem = parse_problem(text, "small.yaml")
    for answer, verdict in (("[-inf, 0]", "right"), ("[inf, 0]", "wrong"), ("[-1e300, 0]", "wrong")):
        result = grade(problem, parse_submission(f"answers: {{y: {answer}}}", "ada.yaml"))
        assert result.answers[0].verdict == verdict
