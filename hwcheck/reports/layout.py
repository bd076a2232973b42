"""How wide the columns of a table are, and where its text breaks: one rule for every painter.

A column of numbers, and one that is called fixed, is always as wide as what it holds, because a number that is cut is
another number. The other columns give way where a table is too wide, the widest first, and their text goes on in the
next line. Where even that is not enough the table runs over its width.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest
from typing import NamedTuple

from hwcheck.reports.blocks import Cell, Column, Heading, Line, Listing, Paragraph, Span, Table, line
from hwcheck.reports.escape import show

__all__ = [
    "GAP",
    "LEAST",
    "PARAGRAPH",
    "WIDEST_GAP",
    "Laid",
    "column_widths",
    "fold",
    "folded_cell",
    "lay_out",
    "prose",
    "safe",
    "shown",
    "wide",
]

GAP = "  "
WIDEST_GAP = 3  # what the terminal's tables put between two columns
LEAST = 10
PARAGRAPH = 5_000


class Laid(NamedTuple):
    """A table as lines of ready text: what others wrote is made safe, and every column is filled up to its width."""

    widths: tuple[int, ...]
    header: tuple[Line, ...]
    rows: tuple[Line, ...]


def lay_out(table: Table, width: int) -> Laid:
    """The lines of a table that has so many columns of text to itself."""
    header, rows = safe(table)
    widths = column_widths(table.columns, header, rows, width - len(GAP) * (len(header) - 1))
    body = [text for row in rows for text in _row(row, widths, table.columns)]
    return Laid(tuple(widths), tuple(_row(header, widths, table.columns)), tuple(body))


def prose(block: Heading | Paragraph | Listing, width: int) -> Iterator[Line]:
    """The lines of what is no table; a remark that goes on in the next line is set in there."""
    if isinstance(block, Heading):
        yield from fold(shown(line(block.text, "title" if block.level == 1 else "strong")), width)
    elif isinstance(block, Paragraph):
        yield from fold(shown(block.spans, PARAGRAPH), width)
    else:
        for item in block.items:
            yield from fold(shown(item, PARAGRAPH), width, indent="  ")


def safe(table: Table) -> tuple[list[list[Line]], list[list[list[Line]]]]:
    """The header and the rows of a table, safe to show."""
    rows = [[[shown(text) for text in cell] for cell in row] for row in table.rows]
    return [[shown(line(column.title, "strong"))] for column in table.columns], rows


def shown(text: Line, most: int = 200) -> Line:
    """A line that is safe to show; each of its spans is cut to a width."""
    return tuple(Span(show(span.text, most), span.meaning) for span in text)


def wide(text: Line) -> int:
    """How many columns of a terminal a line fills."""
    return sum(len(span.text) if span.text.isascii() else sum(map(_wide, span.text)) for span in text)


def _wide(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def fold(text: Line, width: int, indent: str = "") -> Iterator[Line]:
    """A line over as many lines as it needs, broken at blanks or between a name's words; no other sign is lost."""
    signs = [(sign, span.meaning) for span in text for sign in span.text]
    begin, margin = 0, ""
    while True:
        end, filled = begin, len(margin)
        while end < len(signs) and (end == begin or filled + _wide(signs[end][0]) <= width):
            filled += _wide(signs[end][0])
            end += 1
        following = end
        if end < len(signs):
            blank = next((i for i in range(end, begin, -1) if signs[i][0] == " "), None)
            end, following = (blank, blank + 1) if blank is not None else (_seam(signs, begin, end),) * 2
        yield (*_spans(margin), *_grouped(signs[begin:end]))
        if following >= len(signs):
            return
        begin, margin = following, indent


def _seam(signs: Sequence[tuple[str, str]], begin: int, end: int) -> int:
    """Where to break a word that is too long: at the end of a name's last part in its second half, else anywhere.

    A letter follows, and before a point stands one too: no number is broken there.
    """
    for i in range(end, (begin + end) // 2, -1):
        before, sign, behind = (signs[j][0] for j in (i - 2, i - 1, i))
        if behind.isalpha() and (sign in "-_/" or (sign == "." and before.isalpha())):
            return i
    return end


def _spans(text: str) -> Line:
    return line(text) if text else ()


def _grouped(signs: list[tuple[str, str]]) -> Iterator[Span]:
    for meaning, group in groupby(signs, key=lambda sign: sign[1]):
        yield Span("".join(sign for sign, _ in group), meaning)


def column_widths(
    columns: Sequence[Column], header: list[list[Line]], rows: list[list[list[Line]]], room: int
) -> list[int]:
    """What each column gets of the room for all: all that it needs, or less where it may give way."""
    widths = [max((wide(text) for row in [header, *rows] for text in row[i]), default=0) for i in range(len(header))]
    yielding = [i for i, column in enumerate(columns) if not column.fixed and not column.numeric]
    for _ in range(sum(widths) - room):
        widest = max(yielding, key=widths.__getitem__, default=None)
        if widest is None or widths[widest] <= LEAST:
            break
        widths[widest] -= 1
    return widths


def folded_cell(cell: Cell | list[Line], room: int) -> list[Line]:
    """The lines of a cell in a column of a width."""
    return [part for text in cell for part in (fold(text, room) if wide(text) > room else (text,))]


def _row(cells: Sequence[Cell | list[Line]], widths: Sequence[int], columns: Sequence[Column]) -> Iterator[Line]:
    """The lines of a row; a cell with fewer lines than another is filled up with blank ones."""
    folded = [folded_cell(cell, room) for cell, room in zip(cells, widths, strict=True)]
    for texts in zip_longest(*folded, fillvalue=()):
        spans: list[Span] = []
        for text, room, column in zip(texts, widths, columns, strict=True):
            filling = Span(" " * (room - wide(text)))
            spans += [Span(GAP)] if spans else []
            spans += [filling, *text] if column.numeric else [*text, filling]
        yield _stripped(spans)


def _stripped(spans: list[Span]) -> Line:
    """Without the blanks at the end, which would only run over."""
    while spans and not spans[-1].text.strip():
        spans.pop()
    last = [span._replace(text=span.text.rstrip()) for span in spans[-1:]]
    return tuple(span for span in (*spans[:-1], *last) if span.text)
