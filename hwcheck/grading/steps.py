"""The steps of a problem: what each quantity is computed from directly, as a student with the sheet before them does.

A step's expression ends at other quantities. It does so also where a part of it is what another quantity is computed
from: in ``grad(W) = outer(grad(h) * (h > 0), x)`` beside ``grad(b) = grad(h) * (h > 0)`` the student's own grad(b)
stands for that part, and the probabilities that were asked for stand for the softmax within a gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Mapping, Set
from functools import cached_property, partial

import numpy as np

from hwcheck.graph.evaluate import kernel
from hwcheck.graph.node import Array, Call, Constant, Node, Quantity, needs, order
from hwcheck.graph.rewrite import replaced
from hwcheck.ops.activations import sigmoid, softmax
from hwcheck.ops.functions import log
from hwcheck.ops.information import xlogy

__all__ = ["Expression", "Step", "Steps"]

GRID = 1e-3  # any place of the decimal system would do
ON_GRID = 1e-7


class Expression:
    """A body as a program over quantities: the same arithmetic as ``Plan``, with every inner value within reach.

    ``ends`` gives the quantity that stands for an inner node, if one does; ``known`` are the quantities at which it
    ends anyway.
    """

    def __init__(self, body: Node, ends: Mapping[Node, Quantity], known: Container[Quantity]) -> None:
        self.shape = body.shape

        def below(node: Node) -> tuple[Node, ...]:
            return () if node in ends or (isinstance(node, Quantity) and node in known) else needs(node)

        self.calls: list[Call] = []  # those that compute something, in order
        self._places: dict[Node, int] = {}
        self._constants: list[tuple[int, Array]] = []
        self._leaves: dict[Quantity, int] = {}
        self._program: list[tuple[Callable[..., Array], int, tuple[int, ...]]] = []
        self.slots = 0
        for node in order([body], below):
            self._places[node] = self._plan(node, ends, known)
        self._result = self._places[body]
        self.leaves = tuple(self._leaves)

    def _plan(self, node: Node, ends: Mapping[Node, Quantity], known: Container[Quantity]) -> int:
        if node in ends:
            return self._leaf(ends[node])
        if isinstance(node, Quantity) and (node in known or node.body is None):
            return self._leaf(node)
        if isinstance(node, (Call, Quantity)) and node.body is not None:
            return self._places[node.body]
        self.slots += 1
        if isinstance(node, Constant):
            self._constants.append((self.slots - 1, node.value[np.newaxis]))
        elif isinstance(node, Call):
            self.calls.append(node)
            inputs = tuple(self._places[input_] for input_ in node.inputs)
            self._program.append((kernel(node), self.slots - 1, inputs))
        return self.slots - 1

    def _leaf(self, quantity: Quantity) -> int:
        if quantity not in self._leaves:
            self._leaves[quantity] = self.slots
            self.slots += 1
        return self._leaves[quantity]

    def place(self, node: Node) -> int:
        """The slot of a node's value."""
        return self._places[node]

    def slot_of(self, leaf: Quantity) -> int:
        """The slot of a leaf's value."""
        return self._leaves[leaf]

    def run(self, values: Mapping[Quantity, Array], moved: Mapping[int, Array] | None = None) -> Array:
        """The value, ``(S, *shape)``, from those of the leaves; ``moved`` is added to the value in a slot."""
        return self.run_all(values, moved)[self._result]

    def run_all(self, values: Mapping[Quantity, Array], moved: Mapping[int, Array] | None = None) -> list[Array]:
        """The values of all slots."""
        slots: list[Array] = [_NOTHING] * self.slots
        for slot, constant in self._constants:
            slots[slot] = constant
        for leaf, slot in self._leaves.items():
            slots[slot] = values[leaf]
        with np.errstate(all="ignore"):
            for value, slot, inputs in self._program:
                result = value(*[slots[i] for i in inputs])
                slots[slot] = result if moved is None or slot not in moved else result + moved[slot]
        return slots

    def result(self, slots: list[Array]) -> Array:
        """The value among those of all slots."""
        return slots[self._result]


_NOTHING: Array = np.zeros(0)


class Step:
    """How one quantity follows from others: by ``body``, its own or that of a wrong step."""

    def __init__(
        self, quantity: Quantity, body: Node, ends: Mapping[Node, Quantity], reference: Mapping[Quantity, Array]
    ) -> None:
        self.quantity = quantity
        self.body = body
        self.ends = ends
        self.expression = Expression(body, ends, reference)
        self.reference = reference

    @property
    def parents(self) -> tuple[Quantity, ...]:
        """The quantities that it is computed from directly."""
        return self.expression.leaves

    @property
    def second_name_of(self) -> Quantity | None:
        """The quantity that this is another name of, as grad(b) may be grad(z)."""
        return self.parents[0] if not self.expression.calls and len(self.parents) == 1 else None

    def _like(self, leaf: Quantity) -> Array:
        """Numbers of three decimals as they may be in a quantity; what is not rounded keeps its own."""
        own = self.reference[leaf]
        if leaf.body is None or np.array_equal(own, np.round(own)):
            return own
        return np.asarray((np.arange(own.size) * 379 % 601 + 211).reshape(own.shape) * GRID, dtype=np.float64)

    @cached_property
    def rounded(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The slots of inner values that a student may round on the way: those before others, and those at the end.

        An inner value is rounded where it has more decimals than what it is computed from: a product has, a sum and a
        reshaped array have not. One with no further rounding behind it is the rounding of the step itself.
        """
        expression = self.expression
        slots = expression.run_all({leaf: self._like(leaf) for leaf in self.parents})
        rounds: dict[int, bool] = {}
        feeds: dict[int, set[int]] = {}
        on_grid = dict(enumerate(slots))
        with np.errstate(all="ignore"):
            for value, slot, inputs in expression._program:
                exact = value(*[on_grid[i] for i in inputs])
                on_grid[slot] = np.round(exact / GRID) * GRID
                off = np.abs(exact - on_grid[slot])
                rounds[slot] = bool(np.any(off[np.isfinite(off)] > ON_GRID))
                for i in inputs:
                    feeds.setdefault(i, set()).add(slot)
        before: list[int] = []
        last: list[int] = []
        reaches: dict[int, bool] = {}
        for slot in sorted(rounds, reverse=True):
            reaches[slot] = any(rounds[user] or reaches[user] for user in feeds.get(slot, ()))
            if rounds[slot]:
                (before if reaches[slot] else last).append(slot)
        end = expression.place(self.body)
        return tuple(before), tuple(slot for slot in last if slot != end)


class Steps:
    """The steps of a problem's quantities, each after those that it needs: ``in_order``.

    ``lines`` are those of the network, ``others`` the gradients and what is asked beside them: these may end at lines
    and at each other, a line ends at lines only. ``reference`` has the right value of every quantity, ``(1, *shape)``.
    """

    def __init__(
        self, lines: Iterable[Quantity], others: Iterable[Quantity], reference: Mapping[Quantity, Array]
    ) -> None:
        self._reference = reference
        self._same = _Same(reference)
        self._forward: dict[int, Quantity] = {}
        self._all: dict[int, Quantity] = {}
        self._lines = frozenset(lines)
        bodies = {quantity: by_hand(quantity.body) for quantity in (*lines, *others) if quantity.body is not None}
        for quantity, body in bodies.items():
            number = self._same.id(body)
            self._all.setdefault(number, quantity)
            if quantity in self._lines:
                self._forward.setdefault(number, quantity)
        self.in_order: tuple[Step, ...] = ()
        self._dependents: dict[Quantity, Set[Quantity]] = {}
        made = {quantity: self.instead(quantity, body) for quantity, body in bodies.items()}
        self.in_order = tuple(made[quantity] for quantity in _in_order(made))
        self._dependents = {}

    def instead(self, quantity: Quantity, body: Node) -> Step:
        """The step of a quantity if it is computed by ``body``, over the same quantities where it can be.

        None of them is computed from the quantity itself: minus the gradient of ``y - t`` in y is that in t, but not
        what a wrong sign is made of.
        """
        body = by_hand(body)
        behind = self._behind(quantity)
        owners = self._forward if quantity in self._lines else self._all
        if behind:
            owners = {number: owner for number, owner in owners.items() if owner not in behind}
        return Step(quantity, body, _ends(quantity, body, self._same, owners), self._reference)

    def _behind(self, quantity: Quantity) -> Set[Quantity]:
        """The quantities that are computed from one, once the order of all is known."""
        if quantity not in self._dependents:
            found = {quantity}
            for step in self.in_order:
                if found.intersection(step.parents):
                    found.add(step.quantity)
            self._dependents[quantity] = found - {quantity}
        return self._dependents[quantity]


def by_hand(body: Node) -> Node:
    """An expression as a student works it: the logarithm of a softmax or sigmoid is taken of the rounded probability.

    The ops that avoid this keep small probabilities from being rounded to 0, which nobody can do on paper.
    """
    calls = [node for node in order([body], _all_below) if isinstance(node, Call)]
    changes: dict[Node, Node] = {call: HAND_MADE[call.op.name](call) for call in calls if call.op.name in HAND_MADE}
    return replaced(body, changes) if changes else body


def _log_softmax(call: Call) -> Node:
    return log(softmax(call.inputs[0], **call.options))


def _softplus(call: Call) -> Node:
    """The logarithm of 1 + exp(x): minus that of the sigmoid's other side; of -x, of the sigmoid itself."""
    (x,) = call.inputs
    if call.options["beta"] != 1.0:
        return call
    if isinstance(x, Call) and x.op.name == "negative":
        return -log(sigmoid(x.inputs[0]))
    return -log(1 - sigmoid(x))


def _logistic_loss(call: Call) -> Node:
    x, target = call.inputs
    p = sigmoid(x)
    return -(xlogy(target, p) + xlogy(1 - target, 1 - p))


HAND_MADE: Mapping[str, Callable[[Call], Node]] = {
    "log_softmax": _log_softmax,
    "softplus": _softplus,
    "logistic_loss": _logistic_loss,
}


def _all_below(node: Node) -> tuple[Node, ...]:
    return () if isinstance(node, Quantity) else needs(node)


def _ends(quantity: Quantity, body: Node, same: _Same, owners: Mapping[int, Quantity]) -> dict[Node, Quantity]:
    """The parts of a quantity's expression that other quantities stand for; it may be the whole."""
    found: dict[Node, Quantity] = {
        node: owners[same.id(node)]
        for node in same.within(body)
        if isinstance(node, Call) and owners.get(same.id(node), quantity) is not quantity
    }
    whole = {node: owner for node, owner in found.items() if node is body}
    return whole or found


class _Same:
    """Numbers for expressions: two have the same if they compute the same from the same quantities."""

    def __init__(self, known: Container[Quantity]) -> None:
        self._at_known = known
        self._ids: dict[Node, int] = {}
        self._known: dict[Hashable, int] = {}

    def id(self, node: Node) -> int:
        """The number of an expression."""
        if node not in self._ids:
            self.within(node)
        return self._ids[node]

    def within(self, body: Node) -> list[Node]:
        """The nodes of an expression, which have numbers from then on."""
        nodes = order([body], partial(_below, self._at_known))
        for node in nodes:
            if node not in self._ids:
                self._ids[node] = self._number(node)
        return nodes

    def _number(self, node: Node) -> int:
        key: Hashable = node
        if isinstance(node, Quantity) and node.body is not None and node not in self._at_known:
            return self._ids[node.body]
        if isinstance(node, Constant):
            key = (node.shape, node.value.tobytes())
        elif isinstance(node, Call):
            if node.body is not None:
                return self._ids[node.body]
            key = (node.op, tuple(self._ids[input_] for input_ in node.inputs), repr(node.options))
        return self._known.setdefault(key, len(self._known))


def _below(known: Container[Quantity], node: Node) -> tuple[Node, ...]:
    return () if isinstance(node, Quantity) and node in known else needs(node)


def _in_order(made: Mapping[Quantity, Step]) -> list[Quantity]:
    """The quantities, each after its parents; as in the problem otherwise."""
    done: dict[Quantity, None] = {}
    waiting: list[Quantity] = list(made)[::-1]
    while waiting:
        quantity = waiting[-1]
        missing = [parent for parent in made[quantity].parents if parent in made and parent not in done]
        if quantity in done or not missing:
            done[quantity] = None
            waiting.pop()
        else:
            waiting += missing
    return list(done)
