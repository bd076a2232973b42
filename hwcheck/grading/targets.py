"""Which quantity a question's answer is marked as.

Mostly that which is asked. Where a question asks a part, ``P[0, 1:]``, or another name of a quantity, as grad(b) may be
grad(z), and that quantity is not on the sheet itself, then the answer says what the student has there: it is marked as
that quantity, and what follows is carried from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

import numpy as np

from hwcheck.grading.steps import Step
from hwcheck.graph.node import Array, Quantity
from hwcheck.problem.model import Part, Problem, part_of

__all__ = ["Target", "Targets"]

T = TypeVar("T", bound=np.dtype[Any])


class Target(NamedTuple):
    """Where an answer stands: a quantity and, if it is a part of it, which."""

    quantity: Quantity
    index: tuple[int | slice, ...] = ()  # type: ignore[assignment]  # a field, not tuple's method

    def of(self, array: np.ndarray[tuple[int, ...], T]) -> np.ndarray[tuple[int, ...], T]:
        """The target's part of an array, ``(S, *shape)``."""
        place: tuple[Any, ...] = (slice(None), *self.index)
        return array[place] if self.index else array


class Targets:
    """Finds the places of answers in the quantities of a problem."""

    def __init__(self, problem: Problem, steps: Iterable[Step]) -> None:
        self._quantities = problem.all_quantities()
        self._second_names = {step.quantity: step.second_name_of for step in steps if step.second_name_of is not None}

    def place(self, numbers: Mapping[str, Array]) -> tuple[dict[Quantity, Array], dict[str, Target]]:
        """The answers as they are marked, ``(1, *shape)`` for each quantity, and where each name's answer stands."""
        answers = {
            self._quantities[name]: array[np.newaxis].copy()
            for name, array in numbers.items()
            if not np.isnan(array).all()
        }
        targets = {}
        for quantity in list(answers):
            target = self._target(quantity, answers)
            if target.quantity is not quantity:
                whole = answers.setdefault(target.quantity, np.full((1, *target.quantity.shape), np.nan))
                place: tuple[Any, ...] = (slice(None), *target.index)
                whole[place] = answers.pop(quantity)
            targets[quantity.name] = target
        return answers, targets

    def _target(self, quantity: Quantity, answers: Mapping[Quantity, Array]) -> Target:
        target = Target(quantity)
        while True:
            other = self._second_names.get(target.quantity)
            part = part_of(target.quantity.body)
            if other is not None and other.body is not None and other not in answers and not target.index:
                target = Target(other)
            elif part is not None and part.index and not target.index and self._is_free(part, answers):
                target = Target(self._quantities[part.quantity], part.index)
            else:
                return target

    def _is_free(self, part: Part, answers: Mapping[Quantity, Array]) -> bool:
        """Whether nothing stands yet where a part belongs."""
        whole = self._quantities[part.quantity]
        if whole.body is None:
            return False
        return whole not in answers or bool(np.isnan(Target(whole, part.index).of(answers[whole])).all())

    def part_asked(self, quantity: Quantity) -> str:
        """The name of the quantity that a question asks a part of, if it does."""
        part = part_of(quantity.body)
        return part.quantity if part is not None and part.index else ""

    def of_part(self, quantity: Quantity, answers: Mapping[Quantity, Array]) -> Target | None:
        """Where the answer to a question for a part stands, if the whole was answered."""
        part = part_of(quantity.body)
        whole = self._quantities[part.quantity] if part is not None and part.index else None
        return Target(whole, part.index) if whole is not None and part is not None and whole in answers else None
