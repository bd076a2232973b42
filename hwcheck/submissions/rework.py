"""What stands around an array and changes it: a transposition, a factor."""

from __future__ import annotations

import re

from hwcheck.located import List, Located, Scalar

__all__ = ["scaled", "transposed"]

_PLAIN = re.compile(r"[+\-−]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_POWER = re.compile(r"(?:1(?:\.0*)?[eE]|10\^|10\*\*)[({]?([+\-−]?[0-9]{1,3})[)}]?")


def transposed(value: Located) -> Located:
    """A matrix with rows and columns exchanged, each cell where it was written. What is ragged stays as it is."""
    if not isinstance(value, List) or not value.items:
        return value
    rows = [row.items for row in value.items if isinstance(row, List)]
    if len(rows) < len(value.items) or not rows[0] or any(len(row) != len(rows[0]) for row in rows):
        return value  # a flat vector is its own transpose
    return List(tuple(List(column, column[0].location) for column in zip(*rows, strict=True)), value.location)


def scaled(value: Located, factor: str) -> Located:
    """An array whose every cell is to be multiplied by a factor, which is written into the cell.

    A power of ten becomes the cell's own: ``0.1000`` by ``1.0e-03`` is ``0.1000e-03``, and keeps its digits.
    """
    if isinstance(value, List):
        return List(tuple(scaled(item, factor) for item in value.items), value.location)
    if not isinstance(value, Scalar) or not value.text:
        return value
    power = _POWER.fullmatch(factor)
    if power and _PLAIN.fullmatch(value.text):
        return value._replace(text=f"{value.text}e{power[1]}")
    if factor == "-1" and value.text[0].isdigit() and _PLAIN.fullmatch(value.text):
        return value._replace(text=f"-{value.text}")
    return value._replace(text=f"({factor})*({value.text})")
