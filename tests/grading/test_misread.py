"""One digit or sign that was misread, and what that makes of an answer."""

from __future__ import annotations

import random

import pytest

from hwcheck.grading.grade import Grader
from hwcheck.grading.misread import probably_misread, twice_misread
from hwcheck.problem.library import find_problem
from hwcheck.problem.load import load_problem, parse_problem
from hwcheck.problem.model import Problem
from hwcheck.submissions.read import parse_submission, read_submission
from tests.support.program import FIXTURES

GAN = Grader(load_problem(find_problem("gan")))


@pytest.mark.parametrize(("text", "expected", "what"), [
    ("6.552", 0.552, "a digit"),
    ("1.60", 1.62, "a digit"),
    ("0.664", 2.664, "a digit"),
    ("7.25", 1.25, "a digit"),
    ("-0.552", 0.552, "the sign"),
    ("0.552", -0.552, "the sign"),
    ("−0.552", 0.552, "the sign"),
    (".552", 4.552, "the leading digit"),
    ("0.552", 7.552, "the leading digit"),
    ("1434", 1.434, "the point"),
    ("0.143", 0.43, "a stroke"),
    ("0.552", 0.5152, "a stroke"),
    ("0.134", 0.326, ""),
    ("0.528", 1.108, ""),
    ("0.5", 0.6, ""),
    ("5", 6.0, ""),
    ("O.552", 0.552, ""),
    ("0.5 + 0.1", 0.8, ""),
    ("1" * 300, 7.0, ""),
])  # fmt: skip
def test_one_usual_misreading(text: str, expected: float, what: str) -> None:
    assert probably_misread(text, expected, 0.0005) == what


@pytest.mark.parametrize(("text", "expected", "found"), [
    ("6.552", 0.352, True), ("0.63", 2.618, True), ("0.134", 0.326, False), ("0.528", 1.108, False),
    ("0.5", 0.6, False),
])  # fmt: skip
def test_two_usual_misreadings(text: str, expected: float, found: bool) -> None:
    assert twice_misread(text, expected, 0.0005) is found


def test_few_wrong_numbers_look_misread_by_chance() -> None:
    """Of wrong numbers that are drawn, few are taken for misread: with one misreading 1 in 100, with two 1 in 10."""
    draw = random.Random(4)  # noqa: S311  no secret
    pairs = [(f"{draw.uniform(0, 10):.3f}", draw.uniform(0, 10)) for _ in range(3000)]
    once = sum(bool(probably_misread(text, expected, 0.001)) for text, expected in pairs) / len(pairs)
    twice = sum(twice_misread(text, expected, 0.001) for text, expected in pairs) / len(pairs)
    assert once < 0.01
    assert twice < 0.1


def test_the_handwritten_sheet() -> None:
    """As fixtures/README.md transcribes it: the two real mistakes are wrong, what is garbled is left to a person."""
    result = GAN.grade(read_submission(FIXTURES / "submissions" / "markdown" / "handwritten-sheet.md"))
    answers = {answer.question.name: answer for answer in result.answers}
    assert answers["C1"].wrong_at == ((0, 1, 0), (0, 1, 1))
    assert answers["C1"].entries[:4] == (25, 0, 2, 5)
    assert answers["h1"].entries[:4] == (7, 0, 0, 1)
    assert [name for name, answer in answers.items() if answer.review] == ["h1", "C1", "grad(yhat)"]
    assert {name for name, answer in answers.items() if answer.verdict == "right"} == {"m", "yhat"}
    assert result.score == pytest.approx(6.875, abs=0.006)  # in hundredths
    assert result.needs_review
    assert result.first_error == "C1"
    assert "[0, 1, 3]" in answers["C1"].note
    assert "0.352" not in answers["C1"].note
    assert answers["C1"].verdict == "wrong"


@pytest.mark.parametrize(("text", "ending", "verdict", "review"), [
    ("$m = 17.9786$", ".md", "unreadable", True),
    ("$m = 1.9786$", ".md", "unreadable", True),
    ("$m = 13.5786$", ".md", "wrong", False),
    ("m = 17.9786", ".md", "wrong", False),  # typed or pasted
    ("answers: {m: 17.9786}", ".yaml", "wrong", False),
    ("$m = 1l.9786$", ".md", "unreadable", True),
])  # fmt: skip
def test_only_typeset_numbers_are_taken_for_misread(text: str, ending: str, verdict: str, review: bool) -> None:
    result = GAN.grade(parse_submission(text, f"ada{ending}"))
    (marked,) = [answer for answer in result.answers if answer.question.name == "m"]
    assert (marked.verdict, marked.review) == (verdict, review)


def gan(rest: str) -> Problem:
    return parse_problem(f"{find_problem('gan').read_text(encoding='utf-8')}\n{rest}\n", "gan.yaml")


@pytest.mark.parametrize(("marking", "text", "verdict", "review", "score"), [
    ("", "$m = 17.9786$", "unreadable", True, 0),
    ("marking: {misread: review}", "$m = 17.9786$", "unreadable", True, 0),
    ("marking: {misread: off}", "$m = 17.9786$", "wrong", False, 0),
    ("marking: {misread: off}", "$m = 11.9786$", "right", False, 1),
    ("marking: {misread: off}", "$m = 1l.9786$", "unreadable", True, 0),  # no number, and nothing says what was meant
])  # fmt: skip
def test_a_problem_says_what_becomes_of_it(marking: str, text: str, verdict: str, review: bool, score: float) -> None:
    result = Grader(gan(marking)).grade(parse_submission(text, "ada.md"))
    (marked,) = [answer for answer in result.answers if answer.question.name == "m"]
    assert (marked.verdict, marked.review, result.needs_review, result.score) == (verdict, review, review, score)
    assert result.first_error == (None if verdict != "wrong" else "m")


PARTS = """
inputs: {{x: [1, 2, 3]}}
network: {{h: 1.25*x, y: 2.25*x, L: sum(h) + sum(y)}}
loss: L
marking: {{misread: {for_all}}}
questions: [{{ask: h, misread: {own}}}, y, {{ask: "y[0]", misread: {part}}}]
"""


@pytest.mark.parametrize(("for_all", "own", "part", "expected"), [
    ("review", "review", "review", {"h": True, "y": True}),
    ("review", "off", "review", {"h": False, "y": True}),
    ("off", "review", "off", {"h": True, "y": False}),
    ("review", "review", "off", {"h": True, "y": False}),  # what is asked of y and of its part is one answer
])  # fmt: skip
def test_a_question_says_it_for_itself(for_all: str, own: str, part: str, expected: dict[str, bool]) -> None:
    problem = parse_problem(PARTS.format(for_all=for_all, own=own, part=part), "parts.yaml")
    sheet = "$h = [1.25, 2.50, 3.15]$\n\n$y = [2.25, 4.50, 6.15]$\n"  # 3.75 and 6.75 are right
    result = Grader(problem).grade(parse_submission(sheet, "ada.md"))
    answers = {answer.question.name: answer for answer in result.answers}
    assert {name: answers[name].review for name in expected} == expected
    assert {name: answers[name].entries.wrong for name in expected} == {n: int(not off) for n, off in expected.items()}
