"""Formula and numbers for the same quantity: the notes that say whether they belong together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from hwcheck.errors import Location
from hwcheck.grading.consistency import asked_both_ways, consistency, follows
from hwcheck.grading.formula_text import Formula, FormulaReader
from hwcheck.grading.grade import Grader
from hwcheck.located import Scalar
from hwcheck.problem.load import parse_problem
from hwcheck.submissions.read import parse_submission
from tests.grading.formula_marks import question

# L = sum(s^2) for s = w x: dL/dw = 2 s x. With x = (1, 2, 3), s = (3, 2, 1): (6, 8, 6).
PROBLEM = parse_problem(
    """
inputs: {x: [1, 2, 3]}
weights: {w: [3, 1, 0.3333]}
network: {s: w * x, L: sum(s**2)}
loss: L
questions:
  - grad(w)
  - {ask: grad(w), name: dw_formula, answer: formula, using: [s, x]}
  - s
  - {ask: L, name: loss_as_number}
  - {ask: L, name: loss_as_formula, answer: formula, using: [s]}
  - {ask: "jacobian(s, w)", answer: formula, using: [x], indices: [i, j]}
""",
    "both.yaml",
)
OWN = {"x": np.array([1.0, 2.0, 3.0]), "s": np.array([3.0, 2.0, 1.0])}
UNIT = np.full(3, 0.01)


def formula(text: str) -> Formula:
    return FormulaReader(PROBLEM).read(question(PROBLEM, "dw_formula"), Scalar(text, Location("ada.yaml", 1, 1)))


SLIP = "the formula is right: an arithmetic slip in the numbers"
FOLLOW = "the numbers follow from this formula"
RIGHT_NUMBERS = "the numbers are right, but this formula does not give them"
NEITHER = "the numbers do not follow from this formula"


@pytest.mark.parametrize(
    ("text", "yours", "formula_right", "numbers_right", "note"),
    [
        ("2*s*x", [6, 8, 6], True, True, ""),
        ("2*s*x", [6, 9, 6], True, False, SLIP),
        ("2*s*x", [6, np.nan, 7], True, False, SLIP),
        ("s*x", [3, 4, 3], False, False, FOLLOW),
        ("s*x", [3.01, 3.99, 3], False, False, FOLLOW),  # the closed ends of what rounding allows
        ("s*x", [3, np.nan, np.nan], False, False, FOLLOW),
        ("s*x", [6, 8, 6], False, True, RIGHT_NUMBERS),
        ("s*x", [3, 4, 3.02], False, False, NEITHER),
        ("s*x", [-3, 4, 3], False, False, NEITHER),
        ("s/(x - x)", [np.inf] * 3, False, False, FOLLOW),
        ("s/(x - x)", [3, 4, 3], False, False, NEITHER),
        ("(s - s)/(x - x)", [3, 4, 3], False, False, NEITHER),
        ("s*x", [np.nan] * 3, False, False, ""),
        ("sum(s*x)", [3, 4, 3], False, False, NEITHER),  # of another shape
    ],
)
def test_what_is_said(text: str, yours: Sequence[float], formula_right: bool, numbers_right: bool, note: str) -> None:
    said = consistency(
        formula(text),
        OWN,
        np.array(yours, dtype=np.float64),
        UNIT,
        UNIT,
        formula_right=formula_right,
        numbers_right=numbers_right,
    )
    assert said == note


@pytest.mark.parametrize(
    ("yours", "below", "above", "agrees"),
    [(5.9, 0.1, 0.0, True), (5.9, 0.0, 0.1, False), (6.1, 0.0, 0.1, True), (6.1, 0.1, 0.0, False)],
)
def test_below_and_above_are_told_apart(yours: float, below: float, above: float, agrees: bool) -> None:
    given = np.array([yours, np.nan, np.nan])
    assert follows(formula("2*s*x"), OWN, given, np.full(3, below), np.full(3, above)) is agrees


def test_the_students_own_numbers_are_put_in() -> None:
    own = {**OWN, "s": np.array([1.0, 1.0, 1.0])}
    assert follows(formula("2*s*x"), own, np.array([2.0, 4.0, 6.0]), UNIT, UNIT)
    assert not follows(formula("2*s*x"), OWN, np.array([2.0, 4.0, 6.0]), UNIT, UNIT)


def test_entry_by_entry() -> None:
    """s_i = w_i x_i: the derivative in w_j is x_i where i is j."""
    asked = question(PROBLEM, "jacobian(s, w)")
    entry = FormulaReader(PROBLEM).read(asked, Scalar("x[i] if i == j else 0", Location("ada.yaml", 1, 1)))
    none = np.zeros((3, 3))
    assert follows(entry, OWN, np.diag([1.0, 2.0, 3.0]), none, none)
    assert not follows(entry, OWN, np.diag([1.0, 2.0, 2.0]), none, none)


def test_the_questions_that_ask_a_quantity_both_ways() -> None:
    pairs = [(asked.name, numbers.name) for asked, numbers in asked_both_ways(PROBLEM)]
    assert pairs == [("dw_formula", "grad(w)"), ("loss_as_formula", "loss_as_number")]


@pytest.mark.parametrize("text", ["2*s*x", "outer(s, x)", "grad(w)", "2*(s", "s if", "__import__('os')", "2 * s_i"])
def test_a_formula_where_numbers_are_asked_is_unreadable(text: str) -> None:
    quoted = text.replace("'", "''")
    result = Grader(PROBLEM).grade(parse_submission(f"answers:\n  grad(w): '{quoted}'\n  L: 14\n", "ada.yaml"))
    answer = result.answers[0]
    assert (answer.question.name, answer.verdict, answer.points) == ("grad(w)", "unreadable", 0)
    assert len(result.faults) == 1


@pytest.mark.parametrize(
    ("numbers", "text", "verdicts", "note"),
    [
        ("[6, 2, 2]", "2*s*x", ("right", "right"), ""),
        ("[6, 2, -2]", "2*s*x", ("wrong", "right"), SLIP),
        ("[3, 1, 1]", "s*x", ("wrong", "wrong"), FOLLOW),
        ("[6, 2, 2]", "s*x", ("right", "wrong"), RIGHT_NUMBERS),
        ("[6, 1, 1]", "s*x", ("wrong", "wrong"), NEITHER),
        ("[6, 2, -2]", "2*s*y", ("wrong", "unreadable"), ""),
        ("_", "2*s*x", ("missing", "right"), ""),
    ],
)
def test_a_sheet_with_both(numbers: str, text: str, verdicts: tuple[str, str], note: str) -> None:
    """With x = (1, 1, 2) and w = (3, 1, 0.25): s = (3, 1, 0.5), dL/dw = 2 s x = (6, 2, 2)."""
    problem = parse_problem(
        "inputs: {x: [1, 1, 2]}\nweights: {w: [3, 1, 0.25]}\nnetwork: {s: w * x, L: sum(s**2)}\nloss: L\n"
        "questions:\n  - grad(w)\n  - {ask: grad(w), name: dw_formula, answer: formula, using: [s, x]}\n",
        "both.yaml",
    )
    sheet = parse_submission(f"answers:\n  grad(w): {numbers}\n  dw_formula: {text}\n", "ada.yaml")
    first, second = Grader(problem).grade(sheet).answers
    assert (first.verdict, second.verdict) == verdicts
    if note:
        assert note in first.note
        assert note in second.note
    else:
        assert "formula" not in first.note
