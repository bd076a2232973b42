"""Blocks as plain text: for a pipe, a file, a terminal without colours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hwcheck.reports.blocks import Block, Heading, Line, Listing, Paragraph, Table, line
from hwcheck.reports.layout import GAP, PARAGRAPH, fold, lay_out, shown

__all__ = ["paint"]


def paint(blocks: Iterable[Block], width: int = 80) -> str:
    """The text of a report, with a line break at its end."""
    return "\n\n".join("\n".join(_paint_block(block, width)) for block in blocks) + "\n"


def _paint_block(block: Block, width: int) -> Iterator[str]:
    if isinstance(block, Heading):
        texts = [_text(part) for part in fold(shown(line(block.text)), width)]
        yield from texts
        yield ("=" if block.level == 1 else "-") * max(map(len, texts))
    elif isinstance(block, Paragraph):
        yield from (_text(part) for part in fold(shown(block.spans, PARAGRAPH), width))
    elif isinstance(block, Listing):
        for item in block.items:
            yield from (_text(part) for part in fold(shown(item, PARAGRAPH), width, indent="  "))
    else:
        yield from _paint_table(block, width)


def _paint_table(table: Table, width: int) -> Iterator[str]:
    if table.title:
        yield _text(shown(line(table.title)))
    laid = lay_out(table, width)
    yield from map(_text, laid.header)
    yield GAP.join("-" * room for room in laid.widths)
    yield from map(_text, laid.rows)


def _text(text: Line) -> str:
    return "".join(span.text for span in text).rstrip()
