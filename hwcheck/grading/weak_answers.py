"""Answers that say too little: right values below the last place, and numbers that are right without any work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from hwcheck.grading.compare import inside
from hwcheck.grading.formulas import FormulaMarker
from hwcheck.grading.result import Mask
from hwcheck.grading.trial_sheet import TrialSheet
from hwcheck.graph.node import Array, Call, Quantity
from hwcheck.graph.rewrite import within
from hwcheck.lint import Finding
from hwcheck.problem.model import Problem, Tolerance

__all__ = ["accepts_zero", "over_one_entry", "weak_answers", "weak_formulas"]

SUMS = {"sum": "the mean", "mean": "the sum"}
MANY = 0.5  # of an answer's entries below the last place: a warning, not a note


def accepts_zero(sheet: TrialSheet, quantity: Quantity) -> Mask:
    """The entries of an answer for which 0 is accepted, ``(1, *shape)``."""
    around = sheet.accepted[quantity]
    result: Mask = inside(np.zeros_like(around.at), around)
    return result


def weak_answers(sheet: TrialSheet) -> Iterator[Finding]:
    """What is asked and can be had without work."""
    small: dict[Tolerance, list[Quantity]] = {}
    for quantity in sheet.asked:
        right = sheet.right[quantity]
        below = accepts_zero(sheet, quantity) & (right != 0)
        tiny = below & (np.abs(right) <= sheet.walk.unit(quantity)(right))
        tolerance = sheet.walk.tolerance(quantity)
        if not right.any():
            yield _zero(quantity)
        elif below.sum() == (right != 0).sum():
            small.setdefault(tolerance, []).append(quantity)
            continue
        elif tiny.any():  # where rounding takes another to 0, that is a kink or a pole
            yield _partly_below(quantity, np.abs(right[tiny]), int((right != 0).sum()), tolerance)
        yield from _constant(sheet, quantity)
        yield from _copied(sheet, quantity)
    for tolerance, quantities in small.items():
        yield _all_below(sheet, quantities, tolerance)


def weak_formulas(problem: Problem) -> Iterator[Finding]:
    """Questions for a formula that are tried at too few points to tell a right one from a wrong one."""
    asked = [question for question in problem.questions if question.answer == "formula"]
    marker = FormulaMarker(problem)
    for question in asked:
        message, _, advice = marker.weak(question).partition("; ")
        if message:
            advice = advice or "leave some of its inputs to be drawn"
            yield Finding(question.name, message, "warning", "weak-formula", advice)


def over_one_entry(sheet: TrialSheet) -> Iterator[Finding]:
    """Sums and means of one entry, which are the same: a batch of one sample."""
    found: dict[str, list[str]] = {}
    for step in sheet.walk.steps:
        if step.quantity.name in sheet.problem.quantities and sheet.matters(step.quantity):
            calls = [node for node in within(step.body) if isinstance(node, Call) and node.op.name in SUMS]
            ops = {call.op.name for call in calls if call.inputs[0].shape and call.inputs[0].size == 1}
            for op in sorted(ops)[:1]:  # a mean is made of a sum
                found.setdefault(op, []).append(step.quantity.name)
    for op, names in found.items():
        other = SUMS[op]
        message = f"the {op} is taken of one entry, so that {other} is the same"
        advice = "let it have more: a batch of several samples, an answer of several entries"
        yield Finding(names[0], message, "warning", "one-entry", advice, None, tuple(dict.fromkeys(names)))


def _zero(quantity: Quantity) -> Finding:
    told = "it is 0" if quantity.size == 1 else f"all of its {quantity.size} entries are 0"
    advice = "choose numbers that make it another, or do not ask for it"
    severity = "note" if quantity.size == 1 else "warning"  # one number has to be something
    return Finding(quantity.name, f"{told}, so 0 is right", severity, "zero-is-right", advice)


def _all_below(sheet: TrialSheet, quantities: Sequence[Quantity], tolerance: Tolerance) -> Finding:
    """Answers that are not 0 and for which 0 is right, together."""
    names = tuple(quantity.name for quantity in quantities)
    entries = sum(quantity.size for quantity in quantities)
    most = max(float(np.max(np.abs(sheet.right[quantity]))) for quantity in quantities)
    told = f"it is {most:.2g}" if entries == 1 else f"all {entries} entries are within {most:.2g} of 0"
    message = f"{told}, so 0 is right {_where(tolerance)}"
    return Finding(names[0], message, "warning", "below-tolerance", _wish(tolerance), None, names)


def _partly_below(quantity: Quantity, sizes: Array, entries: int, tolerance: Tolerance) -> Finding:
    """Some entries that are not 0 and for which 0 is right."""
    told = f"{len(sizes)} of {entries} entries are within {np.max(sizes):.2g} of 0, so 0 is right there"
    severity = "warning" if len(sizes) >= MANY * entries else "note"
    return Finding(quantity.name, f"{told} {_where(tolerance)}", severity, "below-tolerance", _wish(tolerance))


def _where(tolerance: Tolerance) -> str:
    if tolerance.decimals is not None:
        return f"at {tolerance.decimals} decimal{'s' * (tolerance.decimals != 1)}"
    return "within what rounding allows"


def _wish(tolerance: Tolerance) -> str:
    return "state sigfigs, or choose other numbers" if tolerance.sigfigs is None else "choose other numbers"


def _constant(sheet: TrialSheet, quantity: Quantity) -> Iterator[Finding]:
    """One number for all entries that counts as right."""
    at, below, above = sheet.accepted[quantity]
    low, high = float(np.max(at - below)), float(np.min(at + above))
    if quantity.size > 1 and at.any() and low <= high:
        middle = float(np.clip(np.mean(at), low, high))
        message = f"the number {middle:.3g} in all of its {quantity.size} entries is right"
        advice = "choose numbers that make its entries differ"
        yield Finding(quantity.name, message, "warning", "constant-is-right", advice)


def _copied(sheet: TrialSheet, quantity: Quantity) -> Iterator[Finding]:
    """An input or a weight of the same shape that counts as right when it is copied."""
    around = sheet.accepted[quantity]
    for name in (*sheet.problem.inputs, *sheet.problem.weights):
        given = sheet.problem.quantities[name]
        copied = sheet.right[given]
        if given.shape == quantity.shape and quantity.size > 1 and copied.any() and inside(copied, around).all():
            advice = "choose numbers that make them differ"
            yield Finding(quantity.name, f"{name} copied is right", "warning", "copy-is-right", advice)
