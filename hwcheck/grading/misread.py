"""Numbers that were probably misread from handwriting: one digit or sign away from the right one, in a usual way.

Such an entry is left to a person: it counts neither as right nor as wrong. What is said about it names no digit of the
right number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from hwcheck.grading.carry import Marks
from hwcheck.grading.result import Mask
from hwcheck.grading.sheet import Numbers

__all__ = ["misread_entries", "probably_misread", "twice_misread"]

FEWEST_DIGITS = 3  # a shorter number is near to too many others
MOST_LOOKED_AT = 64  # wrong entries of one answer
MOST_NAMED = 6
_PAIRS = ("06", "08", "09", "02", "17", "14", "27", "35", "38", "49", "56", "58", "68", "79", "89")
LOOK_ALIKE = {digit: "".join(pair.replace(digit, "") for pair in _PAIRS if digit in pair) for digit in "0123456789"}
"""Digits that are taken for one another in handwriting."""
_NUMBER = re.compile(r"(?P<sign>[+\-−]?)(?P<whole>[0-9]{0,12})(?:\.(?P<part>[0-9]{0,17}))?")


def probably_misread(text: str, expected: float, allowed: float) -> str:
    """What was probably misread in a number, if one usual misreading makes it right; else nothing.

    ``text`` is as it was read, ``allowed`` how far the right number may be from ``expected``. The answer is one of
    "a digit", "the sign", "the leading digit", "the point", "a stroke".
    """
    return next((what for what, number in _once(text) if abs(float(number) - expected) <= allowed), "")


def twice_misread(text: str, expected: float, allowed: float) -> bool:
    """Whether two usual misreadings, each of a digit, make a number right.

    That says something only where other entries beside it show that the sheet is hard to read.
    """
    first = [number for what, number in _once(text) if what in ("a digit", "the leading digit")]
    return any(
        abs(float(number) - expected) <= allowed
        for once in first
        for what, number in _once(once)
        if what in ("a digit", "touching")
    )


def _once(text: str) -> Iterator[tuple[str, str]]:
    """What a number may have been before it was misread once, and what was misread of it."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return
    whole, part = found["whole"], found["part"] or ""
    digits, point = whole + part, len(whole)
    if len(digits) < FEWEST_DIGITS:
        return
    sign = "-" if found["sign"] in ("-", "−") else ""
    yield "the sign", _spelled("" if sign else "-", digits, point)
    for i, digit in enumerate(digits):
        for other in LOOK_ALIKE[digit]:
            yield "a digit", _spelled(sign, digits[:i] + other + digits[i + 1 :], point)
            yield "touching", _spelled(sign, f"{digits[:i]}1{other}{digits[i + 1 :]}", point + (i < point))
    if whole in ("", "0"):
        for lost in "123456789":
            yield "the leading digit", _spelled(sign, lost + part, 1)
    else:
        yield from (("the leading digit", _spelled(sign, lost + digits, point + 1)) for lost in "123456789")
    if not part:
        yield from (("the point", _spelled(sign, digits, place)) for place in range(len(digits)))
    for i in range(len(digits) + 1):
        yield "a stroke", _spelled(sign, f"{digits[:i]}1{digits[i:]}", point + (i < point))
        if digits[i : i + 1] == "1":
            yield "a stroke", _spelled(sign, digits[:i] + digits[i + 1 :], point - (i < point))


def _spelled(sign: str, digits: str, point: int) -> str:
    return f"{sign}{digits[:point] or '0'}.{digits[point:] or '0'}"


def misread_entries(numbers: Numbers, marks: Marks, first: int = 0) -> tuple[Mask, str]:
    """The wrong entries of a scanned answer, ``(1, *shape)``, that were probably misread, and what to say about them.

    ``first`` is the number of the first entry in what is told.
    """
    misread = np.zeros(marks.yours.shape[1:], dtype=np.bool_)
    wrong = [tuple(map(int, index)) for index in np.argwhere(marks.wrong[0])]
    if numbers.texts is None or not 0 < len(wrong) <= MOST_LOOKED_AT:
        return misread[np.newaxis], ""
    at, below, above = (array[0] for array in marks.reference)
    width = np.maximum(below, above) * (1 + 1e-9)
    known = [i for i in wrong if np.isfinite(at[i]) and np.isfinite(width[i])]
    found = {i for i in known if probably_misread(str(numbers.texts[i]), float(at[i]), float(width[i]))}
    if found or numbers.unreadable:
        found |= {i for i in known if twice_misread(str(numbers.texts[i]), float(at[i]), float(width[i]))}
    for index in found:
        misread[index] = True
    return misread[np.newaxis], _told(sorted(found), first) if found else ""


def _told(found: list[tuple[int, ...]], first: int) -> str:
    named = [f"[{', '.join(str(i + first) for i in index)}]" for index in found[:MOST_NAMED] if index]
    where = f" at {', '.join(named)}" if named else ""
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    return f"probably misread{where}{more}, and left to a person"
