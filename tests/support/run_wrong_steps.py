"""Running wrong steps: what comes out of each, given the numbers of the quantities that it starts from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.node import Array, Call, Node, Quantity, Use, needs, order
from hwcheck.misconceptions.catalogue import WrongStep

__all__ = ["value_of", "values_of"]


def value_of(step: WrongStep, values: Mapping[str, Array]) -> Array:
    """The numbers that a wrong step gives, ``(*shape)``, or ``(S, *shape)`` where some of the values are of S sheets.

    ``values`` has those of the quantities by name, each ``(*shape)`` or ``(S, *shape)``. A quantity that is not in it
    is computed from what it stands for.
    """
    return values_of([step.body], values)[0]


def values_of(bodies: Sequence[Node], values: Mapping[str, Array]) -> list[Array]:
    """The numbers of several expressions at once, as in ``value_of``: what they have in common is computed once."""
    feeds, ends = _cut(bodies, values)
    shapes = {feed: np.shape(values[name]) for name, feed in feeds.items()}
    numbers = {
        feed: np.reshape(values[name], shapes[feed] if len(shapes[feed]) > len(feed.shape) else (1, *feed.shape))
        for name, feed in feeds.items()
    }
    sheets = any(len(shape) > len(feed.shape) for feed, shape in shapes.items())
    return [array if sheets else array[0] for array in evaluate(ends, numbers)]


def _cut(bodies: Iterable[Node], values: Mapping[str, Array]) -> tuple[dict[str, Quantity], list[Node]]:
    """The expressions with what has a value as a leaf that is fed, so that nothing below it is computed."""
    bodies = list(bodies)
    feeds: dict[str, Quantity] = {}
    new: dict[Node, Node] = {}
    for node in order(bodies, below=lambda node: () if _known(node, values) else needs(node)):
        name = _known(node, values)
        if name:
            new[node] = feeds.setdefault(name, Quantity(name, shape=node.shape))
        elif isinstance(node, (Quantity, Call)) and node.body is not None:
            new[node] = new[node.body]
        elif isinstance(node, Call):
            inputs = {name: new[input_] for name, input_ in zip(node.names, node.inputs, strict=True)}
            changed = any(new[input_] is not input_ for input_ in node.inputs)
            new[node] = Call(node.op, inputs, node.options, node.shape) if changed else node
        else:
            new[node] = node
    return feeds, [new[body] for body in bodies]


def _known(node: Node, values: Mapping[str, Array]) -> str:
    """The name under which a node has a value; empty where it has none."""
    if isinstance(node, Use):
        node = node.of
    return node.name if isinstance(node, Quantity) and node.name in values else ""
