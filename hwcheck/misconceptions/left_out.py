"""Parts of a formula left out: a factor, a division, a root, a matrix, the 1 of 1 - x, a number in a sum."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hwcheck.graph.differentiate import Share
from hwcheck.graph.node import Call, Node
from hwcheck.graph.rewrite import replaced, within
from hwcheck.misconceptions.anew import in_a_layer, line_of
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.misconceptions.parts import TINY, is_call, is_update, is_written, number, rectified, told
from hwcheck.misconceptions.way_back import again
from hwcheck.ops.functions import sqrt
from hwcheck.ops.reductions import broadcast_to, largest
from hwcheck.ops.reductions import sum as total


def _whole(node: Node, like: Node) -> Node:
    return node if node.shape == like.shape else broadcast_to(node, like.shape)


@misconception(of="value", ops=["multiply"])
def factor_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """One factor of a product is left out: a gate, a mask, the weight of a term.

    Why it is wrong: every factor of the formula counts; without it its gate is open, and its mask lets all through.
    How to see it: set the factor to 0: the product must be 0.
    """
    first, second = call.inputs
    if in_a_layer(place, call) or is_written(first) or is_written(second) or first is second:
        return
    if line_of(place) is not None and ".z_n" in place.quantity.name:
        return  # the reset gate, which has a name of its own
    # What is left has the shape of the product, or the student would have seen that something is missing.
    yield Instead(-second if is_call(first, "negative") else second, told(first))
    yield Instead(-first if is_call(second, "negative") else first, told(second))


@misconception(of="value", ops=["multiply"], rare=True)
def bracket_multiplied_in_part(call: Call, place: Place) -> Iterator[Instead]:
    """A factor in front of a bracket multiplies only one of the terms inside.

    Why it is wrong: a * (b + c) is a * b + a * c.
    How to see it: set the factor to 0: nothing of the bracket may be left.
    """
    if in_a_layer(place, call):
        return
    for factor, bracket in (call.inputs, call.inputs[::-1]):
        terms = _terms(bracket)
        if terms is None or abs(number(factor) or 0) == 1:
            continue
        first, second, put_together = terms
        yield Instead(_whole(put_together(factor * first, second), call), told(second))
        yield Instead(_whole(put_together(first, factor * second), call), told(first))


def _terms(bracket: Node) -> tuple[Node, Node, Callable[[Node, Node], Node]] | None:
    """The two terms of a bracket, of which a part may be taken, and how they are put together."""
    parts: list[Callable[[Node], Node]] = []
    while isinstance(bracket, Call) and is_call(bracket, "getitem", "reshape", "sum"):
        parts.append(lambda node, call=bracket: call.op(node, **call.options))  # type: ignore[misc]
        bracket = bracket.inputs[0]
    if not isinstance(bracket, Call) or not is_call(bracket, "add", "subtract"):
        return None
    op = bracket.op
    first, second = (_whole(term, bracket) for term in bracket.inputs)
    for part in reversed(parts):
        first, second = part(first), part(second)
    return first, second, lambda a, b: op(a, b)


@misconception(of="value", ops=["divide"])
def division_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """What stands above the line of the quotient is taken; the division is left out.

    Why it is wrong: what is divided by gives the result its scale: exponentials become probabilities, deviations are
    measured in standard deviations.
    How to see it: look at the scale of the result: probabilities must add up to 1.
    """
    above, below = call.inputs
    if not in_a_layer(place, call) and not is_written(below):
        yield Instead(_whole(above, call))


@misconception(of="value", ops=["divide"])
def divided_by_another_size(call: Call, place: Place) -> Iterator[Instead]:
    """The numbers are divided by the largest of them, or by the root of their squares' sum, in place of their sum.

    Why it is wrong: shares of a whole must add up to 1, so each is divided by the sum of all.
    How to see it: the results must add up to 1.
    """
    above, below = call.inputs
    if isinstance(below, Call) and is_call(below, "sum") and below.inputs[0] is above and not in_a_layer(place, call):
        yield Instead(above / largest(above, **below.options), "the largest")
        yield Instead(above / sqrt(total(above**2, **below.options)), "the root of the sum of squares")


@misconception(of="value", ops=["sqrt"])
def root_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """The square root is left out.

    Why it is wrong: the root brings a sum of squares, or a mean of them, back to the size and the unit of the numbers.
    How to see it: four times what stands below the root must give twice the result.
    """
    if not in_a_layer(place, call) and not is_written(call):
        yield Instead(call.inputs[0])


@misconception(of="gradient", ops=["sqrt"])
def half_left_out_of_the_roots_derivative(share: Share, place: Place) -> Iterator[Instead]:
    """The 1/2 of the root's derivative is left out.

    Why it is wrong: the derivative of sqrt(u) is 1 / (2 * sqrt(u)).
    How to see it: from u = 1 to u = 1.02 the root grows by 0.01, by half as much.
    """
    yield Instead(2 * share.node)


@misconception(of="value", ops=["add", "subtract"])
def number_of_the_formula_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """A number that the formula adds or subtracts is left out.

    Why it is wrong: a number in the sum moves the result: the 1 of a margin, the -1 in a divergence.
    How to see it: the result is off by that number, or by it times the number of terms.
    """
    first, second = call.inputs
    for known, kept in ((first, second), (second, first)):
        value = number(known)
        if value is None or abs(value) < TINY or in_a_layer(place, call) or is_update(call, place):
            continue
        if call.op.name == "subtract" and known is first:
            if value != 1:  # 1 - x has a name of its own
                yield Instead(_whole(-kept, call), told(known))
        elif not _in_relu(call, place):
            yield Instead(_whole(kept, call), told(known))


def _in_relu(call: Call, place: Place) -> bool:
    """Whether a call is all that a ReLU is of, so that the number is a margin."""
    inside = within(place.quantity.body) if place.quantity.body is not None else []
    return any(isinstance(node, Call) and rectified(node) is call for node in inside)


@misconception(of="value", ops=["subtract"])
def complement_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """Where 1 - x belongs, x itself is taken.

    Why it is wrong: 1 - x is what is left of the whole: the probability of the other class, the closed part of a gate.
    How to see it: where x is nearly 1 the factor must nearly vanish.
    """
    if number(call.inputs[0]) == 1 and not in_a_layer(place, call) and not _in_logarithm(call, place):
        yield Instead(_whole(call.inputs[1], call))


def _in_logarithm(call: Call, place: Place) -> bool:
    """Whether a call is all that a logarithm is of: taking that of the other probability has a name of its own."""
    inside = within(place.quantity.body) if place.quantity.body is not None else []
    return any(is_call(node, "log") and isinstance(node, Call) and call in node.inputs for node in inside)


@misconception(of="gradient", ops=["multiply", "divide", "power", "log", "matmul"])
def complement_left_out_on_the_way_back(share: Share, place: Place) -> Iterator[Instead]:
    """On the way back x itself is taken where 1 - x belongs.

    Why it is wrong: what was multiplied by 1 - x sends 1 - x times its gradient back.
    How to see it: where x is nearly 1, nearly nothing may come back.
    """
    arrived = set(within(share.g))
    for node in within(share.node):
        if isinstance(node, Call) and node not in arrived and is_call(node, "subtract") and number(node.inputs[0]) == 1:
            yield Instead(replaced(share.node, {node: _whole(node.inputs[1], node)}))


@misconception(of="value", ops=["log"])
def logarithm_of_the_other_probability(call: Call, place: Place) -> Iterator[Instead]:
    """The logarithm is that of 1 - p where that of p belongs, or the reverse.

    Why it is wrong: p and 1 - p are the probabilities of the two answers; the loss takes that of the right one.
    How to see it: the loss must be small where the right answer is likely.
    """
    (p,) = call.inputs
    if in_a_layer(place, call):
        return
    if isinstance(p, Call) and is_call(p, "subtract") and number(p.inputs[0]) == 1:
        yield Instead(call.op(_whole(p.inputs[1], p)), "of p")
    elif not is_call(p, "add", "subtract", "divide"):
        yield Instead(call.op(1 - p), "of 1 - p")


def _keeps_the_shape(node: Node) -> bool:
    return len(node.shape) == 2 and node.shape[0] == node.shape[1] > 1


@misconception(of="value", ops=["matmul"])
def matrix_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """A square matrix of the product is left out, such as the adjacency of a graph or the weights of attention.

    Why it is wrong: every matrix of the product has its own part: without the adjacency no node sees its neighbours.
    How to see it: the result of a node, or token, must change with the numbers of another.
    """
    a, b = call.inputs
    if in_a_layer(place, call):
        return
    if _keeps_the_shape(a):
        yield Instead(_whole(b, call), told(a))
    if _keeps_the_shape(b):
        yield Instead(_whole(a, call), told(b))


@misconception(of="gradient", ops=["matmul"])
def matrix_left_out_on_the_way_back(share: Share, place: Place) -> Iterator[Instead]:
    """On the way back a square matrix of the product is left out, such as the adjacency of a graph.

    Why it is wrong: what went forward through a matrix comes back through its transpose.
    How to see it: the gradient of a node must have a part from each of its neighbours.
    """
    other = share.call.inputs[1 - share.position]
    if _keeps_the_shape(other) and share.g.shape == share.input.shape:
        yield Instead(share.g, told(other))
    if isinstance(other, Call) and is_call(other, "matmul"):
        for matrix, rest in (other.inputs, other.inputs[::-1]):
            if _keeps_the_shape(matrix) and rest.shape == other.shape:
                inputs = list(share.call.inputs)
                inputs[1 - share.position] = rest
                names = dict(zip(share.call.names, inputs, strict=True))
                call = Call(share.call.op, names, share.call.options, share.call.shape)
                yield Instead(again(share._replace(call=call), share.g), told(matrix))
