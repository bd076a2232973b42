"""What may be wrong with numbers that name classes, rows or places."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from hwcheck.graph.node import Array

__all__ = ["outside", "places_outside", "wrong_entries"]

MOST_TOLD = 3


def wrong_entries(name: str, array: Array, wrong: npt.NDArray[np.bool_]) -> Iterator[tuple[tuple[int, ...], str]]:
    """Where an array is wrong, and "entry [2, 0] of {name} is 7"; of many entries the first few."""
    for place in np.argwhere(wrong)[:MOST_TOLD]:
        index = tuple(map(int, place))
        entry = f"entry {list(index)} of {{{name}}}" if index else f"{{{name}}}"
        yield index, f"{entry} is {array[index]:g}"


def outside(name: str, labels: Array, allowed: tuple[float, ...], words: str) -> Iterator[str]:
    """The labels that are none of the allowed numbers."""
    for _, told in wrong_entries(name, labels, ~np.isin(labels, allowed)):
        yield f"{told}, but {words}"


def places_outside(name: str, labels: Array, count: int, there_are: str, from_end: bool = False) -> Iterator[str]:
    """The labels that are no whole number from 0 to below ``count``, as the domain of an op tells them.

    ``name`` is the parameter, ``there_are`` says what is counted ("{weight} has rows"). With ``from_end`` negative
    places count backwards from -1.
    """
    lowest = -count if from_end else 0
    with np.errstate(invalid="ignore"):
        whole = np.isfinite(labels) & (labels == np.floor(labels))
        fine = whole & (labels >= lowest) & (labels < count)
    for index, told in wrong_entries(name, labels, ~fine):
        yield (
            f"{told}, but {there_are} {lowest} to {count - 1}" if whole[index] else f"{told}, which is no whole number"
        )
