"""The one comparison: closed bounds, digits, nothing broadcast, NaN never right."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hwcheck.grading.compare import Interval, allowed, exactly, inside, last_place
from hwcheck.problem.model import Tolerance

finite = st.floats(allow_nan=False, allow_infinity=False, width=64, min_value=-1e200, max_value=1e200)


def array(*numbers: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array(numbers, dtype=np.float64)


def accepted(answer: float, reference: float, tolerance: Tolerance) -> bool:
    return bool(inside(array(answer), allowed(exactly(array(reference)), tolerance))[0])


@pytest.mark.parametrize(
    ("answer", "reference", "tolerance", "right"),
    [
        # One unit in the third decimal, closed: in binary 0.381 - 0.380 is a little more than 0.001.
        (0.381, 0.380, Tolerance(decimals=3), True),
        (0.379, 0.380, Tolerance(decimals=3), True),
        (0.3811, 0.380, Tolerance(decimals=3), False),
        (0.382, 0.380, Tolerance(decimals=3), False),
        (-0.381, -0.380, Tolerance(decimals=3), True),
        (0.999, 0.99999372, Tolerance(decimals=3), True),  # cut off
        (1.0, 0.99999372, Tolerance(decimals=3), True),  # rounded
        (0.998, 0.99999372, Tolerance(decimals=3), False),
        (7.0, 8.0, Tolerance(decimals=0), True),
        (6.9, 8.0, Tolerance(decimals=0), False),
        # Large numbers: 123456.789 has no exact neighbours 0.001 away.
        (123456.790, 123456.789, Tolerance(decimals=3), True),
        (123456.788, 123456.789, Tolerance(decimals=3), True),
        (123456.791, 123456.789, Tolerance(decimals=3), False),
        (1e12 + 0.15, 1e12, Tolerance(decimals=1), False),
        (1e12 + 0.15, 1e12, Tolerance(decimals=0), True),
        # Significant figures, also where the number of digits before the point changes.
        (9.98, 9.99, Tolerance(sigfigs=3), True),
        (10.0, 9.99, Tolerance(sigfigs=3), True),
        (10.01, 9.99, Tolerance(sigfigs=3), False),
        (10.1, 10.0, Tolerance(sigfigs=3), True),
        (9.9, 10.0, Tolerance(sigfigs=3), True),
        (9.89, 10.0, Tolerance(sigfigs=3), False),
        (0.101, 0.1, Tolerance(sigfigs=3), True),
        (0.0991, 0.1, Tolerance(sigfigs=3), True),
        (0.1011, 0.1, Tolerance(sigfigs=3), False),
        (1.01e-6, 1e-6, Tolerance(sigfigs=3), True),
        (1.02e-6, 1e-6, Tolerance(sigfigs=3), False),
        (1010.0, 1000.0, Tolerance(sigfigs=3), True),
        (1011.0, 1000.0, Tolerance(sigfigs=3), False),
        (2e-300, 1e-300, Tolerance(sigfigs=1), True),
        # A missing minus is wrong, and so is zero, wherever the digits can show it.
        (0.38, -0.38, Tolerance(decimals=3), False),
        (-6.28e-6, 6.28e-6, Tolerance(sigfigs=3), False),
        (0.0, 6.28e-6, Tolerance(sigfigs=3), False),
        (0.0, 6.28e-6, Tolerance(decimals=3), True),
        (1e-9, 0.0, Tolerance(sigfigs=3), False),
        (0.0, 0.0, Tolerance(sigfigs=3), True),
        (-0.0, 0.0, Tolerance(sigfigs=3), True),
        # Stated differences; of several the widest counts.
        (0.51, 0.5, Tolerance(abs=0.01), True),
        (0.511, 0.5, Tolerance(abs=0.01), False),
        (202.0, 200.0, Tolerance(rel=0.01), True),
        (202.1, 200.0, Tolerance(rel=0.01), False),
        (-202.0, -200.0, Tolerance(rel=0.01), True),
        (198.0, 200.0, Tolerance(rel=0.01), True),
        (200.5, 200.0, Tolerance(abs=0.5, decimals=3), True),
        (200.5, 200.0, Tolerance(rel=1e-6, decimals=3), False),
        (201.0, 200.0, Tolerance(abs=1e-3, sigfigs=3), True),
    ],
)
def test_what_is_right(answer: float, reference: float, tolerance: Tolerance, right: bool) -> None:
    assert accepted(answer, reference, tolerance) is right


@pytest.mark.parametrize("reference", [1.0, 0.0, math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("tolerance", [Tolerance(decimals=3), Tolerance(abs=1e300), Tolerance(rel=1.0)])
def test_nan_is_never_right(reference: float, tolerance: Tolerance) -> None:
    assert not accepted(math.nan, reference, tolerance)


@pytest.mark.parametrize("tolerance", [Tolerance(decimals=3), Tolerance(abs=1e300), Tolerance(rel=1.0)])
def test_an_infinity_is_met_by_the_same_infinity_only(tolerance: Tolerance) -> None:
    assert accepted(math.inf, math.inf, tolerance)
    assert accepted(-math.inf, -math.inf, tolerance)
    for answer, reference in [(math.inf, -math.inf), (1e308, math.inf), (math.inf, 1e308), (math.inf, 1.0)]:
        assert not accepted(answer, reference, tolerance)


def test_an_infinity_spoils_no_other_entry() -> None:
    reference, answer = array(math.inf, 2.0, math.nan), array(math.inf, 2.001, 1.0)
    assert inside(answer, allowed(exactly(reference), Tolerance(decimals=3))).tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("answer", "reference", "width"),
    [((4,), (4, 1), (4, 1)), ((1, 4), (4,), (4,)), ((), (1,), (1,)), ((3, 2), (2, 3), (2, 3)), ((3,), (3,), ())],
)
def test_nothing_is_broadcast(answer: tuple[int, ...], reference: tuple[int, ...], width: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="shapes differ"):
        inside(np.zeros(answer), Interval(np.zeros(reference), np.zeros(width), np.zeros(width)))


def test_each_entry_has_its_own_bound() -> None:
    reference = np.array([[1.0, 100.0, 10000.0], [0.001, 0.0, -1000.0]])
    assert last_place(reference, Tolerance(sigfigs=2)).tolist() == [
        [pytest.approx(0.1), pytest.approx(10.0), pytest.approx(1000.0)],
        [pytest.approx(0.0001), 0.0, pytest.approx(100.0)],
    ]
    assert last_place(reference, Tolerance(decimals=2)).tolist() == [[0.01] * 3] * 2
    assert last_place(reference, Tolerance(abs=1.0)).tolist() == [[0.0] * 3] * 2


@pytest.mark.parametrize("exponent", [*range(-290, 290, 29), *range(-20, 20)])
def test_the_unit_at_powers_of_ten(exponent: int) -> None:
    reference = array(float(f"1e{exponent}"), float(f"-9.99e{exponent}"), float(f"9.9999e{exponent}"))
    assert last_place(reference, Tolerance(sigfigs=3)) == pytest.approx(float(f"1e{exponent - 2}"), rel=1e-12, abs=0)


def test_the_rounding_bound_is_added_on_its_own_side() -> None:
    found = Interval(array(1.0, 2.0), array(0.0, 0.5), array(0.25, 0.0))
    around = allowed(found, Tolerance(decimals=3))
    assert (around.below.tolist(), around.above.tolist()) == ([0.001, 0.501], [0.251, 0.001])


def test_the_own_rounding_is_that_of_the_largest_number_it_may_be() -> None:
    """9.99 that may be 10.04 is written 10.0 to three figures, whose last place is 0.1."""
    around = allowed(Interval(array(9.99), array(0.05), array(0.05)), Tolerance(sigfigs=3))
    assert around.above.tolist() == [pytest.approx(0.15)]


def test_told_to_round_to_nearest_halves_the_last_place() -> None:
    assert last_place(array(1.0), Tolerance(decimals=2, rounding="nearest")).tolist() == [0.005]


@pytest.mark.parametrize(
    ("answer", "at", "below", "above", "right"),
    [
        (-5.0, -1.0, math.inf, 0.1, True),
        (-0.8, -1.0, math.inf, 0.1, False),
        (-math.inf, -1.0, math.inf, 0.1, False),
        (4.6, math.inf, math.inf, 0.0, True),  # there is a pole nearby
        (4.6, math.inf, 0.0, 0.0, False),
    ],
)
def test_an_open_end(answer: float, at: float, below: float, above: float, right: bool) -> None:
    assert inside(array(answer), Interval(array(at), array(below), array(above))).tolist() == [right]


@given(finite, st.integers(0, 12))
@example(0.5, 0)
@example(2.675, 2)
def test_rounded_and_cut_off_answers_are_right_to_any_decimals(reference: float, decimals: int) -> None:
    """Python's own decimal numbers round and cut; beyond 15 digits a float64 has nothing to round."""
    if abs(reference) * 10**decimals >= 1e15:
        decimals = 0
    exact, unit = Decimal(reference), Decimal(1).scaleb(-decimals)
    if abs(exact) >= Decimal(10) ** 15:
        return
    for rounding in ("ROUND_HALF_EVEN", "ROUND_HALF_UP", "ROUND_DOWN", "ROUND_FLOOR", "ROUND_CEILING"):
        assert accepted(float(exact.quantize(unit, rounding)), reference, Tolerance(decimals=decimals))


@given(finite.filter(lambda x: abs(x) > 1e-200), st.integers(1, 12))
@example(9.9999999, 3)
@example(0.1, 3)
@example(1000.0, 1)
def test_rounded_answers_are_right_to_any_significant_figures(reference: float, sigfigs: int) -> None:
    assert accepted(float(f"{reference:.{sigfigs - 1}e}"), reference, Tolerance(sigfigs=sigfigs))


@given(finite.filter(lambda x: abs(x) > 1e-200), st.integers(1, 12))
def test_two_units_off_are_wrong(reference: float, sigfigs: int) -> None:
    exact = Decimal(reference)
    if exact.as_tuple().digits[:12] == (9,) * 12:
        return  # as good as the next power of ten, which has the larger unit
    unit = Decimal(1).scaleb(exact.adjusted() - sigfigs + 1)
    for answer in (exact + 2 * unit, exact - 2 * unit):
        assert not accepted(float(answer), reference, Tolerance(sigfigs=sigfigs))


@given(st.lists(finite, min_size=1, max_size=5), st.floats(1e-12, 1e3), st.floats(0, 1))
def test_the_bound_is_closed_and_nothing_beyond_it_is_right(
    references: list[float], absolute: float, share: float
) -> None:
    around = allowed(exactly(array(*references)), Tolerance(abs=absolute))
    at, below, above = around
    assert inside(at + share * above, around).all()
    assert inside(at - share * below, around).all()
    noise = 1e-14 * (np.abs(at) + above)
    assert not inside(at + 1.001 * above + noise, around).any()
