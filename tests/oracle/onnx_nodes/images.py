"""Images made larger or smaller, borders, and pixels moved between axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from hwcheck.graph.node import Node
from tests.oracle.onnx_nodes.convolution import sided, windows
from tests.oracle.onnx_nodes.translation import OPS, OnnxNode, Translation, direct

__all__ = ["TABLE"]

PAD_MODES = {"constant": "constant", "edge": "replicate", "reflect": "reflect", "wrap": "circular"}
# By ONNX's mode, where it says that a pixel lies, and how it rounds: the options of interpolate.
INTERPOLATIONS: Mapping[tuple[str, ...], Mapping[str, Any]] = {
    ("nearest", "asymmetric", "floor"): {"mode": "nearest"},
    ("nearest", "half_pixel", "round_prefer_floor"): {"mode": "nearest-exact"},
    ("linear", "half_pixel"): {"mode": "bilinear"},
    ("linear", "align_corners"): {"mode": "bilinear", "align_corners": True},
    ("cubic", "half_pixel"): {"mode": "bicubic"},
    ("cubic", "align_corners"): {"mode": "bicubic", "align_corners": True},
}


def _pad(onnx: OnnxNode) -> Node:
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


def _resize(onnx: OnnxNode) -> Node:
    """Images are resized along their axes, the last two; what interpolate cannot be told is refused."""
    attributes = onnx.attributes
    assert not attributes["antialias"]
    assert not attributes["exclude_outside"]
    convention = (attributes["mode"], attributes["coordinate_transformation_mode"])
    rounding = (attributes["nearest_mode"],) if attributes["mode"] == "nearest" else ()
    return OPS["interpolate"](onnx[0], **_measures(onnx), **INTERPOLATIONS[convention + rounding])


def _measures(onnx: OnnxNode) -> dict[str, Any]:
    """The new size or the scale of the last two axes; a policy makes one scale of the two that a size means."""
    given = "scale_factor" if onnx.has(2) else "size"
    axes = onnx.attributes.get("axes", range(len(onnx[0].shape)))
    numbers = dict(zip(axes, onnx.value(2 if onnx.has(2) else 3).numbers.tolist(), strict=True))
    measures = [numbers[2], numbers[3]]
    scales = np.divide(measures, onnx[0].shape[2:])
    policy = onnx.attributes["keep_aspect_ratio_policy"]
    if policy == "stretch":
        return {given: measures}
    return {"scale_factor": [min(scales) if policy == "not_larger" else max(scales)]}


def _upsample(onnx: OnnxNode) -> Node:
    return OPS["interpolate"](onnx[0], scale_factor=onnx.value(1).numbers[2:].tolist(), mode=onnx.attributes["mode"])


def _col2im(onnx: OnnxNode) -> Node:
    kernel = onnx.whole(2) or []
    return OPS["fold"](onnx[0], onnx.whole(1), kernel, **windows(onnx, kernel))


def _max_unpool(onnx: OnnxNode) -> Node:
    """ONNX counts the places through all images and channels; where it states a shape it puts zeros behind."""
    x, kernel, stride = onnx[0], onnx.attributes["kernel_shape"], onnx.attributes["strides"]
    size = [s * (n - 1) + k for n, s, k in zip(x.shape[2:], stride, kernel, strict=True)]
    places = OPS["remainder"](onnx[1], int(np.prod(size)))
    y = OPS[f"max_unpool{len(kernel)}d"](x, places, kernel, stride=stride)
    behind = [wanted - n for wanted, n in zip(onnx.whole(2) or y.shape, y.shape, strict=True)]
    return OPS["pad"](y, [width for length in reversed(behind) for width in (0, length)])


TABLE: Mapping[str, Translation] = {
    "Col2Im": _col2im,
    "DepthToSpace": direct("pixel_shuffle", upscale_factor="blocksize", order="mode"),
    "MaxUnpool": _max_unpool,
    "Pad": _pad,
    "Resize": _resize,
    "SpaceToDepth": direct("pixel_unshuffle", downscale_factor="blocksize", order="mode"),
    "Upsample": _upsample,
}
