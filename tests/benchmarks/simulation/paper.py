"""The sheet of paper that a student works on: what is rounded, what is carried on, and what is written down.

Every array has a leading axis of sheets, so that many students work at once; an array that is the same for all of them
may have a 1 there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import numpy as np

from tests.benchmarks.simulation.digits import Digits, Numbers

__all__ = ["CARRIES", "ROUNDINGS", "WRITTEN", "Habits", "Paper", "Step", "Terms", "Work"]

ROUNDINGS = ("round", "cut", "mixture")
CARRIES = ("rounded", "full", "mixed")
WRITTEN = ("all", "asked", "some")

# The factors of each term of a sum, ``(S, *shape, terms)``.
Terms: TypeAlias = tuple[Numbers, Numbers]


class Habits(NamedTuple):
    """How a student works.

    ``rounding`` is to the nearest, cutting off, or either at random for each number; ``carry`` says whether the rounded
    number is used later or the one in the calculator's memory (mixed: either, for each step); ``written`` whether all
    steps are on the sheet, those that are asked, or some. ``asides``: numbers between two named steps are rounded too.
    """

    rounding: str = "round"
    carry: str = "rounded"
    written: str = "all"
    asides: bool = False

    def __str__(self) -> str:
        words = f"{self.rounding}, carry {self.carry}, write {self.written}"
        return f"{words}, asides rounded" if self.asides else words


class Step(NamedTuple):
    """A step as it could be done: properly, with each misconception, and the terms of its sum if it is one."""

    value: Numbers
    wrong: Mapping[str, Numbers]
    terms: Terms | None


USUAL = Habits()


@dataclass
class Paper:
    """The sheets of ``sheets`` students with the same habits; without digits all is exact."""

    digits: Digits | None = None
    habits: Habits = USUAL
    sheets: int = 1
    random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))
    asked: Collection[str] = ()
    mistakes: Mapping[str, Callable[[Step], Numbers]] = field(default_factory=dict)
    slips: Mapping[str, Callable[[Numbers], Numbers]] = field(default_factory=dict)
    keep: bool = False
    written: dict[str, Numbers] = field(default_factory=dict)
    on_sheet: dict[str, np.ndarray[tuple[int], np.dtype[np.bool_]]] = field(default_factory=dict)
    steps: dict[str, Step] = field(default_factory=dict)

    def step(
        self, name: str, value: Numbers, wrong: Mapping[str, Numbers] | None = None, terms: Terms | None = None
    ) -> Numbers:
        """Work one named step; the number to go on with.

        ``wrong`` are the values of misconceptions, ``terms`` the factors of a sum that is (a part of) the value.
        A mistake of this step replaces the value before it is rounded, a slip what is written and carried on.
        """
        done = Step(value, wrong or {}, terms)
        if self.keep:
            self.steps[name] = done
        if name in self.mistakes:
            value = self.mistakes[name](done)
        value = np.broadcast_to(value, (self.sheets, *value.shape[1:]))
        written = self._rounded(value)
        if name in self.slips:
            written = value = self.slips[name](written)
        self.written[name] = written
        self.on_sheet[name] = self._is_written(name)
        return self._carried(value, written)

    def aside(self, value: Numbers) -> Numbers:
        """A number between two named steps."""
        if not self.habits.asides:
            return value
        value = np.broadcast_to(value, (self.sheets, *value.shape[1:]))
        return self._carried(value, self._rounded(value))

    def _rounded(self, value: Numbers) -> Numbers:
        if self.digits is None:
            return value
        if self.habits.rounding == "round":
            return self.digits.rounded(value)
        cut = self.digits.cut(value)
        if self.habits.rounding == "cut":
            return cut
        return np.where(self.random.random(value.shape) < 0.5, cut, self.digits.rounded(value))

    def _carried(self, value: Numbers, written: Numbers) -> Numbers:
        if self.habits.carry == "full":
            return value
        if self.habits.carry == "rounded":
            return written
        chosen = self.random.random(self.sheets) < 0.5
        return np.where(chosen.reshape(-1, *[1] * (value.ndim - 1)), value, written)

    def _is_written(self, name: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        asked = name in self.asked
        if self.habits.written == "all":
            return np.ones(self.sheets, dtype=np.bool_)
        if self.habits.written == "asked":
            return np.full(self.sheets, asked)
        return np.asarray(self.random.random(self.sheets) < (0.85 if asked else 0.5))


# How a student works a problem through: on a paper, from the stated numbers.
Work: TypeAlias = Callable[[Paper, Mapping[str, Numbers]], None]
