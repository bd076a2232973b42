"""Reading the fields of a problem file: each function takes a located value and gives a checked one, or notes a fault.

All faults of a file are collected, so a reader that finds one goes on with what can still be checked.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from hwcheck.errors import Fault, InputError, Location, did_you_mean
from hwcheck.graph.node import Array, Constant
from hwcheck.language.build import Scope, build
from hwcheck.language.source import Source
from hwcheck.limits import LINE
from hwcheck.located import List, Located, Map, Scalar, kind
from hwcheck.ops.catalogue import ops

__all__ = ["Fields"]


class Fields:
    """The faults found so far, and the readers that add to them."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, location: Location, message: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(location, message))

    def mapping(self, value: Located | None, what: str) -> Iterator[tuple[Scalar, Located]]:
        """The entries of a mapping; what is no mapping is a fault, what is not there has none."""
        if isinstance(value, Map):
            yield from value.entries
        elif value is not None:
            self.fault(value.location, f"{what} must be a mapping (name: value), not {kind(value)}")

    def known(self, value: Located, known: tuple[str, ...], what: str) -> dict[str, Located]:
        """The entries of a mapping whose keys are fixed; an unknown key is a fault."""
        found = {}
        for key, item in self.mapping(value, what):
            if key.text in known:
                found[key.text] = item
            elif key.text.count(")") > key.text.count("("):
                rule = f"a comma ends a value inside {{ }}: put the expression before {key.text!r} in quotes"
                self.fault(key.location, rule)
            else:
                guess = did_you_mean(key.text, known) or f"; known are {', '.join(known)}"
                self.fault(key.location, f"unknown key {key.text!r} in {what}{guess}")
        return found

    def text(self, value: Located | None, what: str, default: str = "") -> str:
        """A text."""
        if value is None:
            return default
        if isinstance(value, Scalar):
            return value.text
        self.fault(value.location, f"{what} must be a text, not {kind(value)}")
        return default

    def choice(self, value: Located | None, what: str, choices: tuple[str, ...]) -> str:
        """One of a few words; the first is the default."""
        text = self.text(value, what, choices[0])
        if text not in choices and value is not None:
            guess = did_you_mean(text, choices) or f"; it can be {' or '.join(choices)}"
            self.fault(value.location, f"{what} cannot be {text!r}{guess}")
            return choices[0]
        return text

    def flag(self, value: Located | None, what: str) -> bool:
        """``true`` or ``false``."""
        return self.choice(value, what, ("false", "true")) == "true"

    def words(self, value: Located | None, what: str) -> list[Scalar]:
        """A list of names; one name is a list of one."""
        items = value.items if isinstance(value, List) else () if value is None else (value,)
        for item in items:
            if not isinstance(item, Scalar):
                self.fault(item.location, f"{what} must be a list of names, but holds {kind(item)}")
        return [item for item in items if isinstance(item, Scalar)]

    def number(self, value: Located, what: str, names: Mapping[str, Any] | None = None) -> float | None:
        """A finite number, or an expression of numbers (and of ``names``)."""
        if not isinstance(value, Scalar):
            self.fault(value.location, f"{what} must be a number, not {kind(value)}")
            return None
        try:
            number = read_number(value, names or {})
        except InputError as error:
            self.faults += error.faults
            return None
        if not math.isfinite(number):
            self.fault(value.location, f"{what} must be a finite number, but is {value.text}")
            return None
        return number

    def whole(
        self, value: Located, what: str, least: int, most: int = 10**9, names: Mapping[str, Any] | None = None
    ) -> int | None:
        """A whole number within bounds."""
        number = self.number(value, what, names)
        if number is None:
            return None
        if number != int(number) or not least <= number <= most:
            limits = f"from {least} to {most}" if most < 10**9 else f"of at least {least}"
            self.fault(value.location, f"{what} must be a whole number {limits}, not {_written(value, number)}")
            return None
        return int(number)

    def array(self, value: Located, what: str, names: Mapping[str, Any] | None = None) -> Array | None:
        """Nested lists of numbers; ragged ones are a fault at the row that differs."""
        before = len(self.faults)
        numbers: list[float] = []
        shape = self._collect(value, what, names or {}, numbers)
        if len(self.faults) > before or shape is None:
            return None
        return np.asarray(numbers, dtype=np.float64).reshape(shape)

    def _collect(
        self, value: Located, what: str, names: Mapping[str, Any], numbers: list[float]
    ) -> tuple[int, ...] | None:
        """Append the numbers below a value and give its shape. As deep as the file's lists, whose depth is limited."""
        if not isinstance(value, List):
            number = self.number(value, what, names)
            numbers.append(number if number is not None else 0.0)
            return None if number is None else ()
        if not value.items:
            self.fault(value.location, f"{what} has an empty list")
            return None
        shapes = [self._collect(item, what, names, numbers) for item in value.items]
        first = next((shape for shape in shapes if shape is not None), None)
        for position, (item, shape) in enumerate(zip(value.items, shapes, strict=True)):
            if shape is not None and shape != first:
                self.fault(
                    item.location,
                    f"{what} is ragged: item {position} of this list holds {_count(shape)}, "
                    f"item 0 holds {_count(first)}",
                )
                return None
        return None if first is None else (len(value.items), *first)


def read_number(scalar: Scalar, names: Mapping[str, Any]) -> float:
    """A number as a teacher writes it: plain, or an expression such as ``1/3``. Raises InputError."""
    text = scalar.text.strip()
    if text.isascii() and text[-1:].isdigit() and "_" not in text:
        try:
            return float(text)
        except ValueError:
            pass  # no plain number: an expression
    if text.lower().lstrip("+-.") in ("nan", "inf", "infinity"):
        return math.nan
    node = build(Source(scalar.text, scalar.location, LINE), Scope(names, ops()))
    if not isinstance(node, Constant) or node.shape:
        raise InputError([Fault(scalar.location, f"a number belongs here, not {scalar.text!r}")])
    return float(node.value)


def _count(shape: tuple[int, ...] | None) -> str:
    return " x ".join(map(str, shape)) + " numbers" if shape else "a single number"


def _written(value: Located, number: float) -> str:
    text = value.text if isinstance(value, Scalar) else ""
    return text if text and text[-1:].isdigit() and not set(text) & set("+*/@") else f"{text} = {number:g}"
