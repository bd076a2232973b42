"""Arrays as nested lists of cells: shape, blanks, faults with their places."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hwcheck.errors import Location
from hwcheck.limits import ARRAY_TEXTS, SUBMISSION, Expressions
from hwcheck.located import Scalar
from hwcheck.located_yaml import read_yaml
from hwcheck.submissions.arrays import Cells, read_cells
from hwcheck.submissions.numbers import NumberReader


def cells(text: str) -> Cells:
    tree = read_yaml(text, "ada.yaml", SUBMISSION)
    assert tree is not None
    found = read_cells(tree)
    assert isinstance(found, Cells)
    return found


def faults(text: str) -> list[str]:
    tree = read_yaml(text, "ada.yaml", SUBMISSION)
    assert tree is not None
    found = read_cells(tree)
    return [str(fault) for fault in (found.faults if isinstance(found, Cells) else found)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("3", 3),
        ("[3]", [3]),
        ("[[1, 2, 3], [4, 5, 6]]", [[1, 2, 3], [4, 5, 6]]),
        ("- [1, 2, 3]\n- [4, 5, 6]", [[1, 2, 3], [4, 5, 6]]),
        ("- - [1]\n  - [2]\n- - [3]\n  - [4]", [[[1], [2]], [[3], [4]]]),
        ("[1/4, '0.5', -1e-3]", [0.25, 0.5, -0.001]),
    ],
)
def test_an_array_is_read(text: str, values: Any) -> None:
    found = cells(text)
    np.testing.assert_array_equal(found.values, np.array(values, dtype=float))
    assert found.shape == np.shape(values)
    assert not found.blank.any()
    assert found.faults == ()


def test_blanks_and_faults_leave_holes() -> None:
    found = cells("[[1.50, _, two], ['', 5, nan]]")
    np.testing.assert_array_equal(found.values, [[1.5, np.nan, np.nan], [np.nan, 5, np.nan]])
    assert found.blank.tolist() == [[False, True, False], [True, False, False]]
    assert found.texts == ("1.50", "_", "two", "", "5", "nan")
    assert [str(fault.location) for fault in found.faults] == ["ada.yaml:1:12", "ada.yaml:1:26"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[1, 2], [3]]", "ada.yaml:1:10: the list is ragged: row 1 holds 1 number, row 0 holds 2 numbers"),
        ("[1, [2]]", "ada.yaml:1:5: the list is ragged: item 1 is a list, item 0 is a single number"),
        (
            "[1, 2, null, true, 'x', [1], 1, 1]",
            "ada.yaml:1:25: the list is ragged: item 5 is a list, the others are single numbers",
        ),
        (
            "[[1, 2], 3, [4, 5], [6, 7]]",
            "ada.yaml:1:10: the list is ragged: item 1 is a single number, the others are lists",
        ),
        ("[3, [1, 2], [4]]", "ada.yaml:1:2: the list is ragged: item 0 is a single number, the others are lists"),
        ("[1, [2], [3], 4]", "ada.yaml:1:5: the list is ragged: item 1 is a list, item 0 is a single number"),
        (
            "[[[1, 2]], [[1], [2]]]",
            "ada.yaml:1:12: the list is ragged: row 1 holds 2 x 1 numbers, row 0 holds 1 x 2 numbers",
        ),
        ("[]", "ada.yaml:1:1: the list is empty"),
        ("[[1], []]", "ada.yaml:1:7: the list is empty"),
        ("{a: 1}", "ada.yaml:1:1: numbers belong here, not a mapping"),
        ("[1, {a: 1}]", "ada.yaml:1:5: numbers belong here, not a mapping"),
    ],
)
def test_what_is_no_array_is_told_with_its_place(text: str, told: str) -> None:
    assert faults(text) == [told]


def test_all_unreadable_cells_are_told() -> None:
    assert [fault.split(": ")[0] for fault in faults("[[a1, 2], [3, b1]]")] == ["ada.yaml:1:3", "ada.yaml:1:15"]


def test_a_long_cell_is_cut_in_the_message() -> None:
    (told,) = faults("[" + "x" * 300 + "]")
    assert "xxx...'" in told


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("'[[1 2] [3 4]]'", [[1, 2], [3, 4]]),
        ('"[[1 2]\\n [3 4]]"', [[1, 2], [3, 4]]),
        ("|\n  array([[1., 2.],\n         [3., 4.]], dtype=float32)\n", [[1, 2], [3, 4]]),
        ("|\n  1 2\n  3 4\n", [[1, 2], [3, 4]]),
        ("tensor([1., 2.], grad_fn=<AddBackward0>)", [1, 2]),
        ("tensor(0.5, requires_grad=True)", 0.5),
        (r"$$\begin{bmatrix} 1 & 2 \\ 3 & \frac{1}{4} \end{bmatrix}$$", [[1, 2], [3, 0.25]]),
        ("[1 2; 3 4]", [[1, 2], [3, 4]]),
        ("[1 2 3]", [1, 2, 3]),
        ("[[1 2], [3 4]]", [[1, 2], [3, 4]]),
        ("- 1 2\n- 3 4", [[1, 2], [3, 4]]),
        ("['[1, 2]', '[3, 4]']", [[1, 2], [3, 4]]),
        ("[7]", [7]),
        ("1 2 3", [1, 2, 3]),
    ],
)
def test_a_text_may_be_an_array(text: str, values: Any) -> None:
    found = cells(text)
    np.testing.assert_array_equal(found.values, np.array(values, dtype=float))
    assert found.faults == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("'[[1 2] [3]]'", "ada.yaml:1:9: the list is ragged: row 1 holds 1 number, row 0 holds 2 numbers"),
        ("|\n  1 2\n  3\n", "ada.yaml:3:3: the list is ragged: row 1 holds 1 number, row 0 holds 2 numbers"),
        ("'[1, x1]'", "ada.yaml:1:6: cannot read 'x1': there is no quantity 'x1'"),
        ("'[1, 2'", "ada.yaml:1:2: this '[' is never closed"),
        ("'[1, ..., 3]'", "ada.yaml:1:6: the printed output leaves numbers out"),
        ("'[]'", "ada.yaml:1:2: the list is empty"),
    ],
)
def test_what_is_wrong_in_a_text_is_told_with_its_place(text: str, told: str) -> None:
    (fault,) = faults(text)
    assert fault.startswith(told)


def test_notes_come_with_the_cells() -> None:
    found = cells("['3,14', 0.5, 12%]")
    np.testing.assert_array_equal(found.values, [3.14, 0.5, 0.12])
    assert list(map(str, found.notes)) == ["ada.yaml:1:2: 3,14 read as 3.14", "ada.yaml:1:15: 12% read as 0.12"]
    found = cells("'[1 2; 3 4]^T'")
    assert list(map(str, found.notes)) == ["ada.yaml:1:2: transposed, as the sign behind the array says"]
    assert found.texts == ("1", "3", "2", "4")


def test_the_texts_of_a_submission_share_one_budget() -> None:
    reader = NumberReader()
    text = Scalar("[" + "1 " * 60_000 + "]", Location("ada.yaml", 1, 1))
    first, second = read_cells(text, reader), read_cells(text, reader)
    assert isinstance(first, Cells)
    assert first.shape == (60_000,)
    assert not isinstance(second, Cells)
    assert "more than 100,000 values" in second[0].message
    assert isinstance(read_cells(Scalar("0.5", Location("ada.yaml", 1, 1)), reader), Cells)


def test_the_answers_of_a_submission_share_one_budget() -> None:
    reader = NumberReader(Expressions(number=2, characters=100))
    first, second = (
        read_cells(tree, reader)
        for text in ("[1/2, 1/3, 1/2]", "[1/3, 1/4, 5, 1/5]")
        if (tree := read_yaml(text, "ada.yaml", SUBMISSION))
    )
    assert isinstance(first, Cells)
    assert isinstance(second, Cells)
    np.testing.assert_array_equal(first.values, [1 / 2, 1 / 3, 1 / 2])
    assert first.faults == ()
    np.testing.assert_array_equal(second.values, [1 / 3, np.nan, 5, np.nan])
    rule = "more than 2 different expressions stand in this file; write the others as numbers"
    assert list(map(str, second.faults)) == [f"ada.yaml:1:7: {rule}"]  # told once for an answer


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("1 2 3", ARRAY_TEXTS.all // ARRAY_TEXTS.read),
        ("[1, 2", ARRAY_TEXTS.all // ARRAY_TEXTS.read),
        ("1,5", ARRAY_TEXTS.all // ARRAY_TEXTS.look),
    ],
)
def test_only_so_many_texts_are_looked_at_for_arrays(text: str, most: int) -> None:
    """Each takes many times what a number takes: a hundred thousand of them took six seconds."""

    def told(number: int) -> list[str]:
        rows = ", ".join([f"'{text}'"] * number)
        return [fault for fault in faults(f"[{rows}]") if "texts that are arrays" in fault]

    assert told(most) == []
    (fault,) = told(most + 10)
    assert fault.startswith("ada.yaml:1:")
