"""Borders, and pixels moved between axes."""

from __future__ import annotations

from collections.abc import Mapping

from hwcheck.graph.node import Node
from tests.oracle.onnx_nodes.convolution import sided
from tests.oracle.onnx_nodes.translation import OPS, OnnxNode, Translation

__all__ = ["TABLE"]

PAD_MODES = {"constant": "constant", "edge": "replicate", "reflect": "reflect", "wrap": "circular"}


def _pad(onnx: OnnxNode) -> Node:
    """Negative widths cut off."""
    x = onnx[0]
    widths = onnx.whole(1) or onnx.attributes.get("pads", [])
    pairs = dict(zip(onnx.whole(3) or range(len(x.shape)), sided(widths), strict=True))
    sides = {axis % len(x.shape): pair for axis, pair in pairs.items()}
    backwards = [sides.get(axis, (0, 0)) for axis in reversed(range(len(x.shape)))]
    return OPS["pad"](
        x,
        [width for pair in backwards for width in pair],
        mode=PAD_MODES[onnx.attributes["mode"]],
        value=onnx.number(2, 0),
    )


def _depth_to_space(onnx: OnnxNode) -> Node:
    """A pixel of C * b * b channels becomes b x b pixels; the channels come first or last in it."""
    x, size = onnx[0], onnx.attributes["blocksize"]
    if onnx.attributes["mode"] == "DCR":
        x = _regrouped(x, (size * size, x.shape[1] // size**2))
    return OPS["pixel_shuffle"](x, size)


def _space_to_depth(onnx: OnnxNode) -> Node:
    size = onnx.attributes["blocksize"]
    y = OPS["pixel_unshuffle"](onnx[0], size)
    return y if onnx.attributes.get("mode") == "CRD" else _regrouped(y, (onnx[0].shape[1], size * size))


def _regrouped(x: Node, groups: tuple[int, int]) -> Node:
    """The channels, counted by rows of a table, counted by columns."""
    batch, _, rows, columns = x.shape
    table = OPS["reshape"](x, (batch, *groups, rows, columns))
    return OPS["reshape"](OPS["transpose"](table, axes=[0, 2, 1, 3, 4]), x.shape)


TABLE: Mapping[str, Translation] = {
    "DepthToSpace": _depth_to_space,
    "Pad": _pad,
    "SpaceToDepth": _space_to_depth,
}
