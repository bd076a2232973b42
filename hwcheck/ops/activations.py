"""Activation functions, under PyTorch's functional names."""

from __future__ import annotations

import numpy as np

from hwcheck.graph.node import Array, Node
from hwcheck.graph.op import op
from hwcheck.graph.options import Axis
from hwcheck.ops.arithmetic import where
from hwcheck.ops.reductions import summed
from hwcheck.ops.shapes import same


@op(shape=same, gradients=[lambda g, y, x: g * (y > 0)])
def relu(x: Array) -> Array:
    """The rectified linear unit, ``max(0, x)``; its derivative at 0 is taken as 0, as in PyTorch.

    x: any shape. Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.3.1.
    """
    return np.maximum(x, 0.0)


@op(shape=same, gradients=[lambda g, y, x, negative_slope: g * where(x > 0, 1, negative_slope)])
def leaky_relu(x: Array, negative_slope: float = 0.01) -> Array:
    """x where it is positive, else ``negative_slope * x``; the derivative at 0 is the negative slope, as in PyTorch.

    x: any shape. Source: Maas, Hannun, Ng, Rectifier nonlinearities improve neural network acoustic models (2013).
    """
    return np.where(x > 0, x, negative_slope * x)


@op(shape=same, gradients=[lambda g, y, x: g * y * (1 - y)], latex=r"\sigma({0})", aliases=["σ", "logistic"])
def sigmoid(x: Array) -> Array:
    """The logistic function, ``1 / (1 + exp(-x))``.

    x: any shape. Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 3.30.
    """
    # exp of a number that is never positive cannot overflow.
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1.0 + small)


@op(shape=same, gradients=[lambda g, y, x: g * sigmoid(x)])
def softplus(x: Array) -> Array:
    """``log(1 + exp(x))``, the smooth form of ReLU.

    x: any shape. Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 3.31.
    """
    return np.logaddexp(0.0, x)


def _softmax_rule(g: Node, y: Node, x: Node, axis: Axis) -> Node:
    return y * (g - summed(g * y, axis, keepdims=True))


@op(shape=same, gradients=[_softmax_rule])
def softmax(x: Array, axis: Axis = -1) -> Array:
    """``exp(x)`` divided by its sum along an axis.

    x: any shape; the axis is the last one unless another is named.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 6.29.
    """
    shifted = np.exp(x - np.maximum.reduce(x, axis=axis, keepdims=True))
    return shifted / np.add.reduce(shifted, axis=axis, keepdims=True)


def _log_softmax_rule(g: Node, y: Node, x: Node, axis: Axis) -> Node:
    return g - softmax(x, axis=axis) * summed(g, axis, keepdims=True)


@op(shape=same, gradients=[_log_softmax_rule])
def log_softmax(x: Array, axis: Axis = -1) -> Array:
    """The logarithm of softmax, computed without first rounding a small probability to 0.

    x: any shape; the axis is the last one unless another is named.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 6.30.
    """
    shifted = x - np.maximum.reduce(x, axis=axis, keepdims=True)
    return shifted - np.log(np.add.reduce(np.exp(shifted), axis=axis, keepdims=True))
