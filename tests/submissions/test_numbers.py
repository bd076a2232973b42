"""Numbers as students write them: what has one sensible reading is read, everything else is told."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.errors import Location
from hwcheck.limits import CELL, EXPRESSIONS, Expressions
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
        *(("softplus(0)", math.log(2)), ("2^3", 8.0), ("2 · 3", 6.0), ("√(9)", 3.0), ("7 // 2", 3.0)),
        ("0." + "3" * 300, 1 / 3),
    ],
)
def test_a_number_is_read(text: str, value: float) -> None:
    assert number(text) == pytest.approx(value, rel=1e-15, abs=0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("twelve", "a number belongs here, not a word"),
        ("1,234", "'1,234' is 1.234 or 1234"),
        ("0·5", "'0·5' is 0.5, or the product 0 * 5"),
        ("1/2/3", "'1/2/3' is (1/2)/3, or 1/(2/3)"),
        ("--0.5", "'--0.5' is the negative number, or two signs"),
        ("0.3 or 0.4", "no single number"),
        ("0.3 < 0.4", "true or false, and no number"),
        ("1 == 1", "true or false, and no number"),
        ("-12,345", "'-12,345' is -12.345 or -12345"),
        ("$123,456$", "'123,456' is 123.456 or 123456"),
        ("3 , 14", "'3 , 14' is 3.14, or two numbers"),
        ("1 234", "the one number 1234, or 2 numbers"),
        ("1 234 567.8", "the one number 1234567.8, or 3 numbers"),
        ("2 1/3", "is 2 and 1/3, or two numbers: write 2 + 1/3"),
        ("1.2×10-3", "is 1.2×10^-3, or 1.2*10 - 3"),
        ("1.2 x 10−3", "is 1.2 x 10^-3, or 1.2 * 10 - 3"),
        ("±0.5", "two numbers, one with each sign"),
        ("0.4 ± 0.3", "is a number with an error, or a difference"),
        ("0.4 +- 0.3", "is a number with an error, or a difference"),
        ("-4e-1+/-0.3", "is a number with an error, or a difference"),
        ("0.4 \\pm 0.3", "is a number with an error, or a difference"),
        ("0.5 nats", "'nats' stands behind the number 0.5"),
        ("0.5 (rounded)", "'(rounded)' stands behind the number 0.5"),
        ("5cm", "'cm' stands behind the number 5"),
        ("1:30", "':' belongs in no number"),
        ("1.l", "'l' is a letter: write the digit 1"),
        ("#DIV/0!", "what a spreadsheet shows where it has no number"),
        (r"\frac{1}{3", "something is missing at the end"),
        (r"\frac{1}", "something is missing at the end"),
        (r"\frac{1}}{2}", "this '}' closes nothing"),
        (r"\frac\frac{1}{2}{3}", "in braces"),
        (r"\sqrt[3]{8}", "in brackets"),
        (r"\begin{x}", "'\\begin' has no meaning in a number"),
        (r"\foo{2}", "'\\foo' has no meaning in a number"),
        ("1.234.567", "one decimal point"),
        ("1,23,456", ""),
        ("1,2,3", ""),
        ("12,34.5", ""),
        ("1.23,456.7", ""),
        ("1_0", "without '_': write 10"),
        ("0.1_5", "without '_': write 0.15"),
        ("1_", "without '_': write 1"),
        ("1__000", "without '_': write 1000"),
        ("1e", ""),
        ("12%%", ""),
        ("½%", ""),
        ("1,5e", ""),
        ("0x10+1", ""),
        ("== 5", ""),
        ("(-h0.1inf)", "'.1i' begins like a number and is none"),
        ("1\u20092", ""),
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
        ("O.5", "'o' is a letter: write the digit 0"),
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


@pytest.mark.parametrize(
    ("text", "value", "note"),
    [
        ("3,14", 3.14, "3,14 read as 3.14"),
        (" -3,14 ", -3.14, "-3,14 read as -3.14"),
        (",5", 0.5, ",5 read as 0.5"),
        ("0,123", 0.123, "0,123 read as 0.123"),
        ("1234,567", 1234.567, "1234,567 read as 1234.567"),
        ("1,2345", 1.2345, "1,2345 read as 1.2345"),
        ("0.333...", 0.333, "0.333... read as 0.333"),
        ("-1.25…", -1.25, "-1.25… read as -1.25"),
        ("3,14e2", 314.0, "3,14e2 read as 3.14e2"),
        ("1,234e5", 123400.0, "1,234e5 read as 1.234e5"),
        ("1,234.5", 1234.5, "1,234.5 read as 1234.5"),
        ("-1,234,567", -1234567.0, "-1,234,567 read as -1234567"),
        ("1.234,5", 1234.5, "1.234,5 read as 1234.5"),
        ("1.234.567,8", 1234567.8, "1.234.567,8 read as 1234567.8"),
        ("1_000", 1000.0, "1_000 read as 1000"),
        ("12_345.6", 12345.6, "12_345.6 read as 12345.6"),
        ("1'234.5", 1234.5, "1'234.5 read as 1234.5"),
        ("1\u2009234.5", 1234.5, "1\u2009234.5 read as 1234.5"),
        ("1\u00a0234\u202f567", 1234567.0, "1\u00a0234\u202f567 read as 1234567"),
        ("0.123\u2009456", 0.123456, "0.123\u2009456 read as 0.123456"),
        (r"1\,234", 1234.0, r"1\,234 read as 1234"),
        (r"3{,}14", 3.14, r"3{,}14 read as 3.14"),
        ("12%", 0.12, "12% read as 0.12"),
        ("12.5 %", 0.125, "12.5 % read as 0.125"),
        (r"50\%", 0.5, r"50\% read as 0.5"),
        ("≈0.99", 0.99, "≈0.99 read as 0.99"),
        (r"\approx 0.99", 0.99, r"\approx 0.99 read as 0.99"),
        ("~-0.5", -0.5, "~-0.5 read as -0.5"),
        ("= 0.5", 0.5, "= 0.5 read as 0.5"),
        ("11.9786.", 11.9786, "11.9786. read as 11.9786"),
        ("0.5,", 0.5, "0.5, read as 0.5"),
        ("１．５", 1.5, "１．５ read as 1.5"),
        ("－０．５", -0.5, "－０．５ read as -0.5"),
        ("٣٫١٤", 3.14, "٣٫١٤ read as 3.14"),
    ],
)
def test_what_has_one_reading_is_read_and_noted(text: str, value: float, note: str) -> None:
    assert NumberReader().read_noted(Scalar(text, HERE)) == (value, note)
    assert number(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("1.2×10^-3", 0.0012), ("1.2 x 10^(-3)", 0.0012), (r"1.2 \times 10^{-3}", 0.0012), ("1.2·10⁻³", 0.0012)),
        *(("-1.2X10^3", -1200.0), ("5*10**-2", 0.05), (r"3 \cdot 10^{2}", 300.0), ("10⁻³", 0.001), ("2×10⁺²", 200.0)),
        *((r"\frac{1}{3}", 1 / 3), (r"-\dfrac{1}{3}", -1 / 3), (r"\frac12", 0.5), (r"\tfrac 1 4", 0.25)),
        *(
            (r"\frac{\frac{1}{2}}{3}", 1 / 6),
            (r"\frac{e^{-1}}{1+e^{-1}}", 1 / (1 + math.e)),
            (r"\sqrt{2}", math.sqrt(2)),
        ),
        *(
            (r"\ln 2", math.log(2)),
            (r"-\log(0.999)", -math.log(0.999)),
            (r"\exp{-2}", math.exp(-2)),
            (r"2\pi", 2 * math.pi),
        ),
        *((r"\left(\frac{1}{2}\right)", 0.5), (r"\infty", math.inf), (r"$-\infty$", -math.inf), ("0.5 x 0.3", 0.15)),
        *(
            ("$0.5$", 0.5),
            (r"\(0.5\)", 0.5),
            ("$$-0.5$$", -0.5),
            (r"\mathbf{0.5}", 0.5),
            (r"0.5\,", 0.5),
            ("**0.5**", 0.5),
        ),
        *(
            (r"$\boldsymbol{-0.5}$", -0.5),
            ("`0.5`", 0.5),
            ("{0.5}", 0.5),
            ("np.float64(0.5)", 0.5),
            ("float32(2.0)", 2.0),
        ),
        *(("–0.5", -0.5), ("‑0.5", -0.5), ("1.2*10-3", 9.0), ("- 0.25", -0.25)),
    ],
)
def test_what_stands_as_it_is_meant_is_read_without_a_note(text: str, value: float) -> None:
    found, note = NumberReader().read_noted(Scalar(text, HERE))
    assert found == pytest.approx(value, rel=1e-15)
    assert note == ""


@pytest.mark.parametrize(
    ("text", "offset"),
    [(r"$1 + x1$", 5), (r"\frac{1}{x1}", 9), (r"1 + \foo", 4), ("  5 cm", 4), (r"  \frac{1}{x1}", 11)],
)
def test_the_place_of_a_fault_is_one_of_the_text_as_written(text: str, offset: int) -> None:
    with pytest.raises(Unreadable) as caught:
        number(text)
    assert caught.value.offset == offset


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15), st.integers(0, 12))
def test_a_number_is_the_same_in_every_spelling(value: float, places: int) -> None:
    """Python's own printing in other signs, and what Python's own reading makes of it."""
    plain = f"{value:.{places}f}"
    expected = float(plain)
    grouped = f"{value:,.{places}f}"
    spellings = [plain.replace("-", "−"), f"${plain}$", rf"\mathbf{{{plain}}}", f"{value:_.{places}f}"]
    if places and places != 3:
        spellings += [plain.replace(".", ","), grouped, grouped.translate(str.maketrans(",.", ".,"))]
    for spelling in spellings:
        assert number(spelling) == expected
    mantissa, _, power = f"{value:.{places}e}".partition("e")
    expected = float(f"{mantissa}e{power}")
    for spelling in (f"{mantissa}×10^{power}", f"{mantissa} x 10^({power})", rf"{mantissa} \times 10^{{{power}}}"):
        assert number(spelling) == expected


def test_the_place_inside_a_cell_is_told() -> None:
    with pytest.raises(Unreadable) as caught:
        read_number(Scalar(" 1 + x1", HERE, quoted=True))
    assert caught.value.offset == len("' 1 + ")


def test_an_expression_is_evaluated_once() -> None:
    reader = NumberReader(Expressions(number=2, characters=100))
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
    assert 0 < 20_000 - refused <= 4 * min(EXPRESSIONS.number, EXPRESSIONS.characters // len(text.strip()))


def test_long_expressions_are_fewer() -> None:
    reader = NumberReader(Expressions(number=10, characters=19))
    assert [reader.read(Scalar(text, HERE)) for text in ("1+1", "1+2", "1+1", "1+1+1+1+1+1")] == [2, 3, 2, 6]
    with pytest.raises(TooManyError, match="different expressions of more than 19 characters together stand in this"):
        reader.read(Scalar("1+3", HERE))
    assert reader.read(Scalar("1+1+1+1+1+1", HERE)) == 6


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
    "{",
    "}",
    "\\frac",
    "\\sqrt",
    "\\ln",
    "\\times",
    "\\,",
    "\\",
    "x",
    "×10^",
    "×10",
    "²",
    "≈",
    "%",
    "٣",
    "'",
    "\u2009",
    "1,234",
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


@pytest.mark.parametrize(
    ("text", "value", "note"),
    [
        ("0.3-0.7", -0.4, "0.3-0.7 read as a difference, -0.4"),
        ("0.3 – 0.7", -0.4, "0.3 – 0.7 read as a difference, -0.4"),
        ("0.7 - 0.3", 0.4, ""),
        ("-0.3 - 0.7", -1.0, ""),
    ],
)
def test_what_looks_like_a_range_is_read_as_a_difference_and_noted(text: str, value: float, note: str) -> None:
    found, told = NumberReader().read_noted(Scalar(text, HERE))
    assert found == pytest.approx(value, rel=1e-12)
    assert told == note
