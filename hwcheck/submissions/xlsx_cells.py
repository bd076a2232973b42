"""The cells of a workbook: runs in the helper process, because openpyxl and its parser of XML are not ours."""

from __future__ import annotations

import datetime
import io
import os
from collections.abc import Iterator
from typing import Any

from hwcheck.errors import InputError, Location
from hwcheck.limits import SUBMISSION, XLSX
from hwcheck.submissions.zipped import members

__all__ = ["read"]

_MISSING = "a spreadsheet is read with openpyxl: pip install 'hwcheck[xlsx]', or save the sheet as CSV"
_ROWS = 100_000


def read(data: bytes, file: str) -> list[Any]:
    """Each sheet: its title and its rows, each of those its number and its cells: column, text, and what is odd of it.

    What is odd is ``formula`` (a formula whose value is not stored), ``date``, or nothing. Empty cells are left out.

    Raises:
        InputError: it is no workbook, has more in it than is read, or openpyxl is not there.

    """
    _check(data, file)
    os.environ.setdefault("OPENPYXL_LXML", "False")
    try:
        import openpyxl
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError:
        raise InputError.at(Location(file), _MISSING) from None
    try:
        values = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        formulas = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        return list(_sheets(values, formulas, file))
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


def _sheets(values: Any, formulas: Any, file: str) -> Iterator[Any]:
    left = SUBMISSION.values
    for sheet in values.worksheets:
        rows = []
        sheet.reset_dimensions()  # what a file says of its size need not be so
        other = formulas[sheet.title]
        other.reset_dimensions()
        for number, (row, written) in enumerate(zip(sheet.iter_rows(), other.iter_rows(), strict=True), 1):
            cells = [cell for cell in map(_cell, row, written) if cell is not None]
            left -= len(cells)
            if left < 0 or number > _ROWS:
                rule = f"the workbook holds more than {SUBMISSION.values:,} cells or {_ROWS:,} rows; so many are read"
                raise InputError.at(Location(file), rule)
            rows.append([number, cells])
        yield [sheet.title, rows]


def _cell(cell: Any, written: Any) -> list[Any] | None:
    """The column, the text and what is odd of a cell; None where it is empty."""
    value = cell.value
    if value is None:
        source = written.value
        if source is None or source == "":
            return None
        return [written.column, str(source)[:200], "formula"]
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return [cell.column, str(value), "date"]
    text = str(value).strip()
    return [cell.column, text, ""] if text else None
