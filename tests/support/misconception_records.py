"""What a misconception is tried with: a tiny problem, where the mistake is made, and the numbers that it gives.

A file ``tests/misconceptions/records_<family>.py`` holds a table ``RECORDS``: a list of records for each of some
misconceptions, by name. The generic test finds the files by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from hwcheck.graph.node import Array

__all__ = ["Record"]


class Record(NamedTuple):
    """A mistake in the step that computes ``quantity`` of a ``problem``, which is the text of a problem file.

    ``wrong`` are the numbers that come out: worked by hand, or the student's own wrong formula in NumPy, as a function
    of the right values by name. ``detail`` says which variant of the misconception it is.
    """

    problem: str
    quantity: str
    wrong: Any | Callable[[Mapping[str, Array]], Any]
    detail: str = ""
