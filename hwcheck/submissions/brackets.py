"""Arrays between brackets: lists of every spelling, and what NumPy, PyTorch and their like print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NoReturn

from hwcheck.errors import InputError, quoted
from hwcheck.located import List, Located, Scalar
from hwcheck.submissions.beginnings import OPTIONS, WRAPPERS
from hwcheck.submissions.cutting import Cutter, Piece
from hwcheck.submissions.decimal_commas import decimal_commas, refuse_decimal_commas
from hwcheck.submissions.number_text import cut
from hwcheck.submissions.writing import Writing

__all__ = ["has_list", "read_brackets", "read_items"]

_CLOSING = {"[": "]", "(": ")", "{": "}"}
_WIDTH = 75  # NumPy breaks a row of numbers where the next one would not fit into so many columns

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
        self.pieces: list[Piece] = []
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
                    self.pieces.append(Piece(begin, begin))
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
            self.pieces[-1] = Piece(self.pieces[-1].begin, end)
        else:
            self.pieces.append(Piece(begin, end))

    def _bracket(self, sign: str, offset: int) -> None:
        """An opening bracket: of a list where an item begins, else of a cell."""
        lists = sign != "(" or offset in self.groups
        if self.pieces and lists and self.text[self.pieces[-1].begin : offset] in ("\\left", "\\", "\\left\\"):
            self.pieces.pop()  # \left[ and \{ are brackets
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
        self._drop_right()
        self._flush()
        if not current.call and not any(isinstance(item, List) for item in current.items):
            self._refuse_commas(current, offset)
        self.open.pop()
        value = self._called(current) if current.call else self._listed(current, offset)
        self.open[-1].items.append(value)
        self.open[-1].fresh = True

    def _drop_right(self) -> None:
        """Leave out the ``right`` or the backslash that belongs to the closing bracket behind it."""
        if not self.pieces:
            return
        begin, end = self.pieces[-1]
        word = self.text[begin:end]
        kept = word.removesuffix("\\").removesuffix("\\right")
        if kept != word:
            self.pieces[-1:] = [Piece(begin, begin + len(kept))] if kept else []

    def _refuse_commas(self, current: _Open, end: int) -> None:
        """Refuse ``[0,5, 0,3]``, which is two numbers or four."""
        refuse_decimal_commas(self.writing, current.offset, self.text[current.offset + 1 : end])

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
        if not self.pieces:
            return
        pieces, self.pieces = self.pieces, []
        current = self.open[-1]
        if not any(piece.begin < piece.end for piece in pieces):
            return
        current.fresh = True
        if current.call and self._option(pieces[0].begin, pieces[-1].end, bool(current.items)):
            return
        for cell in Cutter(self.writing, current.commas).of(pieces):
            if cell.begin == cell.end:
                line = self.text.rfind("\n", self.begin, cell.begin) + 1
                current.lines.append((len(current.items), cell.begin - max(line, self.begin)))
            else:
                current.items.append(self._cell(cell))

    def _cell(self, cell: Piece) -> Scalar:
        first, last = self.text[cell.begin], self.text[cell.end - 1]
        if first in "'\"" and last == first and cell.end - cell.begin > 1:
            return self.writing.cell(cell.begin, cell.end, self.text[cell.begin + 1 : cell.end - 1])
        return self.writing.cell(cell.begin, cell.end)

    def _option(self, begin: int, end: int, behind: bool) -> bool:
        """Whether this is no array but a word of how it is stored: ``dtype=float32``, ``grad_fn=<...>``."""
        text = self.text[begin : min(end, begin + 200)]
        found = re.match(r"([A-Za-z_]\w*)\s*=", text)
        if found and found[1] in OPTIONS:
            return True
        if not found and behind and text.rpartition(".")[2].rstrip("0123456789") in ("float", "int", "double"):
            return True
        if found:
            self.writing.refuse(begin, f"{quoted(found[1])} is nothing that belongs to an array of numbers")
        return False

    def _called(self, call: _Open) -> Located:
        """What ``array(...)`` or ``tensor(...)`` holds."""
        if len(call.items) > 1 or call.rows:
            self.writing.refuse(call.offset, "one array belongs between these brackets, with its own brackets [ ]")
        return call.items[0] if call.items else self.writing.listed([], call.offset)

    def _listed(self, current: _Open, end: int) -> Located:
        """The list that has been closed, as rows where ``;`` or line ends made some."""
        if current.rows:
            if decimals := decimal_commas(self.writing, current.offset, end):
                return self.writing.listed(decimals, current.offset)
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
        if any(outer.sign and not outer.call for outer in self.open):
            return False  # the other rows, too, say how wide a printer's columns are
        if current.commas or not current.lines or any(isinstance(item, List) for item in current.items):
            return False
        halves = [item.text.partition(".") for item in current.items if isinstance(item, Scalar)]
        left, right = (max(len(half[side]) for half in halves) for side in (0, 2))
        # Printers put the points of all numbers below one another, and leave blanks at the end of a line out.
        column = left + right + 2
        return not any(
            width + right + column + len(self.open) >= _WIDTH
            for before, width in current.lines
            if before < len(current.items)  # behind the last number there is no more to be broken
        )

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
    raise InputError.at(odd.location, f"{quoted(cut(odd.text))} stands beside the array; write the array alone")


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
    if before == "t" and text.endswith("\\left", 0, offset):
        return False
    return before.isalnum() or before in ("_", "}", ")", "]", "^")
