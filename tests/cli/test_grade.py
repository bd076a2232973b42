"""``hwcheck grade``: exit codes, the document for programs, one sheet and many, what each level of feedback tells."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import hwcheck
from hwcheck.submissions.read import readers
from tests.support.program import FIXTURES, Program, start, strict_json

GAN = FIXTURES / "gan"
FORMULAS = FIXTURES / "autoencoder"
FEEDBACK = ("score", "verdict", "hint", "full")


@pytest.mark.parametrize(
    ("sheet", "options", "code"),
    [
        (GAN / "perfect.yaml", [], 0),
        (GAN / "perfect.json", [], 0),
        (FORMULAS / "perfect.yaml", [], 0),
        (GAN / "sheet.yaml", [], 1),
        (GAN / "two-slips.yaml", ["--fail-under", "95.1"], 1),
        (GAN / "two-slips.yaml", ["--fail-under", "95"], 0),  # 38 of 40
        (GAN / "two-slips.yaml", ["--fail-under", "95%"], 0),
        (GAN / "sheet.yaml", ["--fail-under", "0"], 0),
        (GAN / "words.yaml", ["--fail-under", "0"], 2),
        (GAN / "unknown-name.yaml", ["--fail-under", "0"], 2),
        (FORMULAS / "forbidden.yaml", ["--fail-under", "0"], 2),
        (GAN / "reference.json", [], 2),
    ],
)
@pytest.mark.parametrize("format_", ["text", "json"])
def test_the_exit_code_of_one_sheet(program: Program, sheet: Path, options: list[str], code: int, format_: str) -> None:
    assert program("grade", sheet, *options, "--format", format_).code == code


@pytest.mark.parametrize(
    ("sheets", "options", "code"),
    [
        (["sheet.yaml", "two-slips.yaml"], [], 0),  # low scores are no error of a class
        (["sheet.yaml", "two-slips.yaml"], ["--fail-under", "50"], 1),
        (["perfect.yaml", "two-slips.yaml"], ["--fail-under", "50"], 0),
        (["sheet.yaml", "reference.json"], [], 1),
        (["sheet.yaml", "nobody.yaml"], [], 1),
        (["words.yaml", "sheet.yaml"], [], 0),  # graded, with faults in its row
    ],
)
@pytest.mark.parametrize("format_", ["text", "json"])
def test_the_exit_code_of_many(
    program: Program, sheets: list[str], options: list[str], code: int, format_: str
) -> None:
    assert program("grade", *(GAN / sheet for sheet in sheets), *options, "--format", format_).code == code


def test_the_document_for_programs(program: Program) -> None:
    code, out, err = program("grade", GAN / "sheet.yaml", "--format", "json")
    assert (code, err, out.count("\n")) == (1, "", 1)
    document = strict_json(out)
    assert list(document) == ["format", "hwcheck", "problem", "results"]
    assert (document["format"], document["hwcheck"], document["problem"]) == (1, hwcheck.__version__, "gan")
    (result,) = document["results"]
    assert list(result) == [
        *("student", "submission", "problem", "score", "max_score", "first_error", "slips", "needs_review"),
        *("answers", "faults", "not_asked", "notes"),
    ]
    assert {key: result[key] for key in list(result)[:6]} == {
        "student": "the sheet",
        "submission": str(GAN / "sheet.yaml"),
        "problem": "gan",
        "score": 6.88,
        "max_score": 40,
        "first_error": "C1",
    }
    answers = {answer["question"]: answer for answer in result["answers"]}
    assert len(answers) == 22
    assert answers["C1"] == {
        "question": "C1",
        "verdict": "wrong",
        "points": 3.13,
        "max_points": 4,
        "entries": {"right": 25, "carried": 0, "wrong": 2, "missing": 5, "total": 32},
        "review": False,
        "wrong_at": [[0, 1, 0], [0, 1, 1]],
        "carried_at": [],
        "carried_from": [],
        "cause": None,
        "candidates": [],
        "note": "",
        "hints": [],
        "differences": [
            # One unit of its own rounding, and of h1's entries one by the filter's 0.4; by 0.7, 0.4, 0.1, 0.3.
            difference([0, 1, 0], 0.134, expected=0.326, difference=0.192, allowed=0.0014, accepted=[0.3246, 0.3274]),
            difference([0, 1, 1], 0.528, expected=1.108, difference=0.58, allowed=0.0025, accepted=[1.1055, 1.1105]),
        ],
    }


def difference(index: list[int], yours: float, **numbers: Any) -> dict[str, Any]:
    told = {key: near(number) for key, number in numbers.items()}
    return {"index": index, "yours": yours, **told, "own": told["expected"]}


def near(number: Any) -> Any:
    return pytest.approx(number, rel=1e-9)


def test_each_level_tells_what_the_one_below_tells_and_more(program: Program) -> None:
    told: list[dict[str, Any]] = []
    for feedback in FEEDBACK:
        out = program("grade", GAN / "two-slips.yaml", "--format", "json", "--feedback", feedback).out
        (result,) = strict_json(out)["results"]
        told.append(result)
    score, verdict, hint, full = told
    assert set(score) == {"student", "submission", "problem", "score", "max_score"}
    added = {"first_error", "slips", "needs_review", "answers", "faults", "not_asked"}
    assert set(verdict) == {*score, *added}
    assert set(hint) == set(full) == {*verdict, "notes"}
    wrong = [next(a for a in level["answers"] if a["question"] == "H2") for level in told[1:]]
    assert set(wrong[0]) == {"question", "verdict", "points", "max_points", "entries", "review"}
    assert set(wrong[1]) == {
        *(*wrong[0], "wrong_at", "carried_at", "carried_from", "cause", "candidates", "note", "hints")
    }
    assert set(wrong[2]) == {*wrong[1], "differences"}


def test_how_a_sheet_was_read_is_told_and_costs_nothing(program: Program, tmp_path: Path) -> None:
    sheet = tmp_path / "ada.md"
    sheet.write_text("problem: gan\n\nyhat = 1,0\nH2O = [[0.1, 0.2 0.3]]\nb1 = [0.1; 0.2]\n", encoding="utf-8")
    near = "'H2O' was not taken for an answer: the problem has no 'H2O'; did you mean 'H2'"
    code, out, err = program("read", sheet)
    assert near in " ".join(out.split())
    for level, feedback in enumerate(FEEDBACK):
        code, out, err = program("grade", sheet, "--feedback", feedback)
        assert (code, err) == (1, "")
        told = " ".join(out.split())
        assert ("How it was read" in told, near in told, "yhat: 1,0 read as 1.0" in told) == (level > 1,) * 3


def test_each_level_in_the_report(program: Program) -> None:
    texts = [program("grade", GAN / "two-slips.yaml", "--feedback", feedback).out for feedback in FEEDBACK]
    signs = ["Score: 38 of 40", "Verdict", "Yours (* is wrong", "is accepted"]
    for level, text in enumerate(texts):
        assert [sign in text for sign in signs] == [place <= level for place in range(4)]
    classes = [program("grade", GAN / "two-slips.yaml", GAN, "--feedback", feedback).out for feedback in FEEDBACK]
    assert "First error" not in classes[0]
    assert all("First error" in text for text in classes[1:])


def test_a_folder_is_graded_in_order_a_row_each(program: Program) -> None:
    code, out, err = program("grade", GAN)
    assert code == 1
    places = [line.split(": ")[1].removeprefix(str(GAN)) for line in err.splitlines()]
    assert places[:2] == ["/reference.json:2:3", "/reference.json:3:3"]
    assert {"/words.yaml:12:6", "/words.yaml:15:6", "/unknown-name.yaml:9:3"} <= set(places[2:])
    rows = [re.split(" {2,}", line)[:2] for line in out.splitlines()[2:12]]
    assert [file for file, _ in rows] == sorted(file for file, _ in rows)
    assert [student for _, student in rows] == [
        "dora", "hal", "grace", "ada", "the sheet", "emmy", "cleo", "bob", "gus", "finn",
    ]  # fmt: skip
    assert "reference.json  line 2: unknown key 'source' in a submission" in out
    assert "(and 1 more)" in " ".join(out.split())
    assert out.endswith("10 graded, 1 not graded.\n")


def test_a_folder_with_one_sheet_is_a_class(program: Program, tmp_path: Path) -> None:
    shutil.copy(GAN / "sheet.yaml", tmp_path / "ada.YAML")
    code, out, _ = program("grade", tmp_path)
    assert code == 0
    assert "1 graded, 0 not graded." in out


def test_folders_are_searched_below(program: Program, tmp_path: Path) -> None:
    for student in ("ada", "bob"):
        (tmp_path / student).mkdir()
        shutil.copy(GAN / "perfect.yaml", tmp_path / student / "solution.yaml")
    assert "2 graded, 0 not graded." in program("grade", tmp_path).out


def test_a_file_that_is_named_twice_has_one_row(program: Program, tmp_path: Path) -> None:
    for student in ("ada", "bob"):
        shutil.copy(GAN / "perfect.yaml", tmp_path / f"{student}.yaml")
    (tmp_path / "below").mkdir()
    done = program("grade", tmp_path / "bob.yaml", tmp_path, tmp_path / "below" / ".." / "ada.yaml")
    assert "2 graded, 0 not graded." in done.out


def test_in_a_folder_what_cannot_be_read_is_told_and_what_is_hidden_is_not(program: Program, tmp_path: Path) -> None:
    shutil.copy(GAN / "perfect.yaml", tmp_path / "ada.yaml")
    (tmp_path / "bob.pdf").write_bytes(b"%PDF-1.4")
    for hidden in (".ipynb_checkpoints", "__MACOSX"):
        (tmp_path / hidden).mkdir()
        (tmp_path / hidden / "eve.csv").write_text("m,3\n", encoding="utf-8")
    code, out, err = program("grade", tmp_path)
    assert code == 1
    assert "ada" in out
    assert f"{tmp_path / 'bob.pdf'}: the file is a PDF" in err
    assert "eve" not in out + err


def test_a_folder_without_submissions(program: Program, tmp_path: Path) -> None:
    known = ", ".join(sorted(readers()))
    code, out, err = program("grade", tmp_path)
    assert (code, out) == (2, "")
    assert err == f"error: there is no submission in the folder {tmp_path} (files that end in {known})\n"


def test_what_could_not_be_graded_is_in_the_document(program: Program) -> None:
    code, out, err = program("grade", GAN / "sheet.yaml", GAN / "reference.json", "--format", "json")
    assert code == 1
    assert err.startswith(f"error: {GAN / 'reference.json'}:2:3: unknown key 'source' in a submission")
    document = strict_json(out)
    assert [result["student"] for result in document["results"]] == ["the sheet"]
    (failure,) = document["not_graded"]
    assert failure["submission"] == str(GAN / "reference.json")
    assert failure["reason"].startswith("line 2: unknown key 'source' in a submission")


def test_sheets_of_two_problems_in_one_run(program: Program) -> None:
    code, out, _ = program("grade", GAN / "sheet.yaml", FORMULAS / "sheet.yaml", "--format", "json")
    assert code == 0
    document = strict_json(out)
    assert document["problem"] is None
    assert [result["problem"] for result in document["results"]] == ["gan", "autoencoder"]


def test_faults_are_told_with_their_places_and_listed(program: Program) -> None:
    code, out, err = program("grade", GAN / "words.yaml", "--format", "json")
    assert code == 2
    place = GAN / "words.yaml"
    assert err.splitlines() == [
        f"error: {place}:12:6: the list is ragged: row 1 holds 3 numbers, row 0 holds 4 numbers",
        f"error: {place}:15:6: cannot read 'twelve': a number belongs here, not a word",
    ]
    (result,) = strict_json(out)["results"]
    assert [(fault["file"], fault["line"], fault["column"]) for fault in result["faults"]] == [
        (str(place), 12, 6),
        (str(place), 15, 6),
    ]


def test_a_problem_of_ones_own(program: Program, tmp_path: Path) -> None:
    problem, sheet = tmp_path / "mine.yaml", tmp_path / "ada.yaml"
    problem.write_text("inputs: {x: [2, 3]}\nnetwork: {L: sum(x**2)}\nloss: L\n", encoding="utf-8")
    sheet.write_text("answers: {L: 13}\n", encoding="utf-8")
    assert program("grade", "--problem", problem, sheet).code == 0
    sheet.write_text("problem: mine\nanswers: {L: 13}\n", encoding="utf-8")
    assert program("grade", "--problem", problem, sheet).code == 0
    # What a submission says is an id, never a path.
    sheet.write_text(f"problem: {problem}\nanswers: {{L: 13}}\n", encoding="utf-8")
    code, out, err = program("grade", sheet)
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {sheet}:1:10: it names the problem {str(problem)!r}, which does not come with")


@pytest.mark.parametrize("name", ["../gan", "gan.yaml", "/etc/passwd", "__init__"])
def test_a_submission_cannot_name_a_file(program: Program, tmp_path: Path, name: str) -> None:
    sheet = tmp_path / "ada.yaml"
    sheet.write_text(f"problem: {name}\nanswers: {{L: 13}}\n", encoding="utf-8")
    code, out, err = program("grade", sheet)
    assert (code, out) == (2, "")
    assert "does not come with hwcheck" in err


def test_hwcheck_works_from_any_folder(tmp_path: Path) -> None:
    (tmp_path / "gan").mkdir()  # does not hide the problem
    shutil.copy(GAN / "perfect.yaml", tmp_path / "ada.yaml")
    done = start("grade", "ada.yaml", "--problem", "gan", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_empty_path_is_not_this_folder(program: Program) -> None:
    code, out, err = program("grade", "", "--problem", "gan")
    assert (code, out) == (2, "")
    assert "it is empty; name a file or a folder" in err
