"""Losses, under PyTorch's functional names. All are compositions, so none needs calculus of its own.

``reduction`` says how the entries are put together: 'mean' (PyTorch's default), 'sum' or 'none'.
"""

from __future__ import annotations

import numpy as np

from hwcheck.graph.node import OPERATORS, Labels, Node
from hwcheck.graph.op import Misfit, composite
from hwcheck.graph.options import Reduction, spell_shape
from hwcheck.ops.activations import log_softmax
from hwcheck.ops.arrays import reshape
from hwcheck.ops.functions import log
from hwcheck.ops.reductions import mean, sum


def reduced(entries: Node, reduction: Reduction) -> Node:
    """A loss for each entry, put together."""
    if reduction == "none":
        return entries
    return mean(entries) if reduction == "mean" else sum(entries)


def _require_same(input: Node, target: Node) -> None:
    if input.shape != target.shape:
        raise Misfit(f"{{input}} is {spell_shape(input.shape)}, but {{target}} is {spell_shape(target.shape)}")


@composite()
def mse_loss(input: Node, target: Node, reduction: Reduction = "mean") -> Node:
    """The squared error, ``(input - target)**2``; PyTorch's mean is over all entries, not over the batch alone.

    input, target: one shape. For half the squared error write ``0.5 * mse_loss(...)``.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 5.5.
    """
    _require_same(input, target)
    return reduced((input - target) ** 2, reduction)


@composite()
def binary_cross_entropy(input: Node, target: Node, reduction: Reduction = "mean") -> Node:
    """``-(target * log(input) + (1 - target) * log(1 - input))`` for probabilities.

    input: probabilities, target: 0 or 1 (or between), one shape.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.2.
    """
    _require_same(input, target)
    return reduced(-(target * log(input) + (1 - target) * log(1 - input)), reduction)


def _class_axis(input: Node) -> int:
    """The axis of the classes: the only one, or the one behind the batch."""
    if not input.shape:
        raise Misfit("{input} is a single number: it needs an axis of classes")
    return 0 if len(input.shape) == 1 else 1


def _chosen(input: Node, target: Node) -> Node:
    """1 at the class that the target names, 0 elsewhere; a target of the input's shape is taken as it is."""
    if target.shape == input.shape:
        return target
    axis = _class_axis(input)
    if target.shape != input.shape[:axis] + input.shape[axis + 1 :]:
        raise Misfit(
            f"{{target}} ({spell_shape(target.shape)}) must have the shape of {{input}} ({spell_shape(input.shape)}), "
            f"or that without the {input.shape[axis]} classes, each entry the index of its class"
        )
    return one_hot(target, input.shape[axis], axis=-1 if axis == len(input.shape) - 1 else axis)


@composite()
def one_hot(x: Labels, num_classes: int, axis: int = -1) -> Node:
    """1 at the class that each entry names, 0 elsewhere; the classes are the last axis, or the one that is named.

    x: class indices from 0, any shape; the result has one axis more, of ``num_classes``.
    """
    rank = len(x.shape) + 1
    if num_classes < 1:
        raise Misfit(f"one_hot needs at least one class, not {num_classes}")
    if not -rank <= axis < rank:
        raise Misfit(f"axis of one_hot is {axis}, but the result has axes 0 to {rank - 1}")
    place = axis % rank
    classes = np.arange(num_classes).reshape((-1,) + (1,) * (rank - place - 1))
    return OPERATORS["=="](reshape(x, (*x.shape[:place], 1, *x.shape[place:])), classes)


def _over_batch(entries: Node, input: Node, reduction: Reduction) -> Node:
    """One loss a sample, put together: the mean is over the samples."""
    each = sum(entries, axis=_class_axis(input))
    return reduced(each, reduction)


@composite()
def nll_loss(input: Node, target: Labels, reduction: Reduction = "mean") -> Node:
    """The negative log likelihood, ``-input[class]``, of log probabilities.

    input: log probabilities, (N, C), (N, C, ...) or (C,); target: class indices from 0, the same without C, or one-hot.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 6.12.
    """
    return _over_batch(-(_chosen(input, target) * input), input, reduction)


@composite()
def cross_entropy(input: Node, target: Labels, reduction: Reduction = "mean") -> Node:
    """The cross-entropy of softmax(input) against the target, as PyTorch defines it: the input are logits.

    input: logits, (N, C), (N, C, ...) or (C,); target: class indices from 0, the same without C, or probabilities
    (one-hot) of the input's shape. The mean is over the samples.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equations 5.59 and 6.30.
    """
    logs = log_softmax(input, axis=_class_axis(input))
    return _over_batch(-(_chosen(input, target) * logs), input, reduction)
