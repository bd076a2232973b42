"""A misconception: one step of a network done wrong, as another expression in its place.

::

    @misconception(of="gradient", ops=["relu"])
    def relu_mask_left_out(share: Share, place: Place) -> Iterator[Instead]:
        '''The gradient goes through the ReLU as if nothing stood there: its mask is left out.

        Why it is wrong: ...
        How to see it: ...
        '''
        yield Instead(share.g)

The function is called for everything in an expression that it speaks ``of``, and gives what a student who has the
misconception computes in its place; nothing where the mistake cannot be made.

- ``value``: a call of one of the ``ops`` in a line of the network (``call: Call``);
- ``gradient``: what a call of one of the ``ops`` sends on to one of its inputs on the way back (``share: Share``);
- ``quantity``: all that a quantity is computed from (``quantity: Quantity``).

Without ``ops`` it is called for calls of every op. A node that does not have the shape of what it stands for, and a
``Misfit`` while it is built, say that the mistake cannot be made there.

``rare`` is a mistake so much rarer than others that it is not considered where a common one explains the answer as
well.

The name of the misconception is the function's, with hyphens. The first sentence of its docstring says what was done.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from hwcheck.graph.node import Node, Quantity
from hwcheck.misconceptions.way_back import Step
from hwcheck.problem.model import Problem

__all__ = ["Instead", "Misconception", "Place", "misconception"]


class Instead(NamedTuple):
    """What a student computes in place of a node; ``detail`` tells variants of one misconception apart."""

    node: Node
    detail: str = ""


class Place(NamedTuple):
    """Where a mistake is made: in the step that computes ``quantity``.

    ``step`` says how it comes about where it is a gradient of the loss.
    """

    problem: Problem
    quantity: Quantity
    step: Step | None = None


@dataclass(frozen=True, eq=False)
class Misconception:
    """A mistake with a name; see the module."""

    name: str
    doc: str
    of: str
    ops: frozenset[str]
    find: Callable[[Any, Place], Iterable[Instead]]
    rare: bool = False

    @property
    def says(self) -> str:
        """What was done, in a sentence: the first of the docstring."""
        return " ".join(self.doc.partition("\n\n")[0].split())


def misconception(
    *, of: str, ops: Sequence[str] = (), rare: bool = False
) -> Callable[[Callable[[Any, Place], Iterator[Instead]]], Misconception]:
    """Declare a misconception; the function below gives what is computed instead."""
    if of not in ("value", "gradient", "quantity"):
        raise ValueError(f"a misconception is of a value, a gradient or a quantity, not of {of!r}")

    def declare(find: Callable[[Any, Place], Iterator[Instead]]) -> Misconception:
        name = find.__name__.replace("_", "-")
        return Misconception(name, inspect.getdoc(find) or "", of, frozenset(ops), find, rare)

    return declare
