"""All misconceptions by name, and the wrong steps that they make of a problem."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import islice
from typing import Any, NamedTuple, TypeAlias, TypeVar

from hwcheck.catalogue import collect
from hwcheck.graph.differentiate import Share
from hwcheck.graph.node import Call, Node, Quantity, Use
from hwcheck.graph.op import Misfit
from hwcheck.graph.rewrite import replaced, within
from hwcheck.misconceptions.misconception import Instead, Misconception, Place
from hwcheck.misconceptions.way_back import Step, WayBack, of_entry, of_loss, source
from hwcheck.ops.arrays import reshape
from hwcheck.ops.assembly import stack
from hwcheck.problem.model import Problem

__all__ = ["MOST_OF_ONE", "WrongStep", "is_gradient", "misconceptions", "opened", "wrong_steps"]

MOST_OF_ONE = 60  # wrong steps that one misconception makes of one quantity
MOST_ROWS = 64  # of a jacobian that is made anew

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
    ways = _ways(problem, quantity)
    of_one_number = None if jacobian_of(quantity) or not ways else ways[0][1]
    place = Place(problem, opened(problem, quantity), of_one_number)
    inside = [place.quantity.body] if jacobian_of(quantity) else within(place.quantity.body or quantity)
    calls = [node for node in inside if isinstance(node, Call)]
    for found in misconceptions().values():
        bodies: Iterator[Body] = iter(())
        if found.of == "quantity":
            bodies = _wholes(found, place)
        elif found.of == "gradient":
            bodies = _in_gradient(found, place, ways)
        elif place.step is None:
            bodies = _in_calls(found, calls, place)
        for body, detail in islice(bodies, MOST_OF_ONE):
            yield WrongStep(found, quantity, body, detail)


def _ways(problem: Problem, quantity: Quantity) -> list[tuple[WayBack, Step]]:
    """The ways back that a derivative is made on, with its step on each: one of a gradient, one a row of a jacobian."""
    of, jacobian = source(problem, quantity), jacobian_of(quantity)
    if of is not None:
        way_back = of_loss(problem)
        return [(way_back, way_back.step(of))]
    of_scalar = gradient_of(problem, quantity)
    if of_scalar is not None:
        way_back = of_entry(of_scalar[0], 0)
        return [(way_back, way_back.step(of_scalar[1]))]
    if jacobian is None or jacobian[0].size > MOST_ROWS:
        return []
    y, x = jacobian
    return [(row, row.step(x)) for row in (of_entry(y, position) for position in range(y.size))]


def jacobian_of(quantity: Quantity) -> tuple[Quantity, Quantity] | None:
    """The two quantities, y and x, of which a quantity is the whole derivative; None where it is none."""
    body = quantity.body
    if isinstance(body, Call) and body.op.name == "jacobian":
        y, x = body.inputs
        if isinstance(y, Quantity) and isinstance(x, Quantity):
            return y, x
    return None


def gradient_of(problem: Problem, quantity: Quantity) -> tuple[Quantity, Quantity] | None:
    """The scalar and the quantity of a gradient ``grad(Y, X)`` that has been given a name; None where it is none."""
    body = quantity.body
    names = problem.all_quantities()
    while isinstance(body, Quantity) and body.name not in names and not isinstance(body, Use):
        for y in problem.quantities.values():
            begin = f"grad({y.name}, "
            x = problem.quantities.get(body.name.removeprefix(begin).removesuffix(")"))
            if body.name.startswith(begin) and x is not None:
                return y, x
        body = body.body
    return None


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


def _in_gradient(found: Misconception, place: Place, ways: Sequence[tuple[WayBack, Step]]) -> Iterator[Body]:
    """The gradient with a mistake at one of the shares that it is made of, and at all; of a jacobian, in every row."""
    rows = [list(_in_shares(found, place._replace(step=step), way_back, step)) for way_back, step in ways]
    if not rows or len({tuple(detail for _, detail in row) for row in rows}) > 1:
        return
    for bodies in zip(*rows, strict=True):
        nodes = [node for node, _ in bodies]
        whole = nodes[0] if place.step is not None else reshape(stack(nodes), place.quantity.shape)
        yield whole, bodies[0][1]


def _in_shares(found: Misconception, place: Place, way_back: WayBack, step: Step) -> Iterator[Body]:
    chosen = [(share, share.node) for share in step.shares if not found.ops or share.call.op.name in found.ops]
    for detail, changes in _by_detail(found, chosen, place).items():
        for share, node in changes:
            yield way_back.changed(step, {share: node}), detail
        if len({share for share, _ in changes}) > 1:
            yield way_back.everywhere(step, partial(_in_share, found, place, detail)), detail


def _in_share(found: Misconception, place: Place, detail: str, share: Share) -> Node | None:
    """What one variant of a misconception sends on in place of a share; None where it cannot be made there."""
    if found.ops and share.call.op.name not in found.ops:
        return None
    made = (instead.node for instead in _instead(found, share, place) if instead.detail == detail)
    return next((node for node in made if node.shape == share.node.shape), None)


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
