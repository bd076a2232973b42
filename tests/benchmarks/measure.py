"""What the benchmarks share: two things measured in turns, A B A B, and the median of the ratios of the pairs.

Other load falls on both sides of a pair alike; the medians of the times alone would carry it.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median, quantiles
from time import perf_counter
from typing import NamedTuple

__all__ = ["Comparison", "compare", "seconds"]


class Comparison(NamedTuple):
    """The median times of both sides in seconds, and the ratio first to second with its quartiles.

    ``of_shortest`` is the ratio of the shortest time of each side.
    """

    mine: float
    theirs: float
    ratio: float
    low: float
    high: float
    of_shortest: float

    def __str__(self) -> str:
        return f"{self.ratio:6.2f}  ({self.low:.2f} to {self.high:.2f})"


def compare(mine: Callable[[], float], theirs: Callable[[], float], rounds: int) -> Comparison:
    """Two functions that do something and say how long it took; each is called once before it counts."""
    mine(), theirs()
    pairs = [(mine(), theirs()) for _ in range(rounds)]
    ratios = [first / second for first, second in pairs]
    low, middle, high = quantiles(ratios, n=4)
    firsts, seconds_ = zip(*pairs, strict=True)
    return Comparison(median(firsts), median(seconds_), middle, low, high, min(firsts) / min(seconds_))


def seconds(call: Callable[[], object], repeats: int) -> Callable[[], float]:
    """A function that takes the mean time of so many calls."""

    def once() -> float:
        start = perf_counter()
        for _ in range(repeats):
            call()
        return (perf_counter() - start) / repeats

    return once
