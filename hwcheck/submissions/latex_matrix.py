r"""Matrices in LaTeX: every environment with ``&`` and ``\\``, one inside the other too.

A cell is the text between the signs, ``\frac{1}{3}`` and all. Braces that nothing closes protect nothing, so that one
broken cell costs that cell and not the rest of the matrix.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from hwcheck.errors import quoted
from hwcheck.located import List, Located, Scalar
from hwcheck.submissions.cutting import ELIDED, OMITTED
from hwcheck.submissions.number_text import cut
from hwcheck.submissions.writing import Writing

__all__ = ["Matrix", "find_matrices"]

_EQUATIONS = frozenset(
    {"align", "aligned", "alignat", "alignedat", "split", "gather", "gathered", "eqnarray", "multline"}
)
_AROUND = frozenset({"equation", "math", "displaymath", "document", "center", "table", "figure", "frame", "enumerate"})
_DETERMINANTS = frozenset({"vmatrix", "Vmatrix"})

_TOKEN = re.compile(
    r"""
      \\begin\s{0,9}\{\s{0,9}(?P<begin>[A-Za-z]{1,30})\*?\s{0,9}\}
    | \\end\s{0,9}\{\s{0,9}(?P<end>[A-Za-z]{1,30})\*?\s{0,9}\}
    | (?P<row>\\\\(?:\s{0,9}\[-?[0-9.]{1,9}\s?[a-z]{2}\])?|\\(?:cr|tabularnewline|newline)(?![A-Za-z]))
    | (?P<rule>\\(?:hline|hdashline|toprule|midrule|bottomrule)(?![A-Za-z])|\\c(?:line|midrule)\s?\{[0-9-]{0,9}\})
    | (?P<command>\\(?:[A-Za-z]+|.))
    | (?P<mark>[&{}=≈])
    """,
    re.VERBOSE | re.DOTALL,
)
# The columns of an array, and the alignment that some environments take in square brackets.
_COLUMNS = re.compile(r"\s{0,9}(?:\[[a-z|]{0,40}\]\s{0,9})?(?:\{[clrSX|@!:*{}0-9.\s]{0,99}\}(?![^&\\]{0,9}\}))?")
_ALIGNMENT = re.compile(r"\s{0,9}\[[clr|]{1,40}\]")
_DECIMAL_COMMA = re.compile(r"[+\-−]?[0-9]+,[0-9]+")
_LOST_ROW = frozenset("\n\r\t 0123456789-−.+")  # what stands behind a backslash that was two
_RELATIONS = frozenset({"", "=", "≈", "\\approx", "\\simeq", "\\doteq", "\\cong"})
_FRAME = re.compile(r"\\left|\\right|\\[bB]igg?[lr]?|\\[{}|,;:! ]|\\q?quad|[\s()\[\]{}|.,;$]")


class Matrix(NamedTuple):
    """One matrix that no other holds, and where its environment begins and ends in the text."""

    value: List
    begin: int
    end: int


class _Environment:
    """An environment whose end has not been read yet."""

    def __init__(self, name: str, offset: int, begin: int, lost_rows: bool) -> None:
        self.name = name
        self.offset = offset
        self.cell_at = begin
        self.lost_rows = lost_rows
        self.rows: list[Located] = []
        self.cells: list[Located] = []
        self.inner: list[Matrix] = []  # the matrices in the cell that is being read
        self.depth = 0  # of braces
        self.relation = False
        self.noted = False
        self.value_at = 0  # behind the last relation of the cell, if it has one


def find_matrices(writing: Writing, begin: int, end: int) -> list[Matrix]:
    r"""Every matrix between two places of a text that no other matrix holds, in the order of the text.

    The environments of equations (``aligned``) are matrices only where no ``=`` and no matrix stands in them.

    Raises:
        InputError: an environment that does not end, or ends without a beginning; numbers left out (``\cdots``);
            more, or deeper in one another, than a submission may hold.

    """
    return _Matrices(writing, begin, end).find()


class _Matrices:
    """One pass that matches braces, and one that reads."""

    def __init__(self, writing: Writing, begin: int, end: int) -> None:
        self.writing = writing
        self.text = writing.text
        self.begin, self.end = begin, end
        self.matched: set[int] = set()
        self.rowless: set[int] = set()
        self.open: list[_Environment] = []
        self.found: list[Matrix] = []
        self._match()

    def _match(self) -> None:
        """Find the braces that are closed in their own environment, and the environments without a row's end."""
        levels: list[tuple[int, list[int]]] = [(-1, [])]
        for token in _TOKEN.finditer(self.text, self.begin, self.end):
            kind, offset = token.lastgroup, token.start()
            if kind == "begin":
                levels.append((offset, []))
                self.rowless.add(offset)
            elif kind == "end" and len(levels) > 1:
                levels.pop()
            elif kind == "row":
                self.rowless.discard(levels[-1][0])
            elif kind == "mark":
                braces = levels[-1][1]
                if token.group() == "{":
                    braces.append(offset)
                elif token.group() == "}" and braces:
                    self.matched |= {offset, braces.pop()}

    def find(self) -> list[Matrix]:
        """The matrices."""
        skip = self.begin
        for token in _TOKEN.finditer(self.text, self.begin, self.end):
            kind, offset = token.lastgroup, token.start()
            if offset < skip:
                continue
            if kind == "begin":
                skip = self._opened(token)
            elif kind == "end":
                self._ended(token)
            elif self.open:
                self._inside(kind or "", token)
        if self.open:
            last = self.open[-1]
            self.writing.refuse(last.offset, f"\\begin{{{last.name}}} has no \\end{{{last.name}}}")
        return self.found

    def _opened(self, token: re.Match[str]) -> int:
        name, begin = token["begin"], token.end()
        takes_columns = name in ("array", "tabular", "subarray", "alignat", "alignedat", "NiceArray")
        if found := (_COLUMNS if takes_columns else _ALIGNMENT).match(self.text, begin, self.end):
            begin = found.end()
        self.open.append(_Environment(name, token.start(), begin, token.start() in self.rowless))
        self.writing.check_depth(len(self.open), token.start())
        return begin

    def _inside(self, kind: str, token: re.Match[str]) -> None:
        """A sign inside an environment, but not its beginning or end."""
        current, sign, offset = self.open[-1], token.group(), token.start()
        if offset in self.matched:
            current.depth += 1 if sign == "{" else -1
        elif current.depth:
            pass
        elif sign == "&":
            self._cell_ended(offset, token.end())
        elif kind == "row":
            self._row_ended(offset, token.end())
        elif kind == "rule":
            if not self.text[current.cell_at : offset].strip():
                current.cell_at = token.end()
        elif sign in _RELATIONS:
            current.relation = current.relation or sign == "="
            current.value_at = token.end()
        elif kind == "command" and current.lost_rows and sign[1] in _LOST_ROW:
            if not current.rows:
                self.writing.note(offset, "a single backslash read as the end of a row")
            self._row_ended(offset, offset + 1)

    def _cell_ended(self, end: int, behind: int) -> None:
        current = self.open[-1]
        begin, inner = current.cell_at, current.inner
        if current.value_at > begin and current.name.endswith("matrix") and self.text[current.value_at : end].strip():
            if not current.noted and self.text[begin : current.value_at].strip(" \n&=≈") not in _RELATIONS:
                current.noted = True
                self.writing.note(begin, "of an equation in a matrix what stands behind its last = is read")
            begin = current.value_at
        current.cell_at, current.inner = behind, []
        if current.name in _AROUND:
            return
        if not inner:
            cell = self.writing.cell(begin, end)
            if cell.text in OMITTED:
                self.writing.refuse(begin, ELIDED.format(cell.text))
            current.cells.append(cell)
            return
        if current.name in _EQUATIONS:
            self._pass_on(current, inner)
            return
        beside = self.text[begin : inner[0].begin] + self.text[inner[0].end : end]
        if len(inner) > 1 or _FRAME.sub("", beside):
            self.writing.refuse(
                inner[0].begin, "more than this matrix stands in one cell of another; write the numbers"
            )
        self.writing.note(inner[0].begin, "a matrix inside of a matrix read as one entry, with axes of its own")
        current.cells.append(inner[0].value)

    def _pass_on(self, current: _Environment, inner: list[Matrix]) -> None:
        """Matrices in an equation belong to what is around the equation."""
        current.relation = True
        (self.open[-2].inner if len(self.open) > 1 else self.found).extend(inner)

    def _row_ended(self, end: int, behind: int) -> None:
        current = self.open[-1]
        begin = current.cell_at
        if current.cells or current.inner or self.text[begin:end].strip():
            self._cell_ended(end, behind)
            if current.cells:
                current.rows.append(List(tuple(current.cells), current.cells[0].location))
        current.cells, current.cell_at = [], behind

    def _refuse_commas(self, current: _Environment) -> None:
        """Refuse a column of ``1,2`` and ``3,4``: two numbers or four."""
        rows = [row.items for row in current.rows if isinstance(row, List)]
        texts = [row[0].text for row in rows if len(row) == 1 and isinstance(row[0], Scalar)]
        if texts and len(texts) == len(rows) and all(map(_DECIMAL_COMMA.fullmatch, texts)):
            rule = f"{quoted(cut(texts[0]))} is {cut(texts[0].replace(',', '.'))}, or two numbers"
            self.writing.refuse(current.offset, f"{rule}: write decimals with a point, and & between numbers")

    def _ended(self, token: re.Match[str]) -> None:
        if not self.open:
            self.writing.refuse(token.start(), f"\\end{{{token['end']}}} ends nothing")
        current = self.open[-1]
        if current.name in _AROUND:
            self._pass_on(current, current.inner)
            self.open.pop()
            return
        self._row_ended(token.start(), token.end())
        self.open.pop()
        if current.name in _EQUATIONS and (current.relation or not current.rows):
            return
        if token["end"] != current.name:
            self.writing.note(token.start(), f"\\end{{{token['end']}}} read as the end of \\begin{{{current.name}}}")
        if current.name in _DETERMINANTS:
            self.writing.note(current.offset, "a matrix between vertical lines read as the matrix, no determinant")
        self._refuse_commas(current)
        value = self.writing.listed(_one_below_another(current.rows), current.offset)
        matrix = Matrix(value, current.offset, token.end())
        (self.open[-1].inner if self.open else self.found).append(matrix)


def _one_below_another(rows: list[Located]) -> list[Located]:
    """Rows, of which each is one matrix alone, as these matrices: so the channels of an answer are written."""
    alone = [row.items[0] for row in rows if isinstance(row, List) and len(row.items) == 1]
    return alone if len(alone) == len(rows) and all(isinstance(item, List) for item in alone) else rows
