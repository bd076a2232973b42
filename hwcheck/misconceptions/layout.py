"""Arrays read in another order: by columns, from 1, the parts swapped."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from hwcheck.graph.differentiate import Share
from hwcheck.graph.node import Call, Node, Shape
from hwcheck.misconceptions.anew import (
    anew,
    beside,
    in_a_layer,
    inputs_of,
    is_op,
    part_along,
    reversed_along,
    with_axes_swapped,
)
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.misconceptions.way_back import again
from hwcheck.ops.arrays import getitem, reshape, transpose
from hwcheck.ops.axes import roll, tile
from hwcheck.ops.indexing import repeat

RESHAPING = ("flatten", "reshape")


def _common(a: Shape, b: Shape) -> int:
    """How many first axes two shapes of a reshape share, such as that of the batch."""
    count = 0
    while count < min(len(a), len(b)) - 1 and a[count] == b[count]:
        count += 1
    return count


def _by_columns(x: Node, shape: Shape) -> Node:
    """The same entries in another shape, both read with the first axis fastest; the axes they share stay."""
    batch = _common(x.shape, shape)
    order = [*range(batch), *reversed(range(batch, len(x.shape)))]
    backwards = (*shape[:batch], *reversed(shape[batch:]))
    order_back = [*range(batch), *reversed(range(batch, len(shape)))]
    return _in_order(reshape(_in_order(x, order), backwards), order_back)


def _channels_last(x: Node, shape: Shape) -> Node | None:
    """The entries of an image with its channels read last: of one that is flattened, or that is made from a row."""
    batch = _common(x.shape, shape)
    if len(x.shape) - batch == 3 and len(shape) - batch == 1:
        return reshape(transpose(x, axes=[*range(batch), batch + 1, batch + 2, batch]), shape)
    if len(shape) - batch == 3 and len(x.shape) - batch == 1:
        channels, rows, columns = shape[batch:]
        image = reshape(x, (*shape[:batch], rows, columns, channels))
        return transpose(image, axes=[*range(batch), batch + 2, batch, batch + 1])
    return None


def _in_the_image(x: Node, shape: Shape, change: Callable[[Node], Node]) -> Node:
    """A reshape of an image to a row with the image changed before, or of a row to an image changed behind it."""
    if len(x.shape) > len(shape):
        return reshape(reshape(change(x), x.shape), shape)
    return reshape(change(reshape(x, shape)), shape)


def _in_order(x: Node, order: list[int]) -> Node:
    return x if order == sorted(order) else transpose(x, axes=order)


def _moves(x: Shape, shape: Shape) -> bool:
    """Whether reading by columns is different from reading by rows."""
    batch = _common(x, shape)
    entries = np.arange(np.prod(x, dtype=int)).reshape(x)
    first = entries.reshape(-1, *x[batch:])[0]
    by_columns = first.reshape(shape[batch:], order="F")
    return not np.array_equal(by_columns, first.reshape(shape[batch:]))


def _reread(x: Node, shape: Shape) -> Iterator[Instead]:
    batch = _common(x.shape, shape)
    if min(len(x.shape), len(shape)) - batch != 1:
        return  # neither a row that is filled in nor one that is read out
    if _moves(x.shape, shape):
        yield Instead(_by_columns(x, shape), "column by column")
    batch_of = max(x.shape, shape, key=len)[batch:]
    if len(batch_of) == 3 and batch_of[0] > 1:
        if min(batch_of[1:]) > 1:
            yield Instead(_in_the_image(x, shape, lambda image: with_axes_swapped(image)), "each channel by columns")
        yield Instead(_in_the_image(x, shape, lambda image: reversed_along(image, batch)), "the channels reversed")
    last = _channels_last(x, shape)
    images = x.shape if len(x.shape) > len(shape) else shape
    if last is not None and images[batch] > 1 and images[batch + 1] * images[batch + 2] > 1:
        yield Instead(last, "the channels last")


@misconception(of="value", ops=RESHAPING)
def read_in_another_order(call: Call, place: Place) -> Iterator[Instead]:
    """The entries are read, or filled in, in another order than row by row.

    Why it is wrong: the last axis runs fastest: along the first row, then the second, and one channel after the other.
    How to see it: neighbours in the first row must stay neighbours.
    """
    if not in_a_layer(place, call):
        yield from _reread(call.inputs[0], call.shape)


@misconception(of="gradient", ops=RESHAPING)
def sent_back_in_another_order(share: Share, place: Place) -> Iterator[Instead]:
    """On the way back the gradient is put into the old shape in another order than row by row.

    Why it is wrong: the gradient of each entry goes back to where the entry came from.
    How to see it: number the entries on the way there, and put the gradients where the numbers were.
    """
    yield from _reread(share.g, share.input.shape)


@misconception(of="gradient", ops=["matmul", "multiply"])
def factor_read_in_another_order(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient of the weights is made with the entries of an image in another order than row by row.

    Why it is wrong: a weight belongs to the entry that it was multiplied by, so its gradient has that entry.
    How to see it: number the entries of the image, and write beside each weight which one it has met.
    """
    other = share.call.inputs[1 - share.position]
    if isinstance(other, Call) and is_op(other, *RESHAPING) and not in_a_layer(place, share.call):
        for wrong in _reread(other.inputs[0], other.shape):
            inputs = list(share.call.inputs)
            inputs[1 - share.position] = wrong.node
            names = dict(zip(share.call.names, inputs, strict=True))
            call = Call(share.call.op, names, share.call.options, share.call.shape)
            yield Instead(again(share._replace(call=call), share.g), wrong.detail)


@misconception(of="value", ops=["getitem"])
def index_counted_from_one(call: Call, place: Place) -> Iterator[Instead]:
    """The entry beside the one that is named is taken, because entries are counted from 1 in place of 0.

    Why it is wrong: here entries are counted from 0: entry 2 is the third.
    How to see it: write the number of each entry above it, beginning with 0.
    """
    (x,), index = call.inputs, call.options["index"]
    gates = bool(beside(place, call))  # the other parts are lines of their own, and the mistake has a name of its own
    for axis, at in enumerate(index):
        if isinstance(at, int) and not gates:
            here = at % x.shape[axis]
            for other, detail in ((here - 1, "the entry before"), (here + 1, "the entry behind")):
                if 0 <= other < x.shape[axis]:
                    yield Instead(getitem(x, (*index[:axis], other, *index[axis + 1 :])), detail)


@misconception(of="value", ops=["getitem"])
def other_half_taken(call: Call, place: Place) -> Iterator[Instead]:
    """The wrong half of the array is taken: the first for the second, or the second for the first.

    Why it is wrong: the halves stand in the order in which they were put together.
    How to see it: x[:n] are the first n entries, x[n:] those behind them.
    """
    (x,), index = call.inputs, call.options["index"]
    for axis, part in enumerate(() if in_a_layer(place, call) else index):
        if isinstance(part, slice):
            begin, end, step = part.indices(x.shape[axis])
            if step == 1 and 2 * (end - begin) == x.shape[axis] and begin in (0, end - begin):
                other = slice(end, x.shape[axis]) if begin == 0 else slice(0, begin)
                yield Instead(getitem(x, (*index[:axis], other, *index[axis + 1 :])))


@misconception(of="value", ops=["concatenate", "stack"])
def joined_in_the_wrong_order(call: Call, place: Place) -> Iterator[Instead]:
    """The arrays are put together in reverse order.

    Why it is wrong: what stands first in the list comes first in the result.
    How to see it: the first entries of the result must be those of the first array.
    """
    if len(set(call.inputs)) > 1 and not in_a_layer(place, call):
        yield Instead(call.op(list(reversed(call.inputs)), **call.options))


@misconception(of="gradient", ops=["concatenate", "stack"])
def parted_in_the_wrong_order(share: Share, place: Place) -> Iterator[Instead]:
    """On the way back the parts of the gradient go to the wrong arrays, in reverse order.

    Why it is wrong: what stands first in the list gets the first part of the gradient.
    How to see it: mark in the gradient which part came from which array.
    """
    call, axis = share.call, share.call.options["axis"]
    inputs, at = call.inputs, share.position
    if is_op(call, "stack"):
        place_of = len(inputs) - 1 - at
        index = [slice(None)] * (axis % len(call.shape))
        yield Instead(getitem(share.g, (*index, place_of)))
        return
    begin = sum(node.shape[axis] for node in inputs[at + 1 :])
    yield Instead(part_along(share.g, axis % len(call.shape), begin, begin + inputs[at].shape[axis]))


@misconception(of="value", ops=["pad"])
def border_on_the_wrong_side(call: Call, place: Place) -> Iterator[Instead]:
    """The border is put on the opposite side, or all of it on one side.

    Why it is wrong: the widths are those before and behind each axis, the last axis first: left, right, top, bottom.
    How to see it: count the entries of the border on each side.
    """
    widths = list(call.options["pad"])
    pairs = list(zip(widths[::2], widths[1::2], strict=True))
    for detail, others in {
        "the sides swapped": [(behind, before) for before, behind in pairs],
        "all of it behind": [(0, before + behind) for before, behind in pairs],
        "all of it before": [(before + behind, 0) for before, behind in pairs],
        "the axes swapped": list(reversed(pairs)),
    }.items():
        if others != pairs:
            yield Instead(anew(call, pad=[width for pair in others for width in pair]), detail)


@misconception(of="value", ops=["roll"])
def moved_the_wrong_way(call: Call, place: Place) -> Iterator[Instead]:
    """The entries are moved in the opposite direction.

    Why it is wrong: a positive shift moves entries towards the end.
    How to see it: with a shift of 1 the first entry becomes the second.
    """
    yield Instead(roll(inputs_of(call)["x"], -call.options["shift"], axis=call.options["axis"]))


@misconception(of="value", ops=["repeat", "tile"])
def whole_repeated_for_each_entry(call: Call, place: Place) -> Iterator[Instead]:
    """The whole array is repeated where each entry is to be, or the reverse.

    Why it is wrong: repeat writes each entry several times before the next one, tile writes the array several times.
    How to see it: look at the first two entries of the result.
    """
    (x,) = call.inputs
    if len(x.shape) != 1:
        return
    if is_op(call, "tile") and len(call.options["reps"]) == 1:
        yield Instead(repeat(x, call.options["reps"][0]))
    elif is_op(call, "repeat") and len(set(call.options["repeats"])) == 1:
        yield Instead(tile(x, call.options["repeats"][0]))
