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
measured to be no faster.) The adjoint in x adds every column up where it would have been read.

Arrays have a leading axis of sheets, whose sizes of 1 broadcast. Floating-point warnings are the caller's affair.

Sources: Goodfellow, Bengio, Courville, Deep Learning (2016), sections 9.1 (the matrix) and 9.5 (the three operations);
Dumoulin, Visin, A guide to convolution arithmetic for deep learning (2016), for the sizes and the transpose;
Chellapilla, Puri, Simard, High performance convolutional neural networks for document processing (2006), the columns.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]
    Indices: TypeAlias = NDArray[np.intp]
    T = TypeVar("T", bound=np.generic)

__all__ = ["correlate", "correlate_input", "correlate_weight", "fold", "unfold"]

Lengths: TypeAlias = tuple[int, ...]
Sides: TypeAlias = tuple[tuple[int, int], ...]

MATRIX_ENTRIES = 1 << 12  # the largest M that is worth its zeros: 32 KiB, what the fastest cache holds
COLUMN_ENTRIES = 1 << 17  # the columns that are made at once: 1 MiB; measured, the best is flat from 1 to 2 MiB
FEWEST_PLACES = 128  # but so many columns at least: the product of fewer is slower
MANY_IMAGES = 8  # from so many on, a place beside its like in the other images is read faster than beside its neighbour


class Geometry(NamedTuple):
    """The sizes of one correlation. Every tuple of lengths is (rows, columns), or as many as there are axes."""

    channels: int
    filters: int
    groups: int
    size: Lengths  # of the image
    kernel: Lengths
    output: Lengths
    stride: Lengths
    dilation: Lengths
    corner: Lengths  # where the image begins on its canvas
    canvas: Lengths  # the image and its padding
    taps: int  # how many entries of the image one entry of the output sees
    small: bool  # the matrix serves; else, and where the sheets have kernels of their own, the columns


@lru_cache(maxsize=256)
def geometry(
    channels: int,
    filters: int,
    size: Lengths,
    kernel: Lengths,
    output: Lengths | None,
    stride: Lengths,
    padding: Sides,
    dilation: Lengths,
    groups: int,
) -> Geometry:
    """The sizes of one correlation; an output of None is as large as the image allows."""
    canvas = tuple(length + before + behind for length, (before, behind) in zip(size, padding, strict=True))
    corner = tuple(before for before, _ in padding)
    if output is None:
        output = tuple(
            (length - gap * (taps - 1) - 1) // step + 1
            for length, taps, step, gap in zip(canvas, kernel, stride, dilation, strict=True)
        )
    taps = channels // groups * math.prod(kernel)
    small = channels * math.prod(size) * filters * math.prod(output) <= MATRIX_ENTRIES
    return Geometry(channels, filters, groups, size, kernel, output, stride, dilation, corner, canvas, taps, small)


def correlate(x: Array, w: Array, *, stride: Lengths, padding: Sides, dilation: Lengths, groups: int) -> Array:
    """The cross-correlation of images with kernels: conv2d without a bias.

    x: (S, N, C, H, W), w: (S, O, C / groups, kh, kw) -> (S, N, O, Ho, Wo).
    """
    sizes = geometry(x.shape[2], w.shape[1], x.shape[3:], w.shape[3:], None, stride, padding, dilation, groups)
    y = _by_matrix(x, w, sizes)
    if y is None and _images_last(x, w, sizes):
        one = _of_one_image(len(x) * x.shape[1], sizes)
        y = _correlate_by_columns(_as_one_image(x), w[..., np.newaxis], one)
        y = _images_first(y, sizes.filters, sizes.output)
    if y is None:
        y = _correlate_by_columns(x, w, sizes)
    return y.reshape(max(len(x), len(w)), x.shape[1], sizes.filters, *sizes.output)


def correlate_input(
    g: Array, w: Array, *, size: Lengths, stride: Lengths, padding: Sides, dilation: Lengths, groups: int
) -> Array:
    """The adjoint with respect to x, whose images have the size (H, W). What no window covers is zero.

    g: (S, N, O, Ho, Wo), w: (S, O, C / groups, kh, kw) -> (S, N, C, H, W).
    """
    sizes = geometry(w.shape[2] * groups, w.shape[1], size, w.shape[3:], g.shape[3:], stride, padding, dilation, groups)
    x = _by_matrix(g, w, sizes, transposed=True)
    if x is None and _images_last(g, w, sizes):
        one = _of_one_image(len(g) * g.shape[1], sizes)
        x = _input_by_columns(_as_one_image(g), w[..., np.newaxis], one)
        x = _images_first(x, sizes.channels, size)
    if x is None:
        back = _turned_round(sizes)
        x = _input_by_columns(g, w, sizes) if back is None else _correlate_by_columns(g, _turned(w, sizes), back)
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
    elif len(x) == len(g) == 1 and _images_last(x, x, sizes):
        w = _weight_by_columns(_as_one_image(x), _as_one_image(g), _of_one_image(len(x) * x.shape[1], sizes))
    else:
        w = _weight_by_columns(x, g, sizes)
    return w.reshape(max(len(x), len(g)), sizes.filters, sizes.channels // groups, *size)


def unfold(x: Array, *, kernel: Lengths, stride: Lengths, padding: Sides, dilation: Lengths) -> Array:
    """The columns themselves, one for each place: (S, N, C, H, W) -> (S, N, C * kh * kw, Ho * Wo)."""
    sizes = geometry(x.shape[2], 1, x.shape[3:], kernel, None, stride, padding, dilation, 1)
    columns = np.moveaxis(_windows(_padded(x, sizes), sizes), 2 + len(kernel), 1)
    return columns.reshape(*x.shape[:2], sizes.taps, math.prod(sizes.output))


def fold(g: Array, *, size: Lengths, kernel: Lengths, stride: Lengths, padding: Sides, dilation: Lengths) -> Array:
    """Columns added up where they were read, the adjoint: (S, N, C * kh * kw, Ho * Wo) -> (S, N, C, H, W)."""
    sizes = geometry(g.shape[2] // math.prod(kernel), 1, size, kernel, None, stride, padding, dilation, 1)
    canvas = np.zeros((*g.shape[:2], sizes.channels, *sizes.canvas))
    rows = np.moveaxis(g, 1, 2).reshape(len(g), sizes.channels, kernel[0], math.prod(kernel[1:]), -1)
    for row in range(kernel[0]):
        _add_columns(rows[:, :, row], canvas, row, sizes)
    return _inside(canvas, sizes)


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


# The columns


def _images_last(x: Array, w: Array, sizes: Geometry) -> bool:
    """Whether many images that share a kernel are better taken as one, which has them along a last axis.

    What a tap sees of a row is then a long run of memory, however short the row is.
    """
    images = len(x) * x.shape[1]
    row = sizes.groups * sizes.taps * math.prod(sizes.output[1:]) * images
    return len(w) == 1 and images >= MANY_IMAGES and sizes.taps > sizes.channels and row <= COLUMN_ENTRIES


def _as_one_image(x: Array) -> Array:
    """(1, 1, C, H, W, S * N)."""
    return np.moveaxis(x.reshape(-1, *x.shape[2:]), 0, -1)[np.newaxis, np.newaxis]


def _images_first(y: Array, channels: int, size: Lengths) -> Array:
    """(S * N, C, H, W), a view of the one image: what comes after works entry by entry and minds no order in memory."""
    return np.moveaxis(y.reshape(channels, *size, -1), -1, 0)


@lru_cache(maxsize=256)
def _of_one_image(images: int, sizes: Geometry) -> Geometry:
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


def _turned_round(sizes: Geometry) -> Geometry | None:
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


def _turned(w: Array, sizes: Geometry) -> Array:
    """The kernels turned by 180 degrees, filters and channels exchanged in each group: (S, C, O / groups, kh, kw)."""
    parted = np.flip(w, tuple(range(3, w.ndim))).reshape(len(w), sizes.groups, -1, *w.shape[2:])
    turned: Array = parted.swapaxes(2, 3).reshape(len(w), sizes.channels, -1, *w.shape[3:])
    return turned


def _correlate_by_columns(x: Array, w: Array, sizes: Geometry) -> Array:
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


def _input_by_columns(g: Array, w: Array, sizes: Geometry) -> Array:
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
                _add_columns(np.matmul(kernel[sheets], joined), below, row, sizes)
        if canvas is not part:
            part[...] = _inside(canvas, sizes)
    return x


def _rows_of_kernels(w: Array, sizes: Geometry) -> Array:
    """The matrices of the kernels' rows, (kh, S, groups, C / groups * kw, O / groups)."""
    parted = w.reshape(len(w), sizes.groups, -1, w.shape[2], sizes.kernel[0], math.prod(sizes.kernel[1:]))
    return parted.transpose(4, 0, 1, 3, 5, 2).reshape(sizes.kernel[0], len(w), sizes.groups, -1, parted.shape[2])


def _weight_by_columns(x: Array, g: Array, sizes: Geometry) -> Array:
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
        windows = _windows(_padded(x[sheets, images], sizes), sizes)
        for rows, places in _strips(sizes.taps, sizes):
            seen = _along(windows, 0, rows, sizes)
            yield sheets, images, places, seen.reshape(len(seen), sizes.groups, sizes.taps, -1)


def _windows(canvas: Array, sizes: Geometry) -> Array:
    """What every tap sees of each image from every place: (S, C, kh, kw, N, Ho, Wo), a view of a contiguous canvas."""
    sheet, image, channel, *steps = canvas.strides
    taps = [gap * step for gap, step in zip(sizes.dilation, steps, strict=True)]
    places = [stride * step for stride, step in zip(sizes.stride, steps, strict=True)]
    shape = (len(canvas), sizes.channels, *sizes.kernel, canvas.shape[1], *sizes.output)
    windows: Array = np.ndarray(shape, np.float64, canvas, strides=(sheet, channel, *taps, image, *places))
    return windows


def _add_columns(columns: Array, canvas: Array, row: int, sizes: Geometry) -> None:
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


def _padded(x: Array, sizes: Geometry) -> Array:
    """The images on their canvas of zeros, contiguous."""
    if sizes.canvas == sizes.size:
        return np.ascontiguousarray(x, dtype=np.float64)
    canvas = np.zeros((*x.shape[:3], *sizes.canvas))
    _inside(canvas, sizes)[...] = x
    return canvas


def _inside(canvas: Array, sizes: Geometry) -> Array:
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
