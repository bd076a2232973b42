"""Normalisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hwcheck.graph.node import Node
from tests.oracle.onnx_nodes.translation import OPS, OnnxNode, Translation, direct

__all__ = ["TABLE"]


def _biased_var(x: Node, axis: Sequence[int]) -> Node:
    return OPS["var"](x, axis=axis, ddof=0, keepdims=True)


def _layer_normalization(onnx: OnnxNode) -> list[Node]:
    """Over all axes from the named one on; the mean and the inverse deviation are outputs too."""
    x, axis, eps = onnx[0], onnx.attributes["axis"], onnx.attributes["epsilon"]
    axes = range(axis % len(x.shape), len(x.shape))
    y = OPS["layer_norm"](x, x.shape[axis:], onnx[1], onnx.get(2), eps=eps)
    return [y, OPS["mean"](x, axis=[*axes], keepdims=True), 1 / OPS["sqrt"](_biased_var(x, [*axes]) + eps)]


def _rms_normalization(onnx: OnnxNode) -> Node:
    x = onnx[0]
    return OPS["rms_norm"](x, x.shape[onnx.attributes["axis"] :], onnx[1], eps=onnx.attributes["epsilon"])


def _batch_normalization(onnx: OnnxNode) -> list[Node]:
    """In training the running statistics move, of which ONNX counts the share that is kept."""
    x, weight, bias, mean, var = onnx.nodes
    training, kept = bool(onnx.attributes["training_mode"]), onnx.attributes["momentum"]
    y = OPS["batch_norm"](x, mean, var, weight, bias, training=training, eps=onnx.attributes["epsilon"])
    axes = [axis for axis in range(len(x.shape)) if axis != 1]
    new_mean, new_var = OPS["mean"](x, axis=axes), OPS["var"](x, axis=axes, ddof=0)
    return [y, kept * mean + (1 - kept) * new_mean, kept * var + (1 - kept) * new_var]


def _group_normalization(onnx: OnnxNode) -> Node:
    return OPS["group_norm"](onnx[0], onnx.attributes["num_groups"], onnx[1], onnx[2], eps=onnx.attributes["epsilon"])


def _mean_variance_normalization(onnx: OnnxNode) -> Node:
    """With an epsilon outside the root."""
    x, axes = onnx[0], onnx.attributes.get("axes", [0, 2, 3])
    deviation = OPS["sqrt"](_biased_var(x, axes))
    return (x - OPS["mean"](x, axis=axes, keepdims=True)) / (deviation + 1e-9)


_LRN: dict[str, Any] = {"alpha": "alpha", "beta": "beta", "k": "bias", "size": "size"}

TABLE: Mapping[str, Translation] = {
    "BatchNormalization": _batch_normalization,
    "GroupNormalization": _group_normalization,
    "InstanceNormalization": direct("instance_norm", eps="epsilon"),
    "LRN": direct("local_response_norm", **_LRN),
    "LayerNormalization": _layer_normalization,
    "LpNormalization": direct("normalize", "p", "axis"),
    "MeanVarianceNormalization": _mean_variance_normalization,
    "RMSNormalization": _rms_normalization,
}
