"""Numbers and arrays as a reader wants to see them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.problem.model import Tolerance
from hwcheck.reports.numbers import Digits, array_lines, index_text


def lines(array: object, width: int = 80, most: int | None = None, advice: str = "") -> list[str]:
    found = array_lines("A", np.array(array, dtype=float), Digits(decimals=1), width, most=most, advice=advice)
    return ["".join(span.text for span in line) for line in found]


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.3796, Digits(decimals=3), "0.380"),
        (-0.38, Digits(decimals=3), "-0.380"),
        (11.97862, Digits(decimals=3), "11.979"),
        (0.0, Digits(decimals=3), "0.000"),
        (-0.0, Digits(decimals=3), "0.000"),
        (0.0, Digits(sigfigs=3), "0"),
        (6.28e-6, Digits(decimals=3), "6.3e-06"),  # what is not 0 never looks like 0
        (-6.28e-6, Digits(decimals=3), "-6.3e-06"),
        (0.0005001, Digits(decimals=3), "0.001"),
        (7.0, Digits(decimals=0), "7"),
        (0.3, Digits(decimals=0), "3.0e-01"),
        (0.12345, Digits(sigfigs=3), "0.123"),
        (2.0, Digits(sigfigs=3), "2.00"),
        (123456.0, Digits(sigfigs=3), "1.23e+05"),
        (250.0, Digits(sigfigs=3), "250"),
        (math.inf, Digits(decimals=3), "inf"),
        (-math.inf, Digits(sigfigs=3), "-inf"),
        (math.nan, Digits(decimals=3), "nan"),
        (0.0664, Digits.given(), "0.0664"),
        (1.0, Digits.given(), "1"),
        (100000.5, Digits.given(), "100000.5"),
        (-1.2e-6, Digits.given(), "-1.2e-06"),
        (0.1234567890123, Digits.given(), "0.123456789"),
        (2 / 3, Digits.given(), "0.6666666667"),
    ],
)
def test_a_number(value: float, digits: Digits, text: str) -> None:
    assert digits.text(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False).filter(bool), st.integers(0, 15))
def test_what_is_not_0_never_looks_like_0(value: float, decimals: int) -> None:
    assert float(Digits(decimals=decimals).text(value))


@pytest.mark.parametrize(
    ("tolerance", "digits"),
    [
        (Tolerance(decimals=3), Digits(decimals=3)),
        (Tolerance(sigfigs=2), Digits(sigfigs=2)),
        (Tolerance(decimals=0, sigfigs=2), Digits(decimals=0)),
        (Tolerance(abs=0.1), Digits(sigfigs=4)),
    ],
)
def test_the_digits_are_those_to_which_answers_are_worked(tolerance: Tolerance, digits: Digits) -> None:
    assert Digits.of(tolerance) == digits


def test_arrays_of_every_rank() -> None:
    assert lines(3) == ["3.0"]
    assert lines([1, -2]) == [" 1.0  -2.0"]
    assert lines([[1, 2, 3], [4, 5, 60]]) == [" 1.0   2.0   3.0", " 4.0   5.0  60.0"]
    assert lines([[[1, 2]], [[3, 4]], [[5, 6]]]) == ["A[0]", "1.0  2.0", "A[1]", "3.0  4.0", "A[2]", "5.0  6.0"]
    assert lines([[[[1]], [[2]]]]) == ["A[0, 0]", "1.0", "A[0, 1]", "2.0"]


def test_a_vector_that_is_too_wide_goes_on_in_the_next_line() -> None:
    assert lines([1, 2, 3, 4, 5], width=13) == ["1.0  2.0  3.0", "4.0  5.0"]
    assert lines([1, 2, 3, 4, 5], width=12) == ["1.0  2.0", "3.0  4.0", "5.0"]
    assert lines([1, 2], width=1) == ["1.0", "2.0"]


def test_a_matrix_that_is_too_wide_comes_in_blocks_of_columns() -> None:
    matrix = [[1, 2, 3, 4, 5], [6, 7, 8, 9, 0]]
    assert lines(matrix, width=23) == ["1.0  2.0  3.0  4.0  5.0", "6.0  7.0  8.0  9.0  0.0"]
    blocks = ["columns 0-1", "1.0  2.0", "6.0  7.0", "columns 2-3", "3.0  4.0", "8.0  9.0", "column 4", "5.0", "0.0"]
    assert lines(matrix, width=12) == blocks
    assert lines([matrix, matrix], width=12) == ["A[0]", *blocks, "A[1]", *blocks]
    assert lines([[1, 2, 3, 4]], width=13) == ["columns 0-1", "1.0  2.0", "columns 2-3", "3.0  4.0"]
    assert lines(matrix, width=1)[:3] == ["column 0", "1.0", "6.0"]


def test_a_name_that_is_too_long_is_left_out_of_the_index_of_a_matrix() -> None:
    found = array_lines("A" * 20, np.ones((1, 1, 2)), Digits(decimals=0), 10)
    assert "".join(span.text for span in found[0]) == "[0]"


def test_given_numbers_stand_point_below_point() -> None:
    found = array_lines("A", np.array([[0.5, 10], [-2, 1e-9], [0.0664, 1]]), Digits.given(), 80)
    assert ["".join(span.text for span in line).rstrip() for line in found] == [
        " 0.5     10",
        "-2         1e-09",
        " 0.0664   1",
    ]


def test_folding_leaves_no_title_without_its_rows() -> None:
    cube = [[[n], [n]] for n in range(5)]
    assert lines(cube, most=7) == ["A[0]", "0.0", "0.0", "A[1]", "1.0", "1.0", "... 9 more lines of 10 entries"]


def test_folding() -> None:
    column = [[n] for n in range(9)]
    assert lines(column, most=7) == lines(column)  # two lines more are not worth a fold
    assert lines(column, most=6, advice="; ask")[6:] == ["... 3 more lines of 9 entries; ask"]
    assert lines(column, most=6, advice="; ask", width=20)[6:] == ["... 3 more lines of", "    9 entries; ask"]


def test_marks_stand_behind_their_numbers() -> None:
    found = array_lines(
        "A",
        np.array([1.0, -2.0]),
        Digits(decimals=1),
        80,
        marking=lambda index: ("*", "wrong") if index == (1,) else ("", "right"),
    )
    assert ["".join(span.text for span in line) for line in found] == [" 1.0   -2.0*"]
    assert [span.meaning for span in found[0] if span.text.strip()] == ["right", "wrong"]


@pytest.mark.parametrize(("index", "text"), [((), "A"), ((0,), "A[0]"), ((1, 0, 2), "A[1, 0, 2]")])
def test_the_name_of_an_entry(index: tuple[int, ...], text: str) -> None:
    assert index_text("A", index) == text
