"""Functions and powers left out, or differentiated by half a rule."""

from __future__ import annotations

from collections.abc import Iterator

from hwcheck.graph.differentiate import Share
from hwcheck.graph.node import Call
from hwcheck.misconceptions.anew import in_a_layer
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.misconceptions.parts import number
from hwcheck.ops.reductions import sum_to


@misconception(of="value", ops=["power"])
def power_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """The exponent is left out.

    Why it is wrong: the power of a number is another number, unless that is 0 or 1.
    How to see it: twice the base must give 2**n times the power, not twice.
    """
    if number(call.inputs[1]) not in (None, 1.0, 2.0):  # of a square much more goes wrong: it has its own
        yield Instead(call.inputs[0])


@misconception(of="value", ops=["exp", "abs"])
def function_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """A function of the formula is left out, such as the exponential or the absolute value.

    Why it is wrong: the step is the function's value, not its argument.
    How to see it: put one number into the formula as it is written, from the inside outwards.
    """
    yield Instead(call.inputs[0], call.op.name)


@misconception(of="value", ops=["exp"])
def power_of_another_base(call: Call, place: Place) -> Iterator[Instead]:
    """The power is that of another base than e: 10 to the x, or 2 to the x.

    Why it is wrong: exp(x) is e**x, with e = 2.71828.
    How to see it: exp(1) is 2.718, not 10 and not 2.
    """
    if not in_a_layer(place, call):
        yield Instead(10.0 ** call.inputs[0], "10")
        yield Instead(2.0 ** call.inputs[0], "2")


@misconception(of="gradient", ops=["divide"])
def quotient_rule_by_half(share: Share, place: Place) -> Iterator[Instead]:
    """The derivative of a quotient in what it is divided by is only half right.

    Why it is wrong: the derivative of a / b in b is -a / b**2: the a stays, and the b is squared.
    How to see it: for a / b with a = 6 and b = 2 the slope in b is -1.5.
    """
    a, b = share.call.inputs
    if share.position == 1 and number(b) is None:
        yield Instead(sum_to(-share.g * a / b, b.shape), "b is not squared")
        yield Instead(sum_to(-share.g / b**2, b.shape), "a is left out")
