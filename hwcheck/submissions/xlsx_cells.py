"""The cells of a workbook: runs in the helper process, because openpyxl and its parser of XML are not ours."""

from __future__ import annotations

import datetime
import io
import os
from collections.abc import Iterator
from typing import Any

from hwcheck.errors import InputError, Location
from hwcheck.limits import SUBMISSION, TABLE, XLSX
from hwcheck.submissions.zipped import members

__all__ = ["read"]

# Imported with this module, before a file's bounds hold: an import for which memory lacks fails like a missing one.
os.environ.setdefault("OPENPYXL_LXML", "False")
try:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException
except ImportError as error:
    _LACKING = str(error)
else:
    _LACKING = ""

_MISSING = "a spreadsheet is read with openpyxl: pip install 'hwcheck[xlsx]', or save the sheet as CSV"


def read(data: bytes, file: str) -> list[Any]:
    """Each sheet: its title and its rows, each of those its number and its cells: column, text, and what is odd of it.

    What is odd is ``formula`` (a formula whose value is not stored), ``date``, or nothing. Empty cells are left out.

    Raises:
        InputError: it is no workbook, has more in it than is read, or openpyxl is not there.

    """
    _check(data, file)
    if _LACKING:
        raise InputError.at(Location(file), f"{_MISSING} ({_LACKING})")
    try:
        return list(_sheets(data, file))
    except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, OSError):
        # All of these come out of openpyxl for damaged workbooks; SyntaxError is the parser of XML.
        raise InputError.at(Location(file), "the workbook is damaged; save it anew as .xlsx, or as CSV") from None


def _check(data: bytes, file: str) -> None:
    """Unpack once within bounds: no more than is read, and no document types, from which XML bombs are made."""
    for name, content in members(data, file, XLSX):
        if not name.endswith((".xml", ".rels", ".vml")):
            continue
        if (
            b"<!DOCTYPE" in content
            or b"<!ENTITY" in content
            or content[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
        ):
            raise InputError.at(Location(file), "the workbook holds XML that no spreadsheet writes; save it anew")


def _sheets(data: bytes, file: str) -> Iterator[Any]:
    values = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    formulas = None
    left, room = SUBMISSION.values, TABLE.cells
    for sheet in values.worksheets:
        rows = []
        without: list[tuple[int, int]] = []  # cells that are there and have no value: perhaps a formula's
        sheet.reset_dimensions()  # what a file says of its size need not be so
        for number, row in enumerate(sheet.iter_rows(), 1):
            cells = []
            for cell in row:
                if cell.value is not None:
                    if (read := _cell(cell, file)) is not None:
                        cells.append(read)
                elif hasattr(cell, "row"):  # openpyxl's own empty cell, between others, has no place
                    without.append((number, cell.column))
            left -= len(cells)
            room -= cells[-1][0] if cells else 0
            if left < 0 or number > TABLE.rows or len(without) > SUBMISSION.values:
                rule = f"the workbook holds more than {SUBMISSION.values:,} cells or {TABLE.rows:,} rows"
                raise InputError.at(Location(file), f"{rule}; so many are read")
            if room < 0:
                rule = f"the cells of this workbook stand so far apart that {TABLE.cells:,} would not fill the gaps"
                raise InputError.at(Location(file), f"{rule}: put the numbers of a matrix side by side")
            rows.append([number, cells])
        if without:
            formulas = formulas or openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            _add_formulas(rows, formulas[sheet.title], set(without))
        yield [sheet.title, rows]


def _cell(cell: Any, file: str) -> list[Any] | None:
    """The column, the text and what is odd of a cell; None where it is empty."""
    value = cell.value
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return [cell.column, str(value), "date"]
    text = str(value).strip()
    if len(text) > TABLE.characters:
        rule = f"a cell in row {cell.row} holds {len(text):,} characters; at most {TABLE.characters:,} are read"
        raise InputError.at(Location(file), rule)
    return [cell.column, text, ""] if text else None


def _add_formulas(rows: list[Any], sheet: Any, without: set[tuple[int, int]]) -> None:
    """Add the formulas whose values are not stored, each at its place in its row."""
    sheet.reset_dimensions()
    for (number, cells), row in zip(rows, sheet.iter_rows(), strict=False):
        found = [
            [cell.column, str(cell.value)[:200], "formula"]
            for cell in row
            if cell.value not in (None, "") and (number, cell.column) in without
        ]
        if found:
            cells[:] = sorted([*cells, *found])
