"""What may be wrong with numbers that name classes, rows or places."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hwcheck.graph.node import Array

__all__ = ["places_outside"]

MOST_TOLD = 3


def places_outside(name: str, labels: Array, count: int, there_are: str, from_end: bool = False) -> Iterator[str]:
    """The labels that are no whole number from 0 to below ``count``, as the domain of an op tells them; a few at most.

    ``name`` is the parameter, ``there_are`` says what is counted ("{weight} has rows"). With ``from_end`` negative
    places count backwards from -1.
    """
    lowest = -count if from_end else 0
    with np.errstate(invalid="ignore"):
        whole = np.isfinite(labels) & (labels == np.floor(labels))
        fine = whole & (labels >= lowest) & (labels < count)
    for place in np.argwhere(~fine)[:MOST_TOLD]:
        index = tuple(map(int, place))
        entry = f"entry {list(index)} of {{{name}}}" if index else f"{{{name}}}"
        why = f"but {there_are} {lowest} to {count - 1}" if whole[index] else "which is no whole number"
        yield f"{entry} is {labels[index]:g}, {why}"
