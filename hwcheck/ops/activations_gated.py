"""Activation functions with a gate: one half of an array, times a gate made of its other half."""

from __future__ import annotations

from typing import Literal

from hwcheck.graph.node import Node
from hwcheck.graph.op import Misfit, Steps, composite
from hwcheck.graph.options import Axis
from hwcheck.ops.activations import gelu, sigmoid, silu
from hwcheck.ops.arrays import part


def _halves(x: Node, axis: Axis, gate: str) -> tuple[Node, Node]:
    """The half that is let through, and the half that its gate is made of."""
    length = x.shape[axis]
    if length % 2:
        raise Misfit(f"axis {axis + len(x.shape)} of {{x}} is {length}: it must be even, to be split into two halves")
    index = [slice(None)] * len(x.shape)
    halves = []
    for half in (slice(0, length // 2), slice(length // 2, length)):
        index[axis] = half
        halves.append(part(x, tuple(index)))
    return (halves[1], halves[0]) if gate == "first" else (halves[0], halves[1])


@composite()
def glu(step: Steps, x: Node, axis: Axis = -1, gate: Literal["first", "second"] = "second") -> Node:
    """The gated linear unit: ``a * sigmoid(b)``, where a and b are the first and the second half of x.

    x: any shape whose length along the axis is even -> the same with half that length. The step ``gate`` is sigmoid(b).
    axis: the axis that is cut into halves.
    gate: which half the gate is made of.
    Elsewhere: the second half is the gate in PyTorch and JAX, as in Dauphin's paper; Shazeer (2020) writes
    ``sigmoid(x W) * (x V)``, with the gate first.
    Source: Dauphin, Fan, Auli, Grangier, Language modeling with gated convolutional networks (2017), equation 1.
    Example: glu(x); x = [8, 6, 0, log(3)]
    """
    a, b = _halves(x, axis, gate)
    return a * step("gate", sigmoid(b))


@composite()
def swiglu(
    step: Steps, x: Node, axis: Axis = -1, gate: Literal["first", "second"] = "first", beta: float = 1.0
) -> Node:
    """The SiLU-gated linear unit: ``silu(a) * b``, where a and b are the first and the second half of x.

    x: any shape whose length along the axis is even -> the same with half that length. The step ``gate`` is silu(a).
    axis: the axis that is cut into halves.
    gate: which half the gate is made of.
    beta: that of silu (swish).
    Elsewhere: transformers such as LLaMA have one matrix for each half: write ``silu(W1 @ x) * (W3 @ x)``.
    Source: Shazeer, GLU variants improve transformer (2020), equation 5.
    Example: swiglu(x); x = [0, log(3), 5, 4]
    """
    b, a = _halves(x, axis, gate)
    return step("gate", silu(a, beta=beta)) * b


@composite()
def geglu(
    step: Steps,
    x: Node,
    axis: Axis = -1,
    gate: Literal["first", "second"] = "first",
    approximate: Literal["none", "tanh", "sigmoid"] = "none",
) -> Node:
    """The GELU-gated linear unit: ``gelu(a) * b``, where a and b are the first and the second half of x.

    x: any shape whose length along the axis is even -> the same with half that length. The step ``gate`` is gelu(a).
    axis: the axis that is cut into halves.
    gate: which half the gate is made of.
    approximate: that of gelu.
    Elsewhere: the library diffusers takes the second half as the gate.
    Source: Shazeer, GLU variants improve transformer (2020), equation 5.
    Example: geglu(x); x = [0, 1, 5, 2]
    """
    b, a = _halves(x, axis, gate)
    return step("gate", gelu(a, approximate=approximate)) * b
