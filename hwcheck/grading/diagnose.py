"""What probably went wrong in an answer that is wrong on its own account.

Every misconception is a wrong run of the same network. It is tried in the step that computes the answer, and in the
steps before it that are not on the sheet, from the student's own numbers; it explains the answer if it leads to all of
it, within what rounding can do, and to something else than the right step does. It is claimed alone only if nothing
else explains the answer as well, and if agreement by chance can be excluded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from hwcheck.grading.bound import spread
from hwcheck.grading.carry import Walk
from hwcheck.grading.compare import Interval, inside
from hwcheck.grading.result import Cause, Mask
from hwcheck.grading.slips import find_slips
from hwcheck.grading.steps import Step
from hwcheck.graph.node import Array, Quantity
from hwcheck.misconceptions.catalogue import WrongStep, wrong_steps

__all__ = ["Diagnoser", "Diagnosis", "Wrong"]

NEAR = 20.0  # times what is allowed: what is farther off is not looked at closely
LIKELY_BY_CHANCE = 0.02
MOST_BEFORE = 12  # steps before an answer that are tried


class Wrong(NamedTuple):
    """One answer, on one sheet: what was written, what follows from the student's own earlier numbers, and those.

    ``values`` has for every quantity where it lies on the sheet, ``(1, *shape)`` each; ``written`` are the quantities
    that are on the sheet.
    """

    quantity: Quantity
    yours: Array
    own: Interval
    wrong: Mask
    values: Mapping[Quantity, Interval]
    written: frozenset[Quantity]


class Diagnosis(NamedTuple):
    """The cause where there is one alone, else the candidates.

    ``implied`` is the value that the cause gives to a step that is not on the sheet.
    """

    cause: Cause | None = None
    candidates: tuple[Cause, ...] = ()
    implied: tuple[Quantity, Array] | None = None


class _Fit(NamedTuple):
    """An explanation: what it is, how likely it is by chance, and what it implies."""

    cause: Cause
    chance: float
    implied: tuple[Quantity, Array] | None = None


class Diagnoser:
    """Finds causes for one problem; the wrong steps are made once for each of its quantities."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._steps = walk.by_quantity
        self._wrong: dict[Quantity, tuple[tuple[WrongStep, Step], ...]] = {}

    def diagnose(self, found: Wrong) -> Diagnosis:
        """What explains one wrong answer."""
        fits: list[_Fit] = []
        tried = 0
        for place in self._places(found):
            for fit in self._misconceptions(place, found):
                tried += 1
                if fit is not None:
                    fits.append(fit)
        slips = self._slips(found)
        likely = [fit for fit in fits if fit.chance * max(1, tried) <= LIKELY_BY_CHANCE]
        return _decided(likely, fits, slips)

    def _slips(self, found: Wrong) -> tuple[Cause, ...]:
        quantity = found.quantity
        step = self._steps[quantity]
        values = {leaf.name: found.values[leaf].at[0] for leaf in step.parents}
        values |= {leaf.name: interval.at[0] for leaf, interval in found.values.items()}
        body = quantity.body
        assert body is not None  # noqa: S101  only what is computed can be wrong
        unit = self._walk.unit(quantity)(found.own.at)
        own = found.own
        return find_slips(body, values, found.yours[0], own.at[0], own.below[0], own.above[0], unit[0], quantity.name)

    def _places(self, found: Wrong) -> Iterator[Quantity]:
        """The step of the answer itself, and those before it that are not on the sheet, the nearest first."""
        seen = {found.quantity: None}
        waiting = [found.quantity]
        while waiting and len(seen) < MOST_BEFORE:
            quantity = waiting.pop(0)
            yield quantity
            for parent in self._steps[quantity].parents:
                if parent in self._steps and parent not in found.written and parent not in seen:
                    seen[parent] = None
                    waiting.append(parent)

    def _misconceptions(self, place: Quantity, found: Wrong) -> Iterator[_Fit | None]:
        """Each wrong step at a place that leads to something else than the right one; None where it does not fit."""
        between = self._between(place, found)
        own = found.own
        for wrong, step in self._wrong_steps(place):
            alternative = self._after(step.expression.run(_at(found.values, step)), place, between, found)
            differs = ~inside(alternative, own) & ~np.isnan(found.yours)
            if not differs.any():
                continue
            if not _near(found.yours, alternative, own):
                yield None
                continue
            interval = self._bounded(step, place, between, found)
            differs = ~inside(interval.at, own) & ~np.isnan(found.yours)
            agrees = inside(found.yours, interval) | np.isnan(found.yours)
            if not agrees.all() or not differs.any():
                yield None
                continue
            cause = Cause(wrong.misconception.name, place.name, wrong.misconception.says, wrong.detail)
            implied = None if place is found.quantity else (place, step.expression.run(_at(found.values, step)))
            yield _Fit(cause, _chance(interval, own, found, differs), implied)

    def _wrong_steps(self, place: Quantity) -> tuple[tuple[WrongStep, Step], ...]:
        if place not in self._wrong:
            right = self._steps[place]
            made = []
            for wrong in wrong_steps(self._walk.problem, place):
                made.append((wrong, Step(place, wrong.body, right.ends, self._walk.reference)))
            self._wrong[place] = tuple(made)
        return self._wrong[place]

    def _between(self, place: Quantity, found: Wrong) -> Sequence[Step]:
        """The steps that lead from a place to the answer, past what is not on the sheet, in order."""
        touched = {place}
        path = []
        for step in self._walk.steps:
            passed = step.quantity is found.quantity or step.quantity not in found.written
            if passed and step.quantity is not place and touched.intersection(step.parents):
                touched.add(step.quantity)
                path.append(step)
            if step.quantity is found.quantity:
                break
        return path

    def _after(self, value: Array, place: Quantity, between: Sequence[Step], found: Wrong) -> Array:
        """What a value of a place leads to in the answer."""
        if place is found.quantity:
            return np.broadcast_to(value, found.yours.shape)
        values = {place: value}
        for step in between:
            values[step.quantity] = step.expression.run(
                {leaf: values[leaf] if leaf in values else found.values[leaf].at for leaf in step.parents}
            )
        return np.broadcast_to(values[found.quantity], found.yours.shape)

    def _bounded(self, step: Step, place: Quantity, between: Sequence[Step], found: Wrong) -> Interval:
        """The same with what rounding can do on the way."""
        interval = self._walk.allowed(place, spread(step, found.values, self._walk.unit(place)))
        values = dict(found.values) | {place: interval}
        for later in between:
            own = self._walk.unit(later.quantity)
            values[later.quantity] = self._walk.allowed(later.quantity, spread(later, values, own))
        return Interval(*(np.broadcast_to(array, found.yours.shape) for array in values[found.quantity]))


def _at(values: Mapping[Quantity, Interval], step: Step) -> dict[Quantity, Array]:
    return {leaf: values[leaf].at for leaf in step.parents}


def _near(yours: Array, alternative: Array, own: Interval) -> bool:
    """Whether an answer may agree with an alternative: a quick look before rounding is followed through it."""
    scale = NEAR * np.maximum(own.below, own.above)
    with np.errstate(invalid="ignore"):
        ratio = np.abs(alternative) / np.maximum(np.abs(own.at), np.finfo(np.float64).tiny)
        off = np.abs(yours - alternative) > scale * np.maximum(1.0, np.minimum(ratio, 1e6))
    return bool(np.isfinite(alternative).all()) and not bool(np.any(off))


def _chance(interval: Interval, own: Interval, found: Wrong, differs: Mask) -> float:
    """How likely a wrong number agrees by chance: the width of agreement by the range where it could be.

    Every entry that differs counts, equal ones only once: one mistake made them.
    """
    width = interval.below + interval.above
    sizes = np.maximum(np.maximum(np.abs(found.yours), np.abs(own.at)), np.abs(interval.at))
    typical = np.max(sizes[differs])
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.minimum(1.0, width / (2 * np.maximum(sizes, 0.1 * typical)))
    first = np.unique(np.abs(interval.at[differs]), return_index=True)[1]
    return float(np.prod(each[differs][first]))


def _decided(likely: Sequence[_Fit], fits: Sequence[_Fit], slips: Sequence[Cause]) -> Diagnosis:
    """One cause if one alone explains the answer."""
    names = {fit.cause.id for fit in fits} | {slip.id for slip in slips}
    causes = [*(fit.cause for fit in fits), *slips]
    if len(names) == 1 and likely:
        return Diagnosis(likely[0].cause, (), likely[0].implied)
    if len(names) == 1 and slips:
        return Diagnosis(slips[0])
    first: dict[str, Cause] = {}
    for cause in causes:
        first.setdefault(cause.id, cause)
    return Diagnosis(None, tuple(first.values()))
