"""``hwcheck read``: what is understood of a sheet, and nothing that a reference would say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hwcheck.grading.understand import understand
from hwcheck.problem.load import parse_problem
from hwcheck.reports.blocks import Table
from hwcheck.reports.read_view import ReadView
from hwcheck.submissions.read import parse_submission
from tests.support.program import FIXTURES, Program, strict_json

PROBLEM = """\
inputs: {x: [1, 2, 3], A: [[1, 2], [3, 4]]}
weights: {W: [[0.5, 0.25, 2], [1, 0, 4]]}
network:
  h: W @ x
  P: outer(h, x)
  L: sum(h) + sum(A) + sum(P)
loss: L
questions: [h, P, L, "grad(W)", {ask: "grad(h)", answer: formula, using: [x]}]
names: {hidden layer: h}
"""
SHEET = """\
problem: small
student: ada
answers:
  hidden layer: [[7], [_]]
  dL/dW_{12}: 0.5
  P: [7, 14, 21, 5, 10, 15]
  dh: ones(2)
  q: 3
  L: seven
  h_1: 5
  l: 42
"""


@pytest.fixture
def sheet(tmp_path: Path) -> tuple[Path, Path]:
    problem, path = tmp_path / "small.yaml", tmp_path / "ada.yaml"
    problem.write_text(PROBLEM, encoding="utf-8")
    path.write_text(SHEET, encoding="utf-8")
    return problem, path


def test_a_row_for_each_answer(program: Program, sheet: tuple[Path, Path]) -> None:
    problem, path = sheet
    code, out, err = program("read", path, "--problem", problem)
    assert (code, err) == (1, "")
    rows = [line.split() for line in out.splitlines()]
    assert ["4:3", "hidden", "layer", "h", "2x1", "7", "_"] in rows
    assert ["as", "2"] in rows
    assert ["5:3", "dL/dW_{12}", "grad(W)[1,", "2]", "-", "0.5"] in rows
    assert ["7:3", "dh", "grad(h)", "formula", "ones(2)"] in rows
    assert ["8:3", "q", "?", "?", "?"] in rows
    assert ["10:3", "h_1", "h[1]", "-", "5"] in rows
    for told in (
        "4:3 hidden layer: handed in as 2 x 1, read as 2",
        "4:3 hidden layer: 1 of 2 entries left blank",
        "6:3 P: it looks flattened: 6 was handed in, 2 x 3 is asked; write 2 rows of 3",
        "8:3: the problem has no 'q'",
        "9:6: cannot read 'seven'",
        "11:3: L is answered twice, first on line 9, column 3; the first answer is marked, delete one of them",
        "Answered in part: grad(W) (1 of 6 entries).",
        "4 of 8 answers are understood",
    ):
        assert told in out, told


def test_as_json(program: Program, sheet: tuple[Path, Path]) -> None:
    problem, path = sheet
    code, out, _ = program("read", path, "--problem", problem, "--format", "json")
    assert code == 1
    (found,) = strict_json(out)["submissions"]
    assert (found["student"], found["problem"], found["understood"]) == ("ada", "small", False)
    by_name: dict[str, dict[str, Any]] = {answer["name"]: answer for answer in found["answers"]}
    hidden = by_name["hidden layer"]
    assert (hidden["read_as"], hidden["line"], hidden["column"]) == ("h", 4, 3)
    assert (hidden["shape"], hidden["shape_read"], hidden["value"]) == ([2, 1], [2], [7.0, "NaN"])
    entry = by_name["dL/dW_{12}"]
    assert (entry["read_as"], entry["shape"], entry["value"]) == ("grad(W)[1, 2]", [], 0.5)
    assert (by_name["P"]["shape"], by_name["P"]["shape_read"]) == ([6], None)
    assert (by_name["dh"]["read_as"], by_name["dh"]["formula"]) == ("grad(h)", "ones(2)")
    assert by_name["q"]["read_as"] is None
    assert [fault["line"] for fault in by_name["q"]["faults"]] == [8]
    assert by_name["l"]["counts"] is False
    assert found["gaps"] == [{"question": "grad(W)", "answered": 1, "entries": 6}]
    assert [(fault["line"], fault["column"]) for fault in found["faults"]] == [(8, 3), (9, 6), (11, 3)]


def test_values_whole(program: Program) -> None:
    path = FIXTURES / "gan" / "sheet.yaml"
    code, short, _ = program("read", path)
    assert code == 0
    assert "0.134  0.528 ..." in short
    assert "0.106" not in short  # the last entry of C1[0]
    _, whole, _ = program("read", path, "--values")
    assert "0.106" in whole


def test_no_problem_is_named(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "ada.yaml"
    path.write_text("answers:\n  W: [[1, two], [3, 4]]\n  any: outer(x, h)\n  r: [[1], 2]\n", encoding="utf-8")
    code, out, err = program("read", path)
    assert (code, err) == (1, "")
    assert "2:3    W     2x2\n" in out
    assert "3:3    any   -\n" in out
    assert "the list is ragged" in out
    assert "cannot read 'two'" not in out  # it may be one of a formula's names: nothing is known of it
    assert "Say --problem" in out
    path.write_text("answers: {W: [[1, two], [3, 4]]}\n", encoding="utf-8")
    assert program("read", path).code == 0


def test_a_problem_that_is_not_there(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "ada.yaml"
    path.write_text("problem: ../secret\nanswers: {W: 1}\n", encoding="utf-8")
    code, out, err = program("read", path)
    assert (code, err) == (1, "")
    assert "1:10: it names the problem '../secret', which does not come with hwcheck: say --problem FILE" in out
    assert program("read", path, "--problem", "nothing").code == 2


def test_a_sheet_for_another_problem(program: Program) -> None:
    code, out, _ = program("read", FIXTURES / "gan" / "other-problem.yaml", "--problem", "gan")
    assert code == 1
    assert "this submission is for the problem 'autoencoder', and is read here for 'gan'" in out
    assert "h1[0]" in out or "h1" in out


def test_several_files_have_a_table_each_and_a_bad_one_costs_only_itself(program: Program, tmp_path: Path) -> None:
    for name, text in (
        ("a", "problem: gan\nanswers: {M: 1}\n"),
        ("b", "answers: [\n"),
        ("c", "problem: gan\nanswers: {yhat: 1}\n"),
    ):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    code, out, err = program("read", tmp_path)
    assert code == 2
    assert out.index("a, problem gan") < out.index("c, problem gan")
    assert err.startswith(f"error: {tmp_path / 'b.yaml'}:")
    code, out, _ = program("read", tmp_path, "--format", "json")
    assert code == 2
    document = strict_json(out)
    assert [len(document["submissions"]), len(document["not_read"])] == [2, 1]
    (tmp_path / "b.yaml").unlink()
    assert program("read", tmp_path).code == 0


def test_an_empty_template_is_understood(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "ada.yaml"
    path.write_text(program("template", "gan").out, encoding="utf-8")
    code, out, _ = program("read", path)
    assert code == 0
    assert "No answer yet: h0, h1, C1, H2" in out


@pytest.mark.parametrize("format_", ["text", "json"])
@pytest.mark.parametrize("fixture", ["gan/perfect.yaml", "gan/words.yaml", "autoencoder/sheet.yaml"])
def test_no_reference_is_worked_out(
    program: Program, monkeypatch: pytest.MonkeyPatch, fixture: str, format_: str
) -> None:
    from hwcheck import reference
    from hwcheck.grading import grade

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("read must need no reference")

    monkeypatch.setattr(reference, "solve", refuse)
    monkeypatch.setattr(grade, "solve", refuse)
    assert program("read", FIXTURES / fixture, "--format", format_, "--values").code in (0, 1)
    # The same guard does stop what needs one.
    outcome = program("grade", FIXTURES / fixture)
    assert (outcome.code, "a mistake in hwcheck itself" in outcome.err) == (2, True)


def test_what_is_shown_is_what_was_handed_in(program: Program, tmp_path: Path) -> None:
    """A sheet of other numbers: none of the reference's stands in what is printed."""
    path = tmp_path / "ada.yaml"
    path.write_text("problem: gan\nanswers: {M: 5, h0: [9, 9, 9, 9, 9, 9, 9, 9]}\n", encoding="utf-8")
    for format_ in ("text", "json"):
        out = program("read", path, "--format", format_, "--values").out
        assert "11.97" not in out  # m
        assert "0.38" not in out  # h0


def test_nothing_that_a_student_writes_is_obeyed(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "ada.yaml"
    path.write_text('problem: gan\nanswers: {"\\e[2Jname": 1, M: "\\u202etwo"}\n', encoding="utf-8")
    code, out, _ = program("read", path)
    assert code == 1
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "\\x1b[2Jname" in out


def test_what_could_not_be_read_of_a_file_is_told_once(program: Program) -> None:
    file = FIXTURES / "submissions" / "csv" / "long-bad-index.csv"
    code, out, _ = program("read", file, "-p", "data-mining")
    assert code == 1
    assert out.count("cannot read the index 'first'") == 1
    document = strict_json(program("read", file, "-p", "data-mining", "--format", "json").out)
    assert len(document["submissions"][0]["faults"]) == 1


def test_where_nothing_is_answered_nothing_is_counted(program: Program) -> None:
    code, out, _ = program("read", FIXTURES / "submissions" / "hostile" / "npy-code.npy", "-p", "data-mining")
    assert code == 1
    assert "There is no answer in it." in out
    assert "understood." not in out


def test_a_part_of_a_file_is_named_whole(program: Program) -> None:
    out = program("read", FIXTURES / "submissions" / "hostile" / "npz-absolute-names.npz", "-p", "data-mining").out
    places = [line.split()[0] for line in out.splitlines() if "/etc/passwd" in line]
    assert set(places) <= {"npz-absolute-names.npz[/etc/passwd]", "npz-absolute-names.npz[/etc/passwd]:"}
    assert len(places) == 2


@pytest.mark.parametrize(
    ("width", "told"), [(100, "0.12345678  1.2345678"), (50, "0.12345678 ..."), (20, "0.12345678 ...")]
)
def test_the_first_numbers_stand_on_one_line(width: int, told: str) -> None:
    problem = parse_problem(PROBLEM, "small.yaml")
    sheet = "answers:\n  h: [0.12345678, 1.2345678]\n  L: 1\n"
    understood = understand(parse_submission(sheet, "ada.yaml"), problem)
    (table,) = (block for block in ReadView(understood, width=width).blocks() if isinstance(block, Table))
    ((value,), (other,)) = (row[-1] for row in table.rows)
    assert "".join(span.text for span in value) == told
    assert "".join(span.text for span in other) == "1"
