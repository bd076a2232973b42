"""Blocks as plain text: for a pipe, a file, a terminal without colours."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from hwcheck.reports.blocks import Block, Cell, Heading, Line, Paragraph, Table
from hwcheck.reports.escape import show

__all__ = ["paint"]

GAP = "  "
PARAGRAPH = 5_000


def paint(blocks: Iterable[Block], width: int = 80) -> str:
    """The text of a report, with a line break at its end."""
    return "\n\n".join("\n".join(_paint_block(block, width)) for block in blocks) + "\n"


def _paint_block(block: Block, width: int) -> Iterator[str]:
    if isinstance(block, Heading):
        text = show(block.text)
        yield text
        yield ("=" if block.level == 1 else "-") * len(text)
    elif isinstance(block, Paragraph):
        yield from textwrap.wrap(_text(block.spans, PARAGRAPH), width, break_on_hyphens=False) or [""]
    else:
        yield from _paint_table(block, width)


def _text(line: Line, most: int = 200) -> str:
    return "".join(show(span.text, most) for span in line)


def _paint_table(table: Table, width: int) -> Iterator[str]:
    if table.title:
        yield show(table.title)
    rows = [[_cell(cell) for cell in row] for row in table.rows]
    header = [[show(column.title)] for column in table.columns]
    widths = [max((len(text) for row in [header, *rows] for text in row[i]), default=0) for i in range(len(header))]
    last = len(widths) - 1
    room = width - sum(widths[:last]) - len(GAP) * last
    if not table.columns[last].fixed and not table.columns[last].numeric and room >= 20:
        rows = [[*row[:last], _wrap(row[last], room)] for row in rows]
        widths[last] = min(widths[last], room)
    yield from _lines(header, widths, table)
    yield GAP.join("-" * wide for wide in widths)
    for row in rows:
        yield from _lines(row, widths, table)


def _cell(cell: Cell) -> list[str]:
    return [_text(line) for line in cell]


def _wrap(texts: list[str], width: int) -> list[str]:
    return [part for text in texts for part in (textwrap.wrap(text, width) or [""])]


def _lines(row: Sequence[list[str]], widths: Sequence[int], table: Table) -> Iterator[str]:
    for i in range(max((len(cell) for cell in row), default=0)):
        parts = [
            text.rjust(wide) if column.numeric else text.ljust(wide)
            for text, wide, column in zip(
                (cell[i] if i < len(cell) else "" for cell in row), widths, table.columns, strict=True
            )
        ]
        yield GAP.join(parts).rstrip()
