"""What the cells of a table say: a row a quantity, a row a step, a row a unit, or a matrix."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hwcheck.errors import Fault, quoted
from hwcheck.located import List, Located, Scalar
from hwcheck.submissions.beginnings import NUMBER
from hwcheck.submissions.column_heads import (
    VALUES,
    enumerates,
    form_of,
    is_attempt,
    is_of_others,
    last_attempt,
    word_of,
)
from hwcheck.submissions.labels import clean_label, is_name
from hwcheck.submissions.loose_values import Reading, is_numberish, read_value
from hwcheck.submissions.notes import Note
from hwcheck.submissions.numbers import cut, is_blank
from hwcheck.submissions.places import Places
from hwcheck.submissions.step_tables import (
    COUNTERS,
    is_counter_head,
    is_unit_head,
    name_at,
    step_numbers,
    unit_numbers,
)

__all__ = ["Cell", "Found", "is_value", "of_cells"]

_IS_NEW = re.compile(r"new\W*$|[+⁺'′]\}?$")
_NUMBER = re.compile(rf"[$*` ]*{NUMBER}[$*` ]*")
_PLAIN = re.compile(r"[+\-−]?[0-9]{0,15}(?:[.,](?P<decimals>[0-9]{0,15}))?(?<=[0-9.,])")
_UNIT = re.compile(r"([^\W\d_]{1,8})[ _]?\{?([0-9]{1,3})\}?")
_FORMULA = re.compile(r"[ \t](\S{1,30}_\S{1,20}|[^\W\d_])$")
_ANY_ROW = re.compile(r"(.{1,40}?)_\s?\{?[i-nr-t]\}?")  # of one unit or another: I_j


class Found(NamedTuple):
    """An answer of a table: its name, where that stands (None where the label names it), and its value.

    ``steps`` are its cells one by one, where the table has a row, or a column, a step.
    """

    name: str
    at: int | None
    reading: Reading
    steps: tuple[Found, ...] = ()


class Cell(NamedTuple):
    """What stands in a cell, without the white space around it, and where."""

    text: str
    begin: int
    end: int


def of_cells(
    text: str, head: Sequence[Cell], rows: Sequence[Sequence[Cell]], places: Places, label: str
) -> Iterator[Found]:
    """The answers of a table, of its head and the rows below it; ``label`` is what stands before it."""
    rows = [row for row in rows if any(cell.text.strip("-=") for cell in row)]
    if not rows or not head:
        return
    if _is_numbered(head, rows):  # | step | quantity | formula | value |
        head, rows = head[1:], [row[1:] for row in rows]
    if label and _is_indexed(head, rows):
        head, rows = head[1:], [row[1:] for row in rows]
    names = [_row_name(row[0]) for row in rows if row]
    if (
        all(is_value(cell.text) for row in rows for cell in row)
        and label
        and all(is_value(cell.text) or _is_place(cell.text) for cell in head)
    ):
        reading = _counted_twice(head, rows, places) or _matrix(
            text, rows if _is_counter(head) else [head, *rows], places
        )
        if reading:
            yield Found(label, None, reading)
    elif is_unit_head(head[0].text) and all(map(is_name, names)) and not any(map(_tells, head)):
        yield from _of_units(text, head, rows, places)
    elif sum(is_name(name) or _is_words(name) for name in names) * 2 > len(names) and not _are_steps(rows):
        for row in rows:
            yield from _of_quantity(text, head, row, places)
    else:
        yield from _of_columns(text, head, rows, places)


def _are_steps(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether rows begin with steps that are spelled, ``t = 1``, which is no quantity t."""
    first = [row[0].text for row in rows if row]
    return len(first) > 1 and all("=" in text for text in first) and step_numbers("", first) is not None


def _of_quantity(text: str, head: Sequence[Cell], row: Sequence[Cell], places: Places) -> Iterator[Found]:
    """A row that begins with the name of a quantity."""
    name = _row_name(row[0])
    if not name:
        return
    every = list(zip(head[1:], row[1:], strict=False))
    values = [(column, cell) for column, cell in every if not is_of_others(column.text)]
    if every and not values:
        yield Found(name, row[0].begin, _of_others(*every[-1], places))
        return
    if (last := last_attempt([column.text for column, _ in values])) is not None:
        values = [values[last]]
    if _names_units([cell.text for cell, _ in values]) and all(_NUMBER.fullmatch(cell.text) for _, cell in values):
        if reading := _vector(text, [cell for _, cell in values], places):
            yield Found(name, row[0].begin, reading)
        return
    if len(values) > 1 and all(_is_place(cell.text) for cell, _ in values):  # | h | 0.1 | 0.2 | below | | 1 | 2 |
        headless = not any(cell.text for cell in head) and not all(_NUMBER.fullmatch(cell.text) for _, cell in values)
        if all(is_value(cell.text) for _, cell in values) and not headless:
            if reading := _vector(text, [cell for _, cell in values], places):
                yield Found(name, row[0].begin, reading)
            return
        if not headless:
            return
    steps = step_numbers("", [cell.text for cell in head[1:]]) if len(values) > 1 else None
    if steps and all(is_value(cell.text) for _, cell in values):  # | h | 0.1 | 0.2 | below | | t = 1 | t = 2 |
        yield from _by_steps(text, name, row[0].begin, steps, [cell for _, cell in values], places)
        return
    plain = [(column, cell) for column, cell in values if word_of(column.text) in VALUES]
    special = [(column, cell) for column, cell in values if form_of(column.text)]
    if not plain and not special:
        legible = [(column, cell) for column, cell in values if is_value(cell.text)]
        if len(legible) > 1 and len(legible) == len(values) and any(column.text for column, _ in values):
            heads, cells = [column.text for column, _ in values], [cell for _, cell in values]
            if reading := _vector(text, cells, places) if enumerates(heads) else _which(heads, cells, places):
                yield Found(name, row[0].begin, reading)
                return
        plain = legible[-1:] if legible else values[-1:]
    for cell in [cell for _, cell in plain[-1:]]:
        reading = read_value(text, cell.begin, cell.end, places, typeset="\\" in cell.text)
        if reading and not (reading.formula and _is_words(cell.text)):
            yield Found(name, row[0].begin, reading)
    for column, cell in special:
        if reading := read_value(text, cell.begin, cell.end, places, typeset="\\" in cell.text):
            form = "{}" if _IS_NEW.search(name) else form_of(column.text)
            yield Found(form.format(name), row[0].begin, reading)


def _of_others(column: Cell, cell: Cell, places: Places) -> Reading:
    """The fault of a value whose column says that it is no answer."""
    place = places.at(cell.begin)
    rule = (
        f"the head {quoted(cut(column.text))} says that this is no answer: head the column of your own numbers 'value'"
    )
    return Reading(Scalar(cut(cell.text), place), fault=Fault(place, rule))


def _of_columns(text: str, head: Sequence[Cell], rows: Sequence[Sequence[Cell]], places: Places) -> Iterator[Found]:
    """Columns that are headed by names: of one row a value each, of several a vector each."""
    steps = step_numbers(head[0].text, [row[0].text for row in rows if row])
    units = unit_numbers(head[0].text, [row[0].text for row in rows if row])
    letter = found[1] if units and (found := re.search(r"\b([ijk])\b", head[0].text)) else ""
    for number, column in enumerate(head):
        name = clean_label(column.text)
        if letter and number and (lettered := re.search(rf"(?:^|[ ])([^\W\d_]{{1,5}})[ ]?{letter}$", name)):
            name = f"{lettered[1]}_{letter}"  # below Unit j: net input Ij, Err j
        if not is_name(name) and (formula := _FORMULA.search(name)):  # net input $I_j$
            name = clean_label(formula[1])
        if units and number == 0:
            continue
        if name.casefold() in (*COUNTERS, "") and (number == 0 or not name):
            continue
        cells = [row[number] for row in rows if number < len(row)]
        if not is_name(name) or len(cells) < len(rows):
            continue
        if units and len(cells) > 1 and all(is_value(cell.text) for cell in cells):
            yield from _by_units(text, name, column.begin, units, cells, places)
            continue
        if steps and all(is_value(cell.text) for cell in cells):
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
            reading = _vector(text, cells, places) if any(is_value(cell.text) for cell in cells) else None
            name = every[1] if every else name
        if reading is not None:
            yield Found(name, column.begin, reading)


def _by_steps(
    text: str, name: str, at: int, steps: Sequence[int], cells: Sequence[Cell], places: Places
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
    text: str, name: str, at: int, units: Sequence[int], cells: Sequence[Cell], places: Places
) -> Iterator[Found]:
    """What a column gives of each unit: ``I_4`` in the row of unit 4, and one list in the order of the units."""
    base = every[1] if (every := _ANY_ROW.fullmatch(name)) else name
    found = []
    for unit, cell in sorted(zip(units, cells, strict=True), key=lambda row: row[0]):
        if reading := _vector(text, [cell], places):
            found.append(Found(f"{base}_{unit}", cell.begin, reading._replace(value=_only(reading.value))))
    if found and len(found) == len(cells):
        yield Found(base, at, _together([each.reading for each in found]), tuple(found))


def _of_units(text: str, head: Sequence[Cell], rows: Sequence[Sequence[Cell]], places: Places) -> Iterator[Found]:
    """Rows that begin with the name of a unit: what stands below ``net`` in the row of h1 is ``net_h1``."""
    for number, column in enumerate(head[1:], start=1):
        name = clean_label(column.text)
        if not is_name(name):
            continue
        for row in rows:
            if number < len(row) and (reading := _vector(text, [row[number]], places)):
                unit = clean_label(row[0].text).replace("_", "")
                yield Found(f"{name}_{unit}", row[number].begin, reading._replace(value=_only(reading.value)))


def _tells(column: Cell) -> bool:
    """Whether a column's head says what it holds of the quantity that its row names."""
    return word_of(column.text) in VALUES or bool(form_of(column.text))


def _is_numbered(head: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether the first column only counts rows that begin with a name and have a column of values."""
    return (
        len(head) > 2
        and (is_counter_head(head[0].text) or not head[0].text)
        and any(word_of(column.text) in VALUES for column in head[2:])
        and all(len(row) > 1 and re.fullmatch(r"\(?[0-9a-z]{1,3}[.)]?", row[0].text.strip(" $*")) for row in rows)
        and all(is_name(clean_label(row[1].text)) for row in rows)
    )


def _names_units(heads: Sequence[str]) -> bool:
    """Whether heads name units one after the other, ``h1`` and ``h2``; ``step 1`` is none."""
    found = [_UNIT.fullmatch(head.strip(" $*`")) for head in heads]
    units = [(match[1].casefold(), int(match[2])) for match in found if match]
    counted = [(units[0][0], units[0][1] + i) for i in range(len(units))] if units else []
    return 1 < len(units) == len(heads) and units == counted and units[0][0] not in COUNTERS


def _is_indexed(head: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether a matrix stands with the numbers of its rows before it, below a blank, and those of its columns above."""
    texts, first = [cell.text.strip() for cell in head], [row[0].text.strip() for row in rows if row]
    return len(texts) > 1 and not texts[0] and _counts(texts[1:]) and _counts(first) and len(first) == len(rows)


def _together(readings: Sequence[Reading]) -> Reading:
    """The values of several cells as one list."""
    values = tuple(reading.value for reading in readings)
    fault = next((reading.fault for reading in readings if reading.fault), None)
    notes = tuple(note for reading in readings for note in reading.notes)
    return Reading(values[0] if len(values) == 1 else List(values, values[0].location), fault=fault, notes=notes)


def _vector(text: str, cells: Sequence[Cell], places: Places) -> Reading | None:
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


def _matrix(text: str, rows: Sequence[Sequence[Cell]], places: Places) -> Reading | None:
    read = [_vector(text, row, places) for row in rows]
    values = tuple(reading.value for reading in read if reading is not None)
    notes = tuple(note for reading in read if reading is not None for note in reading.notes)
    return Reading(List(values, values[0].location), notes=notes) if values and len(values) == len(rows) else None


def _is_counter(head: Sequence[Cell]) -> bool:
    """Whether a head only numbers the columns; digits alone that do not count are the first row of the matrix."""
    texts = [cell.text.strip() for cell in head]
    return all(map(_is_place, texts)) and (not all(map(str.isdigit, texts)) or _counts(texts))


def _counts(texts: Sequence[str]) -> bool:
    return any(list(texts) == [str(i + first) for i in range(len(texts))] for first in (0, 1))


def _counted_twice(head: Sequence[Cell], rows: Sequence[Sequence[Cell]], places: Places) -> Reading | None:
    """The fault of a head that counts the columns, or is the first row of a matrix of whole numbers; else None."""
    texts = [cell.text.strip() for cell in head]
    if not (_counts(texts) and all(cell.text.lstrip("+-−").isdigit() for row in rows for cell in row)):
        return None
    place = places.at(head[0].begin)
    rule = (
        "the first line could be numbers of the answer, or counts its columns: leave the head empty, or give it names"
    )
    return Reading(Scalar(" | ".join(texts)[:60], place), fault=Fault(place, rule))


def is_value(text: str) -> bool:
    """Whether a number stands in a cell, an array, or a blank."""
    return is_numberish(text) or (bool(text) and is_blank(text)) or text[:1] in ("[", "(")


def _is_place(text: str) -> bool:
    """Whether a head numbers its column: 1, [0], empty, col 2, c1."""
    return (
        re.fullmatch(r"(?:col(?:umn)?\.? ?|c|j ?= ?)?[\[(]?[0-9]{0,3}[\])]?", text.strip(" $*"), re.IGNORECASE)
        is not None
    )


def _which(heads: Sequence[str], cells: Sequence[Cell], places: Places) -> Reading | None:
    """The fault of a row with several numbers where no head says which one is meant; None where the last one is."""
    if any(map(is_attempt, heads)) or not all(_NUMBER.fullmatch(cell.text) for cell in cells):
        return None  # the last attempt, and what comes of a calculation
    if _agree([cell.text for cell in cells]):
        return None
    written = cut(", ".join(cell.text for cell in cells))
    rule = f"{written} are numbers of one answer, or several answers: head the column that counts 'value'"
    place = places.at(cells[0].begin)
    return Reading(Scalar(written, place), fault=Fault(place, rule))


def _agree(texts: Sequence[str]) -> bool:
    """Whether plain numbers are one and the same, rounded or cut off to two decimals or more."""
    found = [_PLAIN.fullmatch(text.strip("$*` ")) for text in texts]
    if not all(found):
        return len(set(texts)) == 1
    digits = sorted(((match["decimals"] or "", match[0]) for match in found if match), key=lambda each: len(each[0]))
    least = len(digits[0][0])
    numbers = [float(text.replace("−", "-").replace(",", ".")) for _, text in digits]
    return max(numbers) - min(numbers) < (10.0**-least if least > 1 else 1e-12)


def _row_name(cell: Cell) -> str:
    """The name that a row begins with; of ``a = w0 x0`` the a."""
    label = clean_label(cell.text)
    first = clean_label(label.partition("=")[0]) if "=" in label else ""
    return first if is_name(first) else label


def _is_words(text: str) -> bool:
    return re.fullmatch(r"[^\W\d_]{2,}(?: [\w'-]+){0,5}", text) is not None
