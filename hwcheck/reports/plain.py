"""Blocks as plain text: for a pipe, a file, a terminal without colours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hwcheck.reports.blocks import Block, Heading, Line, Table, line
from hwcheck.reports.escape import harmless_line
from hwcheck.reports.layout import GAP, lay_out, prose, shown

__all__ = ["paint"]


def paint(blocks: Iterable[Block], width: int = 80) -> str:
    """The text of a report, with a line break at its end."""
    return "\n\n".join("\n".join(_paint_block(block, width)) for block in blocks) + "\n"


def _paint_block(block: Block, width: int) -> Iterator[str]:
    if isinstance(block, Table):
        yield from _paint_table(block, width)
        return
    texts = [_text(part) for part in prose(block, width)]
    yield from texts
    if isinstance(block, Heading):
        yield ("=" if block.level == 1 else "-") * max(map(len, texts))


def _paint_table(table: Table, width: int) -> Iterator[str]:
    if table.title:
        yield _text(shown(line(table.title)))
    laid = lay_out(table, width)
    yield from map(_text, laid.header)
    yield GAP.join("-" * room for room in laid.widths)
    yield from map(_text, laid.rows)


def _text(text: Line) -> str:
    return harmless_line("".join(span.text for span in text).rstrip())
