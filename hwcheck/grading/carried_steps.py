"""A wrong step carried through to what is asked: what comes out at the end if one step on the way is done wrong.

Between the quantities whose right values may be used and the asked one lie others, each a step in which a mistake can
be made. The rest of the way is gone as it should be.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from hwcheck.graph.evaluate import Plan
from hwcheck.graph.node import Array, Node, Quantity, Use, needs, order
from hwcheck.misconceptions.catalogue import WrongStep, wrong_steps
from hwcheck.problem.model import Problem

__all__ = ["Carried", "carried_through", "steps_between"]

AT_ONCE = 5_000_000  # numbers that one evaluation may hold


class Carried(NamedTuple):
    """A wrong step, and what the asked quantity becomes by it at each point, ``(points, *shape)``."""

    step: WrongStep
    values: Array


def steps_between(asked: Quantity, known: Collection[Quantity]) -> list[Quantity]:
    """The quantities that are computed on the way from the known ones to the asked one, that one first."""

    def below(node: Node) -> tuple[Node, ...]:
        return () if node in known and node is not asked else needs(node)

    nodes = reversed(order([asked], below))
    return [
        node
        for node in nodes
        if isinstance(node, Quantity)
        and not isinstance(node, Use)
        and node.body is not None
        and (node is asked or node not in known)
    ]


def carried_through(
    problem: Problem, asked: Quantity, known: Collection[Quantity], numbers: Mapping[Quantity, Array]
) -> Iterator[Carried]:
    """Each wrong step between the known quantities and the asked one, with what comes of it at drawn points.

    ``numbers`` are those of every quantity without a body and of every known one, ``(points, *shape)`` each.
    """
    points = max(map(len, numbers.values()), default=1)
    for quantity in steps_between(asked, known):
        steps = list(wrong_steps(problem, quantity))
        size = Plan([asked]).entries + sum(Plan([step.body]).entries for step in steps[:1])
        together = max(1, AT_ONCE // (size * points))
        for begin in range(0, len(steps), together):
            some = steps[begin : begin + together]
            wrong = _wrong_values(some, known, numbers, points)
            yield from map(Carried, some, _carried(asked, quantity, known, numbers, wrong))


def _given(ends: Sequence[Node], known: Collection[Quantity], but: Collection[Node] = ()) -> list[Quantity]:
    """The known quantities that have a body and are read on the way to the ends."""
    reached = set(order(ends))
    return [node for node in known if node.body is not None and node in reached and node not in but]


def _wrong_values(
    steps: Sequence[WrongStep], known: Collection[Quantity], numbers: Mapping[Quantity, Array], points: int
) -> list[Array]:
    """What each wrong step itself gives, ``(points, *shape)``."""
    bodies = [step.body for step in steps]
    results = Plan(bodies, _given(bodies, known)).run(numbers)
    # A body that is a known quantity itself has its known numbers; a plan gives what follows from those before it.
    own = [numbers[body] if body in known and isinstance(body, Quantity) else None for body in bodies]
    arrays = [array if given is None else given for array, given in zip(results, own, strict=True)]
    return [np.broadcast_to(array, (points, *array.shape[1:])) for array in arrays]


def _carried(
    asked: Quantity,
    quantity: Quantity,
    known: Collection[Quantity],
    numbers: Mapping[Quantity, Array],
    wrong: Sequence[Array],
) -> list[Array]:
    """What the asked quantity becomes by each of some wrong values of one quantity, all worked out at once."""
    if quantity is asked:
        return list(wrong)
    points, runs = len(wrong[0]), len(wrong)
    given = [quantity, *_given([asked], known, [asked])]
    plan = Plan([asked], given)
    repeated = {
        node: array if len(array) == 1 else np.tile(array, (runs,) + (1,) * (array.ndim - 1))
        for node, array in numbers.items()
        if node in given or node in plan.feeds
    }
    repeated[quantity] = np.concatenate(wrong)
    (result,) = plan.run(repeated)
    return list(np.broadcast_to(result, (runs * points, *asked.shape)).reshape(runs, points, *asked.shape))
