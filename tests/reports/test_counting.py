"""Entries are counted for a person as the problem counts them; what programs read counts from 0."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pytest

from hwcheck.grading.grade import Grader
from hwcheck.grading.guesses import Answer
from hwcheck.grading.understand import understand
from hwcheck.problem.load import parse_problem
from hwcheck.reference import solve
from hwcheck.reports.blocks import Block
from hwcheck.reports.grade_view import GradeView
from hwcheck.reports.json import grade_json
from hwcheck.reports.numbers import Digits, index_text
from hwcheck.reports.plain import paint
from hwcheck.reports.read_view import ReadView
from hwcheck.reports.solve_view import SolveView
from hwcheck.submissions.read import parse_submission

PROBLEM = """
title: counting
inputs: {x: [1, 2, 3]}
weights: {A: [[1, 2, 4], [8, 16, 32]]}
network:
  B: 2 * A
  T: reshape(A, [2, 1, 3]) * 3
  L: sum(A @ x)
loss: L
questions: [B, T]
"""
SHEET = "answers:\n  B: [[2, 4, 8], [61, 32, 64]]\n  T: [[[3, 6, 12]], [[24, 48, 96]]]\n"


def text(blocks: Iterator[Block]) -> str:
    return paint(blocks, 80)


@pytest.mark.parametrize("first", [0, 1])
def test_wrong_entries_are_counted_as_the_problem_counts(first: int) -> None:
    problem = parse_problem(f"{PROBLEM}indexing: {first}\n", "counting.yaml")
    result = Grader(problem).grade(parse_submission(SHEET, "ada.yaml"))
    told = text(GradeView(result).blocks())
    assert f"B[{1 + first}, {first}]" in told
    assert f"B[{2 - first}, {1 - first}]" not in told
    document = json.loads(grade_json("counting", [result], [], "full"))
    (answer, _) = document["results"][0]["answers"]
    assert answer["wrong_at"] == [[1, 0]]
    assert answer["differences"][0]["index"] == [1, 0]


@pytest.mark.parametrize(
    ("written", "first", "told"),
    [
        ("[[2, 4, 8], [6]]", 0, "row 1 holds 1 number, row 0 holds 3 numbers"),
        ("[[2, 4, 8], [6]]", 1, "row 2 holds 1 number, row 1 holds 3 numbers"),
        ("[[2, 4, 8], 6, [2, 4, 8]]", 1, "item 2 is a single number, the others are lists"),
        ("[[2, 4, 8], 6]", 1, "item 2 is a single number, item 1 is a list"),
    ],
)
def test_rows_that_do_not_fit_are_counted_so(written: str, first: int, told: str) -> None:
    problem = parse_problem(f"{PROBLEM}indexing: {first}\n", "counting.yaml")
    for text in (f"answers:\n  B: {written}\n", f"answers:\n  B: '{written}'\n"):
        (fault,) = understand(parse_submission(text, "ada.yaml"), problem).faults
        assert told in fault.message


@pytest.mark.parametrize("first", [0, 1])
def test_matrices_and_columns_are_counted_so_in_what_is_read_and_solved(first: int) -> None:
    problem = parse_problem(f"{PROBLEM}indexing: {first}\n", "counting.yaml")
    for told in (
        text(ReadView(understand(parse_submission(SHEET, "ada.yaml"), problem), values=True).blocks()),
        text(SolveView(solve(problem), Digits(decimals=2)).blocks()),
    ):
        assert f"T[{first}]" in told
        assert f"T[{1 + first}]" in told
        assert f"T[{2 - 2 * first}]" not in told


@pytest.mark.parametrize(("index", "first", "told"), [((0, 2), 0, "h[0, 2]"), ((0, 2), 1, "h[1, 3]"), ((), 1, "h")])
def test_an_index_is_told(index: tuple[int, ...], first: int, told: str) -> None:
    assert index_text("h", index, first) == told


@pytest.mark.parametrize(("first", "told"), [(0, "h[1, 2]"), (1, "h[2, 3]")])
def test_slips_name_entries_so(first: int, told: str) -> None:
    ones = np.ones((2, 3))
    assert Answer("h", ones, ones, 0 * ones, 0 * ones, first=first).at(5) == told
