"""The terms of a sum, found by trying; and values with a change inside."""

from __future__ import annotations

import numpy as np
import pytest

from hwcheck.grading.terms import Evaluated, linear_operands
from hwcheck.graph.node import Array, Call, Constant, Node, Quantity, Use
from hwcheck.ops.activations import relu, sigmoid
from hwcheck.ops.einsum import einsum
from hwcheck.ops.indexing import take_along_axis
from hwcheck.ops.reductions import sum as total

NUMBERS: dict[str, Array] = {
    "A": np.array([[2.0, -3.0, 5.0], [7.0, 11.0, -13.0]]),
    "B": np.array([[0.5, 1.5], [2.5, -3.5], [4.5, 5.5]]),
    "v": np.array([17.0, -19.0, 23.0]),
    "c": np.array(29.0),
    "i": np.array([2.0, 0.0]),
}
A, B, v, c, i = (Quantity(name, shape=array.shape) for name, array in NUMBERS.items())


def terms(node: Node) -> dict[int, list[tuple[int, int, float]]]:
    """By the position of the operand: each entry of the call, of the operand, and their term."""
    assert isinstance(node, Call)
    linears = linear_operands(Evaluated(node, NUMBERS), node)
    return {
        node.inputs.index(linear.operand): [
            (int(e), int(k), float(linear.table[e, k] * linear.x[k])) for e, k in np.argwhere(linear.table)
        ]
        for linear in linears
    }


# Worked out by hand from the definition of each op.
@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (A @ v, {0: [(0, 0, 34), (0, 1, 57), (0, 2, 115), (1, 3, 119), (1, 4, -209), (1, 5, -299)]}),
        (total(v), {0: [(0, 0, 17), (0, 1, -19), (0, 2, 23)]}),
        (v - c, {0: [(0, 0, 17), (1, 1, -19), (2, 2, 23)], 1: [(0, 0, -29), (1, 0, -29), (2, 0, -29)]}),
        (c * v, {0: [(0, 0, 493), (1, 0, -551), (2, 0, 667)], 1: [(0, 0, 493), (1, 1, -551), (2, 2, 667)]}),
        (v / c, {0: [(0, 0, 17 / 29), (1, 1, -19 / 29), (2, 2, 23 / 29)]}),
        (v + Constant(3.0), {0: [(0, 0, 17), (1, 1, -19), (2, 2, 23)], 1: [(0, 0, 3), (1, 0, 3), (2, 0, 3)]}),
        (relu(v), {}),
        (sigmoid(v), {}),
        (v**2, {}),
    ],
)
def test_the_terms_of_each_entry(node: Node, expected: dict[int, list[tuple[int, int, float]]]) -> None:
    found = terms(node)
    assert set(found) >= set(expected) if expected else found == {}
    for position, listed in expected.items():
        assert [(e, k) for e, k, _ in found[position]] == [(e, k) for e, k, _ in listed]
        assert [term for _, _, term in found[position]] == pytest.approx([term for _, _, term in listed])


def test_both_factors_of_a_product_have_the_same_terms() -> None:
    found = terms(einsum("ij,jk->ik", A, B))
    assert sorted(term for _, _, term in found[0]) == pytest.approx(sorted(term for _, _, term in found[1]))
    by_hand = [2 * 0.5, -3 * 2.5, 5 * 4.5]  # of the entry (0, 0)
    assert sorted(term for e, _, term in found[0] if e == 0) == pytest.approx(sorted(by_hand))


def test_numbers_that_name_entries_are_left_alone() -> None:
    node = take_along_axis(v, i)
    assert isinstance(node, Call)
    assert all(linear.operand is not i for linear in linear_operands(Evaluated(node, NUMBERS), node))


def test_what_a_change_inside_comes_to() -> None:
    """sigmoid(A v + 29) with an entry of A v put to -29 and to -28."""
    product = A @ v
    expression = Evaluated(sigmoid(product + c), NUMBERS)
    changed = expression.changed(product, np.array([[-29.0, 0.0], [0.0, -28.0]]))
    assert changed[0, 0] == 0.5
    assert changed[1, 1] == pytest.approx(1 / (1 + np.exp(-1.0)))
    assert changed.shape == (2, 2)


def test_a_constant_may_be_changed_too() -> None:
    """Its axes are missing in front: (2, 3) times (3,)."""
    node = A * Constant([1.0, 10.0, 100.0])
    assert isinstance(node, Call)
    linears = linear_operands(Evaluated(node, NUMBERS), node)
    assert linears[1].table[0].tolist() == [2, 0, 0]
    assert linears[1].table[5].tolist() == [0, 0, -13]


def test_a_use_in_a_repetition_has_the_numbers_of_its_quantity() -> None:
    assert Evaluated(Use("v, t=2", v) * c, NUMBERS).base[v].tolist() == [NUMBERS["v"].tolist()]


def test_an_input_without_numbers_is_refused() -> None:
    with pytest.raises(KeyError, match="w"):
        Evaluated(Quantity("w", shape=(3,)) * c, NUMBERS)
