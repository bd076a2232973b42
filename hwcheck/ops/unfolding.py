"""Images as columns of what a kernel sees, and back: the convolution as a product of two matrices."""

from __future__ import annotations

from typing import Any

from hwcheck.graph.node import Array, Node, Shape
from hwcheck.graph.op import Misfit, op
from hwcheck.graph.options import Lengths, Padding, product, spell_shape
from hwcheck.graph.options import Lengths as Lengths2d
from hwcheck.graph.options import Padding as Padding2d
from hwcheck.ops import convolution_kernels
from hwcheck.ops.windows import LAYOUTS, check_images, check_windows, sides, window_counts

IMAGES = LAYOUTS[1]


def _counts(x: Shape, kernel_size: Lengths, dilation: Lengths, padding: Padding, stride: Lengths) -> list[int]:
    check_windows(padding, kernel_size=kernel_size, dilation=dilation, stride=stride)
    around = sides(padding, kernel_size, dilation)
    return window_counts("the kernel", IMAGES, x, kernel_size, stride, around, dilation)


def _unfolded(x: Shape, kernel_size: Lengths, **windows: Any) -> Shape:
    check_images("x", x, IMAGES)
    places = product(_counts(x[-2:], kernel_size, **windows))
    return (*x[:-3], x[-3] * product(kernel_size), places)


def _folded(x: Shape, output_size: Lengths, kernel_size: Lengths, **windows: Any) -> Shape:
    if len(x) not in (2, 3):
        raise Misfit(f"{{x}} must have 2 or 3 axes ((batch,) channels * kernel, places), but has {len(x)}")
    check_windows(output_size=output_size)
    rows, columns = _counts(output_size, kernel_size, **windows)
    if x[-1] != rows * columns:
        size = spell_shape(output_size)
        raise Misfit(f"{{x}} has {x[-1]} columns, but the kernel has {rows} x {columns} places in an image of {size}")
    if x[-2] % product(kernel_size):
        raise Misfit(f"{{x}} has {x[-2]} rows: not so many for each channel as the kernel's {product(kernel_size)}")
    return (*x[:-2], x[-2] // product(kernel_size), *output_size)


def _unfold_rule(g: Node, y: Node, x: Node, **options: Any) -> Node:
    return fold(g, output_size=x.shape[-2:], **options)


@op(
    shape=_unfolded,
    gradients=[_unfold_rule],
    aliases=["im2col"],
    cost=lambda result, x, **options: product(result),
)
def unfold(
    x: Array, kernel_size: Lengths2d, dilation: Lengths2d = 1, padding: Padding2d = 0, stride: Lengths2d = 1
) -> Array:
    """What a kernel sees from every place, one column each: im2col.

    A convolution is then one product: ``reshape(weight, [O, -1]) @ unfold(x, kernel_size)``.

    x: (N, C, H, W) or (C, H, W) -> (N, C * kh * kw, places) or without N.
    kernel_size: the size of the kernel; one number stands for both axes.
    dilation: the distance between neighbouring entries of the kernel.
    padding: zeros around the image: a number, one for each axis, a pair (before, behind) for each axis, or 'same'.
    stride: how far the kernel moves from one place to the next.
    Elsewhere: some courses write a row for every place, the transpose of this.
    Source: Chellapilla, Puri, Simard, High performance convolutional neural networks for document processing (2006).
    Example: unfold(x, 2); x = [[[1, 2, 3], [4, 5, 6]]]
    """
    images = x if x.ndim == 5 else x[:, None]
    y = convolution_kernels.unfold(
        images, kernel=kernel_size, stride=stride, padding=sides(padding, kernel_size, dilation), dilation=dilation
    )
    return y if x.ndim == 5 else y[:, 0]


@op(
    shape=_folded,
    gradients=[lambda g, y, x, output_size, **options: unfold(g, **options)],
    aliases=["col2im"],
    cost=lambda result, x, **options: product(x),
)
def fold(
    x: Array,
    output_size: Lengths2d,
    kernel_size: Lengths2d,
    dilation: Lengths2d = 1,
    padding: Padding2d = 0,
    stride: Lengths2d = 1,
) -> Array:
    """Columns put back where a kernel would see them, and added up where they overlap: col2im.

    It is what comes back through ``unfold``, not its inverse.

    x: (N, C * kh * kw, places) or (C * kh * kw, places) -> (N, C, H, W) or (C, H, W).
    output_size: (H, W), the size of the images.
    kernel_size, dilation, padding, stride: as in ``unfold``.
    Source: Chellapilla, Puri, Simard, High performance convolutional neural networks for document processing (2006).
    Example: fold(x, [2, 3], 2); x = [[1, 2], [2, 3], [4, 5], [5, 6]]
    """
    columns = x if x.ndim == 4 else x[:, None]
    y = convolution_kernels.fold(
        columns,
        size=output_size,
        kernel=kernel_size,
        stride=stride,
        padding=sides(padding, kernel_size, dilation),
        dilation=dilation,
    )
    return y if x.ndim == 4 else y[:, 0]
