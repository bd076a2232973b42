"""Convolution over two axes, its transpose, and the convolution written as a matrix.

What deep learning calls convolution is cross-correlation: the kernel is not flipped (Goodfellow, Bengio, Courville,
Deep Learning, 2016, equation 9.6). Names, options and shapes are PyTorch's. Of the three ops ``conv2d``,
``conv_transpose2d`` and ``conv2d_weight`` each is the gradient of the others, so every derivative is one of them again.
Sizes: Dumoulin, Visin, A guide to convolution arithmetic for deep learning (2016), relationships 6 and 14.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from hwcheck.graph.node import Array, Node, Shape
from hwcheck.graph.op import Misfit, composite, op
from hwcheck.graph.options import Ints, Padding, Pair, product, spell_shape
from hwcheck.ops.arrays import getitem, reshape
from hwcheck.ops.convolution_kernels import correlate, correlate_input, correlate_weight
from hwcheck.ops.reductions import sum
from hwcheck.ops.shapes import require_rank

Sides: TypeAlias = tuple[tuple[int, int], tuple[int, int]]

IMAGES = "(batch,) channels, rows, columns"
FILTERS = "filters, channels, rows, columns"
AXES = ("rows", "columns")
NO_PADDING: Sides = ((0, 0), (0, 0))
MOST_COLUMNS = 1000  # of a matrix that is written down: 1 x 28 x 28 images have 784


def sides(padding: Padding, kernel: Shape, dilation: Pair) -> Sides:
    """The zeros before and after the rows and the columns; of an odd number 'same' puts one more behind, as PyTorch."""
    if not isinstance(padding, str):
        return padding
    (top, height), (left, width) = ((d * (k - 1) // 2, d * (k - 1)) for d, k in zip(dilation, kernel, strict=True))
    return (top, height - top), (left, width - left)


def window_counts(image: Shape, kernel: Shape, stride: Pair, padding: Sides, dilation: Pair) -> list[int]:
    """How often the kernel fits along the rows and the columns (relationship 6, with dilation)."""
    counts = []
    for axis in range(2):
        span = dilation[axis] * (kernel[axis] - 1) + 1
        length = image[axis] + padding[axis][0] + padding[axis][1]
        if span > length:
            raise Misfit(f"{{weight}} spans {span} {AXES[axis]}, but {{x}} has {length}, its padding included")
        counts.append((length - span) // stride[axis] + 1)
    return counts


def spanned(image: Shape, kernel: Shape, stride: Pair, padding: Sides, dilation: Pair) -> list[int]:
    """The shortest image in which the kernel fits so often: relationship 14, with dilation."""
    return [
        stride[axis] * (image[axis] - 1) + dilation[axis] * (kernel[axis] - 1) + 1 - padding[axis][0] - padding[axis][1]
        for axis in range(2)
    ]


def _check(x: Shape, channels: int, filters: int, groups: int, padding: Padding, stride: Pair, dilation: Pair) -> None:
    """The rules that a convolution and its transpose share; ``channels`` is what the weight expects of x."""
    require_rank("x", x, (3, 4), IMAGES)
    for name, option in {"groups": (groups,), "stride": stride, "dilation": dilation}.items():
        if min(option) < 1:
            raise Misfit(f"{name} must be at least 1, but is {min(option)}")
    if padding == "same" and stride != (1, 1):
        raise Misfit("padding='same' needs a stride of 1")
    if x[-3] != channels:
        grouped = f" (groups={groups})" if groups > 1 else ""
        raise Misfit(f"{{weight}} is made for {channels} channels{grouped}, but {{x}} has {x[-3]}")
    if filters % groups or channels % groups:
        raise Misfit(f"groups={groups} must divide the {channels} channels that come in and the {filters} that go out")


def _check_bias(bias: tuple[Shape, ...], filters: int) -> None:
    if bias and bias[0] != (filters,):
        raise Misfit(f"{{bias}} must have one entry for each of the {filters} filters, but is {spell_shape(bias[0])}")


def _batched(x: Array) -> Array:
    """(S, N, C, H, W), from that or from a single image, (S, C, H, W)."""
    return x if x.ndim == 5 else x[:, np.newaxis]


def _finished(y: Array, like: Array, bias: Array | None) -> Array:
    """Without the batch axis that was put in, and with the bias added to every pixel of its channel."""
    y = y if like.ndim == 5 else y[:, 0]
    return y if bias is None else y + bias.reshape(len(bias), *(1,) * (y.ndim - 4), -1, 1, 1)


def _bias_rule(g: Node, y: Node, *inputs: Node, **options: Any) -> Node:
    return sum(g, axis=[axis for axis in range(-len(g.shape), 0) if axis != -3])


def _conv2d_shape(x: Shape, weight: Shape, *bias: Shape, padding: Padding, groups: int, **windows: Pair) -> Shape:
    require_rank("weight", weight, (4,), FILTERS)
    _check(x, weight[1] * groups, weight[0], groups, padding, **windows)
    _check_bias(bias, weight[0])
    around = sides(padding, weight[2:], windows["dilation"])
    return (*x[:-3], weight[0], *window_counts(x[-2:], weight[2:], padding=around, **windows))


def _conv2d_input_rule(g: Node, y: Node, x: Node, weight: Node, *bias: Node, padding: Padding, **options: Any) -> Node:
    around = sides(padding, weight.shape[2:], options["dilation"])
    covered = spanned(g.shape[-2:], weight.shape[2:], options["stride"], around, options["dilation"])
    left_over = [x.shape[-2] - covered[0], x.shape[-1] - covered[1]]
    return conv_transpose2d(g, weight, padding=around, output_padding=left_over, **options)


def _conv2d_weight_rule(g: Node, y: Node, x: Node, weight: Node, *bias: Node, padding: Padding, **options: Any) -> Node:
    around = sides(padding, weight.shape[2:], options["dilation"])
    return conv2d_weight(x, g, size=weight.shape[2:], padding=around, **options)


def _conv2d_products(result: Shape, x: Shape, weight: Shape, *bias: Shape, **options: Any) -> int:
    """Every entry of the result takes as many as its filter has entries."""
    return product(result) * product(weight[1:])


@op(
    shape=_conv2d_shape,
    gradients=[_conv2d_input_rule, _conv2d_weight_rule, _bias_rule],
    cost=_conv2d_products,
)
def conv2d(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    stride: Pair = (1, 1),
    padding: Padding = NO_PADDING,
    dilation: Pair = (1, 1),
    groups: int = 1,
) -> Array:
    """Slide every filter over the image and take the sum of products: cross-correlation, as in PyTorch.

    x: (N, C, H, W) or (C, H, W); weight: (O, C / groups, kh, kw); bias: (O,) -> (N, O, H', W') or (O, H', W').
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equations 9.6 and 9.8.
    """
    around = sides(padding, weight.shape[-2:], dilation)
    y = correlate(_batched(x), weight, stride=stride, padding=around, dilation=dilation, groups=groups)
    return _finished(y, x, bias)


def _transposed_shape(
    x: Shape,
    weight: Shape,
    *bias: Shape,
    padding: Padding,
    output_padding: Pair,
    groups: int,
    **windows: Pair,
) -> Shape:
    require_rank("weight", weight, (4,), "channels in, channels out, rows, columns")
    filters = weight[1] * groups
    _check(x, weight[0], filters, groups, padding, **windows)
    _check_bias(bias, filters)
    around = sides(padding, weight[2:], windows["dilation"])
    spans = spanned(x[-2:], weight[2:], padding=around, **windows)
    sizes = [span + extra for span, extra in zip(spans, output_padding, strict=True)]
    for axis, size in enumerate(sizes):
        most = max(windows["stride"][axis], windows["dilation"][axis]) - 1
        if not 0 <= output_padding[axis] <= most:
            raise Misfit(
                f"output_padding must be from 0 to {most} (below stride or dilation), not {output_padding[axis]}"
            )
        if size < 1:
            raise Misfit(f"the result would have {size} {AXES[axis]}: the padding takes away more than there is")
    return (*x[:-3], filters, *sizes)


def _transposed_input_rule(
    g: Node, y: Node, x: Node, weight: Node, *bias: Node, output_padding: Pair, **options: Any
) -> Node:
    return _within(conv2d(g, weight, **options), x)


def _within(y: Node, like: Node) -> Node:
    """Without the windows that fit only because output_padding exceeds the stride (a dilation allows it to)."""
    if y.shape == like.shape:
        return y
    return getitem(y, (*[slice(None)] * (len(y.shape) - 2), slice(like.shape[-2]), slice(like.shape[-1])))


def _transposed_weight_rule(
    g: Node, y: Node, x: Node, weight: Node, *bias: Node, output_padding: Pair, padding: Padding, **options: Any
) -> Node:
    around = sides(padding, weight.shape[2:], options["dilation"])
    return conv2d_weight(g, x, size=weight.shape[2:], padding=around, **options)


def _transposed_products(result: Shape, x: Shape, weight: Shape, *bias: Shape, **options: Any) -> int:
    """Every entry of the input is multiplied with its whole filter."""
    return product(x) * product(weight[1:])


@op(
    shape=_transposed_shape,
    gradients=[_transposed_input_rule, _transposed_weight_rule, _bias_rule],
    cost=_transposed_products,
)
def conv_transpose2d(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    stride: Pair = (1, 1),
    padding: Padding = NO_PADDING,
    output_padding: Pair = (0, 0),
    groups: int = 1,
    dilation: Pair = (1, 1),
) -> Array:
    """Put a copy of the filter down for every pixel, weighted by it: the transpose of conv2d, and its gradient in x.

    x: (N, C, H, W) or (C, H, W); weight: (C, O / groups, kh, kw); bias: (O,) -> (N, O, H', W') or (O, H', W').
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 9.13.
    """
    around = sides(padding, weight.shape[-2:], dilation)
    spans = spanned(x.shape[-2:], weight.shape[-2:], stride, around, dilation)
    size = (spans[0] + output_padding[0], spans[1] + output_padding[1])
    y = correlate_input(_batched(x), weight, size=size, stride=stride, padding=around, dilation=dilation, groups=groups)
    return _finished(y, x, bias)


def _weight_shape(x: Shape, g: Shape, *, size: Ints, padding: Padding, groups: int, **windows: Pair) -> Shape:
    _check_size("size", size)
    require_rank("g", g, (3, 4), IMAGES)
    _check(x, x[-3] if len(x) > 2 else 0, g[-3], groups, padding, **windows)
    if x[:-3] != g[:-3]:
        raise Misfit(f"{{x}} ({spell_shape(x)}) and {{g}} ({spell_shape(g)}) must hold the same number of images")
    covered = spanned(g[-2:], size, padding=sides(padding, size, windows["dilation"]), **windows)
    for axis, name in enumerate(AXES):
        left_over = x[axis - 2] - covered[axis]
        if not 0 <= left_over < max(windows["stride"][axis], windows["dilation"][axis]):
            raise Misfit(f"{{g}} has {g[axis - 2]} {name}: not what windows over the {x[axis - 2]} of {{x}} give")
    return (g[-3], x[-3] // groups, *size)


def _check_size(name: str, size: Ints) -> None:
    if len(size) != 2 or min(size) < 1:
        raise Misfit(f"{name} must be two sizes, [rows, columns], not {list(size)}")


def _weight_products(result: Shape, x: Shape, g: Shape, **options: Any) -> int:
    """Every entry of the gradient that arrives meets all entries of its filter."""
    return product(g) * product(result[1:])


@op(
    shape=_weight_shape,
    gradients=[
        lambda w, y, x, g, size, **options: _conv2d_input_rule(g, y, x, w, **options),
        lambda w, y, x, g, size, **options: _within(conv2d(x, w, **options), g),
    ],
    cost=_weight_products,
)
def conv2d_weight(
    x: Array,
    g: Array,
    size: Ints,
    stride: Pair = (1, 1),
    padding: Padding = NO_PADDING,
    dilation: Pair = (1, 1),
    groups: int = 1,
) -> Array:
    """The gradient of conv2d in its weight: each entry is the sum of the gradient times the pixels it has met.

    x: (N, C, H, W) or (C, H, W), what the filters slid over; g: (N, O, H', W') or (O, H', W'), the gradient that
    arrives; size: (kh, kw) -> (O, C / groups, kh, kw).
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 9.11.
    """
    around = sides(padding, size, dilation)
    height, width = size
    return correlate_weight(
        _batched(x), _batched(g), size=(height, width), stride=stride, padding=around, dilation=dilation, groups=groups
    )


@composite()
def conv_matrix(
    weight: Node,
    input_size: Ints,
    stride: Pair = (1, 1),
    padding: Padding = NO_PADDING,
    dilation: Pair = (1, 1),
    groups: int = 1,
) -> Node:
    """The convolution written as a matrix.

    ``flatten(conv2d(x, weight))`` is ``conv_matrix(weight, [H, W]) @ flatten(x)``.

    weight: (O, C / groups, kh, kw), for images of ``input_size`` (H, W) -> (O * H' * W', C * H * W).
    Its columns are what conv2d makes of the images that have a single 1.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 9.1 (the doubly block circulant matrix).
    """
    require_rank("weight", weight.shape, (4,), FILTERS)
    _check_size("input_size", input_size)
    image = (weight.shape[1] * groups, *input_size)
    entries = product(image)
    if entries > MOST_COLUMNS:
        raise Misfit(f"the matrix would have {entries:,} columns; at most {MOST_COLUMNS:,} are allowed")
    units = np.eye(entries).reshape(entries, *image)
    columns = conv2d(units, weight, stride=stride, padding=padding, dilation=dilation, groups=groups)
    return reshape(columns, (entries, columns.size // entries)).T
