"""A problem and the sheet that it is tested with: everything that is asked is on it, and right.

What a mistake does is seen where its number is next written down: in the answer of its own step, or, where that is not
asked for, in all answers that are worked from it directly or through steps that are not asked for either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from hwcheck.grading.carry import Walk
from hwcheck.grading.compare import Interval, inside
from hwcheck.grading.result import Mask
from hwcheck.grading.steps import Step
from hwcheck.graph.evaluate import Plan
from hwcheck.graph.node import Array, Quantity
from hwcheck.problem.model import Problem
from hwcheck.reference import drawn_numbers, solve

__all__ = ["TrialSheet", "differs", "outside"]

POINTS = 8
# Two routes to one number differ by float64's noise alone; a mistake by far more than this part of the largest entry.
SAME = 1e-12


class TrialSheet:
    """A problem with every number that is asked written rightly, and the same at numbers that are drawn.

    ``values`` has where each quantity lies for who goes on from that sheet, ``accepted`` what is right in each answer,
    ``drawn`` every quantity at so many points, ``(POINTS, *shape)`` each.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.walk = Walk(problem, solve(problem))
        asked = [question.quantity for question in problem.questions if question.answer == "number"]
        self.asked = tuple(quantity for quantity in asked if quantity in self.walk.by_quantity)
        walked = self.walk.mark({quantity: self.walk.reference[quantity] for quantity in self.asked})
        # The first of the three tracks: the reference, and any number that may have been written for it.
        self.values = {quantity: Interval(*(array[:1] for array in found)) for quantity, found in walked.values.items()}
        self.accepted = {quantity: walked.marks[quantity].reference for quantity in self.asked}
        self.right: dict[Quantity, Array] = {quantity: found.at for quantity, found in self.values.items()}
        quantities = list(self.walk.reference)
        self._plan = Plan(quantities)
        with np.errstate(all="ignore"):
            results = self._plan.run(_drawn(problem))
        self.drawn = {
            quantity: np.broadcast_to(result, (POINTS, *quantity.shape))
            for quantity, result in zip(quantities, results, strict=True)
        }

    def way(self, place: Quantity) -> tuple[Step, ...]:
        """The steps that a number of a place goes into until it is next written down, in order."""
        if place in self.accepted:
            return ()
        carries = {place}
        way = []
        for step in self.walk.steps:
            if carries.intersection(step.parents):
                way.append(step)
                if step.quantity not in self.accepted:
                    carries.add(step.quantity)
        return tuple(way)

    def worked_from(self, given: Quantity, values: Array) -> dict[Quantity, Array]:
        """Every quantity, worked out from other numbers of an input or a weight, ``(S, *shape)``."""
        numbers = {quantity: value for quantity, value in self.right.items() if quantity.body is None}
        with np.errstate(all="ignore"):
            results = self._plan.run({**numbers, given: values})
        return dict(zip(self.walk.reference, results, strict=True))

    def matters(self, place: Quantity) -> bool:
        """Whether a place is asked for, or anything that a number of it goes into."""
        return place in self.accepted or any(step.quantity in self.accepted for step in self.way(place))

    def answers(
        self, place: Quantity, value: Array, way: Sequence[Step], values: Mapping[Quantity, Array]
    ) -> dict[Quantity, Array]:
        """What a value of a place leads to in each answer, ``(S, *shape)``; ``way`` is that of the place."""
        here = {place: value}
        for step in way:
            here[step.quantity] = step.expression.run(
                {leaf: here[leaf] if leaf in here else values[leaf] for leaf in step.parents}
            )
        return {
            quantity: np.broadcast_to(array, (len(array), *quantity.shape))
            for quantity, array in here.items()
            if quantity in self.accepted
        }


def _drawn(problem: Problem) -> dict[Quantity, Array]:
    """Inputs and weights at drawn points; what is all ones or all zeros may be a mask, and is so at half of them."""
    numbers = drawn_numbers(problem, POINTS)
    for quantity, drawn in numbers.items():
        stated = problem.values.get(quantity.name)
        if stated is not None and len(drawn) == POINTS and ((stated == 0) | (stated == 1)).all():
            ordered = np.argsort(drawn.reshape(POINTS, -1), axis=1).argsort(axis=1)
            switched = (ordered % 2 == 0).astype(np.float64).reshape(drawn.shape)
            drawn[POINTS // 2 :] = switched[POINTS // 2 :]
    return numbers


def outside(value: Array, around: Interval) -> Mask:
    """Which entries of one value, ``(1, *shape)``, are not accepted."""
    result: Mask = ~inside(value, around)
    return result


def differs(one: Array, other: Array) -> bool:
    """Whether two arrays, ``(S, *shape)``, differ on any sheet by more than float64's noise."""
    axes = tuple(range(1, one.ndim))
    finite = np.isfinite(one) & np.isfinite(other)
    size = np.maximum(np.abs(np.where(finite, one, 0.0)), np.abs(np.where(finite, other, 0.0)))
    scale = np.max(size, axis=axes, keepdims=True, initial=0.0)
    with np.errstate(invalid="ignore"):
        apart = np.where(finite, np.abs(one - other) > SAME * scale, np.isfinite(one) != np.isfinite(other))
    return bool(apart.any())
