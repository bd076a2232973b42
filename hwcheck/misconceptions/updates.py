"""Steps of gradient descent and its kin: which weights, which gradient, which factor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isclose
from typing import Any

from hwcheck.graph.node import Call, Node, Quantity
from hwcheck.graph.rewrite import replaced, within
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.misconceptions.parts import (
    MOST_OTHERS,
    OPTIMISERS,
    is_call,
    is_update,
    learning_rate,
    leaves,
    named,
    number,
    recalled,
    root,
    stem,
    step_number,
    summands,
    weight_in,
)
from hwcheck.problem.model import Problem

TENTH = 0.1


def _updates(problem: Problem) -> Iterator[tuple[Quantity, Quantity]]:
    """Each weight with the line that is its new value."""
    for name in problem.lines:
        quantity = problem.quantities[name]
        body = quantity.body
        if isinstance(body, Call) and (body.op.name in OPTIMISERS or is_update(body, Place(problem, quantity))):
            old = named(body.inputs[0])
            if old is not None:
                yield old, quantity


@misconception(of="quantity")
def updated_weights_used_too_early(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The updated weights are used where the old ones belong.

    Why it is wrong: all gradients of a step are those at the old weights; the weights change together, after the last
    gradient is worked out.
    How to see it: put the old weights into the formula again; nothing behind the update may come in.
    """
    yield from _exchanged(quantity, [(old, new) for old, new in _updates(place.problem) if new is not quantity])


@misconception(of="quantity")
def old_weights_used_after_the_update(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The old weights are used where the updated ones belong.

    Why it is wrong: after the step the network has new weights: what comes then is computed with them.
    How to see it: the result is that of the first pass, as if there had been no step.
    """
    updates = list(_updates(place.problem))
    yield from _exchanged(quantity, [(new, old) for old, new in updates])
    inside = [] if quantity.body is None else leaves(quantity.body)
    both: dict[Node, Node] = {new: old for old, new in updates if new in inside and new.shape == old.shape}
    if quantity.body is not None and len(both) > 1:
        yield Instead(replaced(quantity.body, both), "all of them")


def _exchanged(quantity: Quantity, pairs: list[tuple[Quantity, Quantity]]) -> Iterator[Instead]:
    """The quantity with one of the others in place of the one that it is computed from."""
    body = quantity.body
    inside = [] if body is None else [leaf for leaf in within(body) if isinstance(leaf, Quantity)]
    for there, other in pairs:
        for leaf in inside:
            if body is not None and (leaf is there or named(leaf) is there) and there.shape == other.shape:
                yield Instead(replaced(body, {leaf: other}), other.name)


@misconception(of="value", ops=["add", "subtract"])
def step_uphill(call: Call, place: Place) -> Iterator[Instead]:
    """The step goes uphill: the gradient is added to the weights, or the velocity subtracted.

    Why it is wrong: the gradient points to where the loss grows; gradient descent subtracts it.
    How to see it: a weight with a positive gradient must become smaller.
    """
    if is_update(call, place):
        old, step = call.inputs
        yield Instead(old + step if is_call(call, "subtract") else old - step)


@misconception(of="value", ops=["add", "subtract"])
def old_weight_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """Only the step is given, without the weight that it starts from.

    Why it is wrong: the new weight is the old one minus the step.
    How to see it: a weight whose gradient is 0 must stay as it is, and here becomes 0.
    """
    if is_update(call, place):
        step = call.inputs[1]
        yield Instead(-step if is_call(call, "subtract") else step, "minus the step")
        yield Instead(step if is_call(call, "subtract") else -step, "the step")


@misconception(of="value", ops=["multiply"])
def learning_rate_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """The learning rate is left out of the step.

    Why it is wrong: the step is the learning rate times the gradient.
    How to see it: the weights move too far, by one over the learning rate.
    """
    found = learning_rate(call, place)
    if found is not None:
        yield Instead(found[1])


@misconception(of="value", ops=["multiply"])
def learning_rate_twice(call: Call, place: Place) -> Iterator[Instead]:
    """The learning rate is multiplied in twice, or the step is divided by it.

    Why it is wrong: the step is the learning rate times the gradient, once.
    How to see it: compare the size of the step with that of the gradient; their ratio is the learning rate.
    """
    found = learning_rate(call, place)
    if found is not None:
        rate, step = found
        if not isclose(rate, TENTH):  # its square is a tenth of it, which is a slip that comes more often
            yield Instead(rate * rate * step, "squared")
        yield Instead(step / rate, "divided by")


@misconception(of="value", ops=["multiply"])
def learning_rate_of_another_size(call: Call, place: Place) -> Iterator[Instead]:
    """The learning rate is ten times too large or too small: 0.01 for 0.1.

    Why it is wrong: the step is the stated learning rate times the gradient; a zero too many makes it a tenth.
    How to see it: divide the step by the gradient: the ratio must be the stated rate.
    """
    found = learning_rate(call, place)
    if found is not None:
        rate, step = found
        yield Instead(TENTH * rate * step, "a tenth")
        if not isclose(rate / TENTH, 1):  # then it is left out
            yield Instead(rate / TENTH * step, "ten times")


@misconception(of="value", ops=["add"])
def momentum_in_another_form(call: Call, place: Place) -> Iterator[Instead]:
    """The new gradient has a factor 1 - b where the formula adds it as it is, or the reverse: 0.9 v + 0.1 g.

    Why it is wrong: there are two forms of momentum, b * v + g and the average b * v + (1 - b) * g; the problem says
    which one it has.
    How to see it: with an old velocity of 0 the new one must be the gradient, or its share of 1 - b.
    """
    for term, rest, subtracted in summands(call):
        kept = _share_of_old(term, place.quantity)
        if kept is None or subtracted:
            continue
        known = number(rest.inputs[0]) if isinstance(rest, Call) and is_call(rest, "multiply") else None
        if known is None:
            yield Instead(term + (1 - kept) * rest, "the new one has a factor")
        elif isclose(known + kept, 1) and isinstance(rest, Call):
            yield Instead(term + rest.inputs[1], "the new one has none")


def _share_of_old(term: Node, quantity: Quantity) -> float | None:
    """The b of ``b * v`` where v is what the quantity was a step before."""
    if not isinstance(term, Call) or not is_call(term, "multiply"):
        return None
    share, old = number(term.inputs[0]), named(term.inputs[1])
    if share is None or not 0 < share < 1 or old is None or old.name == quantity.name:
        return None
    return share if quantity.name.startswith(stem(old.name)) else None


@misconception(of="quantity")
def gradient_of_another_weight(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The step is made with the gradient of another weight.

    Why it is wrong: every weight moves along its own gradient.
    How to see it: the step divided by the learning rate must be this weight's gradient.
    """
    body = quantity.body
    mine = [new for _, new in _updates(place.problem)]
    if body is None or quantity not in mine:
        return
    gradients = list(place.problem.gradients.values())
    weights = [place.problem.gradients[name] for name in place.problem.weights if name in place.problem.gradients]
    for leaf in leaves(body):
        if leaf in gradients:
            others = [other for other in weights if other.shape == leaf.shape and other is not leaf]
            for other in others[:MOST_OTHERS]:
                yield Instead(replaced(body, {leaf: other}), other.name)


def _is_correction(node: Node) -> bool:
    """Whether a node is ``1 - b**t``, of numbers that are written down."""
    if isinstance(node, Call) and is_call(node, "subtract") and number(node.inputs[0]) == 1:
        power = node.inputs[1]
        return isinstance(power, Call) and is_call(power, "power") and all(number(x) is not None for x in power.inputs)
    return False


@misconception(of="value", ops=["divide", "adam", "adamw"])
def bias_correction_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """The correction of Adam's averages for their start from 0 is left out.

    Why it is wrong: the averages begin at 0 and are too small at first; dividing by 1 - b**t makes up for it.
    How to see it: at the first step the corrected averages are the gradient and its square.
    """
    hat = root(place.quantity.name).rpartition(".")[2] in ("m_hat", "v_hat")
    if is_call(call, "divide") and (_is_correction(call.inputs[1]) or (hat and call is place.quantity.body)):
        yield Instead(call.inputs[0])
    elif call.op.name in OPTIMISERS and call.options["bias_correction"]:
        yield Instead(recalled(call, bias_correction=False))


@misconception(of="value", ops=["divide"])
def bias_correction_without_the_power(call: Call, place: Place) -> Iterator[Instead]:
    """Adam's averages are divided by 1 - b at every step, without the power: 1 - b**t.

    Why it is wrong: the correction fades as the averages fill: at step t it divides by 1 - b**t.
    How to see it: at later steps the corrected average must be near the average itself.
    """
    below, step = call.inputs[1], step_number(place.quantity.name)
    known = number(below)
    hat = root(place.quantity.name).rpartition(".")[2] in ("m_hat", "v_hat")
    if isinstance(below, Call) and _is_correction(below) and isinstance(below.inputs[1], Call):
        base, power = below.inputs[1].inputs
        if number(power) != 1:
            yield Instead(call.inputs[0] / (1 - base))
    elif hat and known is not None and 0 < known < 1 and step is not None and step > 1:
        yield Instead(call.inputs[0] / (1 - (1 - known) ** (1 / step)))


@misconception(of="value", ops=["sgd"])
def momentum_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """The step is one of plain gradient descent: the velocity of the step before is left out.

    Why it is wrong: with momentum the weights keep a share of their last velocity.
    How to see it: the step divided by the learning rate is the gradient itself.
    """
    if call.options["momentum"] and "velocity" in call.names:
        plain: Mapping[str, Any] = {"dampening": 0.0, "nesterov": False, "form": "sum"}
        yield Instead(recalled(call, velocity=None, momentum=0.0, **plain))


@misconception(of="value", ops=["add", "sgd", "adam", "adamw", "nadam", "adamax", "adagrad", "rmsprop"])
def weight_decay_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """The weight decay is left out: the gradient, or the step, is that of the loss alone.

    Why it is wrong: weight decay adds a multiple of the weight itself to its gradient, or shrinks the weight beside the
    step.
    How to see it: a weight whose gradient is 0 must still shrink.
    """
    if call.op.name in OPTIMISERS:
        if call.options.get("weight_decay"):
            yield Instead(recalled(call, weight_decay=0.0))
    else:
        gradient, decay = call.inputs
        if isinstance(decay, Call) and is_call(decay, "multiply") and number(decay.inputs[0]) is not None:
            known = named(gradient)
            if (
                known is not None
                and known.name.startswith("grad(")
                and weight_in(decay.inputs[1], place.problem) is not None
            ):
                yield Instead(gradient)
