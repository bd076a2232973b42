"""Losses that ask for a margin: of two classes, of several, and of pairs that are to be ranked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from hwcheck.graph.node import Array, Labels, Node
from hwcheck.graph.op import Misfit, Steps, composite
from hwcheck.graph.options import Reduction, spell_shape
from hwcheck.ops.activations import relu, softplus
from hwcheck.ops.arithmetic import where
from hwcheck.ops.arrays import reshape
from hwcheck.ops.labels import outside
from hwcheck.ops.losses import logistic_loss, reduced, weighted
from hwcheck.ops.losses_classes import class_entry, not_classes, one_hot
from hwcheck.ops.reductions import broadcast_to, largest, mean, sum
from hwcheck.ops.shapes import require_rank, require_same


def _not_signs(target: Array) -> Iterator[str]:
    yield from outside("target", target, (-1.0, 1.0), "a label is -1 or 1")


@composite(domain=lambda input, target, **options: _not_signs(target))
def hinge_loss(
    input: Node, target: Node, margin: float = 1.0, squared: bool = False, reduction: Reduction = "mean"
) -> Node:
    """The hinge loss of two classes, ``max(0, margin - target * input)``; at the hinge its derivative is 0.

    input: scores, any shape.
    target: -1 or 1, the shape of input.
    margin: the score from which on a right answer costs nothing.
    squared: whether each entry is squared.
    reduction: 'mean' over all entries, 'sum', 'none' or 'batchmean' (the sum divided by the length of the first axis).
    Elsewhere: PyTorch has it only for several classes, as ``multi_margin_loss``; Keras calls the labels 0 and 1, too.
    Source: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning (2009), section 12.3.2.
    Example: hinge_loss(f, y); f = [0.5, -2, 3]; y = [1, 1, 1]
    """
    require_same(input=input, target=target)
    entries = relu(margin - target * input)
    return reduced(entries**2 if squared else entries, reduction)


@composite(domain=lambda input, target, **options: _not_signs(target))
def soft_margin_loss(input: Node, target: Node, reduction: Reduction = "mean") -> Node:
    """The logistic loss of labels -1 and 1, ``log(1 + exp(-target * input))``.

    input: scores, any shape.
    target: -1 or 1, the shape of input.
    reduction: 'mean' over all entries, 'sum', 'none' or 'batchmean' (the sum divided by the length of the first axis).
    Source: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning (2009), equation 10.18.
    Example: soft_margin_loss(f, y); f = [0, 2]; y = [1, -1]
    """
    require_same(input=input, target=target)
    return reduced(softplus(-(target * input)), reduction)


@composite(domain=lambda input, target, **options: _not_signs(target))
def hinge_embedding_loss(input: Node, target: Labels, margin: float = 1.0, reduction: Reduction = "mean") -> Node:
    """Of a distance: itself where the target is 1, ``max(0, margin - input)`` where it is -1.

    At the hinge the derivative is -1, as in PyTorch.

    input: distances, any shape.
    target: 1 for a similar pair, -1 for a dissimilar one, the shape of input.
    margin: the distance from which on a dissimilar pair costs nothing.
    reduction: 'mean' over all entries, 'sum', 'none' or 'batchmean' (the sum divided by the length of the first axis).
    Source: PyTorch, torch.nn.HingeEmbeddingLoss.
    Example: hinge_embedding_loss(d, y); d = [0.5, 0.25, 3]; y = [1, -1, -1]
    """
    require_same(input=input, target=target)
    return reduced(where(target > 0, input, relu(margin - input, slope_at_zero=1)), reduction)


@composite(domain=lambda input1, input2, target, **options: _not_signs(target))
def margin_ranking_loss(
    input1: Node, input2: Node, target: Node, margin: float = 0.0, reduction: Reduction = "mean"
) -> Node:
    """``max(0, -target * (input1 - input2) + margin)``: input1 is to be the larger where target is 1.

    At the hinge the derivative is that of the part with a slope, as in PyTorch.

    input1: scores, any shape.
    input2: scores, the shape of input1.
    target: 1 or -1, the shape of input1.
    margin: how much larger it is to be.
    reduction: 'mean' over all entries, 'sum', 'none' or 'batchmean' (the sum divided by the length of the first axis).
    Source: PyTorch, torch.nn.MarginRankingLoss; Joachims, Optimizing search engines using clickthrough data (2002).
    Example: margin_ranking_loss(a, b, y, margin=1); a = [3, 1]; b = [1, 2]; y = [1, 1]
    """
    require_same(input1=input1, input2=input2, target=target)
    return reduced(relu(margin - target * (input1 - input2), slope_at_zero=1), reduction)


def _class_faults(input: Array, target: Array, weight: Array | None = None, **options: Any) -> Iterator[str]:
    yield from not_classes(target, input.shape[-1], "target")


@composite(domain=_class_faults)
def multi_margin_loss(
    step: Steps,
    input: Node,
    target: Labels,
    weight: Node | None = None,
    p: int = 1,
    margin: float = 1.0,
    reduction: Reduction = "mean",
    form: Literal["weston-watkins", "crammer-singer"] = "weston-watkins",
    class_mean: bool = True,
) -> Node:
    """The hinge loss of several classes: the sum of ``max(0, margin - x[t] + x[j])**p / C`` over the classes j but t.

    At a hinge the derivative is 0. The step ``margins`` has max(0, margin - x[t] + x[j]), and 0 where j is t.

    input: scores, (N, C) or (C,).
    target: class indices from 0, (N,) or a single one.
    weight: (C,), the factor of the losses of each target class; the mean stays that over the samples.
    p: 1, or 2 for squared hinges.
    margin: by how much the target's score is to be the largest.
    reduction: 'mean' over the samples, 'sum', 'none' or 'batchmean', which is the same as the mean here.
    form: 'weston-watkins' adds up the margins of all wrong classes, 'crammer-singer' takes the largest.
    class_mean: whether the sum of 'weston-watkins' is divided by the number of classes C, as PyTorch does.
    Elsewhere: Stanford's CS231n and most courses do not divide by C: ``class_mean=False``.
    Source: Weston, Watkins, Support vector machines for multi-class pattern recognition (1999); Crammer, Singer, On the
    algorithmic implementation of multiclass kernel-based vector machines (2001).
    Example: multi_margin_loss(s, t, class_mean=False); s = [3.2, 5.1, -1.7]; t = 0
    """
    require_rank("input", input.shape, (1, 2), "samples and classes, or the classes of one sample")
    if p not in (1, 2):
        raise Misfit(f"p of multi_margin_loss must be 1 or 2, not {p}")
    if target.shape != input.shape[:-1]:
        raise Misfit(f"{{target}} is {spell_shape(target.shape)}, but {{input}} is {spell_shape(input.shape)}")
    count = input.shape[-1]
    own = reshape(class_entry(input, target), (*target.shape, 1))
    margins = step("margins", relu(margin - own + input) * (1 - one_hot(target, count)))
    powers = margins**p
    if form == "crammer-singer":
        losses = largest(powers, axis=-1)
    else:
        losses = sum(powers, axis=-1) / (count if class_mean else 1)
    if weight is not None:
        if weight.shape != (count,):
            raise Misfit(f"{{weight}} is {spell_shape(weight.shape)}, but {{input}} has {count} classes")
        losses = class_entry(broadcast_to(weight, input.shape), target) * losses
    return reduced(losses, reduction)


@composite(
    domain=lambda input, target, weight=None, **options: outside("target", target, (0.0, 1.0), "a label is 0 or 1")
)
def multilabel_soft_margin_loss(
    input: Node, target: Node, weight: Node | None = None, reduction: Reduction = "mean"
) -> Node:
    """The binary cross-entropy of sigmoid(input), averaged over the classes, each of which a sample may have or not.

    input: logits, (N, C) or (C,).
    target: 0 or 1, the shape of input.
    weight: (C,), the factor of each class.
    reduction: 'mean' over the samples, 'sum', 'none' or 'batchmean', which is the same as the mean here.
    Source: PyTorch, torch.nn.MultiLabelSoftMarginLoss.
    Example: multilabel_soft_margin_loss(z, y); z = [0, 2]; y = [1, 0]
    """
    require_rank("input", input.shape, (1, 2), "samples and classes, or the classes of one sample")
    require_same(input=input, target=target)
    return reduced(mean(weighted(logistic_loss(input, target), weight), axis=-1), reduction)
