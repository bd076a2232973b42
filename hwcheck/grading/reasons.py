"""Why a mistake leads to the right numbers: what it is about a problem's own numbers that hides it.

It is found by trying: each number that goes into the step is moved a little, and where the mistake then shows, the
numbers that were moved are looked at: all zeros, all ones, equal rows, a symmetric matrix. What is special about them
is the reason if the mistake stays hidden as long as it is kept. Where small moves change nothing, the step lies on one
side of a kink: the inputs of each ReLU and comparison are turned to the other side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations
from typing import NamedTuple, TypeAlias

import numpy as np

from hwcheck.grading.steps import Expression, Step
from hwcheck.grading.trial_sheet import TrialSheet, differs
from hwcheck.graph.node import Array, Call, Node, Quantity, order
from hwcheck.language.printer import to_text
from hwcheck.problem.soundness import seen_from

__all__ = ["Attempt", "Reason", "why_hidden"]

SMALL = 1e-3  # how far numbers are moved, in proportion to the largest beside them
MOVES = 2
LONGEST = 40  # signs of an expression that is told
# Ops with a kink where an input (or the difference of two) changes its sign.
AT_ZERO = frozenset({"relu", "leaky_relu", "elu", "abs", "sign", "heaviside"})
COMPARISONS = frozenset({"greater", "greater_equal", "less", "less_equal", "maximum", "minimum"})


class Reason(NamedTuple):
    """Why a mistake cannot be seen: ``kind`` for programs, what was found, and what to change."""

    kind: str
    message: str
    advice: str


class Attempt(NamedTuple):
    """One mistake on its way to what is asked: the right step, the wrong one, and the steps behind it."""

    place: Quantity
    right: Step
    wrong: Step
    way: tuple[Step, ...]

    @property
    def parents(self) -> tuple[Quantity, ...]:
        """Everything that either step is computed from."""
        return tuple(dict.fromkeys([*self.right.parents, *self.wrong.parents]))

    def shows(self, sheet: TrialSheet, values: Mapping[Quantity, Array], flipped: _Flip | None = None) -> bool:
        """Whether it leads to other numbers than the right step, from other values than the sheet's."""
        right, wrong = (
            sheet.answers(self.place, step.expression.run(values, _moved(step.expression, flipped)), self.way, values)
            for step in (self.right, self.wrong)
        )
        return any(differs(right[quantity], wrong[quantity]) for quantity in right)


class _Flip(NamedTuple):
    """A node within a step, and what is added to its value."""

    node: Node
    change: Array


def _moved(expression: Expression, flipped: _Flip | None) -> dict[int, Array] | None:
    if flipped is None:
        return None
    try:
        return {expression.place(flipped.node): flipped.change}
    except KeyError:  # the other step has no such part
        return None


def why_hidden(sheet: TrialSheet, attempt: Attempt) -> Reason | None:
    """Why a mistake leads to exactly the right numbers; None where it does so with any numbers of these shapes."""
    if not any_numbers_show(sheet, attempt):
        return None
    # With no other quantity standing for a part of the step, each of its numbers may be moved on its own.
    right, wrong = (Step(attempt.place, step.body, {}, sheet.walk.reference) for step in (attempt.right, attempt.wrong))
    free = attempt._replace(right=right, wrong=wrong)
    return next(_tries(sheet, free), _by_chance(free))


def any_numbers_show(sheet: TrialSheet, attempt: Attempt) -> bool:
    """Whether the mistake shows at numbers that are drawn."""
    return attempt.shows(sheet, sheet.drawn)


Change: TypeAlias = Callable[[Quantity, Array], Mapping[Quantity, Array]]


def _tries(sheet: TrialSheet, attempt: Attempt) -> Iterator[Reason]:
    """What may be the reason, the most telling first."""
    labels = _labels(sheet)
    parents = [leaf for leaf in attempt.parents if leaf not in labels]
    near = _telling(sheet, attempt, parents, _from_here(sheet), _nearby)
    yield from _patterns(sheet, attempt, near, _from_here(sheet))
    yield from _one_sided(sheet, attempt)
    if not near:
        for other in (_drawn, _zeros_and_ones):
            far = _telling(sheet, attempt, parents, _from_here(sheet), other)
            yield from _patterns(sheet, attempt, far, _from_here(sheet))
    yield from _what_comes_out(sheet, attempt)
    # What is behind the step: a mask of ones stands in a step before it.
    given = [leaf for leaf in sheet.walk.reference if leaf.body is None and leaf.size > 1 and leaf not in labels]
    given = [leaf for leaf in given if np.ptp(sheet.right[leaf]) == 0]
    for other in (_nearby, _drawn):
        behind = _telling(sheet, attempt, given, sheet.worked_from, other)
        yield from _patterns(sheet, attempt, behind, sheet.worked_from)
    for one, two in combinations(attempt.parents, 2):
        if one.shape == two.shape and np.array_equal(sheet.right[one], sheet.right[two]):
            yield Reason("equal", f"{one.name} and {two.name} are equal", "choose numbers that make them differ")


def _from_here(sheet: TrialSheet) -> Change:
    """Other numbers of a quantity, with all others as they are."""
    return lambda leaf, values: {**sheet.right, leaf: values}


def _telling(
    sheet: TrialSheet,
    attempt: Attempt,
    leaves: Sequence[Quantity],
    change: Change,
    other: Callable[[TrialSheet, Quantity], Array],
) -> list[Quantity]:
    """The quantities of which other numbers show the mistake."""
    return [leaf for leaf in leaves if attempt.shows(sheet, change(leaf, other(sheet, leaf)))]


def _what_comes_out(sheet: TrialSheet, attempt: Attempt) -> Iterator[Reason]:
    """What is special about the right numbers of the step, and of the answers that it leads to."""
    answers = [step.quantity for step in attempt.way if step.quantity in sheet.accepted]
    for quantity in dict.fromkeys([attempt.place, *answers] if attempt.place in sheet.accepted else answers):
        for pattern in _special(quantity.name, sheet.right[quantity][0]):
            if _hidden_by(pattern.kind, sheet, attempt, quantity):
                yield Reason(pattern.kind, pattern.told, "choose numbers that make it another")


def _hidden_by(kind: str, sheet: TrialSheet, attempt: Attempt, quantity: Quantity) -> bool:
    """Whether what is special about an answer's right numbers is what hides the mistake in it.

    A symmetric matrix hides one that transposes it, which is tried at drawn numbers. Of zeros, which cannot be replaced
    in a result, nothing is said unless all of it is 0.
    """
    if kind == "symmetric":
        right, wrong = (
            sheet.answers(attempt.place, step.expression.run(sheet.drawn), attempt.way, sheet.drawn)[quantity]
            for step in (attempt.right, attempt.wrong)
        )
        return not differs(wrong, np.swapaxes(right, -1, -2))
    return kind in ("zeros", "ones") and bool(np.ptp(sheet.right[quantity]) == 0)


def _by_chance(attempt: Attempt) -> Reason:
    """What is left to say."""
    told = ", ".join(leaf.name for leaf in attempt.parents[:4])
    advice = f"change {told}" if told else "choose other numbers"
    return Reason("numbers", "with these numbers both come out the same", advice)


def _labels(sheet: TrialSheet) -> set[Node]:
    """What some op takes as class indices: no number beside a class means anything."""
    calls = [node for node in order(sheet.walk.reference, below=seen_from) if isinstance(node, Call)]
    return {
        below for call in calls for role, below in zip(call.names, call.inputs, strict=True) if role in call.op.labels
    }


def _move(values: Array) -> Array:
    """How far numbers, ``(1, *shape)``, are moved: each a little, in ``MOVES`` ways."""
    generator = np.random.Generator(np.random.PCG64(values.size))
    scale = np.max(np.abs(values), initial=0.0, where=np.isfinite(values)) or 1.0
    moves = generator.uniform(0.5, 1.0, (MOVES, *values.shape[1:]))
    signs = np.where(generator.random(moves.shape) < 0.5, -1.0, 1.0)
    return np.asarray(SMALL * scale * moves * signs, dtype=np.float64)


def _nearby(sheet: TrialSheet, leaf: Quantity) -> Array:
    return sheet.right[leaf] + _move(sheet.right[leaf])


def _drawn(sheet: TrialSheet, leaf: Quantity) -> Array:
    return sheet.drawn[leaf]


def _zeros_and_ones(sheet: TrialSheet, leaf: Quantity) -> Array:  # noqa: ARG001
    generator = np.random.Generator(np.random.PCG64(leaf.size))
    return np.where(generator.random((4, *leaf.shape)) < 0.5, 0.0, 1.0)


class _Pattern(NamedTuple):
    """What is special about numbers: how it is told, what to wish for instead, and a move of them that keeps it."""

    kind: str
    told: str
    wish: str
    keeps: Callable[[Array], Array]


def _patterns(sheet: TrialSheet, attempt: Attempt, leaves: Sequence[Quantity], change: Change) -> Iterator[Reason]:
    """What is special about some quantities' numbers and hides the mistake: it stays hidden while that is kept."""
    for leaf in sorted(leaves, key=lambda leaf: leaf.body is not None):
        values = sheet.right[leaf]
        for pattern in _special(leaf.name, values[0]):
            moved = values + pattern.keeps(_move(values))
            if not attempt.shows(sheet, change(leaf, moved)):
                given = leaf.body is None
                advice = f"give {leaf.name} {pattern.wish}" if given else f"change what {leaf.name} is computed from"
                yield Reason(pattern.kind, pattern.told, advice)


def _special(name: str, values: Array) -> Iterator[_Pattern]:
    """What is special about numbers, the most special first."""
    every = f"{name} is" if values.size == 1 else f"all {values.size} entries of {name} are"
    if np.ptp(values) == 0:
        number = float(values.flat[0])
        kind, wish = {0.0: ("zeros", "numbers other than 0"), 1.0: ("ones", "numbers other than 1")}.get(
            number, ("equal", "numbers that differ")
        )
        if number in (0.0, 1.0):
            yield _Pattern(kind, f"{every} {number:g}", wish, np.zeros_like)
        if values.size > 1:
            yield _Pattern("equal", f"{every} {number:g}", wish, _first_everywhere)
        return
    if values.ndim >= 2:
        yield from _special_matrix(name, values)
    for axis in range(values.ndim):
        first = np.take(values, [0], axis=axis)
        if values.shape[axis] > 1 and (values == first).all():
            keeps = partial(_along, axis=axis + 1)
            yield _Pattern("equal", f"{name} is the same all along axis {axis}", "numbers that differ", keeps)
    zeros = int((values == 0).sum())
    if zeros:
        told = f"{zeros} of {values.size} entries of {name} are 0"
        yield _Pattern("zeros", told, "numbers other than 0", lambda move: np.where(values == 0, 0.0, move))
    if values.size > 1 and np.array_equal(values, values[..., ::-1]):
        told = f"{name} reads the same backwards"
        yield _Pattern("palindrome", told, "numbers that do not", lambda move: move + move[..., ::-1])
    groups, which = np.unique(values, return_inverse=True)
    if len(groups) < values.size:
        told = f"entries of {name} are equal"
        yield _Pattern("equal", told, "numbers that all differ", lambda move: _by_group(move, which))


def _special_matrix(name: str, values: Array) -> Iterator[_Pattern]:
    """What is special about the last two axes of numbers."""
    if values.shape[-1] == values.shape[-2] > 1 and np.array_equal(values, np.swapaxes(values, -1, -2)):
        told, wish = f"{name} is symmetric", "numbers that are not"
        yield _Pattern("symmetric", told, wish, lambda move: move + np.swapaxes(move, -1, -2))
    for axis, word in ((-2, "rows"), (-1, "columns")):
        if values.shape[axis] > 1 and (values == np.take(values, [0], axis=axis)).all():
            told, wish = f"all {word} of {name} are equal", f"{word} that differ"
            yield _Pattern("equal-" + word, told, wish, partial(_along, axis=axis))
    if np.array_equal(values, values[..., ::-1, ::-1]):
        told, wish = f"{name} reads the same turned round", "numbers that do not"
        yield _Pattern("palindrome", told, wish, lambda move: move + move[..., ::-1, ::-1])


def _first_everywhere(move: Array) -> Array:
    first = move.reshape(len(move), -1)[:, 0]
    return np.broadcast_to(first.reshape(-1, *(1,) * (move.ndim - 1)), move.shape)


def _along(move: Array, axis: int) -> Array:
    return np.broadcast_to(np.take(move, [0], axis=axis), move.shape)


def _by_group(move: Array, which: np.ndarray[tuple[int, ...], np.dtype[np.intp]]) -> Array:
    return move.reshape(len(move), -1)[:, which.reshape(-1)].reshape(move.shape)


def _one_sided(sheet: TrialSheet, attempt: Attempt) -> Iterator[Reason]:
    """The inputs of a ReLU or a comparison that all lie on one side, where the other side would show the mistake."""
    seen: set[Node] = set()
    for expression in (attempt.right.expression, attempt.wrong.expression):
        slots = expression.run_all(sheet.right)
        for call in expression.calls:
            at_zero, compares = call.op.name in AT_ZERO, call.op.name in COMPARISONS
            node = call.inputs[0]
            if not (at_zero or compares) or node in seen:
                continue
            seen.add(node)
            above = slots[expression.place(node)]
            if compares:
                above = above - slots[expression.place(call.inputs[1])]
            if (above > 0).all() or (above < 0).all():
                flip = np.zeros_like(above)
                flip.reshape(-1)[::2] = -1.5 * above.reshape(-1)[::2]
                if _shows_flipped(sheet, attempt, expression, node, flip):
                    yield _side(call, above, compares)


def _shows_flipped(sheet: TrialSheet, attempt: Attempt, expression: Expression, node: Node, flip: Array) -> bool:
    """Whether a mistake shows where some inputs are on the other side."""
    known = {expression.place(leaf): leaf for leaf in expression.leaves}
    leaf = known.get(expression.place(node))
    if leaf is None:
        return attempt.shows(sheet, sheet.right, _Flip(node, flip))
    return attempt.shows(sheet, {**sheet.right, leaf: sheet.right[leaf] + flip})


def _side(call: Call, above: Array, compares: bool) -> Reason:
    sign = "positive" if above.flat[0] > 0 else "negative"
    node = call.inputs[0]
    inner = node.body if isinstance(node, Quantity) else None
    if isinstance(inner, Call) and inner.op.name == "relu" and sign == "positive":
        node = inner.inputs[0]  # positive where its ReLU is
    text = to_text(node)
    if compares and to_text(call.inputs[1]) != "0":
        text = f"{text} - ({to_text(call.inputs[1])})"
    if len(text) > LONGEST:
        text = "the input of the ReLU" if call.op.name in AT_ZERO else "what is compared"
    if above.size == 1:
        return Reason("one-sided", f"{text} is {sign}", "choose numbers that take it to the other side of 0")
    told = f"all {above.size} entries of {text} are {sign}"
    return Reason("one-sided", told, "choose numbers that take some to the other side of 0")
