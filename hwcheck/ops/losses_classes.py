"""Losses on classes: cross-entropy and what is made of it. PyTorch's names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from hwcheck.graph.node import OPERATORS, Array, Labels, Node, Shape
from hwcheck.graph.op import Misfit, composite, op
from hwcheck.graph.options import Axis, Reduction, spell_shape
from hwcheck.ops.activations import log_softmax
from hwcheck.ops.arithmetic import where
from hwcheck.ops.arrays import reshape
from hwcheck.ops.bounds import require_between
from hwcheck.ops.functions import exp, log
from hwcheck.ops.information import in_base, xlogy
from hwcheck.ops.labels import wrong_entries
from hwcheck.ops.losses import reduced
from hwcheck.ops.reductions import broadcast_to, sum


def not_classes(labels: Array, count: int, name: str, ignore_index: int | None = None) -> Iterator[str]:
    """The labels that are the index of no class."""
    known = np.isin(labels, np.arange(count))
    if ignore_index is not None:
        known |= labels == ignore_index
    for _, told in wrong_entries(name, labels, ~known):
        yield f"{told}, but there are {count} classes, 0 to {count - 1}"


@composite(domain=lambda x, num_classes, axis=-1: not_classes(x, num_classes, "x"))
def one_hot(x: Labels, num_classes: int, axis: int = -1) -> Node:
    """1 at the class that each entry names, 0 elsewhere.

    x: class indices from 0, any shape -> one axis more.
    num_classes: the length of the new axis.
    axis: where the new axis stands, the last one unless another is named.
    Elsewhere: PyTorch has the classes always last; JAX and TensorFlow have ``axis``.
    Source: Bishop, Pattern Recognition and Machine Learning (2006), equation 4.1: the 1-of-K coding scheme.
    Example: one_hot(t, 3); t = [2, 0]
    """
    rank = len(x.shape) + 1
    if num_classes < 1:
        raise Misfit(f"one_hot needs at least one class, not {num_classes}")
    if not -rank <= axis < rank:
        raise Misfit(f"axis of one_hot is {axis}, but the result has axes 0 to {rank - 1}")
    place = axis % rank
    classes = np.arange(num_classes).reshape((-1,) + (1,) * (rank - place - 1))
    return OPERATORS["=="](reshape(x, (*x.shape[:place], 1, *x.shape[place:])), classes)


def _entry_shape(x: Shape, labels: Shape, axis: Axis) -> Shape:
    place = axis + len(x)
    without = (*x[:place], *x[place + 1 :])
    if labels != without:
        raise Misfit(
            f"{{labels}} is {spell_shape(labels)}, but {{x}} without the {x[axis]} classes is {spell_shape(without)}"
        )
    return without


def _printed(axis: Axis, rank: int) -> int:
    """An axis as a reader writes it: counted from the front, but the last one is -1, which need not be written."""
    return axis if axis == -1 else axis + rank


def _to_class(g: Node, y: Node, x: Node, labels: Node, axis: Axis) -> Node:
    place = axis + len(x.shape)
    chosen = one_hot(labels, x.shape[axis], axis=_printed(axis, len(x.shape)))
    return (g if place == 0 else reshape(g, (*g.shape[:place], 1, *g.shape[place:]))) * chosen


@op(
    shape=_entry_shape,
    gradients=[_to_class, None],
    domain=lambda x, labels, axis=-1: not_classes(labels, x.shape[axis], "labels"),
)
def class_entry(x: Array, labels: Labels, axis: Axis = -1) -> Array:
    """Of each sample the entry of its class, ``x[n, labels[n]]``; NaN where there is no such class.

    x: any shape with an axis of classes.
    labels: class indices from 0, the shape of x without that axis.
    axis: the axis of the classes, the last one unless another is named.
    Elsewhere: ``x[range(N), labels]`` in NumPy, ``gather`` in PyTorch.
    Source: Zhang, Lipton, Li, Smola, Dive into Deep Learning (2023), section 4.4.3.
    Example: class_entry(x, t); x = [[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]]; t = [0, 2]
    """
    fine = np.isin(labels, np.arange(x.shape[axis]))
    chosen = np.expand_dims(np.where(fine, labels, 0).astype(np.intp), axis)
    sheets = max(len(x), len(labels))
    rows, chosen = np.broadcast_to(x, (sheets, *x.shape[1:])), np.broadcast_to(chosen, (sheets, *chosen.shape[1:]))
    return np.where(fine, np.take_along_axis(rows, chosen, axis).squeeze(axis), np.nan)


class _Classes:
    """A loss on classes, taken apart: where the classes are, what the target holds, how much each class weighs."""

    def __init__(
        self, input: Node, target: Node, weight: Node | None, axis: Axis | None, ignore_index: int | None
    ) -> None:
        self.input = input
        self.axis = _class_axis(input, axis)
        self.count = count = input.shape[self.axis]
        self.soft = target.shape == input.shape
        place = self.axis + len(input.shape)
        without = (*input.shape[:place], *input.shape[place + 1 :])
        if not self.soft and target.shape != without:
            raise Misfit(
                f"{{target}} ({spell_shape(target.shape)}) must have the shape of {{input}} "
                f"({spell_shape(input.shape)}), or that without the {count} classes, each entry the index of its class"
            )
        if weight is not None and weight.shape != (count,):
            raise Misfit(f"{{weight}} is {spell_shape(weight.shape)}, but {{input}} has {count} classes")
        if ignore_index is not None and self.soft:
            raise Misfit("ignore_index is for targets of class indices, but {target} has a number for each class")
        self.weights = None if weight is None else self._aligned(weight)
        self.kept = None if ignore_index is None else OPERATORS["!="](target, ignore_index)
        self.target = target if self.kept is None else where(self.kept, target, 0)  # what is left out names any class

    def _aligned(self, weight: Node) -> Node:
        """A weight for each class, along the axis of the classes."""
        return reshape(weight, (self.count,) + (1,) * (-1 - self.axis))

    def numbers(self) -> Node:
        """The target with a number for each class."""
        if self.soft:
            return self.target
        return one_hot(self.target, self.count, axis=_printed(self.axis, len(self.input.shape)))

    def weighted(self, entries: Node) -> Node:
        """What has a number for each class, each times the weight of its class."""
        return entries if self.weights is None else self.weights * entries

    def chosen(self, entries: Node) -> Node:
        """Of what has a number for each class, that of the target's class."""
        return class_entry(entries, self.target, axis=self.axis)

    def own_weight(self) -> Node:
        """Of each sample the weight of its class."""
        assert self.weights is not None  # noqa: S101  asked for only where there are weights
        return self.chosen(broadcast_to(self.weights, self.input.shape))

    def over_classes(self, entries: Node) -> Node:
        """The sum over the classes."""
        return sum(entries, axis=self.axis)

    def together(self, losses: Node, reduction: Reduction) -> Node:
        """The losses of the samples, put together: the mean of class indices is weighted as PyTorch has it."""
        if self.kept is not None:
            losses = where(self.kept, losses, 0)
        if reduction != "mean" or self.soft or (self.weights is None and self.kept is None):
            return reduced(losses, reduction)
        share = self.kept
        if self.weights is not None:
            own = self.own_weight()
            share = own if share is None else where(share, own, 0)
        assert share is not None  # noqa: S101  there are weights or samples left out
        return sum(losses) / sum(share)


def _class_axis(input: Node, axis: Axis | None) -> int:
    """The axis of the classes, from the end: the one that is named, the only one, or the one behind the batch."""
    if not input.shape:
        raise Misfit("{input} is a single number: it needs an axis of classes")
    if axis is not None:
        return axis
    return -1 if len(input.shape) == 1 else 1 - len(input.shape)


def _class_faults(
    input: Array,
    target: Array,
    weight: Array | None = None,
    axis: Axis | None = None,
    ignore_index: int | None = None,
    **options: Any,
) -> Iterator[str]:
    """What is wrong with the numbers of a target of class indices."""
    if target.shape == input.shape:
        return
    count = input.shape[axis if axis is not None else min(1, input.ndim - 1)]
    yield from not_classes(target, count, "target", ignore_index)
    if ignore_index is not None and (target == ignore_index).all():
        yield f"all entries of {{target}} are {ignore_index}, the index to ignore: no sample is left"


@composite(domain=_class_faults)
def nll_loss(
    input: Node,
    target: Labels,
    weight: Node | None = None,
    reduction: Reduction = "mean",
    ignore_index: int | None = None,
    axis: Axis | None = None,
) -> Node:
    """The negative log likelihood, ``-input[class]``, of log probabilities.

    input: log probabilities, (N, C), (N, C, ...) or (C,).
    target: class indices from 0, the shape of input without C; or one number for each class, the shape of input.
    weight: (C,), the factor of each class; the mean of class indices is divided by the sum of the samples' weights.
    reduction: 'mean' over the samples, 'sum', 'none' or 'batchmean' (the sum divided by the length of the first axis).
    ignore_index: samples with this target add nothing, and do not count in the mean.
    axis: the axis of the classes: the last one of (C,), axis 1 otherwise, unless another is named; with batches as
    columns, (C, N), it is 0.
    Elsewhere: PyTorch takes no one-hot targets here, and ignores the index -100 unless told otherwise.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 6.12.
    Example: nll_loss(logp, t); logp = [[-0.5, -1, -3], [-2, -0.2, -4]]; t = [0, 1]
    """
    classes = _Classes(input, target, weight, axis, ignore_index)
    if classes.soft:
        return classes.together(-classes.over_classes(classes.weighted(target * input)), reduction)
    return classes.together(-classes.chosen(classes.weighted(input)), reduction)


@composite(domain=_class_faults)
def cross_entropy(
    input: Node,
    target: Labels,
    weight: Node | None = None,
    reduction: Reduction = "mean",
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    axis: Axis | None = None,
    from_logits: bool = True,
    base: float | None = None,
) -> Node:
    """The cross-entropy ``-sum(t * log(softmax(input)))`` of a target t; of a class index ``-log(softmax(input)[t])``.

    To have the probabilities asked for and carried forward write ``p: softmax(z)`` and
    ``L: cross_entropy(p, t, from_logits=False)``.

    input: logits, (N, C), (N, C, ...) or (C,).
    target: class indices from 0, the shape of input without C; or probabilities (one-hot), the shape of input.
    weight: (C,), the factor of each class; the mean of class indices is divided by the sum of the samples' weights.
    reduction: 'mean' over the samples, 'sum', 'none' or 'batchmean' (the sum divided by the length of the first axis).
    ignore_index: samples with this target add nothing, and do not count in the mean.
    label_smoothing: the share e of the target that is spread evenly: t becomes ``(1 - e) * t + e / C``.
    axis: the axis of the classes: the last one of (C,), axis 1 otherwise, unless another is named; with batches as
    columns, (C, N), it is 0.
    from_logits: False where input are probabilities already, whose logarithm alone is taken.
    base: that of the logarithm: none for the natural one, 2 for bits.
    Elsewhere: PyTorch's function takes logits only, and ignores the index -100 unless told otherwise; Keras takes
    probabilities unless told ``from_logits=True``, and divides a weighted mean by the number of samples, here
    'batchmean'.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equations 5.59 and 6.30; section 7.5.1 for smoothing.
    Example: cross_entropy(z, t); z = [[2, 1, 0], [0, 0, 1]]; t = [0, 2]
    """
    require_between(0, 1, label_smoothing=label_smoothing)
    classes = _Classes(input, target, weight, axis, ignore_index)
    spread = classes.soft or label_smoothing > 0
    losses = _of_numbers(classes, label_smoothing, from_logits) if spread else _of_indices(classes, from_logits)
    return classes.together(in_base(losses, base), reduction)


def _of_numbers(classes: _Classes, smoothing: float, from_logits: bool) -> Node:
    """The cross-entropy of each sample whose target has a number for each class."""
    t = classes.numbers()
    if smoothing > 0:
        t = (1 - smoothing) * t + smoothing / classes.count
    terms = t * log_softmax(classes.input, axis=classes.axis) if from_logits else xlogy(t, classes.input)
    return -classes.over_classes(classes.weighted(terms))


def _of_indices(classes: _Classes, from_logits: bool) -> Node:
    """That of each sample whose target is the index of its class: no other class takes part in it."""
    if from_logits:
        return -classes.chosen(classes.weighted(log_softmax(classes.input, axis=classes.axis)))
    logs = log(classes.chosen(classes.input))
    return -(logs if classes.weights is None else classes.own_weight() * logs)


@composite(domain=_class_faults)
def perplexity(
    input: Node, target: Labels, ignore_index: int | None = None, axis: Axis | None = None, from_logits: bool = True
) -> Node:
    """How many equally likely words a model is as unsure as: ``exp(cross_entropy(input, target))``.

    input: logits, (N, C), (N, C, ...) or (C,).
    target: class indices from 0, the shape of input without C; or probabilities (one-hot), the shape of input.
    ignore_index: samples with this target do not count.
    axis: the axis of the classes: the last one of (C,), axis 1 otherwise, unless another is named.
    from_logits: False where input are probabilities already.
    Source: Zhang, Lipton, Li, Smola, Dive into Deep Learning (2023), section 9.3.2.
    Example: perplexity(p, t, from_logits=False); p = [[0.5, 0.5], [0.125, 0.875]]; t = [0, 0]
    """
    return exp(cross_entropy(input, target, ignore_index=ignore_index, axis=axis, from_logits=from_logits))
