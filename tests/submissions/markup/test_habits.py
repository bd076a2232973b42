"""Habits of students in running text, each with what a person reads there."""

from __future__ import annotations

import time

import pytest

from hwcheck.submissions.drawn import without_drawing
from tests.submissions.markup.test_documents import found

HABITS: list[tuple[str, dict[str, object]]] = [
    # the marks of a question, and the number of an equation
    ("I6 = -0.105   [2]", {"I6": "-0.105"}),
    ("I6 = -0.105 (3 marks)", {"I6": "-0.105"}),
    ("w = [0.1, 0.2]   [3]", {"w": ["0.1", "0.2"]}),
    ("I6 = -0.105      (4)", {"I6": "-0.105"}),
    # lines that go on with an equals sign
    ("I6 = -0.3*0.332 + 0.1\n   = -0.105", {"I6": "-0.105"}),
    ("I6\n= 0.2 - 0.305\n= -0.105", {"I6": "-0.105"}),
    # products without a sign
    ("x = 0.4(0.5 + 1) + (0.1)(0.2)", {"x": "0.4*(0.5 + 1) + (0.1)*(0.2)"}),
    ("x = 0.123(4)", {"x": "0.123(4)"}),
    ("x = log2(0.5)", {"x": "log2(0.5)"}),
    # rows between strokes; all are as long
    ("W: 1 2 / 3 4", {"W": [["1", "2"], ["3", "4"]]}),
    ("o1 = 0.7 / o2 = 0.8", {"o1": "0.7", "o2": "0.8"}),
    ("p = 1 / n = 0.25", {"p": "0.25"}),
    # names
    ("θ6 (new) = 0.218", {"θ6_new": "0.218"}),
    ("Question 1: the weighted input I6 = -0.105", {"Question 1": "-0.105", "I6": "-0.105"}),
    ("## Step 1: net input I6\n\n0.2 - 0.305 = -0.105", {"I6": "-0.105"}),
    ("(I4, I5) = (-0.7, 0.1)", {"I4": "-0.7", "I5": "0.1"}),
    (r"$\begin{pmatrix} a \\ b \end{pmatrix} = \begin{pmatrix} 1 \\ 2 \end{pmatrix}$", {"a": "1", "b": "2"}),
    (r"$(a, b) = (1, 2, 3)$", {}),
    # what was given, and what was taken back
    ("Given: w1 = 0.15, w2 = 0.2\n\nI6 = 1", {"I6": "1"}),
    ("## Given\n\nw1 = 0.15\n\n## Solution\n\nI6 = 1", {"I6": "1"}),
    ("## Given\n\nw1 = 0.15", {"w1": "0.15"}),
    ("Err6 = 0.249 ✗\nErr6 = 0.1311 ✓", {"Err6": "0.1311"}),
    # matrices
    (r"$W = \begin{bmatrix} 1 + 1 = 2 & 3 \\ x_1 = 4 & \approx 5 \end{bmatrix}$", {"W": [["2", "3"], ["4", "5"]]}),
    (r"$f = \begin{cases} 0 & x = 0 \\ 1 & x = 1 \end{cases}$", {}),
    (r"$h = \binom{0.3}{0.4}$", {"h": [["0.3"], ["0.4"]]}),
    (r"$W = [0.1\ \ 0.2]$", {"W": ["0.1", "0.2"]}),
    # tables
    ("| | h1 | h2 |\n|---|---|---|\n| net | 0.1 | 0.2 |", {"net": ["0.1", "0.2"]}),
    ("| Unit j | net input Ij | Err j |\n|-|-|-|\n| 4 | 1 | 2 |\n| 5 | 3 | 4 |", {"I": ["1", "3"], "Err": ["2", "4"]}),
    ("W:\n\n| | 0 | 1 |\n|-|-|-|\n| 0 | 0.1 | 0.2 |\n| 1 | 0.3 | 0.4 |", {"W": [["0.1", "0.2"], ["0.3", "0.4"]]}),
    (
        "<table><tr><td>I6</td><td>1+2</td><td>3</td></tr><tr><td>O6</td><td>s(1)</td><td>4</td></tr></table>",
        {"I6": "3", "O6": "4"},
    ),
    ("+---+---+\n| a | b |\n+---+---+\n| 1 | 2 |\n+---+---+", {"a": "1", "b": "2"}),
]


@pytest.mark.parametrize(("text", "answers"), HABITS)
def test_it_is_read_as_a_person_reads_it(text: str, answers: dict[str, object]) -> None:
    assert found(text) == answers


@pytest.mark.parametrize("line", ["| 1 |\n", "    | 1 2 |\n", "|1|\n", "W = | 1 2 |\n", "( 1 )\n"])
def test_rows_that_draw_no_matrix_take_linear_time(line: str) -> None:
    begin = time.process_time()
    without_drawing(line * 20_000)
    assert time.process_time() - begin < 2
