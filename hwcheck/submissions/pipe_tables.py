"""Markdown tables: a row a quantity, a row a step, or a matrix."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from hwcheck.errors import Fault
from hwcheck.located import List, Located, Scalar
from hwcheck.submissions.labels import clean_label, is_name
from hwcheck.submissions.loose_values import Reading, is_numberish, read_value
from hwcheck.submissions.notes import Note
from hwcheck.submissions.numbers import is_blank
from hwcheck.submissions.places import Places
from hwcheck.submissions.step_tables import (
    COUNTERS,
    is_counter_head,
    is_unit_head,
    name_at,
    step_numbers,
    unit_numbers,
)

__all__ = ["Found", "is_rule", "read_table", "read_tabular"]

_RULE = re.compile(r":?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")
_VALUE = frozenset(
    {
        "value", "values", "answer", "answers", "result", "results", "number", "numbers", "output", "final",
        "solution", "forward",
    }
)  # fmt: skip
# What a column holds of the quantity that its row names, by a word of its head.
_OF_QUANTITY: Mapping[str, str] = {
    "gradient": "grad({})", "gradients": "grad({})", "grad": "grad({})", "derivative": "grad({})",
    "backward": "grad({})",
    "new": "{}_new", "updated": "{}_new", "after": "{}_new", "update": "{}_new",
}  # fmt: skip
_IS_NEW = re.compile(r"new\W*$|[+⁺'′]\}?$")
_FORMULA = re.compile(r"[ \t](\S{1,30}_\S{1,20}|[^\W\d_])$")
_COLUMNS = re.compile(r"(?:\s|\[[a-z]\])*(?:\{(?:[^{}\n]|\{[^{}\n]*\}){0,80}\}\s*){0,2}")
_ROW_END = re.compile(r"\\\\(?:\[[0-9.a-z]{1,8}\])?|\\tabularnewline(?![A-Za-z])|\\cline\s?\{[^{}\n]{0,20}\}")
_ANY_ROW = re.compile(r"(.{1,40}?)_\s?\{?[i-nr-t]\}?")  # of one unit or another: I_j


class Found(NamedTuple):
    """An answer of a table: its name, where that stands (None where the label names it), and its value.

    ``steps`` are its cells one by one, where the table has a row, or a column, a step.
    """

    name: str
    at: int | None
    reading: Reading
    steps: tuple[Found, ...] = ()


class _Cell(NamedTuple):
    text: str
    begin: int
    end: int


def is_rule(line: str) -> bool:
    """Whether a line is the rule below the head of a table."""
    inner = line.strip(" \t>").removeprefix("|").strip(" \t")
    return "-" in inner and "|" in line and _RULE.fullmatch(inner) is not None


def read_table(text: str, lines: Sequence[tuple[int, int]], places: Places, label: str) -> Iterator[Found]:
    """The answers of a table.

    ``lines`` are the places of its head and of its rows.
    """
    head, *rows = (_cells(text, *line) for line in lines)
    yield from _of_cells(text, head, rows, places, label)


def read_tabular(text: str, begin: int, end: int, places: Places, label: str) -> Iterator[Found]:
    r"""The same of a table in LaTeX, between ``\\begin{tabular}`` and its end; it may have no head."""
    begin = _COLUMNS.match(text, begin, end).end()  # type: ignore[union-attr]  # it matches nothing, too
    rows, at = [], begin
    for found in (*_ROW_END.finditer(text, begin, end), None):
        close = found.start() if found else end
        cells = [_cell(text, a, b) for a, b in itertools.pairwise([at - 1, *_ampersands(text, at, close), close])]
        rows += [cells] if any(cell.text for cell in cells) else []
        at = found.end() if found else end
    if rows and len(rows[0]) > 1 and is_name(clean_label(rows[0][0].text)) and _is_value(rows[0][-1].text):
        rows.insert(0, [_Cell("", begin, begin)] * len(rows[0]))
    if len(rows) > 1:
        yield from _of_cells(text, rows[0], rows[1:], places, label)


def _of_cells(
    text: str, head: Sequence[_Cell], rows: Sequence[Sequence[_Cell]], places: Places, label: str
) -> Iterator[Found]:
    rows = [row for row in rows if any(cell.text for cell in row)]
    if not rows or not head:
        return
    if _is_numbered(head, rows):  # | step | quantity | formula | value |
        head, rows = head[1:], [row[1:] for row in rows]
    names = [clean_label(row[0].text) for row in rows if row]
    if (
        all(_is_value(cell.text) for row in rows for cell in row)
        and label
        and all(_is_value(cell.text) or _is_place(cell.text) for cell in head)
    ):
        reading = _counted_twice(head, rows, places) or _matrix(
            text, rows if _is_counter(head) else [head, *rows], places
        )
        if reading:
            yield Found(label, None, reading)
    elif is_unit_head(head[0].text) and all(map(is_name, names)) and not any(map(_tells, head)):
        yield from _of_units(text, head, rows, places)
    elif sum(is_name(name) or _is_words(name) for name in names) * 2 > len(names):
        for row in rows:
            yield from _of_quantity(text, head, row, places)
    else:
        yield from _of_columns(text, head, rows, places)


def _cells(text: str, begin: int, end: int) -> list[_Cell]:
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
        cells.append(_Cell(part.strip(), left, max(left, begin + a + 1 + len(part.rstrip()))))
    return cells


def _cell(text: str, before: int, end: int) -> _Cell:
    """What stands between two signs that part cells."""
    part = text[before + 1 : end]
    left = before + 1 + len(part) - len(part.lstrip())
    return _Cell(part.strip(), left, max(left, before + 1 + len(part.rstrip())))


def _ampersands(text: str, begin: int, end: int) -> list[int]:
    return [begin + found.start() for found in re.finditer(r"(?<!\\)&", text[begin:end])]


def _of_quantity(text: str, head: Sequence[_Cell], row: Sequence[_Cell], places: Places) -> Iterator[Found]:
    """A row that begins with the name of a quantity."""
    name = clean_label(row[0].text)
    if not name:
        return
    values = list(zip(head[1:], row[1:], strict=False))
    if len(values) > 1 and all(_is_place(cell.text) for cell, _ in values):  # | h | 0.1 | 0.2 | below | | 1 | 2 |
        if all(_is_value(cell.text) for _, cell in values) and (
            reading := _vector(text, [cell for _, cell in values], places)
        ):
            yield Found(name, row[0].begin, reading)
        return
    steps = step_numbers("", [cell.text for cell in head[1:]]) if len(values) > 1 else None
    if steps and all(_is_value(cell.text) for _, cell in values):  # | h | 0.1 | 0.2 | below | | t = 1 | t = 2 |
        yield from _by_steps(text, name, row[0].begin, steps, [cell for _, cell in values], places)
        return
    plain = [(column, cell) for column, cell in values if _word(column.text) in _VALUE]
    special = [(column, cell) for column, cell in values if _of(column.text)]
    if not plain and not special:
        legible = [(column, cell) for column, cell in values if _is_value(cell.text)]
        plain = legible[-1:] if legible else values[-1:]
    for cell in [cell for _, cell in plain[-1:]]:
        reading = read_value(text, cell.begin, cell.end, places, typeset="\\" in cell.text)
        if reading and not (reading.formula and _is_words(cell.text)):
            yield Found(name, row[0].begin, reading)
    for column, cell in special:
        if reading := read_value(text, cell.begin, cell.end, places, typeset="\\" in cell.text):
            form = "{}" if _IS_NEW.search(name) else _of(column.text)
            yield Found(form.format(name), row[0].begin, reading)


def _of_columns(text: str, head: Sequence[_Cell], rows: Sequence[Sequence[_Cell]], places: Places) -> Iterator[Found]:
    """Columns that are headed by names: of one row a value each, of several a vector each."""
    steps = step_numbers(head[0].text, [row[0].text for row in rows if row])
    units = unit_numbers(head[0].text, [row[0].text for row in rows if row])
    for number, column in enumerate(head):
        name = clean_label(column.text)
        if not is_name(name) and (formula := _FORMULA.search(name)):  # net input $I_j$
            name = clean_label(formula[1])
        if name.casefold() in (*COUNTERS, "") and (number == 0 or not name):
            continue
        cells = [row[number] for row in rows if number < len(row)]
        if not is_name(name) or len(cells) < len(rows):
            continue
        if units and len(cells) > 1 and all(_is_value(cell.text) for cell in cells):
            yield from _by_units(text, name, column.begin, units, cells, places)
            continue
        if steps and all(_is_value(cell.text) for cell in cells):
            yield from _by_steps(text, name, column.begin, steps, cells, places)
            continue
        if len(cells) == 1:
            reading = read_value(text, cells[0].begin, cells[0].end, places, typeset="\\" in cells[0].text)
        else:
            every = _ANY_ROW.fullmatch(name)
            if every and number and all(re.fullmatch(r"[0-9]{1,3}", row[0].text.strip(" $*")) for row in rows):
                for row, cell in zip(rows, cells, strict=True):  # I_j in the row of unit 4 is I_4
                    if reading := _vector(text, [cell], places):
                        name = f"{every[1]}_{row[0].text.strip(' $*')}"
                        yield Found(name, column.begin, reading._replace(value=_only(reading.value)))
                continue
            reading = _vector(text, cells, places) if any(_is_value(cell.text) for cell in cells) else None
            name = every[1] if every else name
        if reading is not None:
            yield Found(name, column.begin, reading)


def _by_steps(
    text: str, name: str, at: int, steps: Sequence[int], cells: Sequence[_Cell], places: Places
) -> Iterator[Found]:
    """What a column or a row gives at each step: one list, and each cell alone."""
    found = []
    for step, cell in zip(steps, cells, strict=True):
        reading = read_value(text, cell.begin, cell.end, places, typeset="\\" in cell.text)
        if reading is not None:
            found.append(Found(name_at(name, step), cell.begin, reading))
    if found and len(found) == len(cells):
        yield Found(name, at, _together([each.reading for each in found]), tuple(found))


def _by_units(
    text: str, name: str, at: int, units: Sequence[int], cells: Sequence[_Cell], places: Places
) -> Iterator[Found]:
    """What a column gives of each unit: ``I_4`` in the row of unit 4, and one list in the order of the units."""
    base = every[1] if (every := _ANY_ROW.fullmatch(name)) else name
    found = []
    for unit, cell in sorted(zip(units, cells, strict=True), key=lambda row: row[0]):
        if reading := _vector(text, [cell], places):
            found.append(Found(f"{base}_{unit}", cell.begin, reading._replace(value=_only(reading.value))))
    if found and len(found) == len(cells):
        yield Found(base, at, _together([each.reading for each in found]), tuple(found))


def _of_units(text: str, head: Sequence[_Cell], rows: Sequence[Sequence[_Cell]], places: Places) -> Iterator[Found]:
    """Rows that begin with the name of a unit: what stands below ``net`` in the row of h1 is ``net_h1``."""
    for number, column in enumerate(head[1:], start=1):
        name = clean_label(column.text)
        if not is_name(name):
            continue
        for row in rows:
            if number < len(row) and (reading := _vector(text, [row[number]], places)):
                unit = clean_label(row[0].text).replace("_", "")
                yield Found(f"{name}_{unit}", row[number].begin, reading._replace(value=_only(reading.value)))


def _tells(column: _Cell) -> bool:
    """Whether a column's head says what it holds of the quantity that its row names."""
    return _word(column.text) in _VALUE or bool(_of(column.text))


def _is_numbered(head: Sequence[_Cell], rows: Sequence[Sequence[_Cell]]) -> bool:
    """Whether the first column only counts rows that begin with a name and have a column of values."""
    return (
        len(head) > 2
        and (is_counter_head(head[0].text) or not head[0].text)
        and any(_word(column.text) in _VALUE for column in head[2:])
        and all(len(row) > 1 and re.fullmatch(r"\(?[0-9a-z]{1,3}[.)]?", row[0].text.strip(" $*")) for row in rows)
        and all(is_name(clean_label(row[1].text)) for row in rows)
    )


def _together(readings: Sequence[Reading]) -> Reading:
    """The values of several cells as one list."""
    values = tuple(reading.value for reading in readings)
    fault = next((reading.fault for reading in readings if reading.fault), None)
    notes = tuple(note for reading in readings for note in reading.notes)
    return Reading(values[0] if len(values) == 1 else List(values, values[0].location), fault=fault, notes=notes)


def _vector(text: str, cells: Sequence[_Cell], places: Places) -> Reading | None:
    values: list[Located] = []
    notes: list[Note] = []
    for cell in cells:
        begin = text.rfind("=", cell.begin, cell.end) + 1 or cell.begin  # 1/(1 + e^0.7) = 0.332
        reading = read_value(text, begin, cell.end, places, typeset="\\" in cell.text)
        if reading is None or reading.fault:
            return reading
        values.append(reading.value)
        notes += reading.notes
    return Reading(List(tuple(values), values[0].location), notes=tuple(notes)) if values else None


def _only(value: Located) -> Located:
    """The one item of a list of one."""
    return value.items[0] if isinstance(value, List) and len(value.items) == 1 else value


def _matrix(text: str, rows: Sequence[Sequence[_Cell]], places: Places) -> Reading | None:
    read = [_vector(text, row, places) for row in rows]
    values = tuple(reading.value for reading in read if reading is not None)
    notes = tuple(note for reading in read if reading is not None for note in reading.notes)
    return Reading(List(values, values[0].location), notes=notes) if values and len(values) == len(rows) else None


def _is_counter(head: Sequence[_Cell]) -> bool:
    """Whether a head only numbers the columns; digits alone that do not count are the first row of the matrix."""
    texts = [cell.text.strip() for cell in head]
    return all(map(_is_place, texts)) and (not all(map(str.isdigit, texts)) or _counts(texts))


def _counts(texts: Sequence[str]) -> bool:
    return any(list(texts) == [str(i + first) for i in range(len(texts))] for first in (0, 1))


def _counted_twice(head: Sequence[_Cell], rows: Sequence[Sequence[_Cell]], places: Places) -> Reading | None:
    """The fault of a head that counts the columns, or is the first row of a matrix of whole numbers; else None."""
    texts = [cell.text.strip() for cell in head]
    if not (_counts(texts) and all(cell.text.lstrip("+-−").isdigit() for row in rows for cell in row)):
        return None
    place = places.at(head[0].begin)
    rule = (
        "the first line could be numbers of the answer, or counts its columns: leave the head empty, or give it names"
    )
    return Reading(Scalar(" | ".join(texts)[:60], place), fault=Fault(place, rule))


def _is_value(text: str) -> bool:
    return is_numberish(text) or (bool(text) and is_blank(text)) or text[:1] in ("[", "(")


def _is_place(text: str) -> bool:
    """Whether a head numbers its column: 1, [0], empty, col 2, c1."""
    return (
        re.fullmatch(r"(?:col(?:umn)?\.? ?|c|j ?= ?)?[\[(]?[0-9]{0,3}[\])]?", text.strip(" $*"), re.IGNORECASE)
        is not None
    )


def _is_words(text: str) -> bool:
    return re.fullmatch(r"[^\W\d_]{2,}(?: [\w'-]+){0,5}", text) is not None


def _word(head: str) -> str:
    words = [word for word in re.findall(r"[^\W\d_]+", head.casefold()) if word not in ("the", "my", "our", "final")]
    return words[0] if len(words) == 1 else "value" if "value" in words and len(words) == 2 and not _of(head) else ""


def _of(head: str) -> str:
    """What a column holds of a quantity, by its head."""
    if re.search(r"\\partial|∂|\\nabla|∇", head):
        return "grad({})"
    return next((form for word, form in _OF_QUANTITY.items() if word in re.findall(r"[^\W\d_]+", head.casefold())), "")
