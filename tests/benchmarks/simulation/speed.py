"""How long marking takes: one sheet by what is wrong with it, and many at once against a loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter

import numpy as np

from hwcheck.grading.grade import Grader
from hwcheck.graph.evaluate import Plan
from hwcheck.reference import stated_numbers
from tests.benchmarks.simulation.catalogue import Network
from tests.benchmarks.simulation.digits import Digits, Numbers
from tests.benchmarks.simulation.honest import honest_paper
from tests.benchmarks.simulation.injected import Trial, places, trial
from tests.benchmarks.simulation.paper import Habits, Paper
from tests.benchmarks.simulation.sheets import hand_in

__all__ = ["speed"]

DIGITS = Digits("decimals", 4)
MANY = 10_000
LOOPED = 200  # sheets of the loop that are timed
MARKED = 200  # sheets for marking many at once
ROUNDS = 5


def speed(networks: Sequence[Network], seed: int) -> None:
    """Print the times of each network."""
    print(
        f"\nMilliseconds for one sheet to {DIGITS}: all right, with one mistake (all else right), with carried answers"
    )
    print(f"{'problem':24} {'right':>8} {'wrong':>8} {'carried':>8}")
    for network in networks:
        print(f"{network.name:24} {' '.join(_milliseconds(each) for each in _by_verdict(network, seed))}", flush=True)
    print(f"\nCarrying for {MANY:,} sheets at once against a loop over sheets, microseconds a sheet")
    print(f"{'problem':24} {'at once':>8} {'loop':>8} {'ratio':>8}")
    for network in networks:
        at_once, looped = _carrying(network, seed)
        print(f"{network.name:24} {1e6 * at_once:8.2f} {1e6 * looped:8.1f} {looped / at_once:8.1f}", flush=True)
    _marking_many(networks, seed)


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:8.2f}"


def _best(run: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median time of some runs, after one that does not count."""
    run()
    times = []
    for _ in range(rounds):
        start = perf_counter()
        run()
        times.append(perf_counter() - start)
    return median(times)


def _by_verdict(network: Network, seed: int) -> tuple[float, float, float]:
    """The time for an honest sheet, for one whose mistake changes nothing else, and for one with carried answers."""
    grader = Grader(network.problem(DIGITS))
    honest = hand_in(honest_paper(network, DIGITS, Habits(), 1, seed), 0, network.name)
    times = [_best(lambda: grader.grade(honest))]
    kinds: dict[bool, list[float]] = {False: [], True: []}
    for k, mistake in enumerate(places(network, DIGITS, seed)[::5]):
        found: Trial = trial(network, DIGITS, [mistake], seed + k)
        if found.shown and len(kinds[True]) + len(kinds[False]) < 12:
            verdicts = {answer.verdict for answer in found.result.answers}
            if "wrong" in verdicts:
                sheet = hand_in(found.paper, 0, network.name)
                kinds["carried" in verdicts].append(_best(lambda sheet=sheet: grader.grade(sheet), 1))  # type: ignore[misc]
    wrong, carried = (median(kinds[kind]) if kinds[kind] else np.nan for kind in (False, True))
    return times[0], wrong, carried


def _carrying(network: Network, seed: int) -> tuple[float, float]:
    """Seconds a sheet to compute everything from the sheets' own numbers, at once and sheet by sheet."""
    problem = network.problem(DIGITS)
    quantities = problem.all_quantities()
    paper = honest_paper(network, DIGITS, Habits(), MANY, seed)
    names = [name for name in paper.written if quantities[name].body is not None]
    given = [quantities[name] for name in names]
    stated = stated_numbers(problem)
    plan = Plan(given, given)
    sheets: dict[str, Numbers] = {name: np.ascontiguousarray(paper.written[name]) for name in names}

    def at_once() -> object:
        return plan.run({**stated, **{quantities[name]: sheets[name] for name in names}})

    def looped() -> object:
        for k in range(LOOPED):
            plan.run({**stated, **{quantities[name]: sheets[name][k : k + 1] for name in names}})
        return None

    return _best(at_once, 3) / MANY, _best(looped, 3) / LOOPED


def _marking_many(networks: Sequence[Network], seed: int) -> None:
    """Sheets marked at once against a loop."""
    print(f"\nMarking {MARKED} honest sheets at once against a loop, milliseconds a sheet")
    print(f"{'problem':24} {'at once':>8} {'loop':>8} {'ratio':>8}")
    for network in networks:
        grader = Grader(network.problem(DIGITS))
        paper: Paper = honest_paper(network, DIGITS, Habits("mixture", "mixed", "all"), MARKED, seed)
        sheets = [hand_in(paper, sheet, network.name) for sheet in range(MARKED)]
        at_once = _best(lambda g=grader, s=sheets: list(g.grade_all(s)), 1) / MARKED  # type: ignore[misc]
        looped = _best(lambda g=grader, s=sheets: [g.grade(one) for one in s], 1) / MARKED  # type: ignore[misc]
        print(f"{network.name:24} {1000 * at_once:8.2f} {1000 * looped:8.2f} {looped / at_once:8.1f}", flush=True)
