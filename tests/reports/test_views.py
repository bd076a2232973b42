"""What single reports say: results that are hard to show, the given numbers, documents for programs."""

from __future__ import annotations

import pytest

from hwcheck.errors import Fault, Location
from hwcheck.grading.grade import grade
from hwcheck.problem.load import parse_problem
from hwcheck.reference import solve
from hwcheck.reports import plain
from hwcheck.reports.grade_view import FEEDBACK, Failure, GradeView
from hwcheck.reports.json import grade_json
from hwcheck.reports.numbers import Digits
from hwcheck.reports.solve_view import SolveView
from hwcheck.reports.template import template_text
from hwcheck.reports.value_table import computed_as
from hwcheck.submissions.read import parse_submission
from tests.support.program import strict_json

# log(0) is minus infinity, and infinity minus infinity is no number.
INFINITE = """
inputs: {x: [0, 1, 1]}
network:
  y: log(x)
  z: y - y
  L: sum(y)
loss: L
questions: [y, L]
"""
MATRIX = """
inputs: {A: [[1, 2, 3], [4, 5, 6]]}
network:
  B: 2 * A
  L: sum(B)
loss: L
questions: [B, L]
"""
DRAWN = """
title: Drawn numbers
dims: {N: 8, M: 9}
inputs: {x: {shape: [2, 3], draw: {low: -1, high: 1, decimals: 2}}, s: 0.0664}
weights: {W: {shape: [N, M]}, V: {shape: [N, N]}}
network: {y: sum(x) * s * sum(W) * sum(V), L: y**2}
loss: L
seed: 3
questions: [y]
"""
UPSTREAM = """
inputs: {x: [1, 2]}
network: {Y: 'outer(x, [1, 2, 3])'}
upstream: {Y: [[1, 0, 2], [0.5, -1, 0]]}
questions: [grad(x)]
"""


def report(problem: str, answers: str, feedback: str = "full") -> str:
    result = grade(parse_problem(problem, "p.yaml"), parse_submission(f"answers: {answers}", "ada.yaml"))
    return plain.paint(GradeView(result, feedback).blocks(), 80)


def rows(text: str) -> list[list[str]]:
    return [row.split() for row in text.splitlines()]


def test_a_right_infinite_answer_is_no_difference() -> None:
    found = rows(report(INFINITE, "{y: [-inf, 0, 0], L: -inf}"))
    assert ["L", "right", "1/1", "1/1", "0", "0"] in found
    assert [row[:5] for row in found if row[:1] == ["y"]] == [["y", "right", "1/1", "3/3", "0"]]


def test_an_answer_that_lacks_an_infinite_entry_shows_the_others() -> None:
    (row,) = (row for row in rows(report(INFINITE, "{y: [_, 0.5, 0]}")) if row[:2] == ["y", "wrong"])
    assert row[4] == "0.5"


def test_a_reference_that_is_no_number_is_called_so() -> None:
    shown = plain.paint(SolveView(solve(parse_problem(INFINITE, "p.yaml")), Digits(decimals=1)).blocks(), 80)
    assert ["z", "3", "nan", "0.0", "0.0"] in rows(shown)
    assert ["y", "3", "-inf", "0.0", "0.0"] in rows(shown)


def test_what_could_not_be_read_among_right_entries() -> None:
    shown = report(MATRIX, "{B: [[2, 4, 6], [8, what, 12]]}")
    assert "\nB: 5 of 6 entries right, 1 left out or not readable\n---" in shown
    assert "2.00  4.00  6.00\n8.00     _  12.0\n" in shown
    assert "Expected" not in shown
    assert "0 of 6" not in shown


@pytest.mark.parametrize("feedback", ["hint", "full"])
def test_remarks_stand_below_the_table_a_line_each(feedback: str) -> None:
    shown = report(MATRIX, "{B: [2, 4], L: [42]}", feedback)
    assert (
        "\n\nB: 2 was handed in, 2 x 3 is asked; write 2 rows of 3\nL: handed in as 1, read as a single number\n\n"
        in shown
    )
    assert "Note" not in shown
    assert "handed in" not in report(MATRIX, "{B: [2, 4], L: [42]}", "verdict")


def test_given_numbers_keep_their_digits_and_answers_have_those_of_the_problem() -> None:
    problem = parse_problem(DRAWN, "p.yaml")
    shown = rows(plain.paint(SolveView(solve(problem), Digits(decimals=1)).blocks(), 120))
    assert ["s", "-", "0.0664"] in shown
    assert ["grad(L)", "-", "1.0"] in shown


def test_the_template_tells_the_given_numbers() -> None:
    problem = parse_problem(DRAWN, "p.yaml")
    text = template_text(problem)
    numbers = ", ".join(f"[{', '.join(f'{number:g}' for number in row)}]" for row in solve(problem)["x"])
    assert f"\n# given: x = [{numbers}]\n# given: s = 0.0664\n" in text
    assert "\n# given: W, 8 x 9: left out here, it has 72 entries\n# given: V = [[" in text
    assert max(map(len, text.splitlines())) <= 100
    assert "\n# given: upstream of Y = [[1, 0, 2], [0.5, -1, 0]]\n" in template_text(parse_problem(UPSTREAM, "p.yaml"))


def test_a_template_of_formulas_needs_no_numbers() -> None:
    text = MATRIX.replace("questions: [B, L]", "questions: [{ask: L, answer: formula, using: [A]}]")
    assert "given" in template_text(parse_problem(MATRIX, "p.yaml"))
    assert "given" not in template_text(parse_problem(text, "p.yaml"))


@pytest.mark.parametrize("feedback", FEEDBACK)
def test_the_document_has_every_fault_of_what_was_not_graded(feedback: str) -> None:
    faults = (Fault(Location("ed.yaml", 3, 7), "no colon"), Fault(Location("ed.yaml", 9), "no end"))
    failures = [Failure("ed.yaml", "line 3: no colon (and 1 more)", faults), Failure("flo.yaml", "gone")]
    found = strict_json(grade_json("gan", [], failures, feedback))["not_graded"]
    assert found == [
        {
            "submission": "ed.yaml",
            "reason": "line 3: no colon (and 1 more)",
            "line": 3,
            "column": 7,
            "faults": [
                {"file": "ed.yaml", "line": 3, "column": 7, "message": "no colon"},
                {"file": "ed.yaml", "line": 9, "column": 0, "message": "no end"},
            ],
        },
        {"submission": "flo.yaml", "reason": "gone", "line": 0, "column": 0, "faults": []},
    ]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("a\udcff\udcfe.yaml", "a\ufffd\ufffd.yaml"),
        ("\ud83d\ude00", "\ufffd\ufffd"),
        ("\U0001f600é\x7f", "\U0001f600é\x7f"),
        ("\\ud800 \\\\", "\\ud800 \\\\"),
        ('"\n\x1b', '"\n\x1b'),
    ],
)
def test_no_half_of_a_pair_is_in_a_document(name: str, read: str) -> None:
    text = grade_json("gan", [], [Failure(name, "gone")], "full")
    assert text.isascii()
    assert text[:-1].isprintable()
    assert strict_json(text)["not_graded"][0]["submission"] == read


def test_the_formula_of_a_layer_goes_on_to_its_named_steps() -> None:
    text = """
inputs: {x: [1, 2], h0: [0.1], c0: [0.2]}
weights: {W: {shape: [4, 2]}, U: {shape: [4, 1]}}
network: {h: "lstm_cell(x, h0, c0, W, U)", L: sum(h)}
loss: L
"""
    problem = parse_problem(text, "p.yaml")
    assert computed_as(problem.quantities["h"]) == "lstm_cell(x, h0, c0, W, U) = h.o * tanh(h.c)"
    assert computed_as(problem.quantities["L"]) == "sum(h)"
