"""How many digits a number is written with, counted by hand."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.problem.model import Tolerance
from hwcheck.submissions.digits import WORDS, shortfall, written_digits


@pytest.mark.parametrize(
    ("text", "decimals", "sigfigs"),
    [
        ("0.38", 2, 2),
        ("0.380", 3, 3),  # trailing zeros are written digits
        ("-12.50", 2, 4),
        ("+1.0", 1, 2),
        ("2", 0, 1),
        ("1500", 0, 4),
        ("007", 0, 1),
        ("0.00405", 5, 3),
        (".5", 1, 1),
        ("5.", 0, 1),
        ("−0.5", 1, 1),
        ("–0.5", 1, 1),
        ("- 0.25", 2, 2),
        ("3,14", 2, 3),
        (" 3.14 ", 2, 3),
        ("$-0.125$", 3, 3),
        ("1e-3", 3, 1),
        ("1.50e-3", 5, 3),
        ("1.50e2", 0, 3),
        ("1.50E+1", 1, 3),
        ("1.5e3", 0, 2),
        ("2.5e−4", 5, 2),
        ("1.5*10**-3", 4, 2),
        ("1.5*10^(-3)", 4, 2),
        (r"1.5 · 10^{-3}", 4, 2),
        ("1.25×10^2", 0, 3),
        ("0", 0, 0),
        ("0.00", 2, 0),
        ("-0.000", 3, 0),
        ("0e-2", 2, 0),
        ("1,234.50", 2, 6),
        ("1.234,5", 1, 5),
        ("1_000", 0, 4),
        ("٣.٥", 1, 2),
        ("12%", 2, 2),
        ("12.50 %", 4, 4),
        ("0.50%", 4, 2),
        ("≈0.990", 3, 3),
        ("11.9786.", 4, 6),
        (r"1.20 \times 10^{-3}", 5, 3),
        ("1.2·10⁻³", 4, 2),
        (r"\mathbf{0.50}", 2, 2),
        ("np.float64(0.25)", 2, 2),
    ],
)
def test_digits_of_a_plain_number(text: str, decimals: int, sigfigs: int) -> None:
    assert written_digits(text) == (decimals, sigfigs)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "+", "-", ".", ",", "e5", "1e", "1e+", "1/3", "-log(0.999)", "0.5+0.5", "1 2", "1.2.3", "1,2,3"),
        *(
            "inf",
            "nan",
            "½",
            "2½",
            "0x1f",
            "1_0",
            "two",
            "1e99999",
            "1,234",
            "1 234",
            "$",
            "$$",
            "1\n2",
            "0" * 401,
            "--1",
        ),
    ],
)
def test_what_is_no_plain_number_has_no_count(text: str) -> None:
    assert written_digits(text) is None
    assert shortfall(text, Tolerance(decimals=3, sigfigs=5)) == ""


@pytest.mark.parametrize(
    ("text", "tolerance", "said"),
    [
        ("0.38", Tolerance(decimals=3), "two decimals where three are asked"),
        ("0.4", Tolerance(decimals=3), "one decimal where three are asked"),
        ("4", Tolerance(decimals=1), "no decimals where one is asked"),
        ("0.380", Tolerance(decimals=3), ""),
        ("0.3800001", Tolerance(decimals=3), ""),
        ("4", Tolerance(decimals=0), ""),
        ("0.38", Tolerance(sigfigs=3), "two significant figures where three are asked"),
        ("0.00004", Tolerance(sigfigs=2), "one significant figure where two are asked"),
        ("0.380", Tolerance(sigfigs=3), ""),
        ("2", Tolerance(sigfigs=4), "one significant figure where four are asked"),
        ("0", Tolerance(decimals=3), "no decimals where three are asked"),
        ("0.0", Tolerance(sigfigs=3), "no significant figures where three are asked"),
        ("0.004", Tolerance(decimals=3, sigfigs=3), ""),  # either is enough
        ("120", Tolerance(decimals=3, sigfigs=3), ""),
        ("0.04", Tolerance(decimals=3, sigfigs=3), "two decimals where three are asked"),
        ("0.5", Tolerance(abs=0.01, rel=0.02), ""),
        ("0.5", Tolerance(abs=0.1, decimals=2), "one decimal where two are asked"),
        ("1e-10", Tolerance(decimals=12), "ten decimals where 12 are asked"),
        ("0.5", Tolerance(decimals=10), "one decimal where ten are asked"),
    ],
)
def test_what_a_number_lacks(text: str, tolerance: Tolerance, said: str) -> None:
    assert shortfall(text, tolerance) == said


@given(st.decimals(allow_nan=False, allow_infinity=False, places=None, min_value=-(10**9), max_value=10**9))
def test_decimals_agree_with_the_decimal_module(number: Decimal) -> None:
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    written = written_digits(str(number))
    if abs(exponent) > 350:
        return  # too long to be written out
    assert written is not None
    assert written.decimals == max(-exponent, 0)
    assert written.sigfigs == (len(digits) if any(digits) else 0)


@given(st.integers(0, 10**6), st.integers(0, 12), st.integers(-15, 15), st.sampled_from(["e", "E", "*10^", " * 10**"]))
def test_a_power_of_ten_moves_the_point_and_no_figure(whole: int, places: int, power: int, sign: str) -> None:
    plain = f"{whole}.{'3' * places}" if places else str(whole)
    before, after = written_digits(plain), written_digits(f"{plain}{sign}{power}")
    assert before is not None
    assert after is not None
    assert after.decimals == max(before.decimals - power, 0)
    assert after.sigfigs == before.sigfigs


@given(st.text(max_size=500), st.integers(0, 15), st.integers(1, 15))
def test_any_text_is_counted_or_not(text: str, decimals: int, sigfigs: int) -> None:
    written = written_digits(text)
    assert written is None or (written.decimals >= 0 and written.sigfigs >= 0)
    said = shortfall(text, Tolerance(decimals=decimals, sigfigs=sigfigs))
    assert said == "" or (said.isprintable() and said.split()[0] in WORDS)


@pytest.mark.parametrize("piece", ["0", "9", ".", "-", " ", "$", "1e", "*10", "−", "1·10^"])
def test_hostile_text_takes_no_time(piece: str) -> None:
    began = time.perf_counter()
    for length in (399, 400, 401, 1_000_000):
        written_digits((piece * length)[:length])
        written_digits((piece * length)[:length] + "x")
    assert time.perf_counter() - began < 1
