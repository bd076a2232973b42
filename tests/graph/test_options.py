"""Options in words, and as short as they can be written."""

from __future__ import annotations

from typing import Any

import pytest

from hwcheck.graph.options import CONVERTERS, admits, converter, plainest


@pytest.mark.parametrize(
    ("type_", "words"),
    [
        ("int", "a whole number"),
        ("float", "a number"),
        ("float | None", "a number, or None"),
        ("bool", "either True or False"),
        ("Reduction", "'none', 'mean', 'sum' or 'batchmean'"),
        ("Literal['a']", "'a'"),
        ("Literal['a', 'b', 3]", "'a', 'b' or 3"),
        ("Literal['a', 'b'] | None", "'a' or 'b', or None"),
    ],
)
def test_what_an_option_admits(type_: str, words: str) -> None:
    assert admits(type_) == words


@pytest.mark.parametrize("type_", CONVERTERS)
def test_every_type_says_what_it_admits(type_: str) -> None:
    assert admits(type_)
    assert "\n" not in admits(type_)


@pytest.mark.parametrize(
    ("type_", "value", "expected"),
    [
        ("Lengths2d", (2, 2), 2),
        ("Lengths2d", (2, 3), (2, 3)),
        ("Padding2d", ((1, 1), (1, 1)), 1),
        ("Padding2d", ((1, 1), (2, 2)), (1, 2)),
        ("Padding2d", ((1, 2), (1, 2)), ((1, 2), (1, 2))),
        ("Padding2d", "same", "same"),
        ("Ints", (1, 1), (1, 1)),
        ("float", 0.5, 0.5),
    ],
)
def test_the_plainest_way_to_write_a_value_means_the_same(type_: str, value: Any, expected: Any) -> None:
    assert plainest(type_, value) == expected
    assert converter(type_)(expected, (5, 5)) == converter(type_)(value, (5, 5))


def test_a_refused_list_is_told_as_it_was_written() -> None:
    """The language makes floats of all numbers."""
    with pytest.raises(ValueError, match=r"names an axis twice: \[0, 0\]$"):
        converter("Axes")([0.0, 0.0], (2, 3))
    with pytest.raises(ValueError, match=r"must not be negative, but is -1$"):
        converter("Padding2d")(-1.0, (2, 3))
