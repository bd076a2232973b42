"""Reverse-mode differentiation: the backward pass is built of nodes like the forward pass.

Source of the method: Baydin, Pearlmutter, Radul, Siskind, Automatic Differentiation in Machine Learning: a Survey,
JMLR 18 (2018), section 3.2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from hwcheck.graph.node import Call, Constant, Node, Quantity, order

__all__ = ["Share", "adjoints"]


class Share(NamedTuple):
    """What a call sends on to one of its inputs on the way back: ``node``, made of ``g``, which arrives at the call.

    ``y`` is what the call's value is known by, a quantity where it has a name.
    """

    call: Call
    position: int
    g: Node
    y: Node
    node: Node

    @property
    def input(self) -> Node:
        """What the share is sent to."""
        return self.call.inputs[self.position]


def adjoints(
    seeds: Mapping[Node, Node], name: Callable[[Quantity], str] | None = None, trail: list[Share] | None = None
) -> dict[Node, Node]:
    """The gradient that reaches every node below the seeds, given the gradient that arrives at each seed.

    With ``name`` the gradient of a quantity is a quantity itself, so that it can be asked for, and a student's own
    value for it can be used in the steps behind it. A node that is not in the result does not influence the seeds.
    Every share is added to the ``trail``.

    Raises ``Misfit`` where an op has no gradient rule.
    """
    arriving: dict[Node, list[Node]] = {node: [gradient] for node, gradient in seeds.items()}
    result: dict[Node, Node] = {}
    stands_for: dict[Node, Node] = {}  # a body -> the quantity or composite call that a reader knows it by
    for node in reversed(order(seeds)):
        if node not in arriving or isinstance(node, Constant):
            continue
        first, *others = arriving.pop(node)
        gradient = sum(others, start=first)
        passed = gradient
        if isinstance(node, Quantity) and name is not None:
            passed = result[node] = Quantity(name(node), gradient)
            if isinstance(gradient, Constant) and not gradient.shape:
                passed = gradient  # the 1 that a loss starts with needs no name in what follows
        result.setdefault(node, gradient)
        if isinstance(node, (Quantity, Call)) and node.body is not None:
            stands_for[node.body] = node if isinstance(node, Quantity) else stands_for.get(node, node)
            arriving.setdefault(node.body, []).append(passed)
        elif isinstance(node, Call):
            for share in _shares(node, passed, stands_for.get(node, node)):
                arriving.setdefault(share.input, []).append(share.node)
                if trail is not None:
                    trail.append(share)
    return result


def _shares(call: Call, g: Node, y: Node) -> Iterator[Share]:
    """What a call sends on to each of its inputs."""
    for position, input_ in enumerate(call.inputs):
        rule = None if isinstance(input_, Constant) else call.op.gradient(position)
        if rule is not None:
            share = rule(g, y, *call.inputs, **call.options)
            assert share.shape == input_.shape, f"gradient rule {position} of {call.op.name}: {share.shape}"  # noqa: S101
            yield Share(call, position, g, y, share)
