"""Blocks with colours and rules, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from hwcheck.reports.blocks import Block, Heading, Line, Listing, Paragraph, Table, line
from hwcheck.reports.layout import GAP, PARAGRAPH, fold, lay_out, shown

__all__ = ["paint"]

STYLES = {
    "right": "green",
    "carried": "cyan",
    "wrong": "bold red",
    "missing": "yellow",
    "name": "bold",
    "strong": "bold",
    "faint": "dim",
    "title": "bold underline",
}


def paint(blocks: Iterable[Block], console: Console) -> None:
    """Print a report. Text is never taken for markup, and no line is cut: what is too wide runs over."""
    for position, block in enumerate(blocks):
        if position:
            console.print()
        for text in _lines(block, console.width):
            console.print(_styled(text), highlight=False, markup=False, emoji=False, soft_wrap=True)


def _lines(block: Block, width: int) -> Iterator[Line]:
    if isinstance(block, Heading):
        yield from fold(shown(line(block.text, "title" if block.level == 1 else "strong")), width)
    elif isinstance(block, Paragraph):
        yield from fold(shown(block.spans, PARAGRAPH), width)
    elif isinstance(block, Listing):
        for item in block.items:
            yield from fold(shown(item, PARAGRAPH), width, indent="  ")
    else:
        yield from _table(block, width)


def _table(table: Table, width: int) -> Iterator[Line]:
    if table.title:
        yield shown(line(table.title, "strong"))
    laid = lay_out(table, width)
    yield from laid.header
    yield line("─" * min(sum(laid.widths) + len(GAP) * (len(laid.widths) - 1), width))
    yield from laid.rows


def _styled(text: Line) -> Text:
    return Text.assemble(*((span.text, STYLES.get(span.meaning, "")) for span in text))
