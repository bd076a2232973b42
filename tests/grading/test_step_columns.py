"""Tables whose rows are steps, and columns that say what they hold: which answers they give, and which they do not."""

from __future__ import annotations

import pytest

from hwcheck.grading.sheet import Sheet, sort_answers
from hwcheck.problem.library import find_problem
from hwcheck.problem.load import load_problem
from hwcheck.submissions.names import Names
from hwcheck.submissions.read import parse_submission


def sheet_of(problem: str, text: str, file: str) -> Sheet:
    loaded = load_problem(find_problem(problem))
    return sort_answers(loaded, Names(loaded), parse_submission(text, file))


def values(sheet: Sheet) -> dict[str, object]:
    return {name: numbers.values.tolist() for name, numbers in sheet.numbers.items()}


def test_columns_of_entries_are_joined_at_each_step() -> None:
    sheet = sheet_of("adam-three-steps", "t,L,g1,g2\n1,9,1,-7\n2,8.225,0.7,-6.8\n", "a.csv")
    assert values(sheet) == {"L[1]": 9, "L[2]": 8.225, "g[1]": [1, -7], "g[2]": [0.7, -6.8]}
    assert not sheet.faults


def test_a_column_that_is_no_entry_of_every_step_is_told_not_read() -> None:
    sheet = sheet_of("adam-three-steps", "t,L,g1\n1,9,1\n2,8.225,0.7\n3,7.501,0.4\n", "a.csv")
    assert values(sheet) == {"L[1]": 9, "L[2]": 8.225, "L[3]": 7.501}
    assert [passed.near for passed in sheet.passed_over] == [("g[1]",)]


def test_hats_above_columns_and_a_head_of_two_words() -> None:
    rows = "| 1 | (1, -7) | (1, 49) |\n| 2 | (0.84, -6.9) | (0.74, 47.6) |\n"
    text = f"| step t | m\u0302 | v\u0302 |\n|---|---|---|\n{rows}"
    assert values(sheet_of("adam-three-steps", text, "a.md")) == {
        "m_hat[1]": [1, -7], "m_hat[2]": [0.84, -6.9], "v_hat[1]": [1, 49], "v_hat[2]": [0.74, 47.6],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("node,forward,backward\ne,0.37,-0.53\na + b,4,0.2\n", "a.csv"),
        ("| node | forward | backward |\n|---|---|---|\n| e = exp(n) | 0.37 | -0.53 |\n| a+b | 4 | 0.2 |\n", "a.md"),
    ],
)
def test_a_row_gives_a_value_and_its_gradient(text: str, file: str) -> None:
    sheet = sheet_of("sigmoid-neuron", text, file)
    assert values(sheet) == {"e": 0.37, "grad(e)": -0.53, "a + b": 4}
    assert not sheet.faults


@pytest.mark.parametrize(
    ("heads", "cells", "expected"),
    [
        ("class 1 | class 2 | class 3", "-2.85 | 0.86 | 0.28", [-2.85, 0.86, 0.28]),
        ("try 1 | try 2", "[1, 2, 3] | [-2.85, 0.86, 0.28]", [-2.85, 0.86, 0.28]),
    ],
)
def test_numbered_heads_are_entries_and_of_attempts_the_last_counts(
    heads: str, cells: str, expected: list[float]
) -> None:
    rule = "|".join("-" * len(heads.split("|")))
    sheet = sheet_of("linear-classifier", f"| | {heads} |\n|-|{rule}|\n| s | {cells} |\n", "a.md")
    assert values(sheet) == {"s": expected}


def test_numbers_that_are_one_rounded_are_no_two_answers() -> None:
    sheet = sheet_of("linear-classifier", "| | exact | rounded |\n|-|-|-|\n| L | 1.0402 | 1.04 |\n", "a.md")
    assert values(sheet) == {"L": 1.04}


def test_a_row_of_which_no_head_says_what_counts_is_told() -> None:
    sheet = sheet_of("linear-classifier", "| | mine | PyTorch |\n|-|-|-|\n| L | 1.04 | 1.06 |\n", "a.md")
    assert sheet.numbers["L"].unreadable
    assert "1.04, 1.06 are numbers of one answer, or several answers" in sheet.faults[0].message


def test_a_number_with_another_in_brackets_is_no_product() -> None:
    sheet = sheet_of("sigmoid-neuron", "dx0 = 0.39 (0.4)\n\ndw0 = -0.5 * (0.4)\n", "a.md")
    assert sheet.numbers["grad(x0)"].unreadable
    assert values(sheet)["grad(w0)"] == -0.2


def test_the_loss_in_words_gives_way_to_its_own_name() -> None:
    sheet = sheet_of("linear-classifier", "loss = 1.58\n\nL = 1.04\n", "a.md")
    assert values(sheet) == {"L": 1.04}
    assert values(sheet_of("linear-classifier", "loss = 1.58\n", "a.md")) == {"L": 1.58}


def test_the_loss_of_one_step_of_several_is_not_the_loss() -> None:
    assert values(sheet_of("adam-three-steps", "loss = 8.225\n", "a.md")) == {}
