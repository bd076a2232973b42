"""Convolution and pooling, along one axis, two or three."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from hwcheck.graph.node import Constant, Node
from tests.oracle.onnx_nodes.arrays import part
from tests.oracle.onnx_nodes.translation import OPS, OnnxNode, Translation

__all__ = ["TABLE", "sided"]

Sides = list[tuple[int, int]]


def sided(widths: list[int]) -> Sides:
    """ONNX has the widths before all axes first, then those behind: as pairs."""
    return [*zip(widths[: len(widths) // 2], widths[len(widths) // 2 :], strict=True)]


def windows(onnx: OnnxNode, kernel: Sequence[int]) -> dict[str, Any]:
    """The options of all ops that slide a window; ``auto_pad`` says where the larger half of an odd padding is put."""
    rank = len(kernel)
    stride = onnx.attributes.get("strides", [1] * rank)
    dilation = onnx.attributes.get("dilations", [1] * rank)
    padding = sided(onnx.attributes.get("pads", [0] * 2 * rank))
    if onnx.attributes.get("auto_pad", "NOTSET").startswith("SAME"):
        more = onnx.attributes["auto_pad"] == "SAME_LOWER"
        spans = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
        lengths = onnx[0].shape[2:]
        missing = [max((n - 1) // s * s + span - n, 0) for n, s, span in zip(lengths, stride, spans, strict=True)]
        padding = [((n + more) // 2, n - (n + more) // 2) for n in missing]
    return {"stride": stride, "padding": padding, "dilation": dilation}


def _conv(onnx: OnnxNode) -> Node:
    kernel = onnx[1].shape[2:]
    op = OPS[f"conv{len(kernel)}d"]
    return op(*onnx.nodes, groups=onnx.attributes["group"], **windows(onnx, kernel))


def _conv_transpose(onnx: OnnxNode) -> Node:
    """A stated shape, or auto_pad, says how much is cut off at both ends; what is missing is put on behind."""
    kernel = onnx[1].shape[2:]
    options = windows(onnx, kernel)
    extra = onnx.attributes.get("output_padding", [0] * len(kernel))
    spans = [
        s * (n - 1) + d * (k - 1) + 1
        for n, k, s, d in zip(onnx[0].shape[2:], kernel, options["stride"], options["dilation"], strict=True)
    ]
    wanted = onnx.attributes.get("output_shape")
    if onnx.attributes["auto_pad"].startswith("SAME"):
        wanted = [n * s for n, s in zip(onnx[0].shape[2:], options["stride"], strict=True)]
    if wanted:
        surplus = [span + e - n for span, e, n in zip(spans, extra, wanted, strict=True)]
        extra = [e + max(-n, 0) for e, n in zip(extra, surplus, strict=True)]
        options["padding"] = [(max(n, 0) // 2, max(n, 0) - max(n, 0) // 2) for n in surplus]
    op = OPS[f"conv_transpose{len(kernel)}d"]
    return op(*onnx.nodes, groups=onnx.attributes["group"], output_padding=extra, **options)


def _causal_conv(onnx: OnnxNode) -> list[Node]:
    """Each channel for itself, with the rows that came before in front; the last ones are kept for the next call."""
    x, weight = onnx[0], onnx[1]
    batch, channels, _ = x.shape
    kept = weight.shape[-1] - 1
    past = onnx.get(3) or Constant(np.zeros((batch, channels, kept)))
    padded = OPS["concatenate"]([past, x], axis=2)
    y = OPS["conv1d"](padded, weight, onnx.get(2), groups=channels)
    return [y if onnx.attributes["activation"] == "none" else OPS["silu"](y), part(padded, 2, slice(-kept, None))]


def pooled(op: str, **options: str) -> Callable[[OnnxNode], Node]:
    """Pooling along as many axes as the kernel has; these attributes are its options."""

    def translate(onnx: OnnxNode) -> Node:
        kernel = onnx.attributes["kernel_shape"]
        given = windows(onnx, kernel) | {option: onnx.attributes[name] for option, name in options.items()}
        return OPS[op.format(len(kernel))](onnx[0], kernel_size=kernel, **given)

    return translate


def _max_pool(onnx: OnnxNode) -> list[Node]:
    """The places of the largest count rows first, or columns first, through all images and channels."""
    y = pooled("max_pool{}d", ceil_mode="ceil_mode")(onnx)
    if not onnx.asks(1):
        return [y]
    places, shape = pooled("max_pool{}d_indices", ceil_mode="ceil_mode")(onnx), onnx[0].shape
    size = int(np.prod(shape[2:]))
    if onnx.attributes["storage_order"]:
        rows, columns = shape[2:]
        column = OPS["remainder"](places, columns)
        places = column * rows + (places - column) / columns
    before = size * np.arange(shape[0] * shape[1]).reshape(*shape[:2], *[1] * len(shape[2:]))
    return [y, OPS["add"](places, before)]


def everywhere(op: str) -> Translation:
    """Over all axes of space."""
    return lambda onnx: OPS[op.format(len(onnx[0].shape) - 2)](onnx[0], keepdims=True)


TABLE: Mapping[str, Translation] = {
    "AveragePool": pooled("avg_pool{}d", ceil_mode="ceil_mode", count_include_pad="count_include_pad"),
    "CausalConvWithState": _causal_conv,
    "Conv": _conv,
    "ConvTranspose": _conv_transpose,
    "GlobalAveragePool": everywhere("global_avg_pool{}d"),
    "GlobalMaxPool": everywhere("global_max_pool{}d"),
    "LpPool": pooled("lp_pool{}d", ceil_mode="ceil_mode", norm_type="p"),
    "MaxPool": _max_pool,
}
