"""Evaluation: plans, many sheets, numbers that are given."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from hwcheck.graph.evaluate import Plan, evaluate
from hwcheck.graph.node import Array, Call, Constant, Node, Quantity
from hwcheck.graph.op import Shortcut, op
from hwcheck.ops.functions import log
from hwcheck.ops.reductions import mean
from hwcheck.ops.reductions import sum as sum_of
from hwcheck.ops.shapes import same

NAN = np.nan


class Chain:
    """x, h = 2 * x, m = h + 1, y = m * m; all of shape (3,)."""

    def __init__(self) -> None:
        self.x = Quantity("x", shape=(3,))
        self.h = Quantity("h", 2 * self.x)
        self.m = Quantity("m", self.h + 1)
        self.y = Quantity("y", self.m * self.m)

    def run(self, given: dict[Quantity, Any], x: Any = ((1, 2, 3),)) -> dict[str, list[list[float]]]:
        """h, m and y, with some of them given."""
        numbers = {quantity: np.array(value, dtype=np.float64) for quantity, value in {self.x: x, **given}.items()}
        outputs = [self.h, self.m, self.y]
        values = Plan(outputs, given).run(numbers)
        return {quantity.name: value.tolist() for quantity, value in zip(outputs, values, strict=True)}


def test_nothing_given() -> None:
    assert Chain().run({}) == {"h": [[2, 4, 6]], "m": [[3, 5, 7]], "y": [[9, 25, 49]]}


def test_later_steps_use_what_is_given_and_its_own_output_is_what_follows_from_before() -> None:
    chain = Chain()
    assert chain.run({chain.h: [[2, 4, 9]]}) == {"h": [[2, 4, 6]], "m": [[3, 5, 10]], "y": [[9, 25, 100]]}
    assert chain.run({chain.m: [[0, 1, 2]]}) == {"h": [[2, 4, 6]], "m": [[3, 5, 7]], "y": [[0, 1, 4]]}


def test_each_given_quantity_is_marked_on_the_one_before() -> None:
    chain = Chain()
    found = chain.run({chain.h: [[0, 0, 0]], chain.m: [[4, 4, 4]], chain.y: [[7, 7, 7]]})
    assert found == {"h": [[2, 4, 6]], "m": [[1, 1, 1]], "y": [[16, 16, 16]]}


def test_an_entry_that_is_not_a_number_stays_the_computed_one_for_each_sheet() -> None:
    chain = Chain()
    found = chain.run({chain.h: [[NAN, 10, NAN], [20, NAN, NAN], [NAN, NAN, NAN]]})
    assert found == {
        "h": [[2, 4, 6]],
        "m": [[3, 11, 7], [21, 5, 7], [3, 5, 7]],
        "y": [[9, 121, 49], [441, 25, 49], [9, 25, 49]],
    }


def test_shared_and_own_numbers_may_be_mixed() -> None:
    chain = Chain()
    found = chain.run({chain.h: [[NAN, 10, 0]]}, x=[[1, 2, 3], [4, 5, 6]])
    assert found == {
        "h": [[2, 4, 6], [8, 10, 12]],
        "m": [[3, 11, 1], [9, 11, 1]],
        "y": [[9, 121, 1], [81, 121, 1]],
    }


def test_a_quantity_that_stands_for_a_given_one_takes_what_is_given() -> None:
    chain = Chain()
    other = Quantity("other", chain.h)
    numbers = {chain.x: np.array([[1.0, 2, 3]]), chain.h: np.array([[5.0, 5, 5]]), other: np.array([[6.0, 6, 6]])}
    h, alias, y = evaluate([chain.h, other, other + 0.5], numbers, given=[chain.h, other])
    assert (h.tolist(), alias.tolist(), y.tolist()) == ([[2, 4, 6]], [[5, 5, 5]], [[6.5, 6.5, 6.5]])


def test_an_input_may_be_given_like_any_other_quantity() -> None:
    chain = Chain()
    plan = Plan([chain.h], given=[chain.x, chain.h])
    assert plan.feeds == [chain.x]
    assert plan.run({chain.x: np.array([[1.0, 2, 3]]), chain.h: np.full((1, 3), NAN)})[0].tolist() == [[2, 4, 6]]


def test_what_is_given_but_leads_nowhere_does_no_harm() -> None:
    chain = Chain()
    (h,) = evaluate([chain.h], {chain.x: np.ones((1, 3)), chain.y: np.zeros((1, 3))}, given=[chain.y])
    assert h.tolist() == [[2, 2, 2]]


def test_a_plan_runs_as_often_as_there_are_numbers() -> None:
    chain = Chain()
    plan = Plan([chain.y, chain.x, chain.y])
    for x in (1.0, 5.0, 1.0):
        y, same_x, again = plan.run({chain.x: np.full((1, 3), x)})
        assert y.tolist() == again.tolist() == [[(2 * x + 1) ** 2] * 3]
        assert same_x.tolist() == [[x] * 3]


def test_a_plan_needs_only_what_its_outputs_need() -> None:
    a, b, c = (Quantity(name, shape=()) for name in "abc")
    total, _ = a + b, b * c
    assert set(Plan([total]).feeds) == {a, b}
    assert Plan([Constant(1.0)]).feeds == []


def test_entries_are_the_numbers_that_one_sheet_holds() -> None:
    """One array for each input, constant and step; names and compositions hold none of their own."""
    x = Quantity("x", shape=(2, 3))
    w = Quantity("w", shape=(3,))
    z = Quantity("z", x * w)
    loss = Quantity("loss", mean(z))
    step = 6 + 3 + 6 + (1 + 1 + 1)  # x, w, x * w; sum, the 6, sum / 6
    assert Plan([x]).entries == 6
    assert Plan([loss]).entries == step
    assert Plan([loss, z, x, loss]).entries == step
    assert Plan([loss], given=[z]).entries == step + 6 + 6  # what is given, and the two put together
    assert Plan([z]).entries == 15


def test_constants_and_shared_numbers_keep_a_leading_axis_of_1() -> None:
    x = Quantity("x", shape=(2,))
    one, y, z = evaluate([Constant([[1.0, 2, 3]]), x + 1, x * 0], {x: np.zeros((1, 2))})
    assert (one.shape, y.shape, z.shape) == ((1, 1, 3), (1, 2), (1, 2))


def test_operands_are_aligned_behind_the_leading_axis() -> None:
    """Two sheets of a (2, 3) and a (3,): NumPy alone would take the sheets for rows."""
    a, b = Quantity("a", shape=(2, 3)), Quantity("b", shape=(3,))
    numbers = {a: np.zeros((2, 2, 3)), b: np.array([[1.0, 2, 3], [4, 5, 6]])}
    (y,) = evaluate([b + a], numbers)
    assert y.tolist() == [[[1, 2, 3], [1, 2, 3]], [[4, 5, 6], [4, 5, 6]]]


def test_what_has_no_value_is_infinite_or_nan_in_silence() -> None:
    x = Quantity("x", shape=(3,))
    y, z = evaluate([1 / x, log(x)], {x: np.array([[0.0, -1, 1e-320]])})
    assert y.tolist() == [[np.inf, -1, np.inf]]
    assert z[0, 0] == -np.inf
    assert np.isnan(z[0, 1])


# --- ops that take one sheet at a time

_seen: list[list[int]] = []


@op(shape=lambda a, b: a, looped=True)  # noqa: ARG005
def one_by_one(a: Array, b: Array) -> Array:
    _seen.append([len(a), len(b)])
    return a[:1] * b[:1]


@pytest.mark.parametrize(("sheets_a", "sheets_b", "calls"), [(1, 1, 1), (4, 1, 4), (1, 4, 4), (4, 4, 4), (2, 2, 2)])
def test_a_looped_op_sees_one_sheet_at_a_time(sheets_a: int, sheets_b: int, calls: int) -> None:
    a, b = Quantity("a", shape=(2,)), Quantity("b", shape=(1,))
    numbers = {
        a: np.arange(2.0 * sheets_a).reshape(sheets_a, 2),
        b: 10 + np.arange(1.0 * sheets_b).reshape(sheets_b, 1),
    }
    _seen.clear()
    (y,) = evaluate([one_by_one(a, b)], numbers)
    assert _seen == [[1, 1]] * calls
    np.testing.assert_array_equal(y, numbers[a] * numbers[b])
    assert len(y) == calls


def test_any_other_op_sees_all_sheets_at_once() -> None:
    @op(shape=same)
    def seen(x: Array) -> Array:
        _seen.append([len(x)])
        return x

    x = Quantity("x", shape=(2,))
    _seen.clear()
    evaluate([seen(x)], {x: np.ones((4, 2))})
    assert _seen == [[4]]


# --- depth

LONG = 10_000


def test_a_chain_of_ten_thousand_steps_is_evaluated() -> None:
    x = Quantity("x", shape=(2,))
    h: Node = x
    for _ in range(LONG):
        h = Quantity("h", 0.5 * h + 1)
    (y,) = evaluate([h], {x: np.array([[0.0, 8.0]])})
    assert h.depth == 3 * LONG
    np.testing.assert_allclose(y, [[2, 2]])  # the fixed point of h / 2 + 1
    del h
    gc.collect()


def test_a_very_long_chain_is_freed_without_a_crash() -> None:
    """In a process of its own: should the interpreter run out of stack, no test would be left to say so."""
    program = """
from hwcheck.graph.node import Quantity
from hwcheck.ops.arithmetic import add
x = h = Quantity("x")
for _ in range(100_000):
    h = Quantity("h", add(h, x))
del h
print("alive")
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "alive\n", "")


def test_a_value_of_many_uses_is_computed_once() -> None:
    calls: list[int] = []

    @op(shape=same)
    def counted(x: Array) -> Array:
        calls.append(1)
        return x

    x = Quantity("x", shape=(2,))
    h = Quantity("h", counted(x))
    evaluate([sum_of(h * h + h), h, h - 1], {x: np.ones((1, 2))}, given=[])
    assert len(calls) == 1


# --- shortcuts, and memory


def _doubled(call: Call, read_once: Callable[[Node], bool]) -> Shortcut | None:
    """twice(twice(x)) is 4 * x, where nothing else reads twice(x)."""
    (inner,) = call.inputs
    if not isinstance(inner, Call) or inner.op is not twice or not read_once(inner):
        return None
    return Shortcut(_four_times, inner.inputs)


def _four_times(x: Array) -> Array:
    _way.append("shortcut")
    return 4 * x


_way: list[str] = []


@op(shape=same, shortcut=_doubled)
def twice(x: Array) -> Array:
    _way.append("twice")
    return 2 * x


def test_a_shortcut_goes_past_what_nothing_else_reads() -> None:
    x = Quantity("x", shape=(2,))
    at = {x: np.array([[1.0, 3]])}
    inner = twice(x)
    named = Quantity("named", twice(x))
    cases: list[tuple[list[Node], float, list[str]]] = [
        ([twice(inner)], 4, ["shortcut"]),
        ([twice(inner), inner], 4, ["twice", "twice"]),
        ([twice(inner) + inner], 6, ["twice", "twice"]),
        ([twice(named)], 4, ["twice", "twice"]),  # a name may be given
    ]
    for nodes, factor, way in cases:
        _way.clear()
        assert evaluate(nodes, at)[0].tolist() == [[factor, 3 * factor]]
        assert _way == way


def test_an_array_is_let_go_after_its_last_reader() -> None:
    alive: list[weakref.ref[Array]] = []
    counts: list[int] = []

    @op(shape=same)
    def watched(x: Array) -> Array:
        counts.append(sum(reference() is not None for reference in alive))
        y = x + 1
        alive.append(weakref.ref(y))
        return y

    x = Quantity("x", shape=(2,))
    h: Node = x
    kept = watched(x)
    for _ in range(5):
        h = watched(watched(h) * kept)
    plan = Plan([h, kept])
    for _ in range(2):
        alive.clear()
        counts.clear()
        h_value, kept_value = plan.run({x: np.array([[0.0, 2]])})
        assert kept_value.tolist() == [[1, 3]]
        assert max(counts) <= 2  # what is kept, and what is being read
        del h_value, kept_value
