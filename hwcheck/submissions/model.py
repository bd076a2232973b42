"""A submission as it was handed in: names and values as written, each with its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from hwcheck.errors import Fault, Location
from hwcheck.located import Located

__all__ = ["Answer", "Reader", "Submission"]


class Answer(NamedTuple):
    """What stands under one name. What the name and the value mean is for grading to find out."""

    name: str
    value: Located
    location: Location


class Submission(NamedTuple):
    """The answers of one student; ``problem`` is the id that the file names, if it names one, and where it does.

    ``faults`` are what could not be read, where the rest stands; ``notes`` say how something was understood.
    """

    file: str
    student: str
    problem: str | None
    answers: tuple[Answer, ...]
    problem_at: Location
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()


class Reader(NamedTuple):
    """A format: the endings of its files, and how its text becomes located values. Raises InputError."""

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[str, str], Located | None]
