"""Arrays as text: what students paste, with the cells that a person sees in it, written by hand."""

from __future__ import annotations

from typing import Any

import pytest

from hwcheck.errors import InputError, Location
from hwcheck.limits import SUBMISSION
from hwcheck.located import List, Located, Map, Scalar
from hwcheck.submissions.array_text import looks_like_array, read_array, read_array_noted
from hwcheck.submissions.latex_matrix import find_matrices
from hwcheck.submissions.writing import Writing

START = Location("ada.md", 7, 5)


def texts(value: Located) -> Any:
    """The cells' texts in nested lists."""
    assert not isinstance(value, Map)
    return [texts(item) for item in value.items] if isinstance(value, List) else value.text


def cells(value: Located) -> list[Scalar]:
    """The cells, one behind the other."""
    assert not isinstance(value, Map)
    return [cell for item in value.items for cell in cells(item)] if isinstance(value, List) else [value]


SQUARE = [["0.1", "0.2"], ["0.3", "-0.4"]]

BRACKETS = [
    ("[1, 2]", ["1", "2"]),
    ("[0.5]", ["0.5"]),
    ("[[0.1, 0.2], [0.3, -0.4]]", SQUARE),
    ("[[0.1 0.2] [0.3 -0.4]]", SQUARE),
    ("[[0.1 0.2][0.3 -0.4]]", SQUARE),
    ("[[0.1, 0.2] [0.3, -0.4],]", SQUARE),
    ("[0.1 0.2; 0.3 -0.4]", SQUARE),
    ("[0.1, 0.2; 0.3, -0.4];", SQUARE),
    ("[0.1 0.2;\n 0.3 -0.4;]", SQUARE),
    ("[0.1 0.2\n 0.3 -0.4]", SQUARE),
    ("{{0.1, 0.2}, {0.3, -0.4}}", SQUARE),
    ("((0.1, 0.2), (0.3, -0.4))", SQUARE),
    ("[(0.1, 0.2), (0.3, -0.4)]", SQUARE),
    ("([0.1, 0.2], [0.3, -0.4])", SQUARE),
    ("[ 0.1 0.2 ]\n[ 0.3 -0.4 ]", SQUARE),
    ("[0.1, 0.2], [0.3, -0.4]", SQUARE),
    ("(1, 2)", ["1", "2"]),
    ("(1,)", ["1"]),
    ("[1; 2; 3]", [["1"], ["2"], ["3"]]),
    ("[1,,2]", ["1", "", "2"]),
    ("[_, ?, 2]", ["_", "?", "2"]),
    ("[]", []),
    ("[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]", [[["1", "2"], ["3", "4"]], [["5", "6"], ["7", "8"]]]),
    ("['0.1', \"0.2\"]", ["0.1", "0.2"]),
    ("[1/3, sqrt(2), maximum(1, 5), (1+2)*3]", ["1/3", "sqrt(2)", "maximum(1, 5)", "(1+2)*3"]),
    ("[1 / 3, 0.5 - 0.3, - 2]", ["1 / 3", "0.5 - 0.3", "- 2"]),
    ("[1.2 x 10^(-3) 5]", ["1.2 x 10^(-3)", "5"]),
    (r"[1.2 \times 10^{-3}, \frac{1}{3}]", [r"1.2 \times 10^{-3}", r"\frac{1}{3}"]),
    ("[12 % 5%]", ["12 %", "5%"]),
]

PRINTED = [
    ("array([[ 0.1,  0.2],\n       [ 0.3, -0.4]])", SQUARE),
    ("np.array([[0.1, 0.2], [0.3, -0.4]], dtype=np.float32)", SQUARE),
    ("array([[0.1, 0.2],\n       [0.3, -0.4]], dtype=float32)", SQUARE),
    ("matrix([[0.1, 0.2],\n        [0.3, -0.4]])", SQUARE),
    ("[[ 0.1  0.2]\n [ 0.3 -0.4]]", SQUARE),
    ("[array([0.1, 0.2]), array([0.3, -0.4])]", SQUARE),
    ("[np.float64(1.0), np.float32(2.0)]", ["1.0", "2.0"]),
    ("array([], shape=(0, 3), dtype=float64)", []),
    ("[-1.   2.5  nan]", ["-1.", "2.5", "nan"]),
    ("[1.e-10 1.e+00 -5.34e-08]", ["1.e-10", "1.e+00", "-5.34e-08"]),
    ("tensor([[0.1, 0.2],\n        [0.3, -0.4]], grad_fn=<AddmmBackward0>)", SQUARE),
    ("tensor([[0.1, 0.2],\n        [0.3, -0.4]], device='cuda:0', requires_grad=True)", SQUARE),
    ("tensor([[0.1, 0.2], [0.3, -0.4]], dtype=torch.float64, grad_fn=<MulBackward0 at 0x7f>)", SQUARE),
    ("masked_array(data=[1, --],\n mask=[False, True])", ["1", "--"]),
    ("Parameter containing:\ntensor([1., 2.], requires_grad=True)", ["1.", "2."]),
    ("tensor(0.5, grad_fn=<NllLossBackward0>)", "0.5"),
    ("tensor([     0.0000, 200000.0000,     30.0000])", ["0.0000", "200000.0000", "30.0000"]),
    ("<tf.Tensor: shape=(2,), dtype=float32, numpy=array([1., 2.], dtype=float32)>", ["1.", "2."]),
    ("tf.Tensor(\n[[1. 2.]\n [3. 4.]], shape=(2, 2), dtype=float32)", [["1.", "2."], ["3.", "4."]]),
    ("Array([1., 2.], dtype=float32)", ["1.", "2."]),
    ("Matrix([[1, 2], [3, 4]])", [["1", "2"], ["3", "4"]]),
    ("A =\n\n   0.1   0.2\n   0.3  -0.4\n\n", SQUARE),
    ("A =\n\n  Columns 1 through 2\n\n 1 2\n 3 4\n\n  Column 3\n\n 5\n 6\n", [["1", "2", "5"], ["3", "4", "6"]]),
    ("     0    1\n0  0.1  0.2\n1  0.3 -0.4", SQUARE),
    ("   a   b\nx  0.1  0.2\ny  0.3 -0.4\n\n[2 rows x 2 columns]", SQUARE),
    (
        "         0         1   \\\n0  0.000000  0.142857   \n1  2.142857  2.285714   \n\n"
        "         2  \n0  0.5  \n1  0.6  ",
        [["0.000000", "0.142857", "0.5"], ["2.142857", "2.285714", "0.6"]],
    ),
    ("0    0.1\n1    0.3\nName: 0, dtype: float64", ["0.1", "0.3"]),
    ("  2.0000\n   4.0000\n[torch.FloatTensor of size 2]", [["2.0000"], ["4.0000"]]),
]

ROWS = [
    ("0.1 0.2\n0.3 -0.4", SQUARE),
    ("0.1, 0.2\n0.3, -0.4\n", SQUARE),
    ("0.1,0.2\n0.3,-0.4", SQUARE),
    ("0.1\t0.2\n0.3\t-0.4", SQUARE),
    ("0.1 0.2; 0.3 -0.4", SQUARE),
    ("0,1 0,2\n0,3 -0,4", [["0,1", "0,2"], ["0,3", "-0,4"]]),
    ("1 2 3", ["1", "2", "3"]),
    ("1, 2, 3", ["1", "2", "3"]),
    ("1,2,3", ["1", "2", "3"]),
    ("1 -2", ["1", "-2"]),
    ("1\n2", [["1"], ["2"]]),
    ("1 2 3\n4 5", [["1", "2", "3"], ["4", "5"]]),  # ragged: for read_cells to say
    ("a b\n1 2\n3 4", [["1", "2"], ["3", "4"]]),
    ("| a | b |\n|---|---|\n| 0.1 | 0.2 |\n| 0.3 | -0.4 |", SQUARE),
    ("|   | 0 | 1 |\n|--:|--:|--:|\n| 0 | 0.1 | 0.2 |\n| 1 | 0.3 | -0.4 |", SQUARE),
    ("| | |\n|-|-|\n| 0.1 | 0.2 |\n| 0.3 | -0.4 |", SQUARE),
    ("0.1 | 0.2\n0.3 | -0.4", SQUARE),
    ("| 0.1 | 0.2 |\n|:-:|:-:|\n| 0.3 | -0.4 |", SQUARE),
    ("|  | x | y |\n|--|--|--|\n| $h_1$ | 0.1 | 0.2 |\n| h2 | 0.3 | -0.4 |", SQUARE),
    ("| step | grad |\n|--|--|\n| a | (0, -1.0966) |\n| b | (1, 2) |", [[["0", "-1.0966"]], [["1", "2"]]]),
    ("| a | b |\n|--|--|\n| 1 |  |", [["1", ""]]),
]

LATEX = [
    *(
        (rf"\begin{{{name}}} 0.1 & 0.2 \\ 0.3 & -0.4 \end{{{name}}}", SQUARE)
        for name in (
            *("matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "bmatrix*"),
            *("cases", "aligned", "split", "gathered"),
        )
    ),
    (r"\begin{array}{cc} 0.1 & 0.2 \\ 0.3 & -0.4 \end{array}", SQUARE),
    (r"\left[\begin{array}{r|r}0.1&0.2\\\hline 0.3&-0.4\end{array}\right]", SQUARE),
    (r"\begin{array}[t]{*{2}{c}} \hline 0.1 & 0.2 \\[2pt] \cline{1-2} 0.3 & -0.4 \\ \hline \end{array}", SQUARE),
    ("$$\n\\begin{bmatrix}\n0.1 & 0.2 \\\\\n0.3 & -0.4 \\\\\n\\end{bmatrix}\n$$", SQUARE),
    (r"\[ \begin{pmatrix} 0.1 & 0.2 \\ 0.3 & -0.4 \end{pmatrix} \]", SQUARE),
    (r"\left( \begin{matrix} 0.1 & 0.2 \cr 0.3 & -0.4 \end{matrix} \right).", SQUARE),
    (r"$W_1 = \begin{bmatrix} 0.1 & 0.2 \\ 0.3 & -0.4 \end{bmatrix}$", SQUARE),
    (r"\begin{equation} \begin{bmatrix} 0.1 & 0.2 \\ 0.3 & -0.4 \end{bmatrix} \end{equation}", SQUARE),
    (r"\begin{bmatrix} 0.1 & 0.3 \\ 0.2 & -0.4 \end{bmatrix}^T", SQUARE),
    (r"\left[\begin{matrix} 0.1 & 0.3 \\ 0.2 & -0.4 \end{matrix}\right]^{\top}", SQUARE),
    (r"\begin{bmatrix} 0.1 & 0.2 \ 0.3 & -0.4 \end{bmatrix}", SQUARE),
    (r"\begin{bmatrix} 0.1 & 0.2 \\ 0.3 & -0.4 \end{pmatrix}", SQUARE),
    (r"\begin{bmatrix} 0.4 \\ 0.8 \end{bmatrix}", [["0.4"], ["0.8"]]),
    (r"\begin{bmatrix} 1 & & 3 \end{bmatrix}", [["1", "", "3"]]),
    (
        r"\begin{bmatrix} \frac{1}{3} & 2 \cdot 3 \\ \text{about } 1 & \frac{a & b}{2} \end{bmatrix}",
        [[r"\frac{1}{3}", r"2 \cdot 3"], [r"\text{about } 1", r"\frac{a & b}{2}"]],
    ),
    (r"\begin{bmatrix}1&\frac{1}{3 & 2 \\ 4 & 5 & 6\end{bmatrix}", [["1", r"\frac{1}{3", "2"], ["4", "5", "6"]]),
    (r"\begin{bmatrix}1&2\end{bmatrix}, \begin{bmatrix}3&4\end{bmatrix}", [[["1", "2"]], [["3", "4"]]]),
    (
        r"\begin{bmatrix} \begin{bmatrix}1&2\end{bmatrix} \\ \left[\begin{matrix}3&4\end{matrix}\right] \end{bmatrix}",
        [[["1", "2"]], [["3", "4"]]],
    ),
    (r"-\begin{bmatrix} 1 & -2 \end{bmatrix}", [["-1", "(-1)*(-2)"]]),
    (r"\frac{1}{6}\begin{pmatrix} 1 \\ 2 \end{pmatrix}", [[r"(\frac{1}{6})*(1)"], [r"(\frac{1}{6})*(2)"]]),
    (r"10^{-3} \cdot \begin{pmatrix} 1.50 & 2 \end{pmatrix}", [["1.50e-3", "2e-3"]]),
]

CHANGED = [
    ("[0.1 0.3; 0.2 -0.4]'", SQUARE),
    ("np.array([[0.1, 0.3], [0.2, -0.4]]).T", SQUARE),
    ("[[0.1, 0.3], [0.2, -0.4]]^T", SQUARE),
    ("[1, 2].T", ["1", "2"]),
    ("1e-3 * [1.0, 2]", ["1.0e-3", "2e-3"]),
    ("[1, 2] x 1e-3", ["1e-3", "2e-3"]),
    ("0.5*[1, 2]", ["(0.5)*(1)", "(0.5)*(2)"]),
    ("W1 = [1, 2]", ["1", "2"]),
    ("W^{(1)} = [1, 2]", ["1", "2"]),
    ("h[0] = np.array([1, 2])", ["1", "2"]),
    ("[1, 2]  # by hand", ["1", "2"]),
    (r"\left[ 0.1, \left(\frac{1}{2}\right)\right]", ["0.1", r"\left(\frac{1}{2}\right)"]),
    (r"\{1, 2\}", ["1", "2"]),
    ("[0.1,0.2, 0.3]", ["0.1", "0.2", "0.3"]),
    ("[1,2,3, 4]", ["1", "2", "3", "4"]),
    (r"\begin{pmatrix} 0.1 \\ 0.2 \end{pmatrix}^{\mathsf T}", [["0.1", "0.2"]]),
    ("```python\n[[0.1 0.2]\n [0.3 -0.4]]\n```", SQUARE),
    ("1.00000e-03 *\n 0.1000 0.2000\n-0.5 3\n", [["0.1000e-03", "0.2000e-03"], ["-0.5e-03", "3e-03"]]),
]


@pytest.mark.parametrize(("text", "expected"), [*BRACKETS, *PRINTED, *ROWS, *LATEX, *CHANGED])
def test_an_array_is_read(text: str, expected: Any) -> None:
    assert texts(read_array(text, START)) == expected
    assert looks_like_array(text)


def test_a_factor_in_a_line_of_its_own_goes_into_the_cells() -> None:
    found = read_array_noted("ans =\n\n   1.0e-03 *\n\n    0.1000    0.2000\n    0.3000   -0.4000\n", START)
    assert texts(found.value) == [["0.1000e-03", "0.2000e-03"], ["0.3000e-03", "-0.4000e-03"]]
    assert [note.message for note in found.notes] == ["every number taken times 1.0e-03, as the first line says"]
    assert found.notes[0].location == ("ada.md", 9, 4)


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("[[1, 2], [3, 4]]", []),
        ("array([1., 2.], dtype=float32)", []),
        (r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}", []),
        ("[1 2\n 3 4]", ["each line between the brackets read as a row"]),
        ("[1 2, 3]", ["a comma is missing before '2'; read as a number of its own"]),
        ("[-0,7; 0,1]", ["-0,7 is read as -0.7, and so are all decimal commas here"]),
        ("[1,2; 3,4]", []),
        ("[0,1; 1,0]", []),
        ("W1 = [1, 2]", ["'W1' in front of the array is not read"]),
        ("[1 2; 3 4]'", ["transposed, as the sign behind the array says"]),
        ("2*[1, 2]", ["every number taken times 2"]),
        (r"\begin{bmatrix} 1 & 2 \ 3 & 4 \ 5 & 6 \end{bmatrix}", ["a single backslash read as the end of a row"]),
        (
            r"\begin{bmatrix} 1 & 2 \end{pmatrix}",
            [r"\end{pmatrix} read as the end of \begin{bmatrix}"],
        ),
        (
            r"\begin{vmatrix} 1 & 2 \end{vmatrix}",
            ["a matrix between vertical lines read as the matrix, no determinant"],
        ),
        ("   0  1\n0  1  2\n1  3  4", ["read as a printed table: its header and its index are left out"]),
        ("0  0.5\n1  0.2\ndtype: float64", ["read as a printed series: its index is left out"]),
        ("| a | b |\n|-|-|\n| 1 | 2 |", ["the first line is taken for names of the columns and left out"]),
    ],
)
def test_how_an_array_was_read_is_noted(text: str, notes: list[str]) -> None:
    assert [note.message for note in read_array_noted(text, START).notes] == notes


@pytest.mark.parametrize(
    ("text", "place", "told"),
    [
        ("[1, ..., 3]", "7:9", "leaves numbers out ('...')"),
        ("[0. 0. 0. ... 0. 0.]", "7:15", "leaves numbers out ('...')"),
        ("tensor([0.,  ..., 0.])", "7:18", "leaves numbers out"),
        ("[[1, 2],\n ...,\n [3, 4]]", "8:2", "leaves numbers out"),
        ("[1, …, 3]", "7:9", "leaves numbers out ('…')"),
        (r"\begin{bmatrix} 1 & \cdots & 3\end{bmatrix}", "7:24", "leaves numbers out"),
        (
            "      0    1\n0   0.0  0.0\n..  ...  ...\n95  0.0  0.0\n\n[100 rows x 2 columns]",
            "9:1",
            "leaves numbers out",
        ),
        ("0     0.0\n     ... \n99    0.0\nName: q, Length: 100, dtype: float64", "8:6", "leaves numbers out"),
        ("[1, 2", "7:5", "this '[' is never closed"),
        ("[[1, 2], [3, 4]", "7:5", "this '[' is never closed"),
        ("[1, sqrt(2]", "7:15", "'(' is closed by ']'; it needs ')'"),
        ("[1, 2)", "7:10", "'[' is closed by ')'; it needs ']'"),
        ("[1, 2]]", "7:11", "this ']' closes nothing"),
        ("[1, 2] and more", "7:12", "'and' stands beside the array"),
        ("[1 -2, 3]", "7:8", "'1 -2' is one difference or sum, or several numbers"),
        ("[1 - 2 3]", "7:8", "'1 - 2' is one difference or sum, or several numbers"),
        ("[0,5 0,3]", "7:8", "commas part numbers here or stand for decimal points"),
        ("[1 2,3]", "7:6", "commas part numbers here or stand for decimal points"),
        ("[0,5, 0,3]", "7:5", "'0,5, 0,3' is 2 numbers with decimal commas, or 4 whole numbers"),
        (r"\begin{bmatrix}1,2\\3,4\end{bmatrix}", "7:5", "'1,2' is 1.2, or two numbers"),
        ("0,5\n0,3", "7:5", "'0,5' is 0.5, or the two numbers 0 and 5"),
        ("tensor([1], foo=2)", "7:17", "'foo' is nothing that belongs to an array"),
        ("tensor(1, 2)", "7:5", "one array belongs between these brackets"),
        ("| 0 | 1 |\n|---|---|\n| 5 | 6 |", "7:7", "numbers of the answer, or counts its columns"),
        (r"\begin{bmatrix} 1 & 2", "7:5", r"\begin{bmatrix} has no \end{bmatrix}"),
        (r"\begin{a}\end{a}\end{a}", "7:21", r"\end{a} ends nothing"),
        (r"\begin{aligned} x &= 3 \\ y &= 4\end{aligned}", "7:5", "equations stand here"),
        (r"\begin{bmatrix}1&2\end{bmatrix}\begin{bmatrix}3\\4\end{bmatrix}", "7:36", "a product, or two answers"),
        (r"W \begin{bmatrix}1&2\end{bmatrix}", "7:5", "'W' stands in front of the matrix"),
        (r"\begin{bmatrix}1&2\end{bmatrix} + b", "7:36", "'+b' stands behind the matrix"),
        (r"\begin{bmatrix}1& 2 \begin{matrix}1\end{matrix}\end{bmatrix}", "7:25", "in one cell of another"),
        ("[" * 33 + "1" + "]" * 33, "7:37", "more than 32 deep"),
        (r"\begin{bmatrix}" * 33, f"7:{5 + 32 * 15}", "more than 32 deep"),
        ("", "7:5", "there is nothing"),
        ("[1, 2]; [3, 4]; x", "7:21", "'x' stands beside the array"),
    ],
)
def test_what_is_no_array_is_told_with_its_place(text: str, place: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        read_array(text, START)
    assert str(caught.value).startswith(f"ada.md:{place}: ")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "[[0.1, 0.2],\n [sqrt(2), -0.4]]",
        "array([[0.1, 0.2],\n       [0.3, -0.4]], dtype=float32)",
        "0.1 0.2\n\n  0.3\t-0.4",
        "| a | b |\n|---|---|\n| 0.1 | 0.2 |\n|  0.3|-0.4  |",
        "$$\n\\begin{bmatrix}\n 0.1 & \\frac{1}{2} \\\\\n  0.3 & -0.4 \n\\end{bmatrix}\n$$",
        "     0    1\n0  0.1  0.2\n1  0.3 -0.4",
    ],
)
def test_each_cell_knows_its_place(text: str) -> None:
    """What stands at the place of a cell, counted by lines and columns, is the cell."""
    found = cells(read_array(text, Location("ada.md", 1, 1)))
    assert len(found) == 4
    for cell in found:
        assert text.split("\n")[cell.location.line - 1][cell.location.column - 1 :].startswith(cell.text)
    assert len({cell.location for cell in found}) == 4


def test_the_first_line_begins_where_it_begins() -> None:
    first, second = cells(read_array("[1,\n 2]", START))
    assert first.location == ("ada.md", 7, 6)
    assert second.location == ("ada.md", 8, 2)


def test_lines_that_are_none_of_the_file_have_one_place() -> None:
    found = cells(read_array_noted("[1,\n 2]", START, one_place=True).value)
    assert [cell.location for cell in found] == [START, START]


def test_a_text_holds_only_so_many_values() -> None:
    most = SUBMISSION.values - 1
    assert len(cells(read_array("[" + "1," * most + "]", START))) == most
    for text in ("[" + "1," * (most + 1) + "]", "1 " * (most + 2), r"\begin{matrix}" + "1&" * most + r"1\end{matrix}"):
        with pytest.raises(InputError, match="more than 100,000 values"):
            read_array(text, START)
    with pytest.raises(InputError, match="more than 100,000 values"):
        read_array_noted("[1, 2, 3]", START, most=3)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "0.5", "-0", "1,234", "3,14", "1 234", "12 345.6", "1,234,567", "1/3", "sqrt(2)", "-log(0.999)"),
        *("(1+2)/3", "(0.3*0.4 + 0.7*0.8)", "maximum(1, 5)", "2 if 3 > 1 else 3", r"\frac{1}{2}", "10^{-3}", "{0.5}"),
        *(
            "np.float64(0.5)",
            "$0.5$",
            "hello world",
            "a\nb",
            "x = 0.5",
            "0.5 - 0.3",
            "n/a",
            "?",
            "1.2 x 10^(-3)",
            "(0.5)",
        ),
        *("12 %", "0.5 nats", "0.5\n", "?\n?", "...", "not done, sorry"),
    ],
)
def test_what_does_not_look_like_an_array(text: str) -> None:
    assert not looks_like_array(text)


def test_all_matrices_of_a_text_are_found() -> None:
    text = (
        r"C_1 = Conv2D(h) \begin{cases} 0.114 & (.63 \\ 0.2 & 1 \end{cases} \begin{cases} 5 \\ 6 \end{cases}"
        "\n"
        r"\begin{aligned} a &= \begin{bmatrix} 7 & 8 \end{bmatrix}^T \\ b &= 3 \end{aligned}"
    )
    writing = Writing(text, START)
    found = find_matrices(writing, 0, len(text))
    assert [texts(matrix.value) for matrix in found] == [
        [["0.114", "(.63"], ["0.2", "1"]],
        [["5"], ["6"]],
        [["7", "8"]],
    ]
    assert [text[matrix.begin : matrix.begin + 7] for matrix in found] == ["\\begin{"] * 3
