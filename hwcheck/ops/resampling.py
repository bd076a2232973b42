"""Images made larger or smaller: interpolation, and pixels moved between channels and places. PyTorch's names."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, Literal, TypeAlias

import numpy as np

from hwcheck.graph.node import Array, Node, Shape
from hwcheck.graph.op import Misfit, composite, op
from hwcheck.graph.options import Floats, Ints, spell_shape
from hwcheck.ops import pooling_kernels
from hwcheck.ops.arrays import reshape, transpose
from hwcheck.ops.windows import check_windows

# Which axes a mode of PyTorch's interpolate is for, and what it does along each of them.
MODES = {
    "nearest": (0, "nearest"),
    "nearest-exact": (0, "nearest-exact"),
    "linear": (1, "linear"),
    "bilinear": (2, "linear"),
    "trilinear": (3, "linear"),
    "bicubic": (2, "cubic"),
    "area": (0, "area"),
}
Ratios: TypeAlias = tuple[float, ...] | None
LONGEST = 100_000  # entries of an axis; its table is made when the file is read
CUBIC = -0.75  # the slope that the cubic has at a distance of one entry


def _resampled(x: Shape, size: Ints, mode: str, align_corners: bool, ratios: Ratios) -> Shape:
    return _with_last(x, "x", size, ratios)


def _with_last(x: Shape, name: str, size: Ints, ratios: Ratios) -> Shape:
    """The shape with other lengths of the last axes."""
    check_windows(size=size)
    if len(size) > len(x):
        raise Misfit(f"size has {len(size)} axes, but {{{name}}} has {len(x)}")
    if max(size) > LONGEST:
        raise Misfit(f"size is {max(size):,}, but may be at most {LONGEST:,}")
    if ratios is not None and (len(ratios) != len(size) or min(ratios) <= 0):
        raise Misfit(f"ratios must be {len(size)} positive numbers, not {list(ratios)}")
    return (*x[: len(x) - len(size)], *size)


@lru_cache(maxsize=256)
def _windows(x: Shape, y: Shape, mode: str, align_corners: bool, ratios: Ratios) -> tuple[pooling_kernels.Taps, ...]:
    """What every entry of the result sees along each axis, and with which weights."""
    if mode == "area":
        return pooling_kernels.adaptive(x, y)
    made = []
    for axis, length, places in zip(range(-len(x), 0), x, y, strict=True):
        ratio = ratios[axis] if ratios else None
        made.append(pooling_kernels.table(axis, length, *_table(length, places, mode, align_corners, ratio)))
    return tuple(made)


def _table(length: int, places: int, mode: str, align_corners: bool, ratio: float | None) -> tuple[Any, Any]:
    numbers = np.arange(places)
    if mode.startswith("nearest"):
        half = 0.5 if mode == "nearest-exact" else 0.0
        if ratio is None:
            entries = np.asarray((2 * numbers + int(2 * half)) * length // (2 * places))
        else:
            entries = np.floor((numbers + half) * ratio).astype(np.intp)
        return np.minimum(entries, length - 1)[np.newaxis], np.ones((1, places))
    if align_corners:
        position = numbers * ((length - 1) / max(places - 1, 1))
    else:
        position = (numbers + 0.5) * (length / places if ratio is None else ratio) - 0.5
    if mode == "linear":
        position = position.clip(0, length - 1)
    first = np.floor(position).astype(np.intp)
    rest = position - first
    if mode == "linear":
        steps, weights = [0, 1], [1 - rest, rest]
    else:
        steps, weights = [-1, 0, 1, 2], [_cubic(np.abs(rest - step)) for step in (-1, 0, 1, 2)]
    return np.clip([first + step for step in steps], 0, length - 1), np.array(weights)


def _cubic(distance: Any) -> Any:
    """The weight of an entry at a distance below 2 (Keys, 1981, equation 4)."""
    near = ((CUBIC + 2) * distance - (CUBIC + 3)) * distance**2 + 1
    far = CUBIC * (((distance - 5) * distance + 8) * distance - 4)
    return np.where(distance <= 1, near, far)


def _resample_rule(g: Node, y: Node, x: Node, size: Ints, **options: Any) -> Node:
    return resample_back(g, x.shape[-len(size) :], **options)


@op(shape=_resampled, gradients=[_resample_rule], internal=True)
def resample(
    x: Array,
    size: Ints,
    mode: Literal["nearest", "nearest-exact", "linear", "cubic", "area"],
    align_corners: bool = False,
    ratios: Floats | None = None,
) -> Array:
    """The last axes made longer or shorter, one after the other: what ``interpolate`` is made of.

    x: any shape -> the last axes have the new lengths.
    size: the new lengths of the last axes.
    mode: what an entry of the result is along an axis: the nearest entry, between two on a straight line, between four
    on a cubic, or the mean of an area.
    align_corners: whether the first and last entries of x and of the result lie upon each other, or the outer edges do.
    ratios: how many entries of x go to one of the result, for each axis; the lengths divided unless it is said.
    Source: Keys, Cubic convolution interpolation for digital image processing (1981), equation 1.
    Example: resample(x, [4], 'linear'); x = [1, 3]
    """
    windows = _windows(x.shape[-len(size) :], size, mode, align_corners, ratios)
    y = pooling_kernels.weighed(x, windows)
    return y / pooling_kernels.counts(windows) if mode == "area" else y


def _back_shape(g: Shape, size: Ints, mode: str, align_corners: bool, ratios: Ratios) -> Shape:
    return _with_last(g, "g", size, ratios)


@op(
    shape=_back_shape,
    gradients=[lambda h, y, g, size, **options: resample(h, g.shape[-len(size) :], **options)],
    internal=True,
)
def resample_back(
    g: Array,
    size: Ints,
    mode: Literal["nearest", "nearest-exact", "linear", "cubic", "area"],
    align_corners: bool = False,
    ratios: Floats | None = None,
) -> Array:
    """What comes back through ``resample``: each entry gets what arrives, times the weight that it was seen with.

    g: any shape, what arrives at the result -> the last axes have the lengths of x.
    size: the lengths of the last axes of x.
    mode, align_corners, ratios: as in ``resample``.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.5.2: the transpose of a linear map.
    Example: resample_back(g, [2], 'nearest'); g = [1, 2, 4, 8]
    """
    windows = _windows(size, g.shape[-len(size) :], mode, align_corners, ratios)
    return pooling_kernels.weighed_back(g / pooling_kernels.counts(windows) if mode == "area" else g, windows)


def _resized_axes(x: Shape, mode: str, numbers: int) -> int:
    """How many last axes are resized: what the mode says, or as many as there are numbers."""
    wanted, _ = MODES[mode]
    axes = wanted or (numbers if numbers > 1 else len(x) - 2)
    if axes < 1 or len(x) < axes:
        least = wanted or 3
        raise Misfit(f"{{x}} must have {least} axes at least for mode={mode!r}, but has {len(x)} ({spell_shape(x)})")
    if numbers not in (1, axes):
        raise Misfit(f"mode={mode!r} resizes {axes} axes of {{x}}, but {numbers} numbers are given")
    return axes


@composite(aliases=["upsample"])
def interpolate(
    x: Node,
    size: Ints | None = None,
    scale_factor: Floats | None = None,
    mode: Literal["nearest", "nearest-exact", "linear", "bilinear", "trilinear", "bicubic", "area"] = "nearest",
    align_corners: bool = False,
) -> Node:
    """The image made larger or smaller.

    Entry i of the result lies at ``(i + 0.5) * ratio - 0.5`` in x, with the ratio of the old length to the new one;
    with ``align_corners`` at ``i * (old - 1) / (new - 1)``; for 'nearest' it is entry ``floor(i * ratio)``.

    x: (N, C, H, W), or with any axes that the mode is for last -> those axes have the new lengths.
    size: the new lengths of the last axes; one number stands for all.
    scale_factor: how many times longer the axes become, instead of a size; the new length is rounded down.
    mode: 'nearest' or 'nearest-exact' (an entry is repeated; the second rounds to the middle), 'linear' (one axis),
    'bilinear' (two), 'trilinear' (three), 'bicubic' (two), 'area' (the mean, as adaptive_avg_pool2d).
    align_corners: whether the corners' centres lie upon each other, or the outer edges of the image do.
    Elsewhere: Keras's UpSampling2D is 'nearest', or 'bilinear' without align_corners; ONNX's Resize has more choices.
    Source: Keys, Cubic convolution interpolation for digital image processing (1981).
    Example: interpolate(x, scale_factor=2, mode='bilinear'); x = [[1, 3], [5, 7]]
    """
    given = size if size is not None else scale_factor
    if given is None or (size is not None and scale_factor is not None):
        raise Misfit("interpolate needs either a size or a scale_factor")
    if align_corners and MODES[mode][1] not in ("linear", "cubic"):
        raise Misfit(f"align_corners is for the linear modes and 'bicubic', not for mode={mode!r}")
    axes = _resized_axes(x.shape, mode, len(given))
    given = given * axes if len(given) == 1 else given
    if size is not None:
        lengths, ratios = tuple(map(int, given)), None
    else:
        if min(given) <= 0:
            raise Misfit(f"scale_factor must be positive, but is {min(given):g}")
        lengths = tuple(math.floor(n * factor) for n, factor in zip(x.shape[-axes:], given, strict=True))
        ratios = tuple(1 / factor for factor in given)
        if min(lengths) < 1:
            raise Misfit(f"a scale_factor of {min(given):g} leaves nothing of {spell_shape(x.shape[-axes:])}")
    return resample(x, lengths, MODES[mode][1], align_corners=align_corners, ratios=ratios)


def _channels_and_image(x: Node, name: str) -> tuple[int, int, int]:
    if len(x.shape) < 3:
        raise Misfit(f"{name} needs axes (..., channels, rows, columns), but {{x}} has {len(x.shape)}")
    channels, rows, columns = x.shape[-3:]
    return channels, rows, columns


@composite(aliases=["depth_to_space"])
def pixel_shuffle(x: Node, upscale_factor: int, order: Literal["CRD", "DCR"] = "CRD") -> Node:
    """Every r * r channels made one that is r times as high and wide: sub-pixel convolution's last step.

    Entry (i, j) of the r x r block that a pixel becomes is, in order CRD, channel ``c * r * r + i * r + j``, in order
    DCR channel ``(i * r + j) * C + c``.

    x: (..., C * r * r, H, W) -> (..., C, H * r, W * r).
    upscale_factor: r.
    order: how the channels are counted, C the new channel, R and the block's row, D the block's place.
    Elsewhere: PyTorch has CRD; TensorFlow's ``depth_to_space`` and, unless told otherwise, ONNX's have DCR.
    Source: Shi et al., Real-time single image and video super-resolution using an efficient sub-pixel convolutional
    neural network (2016), equation 4.
    Example: pixel_shuffle(x, 2); x = [[[1, 5]], [[2, 6]], [[3, 7]], [[4, 8]]]
    """
    r = upscale_factor
    check_windows(upscale_factor=(r,))
    channels, rows, columns = _channels_and_image(x, "pixel_shuffle")
    if channels % (r * r):
        raise Misfit(f"the {channels} channels of {{x}} cannot be parted into blocks of {r} x {r}")
    lead, free, each = x.shape[:-3], len(x.shape) - 3, channels // (r * r)
    if order == "CRD":
        parted, turned = (each, r, r, rows, columns), (0, 3, 1, 4, 2)
    else:
        parted, turned = (r, r, each, rows, columns), (2, 3, 0, 4, 1)
    blocks = transpose(reshape(x, (*lead, *parted)), axes=[*range(free), *(free + axis for axis in turned)])
    return reshape(blocks, (*lead, each, rows * r, columns * r))


@composite(aliases=["space_to_depth"])
def pixel_unshuffle(x: Node, downscale_factor: int, order: Literal["CRD", "DCR"] = "CRD") -> Node:
    """Every r x r block of pixels made r * r channels: ``pixel_shuffle`` undone.

    x: (..., C, H * r, W * r) -> (..., C * r * r, H, W).
    downscale_factor: r.
    order: how the channels are counted, as in ``pixel_shuffle``.
    Elsewhere: PyTorch has CRD; TensorFlow's and ONNX's ``space_to_depth`` have DCR.
    Source: Shi et al., Real-time single image and video super-resolution using an efficient sub-pixel convolutional
    neural network (2016), equation 4.
    Example: pixel_unshuffle(x, 2); x = [[[1, 2, 5, 6], [3, 4, 7, 8]]]
    """
    r = downscale_factor
    check_windows(downscale_factor=(r,))
    channels, rows, columns = _channels_and_image(x, "pixel_unshuffle")
    if rows % r or columns % r:
        raise Misfit(f"{{x}} has {rows} rows and {columns} columns: {r} must divide both")
    lead, free = x.shape[:-3], len(x.shape) - 3
    turned = (0, 2, 4, 1, 3) if order == "CRD" else (2, 4, 0, 1, 3)
    parted = reshape(x, (*lead, channels, rows // r, r, columns // r, r))
    blocks = transpose(parted, axes=[*range(free), *(free + axis for axis in turned)])
    return reshape(blocks, (*lead, channels * r * r, rows // r, columns // r))
