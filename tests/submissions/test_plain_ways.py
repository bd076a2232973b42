r"""What is read in a short way is what the whole way reads: arrays, matrices, and texts that most rules do not touch.

The whole way is the same function while the short one is taken from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.errors import InputError, Location
from hwcheck.located import List, Located, Scalar
from hwcheck.submissions import array_text, pieces, plain_type, printers, typeset
from hwcheck.submissions.array_text import ArrayText, looks_like_array, read_array_noted
from hwcheck.submissions.arrays import Cells, read_cells
from hwcheck.submissions.labels import clean_label
from hwcheck.submissions.plain_array import Closed, count_cells, last_closed, plain_array
from hwcheck.submissions.plain_matrix import plain_matrix

PLACE = Location("ada.md", 7, 5)
SHORT = [
    ("[1]", (1,)),
    ("[0.5, -.25, +3., 1e-05, _]", (5,)),
    ("[0,5,3]", (3,)),
    ("[[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]", (2, 3)),
    ("[ [1, 2] ,\n   [3, 4],\n [5, 6] ]", (3, 2)),
    ("[1, 2,\n 3]", (3,)),
    ("[0.1 0.2]", (2,)),
    ("[[ 0.1 -0.2]\n [-0.3  0.4]\n [ 1.   2. ]]", (3, 2)),
    ("[[[1 2]]\n\n [[3 4]]]", (2, 1, 2)),
    ("[[1 2], [3 4], [5 6]]", (3, 2)),
    ("array([[1., 2.],\n       [3., 4.],\n       [5., 6.]])", (3, 2)),
    ("tensor([1., 2., 3.], dtype=torch.float64)", (3,)),
    ("np.array([[1, 2, 3]])", (1, 3)),
]
WHOLE = [
    *("[]", "[[1, 2], [3]]", "[1, [2]]", "[[1], 2]", "[0,5, 0,3]", "[0,5 0,3]", "[1, 2 3]", "[1,, 2]", "[1, 2,]"),
    *("[1] [2]", "[1, 2] x", "x [1]", "[1 - 2]", "[1-2]", "[--1]", "[.]", "[e]", "[1e]", "[1, ...]", "[1 .. 2]", "[½]"),
    *("[1 2\n 3 4]", "[1; 2]", "[[1 2]; [3 4]]", "[1, 2]^T", "[1, 2].T", "2 * [1, 2]", "[1, 2] * 2", "[1,] 0.5", "[1"),
    *("array([1, 2], 3)", "tensor([1.], grad_fn=<AddBackward0>)", "array(1)", "array([1]", "[(1, 2)]", "[1/3, 2]"),
    *("[[1]2]", "[1[2]]", "[[1 2] 3]", "[−1, 2]", "[1\t2]", "[ , 1]", "[1 ]]", "[[[1, 2]", "[1_000, 2]", "[__, 1]"),
]  # fmt: skip
MATRICES = [
    (r"\begin{bmatrix} 0.1 & -0.2 & 3. \\ .4 & 5e-1 & 6 \end{bmatrix}", (2, 3)),
    ("\\begin{pmatrix}1\\\\2\\\\3\\\\\n\\end{pmatrix}", (3, 1)),
    ("\\begin{matrix}\n1 & 2 \\\\\n3 & 4 \\\\\n5 & 6\n\\end{matrix}", (3, 2)),
    (r"\begin{bmatrix} 7 \end{bmatrix}", (1, 1)),
]
NO_MATRICES = [
    r"\begin{bmatrix} 1 & 2 \\ 3 \end{bmatrix}", r"\begin{bmatrix} 1 & \\ 3 & 4 \end{bmatrix}",
    r"\begin{bmatrix} \frac{1}{2} & 2 \end{bmatrix}", r"\begin{vmatrix} 1 & 2 \end{vmatrix}",
    r"\begin{bmatrix} 1 & 2 \end{pmatrix}", r"\begin{bmatrix} 1 \ 2 \end{bmatrix}", r"\begin{bmatrix}\end{bmatrix}",
    r"\begin{bmatrix} 1,2 \\ 3,4 \end{bmatrix}", r"\begin{bmatrix} 1 & 2 \end{bmatrix}^T", r"\begin{bmatrix} 1 & 2",
    r"\begin{bmatrix} 1 & 2 \\[2pt] 3 & 4 \end{bmatrix}", r"\begin{cases} 1 & 2 \end{cases}",
]  # fmt: skip
SIGNS = st.lists(
    st.sampled_from(
        [
            *"[],;()=:& \n._-", "[[", "]]", "], [", "]\n [", ", ", "0.5", "-1", "2", "1e-3", "_", "+.5", "  ", "\t",
            "array(", "tensor(", ")", "dtype=float32", " x = ", "W1 = ", "\\\\", "\\begin{bmatrix}",
            "\\end{bmatrix}", "\\begin{pmatrix}", "\\end{pmatrix}", "\\begin{cases}", "\\end{cases}", "{", "}",
            "\\[", "^T", " * 2", "[1]", "[,1]", "and", "\\quad", "$", "$$", "`", "```\n", "~~~", "~~", "<!--", "-->",
            "%", "\\(", "\\)", "**", "==", "0.5f,", "float32(", "numpy.float64(1)", "array(data=", ", mask=[False])",
            "⎡1⎤", "⎣2⎦", "2-element Vector{Float64}:", "Parameter containing:", "<tf.Tensor: numpy=", ">",
            "In [3]: ", "julia> ", "$ python ", "1.2) ", " is ", "...", "so ", "therefore ", "(3 d.p.)", "[2 dp]",
            "0{,}5", "a\\_b", "\u200b", "≈", "|", "<", " < 0.3", "\\hline", "\\num{3}", "\\left[", "\\right]",
        ]
    ),
    max_size=24,
).map("".join)  # fmt: skip
NUMBERS = st.lists(
    st.sampled_from([*"[[]],, \n", "[[", "]]", "], [", "],\n [", ", ", "0.5", "-1", "2", "1e-3", "_", "array(", ")"]),
    max_size=16,
).map(lambda parts: "[" + "".join(parts))  # fmt: skip
CELLS = st.lists(
    st.sampled_from(
        ["1", "-0.5", "2e3", ".5", " & ", "&", "\\\\", " \\\\ ", "\n", " ", "\\", "\\hline", "[2pt]", "{}"]
    ),
    max_size=14,
).map(lambda parts: f"\\begin{{bmatrix}}{''.join(parts)}\\end{{bmatrix}}")


def whole(read: Callable[[], object]) -> object:
    """What a function gives where no array is read in a short way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(array_text, "plain_array", lambda *_, **__: None)
        patch.setattr(array_text, "is_plain_array", lambda _: False)
        patch.setattr(array_text, "plain_matrix", lambda *_, **__: None)
        patch.setattr(typeset, "matrix_end", lambda *_: None)
        patch.setattr(Closed, "behind", lambda *_: 0)
        return read()


def array_of(text: str, *, one_place: bool = False, margin: int = 0, most: int = 1000) -> object:
    """All that the reader of arrays says of a text, or its fault."""
    try:
        return read_array_noted(text, PLACE, one_place=one_place, margin=margin, most=most)
    except InputError as error:
        return error.faults


def cells_of(value: Located) -> tuple[object, ...]:
    cells = read_cells(value)
    if not isinstance(cells, Cells):
        return cells
    values, blank, *rest = cells
    return values.shape, values.tobytes(), blank.tolist(), *rest


def same(text: str) -> None:
    """Both ways read the same array, with the same places, notes, cost and cells."""
    for one_place, margin in ((False, 0), (False, 3), (True, 0)):
        short = array_of(text, one_place=one_place, margin=margin)
        # The cells first: nobody has looked at the items yet.
        cells = cells_of(short.value) if isinstance(short, ArrayText) else ()
        long = whole(lambda one_place=one_place, margin=margin: array_of(text, one_place=one_place, margin=margin))  # type: ignore[misc]
        assert short == long
        assert not isinstance(long, ArrayText) or cells == cells_of(long.value)
    assert cells_of(Scalar(text, PLACE)) == whole(lambda: cells_of(Scalar(text, PLACE)))
    assert looks_like_array(text) == whole(lambda: looks_like_array(text))


@pytest.mark.parametrize(("text", "shape"), SHORT)
def test_arrays_of_plain_numbers_are_read_in_the_short_way(text: str, shape: tuple[int, ...]) -> None:
    value = plain_array(text, PLACE)
    assert value is not None
    assert value.written is not None
    assert value.written.shape == shape
    assert count_cells(value) == np.prod(shape)
    same(text)


@pytest.mark.parametrize("text", WHOLE)
def test_what_could_be_something_else_is_left_to_the_whole_way(text: str) -> None:
    assert plain_array(text, PLACE) is None
    same(text)


@pytest.mark.parametrize(("text", "shape"), MATRICES)
def test_matrices_of_plain_numbers_are_read_in_the_short_way(text: str, shape: tuple[int, ...]) -> None:
    found = plain_matrix(text, PLACE, 1000, one_place=False, margin=0)
    assert found is not None
    assert found[0].written is not None
    assert found[0].written.shape == shape
    same(text)


@pytest.mark.parametrize("text", NO_MATRICES)
def test_other_matrices_are_left_to_the_whole_way(text: str) -> None:
    assert plain_matrix(text, PLACE, 1000, one_place=False, margin=0) is None
    same(text)


@settings(deadline=None, max_examples=400)
@given(st.one_of(NUMBERS, CELLS, SIGNS))
def test_both_ways_read_the_same_of_any_text(text: str) -> None:
    same(text)


@pytest.mark.parametrize("most", range(8))
@pytest.mark.parametrize("text", ["[[1, 2], [3, 4]]", r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}"])
def test_as_many_values_are_read_in_both_ways(text: str, most: int) -> None:
    assert array_of(text, most=most) == whole(lambda: array_of(text, most=most))


@settings(deadline=None, max_examples=400)
@given(
    st.lists(st.one_of(SIGNS, NUMBERS, CELLS, st.sampled_from([each for each, _ in (*SHORT, *MATRICES)])), max_size=5)
)
def test_equations_are_cut_in_the_same_places(parts: list[str]) -> None:
    text = " = ".join(parts)
    cut = typeset.chains(text, 0, len(text)), typeset.matrices(text, 0, len(text))
    assert cut == whole(lambda: (typeset.chains(text, 0, len(text)), typeset.matrices(text, 0, len(text))))


@settings(deadline=None, max_examples=400)
@given(SIGNS)
def test_a_rule_that_is_not_tried_would_have_found_nothing(text: str) -> None:
    for rule in (*plain_type._LATEX, *plain_type._TYPE, *plain_type._PARTED):
        assert rule.applied(text) == rule.pattern.sub(rule.change, text)
    for has, step in printers._STEPS[2:]:  # the first two are for their sign alone
        assert has(text) or step(text) == text
    long = text + "\n" * 300
    steps = long
    if printers._MAY_BE_PRINTED.search(long):
        for number, (has, step) in enumerate(printers._STEPS):
            steps = step(steps) if number > 1 or has(steps) else steps
    assert printers.without_print(long) == steps


@settings(deadline=None, max_examples=400)
@given(SIGNS, st.integers(0, 20))
def test_no_mark_is_passed_over(text: str, at: int) -> None:
    found, next_one = pieces._next_mark(text, at), pieces._MARK.search(text, at)
    assert (found and found.span()) == (next_one and next_one.span())


@pytest.mark.parametrize(
    ("text", "behind"),
    [
        ("[1, 2] x", 6),
        ("[[1], [2, 3]]. ", 13),
        ("[1] [2]", 0),
        ("[[1], [2]] [3]", 0),
        ("[[1], [2]", 0),
        ("[1, 2]]", 0),
        ("[1, x]", 0),
        ("[", 0),
        ("x", 0),
    ],
)
def test_where_a_bracket_is_closed_last(text: str, behind: int) -> None:
    assert last_closed(text, 0, len(text)) == behind


@pytest.mark.parametrize("text", ["W1", " h0 ", "Loss\t", "9", "x" * 500])
def test_a_word_alone_is_its_own_label(text: str) -> None:
    assert clean_label(text) == clean_label(f"**{text.strip()}**")


def test_items_are_made_when_they_are_looked_at() -> None:
    value = plain_array("[[1, 2],\n [3, 4]]", PLACE)
    assert value == List(
        (
            List(
                (Scalar("1", Location("ada.md", 7, 7)), Scalar("2", Location("ada.md", 7, 10))),
                Location("ada.md", 7, 6),
            ),
            List(
                (Scalar("3", Location("ada.md", 8, 3)), Scalar("4", Location("ada.md", 8, 6))), Location("ada.md", 8, 2)
            ),
        ),
        PLACE,
    )


@pytest.mark.parametrize("sign", ["[", "[1,", "[1] ", "[[1], ", "\\begin{bmatrix} 1 & ", "]", "1 ", "[1 "])
def test_no_text_is_gone_over_again_and_again(sign: str) -> None:
    """Each of so many brackets looks ahead; a text of this length would take minutes if each looked to its end."""
    text = sign * 60_000
    assert plain_array(text, PLACE) is None
    assert typeset.chains(text, 0, len(text))
    assert re.sub(r"\s", "", plain_type.plain_type(text))
