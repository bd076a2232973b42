"""A reference as blocks: every quantity with its shape and value, or step by step with its formula."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from hwcheck.graph.node import Quantity
from hwcheck.reference import Reference
from hwcheck.reports.blocks import Block, Heading, Paragraph, line
from hwcheck.reports.numbers import Digits
from hwcheck.reports.value_table import ValueTable

__all__ = ["SolveView"]


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
        tables = ValueTable(
            self.reference.values, self.digits, self.steps, self.everything, self.width, self.reference.problem.indexing
        )
        for title, quantities in self._sections():
            chosen = [quantity for quantity in quantities if not self.only or quantity.name in self.only]
            if chosen:
                yield tables.of(title, chosen)

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
