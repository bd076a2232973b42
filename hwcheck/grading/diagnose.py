"""What probably went wrong in an answer that is wrong on its own account.

Every misconception is a wrong run of the same network. It is tried in the step that computes the answer, and in the
steps before it that are not on the sheet, from the student's own numbers; it explains the answer if it leads to all of
it, within what rounding can do, and to something else than the right step does. It is claimed alone only if nothing
else explains the answer as well, and if agreement by chance can be excluded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from hwcheck.grading.bound import spread
from hwcheck.grading.carry import Walk
from hwcheck.grading.compare import Interval, inside
from hwcheck.grading.result import Cause, Mask
from hwcheck.grading.slips import Slip, fitting_slips
from hwcheck.grading.steps import Step
from hwcheck.grading.wrong_runs import WrongRuns
from hwcheck.graph.node import Array, Quantity

__all__ = ["Diagnoser", "Diagnosis", "Reading", "Wrong"]

NEAR = 20.0  # times what is allowed, and
FAR = 0.05  # of the size of a number: what is farther off is not looked at closely
CLAIMED = 0.1  # an explanation that agrees by chance less often than this is claimed
SLIP = 0.05  # the same of a slip in a single entry, of which there are so many
WEAKER = 50.0  # times likelier by chance: such an explanation does not explain the answer as well,
SURE = 1e-3  # unless it is hardly chance itself
CANDIDATES = 8
FINEST = 6  # decimals of coarse numbers
MOST_BEFORE = 20  # steps before an answer that are tried


# Slips of the pen, which a single number shows as well as a misconception does.
OF_THE_PEN = frozenset({"digits-swapped", "decimal-point", "carry-slip", "digit-misread"})
# Misconceptions that are not thought of where a plainer one, or one that says more, explains the answer too.
PLAINER: Mapping[str, tuple[str, ...]] = {
    "term-sign-flipped": ("sign-flipped",),
    "gradient-term-sign-flipped": ("sign-flipped",),
    "another-step-used": (
        "term-of-the-formula-left-out", "previous-state-left-out", "old-average-left-out", "factor-left-out",
    ),
    "arriving-gradient-left-out": ("branch-left-out", "constant-factor-left-out-on-the-way-back"),
    "branch-left-out": ("derivative-of-a-written-softmax",),
    "input-of-another-layer": ("branch-left-out",),
    "local-derivative-left-out": ("branch-left-out", "only-one-branch", "complement-left-out-on-the-way-back"),
}  # fmt: skip
# Slips in one term of an entry: a misconception that changes no other entry says which term, and why.
IN_A_TERM = frozenset({"term-left-out", "term-sign", "term-twice", "term-added"})


class Wrong(NamedTuple):
    """One answer, on one sheet: what was written, what follows from the student's own earlier numbers, and those.

    ``values`` has for every quantity where it lies on the sheet, ``(1, *shape)`` each; ``written`` are the quantities
    that are on the sheet.
    """

    quantity: Quantity
    yours: Array
    own: Interval
    values: Mapping[Quantity, Interval]
    written: frozenset[Quantity]


Reading: TypeAlias = tuple[Cause, tuple[Quantity, Array]]


class Diagnosis(NamedTuple):
    """The cause where there is one alone, else the candidates.

    ``implied`` is the value that the cause gives to a step that is not on the sheet; ``readings`` has everything that
    fits and gives such a step a value, with it, the likeliest first.
    """

    cause: Cause | None = None
    candidates: tuple[Cause, ...] = ()
    implied: tuple[Quantity, Array] | None = None
    readings: tuple[Reading, ...] = ()


class _Fit(NamedTuple):
    """An explanation: what it is, how likely it is by chance, and what it implies."""

    cause: Cause
    chance: float
    implied: tuple[Quantity, Array] | None = None
    rare: bool = False


class Diagnoser:
    """Finds causes for one problem; the wrong steps are made once for each of its quantities."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._steps = walk.by_quantity
        self._wrong = WrongRuns(walk)

    def diagnose(self, found: Wrong) -> Diagnosis:
        """What explains one wrong answer."""
        fits: list[_Fit] = []
        common = rare = 0  # so many were tried: those that are at least as likely count
        for place in self._places(found):
            here = list(self._misconceptions(place, found))
            common += sum(not is_rare for is_rare, _ in here)
            rare += sum(is_rare for is_rare, _ in here)
            for is_rare, fit in here:
                if fit is not None:
                    fits.append(fit._replace(chance=fit.chance * (common + rare if is_rare else common)))
        slips = [_Fit(slip.cause, slip.chance) for slip in self._slips(found)]
        wrong = ~inside(found.yours, found.own) & ~np.isnan(found.yours)
        return _decided(fits, slips, found.yours.size, int(wrong.sum()))

    def _slips(self, found: Wrong) -> tuple[Slip, ...]:
        """The slips in single entries that explain the answer."""
        quantity, own = found.quantity, found.own
        values = {leaf.name: interval.at[0] for leaf, interval in found.values.items()}
        body = self._steps[quantity].body
        unit = self._walk.unit(quantity)(own.at)
        numbers = (found.yours[0], own.at[0], own.below[0], own.above[0], unit[0])
        return fitting_slips(body, values, *numbers, quantity.name, self._walk.problem.indexing)

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

    def _misconceptions(self, place: Quantity, found: Wrong) -> Iterator[tuple[bool, _Fit | None]]:
        """Each wrong step at a place that leads to something else than the right one, and whether it is rare.

        The fit is None where it does not fit.
        """
        between = self._between(place, found)
        own = found.own
        runs = self._wrong.of(place)
        made = [step.expression.run(_at(found.values, step)) for _, step in runs]
        led_to = self._after(made, place, between, found)
        visible = [not _as_good(inside(alternative, own), found) for alternative in led_to]
        near = [i for i, seen in enumerate(visible) if seen and _near(found.yours, led_to[i], own)]
        bounded = dict(zip(near, self._bounded([runs[i][1] for i in near], place, between, found), strict=True))
        for i, (wrong, _) in enumerate(runs):
            if not visible[i]:
                continue
            rare, interval = wrong.misconception.rare, bounded.get(i)
            if interval is None or _as_good(inside(interval.at, own), found) or not _explains(interval, found):
                yield rare, None
                continue
            differs = ~inside(interval.at, own) & ~np.isnan(found.yours)
            cause = Cause(wrong.misconception.name, place.name, wrong.misconception.says, wrong.detail)
            implied = None if place is found.quantity else (place, made[i])
            yield rare, _Fit(cause, _chance(interval, own, found, differs), implied, rare)

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

    def _after(self, made: Sequence[Array], place: Quantity, between: Sequence[Step], found: Wrong) -> list[Array]:
        """What values of a place lead to in the answer, all of them at once; each ``(1, *shape)``."""
        if not made:
            return []
        values = {place: np.concatenate([np.broadcast_to(value, (1, *place.shape)) for value in made])}
        for step in between:
            values[step.quantity] = step.expression.run(
                {leaf: values[leaf] if leaf in values else found.values[leaf].at for leaf in step.parents}
            )
        shape = (len(made), *found.quantity.shape)
        return np.split(np.broadcast_to(values[found.quantity], shape), len(made))

    def _bounded(self, wrong: Sequence[Step], place: Quantity, between: Sequence[Step], found: Wrong) -> list[Interval]:
        """The same with what rounding can do on the way, for each of some wrong steps."""
        if not wrong:
            return []
        unit = self._walk.unit(place)
        each = [self._walk.allowed(place, spread(step, found.values, unit).closed) for step in wrong]
        values = {**found.values, place: Interval(*map(np.concatenate, zip(*each, strict=True)))}
        for later in between:
            own = self._walk.unit(later.quantity)
            values[later.quantity] = self._walk.allowed(later.quantity, spread(later, values, own).closed)
        shape = (len(wrong), *found.quantity.shape)
        parts = (np.split(np.broadcast_to(array, shape), len(wrong)) for array in values[found.quantity])
        return [Interval(*arrays) for arrays in zip(*parts, strict=True)]


def _as_good(agrees: Mask, found: Wrong) -> bool:
    """Whether a wrong step leads to what the right one does, in all that was answered."""
    return bool((agrees | np.isnan(found.yours)).all())


def _explains(interval: Interval, found: Wrong) -> bool:
    """Whether all of an answer lies where a wrong step leads to."""
    return bool((inside(found.yours, interval) | np.isnan(found.yours)).all())


def _at(values: Mapping[Quantity, Interval], step: Step) -> dict[Quantity, Array]:
    return {leaf: values[leaf].at for leaf in step.parents}


def _near(yours: Array, alternative: Array, own: Interval) -> bool:
    """Whether an answer may agree with an alternative: a quick look before rounding is followed through it."""
    with np.errstate(invalid="ignore"):
        off = np.abs(yours - alternative) > NEAR * np.maximum(own.below, own.above) + FAR * np.abs(alternative)
    return bool(np.isfinite(alternative).all()) and not bool(np.any(off))


def _chance(interval: Interval, own: Interval, found: Wrong, differs: Mask) -> float:
    """How likely a wrong number agrees by chance: the width of agreement by the range where it could be.

    Every entry that differs counts, equal ones only once: one mistake made them. Where it is one entry among others,
    and the numbers are as coarse as whole numbers, so is a wrong one.
    """
    numbers = [found.yours[differs], own.at[differs], interval.at[differs]]
    coarse = _coarseness(np.concatenate(numbers)) if differs.sum() == 1 < differs.size else 0.0
    width = np.maximum((interval.below + interval.above)[differs], coarse)
    sizes = np.maximum.reduce([np.abs(each) for each in numbers])
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.minimum(1.0, width / (2 * np.maximum(sizes, 0.1 * np.max(sizes))))
    first = np.unique(np.abs(numbers[2]), return_index=True)[1]
    return float(np.prod(each[first]))


def _coarseness(numbers: Array) -> float:
    """The largest of 1, 0.1, 0.01, ... that all numbers are whole multiples of; 0 if none of these is."""
    for places in range(FINEST):
        steps = numbers * 10.0**places
        if np.all(np.abs(steps - np.round(steps)) < 1e-6):
            return 10.0**-places
    return 0.0


def _decided(fits: Sequence[_Fit], slips: Sequence[_Fit], entries: int, wrong: int) -> Diagnosis:
    """One cause if one alone explains the answer and chance can be excluded; else what is consistent with it.

    ``entries`` is the size of the answer, ``wrong`` how many are.
    """
    readings = tuple((fit.cause, fit.implied) for fit in sorted(fits, key=_chance_of) if fit.implied is not None)
    fits = _plainest(fits)
    if wrong == entries and any(fit.cause.id == "sign-flipped" for fit in fits):
        slips = [slip for slip in slips if slip.cause.id != "sign-lost"]
    if any(fit.chance <= CLAIMED for fit in fits):
        slips = [slip for slip in slips if _is_told_apart(slip.cause.id, entries, wrong)]
    best: dict[str, _Fit] = {}  # of each kind
    for fit in sorted([*fits, *slips], key=lambda fit: fit.chance):
        best.setdefault(fit.cause.id, fit)
    if not best:
        return Diagnosis()
    first, *others = best.values()
    as_well = [fit for fit in others if fit.chance <= max(SURE, WEAKER * first.chance)]
    if not as_well and first.chance <= (SLIP if any(first is slip for slip in slips) else CLAIMED):
        same = [fit.cause.detail for fit in (*fits, *slips) if fit.cause.id == first.cause.id]
        told = first.cause if len(set(same)) == 1 else first.cause._replace(detail="")
        return Diagnosis(told, (), first.implied, readings)
    return Diagnosis(None, tuple(fit.cause for fit in (first, *as_well)[:CANDIDATES]), None, readings)


def _chance_of(fit: _Fit) -> tuple[bool, float]:
    return fit.rare, fit.chance


def _plainest(fits: Sequence[_Fit]) -> list[_Fit]:
    """Explanations without those that a plainer one stands for, and without rare ones where a common one is as good."""
    best: dict[str, float] = {}
    for fit in fits:
        best[fit.cause.id] = min(fit.chance, best.get(fit.cause.id, np.inf))
    common = min((fit.chance for fit in fits if not fit.rare), default=np.inf)
    kept = []
    for fit in fits:
        plainer = min((best.get(name, np.inf) for name in PLAINER.get(fit.cause.id, ())), default=np.inf)
        if (common if fit.rare else plainer) > max(CLAIMED, WEAKER * fit.chance):
            kept.append(fit)
    return kept


def _is_told_apart(slip: str, entries: int, wrong: int) -> bool:
    """Whether a slip explains an answer as well as a misconception that explains all of it.

    It does in one entry among many, unless it is one in a term, which the misconception names. Where several are wrong,
    or there is only one, what was done to all of them is the better explanation, unless it is a slip of the pen.
    """
    return wrong == 1 and slip not in IN_A_TERM if entries > 1 else slip in OF_THE_PEN
