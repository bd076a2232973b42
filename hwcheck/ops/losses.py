"""Losses that compare two arrays entry by entry. PyTorch's names.

``reduction`` says how the entries are put together: 'mean' over all of them (PyTorch's default), 'sum', 'none', or
'batchmean', their sum divided by the number of samples alone, which is the length of the first axis.
"""

from __future__ import annotations

import math

import numpy as np

from hwcheck.graph.node import Array, Node
from hwcheck.graph.op import Misfit, composite
from hwcheck.graph.options import Reduction, spell_shape
from hwcheck.ops.activations import sigmoid, softplus
from hwcheck.ops.arithmetic import HALF, where
from hwcheck.ops.bounds import require_from, require_positive
from hwcheck.ops.elementwise import elementwise
from hwcheck.ops.functions import abs, tanh
from hwcheck.ops.information import xlogy
from hwcheck.ops.reductions import mean, sum
from hwcheck.ops.shapes import broadcast, require_same


def reduced(entries: Node, reduction: Reduction) -> Node:
    """A loss for each entry or sample, put together."""
    if reduction == "none":
        return entries
    if reduction == "mean":
        return mean(entries)
    if reduction == "sum":
        return sum(entries)
    if not entries.shape:
        raise Misfit("'batchmean' divides by the length of the first axis, but this loss is of a single sample")
    return sum(entries) / entries.shape[0]


def weighted(entries: Node, weight: Node | None, name: str = "weight") -> Node:
    """The entries, each times its weight; the weights may be broadcast to the entries, not the reverse."""
    if weight is None:
        return entries
    if broadcast("input", name)(entries.shape, weight.shape) != entries.shape:
        raise Misfit(
            f"{{{name}}} ({spell_shape(weight.shape)}) has more entries than {{input}} ({spell_shape(entries.shape)})"
        )
    return weight * entries


@composite()
def mse_loss(input: Node, target: Node, reduction: Reduction = "mean", half: bool = False) -> Node:
    """The squared error, ``(input - target)**2``, averaged over all entries.

    input: any shape.
    target: the shape of input.
    reduction: 'mean' over all entries, 'sum', 'none' or 'batchmean' (the sum divided by the length of the first axis).
    half: whether the squares are halved, ``0.5 * (input - target)**2``, so that the gradient has no factor 2.
    Elsewhere: PyTorch and Keras do not halve; many courses and Bishop (2006), equation 5.14, do. PyTorch's mean is
    over all entries; courses that say "mean over the batch" mean 'batchmean'.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 5.5.
    Example: mse_loss(yhat, y, half=True); yhat = [1, 2]; y = [3, 2]
    """
    require_same(input=input, target=target)
    squares = (input - target) ** 2
    return reduced(HALF * squares if half else squares, reduction)


@composite()
def l1_loss(input: Node, target: Node, reduction: Reduction = "mean") -> Node:
    """The absolute error, ``abs(input - target)``; its derivative where the two are equal is taken as 0.

    input: any shape.
    target: the shape of input.
    reduction: 'mean' over all entries, 'sum', 'none' or 'batchmean' (the sum divided by the length of the first axis).
    Source: Bishop, Pattern Recognition and Machine Learning (2006), section 1.5.5: the Minkowski loss with q = 1.
    Example: l1_loss(yhat, y); yhat = [1, 2]; y = [4, 1]
    """
    require_same(input=input, target=target)
    return reduced(abs(input - target), reduction)


@composite()
def huber_loss(input: Node, target: Node, reduction: Reduction = "mean", delta: float = 1.0) -> Node:
    """Half the squared error where it is small, ``0.5 * d**2``, else linear, ``delta * (abs(d) - 0.5 * delta)``.

    Here d is ``input - target``; it is small where ``abs(d) <= delta``.

    input: any shape.
    target: the shape of input.
    reduction: 'mean' over all entries, 'sum', 'none' or 'batchmean' (the sum divided by the length of the first axis).
    delta: where the two parts meet, positive.
    Elsewhere: ``smooth_l1_loss(beta=delta)`` is this divided by delta.
    Source: Huber, Robust estimation of a location parameter, Annals of Mathematical Statistics 35 (1964).
    Example: huber_loss(yhat, y, delta=1); yhat = [1.5, 4]; y = [1, 1]
    """
    require_same(input=input, target=target)
    require_positive(delta=delta)
    d = input - target
    return reduced(where(abs(d) <= delta, HALF * d**2, delta * (abs(d) - HALF * delta)), reduction)


@composite()
def smooth_l1_loss(input: Node, target: Node, reduction: Reduction = "mean", beta: float = 1.0) -> Node:
    """The absolute error with its corner rounded off: ``0.5 * d**2 / beta`` near 0, else ``abs(d) - 0.5 * beta``.

    Here d is ``input - target``; it is near 0 where ``abs(d) < beta``.

    input: any shape.
    target: the shape of input.
    reduction: 'mean' over all entries, 'sum', 'none' or 'batchmean' (the sum divided by the length of the first axis).
    beta: where the two parts meet; with 0 this is ``l1_loss``.
    Elsewhere: ``huber_loss(delta=beta)`` is this times beta.
    Source: Girshick, Fast R-CNN (2015), equation 3, where beta is 1.
    Example: smooth_l1_loss(yhat, y, beta=2); yhat = [1, 5]; y = [2, 1]
    """
    require_same(input=input, target=target)
    require_from(0, beta=beta)
    d = input - target
    if beta == 0:
        return reduced(abs(d), reduction)
    return reduced(where(abs(d) < beta, HALF * d**2 / beta, abs(d) - HALF * beta), reduction)


@elementwise("x", gradients=[lambda g, y, x: g * tanh(x)], latex=r"\ln\cosh({0})")
def log_cosh(x: Array) -> Array:
    """The logarithm of the hyperbolic cosine, ``log((exp(x) + exp(-x)) / 2)``; its derivative is tanh.

    x: any shape.
    Source: Abramowitz, Stegun, Handbook of Mathematical Functions (1964), section 4.5.
    Example: log_cosh(x); x = [0, 1, -1]
    """
    # cosh overflows beyond 710; near 0, where it is 1 + 2 * sinh(x / 2)**2, the other form loses all digits.
    size = np.abs(x)
    near = np.log1p(2 * np.sinh(np.minimum(size, 1.0) / 2) ** 2)
    far = size + np.log1p(np.exp(-2 * size)) - math.log(2)
    y: Array = np.where(size < 1, near, far)
    return y


@composite()
def log_cosh_loss(input: Node, target: Node, reduction: Reduction = "mean") -> Node:
    """The error ``log(cosh(input - target))``: about half the square where it is small, linear where it is large.

    input: any shape.
    target: the shape of input.
    reduction: 'mean' over all entries, 'sum', 'none' or 'batchmean' (the sum divided by the length of the first axis).
    Elsewhere: Keras calls it log_cosh; PyTorch has none.
    Source: Saleh, Saleh, Statistical properties of the log-cosh loss function used in machine learning (2022).
    Example: log_cosh_loss(yhat, y, reduction='sum'); yhat = [1, 2]; y = [2, 2]
    """
    require_same(input=input, target=target)
    return reduced(log_cosh(input - target), reduction)


@composite()
def binary_cross_entropy(input: Node, target: Node, weight: Node | None = None, reduction: Reduction = "mean") -> Node:
    """``-(target * log(input) + (1 - target) * log(1 - input))`` for probabilities.

    A term whose factor is 0 is absent, also where its logarithm is infinite: at an input of exactly 0 and a target of 0
    the loss is 0.

    input: probabilities, any shape.
    target: 0 or 1, or between, the shape of input.
    weight: factors of the entries, a shape that broadcasts to that of input; the mean stays that over all entries.
    reduction: 'mean' over all entries, 'sum', 'none' or 'batchmean' (the sum divided by the length of the first axis).
    Elsewhere: PyTorch cuts the logarithm off at -100 and Keras keeps probabilities 1e-7 away from 0 and 1, so that a
    certain and wrong answer costs 100 or 16.1; here it costs infinity, as the formula says.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.2.
    Example: binary_cross_entropy(p, y); p = [0.8, 0.4]; y = [1, 0]
    """
    require_same(input=input, target=target)
    return reduced(weighted(-(xlogy(target, input) + xlogy(1 - target, 1 - input)), weight), reduction)


@elementwise("x", "t", gradients=[lambda g, y, x, t: g * (sigmoid(x) - t), lambda g, y, x, t: -(g * x)])
def logistic_loss(x: Array, t: Array) -> Array:
    """The binary cross-entropy of logits, entry by entry: ``-(t * log(p) + (1 - t) * log(1 - p))``, p = sigmoid(x).

    It is computed without first rounding a probability to 0 or 1. Its derivative in x is ``sigmoid(x) - t``.

    x: logits, any shape.
    t: 0 or 1, or between, a shape that broadcasts with x.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equations 6.24 to 6.26.
    Example: logistic_loss(x, t); x = [0, 2]; t = [1, 0]
    """
    y: Array = t * np.logaddexp(0.0, -x) + (1 - t) * np.logaddexp(0.0, x)
    return y


@composite()
def binary_cross_entropy_with_logits(
    input: Node,
    target: Node,
    weight: Node | None = None,
    pos_weight: Node | None = None,
    reduction: Reduction = "mean",
) -> Node:
    """The binary cross-entropy of sigmoid(input): ``-(t * log(sigmoid(x)) + (1 - t) * log(1 - sigmoid(x)))``.

    It stays exact where the sigmoid of a large logit would round to 0 or 1.

    input: logits, any shape.
    target: 0 or 1, or between, the shape of input.
    weight: factors of the entries, a shape that broadcasts to that of input; the mean stays that over all entries.
    pos_weight: factors of the terms with ``t``, such as one for each class; a shape that broadcasts to that of input.
    reduction: 'mean' over all entries, 'sum', 'none' or 'batchmean' (the sum divided by the length of the first axis).
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.2.
    Example: binary_cross_entropy_with_logits(z, y); z = [0, 2]; y = [1, 0]
    """
    require_same(input=input, target=target)
    if pos_weight is None:
        entries = logistic_loss(input, target)
    else:
        positive = weighted(target * softplus(-input), pos_weight, "pos_weight")
        entries = positive + (1 - target) * softplus(input)
    return reduced(weighted(entries, weight), reduction)
