"""``hwcheck template``: what it prints can be graded as it is, and says all that a student needs to fill it in."""

from __future__ import annotations

from pathlib import Path

import pytest

from hwcheck import load_problem, read_submission
from hwcheck.problem.library import library
from hwcheck.submissions.arrays import Cells, read_cells
from tests.support.program import Program


@pytest.mark.parametrize("problem", list(library()))
def test_a_template_has_a_blank_for_every_entry_of_every_question(
    program: Program, tmp_path: Path, problem: str
) -> None:
    code, out, err = program("template", problem)
    assert (code, err) == (0, "")
    path = tmp_path / "empty.yaml"
    path.write_text(out, encoding="utf-8")
    submission = read_submission(path)
    assert (submission.student, submission.problem) == ("empty", problem)
    questions = load_problem(library()[problem]).questions
    assert [answer.name for answer in submission.answers] == [question.name for question in questions]
    for answer, question in zip(submission.answers, questions, strict=True):
        cells = read_cells(answer.value)
        assert isinstance(cells, Cells)
        assert cells.blank.all()
        assert cells.shape == (() if question.answer == "formula" else question.shape)


def test_an_empty_template_is_graded_as_missing(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "empty.yaml"
    path.write_text(program("template", "gan").out, encoding="utf-8")
    code, out, err = program("grade", path)
    assert (code, err) == (1, "")
    assert out.count(" missing ") == 22
    assert "Score: 0 of 40 points (0 %)." in out


def test_the_digits_the_points_and_what_formulas_may_hold_are_told(program: Program) -> None:
    numbers, formulas = program("template", "gan").out, program("template", "autoencoder").out
    assert "# Work to 3 decimals." in numbers
    assert "  # 2 x 4 x 4; 4 points\n  C1:\n" in numbers
    assert "  # a formula in x, xhat, h; 2 points\n  grad(W2): _\n" in formulas


def test_lines_stay_short(program: Program) -> None:
    for problem in library():
        assert max(map(len, program("template", problem).out.splitlines())) <= 100


def test_a_template_of_nothing(program: Program) -> None:
    code, out, err = program("template", "gam")
    assert (code, out) == (2, "")
    assert err == "error: there is no problem 'gam'; did you mean 'gan'?\n"
