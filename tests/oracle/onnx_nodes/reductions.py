"""Sums, extremes and the like over axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hwcheck.graph.node import Node
from tests.oracle.onnx_nodes.arrays import part
from tests.oracle.onnx_nodes.translation import OPS, OnnxNode, Translation

__all__ = ["TABLE"]


def _same(x: Node) -> Node:
    return x


def reduction(
    op: str, before: Callable[[Node], Node] = _same, after: Callable[[Node], Node] = _same, **options: Any
) -> Translation:
    """A reduction of what ``before`` makes of each entry; ``after`` follows it.

    The axes are an attribute or, since version 18, an input; no axes are all of them, or none where that is asked for.
    """

    def translate(onnx: OnnxNode) -> Node:
        axes = onnx.whole(1) or onnx.attributes.get("axes")
        if axes is None and onnx.attributes.get("noop_with_empty_axes"):
            return after(before(onnx[0]))
        return after(OPS[op](before(onnx[0]), axis=axes, keepdims=bool(onnx.attributes["keepdims"]), **options))

    return translate


def extreme_at(op: str) -> Translation:
    """``argmax`` and its like; the last of those that tie is the first from the end."""

    def translate(onnx: OnnxNode) -> Node:
        x, axis = onnx[0], int(onnx.attributes["axis"])
        options: dict[str, Any] = {"axis": axis, "keepdims": bool(onnx.attributes["keepdims"])}
        if onnx.attributes.get("select_last_index"):
            return x.shape[axis] - 1 - OPS[op](part(x, axis, slice(None, None, -1)), **options)
        return OPS[op](x, **options)

    return translate


TABLE: Mapping[str, Translation] = {
    "ArgMax": extreme_at("argmax"),
    "ArgMin": extreme_at("argmin"),
    "ReduceL1": reduction("norm", ord=1),
    "ReduceL2": reduction("norm", ord=2),
    "ReduceLogSum": reduction("sum", after=OPS["log"]),
    "ReduceLogSumExp": reduction("logsumexp"),
    "ReduceMax": reduction("max"),
    "ReduceMean": reduction("mean"),
    "ReduceMin": reduction("min"),
    "ReduceProd": reduction("prod"),
    "ReduceSum": reduction("sum"),
    "ReduceSumSquare": reduction("sum", before=OPS["square"]),
}
