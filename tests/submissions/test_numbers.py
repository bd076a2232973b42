"""Numbers as students write them: what has one sensible reading is read, everything else is told."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.errors import Location
from hwcheck.located import Scalar
from hwcheck.submissions.numbers import Unreadable, is_blank, read_number

HERE = Location("ada.yaml", 3, 7)


def number(text: str) -> float:
    return read_number(Scalar(text, HERE))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("0.5", 0.5), (".5", 0.5), ("5.", 5.0), ("+0.3", 0.3), ("-0", 0.0), ("0.50", 0.5), ("007", 7.0)),
        *(("1e-3", 0.001), ("1E-3", 0.001), ("1.5e3", 1500.0), ("1e+3", 1000.0), ("-2.511e-06", -2.511e-6)),
        *((" 0.5 ", 0.5), ("−0.5", -0.5), ("1/3", 1 / 3), ("-1/3", -1 / 3), ("2**-3", 0.125), ("1-2", -1.0)),
        *(("sqrt(2)", math.sqrt(2)), ("log(2)", math.log(2)), ("-log(0.999)", -math.log(0.999))),
        *(("exp(1)", math.e), ("e", math.e), ("pi", math.pi), ("2*π", 2 * math.pi), ("np.exp(1)", math.e)),
        *(
            ("1/(1+exp(-2))", 1 / (1 + math.exp(-2))),
            ("sigmoid(2)", 1 / (1 + math.exp(-2))),
            ("tanh(0.5)", math.tanh(0.5)),
        ),
        *(("(0.3*0.4 + 0.7*0.8)", 0.68), ("max([1, 5, 2])", 5.0), ("2 if 1 > 0 else 3", 2.0)),
        *(("inf", math.inf), ("-inf", -math.inf), ("−inf", -math.inf), ("Infinity", math.inf)),
        ("0." + "3" * 300, 1 / 3),
    ],
)
def test_a_number_is_read(text: str, value: float) -> None:
    assert number(text) == pytest.approx(value, rel=1e-15, abs=0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("twelve", "'twelve'"),
        ("3,14", "write 3.14 with a point"),
        ("-3,14", "write -3.14 with a point"),
        ("1,234", "write 1.234 with a point"),
        ("nan", "nan is no number"),
        ("NaN", "nan is no number"),
        ("-nan", "nan is no number"),
        ("[1, 2]", "an array of 2"),
        ("1/0", "has no finite value"),
        ("0/0", "has no finite value"),
        ("log(0)", "has no finite value"),
        ("log(-1)", "has no finite value"),
        ("sqrt(-1)", "has no finite value"),
        ("(-8)**0.5", "has no finite value"),
        ("9**9**9**9", "has no finite value"),
        ("1e999", "has no finite value"),
        ("-1e999", "has no finite value"),
        ("9" * 399, "has no finite value"),
        ("1.2.3", ""),
        ("1 2", ""),
        ("--", ""),
        ("(.63", ""),
        ("O.5", ""),
        ("W1", "'W1'"),
        ("__import__('os')", ""),
        ("9" * 5000, "at most 2,000 are allowed"),
        ("1" + "+1" * 200, "parts"),
        ("1j", ""),
        ("0x1F", ""),
        ("'1'", ""),
        ("True", ""),
    ],
)
def test_what_is_no_number_is_told(text: str, message: str) -> None:
    with pytest.raises(Unreadable) as caught:
        number(text)
    assert message in caught.value.message
    assert caught.value.message


@pytest.mark.parametrize(
    "text", ["", "_", "?", "-", "–", "—", "...", "…", "n/a", "N/A", "na", "None", "null", "~", "TODO", " _ "]
)
def test_a_blank_is_no_answer(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["0", "-0", "e", "nan", "inf", "x", "__", "-1", "a/n"])
def test_what_is_no_blank(text: str) -> None:
    assert not is_blank(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_read_back(value: float) -> None:
    assert number(repr(value)) == value


@given(st.text(max_size=30))
def test_any_text_is_read_or_told(text: str) -> None:
    try:
        value = number(text)
    except Unreadable:
        return
    assert not math.isnan(value)
