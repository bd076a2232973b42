"""Where rounding decides too much: kinks and poles nearby, and probabilities that are written 0 or 1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from hwcheck.grading.bound import spread
from hwcheck.grading.compare import Interval
from hwcheck.grading.reasons import AT_ZERO, COMPARISONS, LONGEST
from hwcheck.grading.result import Mask
from hwcheck.grading.steps import Step
from hwcheck.grading.trial_sheet import TrialSheet
from hwcheck.graph.node import Array, Call, Quantity
from hwcheck.language.printer import to_text
from hwcheck.lint import Finding

__all__ = ["kinks", "saturated", "unbounded"]

LITTLE = 1e-3  # the share of the rounding that is followed by its slope
WIDER = 4.0  # times what the slope says: a kink, not a bend
PATTERNS = 64
LIMITS: Mapping[str, tuple[float, ...]] = {"sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "tanh": (-1.0, 1.0)}


def unbounded(sheet: TrialSheet) -> Iterator[Finding]:
    """Answers for which rounding leaves no bound, together: anything counts there."""
    found = {}
    for quantity in sheet.asked:
        _, below, above = sheet.accepted[quantity]
        count = int((np.isinf(below) | np.isinf(above)).sum())
        if count:
            found[quantity.name] = count
    if found:
        first = next(iter(found))
        entries = f"{found[first]} of its entries" if found[first] > 1 else "it"
        message = f"rounding leaves {entries} without a bound, so answers there are accepted for review"
        advice = "keep what is divided by, or what a logarithm is taken of, away from 0, or ask for more digits"
        yield Finding(first, message, "warning", "unbounded", advice, None, tuple(found))


def kinks(sheet: TrialSheet) -> Iterator[Finding]:
    """Steps in which rounding alone can take some entry over a kink."""
    for step in sheet.walk.steps:
        if not sheet.matters(step.quantity):
            continue
        over = _over_a_kink(sheet, step)
        count = int(over.sum())
        if count:
            some = "it" if over.size == 1 else f"{count} of its {over.size} entries"
            message = f"rounding alone can take {some} over a kink: {_which(sheet, step)}"
            yield Finding(step.quantity.name, message, "warning", "kink", "choose numbers farther from it")


def _over_a_kink(sheet: TrialSheet, step: Step) -> Mask:
    """The entries whose interval is much wider than the slope of the step would make it."""
    unit = sheet.walk.unit(step.quantity)
    values = {leaf: _bounded(sheet.values[leaf]) for leaf in step.parents}
    little = {leaf: Interval(at, LITTLE * below, LITTLE * above) for leaf, (at, below, above) in values.items()}
    whole = spread(step, values, unit).whole
    slope = spread(step, little, lambda numbers: LITTLE * unit(numbers)).whole
    own = unit(whole.at)
    over = np.zeros(whole.at.shape, dtype=np.bool_)
    for width, part in ((whole.below, slope.below), (whole.above, slope.above)):
        over |= np.isfinite(width) & (width > WIDER * part / LITTLE + own)
    return over


def _bounded(found: Interval) -> Interval:
    """An interval without the sides that have no bound: of them the step before has told."""
    at, below, above = found
    return Interval(at, np.where(np.isinf(below), 0.0, below), np.where(np.isinf(above), 0.0, above))


def _which(sheet: TrialSheet, step: Step) -> str:
    """The input of a ReLU or of a comparison that changes its side within its rounding."""
    generator = np.random.Generator(np.random.PCG64(PATTERNS))
    moved: dict[Quantity, Array] = {}
    for leaf in step.parents:
        at, below, above = _bounded(sheet.values[leaf])
        up = generator.random((PATTERNS, *leaf.shape)) < 0.5
        up[:2] = np.array([True, False]).reshape(2, *(1,) * len(leaf.shape))
        moved[leaf] = at + np.where(up, above, -below)
    slots, here = step.expression.run_all(moved), step.expression.run_all(sheet.right)
    for call in step.expression.calls:
        if call.op.name not in AT_ZERO | COMPARISONS:
            continue
        side, right = _side(call, step, slots), _side(call, step, here)
        crosses = np.broadcast_to(np.sign(side) != np.sign(right), side.shape).any(axis=0)
        if crosses.any():
            text = to_text(call.inputs[0])
            told = text if len(text) <= LONGEST else f"the input of {call.op.name}"
            near = float(np.broadcast_to(right[0], crosses.shape)[crosses].flat[0])
            return f"{told} is {abs(near):.2g} from it"
    return "a maximum nearly tied, or a function that bends sharply there"


def _side(call: Call, step: Step, slots: list[Array]) -> Array:
    side = slots[step.expression.place(call.inputs[0])]
    return side - slots[step.expression.place(call.inputs[1])] if call.op.name in COMPARISONS else side


def saturated(sheet: TrialSheet) -> Iterator[Finding]:
    """Lines with a sigmoid, a softmax or a tanh that is its limit when it is rounded."""
    for step in sheet.walk.steps:
        name = step.quantity.name
        if name not in sheet.problem.quantities:
            continue  # of gradients the line says it
        slots = step.expression.run_all(sheet.right)
        for call in step.expression.calls:
            values = slots[step.expression.place(call)]
            for limit in LIMITS.get(call.op.name, ()):
                near = np.abs(values - limit) < sheet.walk.unit(step.quantity)(np.full(values.shape, limit)) / 2
                near &= (values != limit) | (call.op.name != "softmax")  # what a mask hides is 0, and leaves 1
                if near.any():
                    yield _at_limit(name, call, values[near], limit, values.size)


def _at_limit(name: str, call: Call, near: Array, limit: float, size: int) -> Finding:
    told = "it is" if size == 1 else f"{len(near)} of {size} entries of its {call.op.name} are"
    example = float(near[np.argmax(np.abs(near - limit))])
    message = f"{told} {limit:g} when rounded ({example:.6g}), so that its slope is lost"
    advice = f"choose numbers that keep the input of {call.op.name} nearer to 0"
    return Finding(name, message, "warning", "saturated", advice)
