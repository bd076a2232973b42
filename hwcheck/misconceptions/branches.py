"""Sums with a term left out: paths of the gradient, steps in time, the state before, the way around a block."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import reduce
from operator import mul

import numpy as np

from hwcheck.graph.differentiate import Share
from hwcheck.graph.node import Call, Constant, Node, Quantity, order
from hwcheck.graph.rewrite import replaced
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.misconceptions.parts import (
    is_bias,
    is_call,
    is_identity,
    is_update,
    leaves,
    named,
    number,
    root,
    siblings,
    step_number,
    summands,
    told,
)
from hwcheck.misconceptions.way_back import Term
from hwcheck.ops.reductions import broadcast_to

MOST_TERMS = 12


def _whole(node: Node, like: Node) -> Node:
    return node if node.shape == like.shape else broadcast_to(node, like.shape)


@misconception(of="gradient")
def branch_left_out(share: Share, place: Place) -> Iterator[Instead]:
    """One of the paths that lead back is left out: the gradient is a sum, and one of its parts is missing.

    Why it is wrong: what is used in several places gets a gradient from each of them: the hidden state from its output
    and from the next step, the input of a residual block from the block and from the way around it.
    How to see it: mark every place where the quantity is used; each needs its own term.
    """
    if siblings(share, place):
        yield Instead(Constant(np.zeros(share.input.shape)), told(share.call))


@misconception(of="gradient", rare=True)
def branch_counted_twice(share: Share, place: Place) -> Iterator[Instead]:
    """One of the paths that lead back is counted twice.

    Why it is wrong: each use of a quantity sends its gradient back once.
    How to see it: mark every place where the quantity is used; each has one term.
    """
    written = [known for known in map(number, share.call.inputs) if known is not None]
    if siblings(share, place) and not written:
        yield Instead(2 * share.node, told(share.call))


@misconception(of="quantity")
def only_one_branch(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """Only one of several paths that lead back is followed, such as the longest one or the last step in time.

    Why it is wrong: what is used in several places gets a gradient from each of them, and all of them add up.
    How to see it: a weight that every time step uses has a share from every time step.
    """
    terms = [] if place.step is None else list(place.step.terms)
    if len(terms) >= 3 or (len(terms) == 2 and not all(term.share for term in terms)):
        for term in _at_the_ends(terms):
            shown = told(term.node if term.share is None else term.share.call)
            yield Instead(term.node, f"only {shown}" if shown else f"only part {terms.index(term) + 1}")


def _at_the_ends(terms: list[Term]) -> list[Term]:
    """The first and the last of many terms, which are the ones that are remembered alone, or forgotten."""
    half = MOST_TERMS // 2
    return terms if len(terms) <= MOST_TERMS else [*terms[:half], *terms[-half:]]


@misconception(of="quantity")
def step_left_out(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The share of one time step is left out of the sum.

    Why it is wrong: a weight that every step uses has a share of the gradient from every step.
    How to see it: count the terms; there must be as many as there are steps.
    """
    terms = [] if place.step is None else list(place.step.terms)
    if len(terms) >= 3:
        for left_out in _at_the_ends([term for term in terms if term.share is None]):
            first, *others = (term.node for term in terms if term is not left_out)
            yield Instead(sum(others, start=first), told(left_out.node))


@misconception(of="quantity")
def steps_averaged(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The mean of the shares of the time steps is taken, where they must be added.

    Why it is wrong: a weight that every step uses gets a share of the gradient from each of them, and shares add up.
    How to see it: the result is too small by the number of steps.
    """
    terms = [] if place.step is None else list(place.step.terms)
    if len(terms) >= 2 and all(term.share is None for term in terms) and quantity.body is not None:
        yield Instead(quantity.body / len(terms))


@misconception(of="quantity", rare=True)
def branches_multiplied(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The gradients of several paths are multiplied, where they must be added.

    Why it is wrong: derivatives are multiplied along one path, and added over different paths.
    How to see it: if nothing comes back on one path, the gradient of the other must be left, not 0.
    """
    terms = [] if place.step is None else [term.node for term in place.step.terms]
    if 2 <= len(terms) <= 4:
        yield Instead(reduce(mul, terms))


def _is_average_of_old(term: Node, quantity: Quantity) -> bool:
    """Whether a term is a share of what the quantity was a step before: ``0.9 * m[k-1]``."""
    if not isinstance(term, Call) or not is_call(term, "multiply") or number(term.inputs[0]) is None:
        return False
    old = named(term.inputs[1])
    return old is not None and (_is_before(old, quantity) and root(old.name) == root(quantity.name))


def _is_before(leaf: Quantity, quantity: Quantity) -> bool:
    """Whether a quantity is of an earlier step than another."""
    mine, its = step_number(quantity.name), step_number(leaf.name)
    return mine is not None and its is not None and its < mine


def _is_previous_state(term: Node, place: Place) -> bool:
    """Whether a term carries the state of the step before through a weight: ``U @ h[t-1]``."""
    inside = leaves(term)
    return (
        is_call(term, "matmul", "multiply")
        and any(leaf.name in place.problem.weights for leaf in inside)
        and any(_is_before(leaf, place.quantity) and leaf.name not in place.problem.weights for leaf in inside)
    )


def _is_skip(term: Node, rest: Node, place: Place) -> bool:
    """Whether a term goes around what the rest of the sum is computed from it: x of ``x + f(x)``."""
    if not isinstance(term, Quantity) or term.name in place.problem.weights or term.name.startswith("grad("):
        return False
    return term in order([rest])


@misconception(of="value", ops=["add", "subtract"])
def term_of_the_formula_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """One term of the sum is left out.

    Why it is wrong: every term of the formula counts: a penalty beside the error, the second class beside the first.
    How to see it: the result is off by exactly that term.
    """
    if is_update(call, place) or (call.op.name == "subtract" and number(call.inputs[0]) is not None):
        return
    for term, rest, _ in summands(call):
        own = (
            is_bias(term, rest, place.problem)
            or _is_average_of_old(term, place.quantity)
            or _is_previous_state(term, place)
            or _is_skip(term, rest, place)
            or is_identity(term)
        )
        if not own and number(term) is None:
            yield Instead(_whole(rest, call), told(term))


@misconception(of="value", ops=["add"])
def previous_state_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """The hidden state of the step before is left out.

    Why it is wrong: a recurrent layer sees its new input and its own last state; without the state it has no memory.
    How to see it: only the first step is right, if the state begins with zeros.
    """
    for term, rest, _ in summands(call):
        if _is_previous_state(term, place):
            yield Instead(_whole(rest, call))


@misconception(of="value", ops=["add"])
def skip_connection_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """The input of a residual block is not added to the block's output.

    Why it is wrong: a residual block is x + f(x): its input goes around it unchanged.
    How to see it: the result is off by exactly x.
    """
    for term, rest, _ in summands(call):
        if _is_skip(term, rest, place) and not is_update(call, place):
            yield Instead(_whole(rest, call))


@misconception(of="value", ops=["add", "subtract"])
def old_average_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """What was carried over from the step before is left out: the old velocity, or the old average.

    Why it is wrong: momentum keeps a share of the old velocity, and a running average a share of its old value; only
    the rest is new.
    How to see it: the result is off by that share of the old numbers.
    """
    for term, rest, subtracted in summands(call):
        if _is_average_of_old(term, place.quantity) and not subtracted:
            yield Instead(_whole(rest, call))
            if isinstance(rest, Call) and is_call(rest, "multiply") and number(rest.inputs[0]) is not None:
                yield Instead(_whole(rest.inputs[1], call), "and the share of the new")


@misconception(of="quantity")
def another_step_used(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The value of the step before, or of the next one, is used.

    Why it is wrong: each time step has its own input and starts from the state that the step just before it left.
    How to see it: write the index beside every number that goes in.
    """
    body = quantity.body
    if body is None or place.step is not None:
        return
    inside = leaves(body)
    roots = {root(name) for name in place.problem.weights}
    for leaf in inside:
        at = None if root(leaf.name) in roots else step_number(leaf.name)
        for other in () if at is None else dict.fromkeys((at - 1, at + 1, 0)):
            known = place.problem.quantities.get(re.sub(r"-?\d+\]$", f"{other}]", leaf.name))
            if known is not None and known.shape == leaf.shape and known not in (quantity, *inside):
                yield Instead(replaced(body, {leaf: known}), known.name)
