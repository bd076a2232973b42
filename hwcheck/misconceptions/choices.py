"""The wrong one chosen: of two cases, of the larger and the smaller, and of what a limit lets through."""

from __future__ import annotations

from collections.abc import Iterator

from hwcheck.graph.node import Call
from hwcheck.misconceptions.anew import anew, calls_in, in_a_layer, inputs_of, is_op
from hwcheck.misconceptions.attention import hides
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.ops.arithmetic import maximum, minimum, where
from hwcheck.ops.reductions import largest, smallest


@misconception(of="value", ops=["where"])
def cases_confused(call: Call, place: Place) -> Iterator[Instead]:
    """The cases of a definition by cases are confused: one is used everywhere, or each where the other belongs.

    Why it is wrong: the condition decides for each entry by itself which of the two cases it is.
    How to see it: write beside each entry whether its condition holds, and then the case.
    """
    condition, first, second = call.inputs
    if hides(first) or hides(second) or calls_in(place.quantity.body or call, ["normalized_adjacency"]):
        return  # a mask of scores, or a graph, whose mistakes have names of their own
    yield Instead(where(condition, second, first), "each where the other belongs")
    yield Instead(where(1, first, second), "the first everywhere")
    yield Instead(where(0, first, second), "the second everywhere")


@misconception(of="value", ops=["maximum", "minimum", "max", "min"])
def smaller_for_larger(call: Call, place: Place) -> Iterator[Instead]:
    """The smaller is taken where the larger belongs, or the larger where the smaller belongs.

    Why it is wrong: max keeps the largest of its numbers, min the smallest.
    How to see it: compare the result with each of the numbers.
    """
    if in_a_layer(place, call):
        return
    if is_op(call, "maximum", "minimum"):
        yield Instead((minimum if is_op(call, "maximum") else maximum)(*call.inputs))
    else:
        yield Instead((smallest if is_op(call, "max") else largest)(*call.inputs, **call.options))


@misconception(of="value", ops=["clip"])
def limits_ignored(call: Call, place: Place) -> Iterator[Instead]:
    """The limits are ignored, or only one of them is kept.

    Why it is wrong: what is below the lower limit becomes that limit, and what is above the upper one becomes that.
    How to see it: no entry of the result may lie outside the limits.
    """
    low, high = (inputs_of(call).get(name, call.options.get(name)) for name in ("min", "max"))
    yield Instead(inputs_of(call)["x"], "both")
    if low is not None and high is not None:
        yield Instead(anew(call, min=None), "the lower one")
        yield Instead(anew(call, max=None), "the upper one")
