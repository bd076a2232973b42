"""Where each character of a text stands in its file."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from typing import NamedTuple

from hwcheck.errors import Location

__all__ = ["Expanded", "Places"]


class Expanded(NamedTuple):
    """A text in which commands are written out, the text as it is in the file, and where in that each character is."""

    text: str
    source: str
    origins: array[int]


class Places:
    """The places of a text whose first character stands at ``start``; a line break begins the next line, column 1."""

    def __init__(self, text: str, start: Location, expanded: Expanded | None = None) -> None:
        self._start = start
        self._origins = expanded.origins if expanded else None
        text = expanded.source if expanded else text
        self._lines = [0]
        at = text.find("\n")
        while at >= 0:
            self._lines.append(at + 1)
            at = text.find("\n", at + 1)

    def at(self, offset: int) -> Location:
        """The place of a character."""
        if self._origins:
            offset = self._origins[min(offset, len(self._origins) - 1)]
        line = bisect_right(self._lines, offset) - 1
        column = offset - self._lines[line]
        if not line:
            return self._start.after(column)
        return Location(self._start.file, self._start.line + line, column + 1)
