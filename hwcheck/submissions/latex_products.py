"""Products in formulas: of matrices, vectors and numbers that stand side by side or with a sign between."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = [
    "MATRIX",
    "ROW",
    "SCALAR",
    "VECTOR",
    "Piece",
    "UntranslatableError",
    "divisor",
    "joined",
    "product",
    "turned",
]

SCALAR, VECTOR, ROW, MATRIX = "scalar", "vector", "row", "matrix"


class UntranslatableError(Exception):
    """A formula whose meaning is not certain."""


class Piece(NamedTuple):
    """A part in the language of formulas.

    ``tight`` where it needs no brackets in a product, ``bare`` the name that it is.
    """

    text: str
    kind: str
    tight: bool = True
    bare: str = ""

    @property
    def within(self) -> str:
        """The text as a factor of a product."""
        return self.text if self.tight else f"({self.text})"


def turned(piece: Piece) -> Piece:
    """The transpose: of a vector a row, which is the same numbers."""
    if piece.kind == VECTOR:
        return Piece(piece.text, ROW, piece.tight)
    if piece.kind == ROW:
        return Piece(piece.text, VECTOR, piece.tight)
    return piece if piece.kind == SCALAR else Piece(f"{piece.within}.T", MATRIX)


def divisor(piece: Piece) -> str:
    """The text below a division."""
    return piece.text if re.fullmatch(r"[\w.]+|\(.*\)", piece.text) and piece.tight else f"({piece.text})"


def product(a: Piece, b: Piece) -> Piece:
    """Two factors that stand side by side."""
    kinds = (a.kind, b.kind)
    if SCALAR in kinds or kinds == (VECTOR, VECTOR):
        return Piece(f"{a.within} * {b.within}", a.kind if b.kind == SCALAR else b.kind, tight=False)
    return of_arrays(a, b)


def of_arrays(a: Piece, b: Piece) -> Piece:
    kinds = (a.kind, b.kind)
    if kinds == (VECTOR, ROW):
        return Piece(f"outer({a.text}, {b.text})", MATRIX)
    results = {(MATRIX, VECTOR): VECTOR, (MATRIX, MATRIX): MATRIX, (ROW, MATRIX): ROW, (ROW, VECTOR): SCALAR}
    if kinds not in results:
        raise UntranslatableError(f"a {a.kind} times a {b.kind}")
    return Piece(f"{a.within} @ {b.within}", results[kinds], tight=False)


def joined(a: Piece, sign: str, b: Piece) -> Piece:
    """Two parts with a sign of multiplication or division between."""
    kinds = (a.kind, b.kind)
    if sign == "·":
        if kinds == (VECTOR, VECTOR):
            raise UntranslatableError("whether a dot multiplies entry by entry or adds up")
        return product(a, b)
    if sign == "@":
        return of_arrays(a, b) if ROW in kinds else Piece(f"{a.within} @ {b.within}", b.kind, tight=False)
    left = a.text if re.fullmatch(r"[^-+<>=]*|.*\)", a.text) and not re.search(r"@| if ", a.text) else a.within
    kind = next(kind for kind in (MATRIX, ROW, VECTOR, SCALAR) if kind in kinds)
    if ROW in kinds and VECTOR in kinds:
        raise UntranslatableError("a row and a column, entry by entry")
    return Piece(f"{left} {sign} {b.within}", kind, tight=False)
