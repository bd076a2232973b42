"""``hwcheck lint``: sound files, files with findings, files that are no problems."""

from __future__ import annotations

from pathlib import Path

import pytest

from hwcheck.problem.library import library
from tests.support.program import Program, strict_json

SOUND = "inputs: {x: [1.5, -2]}\nnetwork: {L: sum(x**2)}\nloss: L\n"
# A forgotten bias cannot show; and 3 * x + b is right for 3 * x - b.
ZERO_BIAS = """
inputs: {x: [1.5, -2]}
weights: {b: [0, 0]}
network: {y: 3 * x + b, L: sum(y**2)}
loss: L
"""
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
    assert sum("agree with central differences" in line for line in out.splitlines()) == len(library())
    findings = [line for line in out.splitlines() if "agree with central differences" not in line]
    assert all(line.startswith("  ") and len(line) <= 80 for line in findings)
    assert all(line.startswith(("  warning: ", "    ")) for line in findings)


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


# What the numbers cannot show


def test_a_warning_is_told_below_the_file_and_costs_nothing_unless_strict(program: Program, tmp_path: Path) -> None:
    path = written(tmp_path, "bias.yaml", ZERO_BIAS)
    told = "in y: all 2 entries of b are 0; give b numbers other than 0"
    code, out, err = program("lint", path)
    assert (code, err) == (0, "")
    assert out.startswith(f"{path}: sound; ")
    assert "\n  warning: cannot show bias-left-out" in out
    assert told in " ".join(out.split())
    code, out, err = program("lint", "--strict", path)
    assert (code, err) == (1, "")
    assert "  error: cannot show" in out
    assert "warning: " not in out


def test_strict_has_nothing_against_a_problem_without_warnings(program: Program, tmp_path: Path) -> None:
    assert program("lint", "--strict", written(tmp_path, "sound.yaml", SOUND)).code == 0


@pytest.mark.parametrize("option", ["-v", "--verbose"])
def test_notes_are_told_only_when_they_are_wanted(program: Program, option: str) -> None:
    assert "note: " not in program("lint", "gan").out
    out = program("lint", "gan", option).out
    assert "  note: " in out
    assert "lead to the same wrong" in out
    assert "and 8 more" not in out  # everything is named
    assert "and 8 more" in program("lint", "gan").out


def test_the_report_on_the_first_gan(program: Program) -> None:
    text = " ".join(program("lint", "gan").out.split())
    assert "warning: L, grad(W2), grad(b2), grad(H2) and 8 more: all 221 entries are within 4.1e-05 of 0" in text
    assert "relu-mask-left-out" in text
    assert "all 8 entries of W0 @ z + b0 are positive; choose numbers that take some to the other side of 0" in text
    assert "warning: yhat: it is 1 when rounded (0.999994)" in text


def test_json_has_every_finding(program: Program, tmp_path: Path) -> None:
    path = written(tmp_path, "bias.yaml", ZERO_BIAS)
    code, out, err = program("lint", "--format", "json", path)
    assert (code, err) == (0, "")
    document = strict_json(out)
    assert document["format"] == 1
    (problem,) = document["problems"]
    assert (problem["problem"], problem["file"], problem["gradients"]) == ("bias", str(path), 4)  # x, b, y, L
    assert (problem["entries"], problem["faults"]) == (7, [])
    (found,) = [finding for finding in problem["findings"] if finding["misconception"] == "bias-left-out"]
    assert found == {
        "severity": "warning",
        "quantity": "y",
        "kind": "hidden-zeros",
        "message": "all 2 entries of b are 0",
        "advice": "give b numbers other than 0",
        "misconception": "bias-left-out",
        "steps": ["y"],
    }
    assert {finding["severity"] for finding in problem["findings"]} == {"warning", "note"}


def test_json_of_a_file_that_is_no_problem_and_of_one_that_is_unsound(program: Program, tmp_path: Path) -> None:
    bad, unsound = written(tmp_path, "bad.yaml", NO_LOSS), written(tmp_path, "unsound.yaml", NOT_FINITE)
    code, out, err = program("lint", "--format", "json", bad, unsound)
    assert code == 2
    assert err.startswith(f"error: {bad}:3:7: ")
    first, second = strict_json(out)["problems"]
    assert (first["problem"], first["findings"]) == (None, [])
    assert [(fault["line"], fault["column"]) for fault in first["faults"]] == [(3, 7)]
    assert (second["problem"], second["faults"]) == ("unsound", [])
    assert {finding["severity"] for finding in second["findings"]} == {"error"}
