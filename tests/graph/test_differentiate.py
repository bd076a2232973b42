"""Differentiation: what arrives where, what it is called, and how far down it goes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from hwcheck.graph.differentiate import adjoints
from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.node import Array, Call, Constant, Node, Quantity
from hwcheck.graph.op import Misfit, composite, op
from hwcheck.language.printer import to_text
from hwcheck.ops.activations import relu, sigmoid
from hwcheck.ops.arithmetic import where
from hwcheck.ops.functions import sign, sin, tanh
from hwcheck.ops.losses import mse_loss
from hwcheck.ops.reductions import largest, mean
from hwcheck.ops.reductions import sum as sum_of
from hwcheck.ops.shapes import same

ONE = Constant(1.0)


def values(nodes: Mapping[Node, Node], wanted: list[Quantity], numbers: Mapping[Quantity, object]) -> list[object]:
    arrays = {quantity: np.array(value, dtype=np.float64)[np.newaxis] for quantity, value in numbers.items()}
    return [array[0].tolist() for array in evaluate([nodes[quantity] for quantity in wanted], arrays)]


def named(quantity: Quantity) -> str:
    return f"grad({quantity.name})"


def test_gradients_of_all_uses_are_added() -> None:
    """Of x * x + 3 * x + sin(x), by hand: 2 * x + 3 + cos(x)."""
    x = Quantity("x")
    (found,) = values(adjoints({x * x + 3 * x + sin(x): ONE}), [x], {x: 0.5})
    assert found == pytest.approx(1 + 3 + np.cos(0.5), rel=1e-15)


def test_a_quantity_of_many_uses_gets_one_gradient() -> None:
    x = Quantity("x", shape=(2,))
    h = Quantity("h", 3 * x)
    total: Node = Constant(0.0)
    for factor in range(1, 101):
        total = total + sum_of(factor * h)
    assert values(adjoints({total: ONE}, named), [h, x], {x: [1, 2]}) == [[5050, 5050], [15150, 15150]]


def test_where_operands_were_broadcast_gradients_are_summed() -> None:
    a, b, c = Quantity("a", shape=(2, 1, 3)), Quantity("b", shape=(4, 1)), Quantity("c")
    found = adjoints({sum_of(a * b + c): ONE})
    numbers = {a: np.arange(6).reshape(2, 1, 3), b: [[1], [10], [100], [1000]], c: 0}
    assert values(found, [a, b, c], numbers) == [[[[1111] * 3]] * 2, [[15]] * 4, 24]


def test_an_upstream_gradient_may_start_anywhere() -> None:
    """Two seeds, one below the other: h = 2 * x receives 5 from outside and 3 * 7 through y = 3 * h."""
    x = Quantity("x", shape=(2,))
    h = Quantity("h", 2 * x)
    y = Quantity("y", 3 * h)
    found = adjoints({y: Constant([7.0, 70]), h: Constant([5.0, 0])}, named)
    assert values(found, [y, h, x], {x: [0, 0]}) == [[7, 70], [26, 210], [52, 420]]


def test_what_does_not_influence_the_seeds_is_not_in_the_result() -> None:
    x, mask, other = (Quantity(name, shape=(2,)) for name in ("x", "mask", "other"))
    unused = Quantity("unused", other + x)
    y = sum_of(where(mask, x, 0) * sign(other))
    found = adjoints({y: ONE}, named)
    assert x in found
    assert not {mask, other, unused} & set(found)


def test_constants_receive_nothing() -> None:
    two = Constant(2.0)
    x = Quantity("x")
    y = two * x
    assert set(adjoints({y: ONE, two: ONE})) == {y, x}


def test_an_op_without_rules_is_refused_only_where_a_gradient_must_pass() -> None:
    @op(shape=same)
    def ranked(x: Array) -> Array:
        return x

    x = Quantity("x", shape=(3,))
    with pytest.raises(Misfit, match=r"ranked has no derivative here: it states no gradient rule"):
        adjoints({sum_of(ranked(x)): ONE})
    fixed = sum_of(ranked(Constant([0.0, 2, 0])))
    assert values(adjoints({fixed * sum_of(x): ONE}), [x], {x: [0, 0, 0]}) == [[2, 2, 2]]


def test_a_rule_of_the_wrong_shape_is_a_fault_of_the_op() -> None:
    @op(shape=same, gradients=[lambda g, y, x: sum_of(g)])  # noqa: ARG005
    def wrong(x: Array) -> Array:
        return x

    x = Quantity("x", shape=(2, 3))
    with pytest.raises(AssertionError, match=r"gradient rule 0 of wrong: \(\)"):
        adjoints({sum_of(wrong(x)): ONE})


# --- names: quantities are where a reader stops, and where a student's numbers are put in


def test_gradients_of_quantities_are_quantities_by_name() -> None:
    x = Quantity("x", shape=(2,))
    h = Quantity("h", tanh(x))
    loss = Quantity("L", sum_of(h))
    found = adjoints({loss: ONE}, named)
    names = {q.name: g.name for q, g in found.items() if isinstance(q, Quantity) and isinstance(g, Quantity)}
    assert names == {"L": "grad(L)", "h": "grad(h)", "x": "grad(x)"}
    assert not any(isinstance(gradient, Quantity) for gradient in adjoints({loss: ONE}).values())


def test_a_gradient_is_written_with_the_names_of_the_forward_pass() -> None:
    """The rule's y is the named quantity, and so is the g that arrives; the 1 of the loss is not seen."""
    x, t = Quantity("x", shape=(2,)), Quantity("t", shape=(2,))
    h = Quantity("h", sigmoid(x))
    m = Quantity("m", relu(h))
    loss = Quantity("L", mse_loss(m, t, reduction="sum"))
    found = adjoints({loss: ONE}, named)
    bodies = {
        q.name: to_text(g.body)
        for q, g in found.items()
        if isinstance(q, Quantity) and isinstance(g, Quantity) and g.body
    }
    assert bodies == {
        "L": "1",
        "m": "2 * (m - t)",
        "t": "-2 * (m - t)",
        "h": "grad(m) * (m > 0)",
        "x": "grad(h) * h * (1 - h)",
    }


def test_the_gradient_of_a_transpose_is_written_as_one() -> None:
    x, w = Quantity("x", shape=(2,)), Quantity("w", shape=(2, 3))
    y = Quantity("y", w.T @ x)
    seed = Quantity("seed", shape=(3,))
    found = adjoints({y: seed})
    assert (to_text(found[w]), to_text(found[x])) == ("outer(x, seed)", "w @ seed")
    z = Quantity("z", w.T)
    assert to_text(adjoints({z: Quantity("g", shape=(3, 2))})[w]) == "g.T"


def test_the_output_that_a_rule_is_told_is_what_a_reader_knows_it_by() -> None:
    told: list[Node] = []

    def rule(g: Node, y: Node, x: Node) -> Node:
        told.append(y)
        return g

    @op(shape=same, gradients=[rule])
    def plain(x: Array) -> Array:
        return x

    @composite()
    def composed(x: Node) -> Node:
        return plain(x)

    x = Quantity("x")
    bare, call = plain(x), composed(x)
    direct, through = Quantity("direct", plain(x)), Quantity("through", composed(x))
    for y, expected in ((bare, bare), (call, call), (direct, direct), (through, through)):
        told.clear()
        adjoints({y: ONE})
        assert told == [expected]
    assert isinstance(call, Call)
    assert call.body is not None


def test_a_given_number_is_used_by_the_gradients_behind_it() -> None:
    """With m = 3 * x and L = m**2: grad(m) follows from the given m, grad(x) from the given grad(m)."""
    x = Quantity("x")
    m = Quantity("m", 3 * x)
    loss = Quantity("L", m**2)
    found = adjoints({loss: ONE}, named)
    grad_m, grad_x = found[m], found[x]
    assert isinstance(grad_m, Quantity)
    numbers = {x: np.array([2.0]), m: np.array([5.0, np.nan]), grad_m: np.array([100.0, np.nan])}
    results = evaluate([m, loss, grad_m, grad_x], numbers, given=[m, grad_m])
    assert [result.tolist() for result in results] == [[6], [25, 36], [10, 12], [300, 36]]


def test_a_given_largest_entry_still_sends_its_gradient_to_the_entry_that_is_largest() -> None:
    """A student's 4.1 for 4.1234 equals no entry of x; the gradient must not vanish, or become 0 / 0."""
    x = Quantity("x", shape=(3,))
    top = Quantity("top", largest(x))
    found = adjoints({top: ONE}, named)
    numbers = {x: np.array([[1.0, 4.1234, 2.0]]), top: np.array([4.1])}
    (gradient,) = evaluate([found[x]], numbers, given=[top])
    assert gradient.tolist() == [[0, 1, 0]]


# --- depth and repetition


def test_a_chain_of_ten_thousand_steps_is_differentiated() -> None:
    """A network h = tanh(w * h + x), unrolled; a loop over numbers gives what to expect."""
    steps, w0, x0 = 10_000, 0.9, 0.3
    w, x = Quantity("w"), Quantity("x")
    h: Node = Constant(0.0)
    states = [0.0]
    for step in range(steps):
        h = Quantity(f"h{step}", tanh(w * h + x))
        states.append(float(np.tanh(w0 * states[-1] + x0)))
    g, grad_w, grad_x = 1.0, 0.0, 0.0
    for before, after in zip(states[-2::-1], states[:0:-1], strict=True):
        g *= 1 - after**2
        grad_w, grad_x, g = grad_w + g * before, grad_x + g, g * w0
    found = adjoints({h: ONE}, named)
    results = values(found, [w, x], {w: w0, x: x0})
    assert results == pytest.approx([grad_w, grad_x], rel=1e-12)
    assert len([node for node in found if isinstance(node, Quantity)]) == steps + 2


def test_derivatives_may_be_taken_again_and_again() -> None:
    """x**5 by hand: 5 x**4, 20 x**3, 60 x**2, 120 x, 120, 0."""
    x = Quantity("x")
    node = x**5
    for expected in (5 * 2.0**4, 20 * 2.0**3, 60 * 2.0**2, 120 * 2.0, 120.0):
        node = adjoints({node: ONE})[x]
        assert evaluate([node], {x: np.array([2.0])})[0].tolist() == [expected]
    assert x not in adjoints({node: ONE})


def test_the_gradient_of_a_mean_of_a_mean() -> None:
    x = Quantity("x", shape=(2, 3, 4))
    found = adjoints({mean(mean(x, axis=1)): ONE})
    (gradient,) = evaluate([found[x]], {x: np.zeros((1, 2, 3, 4))})
    np.testing.assert_allclose(gradient, np.full((1, 2, 3, 4), 1 / 24))
