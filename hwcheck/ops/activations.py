"""Activation functions: smooth ones, ReLU and its kin, and softmax. PyTorch's names.

Those of straight pieces are in activations_hard.py, those with a gate in activations_gated.py.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from hwcheck.graph.node import Array, Node, Shape
from hwcheck.graph.op import Misfit, composite, op
from hwcheck.graph.options import Axis, spell_shape
from hwcheck.ops.arithmetic import equal, where
from hwcheck.ops.arrays import reshape
from hwcheck.ops.bounds import require_positive
from hwcheck.ops.functions import abs, erf, sqrt, tanh
from hwcheck.ops.reductions import summed
from hwcheck.ops.shapes import same

# With these a normal number of mean 0 and variance 1 keeps both: the fixed point of Klambauer et al. (2017).
SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805


def _relu_shape(x: Shape, slope_at_zero: float) -> Shape:
    if not 0 <= slope_at_zero <= 1:
        raise Misfit(f"slope_at_zero must lie between the slopes on either side, 0 and 1, but is {slope_at_zero:g}")
    return x


def _relu_rule(g: Node, y: Node, x: Node, slope_at_zero: float) -> Node:
    if slope_at_zero == 0:
        return g * (y > 0)
    if slope_at_zero == 1:
        return g * (x >= 0)
    return g * ((x > 0) + slope_at_zero * equal(x, 0))


@op(shape=_relu_shape, gradients=[_relu_rule])
def relu(x: Array, slope_at_zero: float = 0.0) -> Array:
    """The rectified linear unit, ``max(0, x)``.

    x: any shape -> the same.
    slope_at_zero: what the derivative at exactly 0 is taken as, from 0 to 1; the value does not depend on it.
    Elsewhere: PyTorch, TensorFlow and ``jax.nn.relu`` take 0; ``maximum(x, 0)`` takes 1/2 in PyTorch and JAX, and so it
    does here. Some courses take 1, from writing the derivative as ``x >= 0``.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.3.1.
    Example: relu(x); x = [-2, 0, 3]
    """
    return np.maximum(x, 0.0)


@op(shape=same, gradients=[lambda g, y, x, negative_slope: g * where(x > 0, 1, negative_slope)])
def leaky_relu(x: Array, negative_slope: float = 0.01) -> Array:
    """The leaky ReLU: ``x`` where x is positive, else ``negative_slope * x``.

    The derivative at 0 is the negative slope.

    x: any shape -> the same.
    negative_slope: the slope left of 0.
    Elsewhere: the negative slope is 0.01 in PyTorch and JAX, 0.2 in ``tf.nn.leaky_relu`` and 0.3 in Keras's layer
    LeakyReLU. The derivative at 0 is the negative slope in PyTorch and 1 in JAX.
    Source: Maas, Hannun, Ng, Rectifier nonlinearities improve neural network acoustic models (2013).
    Example: leaky_relu(x, negative_slope=0.1); x = [-2, 0, 3]
    """
    return np.where(x > 0, x, negative_slope * x)


@composite()
def prelu(x: Node, weight: Node) -> Node:
    """The parametric ReLU: ``x`` where x is positive, else ``weight * x``, with a weight that is learned.

    The derivative in x at 0 is the weight.

    x: (N, C, ...) or (C,) -> the same.
    weight: the slope left of 0: a single number, or (C,) with one for each channel, or an array of as many axes as x
    that broadcasts to it.
    Elsewhere: PyTorch takes one slope, or one for each channel on axis 1. In Keras every entry of a sample has a slope
    of its own, unless ``shared_axes`` says otherwise.
    Source: He, Zhang, Ren, Sun, Delving deep into rectifiers (2015), equation 1.
    Example: prelu(x, weight); x = [[-2, -2], [4, -6]]; weight = [0.5, 0.1]
    """
    return where(x > 0, x, _slopes(x, weight) * x)


def _slopes(x: Node, weight: Node) -> Node:
    """The weight of prelu, with the axes that let it meet its channels."""
    if weight.size == 1 and len(weight.shape) <= 1:
        return reshape(weight, ())
    if len(weight.shape) == 1:
        channels = 0 if len(x.shape) == 1 else 1
        if x.shape[channels : channels + 1] != weight.shape:
            has = f"axis {channels} of {{x}} is {x.shape[channels]}" if x.shape else "{x} is a single number"
            raise Misfit(f"{{weight}} must have a slope for each channel: it is {weight.size}, but {has}")
        return reshape(weight, weight.shape + (1,) * (len(x.shape) - channels - 1))
    if len(weight.shape) != len(x.shape) or any(w not in (1, n) for w, n in zip(weight.shape, x.shape, strict=True)):
        raise Misfit(
            f"{{weight}} ({spell_shape(weight.shape)}) must broadcast to the shape of {{x}} ({spell_shape(x.shape)})"
        )
    return weight


def _elu_shape(x: Shape, alpha: float) -> Shape:
    require_positive(alpha=alpha)
    return x


@op(shape=_elu_shape, gradients=[lambda g, y, x, alpha: g * where(x > 0, 1, y + alpha)])
def elu(x: Array, alpha: float = 1.0) -> Array:
    """The exponential linear unit: ``x`` where x is positive, else ``alpha * (exp(x) - 1)``.

    Left of 0 the derivative is ``y + alpha``, which is ``alpha * exp(x)``; at 0 it is alpha.

    x: any shape -> the same.
    alpha: the curve approaches -alpha on the left; positive.
    Source: Clevert, Unterthiner, Hochreiter, Fast and accurate deep network learning by exponential linear units
    (2016), section 3.
    Example: elu(x); x = [-log(4), 0, 3]
    """
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0.0)))


@composite()
def selu(x: Node) -> Node:
    """The scaled exponential linear unit, ``scale * elu(x, alpha)``, with fixed numbers.

    alpha = 1.6732632423543772 and scale = 1.0507009873554805 keep mean 0 and variance 1 from layer to layer.

    x: any shape -> the same.
    Source: Klambauer, Unterthiner, Mayr, Hochreiter, Self-normalizing neural networks (2017), equation 2.
    Example: selu(x); x = [-log(2), 0, 1]
    """
    return SELU_SCALE * elu(x, alpha=SELU_ALPHA)


@composite()
def celu(x: Node, alpha: float = 1.0) -> Node:
    """The continuously differentiable ELU: ``x`` where x is positive, else ``alpha * (exp(x / alpha) - 1)``.

    Its slope is 1 on both sides of 0, whatever alpha is.

    x: any shape -> the same.
    alpha: the curve approaches -alpha on the left; positive.
    Source: Barron, Continuously differentiable exponential linear units (2017).
    Example: celu(x, alpha=2); x = [-2 * log(4), 0, 3]
    """
    require_positive(alpha=alpha)
    return alpha * elu(x / alpha)


@op(shape=same, gradients=[lambda g, y, x: g * y * (1 - y)], latex=r"\sigma({0})", aliases=["σ", "logistic"])
def sigmoid(x: Array) -> Array:
    """The logistic function, ``1 / (1 + exp(-x))``.

    x: any shape -> the same.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equations 3.30 and 3.34 (its derivative).
    Example: sigmoid(x); x = [0, log(3), -log(3)]
    """
    y = np.negative(x)
    np.exp(y, out=y)  # where it overflows, 1 / inf is right
    y += 1.0
    return np.reciprocal(y, out=y)


@composite(aliases=["log_sigmoid"])
def logsigmoid(x: Node) -> Node:
    """The logarithm of the logistic function, ``log(sigmoid(x)) = -softplus(-x)``, without first rounding it to 0.

    x: any shape -> the same.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 3.36.
    Example: logsigmoid(x); x = [0, log(3), -1000]
    """
    return -softplus(-x)


def _softplus_shape(x: Shape, beta: float, threshold: float | None) -> Shape:
    require_positive(beta=beta)
    if threshold is not None and math.isnan(threshold):
        raise Misfit("threshold must be a number, but is nan")
    return x


def _softplus_rule(g: Node, y: Node, x: Node, beta: float, threshold: float | None) -> Node:
    slope = sigmoid(beta * x)
    return g * (slope if threshold is None else where(beta * x > threshold, 1, slope))


@op(shape=_softplus_shape, gradients=[_softplus_rule])
def softplus(x: Array, beta: float = 1.0, threshold: float | None = None) -> Array:
    """The smooth form of ReLU, ``log(1 + exp(beta * x)) / beta``.

    x: any shape -> the same.
    beta: how sharp the bend is; positive.
    threshold: where ``beta * x`` is greater, the result is x itself; None keeps the formula everywhere.
    Elsewhere: PyTorch has ``threshold=20`` so that exp cannot overflow, which changes the result by less than 3e-9 /
    beta. Here nothing overflows without it.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equations 3.31 and 3.37 (its derivative).
    Example: softplus(x); x = [0, log(3), -log(3)]
    """
    bent = np.logaddexp(0.0, beta * x) / beta
    return bent if threshold is None else np.where(beta * x > threshold, x, bent)


@composite()
def softsign(x: Node) -> Node:
    """``x / (1 + abs(x))``: like tanh, but it approaches -1 and 1 far more slowly.

    x: any shape -> the same.
    Source: Glorot, Bengio, Understanding the difficulty of training deep feedforward neural networks (2010).
    Example: softsign(x); x = [-3, 0, 1]
    """
    return x / (1 + abs(x))


@composite()
def tanhshrink(x: Node) -> Node:
    """``x - tanh(x)``: flat at 0, and nearly x itself far from it.

    x: any shape -> the same.
    Source: PyTorch reference, torch.nn.Tanhshrink.
    Example: tanhshrink(x); x = [0, log(2), -log(2)]
    """
    return x - tanh(x)


@composite()
def gelu(x: Node, approximate: Literal["none", "tanh", "sigmoid"] = "none") -> Node:
    """The Gaussian error linear unit, ``x * (1 + erf(x / sqrt(2))) / 2``.

    It is x times the chance that a normal number is below x.

    x: any shape -> the same.
    approximate: 'none' is exact; 'tanh' is ``x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3)))``; 'sigmoid' is
    ``x * sigmoid(1.702 * x)``.
    Elsewhere: PyTorch and Keras are exact unless asked for tanh, ``jax.nn.gelu`` takes tanh unless asked for the exact
    one; GPT-2 was trained with tanh. The two differ by less than 0.001, which shows in the third decimal.
    Source: Hendrycks, Gimpel, Gaussian error linear units (2016), section 2.
    Example: gelu(x); x = [-1, 0, 1]
    """
    if approximate == "sigmoid":
        return x * sigmoid(1.702 * x)
    if approximate == "tanh":
        return x / 2 * (1 + tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    return x / 2 * (1 + erf(x / sqrt(2.0)))


@composite(aliases=["swish"])
def silu(x: Node, beta: float = 1.0) -> Node:
    """The sigmoid linear unit, also called swish: ``x * sigmoid(beta * x)``.

    x: any shape -> the same.
    beta: how sharp the bend is; SiLU is swish with beta 1. For a beta that is learned write ``x * sigmoid(beta * x)``.
    Elsewhere: PyTorch's, TensorFlow's and JAX's silu have beta 1 (``tf.nn.silu`` can be given another).
    Source: Ramachandran, Zoph, Le, Searching for activation functions (2017), section 4; Hendrycks, Gimpel, Gaussian
    error linear units (2016), section 2.
    Example: silu(x); x = [0, log(3), -log(3)]
    """
    require_positive(beta=beta)
    return x * sigmoid(beta * x)


@composite()
def mish(x: Node) -> Node:
    """``x * tanh(softplus(x))``, close to SiLU.

    x: any shape -> the same.
    Source: Misra, Mish: a self regularized non-monotonic activation function (2020).
    Example: mish(x); x = [0, log(2), -1]
    """
    return x * tanh(softplus(x))


def _softmax_rule(g: Node, y: Node, x: Node, axis: Axis) -> Node:
    return y * (g - summed(g * y, axis, keepdims=True))


@op(shape=same, gradients=[_softmax_rule])
def softmax(x: Array, axis: Axis = -1) -> Array:
    """``exp(x) / sum(exp(x))`` along an axis: positive numbers whose sum is 1.

    x: any shape -> the same; a constant that is added to all entries along the axis changes nothing.
    axis: the axis along which the sum is 1.
    Elsewhere: PyTorch's softmax has no default axis; TensorFlow's and JAX's is the last, as here.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 6.29.
    Example: softmax(x); x = [0, log(2), log(3)]
    """
    y = x - np.maximum.reduce(x, axis=axis, keepdims=True)
    np.exp(y, out=y)  # in place: at size, passes over fresh memory take most of the time
    y /= np.add.reduce(y, axis=axis, keepdims=True)
    return y


@composite()
def softmin(x: Node, axis: Axis = -1) -> Node:
    """``exp(-x) / sum(exp(-x))`` along an axis, the softmax of -x: the smallest entry gets most.

    x: any shape -> the same.
    axis: the axis along which the sum is 1.
    Source: PyTorch reference, torch.nn.Softmin.
    Example: softmin(x); x = [0, log(2), log(4)]
    """
    return softmax(-x, axis=axis)


def _log_softmax_rule(g: Node, y: Node, x: Node, axis: Axis) -> Node:
    return g - softmax(x, axis=axis) * summed(g, axis, keepdims=True)


@op(shape=same, gradients=[_log_softmax_rule])
def log_softmax(x: Array, axis: Axis = -1) -> Array:
    """The logarithm of softmax, ``x - log(sum(exp(x)))``, without first rounding a small probability to 0.

    x: any shape -> the same.
    axis: the axis along which the probabilities add up to 1.
    Elsewhere: PyTorch's log_softmax has no default axis; TensorFlow's and JAX's is the last, as here.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 6.30.
    Example: log_softmax(x); x = [[0, log(3)], [0, 1000]]
    """
    shifted = x - np.maximum.reduce(x, axis=axis, keepdims=True)
    return shifted - np.log(np.add.reduce(np.exp(shifted), axis=axis, keepdims=True))
