"""Worst inputs in formats that are packed: arrays of NumPy and workbooks (see tests/submissions/worst.py)."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from hwcheck import limits

__all__ = ["NPY", "NPZ", "XLSX", "npy", "workbook"]


def _npz(arrays: Callable[[int], Iterator[tuple[str, bytes]]], *, packed: bool = True) -> Callable[[int], bytes]:
    """An archive of what is named."""

    def build(size: int) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
            for name, content in arrays(size):
                archive.writestr(name, content)
        return buffer.getvalue()

    return build


def npy(array: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> bytes:
    """As np.save writes it."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _one(dtype: str, fill: Callable[[int], object], item: int) -> Callable[[int], bytes]:
    return lambda size: npy(np.full(max(min(size // item, limits.SUBMISSION.values), 1), fill(size), dtype))


def _texts_in_npz(size: int) -> Iterator[tuple[str, bytes]]:
    """Texts that unpack to as much as is allowed: a small file."""
    unpacked = min(size * 200, limits.NPZ.bytes - 2000)
    width = 2500
    yield "I.npy", npy(np.full(max(unpacked // (4 * width), 1), "1+" * (width // 2 - 1) + "1", f"<U{width}"))


def _many_arrays(size: int) -> Iterator[tuple[str, bytes]]:
    for i in range(min(size // 250, limits.NPZ.members)):
        yield f"I{i}.npy", npy(np.arange(40.0) + i / 7)


def _expressions_in_npz(size: int) -> Iterator[tuple[str, bytes]]:
    texts = [f"tanh(0.{i:05}){'+exp(-0.5)' * 18}" for i in range(min(size // 30, 20_000))]
    yield "I.npy", npy(np.array(texts))


_SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
_BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{}</sheets></workbook>'
)
_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)


def workbook(*sheets: str, shared: str = "") -> bytes:
    """A workbook whose sheets have the XML of these rows."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        link = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        archive.writestr("_rels/.rels", _RELATIONS.format(link))
        named = "".join(f'<sheet name="s{i}" sheetId="{i}" r:id="rId{i}"/>' for i in range(1, len(sheets) + 1))
        archive.writestr("xl/workbook.xml", _BOOK.format(named))
        links = "".join(
            f'<Relationship Id="rId{i}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
            for i in range(1, len(sheets) + 1)
        )
        archive.writestr("xl/_rels/workbook.xml.rels", _RELATIONS.format(links))
        for i, rows in enumerate(sheets, 1):
            archive.writestr(f"xl/worksheets/sheet{i}.xml", _SHEET.format(rows))
        if shared:
            archive.writestr("xl/sharedStrings.xml", shared)
    return buffer.getvalue()


def _cells(size: int) -> bytes:
    """Rows of numbers below a name. ``size`` is that of the XML, which packs to a tenth of it."""
    rows = max(min(size // 700, limits.SUBMISSION.values // 20 - 1), 1)
    text = "".join(
        f'<row r="{r}">'
        + "".join(f'<c r="{chr(65 + c)}{r}"><v>0.{r * 31 % 1000:03}</v></c>' for c in range(20))
        + "</row>"
        for r in range(1, rows + 1)
    )
    return workbook(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>I</t></is></c></row>' + text.replace('r="1"', 'r="2"', 0)
    )


def _far_cells(size: int) -> bytes:
    """Rows with a cell in the first and in the last column that there is: nothing between."""
    rows = max(size // 80, 1)
    return workbook(
        "".join(f'<row r="{r}"><c r="A{r}"><v>1</v></c><c r="XFD{r}"><v>2</v></c></row>' for r in range(1, rows + 1))
    )


def _far_rows(size: int) -> bytes:
    """Two cells, the second in the last row that there is."""
    return workbook(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
        + '<row r="1048577"><c r="B1048577"><v>1</v></c></row>' * (size // 80)
    )


def _many_sheets(size: int) -> bytes:
    number = max(min(size // 300, limits.XLSX.members - 10), 1)
    return workbook(*['<row r="1"><c r="A1"><v>1</v></c></row>'] * number)


def _zeros_in_xlsx(size: int) -> bytes:
    """Blanks that unpack to as much as is allowed."""
    return workbook(" " * min(size * 10, limits.XLSX.bytes - 10_000))


def _elements(size: int) -> bytes:
    """As much XML as is allowed, of elements that say nothing."""
    return workbook("<row/>" * (min(size * 10, limits.XLSX.bytes - 10_000) // 6))


def _deep(size: int) -> bytes:
    """XML that nests as deep as it is long."""
    number = min(size, limits.XLSX.bytes - 10_000) // 7
    return workbook("<a>" * number + "</a>" * number)


def _bomb(size: int) -> bytes:
    """One array of zeros that says what it is, and unpacks to a thousand times its size."""
    buffer = io.BytesIO()
    header = b"\x93NUMPY\x01\x00" + struct.pack("<H", 118)
    text = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({size * 100},), }}".ljust(117) + "\n"
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("I.npy", header + text.encode() + bytes(800 * size))
    return buffer.getvalue()


NPZ: Mapping[str, Callable[[int], bytes]] = {
    "numbers": _npz(lambda size: iter([("I.npy", npy(np.arange(max(min(size // 8, 99_990), 1)) / 7))])),
    "floats of 32 bits": _npz(
        lambda size: iter([("I.npy", npy(np.arange(max(min(size // 4, 99_990), 1), dtype="f4") / 7))])
    ),
    "infinite": _npz(lambda size: iter([("I.npy", npy(np.full(max(min(size, 99_990), 1), np.inf)))])),
    "infinite, many axes": _npz(
        lambda size: iter([("I.npy", npy(np.full((max(min(size, 90_000), 1), *(1,) * 30), np.nan)))])
    ),
    "texts": _npz(_texts_in_npz),
    "expressions": _npz(_expressions_in_npz),
    "arrays": _npz(_many_arrays, packed=False),
    "bomb": lambda size: _bomb(min(size, 20_000)),
    "members": _npz(lambda size: ((f"a{i}", b"") for i in range(size // 100)), packed=False),
    "no list of members": lambda size: b"PK\x03\x04" + b"PK\x01\x02" * (size // 4),
    "complex": _npz(lambda size: iter([("I.npy", npy(np.full(max(min(size // 2, 99_990), 1), 1 / 7 + 1j / 3)))])),
}
NPY: Mapping[str, Callable[[int], bytes]] = {"numbers": _one("f8", lambda _: 1 / 7, 8)}
XLSX: Mapping[str, Callable[[int], bytes]] = {
    "cells": _cells,
    "cells far to the right": _far_cells,
    "cells far below": _far_rows,
    "sheets": _many_sheets,
    "blanks": _zeros_in_xlsx,
    "elements": _elements,
    "deep": _deep,
}
