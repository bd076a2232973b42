"""Recurrent cells done wrong: the gates, the states and the weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from hwcheck.graph.node import Call, Node, Quantity
from hwcheck.graph.rewrite import replaced, within
from hwcheck.misconceptions.anew import (
    anew,
    beside,
    calls_in,
    inputs_of,
    is_op,
    line_of,
    number,
    opened,
    product_of,
    redone,
    swapped_blocks,
    zeros,
)
from hwcheck.misconceptions.catalogue import is_gradient
from hwcheck.misconceptions.misconception import Instead, Place, misconception

GRU = ("gru_cell", "gru")
GATED = ("lstm_cell", "lstm", *GRU)
CELLS = ("rnn_cell", "rnn", *GATED)
ACTIVATIONS = ("sigmoid", "tanh", "relu", "hardsigmoid")
STACKED = ("w_ih", "w_hh", "b_ih", "b_hh")
WORDS = {
    "i": "input gate",
    "f": "forget gate",
    "g": "candidate",
    "o": "output gate",
    "r": "reset gate",
    "z": "update gate",
    "n": "candidate",
}


def _order(call: Call) -> str:
    """The letters of the blocks of a cell's weights, in their order."""
    order = str(call.options["order"])
    return order.replace("f", "") if call.options.get("coupled") else order


@misconception(of="quantity")
def gates_swapped(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """Two gates of the cell have changed places: one is used, or computed, where the other belongs.

    Why it is wrong: each gate has its own block of the weights and its own place: the forget gate multiplies the old
    state, the input gate the candidate, the output gate what goes out.
    How to see it: write the name of its gate beside each block of rows, in the order that the problem states.
    """
    step = quantity.name.rpartition(".")[2]
    for first, second in (*combinations("ifgo", 2), *combinations("rzn", 2)):
        if step.startswith("z_") and step[2:3] not in (first, second):
            continue  # its block of the weights stays where it is
        detail = f"{WORDS[first]} and {WORDS[second]}"
        for node in redone(place, GATED, lambda call, pair=(first, second): _with_blocks_swapped(call, *pair)):  # type: ignore[misc]
            yield Instead(node, detail)
    yield from _confused_gates(place)
    yield from _confused_parts(place)


def _confused_parts(place: Place) -> Iterator[Instead]:
    """A gate made of the part of the stacked sums that is another gate's."""
    body = place.quantity.body
    if body is None or not is_op(body, *ACTIVATIONS) or is_gradient(place.problem, place.quantity):
        return
    for part in calls_in(body, ["getitem"]):
        for other, call in beside(place, part):
            yield Instead(replaced(body, {part: call}), f"{other.name}'s part")


def _with_blocks_swapped(call: Call, first: str, second: str) -> Mapping[str, Any] | None:
    order = _order(call)
    if first not in order or second not in order or call.options.get("bidirectional"):
        return None
    at = order.index(first), order.index(second)
    return {name: swapped_blocks(node, len(order), *at) for name, node in inputs_of(call).items() if name in STACKED}


def _is_gate(node: Node) -> bool:
    return isinstance(node, Quantity) and is_op(opened(node), "sigmoid", "tanh")


def _siblings(place: Place, gate: Quantity) -> list[Quantity]:
    """The other gates of the same cell and time step that are lines or steps of the network."""
    quantities = place.problem.quantities.values()
    alike = [other for other in quantities if other is not gate and _cell(other.name) == _cell(gate.name)]
    return [other for other in alike if other.shape == gate.shape and _is_gate(other)]


def _cell(name: str) -> tuple[str, str]:
    """The line and the time step in a gate's name: h1 of h1.i, [2] of f[2], and 3 of o3."""
    line, _, step = name.rpartition(".")
    return line, step.lstrip("_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _confused_gates(place: Place) -> Iterator[Instead]:
    """A gate that is a line or a step of its own, with another in its place."""
    body = place.quantity.body
    if body is None or is_gradient(place.problem, place.quantity) or not any(map(product_of, within(body))):
        return
    here = set(within(body))
    leaves = [quantity for quantity in place.problem.quantities.values() if quantity in here and _is_gate(quantity)]
    products = [set(factors) for factors in map(product_of, within(body)) if factors is not None]
    for gate in leaves:
        for other in _siblings(place, gate):
            both = other in leaves
            if both and (leaves.index(other) < leaves.index(gate) or {gate, other} in products):
                continue
            changes: dict[Node, Node] = {gate: other, other: gate} if both else {gate: other}
            words = f"{gate.name} and {other.name}" if both else f"{other.name} for {gate.name}"
            yield Instead(replaced(body, changes), words)


@misconception(of="value", ops=["lstm_cell"])
def cell_state_given_out(call: Call, place: Place) -> Iterator[Instead]:
    """The cell state c is given out as the hidden state h.

    Why it is wrong: h is what the output gate lets out: o * tanh(c).
    How to see it: a hidden state of an LSTM always lies between -1 and 1.
    """
    factors = product_of(call.body) if call.body is not None else None
    if factors is not None and is_op(factors[1], "tanh") and isinstance(factors[1], Call):
        yield Instead(factors[1].inputs[0], "c itself")
        yield Instead(factors[1], "tanh(c), without the output gate")


@misconception(of="value", ops=["multiply"])
def gate_turned_round(call: Call, place: Place) -> Iterator[Instead]:
    """A gate is turned round: 1 less the gate multiplies what the gate itself should.

    Why it is wrong: a gate of 1 lets everything through, a gate of 0 nothing; so a forget gate of 1 keeps all.
    How to see it: set the gate to 1 and see what is left.
    """
    first, second = call.inputs
    if isinstance(first, Quantity) and is_op(opened(first), "sigmoid"):
        yield Instead((1 - first) * second, first.name)
    if isinstance(second, Quantity) and is_op(opened(second), "sigmoid"):
        yield Instead(first * (1 - second), second.name)


@misconception(of="value", ops=["add"])
def shares_of_old_and_new_swapped(call: Call, place: Place) -> Iterator[Instead]:
    """The two shares are swapped: what z multiplies gets 1 - z, and the other gets z.

    Why it is wrong: the problem says which of the two z is the share of, such as the old state.
    How to see it: set z to 1 and see which of the two is left.
    """
    first, second = map(product_of, call.inputs)
    if first is None or second is None:
        return
    (a, x), (b, y) = first, second
    if _adds_up_to_one(a, b):
        yield Instead(b * x + a * y)


def _adds_up_to_one(a: Node, b: Node) -> bool:
    for one, other in ((a, b), (b, a)):
        if is_op(one, "subtract") and isinstance(one, Call) and number(one.inputs[0]) == 1 and one.inputs[1] is other:
            return True
    return False


@misconception(of="quantity")
def reset_gate_at_the_wrong_place(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The reset gate multiplies the state before its product with the weights, not after it, or the reverse.

    Why it is wrong: r * (W h + b) and W (r * h) + b are different numbers; the problem says which of them it has.
    How to see it: look whether the bias is multiplied by the reset gate too.
    """

    def other(call: Call) -> Mapping[str, Any]:
        return {"reset": "before" if call.options["reset"] == "after" else "after"}

    if line_of(place) is None or ".z_n" in quantity.name:
        for node in redone(place, GRU, other):
            yield Instead(node)


@misconception(of="quantity")
def reset_gate_left_out(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The reset gate is left out of the candidate of a GRU.

    Why it is wrong: the candidate sees of the old state only what the reset gate lets through.
    How to see it: with a reset gate of 0 the old state must not have any effect on the candidate.
    """
    line = line_of(place)
    if line is not None and is_op(line[1], *GRU) and quantity.body is not None and ".z_n" in quantity.name:
        for node in within(quantity.body):
            factors = product_of(node)
            if factors is not None and isinstance(factors[0], Quantity) and ".r" in factors[0].name:
                yield Instead(replaced(quantity.body, {node: factors[1]}))


@misconception(of="quantity")
def cell_begun_anew(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The cell begins anew: the hidden state, or the cell state, of the step before is taken as 0.

    Why it is wrong: the cell's input has two parts: that of the step and the state that the step before has left.
    How to see it: with another state before, the result must be another.
    """
    if line_of(place) is not None:
        return  # in a step of the cell it is a term that is left out
    for name, detail in (("hx", "the hidden state"), ("cx", "the cell state")):
        for node in redone(place, CELLS, lambda call, name=name: _without_state(call, name)):  # type: ignore[misc]
            yield Instead(node, detail)


def _without_state(call: Call, name: str) -> Mapping[str, Any] | None:
    state = inputs_of(call).get(name)
    return None if state is None or number(state) == 0 else {name: zeros(state)}


@misconception(of="quantity")
def weights_of_input_and_state_swapped(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The weights of the input and those of the state before have changed places.

    Why it is wrong: each has a matrix of its own: W for the input of the step, U for the state.
    How to see it: write the name of the vector beside each matrix.
    """

    def swapped(call: Call) -> Mapping[str, Any]:
        given = inputs_of(call)
        return {"w_ih": given["w_hh"], "w_hh": given["w_ih"]}

    for node in redone(place, CELLS, swapped):
        yield Instead(node)
    if quantity.body is None or is_gradient(place.problem, quantity) or line_of(place) is not None:
        return
    for node in within(quantity.body):
        if is_op(node, "add") and isinstance(node, Call) and all(is_op(term, "matmul") for term in node.inputs):
            products = [term.inputs for term in node.inputs if isinstance(term, Call)]
            yield from _weights_exchanged(quantity.body, node, products)


def _weights_exchanged(body: Node, node: Call, products: list[tuple[Node, ...]]) -> Iterator[Instead]:
    """``A @ y + B @ x``, or with the weights behind ``x @ B + y @ A``, for the sum of A @ x and B @ y."""
    (a, b), (c, d) = products
    if a.shape == c.shape and len(a.shape) == 2 and len(b.shape) == 1 and a is not c:
        yield Instead(replaced(body, {node: c @ b + a @ d}))
    elif b.shape == d.shape and len(b.shape) == 2 and a.shape == c.shape and b is not d:
        yield Instead(replaced(body, {node: a @ d + c @ b}))


@misconception(of="value", ops=["embedding"])
def row_counted_from_one(call: Call, place: Place) -> Iterator[Instead]:
    """The row beside the one that is named is taken from the table, because rows are counted from 1.

    Why it is wrong: here words and rows are counted from 0: word 2 has the third row.
    How to see it: write the number of each row beside it, beginning with 0.
    """
    given = inputs_of(call)
    yield Instead(anew(call, input=given["input"] - 1), "the row before")
    yield Instead(anew(call, input=given["input"] + 1), "the row behind")
