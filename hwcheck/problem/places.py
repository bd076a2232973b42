"""Where a character of a value stands in the file that it was read from.

YAML joins the lines of a long value, takes away their indentation, and doubles or escapes quotation marks. It never
changes the order of the characters that are not blank: a place is found by counting these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hwcheck.errors import Fault, InputError, Location
from hwcheck.language.source import Source
from hwcheck.limits import Complexity

__all__ = ["PlacedSource"]


class PlacedSource(Source):
    """An expression whose faults carry their places in the file; ``lines`` are the lines of that file."""

    lines: Sequence[str]

    def __init__(self, text: str, location: Location, complexity: Complexity, lines: Sequence[str]) -> None:
        super().__init__(text, location, complexity)
        object.__setattr__(self, "lines", lines)  # a Source is frozen

    def fault(self, column: int, message: str) -> InputError:
        """The error of a fault at a column (from 0) of the text."""
        return InputError([Fault(_place(self, column), message)])


def _place(source: PlacedSource, column: int) -> Location:
    """The place of a character of the text; of a blank, and of the text's end, that behind the character before it."""
    wanted = sum(not sign.isspace() for sign in source.text[:column])
    behind = not source.text[column : column + 1].strip()
    if behind and not wanted:
        return source.location
    for seen, (line, place) in enumerate(_signs(source.lines, source.location)):
        if seen == wanted - behind:
            return source.location._replace(line=line + 1, column=place + 1 + behind)
    return source.location


def _signs(lines: Sequence[str], start: Location) -> Iterator[tuple[int, int]]:
    """The places (from 0) of the characters of a value that are not blank."""
    line, column = start.line - 1, start.column - 1
    first = lines[line][column : column + 1] if 0 <= line < len(lines) else ""
    quote = first if first in ("'", '"') else ""
    if first in ("|", ">"):  # the text begins on the next line
        line, column = line + 1, 0
    column += len(quote)
    while line < len(lines):
        text = lines[line]
        while column < len(text):
            if quote and (text.startswith("''", column) if quote == "'" else text[column] == "\\"):
                column += 1  # the first of two that stand for one
            if not text[column : column + 1].isspace():
                yield line, column
            column += 1
        line, column = line + 1, 0
