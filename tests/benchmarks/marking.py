"""How the marking does on simulated students: ``python tests/benchmarks/marking.py``.

The students are simulated by plain NumPy (tests/benchmarks/simulation), which knows nothing of how they are marked.

- honest: whether an answer of an honest sheet is marked anything but right;
- asides: the same of students who also round numbers between two steps that have names (not asked for otherwise);
- tight: what is accepted of an entry over the largest honest error seen there;
- mistakes: one mistake on each sheet, at every step, as far as the digits can show it (simulation/injected.py);
- two: two mistakes at two steps: whether both are named as slips;
- speed: one sheet by verdict, and many at once.

``--full`` has the numbers that count: 100,000 honest sheets, every mistake at every place to all digits. Without it the
whole takes about three minutes.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read by NumPy's import

import numpy as np

from tests.benchmarks.simulation.catalogue import NETWORKS, Network
from tests.benchmarks.simulation.digits import CONFIGURATIONS
from tests.benchmarks.simulation.honest import HABITS, Offence, offences, ratios, samples
from tests.benchmarks.simulation.injected import Trial, outcome, pairs, places, trial
from tests.benchmarks.simulation.speed import speed
from tests.benchmarks.simulation.tables import Shares, print_shares

SHOWN = 12
MOST_SHOWN = 40
MODES = ("honest", "asides", "tight", "mistakes", "two", "speed")
USUAL = [mode for mode in MODES if mode != "asides"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what was asked for and print its tables."""
    parser = argparse.ArgumentParser(description="How the marking does on simulated students.")
    parser.add_argument("--sheets", type=int, help="sheets for each problem, digits and habits")
    parser.add_argument("--problems", nargs="+", choices=list(NETWORKS), default=list(NETWORKS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="+", choices=MODES, default=USUAL)
    parser.add_argument("--full", action="store_true", help="100,000 honest sheets, every mistake at every place")
    chosen = parser.parse_args(arguments)
    networks = [NETWORKS[name] for name in chosen.problems]
    if "honest" in chosen.only:
        each = chosen.sheets or (
            -(-100_000 // (len(networks) * len(CONFIGURATIONS) * len(HABITS))) if chosen.full else 1
        )
        honest(networks, each, chosen.seed)
    if "asides" in chosen.only:
        honest(networks, chosen.sheets or 1, chosen.seed, asides=True)
    if "tight" in chosen.only:
        tight(networks, chosen.sheets or (40 if chosen.full else 1), chosen.seed)
    if "mistakes" in chosen.only:
        mistakes(networks, None if chosen.full else chosen.sheets or 25, chosen.seed)
    if "two" in chosen.only:
        two(networks, chosen.sheets or (500 if chosen.full else 6), chosen.seed)
    if "speed" in chosen.only:
        speed(networks, chosen.seed)


def honest(networks: Sequence[Network], sheets: int, seed: int, asides: bool = False) -> None:
    """How many answers of honest sheets are not right."""
    print(f"\nHonest sheets{', numbers between named steps rounded too' if asides else ''}")
    print(f"{'problem':24} {'sheets':>7} {'answers':>8} {'not right':>9} {'bad sheets':>10} {'review':>7} {'ms':>6}")
    first: dict[tuple[str, str, str], Offence] = {}  # one for each question and kind of digits
    totals: Counter[str] = Counter()
    for network in networks:
        counts: Counter[str] = Counter()
        start = perf_counter()
        for sample in samples(network, sheets, seed, asides):
            bad = offences(sample)
            for offence in bad:
                first.setdefault((offence.network, offence.question, offence.digits.kind), offence)
            counts["sheets"] += 1
            counts["answers"] += sum(bool(sample.paper.on_sheet[n][sample.sheet]) for n in sample.paper.asked)
            counts["bad"] += len(bad)
            counts["bad sheets"] += bool(bad)
            counts["review"] += sample.result.needs_review
        counts["ms"] = round(1000 * (perf_counter() - start))
        _honest_row(network.name, counts)
        totals.update(counts)
    _honest_row("all", totals)
    for offence in list(first.values())[:MOST_SHOWN]:
        print(f"  {offence}")


def _honest_row(name: str, counts: Counter[str]) -> None:
    each = counts["ms"] / max(counts["sheets"], 1)
    numbers = f"{counts['sheets']:7} {counts['answers']:8} {counts['bad']:9} {counts['bad sheets']:10}"
    print(f"{name:24} {numbers} {counts['review']:7} {each:6.1f}", flush=True)


def tight(networks: Sequence[Network], sheets: int, seed: int) -> None:
    """The accepted deviation over the largest honest one."""
    print("\nAccepted deviation over the largest honest error of the same entry, every step written")
    print(f"{'problem':24} {'entries':>7} {'lower':>7} {'median':>7} {'upper':>7} {'largest':>8}  at")
    everything: list[np.ndarray[tuple[int], np.dtype[np.float64]]] = []
    for network in networks:
        found: dict[str, list[float]] = {}
        for digits in CONFIGURATIONS:
            for name, ratio in ratios(network, digits, sheets, seed).items():
                found.setdefault(name, []).extend(ratio[~np.isnan(ratio)].ravel().tolist())
        numbers = np.array([ratio for each in found.values() for ratio in each])
        if numbers.size:
            widest = max((max(each), name) for name, each in found.items() if each)
            _tight_row(network.name, numbers, widest[1])
            everything.append(numbers)
    if everything:
        _tight_row("all", np.concatenate(everything), "")


def _tight_row(name: str, numbers: np.ndarray[tuple[int], np.dtype[np.float64]], widest: str) -> None:
    lower, middle, upper = np.quantile(numbers, [0.25, 0.5, 0.75])
    print(
        f"{name:24} {numbers.size:7} {lower:7.2f} {middle:7.2f} {upper:7.2f} {numbers.max():8.1f}  {widest}", flush=True
    )


def mistakes(networks: Sequence[Network], each: int | None, seed: int) -> None:
    """One mistake on each sheet; ``each`` so many of every problem, drawn by chance, or all of them to all digits."""
    columns = ("caught", "alone", "among", "accused", "once")
    by_problem, by_mistake, by_kind, by_digits = (Shares(columns) for _ in range(4))
    shown: dict[str, list[str]] = {"not caught": [], "accused of another": [], "not among": [], "not the only one": []}
    hidden = 0
    for found in _one_each(networks, each, seed):
        if not found.shown:
            hidden += 1
            continue
        mistake, how = found.mistakes[0], outcome(found)
        holds = {column: bool(getattr(how, column)) for column in columns}
        by_problem.add(found.network.name, holds)
        by_kind.add(f"{mistake.kind}s", holds)
        by_digits.add(str(found.digits), holds)
        by_mistake.add(f"{mistake.name} ({mistake.kind[0]})", holds)
        fails = (not how.caught, how.accused, how.caught and not how.among, how.caught and not how.once)
        for lines, fails_here in zip(shown.values(), fails, strict=True):
            if fails_here and len(lines) < SHOWN:
                lines.append(f"  {found}: {how.said}; {_verdicts(found)}")
    print_shares("One mistake, by problem", by_problem)
    print_shares("One mistake, by kind", by_kind)
    print_shares("One mistake, by digits", by_digits)
    print_shares("One mistake, by mistake", by_mistake)
    print(f"{hidden} more do not show in the digits")
    for title, lines in shown.items():
        print("\n".join([f"{title}:", *lines]))


def _one_each(networks: Sequence[Network], each: int | None, seed: int) -> Iterator[Trial]:
    random = np.random.default_rng(seed)
    for network in networks:
        made = [
            (digits, mistake)
            for d, digits in enumerate(CONFIGURATIONS)
            for mistake in places(network, digits, seed + 10_000 * d)
        ]
        chosen = range(len(made)) if each is None else random.choice(len(made), min(each, len(made)), replace=False)
        for k in chosen:
            digits, mistake = made[int(k)]
            yield trial(network, digits, [mistake], seed + int(k))


def _verdicts(found: Trial) -> str:
    """The answers that are not right, in short."""
    return ", ".join(f"{a.question.name} {a.verdict}" for a in found.result.answers if a.verdict != "right")


def two(networks: Sequence[Network], each: int, seed: int) -> None:
    """Two mistakes on each sheet."""
    columns = ("both", "one", "none", "more")
    shares = Shares(columns)
    missed: list[str] = []
    for n, network in enumerate(networks):
        digits = CONFIGURATIONS[n % len(CONFIGURATIONS)]
        for k, pair in enumerate(pairs(network, digits, seed, each)):
            found = trial(network, digits, pair, seed + k)
            if found.shown:
                made, slips = {mistake.step for mistake in pair}, set(found.result.slips)
                number = len(made & slips)
                holds = {"both": number == 2, "one": number == 1, "none": number == 0, "more": bool(slips - made)}
                shares.add(network.name, holds)
                if number < 2 and len(missed) < SHOWN:
                    missed.append(f"  {found}: slips {', '.join(found.result.slips)}; {_verdicts(found)}")
    print_shares("Two mistakes, found as slips", shares)
    print("\n".join(["not both:", *missed]))


if __name__ == "__main__":
    main()
