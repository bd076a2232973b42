"""Entropy, divergences, and two functions that take 0 * log(0) as 0."""

from __future__ import annotations

import math

import numpy as np

from hwcheck.graph.node import Array, Node
from hwcheck.graph.op import Misfit, composite
from hwcheck.graph.options import Axis
from hwcheck.ops.arithmetic import HALF
from hwcheck.ops.elementwise import elementwise
from hwcheck.ops.functions import log
from hwcheck.ops.reductions import sum
from hwcheck.ops.shapes import require_same


def _xdivy_in_y(g: Node, out: Node, x: Node, y: Node) -> Node:
    return -g * xdivy(out, y)


@elementwise("x", "y", gradients=[lambda g, out, x, y: g / y, _xdivy_in_y], latex=r"\frac{{{0}}}{{{1}}}")
def xdivy(x: Array, y: Array) -> Array:
    """The quotient ``x / y``, and 0 where x is 0, whatever y is.

    x: any shape.
    y: a shape that broadcasts with x.
    Elsewhere: TensorFlow has it under this name, PyTorch has none.
    Source: its use is the derivative of ``xlogy``.
    Example: xdivy(x, y); x = [1, 3]; y = [4, 2]
    """
    return np.where(x == 0, 0.0, x / y)


@elementwise("x", "y", gradients=[lambda g, out, x, y: g * log(y), lambda g, out, x, y: g * xdivy(x, y)])
def xlogy(x: Array, y: Array) -> Array:
    """The product ``x * log(y)``, and 0 where x is 0, whatever y is: an outcome of probability 0 adds nothing.

    x: any shape.
    y: not negative, a shape that broadcasts with x.
    Source: Cover, Thomas, Elements of Information Theory (2006), section 2.1: the convention 0 log 0 = 0.
    Example: xlogy(x, y); x = [3, 2]; y = [1, 0.5]
    """
    return np.where(x == 0, 0.0, x * np.log(y))


def in_base(nats: Node, base: float | None) -> Node:
    """What was computed with natural logarithms, with those to another base: bits with 2."""
    if base is None:
        return nats
    if base <= 0 or base == 1 or not math.isfinite(base):
        raise Misfit(f"the base of a logarithm must be positive and not 1, but base is {base:g}")
    return nats / math.log(base)


@composite()
def entropy(p: Node, axis: Axis = -1, base: float | None = None) -> Node:
    """The entropy of a distribution, ``-sum(p * log(p))``; an outcome of probability 0 adds nothing.

    p: probabilities, any shape with at least one axis.
    axis: the axis of the outcomes, which the result lacks.
    base: that of the logarithm: none for the natural one, 2 for bits.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 3.49.
    Example: entropy(p, base=2); p = [0.5, 0.25, 0.25]
    """
    return in_base(-sum(xlogy(p, p), axis=axis), base)


@composite()
def kl_divergence(p: Node, q: Node, axis: Axis = -1, base: float | None = None) -> Node:
    """The Kullback-Leibler divergence of two distributions, ``sum(p * log(p / q))``.

    p: probabilities, any shape with at least one axis.
    q: probabilities, the shape of p.
    axis: the axis of the outcomes, which the result lacks.
    base: that of the logarithm: none for the natural one, 2 for bits.
    Elsewhere: ``kl_div``, as PyTorch has it, takes the logarithm of q first and p second.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 3.50.
    Example: kl_divergence(p, q); p = [0.5, 0.5]; q = [0.75, 0.25]
    """
    require_same(p=p, q=q)
    return in_base(sum(xlogy(p, p) - xlogy(p, q), axis=axis), base)


@composite()
def js_divergence(p: Node, q: Node, axis: Axis = -1, base: float | None = None) -> Node:
    """The Jensen-Shannon divergence, ``0.5 * KL(p, m) + 0.5 * KL(q, m)`` with ``m = (p + q) / 2``.

    p: probabilities, any shape with at least one axis.
    q: probabilities, the shape of p.
    axis: the axis of the outcomes, which the result lacks.
    base: that of the logarithm: none for the natural one, 2 for bits.
    Elsewhere: SciPy's ``jensenshannon`` is the square root of this.
    Source: Goodfellow et al., Generative Adversarial Nets (2014), section 4.1; Lin, Divergence measures based on the
    Shannon entropy (1991).
    Example: js_divergence(p, q, base=2); p = [0.75, 0.25]; q = [0.25, 0.75]
    """
    require_same(p=p, q=q)
    m = HALF * (p + q)
    return HALF * kl_divergence(p, m, axis=axis, base=base) + HALF * kl_divergence(q, m, axis=axis, base=base)
