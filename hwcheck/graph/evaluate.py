"""Evaluation: a plan is made once for a set of outputs and run as often as there are numbers.

Every array carries one leading axis more than its node's shape (see hwcheck/graph/op.py).

``given`` is what makes error carried forward possible: where a quantity is given, later steps use the given numbers,
while the quantity's own output is still what follows from the numbers before it. NaN in a given array means "not
given here": that entry stays the computed one, for each sheet and entry on its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import partial
from typing import Any, cast

import numpy as np

from hwcheck.graph.node import Array, Call, Constant, Node, Quantity, needs, order
from hwcheck.graph.op import Shortcut

__all__ = ["Plan", "evaluate"]


class Plan:
    """What to compute, in order, for some outputs; ``given`` are the quantities that a run may override.

    ``feeds`` are the quantities without a body, which a run must supply; ``entries`` counts the numbers that one sheet
    may hold at once, so that a cost can be refused before it is paid.
    """

    def __init__(self, outputs: Iterable[Node], given: Iterable[Quantity] = ()) -> None:
        self.feeds: list[Quantity] = []
        self.entries = 0
        self._given = frozenset(given)
        self._blank: list[Array | None] = []  # a slot for every array; constants stand in theirs
        self._places: dict[Node, int] = {}  # the slot that a node's users read
        self._computed: dict[Node, int] = {}  # of a given quantity: the slot of what follows from before it
        self._planned: dict[Hashable, int] = {}
        self._fed: list[tuple[int, Quantity]] = []
        self._steps: list[tuple[Callable[..., Array], int, tuple[int, ...]]] = []
        self._shortcuts: dict[Node, Shortcut] = {}
        outputs = tuple(outputs)
        ends = [*outputs, *self._given]
        for node in order(ends, partial(self._reads, _readers(ends))):
            known = len(self._blank)
            self._places[node] = self._plan(node)
            self.entries += node.size * (len(self._blank) - known)
        self._results = [self._computed.get(node, self._places[node]) for node in outputs]
        self._give_up_slots()

    def _reads(self, readers: Counter[Node], node: Node) -> tuple[Node, ...]:
        """The nodes whose arrays a node is computed from here: further below where there is a shortcut to them."""
        if isinstance(node, Call) and node.op.shortcut is not None:
            shortcut = node.op.shortcut(node, lambda inner: readers[inner] == 1)
            if shortcut is not None:
                self._shortcuts[node] = shortcut
                return shortcut.inputs
        return needs(node)

    def _plan(self, node: Node) -> int:
        if isinstance(node, Constant):
            array = node.value[np.newaxis]
            return self._slot(array) if node.shape else self._once(array.tobytes(), self._slot, array)
        if isinstance(node, Quantity):
            return self._plan_quantity(node)
        call = cast("Call", node)
        if call.body is not None:
            return self._places[call.body]
        if call in self._shortcuts:
            value, inputs = self._shortcuts[call]
            return self._step(value, *(self._places[needed] for needed in inputs))
        places = tuple(self._places[needed] for needed in call.inputs)
        return self._once((call.op, places, repr(call.options)), self._step, kernel(call), *places)

    def _once(self, key: Hashable, plan: Callable[..., int], *arguments: Any) -> int:
        """The slot of what was planned under this key before: the rows of a jacobian have many steps in common."""
        if key not in self._planned:
            self._planned[key] = plan(*arguments)
        return self._planned[key]

    def _plan_quantity(self, node: Quantity) -> int:
        if node.body is None:
            self.feeds.append(node)
            return self._feed(node)
        computed = self._places[node.body]
        if node not in self._given:
            return computed
        self._computed[node] = computed
        return self._step(_override, computed, self._feed(node))

    def _slot(self, array: Array | None = None) -> int:
        self._blank.append(array)
        return len(self._blank) - 1

    def _feed(self, node: Quantity) -> int:
        place = self._slot()
        self._fed.append((place, node))
        return place

    def _step(self, value: Callable[..., Array], *places: int) -> int:
        place = self._slot()
        self._steps.append((value, place, places))
        return place

    def _give_up_slots(self) -> None:
        """Let a result take the slot of an array that no later step needs: its memory is free for the next result.

        At size this is worth a third of the time, for memory that is new to a process has to be cleared for it first.
        """
        last = {slot: i for i, (_, _, needed) in enumerate(self._steps) for slot in needed}
        kept = {slot for slot, array in enumerate(self._blank) if array is not None}.union(self._results)
        taken: dict[int, int] = {}
        free: list[int] = []
        for i, (value, place, needed) in enumerate(self._steps):
            taken[place] = free.pop() if free and place not in kept else place
            self._steps[i] = value, taken[place], tuple(taken.get(slot, slot) for slot in needed)
            free += {taken.get(slot, slot) for slot in needed if last[slot] == i and slot not in kept}

    def run(self, numbers: Mapping[Quantity, Array]) -> list[Array]:
        """The outputs, each ``(1, *shape)`` or ``(S, *shape)``; ``numbers`` holds the feeds and the given, likewise.

        Division by zero and the like give infinity or NaN in silence: who asked decides what that means.
        """
        slots = self._blank.copy()
        for place, node in self._fed:
            slots[place] = numbers[node]
        with np.errstate(all="ignore"):
            for value, place, needed in self._steps:
                if len(needed) == 1:  # nearly all have one or two: handing them over takes 0.05 us, by a list 0.2
                    slots[place] = value(slots[needed[0]])
                elif len(needed) == 2:
                    slots[place] = value(slots[needed[0]], slots[needed[1]])
                else:
                    slots[place] = value(*[slots[i] for i in needed])
        return [cast("Array", slots[place]) for place in self._results]


def evaluate(outputs: Iterable[Node], numbers: Mapping[Quantity, Array], given: Iterable[Quantity] = ()) -> list[Array]:
    """The outputs for one set of numbers; see ``Plan``."""
    return Plan(outputs, given).run(numbers)


def _readers(outputs: list[Node]) -> Counter[Node]:
    """How often each node is read, by others or as an output."""
    readers = Counter(outputs)
    for node in order(outputs):
        readers.update(needs(node))
    return readers


def kernel(call: Call) -> Callable[..., Array]:
    """The value function of a call with its options bound, and with what its inputs need done to them first."""
    value = call.op.bound(call.options)
    if call.op.looped:
        value = partial(_each_sheet, value)
    if call.op.broadcasts:
        views = [_missing_axes(node, len(call.shape)) for node in call.inputs]
        if any(views):
            value = partial(_aligned, value, views)
    return value


def _missing_axes(node: Node, rank: int) -> tuple[slice | None, ...]:
    """The index that inserts the axes which an operand lacks behind the leading one; empty where it lacks none.

    NumPy inserts them before the leading one, which is as good where that is 1: in a constant.
    """
    missing = rank - len(node.shape)
    return (slice(None), *[None] * missing) if missing and not isinstance(node, Constant) else ()


def _aligned(value: Callable[..., Array], views: list[tuple[slice | None, ...]], *arrays: Array) -> Array:
    """The value of operands with all their axes: (S, 3) beside (S, 2, 3) becomes (S, 1, 3)."""
    return value(*[array[view] if view else array for array, view in zip(arrays, views, strict=True)])


def _each_sheet(value: Callable[..., Array], *arrays: Array) -> Array:
    """For an op that cannot take a leading axis longer than 1."""
    sheets = max(len(array) for array in arrays)
    if sheets == 1:
        return value(*arrays)
    chosen = ([array[i % len(array)][np.newaxis] for array in arrays] for i in range(sheets))
    return np.concatenate([value(*one) for one in chosen])


def _override(computed: Array, given: Array) -> Array:
    return np.where(np.isnan(given), computed, given)
