"""Values and gradients that a hand or a book gives, one at least for every op."""

from __future__ import annotations

import importlib
import math
import pkgutil
from typing import Any

import numpy as np
import pytest

import tests.ops
from hwcheck.graph.evaluate import evaluate
from tests.support.known_values import Known, gradients_of_the_sum, values
from tests.support.op_records import OPS, quantities

LN2, LN3, E, PI = 0.6931471805599453, 1.0986122886681098, 2.718281828459045, 3.141592653589793
NAN = math.nan
REST = slice(None)

DUMOULIN = "Dumoulin, Visin, A guide to convolution arithmetic for deep learning (2016)"
D2L = "Zhang, Lipton, Li, Smola, Dive into Deep Learning (2023)"

ROWS = [[1, 2, 3], [4, 5, 6]]
DUMOULIN_IMAGE = [[[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]]
DUMOULIN_KERNEL = [[[[0, 1, 2], [2, 2, 0], [0, 1, 2]]]]
COUNTING = [[[[0, 1], [2, 3]]]]  # D2L's kernel in both sections

VALUES = [
    Known("exp", [[0, 1, -1]], {}, [1, E, 1 / E]),
    Known("log", [[1, E, 2]], {}, [0, 1, LN2]),
    Known("log2", [[8, 0.25]], {}, [3, -2]),
    Known("log10", [[1000, 0.01]], {}, [3, -2]),
    Known("sqrt", [[9, 0, 2]], {}, [3, 0, 1.4142135623730951]),
    Known("sign", [[-2, 0, 3]], {}, [-1, 0, 1]),
    Known("abs", [[-2, 0, 3]], {}, [2, 0, 3]),
    Known("sin", [[PI / 6, PI / 2]], {}, [0.5, 1]),
    Known("cos", [[PI / 3, PI]], {}, [0.5, -1]),
    Known("tanh", [[0, LN2, -400]], {}, [0, 0.6, -1]),
    Known("erf", [[0, 1, -1, 40]], {}, [0, 0.8427007929497149, -0.8427007929497149, 1],
          "Abramowitz, Stegun, Handbook of mathematical functions (1964), table 7.1"),
    Known("negative", [[-2, 3]], {}, [2, -3]),
    Known("add", [[1, 2], [[10], [20]]], {}, [[11, 12], [21, 22]]),
    Known("subtract", [[1, 2], [[10], [20]]], {}, [[-9, -8], [-19, -18]]),
    Known("multiply", [ROWS, [1, 10, 100]], {}, [[1, 20, 300], [4, 50, 600]]),
    Known("divide", [[1, 6, 1, 0], [2, 4, 0, 0]], {}, [0.5, 1.5, math.inf, NAN]),
    Known("power", [[2, 9, -2, 0], [3, 0.5, 2, 0]], {}, [8, 3, 4, 1]),
    Known("maximum", [[1, 5], 3], {}, [3, 5]),
    Known("minimum", [[1, 5], 3], {}, [1, 3]),
    Known("where", [[0, 1, -1, 0.5], ROWS[0] + [4], -1], {}, [-1, 2, 3, 4]),
    Known("greater", [[1, 2, 3], 2], {}, [0, 0, 1]),
    Known("greater_equal", [[1, 2, 3], 2], {}, [0, 1, 1]),
    Known("less", [[1, 2, 3], 2], {}, [1, 0, 0]),
    Known("less_equal", [[1, 2, 3], 2], {}, [1, 1, 0]),
    Known("equal", [[1, 2, 3], 2], {}, [0, 1, 0]),
    Known("not_equal", [[1, 2, 3], 2], {}, [1, 0, 1]),
    Known("reshape", [ROWS], {"shape": [3, -1]}, [[1, 2], [3, 4], [5, 6]]),
    Known("flatten", [[ROWS]], {"start_dim": 1}, [[1, 2, 3, 4, 5, 6]]),
    Known("transpose", [ROWS], {}, [[1, 4], [2, 5], [3, 6]]),
    Known("transpose", [[ROWS]], {"axes": [1, 0, 2]}, [[[1, 2, 3]], [[4, 5, 6]]]),
    Known("getitem", [ROWS], {"index": (-1, slice(None, None, -2))}, [6, 4]),
    Known("getitem", [ROWS], {"index": (0, slice(2, 0, -1))}, [3, 2]),
    Known("getitem", [ROWS], {"index": (REST, slice(1, 9))}, [[2, 3], [5, 6]]),
    Known("place", [[7, 8]], {"shape": [2, 3], "index": (1, slice(None, None, -2))}, [[0, 0, 0], [8, 0, 7]]),
    Known("concatenate", [ROWS, [[7], [8]]], {"axis": 1}, [[1, 2, 3, 7], [4, 5, 6, 8]]),
    Known("stack", [[1, 2, 3], [4, 5, 6]], {}, ROWS),
    Known("stack", [[1, 4], [2, 5], [3, 6]], {"axis": -1}, ROWS),
    Known("pad", [[[1, 2]]], {"pad": [2, 1, 0, 1], "value": 9}, [[9, 9, 1, 2, 9], [9] * 5]),
    Known("pad", [[[1, 2]]], {"pad": [1, 0]}, [[0, 1, 2]]),
    Known("pick", [[10, 20, 30], [2, -1, 0, 3, -4, 0.5]], {}, [30, 30, 10, NAN, NAN, NAN]),
    Known("pick", [ROWS, [1, 0], 2], {}, [6, 3]),
    Known("sum", [ROWS], {}, 21),
    Known("sum", [ROWS], {"axis": 0, "keepdims": True}, [[5, 7, 9]]),
    Known("mean", [ROWS], {"axis": 1}, [2, 5]),
    Known("mean", [ROWS], {}, 3.5),
    Known("max", [ROWS], {"axis": 0}, [4, 5, 6]),
    Known("min", [ROWS], {"axis": [-1]}, [1, 4]),
    Known("broadcast_to", [[[1], [2]]], {"shape": [2, 3]}, [[1, 1, 1], [2, 2, 2]]),
    Known("matmul", [ROWS, [[7, 8], [9, 10], [11, 12]]], {}, [[58, 64], [139, 154]]),
    Known("matmul", [[1, 10], ROWS], {}, [41, 52, 63]),
    Known("dot", [[1, 2, 3], [4, 5, 6]], {}, 32),
    Known("outer", [[1, 2], [3, 4, 5]], {}, [[3, 4, 5], [6, 8, 10]]),
    Known("trace", [[[1, 2], [3, 4]]], {}, 5),
    Known("conv2d", [DUMOULIN_IMAGE, DUMOULIN_KERNEL], {}, [[[12, 12, 17], [10, 17, 19], [9, 6, 14]]],
          f"{DUMOULIN}, figure 1.1"),
    Known("conv2d", [DUMOULIN_IMAGE, DUMOULIN_KERNEL], {"stride": 2, "padding": 1},
          [[[6, 17, 3], [8, 17, 13], [6, 4, 4]]], f"{DUMOULIN}, figure 1.2"),
    Known("conv2d", [[[[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[1, 2, 3], [4, 5, 6], [7, 8, 9]]],
                     [[COUNTING[0][0], [[1, 2], [3, 4]]]], [1000]], {}, [[[1056, 1072], [1104, 1120]]],
          f"{D2L}, section 7.4.1, and a bias of 1000"),
    Known("conv2d", [[[[1, 2, 3]]], [[[[1, 10, 100, 1000]]]]], {"padding": "same"}, [[[3210, 321, 32]]]),
    Known("conv2d", [[[[1, 2, 3]]], [[[[1, 10, 100]]]]], {"padding": "same", "dilation": [1, 2]}, [[[310, 20, 31]]]),
    Known("conv_transpose2d", [COUNTING[0], COUNTING], {}, [[[0, 0, 1], [0, 4, 6], [4, 12, 9]]],
          f"{D2L}, section 14.10.1"),
    Known("conv_transpose2d", [COUNTING[0], COUNTING], {"stride": 2},
          [[[0, 0, 0, 1], [0, 0, 2, 3], [0, 2, 0, 3], [4, 6, 6, 9]]], f"{D2L}, section 14.10.2"),
    Known("conv_transpose2d", [COUNTING[0], COUNTING], {"padding": 1}, [[[4]]], f"{D2L}, section 14.10.2"),
    Known("conv2d_weight", [[ROWS], [[[1, 10]]]], {"size": [2, 2]}, [[[[21, 32], [54, 65]]]]),
    Known("conv_matrix", [[[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]]], {"input_size": [4, 4]},
          [[1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0, 0],
           [0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0],
           [0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0],
           [0, 0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9]], f"{DUMOULIN}, section 4.1"),
]  # fmt: skip

# The gradient of the sum of all entries, for each input.
GRADIENTS = [
    Known("abs", [[-2, 0, 3]], {}, [[-1, 0, 1]]),
    Known("tanh", [[0, LN2]], {}, [[1, 0.64]]),
    Known("log2", [[1 / LN2]], {}, [[1]]),
    Known("maximum", [[1, 5, 3], 3], {}, [[0, 1, 0.5], 1.5]),
    Known("minimum", [[1, 5, 3], 3], {}, [[1, 0, 0.5], 1.5]),
    Known("max", [[[7, 7, 1], [1, 7, 7]]], {"axis": 1}, [[[0.5, 0.5, 0], [0, 0.5, 0.5]]]),
    Known("min", [[2, 2, 2, 2]], {}, [[0.25] * 4]),
    Known("power", [[0, 0, 3, -2], [0, 1, 2, 3]], {}, [[0, 1, 6, 12], [0, 0, 9 * LN3, 0]]),
    Known("add", [ROWS, [1, 2, 3]], {}, [[[1, 1, 1], [1, 1, 1]], [2, 2, 2]]),
    Known("mean", [ROWS], {}, [[[1 / 6] * 3] * 2]),
    Known("matmul", [ROWS, [7, 8, 9]], {}, [[[7, 8, 9], [7, 8, 9]], [5, 7, 9]]),
    Known("conv2d", [[ROWS], [[[[1, 10]]]]], {}, [[[[1, 11, 10], [1, 11, 10]]], [[[[12, 16]]]]]),
]  # fmt: skip


def test_every_op_has_a_known_value() -> None:
    """Here, or in the file of its family: tests.ops.test_known_<family>.py."""
    names = [module.name for module in pkgutil.iter_modules(tests.ops.__path__)]
    files = [importlib.import_module(f"tests.ops.{name}") for name in names if name.startswith("test_known_")]
    assert {known.name for file in files for known in file.VALUES} == set(OPS)


test_value = values(VALUES)


test_gradient_of_the_sum = gradients_of_the_sum(GRADIENTS)


@pytest.mark.parametrize(
    ("image", "kernel", "entries"),
    [
        (
            [[0.38, 1.4], [0.96, 1.06]],
            [[0.1, 0.4, 0.5], [0.1, 0.7, 0.1], [0.2, 0.4, 0.3]],
            {(1, 0): 0.326, (1, 1): 1.108, (1, 3): 0.352, (2, 1): 1.63},
        ),
        (
            [[0.7, 1.54], [1.62, 1.06]],
            [[0.2, 0.1, 0.6], [0.3, 0.9, 0.2], [0.5, 0.2, 0.3]],
            {(1, 2): 2.618, (2, 1): 2.664, (3, 2): 0.43},
        ),
    ],
)
def test_the_convolutions_of_the_sheet(
    image: list[list[float]], kernel: list[list[float]], entries: dict[tuple[int, int], float]
) -> None:
    """The entries that the student or the OCR got wrong, put right by hand (fixtures/README.md)."""
    x, weight = quantities(OPS["conv2d"], [(1, 2, 2), (1, 1, 3, 3)])
    numbers = {x: np.array([[image]]), weight: np.array([[[kernel]]])}
    (y,) = evaluate([OPS["conv2d"](x, weight, padding=2)], numbers)
    assert {place: round(float(y[0, 0][place]), 9) for place in entries} == entries


def test_the_matrix_of_a_convolution_does_what_the_convolution_does() -> None:
    """What the sheet relies on: C @ flatten(x) is flatten(conv2d(x)), with every option."""
    options: dict[str, Any] = {"stride": [2, 1], "padding": [1, 2], "dilation": [1, 2], "groups": 2}
    x, weight = quantities(OPS["conv2d"], [(4, 5, 6), (6, 2, 3, 2)])
    random = np.random.default_rng(0)
    numbers = {x: random.normal(size=(1, *x.shape)), weight: random.normal(size=(1, *weight.shape))}
    matrix = OPS["conv_matrix"](weight, [5, 6], **options)
    by_matrix, straight = evaluate(
        [matrix @ OPS["flatten"](x), OPS["flatten"](OPS["conv2d"](x, weight, **options))], numbers
    )
    np.testing.assert_allclose(by_matrix, straight, rtol=1e-13, atol=1e-13)
