"""A table of quantities: name, shape, value, and above the value how it is computed where that is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from hwcheck.graph.node import Array, Call, Quantity
from hwcheck.language.printer import formula, to_text
from hwcheck.reports.blocks import Column, Line, Span, Table, line
from hwcheck.reports.layout import LEAST, WIDEST_GAP
from hwcheck.reports.numbers import Digits, array_lines

__all__ = ["ValueTable", "computed_as"]

FOLDED_ROWS = 8
MOST = 200  # columns, for values


class ValueTable(NamedTuple):
    """How values are shown, by the names of their quantities; entries are counted from ``first`` on."""

    values: Mapping[str, Array]
    digits: Digits
    steps: bool = False
    everything: bool = False
    width: int = 80
    first: int = 0

    def of(self, title: str, quantities: Sequence[Quantity]) -> Table:
        """The table of some quantities."""
        columns = (Column("Quantity"), Column("Shape", fixed=True), Column("Value", fixed=True))
        named = max(len("Quantity"), *(len(quantity.name) for quantity in quantities))
        shaped = max(len("Shape"), *(len(_shape(quantity)) for quantity in quantities))
        # A long name gives way to the numbers, down to a third of the width.
        room = self.width - min(named, max(self.width // 3, LEAST)) - shaped - 2 * WIDEST_GAP
        room = min(max(room, LEAST), MOST)
        rows = tuple(
            (
                (line(quantity.name, "name"),),
                (line(_shape(quantity), "faint"),),
                self._value(quantity, room),
            )
            for quantity in quantities
        )
        return Table(columns, rows, title)

    def _value(self, quantity: Quantity, room: int) -> tuple[Line, ...]:
        value = self.values[quantity.name]
        most = None if self.everything else FOLDED_ROWS
        digits = Digits.given() if quantity.body is None else self.digits
        numbers = array_lines(
            quantity.name, value, digits, room, most=most, advice="; --all shows them", first=self.first
        )
        computed = computed_as(quantity) if self.steps and quantity.body is not None else quantity.name
        if computed == quantity.name:  # a jacobian has no other formula
            return numbers
        return (*_broken(f"= {computed}", room), *numbers)


def computed_as(quantity: Quantity) -> str:
    """The formula of a quantity; a last change of shape is told in words: ``grad(m) * W2, as 1x4x4``.

    Of a layer whose inner steps have names, also how it follows from them: ``lstm_cell(...) = h.o * tanh(h.c)``.
    """
    body = quantity.body
    if isinstance(body, Call) and body.op.stepped and body.body is not None:
        last = to_text(body.body)
        if f"{quantity.name}." in last:
            return f"{formula(quantity)} = {last}"
    if isinstance(body, Call) and body.op.name == "reshape":
        shape = "x".join(map(str, body.shape)) or "a single number"
        return f"{to_text(body.inputs[0])}, as {shape}"
    return formula(quantity)


def _broken(text: str, room: int) -> Iterator[Line]:
    """A formula over as many lines as it needs, broken at spaces."""
    while len(text) > room:
        cut = text.rfind(" ", 1, room)
        cut = cut if cut > 2 else room
        yield (Span(text[:cut], "faint"),)
        text = "  " + text[cut:].strip()
    yield (Span(text, "faint"),)


def _shape(quantity: Quantity) -> str:
    return "x".join(map(str, quantity.shape)) or "-"
