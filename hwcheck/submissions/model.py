"""A submission as it was handed in: names and values as written, each with its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from hwcheck.errors import Fault, Location
from hwcheck.limits import SUBMISSION
from hwcheck.located import Located, Scalar
from hwcheck.mending import Mended
from hwcheck.submissions.notes import Note

__all__ = ["Answer", "Content", "Parts", "Reader", "Submission", "inside"]


class Answer(NamedTuple):
    """What stands under one name. What the name and the value mean is for grading to find out.

    ``loose`` tells that it was found in running text: where its name is none of the problem's, or a formula stands
    where numbers are asked, it is taken for a part of the text. ``scanned`` tells that it stands in typeset formulas,
    which a program may have read from handwriting; ``formula`` that its value is made of names, ``fault`` why its value
    could not be read, ``notes`` how it was. ``steps`` is the same row by row, which counts where the name is none of
    the problem's, or where each row is an answer of its own. ``aside`` tells that it was said in a sentence, and counts
    only where the sheet gives no other answer to that name.
    """

    name: str
    value: Located
    location: Location
    loose: bool = False
    scanned: bool = False
    formula: bool = False
    fault: Fault | None = None
    notes: tuple[Note, ...] = ()
    steps: tuple[Answer, ...] = ()
    aside: bool = False


class Parts(NamedTuple):
    """What a file hands in, where its format has no mapping with ``answers:``.

    ``faults`` are what could not be read of it, and cost no other answer; ``notes`` say how something was understood.
    """

    answers: tuple[Answer, ...]
    problem: Scalar | None = None
    student: Scalar | None = None
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()


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


Content: TypeAlias = Located | Mended | Parts | None
"""What a reader makes of a file: a tree with ``answers:``, or the parts themselves; None of an empty file."""


class Reader(NamedTuple):
    """A format: the endings of its files, and how a file becomes located values. Raises InputError.

    A format of text has ``read``, a binary one has ``read_data``; both are given the name of the file. ``limit`` is how
    many bytes of a file are read.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[str, str], Content] | None = None
    read_data: Callable[[bytes, str], Content] | None = None
    limit: int = SUBMISSION.bytes


def inside(file: str, part: str) -> Location:
    """A part of a file that has no lines: a member of an archive, a cell of a spreadsheet or of a notebook."""
    return Location(f"{file}[{part}]")
