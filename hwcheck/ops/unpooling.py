"""Max pooling undone: numbers put back at their places, which are counted row by row."""

from __future__ import annotations

from typing import cast

from hwcheck.graph.node import Array, Labels, Node, Shape
from hwcheck.graph.op import Misfit, op
from hwcheck.graph.options import Ints, Lengths, product, spell_shape
from hwcheck.ops import pooling_kernels
from hwcheck.ops.labels import places_outside
from hwcheck.ops.windows import Layout, check_rank, check_windows, composite_in_ranks

EXAMPLES = (
    "x = [3, 5]; indices = [1, 3]",
    "x = [[4, 9]]; indices = [[4, 6]]",
    "x = [[[9]]]; indices = [[[6]]]",
)


def _put_shape(x: Shape, places: Shape, size: Ints) -> Shape:
    check_windows(size=size)
    if x != places:
        raise Misfit(f"{{x}} is {spell_shape(x)}, but {{places}} is {spell_shape(places)}: each number needs its place")
    if len(size) > len(x):
        raise Misfit(f"size has {len(size)} axes, but {{x}} has {len(x)}")
    return (*x[: len(x) - len(size)], *size)


def _put_rule(g: Node, y: Node, x: Node, places: Node, size: Ints) -> Node:
    return take_at(g, places, axes=len(size))


@op(
    shape=_put_shape,
    gradients=[_put_rule, None],
    domain=lambda x, places, size: places_outside("places", places, product(size), "the places are"),
    internal=True,
)
def put_at(x: Array, places: Labels, size: Ints) -> Array:
    """Numbers put into arrays of zeros, each at its place: what comes back through max pooling.

    Numbers that meet at a place are added up.

    x: (..., H', W'), with as many last axes as size -> (..., H, W).
    places: one for each number, counted row by row from 0, each array on its own.
    size: (H, W), the size of the arrays that are filled.
    Source: Zeiler, Fergus, Visualizing and understanding convolutional networks (2014), section 2.1.
    Example: put_at(x, places, [4]); x = [5, 7]; places = [2, 0]
    """
    return pooling_kernels.put_at(x, cast("Array", places), size)


def _taken_shape(x: Shape, places: Shape, axes: int) -> Shape:
    if not 1 <= axes <= len(x):
        raise Misfit(f"axes must be from 1 to the {len(x)} of {{x}}, not {axes}")
    if len(places) != len(x) or places[:-axes] != x[:-axes]:
        raise Misfit(
            f"{{places}} ({spell_shape(places)}) must differ from {{x}} ({spell_shape(x)}) in the last {axes} axes only"
        )
    return places


@op(
    shape=_taken_shape,
    gradients=[lambda g, y, x, places, axes: put_at(g, places, size=x.shape[-axes:]), None],
    domain=lambda x, places, axes: places_outside("places", places, product(x.shape[-axes:]), "the places are"),
    internal=True,
)
def take_at(x: Array, places: Labels, axes: int) -> Array:
    """The numbers that stand at places of the last axes; with max pooling's places, the largest of every window.

    x: (..., H, W).
    places: (..., H', W') -> the same; counted row by row from 0, each array on its own.
    axes: how many last axes are counted through.
    Elsewhere: with ``axes=1`` it is NumPy's ``take_along_axis`` and PyTorch's ``gather`` along the last axis.
    Source: Zeiler, Fergus, Visualizing and understanding convolutional networks (2014), section 2.1.
    Example: take_at(x, places, 2); x = [[1, 3], [2, 5]]; places = [[3, 0]]
    """
    return pooling_kernels.taken_at(x, cast("Array", places), axes)


def _unpooled_length(name: str, places: int, width: int, step: int, zeros: int) -> int:
    whole = (places - 1) * step + width
    if whole <= 2 * zeros:
        raise Misfit(f"the result would have {whole - 2 * zeros} {name}: the padding takes {2 * zeros} of {whole}")
    return whole - 2 * zeros


@composite_in_ranks(name="max_unpool{rank}d", examples=EXAMPLES)
def max_unpools(
    layout: Layout,
    x: Node,
    indices: Labels,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Lengths = 0,
    output_size: Ints | None = None,
) -> Node:
    """The largest entries put back where they stood, zeros elsewhere: max pooling undone as far as it can be.

    x: (..., {out}), the largest entries -> (..., {sizes}).
    indices: where they stood, as max_pool{rank}d_indices gives them.
    kernel_size, stride, padding: those of the pooling; an axis of n becomes
    ``(n - 1) * stride - 2 * padding + kernel_size``.
    output_size: the size of the result, where it was another.
    Elsewhere: where windows overlap and two took the same entry, PyTorch keeps one number; here they are added up.
    Source: Zeiler, Fergus, Visualizing and understanding convolutional networks (2014), section 2.1.
    Example: max_unpool{rank}d(x, indices, 2); {example}
    """
    rank = layout.rank
    check_rank("x", x.shape, layout)
    check_windows(kernel_size=kernel_size, stride=stride or kernel_size)
    if min(padding) < 0:
        raise Misfit(f"padding must not be negative, but is {min(padding)}")
    if output_size is not None and len(output_size) != rank:
        raise Misfit(f"output_size must be {rank} sizes, not {list(output_size)}")
    size = output_size or tuple(
        map(_unpooled_length, layout.axes, x.shape[-rank:], kernel_size, stride or kernel_size, padding)
    )
    return put_at(x, indices, size=size)


max_unpool1d, max_unpool2d, max_unpool3d = max_unpools
