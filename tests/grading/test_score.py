"""Points: by entries or all or nothing, rounded in one place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.errors import Location
from hwcheck.grading.result import Entries
from hwcheck.grading.score import points_for, total
from hwcheck.graph.node import Quantity
from hwcheck.problem.model import Question


def question(points: float, partial: str = "entries") -> Question:
    return Question(Quantity("h", shape=(3,)), points, Location("small.yaml"), partial=partial)


@pytest.mark.parametrize(
    ("points", "partial", "entries", "expected"),
    [
        (4, "entries", Entries(right=32, total=32), 4),
        (4, "entries", Entries(right=25, wrong=2, missing=5, total=32), 3.13),  # 3.125: half a hundredth goes up
        (4, "entries", Entries(right=20, carried=5, wrong=7, total=32), 3.13),
        (2, "entries", Entries(right=7, missing=1, total=8), 1.75),
        (1, "entries", Entries(right=1, wrong=2, total=3), 0.33),
        (1, "entries", Entries(right=2, wrong=1, total=3), 0.67),
        (1, "entries", Entries(wrong=3, total=3), 0),
        (2, "all-or-nothing", Entries(right=7, missing=1, total=8), 0),
        (1, "entries", Entries(right=399, wrong=1, total=400), 0.99),  # nothing but all entries is full points
        (0.01, "entries", Entries(right=399, wrong=1, total=400), 0),
        (2, "all-or-nothing", Entries(right=7, carried=1, total=8), 2),
        (0, "entries", Entries(right=8, total=8), 0),
        (1 / 3, "entries", Entries(right=8, total=8), 1 / 3),  # full points are what the problem says
    ],
)
def test_points_of_an_answer(points: float, partial: str, entries: Entries, expected: float) -> None:
    assert points_for(question(points, partial), entries) == expected


@given(st.integers(1, 400), st.data(), st.floats(0.01, 100))
def test_points_grow_with_the_entries_and_stay_in_bounds(size: int, data: st.DataObject, points: float) -> None:
    right = data.draw(st.integers(0, size - 1))
    asked = question(points)
    fewer = points_for(asked, Entries(right=right, wrong=size - right, total=size))
    more = points_for(asked, Entries(right=right + 1, wrong=size - right - 1, total=size))
    assert 0 <= fewer <= more + 0.005 <= points + 0.01
    assert abs(fewer - points * right / size) <= 0.01 + 1e-9  # a partial answer never rounds up to full points


@pytest.mark.parametrize(
    ("points", "expected"),
    [((), 0), ((0.1, 0.2), 0.3), ((0.1,) * 10, 1), ((1.75, 3.13, 1, 1), 6.88), ((2.5, 4.0, 3.0), 9.5)],
)
def test_the_sum_has_no_noise(points: tuple[float, ...], expected: float) -> None:
    assert total(points) == expected
    assert total(np.array(points)) == expected
