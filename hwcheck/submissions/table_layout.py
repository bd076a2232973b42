"""Tables of names and numbers, however they are laid out: what CSV files and spreadsheets have in common.

Three layouts are told apart by what stands in them, never by guessing numbers:

- long: a header names the columns; each row is one number with its name and its index;
- wide: a row begins with a name, and its numbers follow; or a name stands alone and its rows follow below;
- columns: the first row is all names, and each column holds the numbers of its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import dropwhile
from typing import NamedTuple

from hwcheck.errors import Fault, Location
from hwcheck.limits import AXES, ENTRIES
from hwcheck.located import List, Located, Scalar
from hwcheck.located_build import shown
from hwcheck.submissions.beginnings import FRACTIONS
from hwcheck.submissions.column_heads import VALUES, form_of, is_of_others, last_attempt, word_of
from hwcheck.submissions.model import Answer, Parts
from hwcheck.submissions.numbers import is_blank
from hwcheck.submissions.step_tables import name_at, step_numbers

__all__ = ["Row", "index_columns", "is_number", "parts_of_table"]

Row = Sequence[Scalar]
"""The cells of a row that holds any, from the first column on; an empty row has none."""

_NAME = {"name", "quantity", "variable", "var", "tensor", "symbol", "question", "parameter", "param", "key", "what"}
_VALUE = {"value", "val", "values", "number", "result", "answer", "wert", "valeur", "valor"}
_INDEX = {"index", "idx", "indices", "position", "entry", "element", "subscript", "place", "at"}
# Columns that each hold one part of an index, in the order in which these parts are written whatever theirs is.
_AXES = ("batch", "sample", "channel", "row", "i", "col", "column", "j", "k", "l", "m")
_TITLES = {"problem": ("problem", "homework", "exercise"), "student": ("student", "matriculation", "submittedby")}

# What a number begins with, whatever it is: a sign, a bracket, a digit, a function of a calculator.
_NUMBER = re.compile(
    rf"[\s'\"$(\[{{≈~=]*[+\-−–±]?\s*(?:[.,]?[0-9]|[{FRACTIONS}]|(?:nan|inf|infinity|true|false)\b|∞|"
    r"\\[dt]?frac(?!\s*\{\s*(?:\\partial|∂|d|\\mathrm\s*\{?\s*d))|"  # not of a derivative, which is a name
    r"(?:sqrt|exp|ln|log|log2|log10|tanh|sigmoid)\s*\()",
    re.IGNORECASE,
)
_INDEX_TEXT = re.compile(r"[\s\[({]*[0-9]{1,9}(?:[\s,;|:\])}\[({]+[0-9]{1,9})*[\s\])}]*")
_FOLDED = re.compile(r"[^a-z0-9]")


class _Long(NamedTuple):
    """Where the columns of a long table are."""

    name: int
    indices: tuple[int, ...]
    value: int


def parts_of_table(rows: Sequence[Row], file: str) -> Parts:
    """What a table hands in. What cannot be understood is told with its place and costs only itself."""
    named: dict[str, Scalar] = {}
    rows = [row for row in rows if not _title(row, named)]
    table = _Table()
    rows = _without_counter(list(dropwhile(lambda row: not row, rows)))
    if rows:
        columns = _long(rows[0])
        if columns:
            table.long(rows[1:], rows[0], columns)
        elif _names_columns(rows[0], rows[1:]):
            table.columns(rows[0], rows[1:])
        elif forms := _forms(rows[0]):
            table.told(rows[1:], forms)
        else:
            table.wide(_own_columns(rows[0], rows[1:], table.faults) if _is_header(rows[0]) else rows)
    if not (table.answers or table.faults):
        table.faults.append(Fault(Location(file), "no answers stand here: a row is a name and its numbers"))
    return Parts(
        tuple(table.answers), named.get("problem"), named.get("student"), tuple(table.faults), tuple(table.notes)
    )


def _fold(cell: Scalar) -> str:
    return _FOLDED.sub("", cell.text.casefold()) if len(cell.text) <= 40 else ""


def _title(row: Row, named: dict[str, Scalar]) -> bool:
    """Whether a row says for which problem, or whose, the table is: ``problem, gan``; if so it is noted."""
    if len(row) < 2:
        return False
    filled = [cell for cell in row if cell.text.strip()]
    if len(filled) != 2 or filled[0] is not row[0] or (is_number(filled[1]) and _fold(filled[0]) != "student"):
        return False
    for key, words in _TITLES.items():
        if _fold(row[0]) in words and key not in named:
            named[key] = filled[1]
            return True
    return False


def is_number(cell: Scalar) -> bool:
    """Whether a cell looks like a number, or like one that was left out, rather than like a name."""
    return bool(_NUMBER.match(cell.text)) or is_blank(cell.text)


def _long(header: Row) -> _Long | None:
    """The columns of a long table, if this is its header."""
    words = [_fold(cell) for cell in header]
    name = next((i for i, word in enumerate(words) if word in _NAME), None)
    value = next((i for i, word in enumerate(words) if word in _VALUE), None)
    if name is None or value is None:
        return None
    indices = tuple(
        i for i, word in enumerate(words) if word in _INDEX or re.fullmatch(r"(?:dim|axis|i|idx|index)[0-9]", word)
    )
    axes = [i for i, word in enumerate(words) if word in _AXES and i not in (name, value)]
    axes.sort(key=lambda i: _AXES.index(words[i]))
    return _Long(name, indices or tuple(axes), value)


def index_columns(rows: Sequence[Row]) -> tuple[int, ...]:
    """The columns of a long table that hold indices, not numbers."""
    header = next((row for row in rows if row), ())
    columns = _long(header)
    return columns.indices if columns else ()


def _names_columns(header: Row, rows: Sequence[Row]) -> bool:
    """Whether the first row is all names, and the rows below are all numbers."""
    if any(is_number(cell) for cell in header) or len({cell.text.strip() for cell in header}) != len(header):
        return False
    below = [row for row in rows if row]
    if len(header) == 1:  # a name with rows below it is a block
        return False
    return bool(below) and all(is_number(cell) for row in below for cell in row)


def _forms(header: Row) -> list[str]:
    """What each column holds of the quantity that its row names: ``node, forward, backward``; of none, nothing."""
    if len(header) < 3 or any(is_number(cell) for cell in header):
        return []
    words = [word_of(cell.text) in VALUES for cell in header[1:]]
    forms = [form_of(cell.text) or "{}" * plain for cell, plain in zip(header[1:], words, strict=True)]
    filled = [form for form in forms if form]
    return forms if len(filled) == len(forms) == len(set(filled)) else []


def _is_header(row: Row) -> bool:
    """Whether the first row of a wide table only says what the columns are: ``name, entry 1, entry 2``."""
    return len(row) > 1 and _fold(row[0]) in _NAME and not any(is_number(cell) for cell in row)


def _own_columns(header: Row, rows: Sequence[Row], faults: list[Fault]) -> Sequence[Row]:
    """The rows without columns that hold no answers, by their heads, or earlier attempts; if all do, it is told."""
    own = [i for i, cell in enumerate(header) if i and not is_of_others(cell.text)]
    if not own:
        rule = f"the head {shown(header[1].text)} says that these are no answers: head your own numbers 'value'"
        faults.append(Fault(header[1].location, rule))
        return []
    last = last_attempt([header[i].text for i in own])
    left_out = set(range(1, len(header))) - set(own if last is None else [own[last]])
    return [[cell for i, cell in enumerate(row) if i not in left_out] for row in rows] if left_out else rows


def _without_counter(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows without a first column that has no name and counts them, as pandas writes it."""
    header, below = rows[0] if rows else (), [row for row in rows[1:] if row]
    if len(header) < 2 or header[0].text.strip() or any(is_number(cell) for cell in header[1:]):
        return rows
    if not below or [row[0].text.strip() for row in below] != [str(i) for i in range(len(below))]:
        return rows
    return [row[1:] for row in rows]


class _Table:
    """What is found in a table while it is read."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.faults: list[Fault] = []
        self.notes: list[Fault] = []

    def told(self, rows: Sequence[Row], forms: Sequence[str]) -> None:
        """Each row what its columns say of one quantity: its value, its gradient, what it becomes."""
        for name, *cells in filter(None, rows):
            if len(cells) > len(forms):
                rule = f"the row has {len(cells) + 1} cells, the header {len(forms) + 1}"
                self.faults.append(Fault(cells[len(forms)].location, rule))
                continue
            for form, cell in zip(forms, cells, strict=False):
                if not is_blank(cell.text):
                    self.answers.append(Answer(form.format(name.text.strip()), cell, name.location, form != "{}"))

    def long(self, rows: Sequence[Row], header: Row, columns: _Long) -> None:
        """Each row a number."""
        entries: dict[str, dict[tuple[int, ...], Scalar]] = {}
        names: dict[str, Scalar] = {}
        for row in rows:
            if not row:
                continue
            read = self._long_row(row, len(header), columns)
            if read is None:
                continue
            name, index, value = read
            names.setdefault(name.text.strip(), name)
            known = entries.setdefault(name.text.strip(), {})
            if index in known:
                rule = f"{_part(name.text.strip(), index)} stands twice: first on line {known[index].location.line}"
                self.faults.append(Fault(name.location, f"{rule}; the first is read"))
            else:
                known[index] = value
        for text, found in entries.items():
            self._assemble(names[text], found)

    def _long_row(self, row: Row, width: int, columns: _Long) -> tuple[Scalar, tuple[int, ...], Scalar] | None:
        """The name, the index and the value of a row, or None where a fault is told."""
        extra = len(row) - width
        between = row[columns.name + 1 : columns.value + extra]
        if (
            extra > 0
            and (columns.indices, columns.value) == ((columns.name + 1,), columns.name + 2)
            and all(re.fullmatch(r"\s*[\[(]?\s*[0-9]+\s*[\])]?\s*", c.text) for c in between)
        ):
            row = [*row[: columns.name + 1], _joined(between), *row[columns.value + extra :]]  # 0,1 without quotes
        if len(row) > width:
            rule = f"the row has {len(row)} cells, the header {width}; put a cell with the separator in it in quotes"
            self.faults.append(Fault(row[width].location, rule))
            return None
        if len(row) <= columns.name or not row[columns.name].text.strip():
            self.faults.append(Fault(row[0].location, "a name is missing in this row"))
            return None
        name = row[columns.name]
        value = row[columns.value] if columns.value < len(row) else Scalar("", name.location)
        index: list[int] = []
        for column in columns.indices:
            cell = row[column] if column < len(row) else Scalar("", name.location)
            text = cell.text.strip()
            if text in ("", "-", "()", "[]", "—", "–"):
                continue
            if len(text) > 100 or not _INDEX_TEXT.fullmatch(text):
                rule = f"cannot read the index {shown(text)}: write it like 0, or 0,1 in quotes, or (0;1)"
                self.faults.append(Fault(cell.location, rule))
                return None
            index += map(int, re.findall("[0-9]+", text))
        if len(index) > AXES:
            self.faults.append(Fault(name.location, f"an index has at most {AXES} axes, this has {len(index)}"))
            return None
        return name, tuple(index), value

    def _assemble(self, name: Scalar, entries: Mapping[tuple[int, ...], Scalar]) -> None:
        """Each entry is an answer of its own, or all are one array.

        They are one where they count from 1 throughout, which an entry alone does not show, and where they are many.
        """
        text = name.text.strip()
        lengths = {len(index) for index in entries}
        start, shape = _box(entries) if len(lengths) == 1 else (0, None)
        if shape is None or not (start or len(entries) > ENTRIES):
            for index, value in entries.items():
                self.answers.append(Answer(_part(text, index), value, value.location))
            return
        if start:
            self.notes.append(Fault(name.location, f"the indices of {shown(text)} are read as counting from 1"))
        self.answers.append(Answer(text, _array(entries, shape, start, (), name.location), name.location))

    def columns(self, header: Row, rows: Sequence[Row]) -> None:
        """Each column a quantity; a first one may count the steps of the others."""
        texts = [row[0].text for row in rows if row]
        steps = step_numbers(header[0].text, texts) if len(header) > 1 and len(texts) == len(rows) else None
        for number, name in enumerate(header):
            if steps and not number:
                continue
            cells = [row[number] for row in rows if number < len(row)]
            while cells and not cells[-1].text.strip():
                cells.pop()
            if cells:
                value: Located = cells[0] if len(cells) == 1 else List(tuple(cells), cells[0].location)
                text = name.text.strip()
                found = [
                    Answer(name_at(text, step), cell, cell.location)
                    for step, cell in zip(steps or (), cells, strict=False)
                ]
                self.answers.append(Answer(text, value, name.location, steps=tuple(found)))
        for row in rows:
            if len(row) > len(header):
                rule = f"the row has {len(row)} cells, the header names {len(header)} columns"
                self.faults.append(Fault(row[len(header)].location, rule))

    def wide(self, rows: Sequence[Row]) -> None:
        """Each row, or block of rows, a quantity."""
        if index := _index_without_header(rows):
            rule = "is the second column an index? Then put a row name,index,value above the first"
            self.faults.append(Fault(index.location, rule))
            return
        for name, block in self._blocks(rows):
            matrices = [matrix for matrix in block if matrix]
            if not matrices:
                self.answers.append(Answer(name.text.strip(), Scalar("", name.location), name.location))
                continue
            beside = matrices[0][0] if len(matrices) == len(matrices[0]) == 1 else ()
            value: Located
            if beside and len(beside) == 1:
                value = beside[0]
            elif beside:
                value = List(tuple(beside), beside[0].location)
            else:
                built = [_matrix(matrix) for matrix in matrices]
                value = built[0] if len(built) == 1 else List(tuple(built), built[0].location)
            self.answers.append(Answer(name.text.strip(), value, name.location))

    def _blocks(self, rows: Sequence[Row]) -> Iterator[tuple[Scalar, list[list[Row]]]]:
        """Each name with its matrices, which empty rows part."""
        name: Scalar | None = None
        block: list[list[Row]] = [[]]
        for row in rows:
            if not row:
                block.append([])
                continue
            if not is_number(row[0]):
                if name is not None and name.text.strip() == row[0].text.strip() and len(row) > 1:
                    block[-1].append(row[1:])  # the next row of the same matrix
                    continue
                if name is not None:
                    yield name, block
                name, block = row[0], [[]]
                if len(row) > 1:
                    block[-1].append(row[1:])
            elif name is None:
                if not self.faults:  # once: what follows has the same fault
                    self.faults.append(Fault(row[0].location, "numbers without a name: a row begins with one"))
            else:
                block[-1].append(row[1:] if not row[0].text.strip() and len(row) > 1 else row)
        if name is not None:
            yield name, block


def _index_without_header(rows: Sequence[Row]) -> Scalar | None:
    """The second cell of the first row, if the second column counts the numbers of each name as an index does."""
    filled = [row for row in rows if row]
    if len(filled) < 2 or any(len(row) != 3 or is_number(row[0]) for row in filled):
        return None
    seen: dict[str, list[str]] = {}
    for row in filled:
        seen.setdefault(row[0].text.strip(), []).append(row[1].text.strip())
    counted = [texts == [str(i + start) for i in range(len(texts))] for texts in seen.values() for start in (0, 1)]
    pairs = all(re.fullmatch(r"[\[(]?[0-9]+(?:[,; ]+[0-9]+)+[\])]?", text) for texts in seen.values() for text in texts)
    repeated = any(len(texts) > 1 for texts in seen.values())
    whole = all(any(counted[i : i + 2]) for i in range(0, len(counted), 2))
    return filled[0][1] if repeated and (pairs or whole) else None


def _matrix(rows: Sequence[Row]) -> Located:
    return List(tuple(List(tuple(row), row[0].location) for row in rows), rows[0][0].location)


def _joined(cells: Sequence[Scalar]) -> Scalar:
    return Scalar(",".join(cell.text for cell in cells), cells[0].location)


def _part(name: str, index: tuple[int, ...]) -> str:
    return f"{name}[{','.join(map(str, index))}]" if index else name


def _box(entries: Mapping[tuple[int, ...], Scalar]) -> tuple[int, tuple[int, ...] | None]:
    """The shape that indices from 0, or all from 1, fill without a gap, and the first index; None where they do not."""
    axes = list(zip(*entries, strict=True))
    start = 1 if axes and all(min(axis) == 1 for axis in axes) else 0
    shape = tuple(max(axis) + 1 - start for axis in axes)
    size = 1
    for length in shape:
        size *= length
    if size != len(entries) or any(min(axis) < start for axis in axes):
        return 0, None
    return start, shape


def _array(
    entries: Mapping[tuple[int, ...], Scalar], shape: tuple[int, ...], start: int, at: tuple[int, ...], place: Location
) -> Located:
    """The nested list of entries that fill a shape; ``at`` is the index so far. As deep as an index has axes."""
    if len(at) == len(shape):
        return entries[at]
    items = tuple(_array(entries, shape, start, (*at, i + start), place) for i in range(shape[len(at)]))
    return List(items, items[0].location)
