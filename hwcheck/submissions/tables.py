"""Markdown tables as arrays: the cells between the ``|``, without the names of rows and columns."""

from __future__ import annotations

from hwcheck.located import List, Located, Scalar
from hwcheck.submissions.brackets import has_list, read_brackets
from hwcheck.submissions.cutting import ELIDED, OMITTED
from hwcheck.submissions.writing import Line, Writing

__all__ = ["is_table", "read_table"]


def is_table(lines: list[Line]) -> bool:
    """Whether every line that is not empty has a ``|``, and there are two of them at least, or one between two."""
    filled = [line.text for line in lines if line.text]
    if len(filled) == 1:
        return filled[0].startswith("|") and filled[0].endswith("|") and filled[0].count("|") > 2
    return len(filled) > 1 and all("|" in text for text in filled)


def read_table(writing: Writing, lines: list[Line]) -> Located:
    """The numbers of a Markdown table, one row a line.

    Names above the columns and before the rows are left out with a note. Raises InputError where the first line could
    be both numbers and the count of the columns.
    """
    rows = [_cells(line) for line in lines]
    if len(rows) > 1 and _is_rule(lines[1]):
        rows = [rows[0], *rows[2:]]
        rows = _without_header(writing, rows)
    if not rows:
        writing.refuse(lines[0].begin, "the table has no rows")
    if len(rows[0]) > 1 and all(row and _is_name(row[0].text) for row in rows):
        writing.note(rows[0][0].begin, "the first column is taken for names of the rows and left out")
        rows = [row[1:] for row in rows]
    read: list[Located] = [_row(writing, row) for row in rows if row]
    if not read:
        writing.refuse(lines[0].begin, "the table has no numbers")
    return writing.listed(read, lines[0].begin)


def _cells(line: Line) -> list[Line]:
    """The cells of a line; a ``|`` behind a backslash parts nothing."""
    begin, text = line.begin, line.text
    if text.startswith("|"):
        begin, text = begin + 1, text[1:]
    if text.endswith("|") and not text.endswith("\\|"):
        text = text[:-1]
    cells = []
    for part in text.replace("\\|", "\0\0").split("|"):
        raw = part.replace("\0\0", "\\|")
        cell = raw.strip()
        first = begin + len(raw) - len(raw.lstrip())
        cells.append(Line(first, first + len(cell), cell))
        begin += len(raw) + 1
    return cells


def _is_rule(line: Line) -> bool:
    """Whether this is the line between header and rows: ``|---|:-:|``."""
    return "-" in line.text and not line.text.strip("|:- \t")


def _is_name(text: str) -> bool:
    """Whether a cell is the name of a row or column and no number: a word, or LaTeX that begins with a letter."""
    bare = text.strip("$*`_ ").lstrip("\\")
    return bare[:1].isalpha() and "(" not in bare and bare not in ("e", "pi", "π") and not bare.startswith("frac")


def _without_header(writing: Writing, rows: list[list[Line]]) -> list[list[Line]]:
    """The rows below a header, and the header where it is numbers like those below."""
    header, below = [cell.text for cell in rows[0]], rows[1:]
    if not any(header):
        return below
    if any(map(_is_name, header)):
        writing.note(rows[0][0].begin, "the first line is taken for names of the columns and left out")
        return below
    counted = [str(i) for i in range(len(header))]
    if (
        not header[0]
        and header[1:] == counted[:-1]
        and [row[0].text for row in below] == list(map(str, range(len(below))))
    ):
        writing.note(rows[0][0].begin, "read as a printed table: its header and its index are left out")
        return [row[1:] for row in below]
    if len(header) > 1 and header in (counted, [str(i + 1) for i in range(len(header))]):
        rule = "the first line of the table is numbers of the answer, or counts its columns"
        writing.refuse(rows[0][0].begin, f"{rule}: write names above the columns, or leave the first line empty")
    return rows


def _row(writing: Writing, cells: list[Line]) -> List:
    return writing.listed([_cell(writing, cell) for cell in cells], cells[0].begin)


def _cell(writing: Writing, cell: Line) -> Located:
    if cell.text in OMITTED:
        writing.refuse(cell.begin, ELIDED.format(cell.text))
    if has_list(cell.text):
        return read_brackets(writing, cell.begin, cell.end)
    found: Scalar = writing.cell(cell.begin, cell.end)
    return found
