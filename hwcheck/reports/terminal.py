"""Blocks with colours and as rich tables, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from hwcheck.reports.blocks import Block, Line, Table, line
from hwcheck.reports.layout import WIDEST_GAP, column_widths, folded_cell, prose, safe, shown

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
    """Print a report. Text is never taken for markup, and no number is cut: what is too wide runs over."""
    for position, block in enumerate(blocks):
        if position:
            console.print()
        if isinstance(block, Table):
            _print_table(block, console)
        else:
            for text in prose(block, console.width):
                console.print(_styled(text), highlight=False, markup=False, emoji=False, soft_wrap=True)


def _print_table(table: Table, console: Console) -> None:
    """A rich table whose columns have the widths of our own rule: rich's would cut numbers where there is no room."""
    header, rows = safe(table)
    gaps = WIDEST_GAP * (len(header) - 1)
    widths = column_widths(table.columns, header, rows, console.width - gaps)
    rich = RichTable(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column, (title,), width in zip(table.columns, header, widths, strict=True):
        justify: Literal["left", "right"] = "right" if column.numeric else "left"
        rich.add_column(_styled(title), justify=justify, width=width, overflow="fold")
    for row in rows:
        folded = (folded_cell(cell, width) for cell, width in zip(row, widths, strict=True))
        rich.add_row(*(Text("\n").join(map(_styled, cell)) for cell in folded))
    if table.title:
        console.print(_styled(shown(line(table.title, "strong"))), soft_wrap=True)
    width = console.width
    console.width = max(sum(widths) + gaps, width)  # rich crops at the console's own width
    console.print(rich)
    console.width = width


def _styled(text: Line) -> Text:
    return Text.assemble(*((span.text, STYLES.get(span.meaning, "")) for span in text))
