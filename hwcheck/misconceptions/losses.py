"""Losses done wrong: squares, logarithms, divergences and margins."""

from __future__ import annotations

from collections.abc import Iterator

from hwcheck.graph.node import Call, Node, Quantity
from hwcheck.graph.rewrite import replaced, within
from hwcheck.misconceptions.anew import anew, in_a_layer, inputs_of, is_op, number
from hwcheck.misconceptions.catalogue import is_gradient
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.misconceptions.parts import rectified
from hwcheck.ops.activations import relu
from hwcheck.ops.functions import LN_2, LN_10, exp, log, sqrt
from hwcheck.ops.functions import abs as magnitude
from hwcheck.ops.information import xlogy
from hwcheck.ops.reductions import sum as total

NATURAL = ("log", "xlogy", "log_softmax", "log1p", "logistic_loss", "softplus")
WITH_MARGIN = ("hinge_loss", "hinge_embedding_loss", "margin_ranking_loss", "multi_margin_loss", "triplet_margin_loss")


@misconception(of="quantity")
def logarithm_to_another_base(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The logarithm is that to another base: to 10 as a calculator's log key, to 2, or the natural one.

    Why it is wrong: without a base log is the natural logarithm here, ln; another base changes the result by a factor.
    How to see it: ln(10) is 2.303, log10(10) is 1 and log2(10) is 3.322: divide the result by the right one.
    """
    if quantity.body is None or is_gradient(place.problem, quantity):
        return
    calls = [node for node in within(quantity.body) if isinstance(node, Call)]
    natural = [call for call in calls if call.op.name in NATURAL]
    stated = [call for call in calls if call.options.get("base") is not None and "base" in call.op.names]
    if natural and not stated:
        for logarithm, base in ((LN_10, 10), (LN_2, 2)):
            yield Instead(replaced(quantity.body, {call: call / logarithm for call in natural}), f"to base {base}")
    other: dict[Node, Node] = {call: log(call.inputs[0]) for call in calls if call.op.name in ("log2", "log10")}
    if other:
        yield Instead(replaced(quantity.body, other), "the natural one")
    if stated:
        yield Instead(replaced(quantity.body, {call: anew(call, base=None) for call in stated}), "the natural one")


@misconception(of="value", ops=["log_softmax"])
def logarithm_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """The logarithm of the softmax is left out.

    Why it is wrong: the loss is the logarithm of a probability, not the probability itself.
    How to see it: the loss must grow without a limit where the probability of the right class goes to 0.
    """
    yield Instead(exp(call))


@misconception(of="value", ops=["power"])
def no_square_for_the_square(call: Call, place: Place) -> Iterator[Instead]:
    """The number itself, its absolute value or twice the number is taken in place of the square.

    Why it is wrong: each difference is multiplied by itself, before anything is added up.
    How to see it: a difference of -3 must give 9, not 3 or -6.
    """
    base, exponent = call.inputs
    if number(exponent) == 2:
        yield Instead(base, "the number itself")
        yield Instead(magnitude(base), "the absolute value")
        yield Instead(2 * base, "twice the number")


@misconception(of="value", ops=["mse_loss", "mean", "sum"])
def root_of_the_squared_error(call: Call, place: Place) -> Iterator[Instead]:
    """The root is taken of the mean squared error, or of the sum of squares: the norm for its square.

    Why it is wrong: the mean squared error is the mean of the squares; its root is another measure.
    How to see it: the result squared is the right one.
    """
    squares = is_op(call, "mse_loss") or is_op(call.inputs[0], "power")
    if squares and not (is_op(call, "sum") and (call.shape or in_a_layer(place, call))):
        yield Instead(sqrt(call))


@misconception(of="value", ops=["kl_divergence", "kl_div"])
def divergence_the_wrong_way_round(call: Call, place: Place) -> Iterator[Instead]:
    """The two distributions of the Kullback-Leibler divergence have changed places.

    Why it is wrong: it is not symmetric: KL(p, q) weights the logarithms of p / q with p.
    How to see it: the distribution that the weights are from must stand above the line.
    """
    given = inputs_of(call)
    if is_op(call, "kl_divergence"):
        yield Instead(anew(call, p=given["q"], q=given["p"]))
    elif call.options["log_target"]:
        yield Instead(anew(call, input=given["target"], target=given["input"]))
    else:
        yield Instead(anew(call, input=log(given["target"]), target=exp(given["input"])))


@misconception(of="value", ops=["multiply"])
def divergence_weighted_with_the_other(call: Call, place: Place) -> Iterator[Instead]:
    """The logarithms of p / q are weighted with q, or both p and q have changed places.

    Why it is wrong: KL(p, q) is the sum of p * log(p / q): the distribution above the line is that of the weights.
    How to see it: a divergence is never negative, and the two ways round give different numbers.
    """
    weight, logarithm = call.inputs
    if is_op(logarithm, "log") and isinstance(logarithm, Call) and is_op(logarithm.inputs[0], "divide"):
        above, below = _parts(logarithm.inputs[0])
        if weight is above:
            yield Instead(below * log(below / above), "both swapped")
            yield Instead(below * logarithm, "weighted with the other")


def _parts(quotient: Node) -> tuple[Node, Node]:
    assert isinstance(quotient, Call)  # noqa: S101  its op was asked for
    above, below = quotient.inputs
    return above, below


@misconception(of="value", ops=["kl_divergence"])
def cross_entropy_for_divergence(call: Call, place: Place) -> Iterator[Instead]:
    """The cross-entropy -sum(p * log(q)) is given in place of the divergence, or the entropy of p.

    Why it is wrong: the divergence is the cross-entropy less the entropy of p, so that it is 0 where both are equal.
    How to see it: of two equal distributions it must be 0.
    """
    given, axis = inputs_of(call), call.options["axis"]
    if call.options["base"] is None:
        yield Instead(-total(xlogy(given["p"], given["q"]), axis=axis), "the cross-entropy")
        yield Instead(-total(xlogy(given["p"], given["p"]), axis=axis), "the entropy")


@misconception(of="value", ops=[*WITH_MARGIN, "relu", "maximum"])
def margin_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """The margin is left out of the loss, or has the wrong sign.

    Why it is wrong: an answer costs nothing only once it is right by at least the margin.
    How to see it: a right answer that lies within the margin must still cost something.
    """
    if not is_op(call, "relu", "maximum"):
        margin = call.options["margin"]
        if margin:
            yield Instead(anew(call, margin=0.0), "left out")
            yield Instead(anew(call, margin=-margin), "with the wrong sign")
        return
    inside = rectified(call)
    if inside is not None and is_op(inside, "subtract", "add") and isinstance(inside, Call):
        first, second = inside.inputs
        if number(first) and number(second) is None:
            yield Instead(relu(second if is_op(inside, "add") else -second), "left out")
        elif number(second) and number(first) is None:
            yield Instead(relu(first), "left out")


@misconception(of="value", ops=["triplet_margin_loss"])
def triplet_swapped(call: Call, place: Place) -> Iterator[Instead]:
    """The positive and the negative example have changed places.

    Why it is wrong: the anchor must be nearer to the positive than to the negative example, so the distance to the
    positive is what costs.
    How to see it: a triplet that is right by more than the margin must cost nothing.
    """
    given = inputs_of(call)
    yield Instead(anew(call, positive=given["negative"], negative=given["positive"]))
