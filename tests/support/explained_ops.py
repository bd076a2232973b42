"""Ops that only tests know, each with a page that is whole: what can be said about an op is said about one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import numpy as np

from hwcheck.graph.node import Array, Labels, Node
from hwcheck.graph.op import Op, Steps, composite, op
from hwcheck.graph.options import Padding as Padding2d
from hwcheck.ops.activations import sigmoid
from hwcheck.ops.catalogue import ops
from hwcheck.ops.functions import tanh
from hwcheck.ops.shapes import same

__all__ = ["CATALOGUE", "PLANTED"]


def _gain_rule(g: Node, y: Node, x: Node, slope: float) -> Node:
    return g * slope


@op(shape=same, gradients=[_gain_rule], aliases=["γ"], symbol="<>")
def gain(x: Array, slope: float = 0.5) -> Array:
    """The input made larger or smaller: ``slope * x``.

    It is what a leaky ReLU does on its left.

    A second paragraph.

    x: any shape -> the same.
    slope: what the input is multiplied with.
    Elsewhere: PyTorch has no such function; write ``slope * x`` there.
    Source: hwcheck's own tests, 2024.
    Example: gain(x, slope=2); x = [-2, 1/4]; g = [3, 5]
    """
    return x * slope


@composite()
def gate(step: Steps, x: Node, kind: Literal["sigmoid", "tanh"] = "sigmoid", padding: Padding2d = "valid") -> Node:
    """The input, let through by itself: ``x * sigmoid(x)``.

    x: any shape -> the same.
    kind: the function of the gate.
    padding: has no effect.
    Source: hwcheck's own tests, 2024.
    Example: gate(v, kind="tanh"); v = 0.5
    """
    opened = step("open", sigmoid(x) if kind == "sigmoid" else tanh(x))
    return step("passed", x * opened)


@composite()
def chosen(x: Node, target: Labels) -> Node:
    """The entries that the target names.

    x: (2,).
    target: class indices from 0.
    Source: hwcheck's own tests, 2024.
    Example: chosen(x, t); x = [1, 2]; t = [1]
    """
    return ops()["one_hot"](target, 2) @ x


joined = replace(
    ops()["concatenate"],
    name="joined",
    doc="""Arrays one behind the other.

arrays: shapes that differ on that axis only.
axis: where they meet.
Source: hwcheck's own tests, 2024.
Example: joined([a, b]); a = [1, 2]; b = [3]
""",
)


@op(shape=same)
def ranked(y: Array) -> Array:
    """The place of each entry among all, from 0.

    y: (N,) -> the same.
    Source: hwcheck's own tests, 2024.
    Example: ranked(g); g = [7, 5, 9]
    """
    return np.argsort(np.argsort(y)).astype(np.float64)


@op(shape=same)
def unexplained(x: Array) -> Array:
    """An op whose page has no example.

    x: any shape.
    """
    return x


@composite()
def blocked(x: Node) -> Node:
    """An op with a step that has no derivative: ``2 * ranked(x)``.

    x: (N,) -> the same.
    Source: hwcheck's own tests, 2024.
    Example: blocked(x); x = [7, 5, 9]
    """
    return 2 * ranked(x)


PLANTED: Mapping[str, Op] = {one.name: one for one in (gain, gate, chosen, joined, ranked, unexplained, blocked)}
CATALOGUE: Mapping[str, Op] = {**ops(), **PLANTED}
