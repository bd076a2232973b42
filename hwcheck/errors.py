"""Where something stands in a file, and every error that hwcheck raises on purpose.

::

    HwcheckError
    ├── UsageError            the call itself makes no sense (an unknown problem, two formats at once)
    └── InputError            a file says something it must not; carries every fault found in it
        ├── ProblemError      a problem file, written by a teacher
        └── SubmissionError   a submission, written by anyone

One border, ``hwcheck.cli.main``, turns them into text and an exit code.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

__all__ = [
    "Fault",
    "HwcheckError",
    "InputError",
    "Location",
    "ProblemError",
    "SubmissionError",
    "UsageError",
    "close",
    "did_you_mean",
    "meant_text",
    "near",
    "quoted",
]


class Location(NamedTuple):
    """A place in a file. Lines and columns count from 1; 0 means the file (or the line) as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        numbers = [str(number) for number in (self.line, self.column) if number]
        return ":".join([self.file, *numbers])

    def after(self, columns: int) -> Location:
        """The place so many columns to the right; what has no lines has no columns either."""
        return Location(self.file, self.line, self.column + columns) if columns and self.line else self


class Fault(NamedTuple):
    """One thing that is wrong at one place: what was read, the rule, what to do."""

    location: Location
    message: str

    def __str__(self) -> str:
        return f"{self.location}: {self.message}"


class HwcheckError(Exception):
    """The root of all errors that hwcheck raises on purpose."""


class UsageError(HwcheckError):
    """The call itself makes no sense."""


class InputError(HwcheckError):
    """A file says something it must not."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))

    @classmethod
    def at(cls, location: Location, message: str) -> InputError:
        """The error of a single fault."""
        return cls([Fault(location, message)])


class ProblemError(InputError):
    """A problem file is not sound."""


class SubmissionError(InputError):
    """A submission cannot be read."""


def quoted(text: str) -> str:
    r"""A text in quotation marks for a message, what is no sign spelled out; a backslash stays one: ``'\frac'``."""
    return repr(text).replace("\\\\", "\\")


def close(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known words that are near to one, the nearest first."""
    import difflib  # 8 ms to import, and needed by messages only

    cutoff = 0.5 if len(word) <= 3 else 0.6  # H3 and H2 have half of their letters in common
    return difflib.get_close_matches(word, list(known), n=most, cutoff=cutoff)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``; did you mean 'relu'?``, or nothing where no known word is near.

    The result is made to be put at the end of a message.
    """
    return meant_text(near(word, known))


def near(word: str, known: Iterable[str]) -> list[str]:
    """The one or two known words that are most likely meant, if any is near."""
    known = list(known)
    return close(word, known, 2) or [name for name in known if name.casefold() == word.casefold()][:1]


def meant_text(names: Sequence[str]) -> str:
    """``; did you mean 'relu'?`` of names that may be meant, or nothing where there is none."""
    return f"; did you mean {' or '.join(map(repr, names))}?" if names else ""
