"""Whatever the right answer is: what is unreadable, missing, blank, not finite or misshapen earns nothing for it.

An infinity is an answer only where the right value is that very infinity, as some divergences are. Each bait is put in
the place of the reference itself, so that a comparison that is true of it would be a credit.
"""

from __future__ import annotations

import dataclasses
import math
from functools import cache

import numpy as np
import pytest

from hwcheck.errors import InputError
from hwcheck.grading.grade import Grader
from hwcheck.grading.result import Result
from hwcheck.problem.library import find_problem
from hwcheck.problem.load import load_problem, parse_problem
from hwcheck.submissions.model import Submission
from hwcheck.submissions.read import parse_submission
from tests.submissions.corpus import CORPUS, files

BAITS = (0.0, -0.0, 1.0, math.nan, math.inf, -math.inf, 5e-324, 1e150)


def poisoned(marker: Grader, bait: float) -> Grader:
    """The same marker, for which every right value is the bait."""
    values = {name: np.full(np.shape(value), bait) for name, value in marker.reference.values.items()}
    marker.reference = dataclasses.replace(marker.reference, values=values)
    return marker


@cache
def submissions() -> tuple[tuple[str, Submission], ...]:
    """What can be read of the corpus, with the problem that it is for."""
    found = []
    for entry in files():
        try:
            submission = parse_submission((CORPUS / entry.file).read_bytes(), entry.file)
        except InputError:
            continue
        found.append((entry.problem, submission))
    return tuple(found)


def check(result: Result) -> None:
    """Points are finite and within bounds; nothing without numbers has any."""
    assert math.isfinite(result.score)
    assert 0 <= result.score <= result.max_score
    for answer in result.answers:
        assert math.isfinite(answer.points)
        assert 0 <= answer.points <= answer.question.points
        entries = answer.entries
        assert entries.right + entries.carried + entries.wrong + entries.missing == entries.total
        if entries.right + entries.carried == 0:
            assert answer.points == 0, answer
        if answer.verdict in ("missing", "wrong shape") and answer.comparison is None:
            assert answer.points == 0, answer
        if answer.comparison is not None:
            yours, right, own = answer.comparison.yours, answer.comparison.expected, answer.comparison.own
            # own: what follows from the infinities on this sheet that are right
            assert (np.isfinite(yours) | (yours == right) | (yours == own))[answer.comparison.accepted].all()


@pytest.mark.parametrize("bait", BAITS)
def test_the_corpus_earns_nothing_with_what_is_no_answer(bait: float) -> None:
    problems = {problem for problem, _ in submissions()}
    markers = {problem: poisoned(Grader(load_problem(find_problem(problem))), bait) for problem in problems}
    assert len(submissions()) > 100
    for problem, submission in submissions():
        if submission.problem in (None, problem):
            check(markers[problem].grade(submission))


PROBLEM = """
inputs: {x: [0.5, -1.5, 2.5]}
weights: {W: [[1, 2, 3], [4, 5, 6]]}
network:
  y: W @ x
  S: outer(y, x)
  L: sum(y) + sum(S)
loss: L
questions: [y, S, L, grad(W), grad(x)]
"""
NOTHING = (
    *("nan", ".nan", "inf", "-inf", ".inf", "1e999", "-1e999", "null", "~", "''", "[]", "[[]]", "[[], []]", "{}"),
    *("_", "'?'", "none", "true", "false", "[nan, nan]", "[[nan, nan, nan], [nan, nan, nan]]", "[inf, inf]"),
    *("'array([], dtype=float64)'", "'[]'", "'[[] []]'", "[null, null]", "['', '']", "1/0", "0/0", "0*1e999"),
)
# Shapes that NumPy would stretch to y's (2), S's and grad(W)'s (2, 3), x's (3) or to a single number.
STRETCHED = {
    "y": ("{0}", "[{0}]", "[[{0}]]", "[[{0}, {0}], [{0}, {0}]]", "[[[{0}, {0}], [{0}, {0}]]]", "[{0}, {0}, {0}]"),
    "S": ("{0}", "[{0}]", "[{0}, {0}, {0}]", "[[{0}, {0}, {0}]]", "[[{0}], [{0}]]", "[{0}, {0}]"),
    "L": ("[{0}, {0}]", "[[{0}, {0}]]", "[[{0}], [{0}]]"),
    "grad(W)": ("{0}", "[{0}, {0}, {0}]", "[[{0}], [{0}]]", "[[{0}, {0}, {0}], [{0}, {0}, {0}], [{0}, {0}, {0}]]"),
    "grad(x)": ("{0}", "[{0}]", "[[{0}, {0}, {0}], [{0}, {0}, {0}]]"),
}  # fmt: skip


@pytest.fixture(scope="module", params=BAITS)
def marker(request: pytest.FixtureRequest) -> Grader:
    return poisoned(Grader(parse_problem(PROBLEM, "small.yaml")), request.param)


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_number_earns_nothing(marker: Grader, text: str) -> None:
    for name in STRETCHED:
        try:
            submission = parse_submission(f"answers:\n  {name}: {text}\n", "ada.yaml")
        except InputError:
            continue
        result = marker.grade(submission)
        if "inf" in text and np.isinf(marker.reference["L"]):
            continue  # what follows from an infinity is often one
        assert result.score == 0, (name, text)
        check(result)


@pytest.mark.parametrize("name", STRETCHED)
def test_no_shape_is_stretched(marker: Grader, name: str) -> None:
    bait = float(marker.reference["L"])
    if not math.isfinite(bait):
        pytest.skip("a number that is not finite is none in any shape, which is tested above")
    for shape in STRETCHED[name]:
        result = marker.grade(parse_submission(f"answers:\n  {name}: {shape.format(bait)}\n", "ada.yaml"))
        assert result.score == 0, shape
        check(result)


def test_the_bait_itself_would_be_right(marker: Grader) -> None:
    """So the tests above can fail."""
    bait = float(marker.reference["L"])
    result = marker.grade(parse_submission(f"answers:\n  L: {bait!r}\n  y: [{bait!r}, {bait!r}]\n", "ada.yaml"))
    verdicts = {answer.question.name: answer.verdict for answer in result.answers}
    assert (verdicts["L"], verdicts["y"]) == (("unreadable",) * 2 if math.isnan(bait) else ("right",) * 2)
