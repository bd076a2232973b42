"""Derivatives through several steps of one line: a softmax that is written out, the jacobian over time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import pairwise

import numpy as np

from hwcheck.graph.differentiate import adjoints
from hwcheck.graph.node import Call, Constant, Node, Quantity
from hwcheck.misconceptions.anew import is_op, opened
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.misconceptions.parts import root, step_number
from hwcheck.ops.arrays import reshape
from hwcheck.ops.assembly import stack
from hwcheck.ops.reductions import sum as total

MOST_STEPS = 4


def _written_softmax(place: Place, of: Quantity) -> Iterator[tuple[Quantity, Call]]:
    """The lines that are exp(z) divided by the sum of exp(z), with that sum."""
    for p in place.problem.quantities.values():
        quotient = p.body
        if not isinstance(quotient, Call) or not is_op(quotient, "divide"):
            continue
        above, below = quotient.inputs
        e = opened(above)
        summed = isinstance(below, Call) and is_op(below, "sum") and opened(below.inputs[0]) is e
        if isinstance(below, Call) and summed and isinstance(e, Call) and is_op(e, "exp") and e.inputs[0] is of:
            yield p, below


@misconception(of="quantity")
def derivative_of_a_written_softmax(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """A softmax that is written as exponentials by their sum is differentiated as if each stood alone, or by half.

    Why it is wrong: every logit stands in the sum below the line too: with the cross-entropy the gradient is p - t.
    How to see it: the gradient in the logits must add up to 0 for each sample.
    """
    if place.step is None:
        return
    for p, below in _written_softmax(place, place.step.of):
        g = place.problem.gradients.get(p.name)
        if g is None:
            continue
        inner = total(g * p, **below.options)
        yield Instead(g * p * (1 - p), "the diagonal alone")
        yield Instead(g * p, "without the sum")
        yield Instead(-inner * p, "the target is left out")
        yield Instead(g, "left out")


@misconception(of="quantity")
def jacobian_of_a_chain(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The jacobian over several steps is that of one step alone, or its factors stand in the wrong order.

    Why it is wrong: by the chain rule it is the product of the jacobians of all steps, the last step's on the left.
    How to see it: write one factor for each step between the two.
    """
    call = quantity.body
    if not isinstance(call, Call) or not is_op(call, "jacobian"):
        return
    y, x = call.inputs
    if not isinstance(y, Quantity) or not isinstance(x, Quantity) or len(y.shape) != 1 or y.shape != x.shape:
        return
    first, last = step_number(x.name), step_number(y.name)
    if first is None or last is None or root(x.name) != root(y.name) or not 2 <= last - first <= MOST_STEPS:
        return
    states = [place.problem.quantities.get(f"{root(y.name)}[{at}]") for at in range(first, last + 1)]
    known = [state for state in states if state is not None]
    if len(known) < len(states):
        return
    factors = [_jacobian(later, earlier) for earlier, later in pairwise(known)]
    yield Instead(factors[-1], "the last step alone")
    yield Instead(factors[0], "the first step alone")
    yield Instead(reduce(lambda a, b: a @ b, factors), "in the wrong order")


def _jacobian(y: Quantity, x: Quantity) -> Node:
    """The jacobian of one step, a row for each entry of y."""
    rows = []
    for position in range(y.size):
        unit = np.zeros(y.size)
        unit[position] = 1.0
        rows.append(adjoints({y: Constant(unit)})[x])
    return reshape(stack(rows), (y.size, x.size))
