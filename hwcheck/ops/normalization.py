"""Normalization layers. PyTorch's names.

All are compositions, with the mean, the variance and the normalized array as their steps: so each of them, and its
gradient, can be asked for, and the gradient of the input comes out as the papers derive it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

import numpy as np

from hwcheck.graph.node import Array, Node, Shape
from hwcheck.graph.op import Misfit, Steps, composite
from hwcheck.graph.options import Axes, Axis, Ints, product, spell_shape
from hwcheck.ops.arithmetic import maximum
from hwcheck.ops.arrays import reshape
from hwcheck.ops.bounds import require_between, require_from
from hwcheck.ops.functions import abs, rooted, sqrt
from hwcheck.ops.reductions import kept, largest, mean, sum
from hwcheck.ops.shapes import require_axes, require_rank, require_shape

MACHINE_EPS = float(np.finfo(np.float64).eps)
CHANNELS = "batch, channels, ..."


def _moments(step: Steps, x: Node, axes: Axes, correction: int = 0) -> tuple[Node, Node, Node]:
    """The steps mean and var over some axes, and x without its mean."""
    center = step("mean", mean(x, axis=axes))
    centered = x - kept(center, x, axes)
    variance = sum(centered**2, axis=axes) / _divisor(x.size // center.size, correction, "correction")
    return center, step("var", variance), centered


def _divisor(count: int, correction: int, name: str) -> int:
    """What a sum of so many squares is divided by to be a variance."""
    if not 0 <= correction < count:
        raise Misfit(f"{name} must be from 0 to {count - 1}, below the number of entries, but is {correction}")
    return count - correction


def _normalized(step: Steps, x: Node, axes: Axes, eps: float, eps_place: str, correction: int = 0) -> Node:
    """The steps mean, var and xhat, over some axes."""
    require_from(0, eps=eps)
    _, variance, centered = _moments(step, x, axes, correction)
    return step("xhat", centered / rooted(kept(variance, x, axes), eps, eps_place))


def _scaled(xhat: Node, weight: Node | None, bias: Node | None, wanted: Shape, trailing: int = 0) -> Node:
    """Weight and bias applied; both have the ``wanted`` shape, behind which xhat has so many axes more."""
    for name, node in {"weight": weight, "bias": bias}.items():
        require_shape(name, node, wanted, "like what is normalized")
    y = xhat
    if weight is not None:
        y = y * reshape(weight, wanted + (1,) * trailing)
    if bias is not None:
        y = y + reshape(bias, wanted + (1,) * trailing)
    return y


def _last_axes(x: Shape, normalized_shape: Ints | None) -> Axes:
    """The axes at the end of x that have this shape; the last one where it is not stated."""
    if not x:
        raise Misfit("{x} is a single number: it needs an axis to be normalized over")
    wanted = x[-1:] if normalized_shape is None else normalized_shape
    if not wanted or x[-len(wanted) :] != wanted:
        raise Misfit(f"normalized_shape is {spell_shape(wanted)}, but {{x}} ({spell_shape(x)}) does not end so")
    return tuple(range(-len(wanted), 0))


@composite()
def layer_norm(
    step: Steps,
    x: Node,
    normalized_shape: Ints | None = None,
    weight: Node | None = None,
    bias: Node | None = None,
    eps: float = 1e-5,
    eps_place: Literal["inside", "outside"] = "inside",
    correction: int = 0,
) -> Node:
    """Layer normalization, ``weight * (x - mean) / sqrt(var + eps) + bias``, over the last axes of each sample.

    Its steps are ``mean``, ``var`` and ``xhat``, which is what weight and bias are applied to.

    x: any shape with one axis at least -> the same.
    normalized_shape: the lengths of the last axes that are normalized together; the last axis where it is left out.
    weight, bias: that shape; 1 and 0 where they are left out.
    eps: what keeps the divisor from 0.
    eps_place: 'inside' for sqrt(var + eps), 'outside' for sqrt(var) + eps.
    correction: the variance is divided by the number of entries less this: 0, or 1 for the unbiased estimate.
    Elsewhere: The Annotated Transformer divides by std + eps with the unbiased std: eps=1e-6, eps_place='outside',
    correction=1. Keras has eps=1e-3.
    Source: Ba, Kiros, Hinton, Layer normalization (2016), equations 3 and 4.
    Example: layer_norm(x, eps=0); x = [[1, 3], [2, 8]]
    """
    axes = _last_axes(x.shape, normalized_shape)
    xhat = _normalized(step, x, axes, eps, eps_place, correction)
    return _scaled(xhat, weight, bias, x.shape[-len(axes) :])


@composite()
def rms_norm(
    step: Steps,
    x: Node,
    normalized_shape: Ints | None = None,
    weight: Node | None = None,
    eps: float | None = None,
    eps_place: Literal["inside", "outside"] = "inside",
) -> Node:
    """Root mean square normalization, ``weight * x / sqrt(mean(x**2) + eps)``, over the last axes of each sample.

    Its steps are ``mean_square`` and ``xhat``, which is what the weight is applied to.

    x: any shape with one axis at least -> the same.
    normalized_shape: the lengths of the last axes that are normalized together; the last axis where it is left out.
    weight: that shape; 1 where it is left out.
    eps: what keeps the divisor from 0; where it is left out 2.2e-16, the distance of 1 to the next float64.
    eps_place: 'inside' for sqrt(mean_square + eps), 'outside' for sqrt(mean_square) + eps.
    Elsewhere: Llama has eps=1e-6, later 1e-5; ONNX 1e-5. The authors' own code adds 1e-8 outside the root.
    Source: Zhang, Sennrich, Root mean square layer normalization (2019), equation 4.
    Example: rms_norm(x, eps=0); x = [1, 7]
    """
    axes = _last_axes(x.shape, normalized_shape)
    eps = MACHINE_EPS if eps is None else eps
    require_from(0, eps=eps)
    mean_square = step("mean_square", mean(x**2, axis=axes))
    xhat = step("xhat", x / rooted(kept(mean_square, x, axes), eps, eps_place))
    return _scaled(xhat, weight, None, x.shape[-len(axes) :])


def _negative_variance(
    x: Array, running_mean: Array | None = None, running_var: Array | None = None, *affine: Array, **options: object
) -> Iterator[str]:
    if running_var is not None:
        for (channel,) in np.argwhere(running_var < 0):
            yield f"its running_var[{channel}] is {running_var[channel]:g}, but a variance is never negative"


@composite(domain=_negative_variance)
def batch_norm(
    step: Steps,
    x: Node,
    running_mean: Node | None = None,
    running_var: Node | None = None,
    weight: Node | None = None,
    bias: Node | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
    axis: Axis = 1,
    eps_place: Literal["inside", "outside"] = "inside",
    correction: int = 0,
    running_correction: int = 1,
    momentum_of: Literal["new", "old"] = "new",
) -> Node:
    """Batch normalization, ``weight * (x - mean) / sqrt(var + eps) + bias``, of each channel over the batch and space.

    With training=True the mean and the variance are those of the batch, and its steps are ``mean``, ``var`` and
    ``xhat``; where running statistics are given, what they become is ``new_running_mean`` and ``new_running_var``:
    ``(1 - momentum) * old + momentum * new``. Else the running statistics are what is used, and the step is ``xhat``.

    x: (batch, channels, ...) -> the same.
    running_mean, running_var: (channels,).
    weight, bias: (channels,); 1 and 0 where they are left out.
    training: whether the statistics are those of the batch.
    momentum: the share of the batch in the new running statistics.
    eps: what keeps the divisor from 0.
    axis: the axis of the channels.
    eps_place: 'inside' for sqrt(var + eps), 'outside' for sqrt(var) + eps.
    correction: the variance is divided by the number of entries less this.
    running_correction: the same of the variance that new_running_var takes in.
    momentum_of: 'new' where momentum is the share of the batch, 'old' where it is that of the old statistics.
    Elsewhere: Keras and ONNX call momentum the share of the old statistics (momentum_of='old'), and take the biased
    variance into the new ones (running_correction=0). The paper infers with the unbiased variance. Keras has eps=1e-3.
    Source: Ioffe, Szegedy, Batch normalization (2015), algorithm 1.
    Example: batch_norm(x, training=True, eps=0); x = [[1, 2], [3, 8]]
    """
    require_axes("x", x.shape, 2, CHANNELS)
    require_between(0, 1, momentum=momentum)
    require_from(0, eps=eps)
    channels, trailing = x.shape[axis : axis + 1 or None], -axis - 1
    across = channels + (1,) * trailing
    for name, node in {"running_mean": running_mean, "running_var": running_var}.items():
        require_shape(name, node, channels, "the channels of {x}")
    if training:
        others = tuple(i for i in range(-len(x.shape), 0) if i != axis)
        center, variance, centered = _moments(step, x, others, correction)
        count = x.size // channels[0]
        unbiased = variance * (count - correction) / _divisor(count, running_correction, "running_correction")
        share = momentum if momentum_of == "new" else 1 - momentum
        for name, old, new in (("mean", running_mean, center), ("var", running_var, unbiased)):
            if old is not None:
                step.beside(f"new_running_{name}", (1 - share) * old + share * new)
    elif running_mean is None or running_var is None:
        raise Misfit("batch_norm needs running_mean and running_var, or training=True")
    else:
        variance, centered = running_var, x - reshape(running_mean, across)
    xhat = step("xhat", centered / rooted(reshape(variance, across), eps, eps_place))
    return _scaled(xhat, weight, bias, channels, trailing)


@composite()
def group_norm(
    step: Steps,
    x: Node,
    num_groups: int,
    weight: Node | None = None,
    bias: Node | None = None,
    eps: float = 1e-5,
    eps_place: Literal["inside", "outside"] = "inside",
) -> Node:
    """Group normalization, ``weight * (x - mean) / sqrt(var + eps) + bias``: of groups of channels in each sample.

    Its steps are ``mean`` and ``var``, (batch, groups), and ``xhat``, which is what weight and bias are applied to.

    x: (batch, channels, ...) -> the same.
    num_groups: how many groups the channels are split into, neighbours together.
    weight, bias: (channels,); 1 and 0 where they are left out.
    eps: what keeps the divisor from 0.
    eps_place: 'inside' for sqrt(var + eps), 'outside' for sqrt(var) + eps.
    Elsewhere: 1 group is layer normalization over channels and space, a group for each channel instance normalization.
    Keras has eps=1e-3.
    Source: Wu, He, Group normalization (2018), equations 1, 2, 6 and 7.
    Example: group_norm(x, 2, eps=0); x = [[1, 3, 2, 8]]
    """
    require_axes("x", x.shape, 2, CHANNELS)
    channels = x.shape[1]
    if num_groups < 1 or channels % num_groups:
        raise Misfit(f"num_groups is {num_groups}, but must divide the {channels} channels of {{x}}")
    require_from(0, eps=eps)
    groups = reshape(x, (x.shape[0], num_groups, product(x.shape[1:]) // num_groups))
    _, variance, centered = _moments(step, groups, (-1,))
    xhat = step("xhat", reshape(centered / rooted(kept(variance, groups, (-1,)), eps, eps_place), x.shape))
    return _scaled(xhat, weight, bias, (channels,), len(x.shape) - 2)


@composite()
def instance_norm(
    step: Steps,
    x: Node,
    weight: Node | None = None,
    bias: Node | None = None,
    eps: float = 1e-5,
    eps_place: Literal["inside", "outside"] = "inside",
) -> Node:
    """Instance normalization, ``weight * (x - mean) / sqrt(var + eps) + bias``: each channel of each sample over space.

    Its steps are ``mean`` and ``var``, (batch, channels), and ``xhat``, which is what weight and bias are applied to.

    x: (batch, channels, ...), with one axis of space at least -> the same.
    weight, bias: (channels,); 1 and 0 where they are left out.
    eps: what keeps the divisor from 0.
    eps_place: 'inside' for sqrt(var + eps), 'outside' for sqrt(var) + eps.
    Source: Ulyanov, Vedaldi, Lempitsky, Instance normalization (2016), equation 4.
    Example: instance_norm(x, eps=0); x = [[[1, 3], [2, 8]]]
    """
    require_axes("x", x.shape, 3, CHANNELS)
    space = tuple(range(2 - len(x.shape), 0))
    xhat = _normalized(step, x, space, eps, eps_place)
    return _scaled(xhat, weight, bias, x.shape[1:2], len(space))


@composite()
def local_response_norm(
    step: Steps,
    x: Node,
    size: int,
    alpha: float = 1e-4,
    beta: float = 0.75,
    k: float = 1.0,
    average: bool = True,
) -> Node:
    """Local response normalization, ``x / (k + alpha * s)**beta``, s the mean square of neighbouring channels.

    Its steps are ``s`` and ``divisor``. Channels that do not exist count as 0, and an even ``size`` has one more
    channel before the entry's own than behind it.

    x: (batch, channels, ...) -> the same.
    size: how many channels are taken together.
    alpha, beta, k: as in the formula.
    average: whether s is the mean over ``size`` channels, or their sum.
    Elsewhere: AlexNet's paper has the sum, average=False, with k=2, size=5, alpha=1e-4; so has TensorFlow, whose
    depth_radius is half of size - 1. ONNX has the mean; its even size has one more channel behind the entry's own.
    Source: Krizhevsky, Sutskever, Hinton, ImageNet classification with deep convolutional neural networks (2012),
    section 3.3.
    Example: local_response_norm(x, 3, alpha=3, beta=1); x = [[1, 2, 0]]
    """
    require_axes("x", x.shape, 2, CHANNELS)
    require_from(1, size=size)
    batch, channels, *space = x.shape
    squares = reshape(x**2, (batch, channels, product(space)))
    total = reshape(_neighbours(channels, size) @ squares, x.shape)
    s = step("s", total / size if average else total)
    return x / step("divisor", (k + alpha * s) ** beta)


def _neighbours(channels: int, size: int) -> Array:
    """1 at (i, j) where channel j is one of the ``size`` around channel i."""
    ahead = np.arange(channels) - np.arange(channels)[:, np.newaxis]
    return ((-(size // 2) <= ahead) & (ahead <= (size - 1) // 2)).astype(np.float64)


def _norm(x: Node, p: float, axis: Axes) -> Node:
    """The p-norm over some axes, which are kept with length 1."""
    if not p > 0:
        raise Misfit(f"p must be positive, not {p:g}")
    if p == math.inf:
        return largest(abs(x), axis=axis, keepdims=True)
    if p == 1:
        return sum(abs(x), axis=axis, keepdims=True)
    if p == 2:
        return sqrt(sum(x**2, axis=axis, keepdims=True))
    return sum(abs(x) ** p, axis=axis, keepdims=True) ** (1 / p)


@composite()
def normalize(step: Steps, x: Node, p: float = 2.0, axis: Axis = 1, eps: float = 1e-12) -> Node:
    """Vectors divided by their norm, ``x / max(norm, eps)``.

    Its step is ``norm``, with the axis kept at length 1.

    x: any shape -> the same.
    p: which norm: the sum of ``abs(x)**p``, to the power 1/p; 2 is the Euclidean one, inf the largest magnitude.
    axis: the axis that the vectors lie along.
    eps: the least that is divided by.
    Elsewhere: TensorFlow's l2_normalize divides by sqrt(max(sum(x**2), eps)).
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 2.30.
    Example: normalize(x); x = [[3, 4], [0, 2]]
    """
    require_from(0, eps=eps)
    return x / maximum(step("norm", _norm(x, p, (axis,))), eps)


@composite()
def weight_norm(step: Steps, v: Node, g: Node, axis: Axis = 0) -> Node:
    """A weight whose direction and length are learned apart, ``g * v / norm(v)``.

    Its step is ``norm``, the Euclidean norm of each slice of v along the axis.

    v: any shape with one axis at least -> the same.
    g: the length of each slice: one number for each index of the axis.
    axis: the axis that has an index for each unit.
    Source: Salimans, Kingma, Weight normalization (2016), equation 2.
    Example: weight_norm(v, g); v = [[3, 4], [0, 2]]; g = [10, 1]
    """
    units, trailing = v.shape[axis : axis + 1 or None], (1,) * (-axis - 1)
    require_rank("g", g.shape, (1,), "a number for each unit")
    if g.shape != units:
        raise Misfit(f"axis {axis + len(v.shape)} of {{v}} is {units[0]}, but {{g}} has {g.shape[0]}")
    others = tuple(i for i in range(-len(v.shape), 0) if i != axis)
    norm = step("norm", sqrt(sum(v**2, axis=others)))
    return v * reshape(g / norm, units + trailing)
