"""Which quantity a question's answer is marked as.

Mostly that which is asked. Where a question asks a part, ``P[0, 1:]``, or another name of a quantity, as grad(b) may be
grad(z), and that quantity is not on the sheet itself, then the answer says what the student has there: it is marked as
that quantity, and what follows is carried from it. An answer in another layout that the problem accepts is marked as
that layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

import numpy as np

from hwcheck.grading.sheet import Numbers
from hwcheck.grading.steps import Step
from hwcheck.graph.node import Array, Quantity
from hwcheck.problem.model import Part, Problem, Question, part_of
from hwcheck.submissions.shapes import fit

__all__ = ["Placed", "Target", "Targets"]

T = TypeVar("T", bound=np.dtype[Any])


class Target(NamedTuple):
    """Where an answer stands: a quantity and, if it is a part of it, which."""

    quantity: Quantity
    index: tuple[int | slice, ...] = ()  # type: ignore[assignment]  # a field, not tuple's method

    @property
    def place(self) -> tuple[int | slice, ...]:
        """The index of the target in the arrays of many sheets."""
        return (slice(None), *self.index)

    def of(self, array: np.ndarray[tuple[int, ...], T]) -> np.ndarray[tuple[int, ...], T]:
        """The target's part of an array, ``(S, *shape)``."""
        return array[self.place] if self.index else array


class Placed(NamedTuple):
    """One sheet's answers as they are marked: the numbers of each quantity, ``(1, *shape)``.

    ``targets`` says where the answer under each name stands; ``layouts`` has, for questions
    that accept other layouts, those in which the answer may stand as well.
    """

    answers: dict[Quantity, Array]
    targets: dict[str, Target]
    layouts: Mapping[str, tuple[Quantity, ...]]


class Targets:
    """Finds the places of answers in the quantities of a problem."""

    def __init__(self, problem: Problem, steps: Iterable[Step]) -> None:
        self._quantities = problem.all_quantities()
        self._layouts = [question for question in problem.questions if question.accept]
        self._second_names = {step.quantity: step.second_name_of for step in steps if step.second_name_of is not None}

    def place(self, numbers: Mapping[str, Numbers]) -> Placed:
        """Where each answer belongs."""
        answers = {
            self._quantities[name]: found.values[np.newaxis].copy()
            for name, found in numbers.items()
            if not np.isnan(found.values).all()
        }
        targets = {}
        for quantity in list(answers):
            target = self._target(quantity, answers)
            if target.quantity is not quantity:
                whole = answers.setdefault(target.quantity, np.full((1, *target.quantity.shape), np.nan))
                whole[target.place] = answers.pop(quantity)
            targets[quantity.name] = target
        layouts = {}
        for question in self._layouts:
            found_in = self._other_layouts(question, numbers.get(question.name))
            answers.update(found_in)
            layouts[question.name] = tuple(found_in)
            if found_in and question.name not in targets:
                targets[question.name] = Target(next(iter(found_in)))
        return Placed(answers, targets, layouts)

    def _other_layouts(self, question: Question, numbers: Numbers | None) -> dict[Quantity, Array]:
        """The answer in each of the layouts that it has the shape of."""
        if numbers is None:
            return {}
        given = numbers.values if numbers.other is None else numbers.other
        fitted = {other: fit(given, other.shape)[0] for other in question.accept}
        return {other: values[np.newaxis] for other, values in fitted.items() if values is not None}

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
