"""Testing a problem itself: its reference must be finite and its gradients right.

Every gradient is compared with central differences of what differentiation starts from (the loss, or the upstream
gradients times their quantities). A line in the middle of the network is moved by giving it other numbers, so that
the gradient of every step is tested on its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hwcheck.graph.evaluate import Plan
from hwcheck.graph.node import Array, Node, Quantity
from hwcheck.problem.model import Problem
from hwcheck.solve import Reference, solve, stated_numbers

__all__ = ["Finding", "Lint", "lint"]

# The step that balances cutting off against rounding: the cube root of float64's precision.
STEP = float(np.finfo(np.float64).eps) ** (1 / 3)
AGREEMENT = 1e-5
MOST_MOVED = 500  # entries of one quantity that are tried


@dataclass(frozen=True)
class Finding:
    """Something about a problem that its teacher should know."""

    quantity: str
    message: str


@dataclass(frozen=True)
class Lint:
    """What was checked and what was found."""

    problem: Problem
    gradients: int
    entries: int
    findings: tuple[Finding, ...]


def lint(problem: Problem) -> Lint:
    """Check a problem that could be loaded."""
    reference = solve(problem)
    findings = list(_not_finite(problem, reference))
    entries = 0
    for name, gradient in problem.gradients.items():
        moved, wrong = _check(problem, reference, problem.quantities[name], gradient)
        entries += moved
        findings += wrong
    return Lint(problem, len(problem.gradients), entries, tuple(findings))


def _not_finite(problem: Problem, reference: Reference) -> Iterator[Finding]:
    """Quantities whose reference is infinite or undefined: at which entries."""
    for name in problem.all_quantities():
        bad = np.argwhere(~np.isfinite(reference[name]))
        if len(bad):
            index = tuple(int(i) for i in bad[0])
            place = f"entry {list(index)} is" if index else "it is"
            more = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
            yield Finding(name, f"its reference is not finite: {place} {reference[name][index]}{more}")


def _check(problem: Problem, reference: Reference, quantity: Quantity, gradient: Quantity) -> tuple[int, list[Finding]]:
    """Move some entries of a quantity up and down, and compare the change with its gradient."""
    expected = reference[gradient.name].reshape(-1)
    chosen = np.arange(expected.size)
    if expected.size > MOST_MOVED:
        chosen = np.unique(np.linspace(0, expected.size - 1, MOST_MOVED).astype(int))
    measured, steps = _central_differences(problem, reference, quantity, chosen)
    if not (np.isfinite(measured).all() and np.isfinite(expected[chosen]).all()):
        return len(chosen), []  # told already
    scale = max(float(np.max(np.abs(expected), initial=0.0)), float(np.max(np.abs(measured), initial=0.0)))
    allowed = AGREEMENT * np.maximum(np.abs(expected[chosen]), 0.01 * scale) + _noise(problem, reference) / steps
    wrong = np.flatnonzero(np.abs(measured - expected[chosen]) > allowed)
    if not len(wrong):
        return len(chosen), []
    worst = wrong[0]
    index = [int(i) for i in np.unravel_index(int(chosen[worst]), quantity.shape)]
    message = (
        f"central differences give {measured[worst]:.6g} at entry {index}, its rule gives {expected[chosen[worst]]:.6g}"
        f" ({len(wrong)} of {len(chosen)} entries differ); a kink (ReLU at 0, a tie of max) can be the reason"
    )
    return len(chosen), [Finding(gradient.name, message)]


def _noise(problem: Problem, reference: Reference) -> float:
    """What float64 leaves uncertain in the number that is differenced."""
    size = sum(float(np.sum(np.abs(start * reference[name]))) for name, start in problem.starts.items())
    return 64 * float(np.finfo(np.float64).eps) * max(size, 1.0)


def _central_differences(
    problem: Problem, reference: Reference, quantity: Quantity, chosen: np.ndarray[tuple[int, ...], np.dtype[np.int_]]
) -> tuple[Array, Array]:
    """The derivative in each chosen entry, measured; and the steps that were taken. All are evaluated at once."""
    here = reference[quantity.name].reshape(-1)
    steps = STEP * np.maximum(1.0, np.abs(here[chosen]))
    moved = np.tile(here, (2 * len(chosen), 1))
    rows = np.arange(len(chosen))
    moved[rows, chosen] += steps
    moved[len(chosen) + rows, chosen] -= steps
    numbers = stated_numbers(problem)
    numbers[quantity] = moved.reshape(-1, *quantity.shape)
    starts: list[Node] = [problem.quantities[name] for name in problem.starts]
    plan = Plan(starts, given=[quantity] if quantity.body is not None else [])
    total = np.zeros(len(moved))
    for name, values in zip(problem.starts, plan.run(numbers), strict=True):
        if problem.quantities[name] is quantity:
            values = numbers[quantity]
        weighted = values * problem.starts[name]
        total = total + weighted.reshape(len(weighted), -1).sum(axis=1)
    return (total[: len(chosen)] - total[len(chosen) :]) / (2 * steps), steps
