"""How many points a question may have."""

from __future__ import annotations

import pytest

from hwcheck.errors import ProblemError
from hwcheck.limits import POINTS
from hwcheck.problem.load import parse_problem

PROBLEM = "inputs: {x: 2}\nweights: {w: 3}\nnetwork: {L: w * x}\nloss: L\nquestions:\n  - {ask: L, points: POINTS}\n"


@pytest.mark.parametrize("points", ["0.01", "2.5", str(POINTS)])
def test_points_that_can_be_counted(points: str) -> None:
    (question,) = parse_problem(PROBLEM.replace("POINTS", points), "points.yaml").questions
    assert question.points == float(points)


@pytest.mark.parametrize("points", ["1e30", "1e300", str(POINTS + 1)])
def test_points_beyond_all_sheets_are_refused_with_the_place(points: str) -> None:
    with pytest.raises(ProblemError) as caught:
        parse_problem(PROBLEM.replace("POINTS", points), "points.yaml")
    (fault,) = caught.value.faults
    assert fault.location[1:] == (6, 22)
    assert fault.message.startswith(f"points may be {POINTS:,} at most, not {float(points):g}")
