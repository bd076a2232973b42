"""What programs print around numbers: the same array is read from every print, in every format that may hold one."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from functools import cache

import pytest

from hwcheck.errors import InputError
from hwcheck.grading.understand import Understood, understand
from hwcheck.problem.load import parse_problem
from hwcheck.problem.model import Problem
from hwcheck.submissions.names import Names
from hwcheck.submissions.printers import without_print
from hwcheck.submissions.read import parse_submission

HANGS = 5.0

PROBLEM = """
title: prints
inputs: {x: [0.5, 0.25]}
weights:
  A: [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]
  T: [[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]]
network:
  B: 2 * A
  v: 2 * x
  C: 2 * T
  s: sum(v)
loss: s
questions: [B, v, C, s]
"""
B = [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]
V = [0.1, 0.2]
C = [[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]]
ROWS = "0.1 0.2 0.3\n  0.4 0.5 0.6"


@cache
def problem() -> Problem:
    return parse_problem(PROBLEM, "prints.yaml")


def read(text: str, file: str) -> Understood:
    return understand(parse_submission(text, file), problem(), Names(problem()))


def cell(text: str) -> dict[str, object]:
    output = {"output_type": "stream", "name": "stdout", "text": text}
    return {"cell_type": "code", "source": "", "outputs": [output], "metadata": {}, "execution_count": 1}


def notebook(*cells: dict[str, object]) -> str:
    return json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})


def files(name: str, printed: str) -> dict[str, str]:
    """A print in every format that may hold it; where it begins a line, its name stands above it."""
    text = f"{name} ={'' if printed.startswith(chr(10)) else ' '}{printed}\n"
    inner = "\n".join(f"    {line}" for line in printed.strip("\n").split("\n"))
    return {
        "a.txt": text,
        "fence.md": f"```\n{text}```\n",
        "a.ipynb": notebook(cell(text)),
        "a.yaml": f"answers:\n  {name}: |2\n{inner}\n",
        "a.json": json.dumps({"answers": {name: printed}}),
    }


# Printed by the programs themselves: NumPy 2.1, PyTorch 2.4, TensorFlow 2.17, JAX 0.4, pandas 2.2, SymPy 1.13,
# R 4.4, Julia 1.10, Octave 9, or as the manual of MATLAB shows it.
PRINTS = (
    ("B", "\n     [,1] [,2] [,3]\n[1,]  0.1  0.2  0.3\n[2,]  0.4  0.5  0.6", B),
    ("v", "\n[1] 0.1 0.2", V),
    ("B", "\n2×3 Matrix{Float64}:\n 0.1  0.2  0.3\n 0.4  0.5  0.6", B),
    ("B", "2×3 Matrix{Float64}:\n 0.1  0.2  0.3\n 0.4  0.5  0.6", B),
    ("v", "\n2-element Vector{Float64}:\n 0.1\n 0.2", [[0.1], [0.2]]),
    ("B", f"\n\n  {ROWS}\n", B),
    ("B", "\n\n   1.0e-01 *\n\n   1   2   3\n   4   5   6\n", B),
    ("B", "\n\n Columns 1 and 2:\n\n   0.1   0.2\n   0.4   0.5\n\n Column 3:\n\n   0.3\n   0.6\n", B),
    ("C", "\nC(:,:,1) =\n\n   1   2   3\n   4   5   6\n\n\nC(:,:,2) =\n\n   7   8   9\n   10   11   12\n", C),
    ("C", "\n\nans(:,:,1) =\n\n   1   2   3\n   4   5   6\n\nans(:,:,2) =\n\n   7   8   9\n   10   11   12\n", C),
    ("B", "Array([[0.1, 0.2, 0.3],\n       [0.4, 0.5, 0.6]], dtype=float32)", B),
    ("B", "DeviceArray([[0.1, 0.2, 0.3],\n       [0.4, 0.5, 0.6]], dtype=float32)", B),
    ("B", "<tf.Tensor: shape=(2, 3), dtype=float32, numpy=\narray([[0.1, 0.2, 0.3],\n       [0.4, 0.5, 0.6]])>", B),
    (
        "B",
        "<tf.Variable 'Variable:0' shape=(2, 3) dtype=float32, numpy=\narray([[0.1, 0.2, 0.3],\n [0.4, 0.5, 0.6]])>",
        B,
    ),
    ("B", "tf.Tensor(\n[[0.1 0.2 0.3]\n [0.4 0.5 0.6]], shape=(2, 3), dtype=float32)", B),
    ("B", "Parameter containing:\ntensor([[0.1, 0.2, 0.3],\n        [0.4, 0.5, 0.6]], requires_grad=True)", B),
    ("B", "Matrix([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]])", B),
    ("B", "Matrix([\n[0.1, 0.2, 0.3],\n[0.4, 0.5, 0.6]])", B),
    ("B", "⎡0.1  0.2  0.3⎤\n⎢             ⎥\n⎣0.4  0.5  0.6⎦", B),
    ("B", "{ {0.1f, 0.2f, 0.3f}, {0.4f, 0.5f, 0.6f} }", B),
    ("B", "{{0.1, 0.2, 0.3}, {0.4, 0.5, 0.6}};", B),
    ("B", r"0.1 & 0.2 & 0.3 \\ 0.4 & 0.5 & 0.6", B),
    ("v", r"0.1 & 0.2", V),
    ("B", "\n     0    1    2\n0  0.1  0.2  0.3\n1  0.4  0.5  0.6", B),
    ("B", "\n     a    b    c\nx  0.1  0.2  0.3\ny  0.4  0.5  0.6", B),
    ("v", "\n0    0.1\n1    0.2\nName: v, dtype: float64", V),
    ("v", "\n0    0.1\n1    0.2\ndtype: float64", V),
    ("B", "masked_array(data=[[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]], mask=False, fill_value=1e+20)", B),
    ("v", "[np.float64(0.1), np.float64(0.2)]", V),
    ("s", "np.float64(0.3)", 0.3),
    ("s", "tensor(0.3000, grad_fn=<SumBackward0>)", 0.3),
)
FORMATS = ("a.txt", "fence.md", "a.ipynb", "a.yaml", "a.json")


@pytest.mark.parametrize("file", FORMATS)
@pytest.mark.parametrize(("name", "printed", "expected"), PRINTS, ids=[repr(printed)[:40] for _, printed, _ in PRINTS])
def test_a_print_is_read_in_every_format(name: str, printed: str, expected: object, file: str) -> None:
    found = read(files(name, printed)[file], file)
    assert not found.faults
    (reading,) = found.readings
    assert reading.part is not None
    assert reading.part.quantity == name
    assert reading.values is not None
    wanted = [x for (x,) in expected] if expected == [[0.1], [0.2]] else expected
    assert reading.values.tolist() == wanted


@pytest.mark.parametrize("file", FORMATS)
@pytest.mark.parametrize(
    "printed",
    [
        "tensor([[0.1000, 0.2000,  ..., 0.3000],\n        [0.4000, 0.5000,  ..., 0.6000]])",
        "[[0.1 0.2 ... 0.3]\n [0.4 0.5 ... 0.6]]",
    ],
)
def test_a_print_that_leaves_numbers_out_is_refused_with_the_reason(printed: str, file: str) -> None:
    found = read(files("B", printed)[file], file)
    assert ["leaves numbers out" in fault.message for fault in found.faults] == [True]
    assert not found.notes
    assert found.readings[0].values is None


@pytest.mark.parametrize("file", FORMATS)
def test_what_is_masked_is_left_blank(file: str) -> None:
    printed = "masked_array(\n  data=[0.1, --],\n  mask=[False,  True],\n  fill_value=1e+20)"
    found = read(files("v", printed)[file], file)
    assert not found.faults
    assert found.readings[0].texts == ("0.1", "--")
    assert [(gap.question, gap.answered) for gap in found.gaps if gap.question == "v"] == [("v", 1)]


@pytest.mark.parametrize(
    ("printed", "note"),
    [
        ("\n   1.0e-01 *\n\n   1   2   3\n   4   5   6\n", "every number taken times 1.0e-01"),
        ("[[0.1, 0.2 0.3], [0.4, 0.5, 0.6]]", "a comma is missing before '0.3'"),
        ("[0.1 0.2 0.3\n     0.4 0.5 0.6]", "each line between the brackets read as a row"),
    ],
)
def test_how_an_array_was_read_is_told_in_every_format(printed: str, note: str) -> None:
    told = {file: [r.notes for r in read(text, file).readings] for file, text in files("B", printed).items()}
    for file, notes in told.items():
        assert any(note in message for each in notes for message in each), (file, notes)


@pytest.mark.parametrize("text", ["B = 0.1 0.2 0.3\n    0.4 0.5 0.6\n", "B = 0.1 & 0.2 & 0.3 \\\\\n0.4 & 0.5 & 0.6\n"])
def test_rows_go_on_below_the_one_that_stands_behind_the_name(text: str) -> None:
    (reading,) = read(text, "a.md").readings
    assert reading.values is not None
    assert reading.values.tolist() == B


def test_a_column_that_is_printed_below_its_name_is_read_whole() -> None:
    (reading,) = read(notebook(cell("v =\n\n   0.1000\n   0.2000\n\n")), "a.ipynb").readings
    assert reading.shape == (2, 1)


@pytest.mark.parametrize(
    "text",
    [
        *("a = 0.5", "see [1] and [2]", "x < y > z", "[0.1, 0.2]", "[[1, 2], [3, 4]]", "0x1f, 0x2f", "f(0.5f)"),
        *("if (a > b) { x: 1 }", "data = [1, 2]", "{a}: b", "f(:,1) = 2"),
    ],
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert without_print(text) == text


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "<tf.Tensor: numpy=",
            "masked_array(data=",
            ", mask=",
            "⎡",
            "⎡⎤",
            "⎢\n",
            "[1,] ",
            "[1] 0.1 ",
            "Parameter containing:",
        ),
        *(
            "1×",
            "1x2 M{",
            "}:",
            "0.5f",
            "float64(",
            " [,1]",
            "A(:,:,1) =\n",
            "A(:,:,1) =\n1 2\n",
            "1 2\n",
            " a b\n",
            "x 0.1\n",
        ),
        *("e 0.1\n", "Columns 1 through 2\n", "1e3 *\n", "dtype: f\n", "a = 0.1 & 0.2 \\\\\n", "v =\n0 1\n"),
    ],
)
@pytest.mark.parametrize("before", ["", "v =\n", "masked_array(data="])
def test_prints_over_and_over_do_not_hang(unit: str, before: str) -> None:
    """A tenth of a second each; what is quadratic takes far longer than the limit."""
    text = before + unit * (40_000 // len(unit))
    begin = time.process_time()
    assert len(without_print(text)) == len(text)
    for file in ("a.md", "a.ipynb"):
        with suppress(InputError):
            read(notebook(cell(text)) if file == "a.ipynb" else text, file)
    assert time.process_time() - begin < HANGS
