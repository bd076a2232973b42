"""Input that is no input: one clear located error each, exit code 2, nothing on standard output, no traceback."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from hwcheck.cli.main import COMMANDS
from tests.support.program import FIXTURES, Program

PROBLEM = """\
title: Small
inputs: {x: [1, 2, 3]}
weights:
  W: {shape: [2, 3], value: [[1, 2, 3], [4, 5, 6]]}
network:
  y: relu(W @ x)
  L: sum(y)
loss: L
"""

# What is wrong, how the file above is changed, where the error must point and what it must say.
PROBLEMS = [
    ("broken YAML", "loss: L", "loss: [L", "8:", ""),
    ("a tab for indentation", "  y: relu", "\ty: relu", "6:1", "tab"),
    ("a key twice", "loss: L", "loss: L\nloss: L", "9:1", "loss"),
    ("a name twice", "  L: sum(y)", "  y: sum(y)", "7:3", "y"),
    ("a list for a mapping", "inputs: {x: [1, 2, 3]}", "inputs: [1, 2, 3]", "2:9", "inputs must be a mapping"),
    ("an unknown op", "relu(W @ x)", "rellu(W @ x)", "6:6", "did you mean 'relu' or 'relu6'?"),
    ("an unknown key", "loss: L", "los: L", "8:1", "did you mean 'loss'?"),
    ("sizes that clash", "W @ x", "x @ W", "6:11", "axis"),
    ("a name that is not there", "relu(W @ x)", "relu(V @ x)", "6:11", "'V'"),
    ("two lines that need each other", "relu(W @ x)", "relu(W @ x) + L", "6:20", "L"),
    ("a line that needs itself", "relu(W @ x)", "relu(W @ y)", "6:15", "y"),
    ("a loss that is no number", "L: sum(y)", "L: y", "8:7", "single number"),
    ("no number among the weights", "[4, 5, 6]]", "[4, nan, 6]]", "4:45", "finite"),
    ("infinity among the weights", "[4, 5, 6]]", "[4, .inf, 6]]", "4:45", "finite"),
    ("a ragged array", "[4, 5, 6]]", "[4, 5]]", "4:41", "ragged"),
    ("a word for a number", "[4, 5, 6]]", "[4, five, 6]]", "4:45", "five"),
    ("a stated shape that is not the value's", "shape: [2, 3]", "shape: [3, 2]", "4:", "3"),
]


@pytest.mark.parametrize(
    ("old", "new", "place", "words"), [case[1:] for case in PROBLEMS], ids=[c[0] for c in PROBLEMS]
)
def test_a_bad_problem(program: Program, tmp_path: Path, old: str, new: str, place: str, words: str) -> None:
    assert PROBLEM.count(old) == 1
    path = tmp_path / "small.yaml"
    path.write_text(PROBLEM.replace(old, new), encoding="utf-8")
    for command in ("solve", "template", "lint"):
        code, out, err = program(command, path)
        assert (code, out) == (2, "")
        assert len(err.splitlines()) == 1, err
        assert err.startswith(f"error: {path}:{place}"), err
        assert words in err
        assert "Traceback" not in err


def test_the_problem_itself_is_sound(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(PROBLEM, encoding="utf-8")
    assert program("lint", path).code == 0


def test_all_faults_of_a_problem_are_told_at_once(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(PROBLEM.replace("relu(W @ x)", "rellu(W @ x)").replace("4, 5, 6", "4, five, 6"), encoding="utf-8")
    code, out, err = program("solve", path)
    assert (code, out) == (2, "")
    assert [line.split(": ")[1].removeprefix(f"{path}:") for line in err.splitlines()] == ["4:45", "6:6"]


ANSWERS = "problem: gan\nanswers:\n  m: 11.979\n"
SUBMISSIONS = [
    ("an empty file", "", "", "the file is empty"),
    ("a comment alone", "# nothing\n", "", "the file is empty"),
    ("broken YAML", "answers: {m: [1, 2}\n", "1:19", ""),
    ("a key twice", ANSWERS + "  m: 12\n", "4:3", "'m'"),
    ("a list for a mapping", "- 11.979\n", "1:1", "a submission is a mapping (answers: ...), not a list"),
    ("a list of answers", "problem: gan\nanswers: [1, 2]\n", "2:10", "answers must be a mapping"),
    ("no answers", "problem: gan\n", "1:1", "a submission needs 'answers'"),
    ("a mapping outside", "problem: gan\nm: {a: 11.979}\n", "2:1", "answers stand below 'answers:'"),
    ("a misspelt key", "problm: gan\nanswers: {m: 1}\n", "1:1", "did you mean 'problem'?"),
    ("a student that is a list", "problem: gan\nstudent: [a]\nanswers: {m: 1}\n", "2:10", "student must be a name"),
    ("no problem", "answers: {m: 1}\n", "", "which problem is it for? Say --problem"),
    ("an unknown problem", "problem: gam\nanswers: {m: 1}\n", "1:10", "the problem 'gam'"),
]


@pytest.mark.parametrize(
    ("text", "place", "words"), [case[1:] for case in SUBMISSIONS], ids=[c[0] for c in SUBMISSIONS]
)
@pytest.mark.parametrize("format_", ["text", "json"])
def test_a_bad_submission(program: Program, tmp_path: Path, text: str, place: str, words: str, format_: str) -> None:
    path = tmp_path / "ada.yaml"
    path.write_text(text, encoding="utf-8")
    code, out, err = program("grade", path, "--format", format_)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1, err
    assert err.startswith(f"error: {path}:{place}" if place else f"error: {path}: "), err
    assert words in err


# What costs one answer only: the rest is marked, the fault is told, the exit code is 2.
ANSWER_FAULTS = [
    ("an unknown name", "mm: 1", "4:3", "the problem has no 'mm'; did you mean 'm'?"),
    ("a ragged array", "h0: [[1, 2], [3]]", "4:16", "the list is ragged: row 1 holds 1 number, row 0 holds 2 numbers"),
    ("a word for a number", "yhat: nearly one", "4:16", "cannot read 'nearly one'"),
    ("a comma with two readings", "yhat: 1,234", "4:9", "'1,234' is 1.234 or 1234"),
    ("no number", "yhat: nan", "4:9", "nan is no number"),
    ("a mapping for a number", "yhat: {a: 1}", "4:9", "numbers belong here, not a mapping"),
    ("an empty list", "h0: []", "4:7", "the list is empty"),
    ("an index out of range", "h1[2]: [[1, 2], [3, 4]]", "4:3", "the index of 'h1[2]'"),
    ("an answer twice", "M: 12", "4:3", "m is answered twice, first on line 3, column 3; the first answer is marked"),
    ("code", "yhat: __import__('os').getcwd()", "4:9", "cannot read"),
    ("a number that takes for ever", "yhat: 9**9**9**9", "4:9", "has no finite value"),
    ("a number beyond all numbers", "yhat: 1e999", "4:9", "has no finite value"),
    ("a division by zero", "yhat: 1/0", "4:9", "has no finite value"),
]


@pytest.mark.parametrize(("line", "place", "words"), [c[1:] for c in ANSWER_FAULTS], ids=[c[0] for c in ANSWER_FAULTS])
def test_a_fault_costs_its_answer_only(program: Program, tmp_path: Path, line: str, place: str, words: str) -> None:
    path = tmp_path / "ada.yaml"
    path.write_text(f"{ANSWERS}  {line}\n", encoding="utf-8")
    code, out, err = program("grade", path)
    assert code == 2
    assert len(err.splitlines()) == 1, err
    assert err.startswith(f"error: {path}:{place}: "), err
    assert words in err
    assert "Score: 1 of 40 points" in out


@pytest.mark.parametrize("command", ["solve", "grade", "template", "lint"])
def test_what_is_no_file(program: Program, tmp_path: Path, command: str) -> None:
    assert command in COMMANDS
    missing, empty, folder = tmp_path / "nobody.yaml", tmp_path / "empty.yaml", tmp_path / "folder.yaml"
    empty.touch()
    folder.mkdir()
    cases = [(missing, "does not exist"), (empty, "the file is empty")]
    for path, words in [*cases, (folder, "no submission in the folder" if command == "grade" else "is a folder")]:
        code, out, err = program(command, path)
        assert (code, out) == (2, "")
        assert len(err.splitlines()) == 1
        assert words in err
        assert str(path) in err


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs permissions that bind")
def test_a_file_that_may_not_be_read(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "ada.yaml"
    path.touch(mode=0o000)
    assert "permission denied" in program("grade", path).err


def test_a_submission_for_another_problem(program: Program) -> None:
    path = FIXTURES / "gan" / "other-problem.yaml"
    code, out, err = program("grade", "--problem", "gan", path)
    assert (code, out) == (2, "")
    assert err == f"error: {path}:6:10: this submission is for the problem 'autoencoder', not for 'gan'\n"


def test_a_bad_problem_stops_before_anything_is_graded(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(PROBLEM.replace("relu", "rellu"), encoding="utf-8")
    code, out, err = program("grade", "--problem", path, FIXTURES / "gan" / "sheet.yaml", FIXTURES / "gan")
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {path}:6:6: ")
