"""What hwcheck did not foresee costs the submission it happens with: told as such, the rest graded, exit code 2."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import hwcheck.cli.main
import hwcheck.grading.one_sheet
import hwcheck.grading.sheet
import hwcheck.submissions.read
from tests.support.program import FIXTURES, Program, strict_json

STUDENTS = ("ada", "bob", "cyd", "dan")
PLANTED = (ZeroDivisionError("0.123456"), RecursionError(), MemoryError(), KeyError("0.123456"), UnicodeError("x"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for student in STUDENTS:
        shutil.copy(FIXTURES / "gan" / "perfect.yaml", tmp_path / f"{student}.yaml")
    return tmp_path


# What is called with a submission, and which of its arguments tells whose it is.
PLACES: dict[str, tuple[str, Callable[..., Any]]] = {
    "read": ("hwcheck.submissions.read.parse_submission", lambda _, file: file),
    "sorted": ("hwcheck.grading.grade.sort_answers", lambda _, __, submission: submission.file),
    "marked": ("hwcheck.grading.one_sheet.OneSheet.result", lambda _, submission: submission.file),
}
REAL: dict[str, Callable[..., Any]] = {
    "read": hwcheck.submissions.read.parse_submission,
    "sorted": hwcheck.grading.sheet.sort_answers,
    "marked": hwcheck.grading.one_sheet.OneSheet.result,
}


def plant(monkeypatch: pytest.MonkeyPatch, where: str, error: BaseException, student: str = "bob") -> None:
    """An error that happens with one submission alone, while it is read, when all are marked, or in its result."""
    place, file_of = PLACES[where]

    def planted(*arguments: Any) -> Any:
        if student in file_of(*arguments):
            raise error
        return REAL[where](*arguments)

    monkeypatch.setattr(place, planted)


@pytest.mark.parametrize("error", PLANTED, ids=[type(error).__name__ for error in PLANTED])
@pytest.mark.parametrize("where", ["read", "sorted", "marked"])
def test_it_costs_that_submission_only(
    program: Program, monkeypatch: pytest.MonkeyPatch, folder: Path, where: str, error: Exception
) -> None:
    before = strict_json(program("grade", folder, "--format", "json").out)["results"]
    plant(monkeypatch, where, error)
    code, out, err = program("grade", folder, "--format", "json")
    assert code == 2
    document = strict_json(out)
    assert document["results"] == [row for row in before if "bob" not in row["submission"]]
    (failure,) = document["not_graded"]
    assert failure["submission"] == str(folder / "bob.yaml")
    told = f"a mistake in hwcheck itself ({type(error).__name__} at test_internal_errors.py:"
    assert failure["reason"].startswith(told)
    assert err.startswith(f"error: {folder / 'bob.yaml'}: {told}")
    assert err.endswith("report it to its developers, with what HWCHECK_TRACEBACK=1 shows\n")
    assert len(err.splitlines()) == 1
    assert "0.123456" not in out + err  # what an error says may be a number that nobody may see
    code, out, _ = program("grade", folder)
    assert code == 2
    assert out.endswith("3 graded, 1 not graded.\n")
    assert "Traceback" not in out


def test_alone_it_is_all_that_is_told(program: Program, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    plant(monkeypatch, "marked", ZeroDivisionError("0.123456"))
    code, out, err = program("grade", folder / "bob.yaml")
    assert (code, out) == (2, "")
    assert err.startswith("error: a mistake in hwcheck itself (ZeroDivisionError at test_internal_errors.py:")


def test_all_of_it_is_shown_to_those_who_ask(program: Program, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    plant(monkeypatch, "read", ZeroDivisionError("planted"))
    monkeypatch.setenv("HWCHECK_TRACEBACK", "1")
    for command in ("grade", "read"):
        with pytest.raises(ZeroDivisionError, match="planted"):
            hwcheck.cli.main.main([command, str(folder)])


def test_what_is_read_of_others_is_shown(program: Program, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    plant(monkeypatch, "read", ZeroDivisionError("0.123456"))
    code, out, err = program("read", folder, "--format", "json")
    assert code == 2
    document = strict_json(out)
    assert len(document["submissions"]) == 3
    assert [row["submission"] for row in document["not_read"]] == [str(folder / "bob.yaml")]
    assert err.startswith(f"error: {folder / 'bob.yaml'}: a mistake in hwcheck itself (ZeroDivisionError at ")


def test_an_interruption_ends_the_run(program: Program, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """It is no error of one submission."""
    plant(monkeypatch, "read", KeyboardInterrupt(), "cyd")
    for command in ("grade", "read"):
        code, _, err = program(command, folder)
        assert (code, err.strip()) == (130, "interrupted")
