"""The slip in one entry: what happened where most of an answer is right.

Each kind of slip is tried on every wrong entry, the likeliest first. All wrong entries have to be explained, by one
slip or by a few of one kind. What agrees is claimed only if that can hardly be chance (hwcheck/grading/guesses.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from hwcheck.grading.guesses import Answer, Family, Guess, chance
from hwcheck.grading.result import Cause
from hwcheck.grading.term_slips import term_slips
from hwcheck.grading.terms import Evaluated
from hwcheck.grading.written_slips import written_slips
from hwcheck.graph.node import Array, Node

__all__ = ["SLIPS", "Slip", "fitting_slips"]

# What each kind says, the likeliest first.
SLIPS: Mapping[str, str] = {
    "sign-lost": "The number is right but for its sign.",
    "entries-exchanged": "Two entries stand in each other's place.",
    "row-copied": "A row or column has the numbers of its neighbour.",
    "term-left-out": "One term of the sum is left out.",
    "term-sign": "One term of the sum has the wrong sign.",
    "digits-swapped": "Two neighbouring digits are exchanged.",
    "decimal-point": "The decimal point is in the wrong place.",
    "entry-copied": "An entry has the number of its neighbour.",
    "term-twice": "One term of the sum is counted twice.",
    "factor-copied": "One factor is taken from a neighbouring entry.",
    "term-added": "Two factors are added instead of multiplied.",
    "carry-slip": "One digit is off by 1: a wrong carry, or a digit misread.",
    "digit-misread": "One digit is wrong.",
}
LAST_RESORTS = ("carry-slip", "digit-misread")  # each looked for only where nothing before it agrees
NAMED = 0.2  # one of the last resorts that does so more often is not worth a word
CANDIDATES = 8


class Slip(NamedTuple):
    """What agrees with all wrong entries: ``number`` slips of a kind, and how likely they do so by chance."""

    cause: Cause
    chance: float
    number: int


def fitting_slips(
    body: Node,
    values: Mapping[str, Array],
    yours: Array,
    expected: Array,
    below: Array,
    above: Array,
    unit: Array,
    name: str,
    first: int = 0,
) -> tuple[Slip, ...]:
    """All that agrees with the wrong entries of an answer and is worth a word, the likeliest first.

    What takes one slip to explain is not explained by two others as well.

    body: the expression that computes the quantity ``name``; its leaves are quantities.
    values: the numbers of these quantities by name, each in its shape.
    yours: the answer, in the shape of the body; NaN where it is missing.
    expected: what follows from ``values``; an entry is right from ``expected - below`` to ``expected + above``.
    unit: one unit of the last place to which each entry is worked, 0 where none is stated.
    first: the number of the first entry, where entries are named.
    """
    answer = Answer(name, yours, expected, below, above, unit, first)
    numbers = np.concatenate([answer.yours[answer.wrong], answer.expected[answer.wrong]])
    if not answer.wrong or not np.isfinite(numbers).all():
        return ()
    tried = {**written_slips(answer), **term_slips(Evaluated(body, values), answer)}
    found: list[Slip] = []
    before: list[Family] = []
    for kind, says in SLIPS.items():
        if kind in tried and not (found and kind in LAST_RESORTS):
            found += _explaining(answer, Cause(kind, name, says), tried[kind], before)
            before.append(tried[kind])
    fewest = min((slip.number for slip in found), default=0)
    return tuple(slip for slip in found if slip.number == fewest)[:CANDIDATES]


def _explaining(answer: Answer, cause: Cause, family: Family, before: list[Family]) -> list[Slip]:
    """The slips of one kind that explain all wrong entries: each that does alone, else one of several together."""
    wrong = frozenset(answer.wrong)
    alone = [[guess] for guess in family.guesses if guess.covers == wrong]
    found = []
    for guesses in alone or filter(None, [_together(answer, family.guesses)]):
        parts = {guess.covers: guess for guess in guesses}
        likely = float(np.prod([_chance(answer, guess, family, before) for guess in parts.values()]))
        if likely < NAMED or cause.id not in LAST_RESORTS:
            detail = " ".join(_told(guess, guesses, family) for guess in guesses)
            found.append(Slip(cause._replace(detail=detail), likely, len(parts)))
    return found


def _told(guess: Guess, chosen: list[Guess], family: Family) -> str:
    """What happened in one place; where several slips are told together, with what it could have been as well."""
    if len(chosen) == 1:
        return guess.detail
    same = [other.detail for other in family.guesses if other.covers == guess.covers]
    return " Or ".join(dict.fromkeys([guess.detail, *same]))


def _chance(answer: Answer, guess: Guess, family: Family, before: list[Family]) -> float:
    return chance(answer, guess.covers, family, before) if guess.chance is None else guess.chance


def _together(answer: Answer, guesses: list[Guess]) -> list[Guess]:
    """A few guesses that explain all wrong entries between them, the widest first; none if they do not."""
    chosen: list[Guess] = []
    open_ = set(answer.wrong)
    for guess in sorted(guesses, key=lambda guess: -len(guess.covers)):
        if guess.covers <= open_:
            chosen.append(guess)
            open_ -= guess.covers
    return chosen if answer.are_few(len(chosen)) and not open_ else []
