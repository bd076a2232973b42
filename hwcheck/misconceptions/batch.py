"""Sums and means over samples and entries, and gradients of a batch."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hwcheck.graph.differentiate import Share
from hwcheck.graph.node import Call, Constant, Node, Quantity
from hwcheck.graph.rewrite import replaced, within
from hwcheck.misconceptions.anew import is_squared_deviation
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.misconceptions.parts import is_call, is_written, leaves, number, samples, weight_in
from hwcheck.misconceptions.way_back import again
from hwcheck.ops.arrays import getitem

_ENDS = {"the first sample": 0, "the last sample": -1}


@misconception(of="value", ops=["divide"])
def sum_for_mean(call: Call, place: Place) -> Iterator[Instead]:
    """The sum is taken where the mean is meant: the division by the number of terms is missing.

    Why it is wrong: the mean is the sum divided by how many were added.
    How to see it: a mean lies between the smallest and the largest of its terms.
    """
    if samples(call):
        yield Instead(call.inputs[0])


@misconception(of="value", ops=["sum"])
def mean_for_sum(call: Call, place: Place) -> Iterator[Instead]:
    """The mean is taken where the sum is meant.

    Why it is wrong: the formula adds the terms up and does not divide by their number.
    How to see it: the result is too small by the number of terms, or of samples.
    """
    if _averaged(call, place) or call.size == 0:
        return
    x = call.inputs[0]
    count = x.size // call.size
    if count > 1:
        yield Instead(call / count, f"over {count}")
    if not call.shape and len(x.shape) > 1 and 1 < x.shape[0] < count:
        yield Instead(call / x.shape[0], f"over {x.shape[0]}")


def _averaged(call: Call, place: Place) -> bool:
    """Whether a sum is divided by something anyway."""
    body = place.quantity.body
    return body is not None and any(
        isinstance(node, Call) and is_call(node, "divide") and call in within(node) for node in within(body)
    )


def _other_counts(call: Call, count: int) -> Iterator[int]:
    """Numbers of samples, features or entries by which a mean may be divided in place of its own."""
    summed = next(node for node in within(call.inputs[0]) if is_call(node, "sum"))
    x = summed.inputs[0]  # type: ignore[attr-defined]  # it is a call
    own = {1, count}
    if is_squared_deviation(x):
        own |= {count - 1, x.size // summed.size}  # a variance, whose two divisors have a name of their own
    while isinstance(x, Call) and is_call(x, "sum"):
        x = x.inputs[0]
    yield from sorted({*x.shape, x.size} - own)


@misconception(of="value", ops=["divide"])
def mean_over_another_number(call: Call, place: Place) -> Iterator[Instead]:
    """The sum is divided by another number than that of its terms: by the features for the samples, or by all entries.

    Why it is wrong: a mean over the batch divides by the number of samples, one over all entries by that of entries.
    How to see it: the result is off by a ratio of two sizes.
    """
    count = samples(call)
    if count:
        for other in _other_counts(call, count):
            yield Instead(call.inputs[0] / other, f"by {other}")


@misconception(of="gradient", ops=["divide"])
def mean_left_out_on_the_way_back(share: Share, place: Place) -> Iterator[Instead]:
    """The 1/N of a mean is left out of the gradient.

    Why it is wrong: the derivative of a mean in one of its N terms is 1/N.
    How to see it: all gradients are too large by the number of terms.
    """
    count = samples(share.call)
    if count and share.position == 0:
        yield Instead(share.node * count)


@misconception(of="gradient", ops=["divide"])
def divided_by_another_number_on_the_way_back(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient of a mean is divided by another number than the mean: by the samples for all entries, or so.

    Why it is wrong: the derivative of a mean has the number that the mean itself divides by: a mean over all entries of
    a batch divides by samples times outputs.
    How to see it: all numbers are off by a ratio of two sizes, such as the number of outputs.
    """
    count = samples(share.call)
    if count and share.position == 0:
        for other in _other_counts(share.call, count):
            yield Instead(share.node * (count / other), f"by {other}")


@misconception(of="quantity", rare=True)
def starting_gradient_taken_as_one(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The gradient that the loss sends to each of its terms is taken as 1, though it is 1/N, or has another factor.

    Why it is wrong: a mean over N terms sends 1/N to each of them, and all that lies behind has that factor.
    How to see it: all numbers are too large by the number of terms.
    """
    body = quantity.body
    if body is None or place.step is None:
        return
    for leaf in leaves(body):
        sent = [share for share in place.step.shares if share.g is leaf]
        if len(sent) > 1 and leaf.body is not None and is_written(leaf.body):
            yield Instead(replaced(body, {leaf: Constant(np.ones(leaf.shape))}), leaf.name)


@misconception(of="gradient", ops=["divide", "matmul", "multiply", "conv1d", "conv2d", "conv3d"])
def averaged_again(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient is divided by the number of samples once more than it should be.

    Why it is wrong: the 1/N of a mean comes into the gradients once, at the loss, and is in all that follows; the
    weights' gradient is then a plain sum over the samples.
    How to see it: the numbers are too small by the number of samples.
    """
    count = samples(share.call)
    if count and share.position == 0:
        yield Instead(share.node / count)
    for length in sorted(set(_added_up(share, place)) - {1}):
        yield Instead(share.node / length, f"by {length}")


def _added_up(share: Share, place: Place) -> Iterator[int]:
    """Of how many samples, or entries of an image, the gradient of a weight is the sum."""
    lengths = _batch(share, place)
    if lengths is not None:
        yield lengths
    if weight_in(share.input, place.problem) is None:
        return
    a = share.call.inputs[0]
    if is_call(share.call, "matmul") and share.position == 1 and (len(a.shape), len(share.g.shape)) == (2, 1):
        yield a.shape[0]
    if is_call(share.call, "multiply") and share.g.size > share.input.size > 0:
        yield share.g.size // share.input.size
    if share.call.op.name.startswith("conv") and share.position == 1:
        rank = len(share.input.shape) - 2
        spread = share.g.shape[-rank:]
        yield int(np.prod(spread))
        yield share.g.size // share.input.shape[0]


def _batch(share: Share, place: Place) -> int | None:
    """How many samples the gradient of a weight adds up, in the product of a batch and the weight."""
    if not is_call(share.call, "matmul") or len(share.g.shape) != 2 or weight_in(share.input, place.problem) is None:
        return None
    axis = 0 if share.position else 1
    return share.g.shape[axis] if len(share.call.inputs[1 - share.position].shape) == 2 else None


@misconception(of="gradient", ops=["sum"])
def mean_gradient_of_a_sum(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient is divided by the number of terms, though the loss is their sum.

    Why it is wrong: each term of a sum has the derivative 1; only a mean brings 1/N.
    How to see it: all gradients are too small by the number of terms.
    """
    inner = [] if place.step is None else [other.call for other in place.step.shares]
    count = share.input.size // share.g.size
    powers = [number(call.inputs[1]) for call in inner if is_call(call, "power")]
    if count > 1 and count not in powers and not any(map(samples, inner)):
        yield Instead(share.node / count)


@misconception(of="gradient", ops=["matmul", "add"])
def gradient_of_one_sample(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient of the weights or the bias is that of a single sample, not of the whole batch.

    Why it is wrong: the loss depends on every sample, and each sends its share back; they add up.
    How to see it: changing another sample's numbers must change the gradient.
    """
    if weight_in(share.input, place.problem) is None or len(share.g.shape) != 2:
        return
    matmul = is_call(share.call, "matmul")
    if (_batch(share, place) is None) if matmul else share.input.size == share.g.size:
        return
    axis = 1 if (matmul and share.position == 0) or (not matmul and share.input.shape[-1:] == (1,)) else 0
    for detail, sample in _ENDS.items():
        yield Instead(again(share, share.g * _only(share.g, axis, sample)), detail)


def _only(g: Node, axis: int, sample: int) -> Constant:
    """Ones at one sample and zeros at the others."""
    mask = np.zeros(g.shape)
    mask[(slice(None),) * axis + (sample,)] = 1.0
    return Constant(mask)


@misconception(of="value", ops=["sum", "mean"])
def loss_of_one_sample(call: Call, place: Place) -> Iterator[Instead]:
    """Only the first, or only the last, of the terms is taken; the others are not added.

    Why it is wrong: a loss over several samples or outputs has a term for each of them.
    How to see it: the result does not depend on the other samples.
    """
    x = call.inputs[0]
    if call.shape or not x.shape or x.shape[0] < 2 or _in_mean(call, place):
        return
    for detail, sample in _ENDS.items():
        part = getitem(x, (sample,))
        yield Instead(call.op(part) if part.shape else part, detail)


def _in_mean(call: Call, place: Place) -> bool:
    body = place.quantity.body
    return body is not None and any(
        is_call(node, "mean") and node is not call and call in within(node) for node in within(body)
    )
