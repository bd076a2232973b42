"""Biases left out, added too often, and their gradients."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hwcheck.graph.differentiate import Share
from hwcheck.graph.node import Call, Constant, Node, Quantity
from hwcheck.graph.rewrite import within
from hwcheck.misconceptions.activations import VALUES
from hwcheck.misconceptions.anew import part_along
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.misconceptions.parts import is_bias, is_call, named, recalled, same_shape, weight_in, weights
from hwcheck.ops.arrays import reshape
from hwcheck.ops.reductions import broadcast_to, sum_to

CONVOLUTIONS = (
    "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d",
)  # fmt: skip


def _split(call: Call, place: Place) -> tuple[Node, Node, Node] | None:
    """What a bias is added to, the bias as it is added to each entry, and the bias itself."""
    if call.op.name in CONVOLUTIONS:
        inputs = dict(zip(call.names, call.inputs, strict=True))
        bias = inputs.get("bias")
        if bias is None:
            return None
        rank = len(inputs["weight"].shape) - 2
        return recalled(call, bias=None), reshape(bias, (bias.size, *(1,) * rank)), bias
    a, b = call.inputs
    for bias, other in ((b, a), (a, b)):
        if is_bias(bias, other, place.problem):
            return other, bias, bias
    return None


def _whole(node: Node, like: Node) -> Node:
    return node if node.shape == like.shape else broadcast_to(node, like.shape)


@misconception(of="value", ops=["add", *CONVOLUTIONS])
def bias_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """The bias is left out.

    Why it is wrong: a layer is W @ x + b; the bias moves every unit by an amount of its own.
    How to see it: the difference to the right numbers is the same in every sample, and equal to b.
    """
    parts = _split(call, place)
    if parts is not None:
        yield Instead(_whole(parts[0], call))


@misconception(of="value", ops=["add", *CONVOLUTIONS])
def bias_subtracted(call: Call, place: Place) -> Iterator[Instead]:
    """The bias is subtracted.

    Why it is wrong: a layer is W @ x + b. Some books write a threshold that is subtracted; here it is a bias.
    How to see it: the result is off by twice the bias.
    """
    parts = _split(call, place)
    if parts is not None:
        yield Instead(_whole(parts[0] - parts[1], call))


@misconception(of="value", ops=["add", *CONVOLUTIONS])
def bias_added_more_than_once(call: Call, place: Place) -> Iterator[Instead]:
    """The bias is added more than once, such as to each product of the sum.

    Why it is wrong: the bias is added a single time to the finished sum.
    How to see it: the result is off by a multiple of the bias.
    """
    parts = _split(call, place)
    if parts is None:
        return
    counts = dict(_counts(call, parts[0]))
    if 2 not in counts.values():
        counts["twice"] = 2
    for detail, count in counts.items():
        if count > 1:
            yield Instead(_whole(parts[0] + count * parts[1], call), detail)


def _counts(call: Call, product: Node) -> Iterator[tuple[str, int]]:
    """How often a bias may be added, by what it is added to."""
    if call.op.name in CONVOLUTIONS:
        weight = dict(zip(call.names, call.inputs, strict=True))["weight"]
        yield "once an entry of the filter", weight.size // weight.shape[0]
        return
    for node in within(product):
        if isinstance(node, Call) and is_call(node, "matmul"):
            yield "once a product", node.inputs[0].shape[-1]
        elif isinstance(node, Call) and is_call(node, "sum") and node.size:
            yield "once a term of the sum", node.inputs[0].size // node.size


@misconception(of="value", ops=VALUES)
def bias_outside_the_activation(call: Call, place: Place) -> Iterator[Instead]:
    """The bias is added behind the activation function.

    Why it is wrong: the bias belongs to the weighted sum, which then goes through the function.
    How to see it: the result leaves the function's range, such as 0 to 1 for a sigmoid.
    """
    inner = call.inputs[0]
    if isinstance(inner, Call) and is_call(inner, "add"):
        parts = _split(inner, place)
        if parts is not None:
            yield Instead(call.op(_whole(parts[0], call), *call.inputs[1:], **call.options) + parts[1])


@misconception(of="value", ops=["add", *CONVOLUTIONS], rare=True)
def bias_of_another_layer(call: Call, place: Place) -> Iterator[Instead]:
    """The bias of another layer is added.

    Why it is wrong: every layer has a bias of its own.
    How to see it: the difference to the right numbers is that of the two biases.
    """
    parts = _split(call, place)
    bias = None if parts is None else weight_in(parts[2], place.problem)
    if parts is None or bias is None:
        return
    for other in same_shape(bias, weights(place.problem)):
        yield Instead(_whole(parts[0] + reshape(other, parts[1].shape), call), other.name)


def _to_bias(share: Share, place: Place) -> bool:
    """Whether a share is what arrives at a bias."""
    if share.call.op.name in CONVOLUTIONS:
        return share.call.names[share.position] == "bias"
    other = share.call.inputs[1 - share.position]
    return is_bias(share.input, other, place.problem)


@misconception(of="gradient", ops=["add", *CONVOLUTIONS])
def bias_gradient_taken_as_one(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient of the bias is taken as 1.

    Why it is wrong: 1 is the derivative of the layer in its bias; by the chain rule it is multiplied by the gradient
    that arrives at the layer.
    How to see it: the gradient of the bias must be that of the layer's own output, summed over the samples.
    """
    if _to_bias(share, place) and not isinstance(share.g, Constant):
        yield Instead(Constant(np.ones(share.input.shape)))


@misconception(of="gradient", ops=["add", *CONVOLUTIONS])
def bias_gradient_averaged(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient of the bias is averaged over the places where the bias was added, in place of summed.

    Why it is wrong: each of the places sends its share of the gradient back, and shares add up.
    How to see it: the numbers are too small by the number of samples, or of entries of the image.
    """
    if _to_bias(share, place) and share.g.size > share.input.size:
        yield Instead(share.node / (share.g.size // share.input.size))


@misconception(of="gradient", ops=["add", "subtract", "multiply", "divide"])
def gradient_of_a_shared_number_averaged(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient of a number that several entries share, such as the mean of a row, is averaged in place of summed.

    Why it is wrong: each entry that the number goes into sends its share of the gradient back, and shares add up.
    How to see it: the numbers are too small by the number of entries that share one.
    """
    line = isinstance(share.input, Quantity) and share.input.name in place.problem.lines
    if line and share.g.size > share.input.size > 0:
        yield Instead(share.node / (share.g.size // share.input.size))


@misconception(of="gradient", ops=["add", *CONVOLUTIONS])
def bias_gradient_from_one_place(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient of the bias is that of a single entry of the image, where all entries must be added up.

    Why it is wrong: the bias was added to every entry of its channel, so each of them sends its share back.
    How to see it: changing the gradient of another entry must change that of the bias.
    """
    g, shape = share.g, share.input.shape
    if not _to_bias(share, place) or len(g.shape) < 3 or g.size == share.input.size:
        return
    wide = (*(1,) * (len(g.shape) - len(shape)), *shape)
    if share.call.op.name in CONVOLUTIONS:
        rank = len(share.call.inputs[1].shape) - 2
        wide = (*(1,) * (len(g.shape) - rank - 1), *shape, *(1,) * rank)
    for detail, last in (("the first", False), ("the last", True)):
        part = g
        for axis, length in enumerate(wide):
            if length == 1:
                begin = g.shape[axis] - 1 if last else 0
                part = part_along(part, axis, begin, begin + 1)
        yield Instead(reshape(part, shape), detail)


@misconception(of="gradient", ops=["add"])
def bias_gradient_over_the_wrong_axis(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient of the bias is summed over the units in place of the samples.

    Why it is wrong: the bias has an entry for each unit, and was added to every sample: the sum is over the samples.
    How to see it: every entry must be the sum over one unit's column of the layer's gradient, with samples in rows.
    """
    rows = share.g.shape
    if _to_bias(share, place) and len(rows) == 2 and rows[0] == rows[1] and share.input.size == rows[0]:
        yield Instead(sum_to(share.g.T, share.input.shape))


@misconception(of="value", ops=CONVOLUTIONS)
def bias_of_the_wrong_channel(call: Call, place: Place) -> Iterator[Instead]:
    """The first channel's bias is added to all channels.

    Why it is wrong: each channel that goes out has a filter and a bias of its own.
    How to see it: only the first channel is right, the others are off by one number each.
    """
    parts = _split(call, place)
    if parts is not None and parts[2].size > 1 and named(parts[2]) is not None:
        first = np.zeros((parts[2].size, parts[2].size))
        first[:, 0] = 1.0
        yield Instead(recalled(call, bias=Constant(first) @ parts[2]))
