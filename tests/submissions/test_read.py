"""From a file to a submission: formats, places, the student's name, and what is no submission."""

from __future__ import annotations

from pathlib import Path

import pytest

from hwcheck import read_submission
from hwcheck.errors import InputError, Location, SubmissionError
from hwcheck.limits import ANSWERS
from hwcheck.located import List, Scalar
from hwcheck.submissions.read import parse_submission, readers
from tests.support.program import FIXTURES

KNOWN = ", ".join(sorted(readers()))
YAML = "problem: gan\nstudent: ada\nanswers:\n  m: 1.50\n  h0: [1, 2]\n"
JSON = '{"problem": "gan", "student": "ada", "answers": {\n"m": 1.50,\n"h0": [1, 2]}}'


@pytest.mark.parametrize(("text", "file", "places"), [(YAML, "a.yaml", (4, 5)), (JSON, "a.json", (2, 3))])
def test_both_formats_give_one_submission(text: str, file: str, places: tuple[int, int]) -> None:
    submission = parse_submission(text, file)
    assert (submission.file, submission.student, submission.problem) == (file, "ada", "gan")
    first, second = submission.answers
    assert (first.name, second.name) == ("m", "h0")
    assert isinstance(first.value, Scalar)
    assert first.value.text == "1.50"  # as written: digits count
    assert isinstance(second.value, List)
    assert (first.location.line, second.location.line) == places
    assert submission.problem_at == Location(file, 1, 10 if file.endswith("yaml") else 13)


def test_the_fixtures_say_the_same_in_both_formats() -> None:
    one, other = (read_submission(FIXTURES / "gan" / f"perfect.{suffix}") for suffix in ("yaml", "json"))
    assert len(one.answers) == len(other.answers) == 22
    assert (one.problem, one.student, other.student) == ("gan", "ada", "grace")


@pytest.mark.parametrize("student", ["", "student: _\n", "student:\n", "student: ''\n", "student: '?'\n"])
def test_without_a_name_the_file_names_the_student(student: str) -> None:
    assert parse_submission(f"{student}answers: {{m: 1}}", "class/bob.yml").student == "bob"


@pytest.mark.parametrize("answers", ["answers:\n", "answers: {}\n", "answers: ''\n"])
def test_no_answers_yet(answers: str) -> None:
    assert parse_submission(f"problem: gan\n{answers}", "ada.yaml").answers == ()


@pytest.mark.parametrize(("text", "student"), [("007", "007"), ("no", "no"), ("1e3", "1e3"), ("12:30", "12:30")])
def test_a_name_stays_as_it_is_written(text: str, student: str) -> None:
    assert parse_submission(f"student: {text}\nanswers: {{}}", "ada.yaml").student == student


@pytest.mark.parametrize(
    ("text", "file", "faults"),
    [
        ("", "ada.yaml", ["ada.yaml: the file is empty; 'hwcheck template PROBLEM' prints one to fill in"]),
        ("[1]", "ada.json", ["ada.json:1:1: a submission is a mapping (answers: ...), not a list"]),
        ("word", "ada.yaml", ["ada.yaml:1:1: a submission is a mapping (answers: ...), not the text 'word'"]),
        (
            "problem: [gan]\nstudent: {a: b}\nanswer: 1\n",
            "ada.yaml",
            [
                "ada.yaml:1:10: problem must be a name, not a list",
                "ada.yaml:2:10: student must be a name, not a mapping",
                "ada.yaml:3:1: unknown key 'answer' in a submission; did you mean 'answers'?",
            ],
        ),
        (
            "answer: {m: 3}",
            "ada.yaml",
            ["ada.yaml:1:1: unknown key 'answer' in a submission; did you mean 'answers'?"],
        ),
        (
            "studnt: ada",
            "ada.yaml",
            [
                "ada.yaml:1:1: a submission needs 'answers': the names of quantities with their values",
                "ada.yaml:1:1: unknown key 'studnt' in a submission; did you mean 'student'?",
            ],
        ),
        (
            "h: {m: 3}",
            "ada.yaml",
            ["ada.yaml:1:1: unknown key 'h' in a submission; answers stand below 'answers:', further in"],
        ),
        (
            "student: ada",
            "ada.yaml",
            ["ada.yaml:1:1: a submission needs 'answers': the names of quantities with their values"],
        ),
        ("answers: 5", "ada.yaml", ["ada.yaml:1:10: answers must be a mapping (h0: ...), not the text '5'"]),
        ("x", "ada.docx", [f"ada.docx: files that end in '.docx' are not read; known are {KNOWN}"]),
        ("x", "ada.odd", [f"ada.odd: files that end in '.odd' are not read; known are {KNOWN}"]),
    ],
)
def test_what_is_no_submission(text: str, file: str, faults: list[str]) -> None:
    with pytest.raises(SubmissionError) as caught:
        parse_submission(text, file)
    assert [str(fault) for fault in caught.value.faults] == faults


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "ada.yaml").touch()
    with pytest.raises(SubmissionError, match=r"does not exist; did you mean 'ada\.yaml'"):
        read_submission(tmp_path / "adda.yaml")


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """A student's link could lead to the teacher's own files."""
    (tmp_path / "ada.yaml").symlink_to(FIXTURES / "gan" / "perfect.yaml")
    with pytest.raises(InputError, match="links are not followed"):
        read_submission(tmp_path / "ada.yaml")


def test_too_much_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "ada.yaml").write_text("answers: {m: 1}\n" + "#" * 2_000_001, encoding="utf-8")
    with pytest.raises(SubmissionError, match="at most 2,000,000 are read"):
        read_submission(tmp_path / "ada.yaml")


def test_too_many_answers_are_not_read() -> None:
    text = "".join(f"  x{i}: 1\n" for i in range(ANSWERS))
    assert len(parse_submission(f"answers:\n{text}", "ada.yaml").answers) == ANSWERS
    with pytest.raises(SubmissionError, match=r"ada\.yaml:2:3: 5,001 answers stand here; at most 5,000 are read"):
        parse_submission(f"answers:\n{text}  y: 1\n", "ada.yaml")


def test_every_reader_has_its_own_endings() -> None:
    endings = {
        ".json": "json", ".yaml": "yaml", ".yml": "yaml", ".csv": "csv", ".tsv": "csv", ".npz": "npz", ".npy": "npz",
        ".ipynb": "notebook", ".py": "python", ".xlsx": "xlsx", ".xlsm": "xlsx",
    }  # fmt: skip
    assert endings.items() <= {suffix: reader.name for suffix, reader in readers().items()}.items()
    assert all((reader.read is None) != (reader.read_data is None) for reader in readers().values())
