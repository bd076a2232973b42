"""What every kind of syntax means: expressions and their values, worked by hand."""

from __future__ import annotations

import math
import unicodedata
from typing import Any, Literal

import numpy as np
import pytest

from hwcheck.graph.node import Constant, Quantity
from hwcheck.language.printer import to_text
from tests.language.expressions import build_text, value, value_of

inf, nan = math.inf, math.nan

ARITHMETIC = [
    ("s + t", -1),
    ("s - t", 5),
    ("s * t", -6),
    ("s / t", -2 / 3),
    ("s ** 3", 8),
    ("x + 1", [2, -1, 4]),
    ("1 - x", [0, 3, -2]),
    ("-x", [-1, 2, -3]),
    ("+x", [1, -2, 3]),
    ("--x", [1, -2, 3]),
    ("x / 2", [0.5, -1, 1.5]),
    ("x ** 2", [1, 4, 9]),
    ("2 ** x", [2, 0.25, 8]),
    ("A + x", [[2, 0, 6], [5, 3, 9]]),
    ("A * x", [[1, -4, 9], [4, -10, 18]]),
    ("A @ x", [6, 12]),
    ("x @ B", [7, -3, 0, -2]),
    ("x @ x", 14),
    ("A @ B", [[7, 9, 4, 6], [16, 21, 13, 12]]),
    ("A @ B @ v", [18.5, 33.5]),
    ("A @ (B @ v)", [18.5, 33.5]),
]
PRECEDENCE = [
    ("-s ** 2", -4),
    ("(-s) ** 2", 4),
    ("-2 ** 2", -4),
    ("(-2) ** 2", 4),
    ("2 ** 3 ** 2", 512),
    ("(2 ** 3) ** 2", 64),
    ("s ** s ** s", 16),
    ("2 ** -1", 0.5),
    ("s ** -1", 0.5),
    ("2 + 3 * 4", 14),
    ("(2 + 3) * 4", 20),
    ("2 - 3 - 4", -5),
    ("2 - (3 - 4)", 3),
    ("s - (t - 4)", 9),
    ("12 / 2 / 3", 2),
    ("12 / (2 / 3)", 18),
    ("12 / 2 * 3", 18),
    ("2 * A @ x", [12, 24]),
    ("A @ x * 2", [12, 24]),
    ("-A @ x", [-6, -12]),
    ("x + 1 > 0", [1, 0, 1]),
    ("not s == 2", 0),
    ("1 if s > 1 else 0 + 5", 1),
    ("1 + 2 if s > 5 else 3 * 2", 6),
]
TRUTH = [
    ("x > 0", [1, 0, 1]),
    ("x >= -2", [1, 1, 1]),
    ("x < 1", [0, 1, 0]),
    ("x <= 1", [1, 1, 0]),
    ("x == 3", [0, 0, 1]),
    ("x != 3", [1, 1, 0]),
    ("A > x", [[0, 1, 0], [1, 1, 1]]),
    ("2 > 1", 1),
    ("2 == 3", 0),
    ("x > 0 and x < 2", [1, 0, 0]),
    ("x < 0 or x > 2", [0, 1, 1]),
    ("x > 0 and x < 2 and s == 3", [0, 0, 0]),
    ("x > 2 or s == 2 and x < 0", [0, 1, 1]),
    ("x and t", [1, 1, 1]),
    ("x and s - 2", [0, 0, 0]),
    ("s - 2 or 0", 0),
    ("2 and 3", 1),
    ("2 and 0", 0),
    ("0 or 3", 1),
    ("0 or 0", 0),
    ("not (x > 0)", [0, 1, 0]),
    ("not x - 1", [1, 0, 0]),
    ("not 0", 1),
    ("not 0.5", 0),
]
CHOICE = [
    ("x if x > 0 else 0", [1, 0, 3]),
    ("x if x > 0 else -x", [1, 2, 3]),
    ("s if t else x", [2, 2, 2]),
    ("10 if x > 2 else 20 if x > 0 else 30", [20, 30, 10]),
    ("(1 if x > 0 else 2) + 1", [2, 3, 2]),
    ("s if 2 > 1 else x", 2),
    ("s if 1 > 2 else x", [1, -2, 3]),
]
LISTS = [
    ("[1, 2, 3]", [1, 2, 3]),
    ("[1, 2,]", [1, 2]),
    ("[[1, 2], [3, 4]]", [[1, 2], [3, 4]]),
    ("[[[1], [2]]]", [[[1], [2]]]),
    ("[-1, 2/4]", [-1, 0.5]),
    ("[s, t]", [2, -3]),
    ("[1, s, 3]", [1, 2, 3]),
    ("[[s, 1], [2, t]]", [[2, 1], [2, -3]]),
    ("[[1, 2], [s, t]]", [[1, 2], [2, -3]]),
    ("[x, [4, 5, 6]]", [[1, -2, 3], [4, 5, 6]]),
    ("x + [1, 2, 3]", [2, 0, 6]),
    ("[1, 2] @ A", [9, 12, 15]),
    ("-[1, 2]", [-1, -2]),
    ("sum([s, 1, 2])", 5),
    ("sum([1, 2, 3])", 6),
    ("[5, 6, 7][1]", 6),
    ("[x, 2 * x][1, 2]", 6),
]
INDEXING = [
    ("x[0]", 1),
    ("x[-1]", 3),
    ("x[N - 1]", 3),
    ("A[1]", [4, 5, 6]),
    ("A[1, 2]", 6),
    ("A[1][2]", 6),
    ("A[:, 1]", [2, 5]),
    ("A[0, :]", [1, 2, 3]),
    ("x[1:]", [-2, 3]),
    ("x[:-1]", [1, -2]),
    ("x[::2]", [1, 3]),
    ("x[::-1]", [3, -2, 1]),
    ("x[2:0:-1]", [3, -2]),
    ("x[1:99]", [-2, 3]),
    ("x[N - 2 :]", [-2, 3]),
    ("A[::-1, 1:]", [[5, 6], [2, 3]]),
    ("A[-1, -2:]", [5, 6]),
    ("D[1, 2, 3]", 123),
    ("D[1, :, 0]", [100, 110, 120]),
    ("(A + 1)[0]", [2, 3, 4]),
    ("x[j]", [3, 1]),
    ("x[j][0]", 3),
    ("A[1, j]", [6, 4]),
    ("A[i, j]", [3, 4]),
    ("D[i, j]", [[20, 21, 22, 23], [100, 101, 102, 103]]),
    ("x[[2, 0]]", [3, 1]),
    ("x[s]", 3),
    ("x[-s]", -2),
    ("x[s + 1]", nan),
    ("x[s / 4]", nan),
]
TRANSPOSES = [
    ("A.T", [[1, 4], [2, 5], [3, 6]]),
    ("A.T.T", [[1, 2, 3], [4, 5, 6]]),
    ("A.T @ [1, 1]", [5, 7, 9]),
    ("x.T", [1, -2, 3]),
    ("(A @ B).T[3]", [6, 12]),
    ("D.T[3, 2, 1]", 123),
    ("[[1, 2]].T", [[1], [2]]),
    ("A^T @ [1, 1]", [5, 7, 9]),
    ("A**T", [[1, 4], [2, 5], [3, 6]]),
]
CALLS = [
    ("relu(x)", [1, 0, 3]),
    ("np.sum(x)", 2),
    ("numpy.sum(x)", 2),
    ("torch.relu(x)", [1, 0, 3]),
    ("F.relu(x)", [1, 0, 3]),
    ("nn.functional.relu(x)", [1, 0, 3]),
    ("torch.nn.functional.relu(x)", [1, 0, 3]),
    ("tf.nn.relu(x)", [1, 0, 3]),
    ("jnp.sum(x)", 2),
    ("math.sqrt(4)", 2),
    ("np.inf", inf),
    ("x.sum()", 2),
    ("x.relu().sum()", 4),
    ("(x**2).sum()", 14),
    ("[1, 2].sum()", 3),
    ("A.sum(axis=0)", [5, 7, 9]),
    ("A.sum(1)", [6, 15]),
    ("A.sum(dim=1, keepdim=True)", [[6], [15]]),
    ("A.reshape(3, 2)", [[1, 2], [3, 4], [5, 6]]),
    ("A.reshape([3, 2])", [[1, 2], [3, 4], [5, 6]]),
    ("A.reshape(-1)", [1, 2, 3, 4, 5, 6]),
    ("A.T.flatten()", [1, 4, 2, 5, 3, 6]),
    ("D.transpose(2, 0, 1)[3, 1, 2]", 123),
]
OPTIONS = [
    ("sum(A, 0)", [5, 7, 9]),
    ("sum(A, axis=-1)", [6, 15]),
    ("sum(A, [0, 1])", 21),
    ("sum(A, axis=(0, 1))", 21),
    ("sum(A, axis=None)", 21),
    ("sum(x=A)", 21),
    ("sum(axis=0, x=A)", [5, 7, 9]),
    ("sum(A, 1, True)", [[6], [15]]),
    ("sum(A, keepdims=1)", [[21]]),
    ("max(A, dim=0)", [4, 5, 6]),
    ("mean(A, axis=1)", [2, 5]),
    ("leaky_relu(x, 0.5)", [1, -1, 3]),
    ("leaky_relu(x, negative_slope=0.5)", [1, -1, 3]),
    ("mse_loss(x, [0, 0, 0], reduction='sum')", 14),
    ('mse_loss(x, [1, 1, 1], reduction="none")', [0, 9, 4]),
    ("maximum(s, x)", [2, 2, 3]),
    ("concatenate([x, [9]])", [1, -2, 3, 9]),
    ("einsum('ij,jk->ik', A, B)", [[7, 9, 4, 6], [16, 21, 13, 12]]),
    ('np.einsum("ij, j", [A, x])', [6, 12]),
    ("einsum('i,i->', x, [1, 10, 100])", 281),
    ("torch.einsum('...j->...', D[0])", [6, 46, 86]),
    ("pick(A, i, j)", [3, 4]),
    ("take(B, [2, 0], axis=0)", [[2, 1, 0, 1], [1, 0, 2, -1]]),
    ("embedding(j, B)", [[2, 1, 0, 1], [1, 0, 2, -1]]),
    ("gather(A, 1, [[2], [0]])", [[3], [4]]),
    ("A.var(axis=1, correction=1)", [1, 1]),
    ("np.linalg.norm([3, 4])", 5),
    ("torch.clamp(x, min=0)", [1, 0, 3]),
    ("x.clip(-1, 1)", [1, -1, 1]),
    ("eye(2) @ W1", [[1, 2], [3, 5]]),
    ("concatenate([A, [[7, 8, 9]]], axis=0)", [[1, 2, 3], [4, 5, 6], [7, 8, 9]]),
    ("stack([s, t])", [2, -3]),
    ("stack((s, t))", [2, -3]),
    ("stack([x, 2 * x], axis=1)", [[1, 2], [-2, -4], [3, 6]]),
    ("reshape(A, [N, 2])", [[1, 2], [3, 4], [5, 6]]),
    ("reshape(A, (N, 2))", [[1, 2], [3, 4], [5, 6]]),
    ("reshape(A, [N * 2 // 1])", [1, 2, 3, 4, 5, 6]),
    ("pad(x, [1, 0], value=-inf)", [-inf, 1, -2, 3]),
    ("conv2d([[[1, 2]]], [[[[3]]]], None, padding=1)", [[[0, 0, 0, 0], [0, 3, 6, 0], [0, 0, 0, 0]]]),
    ("conv2d([[[1, 2]]], [[[[3]]]], padding=[0, 1])", [[[0, 3, 6, 0]]]),
    ("conv2d([[[1, 2]]], [[[[3]]]], bias=[s])", [[[5, 8]]]),
]
LOOK_ALIKES = [
    ("s − t", 5),
    ("s – t", 5),
    ("−x", [-1, 2, -3]),
    ("s × t", -6),
    ("s·t", -6),
    ("s\u0387t", -6),
    ("s⋅t", -6),
    ("s • t", -6),
    ("x ⊙ x", [1, 4, 9]),
    ("x ∘ x", [1, 4, 9]),
    ("s ÷ t", -2 / 3),
    ("s ∕ t", -2 / 3),
    ("s^2", 4),
    ("-s^2", -4),
    ("s ≤ 2", 1),
    ("s ≥ 3", 0),
    ("s ≠ 2", 0),
    ("s =\u0338 2", 0),
    ("Aᵀ", [[1, 4], [2, 5], [3, 6]]),
    ("Aᵀ @ [1, 1]", [5, 7, 9]),
    ("A⊤ @ [1, 1]", [5, 7, 9]),
    ("A^⊤ @ [1, 1]", [5, 7, 9]),
    ("A^ᵀᵀ", [[1, 2, 3], [4, 5, 6]]),
    ("s²", 4),
    ("2³", 8),
    ("x² + 1", [2, 5, 10]),
    ("-s²", -4),
    ("s⁻¹", 0.5),
    ("s¹⁰", 1024),
    ("(x + 1)²", [4, 1, 16]),
    ("(x²)[1]", 4),
    ("x[1]²", 4),
    ("1 if s² > 3 else 0", 1),
    ("W₁", [[1, 2], [3, 5]]),
    ("W₁ᵀ", [[1, 3], [2, 5]]),
    ("W₁²", [[1, 4], [9, 25]]),
    ("h₁₂", 7),
    ("√(4)", 2),
    ("√ (s + 2)", 2),
    ("σ(0 * s)", 0.5),
    ("s\u00a0+\u2009t", -1),
    ("（s + t） * 2", -2),
    ("maximum(s，t)", 2),
    ("𝑠 + 𝐀[0, 0]", 3),
    ("ｒｅｌｕ(x)", [1, 0, 3]),
]
LAYOUT = [
    ("  s", 2),
    ("\ts ", 2),
    ("s +\n t", -1),
    ("s\n+ t\n", -1),
    ("\n\n s\n", 2),
    ("s +\r\n t", -1),
    ("[1,\n 2]", [1, 2]),
    ("s # the slope", 2),
    ("s + # one\n t # two", -1),
    ("# first\ns", 2),
    ("s #) ] ' \\ \x00 λ", 2),
]
CONSTANTS = [
    ("1e-05", 1e-05),
    ("1_000", 1000),
    ("5.", 5),
    (".5", 0.5),
    ("1E5", 100000),
    ("1e+3", 1000),
    ("0", 0),
    ("0.5e-3", 0.0005),
    ("9007199254740993", 9007199254740992),
    ("inf", inf),
    ("-inf", -inf),
    ("9**9**9", inf),
    ("-9**9**9", -inf),
    ("1e300 * 1e300", inf),
    ("1/0", inf),
    ("-1/0", -inf),
    ("0/0", nan),
    ("0**-1", inf),
    ("(-8)**(1/3)", nan),
    ("7 // 2", 3),
    ("-7 // 2", -4),
    ("7 % 4", 3),
    ("N", 3),
    ("N * s", 6),
    ("2 * N + 1", 7),
    ("N // 2", 1),
]
TABLE = [
    *ARITHMETIC, *PRECEDENCE, *TRUTH, *CHOICE, *LISTS, *INDEXING, *TRANSPOSES, *CALLS, *OPTIONS, *LOOK_ALIKES, *LAYOUT,
    *CONSTANTS,
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TABLE, ids=[text for text, _ in TABLE])
def test_an_expression_has_its_value(text: str, expected: Any) -> None:
    node = build_text(text)
    result = value_of(node)
    assert node.shape == result.shape == np.shape(expected)
    np.testing.assert_allclose(result, expected, rtol=1e-15, atol=0)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(("text", "expected"), [("ŷ", 0.25), ("1 - ŷ", 0.75), ("ŷ²", 0.0625), ("x[0] + ŷ", 1.25)])
def test_an_accent_may_be_a_sign_of_its_own(form: Literal["NFC", "NFD"], text: str, expected: float) -> None:
    written = unicodedata.normalize(form, text)
    assert (unicodedata.normalize("NFC", written) != written) == (form == "NFD")
    assert value(written) == expected


def test_a_zero_keeps_its_sign() -> None:
    assert np.signbit(value("-0.0"))
    assert not np.signbit(value("0.0"))


def test_numbers_meet_as_numbers() -> None:
    """Sizes are computed while an expression is read: what is left is a single constant."""
    node = build_text("2 * N + 1 if N > 2 and not N == 4 else 0")
    assert isinstance(node, Constant)


def test_a_quantity_goes_before_a_library_of_its_name() -> None:
    filters = Quantity("F", shape=(2,))
    assert to_text(build_text("F.sum()", more={"F": filters})) == "sum(F)"


def test_a_quantity_named_t_is_a_power() -> None:
    steps = Quantity("T", shape=())
    assert to_text(build_text("s^T", more={"T": steps})) == "s**T"
    assert to_text(build_text("s^T", more={"T": 3.0})) == "s**3"


def test_truth_values_are_not_compared_again() -> None:
    assert to_text(build_text("x > 0 and x < 2 or x")) == "maximum(minimum(x > 0, x < 2), x != 0)"
