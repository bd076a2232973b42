"""Other ways to the same answer, for one that does not follow from the student's own numbers at first sight.

- A student may have gone on with some of their earlier answers and with other numbers in place of others: with the
  right one for a number that was written down wrong; or, since a derivative can be written in several forms, with what
  an answer follows from in place of the answer, tanh(z) for h. Each mixture is tried.
- The gradient at the logits is known to be ``p - t``, whatever the lines between may be. Where a gradient is a multiple
  of the difference of two quantities at all drawn points, it may have been computed from these.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice, product
from typing import NamedTuple

import numpy as np

from hwcheck.grading.bound import spread
from hwcheck.grading.carry import Walk
from hwcheck.grading.compare import Interval, inside
from hwcheck.grading.result import Mask
from hwcheck.grading.steps import Step
from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.node import Array, Constant, Node, Quantity
from hwcheck.graph.node import order as in_order
from hwcheck.ops.losses_classes import one_hot
from hwcheck.reference import drawn_numbers, label_names

__all__ = ["OtherWays", "Ways"]

MOST_MIXED = 64  # mixtures of one step's parents
POINTS = 3
AGREEMENT = 1e-9
MOST_ENTRIES = 10_000  # of a gradient that shortcuts are looked for


class Ways(NamedTuple):
    """The entries that are right, and those that follow from the student's own numbers, on some other way."""

    right: Mask
    follows: Mask


class OtherWays:
    """Finds other ways through one problem."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._shortcuts: dict[Quantity, tuple[Step, ...]] = {}

    def find(
        self,
        quantity: Quantity,
        yours: Array,
        right: Mapping[Quantity, Interval],
        own: Mapping[Quantity, Interval],
        followed: Mapping[Quantity, Interval],
    ) -> Ways:
        """Which entries of an answer, ``(1, *shape)``, are reached from the values of the right and the own track.

        ``followed`` is where the answers on the sheet should have been by those before them.
        """
        ways = Ways(np.zeros(yours.shape, dtype=np.bool_), np.zeros(yours.shape, dtype=np.bool_))
        shortcuts = self._of(quantity)
        for step in shortcuts:
            ways = Ways(ways.right | self._reaches(step, right, yours), ways.follows | self._reaches(step, own, yours))
        for step in (self._walk.by_quantity[quantity], *shortcuts):
            for values in _mixtures(step, right, own, followed):
                ways = ways._replace(follows=ways.follows | self._reaches(step, values, yours))
        return ways

    def _reaches(self, step: Step, values: Mapping[Quantity, Interval], yours: Array) -> Mask:
        found = self._walk.allowed(step.quantity, spread(step, values, self._walk.unit(step.quantity)).closed)
        whole = Interval(*(np.broadcast_to(array, yours.shape) for array in found))
        return inside(yours, whole)

    def _of(self, quantity: Quantity) -> tuple[Step, ...]:
        """The shortcuts to a quantity."""
        if quantity not in self._shortcuts:
            gradients = self._walk.problem.gradients
            of = next((name for name, gradient in gradients.items() if gradient is quantity), None)
            bodies = [] if of is None or quantity.size > MOST_ENTRIES else self._differences(of, quantity)
            self._shortcuts[quantity] = tuple(self._walk.made.instead(quantity, body) for body in bodies)
        return self._shortcuts[quantity]

    def _differences(self, of: str, gradient: Quantity) -> Iterator[Node]:
        """Multiples of a difference that a gradient is: of a value that follows from what it is the gradient of."""
        quantities = self._walk.problem.quantities
        source = quantities[of]
        later = [
            quantity
            for quantity in quantities.values()
            if quantity.shape == source.shape and quantity is not source and source in in_order([quantity])
        ]
        values = self._at_points
        for value in later:
            for target in self._targets(source):
                (difference,) = evaluate([value - target], values)
                factor = _factor(values[gradient], difference)
                if factor is not None:
                    yield factor * (value - target)

    def _targets(self, source: Quantity) -> Iterator[Node]:
        """What a prediction may be compared with: inputs of its shape, class labels as one-hot rows, 0 and 1."""
        problem = self._walk.problem
        yield from (Constant(np.full(source.shape, whole)) for whole in (0.0, 1.0))
        labels = label_names(problem)
        for name in problem.inputs:
            quantity = problem.quantities[name]
            if quantity.shape == source.shape:
                yield quantity
            elif name in labels and source.shape and quantity.shape == source.shape[:-1]:
                yield one_hot(quantity, source.shape[-1])

    @cached_property
    def _at_points(self) -> Mapping[Quantity, Array]:
        """Every quantity at some drawn points, ``(POINTS, *shape)``."""
        problem = self._walk.problem
        numbers = drawn_numbers(problem, POINTS)
        quantities = list(problem.all_quantities().values())
        return dict(zip(quantities, evaluate(quantities, numbers), strict=True))


def _factor(gradient: Array, difference: Array) -> float | None:
    """The number that a difference is multiplied with to give a gradient, if it is one at all points."""
    gradient, difference = np.broadcast_arrays(gradient, difference)
    if not (np.isfinite(gradient).all() and np.isfinite(difference).all() and difference.any()):
        return None
    factor = float(np.sum(gradient * difference) / np.sum(difference * difference))
    near = np.abs(gradient - factor * difference) <= AGREEMENT * np.max(np.abs(gradient), initial=0.0)
    return factor if factor and bool(near.all()) else None


def _mixtures(
    step: Step,
    right: Mapping[Quantity, Interval],
    own: Mapping[Quantity, Interval],
    followed: Mapping[Quantity, Interval],
) -> Iterator[dict[Quantity, Interval]]:
    """The student's own values with some of them replaced, in every way but with none or all of them right."""
    choices = {}
    for parent in step.parents:
        others = [each[parent] for each in (right, followed) if parent in each]
        choices[parent] = [own[parent], *(other for other in others if _differs(other, own[parent]))]
    if math.prod(map(len, choices.values())) > MOST_MIXED:
        choices = {parent: [own[parent], right[parent]] for parent, known in choices.items() if len(known) > 1}
    if math.prod(map(len, choices.values())) <= MOST_MIXED:
        for chosen in islice(product(*choices.values()), 1, None):
            yield {**{parent: own[parent] for parent in step.parents}, **dict(zip(choices, chosen, strict=True))}


def _differs(one: Interval, other: Interval) -> bool:
    with np.errstate(invalid="ignore"):
        return bool(np.any(np.abs(one.at - other.at) > one.below + one.above + other.below + other.above))
