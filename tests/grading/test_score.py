"""Points: by entries, by rows or all or nothing, with carried entries and credit, rounded in one place."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.errors import Location
from hwcheck.grading.result import Entries
from hwcheck.grading.score import points_for, rows_of, total
from hwcheck.graph.node import Quantity
from hwcheck.problem.model import Marking, Question


def question(
    points: float, partial: str = "entries", carried: float = 1.0, credit: Mapping[str, float] | None = None
) -> Question:
    where = Location("small.yaml")
    marking = Marking(partial=partial, carried=carried, credit=credit or {})
    return Question(Quantity("h", shape=(3,)), points, where, marking=marking)


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


# The answer of problems/README.md: right, right, carried; right, wrong, right.
SIX = Entries(right=4, carried=1, wrong=1, total=6)
SIX_ROWS = Entries(carried=1, wrong=1, total=2)


@pytest.mark.parametrize(
    ("points", "partial", "carried", "entries", "rows", "expected"),
    [
        (3, "entries", 0.5, SIX, SIX_ROWS, 2.25),  # 3 * 4.5 / 6
        (3, "rows", 0.5, SIX, SIX_ROWS, 0.75),  # 3 * 0.5 / 2
        (3, "all-or-nothing", 0.5, SIX, SIX_ROWS, 0),
        (3, "entries", 1, SIX, SIX_ROWS, 2.5),
        (3, "entries", 0, SIX, SIX_ROWS, 2),
        (3, "rows", 0, SIX, SIX_ROWS, 0),
        (2, "all-or-nothing", 0.5, Entries(right=7, carried=1, total=8), None, 1),  # as much as its least entry
        (2, "all-or-nothing", 0, Entries(right=7, carried=1, total=8), None, 0),
        (2, "all-or-nothing", 0.5, Entries(right=7, missing=1, total=8), None, 0),
        (2, "rows", 0.5, Entries(right=10, carried=5, total=15), Entries(right=2, carried=3, total=5), 1.4),
        (1, "rows", 1, Entries(right=10, carried=5, total=15), Entries(right=2, carried=3, total=5), 1),
        (1, "rows", 1, Entries(right=14, wrong=1, total=15), Entries(right=4, wrong=1, total=5), 0.8),
        (1, "rows", 1, Entries(right=12, wrong=3, total=15), Entries(right=2, wrong=1, total=3), 0.67),
        (1, "entries", 0.15, Entries(carried=1, right=9, total=10), None, 0.92),  # 0.915: half a hundredth goes up
        (1, "entries", 0.1, Entries(carried=1, wrong=19, total=20), None, 0.01),  # 0.005
        (1.15, "entries", 0.9, Entries(carried=10, total=10), None, 1.04),  # 1.035, which is less in binary
        (1, "entries", 0.999, Entries(carried=1, right=9, total=10), None, 0.99),  # 0.9999 is not all of it
        (0, "entries", 0.5, Entries(carried=1, right=9, total=10), None, 0),
    ],
)
def test_points_with_carried_entries_and_rows(
    points: float, partial: str, carried: float, entries: Entries, rows: Entries | None, expected: float
) -> None:
    assert points_for(question(points, partial, carried), entries, rows=rows) == expected


@pytest.mark.parametrize(
    ("cause", "entries", "expected"),
    [
        ("half", Entries(right=1, wrong=3, total=4), 1.5),
        ("half", Entries(right=3, wrong=1, total=4), 1.5),  # in place of what the entries earn
        ("nothing", Entries(right=3, wrong=1, total=4), 0),
        ("all", Entries(right=1, wrong=3, total=4), 3),
        ("third", Entries(wrong=4, total=4), 0.99),
        ("another", Entries(right=3, wrong=1, total=4), 2.25),  # a diagnosis alone changes no points
        (None, Entries(right=3, wrong=1, total=4), 2.25),
        ("nothing", Entries(right=4, total=4), 3),
        ("nothing", Entries(right=2, carried=2, total=4), 3),  # every entry counts in full
    ],
)
def test_points_by_the_credit_of_a_named_cause(cause: str | None, entries: Entries, expected: float) -> None:
    asked = question(3, credit={"half": 0.5, "nothing": 0.0, "all": 1.0, "third": 0.33})
    assert points_for(asked, entries, cause=cause) == expected
    assert points_for(question(3), entries, cause=cause) == points_for(question(3), entries)


def test_credit_goes_before_all_or_nothing() -> None:
    asked = question(3, "all-or-nothing", credit={"half": 0.5})
    wrong = Entries(right=3, wrong=1, total=4)
    assert points_for(asked, wrong) == 0
    assert points_for(asked, wrong, cause="half") == 1.5


def test_rows_that_are_not_counted_are_no_mistake_of_the_student() -> None:
    with pytest.raises(ValueError, match="the rows of h are not counted"):
        points_for(question(3, "rows"), Entries(right=2, wrong=1, total=3))


T, F = True, False


@pytest.mark.parametrize(
    ("right", "carried", "expected"),
    [
        ([[T, T, F], [T, F, T]], [[F, F, T], [F, F, F]], SIX_ROWS),
        ([[T, T, F], [T, T, T]], None, Entries(right=1, wrong=1, total=2)),
        ([T, T, F, T], [F, F, F, F], Entries(wrong=1, total=1)),  # a vector is one row
        ([T, T, F, T], [F, F, T, F], Entries(carried=1, total=1)),
        ([[T], [F], [T]], None, Entries(right=2, wrong=1, total=3)),  # a column has a row for each entry
        ([[[T, T], [T, F], [F, F]]] * 4, None, Entries(right=4, wrong=8, total=12)),  # 4x3x2: all but the last axis
        (T, None, Entries(right=1, total=1)),
        (F, T, Entries(carried=1, total=1)),
        (F, None, Entries(wrong=1, total=1)),
    ],
)
def test_rows_are_counted(right: object, carried: object, expected: Entries) -> None:
    follows = None if carried is None else np.array(carried, dtype=np.bool_)
    assert rows_of(np.array(right, dtype=np.bool_), follows) == expected


@given(
    st.integers(1, 400),
    st.data(),
    st.integers(1, 10_000),
    st.floats(0, 1),
    st.sampled_from(["entries", "rows", "all-or-nothing"]),
)
def test_full_points_only_where_every_entry_counts_in_full(
    size: int, data: st.DataObject, hundredths: int, credit: float, partial: str
) -> None:
    right = data.draw(st.integers(0, size))
    carried = data.draw(st.integers(0, size - right))
    entries = Entries(right=right, carried=carried, wrong=size - right - carried, total=size)
    points = points_for(question(hundredths / 100, partial, credit), entries, rows=entries)
    full = right == size or (right + carried == size and credit == 1)
    assert (points == hundredths / 100) == full
    assert 0 <= points <= hundredths / 100
    assert abs(100 * points - round(100 * points)) < 1e-9


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
