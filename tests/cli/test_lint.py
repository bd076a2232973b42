"""``hwcheck lint``: sound files, files with findings, files that are no problems."""

from __future__ import annotations

from pathlib import Path

import pytest

from hwcheck.problem.library import library
from tests.support.program import Program

SOUND = "inputs: {x: [1.5, -2]}\nnetwork: {L: sum(x**2)}\nloss: L\n"
NOT_FINITE = "inputs: {x: [0, -2]}\nnetwork: {L: sum(log(x))}\nloss: L\n"
AT_A_KINK = "inputs: {x: [0, -2]}\nnetwork: {L: sum(relu(x))}\nloss: L\n"
NO_LOSS = "inputs: {x: [1.5, -2]}\nnetwork: {L: x**2}\nloss: L\n"


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_problems_that_come_with_hwcheck_are_sound(program: Program) -> None:
    code, out, err = program("lint", *library())
    assert (code, err) == (0, "")
    assert len(out.splitlines()) == len(library())
    assert all("agree with central differences" in line for line in out.splitlines())


def test_what_was_checked_is_told(program: Program, tmp_path: Path) -> None:
    path = written(tmp_path, "sound.yaml", SOUND)
    # x and L have gradients: 2 and 1 entries; the only network line is the only question.
    checked = "2 gradients (3 entries) agree with central differences"
    assert program("lint", path) == (0, f"{path}: sound; 1 question, {checked}\n", "")


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (NOT_FINITE, "L: its reference is not finite: it is nan"),
        (AT_A_KINK, "grad(x): central differences give"),
    ],
)
def test_a_finding_is_told_and_costs_the_exit_code(program: Program, tmp_path: Path, text: str, finding: str) -> None:
    path = written(tmp_path, "found.yaml", text)
    code, out, err = program("lint", path)
    assert (code, err) == (1, "")
    assert f"{path}: {finding}" in out
    assert "sound" not in out


def test_a_file_that_is_no_problem_stops_nobody_else(program: Program, tmp_path: Path) -> None:
    bad, good = written(tmp_path, "bad.yaml", NO_LOSS), written(tmp_path, "good.yaml", SOUND)
    code, out, err = program("lint", bad, good)
    assert code == 2
    assert out.startswith(f"{good}: sound;")
    assert err.startswith(f"error: {bad}:3:7: the loss must be a single number")


def test_the_worst_of_many_decides(program: Program, tmp_path: Path) -> None:
    files = [
        written(tmp_path, name, text) for name, text in [("1.yaml", NO_LOSS), ("2.yaml", NOT_FINITE), ("3.yaml", SOUND)]
    ]
    assert program("lint", *files).code == 2
    assert program("lint", *files[1:]).code == 1
    assert program("lint", *files[2:]).code == 0
