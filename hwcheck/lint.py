"""Testing a problem itself: its reference must be finite and its gradients right.

Every gradient is compared with central differences of what differentiation starts from (the loss, or the upstream
gradients times their quantities). A line in the middle of the network is moved by giving it other numbers, so that
the gradient of every step is tested on its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from hwcheck.errors import Fault
from hwcheck.graph.evaluate import Plan
from hwcheck.graph.node import Array, Call, Node, Quantity, order
from hwcheck.problem.model import Problem
from hwcheck.problem.soundness import seen_from
from hwcheck.reference import Reference, drawn_numbers, rel_alone_at_zero, solve, stated_numbers, unsound

__all__ = ["Finding", "Lint", "lint"]

# The step that balances cutting off against rounding: the cube root of float64's precision.
STEP = float(np.finfo(np.float64).eps) ** (1 / 3)
AGREEMENT = 1e-5
POINTS = 8  # at which formulas are tried
MOST_MOVED = 500  # entries of one quantity that are tried
AT_ONCE = 4_000_000  # numbers that one evaluation may hold


class Finding(NamedTuple):
    """Something about a problem that its teacher should know.

    ``severity`` is ``error`` (the problem is unsound), ``warning`` (its numbers cannot show something) or ``note``.
    ``advice`` says what to change; ``misconception`` is the mistake that a finding is about, and ``steps`` are all the
    quantities that it is about, where they are more than the one.
    """

    quantity: str
    message: str
    severity: str = "error"
    kind: str = "unsound"
    advice: str = ""
    misconception: str | None = None
    steps: tuple[str, ...] = ()


class Move(NamedTuple):
    """One entry of one quantity, and how far it is moved either way."""

    quantity: Quantity
    entry: int
    step: float


class Lint(NamedTuple):
    """What was checked and what was found; with ``faults`` no answer can be marked."""

    problem: Problem
    gradients: int
    entries: int
    findings: tuple[Finding, ...]
    faults: tuple[Fault, ...] = ()


def lint(problem: Problem) -> Lint:
    """Check a problem that could be loaded."""
    with np.errstate(all="ignore"):  # what is not finite is told as a finding
        return _linted(problem)


def _linted(problem: Problem) -> Lint:
    reference = solve(problem)
    moves = [
        move for name in problem.gradients for move in _moves(problem.quantities[name], reference[name].reshape(-1))
    ]
    measured = _central_differences(problem, reference, moves)
    noise = _noise(problem, reference)
    findings = [*_not_finite(problem, reference), *_labels_not_stated(problem), *_zero_formulas(problem)]
    begin = 0
    for name, gradient in problem.gradients.items():
        own = [move for move in moves[begin : begin + MOST_MOVED] if move.quantity.name == name]
        found = measured[begin : begin + len(own)]
        findings += _disagreements(gradient, reference[gradient.name].reshape(-1), own, found, noise)
        begin += len(own)
    return Lint(problem, len(problem.gradients), len(moves), tuple(findings), tuple(rel_alone_at_zero(reference)))


def _not_finite(problem: Problem, reference: Reference) -> Iterator[Finding]:
    """Quantities whose reference is infinite or undefined: at which entries, and why where it begins."""
    causes = {found.quantity: found.cause for found in unsound(reference)}
    for name in problem.all_quantities():
        bad = np.argwhere(~np.isfinite(reference[name]))
        if len(bad):
            index = tuple(int(i) for i in bad[0])
            place = f"entry {list(index)} is" if index else "it is"
            more = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
            told = f"; {causes[name]}" if name in causes else ""
            yield Finding(name, f"its reference is not finite: {place} {reference[name][index]}{more}{told}")


def _labels_not_stated(problem: Problem) -> Iterator[Finding]:
    """Inputs and weights that an op takes as class indices, and whose numbers are drawn."""
    drawn: dict[Node, str] = {
        problem.quantities[name]: name for name in (*problem.inputs, *problem.weights) if name not in problem.values
    }
    for node in order(problem.all_quantities().values(), below=seen_from):
        for label in _labels(node) if isinstance(node, Call) else ():
            name = drawn.pop(label, None)  # told once
            if name is not None:
                rule = "it holds class labels, but its numbers are drawn"
                yield Finding(name, f"{rule}; state its value, each entry a class counted from 0")


def _labels(call: Call) -> list[Node]:
    return [input_ for role, input_ in zip(call.names, call.inputs, strict=True) if role in call.op.labels]


def _zero_formulas(problem: Problem) -> Iterator[Finding]:
    """Questions for a formula that ``0`` would answer: their reference is zero at every point that is drawn."""
    asked = [question for question in problem.questions if question.answer == "formula"]
    values = Plan([question.quantity for question in asked]).run(drawn_numbers(problem, POINTS)) if asked else []
    for question, value in zip(asked, values, strict=True):
        if not value.any():
            rule = f"its reference is 0 at all of {POINTS} drawn points, so that any formula times 0 is right"
            yield Finding(question.name, f"{rule}; ask for something else, or let draw reach other numbers")


def _moves(quantity: Quantity, values: Array) -> Iterator[Move]:
    """The entries to try: all, or so many spread evenly."""
    entries = range(values.size)
    if values.size > MOST_MOVED:
        entries = range(0, values.size, -(-values.size // MOST_MOVED))
    for entry in entries:
        yield Move(quantity, entry, STEP * max(1.0, abs(float(values[entry]))))


def _disagreements(
    gradient: Quantity, expected: Array, moves: list[Move], measured: Array, noise: float
) -> Iterator[Finding]:
    """What central differences say otherwise about one gradient; only the first entry is told in numbers."""
    stated = expected[[move.entry for move in moves]]
    if not (np.isfinite(measured).all() and np.isfinite(stated).all()):
        return  # told already
    scale = float(np.max(np.abs([stated, measured])))
    uncertain = noise / np.array([move.step for move in moves])
    allowed = AGREEMENT * np.maximum(np.abs(stated), 0.01 * scale) + uncertain
    wrong = np.flatnonzero(np.abs(measured - stated) > allowed)
    if len(wrong):
        first = wrong[0]
        index = [int(i) for i in np.unravel_index(moves[first].entry, gradient.shape)]
        yield Finding(
            gradient.name,
            f"central differences give {measured[first]:.6g} at entry {index}, its rule gives {stated[first]:.6g} "
            f"({len(wrong)} of {len(moves)} entries differ); a kink (ReLU at 0, a tie of max) can be the reason",
        )


def _noise(problem: Problem, reference: Reference) -> float:
    """What float64 leaves uncertain in the number that is differenced."""
    size = sum(float(np.sum(np.abs(start * reference[name]))) for name, start in problem.starts.items())
    return 64 * float(np.finfo(np.float64).eps) * max(size, 1.0)


def _central_differences(problem: Problem, reference: Reference, moves: list[Move]) -> Array:
    """The derivative in each moved entry, measured: many moves are evaluated at once, a sheet for each direction."""
    lines = [problem.quantities[name] for name in problem.gradients if problem.quantities[name].body is not None]
    starts: list[Node] = [problem.quantities[name] for name in problem.starts]
    plan = Plan(starts, given=lines)
    together = max(1, AT_ONCE // (2 * plan.entries))
    measured = []
    for begin in range(0, len(moves), together):
        some = moves[begin : begin + together]
        numbers = stated_numbers(problem)
        numbers.update((line, np.full((1, *line.shape), np.nan)) for line in lines)  # not given
        for sheet, move in enumerate(some):
            _move(numbers, reference, move, sheet, len(some))
        total = np.zeros(2 * len(some))
        for name, follows in zip(problem.starts, plan.run(numbers), strict=True):
            own = numbers.get(problem.quantities[name], follows)  # a start that was moved itself
            weighted = np.where(np.isnan(own), follows, own) * problem.starts[name]
            total = total + weighted.reshape(len(weighted), -1).sum(axis=1)
        steps = np.array([move.step for move in some])
        measured.append((total[: len(some)] - total[len(some) :]) / (2 * steps))
    return np.concatenate(measured) if measured else np.zeros(0)


def _move(numbers: dict[Quantity, Array], reference: Reference, move: Move, sheet: int, sheets: int) -> None:
    """Give a quantity its reference, one entry moved up on one sheet and down on its counterpart."""
    quantity = move.quantity
    if len(numbers[quantity]) == 1:
        numbers[quantity] = np.tile(numbers[quantity], (2 * sheets,) + (1,) * len(quantity.shape))
    for row, step in ((sheet, move.step), (sheets + sheet, -move.step)):
        values = reference[quantity.name].reshape(-1).copy()
        values[move.entry] += step
        numbers[quantity][row] = values.reshape(quantity.shape)
