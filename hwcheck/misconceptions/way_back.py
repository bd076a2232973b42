"""The step that a gradient is made in: what arrives at a quantity, and what arrives if one share of it is another.

The gradient of a quantity is the sum of what is sent to it; what is sent was made of the gradients that have names.
Where one share is changed, what is behind it in the same step is made anew by the ops' own rules. It cannot be put into
the expression of the gradient as a part in place of a part: a sum is simplified as it is built, so that a share need
not be a part of it, and a share that is the arriving gradient itself stands in it more than once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from hwcheck.graph.differentiate import Share, adjoints
from hwcheck.graph.node import Call, Constant, Node, Quantity, Use, order
from hwcheck.problem.model import Problem

__all__ = ["Step", "Term", "WayBack", "again", "of_entry", "of_loss", "source"]


class Term(NamedTuple):
    """Part of a gradient: the share that it is, or None for a gradient that has a name of its own."""

    node: Node
    share: Share | None = None


class Step(NamedTuple):
    """How the gradient of a quantity is made.

    ``nodes`` lie on the way to it, each after those that send to it; ``shares`` are what calls send on within the step;
    ``terms`` are what arrives at the quantity, of which the gradient is the sum; ``arriving`` is what arrives at those
    that stand for others and whose gradients have no name: calls of composite ops.
    """

    of: Quantity
    nodes: tuple[Node, ...]
    shares: tuple[Share, ...]
    terms: tuple[Term, ...]
    arriving: Mapping[Node, Node]


class WayBack:
    """The way back through a network, taken apart into steps.

    ``trail`` has what each call sends on, ``starts`` the gradients that the way back begins with; ``names`` gives what
    stands for the gradient of a quantity in the steps behind it, None where it has no name.
    """

    def __init__(
        self, trail: Iterable[Share], starts: Mapping[Quantity, Node], names: Callable[[Quantity], Node | None]
    ) -> None:
        self._starts = starts
        self._names = names
        self._sent: dict[Node, list[Share]] = {}
        for share in trail:
            self._sent.setdefault(share.input, []).append(share)
        self._users: dict[Node, list[Quantity | Call]] = {}  # what a node is the body of
        for node in order(starts):
            if isinstance(node, (Quantity, Call)) and node.body is not None:
                self._users.setdefault(node.body, []).append(node)

    def step(self, of: Quantity) -> Step:
        """The step that the gradient of a quantity is made in."""
        shares: dict[Share, None] = {}
        nodes: dict[Node, None] = {}
        waiting: list[Node] = [of]
        while waiting:
            node = waiting.pop()
            if node in nodes:
                continue
            nodes[node] = None
            for share in self._sent.get(node, ()):
                shares[share] = None
                waiting.append(share.call)
            waiting.extend(user for user in self._users.get(node, ()) if self._named(user) is None)
        ordered = tuple(sorted(nodes, key=lambda node: -node.depth))
        nameless = {user for node in nodes for user in self._users.get(node, ()) if self._named(user) is None}
        arriving: dict[Node, Node] = {}
        for node in ordered:
            terms = self._terms(node, {}, {}, arriving) if node in nameless else []
            if terms:
                arriving[node] = _sum(terms)
        return Step(of, ordered, tuple(shares), tuple(self._terms(of, {}, {}, arriving)), arriving)

    def changed(self, step: Step, changes: Mapping[Share, Node]) -> Node:
        """The gradient of the step's quantity where some shares are other nodes."""
        new: dict[Node, Node] = {}  # the gradients that are not what they were
        for node in step.nodes:
            users = self._users.get(node, ())
            shares = self._sent.get(node, ())
            if any(share in changes or share.call in new for share in shares) or any(user in new for user in users):
                new[node] = _sum(self._terms(node, changes, new, step.arriving))
        return new[step.of]

    def everywhere(self, step: Step, change: Callable[[Share], Node | None]) -> Node:
        """The gradient of the step's quantity where every share is what ``change`` makes of it.

        A share behind one that is changed is made of what arrives at it then. None leaves a share as it is.
        """
        new: dict[Node, Node] = {}
        changes: dict[Share, Node] = {}
        for node in step.nodes:
            users = self._users.get(node, ())
            for share in self._sent.get(node, ()):
                now = share
                if share.call in new:
                    now = share._replace(g=new[share.call], node=again(share, new[share.call]))
                changed = change(now)
                if changed is not None:
                    changes[share] = changed
            shares = self._sent.get(node, ())
            if any(share in changes or share.call in new for share in shares) or any(user in new for user in users):
                new[node] = _sum(self._terms(node, changes, new, step.arriving))
        return new[step.of]

    def _terms(
        self, node: Node, changes: Mapping[Share, Node], new: Mapping[Node, Node], old: Mapping[Node, Node]
    ) -> list[Term]:
        """What arrives at a node; ``new`` and ``old`` have what arrives at calls, where it is changed and where not."""
        terms: list[Term] = []
        if isinstance(node, Quantity) and node in self._starts:
            terms.append(Term(self._starts[node]))
        for user in self._users.get(node, ()):
            gradient = self._named(user) or new.get(user, old.get(user))
            if gradient is not None:
                terms.append(Term(gradient))
        for share in self._sent.get(node, ()):
            if share in changes:
                terms.append(Term(changes[share], share))
            elif share.call in new:
                terms.append(Term(again(share, new[share.call]), share))
            else:
                terms.append(Term(share.node, share))
        return terms

    def _named(self, user: Quantity | Call) -> Node | None:
        return self._names(user) if isinstance(user, Quantity) else None


def of_loss(problem: Problem) -> WayBack:
    """The way back from the loss of a problem, or from its upstream gradients."""

    def named(quantity: Quantity) -> Node | None:
        gradients = problem.shares if isinstance(quantity, Use) else problem.gradients
        gradient = gradients.get(f"grad({quantity.name})" if isinstance(quantity, Use) else quantity.name)
        known = None if gradient is None else gradient.body
        return known if isinstance(known, Constant) and not known.shape else gradient

    starts = {problem.quantities[name]: Constant(gradient) for name, gradient in problem.starts.items()}
    return WayBack(problem.trail, starts, named)


def of_entry(y: Quantity, position: int) -> WayBack:
    """The way back from one entry of a quantity, of which nothing has a name: a row of a jacobian."""
    unit = np.zeros(y.size)
    unit[position] = 1.0
    starts: dict[Node, Node] = {y: Constant(unit.reshape(y.shape))}
    trail: list[Share] = []
    adjoints(starts, trail=trail)
    return WayBack(trail, {y: starts[y]}, lambda _: None)


def source(problem: Problem, gradient: Quantity) -> Quantity | None:
    """What a gradient of the loss is the gradient of; None where it is none."""
    name = gradient.name.removeprefix("grad(").removesuffix(")")
    if problem.gradients.get(name) is gradient:
        return problem.quantities[name]
    if problem.shares.get(gradient.name) is gradient:
        nodes = order(problem.quantities[start] for start in problem.starts)
        return next(node for node in nodes if isinstance(node, Use) and node.name == name)
    return None


def _sum(terms: Sequence[Term]) -> Node:
    return sum((term.node for term in terms[1:]), start=terms[0].node)


def again(share: Share, g: Node) -> Node:
    """What a share's call sends on where another gradient arrives at it."""
    rule = share.call.op.gradient(share.position)
    assert rule is not None  # noqa: S101  it has sent something
    return rule(g, share.y, *share.call.inputs, **share.call.options)
