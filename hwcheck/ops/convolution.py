"""Convolution over one, two or three axes, and its transpose.

What deep learning calls convolution is cross-correlation: the kernel is not flipped (Goodfellow, Bengio, Courville,
Deep Learning, 2016, equation 9.6); ``flip=True`` flips it. Names, options and shapes are PyTorch's. Of the three ops
``conv2d``, ``conv_transpose2d`` and ``conv2d_weight`` each is the gradient of the others, so every derivative is one of
them again; so it is with one axis and with three.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from hwcheck.graph.node import Array, Node, Shape
from hwcheck.graph.op import Misfit
from hwcheck.graph.options import Ints, Lengths, Padding, product, spell_shape
from hwcheck.ops.arrays import getitem
from hwcheck.ops.assembly import bordered, check_border, pad, unpad
from hwcheck.ops.convolution_kernels import correlate, correlate_input, correlate_weight
from hwcheck.ops.reductions import sum
from hwcheck.ops.shapes import require_rank
from hwcheck.ops.windows import (
    Layout,
    check_images,
    check_windows,
    op_in_ranks,
    sides,
    spanned,
    widths_of,
    window_counts,
)

EXAMPLES = (
    "x = [[1, 2, 4]]; weight = [[[1, -1]]]; bias = [10]",
    "x = [[[1, 2, 4], [3, 5, 9]]]; weight = [[[[1, -1], [0, 2]]]]; bias = [10]",
    "x = [[[[1, 2, 4]], [[3, 5, 9]]]]; weight = [[[[[1, -1]], [[0, 2]]]]]; bias = [10]",
)
WEIGHT_EXAMPLES = (
    "size=2); x = [[1, 2, 4]]; g = [[1, 10]]",
    "size=2); x = [[[1, 2, 4], [3, 5, 9]]]; g = [[[1, 10]]]",
    "size=[2, 1, 2]); x = [[[[1, 2, 4]], [[3, 5, 9]]]]; g = [[[[1, 10]]]]",
)


def _check(
    x: Shape, layout: Layout, channels: int, filters: int, groups: int, padding: Padding, **windows: Lengths
) -> None:
    """The rules that a convolution and its transpose share; ``channels`` is what the weight expects of x."""
    check_images("x", x, layout)
    check_windows(padding, groups=(groups,), **windows)
    found = x[-layout.rank - 1]
    if found != channels:
        grouped = f" (groups={groups})" if groups > 1 else ""
        raise Misfit(f"{{weight}} is made for {channels} channels{grouped}, but {{x}} has {found}")
    if filters % groups or channels % groups:
        raise Misfit(f"groups={groups} must divide the {channels} channels that come in and the {filters} that go out")


def _check_bias(bias: tuple[Shape, ...], filters: int) -> None:
    if bias and bias[0] != (filters,):
        raise Misfit(f"{{bias}} must have one entry for each of the {filters} filters, but is {spell_shape(bias[0])}")


def _batched(x: Array, rank: int) -> Array:
    """(S, N, C, H, W), from that or from a single image, (S, C, H, W)."""
    return x if x.ndim == rank + 3 else x[:, np.newaxis]


def _finished(y: Array, like: Array, bias: Array | None) -> Array:
    """Without the batch axis that was put in, and with the bias added to every pixel of its channel."""
    rank = y.ndim - 3
    if bias is not None:
        each = bias.reshape(len(bias), 1, -1, *(1,) * rank)
        y = np.add(y, each, out=y if len(y) >= len(bias) else None)
    return y if like.ndim == rank + 3 else y[:, 0]


def _turned(weight: Array, flip: bool) -> Array:
    """The kernels, or the kernels turned by 180 degrees."""
    return np.flip(weight, tuple(range(3, weight.ndim))) if flip else weight


def _bias_rule(g: Node, y: Node, x: Node, weight: Node, bias: Node, **options: Any) -> Node:
    channels = 1 - len(weight.shape)
    return sum(g, axis=[axis for axis in range(-len(g.shape), 0) if axis != channels])


# The convolution


def _convolved_shape(
    layout: Layout,
    x: Shape,
    weight: Shape,
    *bias: Shape,
    padding: Padding,
    groups: int,
    padding_mode: str,
    flip: bool,
    **windows: Lengths,
) -> Shape:
    rank = layout.rank
    require_rank("weight", weight, (rank + 2,), f"filters, channels, {', '.join(layout.axes)}")
    _check(x, layout, weight[1] * groups, weight[0], groups, padding, **windows)
    _check_bias(bias, weight[0])
    around = sides(padding, weight[2:], windows["dilation"])
    check_border(((0, 0),) * (len(x) - rank) + around, x, padding_mode)
    return (
        *x[: -rank - 1],
        weight[0],
        *window_counts("{weight}", layout, x[-rank:], weight[2:], padding=around, **windows),
    )


def _input_rule(
    g: Node, y: Node, x: Node, weight: Node, *bias: Node, padding: Padding, padding_mode: str = "zeros", **options: Any
) -> Node:
    kernel = weight.shape[2:]
    around = sides(padding, kernel, options["dilation"])
    if padding_mode != "zeros":
        widths, none = widths_of(around), ((0, 0),) * len(around)
        inner = _input_rule(g, y, pad(x, widths, padding_mode), weight, padding=none, **options)
        return unpad(inner, widths, padding_mode)
    rank = len(kernel)
    covered = spanned(g.shape[-rank:], kernel, options["stride"], around, options["dilation"])
    left_over = [length - part for length, part in zip(x.shape[-rank:], covered, strict=True)]
    return conv_transposes[rank - 1](g, weight, padding=around, output_padding=left_over, **options)


def _weight_rule(
    g: Node, y: Node, x: Node, weight: Node, *bias: Node, padding: Padding, padding_mode: str = "zeros", **options: Any
) -> Node:
    around = sides(padding, weight.shape[2:], options["dilation"])
    if padding_mode != "zeros":
        x, around = pad(x, widths_of(around), padding_mode), ((0, 0),) * len(around)
    return conv_weights[len(around) - 1](x, g, size=weight.shape[2:], padding=around, **options)


def _products(result: Shape, x: Shape, weight: Shape, *bias: Shape, **options: Any) -> int:
    """Every entry of the result takes as many as its filter has entries."""
    return product(result) * product(weight[1:])


@op_in_ranks(
    name="conv{rank}d",
    shape=_convolved_shape,
    gradients=[_input_rule, _weight_rule, _bias_rule],
    cost=_products,
    examples=EXAMPLES,
)
def convs(
    layout: Layout,
    x: Array,
    weight: Array,
    bias: Array | None = None,
    stride: Lengths = 1,
    padding: Padding = 0,
    dilation: Lengths = 1,
    groups: int = 1,
    padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = "zeros",
    flip: bool = False,
) -> Array:
    """Slide every filter over the image and take the sum of products: cross-correlation.

    In one channel and one axis ``y[p] = bias + sum over i of weight[i] * x[p * stride + i * dilation - padding]``.

    x: (N, C, {sizes}) or (C, {sizes}) -> (N, O, {out}) or (O, {out}).
    weight: (O, C / groups, {kernel}), one filter for each channel that goes out.
    bias: (O,), or none.
    stride: how far the filter moves from one place to the next.
    padding: entries put around the image: a number, one for each axis, a pair (before, behind) for each axis, or
    'same' for a result of the image's size ('valid' is 0).
    dilation: the distance between neighbouring entries of the filter; 1 leaves no gaps.
    groups: channels are split into so many groups that do not see each other; as many as channels is depthwise.
    padding_mode: what the padding holds: zeros, or copies of the image's entries as ``pad`` makes them.
    flip: turn the filters round first; this is what mathematics, and some courses, call convolution.
    Elsewhere: SciPy's ``convolve`` flips, its ``correlate`` does not; TensorFlow has the channels last.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equations 9.6 and 9.8; with ``flip`` 9.5.
    Example: conv{rank}d(x, weight, bias); {example}
    """
    around = sides(padding, weight.shape[3:], dilation)
    images = _batched(x, layout.rank)
    if padding_mode != "zeros":
        images, around = bordered(images, around, padding_mode), ((0, 0),) * layout.rank
    kernels = _turned(weight, flip)
    y = correlate(images, kernels, stride=stride, padding=around, dilation=dilation, groups=groups)
    return _finished(y, x, bias)


conv1d, conv2d, conv3d = convs


# The transpose


def _transposed_shape(
    layout: Layout,
    x: Shape,
    weight: Shape,
    *bias: Shape,
    padding: Padding,
    output_padding: Lengths,
    groups: int,
    flip: bool,
    **windows: Lengths,
) -> Shape:
    rank = layout.rank
    require_rank("weight", weight, (rank + 2,), f"channels in, channels out, {', '.join(layout.axes)}")
    filters = weight[1] * groups
    _check(x, layout, weight[0], filters, groups, padding, **windows)
    _check_bias(bias, filters)
    around = sides(padding, weight[2:], windows["dilation"])
    spans = spanned(x[-rank:], weight[2:], padding=around, **windows)
    for axis, (span, extra, name) in enumerate(zip(spans, output_padding, layout.axes, strict=True)):
        most = max(windows["stride"][axis], windows["dilation"][axis]) - 1
        if not 0 <= extra <= most:
            raise Misfit(f"output_padding must be from 0 to {most} (below stride or dilation), not {extra}")
        if span + extra < 1:
            gone = around[axis][0] + around[axis][1]
            raise Misfit(
                f"the result would have {span + extra} {name}: the padding takes {gone} of {span + extra + gone}"
            )
    return (*x[: -rank - 1], filters, *(span + extra for span, extra in zip(spans, output_padding, strict=True)))


def _transposed_input_rule(
    g: Node, y: Node, x: Node, weight: Node, *bias: Node, output_padding: Lengths, **options: Any
) -> Node:
    return _within(convs[len(output_padding) - 1](g, weight, **options), x)


def _within(y: Node, like: Node) -> Node:
    """Without the windows that fit only because output_padding exceeds the stride (a dilation allows it to)."""
    return y if y.shape == like.shape else getitem(y, tuple(map(slice, like.shape)))


def _transposed_weight_rule(
    g: Node, y: Node, x: Node, weight: Node, *bias: Node, output_padding: Lengths, padding: Padding, **options: Any
) -> Node:
    around = sides(padding, weight.shape[2:], options["dilation"])
    return conv_weights[len(around) - 1](g, x, size=weight.shape[2:], padding=around, **options)


def _transposed_products(result: Shape, x: Shape, weight: Shape, *bias: Shape, **options: Any) -> int:
    """Every entry of the input is multiplied with its whole filter."""
    return product(x) * product(weight[1:])


@op_in_ranks(
    name="conv_transpose{rank}d",
    shape=_transposed_shape,
    gradients=[_transposed_input_rule, _transposed_weight_rule, _bias_rule],
    cost=_transposed_products,
    examples=EXAMPLES,
)
def conv_transposes(
    layout: Layout,
    x: Array,
    weight: Array,
    bias: Array | None = None,
    stride: Lengths = 1,
    padding: Padding = 0,
    output_padding: Lengths = 0,
    groups: int = 1,
    dilation: Lengths = 1,
    flip: bool = False,
) -> Array:
    """Put a copy of the filter down for every pixel, weighted by it, and add up where copies overlap.

    The transpose of conv{rank}d, and its gradient in x; also called deconvolution or fractionally strided
    convolution. An axis of ``n`` becomes
    ``stride * (n - 1) + dilation * (k - 1) + 1 - 2 * padding + output_padding``.

    x: (N, C, {sizes}) or (C, {sizes}) -> (N, O, {out}) or (O, {out}).
    weight: (C, O / groups, {kernel}): the channels that come in are first, the other way round than in conv{rank}d.
    bias: (O,), or none.
    stride: how far apart the copies of neighbouring pixels are put down.
    padding: so much of the border is cut away, what conv{rank}d would have padded; a number, one for each axis, a
    pair (before, behind) for each axis, or 'same'.
    output_padding: so many entries more behind: with a stride, images of several sizes give the same conv{rank}d.
    groups: channels are split into so many groups that do not see each other.
    dilation: the distance between neighbouring entries of the filter.
    flip: turn the filters round first, as conv{rank}d does with ``flip``.
    Elsewhere: Keras derives the padding from 'same' or 'valid' and has the channels last.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 9.13.
    Example: conv_transpose{rank}d(x, weight, bias); {example}
    """
    around = sides(padding, weight.shape[3:], dilation)
    spans = spanned(x.shape[-layout.rank :], weight.shape[3:], stride, around, dilation)
    y = correlate_input(
        _batched(x, layout.rank),
        _turned(weight, flip),
        size=tuple(span + extra for span, extra in zip(spans, output_padding, strict=True)),
        stride=stride,
        padding=around,
        dilation=dilation,
        groups=groups,
    )
    return _finished(y, x, bias)


conv_transpose1d, conv_transpose2d, conv_transpose3d = conv_transposes


# The gradient in the weight


def _weight_shape(
    layout: Layout, x: Shape, g: Shape, *, size: Ints, padding: Padding, groups: int, flip: bool, **windows: Lengths
) -> Shape:
    rank = layout.rank
    check_windows(size=size)
    check_images("g", g, layout)
    _check(x, layout, x[-rank - 1] if len(x) > rank else 0, g[-rank - 1], groups, padding, **windows)
    if x[: -rank - 1] != g[: -rank - 1]:
        raise Misfit(f"{{x}} ({spell_shape(x)}) and {{g}} ({spell_shape(g)}) must hold the same number of images")
    covered = spanned(g[-rank:], size, padding=sides(padding, size, windows["dilation"]), **windows)
    for axis, name in enumerate(layout.axes):
        left_over = x[axis - rank] - covered[axis]
        if not 0 <= left_over < max(windows["stride"][axis], windows["dilation"][axis]):
            raise Misfit(f"{{g}} has {g[axis - rank]} {name}: not what windows over the {x[axis - rank]} of {{x}} give")
    return (g[-rank - 1], x[-rank - 1] // groups, *size)


def _weight_products(result: Shape, x: Shape, g: Shape, **options: Any) -> int:
    """Every entry of the gradient that arrives meets all entries of its filter."""
    return product(g) * product(result[1:])


@op_in_ranks(
    name="conv{rank}d_weight",
    shape=_weight_shape,
    gradients=[
        lambda w, y, x, g, size, **options: _input_rule(g, y, x, w, **options),
        lambda w, y, x, g, size, **options: _within(convs[len(size) - 1](x, w, **options), g),
    ],
    cost=_weight_products,
    examples=WEIGHT_EXAMPLES,
    internal=True,
)
def conv_weights(
    layout: Layout,
    x: Array,
    g: Array,
    size: Lengths,
    stride: Lengths = 1,
    padding: Padding = 0,
    dilation: Lengths = 1,
    groups: int = 1,
    flip: bool = False,
) -> Array:
    """The gradient of conv{rank}d in its weight: each entry is the sum of the gradient times the pixels it has met.

    x: (N, C, {sizes}) or (C, {sizes}), what the filters slid over -> (O, C / groups, {kernel}).
    g: (N, O, {out}) or (O, {out}), the gradient that arrives at the result.
    size: ({kernel}), the size of the filters.
    stride, padding, dilation, groups, flip: as in conv{rank}d.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 9.11.
    Example: conv{rank}d_weight(x, g, {example}
    """
    y = correlate_weight(
        _batched(x, layout.rank),
        _batched(g, layout.rank),
        size=size,
        stride=stride,
        padding=sides(padding, size, dilation),
        dilation=dilation,
        groups=groups,
    )
    return _turned(y, flip)


conv1d_weight, conv2d_weight, conv3d_weight = conv_weights
