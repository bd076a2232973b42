"""Honest sheets: whether each is marked right, and how much wider what is accepted is than what rounding does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np

from hwcheck.grading.grade import Grader
from hwcheck.grading.result import MarkedAnswer, Result
from tests.benchmarks.simulation.catalogue import Network
from tests.benchmarks.simulation.digits import CONFIGURATIONS, Digits, Numbers
from tests.benchmarks.simulation.paper import CARRIES, ROUNDINGS, WRITTEN, Habits, Paper
from tests.benchmarks.simulation.sheets import hand_in

__all__ = ["HABITS", "Offence", "Sample", "honest_paper", "largest_errors", "offences", "ratios", "samples"]

HABITS = tuple(Habits(*choice) for choice in product(ROUNDINGS, CARRIES, WRITTEN))


class Offence(NamedTuple):
    """An entry of an honest answer that was not accepted, or an answer without a comparison."""

    network: str
    digits: Digits
    habits: Habits
    question: str
    verdict: str
    entry: tuple[int, ...]
    written: float
    expected: float
    allowed: float
    own: float
    review: bool

    def __str__(self) -> str:
        where = (
            f"{self.network} to {self.digits} ({self.habits}): {self.question}{list(self.entry) or ''} {self.verdict}"
        )
        numbers = f"written {self.written:.9g}, expected {self.expected:.9g} +- {self.allowed:.3g}"
        own = "" if np.isnan(self.own) else f", from the sheet {self.own:.9g}"
        return f"{where}: {numbers}{own}{', for review' if self.review else ''}"


class Sample(NamedTuple):
    """One honest sheet, marked."""

    network: Network
    digits: Digits
    habits: Habits
    paper: Paper
    sheet: int
    result: Result


def honest_paper(network: Network, digits: Digits, habits: Habits, sheets: int, seed: int) -> Paper:
    """The sheets of honest students. The same seed gives the same sheets."""
    asked = frozenset(question.name for question in network.problem().questions)
    return network.fill(Paper(digits, habits, sheets, np.random.default_rng(seed), asked))


def samples(network: Network, sheets: int, seed: int, asides: bool = False) -> Iterator[Sample]:
    """So many sheets for each of the digits and habits, each marked, many at a time."""
    for d, digits in enumerate(CONFIGURATIONS):
        grader = Grader(network.problem(digits))
        handed_in = []
        for h, habits in enumerate(HABITS):
            paper = honest_paper(network, digits, habits._replace(asides=asides), sheets, seed + 1000 * d + h)
            for sheet in range(sheets):
                handed_in.append((paper, sheet, hand_in(paper, sheet, network.name, zeros=bool((sheet + h) % 2))))
        results = grader.grade_all(submission for _, _, submission in handed_in)
        for (paper, sheet, _), result in zip(handed_in, results, strict=True):
            yield Sample(network, digits, paper.habits, paper, sheet, result)


def offences(sample: Sample) -> list[Offence]:
    """The answers of an honest sheet that are marked anything but right; what was left out may be missing."""
    found = []
    for answer in sample.result.answers:
        name = answer.question.name
        if answer.verdict != "right" and sample.paper.on_sheet[name][sample.sheet]:
            found.append(_offence(sample, answer))
    return found


def _offence(sample: Sample, answer: MarkedAnswer) -> Offence:
    head = (sample.network.name, sample.digits, sample.habits, answer.question.name, answer.verdict)
    comparison = answer.comparison
    if comparison is None:
        return Offence(*head, (), np.nan, np.nan, np.nan, np.nan, answer.review)
    worst = int(np.argmin(comparison.accepted))
    entry = tuple(int(i) for i in np.unravel_index(worst, comparison.accepted.shape))
    own = np.nan if comparison.own is None else float(comparison.own[entry])
    yours, expected, allowed = (float(x[entry]) for x in (comparison.yours, comparison.expected, comparison.allowed))
    return Offence(*head, entry, yours, expected, allowed, own, answer.review)


def largest_errors(network: Network, digits: Digits, sheets: int, seed: int) -> dict[str, Numbers]:
    """The largest |written - exact| of each step's entries over honest sheets of every rounding and carrying."""
    exact = network.fill(Paper()).written
    largest = {name: np.zeros(values.shape[1:]) for name, values in exact.items()}
    for h, (rounding, carry) in enumerate(product(ROUNDINGS, CARRIES)):
        paper = honest_paper(network, digits, Habits(rounding, carry), sheets, seed + h)
        for name, written in paper.written.items():
            with np.errstate(invalid="ignore"):
                errors = np.nan_to_num(np.abs(written - exact[name]), nan=0.0)
            largest[name] = np.maximum(largest[name], errors.max(axis=0))
    return largest


def ratios(network: Network, digits: Digits, sheets: int, seed: int) -> dict[str, Numbers]:
    """For each question, the accepted deviation over the largest honest one, entry by entry.

    NaN where that is 0 (a thousandth of a unit, or less).
    On sheets where every step is written. The interval may have another centre than the reference: deviations are
    taken from that centre, on the side where they are accepted.
    """
    grader = Grader(network.problem(digits))
    accepted: dict[str, list[Numbers]] = {}
    errors: dict[str, list[Numbers]] = {}
    centres: dict[str, Numbers] = {}
    for h, (rounding, carry) in enumerate(product(ROUNDINGS, CARRIES)):
        paper = honest_paper(network, digits, Habits(rounding, carry), sheets, seed + h)
        submissions = [hand_in(paper, sheet, network.name) for sheet in range(sheets)]
        for answer in (answer for result in grader.grade_all(submissions) for answer in result.answers):
            if answer.comparison is not None:
                c, name = answer.comparison, answer.question.name
                centre = c.expected if c.own is None else c.own
                accepted.setdefault(name, []).append((c.below + c.above) / 2)
                centres[name] = np.abs(c.expected)
                errors.setdefault(name, []).append(np.abs(c.yours - centre))
    found = {}
    with np.errstate(all="ignore"):
        for name, widths in accepted.items():
            largest = np.nan_to_num(np.max(errors[name], axis=0))
            ratio = np.median(widths, axis=0) / np.where(
                largest > digits.units(largest + centres[name]) / 1000, largest, np.nan
            )
            found[name] = np.where(np.isfinite(ratio), ratio, np.nan)
    return found
