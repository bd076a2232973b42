"""Numbers as students write them: what has one sensible reading is read, everything else is told."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.errors import Location
from hwcheck.limits import CELL, EXPRESSIONS
from hwcheck.located import Scalar
from hwcheck.submissions.numbers import (
    FUNCTIONS,
    NumberReader,
    TooManyError,
    Unreadable,
    is_blank,
    read_number,
)

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
        *(("(0.3*0.4 + 0.7*0.8)", 0.68), ("maximum(1, 5)", 5.0), ("2 if sqrt(2) > 0 else 3", 2.0)),
        *(("inf", math.inf), ("-inf", -math.inf), ("−inf", -math.inf), ("Infinity", math.inf)),
        *(
            ("1.2e−3", 0.0012),
            ("−1.2E−3", -0.0012),
            ("−.5", -0.5),
            ("$0.5$", 0.5),
            ("$ −1/4 $", -0.25),
            ("$1e−2$", 0.01),
        ),
        *((".inf", math.inf), ("-.inf", -math.inf), ("+.INF", math.inf), ("∞", math.inf), ("-∞", -math.inf)),
        *(("−∞", -math.inf), ("$\u221e$", math.inf), ("½", 0.5), ("-¼", -0.25), ("−⅔", -2 / 3), ("+⅞", 0.875)),
        *(("1½", 1.5), ("-2 ¾", -2.75), ("⅑", 1 / 9), ("⅒", 0.1), ("⅐", 1 / 7), ("$½$", 0.5)),
        *(("ln(2)", math.log(2)), ("log2(8)", 3.0), ("log10(100)", 2.0), ("abs(-3)", 3.0), ("sin(1)", math.sin(1))),
        *(("cos(1)", math.cos(1)), ("relu(-2)", 0.0), ("sign(-2)", -1.0), ("minimum(1, 5)", 1.0)),
        *(("softplus(0)", math.log(2)), ("2^3", 8.0), ("2·3", 6.0), ("√(9)", 3.0), ("7 // 2", 3.0)),
        ("0." + "3" * 300, 1 / 3),
    ],
)
def test_a_number_is_read(text: str, value: float) -> None:
    assert number(text) == pytest.approx(value, rel=1e-15, abs=0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("twelve", "a number belongs here, not a word"),
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
        ("9" * 5000, "has 5,000 characters; a number or its arithmetic has at most 200"),
        ("1" + "+1" * 90, "more than 60 parts"),
        ("(" * 25 + "1" + ")" * 25, "nested deeper than 20"),
        ("1j", "a real number belongs here, not a complex one"),
        ("2.5i", "not a complex one"),
        ("1 + 2j", "not a complex one"),
        ("0x1F", "in decimal digits: write 31"),
        ("0x10", "in decimal digits: write 16"),
        ("-0b101", "in decimal digits: write -5"),
        ("1.0.0", "one decimal point"),
        ("-1..0", "one decimal point"),
        ("1_000", "without '_': write 1000"),
        ("-1_0.5e3", "without '_': write -10.5e3"),
        ("yes", "not the word 'yes'"),
        ("No", "not the word 'no'"),
        ("on", "not the word 'on'"),
        ("$0.5", ""),
        ("$$", ""),
        ("½½", ""),
        ("sum(1)", "there is no op 'sum'"),
        ("max(1, 2)", "there is no op 'max'"),
        ("broadcast_to(1, [9])", "there is no op 'broadcast_to'"),
        ("conv2d(1, 1)", "there is no op 'conv2d'"),
        ("sqrt([1, 2, 3])", "3 entries; at most 1"),
        ("[1, 2] @ [3, 4]", "@ multiplies arrays"),
        ("maximum(1, [[2, 3]])", "2 entries; at most 1"),
        ("sqrt(2)[0]", ""),
        ("sqrt(2)[sqrt(0)]", ""),
        ("(1, 2)", ""),
        ("sqrt(4) in 3", ""),
        ("'1'", ""),
        ("True", "not the word 'true'"),
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
    check_read_or_told(text)


def check_read_or_told(text: str) -> None:
    try:
        value = number(text)
    except Unreadable:
        return
    assert not math.isnan(value)


def test_the_place_inside_a_cell_is_told() -> None:
    with pytest.raises(Unreadable) as caught:
        read_number(Scalar(" 1 + x1", HERE, quoted=True))
    assert caught.value.offset == len("' 1 + ")


def test_an_expression_is_evaluated_once() -> None:
    reader = NumberReader(most=2)
    for text in ["1/3", "0.5", " 1/3", "x1", "1/3", "x1 ", "7", "1e5"]:
        try:
            assert reader.read(Scalar(text, HERE)) > 0
        except TooManyError:
            pytest.fail(text)
        except Unreadable:
            assert text.strip() == "x1"
    with pytest.raises(TooManyError, match="more than 2 different expressions stand in this file"):
        reader.read(Scalar("1/4", HERE))
    assert reader.read(Scalar("0.25", HERE)) == 0.25  # plain numbers are free
    assert reader.read(Scalar("1/3", HERE)) == 1 / 3  # and so is what is known


COSTLY = {
    "a convolution": "sum(conv2d(broadcast_to(1,[1,900,900]),broadcast_to(1,[1,1,400,400])))",
    "products": "sum(outer(broadcast_to(1,[999]),broadcast_to(1,[999]))@broadcast_to(1,[999,999]))",
    "a wide array": "sum(broadcast_to(1,[999999]))",
    "a root": "sqrt(2)",
    "a long sum": "+".join(["tanh(1)"] * 20),
    "a word": "twelv1",
    "underscores": "1" + "_" * 150,
    "a sum of signs": "1+" * 90 + "j",
    "blanks": " " * 80 + "x" + " " * 80 + "x",
}


@pytest.mark.parametrize("text", COSTLY.values(), ids=COSTLY)
def test_a_submission_of_costly_cells_takes_seconds(text: str) -> None:
    """As many different cells as the limit allows, and far more of them: 60 s and more before there was a limit."""
    assert len(text) <= CELL.characters
    reader, refused = NumberReader(), 0
    begin = time.perf_counter()
    for i in range(20_000):
        try:
            reader.read(Scalar(f"{text}+{i % 6_000}", HERE))
        except TooManyError:
            refused += 1
        except Unreadable:
            pass
    assert time.perf_counter() - begin < 20
    assert refused == 20_000 - sum(i % 6_000 < EXPRESSIONS for i in range(20_000))


def test_a_cell_may_be_as_long_as_a_file() -> None:
    begin = time.perf_counter()
    for text in (
        "1" * 1_900_000,
        "1+" * 900_000,
        "9." * 900_000 + "j",
        "1_" * 900_000,
        "$" * 1_900_000,
        "1," * 900_000,
    ):
        with pytest.raises(Unreadable):
            number(text)
    assert time.perf_counter() - begin < 10


PIECES = [
    *FUNCTIONS,
    "(",
    ")",
    "[",
    "]",
    ",",
    "+",
    "-",
    "*",
    "/",
    "**",
    "@",
    "%",
    "//",
    "<",
    "==",
    " if ",
    " else ",
    " not ",
]
PIECES += [
    "1",
    "0.5",
    "e",
    "pi",
    ".T",
    "^T",
    "[0]",
    ":",
    "$",
    "½",
    "∞",
    "_",
    "j",
    "'a'",
    "neg(",
    "where(",
    "pick(",
    "stack(",
]


@settings(max_examples=2000, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=10).map("".join))
def test_what_looks_like_arithmetic_is_read_or_told(text: str) -> None:
    check_read_or_told(text)
