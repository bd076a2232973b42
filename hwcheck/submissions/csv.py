"""Submissions in CSV: what spreadsheets and programs write, with any of the usual separators."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hwcheck.errors import Fault, InputError, Location
from hwcheck.limits import SEPARATOR, SUBMISSION
from hwcheck.located import Scalar
from hwcheck.located_build import too_many
from hwcheck.submissions.model import Parts, Reader
from hwcheck.submissions.table_layout import Row, index_columns, parts_of_table

__all__ = ["CSV"]

_SEPARATORS = "\t;|,"
_QUOTE = re.compile(r'[ ]*"')
_PLAIN_LINE = re.compile(r'"(?:[^"]|"")*"?|[\[({][^\])}\n"]{0,200}[\])}]')  # what separates nothing
_ABOUT = re.compile(r"#\s*(problem|student|name|author)\s*[:=]\s*(.*\S)", re.IGNORECASE)
_TOLD = re.compile(r"sep=([\t;|,])\s*", re.IGNORECASE)
_WITH_COMMA = re.compile(r"\s*[+\-−–]?[0-9]*,[0-9]+(?:[eE][+\-−]?[0-9]+)?\s*")
_WITH_POINT = re.compile(r"\s*[+\-−–]?[0-9]*\.[0-9]*(?:[eE][+\-−]?[0-9]+)?\s*")


def _read(text: str, file: str) -> Parts | None:
    if not text.strip():
        return None
    lines = text.split("\n")
    separator = _separator(lines)
    start = 1 if _TOLD.fullmatch(lines[0]) else 0
    about: dict[str, Scalar] = {}
    rows = list(_rows(text, file, separator, start, about))
    rows, notes = _with_points(rows, separator)
    parts = parts_of_table(rows, file)
    student = parts.student or about.get("student") or about.get("name") or about.get("author")
    return parts._replace(problem=parts.problem or about.get("problem"), student=student, notes=(*notes, *parts.notes))


def _separator(lines: Sequence[str]) -> str:
    """What parts the cells: the sign that a line says (``sep=;``), or the one that most lines have."""
    if told := _TOLD.fullmatch(lines[0]):
        return told[1]
    filled = [
        _PLAIN_LINE.sub("x", line[: SEPARATOR.characters])
        for line in lines[: SEPARATOR.parts]
        if line.strip() and line[0] != "#"
    ]
    for sign in _SEPARATORS:
        if 2 * sum(sign in line for line in filled) >= max(len(filled), 1):
            return sign
    return next((sign for sign in _SEPARATORS if any(sign in line for line in filled)), ",")


def _rows(text: str, file: str, separator: str, start: int, about: dict[str, Scalar]) -> Iterator[Row]:
    """The rows of a text, each with its cells; an empty row has none. A quoted cell may go over several lines."""
    plain = re.compile(rf"[^{re.escape(separator)}\n]*")
    place, line, begin = 0, 1, 0  # the next character, its line, and where that line begins
    cells = 0
    while place < len(text):
        if line <= start or text[place] == "#":
            end = text.find("\n", place)
            end = len(text) if end < 0 else end
            if found := _ABOUT.fullmatch(text, place, end):
                about.setdefault(found[1].lower(), Scalar(found[2], Location(file, line, found.start(2) - begin + 1)))
            place, line, begin = end + 1, line + 1, end + 1
            continue
        row: list[Scalar] = []
        while True:
            location = Location(file, line, place - begin + 1)
            quoted = _QUOTE.match(text, place)
            if quoted:
                opened = quoted.end()
                place = _closing_quote(text, opened)
                if place < 0:
                    raise InputError([Fault(location, "this quote is never closed; add the closing one")])
                content = text[opened:place].replace('""', '"')
                if "\n" in content:
                    line += content.count("\n")
                    begin = text.rindex("\n", opened, place) + 1
                place += 1
                rest = plain.match(text, place)
                if rest is not None and rest.group().strip():
                    rule = "text stands behind a closing quote; double a quote that belongs to the text"
                    raise InputError([Fault(Location(file, line, place - begin + 1), rule)])
                place = rest.end() if rest else place
            else:
                found_cell = plain.match(text, place)
                content, place = (found_cell.group(), found_cell.end()) if found_cell else ("", place)
                location = location.after(len(content) - len(content.lstrip(" ")))
            row.append(Scalar(content.strip(" "), location, bool(quoted)))
            cells += 1
            if cells > SUBMISSION.values:
                raise InputError([too_many(location, SUBMISSION)])
            if place >= len(text) or text[place] == "\n":
                break
            place += 1  # the separator
        yield _without_empty_end(row)
        place, line, begin = place + 1, line + 1, place + 1


def _closing_quote(text: str, start: int) -> int:
    """Where a quoted cell ends; -1 where it does not. A doubled quote is part of it."""
    place = text.find('"', start)
    while place >= 0 and text.startswith('"', place + 1):
        place = text.find('"', place + 2)
    return place


def _without_empty_end(row: list[Scalar]) -> list[Scalar]:
    """A row without the empty cells that a spreadsheet puts at its end; an answer left open keeps its place."""
    while row and not row[-1].text:
        row.pop()
    return row


def _with_points(rows: list[Row], separator: str) -> tuple[list[Row], list[Fault]]:
    """The rows with a decimal point for a decimal comma, where commas can be nothing else, and a note of that."""
    if separator == ",":
        return rows, []
    others = index_columns(rows)
    cells = [cell for row in rows for i, cell in enumerate(row) if i not in others]
    numbers = [cell for cell in cells if "," in cell.text and _WITH_COMMA.fullmatch(cell.text)]
    if not numbers or any(_WITH_POINT.fullmatch(cell.text) for cell in cells):
        return rows, []
    first = numbers[0]
    note = f"{first.text} is read as {first.text.replace(',', '.')}, and so are all decimal commas here"
    changed = [
        [
            cell._replace(text=cell.text.replace(",", "."))
            if i not in others and _WITH_COMMA.fullmatch(cell.text)
            else cell
            for i, cell in enumerate(row)
        ]
        for row in rows
    ]
    return list(changed), [Fault(first.location, note)]


CSV = Reader("csv", (".csv", ".tsv"), _read)
