"""Values and gradients of the ops for arrays that a hand or a book gives."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hwcheck.graph.cost import operations
from hwcheck.graph.differentiate import adjoints
from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.node import Quantity, Shape
from hwcheck.language.printer import to_text
from hwcheck.ops.catalogue import ops
from tests.support.finite_differences import gradients
from tests.support.known_values import Known, gradients_of_the_sum, values

LN2, LN3, PI, E = 0.6931471805599453, 1.0986122886681098, 3.141592653589793, 2.718281828459045
INF, NAN = math.inf, math.nan
ROWS = [[1, 2, 3], [4, 5, 6]]
SQUARE = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
SPREAD = [2, 4, 4, 4, 5, 5, 7, 9]  # the textbook example: mean 5, variance 4, standard deviation 2

VALUES = [
    Known("tan", [[0, PI / 4, PI / 3]], {}, [0, 1, math.sqrt(3)]),
    Known("arcsin", [[0, 0.5, 1, -1]], {}, [0, PI / 6, PI / 2, -PI / 2]),
    Known("arccos", [[0, 0.5, 1, -1]], {}, [PI / 2, PI / 3, 0, PI]),
    Known("arctan", [[0, 1, -1, INF]], {}, [0, PI / 4, -PI / 4, PI / 2]),
    Known("sinh", [[0, LN2, -LN3]], {}, [0, 0.75, -4 / 3]),
    Known("cosh", [[0, LN2, -LN3]], {}, [1, 1.25, 5 / 3]),
    Known("arcsinh", [[0, 0.75, -4 / 3]], {}, [0, LN2, -LN3]),
    Known("arccosh", [[1, 1.25, 5 / 3]], {}, [0, LN2, LN3]),
    Known("arctanh", [[0, 0.6, -0.8]], {}, [0, LN2, -LN3]),
    Known("log1p", [[0, 1, 1e-20]], {}, [0, LN2, 1e-20]),
    Known("expm1", [[0, 1, LN3, 1e-20]], {}, [0, E - 1, 2, 1e-20]),
    Known("square", [[-2, 0.5]], {}, [4, 0.25]),
    Known("reciprocal", [[-2, 0.5, 0]], {}, [-0.5, 2, INF]),
    Known("detach", [[-2, 0.5]], {}, [-2, 0.5]),
    Known("isnan", [[NAN, INF, -INF, 0]], {}, [1, 0, 0, 0]),
    Known("isinf", [[NAN, INF, -INF, 0]], {}, [0, 1, 1, 0]),
    Known("floor", [[1.5, -1.5, 2]], {}, [1, -2, 2]),
    Known("ceil", [[1.5, -1.5, 2]], {}, [2, -1, 2]),
    Known("trunc", [[1.5, -1.5, 2]], {}, [1, -1, 2]),
    Known("round", [[0.5, 1.5, 2.5, -0.5, -1.2]], {}, [0, 2, 2, 0, -1]),
    Known("round", [[1250, -149]], {"decimals": -2}, [1200, -100]),
    Known("remainder", [[5, -5, 5, -5], [3, 3, -3, -3]], {}, [2, 1, -1, -2],
          "Graham, Knuth, Patashnik, Concrete Mathematics (1994), section 3.4"),
    Known("clip", [[-2, 0.5, 3], -1, 1], {}, [-1, 0.5, 1]),
    Known("clip", [[0, 5], 3], {"max": 2}, [2, 2]),
    Known("heaviside", [[-1, 0, 2], [7, 8, 9]], {}, [0, 8, 1]),
    Known("step", [[-1, 0, 2]], {}, [0, 0, 1]),
    Known("step", [[-1, 0, 2]], {"at_zero": 0.5}, [0, 0.5, 1]),
    Known("logical_and", [[0, 0, 2, -1], [0, 1, 0, 3]], {}, [0, 0, 0, 1]),
    Known("logical_or", [[0, 0, 2, -1], [0, 1, 0, 3]], {}, [0, 1, 1, 1]),
    Known("logical_xor", [[0, 0, 2, -1], [0, 1, 0, 3]], {}, [0, 1, 1, 0]),
    Known("logical_not", [[0, 2, -1]], {}, [1, 0, 0]),
    Known("any", [[[0, 2], [0, 0]]], {"axis": 1}, [1, 0]),
    Known("all", [[[0, 2], [1, 3]]], {"axis": 1}, [0, 1]),
    Known("count_nonzero", [[[0, 2], [1, 3]]], {}, 3),
    Known("var", [SPREAD], {}, 4),
    Known("var", [SPREAD], {"ddof": 1}, 32 / 7),
    Known("var", [ROWS], {"axis": 0, "keepdims": True}, [[2.25, 2.25, 2.25]]),
    Known("std", [SPREAD], {}, 2),
    Known("norm", [[3, -4]], {}, 5),
    Known("norm", [[3, -4]], {"ord": 1}, 7),
    Known("norm", [[3, -4]], {"ord": INF}, 4),
    Known("norm", [[3, 4, 5]], {"ord": 3}, 6),
    Known("norm", [[[3, 4], [5, 12]]], {"axis": 1}, [5, 13]),
    Known("logsumexp", [[0, 0]], {}, LN2),
    Known("logsumexp", [[1000, 1000, -INF]], {}, 1000 + LN2),
    Known("logsumexp", [[-INF, -INF]], {}, -INF),
    Known("prod", [ROWS], {}, 720),
    Known("prod", [ROWS], {"axis": 0}, [4, 10, 18]),
    Known("cumsum", [ROWS], {"axis": 1}, [[1, 3, 6], [4, 9, 15]]),
    Known("cumsum", [ROWS], {}, [1, 3, 6, 10, 15, 21]),
    Known("cumprod", [ROWS], {"axis": 0}, [[1, 2, 3], [4, 10, 18]]),
    Known("linear_recurrence", [[9, 0.5, 0.5], [4, 2, 1]], {}, [4, 4, 3]),
    Known("argmax", [[[1, 3, 3], [5, 4, 5]]], {"axis": 1}, [1, 0]),
    Known("argmax", [ROWS], {}, 5),
    Known("argmin", [[[1, 3, 1], [5, 4, 4]]], {"axis": 1, "keepdims": True}, [[0], [1]]),
    Known("argsort", [[30, 10, 20, 10]], {}, [1, 3, 2, 0]),
    Known("argsort", [[30, 10, 20, 10]], {"descending": True}, [0, 2, 1, 3]),
    Known("sort", [[[3, 1, 2], [6, 5, 4]]], {}, ROWS),
    Known("topk", [[30, 10, 20, 40]], {"k": 2}, [40, 30]),
    Known("topk", [[30, 10, 20, 40]], {"k": 2, "largest": False}, [10, 20]),
    Known("squeeze", [[[ROWS]]], {}, ROWS),
    Known("expand_dims", [ROWS], {"axis": [0, -1]}, [[[[1], [2], [3]], [[4], [5], [6]]]]),
    Known("swapaxes", [ROWS], {"axis1": 0, "axis2": 1}, [[1, 4], [2, 5], [3, 6]]),
    Known("moveaxis", [[ROWS]], {"source": 0, "destination": -1}, [[[1], [2], [3]], [[4], [5], [6]]]),
    Known("tile", [[1, 2]], {"reps": [2, 2]}, [[1, 2, 1, 2], [1, 2, 1, 2]]),
    Known("repeat", [[1, 2]], {"repeats": 2}, [1, 1, 2, 2]),
    Known("repeat", [ROWS], {"repeats": [0, 2], "axis": 0}, [[4, 5, 6], [4, 5, 6]]),
    Known("flip", [ROWS], {"axis": 1}, [[3, 2, 1], [6, 5, 4]]),
    Known("roll", [ROWS], {"shift": 1, "axis": 1}, [[3, 1, 2], [6, 4, 5]]),
    Known("roll", [ROWS], {"shift": 1}, [[6, 1, 2], [3, 4, 5]]),
    Known("triu", [SQUARE], {}, [[1, 2, 3], [0, 5, 6], [0, 0, 9]]),
    Known("triu", [[[INF, 1], [INF, NAN]]], {"k": 1}, [[0, 1], [0, 0]]),
    Known("tril", [SQUARE], {"k": -1}, [[0, 0, 0], [4, 0, 0], [7, 8, 0]]),
    Known("diagonal", [SQUARE], {"offset": 1}, [2, 6]),
    Known("diagonal", [SQUARE], {"offset": -1}, [4, 8]),
    Known("diag", [[1, 2]], {"k": -1}, [[0, 0, 0], [1, 0, 0], [0, 2, 0]]),
    Known("diag", [SQUARE], {}, [1, 5, 9]),
    Known("eye", [], {"n": 2, "m": 3}, [[1, 0, 0], [0, 1, 0]]),
    Known("take", [SQUARE, [2, 0]], {"axis": 1}, [[3, 1], [6, 4], [9, 7]]),
    Known("take", [SQUARE, [[-1, 9]]], {"axis": 0}, [[[7, 8, 9], [NAN, NAN, NAN]]]),
    Known("take_along_axis", [ROWS, [[2, 0.5], [0, NAN]]], {}, [[3, NAN], [4, NAN]]),
    Known("place_along_axis", [[1, 2, 4, 8], [2, 0, -1, 3]], {"length": 3}, [2, 0, 5]),
    Known("gather", [[[1, 2], [3, 4]], [[0, 0], [1, 0]]], {"dim": 1}, [[1, 1], [4, 3]],
          "PyTorch's documentation of torch.gather"),
    Known("scatter_add", [[[0] * 5] * 3, [[0, 1, 2, 0, 0]], [[1] * 5] * 2], {"dim": 0},
          [[1, 0, 0, 1, 1], [0, 1, 0, 0, 0], [0, 0, 1, 0, 0]], "PyTorch's documentation of torch.Tensor.scatter_add_"),
    Known("embedding", [[2, 0, 2], SQUARE], {"padding_idx": 0}, [[7, 8, 9], [1, 2, 3], [7, 8, 9]]),
    Known("einsum", [ROWS, [[7, 8], [9, 10], [11, 12]]], {"equation": "ij,jk->ik"}, [[58, 64], [139, 154]]),
    Known("einsum", [SQUARE], {"equation": "ii"}, 15),
    Known("einsum", [SQUARE], {"equation": "ba"}, [[1, 4, 7], [2, 5, 8], [3, 6, 9]]),
    Known("einsum", [[1, 2], [3, 4]], {"equation": "i,j->ij"}, [[3, 4], [6, 8]]),
    Known("einsum", [[ROWS], [1, 10, 100]], {"equation": "...i,i"}, [[321, 654]]),
]  # fmt: skip

# The gradient of the sum of all entries, for each input.
GRADIENTS = [
    Known("tan", [[0, PI / 4]], {}, [[1, 2]]),
    Known("arcsin", [[0, 0.6, -0.8]], {}, [[1, 1.25, 5 / 3]]),
    Known("detach", [[1, 2]], {}, [None]),
    Known("remainder", [[7, -7], 3], {}, [[1, 1], 1]),
    Known("clip", [[-2, -1, 0, 1, 3], -1, 1], {}, [[0, 1, 1, 1, 0], 1, 1]),
    Known("heaviside", [[-1, 0, 2], 5], {}, [None, 1]),
    Known("var", [[1, 2, 6]], {}, [[-4 / 3, -2 / 3, 2]]),
    Known("std", [[[1, 1], [1, 3]]], {"axis": 1}, [[[0, 0], [-0.5, 0.5]]]),
    Known("norm", [[[3, -4], [0, 0]]], {"axis": 1}, [[[0.6, -0.8], [0, 0]]]),
    Known("norm", [[2, -2, 1]], {"ord": INF}, [[0.5, -0.5, 0]]),
    Known("logsumexp", [[0, LN3]], {}, [[0.25, 0.75]]),
    Known("prod", [[2, 3, 4]], {}, [[12, 8, 6]]),
    Known("prod", [[2, 0, 4]], {}, [[0, 8, 0]]),
    Known("prod", [[0, 0, 4]], {}, [[0, 0, 0]]),
    Known("cumsum", [[1, 2, 3]], {}, [[3, 2, 1]]),
    Known("cumprod", [[2, 3, 4]], {}, [[16, 10, 6]]),
    Known("cumprod", [[2, 0, 4]], {}, [[1, 10, 0]]),
    Known("argmax", [[1, 2, 3]], {}, [None]),
    Known("topk", [[30, 10, 20]], {"k": 2}, [[1, 0, 1]]),
    Known("take", [SQUARE, [2, 0, 2]], {"axis": 0}, [[[1, 1, 1], [0, 0, 0], [2, 2, 2]], None]),
    Known("embedding", [[2, 0, 2], SQUARE], {}, [None, [[1, 1, 1], [0, 0, 0], [2, 2, 2]]]),
    Known("embedding", [[2, 0, 2], SQUARE], {"padding_idx": 2}, [None, [[1, 1, 1], [0, 0, 0], [0, 0, 0]]]),
    Known("repeat", [[1, 2]], {"repeats": [3, 1]}, [[3, 1]]),
    Known("einsum", [SQUARE, [1, 10, 100]], {"equation": "ii,i->"},
          [[[1, 0, 0], [0, 10, 0], [0, 0, 100]], [1, 5, 9]]),
]  # fmt: skip

test_value = values(VALUES)


test_gradient_of_the_sum = gradients_of_the_sum(GRADIENTS)


# Labels that are out of range or none: the op, its arrays, its options, what is told.
OUTSIDE = [
    ("embedding", [[[1, 2], [3, NAN]], SQUARE], {"padding_idx": None},
     ["entry [1, 0] of {input} is 3, but {weight} has rows 0 to 2",
      "entry [1, 1] of {input} is nan, which is no whole number"]),
    ("embedding", [-1, SQUARE], {"padding_idx": None}, ["{input} is -1, but {weight} has rows 0 to 2"]),
    ("take", [SQUARE, [2, -3, 3]], {"axis": -2},
     ["entry [2] of {indices} is 3, but axis 0 of {x} has entries -3 to 2"]),
    ("take", [SQUARE, [8, 9]], {"axis": None}, ["entry [1] of {indices} is 9, but {x} has entries -9 to 8"]),
    ("take_along_axis", [ROWS, [[2], [-4]]], {"axis": -1},
     ["entry [1, 0] of {indices} is -4, but axis 1 of {x} has entries -3 to 2"]),
    ("place_along_axis", [[1, 2], [2, 4]], {"length": 4, "axis": -1},
     ["entry [1] of {indices} is 4, but axis 0 has entries -4 to 3"]),
    ("gather", [ROWS, [[2], [-1]]], {"dim": -1},
     ["entry [1, 0] of {index} is -1, but axis 1 of {input} has entries 0 to 2"]),
    ("scatter_add", [[1, 2], [2], [5]], {"dim": -1},
     ["entry [0] of {index} is 2, but axis 0 of {input} has entries 0 to 1"]),
    ("take", [[1, 2], [INF, 0.5, 7, 8, 9]], {"axis": -1},
     ["entry [0] of {indices} is inf, which is no whole number",
      "entry [1] of {indices} is 0.5, which is no whole number",
      "entry [2] of {indices} is 7, but axis 0 of {x} has entries -2 to 1"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arrays", "options", "expected"), OUTSIDE)
def test_labels_outside_are_told(
    name: str, arrays: list[object], options: dict[str, object], expected: list[str]
) -> None:
    domain = ops()[name].domain
    assert domain is not None
    assert list(domain(*(np.array(x, dtype=np.float64) for x in arrays), **options)) == expected


def test_the_gradient_of_a_product_needs_no_matrix_of_all_pairs() -> None:
    x = Quantity("x", shape=(50_000,))
    found = gradients([ops()["prod"](x)], [np.array(1.0)])
    numbers = np.ones((1, 50_000))
    numbers[0, :2] = 0.0, 3.0
    (slopes,) = evaluate([found[x]], {x: numbers})
    assert slopes[0, :3].tolist() == [3.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("equation", "shapes", "expected"),
    [
        ("ij,jk->ik", [(2, 3), (3, 4)], "einsum('ik,jk->ij', g, b)"),
        ("ij,jk", [(2, 3), (3, 4)], "einsum('ik,jk->ij', g, b)"),
        ("ii->i", [(3, 3)], "einsum('i,ia->ia', g, eye(3))"),
        ("ij->i", [(2, 3)], "einsum('i,j->ij', g, broadcast_to(1, [3]))"),
        ("...i,i", [(2, 3), (3,)], "einsum('a,i->ai', g, b)"),
    ],
)
def test_the_gradient_of_einsum_is_einsum_again(equation: str, shapes: list[Shape], expected: str) -> None:
    operands = [Quantity(name, shape=shape) for name, shape in zip("ab", shapes, strict=False)]
    y = ops()["einsum"](equation, *operands)
    found = adjoints({y: Quantity("g", shape=y.shape)})
    assert to_text(found[operands[0]]) == expected


def test_einsum_multiplies_as_often_as_there_are_letters_to_run_over() -> None:
    a, b = Quantity("a", shape=(20, 30)), Quantity("b", shape=(30, 40))
    assert operations(ops()["einsum"]("ij,jk->ik", a, b)) == 2 * 20 * 30 * 40 + 20 * 30 + 30 * 40 + 20 * 40
