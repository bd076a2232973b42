r"""Matrices of plain numbers in LaTeX, ``\begin{bmatrix} 0.1 & 0.2 \\ 0.3 & 0.4 \end{bmatrix}``, as in ``plain_array``.

Whatever is not certainly one is left to ``submissions.latex_matrix``, whose list this one always equals.
"""

from __future__ import annotations

import re

from hwcheck.errors import Location
from hwcheck.limits import SHORT_WAY
from hwcheck.located import List, Located
from hwcheck.submissions.latex_matrix import find_matrices
from hwcheck.submissions.writing import Unread

__all__ = ["matrix_end", "plain_matrix"]

_NUMBER = r"[+\-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+\-]?[0-9]+)?"
_CELLS = rf"[ \n]*{_NUMBER}(?:[ \n]*(?:&|\\\\)[ \n]*{_NUMBER})*[ \n]*"
_MATRIX = re.compile(rf"\\begin\{{(?P<name>[bp]?matrix)\}}(?P<body>{_CELLS})(?P<last>\\\\[ \n]*)?\\end\{{(?P=name)\}}")


class _Typeset(Unread):
    """A matrix as it was typeset, with its environment."""

    __slots__ = ()

    def words(self) -> list[str]:
        """The texts of all cells, row by row."""
        return self.cells.replace("\\\\", " ").replace("&", " ").split()

    def items(self) -> tuple[Located, ...]:
        """The rows, with their places."""
        return find_matrices(self.writing, 0, len(self.text))[0].value.items


def plain_matrix(text: str, start: Location, most: int, *, one_place: bool, margin: int) -> tuple[List, int] | None:
    """The matrix that a text is from its first sign, which stands at ``start``, to its last one, and what it costs.

    That is the number of cells and lists, at most ``most``. None of any other text. ``one_place`` and ``margin`` are as
    in ``Writing``. The time is linear in the length of the text.
    """
    if text[:1] != "\\" or len(text) > SHORT_WAY or not (found := _MATRIX.fullmatch(text)):
        return None
    body = found["body"]
    lengths = [row.count("&") + 1 for row in body.split("\\\\")]
    values = 1 + sum(lengths)  # as the reader of matrices counts: rows are none
    if values > most or len(set(lengths)) > 1:
        return None
    shape = len(lengths), lengths[0]
    return List(None, start, _Typeset(body, shape, text, start, one_place, margin)), values


def matrix_end(text: str, begin: int, end: int) -> tuple[int, int, int] | None:
    r"""Where the ``\end`` of a matrix of plain numbers begins and ends, and its last ``\\`` ends (-1 without one).

    ``begin`` is the place of its ``\begin``; None where no such matrix begins there.
    """
    found = _MATRIX.match(text, begin, min(end, begin + SHORT_WAY))
    if found is None:
        return None
    row = text.rfind("\\\\", found.start("body"), found.start("last") + 2 if found["last"] else found.end("body"))
    return text.rfind("\\end", begin, found.end()), found.end(), row + 2 if row >= 0 else -1
