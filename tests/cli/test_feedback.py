"""Below full feedback nothing that derives from a reference value is told, in any format, on any stream."""

from __future__ import annotations

import io
import random
import re
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from hwcheck import grade, load_problem, read_submission, solve
from hwcheck.problem.library import find_problem
from hwcheck.problem.model import Problem
from hwcheck.reports.grade_view import GradeView
from hwcheck.reports.terminal import paint
from tests.support.program import Program

# Every reference value has its own random digits: a canary. Each kind of tolerance is used, and each verdict occurs.
PROBLEM = """
inputs: {{x: {x}}}
weights:
  W: {W}
  b: {b}
network:
  y: W @ x + b
  s: sigmoid(y)
  L: sum(s**2)
loss: L
tolerance: {{rel: 0.001234567}}
questions:
  - {{ask: y, points: 3}}
  - {{ask: s, points: 3}}
  - {{ask: L, points: 1}}
  - {{ask: grad(W), points: 3}}
  - {{ask: grad(b), points: 3}}
  - {{ask: grad(x), points: 3}}
  - {{ask: grad(y), answer: formula, using: [s]}}
"""
SUBMISSION = """
student: ada
answers:
  y: [1.5, -2.5, 0.25]
  s: [[0.5, 0.5], [0.5, 0.5]]
  L: twelve
  grad(W): [[1, 2, 3, 4], [_, 6, 7, 8], [9, 1, 2, 3]]
  grad(b): [[1, 2], [3]]
  grad(y): 3*s*(1 - s)
  grad(q): 7
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    generator = random.Random(11)  # noqa: S311  no secret depends on it

    def numbers(count: int) -> list[float]:
        return [generator.uniform(-3, 3) for _ in range(count)]

    problem, sheet = tmp_path / "canary.yaml", tmp_path / "ada.yaml"
    problem.write_text(PROBLEM.format(x=numbers(4), W=[numbers(4) for _ in range(3)], b=numbers(3)), encoding="utf-8")
    sheet.write_text(SUBMISSION, encoding="utf-8")
    return problem, sheet


def canaries(problem: Problem, digits: int = 6) -> set[str]:
    """The first digits of every reference value, and of what is allowed around it."""
    reference = solve(problem)
    values = np.concatenate([reference[name].reshape(-1) for name in problem.all_quantities()])
    values = np.concatenate([values, 0.001234567 * values])
    return {f"{abs(value):.15e}".replace(".", "")[:digits] for value in values if value not in (0, 1)}


def told(text: str, problem: Problem, digits: int = 6) -> set[str]:
    """The canaries in a text, however the decimal point stands in them."""
    runs = [run.replace(".", "").lstrip("0") for run in re.findall(r"\d[\d.]*", text)]
    return {canary for canary in canaries(problem, digits) if any(run.startswith(canary) for run in runs)}


@pytest.mark.parametrize("format_", ["text", "json"])
@pytest.mark.parametrize("feedback", ["score", "verdict", "hint"])
def test_nothing_is_told(program: Program, files: tuple[Path, Path], format_: str, feedback: str) -> None:
    problem, sheet = files
    for sheets in ([sheet], [sheet.parent / "ada.yaml", sheet]):
        _, out, err = program("grade", "--problem", problem, "--feedback", feedback, "--format", format_, *sheets)
        assert "ada" in out
        assert told(out + err, load_problem(problem)) == set()


@pytest.mark.parametrize("feedback", ["score", "verdict", "hint"])
def test_nothing_is_told_in_a_terminal(files: tuple[Path, Path], feedback: str) -> None:
    problem = load_problem(files[0])
    console = Console(width=120, file=io.StringIO(), record=True)
    paint(GradeView(grade(problem, read_submission(files[1])), feedback).blocks(), console)
    text = console.export_text()
    assert "ada" in text
    assert told(text, problem) == set()


def test_the_canaries_sing_at_full_feedback(program: Program, files: tuple[Path, Path]) -> None:
    """The test above can fail: at full feedback it would."""
    problem, sheet = files
    loaded = load_problem(problem)
    assert len(canaries(loaded)) > 60
    # 3 wrong entries of y and 5 of grad(W) are shown: in a text to the digits that the bound has, which may round up.
    assert len(told(program("grade", "--problem", problem, sheet, "--format", "json").out, loaded)) >= 8
    assert len(told(program("grade", "--problem", problem, sheet).out, loaded, digits=4)) >= 6


def test_every_kind_of_trouble_is_in_the_sheet(files: tuple[Path, Path]) -> None:
    result = grade(load_problem(files[0]), read_submission(files[1]))
    verdicts = {answer.question.name: answer.verdict for answer in result.answers}
    assert verdicts == {
        "y": "wrong",
        "s": "wrong shape",
        "L": "unreadable",
        "grad(W)": "wrong",
        "grad(b)": "unreadable",
        "grad(x)": "missing",
        "grad(y)": "wrong",
    }


@pytest.mark.parametrize("feedback", ["score", "verdict", "hint"])
@pytest.mark.parametrize("format_", ["text", "json"])
def test_where_it_is_off_nothing_below_full_tells_that_a_number_is_near(
    feedback: str, format_: str, tmp_path: Path, program: Program
) -> None:
    """What is told of a number one digit off is what is told of any other wrong one, the number itself left out."""
    problem = tmp_path / "gan.yaml"
    problem.write_text(f"{find_problem('gan').read_text(encoding='utf-8')}\nmarking: {{misread: off}}\n", "utf-8")
    sheet = tmp_path / "ada.md"
    told = {}
    for number in ("17.9786", "23.4142"):  # 11.9786 is right
        sheet.write_text(f"$m = {number}$\n", encoding="utf-8")
        ended = program("grade", sheet, "-p", problem, "--feedback", feedback, "--format", format_)
        told[number] = (ended.code, ended.out.replace(number, "NUMBER"), ended.err)
    assert told["17.9786"] == told["23.4142"]
    assert told["17.9786"][0] == 1
