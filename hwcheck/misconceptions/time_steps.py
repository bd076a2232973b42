"""Steps of a repetition confused: in all shares of a weight's gradient at once, or one step's result for another's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hwcheck.graph.node import Node, Quantity
from hwcheck.graph.rewrite import replaced, within
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.misconceptions.parts import is_call, leaves, named, stem
from hwcheck.misconceptions.products import factor_of_weight, with_factor
from hwcheck.misconceptions.way_back import Term
from hwcheck.problem.model import Problem

MOST_STEMS = 6
_NUMBER = re.compile(r"(\d+)(\]?)$")
_WORDS = {1: "one step later", -1: "one step earlier"}


def _beside(name: str, step: int, problem: Problem) -> Quantity | None:
    """The quantity of the same name a step further on: h[3] of h[2], w1 of w0."""
    found = _NUMBER.search(name)
    if found is None:
        return None
    return problem.quantities.get(f"{name[: found.start()]}{int(found[1]) + step}{found[2]}")


@misconception(of="quantity")
def another_step_in_every_share(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """In the sum over the time steps each share is made with the values of the step beside it, as h[t] for h[t-1].

    Why it is wrong: the share of a step has what the weight was multiplied by in that step: for W @ h[t-1] the state
    before, and not the one that came out.
    How to see it: the first share must have the first state in it, and the last one not the last state.
    """
    terms = [] if place.step is None else list(place.step.terms)
    if len(terms) < 2:
        return
    stems = dict.fromkeys(stem(leaf.name) for term in terms for leaf in _values(term, place))
    for name in list(stems)[:MOST_STEMS]:
        for step, words in _WORDS.items():
            moved = [node for node in (_moved(term, name, step, place) for term in terms) if node is not None]
            if len(moved) > 1 and len(moved) >= len(terms) - 1:
                yield Instead(sum(moved[1:], start=moved[0]), f"{name} {words}")


def _values(term: Term, place: Place) -> list[Quantity]:
    """The values of numbered steps that a share is made with: no gradients and no weights."""
    if term.share is not None:
        factor = factor_of_weight(term.share, place) if is_call(term.share.call, "matmul") else None
        found = [] if factor is None else [factor]
    else:
        found = leaves(term.node.body) if isinstance(term.node, Quantity) and term.node.body is not None else []
    known = place.problem
    return [
        leaf
        for leaf in found
        if leaf.name in known.quantities and leaf.name not in known.weights and _NUMBER.search(leaf.name)
    ]


def _moved(term: Term, name: str, step: int, place: Place) -> Node | None:
    """A share made with another step's value of that name; None where there is no such step."""
    new = {leaf: _beside(leaf.name, step, place.problem) for leaf in _values(term, place) if stem(leaf.name) == name}
    if not new or any(other is None or other.shape != leaf.shape for leaf, other in new.items()):
        return None
    if term.share is not None:
        (other,) = new.values()
        return None if other is None else with_factor(term.share, other)
    body = term.node.body if isinstance(term.node, Quantity) else None
    changes: dict[Node, Node] = {}
    for node in [] if body is None else within(body):
        known = named(node) if isinstance(node, Quantity) else None
        other = None if known is None else new.get(known)
        if other is not None:
            changes[node] = other
    return None if body is None else replaced(body, changes)


@misconception(of="quantity", rare=True)
def result_of_another_step(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The result of another step, or of another layer, is given: that of the step before, of the next or of the first.

    Why it is wrong: each step has numbers of its own: its gradient is that at the weights which it starts from.
    How to see it: compare with the line of the other step: the numbers are the same.
    """
    found = _NUMBER.search(quantity.name)
    body = quantity.body
    if body is None or found is None or quantity.name not in place.problem.lines:
        return
    given = leaves(body)
    for step in dict.fromkeys((-1, 1, -int(found[1]))):
        other = _beside(quantity.name, step, place.problem)
        if other is None or other.body is None or other is quantity or other in given:
            continue
        if other.shape == quantity.shape:
            yield Instead(other, other.name)
