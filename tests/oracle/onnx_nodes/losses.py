"""Losses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hwcheck.graph.node import Node
from tests.oracle.onnx_nodes.translation import OPS, OnnxNode, Translation

__all__ = ["TABLE"]


def _options(onnx: OnnxNode) -> dict[str, Any]:
    options = {"weight": onnx.get(2), "reduction": onnx.attributes["reduction"]}
    ignored = onnx.attributes.get("ignore_index")
    return options if ignored is None else options | {"ignore_index": ignored}


def _nll_loss(onnx: OnnxNode) -> Node:
    return OPS["nll_loss"](onnx[0], onnx[1], **_options(onnx))


def _cross_entropy(onnx: OnnxNode) -> list[Node]:
    return [OPS["cross_entropy"](onnx[0], onnx[1], **_options(onnx)), OPS["log_softmax"](onnx[0], axis=1)]


TABLE: Mapping[str, Translation] = {
    "NegativeLogLikelihoodLoss": _nll_loss,
    "SoftmaxCrossEntropyLoss": _cross_entropy,
}
