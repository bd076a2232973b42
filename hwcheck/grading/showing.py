"""What a problem's own numbers cannot show: the mistakes whose wrong numbers count as right at the stated digits.

Every misconception that is not rare is made in every step of the problem. It is hidden where all that it leads to lies
within what rounding allows around the right answers; a mistake that no numbers of these shapes could show is none.
Mistakes that show, but lead to the same wrong numbers as others, are told as pairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from hwcheck.grading.compare import inside
from hwcheck.grading.kinks import kinks, saturated, unbounded
from hwcheck.grading.reasons import Attempt, Reason, any_numbers_show, why_hidden
from hwcheck.grading.trial_sheet import TrialSheet, differs, outside
from hwcheck.grading.weak_answers import accepts_zero, over_one_entry, weak_answers, weak_formulas
from hwcheck.grading.wrong_runs import WrongRuns
from hwcheck.graph.node import Array, Quantity
from hwcheck.lint import Finding
from hwcheck.misconceptions.catalogue import WrongStep
from hwcheck.problem.model import Problem

__all__ = ["showing"]

SHOWN = "shown"
MOST_DIGITS = 3  # that a problem is advised to ask for beyond those that it does
MOST_PAIRS = 400  # wrong runs that are compared with each other in one answer


def showing(problem: Problem) -> tuple[Finding, ...]:
    """Test a sound problem's numbers: hidden mistakes, answers too small or too easy, kinks, pairs."""
    with np.errstate(all="ignore"):  # what is not finite at drawn numbers is not looked at
        sheet = TrialSheet(problem)
        tried = _tried(sheet)
        easy = (*weak_answers(sheet), *weak_formulas(problem), *over_one_entry(sheet))
        rounded = (*saturated(sheet), *kinks(sheet), *unbounded(sheet))
        return (*easy, *rounded, *_hidden(tried), *_alike(sheet, tried))


class _Outcome(NamedTuple):
    """What became of one wrong step: why it is hidden, None where it shows; ``answers`` is what it leads to."""

    wrong: WrongStep
    place: Quantity
    answers: Mapping[Quantity, Array]
    reason: Reason | None = None


def _tried(sheet: TrialSheet) -> list[_Outcome]:
    """Every wrong step that some numbers would show; what hardly anybody does wrong is no reason for other numbers."""
    runs = WrongRuns(sheet.walk)
    outcomes = []
    for right in sheet.walk.steps:
        way = sheet.way(right.quantity)
        if not sheet.matters(right.quantity):
            continue
        for wrong, step in runs.of(right.quantity):
            if wrong.misconception.rare:
                continue
            outcome = _outcome(sheet, wrong, Attempt(right.quantity, right, step, way))
            if outcome is not None:
                outcomes.append(outcome)
    return outcomes


def _outcome(sheet: TrialSheet, wrong: WrongStep, attempt: Attempt) -> _Outcome | None:
    value = attempt.wrong.expression.run(sheet.right)
    answers = sheet.answers(attempt.place, value, attempt.way, sheet.right)
    if any(outside(answer, sheet.accepted[quantity]).any() for quantity, answer in answers.items()):
        return _Outcome(wrong, attempt.place, answers)
    right = {quantity: sheet.right[quantity] for quantity in answers}
    if any(differs(answers[quantity], right[quantity]) for quantity in answers):
        reason = _within_rounding(sheet, answers) if any_numbers_show(sheet, attempt) else None
    else:
        reason = why_hidden(sheet, attempt)
    return None if reason is None else _Outcome(wrong, attempt.place, answers, reason)


def _within_rounding(sheet: TrialSheet, answers: Mapping[Quantity, Array]) -> Reason:
    """Why a mistake that changes something is accepted: the answers are too small, or it changes too little."""
    if all(accepts_zero(sheet, quantity).all() for quantity in answers):
        return Reason("below-tolerance", "the right answers are too small themselves", "")
    most, difference, allowed = 0.0, 0.0, 0.0
    for quantity, answer in answers.items():
        at, below, above = sheet.accepted[quantity]
        apart = np.abs(answer - at)
        width = np.where(answer > at, above, below)
        share = np.where(apart > 0, apart / np.where(width > 0, width, np.inf), 0.0)
        if share.max(initial=0.0) > most:
            entry = np.unravel_index(int(np.argmax(share)), share.shape)
            most, difference, allowed = float(share[entry]), float(apart[entry]), float(width[entry])
    if most == 0:
        return Reason("unbounded", "rounding leaves the answer open", "")
    digits = int(np.ceil(-np.log10(most))) or 1
    advice = "choose numbers that set them farther apart"
    if digits <= MOST_DIGITS:
        advice = f"ask for {digits} more digit{'s' * (digits > 1)}, or {advice}"
    message = f"it changes nothing by more than {difference:.2g}, where {allowed:.2g} is allowed"
    return Reason("too-near", message, advice)


# What is told of it


def _hidden(tried: Iterable[_Outcome]) -> Iterator[Finding]:
    """One finding for a misconception and a kind of reason, with all steps where it hides.

    It hides in a step if every way to make it there does; one that hides in some of its ways is a note.
    """
    by_step: dict[tuple[str, str], list[_Outcome]] = {}
    for outcome in tried:
        by_step.setdefault((outcome.wrong.misconception.name, outcome.place.name), []).append(outcome)
    grouped: dict[tuple[str, str, str], list[tuple[str, Reason]]] = {}
    for (name, step), outcomes in by_step.items():
        hidden = [outcome for outcome in outcomes if outcome.reason is not None]
        if hidden and len(hidden) == len(outcomes):
            reason = min((o.reason for o in hidden if o.reason is not None), key=_weight)
            if reason.advice:
                grouped.setdefault((name, "warning", reason.kind), []).append((step, reason))
        else:
            for outcome in hidden:
                reason_of_one = outcome.reason
                if reason_of_one is not None and reason_of_one.advice:
                    told = f"{step} ({outcome.wrong.detail})" if outcome.wrong.detail else step
                    grouped.setdefault((name, "note", reason_of_one.kind), []).append((told, reason_of_one))
    for (name, severity, kind), found in grouped.items():
        steps = tuple(dict.fromkeys(step for step, _ in found))
        reason = found[0][1]
        yield Finding(steps[0], reason.message, severity, f"hidden-{kind}", reason.advice, name, steps)


def _weight(reason: Reason) -> int:
    """The more a reason says, the less."""
    return ("numbers", "too-near", "unbounded", "below-tolerance").index(reason.kind) + 1 if reason.kind in (
        "numbers", "too-near", "unbounded", "below-tolerance",
    ) else 0  # fmt: skip


def _alike(sheet: TrialSheet, tried: Iterable[_Outcome]) -> Iterator[Finding]:
    """Misconceptions that lead to the same wrong numbers, by the answers in which they do."""
    in_answer: dict[Quantity, list[_Outcome]] = {}
    for outcome in tried:
        for quantity, answer in outcome.answers.items():
            if outcome.reason is None and outside(answer, sheet.accepted[quantity]).any():
                in_answer.setdefault(quantity, []).append(outcome)
    grouped: dict[tuple[str, ...], list[str]] = {}
    for quantity, outcomes in in_answer.items():
        for names in _same(sheet, quantity, outcomes[:MOST_PAIRS]):
            grouped.setdefault(names, []).append(quantity.name)
    for names, answers in grouped.items():
        message = f"{', '.join(names[:-1])} and {names[-1]} lead to the same wrong numbers"
        yield Finding(answers[0], message, "note", "alike", "", None, tuple(dict.fromkeys(answers)))


def _same(sheet: TrialSheet, quantity: Quantity, outcomes: list[_Outcome]) -> Iterator[tuple[str, ...]]:
    """The names of misconceptions that one answer cannot tell apart."""
    around = sheet.accepted[quantity]
    left = outcomes
    while left:
        first, *others = left
        here = around._replace(at=first.answers[quantity])
        same = [other for other in others if inside(other.answers[quantity], here).all()]
        left = [other for other in others if not any(other is found for found in same)]
        names = sorted({outcome.wrong.misconception.name for outcome in (first, *same)})
        if len(names) > 1:
            yield tuple(names)
