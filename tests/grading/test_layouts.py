"""Layouts that a problem accepts, transposed square matrices, and which of two answers counts, seen in the marks."""

from __future__ import annotations

import pytest

from hwcheck.errors import ProblemError
from hwcheck.grading.grade import grade
from hwcheck.grading.result import MarkedAnswer, Result
from hwcheck.problem.load import parse_problem
from hwcheck.submissions.read import parse_submission

# H is [[1, 2, 3], [2, 4, 6]]; S is [[5, 11], [11, 25]] + [[0, 1], [0, 0]]; S @ v is [17, 36].
NETWORK = """\
inputs: {a: [1, 2], x: [1, 2, 3], A: [[1, 2], [3, 4]], B: [[1, 3], [2, 5]], v: [1, 1], c: [[[1]], [[2]]]}
network:
  H: outer(a, x)
  S: A @ B
  y: S @ v
  C: c * H
  L: sum(H) + sum(y) + sum(C)
loss: L
"""


def marked(answers: str, questions: str = "[H, S, y, C]", marking: str = "{}") -> Result:
    problem = parse_problem(f"{NETWORK}marking: {marking}\nquestions: {questions}\n", "small.yaml")
    return grade(problem, parse_submission(f"answers:\n{answers}", "ada.yaml"))


def answer(result: Result, name: str) -> MarkedAnswer:
    (found,) = (answer for answer in result.answers if answer.question.name == name)
    return found


@pytest.mark.parametrize(
    ("layouts", "given", "verdict", "note"),
    [
        ("[]", "[1, 2, 3, 2, 4, 6]", "wrong shape", "it looks flattened"),
        ("[transposed]", "[1, 2, 3, 2, 4, 6]", "wrong shape", "it looks flattened"),
        ("[flat]", "[1, 2, 3, 2, 4, 6]", "right", "handed in flat, as 6, read row by row as 2 x 3"),
        ("flat", "[[1], [2], [3], [2], [4], [6]]", "right", "handed in flat, as 6 x 1, read row by row as 2 x 3"),
        ("[flat]", "[1, 2, 2, 4, 3, 6]", "wrong", "handed in flat"),  # column by column
        ("[]", "[[1, 2], [2, 4], [3, 6]]", "wrong shape", "it looks transposed"),
        ("[flat]", "[[1, 2], [2, 4], [3, 6]]", "wrong shape", "it looks transposed"),
        ("[flat, transposed]", "[[1, 2], [2, 4], [3, 6]]", "right", "handed in transposed, as 3 x 2, read as 2 x 3"),
        ("[flat, transposed]", "[[1, 2], [2, 4], [3, 7]]", "wrong", "handed in transposed"),
        ("[flat, transposed]", "5", "wrong shape", "a single number was handed in, 2 x 3 is asked"),
        ("[flat, transposed]", "[1, 2, 3]", "wrong shape", "3 was handed in, 2 x 3 is asked"),
    ],
)
def test_an_accepted_layout(layouts: str, given: str, verdict: str, note: str) -> None:
    by_question = answer(marked(f"  H: {given}\n", f"[{{ask: H, layouts: {layouts}}}]"), "H")
    for_all = answer(marked(f"  H: {given}\n", "[H]", f"{{layouts: {layouts}}}"), "H")
    for found in (by_question, for_all):
        assert found.verdict == verdict
        assert found.note.startswith(note)


def test_a_wrong_entry_is_found_where_it_belongs() -> None:
    found = answer(marked("  H: [[1, 2], [2, 4], [9, 6]]\n", "[{ask: H, layouts: transposed}]"), "H")
    assert found.wrong_at == ((0, 2),)


def test_what_follows_from_an_answer_in_another_layout_is_carried() -> None:
    result = marked(
        "  H: [1, 2, 3, 2, 4, 7]\n  C: [[[1, 2, 3], [2, 4, 7]], [[2, 4, 6], [4, 8, 14]]]\n", marking="{layouts: flat}"
    )
    assert answer(result, "H").wrong_at == ((1, 2),)
    assert answer(result, "C").verdict == "carried"


def test_a_transposed_square_matrix_is_right_where_that_is_accepted() -> None:
    # A @ B is [[1*1 + 2*2, 1*3 + 2*5], [3*1 + 4*2, 3*3 + 4*5]] = [[5, 13], [11, 29]].
    turned = "  S: [[5, 11], [13, 29]]\n"
    found = answer(marked(turned, "[{ask: S, layouts: transposed}]"), "S")
    assert (found.verdict, found.note) == ("right", "read as S.T, which is accepted")
    assert answer(marked("  S: [[5, 13], [11, 29]]\n", "[{ask: S, layouts: transposed}]"), "S").verdict == "right"
    mixed = answer(marked("  S: [[5, 11], [11, 29]]\n", "[{ask: S, layouts: transposed}]"), "S")
    assert (mixed.verdict, mixed.wrong_at) == ("wrong", ((0, 1),))


def test_a_transposed_square_matrix_has_its_name_where_it_is_not_accepted() -> None:
    found = answer(marked("  S: [[5, 11], [13, 29]]\n"), "S")
    assert found.verdict == "wrong"
    causes = {cause.id for cause in (found.cause, *found.candidates) if cause is not None}
    assert "result-transposed" in causes


def test_channels_one_matrix_at_a_time() -> None:
    result = marked(
        "  C[0]: [[1, 2, 3], [2, 4, 6]]\n  C[1]: [[2, 4], [4, 8], [6, 12]]\n", marking="{layouts: transposed}"
    )
    assert answer(result, "C").verdict == "right"
    plain = answer(marked("  C[0]: [[1, 2, 3], [2, 4, 6]]\n  C[1]: [[2, 4], [4, 8], [6, 12]]\n"), "C")
    assert (plain.verdict, plain.entries.right) == ("wrong shape", 6)


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ("  y: [1, 1]\n  y_: 1\n  Y: [18, 40]\n", "right"),
        ("  y: [18, 40]\n  Y: [1, 1]\n", "wrong"),
        ("  y: [18, 1]\n  y[1]: 40\n", "right"),
        ("  y[1]: 1\n  Y: [18, 40]\n", "right"),
        ("  y: eighteen\n  Y: [18, 40]\n", "right"),
        ("  y: [18, 40, 1]\n  Y: [18, 40]\n", "right"),
        ("  y: [18, 40]\n  Y: [_, _]\n", "right"),  # a blank is no answer
    ],
)
def test_the_last_answer_counts_where_the_problem_says_so(answers: str, verdict: str) -> None:
    result = marked(answers, "[y]", "{twice: last}")
    assert answer(result, "y").verdict == verdict
    assert not any("twice" in fault.message for fault in result.faults)


def test_the_first_answer_counts_elsewhere_and_both_places_are_told() -> None:
    result = marked("  y: [18, 40]\n  Y: [1, 1]\n", "[y]")
    assert answer(result, "y").verdict == "right"
    (fault,) = result.faults
    rule = "y is answered twice, first on line 2, column 3; the first answer is marked, delete one of them"
    assert str(fault) == f"ada.yaml:3:3: {rule}"


def test_a_question_says_for_itself_which_answer_counts() -> None:
    questions = "[{ask: y, twice: last}, H]"
    assert answer(marked("  y: [1, 1]\n  Y: [18, 40]\n", questions), "y").verdict == "right"
    formula = "[{ask: y, answer: formula, using: [S, v], twice: last}]"
    assert answer(marked("  y: S + v\n  Y: S @ v\n", formula), "y").verdict == "right"


def test_entries_counted_from_1() -> None:
    problem = parse_problem(f"{NETWORK}indexing: 1\nquestions: [y, S]\n", "small.yaml")
    sheet = "answers:\n  y_1: 18\n  y[2]: 40\n  s_{11}: 5\n  s_{12}: 13\n  S[2]: [11, 29]\n"
    result = grade(problem, parse_submission(sheet, "ada.yaml"))
    assert [found.verdict for found in result.answers] == ["right", "right"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("marking: {layouts: [flatt]}", "layouts must be flat or transposed, not 'flatt'; did you mean 'flat'?"),
        ("marking: {twice: both}", "twice must be first or last, not 'both'"),
        ("indexing: 2", "indexing must be"),
        (
            "questions: [{ask: y, answer: formula, using: [S], layouts: flat}]",
            "'layouts' is for answers that are numbers",
        ),
    ],
)
def test_what_the_keys_may_not_be(text: str, message: str) -> None:
    with pytest.raises(ProblemError) as caught:
        parse_problem(f"{NETWORK}{text}\n", "small.yaml")
    assert message in str(caught.value)
