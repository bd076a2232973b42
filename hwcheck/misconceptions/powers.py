"""Functions and powers left out, taken in the wrong order, or differentiated by half a rule."""

from __future__ import annotations

from collections.abc import Iterator

from hwcheck.graph.differentiate import Share
from hwcheck.graph.node import Call
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.misconceptions.parts import is_call, number


@misconception(of="value", ops=["power"])
def power_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """The exponent is left out: a square, for one, is not squared.

    Why it is wrong: a squared error, a variance and a second moment are made of squares.
    How to see it: a square has no negative entry.
    """
    if number(call.inputs[1]) is not None:
        yield Instead(call.inputs[0])


@misconception(of="value", ops=["exp", "log", "sqrt", "abs", "square"])
def function_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """A function of the formula is left out, such as the logarithm, the exponential or the root.

    Why it is wrong: the step is the function's value, not its argument.
    How to see it: put one number into the formula as it is written, from the inside outwards.
    """
    yield Instead(call.inputs[0], call.op.name)


@misconception(of="value", ops=["sum", "mean"])
def square_of_the_sum(call: Call, place: Place) -> Iterator[Instead]:
    """The sum is squared, where the squares are to be summed.

    Why it is wrong: (a + b)**2 is not a**2 + b**2: errors of opposite signs would cancel.
    How to see it: with errors 1 and -1 the sum of the squares is 2, the square of the sum 0.
    """
    square = call.inputs[0]
    if isinstance(square, Call) and is_call(square, "power") and number(square.inputs[1]) == 2:
        yield Instead(call.op(square.inputs[0], **call.options) ** 2)


@misconception(of="gradient", ops=["divide"])
def quotient_rule_by_half(share: Share, place: Place) -> Iterator[Instead]:
    """The derivative of a quotient in what it is divided by is only half right.

    Why it is wrong: the derivative of a / b in b is -a / b**2: the a stays, and the b is squared.
    How to see it: for a / b with a = 6 and b = 2 the slope in b is -1.5.
    """
    a, b = share.call.inputs
    if share.position == 1 and number(b) is None:
        yield Instead(-share.g * a / b, "b is not squared")
        yield Instead(-share.g / b**2, "a is left out")
