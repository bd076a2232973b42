"""What hwcheck prints as the formula of a step is right as an answer, in every problem that comes with hwcheck.

So the points suit every kind of network: no right formula is refused for what float64 makes of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hwcheck.errors import Location
from hwcheck.grading.formulas import FormulaMarker
from hwcheck.graph.node import Call, Node, Quantity, Use, order
from hwcheck.language.printer import to_text
from hwcheck.located import Scalar
from hwcheck.problem.load import parse_problem
from hwcheck.problem.model import Problem, Question
from tests.grading.formula_marks import PROBLEMS

FILES = sorted(PROBLEMS.rglob("*.yaml"))


def written(node: Node) -> tuple[Node, ...]:
    """What stands in an expression as it is printed: the arguments of calls, and no quantity's own body."""
    return node.inputs if isinstance(node, Call) else ()


def names_in(body: Node) -> list[str]:
    """The quantities that the printed expression holds."""
    found = [node.of if isinstance(node, Use) else node for node in order([body], written)]
    return list(dict.fromkeys(node.name for node in found if isinstance(node, Quantity)))


def as_formulas(problem: Problem) -> Iterator[Question]:
    """The questions for a quantity with a formula of its own, asked for the formula."""
    known = problem.all_quantities()
    for asked in problem.questions:
        body = asked.quantity.body
        if asked.answer == "number" and isinstance(body, Call) and body.op.name != "jacobian":
            using = names_in(body)
            if set(using) <= set(known):
                yield asked._replace(answer="formula", using=tuple(using))


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_the_printed_formula_is_right(file: Path) -> None:
    problem = parse_problem(file.read_text(encoding="utf-8"), file.name)
    questions = tuple(as_formulas(problem))
    marker = FormulaMarker(problem._replace(questions=questions))
    for asked in questions:
        assert asked.quantity.body is not None
        text = to_text(asked.quantity.body)
        verdict = marker.mark(asked, Scalar(text, Location("ada.yaml", 1, 1)))
        assert (asked.name, verdict.verdict, verdict.note) == (asked.name, "right", "")


def test_most_questions_are_tried() -> None:
    problems = [parse_problem(file.read_text(encoding="utf-8"), file.name) for file in FILES]
    assert sum(len(list(as_formulas(problem))) for problem in problems) > 500
