"""Slips in writing an answer down: its digits, its signs, and which of its entries stands where.

What was written is turned back, and was such a slip if that is right: a written 0.52 with its digits exchanged is 0.25.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

import numpy as np

from hwcheck.grading.guesses import Answer, Family, Guess, shown, spelled
from hwcheck.graph.node import Array
from hwcheck.problem.model import Part
from hwcheck.submissions.entries import part_text

__all__ = ["written_slips"]

LONGEST = 17  # digits of a number
SHIFTS = (-2, -1, 1, 2)


def written_slips(answer: Answer) -> dict[str, Family]:
    """What was tried of each kind."""
    found = {"row-copied": Family(list(_row_copied(answer)), {})}
    if answer.are_few(len(answer.wrong) // 2):
        found["entries-exchanged"] = Family(list(_exchanged(answer)), {})
    if answer.are_few(len(answer.wrong)):
        found.update((kind, _each(answer, turn)) for kind, turn in TURNS.items())
        found["decimal-point"] = _decimal_point(answer)
        found["entry-copied"] = _entry_copied(answer)
    return found


def _digits(value: float, place: float) -> str:
    """A number as it is written down, without its sign; with its last zeros if it is worked to some place."""
    decimals = max(0, round(-math.log10(place))) if 0 < place <= 1 else 0
    text = f"{abs(value):.{decimals}f}"
    if abs(float(text) - abs(value)) > 1e-9 * abs(value):
        text = format(Decimal(repr(abs(float(value)))), "f")
    return text[: LONGEST + 1]


def _swapped(value: float, place: float) -> Iterator[float]:
    """The number with two neighbouring digits exchanged, also across the decimal point.

    Not where that moves the point, 0.3 to 3.0: this is a slip of its own.
    """
    text = _digits(value, place)
    at = [i for i, sign in enumerate(text) if sign != "."]
    for first, second in pairwise(at):
        signs = list(text)
        signs[first], signs[second] = text[second], text[first]
        other = float("".join(signs))
        if text[first] != text[second] and not _are_shifted(other, float(text)):
            yield math.copysign(other, value)


def _are_shifted(one: float, other: float) -> bool:
    """Whether two numbers differ by their decimal point alone."""
    if not (one and other):
        return False
    places = math.log10(one / other)
    return abs(places - round(places)) < 1e-9


def _misread(value: float, place: float) -> Iterator[float]:
    """The number with another digit in one place."""
    text = _digits(value, place)
    for i, sign in enumerate(text):
        if sign != ".":
            yield from (
                math.copysign(float(f"{text[:i]}{d}{text[i + 1 :]}"), value) for d in range(10) if str(d) != sign
            )


def _carried(value: float, place: float) -> Iterator[float]:
    """The number with 1 more or less in a place before its last, up to the place in front of it."""
    last = round(math.log10(place)) if place > 0 else -LONGEST
    front = min(math.floor(math.log10(abs(value))) + 1 if value else last + 2, last + LONGEST)
    for exponent in range(last + 1, front + 1):
        yield value + 10.0**exponent
        yield value - 10.0**exponent


def _opposite(value: float, place: float) -> Iterator[float]:  # noqa: ARG001  as the others are called
    if value:
        yield -value


TURNS: dict[str, Callable[[float, float], Iterable[float]]] = {
    "sign-lost": _opposite,
    "digits-swapped": _swapped,
    "carry-slip": _carried,
    "digit-misread": _misread,
}


def _each(answer: Answer, turn: Callable[[float, float], Iterable[float]]) -> Family:
    """A slip that turns one number into another, and the same way back; a 0 has neither sign nor digits to mistake."""
    guesses, values = [], {}
    for i in answer.wrong:
        yours, place = float(answer.yours[i]), answer.last_place(i)
        right = round(float(answer.expected[i]) / place) * place
        if right and any(answer.is_right(i, value) for value in turn(yours, place)):
            guesses.append(_instead(answer, i))
        values[i] = _column({value for value in turn(right, place) if answer.visible(i, value)})
    return Family(guesses, values)


def _column(values: Iterable[float], width: float = 1.0) -> Array:
    found = np.array(sorted(values), dtype=np.float64)
    return np.stack([found, np.full_like(found, width)], axis=1)


def _instead(answer: Answer, i: int) -> Guess:
    detail = f"{answer.at(i)}: {spelled(float(answer.yours[i]))} is written where {shown(answer, i)} follows."
    return Guess(frozenset({i}), detail)


def _decimal_point(answer: Answer) -> Family:
    """A point too far to the left loses digits, too far to the right it widens what agrees."""
    guesses, values = [], {}
    for i in answer.wrong:
        right, rows = float(answer.expected[i]), []
        for shift in SHIFTS:
            factor = 10.0**shift
            lost = answer.last_place(i) / factor / 2 if shift < 0 else 0.0
            back = float(answer.yours[i]) / factor
            low, high = right - answer.below[i] - lost, right + answer.above[i] + lost
            if not answer.visible(i, right * factor):
                continue
            rows.append(_column([right * factor], max(1.0, factor)))
            if back and (answer.is_right(i, back) or low <= back <= high):
                guesses.append(_instead(answer, i))
        values[i] = np.concatenate(rows) if rows else _column([])
    return Family(guesses, values)


def _neighbours(answer: Answer, i: int) -> Iterator[int]:
    place = np.unravel_index(i, answer.shape) if answer.shape else ()
    for axis, length in enumerate(answer.shape):
        for step in (-1, 1):
            moved = [int(k) for k in place]
            moved[axis] += step
            if 0 <= moved[axis] < length:
                yield int(np.ravel_multi_index(moved, answer.shape))


def _entry_copied(answer: Answer) -> Family:
    guesses, values = [], {}
    for i in answer.wrong:
        beside = [j for j in _neighbours(answer, i) if answer.visible(i, float(answer.expected[j]))]
        values[i] = _column({float(answer.expected[j]) for j in beside})
        for j in beside:
            if answer.agrees(answer.expected[j], answer.yours[i], j):
                detail = f"{answer.at(i)}: {spelled(float(answer.yours[i]))} is what belongs to {answer.at(j)}."
                guesses.append(Guess(frozenset({i}), detail))
    return Family(guesses, values)


def _exchanged(answer: Answer) -> Iterator[Guess]:
    """Two wrong entries, each with what belongs to the other."""
    wrong = np.array(answer.wrong)
    pairs = math.comb(len(answer.expected), 2)
    for i in answer.wrong:
        for j in wrong[answer.agrees(answer.expected[wrong], answer.yours[i], wrong)].tolist():
            if i < j and answer.is_right(i, float(answer.yours[j])):
                detail = f"{answer.at(i)} and {answer.at(j)} have each other's number."
                yield Guess(frozenset({i, j}), detail, min(1.0, pairs * _by_chance(answer, [i, j])))


def _row_copied(answer: Answer) -> Iterator[Guess]:
    """A row (along any axis) with the numbers of its neighbour, right ones or those of the answer."""
    all_wrong = frozenset(answer.wrong)
    index = np.arange(len(answer.expected)).reshape(answer.shape)
    for axis, length in enumerate(answer.shape if len(answer.shape) > 1 else ()):
        for r in range(length):
            row = np.take(index, r, axis).ravel()
            wrong = [int(i) for i in row if int(i) in all_wrong]
            for other in (r - 1, r + 1):
                if len(wrong) < 2 or not 0 <= other < length:
                    continue
                from_ = np.take(index, other, axis).ravel()
                given = answer.answered[row]
                right = answer.agrees(answer.expected[from_], answer.yours[row], from_)
                intact = np.array([int(i) not in all_wrong for i in from_])
                same = right | (intact & (answer.yours[from_] == answer.yours[row]))
                if same[given].all():
                    detail = f"{_slice(answer, axis, r)} has the numbers of {_slice(answer, axis, other)}."
                    tried = 2 * sum(answer.shape)
                    yield Guess(frozenset(wrong), detail, min(1.0, tried * _by_chance(answer, wrong)))


def _by_chance(answer: Answer, entries: list[int]) -> float:
    """How likely random numbers agree with one value in each of these entries."""
    return float(np.prod([min(1.0, answer.width[i] / answer.range) if answer.range else 1.0 for i in entries]))


def _slice(answer: Answer, axis: int, r: int) -> str:
    index: tuple[int | slice, ...] = (*[slice(None)] * axis, r)
    return part_text(Part(answer.name, index), answer.shape, answer.first)
