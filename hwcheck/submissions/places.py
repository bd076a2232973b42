"""Where each character of a text stands in its file."""

from __future__ import annotations

from bisect import bisect_right

from hwcheck.errors import Location

__all__ = ["Places"]


class Places:
    """The places of a text whose first character stands at ``start``; a line break begins the next line, column 1."""

    def __init__(self, text: str, start: Location) -> None:
        self._start = start
        self._lines = [0]
        at = text.find("\n")
        while at >= 0:
            self._lines.append(at + 1)
            at = text.find("\n", at + 1)

    def at(self, offset: int) -> Location:
        """The place of a character."""
        line = bisect_right(self._lines, offset) - 1
        column = offset - self._lines[line]
        if not line:
            return self._start.after(column)
        return Location(self._start.file, self._start.line + line, column + 1)
