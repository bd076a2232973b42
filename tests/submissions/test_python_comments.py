"""Answers in the comments of Python files: which are read, and which could be something else."""

from __future__ import annotations

import pytest

from hwcheck.grading.sheet import sort_answers
from hwcheck.limits import MENDED
from hwcheck.problem.library import find_problem
from hwcheck.problem.load import load_problem
from hwcheck.submissions.names import Names
from hwcheck.submissions.read import parse_submission

PROBLEM = load_problem(find_problem("data-mining"))
NAMES = Names(PROBLEM)


def numbers(text: str) -> dict[str, list[float]]:
    sheet = sort_answers(PROBLEM, NAMES, parse_submission(text, "ada.py"))
    return {name: found.values.reshape(-1).tolist() for name, found in sheet.numbers.items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I6 = w @ O + t\n# I6 = -0.105\n", {"I6": [-0.105]}),
        ("I6 = w @ O + t  # -0.105\n", {"I6": [-0.105]}),
        ("I6 = w @ O + t  # -> -0.105\n", {"I6": [-0.105]}),
        ("print(I6)   # => -0.105\n", {"I6": [-0.105]}),
        ("O = f(I)  # [0.332, 0.525]\n", {"O": [0.332, 0.525]}),
        ("O = f(I)  # [0.332 0.525]\n", {"O": [0.332, 0.525]}),
        ("# %% [markdown]\n# ## Forward\n# $I_6 = -0.105$, $O_6 = 0.474$\n", {"I6": [-0.105], "O6": [0.474]}),
        ("# O = [0.332,\n#      0.525]\n", {"O": [0.332, 0.525]}),
        ("# O6 = 0.474\nO6 = f(I6)  # 0.474\n", {"O6": [0.474]}),
        ("O6 = 0.5\n# O6 = 0.474\n", {"O6": [0.5]}),  # what the program says goes before old code
        ("O = f(I)  # (2, 3)\n", {}),  # a shape
        ("O = f(I)  # 2\n", {}),
        ("O6 = f(I)  # about 0.474 or so\n", {}),
        ("f('# O6 = 0.5')  # nothing\n", {}),
        ("if x:\n    O6 = f(I)  # 0.474\n", {"O6": [0.474]}),
        ("# O6 = 0.4\nO6 = f(I6)  # 0.474\n", {}),  # neither
        ("# O6 = sigmoid(I6)\n", {}),
    ],
)
def test_a_comment_is_an_answer_where_it_is_a_value(text: str, expected: dict[str, list[float]]) -> None:
    assert numbers(text) == expected


def test_what_differs_is_told_and_not_read() -> None:
    submission = parse_submission("# O6 = 0.4\nO6 = f(I6)  # 0.474\n", "ada.py")
    assert "ada.py:2:15: O6 is something else in the comment of line 1: neither is read" in map(str, submission.notes)


def test_the_place_is_that_of_the_value() -> None:
    (answer,) = parse_submission("\nO6 = f(I6)  #  0.474\n", "ada.py").answers
    assert answer.location[1:] == (2, 16)


def test_long_files_are_read_without_their_comments() -> None:
    text = "O6 = 0.5\n# I6 = -0.105\n"
    assert set(numbers(text)) == {"O6", "I6"}
    assert set(numbers(text + "#" * MENDED)) == {"O6"}
