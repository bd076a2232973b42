"""Tables in Markdown, in LaTeX and in HTML, cut into their cells."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from hwcheck.submissions.labels import clean_label, is_name
from hwcheck.submissions.places import Places
from hwcheck.submissions.table_cells import Cell, Found, is_value, of_cells

__all__ = ["is_rule", "read_html", "read_table", "read_tabular"]

_RULE = re.compile(r":?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")
_COLUMNS = re.compile(r"(?:\s|\[[a-z]\])*(?:\{(?:[^{}\n]|\{[^{}\n]*\}){0,80}\}\s*){0,2}")
_ROW_END = re.compile(r"\\\\(?:\[[0-9.a-z]{1,8}\])?|\\tabularnewline(?![A-Za-z])|\\cline\s?\{[^{}\n]{0,20}\}")
_HTML = re.compile(r"<(?P<tag>/?t(?:able|head|body|foot|r|d|h))(?=[\s>])[^<>]{0,200}>", re.IGNORECASE)


def is_rule(line: str) -> bool:
    """Whether a line is the rule below the head of a table."""
    inner = line.strip(" \t>").removeprefix("|").strip(" \t")
    return "-" in inner and "|" in line and _RULE.fullmatch(inner) is not None


def read_table(text: str, lines: Sequence[tuple[int, int]], places: Places, label: str) -> Iterator[Found]:
    """The answers of a table.

    ``lines`` are the places of its head and of its rows.
    """
    head, *rows = (_cells(text, *line) for line in lines)
    yield from of_cells(text, head, rows, places, label)


def read_tabular(text: str, begin: int, end: int, places: Places, label: str) -> Iterator[Found]:
    r"""The same of a table in LaTeX, between ``\\begin{tabular}`` and its end; it may have no head."""
    begin = _COLUMNS.match(text, begin, end).end()  # type: ignore[union-attr]  # it matches nothing, too
    rows, at = [], begin
    for found in (*_ROW_END.finditer(text, begin, end), None):
        close = found.start() if found else end
        cells = [_cell(text, a, b) for a, b in itertools.pairwise([at - 1, *_ampersands(text, at, close), close])]
        rows += [cells] if any(cell.text for cell in cells) else []
        at = found.end() if found else end
    yield from _headed(text, rows, places, label)


def read_html(text: str, begin: int, end: int, places: Places, label: str) -> Iterator[Found]:
    """The same of a table in HTML, between ``<table>`` and its end; other tags in it are blank already."""
    rows: list[list[Cell]] = []
    for tag, following in itertools.pairwise([*_HTML.finditer(text, begin, end), None]):
        name = tag["tag"].lower() if tag else ""
        if name == "tr" or (name in ("td", "th") and not rows):
            rows.append([])
        if tag and name in ("td", "th"):
            rows[-1].append(_cell(text, tag.end() - 1, following.start() if following else end))
    yield from _headed(text, [row for row in rows if any(cell.text for cell in row)], places, label)


def _headed(text: str, rows: list[list[Cell]], places: Places, label: str) -> Iterator[Found]:
    """The answers of a table whose first row may be its head, or an answer already."""
    if rows and len(rows[0]) > 1 and is_name(clean_label(rows[0][0].text)) and is_value(rows[0][-1].text):
        rows.insert(0, [Cell("", rows[0][0].begin, rows[0][0].begin)] * len(rows[0]))
    if len(rows) > 1:
        yield from of_cells(text, rows[0], rows[1:], places, label)


def _cells(text: str, begin: int, end: int) -> list[Cell]:
    """The cells of a row. A stroke behind a backslash, or in the absolute value of a formula, is none that divides."""
    line = text[begin:end]
    cut = [found.start() for found in re.finditer(r"(?<!\\)\|", line)]
    stripped = line.strip(" \t>")
    edges = [-1, *cut, len(line)]
    if stripped.startswith("|"):
        edges = edges[1:]
    if stripped.endswith("|"):
        edges = edges[:-1]
    cells = []
    for a, b in itertools.pairwise(edges):
        part = line[a + 1 : b]
        left = begin + a + 1 + len(part) - len(part.lstrip())
        cells.append(Cell(part.strip(), left, max(left, begin + a + 1 + len(part.rstrip()))))
    return cells


def _cell(text: str, before: int, end: int) -> Cell:
    """What stands between two signs that part cells."""
    part = text[before + 1 : end]
    left = before + 1 + len(part) - len(part.lstrip())
    return Cell(part.strip(), left, max(left, before + 1 + len(part.rstrip())))


def _ampersands(text: str, begin: int, end: int) -> list[int]:
    return [begin + found.start() for found in re.finditer(r"(?<!\\)&", text[begin:end])]
