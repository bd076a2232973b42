"""Blocks as rich tables, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table as RichTable
from rich.text import Text

from hwcheck.reports.blocks import Block, Cell, Heading, Line, Paragraph, Table
from hwcheck.reports.escape import show

__all__ = ["paint"]

PARAGRAPH = 5_000
STYLES = {
    "right": "green",
    "carried": "cyan",
    "wrong": "bold red",
    "missing": "yellow",
    "name": "bold",
    "strong": "bold",
    "faint": "dim",
}


def paint(blocks: Iterable[Block], console: Console) -> None:
    """Print a report. Text is never taken for markup."""
    for position, block in enumerate(blocks):
        if position:
            console.print()
        console.print(_renderable(block), highlight=False, markup=False, emoji=False)


def _renderable(block: Block) -> RenderableType:
    if isinstance(block, Heading):
        return Text(show(block.text), style="bold underline" if block.level == 1 else "bold")
    if isinstance(block, Paragraph):
        return _line(block.spans, PARAGRAPH)
    return _table(block)


def _table(block: Table) -> RichTable:
    table = RichTable(box=box.SIMPLE_HEAD, title=Text(show(block.title), style="bold") if block.title else None)
    table.title_justify = "left"
    table.pad_edge = False
    table.show_edge = False
    for column in block.columns:
        table.add_column(
            Text(show(column.title)),
            justify="right" if column.numeric else "left",
            no_wrap=column.fixed or column.numeric,
            overflow="fold",
        )
    for row in block.rows:
        table.add_row(*map(_cell, row))
    return table


def _cell(cell: Cell) -> Text:
    return Text("\n").join(map(_line, cell))


def _line(line: Line, most: int = 200) -> Text:
    return Text.assemble(*((show(span.text, most), STYLES.get(span.meaning, "")) for span in line))
