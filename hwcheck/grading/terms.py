"""The terms of the sums in an expression, and what it comes to when one of them is taken wrongly.

No op is named here. Where a call is linear in an operand x (which is tried out), its entry e is a sum of terms
``J[e, k] * x[k]``, and of what does not depend on x. J is read off from basis vectors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from hwcheck.grading.result import Mask
from hwcheck.graph.evaluate import kernel
from hwcheck.graph.node import Array, Call, Constant, Node, Quantity, needs, order

__all__ = ["Changes", "Evaluated", "Indices", "Linear", "changes", "linear_operands"]

Indices: TypeAlias = npt.NDArray[np.signedinteger[Any]]

LARGEST = 1_000_000  # numbers in a table of terms, or in one run of changed values
CLOSE = 1e-9  # a deviation from linear that is rounding alone


class Evaluated:
    """An expression with its values; quantities are its leaves, looked up in ``values`` by name.

    A quantity that is not there is computed from those below it. ``base`` has every node's array, (1, *shape). Raises
    KeyError for an input or a weight that is not there.
    """

    def __init__(self, body: Node, values: Mapping[str, Array]) -> None:
        self.body = body
        self._below: dict[Node, tuple[Node, ...]] = {}
        self.nodes = order([body], lambda node: self._needs(node, values))
        self.base: dict[Node, Array] = {}
        with np.errstate(all="ignore"):
            for node in self.nodes:
                self.base[node] = self._value(node, values)

    def _needs(self, node: Node, values: Mapping[str, Array]) -> tuple[Node, ...]:
        self._below[node] = () if isinstance(node, Quantity) and node.name in values else needs(node)
        return self._below[node]

    def _value(self, node: Node, values: Mapping[str, Array]) -> Array:
        if isinstance(node, Constant):
            return node.value[np.newaxis]
        if isinstance(node, Call):
            return self.base[node.body] if node.body else kernel(node)(*[self.base[below] for below in node.inputs])
        if self._below[node]:
            return self.base[self._below[node][0]]
        assert isinstance(node, Quantity)  # noqa: S101  there is no fourth kind of node
        return np.asarray(values[node.name], dtype=np.float64)[np.newaxis]

    def called(self, call: Call, position: int, operand: Array) -> Array:
        """A call with other numbers in one place: (S, *operand's shape) -> (S, *call's shape)."""
        arrays = [self.base[below] for below in call.inputs]
        if call.op.broadcasts and isinstance(call.inputs[position], Constant):
            missing = len(call.shape) - len(call.inputs[position].shape)  # a kernel expects a constant's leading 1
            operand = operand.reshape(len(operand), *(1,) * missing, *operand.shape[1:])
        arrays[position] = operand
        with np.errstate(all="ignore"):
            return kernel(call)(*arrays)

    def changed(self, node: Node, arrays: Array) -> Array:
        """What the expression comes to where one of its nodes has other values: (S, *node.shape) -> (S, *shape)."""
        new: dict[Node, Array] = {node: arrays}
        with np.errstate(all="ignore"):
            for other in self.nodes:
                below = self._below[other]
                if other is node or not any(one in new for one in below):
                    continue
                values = [new.get(one, self.base[one]) for one in below]
                whole = not isinstance(other, Call) or other.body is not None
                new[other] = values[0] if whole else kernel(other)(*values)  # type: ignore[arg-type]
        result = new.get(self.body, self.base[self.body])
        return np.broadcast_to(result, (len(arrays), *self.body.shape))


class Linear(NamedTuple):
    """A call that is linear in one operand: ``table`` (call.size, operand.size) times ``x`` plus ``rest``.

    ``first`` says that the operand is written before what it is multiplied by.
    """

    call: Call
    operand: Node
    table: Array
    x: Array
    rest: Array
    first: bool

    @property
    def multiplies(self) -> bool:
        """Whether the operand is multiplied by something, and not only added, taken away or moved."""
        return bool(np.isin(np.abs(self.table), (0.0, 1.0), invert=True).any())

    @property
    def several(self) -> Mask:
        """Which entries of the call have more terms than one, (call.size,)."""
        terms = (self.table * self.x != 0).sum(axis=1) + (self.rest != 0)
        result: Mask = terms > 1
        return result


def linear_operands(expression: Evaluated, call: Call) -> list[Linear]:
    """The operands in which a call is linear, with their terms; those with too many are left out."""
    found = []
    for position, operand in enumerate(call.inputs):
        if call.names[position].partition("[")[0] in call.op.labels or not operand.size:
            continue
        if operand.size * call.size > LARGEST or not _is_linear(expression, call, position):
            continue
        basis = np.concatenate([np.zeros((1, operand.size)), np.eye(operand.size)])
        values = expression.called(call, position, basis.reshape(-1, *operand.shape)).reshape(len(basis), -1)
        table = (values[1:] - values[0]).T
        table[np.abs(table) <= CLOSE**1.5 * np.abs(values).max(initial=0.0)] = 0.0
        nearest = np.round(table)
        table = np.where(np.abs(table - nearest) <= CLOSE**1.5, nearest, table)
        x = expression.base[operand].ravel()
        found.append(Linear(call, operand, table, x, values[0], position == 0))
    return found


def _is_linear(expression: Evaluated, call: Call, position: int) -> bool:
    """Whether ``f(x + r) - f(0)`` is the sum of that for x and for r, and opposite for -r, for some r of both signs."""
    x = expression.base[call.inputs[position]]
    if not np.isfinite(x).all():
        return False
    r = np.random.default_rng(1).normal(size=x.shape) * (np.abs(x).max(initial=0.0) + 1)
    values = expression.called(call, position, np.concatenate([np.zeros_like(x), x, r, x + r, -r]))
    if len(values) != 5 or not np.isfinite(values).all():
        return False
    of_x, of_r, of_both, of_opposite = (values[i] - values[0] for i in range(1, 5))
    allowed = CLOSE * (np.abs(values).max(initial=0.0) + 1e-300)
    off = max(np.abs(of_both - of_x - of_r).max(initial=0.0), np.abs(of_opposite + of_r).max(initial=0.0))
    return bool(off <= allowed and of_r.any())


class Changes(NamedTuple):
    """Wrong values of one kind, each in one entry of a call: ``delta`` is added to its entry ``entry`` (all (H,)).

    It is the term of entry ``k`` of the operand that is wrong; ``other`` is the entry that was taken instead.
    """

    kind: str
    linear: Linear
    entry: Indices
    k: Indices
    delta: Array
    other: Indices | None = None


def changes(linear: Linear, entries: Indices, product: bool) -> Iterator[Changes]:
    """What can go wrong with the terms of some entries of a call; ``product`` says that it multiplies its operands."""
    rows, k = np.nonzero(linear.table[entries])
    entry = entries[rows]
    factor, x = linear.table[entry, k], linear.x[k]
    term = factor * x
    several = linear.several[entry]
    for kind, times in (("term-left-out", -1), ("term-sign", -2), ("term-twice", 1)):
        yield _kept(kind, linear, entry, k, times * term, several & (term != 0))
    if product and linear.multiplies:
        yield _kept("term-added", linear, entry, k, factor + x - term, term != 0)
    if linear.multiplies or (not isinstance(linear.operand, Call) and linear.several.any()):
        yield from _copied(linear, entry, k, factor)


def _kept(kind: str, linear: Linear, entry: Indices, k: Indices, delta: Array, where: Mask) -> Changes:
    where = where & (delta != 0)
    return Changes(kind, linear, entry[where], k[where], delta[where])


def _copied(linear: Linear, entry: Indices, k: Indices, factor: Array) -> Iterator[Changes]:
    """A factor taken from a neighbour along one of the operand's axes; a 0 taken there is a term left out."""
    shape = linear.operand.shape
    places = np.stack(np.unravel_index(k, shape)) if shape else np.zeros((0, len(k)), dtype=np.intp)
    for axis, length in enumerate(shape):
        for step in (-1, 1):
            inside = (places[axis] + step >= 0) & (places[axis] + step < length)
            moved = places[:, inside].copy()
            moved[axis] += step
            other = np.ravel_multi_index(tuple(moved), shape)
            delta = factor[inside] * (linear.x[other] - linear.x[k[inside]])
            visible = (delta != 0) & (linear.x[other] != 0)
            at, of = entry[inside][visible], k[inside][visible]
            yield Changes("factor-copied", linear, at, of, delta[visible], other[visible])
