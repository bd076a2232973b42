"""In every format a file may say for which problem and whose it is; two answers for one name are told in each."""

from __future__ import annotations

import importlib.util
import io
from functools import cache

import numpy as np
import pytest

from hwcheck.errors import SubmissionError
from hwcheck.grading.grade import Grader
from hwcheck.problem.library import find_problem
from hwcheck.problem.load import load_problem
from hwcheck.submissions.read import parse_submission
from tests.submissions.writers import notebook, stream, xlsx

RIGHT, WRONG = "-0.105", "0.25"  # I6 of the problem data-mining, and another number


def npz() -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, problem="data-mining", student="ada", I6=float(RIGHT), I_6=float(WRONG))
    return buffer.getvalue()


def markdown_cell(text: str) -> dict[str, object]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


ABOUT = "problem: data-mining\nstudent: ada\n"
CELLS = [["problem", "data-mining"], ["student", "ada"]]
TEXTS = {
    "a.yaml": f"{ABOUT}answers:\n  I6: {RIGHT}\n  I_6: {WRONG}\n",
    "a.json": f'{{"problem": "data-mining", "student": "ada", "answers": {{"I6": {RIGHT}, "I_6": {WRONG}}}}}',
    "wide.csv": f"problem,data-mining\nstudent,ada\nI6,{RIGHT}\nI_6,{WRONG}\n",
    "long.csv": f"# problem: data-mining\n# student: ada\nname,index,value\nI6,,{RIGHT}\nI_6,,{WRONG}\n",
    "front.md": f"---\n{ABOUT}---\n\n$I_6 = {RIGHT}$\n\n$I_6 = {WRONG}$\n",
    "dots.md": f"---\ntitle: x\nproblem: \"data-mining\"\nstudent: 'ada'\n...\nI6 = {RIGHT}\n\nI6 = {WRONG}\n",
    "comment.md": f"<!-- problem: data-mining -->\n<!-- student: ada -->\n\nI6 = {RIGHT}\n\nI6 = {WRONG}\n",
    "a.tex": f"% problem: data-mining\n% student: ada\n$I_6 = {RIGHT}$\n\n$I_6 = {WRONG}$\n",
    "a.txt": f"{ABOUT}I6 = {RIGHT}\nI6 = {WRONG}\n",
    "comment.py": f"# problem: data-mining\n# student: ada\nI6 = {RIGHT}\nI_6 = {WRONG}\n",
    "named.py": f"problem = 'data-mining'\nstudent = 'ada'\nI6 = {RIGHT}\nI_6 = {WRONG}\n",
    "front.ipynb": notebook(markdown_cell(f"---\n{ABOUT}---\n"), stream(f"I6 = {RIGHT}\n"), stream(f"I_6 = {WRONG}\n")),
    "line.ipynb": notebook(markdown_cell(ABOUT), stream(f"I6 = {RIGHT}\n"), stream(f"I_6 = {WRONG}\n")),
    "wide.xlsx": "",
    "long.xlsx": "",
    "a.npz": "",
}  # fmt: skip


def content(file: str) -> str | bytes:
    if file == "a.npz":
        return npz()
    if file.endswith(".xlsx"):
        if importlib.util.find_spec("openpyxl") is None:
            pytest.skip("openpyxl is not installed")
        if file == "wide.xlsx":
            return xlsx([*CELLS, ["I6", RIGHT], ["I_6", WRONG]])
        return xlsx([*CELLS, ["name", "index", "value"], ["I6", "", RIGHT], ["I_6", "", WRONG]])
    return TEXTS[file]


@cache
def grader(problem: str) -> Grader:
    return Grader(load_problem(find_problem(problem)))


@pytest.mark.parametrize("file", TEXTS)
def test_problem_and_student_are_read(file: str) -> None:
    submission = parse_submission(content(file), file)
    assert (submission.problem, submission.student) == ("data-mining", "ada")
    assert submission.problem_at.file.startswith(file)
    assert submission.problem_at.line in ((0,) if file.endswith((".npz", ".xlsx")) else (1, 2, 3))
    with pytest.raises(SubmissionError, match="this submission is for the problem 'data-mining', not for 'gan'"):
        grader("gan").grade(submission)


@pytest.mark.parametrize("file", TEXTS)
def test_two_answers_for_one_name_are_told(file: str) -> None:
    """The first counts, and both places are told; in a notebook, where a cell is run again, the last, with a note."""
    submission = parse_submission(content(file), file)
    result = grader("data-mining").grade(submission)
    verdict = next(answer.verdict for answer in result.answers if answer.question.name == "I6")
    if file.endswith(".ipynb"):
        assert verdict == "wrong"
        assert any("I_6 stands 2 times in this notebook; the last is read" in str(note) for note in submission.notes)
        assert result.faults == ()
        return
    assert verdict == "right"
    (fault,) = result.faults
    assert "I6 is answered twice, first " in fault.message
    assert "the first answer is marked, delete one of them" in fault.message
    assert fault.location > next(answer.location for answer in submission.answers)
