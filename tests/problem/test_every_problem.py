"""Every problem that comes with hwcheck: it says what it is, is sound, and grades what was published as it should."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hwcheck.grading.grade import grade
from hwcheck.lint import lint
from hwcheck.problem.library import library, topic
from hwcheck.problem.load import load_problem
from hwcheck.reference import solve, unsound
from hwcheck.submissions.read import read_submission

TOPICS = {"mlp", "cnn", "rnn", "attention", "norm", "losses", "optimisers", "generative", "graph"}
FIRST = {"gan", "autoencoder"}  # the two that everything began with stand at the top
PUBLISHED = sorted((Path(__file__).parents[2] / "fixtures" / "published").glob("*.yaml"))

# What a publication has wrong, and why is said in the file; everything else that it prints is right.
WRONG = {
    "linear-classifier": {"L"},
    "multiclass-losses": {"softmax_loss"},
    "self-attention-by-hand": {"A"},
}

every_problem = pytest.mark.parametrize("path", library().values(), ids=library())


def test_there_are_enough_of_every_topic() -> None:
    topics = [topic(path) for path in library().values()]
    assert set(topics) - {""} == TOPICS
    assert len(topics) >= 25
    assert len(PUBLISHED) >= 10


@every_problem
def test_it_says_what_it_is(path: Path) -> None:
    problem = load_problem(path)
    assert (topic(path) in TOPICS) != (problem.id in FIRST)
    assert problem.title != problem.id
    assert len(problem.title) <= 72
    assert problem.description
    assert problem.source
    assert problem.level
    assert problem.minutes


@every_problem
def test_it_is_solved_and_its_gradients_are_right(path: Path) -> None:
    problem = load_problem(path)
    reference = solve(problem)
    assert all(np.isfinite(value).all() for value in reference.values.values())
    assert unsound(reference) == []
    assert lint(problem).findings == ()


@every_problem
def test_its_own_reference_gets_full_marks(path: Path, tmp_path: Path) -> None:
    problem = load_problem(path)
    if any(question.answer == "formula" for question in problem.questions):
        pytest.skip("its answers are formulas")
    reference = solve(problem)
    sheet = tmp_path / "ada.yaml"
    answers = "".join(f"  {q.name!r}: {reference[q.name].tolist()}\n" for q in problem.questions)
    sheet.write_text(f"problem: {problem.id}\nanswers:\n{answers}", encoding="utf-8")
    result = grade(problem, read_submission(sheet))
    assert result.score == result.max_score
    assert result.faults == ()


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_published_numbers_grade_as_they_should(path: Path) -> None:
    submission = read_submission(path)
    result = grade(load_problem(library()[str(submission.problem)]), submission)
    assert result.faults == ()
    wrong = {answer.question.name for answer in result.answers if answer.entries.wrong or answer.verdict == "wrong"}
    assert wrong == WRONG.get(path.stem, set())
    assert sum(answer.entries.right for answer in result.answers) >= 2
