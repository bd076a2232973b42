"""Marking one formula in a test: what was found, and what was said."""

from __future__ import annotations

from pathlib import Path

from hwcheck.errors import Location
from hwcheck.grading.formulas import FormulaMarker, FormulaVerdict
from hwcheck.located import Scalar
from hwcheck.problem.load import parse_problem
from hwcheck.problem.model import Problem, Question

PROBLEMS = Path(__file__).parents[2] / "problems"


def library(name: str) -> Problem:
    """A problem that comes with hwcheck."""
    return parse_problem((PROBLEMS / f"{name}.yaml").read_text(encoding="utf-8"), f"{name}.yaml")


def question(problem: Problem, name: str) -> Question:
    """The question that is answered under a name."""
    return next(question for question in problem.questions if question.name == name)


def found(marker: FormulaMarker, problem: Problem, name: str, formula: str) -> FormulaVerdict:
    """What the marker finds of a formula for the question of this name."""
    return marker.mark(question(problem, name), Scalar(formula, Location("ada.yaml", 1, 1)))


def told(verdict: FormulaVerdict) -> tuple[str, str]:
    """The verdict, and the id of the one cause."""
    return verdict.verdict, verdict.cause.id if verdict.cause else ""
