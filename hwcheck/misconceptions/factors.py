"""Factors that are missing or too many: of powers, of halves, of the chain rule."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hwcheck.graph.differentiate import Share
from hwcheck.graph.node import Call, Constant, Node
from hwcheck.graph.rewrite import within
from hwcheck.language.printer import number_text
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.misconceptions.parts import is_call, is_written, learning_rate, leaves, number, root, samples, told
from hwcheck.misconceptions.way_back import again
from hwcheck.ops.reductions import sum_to

_FUNCTIONS = (
    "exp", "log", "log2", "log10", "log1p", "sqrt", "sin", "cos", "abs", "power", "multiply", "divide", "erf", "xlogy",
)  # fmt: skip
_ACTIVATIONS = ("relu", "leaky_relu", "elu", "sigmoid", "softplus", "tanh")
HALF = 0.5


def _scale(call: Call) -> float | None:
    """The number that a product or quotient of a value and a written number multiplies by."""
    if call.op.name == "multiply":
        known = [value for value in map(number, call.inputs) if value is not None]
        return known[0] if len(known) == 1 else None
    below = number(call.inputs[1])
    return 1 / below if call.op.name == "divide" and below else None


def _halved(calls: list[Call]) -> bool:
    scaled = [call for call in calls if call.op.name in ("multiply", "divide") and not samples(call)]
    return any(_scale(call) == HALF for call in scaled)


@misconception(of="gradient", ops=["power"])
def factor_of_the_power_left_out(share: Share, place: Place) -> Iterator[Instead]:
    """The exponent is not brought down as a factor: the 2 of a square's derivative is missing.

    Why it is wrong: the derivative of u**n is n * u**(n - 1). For a square that is 2 * u, and the 2 only goes away
    where the loss has a factor 1/2.
    How to see it: every number is too small by the same factor.
    """
    exponent = number(share.call.inputs[1])
    if exponent not in (None, 0.0, 1.0) and share.position == 0:
        yield Instead(share.node / exponent, number_text(exponent))


@misconception(of="gradient", ops=["power"])
def factor_of_the_square_doubled(share: Share, place: Place) -> Iterator[Instead]:
    """The 2 of a square's derivative is there twice.

    Why it is wrong: the exponent comes down once; the derivative of u**2 is 2 * u.
    How to see it: every number is twice as large as it should be.
    """
    inner = [] if place.step is None else [other.call for other in place.step.shares]
    if number(share.call.inputs[1]) == 2 and share.position == 0 and not _halved(inner):
        yield Instead(2 * share.node)


@misconception(of="gradient", ops=["power"], rare=True)
def exponent_not_lowered(share: Share, place: Place) -> Iterator[Instead]:
    """The exponent comes down as a factor but stays above as well: n * u**n.

    Why it is wrong: the derivative of u**n is n * u**(n - 1): the power goes down by one.
    How to see it: the derivative of a square must be a straight line, which changes sign with u.
    """
    if number(share.call.inputs[1]) is not None and share.position == 0:
        yield Instead(share.node * share.call.inputs[0])


@misconception(of="value", ops=["power", "mse_loss"], rare=True)
def half_added(call: Call, place: Place) -> Iterator[Instead]:
    """The square is halved, though this loss has no factor 1/2.

    Why it is wrong: many courses put 1/2 in front of the square so that it cancels the 2 of the derivative; here the
    formula does not have it.
    How to see it: the number is half as large as it should be.
    """
    calls = [node for node in within(place.quantity.body or call) if isinstance(node, Call)]
    square = call.op.name == "power" and number(call.inputs[1]) == 2
    if not _halved(calls) and (square or is_call(call, "mse_loss")) and not (square and _in_mse(call, calls)):
        yield Instead(HALF * call)


def _in_mse(call: Call, calls: list[Call]) -> bool:
    return any(is_call(other, "mse_loss") and call in within(other) for other in calls)


@misconception(of="value", ops=["multiply", "divide"])
def constant_factor_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """A number that the formula multiplies or divides by is left out.

    Why it is wrong: a written factor, such as the 1/2 of a squared error or the weight of a penalty, belongs to the
    value.
    How to see it: the result is off by that factor.
    """
    scale = _scale(call)
    corrected = root(place.quantity.name).rpartition(".")[2] in ("m_hat", "v_hat")
    if scale is None or abs(scale) == 1 or samples(call) or learning_rate(call, place) or corrected:
        return
    known = call.inputs[1] if call.op.name == "divide" or number(call.inputs[0]) is None else call.inputs[0]
    (kept,) = (input_ for input_ in call.inputs if input_ is not known)
    yield Instead(kept, number_text(number(known) or 0.0))
    if scale < 0:
        yield Instead(-kept, number_text(abs(number(known) or 0.0)))


@misconception(of="gradient", ops=["multiply", "divide", "matmul"])
def constant_factor_left_out_on_the_way_back(share: Share, place: Place) -> Iterator[Instead]:
    """A number that the value is multiplied or divided by is left out of the gradient.

    Why it is wrong: the derivative of c * u is c times that of u: a constant factor stays.
    How to see it: every number is off by that factor; of 1/2 * (y - t)**2, for one, nothing but y - t must be left.
    """
    other = share.call.inputs[1 - share.position]
    scale = _scale(share.call) if share.call.op.name != "matmul" else None
    inner = _scale(other) if isinstance(other, Call) and is_call(other, "multiply", "divide") else None
    if share.call.op.name != "divide" and inner is not None and abs(inner) != 1:
        yield Instead(share.node / inner, number_text(inner))
    elif isinstance(other, Call) and is_call(other, "divide") and inner is None:
        below_it = other.inputs[1]
        if is_written(below_it) and not below_it.shape:
            yield Instead(share.node * below_it, told(below_it))
    if scale is not None and abs(scale) != 1 and not samples(share.call):
        below = number(share.call.inputs[1]) if share.call.op.name == "divide" else None
        yield Instead(share.node / scale, number_text(below or scale))


@misconception(of="gradient", ops=[*_FUNCTIONS, *_ACTIVATIONS, "matmul"])
def arriving_gradient_left_out(share: Share, place: Place) -> Iterator[Instead]:
    """The local derivative stands alone: the gradient that arrives from behind is not multiplied in.

    Why it is wrong: by the chain rule the gradient of the loss is the local derivative times the gradient that arrives
    at the step. Without that it is the derivative of the step, not of the loss.
    How to see it: the numbers do not change when the loss does.
    """
    if not leaves(share.g) or _is_scaling(share) or (is_call(share.call, "matmul") and share.g.shape):
        return
    yield Instead(again(share, Constant(np.ones(share.g.shape))))


@misconception(of="gradient", ops=_FUNCTIONS)
def local_derivative_left_out(share: Share, place: Place) -> Iterator[Instead]:
    """The arriving gradient is passed on as it is: the derivative of the step itself is left out.

    Why it is wrong: by the chain rule every step multiplies the gradient by its own derivative; only a sum passes it on
    unchanged.
    How to see it: the gradient before the step equals the gradient behind it, number by number.
    """
    if not _is_scaling(share):
        yield Instead(share.g if share.g.shape == share.input.shape else sum_to(share.g, share.input.shape))


def _is_scaling(share: Share) -> bool:
    return share.call.op.name in ("multiply", "divide") and _scale(share.call) is not None


@misconception(of="gradient", ops=["log", "log1p", "divide"])
def reciprocal_left_out(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient is multiplied by what it should be divided by.

    Why it is wrong: the derivative of log(u) is 1/u, that of a / b in a is 1/b.
    How to see it: near u = 0 the logarithm is steep, so the gradient must be large where u is small.
    """
    below: Node = share.call.inputs[-1]
    if share.position == 0 and not _is_scaling(share):
        yield Instead(share.g * (1 + below if is_call(share.call, "log1p") else below))


@misconception(of="gradient", ops=["multiply"], rare=True)
def own_factor_in_a_products_derivative(share: Share, place: Place) -> Iterator[Instead]:
    """A product is differentiated with the factor itself in place of the other one.

    Why it is wrong: the derivative of a * b in a is b: the other factor stays.
    How to see it: the gradient in a must not depend on a.
    """
    if not _is_scaling(share) and share.call.inputs[0] is not share.call.inputs[1]:
        yield Instead(share.g * share.input)
