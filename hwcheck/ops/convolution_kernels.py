"""Cross-correlation over any number of axes and its two adjoints, in NumPy.

What deep learning calls a convolution slides a kernel over an image without flipping it. In one channel::

    y[p, q] = sum over i, j of  w[i, j] * x[p * stride + i * dilation - top, q * stride + j * dilation - left]

where x is zero outside the image; a series has one such axis, a volume three. This is linear in x and linear in w;
``correlate_input`` and ``correlate_weight`` are the adjoints of the two linear maps, what a backward pass multiplies
by. The derivatives of each of the three are the other two, so gradients of gradients need nothing else::

    <correlate(x, w), g>  =  <x, correlate_input(g, w)>  =  <w, correlate_weight(x, g)>

There are two ways to compute them; ``Geometry.small`` decides.

*The matrix*, for the small images of homework. A correlation is a product, y = x @ M, in which every entry of M is an
entry of the kernel or zero; its adjoint is g @ M.T. Ten thousand sheets that share a kernel are still one product::

    image of 3, kernel of 2, padding of 1             y0  y1  y2  y3
                                                 x0 [ w1  w0   .   . ]
          .  x0  x1  x2  .                       x1 [  .  w1  w0   . ]        y1 = w0 * x0 + w1 * x1
            w0  w1 ->                            x2 [  .   .  w1  w0 ]

*The columns*, for everything else. What the kernel sees from one place is written into one column, and the kernel is a
matrix with one row for each filter, y = kernel @ columns::

    image       kernel       columns, one for each place
    a b c                        a b d e      what tap w0 sees: the image
    d e f       w0 w1            b c e f      what tap w1 sees: the image, shifted by one to the left
    g h i       w2 w3            d e g h      what tap w2 sees: shifted by one upwards
                                 e f h i      what tap w3 sees: both

A strided view shows all the columns without a copy, and one copy makes a matrix of them. That is done for as many
images, or rows of one image, as the cache holds: so the copy costs little, and the product runs at nearly the speed of
any other. (The product of each tap with the shifted image needs no copy, but adds up one product for each tap: it was
measured to be no faster.) The adjoint in x adds every column up where it would have been read; where it can, it is the
correlation of g with turned kernels instead.

A short row of an image is a short run of memory to copy. Many images are therefore taken as one that has them along a
last axis, on which the kernel is a single entry: then a tap sees a row of all of them in one run. What comes out has
the images last in memory; the view of it that is returned has its axes where they belong.

Arrays have a leading axis of sheets, whose sizes of 1 broadcast. Floating-point warnings are the caller's affair.

Sources: Goodfellow, Bengio, Courville, Deep Learning (2016), sections 9.1 (the matrix) and 9.5 (the three operations);
Dumoulin, Visin, A guide to convolution arithmetic for deep learning (2016), for the sizes and the transpose;
Chellapilla, Puri, Simard, High performance convolutional neural networks for document processing (2006), the columns.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from hwcheck.ops.convolution_columns import (
    add_columns,
    as_one_image,
    correlate_by_columns,
    images_first,
    images_last,
    input_by_columns,
    inside,
    of_one_image,
    padded,
    turned,
    turned_round,
    weight_by_columns,
    windows,
)
from hwcheck.ops.convolution_geometry import Geometry, Lengths, Sides, geometry

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Indices = NDArray[np.intp]
    T = TypeVar("T", bound=np.generic)

__all__ = ["correlate", "correlate_input", "correlate_weight", "fold", "unfold"]


def correlate(x: Array, w: Array, *, stride: Lengths, padding: Sides, dilation: Lengths, groups: int) -> Array:
    """The cross-correlation of images with kernels: conv2d without a bias.

    x: (S, N, C, H, W), w: (S, O, C / groups, kh, kw) -> (S, N, O, Ho, Wo).
    """
    sizes = geometry(x.shape[2], w.shape[1], x.shape[3:], w.shape[3:], None, stride, padding, dilation, groups)
    y = _by_matrix(x, w, sizes)
    if y is None and images_last(x, w, sizes):
        one = of_one_image(len(x) * x.shape[1], sizes)
        y = correlate_by_columns(as_one_image(x), w[..., np.newaxis], one)
        y = images_first(y, sizes.filters, sizes.output)
    if y is None:
        y = correlate_by_columns(x, w, sizes)
    return y.reshape(max(len(x), len(w)), x.shape[1], sizes.filters, *sizes.output)


def correlate_input(
    g: Array, w: Array, *, size: Lengths, stride: Lengths, padding: Sides, dilation: Lengths, groups: int
) -> Array:
    """The adjoint with respect to x, whose images have the size (H, W). What no window covers is zero.

    g: (S, N, O, Ho, Wo), w: (S, O, C / groups, kh, kw) -> (S, N, C, H, W).
    """
    sizes = geometry(w.shape[2] * groups, w.shape[1], size, w.shape[3:], g.shape[3:], stride, padding, dilation, groups)
    x = _by_matrix(g, w, sizes, transposed=True)
    if x is None and images_last(g, w, sizes):
        one = of_one_image(len(g) * g.shape[1], sizes)
        x = input_by_columns(as_one_image(g), w[..., np.newaxis], one)
        x = images_first(x, sizes.channels, size)
    if x is None:
        back = turned_round(sizes)
        x = input_by_columns(g, w, sizes) if back is None else correlate_by_columns(g, turned(w, sizes), back)
    return x.reshape(max(len(g), len(w)), g.shape[1], sizes.channels, *size)


def correlate_weight(
    x: Array, g: Array, *, size: Lengths, stride: Lengths, padding: Sides, dilation: Lengths, groups: int
) -> Array:
    """The adjoint with respect to w, whose kernels have the size (kh, kw): summed over the images, not the sheets.

    x: (S, N, C, H, W), g: (S, N, O, Ho, Wo) -> (S, O, C / groups, kh, kw).
    """
    sizes = geometry(x.shape[2], g.shape[2], x.shape[3:], size, g.shape[3:], stride, padding, dilation, groups)
    if len(x) == len(g) == 1 and sizes.small:
        w = _weight_by_matrix(x, g, sizes)
    elif len(x) == len(g) == 1 and images_last(x, x, sizes):
        w = weight_by_columns(as_one_image(x), as_one_image(g), of_one_image(len(x) * x.shape[1], sizes))
    else:
        w = weight_by_columns(x, g, sizes)
    return w.reshape(max(len(x), len(g)), sizes.filters, sizes.channels // groups, *size)


def unfold(x: Array, *, kernel: Lengths, stride: Lengths, padding: Sides, dilation: Lengths) -> Array:
    """The columns themselves, one for each place: (S, N, C, H, W) -> (S, N, C * kh * kw, Ho * Wo)."""
    sizes = geometry(x.shape[2], 1, x.shape[3:], kernel, None, stride, padding, dilation, 1)
    views = windows(padded(x, sizes), sizes)
    columns: Array = views.transpose(
        0, 2 + len(kernel), *range(1, 2 + len(kernel)), *range(3 + len(kernel), views.ndim)
    )
    return columns.reshape(*x.shape[:2], sizes.taps, math.prod(sizes.output))


def fold(g: Array, *, size: Lengths, kernel: Lengths, stride: Lengths, padding: Sides, dilation: Lengths) -> Array:
    """Columns added up where they were read, the adjoint: (S, N, C * kh * kw, Ho * Wo) -> (S, N, C, H, W)."""
    sizes = geometry(g.shape[2] // math.prod(kernel), 1, size, kernel, None, stride, padding, dilation, 1)
    canvas = np.zeros((*g.shape[:2], sizes.channels, *sizes.canvas))
    rows = g.swapaxes(1, 2).reshape(len(g), sizes.channels, kernel[0], math.prod(kernel[1:]), -1)
    for row in range(kernel[0]):
        add_columns(rows[:, :, row], canvas, row, sizes)
    return inside(canvas, sizes)


# The matrix


def _by_matrix(x: Array, w: Array, sizes: Geometry, *, transposed: bool = False) -> Array | None:
    """x @ M or x @ M.T, a row for every image of every sheet; None where the matrix does not serve.

    The zeros of M turn an infinity into NaN even where no window holds it: then the columns must serve.
    """
    if not sizes.small or len(w) > 1:
        return None
    entries = np.zeros(w.size + 1)
    entries[:-1] = w.reshape(-1)
    matrix = entries.take(_origins(sizes))
    if transposed:
        matrix = matrix.T
    y: Array = x.reshape(-1, len(matrix)).dot(matrix)
    return y if math.isfinite(np.vdot(y, y)) else None


def _weight_by_matrix(x: Array, g: Array, sizes: Geometry) -> Array:
    """The gradient of M is x.T @ g; an entry of the kernel collects it from wherever it stands in M."""
    matrix = x.reshape(x.shape[1], -1).T.dot(g.reshape(g.shape[1], -1))
    entries = sizes.filters * sizes.taps
    return np.asarray(np.bincount(_origins(sizes).reshape(-1), matrix.reshape(-1), entries + 1)[:entries], np.float64)


@lru_cache(maxsize=256)
def _origins(sizes: Geometry) -> Indices:
    """Where every entry of M, (C * H * W, O * Ho * Wo), stands in w; the place behind the last stands for zero."""
    rank = len(sizes.size)

    def laid(table: NDArray[T], axis: int) -> NDArray[T]:
        """A table of entries and places along one axis, among the axes (C, H, W, O, Ho, Wo)."""
        lengths = [1] * (2 * rank + 2)
        lengths[axis], lengths[axis + rank + 1] = table.shape
        return table.reshape(lengths)

    each = sizes.channels // sizes.groups
    filters = np.arange(sizes.filters)
    channels = np.arange(sizes.channels)[:, None] - filters // (sizes.filters // sizes.groups) * each
    meets = laid((channels >= 0) & (channels < each), 0)
    origins = laid(filters * each + channels, 0)
    for axis in range(rank):
        taps = laid(_taps_that_meet(sizes, axis), axis + 1)
        meets = meets & (taps >= 0)
        origins = origins * sizes.kernel[axis] + taps
    origins = np.where(meets, origins, sizes.filters * sizes.taps)
    return origins.reshape(sizes.channels * math.prod(sizes.size), -1)


def _taps_that_meet(sizes: Geometry, axis: int) -> Indices:
    """Along one axis, the tap by which a place of the output sees an entry of the image, or -1: (entries, places)."""
    entries, places = np.arange(sizes.size[axis])[:, None], np.arange(sizes.output[axis])
    taps, rest = np.divmod(entries + sizes.corner[axis] - places * sizes.stride[axis], sizes.dilation[axis])
    return np.where((rest == 0) & (taps >= 0) & (taps < sizes.kernel[axis]), taps, -1)
