"""All misconceptions by name, and the wrong steps that they make of a problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from hwcheck.catalogue import collect
from hwcheck.graph.node import Call, Node, Quantity
from hwcheck.graph.op import Misfit
from hwcheck.graph.rewrite import replaced, within
from hwcheck.misconceptions.misconception import Instead, Misconception, Place
from hwcheck.problem.model import Problem

__all__ = ["WrongStep", "misconceptions", "wrong_steps"]


@cache
def misconceptions() -> Mapping[str, Misconception]:
    """The misconceptions of this folder."""
    return collect("hwcheck.misconceptions", Misconception, lambda found: iter([found.name]))


class WrongStep(NamedTuple):
    """One quantity computed wrong: ``body``, over the same quantities, stands in place of its own."""

    misconception: Misconception
    quantity: Quantity
    body: Node
    detail: str = ""


def wrong_steps(problem: Problem, quantity: Quantity) -> Iterator[WrongStep]:
    """Every way in which a misconception can go into the step that computes a quantity."""
    if quantity.body is None:
        return
    place = Place(problem, quantity)
    nodes = within(quantity.body)
    here = set(nodes)
    calls = [node for node in nodes if isinstance(node, Call)]
    shares = [share for share in problem.trail if share.node in here] if is_gradient(problem, quantity) else []
    for found in misconceptions().values():
        targets: list[tuple[Any, Node, Call | None]] = []
        if found.of == "quantity":
            targets = [(quantity, quantity.body, None)]
        elif found.of == "gradient":
            targets = [(share, share.node, share.call) for share in shares]
        elif not shares:
            targets = [(call, call, call) for call in calls]
        for target, node, call in targets:
            if call is None or not found.ops or call.op.name in found.ops:
                for instead in _instead(found, target, place):
                    if instead.node.shape == node.shape and instead.node is not node:
                        body = replaced(quantity.body, {node: instead.node})
                        yield WrongStep(found, quantity, body, instead.detail)


def is_gradient(problem: Problem, quantity: Quantity) -> bool:
    """Whether a quantity is a gradient: of the loss, or the share of a step in one."""
    name = quantity.name
    return name in problem.shares or (name.startswith("grad(") and name not in problem.quantities)


def _instead(found: Misconception, target: Any, place: Place) -> Iterator[Instead]:
    try:
        yield from found.find(target, place)
    except Misfit:
        return
