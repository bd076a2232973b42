"""Signs that were lost, and differences taken the wrong way round."""

from __future__ import annotations

from collections.abc import Iterator

from hwcheck.graph.differentiate import Share
from hwcheck.graph.node import Call, Node, Quantity, needs
from hwcheck.graph.rewrite import replaced, within
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.misconceptions.parts import is_bias, is_call, is_update, number, siblings, summands, told

_LINEAR = ("multiply", "negative", "sum", "reshape", "flatten")


@misconception(of="quantity")
def sign_flipped(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The sign is the wrong way round.

    Why it is wrong: a minus was lost or added: the minus of a negative log-likelihood, that of the inner derivative of
    t - y, or that of a difference taken the wrong way round. A gradient with the wrong sign leads uphill.
    How to see it: every number has the right size and the opposite sign.
    """
    if quantity.body is not None:
        yield Instead(-quantity.body)


@misconception(of="value", ops=["add", "subtract"])
def term_sign_flipped(call: Call, place: Place) -> Iterator[Instead]:
    """One term of the sum has the wrong sign.

    Why it is wrong: each term keeps the sign that the formula gives it; the minus in front of a bracket goes to every
    term inside.
    How to see it: the result is off by twice the term.
    """
    if is_update(call, place) or (call.op.name == "subtract" and number(call.inputs[0]) == 1):
        return
    for term, rest, subtracted in summands(call):
        if not is_bias(term, rest, place.problem) and number(term) is None:
            yield Instead(rest + term if subtracted else rest - term, told(term))


@misconception(of="value", ops=["subtract"])
def difference_reversed(call: Call, place: Place) -> Iterator[Instead]:
    """The difference is taken the wrong way round.

    Why it is wrong: a - b and b - a have opposite signs, which shows wherever the difference is not squared.
    How to see it: put the numbers into both; inside a max, an exponential or a logarithm another number comes out.
    """
    body = place.quantity.body
    if body is not None and not is_update(call, place) and not _is_a_sign(call, body):
        yield Instead(call.inputs[1] - call.inputs[0])


def _is_a_sign(call: Call, body: Node) -> bool:
    """Whether turning a difference round is no more than a sign of the whole, or of a term: only factors are around."""
    users: dict[Node, list[Call]] = {}
    for node in within(body):
        if isinstance(node, Call):
            for below in needs(node):
                users.setdefault(below, []).append(node)
    at: Node = call
    while at is not body:
        if len(users[at]) > 1:
            return False
        (user,) = users[at]
        if is_call(user, "add", "subtract"):
            # The first term of a longer sum is a sum itself: no term that stands alone has its sign.
            return not (isinstance(user, Call) and at is user.inputs[0] and is_call(at, "add", "subtract"))
        if user.body is None and not is_call(user, *_LINEAR) and not (is_call(user, "divide") and at is user.inputs[0]):
            return False
        at = user
    return True


@misconception(of="value", ops=["subtract"], rare=True)
def one_plus_for_one_minus(call: Call, place: Place) -> Iterator[Instead]:
    """1 + x is taken where 1 - x belongs.

    Why it is wrong: what is left of 1 is 1 - x: the probability of the other class, the closed part of a gate.
    How to see it: for x between 0 and 1 the factor must be smaller than 1.
    """
    if number(call.inputs[0]) == 1:
        yield Instead(1 + call.inputs[1])


@misconception(of="gradient", rare=True)
def one_plus_in_the_derivative(share: Share, place: Place) -> Iterator[Instead]:
    """The derivative has 1 + y where 1 - y belongs.

    Why it is wrong: the derivative of the sigmoid is y * (1 - y) and that of tanh is 1 - y**2: both are flat where y
    nears its limits, so the factor becomes small there.
    How to see it: no derivative of a sigmoid is larger than 1/4, none of tanh larger than 1.
    """
    arrived = set(within(share.g))
    for node in within(share.node):
        if isinstance(node, Call) and node not in arrived and is_call(node, "subtract") and number(node.inputs[0]) == 1:
            yield Instead(replaced(share.node, {node: 1 + node.inputs[1]}))


@misconception(of="gradient", rare=True)
def gradient_term_sign_flipped(share: Share, place: Place) -> Iterator[Instead]:
    """One of the parts that add up to the gradient has the wrong sign.

    Why it is wrong: the gradient is the sum over all paths to the loss, and each path carries the product of its own
    derivatives, signs included; a path through a difference has a minus.
    How to see it: work the parts one by one and compare their signs before adding them.
    """
    if siblings(share, place):
        yield Instead(-share.node, told(share.call))
