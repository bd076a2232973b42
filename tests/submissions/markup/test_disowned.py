"""Values that the words around them call no answer are told, not marked, and others are left alone."""

from __future__ import annotations

import pytest

from hwcheck.errors import Location
from hwcheck.located import Scalar
from hwcheck.submissions.read import parse_submission
from hwcheck.submissions.running_text import running_answers
from tests.submissions.markup.test_documents import found

NO_ANSWER = [
    "Expected: O6 = 0.474",
    "**Expected:** O6 = 0.474",
    "Expected: $O_6 = 0.474$",
    "expected value: O6 = 0.474",
    "O6 = 0.474 (expected)",
    "O6 (expected) = 0.474",
    "O6 (wrong) = 0.474",
    "O6 = 0.474 (wrong, forgot the bias)",
    "O6 = 0.474 <- wrong",
    "O6 = 0.474 is not what I get",
    "O6 = 0.474 (not my answer)",
    "$O_6 = 0.474$ (expected)",
    "Expected:\nO6 = 0.474",
    "Expected results:\n\n- I6 = -0.1\n- O6 = 0.474\n",
    "**Sample solution:**\nO6 = 0.474",
    r"\textbf{Expected:} $O_6 = 0.474$",
    r"\textit{Show that $O_6 = 0.474$.}",
    r"$O_6 = 0.474 \text{ (wrong)}$",
    r"\[O_6 = 0.474 \quad\text{(expected)}\]",
    "We should get $O_6 = 0.474$",
    "We expect $O_6 = 0.474$",
    "We expect O6 = 0.474",
    "Example: O6 = 0.474",
    "For example, O6 = 0.474",
    "Sample solution: O6 = 0.474",
    "Musterlösung: O6 = 0.474",
    "Compare with O6 = 0.474",
    "In the book O6 = 0.474",
    "According to the textbook, O6 is 0.474.",
    "Tom says O6 = 0.474",
    "ChatGPT says: O6 = 0.474",
    "TA: O6 = 0.474",
    "Question: show that O6 = 0.474.",
    "Prove that O6 = 0.474.",
    "If we forget theta, O6 = 0.474",
]
NOT_READ = ["O6 =/= 0.474", "❌ O6 = 0.474", "<s>O6 = 0.474</s>", "It is impossible that O6 = 0.474"]
AN_ANSWER = [
    "Example 6.9: O6 = 0.474",
    "Expected:\nI6 = -0.1\n\nO6 = 0.474",
    "Expected:\nI6 = -0.1\nMine:\nO6 = 0.474",
    "Solution: O6 = 0.474",
    "Model output: O6 = 0.474",
    "Model:\nI6 = -0.105\nO6 = 0.474",
    "# Model\nO6 = 0.474\n# Loss\nI6 = -0.105",
    "| name | correct to 3 decimals |\n|---|---|\n| O6 | 0.474 |",
    "As expected, O6 = 0.474",
    "As one would expect, O6 = 0.474",
    "Task 3: O6 = 0.474",
    "b) O6 = 0.474",
    "O6 = 0.474 (expected 1)",
    "O6 = 0.474 (target 1)",
    "O6 = 0.474 (not rounded)",
    "O6 = 0.474 # wrong side of 0.5",
    "O6 = 0.474 (see example)",
    "The expected output is T = 1, we get O6 = 0.474",
    "If we apply the sigmoid, O6 = 0.474",
    "This shows that O6 = 0.474",
    "According to the book, O6 = 0.948 * 0.5 = 0.474",
]
OF_COLUMNS = [
    (("expected",), ("0.474",), None),
    (("points",), ("2",), None),
    (("example",), ("0.474",), None),
    (("expected", "mine"), ("0.474", "0.5"), "0.5"),
    (("mine", "expected"), ("0.5", "0.474"), "0.5"),
    (("my value", "correct value"), ("0.5", "0.474"), "0.5"),
    (("mine", "book"), ("0.5", "0.474"), "0.5"),
    (("attempt 1", "attempt 2"), ("0.474", "0.5"), "0.5"),
    (("attempt 2", "attempt 1 (wrong)"), ("0.5", "0.474"), "0.5"),
    (("final", "first try"), ("0.5", "0.474"), "0.5"),
    (("attempt 1", "final"), ("0.474", "0.5"), "0.5"),
]


@pytest.mark.parametrize(("heads", "cells", "value"), OF_COLUMNS, ids=range(len(OF_COLUMNS)))
def test_columns_that_hold_no_answer(heads: tuple[str, ...], cells: tuple[str, ...], value: str | None) -> None:
    rule = "|---" * (len(heads) + 1)
    text = f"| quantity | {' | '.join(heads)} |\n{rule}|\n| O6 | {' | '.join(cells)} |\n"
    (answer,) = running_answers(text, Location("x.md", 1, 1))
    assert (answer.fault is None) == (value is not None)
    if value is not None:
        assert found(text) == {"O6": value}


@pytest.mark.parametrize("text", NO_ANSWER)
def test_what_is_called_no_answer_is_told(text: str) -> None:
    told = [answer.fault for answer in running_answers(text, Location("x.md", 1, 1)) if answer.name in ("O6", "O_6")]
    assert told
    assert all(fault and "is no answer" in fault.message for fault in told)


@pytest.mark.parametrize("text", NOT_READ)
def test_what_is_denied_is_not_read(text: str) -> None:
    assert "0.474" not in found(text).values()


@pytest.mark.parametrize("text", AN_ANSWER)
def test_such_words_further_off_change_nothing(text: str) -> None:
    (answer,) = [each for each in running_answers(text, Location("x.md", 1, 1)) if each.name == "O6"]
    assert answer.fault is None
    assert found(text)["O6"] == "0.474"


@pytest.mark.parametrize(
    "text",
    [
        "O6 = 0.5\nExpected: O6 = 0.474",
        "Example: O6 = 0.474\nO6 = 0.5",
        "O6 = 0.5, expected: O6 = 0.474",
        "O6 = 0.5\n\n# Next attempt\n\nO6 = 0.474 (wrong)",
        "## Expected results\nO6 = 0.474\n## My results\nO6 = 0.5",
        "O6 = 0.5\nsorry, I don't get O6 = 0.474",
    ],
)
def test_the_other_value_counts(text: str) -> None:
    answers = running_answers(text, Location("x.md", 1, 1))
    counts = [answer for answer in answers if answer.name == "O6" and not answer.aside and answer.fault is None]
    assert [getattr(answer.value, "text", "") for answer in counts] == ["0.5"]


@pytest.mark.parametrize(("heads", "cells", "value"), OF_COLUMNS, ids=range(len(OF_COLUMNS)))
def test_columns_of_a_csv_file_that_hold_no_answer(
    heads: tuple[str, ...], cells: tuple[str, ...], value: str | None
) -> None:
    text = f"quantity,{','.join(heads)}\nO6,{','.join(cells)}\nI6,{','.join(cells)}\n"
    submission = parse_submission(text, "ada.csv")
    if value is None:
        assert not submission.answers
        assert "no answers" in submission.faults[0].message
        return
    assert [(answer.name, getattr(answer.value, "text", "")) for answer in submission.answers] == [
        ("O6", value),
        ("I6", value),
    ]


def test_a_documents_own_commands_change_nothing_of_it() -> None:
    text = "\\newcommand{\\out}{O6}\n\\begin{document}\nExpected: $\\out = 0.474$\n\n"
    text += "I6 = -0.2\n\nCorrection: I6 = -0.105\n"
    output, corrected = parse_submission(text + "\\end{document}\n", "ada.tex").answers
    assert output.name.strip("$") == "O6"
    assert output.fault is not None
    assert "Expected" in output.fault.message
    assert isinstance(corrected.value, Scalar)
    assert (corrected.name, corrected.value.text) == ("I6", "-0.105")
