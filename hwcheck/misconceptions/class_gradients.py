"""Gradients of a cross-entropy that is made of probabilities: p - t in the logits, its factor and its target."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from hwcheck.graph.node import Call, Constant, Node, Quantity
from hwcheck.misconceptions.anew import anew, calls_in, inputs_of, is_op, opened, part_along, zeros
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.misconceptions.parts import leaves, number, samples
from hwcheck.ops.arithmetic import where
from hwcheck.ops.assembly import concatenate
from hwcheck.ops.losses_classes import one_hot
from hwcheck.ops.reductions import sum as total

__all__ = ["LOGARITHMS", "Met", "met_targets", "moved_classes", "moved_labels"]

LOGARITHMS = ("log", "xlogy")


class Met(NamedTuple):
    """Probabilities, the targets that meet them in a loss, and the number of samples that the loss divides by.

    ``t`` has the shape of ``p``; it is a quantity where the targets are given in that form, else made of class indices.
    ``axis`` is that of the classes.
    """

    p: Quantity
    t: Node
    divisor: int
    axis: int


def met_targets(place: Place, z: Node) -> Iterator[Met]:
    """The probabilities that are made of z by a softmax or a sigmoid, with what meets them in a line of the network."""
    problem = place.problem
    lines = [problem.quantities[name] for name in problem.lines]
    for p in lines:
        made = opened(p)
        if not is_op(made, "softmax", "sigmoid") or not isinstance(made, Call) or made.inputs[0] is not z:
            continue
        axis = int(made.options.get("axis", -1))
        for line in lines:
            if line.body is None or p not in leaves(line.body) or not calls_in(line.body, LOGARITHMS):
                continue
            for t in _targets(place, line.body, p):
                yield Met(p, t, _divided_by(line.body), axis)


def _targets(place: Place, body: Node, p: Quantity) -> Iterator[Node]:
    given = [t for t in leaves(body) if t.name in place.problem.inputs and t.shape == p.shape]
    yield from given
    for call in calls_in(body, ["class_entry"]):
        x = inputs_of(call)["x"]
        if x is p or (is_op(x, "log") and isinstance(x, Call) and x.inputs[0] is p):
            rank, axis = len(p.shape), call.options["axis"] % len(p.shape)
            yield one_hot(inputs_of(call)["labels"], p.shape[axis], axis=axis if axis < rank - 1 else -1)
    logs = [call.inputs[0] for call in calls_in(body, ["log"])]
    chosen = [x.options["index"] for x in logs if isinstance(x, Call) and is_op(x, "getitem") and x.inputs[0] is p]
    if chosen and len(chosen) == len(logs) and all(isinstance(i, int) for index in chosen for i in index):
        hot = np.zeros(p.shape)
        for index in chosen:
            hot[index] = 1.0
        yield Constant(hot)


def _divided_by(body: Node) -> int:
    """The number of samples that a loss divides by."""
    calls = calls_in(body, ["divide"])
    of_sums = [samples(call) for call in calls]
    written = [number(call.inputs[1]) for call in calls if calls_in(call.inputs[0], LOGARITHMS)]
    whole = [int(value) for value in written if value and value.is_integer()]
    return next((divisor for divisor in (*of_sums, *whole) if divisor), 1)


def moved_classes(t: Node, step: int, axis: int, round_the_end: bool) -> Node:
    """Targets of the classes beside those that are named, of class indices, of numbers or of given rows.

    Beside the first or the last class there is none, or it is the one at the other end, as for index -1 in Python.
    """
    length, at = t.shape[axis], axis % len(t.shape)
    if is_op(t, "one_hot") and isinstance(t, Call):
        return anew(t, x=moved_labels(inputs_of(t)["x"], step, length, round_the_end))
    parts = []
    for i in range(length):
        part = part_along(t, at, (i - step) % length, (i - step) % length + 1)
        parts.append(part if round_the_end or 0 <= i - step < length else zeros(part))
    return concatenate(parts, axis=axis)


def moved_labels(labels: Node, step: int, length: int, round_the_end: bool) -> Node:
    """The numbers of the classes beside those that are named, of so many."""
    moved = labels + step
    if not round_the_end:
        return moved
    ends = moved < 0 if step < 0 else moved >= length
    return where(ends, moved - length * step, moved)


@misconception(of="quantity")
def cross_entropy_gradient_scaled_wrongly(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The gradient p - t of the cross-entropy has the wrong factor: the 1/N of a mean is left out, or one too many.

    Why it is wrong: p - t is the gradient of the sum over the samples that have a target; a mean over N brings 1/N.
    How to see it: compare with the loss: divide by the number that it divides by, and leave out what it leaves out.
    """
    if place.step is None:
        return
    for p, t, divisor, axis in met_targets(place, place.step.of):
        softmax = bool(p.shape) and not is_op(opened(p), "sigmoid")
        given = isinstance(t, Quantity)
        right = (total(t, axis=axis, keepdims=True) * p if softmax and given else p) - t
        for other in sorted({1, divisor, p.size, *p.shape} - {divisor}):
            yield Instead(right / other, f"by {other}" if other > 1 else "not divided")
        if softmax and given:
            yield Instead((p - t) / divisor, "also where there is no target")
