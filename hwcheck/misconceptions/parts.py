"""What the misconceptions look for in an expression: numbers, biases, counts, updates; and how they tell of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from hwcheck.graph.differentiate import Share
from hwcheck.graph.node import Call, Constant, Node, Quantity, Use, needs, order
from hwcheck.graph.rewrite import within
from hwcheck.language.printer import to_text
from hwcheck.misconceptions.misconception import Place
from hwcheck.problem.model import Problem

__all__ = [
    "is_bias",
    "is_call",
    "is_identity",
    "is_update",
    "is_written",
    "learning_rate",
    "leaves",
    "named",
    "number",
    "recalled",
    "rectified",
    "root",
    "same_shape",
    "samples",
    "siblings",
    "stem",
    "step_number",
    "summands",
    "told",
    "weight_in",
    "weights",
]

MOST_OTHERS = 8  # quantities that are tried in place of another
LONGEST_TOLD = 40
TINY = 1e-3
_SAME_NUMBERS = frozenset({"reshape", "broadcast_to", ".T", "transpose", "flatten"})
_PRODUCTS = frozenset({"matmul", "multiply", "einsum", "conv1d", "conv2d", "conv3d"})
OPTIMISERS = frozenset({"sgd", "adam", "adamw", "nadam", "adamax", "adagrad", "rmsprop", "adadelta"})


def number(node: Node) -> float | None:
    """The value of a single number that is written down."""
    return float(node.value) if isinstance(node, Constant) and not node.shape else None


def is_call(node: Node, *names: str) -> bool:
    """Whether a node is a call of one of the ops."""
    return isinstance(node, Call) and node.op.name in names


def rectified(call: Call) -> Node | None:
    """What a call sets to 0 where it is negative: x of ``relu(x)``, ``maximum(0, x)`` and ``where(x > 0, x, 0)``."""
    if call.op.name == "relu":
        return call.inputs[0]
    if call.op.name == "maximum":
        first, second = call.inputs
        return second if number(first) == 0 else first if number(second) == 0 else None
    if call.op.name != "where" or not isinstance(call.inputs[0], Call):
        return None
    condition, first, second = call.inputs
    assert isinstance(condition, Call)  # noqa: S101  just asked
    if not condition.inputs or number(condition.inputs[-1]) != 0:
        return None
    if is_call(condition, "greater", "greater_equal"):
        return first if first is condition.inputs[0] and number(second) == 0 else None
    lower = is_call(condition, "less", "less_equal") and second is condition.inputs[0] and number(first) == 0
    return second if lower else None


def is_identity(node: Node) -> bool:
    """Whether a node is the identity matrix, written down."""
    square = isinstance(node, Constant) and len(node.shape) == 2 and node.shape[0] == node.shape[1] > 1
    return is_call(node, "eye") or (square and bool(np.array_equal(node.value, np.eye(node.shape[0]))))  # type: ignore[attr-defined]


def is_written(node: Node) -> bool:
    """Whether a node depends on nothing but numbers that are written down."""
    leaves = [leaf for leaf in order([node]) if not needs(leaf)]
    return all(not isinstance(leaf, Quantity) for leaf in leaves)


def told(node: Node) -> str:
    """An expression as a detail; nothing where it is too long to read at a glance."""
    text = to_text(node)
    return text if len(text) <= LONGEST_TOLD else ""


def named(node: Node) -> Quantity | None:
    """The quantity that a node has the numbers of, in whatever shape."""
    while isinstance(node, Call) and node.op.name in _SAME_NUMBERS:
        node = node.inputs[0]
    if isinstance(node, Use):
        return node.of
    return node if isinstance(node, Quantity) else None


def leaves(node: Node) -> list[Quantity]:
    """The quantities in an expression; of the uses of one in steps of a repetition, that one itself."""
    found = (leaf.of if isinstance(leaf, Use) else leaf for leaf in within(node) if isinstance(leaf, Quantity))
    return list(dict.fromkeys(found))


def root(name: str) -> str:
    """A name without its index: h of h[2]."""
    return name.partition("[")[0]


def stem(name: str) -> str:
    """A name without the number of its step: h of h[2], w of w1."""
    return re.sub(r"(\[[^\[]*\]|\d+)$", "", name)


def step_number(name: str) -> int | None:
    """The last number in the index of a name: 2 of h[2]."""
    found = re.search(r"(-?\d+)\]$", name)
    return int(found[1]) if found else None


def weight_in(node: Node, problem: Problem) -> Quantity | None:
    """The weight that a node has the numbers of."""
    quantity = named(node)
    return quantity if quantity is not None and quantity.name in problem.weights else None


def is_bias(node: Node, other: Node, problem: Problem) -> bool:
    """Whether a node, which is added to another, is a bias: a weight that is added to a product.

    The product may stand in a line before, of which the other node has the entries, or their sums.
    """
    if weight_in(node, problem) is None:
        return False
    inside = within(other)
    before = named(other.inputs[0] if isinstance(other, Call) and is_call(other, "sum") else other)
    if before is not None and before.body is not None and before.name in problem.lines:
        inside = [*inside, *within(before.body)]
    gradients = any(isinstance(leaf, Quantity) and leaf.name.startswith("grad(") for leaf in inside)
    return not gradients and any(is_call(call, *_PRODUCTS) for call in inside)


def is_update(call: Call, place: Place) -> bool:
    """Whether a call takes a step from a weight: ``W - lr * grad(W)``."""
    if call.op.name not in ("add", "subtract") or call.inputs[0].shape != call.inputs[1].shape:
        return False
    body = place.quantity.body
    if isinstance(body, Call) and body.op.name in OPTIMISERS:
        return call is body.body
    old = named(call.inputs[0])
    if old is None or call is not body or weight_in(call.inputs[1], place.problem) is not None:
        return False
    weights_ = place.problem.weights
    numbered = stem(old.name) == stem(place.quantity.name) != old.name  # w2 of w1, in lines of their own
    if numbered and stem(old.name) in {stem(name) for name in weights_}:
        return True
    return root(old.name) in {root(name) for name in weights_} and not is_bias(
        call.inputs[0], call.inputs[1], place.problem
    )


def learning_rate(call: Call, place: Place) -> tuple[float, Node] | None:
    """The learning rate of a product ``lr * g``, and what it multiplies."""
    if not is_call(call, "multiply") or number(call.inputs[0]) is None:
        return None
    rate, step = number(call.inputs[0]), call.inputs[1]
    body = place.quantity.body
    assert body is not None  # noqa: S101  the call stands in it
    of_update = any(isinstance(node, Call) and is_update(node, place) and _heads(node, call) for node in within(body))
    velocity = any(leaf.name.startswith("grad(") for leaf in [named(step)] if leaf is not None)
    return (rate, step) if rate and rate != 1 and (of_update or velocity) else None


def _heads(update: Call, call: Call) -> bool:
    """Whether a product stands at the front of the step of an update."""
    step = update.inputs[1]
    while is_call(step, "divide", "negative"):
        step = step.inputs[0]  # type: ignore[attr-defined]  # it is a call
    return step is call


def samples(call: Call) -> int | None:
    """The number by which a sum is divided to make it a mean."""
    if call.op.name != "divide":
        return None
    above, below = call.inputs
    while is_call(above, "negative", "multiply"):
        above = above.inputs[-1]  # type: ignore[attr-defined]  # it is a call
    count = number(below)
    return int(count) if count and count > 1 and count.is_integer() and is_call(above, "sum") else None


def summands(call: Call) -> Iterator[tuple[Node, Node, bool]]:
    """The two terms of a sum or difference, each with what is left without it, and whether it is subtracted.

    The first term of a longer sum is a sum itself and is left to its own call.
    """
    first, second = call.inputs
    if any(abs(number(term) or 1) < TINY for term in call.inputs):
        return  # an epsilon beside a divisor
    minus = call.op.name == "subtract"
    if not is_call(first, "add", "subtract"):
        yield first, -second if minus else second, False
    yield second, first, minus


def siblings(share: Share, place: Place) -> int:
    """How many other parts a gradient has to which a share is sent."""
    if place.step is None:
        return 0
    if share.input is place.step.of:
        return len(place.step.terms) - 1
    return sum(other.input is share.input for other in place.step.shares) - 1


def same_shape(quantity: Quantity, others: Iterable[Quantity]) -> list[Quantity]:
    """Those of the others that have its shape, in their order: not too many, and those that stand near it."""
    listed = list(others)
    own = listed.index(quantity) if quantity in listed else 0
    fitting = [i for i, other in enumerate(listed) if other.shape == quantity.shape and other is not quantity]
    near = sorted(fitting, key=lambda i: abs(i - own))[:MOST_OTHERS]
    return [listed[i] for i in sorted(near)]


def weights(problem: Problem) -> list[Quantity]:
    """The weights of a problem."""
    return [problem.quantities[name] for name in problem.weights]


def recalled(call: Call, **changes: Any) -> Node:
    """The call with some inputs or options changed; an input that is None is left out."""
    given: dict[str, Any] = {**dict(zip(call.names, call.inputs, strict=True)), **call.options, **changes}
    tensors = {parameter.name for parameter in call.op.parameters if parameter.kind == "tensor"}
    return call.op(**{name: value for name, value in given.items() if value is not None or name not in tensors})
