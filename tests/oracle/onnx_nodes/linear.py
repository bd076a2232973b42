"""Products of matrices."""

from __future__ import annotations

from collections.abc import Mapping

from hwcheck.graph.node import Node
from tests.oracle.onnx_nodes.translation import OPS, OnnxNode, Translation, direct

__all__ = ["TABLE"]


def _gemm(onnx: OnnxNode) -> Node:
    a, b = (x.T if onnx.attributes[flag] else x for x, flag in zip(onnx.nodes, ("transA", "transB"), strict=False))
    alpha, beta = float(onnx.attributes["alpha"]), float(onnx.attributes["beta"])
    return alpha * (a @ b) + beta * onnx[2] if onnx.has(2) else alpha * (a @ b)


def _einsum(onnx: OnnxNode) -> Node:
    return OPS["einsum"](onnx.attributes["equation"], onnx.nodes)


TABLE: Mapping[str, Translation] = {
    "Einsum": _einsum,
    "Gemm": _gemm,
    "MatMul": direct("matmul"),
}
