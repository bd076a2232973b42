"""Softmax done wrong: its values, and its derivative."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hwcheck.graph.differentiate import Share
from hwcheck.graph.node import Call, Node, Quantity
from hwcheck.misconceptions.anew import anew, is_op, number, opened
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.ops.activations import softmax
from hwcheck.ops.functions import exp, log
from hwcheck.ops.matrix import outer
from hwcheck.ops.reductions import largest, summed
from hwcheck.ops.reductions import sum as total

SOFTMAX = ("softmax", "log_softmax")


def _of_probabilities(call: Call, p: Node) -> Node:
    """What stands for a softmax, or its logarithm for a log_softmax."""
    return p if is_op(call, "softmax") else log(p)


def _other_axes(axis: int, rank: int) -> list[int]:
    return [other for other in range(-rank, 0) if other != axis]


@misconception(of="value", ops=SOFTMAX)
def softmax_over_the_wrong_axis(call: Call, place: Place) -> Iterator[Instead]:
    """The softmax is taken along another axis than that of the classes.

    Why it is wrong: the probabilities of one sample must add up to 1, so its own exponentials are the only ones to
    divide by; sums over the samples mix one sample with another.
    How to see it: add up each row and each column of the result. The sums of 1 must lie along the axis of the classes.
    """
    (x,) = call.inputs
    rank = len(x.shape)
    for axis in _other_axes(call.options["axis"], rank):
        yield Instead(anew(call, axis=axis), f"along axis {axis + rank}")
    if rank > 1:
        yield Instead(_of_probabilities(call, exp(x) / total(exp(x))), "over all entries together")


@misconception(of="value", ops=SOFTMAX)
def softmax_not_normalised(call: Call, place: Place) -> Iterator[Instead]:
    """Only the exponentials are taken; they are not divided by their sum.

    Why it is wrong: exponentials alone are positive numbers of any size, and no probabilities.
    How to see it: the entries along the axis of the classes do not add up to 1.
    """
    (x,) = call.inputs
    yield Instead(exp(x) if is_op(call, "softmax") else x)


@misconception(of="value", ops=SOFTMAX)
def softmax_without_the_exponential(call: Call, place: Place) -> Iterator[Instead]:
    """The logits are divided by their sum, without taking their exponentials first.

    Why it is wrong: a quotient of logits can be negative or larger than 1, and changes when a number is added to all
    logits, which a softmax does not.
    How to see it: a negative logit gives a negative entry.
    """
    (x,) = call.inputs
    yield Instead(_of_probabilities(call, x / total(x, axis=call.options["axis"], keepdims=True)))


@misconception(of="value", ops=SOFTMAX)
def softmax_divided_by_the_largest(call: Call, place: Place) -> Iterator[Instead]:
    """The exponentials are divided by the largest of them in place of their sum.

    Why it is wrong: the largest logit may be taken from all logits, to keep the exponentials small, but they must still
    be divided by the sum of what comes out.
    How to see it: the largest entry comes out as exactly 1, and the sum is more than 1.
    """
    (x,) = call.inputs
    top = largest(x, axis=call.options["axis"], keepdims=True)
    yield Instead(_of_probabilities(call, exp(x - top)))


@misconception(of="value", ops=SOFTMAX)
def softmax_of_the_opposite(call: Call, place: Place) -> Iterator[Instead]:
    """The exponentials are those of the negative logits, exp(-z).

    Why it is wrong: the largest logit must get the largest probability. The sigmoid has a minus sign in its
    exponential, the softmax has none.
    How to see it: the order of the entries is turned round.
    """
    (x,) = call.inputs
    yield Instead(anew(call, x=-x))


@misconception(of="value", ops=SOFTMAX)
def softmax_as_sigmoid(call: Call, place: Place) -> Iterator[Instead]:
    """Each logit goes through a sigmoid by itself, in place of the softmax of all.

    Why it is wrong: a sigmoid answers yes or no for each class by itself; classes that exclude one another share a
    probability of 1.
    How to see it: the entries do not add up to 1, and a logit of 0 gives exactly 0.5.
    """
    (x,) = call.inputs
    yield Instead(_of_probabilities(call, 1 / (1 + exp(-x))))


@misconception(of="value", ops=SOFTMAX)
def temperature_forgotten(call: Call, place: Place) -> Iterator[Instead]:
    """The temperature that the logits are divided by before the softmax is not applied as it is stated.

    Why it is wrong: a temperature above 1 makes the probabilities more even, one below 1 less so; it belongs inside the
    exponential, where it divides.
    How to see it: with the temperature set to 1 the right result is the same as this one, or the probabilities move
    the wrong way when it grows.
    """
    scaled = opened(call.inputs[0])
    if not is_op(scaled, "divide") or not isinstance(scaled, Call):
        return
    logits, temperature = scaled.inputs
    if temperature.shape or is_op(temperature, "sqrt") or is_op(opened(logits), "matmul"):
        return  # what scores of attention are divided by is no temperature
    if number(temperature) != 1:
        yield Instead(anew(call, x=logits), "left out")
        yield Instead(anew(call, x=logits * temperature), "multiplied by it")
        yield Instead(_of_probabilities(call, softmax(logits, axis=call.options["axis"]) / temperature), "applied last")


@misconception(of="gradient", ops=["softmax"])
def softmax_derivative_diagonal(share: Share, place: Place) -> Iterator[Instead]:
    """The derivative of the softmax is taken as p * (1 - p), entry by entry, as if it were a sigmoid.

    Why it is wrong: each logit changes every probability through the sum below the line, so the Jacobian also has
    entries -p_i * p_j beside its diagonal.
    How to see it: the gradient in the logits must add up to 0 along the axis of the classes.
    """
    yield Instead(share.g * share.y * (1 - share.y))


@misconception(of="gradient", ops=SOFTMAX)
def softmax_derivative_left_out(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient goes through the softmax as it arrives: its derivative is left out.

    Why it is wrong: what arrives is the gradient in the probabilities; the logits are one step further back.
    How to see it: the gradient in the logits equals that in the probabilities, and does not add up to 0.
    """
    yield Instead(share.g)


@misconception(of="gradient", ops=["softmax"])
def softmax_derivative_without_the_sum(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient is multiplied by the probabilities alone; the sum of all products is not taken off.

    Why it is wrong: p * g is the effect of each logit on the exponential above the line; that on the sum below the
    line, p * sum(g * p), is missing.
    How to see it: the gradient in the logits must add up to 0 along the axis of the classes.
    """
    yield Instead(share.g * share.y)


@misconception(of="gradient", ops=SOFTMAX)
def softmax_derivative_along_the_wrong_axis(share: Share, place: Place) -> Iterator[Instead]:
    """The sum in the derivative of the softmax runs along another axis than that of the classes.

    Why it is wrong: the exponentials of one sample were divided by their own sum, so only what arrives at that sample
    meets in its derivative.
    How to see it: the gradient in the logits must add up to 0 along the axis of the classes, and it does along another.
    """
    rank, own = len(share.y.shape), share.call.options["axis"]
    for axis in [*_other_axes(own, rank), *([tuple(range(-rank, 0))] if rank > 1 else [])]:
        axes = axis if isinstance(axis, tuple) else (axis,)
        detail = "over all entries" if len(axes) == rank > 1 else f"along axis {axes[0] + rank}"
        if is_op(share.call, "softmax"):
            node = share.y * (share.g - total(share.g * share.y, axis=axes, keepdims=True))
        else:
            node = share.g - softmax(share.input, axis=own) * summed(share.g, axes, keepdims=True)
        yield Instead(node, detail)


@misconception(of="quantity")
def softmax_jacobian_without_its_minus_sign(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The Jacobian of the softmax has p_i * p_j beside its diagonal, without the minus sign.

    Why it is wrong: a larger logit makes the sum below the line larger, and so all other probabilities smaller.
    How to see it: the rows of the Jacobian must add up to 0.
    """
    call = quantity.body
    if not isinstance(call, Call) or not is_op(call, "jacobian"):
        return
    p, x = call.inputs
    made = opened(p)
    if is_op(made, "softmax") and isinstance(made, Call) and made.inputs[0] is x and len(p.shape) == 1:
        eye = np.eye(p.size)
        yield Instead(outer(p, p) * (1 - eye) + outer(np.ones(p.size), p * (1 - p)) * eye)
