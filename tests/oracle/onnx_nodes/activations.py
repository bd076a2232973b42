"""Activation functions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hwcheck.graph.node import Node
from tests.oracle.onnx_nodes.translation import OPS, OnnxNode, Translation, direct

__all__ = ["TABLE"]


def along(op: str) -> Translation:
    """Softmax and its like; before version 13 all axes from the named one on counted as one."""

    def translate(onnx: OnnxNode) -> Node:
        axis, x = onnx.attributes["axis"], onnx[0]
        if onnx.opset >= 13:
            return OPS[op](x, axis=axis)
        return OPS["reshape"](OPS[op](OPS["flatten"](x, start_dim=axis), axis=-1), x.shape)

    return translate


def _hardmax(onnx: OnnxNode) -> Node:
    axis, x = onnx.attributes["axis"], onnx[0]
    return OPS["one_hot"](OPS["argmax"](x, axis=axis), x.shape[axis], axis=axis)


def _selu(onnx: OnnxNode) -> Node:
    """The op has the two constants of Klambauer et al., as ONNX has unless others are stated."""
    alpha, gamma = float(onnx.attributes["alpha"]), float(onnx.attributes["gamma"])
    if np.isclose([alpha, gamma], [1.6732632, 1.0507010]).all():
        return OPS["selu"](onnx[0])
    return gamma * OPS["elu"](onnx[0], alpha=alpha)


def _shrink(onnx: OnnxNode) -> Node:
    """Without a bias the op ``hardshrink``, with one as large as the threshold ``softshrink``."""
    threshold, bias = onnx.attributes["lambd"], onnx.attributes["bias"]
    op = {0.0: "hardshrink", threshold: "softshrink"}[bias]
    return OPS[op](onnx[0], lambd=threshold)


def _prelu(onnx: OnnxNode) -> Node:
    """The slope is an array that broadcasts."""
    x, slope = onnx.nodes
    missing = (1,) * (len(x.shape) - len(slope.shape))
    return OPS["prelu"](x, OPS["reshape"](slope, missing + slope.shape))


def _swiglu(onnx: OnnxNode) -> Node:
    """The op ``swiglu`` takes both inputs as the halves of one array."""
    return OPS["swiglu"](OPS["concatenate"](onnx.nodes, axis=-1), beta=onnx.attributes["alpha"])


def _thresholded(onnx: OnnxNode) -> Node:
    return OPS["threshold"](onnx[0], onnx.attributes["alpha"], 0)


TABLE: Mapping[str, Translation] = {
    "Celu": direct("celu", "alpha"),
    "Elu": direct("elu", "alpha"),
    "Gelu": direct("gelu", "approximate"),
    "HardSigmoid": direct("hardsigmoid", slope="alpha", offset="beta"),
    "HardSwish": direct("hardswish"),
    "Hardmax": _hardmax,
    "LeakyRelu": direct("leaky_relu", negative_slope="alpha"),
    "LogSoftmax": along("log_softmax"),
    "Mish": direct("mish"),
    "PRelu": _prelu,
    "Relu": direct("relu"),
    "Selu": _selu,
    "Shrink": _shrink,
    "Sigmoid": direct("sigmoid"),
    "Softmax": along("softmax"),
    "Softplus": direct("softplus"),
    "Softsign": direct("softsign"),
    "SwiGLU": _swiglu,
    "Swish": direct("silu", beta="alpha"),
    "ThresholdedRelu": _thresholded,
}
