"""Texts that nobody means well with: read or told, in time linear in their length."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.errors import InputError, Location
from hwcheck.located import Scalar
from hwcheck.submissions.array_text import looks_like_array, read_array
from hwcheck.submissions.arrays import Cells, read_cells
from hwcheck.submissions.digits import written_digits
from hwcheck.submissions.markdown import answers_of
from hwcheck.submissions.numbers import NumberReader, Unreadable
from tests.submissions.test_array_text import BRACKETS, CHANGED, LATEX, PRINTED, ROWS

HERE = Location("ada.yaml", 3, 7)
NUMBERS = (
    *(
        "0.5",
        ".5",
        "5.",
        "1e-3",
        "1.2×10^-3",
        "1.2 x 10^(-3)",
        r"1.2 \times 10^{-3}",
        "−0.5",
        "1/3",
        "½",
        "3,14",
        "1,234.5",
    ),
    *(
        r"\frac{1}{3}",
        "1_000",
        "12%",
        "≈0.99",
        "sqrt(2)",
        "-log(0.999)",
        "$0.5$",
        r"\mathbf{0.5}",
        "10⁻³",
        "1'234",
        "٣٫٥",
    ),
    *("2 1/3", "1,234", r"\frac{e^{-1}}{1+e^{-1}}", "np.float64(0.5)", r"\ln 2", "0x1F", "nan", "-inf", "1\u2009234"),
)
CORPUS: Sequence[str] = (*NUMBERS, *(text for text, _ in (*BRACKETS, *PRINTED, *ROWS, *LATEX, *CHANGED)))
PIECES: Sequence[str] = (
    *"[](){},;:&|\\$^_%=+-*/.'\"<>~#` \t\n0123456789eExXoOjJ−×·½²₁ᵀ∞…\u2009\u00a0\u0000\ud800\ufeff",
    *(
        "\\begin{bmatrix}",
        "\\end{bmatrix}",
        "\\begin{array}{cc}",
        "\\end{array}",
        "\\\\",
        "\\left[",
        "\\right]",
        "\\frac{",
    ),
    *(
        "\\hline",
        "array(",
        "tensor(",
        "dtype=float32",
        "grad_fn=<A>",
        "...",
        "1.0e-03 *\n",
        "Columns 1 through 2\n",
        "|---|",
    ),
    *(
        "dtype: float64",
        "^T",
        "'",
        ".T",
        "A =\n",
        "10^",
        "×10-3",
        "nan",
        "inf",
        "**",
        "1e999",
        "9" * 30,
        "\n\n",
        "```",
        "$$",
    ),
)


def mutated(seed: int, count: int) -> Iterator[str]:
    """Texts that a student might hand in after a few accidents, each other ones for each seed."""
    chance = random.Random(seed)  # noqa: S311  to be repeated, not to be secret
    for _ in range(count):
        text = chance.choice(CORPUS)
        for _ in range(chance.randint(1, 4)):
            place, other = chance.randint(0, len(text)), chance.randint(0, len(text))
            first, last = min(place, other), max(place, other)
            text = chance.choice(
                (
                    text[:place] + chance.choice(PIECES) + text[place:],
                    text[:place] + chance.choice(PIECES) + text[place + 1 :],
                    text[:place] + text[place + 1 :],
                    text[:first] + text[last:],
                    text[:last] + text[first:],
                    text[:place] + chance.choice(CORPUS),
                    text[:place] + chance.choice(CORPUS) + text[place:],
                )
            )[:2_000]
        yield text


def check(text: str) -> bool:
    """Whether an array or a number was found; what is not read is told, and nothing else happens."""
    looks_like_array(text)
    for read in (read_array, answers_of):
        with suppress(InputError):
            read(text, HERE)
    reader = NumberReader()
    cells = read_cells(Scalar(text, HERE), reader)
    if not isinstance(cells, Cells):
        assert cells
        return False
    holes = sum(map(math.isnan, cells.values.reshape(-1)))
    assert holes == cells.blank.sum() + len(cells.faults)
    for cell in cells.texts:
        check_digits(cell, reader)
    return not holes


def check_digits(text: str, reader: NumberReader) -> None:
    """A number has no more decimals than it is written with."""
    written = written_digits(text)
    if written is None:
        return
    try:
        number = reader.read(Scalar(text, HERE))
    except Unreadable:  # 1e999
        return
    if written.decimals < 300 and number:
        scaled = number * 10.0**written.decimals
        assert abs(scaled - round(scaled)) <= 1e-12 * abs(scaled) + 1e-300
    assert bool(number) <= bool(written.sigfigs)


@pytest.mark.parametrize("seed", range(4))
def test_mutated_texts_are_read_or_told(seed: int) -> None:
    read = sum(map(check, mutated(seed, 1_500)))
    assert 100 < read < 1_400  # the mutations neither break everything nor nothing


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_told(text: str) -> None:
    check(text)


@settings(deadline=None)
@given(st.lists(st.sampled_from([*PIECES, *NUMBERS]), max_size=12).map("".join))
def test_what_looks_like_an_array_is_read_or_told(text: str) -> None:
    check(text)


HANGS = 10.0  # seconds of the processor
UNITS = (
    *(
        "[",
        "]",
        "(",
        "(,",
        "{",
        "}",
        "[]",
        "[[]",
        "[1]",
        "[1] ",
        "[1]\n",
        "'",
        '"',
        "<",
        "a(",
        "tensor(",
        ";",
        ",",
        "- ",
        "1 - ",
    ),
    *(
        "1 ",
        "1,",
        "1\n",
        "1\t",
        "1\n\n",
        "0,5 ",
        "x",
        "$",
        "=",
        "1=",
        "...",
        "_",
        " ",
        "\n",
        " \n",
        "| ",
        "|1",
        "\\",
        "\\\\",
    ),
    *(
        "&",
        "\\begin{a}",
        "\\begin{a}\\end{a}",
        "\\end{a}",
        "\\begin{matrix}1\\end{matrix}",
        "\\left",
        "\\frac{",
        "\\begin{array}{c",
    ),
    *("Columns 1\n1\n", "1 \\\n", "A =\n", "```\n", "0.5'", "1e3*", "1 000", "½", "−", "1.", "a.", "1\\ "),
)
AROUND = (("", ""), ("[", "]"), ("\\begin{bmatrix}", "\\end{bmatrix}"), ("1 ", "\n2 3"))


def seconds(text: str) -> float:
    """The time of this process to read a text, or to tell that it is none."""
    begin = time.process_time()
    read_cells(Scalar(text, HERE))
    for read in (read_array, answers_of):
        with suppress(InputError):
            read(text, HERE)
    return time.process_time() - begin


@pytest.mark.parametrize("unit", UNITS)
def test_a_text_of_one_thing_over_and_over_does_not_hang(unit: str) -> None:
    """A few hundredths of a second each; what is quadratic in the length, or worse, takes far longer than the limit."""
    for before, behind in AROUND:
        assert seconds(before + unit * (16_000 // len(unit)) + behind) < HANGS


def test_a_cell_as_long_as_a_file_is_read_or_told() -> None:
    for text in ("1" * 1_900_000, "1+" * 900_000, "1 " * 900_000, "[" * 1_900_000):
        begin = time.process_time()
        read_cells(Scalar(text, HERE))
        assert time.process_time() - begin < 6 * HANGS
