"""``hwcheck lint``: sound files, files with findings, files that are no problems."""

from __future__ import annotations

from pathlib import Path

import pytest

from hwcheck.problem.library import library
from tests.support.program import Program

SOUND = "inputs: {x: [1.5, -2]}\nnetwork: {L: sum(x**2)}\nloss: L\n"
NOT_FINITE = "inputs: {x: [0, -2]}\nnetwork: {L: sum(log(x))}\nloss: L\n"
AT_A_KINK = "inputs: {x: [0, -2]}\nnetwork: {L: sum(relu(x))}\nloss: L\n"
# sum(y) is 1.5; 2 ** 3 ** 400 is infinite in float64, and 1.5 to that power as well.
HUGE = "inputs: {x: [1.5, -1]}\nnetwork: {y: 3 * x, L: sum(y) ** 2 ** 3 ** 400}\nloss: L\n"
DRAWN_LABELS = """
inputs: {Z: {shape: [4, 3]}, t: {shape: [4]}}
network: {L: "cross_entropy(Z, t)"}
loss: L
"""
STATED_LABELS = DRAWN_LABELS.replace("t: {shape: [4]}", "t: [0, 2, 1, 1]")
ZERO_FORMULA = """
inputs: {x: {shape: [4]}}
network: {h: relu(x - 2), L: sum(h)}
loss: L
questions: [{ask: h, answer: formula, using: [x]}]
"""
NO_ZERO_FORMULA = ZERO_FORMULA.replace("x - 2", "x - 0.5")
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
        (HUGE, "L: its reference is not finite: it is inf"),
        (DRAWN_LABELS, "t: it holds class labels, but its numbers are drawn; state its value"),
        (ZERO_FORMULA, "h: its reference is 0 at all of 8 drawn points"),
        (AT_A_KINK, "grad(x): central differences give"),
    ],
)
def test_a_finding_is_told_and_costs_the_exit_code(program: Program, tmp_path: Path, text: str, finding: str) -> None:
    path = written(tmp_path, "found.yaml", text)
    code, out, err = program("lint", path)
    assert (code, err) == (1, "")
    assert f"{path}: {finding}" in out
    assert "sound" not in out


@pytest.mark.parametrize("text", [STATED_LABELS, NO_ZERO_FORMULA])
def test_what_is_stated_or_not_zero_everywhere_is_sound(program: Program, tmp_path: Path, text: str) -> None:
    code, out, err = program("lint", written(tmp_path, "sound.yaml", text))
    assert (code, err) == (0, "")
    assert "sound" in out


def test_a_finding_on_labels_is_told_once(program: Program, tmp_path: Path) -> None:
    text = DRAWN_LABELS.replace("L:", 'M: "nll_loss(Z, t)", L:')
    assert program("lint", written(tmp_path, "labels.yaml", text)).out.count("class labels") == 1


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


RELATIVE = "inputs: {x: [-1.5, 2]}\nnetwork: {h: relu(x), L: sum(h)}\nloss: L\n"


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        (
            "tolerance: {rel: 0.01}\nquestions: [h]\n",
            "5:13: entry [0] of h is 0, where tolerance's rel: 0.01 allows no",
        ),
        ("marking: {credit: {no-such-mistake: 0.5}}\n", "4:20: there is no misconception 'no-such-mistake'"),
    ],
)
def test_what_cannot_be_marked_is_told_at_its_place(program: Program, tmp_path: Path, rest: str, told: str) -> None:
    path = written(tmp_path, "unmarkable.yaml", RELATIVE + rest)
    code, out, err = program("lint", path)
    assert (code, out) == (2, "")
    assert f"{path}:{told}" in err
    sheet = written(tmp_path, "ada.yaml", "answers: {h: [0, 2]}\n")
    code, out, err = program("grade", "--problem", path, sheet)
    assert (code, out) == (2, "")
    assert f"{path}:{told}" in err
