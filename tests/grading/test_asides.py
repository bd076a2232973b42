"""What a sentence gives counts only where the sheet does not answer it otherwise, whatever part of it."""

from __future__ import annotations

import pytest

from hwcheck.grading.grade import Grader
from hwcheck.problem.library import find_problem
from hwcheck.problem.load import load_problem
from hwcheck.submissions.read import parse_submission


@pytest.mark.parametrize("part", ["W_new[:, 0]", "W_new[0]", "W_new[0:2, 1]"])
def test_a_part_of_an_array_stands_beside_what_a_sentence_gives(part: str) -> None:
    text = f"{part} = [0.192, -0.306]\n\nThe output O6 is 0.474.\n"
    result = Grader(load_problem(find_problem("data-mining"))).grade(parse_submission(text, "ada.md"))
    assert next(answer.verdict for answer in result.answers if answer.question.name == "O6") == "right"
