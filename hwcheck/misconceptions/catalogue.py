"""All misconceptions by name, and the wrong steps that they make of a problem."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any, NamedTuple, TypeAlias, TypeVar

from hwcheck.catalogue import collect
from hwcheck.graph.differentiate import Share
from hwcheck.graph.node import Call, Node, Quantity, Use
from hwcheck.graph.op import Misfit
from hwcheck.graph.rewrite import replaced, within
from hwcheck.misconceptions.misconception import Instead, Misconception, Place
from hwcheck.misconceptions.way_back import WayBack
from hwcheck.problem.model import Problem

__all__ = ["MOST_OF_ONE", "WrongStep", "is_gradient", "misconceptions", "opened", "wrong_steps"]

MOST_OF_ONE = 60  # wrong steps that one misconception makes of one quantity

Target = TypeVar("Target", Call, Share)
Body: TypeAlias = tuple[Node, str]  # with the detail


@cache
def misconceptions() -> Mapping[str, Misconception]:
    """The misconceptions of this folder, in the order of its files and of what stands in them."""
    return collect("hwcheck.misconceptions", Misconception, lambda found: iter([found.name]))


class WrongStep(NamedTuple):
    """One quantity computed wrong: ``body``, over the same quantities, stands in place of its own."""

    misconception: Misconception
    quantity: Quantity
    body: Node
    detail: str = ""


def wrong_steps(problem: Problem, quantity: Quantity) -> Iterator[WrongStep]:
    """Every way in which a misconception can go into the step that computes a quantity.

    A mistake that can be made at several places of the step is made at each of them alone, and at all of them. No
    misconception makes more than ``MOST_OF_ONE`` of a quantity.
    """
    if quantity.body is None:
        return
    way_back = WayBack(problem)
    step = way_back.step(quantity)
    place = Place(problem, opened(problem, quantity), step)
    calls = [node for node in within(place.quantity.body or quantity) if isinstance(node, Call)]
    shares = [] if step is None else list(step.shares)
    for found in misconceptions().values():
        bodies: Iterator[Body] = iter(())
        if found.of == "quantity":
            bodies = _wholes(found, place)
        elif found.of == "gradient" and step is not None:
            bodies = _in_shares(found, shares, place, way_back)
        elif found.of == "value" and step is None:
            bodies = _in_calls(found, calls, place)
        for body, detail in islice(bodies, MOST_OF_ONE):
            yield WrongStep(found, quantity, body, detail)


def is_gradient(problem: Problem, quantity: Quantity) -> bool:
    """Whether a quantity is a gradient: of the loss, or the share of a step in one."""
    name = quantity.name
    return name in problem.shares or (name.startswith("grad(") and name not in problem.quantities)


def opened(problem: Problem, quantity: Quantity) -> Quantity:
    """The quantity itself; where it is a gradient of a scalar, which has no name of its own, with that one's body."""
    body = quantity.body
    names = problem.all_quantities()
    while isinstance(body, Quantity) and body.name not in names and not isinstance(body, Use):
        body = body.body
    return quantity if body is quantity.body else Quantity(quantity.name, body)


def _wholes(found: Misconception, place: Place) -> Iterator[Body]:
    """The quantity as a whole, mistaken."""
    for instead in _instead(found, place.quantity, place):
        if instead.node.shape == place.quantity.shape and instead.node is not place.quantity.body:
            yield instead.node, instead.detail


def _in_calls(found: Misconception, calls: Iterable[Call], place: Place) -> Iterator[Body]:
    """The quantity's expression with a mistake at one of its calls, and at all."""
    body = place.quantity.body
    assert body is not None  # noqa: S101  what has calls has a body
    chosen = [(call, call) for call in calls if not found.ops or call.op.name in found.ops]
    for detail, changes in _by_detail(found, chosen, place).items():
        for call, node in changes:
            yield replaced(body, {call: node}), detail
        if len({call for call, _ in changes}) > 1:
            # From the outside inwards: what stands in place of a call is made of the inputs that the call had.
            everywhere = body
            for call, node in sorted(dict(changes).items(), key=lambda change: -change[0].depth):
                everywhere = replaced(everywhere, {call: node})
            yield everywhere, detail


def _in_shares(found: Misconception, shares: Iterable[Share], place: Place, way_back: WayBack) -> Iterator[Body]:
    """The gradient with a mistake at one of the shares that it is made of, and at all."""
    assert place.step is not None  # noqa: S101  what has shares has a step
    chosen = [(share, share.node) for share in shares if not found.ops or share.call.op.name in found.ops]
    for detail, changes in _by_detail(found, chosen, place).items():
        for share, node in changes:
            yield way_back.changed(place.step, {share: node}), detail
        if len({share for share, _ in changes}) > 1:
            yield way_back.changed(place.step, dict(reversed(changes))), detail


def _by_detail(
    found: Misconception, targets: Iterable[tuple[Target, Node]], place: Place
) -> dict[str, list[tuple[Target, Node]]]:
    """What is computed in place of each target, the variants of the misconception apart."""
    changes: dict[str, list[tuple[Target, Node]]] = {}
    for target, node in targets:
        for instead in _instead(found, target, place):
            if instead.node.shape == node.shape and instead.node is not node:
                changes.setdefault(instead.detail, []).append((target, instead.node))
    return changes


def _instead(found: Misconception, target: Any, place: Place) -> Iterator[Instead]:
    try:
        yield from found.find(target, place)
    except Misfit:
        return
