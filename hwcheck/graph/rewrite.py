"""Changing one step of a network: the nodes of one expression, and the same expression with some of them replaced.

An expression ends where quantities begin: what computes them is an expression of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from hwcheck.graph.node import Call, Node, Quantity, needs, order

__all__ = ["replaced", "within"]


def within(body: Node) -> list[Node]:
    """The nodes of an expression, each after those that it is computed from; quantities are its leaves."""
    return order([body], below=lambda node: () if isinstance(node, Quantity) else needs(node))


def replaced(body: Node, changes: Mapping[Node, Node]) -> Node:
    """The expression with some of its nodes replaced by others of the same shape."""
    new: dict[Node, Node] = {}
    for node in within(body):
        if node in changes:
            if changes[node].shape != node.shape:
                raise ValueError(f"{node.shape} cannot be replaced by {changes[node].shape}")
            new[node] = changes[node]
        elif isinstance(node, Call) and any(new.get(below, below) is not below for below in needs(node)):
            inputs = {name: new.get(input_, input_) for name, input_ in zip(node.names, node.inputs, strict=True)}
            inner = None if node.body is None else new[node.body]
            new[node] = Call(node.op, inputs, node.options, node.shape, inner)
        else:
            new[node] = node
    return new[body]
