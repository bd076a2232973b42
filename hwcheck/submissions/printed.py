"""Arrays without brackets: rows of numbers, and what MATLAB, Octave and pandas print."""

from __future__ import annotations

import re
from typing import NamedTuple

from hwcheck.errors import InputError, quoted
from hwcheck.limits import ROWS
from hwcheck.located import List, Located
from hwcheck.submissions.beginnings import COLUMNS, FACTOR, NUMBER, SERIES
from hwcheck.submissions.brackets import read_items
from hwcheck.submissions.cutting import ELIDED, OMITTED
from hwcheck.submissions.decimal_commas import refuse_decimal_commas
from hwcheck.submissions.numbers import cut
from hwcheck.submissions.rework import scaled
from hwcheck.submissions.tables import is_table, read_table
from hwcheck.submissions.writing import Line, Writing

__all__ = ["looks_like_rows", "read_rows"]

_SCALE = re.compile(rf"({FACTOR})\s?[*×]")
_COLUMNS = re.compile(COLUMNS)
_SERIES = re.compile(SERIES)
_SIZE = re.compile(
    r"\[[0-9]{1,9} rows x [0-9]{1,9} columns\]|\[torch\.\w{1,40} of size [0-9x ]{1,40}(?: \([^)\n]{0,20}\))?\]"
)
_NUMBER = re.compile(NUMBER)
_DECIMAL_COMMA = re.compile(r"\s*[+\-−]?[0-9]+,[0-9]+\s*")
_THOUSANDS = re.compile(r"[0-9]{3}(?:\.[0-9]*)?")
_WORD = re.compile(r"\S+")
_ROW_END = re.compile(r"\\\\|\n")


class _Token(NamedTuple):
    """A word between blanks."""

    begin: int
    end: int
    text: str


def looks_like_rows(text: str) -> bool:
    """Whether a text without brackets is several numbers, and not one that is written with blanks or commas."""
    text = text[: ROWS.characters]
    if "&" in text:
        cells = [cell.strip() for cell in re.split(r"&|\\\\|\n", text) if cell.strip()]
        return 2 * sum(_NUMBER.fullmatch(cell) is not None for cell in cells) >= len(cells) > 1
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 1:
        if _SIZE.fullmatch(lines[-1].strip()) or _SERIES.fullmatch(lines[-1].strip()):
            return True
        words = [word.strip(",;|()[]") for line in lines for word in line.replace(",", ", ").split()][: ROWS.parts]
        numbers = sum(_NUMBER.fullmatch(word) is not None for word in words)
        return 2 * numbers >= len(words) or (all("|" in line for line in lines) and numbers > 0)
    words = text.replace(";", " ; ").split()
    if not words:
        return False
    if len(words) == 1:
        parts = text.split(",")
        points = sum("." in part for part in parts)
        known = all(map(_NUMBER.fullmatch, parts))
        return known and (points > 1 or (len(parts) > 2 and not all(map(_THOUSANDS.fullmatch, parts[1:]))))
    words = [word for word in (word.strip(",") for word in words) if word and word != ";"]
    return all(map(_NUMBER.fullmatch, words)) and ("," in text or ";" in text or not _grouped(words))


def _grouped(words: list[str]) -> bool:
    """Whether blanks may part the thousands of one number: 1 234.5."""
    return len(words[0].lstrip("+-−")) <= 3 and all(map(_THOUSANDS.fullmatch, words[1:]))


def read_rows(writing: Writing, begin: int, end: int) -> Located:
    """The rows between two places of a text: a flat list for one line, else a list for each line.

    Raises InputError where numbers are left out, where the rows could be read in two ways, and where nothing stands.
    """
    if "&" in writing.text[begin:end]:
        return _between_ampersands(writing, begin, end)
    lines = writing.lines(begin, end)
    if is_table(lines):
        return read_table(writing, [line for line in lines if line.text])
    kept = [line for line in lines if not _SIZE.fullmatch(line.text)]
    series = [line for line in kept if not _SERIES.fullmatch(line.text)]
    if len(series) < len(kept):
        return _series(writing, [line for line in series if line.text])
    blocks = _blocks(kept)
    if not blocks:
        writing.refuse(begin, "an array belongs here, but there is nothing")
    if blocks[0][0].text.endswith("\\") or _is_frame(_tokens(blocks[0])):
        frames: list[list[List]] = []
        for block in blocks:
            frames.append(_frame(writing, block, sum(len(frame[0].items) for frame in frames)))
        return _beside(frames)
    return _numbers(writing, blocks)


def _between_ampersands(writing: Writing, begin: int, end: int) -> Located:
    r"""Rows as in a LaTeX matrix, ``0.1 & 0.2 \\\\``, without an environment around them."""
    rows: list[Located] = []
    ends = [*(found.span() for found in _ROW_END.finditer(writing.text, begin, end)), (end, end)]
    for close, behind in ends:
        if writing.text[begin:close].strip():
            cells: list[Located] = []
            at = begin
            for part in writing.text[begin:close].split("&"):
                cells.append(writing.cell(at, at + len(part)))
                at += len(part) + 1
            rows.append(writing.listed(cells, begin))
        begin = behind
    return rows[0] if len(rows) == 1 else writing.listed(rows, begin)


def _blocks(lines: list[Line]) -> list[list[Line]]:
    """Lines in groups: a blank line or ``Columns 1 through 4`` begins a new one."""
    blocks: list[list[Line]] = [[]]
    for line in lines:
        if not line.text:
            blocks.append([])
        elif _COLUMNS.fullmatch(line.text):
            blocks += [[line], []]
        else:
            blocks[-1].append(line)
    return [block for block in blocks if block]


def _numbers(writing: Writing, blocks: list[list[Line]]) -> Located:
    """Rows of numbers, in columns side by side where the printer says so, times the factor in front."""
    factor = _SCALE.fullmatch(blocks[0][0].text)
    if factor:
        writing.note(blocks[0][0].begin, f"every number taken times {factor[1]}, as the first line says")
        blocks = [block for block in (blocks[0][1:], *blocks[1:]) if block]
    headed = any(_COLUMNS.fullmatch(block[0].text) for block in blocks)
    blocks = [block for block in blocks if not _COLUMNS.fullmatch(block[0].text)]
    if not blocks:
        writing.refuse(writing.text.find("\n") + 1, "an array belongs here, but there are no numbers")
    if headed:
        value: Located = _beside([_rows(writing, block) for block in blocks])
    else:
        value = _shaped(writing, [line for block in blocks for line in block])
    return scaled(value, factor[1]) if factor else value


def _shaped(writing: Writing, lines: list[Line]) -> Located:
    """Lines as an array: one is a flat list, several are rows."""
    _refuse_commas(writing, lines)
    lines = _without_header(writing, lines)
    rows = _rows(writing, lines)
    if len(rows) > 1:
        return writing.listed(list(rows), lines[0].begin)
    return rows[0] if len(rows[0].items) > 1 else rows[0].items[0]


def _rows(writing: Writing, lines: list[Line]) -> list[List]:
    """A list for each line, and for each part between semicolons."""
    rows = []
    for line in lines:
        words = _words(line) if "," in line.text else []
        if len(words) > 1 and all(_DECIMAL_COMMA.fullmatch(word.text) for word in words):
            rows.append(_row(writing, words))
        else:
            rows += read_items(writing, line.begin, line.end)
    return rows


def _refuse_commas(writing: Writing, lines: list[Line]) -> None:
    """Refuse ``0,5`` and ``0,3`` below one another, or with ``;`` between: two numbers or four."""
    parts = [part for line in lines for part in line.text.strip(";").split(";")]
    for line in lines:
        refuse_decimal_commas(writing, line.begin, line.text)
    if len(parts) > 1 and all(map(_DECIMAL_COMMA.fullmatch, parts)):
        first = parts[0].strip()
        point = first.replace(",", ".")
        rule = f"{quoted(cut(first))} is {cut(point)}, or the two numbers {cut(first.replace(',', ' and '))}"
        writing.refuse(lines[0].begin, f"{rule}: write numbers with a point")


def _without_header(writing: Writing, lines: list[Line]) -> list[Line]:
    """The lines without a first one that is words only, as many as there are numbers below it."""
    words, below = lines[0].text.split(), lines[1].text.split() if len(lines) > 1 else []
    if below and len(words) == len(below) and all(word[0].isalpha() for word in words) and _NUMBER.fullmatch(below[0]):
        writing.note(lines[0].begin, "the first line is taken for names of the columns and left out")
        return lines[1:]
    return lines


def _tokens(lines: list[Line]) -> list[list[_Token]]:
    return [_words(line) for line in lines]


def _words(line: Line) -> list[_Token]:
    return [_Token(line.begin + word.start(), line.begin + word.end(), word[0]) for word in _WORD.finditer(line.text)]


def _is_frame(table: list[list[_Token]], column: int = 0) -> bool:
    """Whether this is a table as pandas prints it: names of the columns, and an index that they do not count.

    ``column`` is the number of columns that stood in tables before this one, which it goes on from.
    """
    if len(table) < 2 or any(len(row) != len(table[0]) + 1 for row in table[1:]):
        return False
    header = [token.text for token in table[0]]
    if not all(_NUMBER.fullmatch(name) for name in header):
        return True
    index = [row[0].text for row in table[1:]]
    return header == [str(column + i) for i in range(len(header))] and index == [str(i) for i in range(len(index))]


def _frame(writing: Writing, lines: list[Line], column: int) -> list[List]:
    """The rows of one printed table, without its header and index."""
    first = lines[0]
    if first.text.endswith("\\"):
        first = Line(first.begin, first.end - 1, first.text[:-1].rstrip())
    table = _tokens([first, *lines[1:]])
    if not _is_frame(table, column):
        odd = next((row for row in table[1:] if len(row) != len(table[0]) + 1), table[0])
        place = odd[0].begin if odd else first.begin
        writing.refuse(
            place, "this row does not fit to the header of the table; hand in the numbers without the header"
        )
    writing.note(first.begin, "read as a printed table: its header and its index are left out")
    return [_row(writing, row[1:]) for row in table[1:]]


def _series(writing: Writing, lines: list[Line]) -> Located:
    """The values of a series as pandas prints it, without the index."""
    rows = [row for row in _tokens(lines) if row]
    for row in rows:
        if row[-1].text in OMITTED:
            writing.refuse(row[-1].begin, ELIDED.format(row[-1].text))
        if len(row) != 2:
            writing.refuse(row[0].begin, "a printed series has an index and one number in each line")
    if not rows:
        writing.refuse(0, "the printed series is empty")
    writing.note(rows[0][0].begin, "read as a printed series: its index is left out")
    return _row(writing, [row[1] for row in rows])


def _row(writing: Writing, tokens: list[_Token]) -> List:
    for token in tokens:
        if token.text in OMITTED:
            writing.refuse(token.begin, ELIDED.format(token.text))
    cells: list[Located] = [writing.cell(token.begin, token.end) for token in tokens]
    return writing.listed(cells, tokens[0].begin)


def _beside(blocks: list[list[List]]) -> List:
    """Blocks of columns put side by side. Raises InputError where one has more rows than another."""
    for block in blocks:
        if len(block) != len(blocks[0]):
            rule = f"these columns have {len(block)} rows, the first ones have {len(blocks[0])}"
            raise InputError.at(block[0].location, rule)
    rows = [
        List(tuple(cell for part in parts for cell in part.items), parts[0].location)
        for parts in zip(*blocks, strict=True)
    ]
    return List(tuple(rows), rows[0].location)
