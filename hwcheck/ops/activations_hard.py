"""Activation functions of straight pieces. PyTorch's names.

At a corner the derivative is PyTorch's: that of the flat piece.
"""

from __future__ import annotations

import math

import numpy as np

from hwcheck.graph.node import Array, Node, Shape
from hwcheck.graph.op import Misfit, composite, op
from hwcheck.ops.arithmetic import where
from hwcheck.ops.bounds import require_from, require_positive
from hwcheck.ops.functions import abs, sign


def _hardtanh_shape(x: Shape, min_val: float, max_val: float) -> Shape:
    if not min_val < max_val:
        raise Misfit(f"min_val must be less than max_val, but they are {min_val:g} and {max_val:g}")
    return x


def _hardtanh_rule(g: Node, y: Node, x: Node, min_val: float, max_val: float) -> Node:
    return g * (x > min_val) * (x < max_val)


@op(shape=_hardtanh_shape, gradients=[_hardtanh_rule], aliases=["hard_tanh"])
def hardtanh(x: Array, min_val: float = -1.0, max_val: float = 1.0) -> Array:
    """The straight form of tanh, ``max(min_val, min(max_val, x))``: x between two flat pieces.

    x: any shape -> the same.
    min_val, max_val: where the flat pieces are; the derivative at both corners is 0.
    Elsewhere: ``torch.clamp`` has the same values, but a derivative of 1 at its corners.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.3.3; Collobert, Large scale machine learning
    (2004).
    Example: hardtanh(x); x = [-3, -1, 0.5, 2]
    """
    return np.clip(x, min_val, max_val)


@composite()
def relu6(x: Node) -> Node:
    """ReLU that ends at 6: ``min(max(0, x), 6)``.

    The derivative is 0 at both corners.

    x: any shape -> the same.
    Source: Krizhevsky, Convolutional deep belief networks on CIFAR-10 (2010).
    Example: relu6(x); x = [-1, 0, 5, 8]
    """
    return hardtanh(x, 0.0, 6.0)


@composite(aliases=["hard_sigmoid"])
def hardsigmoid(x: Node, slope: float = 1 / 6, offset: float = 0.5) -> Node:
    """The straight form of the logistic function: ``max(0, min(1, slope * x + offset))``.

    x: any shape -> the same.
    slope: how steep the middle piece is, 1/6 unless said; positive.
    offset: the value at 0.
    Elsewhere: x / 6 + 1/2 in PyTorch, JAX and Keras 3; 0.2 x + 0.5 in Keras 2 and ONNX; (x + 1) / 2 in BinaryConnect
    (Courbariaux, Bengio, David, 2015).
    Source: Howard et al., Searching for MobileNetV3 (2019), section 5.2.
    Example: hardsigmoid(x); x = [-4, 0, 1.5, 3]
    """
    require_positive(slope=slope)
    if not math.isfinite(offset):
        raise Misfit(f"offset must be a number, but is {offset:g}")
    return hardtanh(_scaled(x, slope) + offset, 0.0, 1.0)


def _scaled(x: Node, slope: float) -> Node:
    """``slope * x``, written as ``x / 6`` where it is a sixth."""
    whole = 1 / slope
    return x / whole if whole.is_integer() else slope * x


@composite(aliases=["hard_swish", "hard_silu"])
def hardswish(x: Node) -> Node:
    """The straight form of SiLU, ``x * hardsigmoid(x)``: 0 up to -3, x from 3 on, ``x * (x + 3) / 6`` between.

    The derivative is 0 at -3 and 1 at 3.

    x: any shape -> the same.
    Elsewhere: older versions of PyTorch, 2.6 among them, have the derivatives -0.5 at -3 and 1.5 at 3.
    Source: Howard et al., Searching for MobileNetV3 (2019), section 5.2.
    Example: hardswish(x); x = [-4, -1, 0, 1, 4]
    """
    return x * hardsigmoid(x)


@composite()
def hardshrink(x: Node, lambd: float = 0.5) -> Node:
    """``x`` where its absolute value is greater than lambd, else 0: small entries are dropped.

    x: any shape -> the same.
    lambd: the largest absolute value that is dropped.
    Source: Donoho, Johnstone, Ideal spatial adaptation by wavelet shrinkage (1994), where it is hard thresholding.
    Example: hardshrink(x, lambd=1); x = [-3, 0.4, 0.9, 2]
    """
    require_from(0, lambd=lambd)
    return where(abs(x) > lambd, x, 0)


@composite()
def softshrink(x: Node, lambd: float = 0.5) -> Node:
    """x moved towards 0 by lambd, but not past it: ``sign(x) * max(abs(x) - lambd, 0)``.

    The derivative at both corners is 0. It is the step of the proximal method for an L1 penalty.

    x: any shape -> the same.
    lambd: how far x is moved.
    Source: Donoho, Johnstone, Ideal spatial adaptation by wavelet shrinkage (1994), where it is soft thresholding.
    Example: softshrink(x, lambd=1); x = [-3, -1, 0.4, 2]
    """
    require_from(0, lambd=lambd)
    return where(abs(x) > lambd, x - lambd * sign(x), 0)


@composite()
def threshold(x: Node, threshold: float, value: float) -> Node:
    """``x`` where it is greater than the threshold, else a fixed value.

    The derivative at the threshold is 0.

    x: any shape -> the same.
    threshold: x must be greater, to be kept.
    value: what is put in its place otherwise.
    Source: PyTorch reference, torch.nn.Threshold.
    Example: threshold(x, 1, 0); x = [-1, 0.5, 2, 3]
    """
    return where(x > threshold, x, value)
