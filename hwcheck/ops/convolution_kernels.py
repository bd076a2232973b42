"""Two-dimensional cross-correlation and its two adjoints, in NumPy.

What deep learning calls a convolution slides a kernel over an image without flipping it. In one channel::

    y[p, q] = sum over i, j of  w[i, j] * x[p * stride + i * dilation - top, q * stride + j * dilation - left]

where x is zero outside the image. This is linear in x and linear in w; ``correlate_input`` and ``correlate_weight``
are the adjoints of the two linear maps, what a backward pass multiplies by. The derivatives of each of the three are
the other two, so gradients of gradients need nothing else::

    <correlate(x, w), g>  =  <x, correlate_input(g, w)>  =  <w, correlate_weight(x, g)>

There are two ways to compute them.

*The matrix*, for the small images of homework. A correlation is a product, y = x @ M, in which every entry of M is an
entry of the kernel or zero; its adjoint is g @ M.T. Ten thousand sheets that share a kernel are still one product::

    image of 3, kernel of 2, padding of 1                y0  y1  y2  y3
                                                    x0 [ w1  w0   .   . ]
        .  x0  x1  x2  .                            x1 [  .  w1  w0   . ]      y1 = w0 * x0 + w1 * x1
          w0  w1 ->                                 x2 [  .   .  w1  w0 ]

*The columns*, for everything else. What the kernel sees from one place is written into one column, and the kernel is a
matrix with a row for each filter, y = kernel @ columns::

    image       kernel       columns, one for each place
    a b c                        a b d e    what tap w0 sees: the image
    d e f       w0 w1            b c e f    what tap w1 sees: the image, moved by one to the left
    g h i       w2 w3            d e g h    what tap w2 sees: moved by one upwards
                                 e f h i    what tap w3 sees

A strided view shows all the columns without a copy, and one copy makes a matrix of them. That is done for as many
images, or rows of one image, as a core's own cache holds; the product then runs at nearly the speed of any other. The
adjoint in x goes the same way back: it adds every column up where it would have been read.

Sizes of 1 along the sheets broadcast. Floating-point warnings are the caller's affair (``numpy.errstate``).

Sources: Goodfellow, Bengio, Courville, Deep Learning (2016), sections 9.1 (the matrix) and 9.5 (the three operations);
Dumoulin, Visin, A guide to convolution arithmetic for deep learning (2016), for the sizes and the transpose;
Chellapilla, Puri, Simard, High performance convolutional neural networks for document processing (2006), the columns.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]

__all__ = ["Geometry", "correlate", "correlate_input", "correlate_weight", "geometry"]

Pair: TypeAlias = tuple[int, int]
Sides: TypeAlias = tuple[Pair, Pair]

MATRIX_ENTRIES = 4096  # the largest M that is worth its zeros: 32 KiB, what the fastest cache holds
COLUMN_ENTRIES = 1 << 18  # the columns that are made at once: 2 MiB, what the caches hold; flat from 1 to 4 MiB


class Geometry(NamedTuple):
    """The sizes of one correlation. Every pair is (rows, columns)."""

    channels: int
    filters: int
    groups: int
    size: Pair  # of the image
    kernel: Pair
    output: Pair
    stride: Pair
    dilation: Pair
    corner: Pair  # where the image begins on its canvas
    canvas: Pair  # the image and its padding
    small: bool  # the matrix serves, where the sheets share a kernel

    @property
    def taps(self) -> int:
        """How many entries of the image one entry of the output sees."""
        return self.channels // self.groups * self.kernel[0] * self.kernel[1]


@lru_cache(maxsize=256)
def geometry(
    channels: int,
    filters: int,
    size: Pair,
    kernel: Pair,
    output: Pair | None,
    stride: Pair,
    padding: Sides,
    dilation: Pair,
    groups: int,
) -> Geometry:
    """The sizes of one correlation, its output included where that is not given."""
    (top, bottom), (left, right) = padding
    height, width = canvas = (size[0] + top + bottom, size[1] + left + right)
    if output is None:
        output = (
            (height - dilation[0] * (kernel[0] - 1) - 1) // stride[0] + 1,
            (width - dilation[1] * (kernel[1] - 1) - 1) // stride[1] + 1,
        )
    small = channels * math.prod(size) * filters * math.prod(output) <= MATRIX_ENTRIES
    return Geometry(channels, filters, groups, size, kernel, output, stride, dilation, (top, left), canvas, small)


def correlate(x: Array, w: Array, *, stride: Pair, padding: Sides, dilation: Pair, groups: int) -> Array:
    """The cross-correlation of images with kernels: conv2d without a bias.

    x: (S, N, C, H, W), w: (S, O, C / groups, kh, kw) -> (S, N, O, Ho, Wo).
    """
    sizes = geometry(x.shape[2], w.shape[1], x.shape[3:], w.shape[3:], None, stride, padding, dilation, groups)
    shape = (max(len(x), len(w)), x.shape[1], sizes.filters, *sizes.output)
    if len(w) == 1:
        if sizes.small:
            matrix = _matrix(w, sizes)
            y = x.reshape(-1, len(matrix)).dot(matrix)
            if _finite(y):
                return y.reshape(shape)
        x = x.reshape(1, -1, *x.shape[2:])  # the kernel is the same: sheets are no more than images
    kernels = w.reshape(len(w), groups, -1, sizes.taps)
    y = np.empty((max(len(x), len(w)), x.shape[1], groups, sizes.filters // groups, math.prod(sizes.output)))
    for sheet, item, places, columns in _columns(x, sizes):
        part = y[sheet, item, ..., places]
        part[...] = _split(np.matmul(kernels[sheet], columns), part.shape)
    return y.reshape(shape)


def correlate_input(
    g: Array, w: Array, *, size: Pair, stride: Pair, padding: Sides, dilation: Pair, groups: int
) -> Array:
    """The adjoint with respect to x, whose images have the size (H, W). What no window covers is zero.

    g: (S, N, O, Ho, Wo), w: (S, O, C / groups, kh, kw) -> (S, N, C, H, W).
    """
    sizes = geometry(w.shape[2] * groups, w.shape[1], size, w.shape[3:], g.shape[3:], stride, padding, dilation, groups)
    shape = (max(len(g), len(w)), g.shape[1], sizes.channels, *size)
    if len(w) == 1:
        if sizes.small:
            matrix = _matrix(w, sizes).T
            x = g.reshape(-1, len(matrix)).dot(matrix)
            if _finite(x):
                return x.reshape(shape)
        g = g.reshape(1, -1, *g.shape[2:])
    kernels = w.reshape(len(w), groups, -1, sizes.taps).swapaxes(-1, -2)
    g = _grouped(g, len(w), sizes)
    x = np.empty((*g.shape[:2], sizes.channels, *size))
    for sheet, item in _parts(*g.shape[:2], sizes):
        part = x[sheet, item]
        canvas = np.zeros((*part.shape[:3], *sizes.canvas))
        for rows, places in _strips(sizes):
            columns = np.matmul(kernels[sheet], _joined(g[sheet, item, ..., places]))
            _fold(columns, canvas[..., (rows.start or 0) * stride[0] :, :], sizes)
        part[...] = _inside(canvas, sizes)
    return x.reshape(shape)


def correlate_weight(
    x: Array, g: Array, *, size: Pair, stride: Pair, padding: Sides, dilation: Pair, groups: int
) -> Array:
    """The adjoint with respect to w, whose kernels have the size (kh, kw): summed over the images, not the sheets.

    x: (S, N, C, H, W), g: (S, N, O, Ho, Wo) -> (S, O, C / groups, kh, kw).
    """
    sizes = geometry(x.shape[2], g.shape[2], x.shape[3:], size, g.shape[3:], stride, padding, dilation, groups)
    shape = (max(len(x), len(g)), sizes.filters, sizes.channels // groups, *size)
    if sizes.small and len(x) == len(g) == 1:
        matrix = x.reshape(len(x[0]), -1).T.dot(g.reshape(len(g[0]), -1))
        return np.bincount(_matrix_index(sizes), matrix.reshape(-1), math.prod(shape) + 1)[:-1].reshape(shape)
    g = _grouped(g, len(x), sizes)
    w = np.zeros((len(g), groups, sizes.filters // groups, sizes.taps))
    for sheet, item, places, columns in _columns(x, sizes):
        part = w[sheet]
        part += np.matmul(_joined(g[sheet, item, ..., places]), columns.swapaxes(-1, -2))
    return w.reshape(shape)


def _finite(y: Array) -> bool:
    """Whether the matrix was right: its zeros make NaN of an infinity that the window does not even hold."""
    return math.isfinite(np.vdot(y, y))


def _matrix(w: Array, sizes: Geometry) -> Array:
    """M, (C * H * W, O * Ho * Wo), of the kernel that all sheets share."""
    entries = np.zeros(w.size + 1)
    entries[:-1] = w.reshape(-1)
    return entries.take(_matrix_index(sizes)).reshape(sizes.channels * math.prod(sizes.size), -1)


@lru_cache(maxsize=256)
def _matrix_index(sizes: Geometry) -> NDArray[np.intp]:
    """For every entry of M the place in w that it comes from; the place behind the last stands for zero."""
    each = sizes.channels // sizes.groups
    group = np.arange(sizes.filters) // (sizes.filters // sizes.groups)
    channel = np.arange(sizes.channels)[:, None] - group * each
    channel = np.where((channel >= 0) & (channel < each), channel, -1)
    row, column = (_met(sizes, axis) for axis in (0, 1))
    c, i, j = channel[:, None, None, :, None, None], row[:, None, None, :, None], column[:, None, None, :]
    filters = np.arange(sizes.filters)[:, None, None]
    place = ((filters * each + c) * sizes.kernel[0] + i) * sizes.kernel[1] + j
    return np.where((c >= 0) & (i >= 0) & (j >= 0), place, sizes.filters * sizes.taps).reshape(-1)


def _met(sizes: Geometry, axis: int) -> NDArray[np.intp]:
    """The tap with which each place of the output (columns) meets each entry of the image (rows); -1 for none."""
    entry, place = np.arange(sizes.size[axis])[:, None], np.arange(sizes.output[axis])
    tap, rest = np.divmod(entry + sizes.corner[axis] - place * sizes.stride[axis], sizes.dilation[axis])
    return np.where((rest == 0) & (tap >= 0) & (tap < sizes.kernel[axis]), tap, -1)


def _columns(x: Array, sizes: Geometry) -> Iterator[tuple[slice, slice, slice, Array]]:
    """Sheets, images and places, and the columns of those places: (S, groups, taps, N * places)."""
    for sheet, item in _parts(*x.shape[:2], sizes):
        windows = _windows(_padded(x[sheet, item], sizes), sizes)
        for rows, places in _strips(sizes):
            seen = windows[..., rows, :]
            yield sheet, item, places, seen.reshape(len(seen), sizes.groups, sizes.taps, -1)


def _padded(x: Array, sizes: Geometry) -> Array:
    """The images on their canvas of zeros, contiguous."""
    if sizes.canvas == sizes.size:
        return np.ascontiguousarray(x, dtype=np.float64)
    canvas = np.zeros((*x.shape[:3], *sizes.canvas))
    _inside(canvas, sizes)[...] = x
    return canvas


def _inside(canvas: Array, sizes: Geometry) -> Array:
    """The images on the canvas, a view."""
    (top, left), (height, width) = sizes.corner, sizes.size
    return canvas[..., top : top + height, left : left + width]


def _windows(canvas: Array, sizes: Geometry) -> Array:
    """What each tap sees of each image from every place: (S, C, kh, kw, N, Ho, Wo), a view."""
    sheets, items, channels, down, right = canvas.strides
    taps = (sizes.dilation[0] * down, sizes.dilation[1] * right)
    places = (sizes.stride[0] * down, sizes.stride[1] * right)
    shape = (len(canvas), sizes.channels, *sizes.kernel, canvas.shape[1], *sizes.output)
    return np.ndarray(shape, np.float64, canvas, 0, (sheets, channels, *taps, items, *places))


def _fold(columns: Array, canvas: Array, sizes: Geometry) -> None:
    """Add columns to the canvas where they would have been read: first along its rows..."""
    (kh, kw), (down, right), (far, wide), width = sizes.kernel, sizes.stride, sizes.dilation, sizes.output[1]
    sheets, items, channels = canvas.shape[:3]
    columns = columns.reshape(sheets, channels, kh, kw, items, -1, width)
    height = columns.shape[-2]
    strips = np.zeros((sheets, channels, kw, items, (height - 1) * down + (kh - 1) * far + 1, width))
    for i in range(kh):
        met = strips[..., i * far : i * far + (height - 1) * down + 1 : down, :]
        np.add(met, columns[:, :, i], out=met)
    canvas = canvas[..., : strips.shape[-2], :].swapaxes(1, 2)
    for j in range(kw):
        met = canvas[..., j * wide : j * wide + (width - 1) * right + 1 : right]
        np.add(met, strips[:, :, j], out=met)


def _grouped(g: Array, sheets: int, sizes: Geometry) -> Array:
    """(S, N, groups, O / groups, Ho * Wo), a single sheet broadcast to as many as there are."""
    g = g.reshape(*g.shape[:2], sizes.groups, sizes.filters // sizes.groups, -1)
    return g if len(g) >= sheets else np.broadcast_to(g, (sheets, *g.shape[1:]))


def _joined(g: Array) -> Array:
    """(S, N, groups, O / groups, places) -> (S, groups, O / groups, N * places)."""
    sheets, items, groups, filters, places = g.shape
    return g.transpose(0, 2, 3, 1, 4).reshape(sheets, groups, filters, items * places)


def _split(y: Array, shape: tuple[int, ...]) -> Array:
    """The way back from ``_joined``, to a shape of (S, N, groups, O / groups, places)."""
    sheets, items, groups, filters, places = shape
    return y.reshape(sheets, groups, filters, items, places).transpose(0, 3, 1, 2, 4)


def _parts(sheets: int, items: int, sizes: Geometry) -> Iterator[tuple[slice, slice]]:
    """Sheets and images whose columns, or one strip of them each, fit together into the cache."""
    height, width = sizes.output
    images = max(COLUMN_ENTRIES // (sizes.channels * math.prod(sizes.kernel) * width * height), 1)
    return product(_steps(sheets, images // items), _steps(items, images))


def _strips(sizes: Geometry) -> list[tuple[slice, slice]]:
    """Rows of the output whose columns fit into the cache, and the same rows as places."""
    height, width = sizes.output
    rows = min(max(COLUMN_ENTRIES // (sizes.channels * math.prod(sizes.kernel) * width), 1), height)
    return list(zip(_steps(height, rows), _steps(height * width, rows * width), strict=True))


def _steps(length: int, step: int) -> list[slice]:
    """Slices that cover a length, each of so many at most; one that takes all where a single one will do."""
    step = max(step, 1)
    return [slice(None)] if step >= length else [slice(first, first + step) for first in range(0, length, step)]
