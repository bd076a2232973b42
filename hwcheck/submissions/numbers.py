"""Numbers as students write them, one cell at a time.

What has one sensible reading is read; everything else is a complaint, never a guess.
"""

from __future__ import annotations

import math

from hwcheck.errors import InputError
from hwcheck.graph.evaluate import Plan
from hwcheck.graph.node import Constant
from hwcheck.language.build import Scope, build
from hwcheck.language.source import Source
from hwcheck.limits import FORMULA
from hwcheck.located import Scalar
from hwcheck.ops.catalogue import ops

__all__ = ["BLANKS", "Unreadable", "is_blank", "read_number"]

BLANKS = frozenset({"", "_", "?", "-", "–", "—", "...", "…", "n/a", "na", "none", "null", "~", "todo"})
CONSTANTS = {"pi": math.pi, "π": math.pi, "e": math.e}
_PLAIN = frozenset("0123456789+-.eE")
_INFINITIES = {"inf": math.inf, "+inf": math.inf, "-inf": -math.inf, "infinity": math.inf, "-infinity": -math.inf}
LONGEST = 400  # digits of one number; a float64 needs 17


class Unreadable(Exception):  # noqa: N818  a finding, not a failure
    """A cell is no number; the message says why, and where in the cell if that is known."""

    def __init__(self, message: str, column: int = 0) -> None:
        self.message = message
        self.column = column
        super().__init__(message)


def is_blank(text: str) -> bool:
    """Whether a cell was left open: empty, ``_``, ``?``, ``n/a`` ..."""
    return text.strip().casefold() in BLANKS


def read_number(cell: Scalar) -> float:
    """The number in a cell: plain, or an arithmetic expression such as ``-log(0.999)``. Raises Unreadable."""
    text = cell.text.strip()
    if _PLAIN.issuperset(text) and len(text) <= LONGEST:
        try:
            return _finite(float(text), text)
        except ValueError:
            pass  # 1/3 has other signs; 1-2 and 1.2.3 come here: an expression, or nothing
    folded = text.casefold().replace("−", "-")
    if folded in _INFINITIES:
        return _INFINITIES[folded]
    if folded.lstrip("+-") == "nan":
        raise Unreadable("nan is no number")
    return _expression(cell)


def _expression(cell: Scalar) -> float:
    whole, comma, decimals = cell.text.strip().partition(",")
    if comma and (whole.lstrip("+-−") + decimals).replace(" ", "").isdigit():
        raise Unreadable(f"{cell.text.strip()!r} is not one number: write {whole}.{decimals.strip()} with a point")
    try:
        node = build(Source(cell.text, cell.location, FORMULA), Scope(CONSTANTS, ops()))
    except InputError as error:
        raise Unreadable(error.faults[0].message, error.faults[0].location.column) from None
    if node.shape:
        raise Unreadable(f"a single number belongs here, but this is an array of {node.size}")
    value = node.value if isinstance(node, Constant) else Plan([node]).run({})[0][0]
    return _finite(float(value), cell.text.strip())


def _finite(number: float, text: str) -> float:
    """The number. An infinity is written as one (inf); 1e999 and 1/0 are none."""
    if not math.isfinite(number):
        raise Unreadable(f"{text!r} has no finite value")
    return number
