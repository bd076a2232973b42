"""Activation functions left out or confused, and their derivatives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from hwcheck.graph.differentiate import Share
from hwcheck.graph.node import Call, Constant, Node, Quantity
from hwcheck.misconceptions.anew import in_a_layer
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.misconceptions.parts import MOST_OTHERS, is_call, rectified
from hwcheck.ops.activations import leaky_relu, relu, sigmoid
from hwcheck.ops.arithmetic import where
from hwcheck.ops.functions import abs as magnitude
from hwcheck.ops.functions import tanh

VALUES = (
    "relu", "leaky_relu", "prelu", "elu", "selu", "celu", "sigmoid", "softplus", "tanh", "softsign", "gelu", "silu",
    "mish", "hardtanh", "hardsigmoid", "relu6",
)  # fmt: skip
SMOOTH = ("leaky_relu", "elu", "sigmoid", "softplus", "tanh")
CURVES = ("sigmoid", "tanh")
SLOPE = 0.01
RECTIFIERS = ("relu", "maximum", "where")  # those of them that are 0 below 0; see `rectified`

_USUAL: Mapping[str, Callable[[Node], Node]] = {
    "relu": relu, "sigmoid": sigmoid, "tanh": tanh, "leaky_relu": leaky_relu,
}  # fmt: skip
# The derivatives in terms of the share's output y and input z.
_DERIVATIVES: Mapping[str, Callable[[Share], Node]] = {
    "relu": lambda share: share.input > 0,
    "sigmoid": lambda share: share.y * (1 - share.y),
    "tanh": lambda share: 1 - share.y**2,
    "leaky_relu": lambda share: where(share.input > 0, Constant(1.0), Constant(SLOPE)),
}
_CONFUSED = {
    "relu": ("sigmoid", "tanh", "leaky_relu"),
    "leaky_relu": ("relu", "sigmoid", "tanh"),
    "sigmoid": ("tanh",),
    "tanh": ("sigmoid",),
}


@misconception(of="value", ops=[*VALUES, "maximum"])
def activation_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """The activation function is left out: the weighted sum is passed on as it is.

    Why it is wrong: without a function that bends between them, two layers are no more than one.
    How to see it: compare with the line before; a ReLU leaves nothing negative, a sigmoid nothing outside 0 to 1.
    """
    inside = rectified(call) if is_call(call, "maximum") else call.inputs[0]
    if inside is not None:
        yield Instead(inside)


@misconception(of="value", ops=VALUES)
def wrong_activation(call: Call, place: Place) -> Iterator[Instead]:
    """Another activation function is used than the one that this layer has.

    Why it is wrong: each layer has its own function, and their ranges differ: 0 to 1 for the sigmoid, -1 to 1 for tanh.
    How to see it: look the function up in the problem, and try one entry with the calculator.
    """
    for name, function in _USUAL.items():
        if name != call.op.name and (name in CURVES or call.op.name not in CURVES):
            yield Instead(function(call.inputs[0]), name)


@misconception(of="value", ops=CURVES, rare=True)
def relu_for_a_curve(call: Call, place: Place) -> Iterator[Instead]:
    """A ReLU, or a leaky one, is used where this layer has a curve: a sigmoid or tanh.

    Why it is wrong: each layer has its own function; a ReLU leaves every positive number as it is.
    How to see it: a sigmoid and tanh give nothing above 1.
    """
    yield Instead(relu(call.inputs[0]), "relu")
    yield Instead(leaky_relu(call.inputs[0]), "leaky_relu")


@misconception(of="value", ops=VALUES, rare=True)
def activation_applied_twice(call: Call, place: Place) -> Iterator[Instead]:
    """The activation function is applied twice.

    Why it is wrong: a layer's output goes through its function once.
    How to see it: a sigmoid of a sigmoid lies between 0.5 and 0.74.
    """
    if call.op.name not in ("relu", "relu6", "hardtanh"):  # these leave their own output as it is
        yield Instead(call.op(call, *call.inputs[1:], **call.options))


@misconception(of="value", ops=["relu", "maximum"])
def relu_misunderstood(call: Call, place: Place) -> Iterator[Instead]:
    """The ReLU is taken for another bent line: the absolute value, a step from 0 to 1, or its other side.

    Why it is wrong: a ReLU leaves a positive number as it is, and makes every negative number 0.
    How to see it: relu(-2) must be 0, and relu(3) must be 3.
    """
    z = rectified(call)
    if z is None:
        return
    yield Instead(magnitude(z), "the absolute value")
    yield Instead(where(z > 0, Constant(1.0), Constant(0.0)), "0 or 1")
    if is_call(call, "relu"):  # of a maximum it is the minimum, which has a name of its own
        yield Instead(-relu(-z), "what is negative is kept")
    yield Instead(relu(-z), "of -z")


@misconception(of="value", ops=["sigmoid", "softplus", "exp", "silu"])
def argument_with_the_wrong_sign(call: Call, place: Place) -> Iterator[Instead]:
    """The minus of the exponent is lost, or there is one too many: the function is taken at -z in place of z.

    Why it is wrong: the sigmoid is 1 / (1 + exp(-z)), with a minus; without it, it falls where it should grow.
    How to see it: a large positive number must give a sigmoid near 1, and the largest of the exponentials.
    """
    if not in_a_layer(place, call):
        yield Instead(call.op(-call.inputs[0], *call.inputs[1:], **call.options))


@misconception(of="gradient", ops=SMOOTH)
def activation_derivative_left_out(share: Share, place: Place) -> Iterator[Instead]:
    """The derivative of the activation function is left out on the way back.

    Why it is wrong: the gradient in the weighted sum z is that in the output y times the slope of the function at z.
    How to see it: the gradient before the activation equals the one behind it, though the function is not a straight
    line.
    """
    yield Instead(share.g)


@misconception(of="gradient", ops=RECTIFIERS)
def relu_mask_left_out(share: Share, place: Place) -> Iterator[Instead]:
    """The ReLU's mask is left out on the way back.

    Why it is wrong: where its input is negative a ReLU is flat, so nothing comes back through it there.
    How to see it: wherever the ReLU gives 0, the gradient in its input must be 0.
    """
    if rectified(share.call) is share.input:
        yield Instead(share.g)


@misconception(of="gradient", ops=[*RECTIFIERS, "leaky_relu"])
def relu_mask_inverted(share: Share, place: Place) -> Iterator[Instead]:
    """The ReLU's mask is upside down: the gradient passes where the input is negative.

    Why it is wrong: the ReLU lets a positive input through, and with it the gradient; where it gives 0 it stops both.
    How to see it: the gradient is 0 exactly where the output is positive.
    """
    z = share.input
    if not is_call(share.call, "leaky_relu") and rectified(share.call) is not z:
        return
    slope = share.call.options.get("negative_slope", 0.0)
    yield Instead(share.g * where(z > 0, Constant(float(slope)), Constant(1.0)))


@misconception(of="gradient", ops=["relu"], rare=True)
def relu_mask_of_another_layer(share: Share, place: Place) -> Iterator[Instead]:
    """The ReLU's mask is taken from another layer.

    Why it is wrong: a mask belongs to the layer whose input decided it; another layer is positive elsewhere.
    How to see it: the zeros of the gradient must stand where this layer's own output is 0.
    """
    found = 0
    for name, other in place.problem.quantities.items():
        body = other.body
        if body is None or other is share.y or other.shape != share.input.shape or found == MOST_OTHERS:
            continue
        if is_call(body, "relu"):
            found += 1
            yield Instead(share.g * (other > 0), name)


@misconception(of="gradient", ops=RECTIFIERS, rare=True)
def relu_mask_of_the_gradient(share: Share, place: Place) -> Iterator[Instead]:
    """The ReLU itself is applied to the gradient: its negative entries are set to 0.

    Why it is wrong: on the way back the ReLU's input decides what passes, not the sign of what comes back; gradients
    may well be negative.
    How to see it: no entry of the gradient is negative.
    """
    # The rows of a jacobian start from unit vectors, which have nothing that is negative.
    own = place.step is not None and rectified(share.call) is share.input
    if own and (not isinstance(share.g, Constant) or share.g.shape):
        yield Instead(relu(share.g), "in place of the mask")
        yield Instead(relu(share.g) * (share.input > 0), "after the mask")


@misconception(of="gradient", ops=RECTIFIERS)
def relu_output_for_its_mask(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient is multiplied by the ReLU's output in place of its slope.

    Why it is wrong: where the ReLU passes its input on, its slope is 1, however large the input is.
    How to see it: where the output is positive, the gradient must come through unchanged.
    """
    if rectified(share.call) is share.input:
        yield Instead(share.g * share.y)


@misconception(of="gradient", ops=["relu", "leaky_relu", "sigmoid", "tanh"])
def derivative_of_another_activation(share: Share, place: Place) -> Iterator[Instead]:
    """The derivative of another activation function is used than the one that this layer has.

    Why it is wrong: the slope that comes back is that of the function that went forward: y * (1 - y) for a sigmoid,
    1 - y**2 for tanh, a mask for a ReLU.
    How to see it: compare with a difference quotient: move the input by 0.001 and see how far the output moves.
    """
    for name in _CONFUSED[share.call.op.name]:
        yield Instead(share.g * _DERIVATIVES[name](share), name)


def _sigmoid_at(z: Node) -> Node:
    return sigmoid(z) * (1 - sigmoid(z))


@misconception(of="gradient", ops=["sigmoid", "tanh", "softplus", "log"])
def derivative_at_the_wrong_argument(share: Share, place: Place) -> Iterator[Instead]:
    """The derivative is taken at the wrong number: at the output where the input belongs, or the reverse.

    Why it is wrong: the formulas y * (1 - y) and 1 - y**2 are in the output y; the derivative as a function of its
    argument is taken at the input z. Mixing them applies the function twice, or not at all.
    How to see it: the slope of a sigmoid is 1/4 at z = 0, where y is 1/2.
    """
    y, z = share.y, share.input
    wrong: Mapping[str, Mapping[str, Callable[[], Node]]] = {
        "sigmoid": {"at y": lambda: _sigmoid_at(y), "z for y": lambda: z * (1 - z)},
        "tanh": {"at y": lambda: 1 - tanh(y) ** 2, "z for y": lambda: 1 - z**2},
        "softplus": {"at y": lambda: sigmoid(y)},
    }
    if is_call(share.call, "log"):
        yield Instead(share.g / y, "at y")
    for detail, derivative in wrong.get(share.call.op.name, {}).items():
        yield Instead(share.g * derivative(), detail)


@misconception(of="gradient", ops=["sigmoid", "tanh"])
def part_of_the_derivative_left_out(share: Share, place: Place) -> Iterator[Instead]:
    """Only a part of the activation's derivative is used: y or 1 - y of y * (1 - y), or 1 - y for 1 - y**2.

    Why it is wrong: the derivative of the sigmoid has both factors, that of tanh the square.
    How to see it: the slope of a sigmoid must vanish both where y nears 0 and where it nears 1.
    """
    g, y = share.g, share.y
    yield Instead(g * (1 - y), "1 - y")
    if is_call(share.call, "sigmoid"):
        yield Instead(g * y, "y")
    else:
        yield Instead(g * y**2, "y**2")


@misconception(of="gradient", ops=SMOOTH, rare=True)
def activation_for_its_derivative(share: Share, place: Place) -> Iterator[Instead]:
    """The activation function is applied to the gradient, in place of its derivative.

    Why it is wrong: going back is not going forward again: the gradient is multiplied by the slope that the function
    had at its input.
    How to see it: twice the arriving gradient must give twice the result.
    """
    if isinstance(share.g, Quantity | Call) and share.call.op.value is not None:
        yield Instead(share.call.op(share.g, **share.call.options))
