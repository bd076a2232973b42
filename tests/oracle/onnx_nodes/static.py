"""Operators that compute nothing: constants, shapes and types. They are what longer models are held together with."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hwcheck.graph.node import Constant, Node
from tests.oracle.onnx_nodes.translation import OPS, OnnxNode, Translation

__all__ = ["TABLE"]


def _constant(onnx: OnnxNode) -> Node:
    (value,) = onnx.attributes.values()
    return Constant(value)


def _constant_of_shape(onnx: OnnxNode) -> Node:
    value = onnx.attributes.get("value", np.zeros(1))
    return Constant(np.full(onnx.whole(0) or (), value.item()))


def _shape(onnx: OnnxNode) -> Node:
    return Constant(onnx[0].shape[slice(onnx.attributes.get("start", 0), onnx.attributes.get("end"))])


def _size(onnx: OnnxNode) -> Node:
    return Constant(onnx[0].size)


def _cast(onnx: OnnxNode) -> Node:
    """There is float64 alone: what a narrower float loses is left to the tolerance."""
    if onnx.dtype.kind == "b":
        return OPS["not_equal"](onnx[0], 0)
    if onnx.dtype.kind in "iu" and not onnx.value(0).is_whole:
        return OPS["trunc"](onnx[0])
    return onnx[0]


TABLE: Mapping[str, Translation] = {
    "Cast": _cast,
    "CastLike": _cast,
    "Constant": _constant,
    "ConstantOfShape": _constant_of_shape,
    "Identity": lambda onnx: onnx[0],
    "Shape": _shape,
    "Size": _size,
}
