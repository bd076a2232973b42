"""Calls made again with something changed, and what wrong steps look for in an expression."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import numpy as np

from hwcheck.graph.node import Call, Constant, Node, Quantity, needs, order
from hwcheck.graph.op import Misfit, Steps
from hwcheck.graph.rewrite import replaced, within
from hwcheck.language.printer import to_text
from hwcheck.misconceptions.catalogue import is_gradient
from hwcheck.misconceptions.misconception import Place
from hwcheck.ops.arrays import getitem, transpose
from hwcheck.ops.assembly import concatenate

__all__ = [
    "Change",
    "anew",
    "beside",
    "calls_in",
    "centred",
    "cropped",
    "in_a_layer",
    "inputs_of",
    "is_op",
    "is_squared_deviation",
    "line_of",
    "number",
    "opened",
    "part_along",
    "product_of",
    "redone",
    "reversed_along",
    "swapped_blocks",
    "with_axes_swapped",
    "within_mean",
    "zeros",
]

# What is changed in a call, by parameter; None where the mistake cannot be made in it.
Change = Callable[[Call], "Mapping[str, Any] | None"]


def inputs_of(call: Call) -> dict[str, Node]:
    """The inputs of a call by parameter."""
    return dict(zip(call.names, call.inputs, strict=True))


def anew(call: Call, **changes: Any) -> Node:
    """The call with some of its inputs or options changed; an input that is None is left out.

    Raises Misfit where the op does not allow it.
    """
    return call.op(**_arguments(call, changes))


def _arguments(call: Call, changes: Mapping[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {**inputs_of(call), **call.options, **changes}
    if call.op.listed:
        listed = next(parameter.name for parameter in call.op.parameters if parameter.kind == "tensors")
        arrays = [given.pop(name) for name in call.names if name.startswith(f"{listed}[")]
        given.setdefault(listed, arrays)
    unset = {p.name for p in call.op.parameters if p.kind == "tensor"}
    return {name: value for name, value in given.items() if value is not None or name not in unset}


def redone(place: Place, ops: Collection[str], change: Change) -> Iterator[Node]:
    """A quantity of the network with a call of one of the ops changed: in its own line, or in one that it is a step of.

    Each is an expression in place of the quantity's body. The steps of a call are quantities, which keep their own
    values: so a step is computed from the steps before it, and a line of a single call, as a student does who writes
    down nothing else, from its inputs.
    """
    if place.quantity.body is None or is_gradient(place.problem, place.quantity):
        return
    for call in calls_in(place.quantity.body, ops):
        changes = change(call)
        if changes is not None:
            try:
                node = anew(call, **changes)
            except Misfit:
                continue
            if node.shape == call.shape:
                yield replaced(place.quantity.body, {call: node})
    yield from _redone_step(place, ops, change)


def calls_in(body: Node, ops: Collection[str]) -> list[Call]:
    """The calls of some ops in an expression."""
    return [node for node in within(body) if isinstance(node, Call) and node.op.name in ops]


def in_a_layer(place: Place, call: Call) -> bool:
    """Whether a call is not written in the line itself, but is what a composite op is made of."""
    body = place.quantity.body
    composite = [node for node in within(body) if isinstance(node, Call) and node.body is not None] if body else []
    return any(layer is not call and call in _made_of(layer) for layer in composite)


def _made_of(layer: Call) -> list[Node]:
    """What a composite call is made of, without what it is given."""
    given = set(layer.inputs)

    def ends(node: Node) -> bool:
        return isinstance(node, Quantity) or node in given

    inside = order([] if layer.body is None else [layer.body], below=lambda node: () if ends(node) else needs(node))
    return [node for node in inside if not ends(node)]


def line_of(place: Place) -> tuple[str, Call] | None:
    """The line, and its call, that a quantity is a named step of."""
    name = place.quantity.name
    while "." in name:
        name = name.rpartition(".")[0]
        line = place.problem.quantities.get(name)
        if line is not None and isinstance(line.body, Call):
            return name, line.body
    return None


def _redone_step(place: Place, ops: Collection[str], change: Change) -> Iterator[Node]:
    found, body = line_of(place), place.quantity.body
    if found is None or body is None:
        return
    line, call = found
    changes = change(call) if call.op.name in ops and call.op.stepped else None
    if changes is None:
        return
    steps = Steps(line)
    try:
        call.op.applied((), _arguments(call, changes), steps)
    except Misfit:
        return
    step = steps.made.get(place.quantity.name)
    if step is None or step.body is None:
        return
    own: dict[Node, Node] = {}
    for name, made in steps.made.items():
        known = place.problem.quantities.get(name)
        if made is not step and known is not None and known.shape == made.shape:
            own[made] = known
    node = replaced(step.body, own)
    if node.shape == body.shape and to_text(_bare(node)) != to_text(_bare(body)):
        yield node


def _bare(body: Node) -> Node:
    """An expression with what composite calls are composed of in their places."""
    new: dict[Node, Node] = {}
    for node in within(body):
        if isinstance(node, Call) and node.body is not None:
            new[node] = new[node.body]
        elif isinstance(node, Call):
            inputs = {name: new[input_] for name, input_ in inputs_of(node).items()}
            new[node] = Call(node.op, inputs, node.options, node.shape)
        else:
            new[node] = node
    return new[body]


def opened(node: Node) -> Node:
    """What a quantity stands for; any other node as it is."""
    while isinstance(node, Quantity) and node.body is not None:
        node = node.body
    return node


def is_op(node: Node, *names: str) -> bool:
    """Whether a node is a call of one of the ops."""
    return isinstance(node, Call) and node.op.name in names


def number(node: Node) -> float | None:
    """The value of a single number that is written down."""
    return float(node.value) if isinstance(node, Constant) and not node.shape else None


def beside(place: Place, part: Call) -> list[tuple[Quantity, Call]]:
    """The lines beside a quantity that take other parts of the same array, such as the gates of a cell, with these."""
    found = []
    for other in place.problem.quantities.values():
        if other is not place.quantity and other.body is not None and other.name != place.quantity.name:
            for call in calls_in(other.body, ["getitem"]):
                same = call.inputs[0] is part.inputs[0] and call.shape == part.shape
                if same and call.options["index"] != part.options["index"]:
                    found.append((other, call))
    return found


def within_mean(node: Node) -> bool:
    """Whether a node is a mean, perhaps in another shape."""
    while is_op(opened(node), "reshape", "broadcast_to", "expand_dims"):
        made = opened(node)
        assert isinstance(made, Call)  # noqa: S101  its op was asked for
        node = made.inputs[0]
    return is_op(opened(node), "mean")


def centred(node: Node) -> Node | None:
    """x, of ``x - mean(x)``."""
    made = opened(node)
    if is_op(made, "subtract") and isinstance(made, Call) and within_mean(made.inputs[1]):
        return made.inputs[0]
    return None


def is_squared_deviation(node: Node) -> bool:
    """Whether a node is ``(x - mean(x))**2``."""
    made = opened(node)
    return (
        isinstance(made, Call)
        and is_op(made, "power")
        and number(made.inputs[1]) == 2
        and centred(made.inputs[0]) is not None
    )


def zeros(like: Node) -> Node:
    """Zeros of a node's shape."""
    return Constant(np.zeros(like.shape))


def cropped(node: Node, shape: tuple[int, ...]) -> Node:
    """The first entries of each axis, as many as the shape has."""
    if len(shape) != len(node.shape) or any(a < b for a, b in zip(node.shape, shape, strict=True)):
        raise Misfit(f"{node.shape} has no part of {shape}")
    return node if node.shape == shape else getitem(node, tuple(map(slice, shape)))


def with_axes_swapped(node: Node) -> Node:
    """A node with its last two axes swapped."""
    rank = len(node.shape)
    return node.T if rank == 2 else transpose(node, axes=[*range(rank - 2), rank - 1, rank - 2])


def part_along(node: Node, axis: int, begin: int, end: int) -> Node:
    """Some neighbouring entries along an axis."""
    index = [slice(None)] * len(node.shape)
    index[axis] = slice(begin, end)
    return getitem(node, tuple(index))


def reversed_along(node: Node, axis: int) -> Node:
    """A node with its entries along an axis in reverse order."""
    length = node.shape[axis]
    return concatenate([part_along(node, axis, i, i + 1) for i in reversed(range(length))], axis=axis)


def swapped_blocks(node: Node, blocks: int, first: int, second: int) -> Node:
    """An array of blocks stacked along the first axis, with two of them swapped."""
    length = node.shape[0] // blocks
    order = list(range(blocks))
    order[first], order[second] = order[second], order[first]
    return concatenate([part_along(node, 0, i * length, (i + 1) * length) for i in order], axis=0)


def product_of(node: Node) -> tuple[Node, Node] | None:
    """The two factors of a product."""
    if isinstance(node, Call) and node.op.symbol == "*":
        first, second = node.inputs
        return first, second
    return None
