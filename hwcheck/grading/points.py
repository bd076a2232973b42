"""The points at which formulas are tried: drawn numbers at which a wrong formula shows.

A point is not used for a question where

- the answer is 0 in all its entries, for there any factor would be right, or not finite;
- a kink is near: moving the numbers by a thousandth changes the answer in a way that is not nearly linear, because a
  mask or a maximum flips;
- the answer has faded: it is far smaller than at most points, as behind a saturated sigmoid.

Nothing is asked of the ops by name: the quantity is worked out at each point and at moved ones. More points are drawn,
batch by batch, until enough are good. They depend on the problem alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from hwcheck.graph.evaluate import Plan
from hwcheck.graph.node import Array, Quantity
from hwcheck.problem.model import Problem
from hwcheck.reference import drawn_numbers, label_names

__all__ = ["AIM", "ENOUGH", "Points", "Telling", "agree"]

ENOUGH = 5  # with fewer good points a question is weak
AIM = 8
MOST = 12  # with those that are added so that every entry is seen as 0 and as another number
BATCH = 32
BATCHES = 8
AT_ONCE = 5_000_000  # numbers that one evaluation may hold
IN_ALL = 10_000_000  # numbers that all batches may hold

DIRECTIONS = 3
# Where nearly all points look bent, it is curvature that shows, and a smaller step is taken: unlike a
# curvature a kink stays whatever the step.
STEPS = (1e-3, 1e-4, 1e-5)
NEARLY_ALL = 0.9
BACK = 0.5  # of a step: were it a whole one, a tie of two maxima would look linear
BENT = 0.2  # how much of a change may be other than linear: 1e-3 or so where there is no kink, 1 at a flipping mask
SMALL = 0.5  # an entry that changes by less than this part of the mean change is measured by that
NOISE = 1e-12
FADED = 0.01  # of a large answer; the largest of all may be an exception
LARGE = 0.95

KINK, ZERO, FAINT = "a kink is near", "it is 0", "it has faded"
ZEROS = 2  # so many points where the answer is 0 are tried beside the good ones: there a mask shows
MASKED = 4  # zeros are of a mask where they are so many times more than what has faded

# Both sides are computed in float64 by different routes; a formula that is wrong is wrong by far more than this.
AGREEMENT = 1e-7

Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


class Telling(NamedTuple):
    """The points for one question, by their number among all that are drawn; ``weak`` says why they are too few."""

    rows: tuple[int, ...]
    weak: str = ""


class Points:
    """The drawn points of one problem, and which of them tell for each of the ``asked`` quantities.

    ``starts`` are upstream gradients, of which other numbers than the stated ones are drawn too.
    """

    def __init__(self, problem: Problem, asked: Sequence[Quantity], starts: Sequence[Quantity] = ()) -> None:
        self._problem = problem
        self._asked = tuple(asked)
        self._starts = tuple(starts)
        self._quantities = problem.all_quantities()
        self._plan = Plan(self._quantities.values(), starts)
        size = max(self._plan.entries, 1)
        self._length = min(BATCH, max(AIM, AT_ONCE // size))
        self._most = min(BATCHES, max(1, IN_ALL // (size * self._length)))
        self._batches: list[tuple[Mapping[str, Array], Mapping[str, Mask]]] = []
        self._found: dict[str, Telling] = {}

    def values(self, name: str, rows: Sequence[int]) -> Array:
        """A quantity's right values at some points, ``(len(rows), *shape)``."""
        return np.stack([self._batches[row // self._length][0][name][row % self._length] for row in rows])

    def telling(self, name: str) -> Telling:
        """The points at which a formula for an asked quantity is tried."""
        if name not in self._found:
            self._found[name] = self._find(name)
        return self._found[name]

    def _find(self, name: str) -> Telling:
        for batches in range(1, self._most + 1):
            while len(self._batches) < batches:
                self._batches.append(self._draw(len(self._batches)))
            values = np.concatenate([batch[name] for batch, _ in self._batches[:batches]])
            bent = np.concatenate([kinks[name] for _, kinks in self._batches[:batches]])
            faults = _faults(values, bent)
            good = [row for row, fault in enumerate(faults) if not fault]
            if len(good) >= AIM or not self._anything_drawn:
                break
        if not self._anything_drawn:
            return Telling((0,), "its numbers are all fixed, so that every formula with the right result passes")
        if len(good) >= ENOUGH:
            zero = [row for row, fault in enumerate(faults) if fault == ZERO]
            if len(zero) < MASKED * faults.count(FAINT):
                zero = []  # not stopped by a mask, but faded beyond what float64 can hold
            return Telling(_varied(values, [*good[:AIM], *zero[:ZEROS], *good[AIM:]]))
        usable = [row for row, fault in enumerate(faults) if fault in (KINK, FAINT, ZERO)]
        rows = [*good, *usable][:AIM] or list(range(AIM))
        counted = [f"{fault} at {count}" for fault, count in Counter(filter(None, faults)).most_common()]
        weak = f"only {len(good)} of {len(faults)} drawn points tell a right formula from a wrong one"
        return Telling(tuple(rows), f"{weak}: {', '.join(counted)}; let draw reach other numbers")

    @property
    def _anything_drawn(self) -> bool:
        return bool(self._starts) or any(len(array) > 1 for array in drawn_numbers(self._problem, 2).values())

    def _draw(self, batch: int) -> tuple[Mapping[str, Array], Mapping[str, Mask]]:
        """The values of every quantity at the next points, and near which of them an asked one has a kink."""
        begin = batch * self._length
        numbers = drawn_numbers(self._problem, self._length, begin)
        for start in self._starts:
            named = [f"{start.name}/{point}" for point in range(begin, begin + self._length)]
            numbers[start] = np.concatenate([self._uniform(name, start) for name in named])
        results = self._plan.run(numbers)
        values = {
            name: np.broadcast_to(numbers.get(quantity, array), (self._length, *array.shape[1:]))
            for (name, quantity), array in zip(self._quantities.items(), results, strict=True)
        }
        kinks: dict[str, Mask] = {}
        for step in STEPS:
            asked = [quantity for quantity in self._asked if np.mean(kinks.get(quantity.name, np.True_)) > NEARLY_ALL]
            if asked:
                kinks |= self._kinks(asked, numbers, values, step)
        return values, kinks

    def _kinks(
        self,
        asked: Sequence[Quantity],
        numbers: Mapping[Quantity, Array],
        values: Mapping[str, Array],
        step: float,
    ) -> dict[str, Mask]:
        """At which points each asked quantity does not change nearly linearly within a relative step."""
        plan = Plan(asked, self._starts)
        first = {quantity.name: np.zeros((self._length, *quantity.shape)) for quantity in asked}
        second = {name: zeros.copy() for name, zeros in first.items()}
        with np.errstate(invalid="ignore", over="ignore"):
            for up, down in self._moved(numbers, step):
                for quantity, above, below in zip(asked, plan.run(up), plan.run(down), strict=True):
                    name, here = quantity.name, values[quantity.name]
                    change = np.abs(above - below) / (1 + BACK)
                    first[name] = np.maximum(first[name], change)
                    second[name] = np.maximum(second[name], np.abs((above - here) + (below - here) / BACK))
            return {name: _bent(first[name], second[name], values[name]) for name in first}

    def _moved(
        self, numbers: Mapping[Quantity, Array], relative: float
    ) -> Iterator[tuple[Mapping[Quantity, Array], Mapping[Quantity, Array]]]:
        """The numbers moved a little one way and the other, in a few directions; labels stay what they are."""
        labels = label_names(self._problem)
        for direction in range(DIRECTIONS):
            up, down = dict(numbers), dict(numbers)
            for quantity, array in numbers.items():
                if len(array) == 1 or quantity.name in labels:
                    continue
                size = np.maximum(np.abs(array), np.sqrt(np.mean(array**2)))  # an entry that is 0 is moved too
                step = relative * size * self._direction(quantity, direction)
                up[quantity], down[quantity] = array + step, array - BACK * step
            yield up, down

    def _direction(self, quantity: Quantity, direction: int) -> Array:
        """Numbers from 0.5 to 1 of either sign, ``(1, *shape)``."""
        numbers = self._uniform(f"{quantity.name}/moved/{direction}", quantity)
        moved: Array = np.copysign(0.5 + np.abs(numbers) / 2, numbers)
        return moved

    def _uniform(self, name: str, quantity: Quantity) -> Array:
        """Numbers from -1 to 1, ``(1, *shape)``, the same on every machine."""
        import random

        generator = random.Random(f"{self._problem.seed}/{name}")  # noqa: S311  no secret depends on it
        return np.array([generator.uniform(-1.0, 1.0) for _ in range(quantity.size)]).reshape(1, *quantity.shape)


def _bent(first: Array, second: Array, values: Array) -> Mask:
    """At which points a quantity does not change nearly linearly, ``(points,)``; first and second differences."""
    flat = (len(values), -1)
    first, second, size = first.reshape(flat), second.reshape(flat), np.abs(values).reshape(flat)
    change = np.maximum(first, SMALL * np.sqrt(np.mean(first**2, axis=1, keepdims=True)))
    allowed = BENT * change + NOISE * np.max(size, axis=1, initial=0.0, keepdims=True)
    result: Mask = ~(second <= allowed).all(axis=1)  # what is not finite is no better than a kink
    return result


def _faults(values: Array, bent: Mask) -> list[str]:
    """What speaks against each point; nothing for a good one."""
    flat = values.reshape(len(values), -1)
    infinite: Mask = np.asarray(~np.isfinite(flat).all(axis=1))
    sizes: Array = np.max(np.abs(np.where(infinite[:, np.newaxis], 0.0, flat)), axis=1, initial=0.0)
    large = float(np.quantile(sizes[sizes > 0], LARGE)) if sizes.any() else 0.0
    found: list[tuple[str, Mask]] = [
        ("it is not finite", infinite),
        (KINK, bent),
        (ZERO, sizes == 0),
        (FAINT, sizes < FADED * large),
    ]
    return [next((fault for fault, holds in found if holds[row]), "") for row in range(len(flat))]


def _varied(values: Array, good: Sequence[int]) -> tuple[int, ...]:
    """The first points, and further ones at which entries are 0 that were not yet, or the other way round.

    Without them a mask that is left out could stay unseen.
    """
    chosen = list(good[:AIM])
    zero = values.reshape(len(values), -1) == 0
    for row in good[AIM:]:
        if len(chosen) == MOST:
            break
        seen = zero[chosen]
        fresh = np.where(zero[row], ~seen.any(axis=0), seen.all(axis=0))
        if fresh.any():
            chosen.append(row)
    return tuple(chosen)


def agree(values: Array, expected: Array) -> Mask:
    """At which points a formula gives the expected numbers, entry by entry and within float64's noise."""
    axes = tuple(range(1, expected.ndim))
    scale = np.max(np.abs(expected), axis=axes, initial=0.0, keepdims=True)
    scale = np.maximum(
        scale, 1e-3 * np.max(scale, initial=0.0, where=np.isfinite(scale))
    )  # what cancels is not quite 0
    with np.errstate(invalid="ignore"):
        near = np.abs(values - expected) <= AGREEMENT * np.maximum(np.abs(expected), 1e-3 * scale)
    result: Mask = near.all(axis=axes)
    return result
