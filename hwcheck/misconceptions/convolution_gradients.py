"""The way back through a convolution done wrong."""

from __future__ import annotations

from collections.abc import Iterator

from hwcheck.graph.differentiate import Share
from hwcheck.graph.node import Call, Node
from hwcheck.graph.rewrite import replaced
from hwcheck.misconceptions.anew import anew, calls_in, cropped, inputs_of, is_op, part_along, reversed_along
from hwcheck.misconceptions.convolution import CONVOLUTIONS, TRANSPOSED
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.ops.assembly import pad
from hwcheck.ops.axes import flip
from hwcheck.ops.convolution import conv_weights
from hwcheck.ops.windows import sides, widths_of

BACK = CONVOLUTIONS + TRANSPOSED
WEIGHTS = ("conv1d_weight", "conv2d_weight", "conv3d_weight")
X, WEIGHT = 0, 1  # the positions of a convolution's inputs


def _rank(share: Share) -> int:
    return len(share.call.inputs[WEIGHT].shape) - 2


def _changed(share: Share, call: Call, node: Node) -> Node:
    """The share with the convolution in it replaced."""
    return replaced(share.node, {call: node})


def _convolutions(share: Share, position: int) -> list[Call]:
    """The convolution that makes a share of x, or of the weight."""
    ops = WEIGHTS if position == WEIGHT else BACK
    made = calls_in(share.node, ops) if share.position == position else []
    return [call for call in made if share.g in call.inputs][-1:]


@misconception(of="gradient", ops=BACK)
def kernel_not_turned_on_the_way_back(share: Share, place: Place) -> Iterator[Instead]:
    """On the way back through the convolution the kernel is laid on as it is, where it must be turned round.

    Why it is wrong: an entry of the image met the first entry of the kernel in one window and the last in another, so
    what comes back is a convolution with the kernel turned by half a turn.
    How to see it: send a gradient of a single 1 back: a copy of the kernel must come out as it is written.
    """
    for call in _convolutions(share, X):
        yield Instead(_changed(share, call, anew(call, flip=not call.options["flip"])))


@misconception(of="gradient", ops=BACK)
def weight_gradient_turned_round(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient of the kernel comes out turned round, or the image is turned round before it.

    Why it is wrong: the gradient of a kernel's entry is the sum over all windows of what arrives there times the entry
    of the image under it: an ordinary sliding product, with nothing turned.
    How to see it: the upper left entry of the gradient uses the upper left entry of each window.
    """
    for call in _convolutions(share, WEIGHT):
        axes = tuple(range(-_rank(share), 0))
        yield Instead(_changed(share, call, flip(call, axis=axes)), "the result is turned")
        yield Instead(_changed(share, call, anew(call, x=flip(inputs_of(call)["x"], axis=axes))), "the image is turned")


@misconception(of="gradient", ops=CONVOLUTIONS)
def weight_gradient_from_one_window(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient of the kernel is taken from a single window, where all windows must be added up.

    Why it is wrong: the same kernel is used at every place, so each place has a share in its gradient.
    How to see it: count the products in one entry: as many as the result of the convolution has places.
    """
    for call in _convolutions(share, WEIGHT):
        given, rank, options = inputs_of(call), _rank(share), dict(call.options)
        size, dilation, stride = options["size"], options["dilation"], options["stride"]
        around = sides(options["padding"], size, dilation)
        x = pad(given["x"], widths_of(around)) if any(map(sum, around)) else given["x"]
        g = given["g"]
        places = g.shape[-rank:]
        if max(places) == 1:
            continue
        for detail, last in (("the first", False), ("the last", True)):
            window, lone = x, g
            for i in range(rank):
                at = places[i] - 1 if last else 0
                axis_x, axis_g = len(x.shape) - rank + i, len(g.shape) - rank + i
                begin = at * stride[i]
                window = part_along(window, axis_x, begin, begin + dilation[i] * (size[i] - 1) + 1)
                lone = part_along(lone, axis_g, at, at + 1)
            only = conv_weights[rank - 1](window, lone, **{**options, "padding": 0, "stride": 1})
            yield Instead(_changed(share, call, only), detail)


@misconception(of="gradient", ops=CONVOLUTIONS)
def weight_gradient_without_the_stride(share: Share, place: Place) -> Iterator[Instead]:
    """The stride is forgotten in the gradient of the kernel: neighbouring windows are taken one entry apart.

    Why it is wrong: what arrives at entry p of the result belongs to the window that begins at p times the stride.
    How to see it: mark on the image the window of the second entry of the result.
    """
    for call in _convolutions(share, WEIGHT):
        given, rank, options = inputs_of(call), _rank(share), dict(call.options)
        if max(options["stride"]) == 1:
            continue
        around = sides(options["padding"], options["size"], options["dilation"])
        x = pad(given["x"], widths_of(around)) if any(map(sum, around)) else given["x"]
        spans = [
            places + gap * (taps - 1)
            for places, taps, gap in zip(given["g"].shape[-rank:], options["size"], options["dilation"], strict=True)
        ]
        near = cropped(x, (*x.shape[:-rank], *spans))
        node = conv_weights[rank - 1](near, given["g"], **{**options, "padding": 0, "stride": 1})
        yield Instead(_changed(share, call, node))


@misconception(of="gradient", ops=CONVOLUTIONS)
def gradient_from_one_filter(share: Share, place: Place) -> Iterator[Instead]:
    """Only one filter sends its gradient back to the image; the sum over the filters is left out.

    Why it is wrong: every filter has seen the image, so what comes back is the sum over all of them.
    How to see it: count the products in one entry in the middle: those of one kernel, for each filter.
    """
    for call in _convolutions(share, X):
        weight, rank = inputs_of(call)["weight"], _rank(share)
        filters = weight.shape[0]
        if filters < 2 or call.options["groups"] != 1 or not is_op(call, *TRANSPOSED):
            continue
        axis = len(share.g.shape) - rank - 1
        for i in range(filters):
            lone = anew(call, x=part_along(share.g, axis, i, i + 1), weight=part_along(weight, 0, i, i + 1))
            yield Instead(_changed(share, call, lone), f"filter {i} alone")


@misconception(of="gradient", ops=CONVOLUTIONS)
def border_not_cut_on_the_way_back(share: Share, place: Place) -> Iterator[Instead]:
    """On the way back the border that the padding had added is not cut away from the right sides.

    Why it is wrong: the entries of the border are no entries of the image; their gradient is dropped on all sides.
    How to see it: the gradient in the padded image is larger by the padding on each side.
    """
    for call in _convolutions(share, X):
        if is_op(call, *TRANSPOSED):
            around = sides(call.options["padding"], inputs_of(call)["weight"].shape[2:], call.options["dilation"])
            if any(before for before, _ in around):
                yield Instead(_changed(share, call, cropped(anew(call, padding=0), call.shape)))


@misconception(of="gradient", ops=CONVOLUTIONS)
def kernels_swapped_on_the_way_back(share: Share, place: Place) -> Iterator[Instead]:
    """On the way back the filters, or their channels, are taken in another order than on the way there.

    Why it is wrong: what arrives at a channel of the result goes back through the filter that made this channel.
    How to see it: write down for each kernel which channel of the result it belongs to.
    """
    for call in _convolutions(share, X):
        weight = inputs_of(call)["weight"]
        if weight.shape[0] > 1:
            yield Instead(_changed(share, call, anew(call, weight=reversed_along(weight, 0))))
        if weight.shape[1] > 1:
            yield Instead(_changed(share, call, anew(call, weight=reversed_along(weight, 1))), "the channels")
    for call in _convolutions(share, WEIGHT):
        if call.shape[0] > 1:
            yield Instead(_changed(share, call, reversed_along(call, 0)), "of the gradient")
        if call.shape[1] > 1:
            yield Instead(_changed(share, call, reversed_along(call, 1)), "the channels of the gradient")
