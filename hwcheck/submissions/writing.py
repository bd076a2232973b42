"""A piece of a file that is read as one array: its characters, their places, and how much of it is read."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple, NoReturn

from hwcheck.errors import InputError, Location
from hwcheck.limits import SUBMISSION
from hwcheck.located import List, Located, Scalar
from hwcheck.located_build import too_deep, too_many
from hwcheck.submissions.notes import Note

__all__ = ["Line", "Unread", "Writing"]

_LINE_END = re.compile("\n")


class Line(NamedTuple):
    """One line of a text, without the blanks around it, and the places of its first and behind its last character."""

    begin: int
    end: int
    text: str


class Unread(NamedTuple):
    """A list that is still text: with ``words`` and ``items`` of its form it meets ``hwcheck.located.Written``.

    ``cells`` is the part of the text that holds all of its cells; ``start``, ``one_place`` and ``margin`` are as in
    ``Writing``.
    """

    cells: str
    shape: tuple[int, ...]
    text: str
    start: Location
    one_place: bool
    margin: int

    @property
    def writing(self) -> Writing:
        """The text as it is read."""
        return Writing(self.text, self.start, one_place=self.one_place, margin=self.margin)


class Writing:
    """A text, the place of its first character, and what was noted while it was read.

    At most ``most`` values are read. ``one_place`` says that the places of its lines are not known: then everything
    stands where the text begins. ``margin`` is how far the lines behind the first are indented in the file.
    """

    def __init__(
        self, text: str, start: Location, *, one_place: bool = False, margin: int = 0, most: int = SUBMISSION.values
    ) -> None:
        self.text = text
        self.start = start
        self.notes: list[Note] = []
        self._one_place = one_place or not start.column
        self._lines: list[int] | None = None
        self.values = 0
        self._most = most
        self._margin = margin

    def at(self, offset: int) -> Location:
        """The place of a character."""
        if self._one_place:
            return self.start
        if self._lines is None:
            self._lines = [0, *(found.end() for found in _LINE_END.finditer(self.text))]
        line = bisect_right(self._lines, offset) - 1
        if not line:
            return self.start.after(offset)
        return Location(self.start.file, self.start.line + line, offset - self._lines[line] + 1 + self._margin)

    def cell(self, begin: int, end: int, shown: str | None = None) -> Scalar:
        """What stands between two places as one cell, without the blanks around it; ``shown`` stands for its text.

        Raises InputError where a file holds no more values.
        """
        text = self.text[begin:end]
        before = len(text) - len(text.lstrip())
        self._count(begin)
        return Scalar(text.strip() if shown is None else shown, self.at(begin + before))

    def listed(self, items: list[Located], begin: int) -> List:
        """A list that begins at a place. Raises InputError where a file holds no more values."""
        self._count(begin)
        return List(tuple(items), self.at(begin))

    def _count(self, offset: int) -> None:
        self.values += 1
        if self.values > self._most:
            raise InputError([too_many(self.at(offset), SUBMISSION)])

    def lines(self, begin: int, end: int) -> list[Line]:
        """The lines between two places, empty ones too."""
        found = []
        for raw in self.text[begin:end].split("\n"):
            text = raw.strip()
            first = begin + len(raw) - len(raw.lstrip())
            found.append(Line(first, first + len(text), text))
            begin += len(raw) + 1
        return found

    def check_depth(self, depth: int, offset: int) -> None:
        """Raise InputError where lists stand in one another deeper than is read."""
        if depth > SUBMISSION.depth:
            raise InputError([too_deep(self.at(offset), SUBMISSION)])

    def note(self, offset: int, message: str) -> None:
        """Remember how something was read."""
        self.notes.append(Note(self.at(offset), message))

    def refuse(self, offset: int, message: str) -> NoReturn:
        """Raise InputError: the text is no array that can be read, and this is why."""
        raise InputError.at(self.at(offset), message)
