"""Sheets with mistakes in them, and how they are marked.

What the digits cannot show is not held against anyone: a mistake counts only if some entry of its step is written more
than three units of its last place, and twice the largest honest error seen at that entry besides, away from the
number that belongs there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import NamedTuple

import numpy as np

from hwcheck.grading.grade import Grader
from hwcheck.grading.result import Cause, MarkedAnswer, Result
from tests.benchmarks.simulation.catalogue import NETWORKS, Network
from tests.benchmarks.simulation.digits import Digits, Numbers
from tests.benchmarks.simulation.honest import largest_errors
from tests.benchmarks.simulation.ids import accepted
from tests.benchmarks.simulation.mistakes import Mistake, looks_like, misconceptions, slips, sums_like, trivial
from tests.benchmarks.simulation.paper import CARRIES, ROUNDINGS, Habits, Paper, Step
from tests.benchmarks.simulation.same import same_digits, same_numbers
from tests.benchmarks.simulation.sheets import hand_in

__all__ = ["Outcome", "Trial", "outcome", "pairs", "places", "trial"]

UNITS, TIMES = 3, 2
SHEETS = 20  # honest sheets of each rounding and carrying, for the largest honest error


class Trial(NamedTuple):
    """One sheet with mistakes, marked; ``shown`` tells whether its digits can show each of them.

    ``step`` is that of the first one, ``right`` what would stand there, had it not been made.
    """

    network: Network
    digits: Digits
    habits: Habits
    mistakes: tuple[Mistake, ...]
    shown: bool
    step: Step
    right: Numbers
    paper: Paper
    result: Result

    def __str__(self) -> str:
        made = " and ".join(map(str, self.mistakes))
        return f"{self.network.name} to {self.digits} ({self.habits}): {made}"


class Outcome(NamedTuple):
    """How a sheet with one mistake was marked.

    ``caught``: the answer of the step, or a later one where the step is not asked, is not right. ``alone``: the cause
    that is claimed there is the one that was made; ``among``: or one of the candidates. ``accused``: another one is
    claimed. ``once``: this answer is the only wrong one, and all others are right or carried.
    """

    caught: bool
    alone: bool
    among: bool
    accused: bool
    once: bool
    said: str


def places(network: Network, digits: Digits, seed: int) -> list[Mistake]:
    """Every mistake at every step that is asked, the slips at one entry each."""
    paper = network.fill(Paper(digits, keep=True))
    asked = {question.name for question in network.problem().questions}
    steps = {name: step for name, step in paper.steps.items() if name in asked}
    return misconceptions(steps) + slips(steps, seed)


def trial(network: Network, digits: Digits, mistakes: Sequence[Mistake], seed: int) -> Trial:
    """One student makes these mistakes; the seed chooses the habits."""
    random = np.random.default_rng(seed)
    written = "all" if random.random() < 0.5 else "asked"
    habits = Habits(str(random.choice(ROUNDINGS)), str(random.choice(CARRIES)), written)
    paper = _paper(network, digits, habits, seed, mistakes)
    without = [_paper(network, digits, habits, seed, [m for m in mistakes if m is not one]) for one in mistakes]
    shown = all(_shows(network, digits, *pair, paper) for pair in zip(mistakes, without, strict=True))
    submission = hand_in(paper, 0, network.name, zeros=bool(seed % 2))
    result = _grader(network.name, digits).grade(submission) if shown else _NONE
    step, right = without[0].steps[mistakes[0].step], without[0].written[mistakes[0].step]
    return Trial(network, digits, habits, tuple(mistakes), shown, step, right, paper, result)


_NONE = Result("", "", "", 0.0, 0.0, ())


def _paper(network: Network, digits: Digits, habits: Habits, seed: int, mistakes: Sequence[Mistake]) -> Paper:
    asked = frozenset(question.name for question in network.problem().questions)
    paper = Paper(digits, habits, 1, np.random.default_rng(seed), asked, keep=True)
    for mistake in mistakes:
        paper.mistakes = {**paper.mistakes, **mistake.spoils_value()}
        paper.slips = {**paper.slips, **mistake.spoils_written(digits)}
    return network.fill(paper)


def _shows(network: Network, digits: Digits, mistake: Mistake, without: Paper, made: Paper) -> bool:
    """Whether the digits can show the mistake, made beside the others.

    Nothing on the sheet may be infinite, and the step not one constant, from which nothing later is to follow.
    """
    if not all(np.isfinite(values).all() for values in made.written.values()):
        return False
    right, wrong = without.written[mistake.step], made.written[mistake.step]
    if trivial(right, wrong):
        return False
    units = np.maximum(digits.units(right), digits.units(wrong))
    room = UNITS * units + TIMES * _largest(network.name, digits)[mistake.step]
    return bool(np.any(np.abs(wrong - right) > room))


@cache
def _largest(name: str, digits: Digits) -> Mapping[str, Numbers]:
    return largest_errors(NETWORKS[name], digits, SHEETS, seed=12345)


@cache
def _grader(name: str, digits: Digits) -> Grader:
    return Grader(NETWORKS[name].problem(digits))


def outcome(found: Trial) -> Outcome:
    """How the one mistake of a sheet was marked."""
    (mistake,) = found.mistakes
    answers = {answer.question.name: answer for answer in found.result.answers}
    answer = answers[mistake.step]
    others = [other for name, other in answers.items() if name != mistake.step]
    once = answer.verdict == "wrong" and all(other.verdict in ("right", "carried") for other in others)
    claimed = answer.cause is not None and _is(found, mistake, answer.cause)
    among = claimed or any(_is(found, mistake, cause) for cause in answer.candidates)
    accused = answer.cause is not None and not claimed
    return Outcome(answer.verdict != "right", claimed, among, accused, once, _said(answer))


def _is(found: Trial, mistake: Mistake, cause: Cause) -> bool:
    """Whether a cause is the mistake: by its name, or because its wrong run gives the very numbers."""
    alike = looks_like(found.right, found.paper.written[mistake.step]) | sums_like(mistake, found.step)
    if cause.id in accepted(mistake) | alike:
        return True
    if mistake.kind == "misconception":
        return same_numbers(found.network, mistake, cause)
    written = found.paper.written[mistake.step][0]
    room = found.digits.units(written) + _largest(found.network.name, found.digits)[mistake.step]
    return same_digits(found.network, mistake.step, cause, written, room)


def _said(answer: MarkedAnswer) -> str:
    cause = f"cause {answer.cause.id}" if answer.cause else "no cause"
    candidates = ", ".join(candidate.id for candidate in answer.candidates)
    return f"{answer.verdict}, {cause}{f', candidates {candidates}' if candidates else ''}"


def pairs(network: Network, digits: Digits, seed: int, count: int) -> Iterator[tuple[Mistake, Mistake]]:
    """Pairs of mistakes at two asked steps, drawn by chance."""
    made = places(network, digits, seed)
    steps = sorted({mistake.step for mistake in made})
    random = np.random.default_rng(seed)
    both = list(combinations(steps, 2))
    for _ in range(count):
        first, second = both[int(random.integers(len(both)))]
        chosen = [[m for m in made if m.step == step] for step in (first, second)]
        one, other = (each[int(random.integers(len(each)))] for each in chosen)
        yield one, other
