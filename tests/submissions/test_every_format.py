"""One thing said in every format: the problem and the student, numbers with two readings, step tables, near names."""

from __future__ import annotations

import json
from functools import cache

import pytest

from hwcheck.grading.grade import Grader
from hwcheck.grading.understand import Understood, understand
from hwcheck.limits import ANSWERS
from hwcheck.located import Scalar
from hwcheck.problem.load import parse_problem
from hwcheck.problem.model import Problem
from hwcheck.submissions.names import Names
from hwcheck.submissions.read import parse_submission
from tests.submissions.test_printers import cell, notebook

PROBLEM = """
title: names
inputs: {x: [0.5, 0.25, 0.125]}
weights: {W: [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]], c: 2}
network:
  m: W @ x
  r: c * sum(m)
  L: r ** 2
  W_new: W - 0.5 * grad(W)
  k[1]: c * 1
  k[2]: k[1] * c
  k[3]: k[2] * c
loss: L
questions: [m, r, L, W_new, "k[1]", "k[2]", "k[3]", grad(W)]
"""
W = "[[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]"


@cache
def problem() -> Problem:
    return parse_problem(PROBLEM, "names.yaml")


def read(text: str, file: str) -> Understood:
    return understand(parse_submission(text, file), problem(), Names(problem()))


def values(text: str, file: str = "a.md") -> dict[str, object]:
    """What each answer is read as."""
    names = Names(problem())
    return {
        names.told(reading.part): None if reading.values is None else reading.values.tolist()
        for reading in read(text, file).readings
        if reading.part is not None
    }


def markdown_cell(source: str) -> dict[str, object]:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


OUTPUT = cell("r = 0.3")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.yaml", "problem: gan\nstudent: Ada L.\nanswers: {r: 0.3}\n"),
        ("a.json", '{"problem": "gan", "student": "Ada L.", "answers": {"r": 0.3}}'),
        ("front.md", "---\ntitle: x\nproblem: gan\nstudent: Ada L. # me\n---\n\nr = 0.3\n"),
        ("comment.md", "<!-- problem: gan -->\n<!-- student: Ada L. -->\nr = 0.3\n"),
        ("bold.md", "**problem:** gan\n**student:** Ada L.\n\nr = 0.3\n"),
        ("list.md", "- problem: gan\n- student: Ada L.\n\nr = 0.3\n"),
        ("front.tex", "---\nproblem: gan\nstudent: Ada L.\n---\n\\begin{document}\n$r = 0.3$\n\\end{document}\n"),
        ("comment.tex", "% problem: gan\n% student: Ada L.\n\\begin{document}\n$r = 0.3$\n\\end{document}\n"),
        ("a.txt", "problem: gan\nstudent: Ada L.\nr = 0.3\n"),
        ("hash.txt", "# problem: gan\n# student: Ada L.\nr = 0.3\n"),
        ("a.py", "#!/usr/bin/env python\n# problem: gan\n# student: Ada L.\nr = 0.3\n"),
        ("assigned.py", "problem = 'gan'\nstudent = 'Ada L.'\nr = 0.3\n"),
        ("doc.py", '"""\nproblem: gan\nstudent: Ada L.\n"""\nr = 0.3\n'),
        ("a.csv", "# problem: gan\n# student: Ada L.\nr,0.3\n"),
        ("rows.csv", "problem,gan\nstudent,Ada L.\nr,0.3\n"),
        ("cell.ipynb", notebook(markdown_cell("# problem: gan\nstudent: Ada L."), OUTPUT)),
        ("bold.ipynb", notebook(markdown_cell("**Problem:** gan\n\n**Name:** Ada L."), OUTPUT)),
        ("code.ipynb", notebook({**cell(""), "source": "# problem: gan\n# student: Ada L.\nx = 1"}, OUTPUT)),
        ("meta.ipynb", json.dumps({"cells": [OUTPUT], "metadata": {"problem": "gan", "student": "Ada L."}})),
    ],
)
def test_the_problem_and_the_student_are_read(file: str, text: str) -> None:
    submission = parse_submission(text, file)
    assert (submission.problem, submission.student) == ("gan", "Ada L.")
    assert submission.problem_at.line
    assert "r" in {answer.name for answer in submission.answers}


FORMATS = {
    "a.yaml": "answers:\n  r: {}\n",
    "a.md": "r = {}\n",
    "maths.md": "$r = {}$\n",
    "colon.txt": "r: {}\n",
    "table.md": "| | value |\n|-|-|\n| r | {} |\n",
    "a.csv": "r;{}\nL;0.5\n",
}


@pytest.mark.parametrize("file", FORMATS)
@pytest.mark.parametrize(
    ("text", "number"),
    [
        *((".5", 0.5), ("5.", 5.0), ("+0.3", 0.3), ("1.2×10^-3", 0.0012), (r"1.2 \times 10^{-3}", 0.0012)),
        *(("−0.5", -0.5), ("½", 0.5), ("1½", 1.5), ("٣", 3.0), (r"\frac{1}{4}", 0.25), ("1,234.5", 1234.5)),
        *(("12 %", 0.12), (r"0.3\%", 0.003), ("≈0.99", 0.99), ("-inf", -float("inf")), ("∞", float("inf"))),
        *((r"1\,234", 1234.0), ("0777", 777.0), ("010", 10.0), ("1'234.5", 1234.5), ("-log(0.5)", 0.6931471805599453)),
    ],
)
def test_a_number_is_the_same_in_every_format(text: str, number: float, file: str) -> None:
    assert values(FORMATS[file].replace("{}", text), file)["r"] == number


@pytest.mark.parametrize("file", FORMATS)
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1/2/3", "'1/2/3' is (1/2)/3, or 1/(2/3)"),
        ("1 234", "the one number 1234, or 2 numbers"),
        ("0·5", "0.5, or the product 0 * 5"),
        ("1 1/2", "1 and 1/2, or two numbers"),
        ("12:30:45", "':' belongs in no number"),
        ("1:30", "':' belongs in no number"),
        ("nan", "nan is no number"),
        ("0x1F", "write 31"),
        ("1.2.3", "one decimal point"),
        ("O.552", "is a letter: write the digit 0"),
    ],
)
def test_what_has_two_readings_or_none_is_told_in_every_format(text: str, told: str, file: str) -> None:
    found = read(FORMATS[file].replace("{}", text), file)
    (reading,) = [reading for reading in found.readings if reading.answer.name == "r"]
    assert any(told in fault.message for fault in reading.faults), reading


@pytest.mark.parametrize("file", ["a.md", "colon.txt"])
def test_decimal_commas_that_could_be_whole_numbers_are_refused(file: str) -> None:
    found = read(FORMATS[file].replace("{}", "0,1, 0,2").replace("r", "m"), file)
    assert "2 numbers with decimal commas, or 4 whole numbers" in found.faults[0].message


# Sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("r = 0.3 and L = 0.4", {"r": 0.3, "L": 0.4}),
        ("r = 0.3 so L = 0.4", {"r": 0.3, "L": 0.4}),
        ("r = [0.3] and L = [0.4]", {"r": 0.3, "L": 0.4}),
        ("r = 0.3  L = 0.4", {"r": 0.3, "L": 0.4}),
        ("r = 0.5 x = 0.3", {"r": 0.3}),
        ("the loss is 0.3.", {"L": 0.3}),
        ("r is -0.3", {"r": -0.3}),
        ("Loss: 0.3", {"L": 0.3}),
        ("cost = 0.3", {"L": 0.3}),
        ("r 0.3", {"r": 0.3}),
        (f"New W = {W}", {"W_new": [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]}),
        ("r = 0.5 % of it\n", {"r": 0.5}),
    ],
)
def test_a_sentence_is_read_as_a_person_would(text: str, expected: dict[str, object]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "noted"),
    [
        ("r = 0.5 x = 0.3", True),
        ("O4 = -0.7 O5 = 0.1", True),
        ("$r = 0.5 x = 0.3$", False),
        ("r = 0.5 * x = 0.3", False),
    ],
)
def test_a_product_that_may_be_the_end_of_an_equation_is_noted(text: str, noted: bool) -> None:
    (answer,) = parse_submission(text, "ada.md").answers
    assert [note.message.endswith("write a comma between them") for note in answer.notes] == [True] * noted
    assert all(note.location.column == 5 + text.startswith("O") for note in answer.notes)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("L = 0.474 (or 0.5)", "0.474 (or 0.5"),
        ("L = 0.4 to 0.5", "0.4 to 0.5"),
        ("L = 0.474 to 3 places", "0.474"),
        ("L = 0.474 (or so)", "0.474"),
        ("L = 0.474 to be exact", "0.474"),
    ],
)
def test_two_numbers_are_not_the_first_of_them_and_a_remark(text: str, value: str) -> None:
    (answer,) = parse_submission(text, "ada.md").answers
    assert isinstance(answer.value, Scalar)
    assert answer.value.text.startswith(value)
    told = read(text, "ada.md").faults
    assert bool(told) == (value != "0.474")


# Names that are nearly right


NEAR = "was not taken for an answer: the problem has no 'W_nev'; did you mean 'W_new'?"


@pytest.mark.parametrize(
    ("file", "text", "place"),
    [
        ("a.md", f"\nW_nev = {W}\n", (2, 1)),
        ("a.tex", f"\n\n$W\\_nev = 1$\nW_nev = {W}\n", (3, 3)),
        ("a.txt", f"W_nev: {W}\n", (1, 1)),
        ("a.ipynb", notebook(cell(f"\nW_nev = {W}\n")), (2, 9)),
        ("a.py", f"import numpy as np\nW_nev = np.array({W})\n", (2, 9)),
    ],
)
def test_a_misspelt_name_is_told_and_costs_nothing(file: str, text: str, place: tuple[int, int]) -> None:
    found = read(text, file)
    told = [note for note in found.notes if NEAR in note.message]
    assert [note.location[1:] for note in told] == [place]
    assert not found.faults
    result = Grader(problem()).grade(parse_submission(text, file))
    assert any(NEAR in note.message for note in result.notes)
    assert not result.faults


def test_a_misspelt_name_is_not_told_where_what_is_meant_has_an_answer() -> None:
    text = f"W_nev = {W}\nW_new = {W}\n"
    result = Grader(problem()).grade(parse_submission(text, "a.md"))
    assert not [note for note in result.notes if "W_nev" in note.message]
    assert [note for note in read(text, "a.md").notes if NEAR in note.message]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("m[3] = 0.5", "the index of 'm[3]' is 3 on axis 0, which has 2 entries"),
        ("k[4] = 0.5", "the problem has no 'k[4]'"),
        ("r = see above", "numbers are asked, and this is a formula or a word"),
        ("r = c * m", "numbers are asked, and this is a formula or a word"),
    ],
)
def test_what_else_is_passed_over_is_told(text: str, told: str) -> None:
    assert any(told in note.message for note in read(text, "a.md").notes)


def test_words_and_formulas_of_what_is_answered_are_not_told() -> None:
    assert not read("r = c * sum(m)\nr = 0.3\nIn step 2 we set lr = 0.1.\n", "a.md").notes


# Step tables


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.md", "| step | k |\n|--|--|\n| 1 | 2 |\n| 2 | 4 |\n| 3 | 8 |\n"),
        ("heads.md", "| t | $k_t$ |\n|--|--|\n| 1 | 2 |\n| 2 | 4 |\n| 3 | 8 |\n"),
        ("spelled.md", "| | k |\n|--|--|\n| t = 1 | 2 |\n| t = 2 | 4 |\n| t = 3 | 8 |\n"),
        ("across.md", "| | t = 1 | t = 2 | t = 3 |\n|--|--|--|--|\n| k | 2 | 4 | 8 |\n"),
        ("a.csv", "step,k,r\n1,2,\n2,4,\n3,8,\n"),
    ],
)
def test_a_row_a_step_is_an_answer_a_step(file: str, text: str) -> None:
    found = values(text, file)
    assert {name: found.get(name) for name in ("k[1]", "k[2]", "k[3]")} == {"k[1]": 2, "k[2]": 4, "k[3]": 8}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("| step | m |\n|--|--|\n| 1 | 0.1 |\n| 2 | 0.2 |\n", {"m": [0.1, 0.2]}),  # m is a vector of the problem
        ("| cost | k |\n|--|--|\n| 1 | 2 |\n| 2 | 4 |\n", {"L": [1.0, 2.0]}),  # no head says that these are steps
        ("| step | k |\n|--|--|\n| 1 | 2 |\n| 1 | 4 |\n", {}),  # twice the same
    ],
)
def test_other_tables_are_no_steps(text: str, expected: dict[str, object]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("| 5 | 7 | 9 |", [[5.0, 7.0, 9.0], [1.0, 2.0, 3.0]]),
        ("| | | |", [[1.0, 2.0, 3.0]]),
        ("| c1 | c2 | c3 |", [[1.0, 2.0, 3.0]]),
        ("| 1 | 2 | 3 |", None),  # with decimals below, as markup/test_documents.py has it, it is no row of them
        ("| 0 | 1 | 2 |", None),
    ],
)
def test_the_head_of_a_matrix_is_numbers_or_counts_them(head: str, expected: object) -> None:
    found = read(f"W_new:\n\n{head}\n|-|-|-|\n| 1 | 2 | 3 |\n", "a.md")
    (reading,) = found.readings
    assert (None if reading.values is None else reading.values.tolist()) == expected
    told = [fault for fault in found.faults if "numbers of the answer, or counts its columns" in fault.message]
    assert len(told) == (expected is None)


def test_true_and_false_are_no_numbers() -> None:
    assert "not the word 'true'" in read("m = [True, False]\n", "a.md").faults[0].message


# Places in blocks


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("answers:\n  m: |\n    0.1 0.2\n    0.3 0..4\n", (4, 9)),
        ("answers:\n  m: |\n\n    [0.1, 0..2]\n", (4, 11)),
        ("answers:\n  m: |-\n      [0.1,\n       x.2]\n", (4, 8)),
        ("answers:\n  r: |\n    0.1.2\n", (3, 5)),
        ("answers:\r\n  m: |\r\n    0.1 0.2\r\n    0.3 0..4\r\n", (4, 9)),
        ("answers:\n  m: |\n    [[1, 2],\n     [3]]\n", (4, 6)),
        ('answers:\n  m: "0.1 0.2\\n0.3 0..4"\n', (2, 6)),  # its lines are none of the file
    ],
)
def test_a_fault_in_a_block_points_at_its_own_line(text: str, place: tuple[int, int]) -> None:
    (fault,) = read(text, "a.yaml").faults
    assert fault.location[1:] == place


# Python that is none


@pytest.mark.parametrize(
    ("text", "expected", "told"),
    [
        ("m = [0.1, 0.2\nr = 0.3\n", {"m": None, "r": 0.3}, (1, 5, "never closed")),
        ("r = 0.3\nm = [0.1 0.2]\n", {"m": [0.1, 0.2], "r": 0.3}, (2, 6, "read as plain text")),
        ("for i in range(3)\n    print(i)\nr = 0.3\n", {"r": 0.3}, (1, 18, "left out")),
        ("r = 0.3\nprint 'done'\nL = 0.5\n", {"r": 0.3, "L": 0.5}, (2, 1, "left out")),
        ("m = [0.1,\n0.2]\ndef f(:\n    return 1\nr = 0.3\n", {"m": [0.1, 0.2], "r": 0.3}, (3, 7, "left out")),
        ("t = '''\nr = 0.3\nx) = (\n'''\nif x:\n    y = 1\nelse\n    y = 2\n", {"r": 0.3}, (7, 5, "left out")),
        ("@known\ndef f():\n    pass\nr = 0.3\nx = (\n", {"r": 0.3}, (5, 5, "left out")),
        ("r = 0,3 nats\nL = 0.5\n", {"r": 0.3, "L": 0.5}, (1, 9, "read as plain text")),
    ],
)
def test_around_a_mistake_of_syntax_python_is_read(
    text: str, expected: dict[str, object], told: tuple[int, int, str]
) -> None:
    assert values(text, "a.py") == expected
    found = read(text, "a.py")
    line, column, message = told
    messages = [*found.faults, *found.notes]
    assert any(each.location[1:] == (line, column) and message in each.message for each in messages), messages


# Notebooks


def test_answers_of_a_notebook_beyond_the_limit_are_told() -> None:
    lines = "".join(f"value{i} = {i}\n" for i in range(ANSWERS + 7))
    submission = parse_submission(notebook(cell(lines)), "a.ipynb")
    assert len(submission.answers) == ANSWERS
    assert f"{ANSWERS + 7:,} names with numbers stand in this notebook" in submission.notes[-1].message
