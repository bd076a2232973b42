"""How many digits a number is written with, as a person counts them.

This is about the text alone: whether fewer digits than asked do any harm (an exact 0, a 2 for 2.000) is for those to
say who know the value.
"""

from __future__ import annotations

from typing import NamedTuple

from hwcheck.problem.model import Tolerance
from hwcheck.submissions.number_text import Unreadable, plain_number

__all__ = ["WrittenDigits", "shortfall", "written_digits"]

WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class WrittenDigits(NamedTuple):
    """How many digits stand behind the decimal point, and how many from the first that is not 0 on.

    A power of ten is written out: 1.50e2 is 150, with no decimals and three significant figures. A zero has none.
    """

    decimals: int
    sigfigs: int


def written_digits(text: str) -> WrittenDigits | None:
    """The digits of a plain number, trailing zeros included; None for all else.

    An expression such as ``1/3`` has all digits that there are. Takes any text, in time linear in its length, and
    agrees with the reader of numbers on what a plain number is: ``3,14`` and ``314%`` have two decimals.
    """
    try:
        number = plain_number(text.strip())
    except Unreadable:
        return None
    if number is None:
        return None
    digits = (number.whole + number.part).lstrip("0")
    return WrittenDigits(max(len(number.part) - number.power, 0), len(digits))


def shortfall(text: str, tolerance: Tolerance) -> str:
    """What a number lacks, ``two decimals where three are asked``; nothing where it has the digits that are asked.

    Where decimals and significant figures are both asked, either of them is enough.
    """
    written = written_digits(text)
    lacks = ""
    for have, asked, unit in _asked(written, tolerance) if written else ():
        if have >= asked:
            return ""
        lacks = (
            lacks
            or f"{_word(have)} {unit}{'s' * (have != 1)} where {_word(asked)} {'is' if asked == 1 else 'are'} asked"
        )
    return lacks


def _asked(written: WrittenDigits, tolerance: Tolerance) -> list[tuple[int, int, str]]:
    """Each kind of digits that is asked: how many there are, how many there should be, what they are called."""
    kinds = (
        (written.decimals, tolerance.decimals, "decimal"),
        (written.sigfigs, tolerance.sigfigs, "significant figure"),
    )
    return [(have, asked, unit) for have, asked, unit in kinds if asked is not None]


def _word(count: int) -> str:
    return WORDS[count] if count < len(WORDS) else str(count)
