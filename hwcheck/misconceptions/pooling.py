"""Pooling done wrong: what is taken from each window, and where its gradient goes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hwcheck.graph.differentiate import Share
from hwcheck.graph.node import OPERATORS, Call, Constant, Node
from hwcheck.graph.op import Misfit
from hwcheck.misconceptions.anew import anew, cropped
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.ops.arithmetic import where
from hwcheck.ops.pooling import avg_pools, avg_pools_back, max_pools, max_pools_indices
from hwcheck.ops.unpooling import put_at

MAX = ("max_pool1d", "max_pool2d", "max_pool3d")
AVERAGE = ("avg_pool1d", "avg_pool2d", "avg_pool3d")


def _rank(call: Call) -> int:
    return len(call.options["kernel_size"])


def _windows(call: Call) -> dict[str, object]:
    """The options that say where the windows lie."""
    return {name: call.options[name] for name in ("kernel_size", "stride", "padding", "dilation", "ceil_mode")}


@misconception(of="value", ops=MAX)
def average_for_the_largest(call: Call, place: Place) -> Iterator[Instead]:
    """The mean of each window is taken in place of its largest entry.

    Why it is wrong: max pooling keeps one entry of each window, the largest.
    How to see it: every entry of the result must be an entry of the input.
    """
    yield Instead(avg_pools[_rank(call) - 1](*call.inputs, **_windows(call)))


@misconception(of="value", ops=MAX)
def smallest_for_the_largest(call: Call, place: Place) -> Iterator[Instead]:
    """The smallest entry of each window is taken in place of the largest, or that of the largest size.

    Why it is wrong: max pooling keeps the largest entry; of negative entries it is the one nearest to 0.
    How to see it: no entry of a window may be larger than what was taken from it.
    """
    (x,) = call.inputs
    least = -anew(call, x=-x)
    yield Instead(least, "the smallest")
    yield Instead(where(call >= -least, call, least), "that of the largest size")


@misconception(of="value", ops=AVERAGE)
def largest_for_the_average(call: Call, place: Place) -> Iterator[Instead]:
    """The largest entry of each window is taken in place of its mean.

    Why it is wrong: average pooling adds all entries of a window and divides by how many there are.
    How to see it: all entries of a window must have a share in the result.
    """
    yield Instead(max_pools[_rank(call) - 1](*call.inputs, **_windows(call)))


@misconception(of="value", ops=AVERAGE)
def window_divided_wrongly(call: Call, place: Place) -> Iterator[Instead]:
    """The sum of each window is not divided by the number of its entries.

    Why it is wrong: a mean is the sum divided by how many entries there are; a window of 2 by 2 has 4.
    How to see it: the mean of a window of equal entries must be that entry.
    """
    size = call.options["kernel_size"]
    if call.options["divisor_override"] is None and max(size) > 1:
        yield Instead(anew(call, divisor_override=1), "not divided at all")
        for side in sorted({side for side in size if 1 < side < np.prod(size)}):
            yield Instead(anew(call, divisor_override=side), f"divided by {side}")


@misconception(of="value", ops=AVERAGE)
def padding_counted_wrongly(call: Call, place: Place) -> Iterator[Instead]:
    """The zeros of the padding are counted as entries of the window where they are not, or the reverse.

    Why it is wrong: what the sum of a window at the edge is divided by must be as the problem says.
    How to see it: at the edge of an image of ones a mean without the padding is 1.
    """
    yield Instead(anew(call, count_include_pad=not call.options["count_include_pad"]))


@misconception(of="value", ops=MAX + AVERAGE)
def windows_one_apart(call: Call, place: Place) -> Iterator[Instead]:
    """The windows begin one entry apart, so that they overlap: the stride of the pooling is not applied.

    Why it is wrong: unless something else is said, windows lie side by side: the stride is the window's size.
    How to see it: no entry of the input belongs to two windows that lie side by side.
    """
    if max(call.options["stride"] or call.options["kernel_size"]) > 1:
        yield Instead(cropped(anew(call, stride=1), call.shape))


def _places(share: Share, ranked: Node) -> Node:
    """Where the largest entry of each window stands, by other numbers than those that were pooled."""
    call = share.call
    return max_pools_indices[_rank(call) - 1](ranked, **_windows(call))


def _sent_to(share: Share, ranked: Node) -> Node:
    size = share.input.shape[-_rank(share.call) :]
    return put_at(share.g, _places(share, ranked), size=size)


def _in_order(share: Share) -> Node:
    """Numbers that grow from entry to entry, row by row."""
    shape = share.input.shape
    return Constant(np.arange(share.input.size, dtype=np.float64).reshape(shape))


def _spread(share: Share, g: Node, **options: object) -> Node:
    size = share.input.shape[-_rank(share.call) :]
    return avg_pools_back[_rank(share.call) - 1](g, size, **_windows(share.call), **options)


@misconception(of="gradient", ops=MAX)
def gradient_spread_over_the_window(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient goes back to all entries of the window, where only the largest may get it.

    Why it is wrong: the other entries of the window have no effect on the result, so their derivative is 0.
    How to see it: each window of the gradient must have one entry that is not 0.
    """
    yield Instead(_spread(share, share.g), "shared out evenly")
    yield Instead(_spread(share, share.g, divisor_override=1), "the whole to each")


@misconception(of="gradient", ops=MAX)
def gradient_to_the_wrong_entry(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient goes back to another entry of the window than the largest.

    Why it is wrong: only the entry that was taken has an effect on the result.
    How to see it: mark the largest entry of each window before the way back.
    """
    order = _in_order(share)
    yield Instead(_sent_to(share, -order), "to the first")
    yield Instead(_sent_to(share, order), "to the last")
    yield Instead(_sent_to(share, -share.input), "to the smallest")


@misconception(of="gradient", ops=MAX)
def gradient_to_each_of_the_largest(share: Share, place: Place) -> Iterator[Instead]:
    """Of several entries that are equally large, each gets the gradient, or a later one does.

    Why it is wrong: here a tie is broken: the first of the largest entries, row by row, gets all of the gradient.
    How to see it: each window of the gradient must have one entry that is not 0.
    """
    call, x = share.call, share.input
    size = call.options["kernel_size"]
    if (call.options["stride"] or size) != size:
        raise Misfit("windows overlap: an entry may be the largest of one and not of another")
    mask = OPERATORS["=="](x, _spread(share, share.y, divisor_override=1))
    every = _spread(share, share.g, divisor_override=1) * mask
    yield Instead(every, "the whole to each")
    count = avg_pools[_rank(call) - 1](mask, **_windows(call), divisor_override=1)
    yield Instead(_spread(share, share.g / count, divisor_override=1) * mask, "shared out among them")


@misconception(of="gradient", ops=AVERAGE)
def gradient_of_the_average_not_divided(share: Share, place: Place) -> Iterator[Instead]:
    """Every entry of the window gets the whole gradient; it is not divided by the number of entries.

    Why it is wrong: each entry has a share of 1 / n in the mean, so its derivative is 1 / n.
    How to see it: what comes back to a window must add up to what arrived at it.
    """
    if share.call.options["divisor_override"] is None:
        yield Instead(_spread(share, share.g, divisor_override=1))


@misconception(of="gradient", ops=AVERAGE)
def gradient_of_the_average_to_one_entry(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient of average pooling goes back to one entry of the window alone.

    Why it is wrong: all entries of a window have an equal share in the mean.
    How to see it: all entries of a window must have the same gradient.
    """
    yield Instead(_sent_to(share, share.input), "to the largest")
    yield Instead(_sent_to(share, -_in_order(share)), "to the first")
