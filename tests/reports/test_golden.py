"""Whole reports, kept as files: read the difference, then write them anew with HWCHECK_UPDATE_GOLDEN=1."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import pytest
from rich.console import Console

from hwcheck import grade, load_problem, read_submission, solve
from hwcheck.grading.result import Result
from hwcheck.reports import plain, terminal
from hwcheck.reports.blocks import Block
from hwcheck.reports.grade_view import Failure, GradeView, class_blocks
from hwcheck.reports.numbers import Digits
from hwcheck.reports.solve_view import SolveView
from tests.support.program import FIXTURES, ROOT, golden

GOLDEN = Path(__file__).parent / "golden"
SHEETS = ("gan/sheet", "gan/two-slips", "autoencoder/sheet", "autoencoder/wrong-shapes")


def marked(sheet: str) -> Result:
    problem = load_problem(ROOT / "problems" / f"{sheet.split('/')[0]}.yaml")
    return grade(problem, read_submission(FIXTURES / f"{sheet}.yaml"))


def on_console(blocks: Iterable[Block], width: int) -> str:
    """What a terminal of this width shows, without colours; trailing blanks are left out of the files."""
    console = Console(
        file=io.StringIO(),
        width=width,
        color_system=None,
        force_terminal=True,
        legacy_windows=False,
        highlight=False,
        _environ={},
    )
    terminal.paint(blocks, console)
    assert isinstance(console.file, io.StringIO)
    lines = console.file.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    return "\n".join(line.rstrip() for line in lines) + "\n"


@pytest.mark.parametrize("sheet", SHEETS)
def test_the_report_on_one_sheet_as_plain_text(sheet: str) -> None:
    text = plain.paint(GradeView(marked(sheet), width=100).blocks(), 100)
    assert max(map(len, text.splitlines())) <= 100
    golden(GOLDEN / f"{sheet.replace('/', '-')}-plain.txt", text)


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("sheet", SHEETS)
def test_the_report_on_one_sheet_in_a_terminal(sheet: str, width: int) -> None:
    text = on_console(GradeView(marked(sheet), width=width).blocks(), width)
    golden(GOLDEN / f"{sheet.replace('/', '-')}-{width}.txt", text)


@pytest.mark.parametrize("problem", ["gan", "autoencoder"])
def test_the_worked_solution_as_plain_text(problem: str) -> None:
    loaded = load_problem(ROOT / "problems" / f"{problem}.yaml")
    view = SolveView(solve(loaded), Digits.of(loaded.tolerance), steps=True, width=100)
    text = plain.paint(view.blocks(), 100)
    assert max(map(len, text.splitlines())) <= 100
    golden(GOLDEN / f"solve-{problem}-steps.txt", text)


@pytest.mark.parametrize("width", [80, 120])
def test_the_reference_in_a_terminal(width: int) -> None:
    loaded = load_problem(ROOT / "problems" / "gan.yaml")
    view = SolveView(solve(loaded), Digits.of(loaded.tolerance), width=width)
    golden(GOLDEN / f"solve-gan-{width}.txt", on_console(view.blocks(), width))


def test_the_report_on_a_class() -> None:
    failures = [Failure(str(FIXTURES / "class/ed.yaml"), "line 3: the file holds " + "many words " * 12)]
    blocks = list(class_blocks([marked(sheet) for sheet in SHEETS], failures, "full"))
    golden(GOLDEN / "class-plain.txt", plain.paint(blocks, 100))
    golden(GOLDEN / "class-80.txt", on_console(blocks, 80))
