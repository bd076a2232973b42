"""Whether a cause that is claimed is the mistake that was made under another name.

Two misconceptions that give the very same numbers in all digits of a float64 are one as far as any marker can see.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from hwcheck.errors import ProblemError
from hwcheck.grading.result import Cause
from hwcheck.graph.evaluate import evaluate
from hwcheck.misconceptions.catalogue import wrong_steps
from hwcheck.reference import solve, stated_numbers
from tests.benchmarks.simulation.catalogue import NETWORKS, Network
from tests.benchmarks.simulation.digits import Numbers
from tests.benchmarks.simulation.mistakes import Mistake
from tests.benchmarks.simulation.paper import Paper

__all__ = ["same_digits", "same_numbers"]


def same_numbers(network: Network, mistake: Mistake, cause: Cause) -> bool:
    """Whether the cause, in the step where it is claimed, leads to what the misconception makes of its own step."""
    made = _offered(network.name)[mistake.step, mistake.name]
    runs = _runs(network.name, cause.id, cause.quantity, mistake.step)
    return any(np.allclose(run, made, rtol=1e-9, atol=1e-12) for run in runs)


def same_digits(network: Network, step: str, cause: Cause, written: Numbers, room: Numbers) -> bool:
    """Whether the cause leads to what is written at a step, but for what rounding does to each entry."""
    runs = _runs(network.name, cause.id, cause.quantity, step)
    return any(bool(np.all(np.abs(run - written) <= room)) for run in runs)


@cache
def _offered(name: str) -> dict[tuple[str, str], Numbers]:
    steps = NETWORKS[name].fill(Paper(keep=True)).steps
    return {(step, wrong): values[0] for step, done in steps.items() for wrong, values in done.wrong.items()}


@cache
def _runs(name: str, misconception: str, place: str, step: str) -> tuple[Numbers, ...]:
    """What a misconception at a place makes of a step, in each of its variants, from the problem's own numbers."""
    problem = NETWORKS[name].problem()
    quantity = problem.all_quantities().get(place)
    if quantity is None:
        return ()
    found = []
    for wrong in wrong_steps(problem, quantity):
        if wrong.misconception.name == misconception:
            value = evaluate([wrong.body], stated_numbers(problem))[0][0]
            found.append(value if place == step else _following(name, place, value, step))
    return tuple(found)


def _following(name: str, place: str, value: Numbers, step: str) -> Numbers:
    try:
        return solve(NETWORKS[name].problem(), given={place: value})[step]
    except ProblemError:
        return np.array(np.nan)
