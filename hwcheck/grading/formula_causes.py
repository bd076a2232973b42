"""Why a wrong formula is wrong: the wrong step that gives the same numbers wherever it is tried, or its form.

A misconception is named if what the network gives with it agrees with the formula at all points. Where none does, the
form is looked at: a sign, a factor, the order of indices, a condition that is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import permutations
from typing import NamedTuple, TypeAlias

import numpy as np

from hwcheck.grading.carried_steps import Carried
from hwcheck.grading.formula_indices import IndexTrial, moved_indices
from hwcheck.grading.formula_text import Formula, FormulaReader
from hwcheck.grading.points import AGREEMENT, agree
from hwcheck.grading.result import Cause
from hwcheck.graph.node import Array
from hwcheck.located import Scalar
from hwcheck.problem.model import Question

__all__ = ["Trial", "cause_of_layout", "explanations", "structural_cause"]

_Found: TypeAlias = tuple[str, str, str] | None  # an id, a sentence, and what is told with numbers

NEARLY = 1e-3
FEWEST = 3  # points at which a wrong run has a value
MOST_ORDERED = 4  # so many axes are tried in every order


class Trial(NamedTuple):
    """A formula that was tried: its values and the right ones at each point, and the numbers it was tried with."""

    question: Question
    formula: Formula
    yours: Array
    expected: Array
    numbers: Mapping[str, Array]


def explanations(trial: Trial, runs: Iterable[Carried]) -> tuple[Cause, ...]:
    """The misconceptions that give the formula's numbers at all points, each once: in the step nearest to the end.

    Those that are rare are left out where a common one gives them too.
    """
    found: dict[str, Cause] = {}
    rare: set[str] = set()
    for step, values in runs:
        if step.misconception.name in found:
            continue
        values = values[: len(trial.yours)]
        if _same(trial.yours, values) and not agree(values, trial.expected).all():
            name, says = step.misconception.name, step.misconception.says
            found[name] = Cause(name, step.quantity.name, says, step.detail)
            if step.misconception.rare:
                rare.add(name)
    common = tuple(cause for name, cause in found.items() if name not in rare)
    return common or tuple(found.values())


def _same(yours: Array, run: Array) -> bool:
    """Whether a formula gives what a wrong run gives, and has no value where that has none: the root of a -1."""
    undefined = np.isnan(run)
    if not undefined.any():
        return bool(agree(yours, run).all())
    defined = ~undefined.reshape(len(run), -1).any(axis=1)
    alike = np.array_equal(undefined, np.isnan(yours)) and int(defined.sum()) >= FEWEST
    return alike and bool(agree(yours[defined], run[defined]).all())


def structural_cause(trial: Trial, text: Scalar, reader: FormulaReader, stated: Mapping[str, Array]) -> Cause | None:
    """What is wrong with the form of a formula that no misconception explains; the first that is found."""
    looks: list[Callable[[], _Found]] = [lambda: _by_chance(trial, stated)]
    if trial.formula.names:
        form = [partial(_factor, trial), partial(_transposed, trial), partial(_indices, trial, text, reader)]
        looks = [*form, partial(_condition, trial), *looks]
    found = next(filter(None, (look() for look in looks)), None)
    return Cause(found[0], trial.question.name, *found[1:]) if found else None


def _factor(trial: Trial) -> _Found:
    """One and the same factor at all entries of all points."""
    yours, expected = trial.yours, trial.expected
    if not np.isfinite(yours).all():
        return None
    scale = np.max(np.abs(expected), initial=0.0)
    counted = np.abs(expected) > 1e-3 * scale
    ratios = yours[counted] / expected[counted]
    if not ratios.size or not ratios.any():
        return None
    if np.max(np.abs(ratios - 1)) < NEARLY and agree_to(yours, expected, NEARLY):
        return "number-rounded", "it is nearly right everywhere: a number in it is rounded or slightly off", ""
    factor = float(np.median(ratios))
    if not agree(yours, factor * expected).all():
        return None
    if abs(factor + 1) < AGREEMENT:
        return "sign-flipped", "the sign is the wrong one, everywhere", ""
    sign = " and the sign is the wrong one" if factor < 0 else ""
    says = f"a constant factor is missing or one too many{sign}"
    return "constant-factor", says, f"it is {_spelled(factor)} times what it should be"


def _spelled(factor: float) -> str:
    """A factor as people write it: 2, 1/3, 0.693."""
    if abs(factor - round(factor)) < 1e-6:
        return str(round(factor))
    if 0 < abs(1 / factor) < 1e6 and abs(1 / factor - round(1 / factor)) < 1e-6:
        return f"{'-' if factor < 0 else ''}1/{abs(round(1 / factor))}"
    return f"{factor:.4g}"


def agree_to(yours: Array, expected: Array, part: float) -> bool:
    """Whether all entries are within a part of the largest one of their point."""
    axes = tuple(range(1, expected.ndim))
    scale = np.max(np.abs(expected), axis=axes, initial=0.0, keepdims=True)
    return bool((np.abs(yours - expected) <= part * scale).all())


def _transposed(trial: Trial) -> _Found:
    """The right numbers with their axes in another order, where the shape does not tell."""
    if trial.question.indices:
        return None  # told by their names
    return _reordered(trial)


def _reordered(trial: Trial) -> _Found:
    rank = trial.yours.ndim - 1
    if not 1 < rank <= MOST_ORDERED:
        return None
    for axes in permutations(range(1, rank + 1)):
        turned = np.transpose(trial.yours, (0, *axes))
        moved = turned.shape == trial.expected.shape and axes != tuple(range(1, rank + 1))
        if moved and agree(turned, trial.expected).all():
            how = "rows and columns are" if rank == 2 else "its axes are"
            return "transposed", f"these are the right numbers transposed: {how} exchanged", ""
    return None


def cause_of_layout(trial: Trial) -> Cause | None:
    """For a formula of another shape: whether it has the right numbers in another layout."""
    found = _reordered(trial) or _flattened(trial)
    return Cause(found[0], trial.question.name, *found[1:]) if found else None


def _flattened(trial: Trial) -> _Found:
    if trial.yours.size != trial.expected.size or trial.yours.shape == trial.expected.shape:
        return None
    layouts = {
        "row by row": trial.expected,
        "column by column": np.transpose(trial.expected, (0, *range(trial.expected.ndim - 1, 0, -1))),
    }
    for order, values in layouts.items():
        flat = values.reshape(len(values), -1)
        if agree(trial.yours.reshape(flat.shape), flat).all():
            says = f"these are the right numbers in another shape, {order}"
            return "reshaped", says, ""
    return None


def _indices(trial: Trial, text: Scalar, reader: FormulaReader) -> _Found:
    """Indices that stand where they do not belong."""
    numbers = dict(trial.numbers)
    moved = moved_indices(IndexTrial(trial.question, trial.formula, text, reader, numbers, trial.expected))
    return (moved.id, moved.says, moved.detail) if moved else None


def _condition(trial: Trial) -> _Found:
    """Right wherever the answer is not 0, and another number somewhere where it is: a factor of 0 or 1 is left out."""
    yours, expected = trial.yours, trial.expected
    zero = expected == 0
    if zero.all() or not np.isfinite(yours).all() or not agree(np.where(zero, 0.0, yours), expected).all():
        return None
    extra = zero & (yours != 0)
    always = zero.all(axis=0)
    if not extra.any():
        return None
    if trial.question.indices and (extra & always).any():
        by_index = "the answer is 0 unless certain indices are equal: this condition is left out or too wide"
        both = ", and so is a mask" if (extra & ~always).any() else ""
        return "index-condition-left-out", by_index + both, ""
    says = "it is right only where the answer is not 0: a mask is left out or too wide, such as (h > 0)"
    return "case-left-out", says, ""


def _by_chance(trial: Trial, stated: Mapping[str, Array]) -> _Found:
    """Right for the problem's own numbers, or for some, and not for others."""
    own = trial.formula.values({name: stated[name] for name in trial.question.using})
    expected = stated[trial.question.name]
    if own.shape == expected.shape and np.isfinite(expected).all() and expected.any() and agree(own, expected).all():
        says = "it is right for the numbers of the problem alone: a number stands in it where a name belongs"
        return "right-for-these-numbers-only", says, ""
    telling = trial.expected.reshape(len(trial.expected), -1).any(axis=1)  # 0 is easily met
    right = agree(trial.yours, trial.expected)[telling]
    if right.any():
        says = "it is right for some numbers and not for others: a case is left out, or one is too many"
        return "right-in-some-cases", says, f"at {int(right.sum())} of {len(right)} drawn points it is right"
    return None
