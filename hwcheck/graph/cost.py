"""What an evaluation costs, known from the shapes alone: so that it can be refused before it is paid."""

from __future__ import annotations

from hwcheck.graph.node import Call, Node, order

__all__ = ["operations"]


def operations(node: Node) -> int:
    """About how many additions and multiplications one sheet of a node takes, with all that stands below it.

    A node that is used several times is counted once. An op that states no cost reads and writes each entry once.
    """
    return sum(_of_call(call) for call in order([node]) if isinstance(call, Call) and call.body is None)


def _of_call(call: Call) -> int:
    entries = call.size + sum(node.size for node in call.inputs)
    if call.op.cost is None:
        return entries
    return entries + call.op.cost(call.shape, *(node.shape for node in call.inputs), **call.options)
