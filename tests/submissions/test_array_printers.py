"""What programs print is read back: NumPy itself, and the layouts of PyTorch, pandas, MATLAB and LaTeX."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hwcheck.errors import Location
from hwcheck.submissions.array_text import looks_like_array, read_array
from hwcheck.submissions.arrays import Cells, read_cells

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
NUMBERS = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9)
WIDTH = 80  # PyTorch's


def arrays(dimensions: int = 3, least: int = 1) -> st.SearchStrategy[FloatArray]:
    shapes = hnp.array_shapes(min_dims=least, max_dims=dimensions, max_side=7)
    return hnp.arrays(np.float64, shapes, elements=NUMBERS)


def read(text: str) -> FloatArray:
    cells = read_cells(read_array(text, Location("ada.md", 1, 1)))
    assert isinstance(cells, Cells), cells
    assert cells.faults == ()
    return cells.values


@settings(deadline=None)
@given(arrays())
def test_what_numpy_prints_is_read_back(array: FloatArray) -> None:
    exact = np.array2string(array, threshold=10**6, floatmode="unique")
    with np.printoptions(floatmode="unique", threshold=10**6):
        printed = repr(array)
    for text in (exact, f"array({exact})", printed, str(array.tolist())):
        np.testing.assert_array_equal(read(text), array)
        assert looks_like_array(text)


@settings(deadline=None)
@given(arrays(), st.integers(1, 6))
def test_what_numpy_prints_in_few_digits_is_read_as_printed(array: FloatArray, precision: int) -> None:
    """Each number by itself, so that the expected values come from another way of printing."""
    text = np.array2string(
        array, precision=precision, suppress_small=True, formatter={"float": f"{{:.{precision}f}}".format}
    )
    expected = np.array([float(f"{number:.{precision}f}") for number in array.reshape(-1)]).reshape(array.shape)
    np.testing.assert_array_equal(read(text), expected)


@given(arrays(dimensions=2, least=2).filter(lambda array: min(array.shape) > 1))
def test_a_matrix_is_read_back_from_every_layout(array: FloatArray) -> None:
    for layout in LAYOUTS.values():
        np.testing.assert_array_equal(read(layout(array)), array)


@pytest.mark.parametrize("name", ["torch", "latex", "frame", "matlab", "semicolons", "tabs"])
def test_the_layouts_look_like_arrays(name: str) -> None:
    array = np.arange(6).reshape(2, 3) / 7
    assert looks_like_array(LAYOUTS[name](array))


@given(st.lists(NUMBERS, min_size=1, max_size=20))
def test_a_series_is_read_back(values: list[float]) -> None:
    lines = [f"{i}    {value!r}" for i, value in enumerate(values)]
    np.testing.assert_array_equal(read("\n".join([*lines, "Name: 0, dtype: float64"])), values)


def rows(array: FloatArray, between: str) -> Iterator[str]:
    return (between.join(map(repr, row)) for row in array.tolist())


def torch_like(array: FloatArray) -> str:
    """As PyTorch does: a comma behind each number, rows below one another, long ones broken."""
    lines = []
    for row in array.tolist():
        line, broken = "", []
        for number in row:
            if len(line) + len(repr(number)) > WIDTH:
                broken.append(line.rstrip())
                line = ""
            line += f"{number!r}, "
        lines.append("[" + "\n         ".join([*broken, line.rstrip(", ")]) + "]")
    return "tensor([" + ",\n        ".join(lines) + "], grad_fn=<AddmmBackward0>, device='cuda:0')"


def frame(array: FloatArray) -> str:
    header = "    ".join(["", *map(str, range(array.shape[1]))])
    return "\n".join([header, *(f"{i}  {row}" for i, row in enumerate(rows(array, "  ")))])


def matlab(array: FloatArray) -> str:
    """Columns of three side by side, as MATLAB does with wide matrices."""
    blocks = []
    for first in range(0, array.shape[1], 3):
        last = min(first + 3, array.shape[1])
        body = "\n".join(f"   {row}" for row in rows(array[:, first:last], "   "))
        blocks.append(f"  Columns {first + 1} through {last}\n\n{body}\n\n")
    return "W1 =\n\n" + "".join(blocks)


def latex(array: FloatArray) -> str:
    return "$$\\begin{bmatrix}\n" + " \\\\\n".join(rows(array, " & ")) + "\n\\end{bmatrix}$$"


def markdown(array: FloatArray) -> str:
    names = " | ".join(f"x{i}" for i in range(array.shape[1]))
    lines = [names, "|".join("---" for _ in range(array.shape[1])), *rows(array, " | ")]
    return "\n".join(f"| {line} |" for line in lines)


LAYOUTS: Mapping[str, Callable[[FloatArray], str]] = {
    "torch": torch_like,
    "frame": frame,
    "matlab": matlab,
    "latex": latex,
    "transposed latex": lambda array: latex(array.T).replace("\\end{bmatrix}", "\\end{bmatrix}^T"),
    "markdown": markdown,
    "semicolons": lambda array: "[" + "; ".join(rows(array, " ")) + "]",
    "semicolons and commas": lambda array: "[" + ";\n ".join(rows(array, ", ")) + "];",
    "braces": lambda array: "{" + ", ".join(f"{{{row}}}" for row in rows(array, ", ")) + "}",
    "no commas": lambda array: "[" + "\n ".join(f"[{row}]" for row in rows(array, "  ")) + "]",
    "commas": lambda array: "\n".join(rows(array, ", ")),
    "tabs": lambda array: "\t\n".join(rows(array, "\t")),
}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("tensor([[1.0000e-08, 1.0000e+00, 2.0000e+03]])", [[1e-8, 1.0, 2000.0]]),
        ("tensor([1.0000e-05, 2.0000e+05, 3.0000e+01])", [1e-5, 2e5, 30.0]),
        (
            "tensor([[ 1.5410, -0.2935],\n        [-1.3984,  0.4033]], dtype=torch.float16)",
            [[1.541, -0.2935], [-1.3984, 0.4033]],
        ),
        ("[1.e-10 1.e+00 3.e+00]", [1e-10, 1.0, 3.0]),
        ("   1.0e+03 *\n\n    0.0010    2.0000\n   -0.5000    0.2500\n", [[1.0, 2000.0], [-500.0, 250.0]]),
        (
            r"\begin{bmatrix} \frac{1}{4} & 1.2 \times 10^{-3} \\ -\frac12 & 50\% \end{bmatrix}",
            [[0.25, 0.0012], [-0.5, 0.5]],
        ),
        (r"\frac{1}{2} \begin{bmatrix} 1 & \frac{1}{2} \end{bmatrix}", [[0.5, 0.25]]),
        ("0,5 0,25\n1,5 3,14", [[0.5, 0.25], [1.5, 3.14]]),
        ("[½ -¼]", [0.5, -0.25]),
    ],
)
def test_values_of_what_was_printed_elsewhere(text: str, values: Any) -> None:
    """Printed by PyTorch 2.13, NumPy 2.4 and MATLAB, or written by hand."""
    np.testing.assert_allclose(read(text), values, rtol=1e-15)
