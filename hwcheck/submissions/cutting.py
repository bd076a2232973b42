"""How what stands between two commas or brackets becomes cells: by blanks, but not around a sign between numbers."""

from __future__ import annotations

from typing import NamedTuple, NoReturn

from hwcheck.errors import quoted
from hwcheck.submissions.beginnings import FRACTIONS
from hwcheck.submissions.number_text import cut
from hwcheck.submissions.writing import Writing

__all__ = ["ELIDED", "OMITTED", "Cutter", "Piece"]

ELIDED = "the printed output leaves numbers out ('{}'); print the whole array and hand that in"
OMITTED = frozenset({"..", "...", "…", "\\dots", "\\cdots", "\\ldots", "\\vdots", "\\ddots", "⋯", "⋮", "⋱"})
_OPERATORS = frozenset({"*", "/", "·", "×", "x", "^", "**", "÷", "\\times", "\\cdot", "\\div", "+", "-", "−"})
_SIGNS = frozenset({"+", "-", "−"})
_INFIX = ("*", "/", "×", "·", "^", "÷", "\\times", "\\cdot")  # no number begins or ends with one of these
_BEGINS_NUMBER = frozenset(f"0123456789.+-−≈{FRACTIONS}")


class Piece(NamedTuple):
    """Characters without a blank between them; a line break between two pieces is one of no length."""

    begin: int
    end: int


class Cutter:
    """Makes cells of pieces; ``by_commas`` says that commas part those of the list."""

    def __init__(self, writing: Writing, by_commas: bool) -> None:
        self.writing = writing
        self.text = writing.text
        self.by_commas = by_commas

    def of(self, pieces: list[Piece]) -> list[Piece]:
        """The cells, and the line breaks between them as pieces of no length."""
        if len(pieces) == 1 and self.text[pieces[0].begin : pieces[0].end] not in OMITTED:
            return pieces
        cells: list[Piece] = []
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
                cells[-1] = Piece(cells[-1].begin, piece.end)
            else:
                cells.append(piece)
        return self._by_commas(cells) if self.by_commas and len(cells) > 1 else cells

    def _between(self, pieces: list[Piece], place: int) -> bool:
        """Whether a sign that stands alone behind a number joins it to the next one."""
        if not self.by_commas:
            self._refuse_sign(pieces, place)
        return True

    def _refuse_sign(self, pieces: list[Piece], place: int) -> NoReturn:
        before = pieces[place - 1].begin
        behind = pieces[min(place + 1, len(pieces) - 1)].end
        both = cut(self.text[before:behind])
        rule = f"{quoted(both)} is one difference or sum, or several numbers"
        self.writing.refuse(pieces[place].begin, f"{rule}: put a comma between numbers, or no blanks around the sign")

    def _by_commas(self, cells: list[Piece]) -> list[Piece]:
        """Cells that no comma parts although others of the list are parted by commas."""
        words = [self.text[cell.begin : cell.end] for cell in cells]
        if not all(word[0] in _BEGINS_NUMBER for word in words):
            return [Piece(cells[0].begin, cells[-1].end)]
        before, behind = self.text[cells[0].begin - 1 : cells[0].begin], self.text[cells[-1].end : cells[-1].end + 2]
        if before == "," or (behind[:1] == "," and behind[1:].isdigit()):
            whole = cut(self.text[cells[0].begin - (before == ",") : cells[-1].end + 2])
            rule = f"commas part numbers here or stand for decimal points, at {quoted(whole)}"
            self.writing.refuse(cells[0].begin, f"{rule}: write numbers with a point, and a comma and a blank between")
        for cell, word in zip(cells[1:], words[1:], strict=True):
            if word[0] in _SIGNS:
                whole = cut(self.text[cells[0].begin : cells[-1].end])
                rule = f"{quoted(whole)} is one difference or sum, or several numbers without a comma between"
                self.writing.refuse(cell.begin, rule)
            self.writing.note(cell.begin, f"a comma is missing before {quoted(cut(word))}; read as a number of its own")
        return cells
