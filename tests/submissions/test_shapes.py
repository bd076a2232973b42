"""The shape of an answer against the one that is asked: what is read, what is named, and that nothing is broadcast."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.graph.node import Shape
from hwcheck.submissions.shapes import Layout, fit, order_of

ANY = Layout()
STRICT = Layout(strict=True)
FLAT = Layout(forms=("flat",))
TURNED = Layout(forms=("transposed",))
BOTH = Layout(forms=("flat", "transposed"))


@pytest.mark.parametrize(
    ("given_", "wanted", "layout", "entries"),
    [
        # The answer's entries are 0, 1, 2, ... row by row; these are their places in what is asked, row by row.
        ((3,), (3,), STRICT, [0, 1, 2]),
        ((1, 3), (3,), ANY, [0, 1, 2]),
        ((3, 1), (3,), ANY, [0, 1, 2]),
        ((3,), (1, 3), ANY, [0, 1, 2]),
        ((1, 3), (3, 1), ANY, [0, 1, 2]),
        ((1, 2, 3), (2, 3), ANY, [0, 1, 2, 3, 4, 5]),
        ((2, 3), (1, 1, 2, 3), ANY, [0, 1, 2, 3, 4, 5]),
        ((2, 1, 3), (2, 3), ANY, [0, 1, 2, 3, 4, 5]),
        ((), (1, 1), ANY, [0]),
        ((1,), (), ANY, [0]),
        ((6,), (2, 3), FLAT, [0, 1, 2, 3, 4, 5]),
        ((1, 6), (2, 3), FLAT, [0, 1, 2, 3, 4, 5]),
        ((24,), (4, 2, 3), BOTH, list(range(24))),
        ((3, 2), (2, 3), TURNED, [0, 2, 4, 1, 3, 5]),  # [[0, 1], [2, 3], [4, 5]] turned is [[0, 2, 4], [1, 3, 5]]
        ((3, 2), (1, 2, 3), BOTH, [0, 2, 4, 1, 3, 5]),
        ((2, 3, 2), (2, 2, 3), TURNED, [0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11]),
    ],
)
def test_what_is_read(given_: Shape, wanted: Shape, layout: Layout, entries: list[int]) -> None:
    order, note = order_of(given_, wanted, layout)
    assert order is not None
    assert order.shape == wanted
    assert order.reshape(-1).tolist() == entries
    assert bool(note) == (given_ != wanted)


@pytest.mark.parametrize(
    ("given_", "wanted", "layout", "note"),
    [
        ((3, 1), (3,), STRICT, "3 x 1 was handed in, 3 is asked; rows, columns and flat vectors are not the same here"),
        ((6,), (2, 3), ANY, "it looks flattened: 6 was handed in, 2 x 3 is asked; write 2 rows of 3"),
        ((6,), (2, 3), TURNED, "it looks flattened: 6 was handed in, 2 x 3 is asked; write 2 rows of 3"),
        ((4, 6), (4, 2, 3), FLAT, "it looks flattened: 4 x 6 was handed in, 4 x 2 x 3 is asked; write 4 matrices of"),
        ((3, 2), (2, 3), ANY, "it looks transposed: 3 x 2 was handed in, 2 x 3 is asked; exchange rows and columns"),
        ((3, 2), (2, 3), FLAT, "it looks transposed: 3 x 2 was handed in, 2 x 3 is asked; exchange rows and columns"),
        ((5, 3, 2), (2, 3, 5), ANY, "it looks transposed: 5 x 3 x 2 was handed in, 2 x 3 x 5 is asked"),
        ((), (2, 3), BOTH, "a single number was handed in, 2 x 3 is asked; write 2 rows of 3"),
        ((3,), (2, 3), BOTH, "3 was handed in, 2 x 3 is asked; write 2 rows of 3"),
        ((2, 1), (2, 3), BOTH, "2 x 1 was handed in, 2 x 3 is asked; write 2 rows of 3"),
        ((2, 3), (3,), BOTH, "2 x 3 was handed in, 3 is asked; write 3 numbers"),
        ((2,), (), BOTH, "2 was handed in, a single number is asked; write one number"),
        ((2,), (1,), BOTH, "2 was handed in, 1 is asked; write one number"),
        ((2, 2), (4,), BOTH, "2 x 2 was handed in, 4 is asked; write 4 numbers"),
        ((3, 4), (2, 6), BOTH, "3 x 4 was handed in, 2 x 6 is asked; write 2 rows of 6"),
    ],
)
def test_what_does_not_fit_is_named(given_: Shape, wanted: Shape, layout: Layout, note: str) -> None:
    found = order_of(given_, wanted, layout)
    assert found.order is None
    assert found.note.startswith(note)


shapes = st.lists(st.integers(1, 4), max_size=4).map(tuple)


@given(shapes, shapes, st.sampled_from([ANY, STRICT, FLAT, TURNED, BOTH]))
def test_each_entry_has_one_place_and_nothing_is_broadcast(given_: Shape, wanted: Shape, layout: Layout) -> None:
    order, note = order_of(given_, wanted, layout)
    if order is None:
        assert given_ != wanted
        assert note
    else:
        assert order.shape == wanted
        assert sorted(order.reshape(-1).tolist()) == list(range(int(np.prod(given_, dtype=int))))


def test_values_are_laid_as_the_order_says() -> None:
    values = np.array([[1.0, 2.0], [3.0, np.nan], [5.0, 6.0]])
    fitted, note = fit(values, (2, 3), TURNED)
    np.testing.assert_array_equal(fitted, [[1, 3, 5], [2, np.nan, 6]])
    assert note == "handed in transposed, as 3 x 2, read as 2 x 3"
