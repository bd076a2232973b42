"""Losses of likelihood: that of a distribution, and the divergence of two. PyTorch's names."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from hwcheck.graph.node import Array, Node
from hwcheck.graph.op import Misfit, composite
from hwcheck.graph.options import Reduction, spell_shape
from hwcheck.ops.arithmetic import HALF, maximum, where
from hwcheck.ops.bounds import require_from
from hwcheck.ops.functions import exp, log
from hwcheck.ops.information import in_base, xlogy
from hwcheck.ops.labels import wrong_entries
from hwcheck.ops.losses import reduced
from hwcheck.ops.shapes import broadcast, require_same


@composite()
def kl_div(
    input: Node, target: Node, reduction: Reduction = "mean", log_target: bool = False, base: float | None = None
) -> Node:
    """The Kullback-Leibler divergence, ``target * (log(target) - input)``, where input is a logarithm already.

    The mean is over all entries, as in PyTorch; the divergence itself is the sum, or 'batchmean' of several samples.

    input: log probabilities, any shape.
    target: probabilities, the shape of input.
    reduction: 'mean' over all entries, 'sum', 'none' or 'batchmean' (the sum divided by the length of the first axis).
    log_target: whether target is the logarithm of probabilities, too.
    base: that of the result's logarithm: none for the natural one, 2 for bits; input stays a natural logarithm.
    Elsewhere: ``kl_divergence(p, q)`` takes both as probabilities, in the order of the textbooks.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 3.50.
    Example: kl_div(log(q), p, reduction='sum'); q = [0.75, 0.25]; p = [0.5, 0.5]
    """
    require_same(input=input, target=target)
    entries = exp(target) * (target - input) if log_target else xlogy(target, target) - target * input
    return reduced(in_base(entries, base), reduction)


def _negative_variance(input: Array, target: Array, var: Array, **options: Any) -> Iterator[str]:
    for _, told in wrong_entries("var", var, var < 0):
        yield f"{told}, but no variance is negative"


@composite(domain=_negative_variance)
def gaussian_nll_loss(
    input: Node, target: Node, var: Node, full: bool = False, eps: float = 1e-6, reduction: Reduction = "mean"
) -> Node:
    """The negative log likelihood of a normal distribution, ``0.5 * (log(var) + (input - target)**2 / var)``.

    input: the expected values, any shape.
    target: what was observed, the shape of input.
    var: the variances, a shape that broadcasts to that of input; such as (N, 1) or a single number.
    full: whether the constant ``0.5 * log(2 * pi)`` is added.
    eps: a smaller variance counts as this.
    reduction: 'mean' over all entries, 'sum', 'none' or 'batchmean' (the sum divided by the length of the first axis).
    Elsewhere: where eps replaces a variance PyTorch's gradient in var is that at eps; here it is 0.
    Source: Nix, Weigend, Estimating the mean and variance of the target probability distribution (1994).
    Example: gaussian_nll_loss(mu, y, var); mu = [1, 2]; y = [3, 2]; var = [4, 1]
    """
    require_same(input=input, target=target)
    if broadcast("input", "var")(input.shape, var.shape) != input.shape:
        raise Misfit(f"{{var}} ({spell_shape(var.shape)}) has more entries than {{input}} ({spell_shape(input.shape)})")
    require_from(0, eps=eps)
    spread = maximum(var, eps)
    entries = HALF * (log(spread) + (input - target) ** 2 / spread)
    return reduced(entries + HALF * math.log(2 * math.pi) if full else entries, reduction)


@composite()
def poisson_nll_loss(
    input: Node,
    target: Node,
    log_input: bool = True,
    full: bool = False,
    eps: float = 1e-8,
    reduction: Reduction = "mean",
) -> Node:
    """The negative log likelihood of counts, ``exp(input) - target * input`` where input is the logarithm of the rate.

    input: the logarithm of the rate, or the rate, any shape.
    target: the counts, the shape of input.
    log_input: False where input is the rate itself: ``input - target * log(input + eps)``.
    full: whether Stirling's approximation of ``log(target!)`` is added, for counts above 1:
    ``target * log(target) - target + 0.5 * log(2 * pi * target)``.
    eps: what is added to a rate before its logarithm is taken.
    reduction: 'mean' over all entries, 'sum', 'none' or 'batchmean' (the sum divided by the length of the first axis).
    Source: McCullagh, Nelder, Generalized Linear Models (1989), chapter 6.
    Example: poisson_nll_loss(s, n, reduction='sum'); s = [0, 1]; n = [2, 1]
    """
    require_same(input=input, target=target)
    require_from(0, eps=eps)
    entries = exp(input) - target * input if log_input else input - target * log(input + eps)
    if full:
        many = where(target > 1, target, 1)  # no logarithm of what is not counted
        stirling = many * log(many) - many + HALF * log(2 * math.pi * many)
        entries = entries + where(target > 1, stirling, 0)
    return reduced(entries, reduction)
