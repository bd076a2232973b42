"""Pooling to a size that is given, or to a single number for each channel."""

from __future__ import annotations

from hwcheck.graph.node import Array, Node, Shape
from hwcheck.graph.options import Lengths
from hwcheck.ops import pooling_kernels
from hwcheck.ops.arrays import reshape
from hwcheck.ops.reductions import mean
from hwcheck.ops.resampling import resample
from hwcheck.ops.unpooling import put_at
from hwcheck.ops.windows import Layout, check_rank, check_windows, composite_in_ranks, op_in_ranks

EXAMPLES = ("[1, 3, 2, 5, 4]", "[[1, 3, 2], [5, 4, 9]]", "[[[1, 3, 2]], [[5, 4, 9]]]")
ONE_IMAGE = ("[[1, 3, 2]]", "[[[1, 3], [2, 4]]]", "[[[[1, 3], [2, 4]]]]")


def _adaptive_shape(layout: Layout, x: Shape, output_size: Lengths) -> Shape:
    check_rank("x", x, layout)
    check_windows(output_size=output_size)
    return (*x[: -layout.rank], *output_size)


@composite_in_ranks(name="adaptive_avg_pool{rank}d", examples=EXAMPLES)
def adaptive_avg_pools(layout: Layout, x: Node, output_size: Lengths) -> Node:
    """The means of windows that part the image as evenly as it goes, so many for each axis.

    Window i of m over n entries begins at ``floor(i * n / m)`` and ends before ``ceil((i + 1) * n / m)``: where m
    does not divide n, neighbours overlap by an entry.

    x: (..., {sizes}), with any axes in front -> (..., {out}).
    output_size: the size of the result; one number stands for all axes.
    Source: He, Zhang, Ren, Sun, Spatial pyramid pooling in deep convolutional networks (2015), section 2.2.
    Example: adaptive_avg_pool{rank}d(x, 1); x = {example}
    """
    _adaptive_shape(layout, x.shape, output_size)
    return resample(x, output_size, mode="area")


adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d = adaptive_avg_pools


def _adaptive_max_rule(g: Node, y: Node, x: Node, output_size: Lengths) -> Node:
    rank = len(output_size)
    return put_at(g, adaptive_max_pools_indices[rank - 1](x, output_size), size=x.shape[-rank:])


@op_in_ranks(name="adaptive_max_pool{rank}d", shape=_adaptive_shape, gradients=[_adaptive_max_rule], examples=EXAMPLES)
def adaptive_max_pools(layout: Layout, x: Array, output_size: Lengths) -> Array:
    """The largest entries of windows that part the image as evenly as it goes, so many for each axis.

    The windows are those of adaptive_avg_pool{rank}d. The gradient goes to the first of the largest entries.

    x: (..., {sizes}), with any axes in front -> (..., {out}).
    output_size: the size of the result; one number stands for all axes.
    Source: He, Zhang, Ren, Sun, Spatial pyramid pooling in deep convolutional networks (2015), section 2.2.
    Example: adaptive_max_pool{rank}d(x, 1); x = {example}
    """
    return pooling_kernels.largest(x, pooling_kernels.adaptive(x.shape[-layout.rank :], output_size))


adaptive_max_pool1d, adaptive_max_pool2d, adaptive_max_pool3d = adaptive_max_pools


@op_in_ranks(name="adaptive_max_pool{rank}d_indices", shape=_adaptive_shape, gradients=[None], examples=EXAMPLES)
def adaptive_max_pools_indices(layout: Layout, x: Array, output_size: Lengths) -> Array:
    """Where the entry stands that adaptive_max_pool{rank}d takes: its number, counted row by row from 0.

    x: (..., {sizes}), with any axes in front -> (..., {out}); every image is counted on its own.
    output_size: the size of the result; one number stands for all axes.
    Source: Zeiler, Fergus, Visualizing and understanding convolutional networks (2014), section 2.1 (the switches).
    Example: adaptive_max_pool{rank}d_indices(x, 1); x = {example}
    """
    return pooling_kernels.place_of_largest(x, pooling_kernels.adaptive(x.shape[-layout.rank :], output_size))


adaptive_max_pool1d_indices, adaptive_max_pool2d_indices, adaptive_max_pool3d_indices = adaptive_max_pools_indices


@composite_in_ranks(name="global_avg_pool{rank}d", examples=ONE_IMAGE)
def global_avg_pools(layout: Layout, x: Node, keepdims: bool = False) -> Node:
    """The mean of every channel.

    x: (..., C, {sizes}) -> (..., C).
    keepdims: whether the axes that are averaged over stay, with length 1.
    Elsewhere: PyTorch writes ``adaptive_avg_pool{rank}d(x, 1)``, which keeps the axes; Keras does not.
    Source: Lin, Chen, Yan, Network in network (2014), section 3.2.
    Example: global_avg_pool{rank}d(x); x = {example}
    """
    check_rank("x", x.shape, layout)
    return mean(x, axis=list(range(-layout.rank, 0)), keepdims=keepdims)


global_avg_pool1d, global_avg_pool2d, global_avg_pool3d = global_avg_pools


@composite_in_ranks(name="global_max_pool{rank}d", examples=ONE_IMAGE)
def global_max_pools(layout: Layout, x: Node, keepdims: bool = False) -> Node:
    """The largest entry of every channel; the gradient goes to the first of those that are the largest.

    x: (..., C, {sizes}) -> (..., C).
    keepdims: whether the axes that are pooled stay, with length 1.
    Elsewhere: PyTorch writes ``adaptive_max_pool{rank}d(x, 1)``, which keeps the axes; Keras does not.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 9.3.
    Example: global_max_pool{rank}d(x); x = {example}
    """
    check_rank("x", x.shape, layout)
    largest = adaptive_max_pools[layout.rank - 1](x, 1)
    return largest if keepdims else reshape(largest, x.shape[: -layout.rank])


global_max_pool1d, global_max_pool2d, global_max_pool3d = global_max_pools
