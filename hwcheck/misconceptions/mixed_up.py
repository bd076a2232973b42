"""Values, factors and slopes taken from another place of the network than the one where they belong."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hwcheck.graph.differentiate import Share
from hwcheck.graph.node import Call, Constant, Node, Quantity, Use
from hwcheck.graph.rewrite import replaced, within
from hwcheck.misconceptions.activations import VALUES
from hwcheck.misconceptions.anew import calls_in, in_a_layer, inputs_of, is_op, opened, product_of
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.misconceptions.parts import MOST_OTHERS, is_update, leaves, named, number, root
from hwcheck.misconceptions.way_back import again

ROUNDING = 1e-9


@misconception(of="quantity")
def weighted_sum_used_for_the_output(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """A layer's weighted sum goes into the next step, where its output, behind the activation, belongs.

    Why it is wrong: the next layer sees what the activation function has made of the sum.
    How to see it: a negative number must not go in behind a ReLU, nor one outside 0 to 1 behind a sigmoid.
    """
    for leaf in _leaves(quantity, place):
        made = leaf.body
        before = named(made.inputs[0]) if isinstance(made, Call) and made.op.name in VALUES else None
        if before is not None and before.shape == leaf.shape and quantity.body is not None:
            yield Instead(replaced(quantity.body, {leaf: before}), f"{before.name} for {leaf.name}")


@misconception(of="quantity", rare=True)
def value_from_before_a_step(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """What a step before starts from is used in place of its result, as if that step had been left out.

    Why it is wrong: each step goes on with what the step before has made: the normalised entries and not the raw ones,
    the code that was drawn and not its mean.
    How to see it: write the name of what goes in beside each number.
    """
    body = quantity.body
    weights = place.problem.weights
    changes: dict[Node, Node] = {}
    found = 0
    if body is None:
        return
    for leaf in _leaves(quantity, place):
        made = leaf.body
        own = made is None or (
            isinstance(made, Call) and (made.op.name in VALUES or is_update(made, Place(place.problem, leaf)))
        )
        if made is None or own:
            continue  # these have names of their own
        given = list(inputs_of(made).values()) if isinstance(made, Call) and made.body is not None else []
        parents = [*leaves(made), *(node for node in given if isinstance(node, Quantity))]
        before = [node for node in dict.fromkeys(parents) if node.shape == leaf.shape and node.name not in weights]
        before = [node for node in before if root(node.name) != root(leaf.name)]
        if len(before) == 1:
            changes[leaf] = before[0]
        for other in before:
            if other not in leaves(body) and other is not quantity and found < MOST_OTHERS:
                found += 1
                yield Instead(replaced(body, {leaf: other}), f"{other.name} for {leaf.name}")
    if len(changes) > 1:
        yield Instead(replaced(body, changes), "in all places")


@misconception(of="quantity", rare=True)
def input_given_as_the_result(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """What goes into the step is given as its result, as if the step did nothing.

    Why it is wrong: the step makes new numbers of what goes in: the output of a cell is not its state.
    How to see it: compare the numbers with those of the line before.
    """
    body = quantity.body
    if body is None or place.step is not None or (isinstance(body, Call) and body.op.name in VALUES):
        return
    weights = place.problem.weights
    for leaf in leaves(body):
        if leaf.shape == quantity.shape and leaf.name not in weights and root(leaf.name) != root(quantity.name):
            yield Instead(leaf, leaf.name)


@misconception(of="quantity")
def variance_used_for_the_deviation(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The variance is used where the standard deviation belongs, or the reverse.

    Why it is wrong: the deviation is the root of the variance; numbers are multiplied, or divided, by the deviation.
    How to see it: for a variance of 4 the number must be 2.
    """
    body = quantity.body
    for leaf in _leaves(quantity, place):
        made = opened(leaf)
        root_of = is_op(made, "sqrt", "std") or (is_op(made, "exp") and _is_halved(made))
        if body is not None and root_of:
            yield Instead(replaced(body, {leaf: leaf**2}), f"{leaf.name}**2")
    for call in [] if body is None else calls_in(body, ["exp"]):
        for name in () if _is_halved(call) else place.problem.lines:
            deviation = place.problem.quantities[name]
            halved = deviation.body
            of_it = is_op(halved, "exp") and _is_halved(halved) if halved is not None else False
            if halved is not None and of_it and named(call.inputs[0]) in leaves(halved) and deviation is not quantity:
                yield Instead(replaced(body or call, {call: deviation}), f"{name} for {name}**2")


def _is_halved(exponential: Node) -> bool:
    inside = exponential.inputs[0] if isinstance(exponential, Call) else exponential
    return (
        isinstance(inside, Call)
        and is_op(inside, "multiply", "divide")
        and {0.5, 2.0} & set(map(number, inside.inputs)) != set()
    )


def _leaves(quantity: Quantity, place: Place) -> list[Quantity]:
    """The lines that the value of a quantity is computed from."""
    body = quantity.body
    if body is None or place.step is not None or (isinstance(body, Call) and is_op(body, "jacobian")):
        return []
    known = place.problem.quantities
    found = [node for node in within(body) if isinstance(node, Quantity) and not isinstance(node, Use)]
    return [leaf for leaf in found if leaf.name in known and known[leaf.name] is leaf]


def _users(call: Call, place: Place) -> Iterator[Quantity]:
    """The lines in which a call stands."""
    for other in place.problem.quantities.values():
        if other.body is not None and call in within(other.body):
            yield other


def _with_other_factor(share: Share, other: Node) -> Node:
    inputs = list(share.call.inputs)
    inputs[1 - share.position] = other
    call = Call(share.call.op, dict(zip(share.call.names, inputs, strict=True)), share.call.options, share.call.shape)
    return again(share._replace(call=call), share.g)


@misconception(of="gradient", ops=["multiply"], rare=True)
def wrong_factor_on_the_way_back(share: Share, place: Place) -> Iterator[Instead]:
    """On the way back through a product the gradient is multiplied by another number than the other factor.

    Why it is wrong: the derivative of a * b in a is b, so what comes back to a gate is multiplied by what that gate
    let through, and by nothing else of the same line.
    How to see it: cover the quantity in the formula: what still stands beside it is the factor.
    """
    factor = share.call.inputs[1 - share.position]
    if number(factor) is not None or factor is share.input:
        return
    others: list[Node] = []
    beside = factor.inputs[1] if isinstance(factor, Call) and is_op(factor, "subtract") else None
    left = (factor, beside, share.input, named(share.input))  # these have names of their own
    for user in _users(share.call, place):
        others += [leaf for leaf in leaves(user.body or user) if leaf.name not in place.problem.weights]
        others.append(user)
    for other in list(dict.fromkeys(others))[:MOST_OTHERS]:
        if isinstance(other, Quantity) and other.shape == factor.shape and other not in left:
            yield Instead(_with_other_factor(share, other), other.name)


@misconception(of="gradient", ops=["sigmoid", "tanh"])
def derivative_of_another_layer(share: Share, place: Place) -> Iterator[Instead]:
    """The derivative of the activation is taken from the output of another layer, or of another gate.

    Why it is wrong: the slope is that of this unit, at its own output.
    How to see it: the y in y * (1 - y) must be the output that the gradient has just come through.
    """
    found = 0
    for other in place.problem.quantities.values():
        if other is share.y or other.shape != share.input.shape or other.body is None or found == MOST_OTHERS:
            continue
        if is_op(other.body, "sigmoid", "tanh"):
            found += 1
            slope = other * (1 - other) if is_op(share.call, "sigmoid") else 1 - other**2
            yield Instead(share.g * slope, other.name)


@misconception(of="value", ops=["add"])
def weights_of_an_average_swapped(call: Call, place: Place) -> Iterator[Instead]:
    """The two numbers of a weighted sum are swapped, such as those of the old and the new in a running average.

    Why it is wrong: a momentum of 0.9 keeps 0.9 of the old average and takes 0.1 of the new value, not the reverse.
    How to see it: where the new value is 0, the average must hardly change.
    """
    if in_a_layer(place, call):
        return
    first, second = map(_scaled, call.inputs)
    if first is None or second is None:
        return
    (a, x), (b, y) = first, second
    if a == b:
        return
    yield Instead(b * x + a * y)
    if 0 < a < 1 and abs(a + b - 1) > ROUNDING:  # the new one has a factor of its own, such as n / (n - 1)
        yield Instead((1 - a) * x + a * (b / (1 - a)) * y)


def _scaled(term: Node) -> tuple[float, Node] | None:
    """The number in front of a term, what it is divided by included, and the rest of the term."""
    below = 1.0
    if isinstance(term, Call) and is_op(term, "divide") and number(term.inputs[1]):
        below, term = number(term.inputs[1]) or 1.0, term.inputs[0]
    factors = product_of(term)
    known = None if factors is None else number(factors[0])
    return None if factors is None or known is None else (known / below, factors[1])


@misconception(of="value", ops=["sum"])
def one_term_of_the_sum(call: Call, place: Place) -> Iterator[Instead]:
    """Only one of the terms of a sum along an axis is taken, such as a single channel.

    Why it is wrong: the sum has a term for each channel, sample or feature along that axis.
    How to see it: change the numbers of another channel: the sum must change.
    """
    (x,) = call.inputs
    axis = call.options.get("axis")
    axes = axis if isinstance(axis, tuple) else (axis,)
    if not call.shape or in_a_layer(place, call) or len(axes) != 1 or axes[0] is None:
        return
    at = axes[0] % len(x.shape)
    if x.shape[at] > 1:
        for i in dict.fromkeys((0, x.shape[at] - 1)):
            chosen = _only(x.shape[at], i, len(x.shape) - at - 1)
            yield Instead(call.op(x * chosen, **call.options), f"term {i}")


def _only(length: int, at: int, behind: int) -> Constant:
    """Ones at one place of an axis and zeros at the others, with as many axes of length 1 behind it."""
    return Constant(np.eye(length)[at].reshape(length, *(1,) * behind))
