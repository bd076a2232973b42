"""Long sums: computed at once, they are what their terms add up to."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from hwcheck.graph.differentiate import adjoints
from hwcheck.graph.evaluate import Plan, evaluate
from hwcheck.graph.node import Array, Node, Quantity
from hwcheck.ops.arithmetic import add
from hwcheck.ops.arrays import place
from hwcheck.ops.functions import tanh
from hwcheck.ops.matrix import outer
from hwcheck.ops.reductions import sum as sum_of
from hwcheck.ops.sequences import lstm

SHAPES = {
    "A": (2, 5), "B": (5, 3), "C": (2, 1), "D": (1, 3), "E": (2, 7), "F": (7, 3), "u": (2,), "v": (3,), "w": (2,),
    "x": (3,), "M": (2, 3), "N": (2, 3), "p": (3,), "q": (2, 2), "s": (),
}  # fmt: skip
Q = {name: Quantity(name, shape=shape) for name, shape in SHAPES.items()}


def numbers(sheets: int = 1, own: tuple[str, ...] = tuple(SHAPES)) -> dict[Quantity, Array]:
    """Numbers for all, of which some are each sheet's own."""
    random = np.random.default_rng(5)
    return {q: random.normal(size=(sheets if name in own else 1, *q.shape)) for name, q in Q.items()}


def term_by_term(terms: list[Node], at: dict[Quantity, Array]) -> Array:
    total: Array = np.sum(np.broadcast_arrays(*evaluate(terms, at)), axis=0)
    return total


PRODUCTS: list[Node] = [Q["A"] @ Q["B"], outer(Q["u"], Q["v"]), Q["C"] @ Q["D"], outer(Q["w"], Q["x"]), Q["E"] @ Q["F"]]
PARTS: list[Node] = [
    place(Q["p"], shape=[2, 3], index=1),
    place(Q["q"], shape=[2, 3], index=(slice(0, 2), slice(2, 0, -1))),
    place(Q["s"], shape=[2, 3], index=(0, 0)),
    place(Q["p"], shape=[2, 3], index=1),
]
OTHERS: list[Node] = [Q["M"], Q["N"] * Q["v"], tanh(Q["M"])]
SUMS = {
    "two products": PRODUCTS[:2],
    "three products": PRODUCTS[:3],
    "outer products": [PRODUCTS[1], PRODUCTS[3], outer(Q["u"], Q["x"])],
    "parts": PARTS,
    "others": OTHERS,
    "all": [*PARTS[:2], *PRODUCTS, *OTHERS, *PARTS[2:]],
    "with one product": [PRODUCTS[0], *OTHERS],
    "with one part": [OTHERS[0], PARTS[1], OTHERS[1]],
    "the same twice": [PRODUCTS[0], PRODUCTS[0], PRODUCTS[1], OTHERS[0], OTHERS[0]],
}


@pytest.mark.parametrize("terms", SUMS.values(), ids=SUMS)
def test_a_sum_is_what_its_terms_add_up_to(terms: list[Node]) -> None:
    at = numbers()
    (found,) = evaluate([sum(terms[1:], start=terms[0])], at)
    np.testing.assert_allclose(found, term_by_term(terms, at), rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("terms", SUMS.values(), ids=SUMS)
@pytest.mark.parametrize("own", ["A", "v", "M", "p", "sB", "".join(SHAPES)])
def test_sheets_may_share_some_of_it(terms: list[Node], own: str) -> None:
    at = numbers(4, tuple(own))
    (found,) = evaluate([sum(terms[1:], start=terms[0])], at)
    np.testing.assert_allclose(found, term_by_term(terms, at), rtol=1e-13, atol=1e-13)


def test_parts_that_tile_the_result_are_put_beside_one_another() -> None:
    a, b, c = (Quantity(name, shape=(2,)) for name in "abc")
    at = {a: np.array([[1.0, 2]]), b: np.array([[3.0, 4]]), c: np.array([[5.0, 6]])}
    pieces = [place(x, shape=[6], index=slice(start, start + 2)) for x, start in ((b, 2), (c, 4), (a, 0))]
    assert evaluate([pieces[0] + pieces[1] + pieces[2]], at)[0].tolist() == [[1, 2, 3, 4, 5, 6]]
    # Entries of overlapping parts add up, even where the parts have as many entries as there are.
    pieces[2] = place(a, shape=[6], index=slice(3, 5))
    assert evaluate([pieces[0] + pieces[1] + pieces[2]], at)[0].tolist() == [[0, 0, 3, 5, 7, 6]]


def test_what_something_else_reads_is_computed_once() -> None:
    """A sum within the sum, or a product, that is an output as well, or is used again."""
    at = numbers()
    product = Q["A"] @ Q["B"]
    inner = product + Q["M"] + Q["N"]
    whole = inner + outer(Q["u"], Q["v"]) + Q["C"] @ Q["D"]
    found = evaluate([whole, inner, product, whole * inner], at)
    a, m, n = at[Q["A"]] @ at[Q["B"]], at[Q["M"]], at[Q["N"]]
    expected = a + m + n + at[Q["u"]][:, :, None] * at[Q["v"]][:, None, :] + at[Q["C"]] @ at[Q["D"]]
    for x, y in zip(found, [expected, a + m + n, a, expected * (a + m + n)], strict=True):
        np.testing.assert_allclose(x, y, rtol=1e-13)


def test_what_is_given_for_a_term_or_a_partial_sum_is_used() -> None:
    at = numbers()
    term = Quantity("term", Q["A"] @ Q["B"])
    partial = Quantity("partial", term + outer(Q["u"], Q["v"]) + Q["M"])
    whole = partial + Q["N"] + Q["C"] @ Q["D"]
    ones, twos = np.ones((1, 2, 3)), np.full((1, 2, 3), 2.0)
    found = evaluate([partial, whole], {**at, term: ones, partial: twos}, given=[term, partial])
    np.testing.assert_allclose(
        found[0], ones + at[Q["u"]][:, :, None] * at[Q["v"]][:, None, :] + at[Q["M"]], rtol=1e-13
    )
    np.testing.assert_allclose(found[1], twos + at[Q["N"]] + at[Q["C"]] @ at[Q["D"]], rtol=1e-13)


def test_an_op_in_the_place_of_add_computes_every_call_itself() -> None:
    wrong = replace(add, value=np.subtract)
    a, b, c, d = (Quantity(name) for name in "abcd")
    at = {q: np.array([float(i)]) for i, q in enumerate((a, b, c, d))}
    assert evaluate([wrong(wrong(wrong(a, b), c), d)], at)[0].tolist() == [-6]
    assert evaluate([add(add(add(a, b), wrong(c, d)), a)], at)[0].tolist() == [0]


def unrolled(steps: int) -> tuple[Quantity, Node]:
    """h[t] = tanh(W @ h[t-1]), as a problem file writes it; the gradient of W."""
    W = Quantity("W", shape=(7, 7))
    h: Node = Quantity("h[0]", shape=(7,))
    for t in range(steps):
        h = Quantity(f"h[{t + 1}]", tanh(W @ h))
    return W, adjoints({sum_of(h): Quantity("g")})[W]


def test_the_gradient_of_a_shared_weight_holds_no_product_for_each_step() -> None:
    """Ten steps more add vectors to what a sheet holds, and no matrix."""
    _, few = unrolled(10)
    _, more = unrolled(20)
    assert Plan([more]).entries - Plan([few]).entries < 10 * 10 * 7


def test_the_steps_of_a_layer_are_written_into_one_array() -> None:
    def held(steps: int) -> int:
        shapes = {"x": (steps, 3, 2), "w_ih": (20, 2), "w_hh": (20, 5)}
        x, w_ih, w_hh = (Quantity(name, shape=shape) for name, shape in shapes.items())
        y = lstm(x, 0, 0, w_ih, w_hh)
        found = adjoints({sum_of(y): Quantity("g")})
        return Plan([y, found[x], found[w_ih], found[w_hh]]).entries

    first, second, third = (held(steps) for steps in (10, 20, 30))
    assert third - second == second - first  # so many for each step, however long the sequence is


def test_the_order_in_which_terms_come_does_not_matter() -> None:
    at = numbers()
    for chosen in itertools.permutations([PRODUCTS[0], PRODUCTS[1], PARTS[0], OTHERS[0]]):
        (found,) = evaluate([sum(chosen[1:], start=chosen[0])], at)
        np.testing.assert_allclose(found, term_by_term(list(chosen), at), rtol=1e-13)
