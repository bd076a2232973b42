"""A reference as blocks: every quantity with its shape and value, or step by step with its formula."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from hwcheck.graph.node import Call, Quantity
from hwcheck.language.printer import formula, to_text
from hwcheck.reference import Reference
from hwcheck.reports.blocks import Block, Column, Heading, Line, Paragraph, Span, Table, line
from hwcheck.reports.layout import LEAST, WIDEST_GAP
from hwcheck.reports.numbers import Digits, array_lines

__all__ = ["SolveView", "computed_as"]

FOLDED_ROWS = 8
MOST = 200  # columns, for values


class SolveView(NamedTuple):
    """What of a reference is shown; ``only`` are names of quantities, none of them means all."""

    reference: Reference
    digits: Digits
    only: Collection[str] = ()
    steps: bool = False
    everything: bool = False
    width: int = 80

    def blocks(self) -> Iterator[Block]:
        """The report."""
        problem = self.reference.problem
        yield Heading(problem.title, 1)
        if problem.description and not self.only:
            yield Paragraph(line(" ".join(problem.description.split())))
        for title, quantities in self._sections():
            chosen = [quantity for quantity in quantities if not self.only or quantity.name in self.only]
            if chosen:
                yield self._table(title, chosen)

    def _sections(self) -> Iterator[tuple[str, list[Quantity]]]:
        problem = self.reference.problem
        for title, names in (("Inputs", problem.inputs), ("Weights", problem.weights), ("Forward", problem.computed)):
            yield title, [problem.quantities[name] for name in names]
        yield "Gradients", list(self._backward())
        named = {*problem.quantities, *problem.shares, *(gradient.name for gradient in problem.gradients.values())}
        yield "Also asked", [question.quantity for question in problem.questions if question.name not in named]

    def _backward(self) -> Iterator[Quantity]:
        """The gradients in the order in which they are worked out: from the loss back to the inputs."""
        problem = self.reference.problem
        for name in reversed(problem.computed):
            if name in problem.gradients:
                yield problem.gradients[name]
        for name in (*problem.weights, *problem.inputs):
            if name in problem.gradients:
                yield from (share for share in problem.shares.values() if share.name.startswith(f"grad({name}, "))
                yield problem.gradients[name]

    def _table(self, title: str, quantities: list[Quantity]) -> Table:
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
        value = self.reference[quantity.name]
        most = None if self.everything else FOLDED_ROWS
        digits = Digits.given() if quantity.body is None else self.digits
        numbers = array_lines(quantity.name, value, digits, room, most=most, advice="; --all shows them")
        computed = computed_as(quantity) if self.steps and quantity.body is not None else quantity.name
        if computed == quantity.name:  # a jacobian has no other formula
            return numbers
        return (*_broken(f"= {computed}", room), *numbers)


def computed_as(quantity: Quantity) -> str:
    """The formula of a quantity; a last change of shape is told in words: ``grad(m) * W2, as 1x4x4``."""
    body = quantity.body
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
