"""Penalties, which are added to a loss to keep weights small."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from operator import add

from hwcheck.graph.node import Node
from hwcheck.graph.op import composite
from hwcheck.ops.arithmetic import HALF
from hwcheck.ops.functions import abs
from hwcheck.ops.reductions import sum


def _over_all(weights: Sequence[Node], size: Callable[[Node], Node]) -> Node:
    return reduce(add, (sum(size(weight)) for weight in weights))


@composite()
def l1_penalty(*weights: Node) -> Node:
    """The sum of all absolute values of some weights, ``sum(abs(W1)) + sum(abs(W2)) + ...``; at 0 its derivative is 0.

    weights: a list of arrays of any shapes: ``0.01 * l1_penalty([W1, W2])``.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 7.18.
    Example: l1_penalty([W, b]); W = [[1, -2], [0, 3]]; b = [-1, 1]
    """
    return _over_all(weights, abs)


@composite()
def l2_penalty(*weights: Node, half: bool = False) -> Node:
    """The sum of all squares of some weights, ``sum(W1**2) + sum(W2**2) + ...``.

    weights: a list of arrays of any shapes: ``0.01 * l2_penalty([W1, W2])``.
    half: whether the sum is halved, so that its gradient is the weights themselves.
    Elsewhere: the weight_decay d of PyTorch's SGD is d times half this sum.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 7.1.1, where it is halved.
    Example: l2_penalty([W, b], half=True); W = [[1, -2], [0, 3]]; b = [1, 1]
    """
    total = _over_all(weights, lambda weight: weight**2)
    return HALF * total if half else total
