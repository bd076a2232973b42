"""Activation functions."""

from __future__ import annotations

from collections.abc import Mapping

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


def _shrink(onnx: OnnxNode) -> Node:
    """``hardshrink`` and ``softshrink`` are the ones with a bias of 0 and of the threshold itself."""
    x, threshold, bias = onnx[0], onnx.attributes["lambd"], onnx.attributes["bias"]
    kept = OPS["hardshrink"](x, threshold)
    return kept - bias * OPS["sign"](kept)


def _prelu(onnx: OnnxNode) -> Node:
    """Not the op ``prelu``, which has a slope for each channel: here it is an array that broadcasts."""
    return OPS["where"](onnx[0] > 0, onnx[0], onnx[0] * onnx[1])


def _thresholded(onnx: OnnxNode) -> Node:
    return OPS["threshold"](onnx[0], onnx.attributes["alpha"], 0)


def _hard_sigmoid(onnx: OnnxNode) -> Node:
    """The op ``hardsigmoid`` is the one of slope 1/6."""
    return OPS["clip"](onnx.attributes["alpha"] * onnx[0] + onnx.attributes["beta"], 0, 1)


def _swish(onnx: OnnxNode) -> Node:
    return onnx[0] * OPS["sigmoid"](onnx.attributes["alpha"] * onnx[0])


TABLE: Mapping[str, Translation] = {
    "Celu": direct("celu", "alpha"),
    "Elu": direct("elu", "alpha"),
    "Gelu": direct("gelu", "approximate"),
    "HardSigmoid": _hard_sigmoid,
    "HardSwish": direct("hardswish"),
    "Hardmax": _hardmax,
    "LeakyRelu": direct("leaky_relu", negative_slope="alpha"),
    "LogSoftmax": along("log_softmax"),
    "Mish": direct("mish"),
    "PRelu": _prelu,
    "Relu": direct("relu"),
    "Selu": direct("selu"),
    "Shrink": _shrink,
    "Sigmoid": direct("sigmoid"),
    "Softmax": along("softmax"),
    "Softplus": direct("softplus"),
    "Softsign": direct("softsign"),
    "Swish": _swish,
    "ThresholdedRelu": _thresholded,
}
