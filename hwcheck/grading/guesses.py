"""What a slip in one entry is looked for in, and how a guess is told from chance.

A random wrong number is explained by something if only enough is tried. Let a kind of slip have n different values that
it could give for an entry, let an entry agree with a value within ``width``, and let the wrong number be anywhere in a
range R that has these values: then about ``n * width / R`` of all random wrong numbers agree with one of them. R is
what the numbers of the answer span from 0 (on both sides of it if they have both signs). The values of all kinds that
are at least as likely count, for they were tried as well.

Close to the right value there are more wrong numbers than elsewhere (a last digit read wrongly, a sum that was rounded
badly): of the kind's own values, those as close as the wrong number are held against a range that is as close. The
larger of the two is taken. Several slips multiply; one slip that changes several entries (one logit of a softmax) is
still one number that happened to agree.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from hwcheck.grading.result import Mask
from hwcheck.graph.node import Array, Shape
from hwcheck.language.printer import number_text
from hwcheck.problem.model import Part
from hwcheck.submissions.entries import part_text

__all__ = ["Answer", "Family", "Guess", "chance", "shown", "spelled"]

At: TypeAlias = int | slice | npt.NDArray[np.int64]  # which flat entries

SLACK = 1e-9  # of the width, as in every comparison
NOISE = 1e-11  # of a value: what float64 leaves of it after a long sum
FIGURES = 6  # of a number in a detail
FIGURES_AT_MOST = 9  # of a number that are looked at to see how finely it is stated
FEW = 3  # slips of one kind in one answer, or
SHARE = 3  # one in so many entries, and
MANY = 30  # no more than that
NEAR = 2.0  # how many times as far from the right value as the wrong number a value still counts as close to it


class Guess(NamedTuple):
    """One slip that agrees with the answer: the wrong entries that it explains, by flat index, and its numbers.

    ``chance`` is how likely it agrees by chance, where that does not follow from the values of its family.
    """

    covers: frozenset[int]
    detail: str
    chance: float | None = None


class Family(NamedTuple):
    """All that was tried of one kind of slip: the guesses that agree, and each value that it gives a wrong entry.

    ``values`` holds by flat index an array (values, 2): each value, and how many times the usual width agrees with it.
    """

    guesses: list[Guess]
    values: Mapping[int, Array]


class Answer:
    """An answer beside what is right, both flat (n,); ``wrong`` are the flat indices of the wrong entries.

    ``first`` is the number of the first entry in what is told.
    """

    def __init__(
        self,
        name: str,
        yours: Array,
        expected: Array,
        below: Array,
        above: Array,
        unit: Array | float = 0.0,
        first: int = 0,
    ) -> None:
        self.name = name
        self.first = first
        self.shape: Shape = expected.shape
        self.yours, self.expected = np.ravel(yours), np.ravel(expected)
        self.below, self.above, self.unit = (
            np.ravel(np.broadcast_to(array, expected.shape)) for array in (below, above, unit)
        )
        self.answered: Mask = ~np.isnan(self.yours)
        self.wrong = [int(i) for i in np.flatnonzero(self.answered & ~self.agrees(self.expected, self.yours))]

    def agrees(self, value: Array, written: Array, at: At = slice(None)) -> Mask:
        """Whether what is written agrees with a value of these entries: ``value - below`` to ``value + above``."""
        below, above = self.below[at], self.above[at]
        with np.errstate(invalid="ignore"):
            slack = SLACK * (below + above) + NOISE * np.maximum(np.abs(value), np.abs(self.expected[at]))
            near = (written >= value - below - slack) & (written <= value + above + slack)
            result: Mask = near | (written == value)  # infinite ones too
        return result

    def is_right(self, i: int, value: float) -> bool:
        """Whether this would have been right at entry i."""
        low, high = self._right[i]
        return low <= value <= high

    @cached_property
    def _right(self) -> list[tuple[float, float]]:
        with np.errstate(invalid="ignore"):
            slack = SLACK * (self.below + self.above) + NOISE * np.abs(self.expected)
            low, high = self.expected - self.below - slack, self.expected + self.above + slack
        return list(zip(low.tolist(), high.tolist(), strict=True))

    def visible(self, i: int, value: float) -> bool:
        """Whether a value differs from the right one by more than is accepted."""
        return math.isfinite(value) and not self.is_right(i, value)

    @cached_property
    def grid(self) -> float:
        """The largest of 1, 0.1, 0.01, ... that all numbers are whole multiples of: no more is known of them."""
        top = float(np.abs(self._numbers).max(initial=0.0))
        if not top:
            return 1.0
        finest = math.floor(math.log10(top)) - FIGURES_AT_MOST
        for exponent in range(0, finest, -1):
            step = 10.0**exponent
            if (np.abs(self._numbers - np.round(self._numbers / step) * step) <= 10.0**-FIGURES_AT_MOST * top).all():
                return step
        return float(10.0**finest)

    @cached_property
    def width(self) -> Array:
        """How wide the range is in which an entry agrees with a value, (n,); at least as wide as its last place."""
        result: Array = np.maximum(np.maximum(self.below + self.above, self.unit), self.grid)
        return result

    @cached_property
    def bounds(self) -> tuple[float, float]:
        """The range in which wrong entries could be: that of all numbers of the answer, and 0."""
        return float(self._numbers.min(initial=0.0)), float(self._numbers.max(initial=0.0))

    @cached_property
    def _numbers(self) -> Array:
        numbers = np.concatenate([self.expected, self.yours])
        finite: Array = numbers[np.isfinite(numbers)]
        return finite

    @property
    def range(self) -> float:
        """How wide it is."""
        return self.bounds[1] - self.bounds[0]

    def are_few(self, slips: int) -> bool:
        """Whether so many slips can be slips: where there are more, something is misunderstood."""
        return slips <= FEW or (slips <= MANY and slips * SHARE <= len(self.expected))

    def at(self, i: int) -> str:
        """How an entry is called: ``h0[3]``."""
        if not self.shape:
            return self.name
        return part_text(Part(self.name, tuple(map(int, np.unravel_index(i, self.shape)))), self.shape, self.first)

    def last_place(self, i: int) -> float:
        """One unit of the last place of an entry; where none is stated, that which all numbers show."""
        return float(self.unit[i]) or self.grid or float(np.finfo(np.float64).tiny)


def spelled(value: float) -> str:
    """A number in a detail."""
    return number_text(float(f"{value:.{FIGURES}g}"))


def shown(answer: Answer, i: int) -> str:
    """What is right at entry i, to the place to which it is worked."""
    place = answer.last_place(i)
    return spelled(round(float(answer.expected[i]) / place) * place)


def chance(answer: Answer, covers: frozenset[int], own: Family, before: list[Family]) -> float:
    """How likely a random wrong answer agrees with this family, or one that was tried before it; see the module."""
    smallest = 1.0
    for i in covers:
        width = float(answer.width[i])
        low, high = answer.bounds
        tried = sum(_within(family, i, low, high) for family in [*before, own])
        everywhere = tried * width / answer.range if answer.range else 1.0
        near, right = NEAR * abs(float(answer.yours[i] - answer.expected[i])), float(answer.expected[i])
        close = _within(own, i, right - near, right + near) * width / (2 * near)
        smallest = min(smallest, max(everywhere, close))
    return smallest


def _within(family: Family, i: int, low: float, high: float) -> float:
    """How many values of entry i lie in a range, each as often as it is wide; at least the one that agrees."""
    values = family.values.get(i)
    if values is None:
        return 0.0
    inside = (values[:, 0] >= low) & (values[:, 0] <= high)
    return max(1.0, float(values[inside, 1].sum()))
