"""Convolution as a product with the columns that the kernels see; see hwcheck/ops/convolution_kernels.py."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from hwcheck.ops.convolution_geometry import Geometry, Lengths, geometry

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = [
    "add_columns",
    "as_one_image",
    "correlate_by_columns",
    "images_first",
    "images_last",
    "input_by_columns",
    "inside",
    "of_one_image",
    "padded",
    "turned",
    "turned_round",
    "weight_by_columns",
    "windows",
]

COLUMN_ENTRIES = 1 << 17  # the columns that are made at once: 1 MiB; measured, the best is flat from 1 to 2 MiB
FEWEST_PLACES = 128  # but so many columns at least: the product of fewer is slower
MANY_IMAGES = 8  # from so many on, a place beside its like in the other images is read faster than beside its neighbour


def images_last(x: Array, w: Array, sizes: Geometry) -> bool:
    """Whether many images that share a kernel are better taken as one, which has them along a last axis.

    What a tap sees of a row is then a long run of memory, however short the row is.
    """
    images = len(x) * x.shape[1]
    row = sizes.groups * sizes.taps * math.prod(sizes.output[1:]) * images
    return len(w) == 1 and images >= MANY_IMAGES and sizes.taps > sizes.channels and row <= COLUMN_ENTRIES


def as_one_image(x: Array) -> Array:
    """(1, 1, C, H, W, S * N)."""
    return np.moveaxis(x.reshape(-1, *x.shape[2:]), 0, -1)[np.newaxis, np.newaxis]


def images_first(y: Array, channels: int, size: Lengths) -> Array:
    """(S * N, C, H, W), a view of the one image: what comes after works entry by entry and minds no order in memory."""
    return np.moveaxis(y.reshape(channels, *size, -1), -1, 0)


@lru_cache(maxsize=256)
def of_one_image(images: int, sizes: Geometry) -> Geometry:
    """The sizes with the images as a last axis, along which the kernel is a single entry."""
    return sizes._replace(
        size=(*sizes.size, images),
        kernel=(*sizes.kernel, 1),
        output=(*sizes.output, images),
        stride=(*sizes.stride, 1),
        dilation=(*sizes.dilation, 1),
        corner=(*sizes.corner, 0),
        canvas=(*sizes.canvas, images),
    )


def turned_round(sizes: Geometry) -> Geometry | None:
    """The correlation of g with turned kernels that is the adjoint in x, where there is one and it is the faster way.

    It copies what its kernels see of g, where the adjoint adds up what they have seen of x.
    """
    if max(sizes.stride) > 1 or sizes.filters > sizes.channels:
        return None
    spans = [gap * (taps - 1) for gap, taps in zip(sizes.dilation, sizes.kernel, strict=True)]
    before = [span - corner for span, corner in zip(spans, sizes.corner, strict=True)]
    behind = [
        length + span - first - places
        for length, span, first, places in zip(sizes.size, spans, before, sizes.output, strict=True)
    ]
    if min(*before, *behind) < 0:
        return None
    padding = tuple(zip(before, behind, strict=True))
    return geometry(
        *(sizes.filters, sizes.channels, sizes.output, sizes.kernel, sizes.size),
        *(sizes.stride, padding, sizes.dilation, sizes.groups),
    )


def turned(w: Array, sizes: Geometry) -> Array:
    """The kernels turned by 180 degrees, filters and channels exchanged in each group: (S, C, O / groups, kh, kw)."""
    parted = np.flip(w, tuple(range(3, w.ndim))).reshape(len(w), sizes.groups, -1, *w.shape[2:])
    kernels: Array = parted.swapaxes(2, 3).reshape(len(w), sizes.channels, -1, *w.shape[3:])
    return kernels


def correlate_by_columns(x: Array, w: Array, sizes: Geometry) -> Array:
    """(S, N, groups, O / groups, Ho * Wo), where sheets that share a kernel are no more than images."""
    if len(w) == 1:
        x = x.reshape(1, -1, *x.shape[2:])
    kernels = w.reshape(len(w), sizes.groups, -1, sizes.taps)
    y = np.empty((max(len(x), len(w)), x.shape[1], *kernels.shape[1:3], math.prod(sizes.output)))
    for sheets, images, places, columns in _columns(x, sizes):
        part = y[sheets, images, ..., places]
        if part.shape[1] == 1:
            np.matmul(kernels[sheets], columns, out=part[:, 0])
        else:
            joined = np.matmul(kernels[sheets], columns)
            part[...] = joined.reshape(*joined.shape[:3], part.shape[1], -1).transpose(0, 3, 1, 2, 4)
    return y


def input_by_columns(g: Array, w: Array, sizes: Geometry) -> Array:
    """(S, N, C, H, W), where sheets that share a kernel are no more than images.

    One row of the kernel at a time: so the columns of more places fit into the cache.
    """
    if len(w) == 1:
        g = g.reshape(1, -1, *g.shape[2:])
    kernels = _rows_of_kernels(w, sizes)
    g = _grouped(g, len(w), sizes)
    x = np.zeros((*g.shape[:2], sizes.channels, *sizes.size))
    taps = sizes.taps // sizes.kernel[0]
    for sheets, images in _blocks(len(g), g.shape[1], taps, sizes):
        part = x[sheets, images]
        canvas = part if sizes.canvas == sizes.size else np.zeros((*part.shape[:3], *sizes.canvas))
        for rows, places in _strips(taps, sizes):
            joined = _joined(g[sheets, images, ..., places])
            below = _along(canvas, 0, slice((rows.start or 0) * sizes.stride[0], None), sizes)
            for row, kernel in enumerate(kernels):
                add_columns(np.matmul(kernel[sheets], joined), below, row, sizes)
        if canvas is not part:
            part[...] = inside(canvas, sizes)
    return x


def _rows_of_kernels(w: Array, sizes: Geometry) -> Array:
    """The matrices of the kernels' rows, (kh, S, groups, C / groups * kw, O / groups)."""
    parted = w.reshape(len(w), sizes.groups, -1, w.shape[2], sizes.kernel[0], math.prod(sizes.kernel[1:]))
    rows: Array = parted.transpose(4, 0, 1, 3, 5, 2).reshape(sizes.kernel[0], len(w), sizes.groups, -1, parted.shape[2])
    return rows


def weight_by_columns(x: Array, g: Array, sizes: Geometry) -> Array:
    """(S, groups, O / groups, taps)."""
    g = _grouped(g, len(x), sizes)
    w = np.zeros((len(g), *g.shape[2:4], sizes.taps))
    for sheets, images, places, columns in _columns(x, sizes):
        part = w[sheets]
        part += np.matmul(_joined(g[sheets, images, ..., places]), columns.swapaxes(-1, -2))
    return w


def _columns(x: Array, sizes: Geometry) -> Iterator[tuple[slice, slice, slice, Array]]:
    """Sheets, images and places of the output, and what is seen from there: (S, groups, taps, N * places)."""
    for sheets, images in _blocks(len(x), x.shape[1], sizes.taps, sizes):
        views = windows(padded(x[sheets, images], sizes), sizes)
        for rows, places in _strips(sizes.taps, sizes):
            seen = _along(views, 0, rows, sizes)
            yield sheets, images, places, seen.reshape(len(seen), sizes.groups, sizes.taps, -1)


def windows(canvas: Array, sizes: Geometry) -> Array:
    """What every tap sees of each image from every place: (S, C, kh, kw, N, Ho, Wo), a view of a contiguous canvas."""
    sheet, image, channel, *steps = canvas.strides
    taps = [gap * step for gap, step in zip(sizes.dilation, steps, strict=True)]
    places = [stride * step for stride, step in zip(sizes.stride, steps, strict=True)]
    shape = (len(canvas), sizes.channels, *sizes.kernel, canvas.shape[1], *sizes.output)
    views: Array = np.ndarray(shape, np.float64, canvas, strides=(sheet, channel, *taps, image, *places))
    return views


def add_columns(columns: Array, canvas: Array, row: int, sizes: Geometry) -> None:
    """Add what one row of the kernel has to the canvas, where it would have read it."""
    sheets, images, channels = canvas.shape[:3]
    columns = columns.reshape(sheets, channels, *sizes.kernel[1:], images, -1, *sizes.output[1:])
    places = columns.shape[-len(sizes.kernel) :]
    canvas = canvas.swapaxes(1, 2)
    for tap in product(*map(range, sizes.kernel[1:])):
        there: Any = (..., *(_seen(t, places[axis], sizes, axis) for axis, t in enumerate((row, *tap))))
        here: Any = (slice(None), slice(None), *tap)
        canvas[there] += columns[here]


def _along(x: Array, axis: int, part: slice, sizes: Geometry) -> Array:
    """A part of one of the image's axes, which are the last of x."""
    index: Any = (..., part, *[slice(None)] * (len(sizes.size) - 1 - axis))
    part_of_x: Array = x[index]
    return part_of_x


def _seen(tap: int, places: int, sizes: Geometry, axis: int) -> slice:
    """What one tap sees from so many places, along one axis."""
    first, step = tap * sizes.dilation[axis], sizes.stride[axis]
    return slice(first, first + (places - 1) * step + 1, step)


def padded(x: Array, sizes: Geometry) -> Array:
    """The images on their canvas of zeros, contiguous."""
    if sizes.canvas == sizes.size:
        return np.ascontiguousarray(x, dtype=np.float64)
    canvas = np.zeros((*x.shape[:3], *sizes.canvas))
    inside(canvas, sizes)[...] = x
    return canvas


def inside(canvas: Array, sizes: Geometry) -> Array:
    """The images on the canvas, a view."""
    index: Any = (..., *(slice(first, first + n) for first, n in zip(sizes.corner, sizes.size, strict=True)))
    images: Array = canvas[index]
    return images


def _grouped(g: Array, sheets: int, sizes: Geometry) -> Array:
    """(S, N, groups, O / groups, Ho * Wo); a single sheet becomes as many as there are."""
    g = g.reshape(*g.shape[:2], sizes.groups, sizes.filters // sizes.groups, -1)
    return g if len(g) >= sheets else np.broadcast_to(g, (sheets, *g.shape[1:]))


def _joined(g: Array) -> Array:
    """The images side by side, as in the columns: (S, groups, O / groups, N * places)."""
    joined: Array = g.transpose(0, 2, 3, 1, 4).reshape(len(g), *g.shape[2:4], -1)
    return joined


def _blocks(sheets: int, images: int, taps: int, sizes: Geometry) -> Iterator[tuple[slice, slice]]:
    """Sheets and images whose columns of so many taps fit into the cache; a single image may need strips."""
    together = COLUMN_ENTRIES // (sizes.groups * taps * math.prod(sizes.output))
    return product(_steps(sheets, together // images), _steps(images, together))


def _strips(taps: int, sizes: Geometry) -> Iterator[tuple[slice, slice]]:
    """Rows of the output whose columns fit into the cache, and the same rows as places."""
    height, width = sizes.output[0], math.prod(sizes.output[1:])
    rows = max(COLUMN_ENTRIES // (sizes.groups * taps), FEWEST_PLACES) // width
    rows = min(max(rows, 1), height)
    return zip(_steps(height, rows), _steps(height * width, rows * width), strict=True)


def _steps(length: int, step: int) -> list[slice]:
    """Slices that cover a length by steps of at least 1; one that takes all where a single step will do."""
    step = max(step, 1)
    return [slice(None)] if step >= length else [slice(first, first + step) for first in range(0, length, step)]
