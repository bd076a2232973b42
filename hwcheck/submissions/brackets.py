"""Arrays between brackets: lists of every spelling, and what NumPy, PyTorch and their like print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple, NoReturn

from hwcheck.errors import InputError
from hwcheck.located import List, Located, Scalar
from hwcheck.submissions.numbers import cut
from hwcheck.submissions.writing import Writing

__all__ = ["ELIDED", "OMITTED", "WRAPPERS", "has_list", "read_brackets", "read_items"]

ELIDED = "the printed output leaves numbers out ('{}'); print the whole array and hand that in"
WRAPPERS = frozenset(
    {
        *("array", "asarray", "matrix", "mat", "Matrix", "tensor", "Tensor", "FloatTensor", "DoubleTensor"),
        *("Array", "DeviceArray", "Parameter", "Variable", "constant"),
    }
)
"""Names in front of a bracket that say no more than that here is an array."""

_OPTIONS = frozenset(
    {"dtype", "grad_fn", "device", "requires_grad", "shape", "size", "layout", "names", "weak_type", "is_leaf"}
)
_CLOSING = {"[": "]", "(": ")", "{": "}"}
OMITTED = frozenset({"..", "...", "…", "\\dots", "\\cdots", "\\ldots", "\\vdots", "\\ddots", "⋯", "⋮", "⋱"})
_OPERATORS = frozenset({"*", "/", "·", "×", "x", "^", "**", "÷", "\\times", "\\cdot", "\\div", "+", "-", "−"})
_SIGNS = frozenset({"+", "-", "−"})
_INFIX = ("*", "/", "×", "·", "^", "÷", "\\times", "\\cdot")  # no number begins or ends with one of these
_WIDTH = 75  # NumPy breaks a row of numbers where the next one would not fit into so many columns

_BEGINS_NUMBER = frozenset("0123456789.+-−≈½¼¾")
_BRACKET_OR_COMMA = re.compile(r"[\[\](){},]")
_TOKEN = re.compile(
    r"""
      (?P<blank>\s+)
    | (?P<open>[\[({])
    | (?P<close>[\])}])
    | (?P<mark>[,;])
    | (?P<text>'[^'\n]*'|"[^"\n]*")
    | (?P<angle><[^<>\n]*>)
    | (?P<word>\\[A-Za-z]+|[^\W\d][\w.]*|[^\s\[\](){},;'"<\\A-Za-z_]+|.)
    """,
    re.VERBOSE | re.DOTALL,
)


class _Open:
    """A list whose end has not been read yet."""

    def __init__(self, sign: str, offset: int, call: bool = False) -> None:
        self.sign = sign
        self.offset = offset
        self.call = call
        self.items: list[Located] = []
        self.rows: list[Located] = []  # those that a ';' ended
        self.row_at = offset
        self.commas = False
        self.lines: list[tuple[int, int]] = []  # where a line ended between two cells: items before it, its width
        self.fresh = False  # an item has been read since the last separator


class _Piece(NamedTuple):
    """Characters without a blank between them; a line break between two pieces is one of no length."""

    begin: int
    end: int


def read_brackets(writing: Writing, begin: int, end: int) -> Located:
    """The array between two places of a text: one value, or several lists one behind the other, which are rows.

    Raises InputError where brackets do not match, where numbers are left out, and where something else stands there.
    """
    return _Brackets(writing, begin, end).read()


def read_items(writing: Writing, begin: int, end: int) -> list[List]:
    """The rows of one line: its cells, parted by blanks or commas; a semicolon begins another. Raises InputError."""
    reader = _Brackets(writing, begin, end)
    reader.scan()
    return reader.rows()


def has_list(text: str) -> bool:
    """Whether a text begins with a bracket that holds a list: ``(1, 2)``, and not ``(1 + 2) / 3``."""
    return text[:1] == "[" or (text[:1] in ("(", "{") and 0 in set(_groups(text, 0, len(text), text[0])))


class _Brackets:
    """One pass over the tokens. Brackets that belong to a cell (``sqrt(2)``, ``10^{-3}``) are only counted."""

    def __init__(self, writing: Writing, begin: int, end: int) -> None:
        self.writing = writing
        self.text = writing.text
        self.begin, self.end = begin, end
        self.groups = frozenset(_groups(self.text, begin, end))
        self.open = [_Open("", begin)]
        self.pieces: list[_Piece] = []
        self.inside: list[tuple[str, int]] = []  # the brackets that are open in a cell

    def read(self) -> Located:
        """The array."""
        self.scan()
        return self._whole()

    def rows(self) -> list[List]:
        """The rows outside of brackets."""
        top = self.open[0]
        rows = [row for row in top.rows if isinstance(row, List)]
        return [*rows, self.writing.listed(top.items, top.row_at)] if top.items else rows

    def scan(self) -> None:
        """Read all tokens."""
        last = self.begin
        for token in _TOKEN.finditer(self.text, self.begin, self.end):
            begin, last = token.span()
            kind = token.lastgroup
            if kind == "open":
                self._bracket(token.group(), begin)
            elif kind == "close":
                self._close(token.group(), begin)
            elif self.inside:
                self._extend(begin, last)
            elif kind == "blank":
                if "\n" in token.group() and self.pieces:
                    self.pieces.append(_Piece(begin, begin))
            elif kind == "mark":
                self._separate(token.group(), begin)
            else:
                self._extend(begin, last)
        if self.inside or len(self.open) > 1:
            sign, place = self.inside[-1] if self.inside else (self.open[-1].sign, self.open[-1].offset)
            self.writing.refuse(place, f"this {sign!r} is never closed")
        self._flush()

    def _extend(self, begin: int, end: int) -> None:
        """Characters of a cell: behind others of it, or as a new piece."""
        if self.pieces and self.pieces[-1].end == begin and self.pieces[-1].begin < begin:
            self.pieces[-1] = _Piece(self.pieces[-1].begin, end)
        else:
            self.pieces.append(_Piece(begin, end))

    def _bracket(self, sign: str, offset: int) -> None:
        """An opening bracket: of a list where an item begins, else of a cell."""
        glued = bool(self.pieces) and self.pieces[-1].end == offset and self.pieces[-1].begin < offset
        call = False
        if glued and sign == "(" and not self.inside:
            name = self.text[self.pieces[-1].begin : offset]
            call = name.rpartition(".")[2] in WRAPPERS
        if self.inside or (glued and not call) or (sign == "(" and not call and offset not in self.groups):
            self.inside.append((sign, offset))
            self._extend(offset, offset + 1)
            return
        if call:
            offset = self.pieces.pop().begin
        self._flush()
        self.open.append(_Open(sign, offset, call))
        self.writing.check_depth(len(self.open) - 1, offset)

    def _close(self, sign: str, offset: int) -> None:
        if self.inside:
            opening, _ = self.inside.pop()
            self._check_pair(opening, sign, offset)
            self._extend(offset, offset + 1)
            return
        current = self.open[-1]
        if not current.sign:
            self.writing.refuse(offset, f"this {sign!r} closes nothing")
        self._check_pair(current.sign, sign, offset)
        self._flush()
        self.open.pop()
        value = self._called(current) if current.call else self._listed(current)
        self.open[-1].items.append(value)
        self.open[-1].fresh = True

    def _check_pair(self, opening: str, sign: str, offset: int) -> None:
        if _CLOSING[opening] != sign:
            self.writing.refuse(offset, f"{opening!r} is closed by {sign!r}; it needs {_CLOSING[opening]!r}")

    def _separate(self, sign: str, offset: int) -> None:
        """A comma ends an item, a semicolon ends a row."""
        current = self.open[-1]
        current.commas = current.commas or sign == ","
        self._flush()
        if not current.fresh and not current.call and not (sign == ";" and current.items):
            current.items.append(self.writing.cell(offset, offset))  # nothing between two commas: left open
        current.fresh = False
        if sign == ";":
            current.rows.append(self.writing.listed(current.items, current.row_at))
            current.items, current.row_at = [], offset + 1

    def _flush(self) -> None:
        """Make cells of the pieces that stand before a place."""
        pieces, self.pieces = self.pieces, []
        current = self.open[-1]
        if not any(piece.begin < piece.end for piece in pieces):
            return
        current.fresh = True
        if current.call and self._option(pieces[0].begin, pieces[-1].end, bool(current.items)):
            return
        for cell in _Cells(self.writing, current.commas).of(pieces):
            if cell.begin == cell.end:
                line = self.text.rfind("\n", self.begin, cell.begin) + 1
                current.lines.append((len(current.items), cell.begin - max(line, self.begin)))
            else:
                current.items.append(self._cell(cell))

    def _cell(self, cell: _Piece) -> Scalar:
        first, last = self.text[cell.begin], self.text[cell.end - 1]
        if first in "'\"" and last == first and cell.end - cell.begin > 1:
            return self.writing.cell(cell.begin, cell.end, self.text[cell.begin + 1 : cell.end - 1])
        return self.writing.cell(cell.begin, cell.end)

    def _option(self, begin: int, end: int, behind: bool) -> bool:
        """Whether this is no array but a word of how it is stored: ``dtype=float32``, ``grad_fn=<...>``."""
        text = self.text[begin : min(end, begin + 200)]
        found = re.match(r"([A-Za-z_]\w*)\s*=", text)
        if found and found[1] in _OPTIONS:
            return True
        if not found and behind and text.rpartition(".")[2].rstrip("0123456789") in ("float", "int", "double"):
            return True
        if found:
            self.writing.refuse(begin, f"{found[1]!r} is nothing that belongs to an array of numbers")
        return False

    def _called(self, call: _Open) -> Located:
        """What ``array(...)`` or ``tensor(...)`` holds."""
        if len(call.items) > 1 or call.rows:
            self.writing.refuse(call.offset, "one array belongs between these brackets, with its own brackets [ ]")
        return call.items[0] if call.items else self.writing.listed([], call.offset)

    def _listed(self, current: _Open) -> Located:
        """The list that has been closed, as rows where ``;`` or line ends made some."""
        if current.rows:
            if current.items:
                current.rows.append(self.writing.listed(current.items, current.row_at))
            return self.writing.listed(current.rows, current.offset)
        if current.sign == "(" and not current.commas and len(current.items) == 1:
            return current.items[0]
        if self._typed_in_rows(current):
            cuts = [0, *(before for before, _ in current.lines), len(current.items)]
            rows = [current.items[first:behind] for first, behind in pairwise(cuts) if first < behind]
            current.items = [List(tuple(row), row[0].location) for row in rows]
            self.writing.note(current.offset, "each line between the brackets read as a row")
        return self.writing.listed(current.items, current.offset)

    def _typed_in_rows(self, current: _Open) -> bool:
        """Whether lines between brackets are rows: no printer would have broken them where they are."""
        if current.commas or not current.lines or any(isinstance(item, List) for item in current.items):
            return False
        for before, width in current.lines:
            behind = current.items[before] if before < len(current.items) else None
            if isinstance(behind, Scalar) and width + 1 + len(behind.text) >= _WIDTH:
                return False
        return True

    def _whole(self) -> Located:
        """All that stands outside of brackets: one array, or its rows one behind the other."""
        top = self.open[0]
        if top.rows and not top.items:  # a ';' at the end only keeps a program from printing
            items = [item for row in top.rows for item in (row.items if isinstance(row, List) else ())]
        else:
            items = [*top.rows, *top.items]
        if not items:
            self.writing.refuse(self.begin, "an array belongs here, but there is nothing")
        if len(items) == 1:
            return items[0]
        odd = next((item for item in items if isinstance(item, Scalar)), None)
        if odd is not None:
            raise_beside(odd)
        return self.writing.listed(items, self.begin)


def raise_beside(odd: Scalar) -> NoReturn:
    """Refuse what stands beside an array and is no part of it."""
    raise InputError.at(odd.location, f"{cut(odd.text)!r} stands beside the array; write the array alone")


def _groups(text: str, begin: int, end: int, kind: str = "(") -> Iterator[int]:
    """Where a bracket of a kind holds a list: a comma of its own, or lists. ``(1 + 2)`` and ``f(1, 2)`` do not."""
    open_at: list[int] = []
    holds: list[bool] = []
    for found in _BRACKET_OR_COMMA.finditer(text, begin, end):
        sign, offset = found.group(), found.start()
        if sign == ",":
            if holds:
                holds[-1] = True
        elif sign in "([{":
            if sign != "(" and holds and not _behind_name(text, offset):
                holds[-1] = True
            open_at.append(offset)
            holds.append(False)
        elif open_at:
            place, held = open_at.pop(), holds.pop()
            if held and text[place] == kind and not _behind_name(text, place):
                yield place
                if holds:
                    holds[-1] = True


def _behind_name(text: str, offset: int) -> bool:
    before = text[offset - 1] if offset else ""
    return before.isalnum() or before in ("_", "}", ")", "]", "^")


class _Cells:
    """How pieces between two commas or brackets become cells: by blanks, but not around a sign between two numbers."""

    def __init__(self, writing: Writing, by_commas: bool) -> None:
        self.writing = writing
        self.text = writing.text
        self.by_commas = by_commas

    def of(self, pieces: list[_Piece]) -> list[_Piece]:
        """The cells, and the line breaks between them as pieces of no length."""
        cells: list[_Piece] = []
        glue = False  # the last piece waits for a right side
        for i, piece in enumerate(pieces):
            word = self.text[piece.begin : min(piece.end, piece.begin + 8)]
            if piece.begin == piece.end:
                if not glue and not self.by_commas:
                    cells.append(piece)
                continue
            if word in OMITTED:
                self.writing.refuse(piece.begin, ELIDED.format(word))
            first = not cells or cells[-1].begin == cells[-1].end
            if word in _SIGNS and not glue and not first:
                glue = self._between(pieces, i)
                joins = glue
            else:
                joins = glue or (not first and (word in _OPERATORS or word in ("%", "\\%") or word.startswith(_INFIX)))
                glue = word in _OPERATORS or self.text[max(piece.end - 6, piece.begin) : piece.end].endswith(_INFIX)
            if joins and not first:
                cells[-1] = _Piece(cells[-1].begin, piece.end)
            else:
                cells.append(piece)
        return self._by_commas(cells) if self.by_commas and len(cells) > 1 else cells

    def _between(self, pieces: list[_Piece], place: int) -> bool:
        """Whether a sign that stands alone behind a number joins it to the next one."""
        if not self.by_commas:
            self._refuse_sign(pieces, place)
        return True

    def _refuse_sign(self, pieces: list[_Piece], place: int) -> NoReturn:
        before = pieces[place - 1].begin
        behind = pieces[min(place + 1, len(pieces) - 1)].end
        both = cut(self.text[before:behind])
        rule = f"{both!r} is one difference or sum, or several numbers"
        self.writing.refuse(pieces[place].begin, f"{rule}: put a comma between numbers, or no blanks around the sign")

    def _by_commas(self, cells: list[_Piece]) -> list[_Piece]:
        """Cells that no comma parts although others of the list are parted by commas."""
        words = [self.text[cell.begin : cell.end] for cell in cells]
        if not all(word[0] in _BEGINS_NUMBER for word in words):
            return [_Piece(cells[0].begin, cells[-1].end)]
        before, behind = self.text[cells[0].begin - 1 : cells[0].begin], self.text[cells[-1].end : cells[-1].end + 2]
        if before == "," or (behind[:1] == "," and behind[1:].isdigit()):
            whole = cut(self.text[cells[0].begin - (before == ",") : cells[-1].end + 2])
            rule = f"commas part numbers here or stand for decimal points, at {whole!r}"
            self.writing.refuse(cells[0].begin, f"{rule}: write numbers with a point, and a comma and a blank between")
        for cell, word in zip(cells[1:], words[1:], strict=True):
            if word[0] in _SIGNS:
                whole = cut(self.text[cells[0].begin : cells[-1].end])
                rule = f"{whole!r} is one difference or sum, or several numbers without a comma between"
                self.writing.refuse(cell.begin, rule)
            self.writing.note(cell.begin, f"a comma is missing before {cut(word)!r}; read as a number of its own")
        return cells
