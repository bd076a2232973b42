"""Convolutions done wrong: the kernel, the channels, and where the windows lie."""

from __future__ import annotations

from collections.abc import Iterator

from hwcheck.graph.node import Call, Node
from hwcheck.misconceptions.anew import anew, cropped, inputs_of, is_op, part_along, reversed_along, with_axes_swapped
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.ops.assembly import concatenate, pad
from hwcheck.ops.axes import flip, swapaxes
from hwcheck.ops.windows import sides, widths_of

CONVOLUTIONS = ("conv1d", "conv2d", "conv3d")
TRANSPOSED = ("conv_transpose1d", "conv_transpose2d", "conv_transpose3d")
MODES = {
    "zeros": "zeros",
    "reflect": "the image mirrored",
    "replicate": "its edge repeated",
    "circular": "its other side",
}


def _weight(call: Call) -> Node:
    return inputs_of(call)["weight"]


def _rank(call: Call) -> int:
    return len(_weight(call).shape) - 2


def _around(call: Call) -> tuple[tuple[int, int], ...]:
    """How wide the border is before and behind, along each axis."""
    return sides(call.options["padding"], _weight(call).shape[2:], call.options["dilation"])


@misconception(of="value", ops=CONVOLUTIONS + TRANSPOSED)
def kernel_flipped(call: Call, place: Place) -> Iterator[Instead]:
    """The kernel is flipped before it is laid on the image.

    Why it is wrong: what deep learning calls a convolution lays the kernel on the image as it is written; the flipped
    kernel is that of the convolution of mathematics.
    How to see it: the upper left entry of the kernel must meet the upper left entry of each window.
    """
    if not call.options["flip"]:
        yield Instead(anew(call, flip=True))
        if _rank(call) == 2:
            yield Instead(anew(call, weight=flip(_weight(call), axis=-1)), "left to right only")
            yield Instead(anew(call, weight=flip(_weight(call), axis=-2)), "upside down only")


@misconception(of="value", ops=CONVOLUTIONS + TRANSPOSED)
def kernel_not_flipped(call: Call, place: Place) -> Iterator[Instead]:
    """The kernel is laid on the image as it is written, though a convolution with a flipped kernel is asked for.

    Why it is wrong: here the convolution is that of mathematics, which turns the kernel round before it slides.
    How to see it: the lower right entry of the kernel must meet the upper left entry of each window.
    """
    if call.options["flip"]:
        yield Instead(anew(call, flip=False))


@misconception(of="value", ops=CONVOLUTIONS + TRANSPOSED)
def kernel_transposed(call: Call, place: Place) -> Iterator[Instead]:
    """The rows of the kernel are taken for its columns.

    Why it is wrong: the rows of the kernel lie along the rows of the image.
    How to see it: the first row of the kernel must meet the first row of each window.
    """
    if _rank(call) >= 2:
        yield Instead(anew(call, weight=with_axes_swapped(_weight(call))))


@misconception(of="value", ops=CONVOLUTIONS)
def one_channel_only(call: Call, place: Place) -> Iterator[Instead]:
    """Only one of the channels goes into the convolution; the sum over the channels is left out.

    Why it is wrong: a filter has a kernel for each channel of its input, and adds up what all of them give.
    How to see it: count the products in one entry of the result: as many as the kernel has entries, for each channel.
    """
    weight, x = _weight(call), inputs_of(call)["x"]
    channels = weight.shape[1]
    if channels < 2 or call.options["groups"] != 1:
        return
    axis = len(x.shape) - _rank(call) - 1
    for i in range(channels):
        lone = anew(call, x=part_along(x, axis, i, i + 1), weight=part_along(weight, 1, i, i + 1))
        yield Instead(lone, f"channel {i} alone")


@misconception(of="value", ops=CONVOLUTIONS)
def one_kernel_for_all_channels(call: Call, place: Place) -> Iterator[Instead]:
    """All channels of the input are met by the kernel of one channel.

    Why it is wrong: a filter has a kernel of its own for each channel of its input.
    How to see it: the weight has an axis for the channels that come in; each entry along it is one kernel.
    """
    weight = _weight(call)
    channels = weight.shape[1]
    if channels > 1:
        for i in range(channels):
            kernel = part_along(weight, 1, i, i + 1)
            yield Instead(anew(call, weight=_repeated(kernel, 1, channels)), f"that of channel {i}")


def _repeated(node: Node, axis: int, times: int) -> Node:
    return concatenate([node] * times, axis=axis)


@misconception(of="value", ops=CONVOLUTIONS + TRANSPOSED)
def kernels_swapped(call: Call, place: Place) -> Iterator[Instead]:
    """The kernels are taken in another order than that of the channels or of the filters.

    Why it is wrong: the first axis of the weight has the filters, the second the channels that come in (the other way
    round for a transposed convolution), each in the order in which they are numbered.
    How to see it: write down for each kernel which channel it meets, and which channel of the result it adds to.
    """
    weight = _weight(call)
    coming, going = (1, 0) if is_op(call, *CONVOLUTIONS) else (0, 1)
    if weight.shape[coming] > 1:
        yield Instead(anew(call, weight=reversed_along(weight, coming)), "the channels that come in, reversed")
    if weight.shape[going] > 1:
        yield Instead(anew(call, weight=reversed_along(weight, going)), "the filters, reversed")
    if weight.shape[0] == weight.shape[1] > 1:
        yield Instead(anew(call, weight=swapaxes(weight, 0, 1)), "filters taken for channels")


@misconception(of="value", ops=CONVOLUTIONS)
def border_of_the_result_left_at_zero(call: Call, place: Place) -> Iterator[Instead]:
    """The image is not padded; zeros are put around the result to give it the right size.

    Why it is wrong: the padding goes around the image, so that windows at the edge see part of it.
    How to see it: an entry at the edge of the result must be a sum of products with the image's edge.
    """
    around = _around(call)
    if any(map(sum, around)) and all(step == 1 for step in call.options["stride"]):
        inner = anew(call, padding=0)
        if call.options["padding_mode"] == "zeros":
            yield Instead(pad(inner, widths_of(around)))


@misconception(of="value", ops=CONVOLUTIONS)
def padding_on_one_side(call: Call, place: Place) -> Iterator[Instead]:
    """All of the padding is put on one side of the image, or its two sides are taken for one another.

    Why it is wrong: a padding of p puts p entries before the image and p behind it.
    How to see it: the first window must begin p entries before the image.
    """
    around = _around(call)
    for detail, others in {
        "all of it behind": tuple((0, before + behind) for before, behind in around),
        "all of it before": tuple((before + behind, 0) for before, behind in around),
        "the sides swapped": tuple((behind, before) for before, behind in around),
    }.items():
        if others != around:
            yield Instead(anew(call, padding=others), detail)


@misconception(of="value", ops=CONVOLUTIONS)
def border_of_other_values(call: Call, place: Place) -> Iterator[Instead]:
    """The border around the image holds other values than it should.

    Why it is wrong: unless something else is said, the padding is zeros.
    How to see it: work the upper left entry of the result, and look at what the window sees outside the image.
    """
    if any(map(sum, _around(call))):
        for mode, words in MODES.items():
            if mode != call.options["padding_mode"]:
                yield Instead(anew(call, padding_mode=mode), words)


@misconception(of="value", ops=CONVOLUTIONS)
def stride_ignored(call: Call, place: Place) -> Iterator[Instead]:
    """The window moves by one entry each time: the stride is not applied.

    Why it is wrong: with a stride of s the window moves by s entries, along every axis.
    How to see it: neighbouring entries of the result come from windows that lie s entries apart.
    """
    stride = call.options["stride"]
    if max(stride) > 1:
        yield Instead(cropped(anew(call, stride=1), call.shape))
        if len(stride) == 2 and min(stride) > 1:
            yield Instead(cropped(anew(call, stride=(1, stride[1])), call.shape), "from row to row only")
            yield Instead(cropped(anew(call, stride=(stride[0], 1)), call.shape), "from column to column only")


@misconception(of="value", ops=CONVOLUTIONS)
def dilation_ignored(call: Call, place: Place) -> Iterator[Instead]:
    """The entries of the kernel are laid side by side: the dilation is not applied.

    Why it is wrong: with a dilation of d neighbouring entries of the kernel meet entries of the image that are d apart.
    How to see it: a kernel of k entries must span d * (k - 1) + 1 entries of the image.
    """
    if max(call.options["dilation"]) > 1:
        yield Instead(cropped(anew(call, dilation=1, padding=_around(call)), call.shape))


@misconception(of="value", ops=TRANSPOSED)
def transposed_border_not_cut(call: Call, place: Place) -> Iterator[Instead]:
    """The first entries of the whole result are given; the border that the padding cuts away is still on it.

    Why it is wrong: the padding of a transposed convolution takes entries from all sides of the result.
    How to see it: the kernel times the first entry of the input begins p entries outside the result.
    """
    if any(before for before, _ in _around(call)):
        yield Instead(cropped(anew(call, padding=0), call.shape))


@misconception(of="value", ops=TRANSPOSED)
def transposed_stride_ignored(call: Call, place: Place) -> Iterator[Instead]:
    """The copies of the kernel are put down side by side: the stride of the transposed convolution is not applied.

    Why it is wrong: with a stride of s the copies for neighbouring entries begin s entries apart.
    How to see it: count the entries between the beginnings of two copies.
    """
    if max(call.options["stride"]) > 1:
        small = anew(call, stride=1, output_padding=0)
        rank = _rank(call)
        missing = [b - a for a, b in zip(small.shape[-rank:], call.shape[-rank:], strict=True)]
        if min(missing) >= 0:
            yield Instead(pad(small, widths_of(tuple((0, length) for length in missing))))
