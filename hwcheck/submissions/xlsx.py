"""Submissions as spreadsheets: the values that stand in the cells, never a formula of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hwcheck.bounded import read_bounded
from hwcheck.errors import Fault, Location
from hwcheck.located import List, Located, Scalar
from hwcheck.submissions.model import Answer, Parts, Reader, inside
from hwcheck.submissions.table_layout import Row, is_number, parts_of_table

__all__ = ["XLSX_READER"]

_NO_VALUE = (
    "the formula in this cell has no stored value: open the file in a spreadsheet program and save it, or type it"
)
_DATE = "this cell holds a date; a spreadsheet makes dates of 1/3 and 1.5: format it as a number and type it anew"


def _read(data: bytes, file: str) -> Parts | None:
    if not data:
        return None
    found: list[Parts] = []
    odd: list[Fault] = []
    for title, rows in read_bounded("hwcheck.submissions.xlsx_cells:read", data, file):
        table = _table(title, rows, file, odd)
        if not any(table):
            continue
        if all(is_number(cell) for row in table for cell in row):
            found.append(Parts((Answer(title, _matrix(table), inside(file, title), loose=True),)))
            continue
        found += [parts_of_table(band, file) for band in _bands(table)]
    if not found:
        return Parts((), faults=(Fault(Location(file), "the workbook is empty"), *odd))
    return Parts(
        tuple(answer._replace(loose=True) for parts in found for answer in parts.answers),
        next((parts.problem for parts in found if parts.problem), None),
        next((parts.student for parts in found if parts.student), None),
        (*odd, *(fault for parts in found for fault in parts.faults)),
        tuple(note for parts in found for note in parts.notes),
    )


def _table(title: str, rows: Sequence[Any], file: str, odd: list[Fault]) -> list[list[Scalar]]:
    """The rows of a sheet from its first filled column on, with an empty cell wherever none is."""
    first = min((column for _, cells in rows for column, _, _ in cells), default=1)
    table = []
    for number, cells in rows:
        row: list[Scalar] = []
        for column, text, what in cells:
            row += [
                Scalar("", _place(file, title, number, first + len(row) + i)) for i in range(column - first - len(row))
            ]
            place = _place(file, title, number, column)
            row.append(Scalar(text, place))
            if what:
                odd.append(Fault(place, _DATE if what == "date" else _NO_VALUE))
        table.append(row)
    return table


def _place(file: str, title: str, row: int, column: int) -> Location:
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return inside(file, f"{title}!{letters}{row}")


def _bands(table: Sequence[Row]) -> list[list[Row]]:
    """The parts of a sheet that stand side by side with an empty column between, if each begins with a name."""
    width = max(map(len, table))
    filled = [any(len(row) > i and row[i].text for row in table) for i in range(width)]
    starts = [i for i in range(width) if filled[i] and (i == 0 or not filled[i - 1])]
    bands = [
        [_trimmed(row[start:end]) for row in table] for start, end in zip(starts, [*starts[1:], width], strict=True)
    ]
    begins = [next(row[0] for row in band if row) for band in bands]
    if len(bands) < 2 or any(is_number(cell) for cell in begins):
        return [list(table)]
    return bands


def _trimmed(row: Row) -> Row:
    """A row without the empty cells at its end."""
    end = len(row)
    while end and not row[end - 1].text:
        end -= 1
    return row[:end]


def _matrix(table: Sequence[Row]) -> Located:
    rows: list[Located] = [List(tuple(row), row[0].location) for row in table if row]
    return rows[0] if len(rows) == 1 else List(tuple(rows), rows[0].location)


XLSX_READER = Reader("xlsx", (".xlsx", ".xlsm"), read_data=_read)
