"""What a report is made of, whatever it is shown on.

A view turns a result into blocks; a painter turns blocks into plain text, a terminal's tables, or a file format. All
text in a block is data: each painter escapes it for its own medium.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

__all__ = ["Block", "Cell", "Column", "Heading", "Line", "Listing", "Paragraph", "Span", "Table", "line"]


class Span(NamedTuple):
    """A run of text with a meaning: right, wrong, carried, missing, name, faint, strong, or none."""

    text: str
    meaning: str = ""


Line: TypeAlias = tuple[Span, ...]
Cell: TypeAlias = tuple[Line, ...]


def line(text: str, meaning: str = "") -> Line:
    """A line of one span."""
    return (Span(text, meaning),)


class Heading(NamedTuple):
    """A title; ``level`` 1 for the report, 2 for a part of it."""

    text: str
    level: int = 2


class Paragraph(NamedTuple):
    """Running text."""

    spans: Line


class Listing(NamedTuple):
    """Remarks, each of which begins a line."""

    items: tuple[Line, ...]


class Column(NamedTuple):
    """A column's title, and whether it holds numbers (set to the right) or else is ``fixed``: both are never folded."""

    title: str
    numeric: bool = False
    fixed: bool = False


class Table(NamedTuple):
    """Rows of cells, a cell of one or more lines."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""


Block: TypeAlias = Heading | Paragraph | Listing | Table
