"""One rule for the widths of columns: numbers are never cut, text goes on in the next line, in both painters."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from hwcheck.grading.grade import grade
from hwcheck.problem.load import parse_problem
from hwcheck.problem.model import Problem
from hwcheck.reference import solve
from hwcheck.reports import plain, terminal
from hwcheck.reports.blocks import Block, Column, Heading, Line, Listing, Paragraph, Span, Table, line
from hwcheck.reports.grade_view import GradeView
from hwcheck.reports.layout import fold, lay_out, wide
from hwcheck.reports.numbers import Digits
from hwcheck.reports.solve_view import SolveView
from hwcheck.submissions.read import parse_submission

Painter = Callable[[Iterable[Block], int], str]

LONG = "a_weight_with_a_name_that_is_so_long_that_it_alone_would_fill_the_line_of_a_common_terminal"
PROBLEM = f"""
inputs: {{x: [0.0664, -3, 2]}}
weights: {{{LONG}: [[1, 2, 3], [4, 5, 6]]}}
network:
  y: {LONG} @ x
  L: sum(y**2)
loss: L
tolerance: {{decimals: 4}}
questions: [y, grad({LONG})]
"""


def in_terminal(blocks: Iterable[Block], width: int) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None, force_terminal=True, _environ={})
    terminal.paint(blocks, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.fixture(params=[plain.paint, in_terminal], ids=["plain", "terminal"])
def paint(request: pytest.FixtureRequest) -> Painter:
    painter: Painter = request.param
    return painter


def problem() -> Problem:
    return parse_problem(PROBLEM, "long.yaml")


def text(spans: Line) -> str:
    return "".join(span.text for span in spans)


# y = W x = [1*0.0664 - 6 + 6, 4*0.0664 - 15 + 12] = [0.0664, -2.7344]; grad(y) = 2 y; grad(W) = outer(2 y, x).
NUMBERS = ("0.0664", "-2.7344", "7.4814", "0.1328", "-5.4688", "-0.3984", "16.4064", "-10.9376")


@pytest.mark.parametrize("width", [40, 80, 100, 120])
@pytest.mark.parametrize("steps", [False, True])
def test_no_number_of_a_reference_is_cut(paint: Painter, width: int, steps: bool) -> None:
    found = problem()
    shown = paint(SolveView(solve(found), Digits(decimals=4), steps=steps, width=width).blocks(), width)
    assert set(NUMBERS) <= set(shown.split())
    assert "2x3" in shown.split()
    assert max(map(len, shown.splitlines())) <= width
    if steps and width == 120:
        assert f"= {LONG} @" in shown


@pytest.mark.parametrize("width", [40, 80, 100, 120])
def test_no_number_of_a_result_is_cut(paint: Painter, width: int) -> None:
    found = problem()
    sheet = f"answers:\n  y: [0.0664, -2.7345]\n  grad({LONG}): [[0, 0, 0], [0, 16.4064, -10.9376]]\n"
    shown = paint(GradeView(grade(found, parse_submission(sheet, "ada.yaml")), width=width).blocks(), width)
    words = set(shown.split())
    assert {"right", "wrong", "0.0001", "0.00882", "-0.3984", "0.2656", "-0.36313"} <= words
    assert {"[0,", "0]", "2]"} <= words
    if width >= 80:
        assert max(map(len, shown.splitlines())) <= width


def test_the_widest_column_of_text_gives_way_first() -> None:
    columns = (Column("A"), Column("B", fixed=True), Column("C", numeric=True), Column("D"))
    cells = ("a" * 30, "b" * 20, "1" * 10, "d" * 20)
    table = Table(columns, (tuple((line(cell),) for cell in cells),))
    assert lay_out(table, 86).widths == (30, 20, 10, 20)
    assert lay_out(table, 80).widths == (24, 20, 10, 20)
    assert lay_out(table, 70).widths == (17, 20, 10, 17)
    assert lay_out(table, 20).widths == (10, 20, 10, 10)  # and no less


def test_a_cell_of_fewer_lines_is_filled_up() -> None:
    columns = (Column("Name"), Column("N", numeric=True))
    laid = lay_out(Table(columns, (((line("one two three four"),), (line("1"), line("23"))),)), 16)
    assert [text(row) for row in laid.rows] == ["one two        1", "three four    23"]


@pytest.mark.parametrize(
    ("whole", "width", "parts"),
    [
        ("", 5, [""]),
        ("one two", 7, ["one two"]),
        ("one two", 6, ["one", "two"]),
        ("one two", 3, ["one", "two"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("a bcdefgh", 3, ["a", "bcd", "efg", "h"]),
        ("\uff21\uff22\uff23", 4, ["\uff21\uff22", "\uff23"]),  # each of these fills two columns
        ("ab", 0, ["a", "b"]),
        ("print-calls.ipynb", 10, ["print-", "calls.", "ipynb"]),
        ("loop-output.ipynb", 11, ["loop-output", ".ipynb"]),
        ("hw_two/ada.md", 9, ["hw_two/", "ada.md"]),
        ("a-longerword", 8, ["a-longer", "word"]),  # the first part is too short
        ("-1.25e-05,3.5", 8, ["-1.25e-0", "5,3.5"]),  # a number has no parts
    ],
)
def test_where_a_line_breaks(whole: str, width: int, parts: list[str]) -> None:
    assert [text(part) for part in fold(line(whole), width)] == parts


@given(
    st.lists(st.tuples(st.text("ab (é\uff21-./_", max_size=9), st.sampled_from(["", "name"])), max_size=5),
    st.integers(2, 20),
)
def test_nothing_but_blanks_is_lost_where_a_line_breaks(pairs: list[tuple[str, str]], width: int) -> None:
    whole = tuple(Span(*pair) for pair in pairs)
    parts = list(fold(whole, width))
    assert all(wide(part) <= width for part in parts)
    signs = [(sign, span.meaning) for span in whole for sign in span.text if sign != " "]
    assert [(sign, span.meaning) for part in parts for span in part for sign in span.text if sign != " "] == signs


def test_a_remark_goes_on_set_in(paint: Painter) -> None:
    shown = paint([Heading("A B"), Listing((line("C1: one two three"), line("m: four"))), Paragraph(line("end"))], 12)
    assert re.search(r"^C1: one two *\n  three *\nm: four *$", shown, re.MULTILINE)
