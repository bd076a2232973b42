"""Pooling over one, two or three axes: largest entries, where they stand, means and p-norms. PyTorch's names."""

from __future__ import annotations

from typing import Any

from hwcheck.graph.node import Array, Node, Shape
from hwcheck.graph.op import Misfit
from hwcheck.graph.options import Lengths, Padding, product, spell_shape
from hwcheck.ops import pooling_kernels
from hwcheck.ops.arithmetic import where
from hwcheck.ops.bounds import require_positive
from hwcheck.ops.functions import abs
from hwcheck.ops.unpooling import put_at
from hwcheck.ops.windows import Layout, check_rank, check_windows, composite_in_ranks, op_in_ranks, sides

EXAMPLES = ("[1, 3, 2, 5]", "[[1, 3, 2, 5], [4, 0, 9, 1]]", "[[[1, 3], [2, 5]], [[4, 0], [9, 1]]]")
BACK_EXAMPLES = ("4, 2); g = [1, 3]", "[2, 4], 2); g = [[4, 8]]", "2, 2); g = [[[8]]]")
CALL = 500  # multiplications in the time of one step of Python


def _pooled_shape(
    layout: Layout,
    x: Shape,
    kernel_size: Lengths,
    stride: Lengths,
    padding: Padding,
    dilation: Lengths,
    ceil_mode: bool,
    **means: Any,
) -> Shape:
    rank, stride = layout.rank, stride or kernel_size
    check_rank("x", x, layout)
    check_windows(padding, kernel_size=kernel_size, stride=stride, dilation=dilation)
    if means.get("divisor_override") == 0:
        raise Misfit("divisor_override must not be 0")
    around = sides(padding, kernel_size, dilation)
    for name, length, size, zeros, gap in zip(layout.axes, x[-rank:], kernel_size, around, dilation, strict=True):
        _check_window(name, length, gap * (size - 1) + 1, zeros, gap)
    axes = zip(x[-rank:], kernel_size, stride, around, dilation, strict=True)
    return (*x[:-rank], *(pooling_kernels.places(*axis, ceil_mode) for axis in axes))


def _check_window(name: str, length: int, span: int, zeros: tuple[int, int], gap: int) -> None:
    """Refuse windows that do not fit, and those that see nothing but padding."""
    whole = length + zeros[0] + zeros[1]
    if span > whole:
        raise Misfit(f"the window spans {span} {name}, but {{x}} has {whole}, its padding included")
    if max(zeros) >= span:
        raise Misfit(f"the padding must be narrower than the window, which spans {span} {name}, but is {max(zeros)}")
    if max(zeros) and gap > length:
        raise Misfit(f"with a dilation of {gap} a window may step over all {length} {name} of {{x}}")


def _steps(result: Shape, x: Shape, kernel_size: Lengths, **options: Any) -> int:
    """Every tap is one step over as many entries as there are windows, or not yet reduced entries."""
    return sum(kernel_size) * (max(product(x), product(result)) + CALL)


def _windows(
    size: Shape,
    kernel_size: Lengths,
    stride: Lengths,
    padding: Padding,
    dilation: Lengths,
    ceil_mode: bool,
    count_include_pad: bool = True,
) -> tuple[pooling_kernels.Taps, ...]:
    around = sides(padding, kernel_size, dilation)
    return pooling_kernels.sliding(
        size, kernel_size, stride or kernel_size, around, dilation, ceil_mode, count_include_pad
    )


# The largest entries


def _max_rule(g: Node, y: Node, x: Node, kernel_size: Lengths, **options: Any) -> Node:
    rank = len(kernel_size)
    return put_at(g, max_pools_indices[rank - 1](x, kernel_size, **options), size=x.shape[-rank:])


@op_in_ranks(name="max_pool{rank}d", shape=_pooled_shape, gradients=[_max_rule], cost=_steps, examples=EXAMPLES)
def max_pools(
    layout: Layout,
    x: Array,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Padding = 0,
    dilation: Lengths = 1,
    ceil_mode: bool = False,
) -> Array:
    """The largest entry of every window.

    The gradient goes to that entry alone; of several that are the largest, to the first, row by row.

    x: (..., {sizes}), with any axes in front -> (..., {out}).
    kernel_size: the size of the window; one number stands for all axes.
    stride: how far it is from one window to the next; the window's size unless it is said, so that none overlap.
    padding: so many entries around that are never the largest; a number, one for each axis, a pair (before, behind)
    for each axis, or 'same'.
    dilation: the distance between neighbouring entries of the window.
    ceil_mode: whether a last window may reach over the end.
    Elsewhere: where entries tie, some courses give the gradient to all of them, or share it.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 9.3.
    Example: max_pool{rank}d(x, 2); x = {example}
    """
    size = x.shape[-layout.rank :]
    return pooling_kernels.largest(x, _windows(size, kernel_size, stride, padding, dilation, ceil_mode))


max_pool1d, max_pool2d, max_pool3d = max_pools


@op_in_ranks(name="max_pool{rank}d_indices", shape=_pooled_shape, gradients=[None], cost=_steps, examples=EXAMPLES)
def max_pools_indices(
    layout: Layout,
    x: Array,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Padding = 0,
    dilation: Lengths = 1,
    ceil_mode: bool = False,
) -> Array:
    """Where the entry stands that max_pool{rank}d takes from every window: its number, counted row by row from 0.

    Of several that are the largest, the first. Its derivative is 0.

    x: (..., {sizes}), with any axes in front -> (..., {out}); every image is counted on its own.
    kernel_size, stride, padding, dilation, ceil_mode: as in max_pool{rank}d.
    Elsewhere: PyTorch's ``return_indices=True`` gives the same numbers; ONNX counts through the whole batch.
    Source: Zeiler, Fergus, Visualizing and understanding convolutional networks (2014), section 2.1 (the switches).
    Example: max_pool{rank}d_indices(x, 2); x = {example}
    """
    size = x.shape[-layout.rank :]
    return pooling_kernels.place_of_largest(x, _windows(size, kernel_size, stride, padding, dilation, ceil_mode))


max_pool1d_indices, max_pool2d_indices, max_pool3d_indices = max_pools_indices


# Means


def _divisor(windows: tuple[pooling_kernels.Taps, ...], divisor_override: float | None) -> Any:
    return pooling_kernels.counts(windows) if divisor_override is None else divisor_override


def _mean_rule(g: Node, y: Node, x: Node, kernel_size: Lengths, **options: Any) -> Node:
    rank = len(kernel_size)
    return avg_pools_back[rank - 1](g, x.shape[-rank:], kernel_size, **options)


@op_in_ranks(name="avg_pool{rank}d", shape=_pooled_shape, gradients=[_mean_rule], cost=_steps, examples=EXAMPLES)
def avg_pools(
    layout: Layout,
    x: Array,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: float | None = None,
    dilation: Lengths = 1,
) -> Array:
    """The mean of every window.

    x: (..., {sizes}), with any axes in front -> (..., {out}).
    kernel_size: the size of the window; one number stands for all axes.
    stride: how far it is from one window to the next; the window's size unless it is said, so that none overlap.
    padding: so many zeros around; a number, one for each axis, a pair (before, behind) for each axis, or 'same'.
    ceil_mode: whether a last window may reach over the end; what lies behind the padding does not count.
    count_include_pad: whether zeros of the padding count as entries, or the mean is over the image's entries alone.
    divisor_override: divide the sum by this number instead of the number of entries.
    dilation: the distance between neighbouring entries of the window.
    Elsewhere: TensorFlow and Keras never count the padding; LeNet's sub-sampling has a weight and a bias besides.
    Source: LeCun, Bottou, Bengio, Haffner, Gradient-based learning applied to document recognition (1998), section
    II.B.
    Example: avg_pool{rank}d(x, 2); x = {example}
    """
    size = x.shape[-layout.rank :]
    windows = _windows(size, kernel_size, stride, padding, dilation, ceil_mode, count_include_pad)
    mean: Array = pooling_kernels.weighed(x, windows) / _divisor(windows, divisor_override)
    return mean


avg_pool1d, avg_pool2d, avg_pool3d = avg_pools


def _spread_shape(layout: Layout, g: Shape, size: Lengths, **options: Any) -> Shape:
    check_windows(size=size)
    check_rank("g", g, layout)
    x = (*g[: -layout.rank], *size)
    pooled = _pooled_shape(layout, x, **options)
    if pooled != g:
        raise Misfit(f"{{g}} is {spell_shape(g)}, but windows over {spell_shape(size)} give {spell_shape(pooled)}")
    return x


@op_in_ranks(
    name="avg_pool{rank}d_back",
    shape=_spread_shape,
    gradients=[lambda h, y, g, size, **options: avg_pools[len(size) - 1](h, **options)],
    cost=lambda result, g, size, kernel_size, **options: _steps(result, g, kernel_size),
    examples=BACK_EXAMPLES,
    internal=True,
)
def avg_pools_back(
    layout: Layout,
    g: Array,
    size: Lengths,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: float | None = None,
    dilation: Lengths = 1,
) -> Array:
    """What comes back through avg_pool{rank}d: every entry of a window gets its share of what arrives there.

    g: (..., {out}), what arrives at the means -> (..., {sizes}).
    size: the size ({sizes}) of the images.
    kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override, dilation: as in avg_pool{rank}d.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.5.2: a sum's gradient goes to each term.
    Example: avg_pool{rank}d_back(g, {example}
    """
    windows = _windows(size, kernel_size, stride, padding, dilation, ceil_mode, count_include_pad)
    return pooling_kernels.weighed_back(g / _divisor(windows, divisor_override), windows)


avg_pool1d_back, avg_pool2d_back, avg_pool3d_back = avg_pools_back


@composite_in_ranks(name="lp_pool{rank}d", examples=EXAMPLES)
def lp_pools(
    layout: Layout,
    x: Node,
    norm_type: float,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    ceil_mode: bool = False,
    padding: Padding = 0,
    dilation: Lengths = 1,
) -> Node:
    """The p-norm of every window, ``sum(abs(x)**p) ** (1/p)``.

    With p = 1 it is the sum of the sizes; the larger p, the nearer it is to max pooling. The gradient is 0 where a
    window holds zeros alone.

    x: (..., {sizes}), with any axes in front -> (..., {out}).
    norm_type: p, positive.
    kernel_size, stride, ceil_mode, padding, dilation: as in avg_pool{rank}d.
    Elsewhere: PyTorch does not take the size of x for an odd p, gives NaN as the gradient of a window of zeros,
    and in ceil_mode scales the sum of a window that reaches over the end up to a whole one.
    Source: Sermanet, Chintala, LeCun, Convolutional neural networks applied to house numbers digit classification
    (2012), section 2.2.
    Example: lp_pool{rank}d(x, 2, 2); x = {example}
    """
    require_positive(norm_type=norm_type)
    powers = abs(x) if norm_type == 1 else abs(x) ** norm_type
    total = avg_pools[layout.rank - 1](
        powers, kernel_size, stride, padding, ceil_mode, divisor_override=1, dilation=dilation
    )
    if norm_type == 1:
        return total
    return where(total > 0, where(total > 0, total, 1) ** (1 / norm_type), 0)


lp_pool1d, lp_pool2d, lp_pool3d = lp_pools
