"""The mistakes that a simulated student makes: each at one step, all after it worked properly from it.

Misconceptions are offered by the networks themselves (``paper.step(..., wrong)``). Slips happen at one entry of any
step: in the sum (a term left out, or with the wrong sign, or a factor taken from its neighbour), or where the number is
written (digits swapped, the decimal point shifted, the sign lost, entries exchanged, a row copied twice).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from tests.benchmarks.simulation.digits import Digits, Numbers
from tests.benchmarks.simulation.paper import Step

__all__ = ["SLIPS", "Mistake", "looks_like", "misconceptions", "slips", "sums_like", "trivial"]

Random = np.random.Generator
Places = np.ndarray[Any, np.dtype[np.intp]]
# Of one sheet: what a step becomes, or None where the slip cannot happen.
InSum = Callable[[Step, Random], "Numbers | None"]
Written = Callable[[Numbers, Digits, Random], "Numbers | None"]


class Mistake(NamedTuple):
    """A mistake at a step: ``kind`` is ``misconception`` or ``slip``; ``seed`` chooses the entry of a slip."""

    step: str
    name: str
    kind: str
    seed: int = 0

    def __str__(self) -> str:
        return f"{self.kind} {self.name} at {self.step}"

    def spoils_value(self) -> Mapping[str, Callable[[Step], Numbers]]:
        """What the paper is to do to the value of the step before it is rounded."""
        if self.kind == "misconception":
            return {self.step: lambda step: step.wrong[self.name]}
        if self.name not in IN_SUM:
            return {}
        return {self.step: self._slipped}

    def spoils_written(self, digits: Digits) -> Mapping[str, Callable[[Numbers], Numbers]]:
        """What the paper is to do to the rounded number."""
        if self.kind == "misconception" or self.name not in WRITTEN:
            return {}
        return {self.step: lambda written: self._misread(written, digits)}

    def _slipped(self, step: Step) -> Numbers:
        changed = IN_SUM[self.name](step, np.random.default_rng(self.seed))
        return step.value if changed is None else changed

    def _misread(self, written: Numbers, digits: Digits) -> Numbers:
        changed = WRITTEN[self.name](written, digits, np.random.default_rng(self.seed))
        return written if changed is None else changed


def misconceptions(steps: Mapping[str, Step]) -> list[Mistake]:
    """Every misconception at every step where it gives another number at all, and not one constant."""
    found = []
    for step, (value, wrong, _) in steps.items():
        for name, other in wrong.items():
            with np.errstate(invalid="ignore"):
                close = np.isclose(other, value, rtol=1e-9, atol=1e-12)
            if not close.all() and np.isfinite(other).all() and not trivial(value, other):
                found.append(Mistake(step, name, "misconception"))
    return found


def trivial(right: Numbers, wrong: Numbers) -> bool:
    """Whether all is one number that was not: nothing later is to follow from it."""
    return bool(np.ptp(wrong) == 0 and np.ptp(right) != 0) or not wrong.any()


def slips(steps: Mapping[str, Step], seed: int) -> list[Mistake]:
    """Every kind of slip at every step where it can happen, at an entry of chance."""
    found = []
    for k, (name, step) in enumerate(steps.items()):
        for j, slip in enumerate(SLIPS):
            mistake = Mistake(name, slip, "slip", seed + 100 * k + j)
            if slip in IN_SUM:
                possible = IN_SUM[slip](step, np.random.default_rng(mistake.seed)) is not None
            else:
                possible = slip != "row-copied" or step.value.ndim > 2
            if possible:
                found.append(mistake)
    return found


def looks_like(right: Numbers, wrong: Numbers) -> frozenset[str]:
    """The slips in writing that make the very same numbers of the right ones, to all digits that are written."""
    at = np.abs(wrong - right) > 1e-12 * np.abs(right)
    before, after = right[at], wrong[at]
    if not before.size:
        return frozenset()
    opposite = np.allclose(after, -before, rtol=1e-9)
    found = {
        "sign-lost": opposite,
        "sign-flipped": opposite and before.size == np.count_nonzero(right),
        "entries-exchanged": before.size == 2 and np.allclose(after, before[::-1], rtol=1e-9),
        "decimal-point": before.size == 1 and any(np.allclose(after, before * by, rtol=1e-9) for by in (0.1, 10)),
        "entry-copied": before.size == 1 and bool(np.any(np.isclose(right, after[0], rtol=1e-9))),
    }
    return frozenset(name for name, holds in found.items() if holds)


def sums_like(mistake: Mistake, step: Step) -> frozenset[str]:
    """The slips in a sum that change the same entry by the very same amount."""
    factors = _factors(step)
    if factors is None or mistake.name not in IN_SUM:
        return frozenset()
    change = (mistake.spoils_value()[mistake.step](step) - step.value)[0]
    at = tuple(int(i) for i in np.argwhere(change)[0]) if change.any() else ()
    left, right = factors[0][at], factors[1][at]
    products = left * right
    copied = [
        np.diff(left) * right[1:],
        -np.diff(left) * right[:-1],
        np.diff(right) * left[1:],
        -np.diff(right) * left[:-1],
    ]
    ways = {
        "term-left-out": -products,
        "term-sign": -2 * products,
        "term-twice": products,
        "factor-copied": np.concatenate(copied),
        "term-added": left + right - products,
        "sign-lost": np.array([-2 * step.value[0][at]]),
    }
    return frozenset(name for name, all_ in ways.items() if np.isclose(all_, change[at], rtol=1e-9).any())


def _place(shape: tuple[int, ...], random: Random) -> tuple[int, ...]:
    return tuple(int(random.integers(size)) for size in shape)


def _factors(step: Step) -> tuple[Numbers, Numbers] | None:
    """The factors of all terms of the one sheet, ``(*shape, terms)``; None where nothing is summed."""
    if step.terms is None:
        return None
    left, right = np.broadcast_arrays(*step.terms)
    return left[0], right[0]


def _term(step: Step, random: Random, times: float) -> Numbers | None:
    factors = _factors(step)
    if factors is None or factors[0].shape[-1] < 2:
        return None
    products = factors[0] * factors[1]
    places = np.argwhere(products != 0)
    if not len(places):
        return None
    place = tuple(int(i) for i in random.choice(places))
    return _changed(step.value, place, times * products[place])


def _changed(value: Numbers, place: tuple[int, ...], change: float) -> Numbers:
    """The value of one sheet with a change in the entry to which a term belongs."""
    entry = (0, *place[:-1])
    changed: Numbers = value.copy()
    changed[entry] += change
    return changed


def _term_left_out(step: Step, random: Random) -> Numbers | None:
    return _term(step, random, -1.0)


def _term_sign(step: Step, random: Random) -> Numbers | None:
    return _term(step, random, -2.0)


def _factor_copied(step: Step, random: Random) -> Numbers | None:
    """One factor is taken from the entry or the term beside its own."""
    factors = _factors(step)
    if factors is None:
        return None
    mine, other = factors if random.random() < 0.5 else factors[::-1]
    for _ in range(50):
        place = _place(mine.shape, random)
        axis = int(random.integers(mine.ndim))
        beside = list(place)
        beside[axis] += 1 if random.random() < 0.5 else -1
        if 0 <= beside[axis] < mine.shape[axis]:
            change = (mine[tuple(beside)] - mine[place]) * other[place]
            if change != 0:
                return _changed(step.value, place, change)
    return None


def _sign_lost(written: Numbers, digits: Digits, random: Random) -> Numbers | None:
    places = np.argwhere(written < 0)
    if not len(places):
        places = np.argwhere(written != 0)
    return _with(written, places, random, lambda x: -x)


def _digits_swapped(written: Numbers, digits: Digits, random: Random) -> Numbers | None:
    return _with(written, np.argwhere(written != 0), random, lambda x: _swapped(x, digits, random))


def _swapped(number: float, digits: Digits, random: Random) -> float:
    """Two digits that stand side by side change places, the decimal point stays."""
    text = digits.text(number)
    at = [k for k, sign in enumerate(text) if sign.isdigit()]
    pairs = [(i, j) for i, j in pairwise(at) if text[i] != text[j]]
    if not pairs:
        return number
    i, j = pairs[int(random.integers(len(pairs)))]
    signs = list(text)
    signs[i], signs[j] = signs[j], signs[i]
    return float("".join(signs))


def _decimal_point(written: Numbers, digits: Digits, random: Random) -> Numbers | None:
    """One place to the right; where no digit is lost by it, to the left as well."""
    down = digits.kind == "sigfigs" and random.random() < 0.5
    return _with(written, np.argwhere(written != 0), random, lambda x: x / 10 if down else x * 10)


def _entries_exchanged(written: Numbers, digits: Digits, random: Random) -> Numbers | None:
    """An entry and the next one, in the order of reading."""
    flat = written.reshape(-1)
    places = np.flatnonzero(flat[1:] != flat[:-1])
    if not len(places):
        return None
    k = int(random.choice(places))
    changed: Numbers = flat.copy()
    changed[[k, k + 1]] = changed[[k + 1, k]]
    exchanged: Numbers = changed.reshape(written.shape)
    return exchanged


def _row_copied(written: Numbers, digits: Digits, random: Random) -> Numbers | None:
    if written.ndim < 3:
        return None
    rows: Numbers = written.reshape(-1, written.shape[-1]).copy()
    if len(rows) < 2:
        return None
    k = int(random.integers(1, len(rows)))
    rows[k] = rows[k - 1]
    copied: Numbers = rows.reshape(written.shape)
    return copied


def _with(written: Numbers, places: Places, random: Random, change: Callable[[float], float]) -> Numbers | None:
    """One of the places changed; infinities stay."""
    places = places[[bool(np.isfinite(written[tuple(place)])) for place in places]] if len(places) else places
    if not len(places):
        return None
    place = tuple(int(i) for i in random.choice(places))
    changed: Numbers = written.copy()
    changed[place] = change(float(changed[place]))
    return changed


IN_SUM: Mapping[str, InSum] = {
    "term-left-out": _term_left_out,
    "term-sign": _term_sign,
    "factor-copied": _factor_copied,
}
WRITTEN: Mapping[str, Written] = {
    "digits-swapped": _digits_swapped,
    "decimal-point": _decimal_point,
    "sign-lost": _sign_lost,
    "entries-exchanged": _entries_exchanged,
    "row-copied": _row_copied,
}
SLIPS = (*IN_SUM, *WRITTEN)
