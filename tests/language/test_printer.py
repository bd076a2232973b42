"""What is printed can be read again and means the same; and it reads as one would write it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings

from hwcheck.errors import InputError
from hwcheck.graph.differentiate import adjoints
from hwcheck.graph.node import Constant, Node, Quantity
from hwcheck.language.printer import LONGEST_TEXT, formula, number_text, to_text
from hwcheck.ops.catalogue import ops
from tests.language.expressions import QUANTITIES, build_text, composed, value_of

SAME = [
    "x", "2", "-2", "0.5", "1e-05", "-0.0", "inf", "-inf", "0 / 0", "1e+16", "9007199254740992", "[1, -2, 0.5]",
    "[[1, 2], [3, 4]]", "[-0.0, inf, 0 / 0]", "-x", "--x", "s + t", "s - t - 1", "s - (t - 1)", "s + (t - 1)",
    "s - t * 2", "(s - t) * 2", "s * (t * 2)", "s / t / 2", "s / (t * 2)", "s * t / 2", "s * (t / 2)", "A @ B @ v",
    "A @ (B @ v)", "A * 2 @ x", "A @ (2 * x)", "-A @ x", "-(A @ x)", "-s * t", "s * -t", "s - -t", "s**2", "-s**2",
    "(-s)**2", "(-2)**s", "-2 * s", "2**s**t", "(2**s)**t", "s**-1", "s**-t", "s**(-t * 2)", "(s * t)**2", "(s / t)**2",
    "s**2 * t", "x > 0", "x + 1 >= 2 * s", "(x > 0) * 2", "(x > 0) > (x < 2)", "(x > 0) + 1", "-(x > 0)",
    "x if x > 0 else 0", "(x if x > 0 else 0) + 1", "x + 1 if x > 0 else x - 1", "1 if x > 0 else 2 if x < 0 else 3",
    "(1 if x > 0 else 2) if s else 3", "1 if (x if s else s) else 2", "(x if s else 0)[1]", "(x if s else 0).T",
    "relu(x if s else -x)", "sum(A if s else 0, axis=0)", "[1, 2] + (x[:2] if s else 0)", "stack([x, 2 * x], axis=1)",
    "maximum(x > 0, s)", "A.T", "A.T.T", "(A @ B).T", "(-A).T", "-A.T", "A.T @ [1, 1]", "[[1, 2]].T", "(s**2).T",
    "transpose(D, axes=[1, 0, 2])", "x[0]", "x[1:]", "x[:2]", "x[::2]", "x[2::-1]", "x[2:0:-2]", "A[0, 1]", "A[1]",
    "A[:, 1]", "A[:, 1:]", "A[0][1]", "(A + 1)[0]", "(-A)[0]", "A.T[0]", "x[:]", "x[j]", "x[j][0]", "A[i, j]",
    "A[1, j]", "x[[2, 0]]", "x[s + 1]", "pick(x, 0)", "pick(A, 0, 7)", "sum(A)", "sum(A, axis=0)",
    "sum(A, keepdims=True)", "sum(A, axis=1, keepdims=True)", "sum(D, axis=[0, 2])", "sum(A, axis=[])",
    "mean(A, axis=1)", "max(A, axis=0)", "softmax(x)", "softmax(A, axis=0)", "reshape(A, [3, 2])", "reshape(s, [1, 1])",
    "flatten(D, start_dim=1)", "leaky_relu(x)", "leaky_relu(x, negative_slope=0.2)", "concatenate([x, v])",
    "concatenate([A, A], axis=1)", "pad(x, [1, 2])", "pad(x, [1, 2], value=-inf)",
    "einsum('ij,jk->ik', A, B)", "einsum('ii->i', W1)", "einsum('i->', [[1, 2]])", "einsum(' ...i -> i', D)",
    "gather(A, 1, [[2], [0]])", "argmax(A, axis=1)", "argmax(A)", "squeeze(D)", "squeeze(D[:1], axis=0)", "eye(2, m=3)",
    "embedding(j, B, padding_idx=2)", "clip(x, max=1)", "norm(x, ord=inf)", "cumsum(A, axis=0)", "take(B, j, axis=1)",
    "mse_loss(x, x + 1)", "mse_loss(x, x, reduction='sum')", "conv2d(D, conv_kernel)",
    "conv2d(D, conv_kernel, padding=1)",
    "conv2d(D, conv_kernel, [1], padding=[1, 0])", "conv2d(D, conv_kernel, stride=[1, 2])",
    "conv2d(D, conv_kernel, padding='same')", "conv2d(D, conv_kernel, padding=[[0, 1], [0, 1]])",
    "conv2d(D, conv_kernel, padding=[[0, 1], [2, 2]])", "conv2d(D, conv_kernel, padding=2, dilation=[2, 1])",
    "not x > 0", "not not x > 0", "(not x > 0) + 1", "(not x > 0) == (x == 0)", "1 if not x > 0 else 0", "-(not x > 0)",
    "(x > 0) == 1", "not x == 0", "maximum(not x > 0, s)",
    "place(x, [2, 3], index=[1])", "place(s, [3], index=[1])",
    "exp(-x**2 / 2)", "add(2, 3)", "negative(-2)", "where(1, s, x)", "greater(2, 1)", "ŷ", "1 - ŷ", "W1 @ W1.T",
]  # fmt: skip
REWRITTEN = [
    ("W₁ᵀ·s", "W1.T * s"),
    ("((x))", "x"),
    ("A[-1, :]", "A[1]"),
    ("x[-2:]", "x[1:]"),
    ("x[::-1]", "x[2::-1]"),
    ("x[0:3]", "x[:]"),
    ("np.sum(A, dim=-1, keepdim=True)", "sum(A, axis=1, keepdims=True)"),
    ("sum(A, 1, False)", "sum(A, axis=1)"),
    ("A.reshape(-1, 2)", "reshape(A, [3, 2])"),
    ("conv2d(D, conv_kernel, None, 1, [[1, 1], [1, 1]])", "conv2d(D, conv_kernel, padding=1)"),
    ("conv2d(D, conv_kernel, padding=[[1, 1], [2, 2]])", "conv2d(D, conv_kernel, padding=[1, 2])"),
    ("conv2d(D, conv_kernel, stride=[2, 2])", "conv2d(D, conv_kernel, stride=2)"),
    ("where(x > 0, x, 0)", "x if x > 0 else 0"),
    ("add(s, t)", "s + t"),
    ("not x", "x == 0"),
    ("not (x > 0)", "not x > 0"),
    ("(x > 0) == 0", "not x > 0"),
    ("not x > 0 and s", "minimum(not x > 0, s != 0)"),
    ("stack([s, 1])", "[s, 1]"),
    ("2 * 3 + s", "6 + s"),
    ("2**-1 * s", "0.5 * s"),
    ("1000000 * s", "1000000 * s"),
    ("1/3 * s", "0.3333333333333333 * s"),
]
KERNEL = {"conv_kernel": Quantity("conv_kernel", shape=(1, 2, 2, 2))}


@pytest.mark.parametrize("text", SAME)
def test_what_reads_well_is_printed_as_it_was_written(text: str) -> None:
    assert to_text(build_text(text, more=KERNEL)) == text


@pytest.mark.parametrize(("text", "expected"), REWRITTEN)
def test_other_spellings_are_printed_in_one_way(text: str, expected: str) -> None:
    assert to_text(build_text(text, more=KERNEL)) == expected


@settings(max_examples=800, deadline=None)
@given(composed)
def test_what_is_printed_is_read_as_the_same(node: Node) -> None:
    text = to_text(node)
    again = build_text(text)
    assert to_text(again) == text
    assert again.shape == node.shape
    np.testing.assert_array_equal(value_of(again), value_of(node))


@settings(max_examples=300, deadline=None)
@given(composed)
def test_brackets_stand_only_where_they_are_needed(node: Node) -> None:
    """Without any one pair of its brackets the text is no expression any more, or another one."""
    text = to_text(node)
    for place, sign in enumerate(text):
        if sign != "(" or (place and (text[place - 1].isalnum() or text[place - 1] == "_")):
            continue  # the brackets of a call
        end = _closing(text, place)
        without = text[:place] + text[place + 1 : end] + text[end + 1 :]
        assert _read(without) != text, f"{text} could be {without}"


def _closing(text: str, place: int) -> int:
    depth = 0
    for end in range(place, len(text)):
        depth += (text[end] == "(") - (text[end] == ")")
        if depth == 0:
            return end
    raise AssertionError(text)


def _read(text: str) -> str:
    try:
        return to_text(build_text(text))
    except InputError:
        return ""


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (2.0, "2"), (-2.0, "-2"), (0.0, "0"), (-0.0, "-0.0"), (0.1, "0.1"), (1e-05, "1e-05"),
        (1 / 3, "0.3333333333333333"),
        (1e15, "1000000000000000"), (1e16, "1e+16"), (-1.5e300, "-1.5e+300"), (5e-324, "5e-324"), (math.inf, "inf"),
        (-math.inf, "-inf"), (math.nan, "0 / 0"),
    ],
)  # fmt: skip
def test_a_number_is_printed_in_the_shortest_way(number: float, text: str) -> None:
    assert number_text(number) == text
    np.testing.assert_array_equal(value_of(build_text(text)), number)
    assert np.signbit(value_of(build_text(text))) == np.signbit(number) or math.isnan(number)


def test_a_formula_stops_at_the_names_of_quantities() -> None:
    h = Quantity("h", build_text("A @ x"))
    y = Quantity("y", ops()["relu"](h))
    assert (formula(y), formula(h), formula(QUANTITIES["x"])) == ("relu(h)", "A @ x", "x")
    assert to_text(y) == "y"


def test_gradients_are_printed_without_what_says_nothing() -> None:
    """No factors of 1, no sums of one thing, no double signs."""
    x, w = QUANTITIES["x"], QUANTITIES["t"]
    loss = build_text("-log(sigmoid(sum(x) * t))")
    gradients = adjoints({loss: Constant(1.0)})
    assert to_text(gradients[w]) == (
        "-1 / sigmoid(sum(x) * t) * sigmoid(sum(x) * t) * (1 - sigmoid(sum(x) * t)) * sum(x)"
    )
    assert to_text(gradients[x]).startswith("broadcast_to(-1 / sigmoid(sum(x) * t)")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x[:2]", "place(g, [3], index=[:2])"),
        ("x[1:3]", "place(g, [3], index=[1:])"),
        ("x[2:0:-1]", "place(g, [3], index=[2:0:-1])"),
        ("A[:, 1]", "place(g, [2, 3], index=[:, 1])"),
        ("A[1, :2]", "place(g, [2, 3], index=[1, :2])"),
        ("A[1]", "place(g, [2, 3], index=[1])"),
    ],
)
def test_what_comes_back_through_a_part_is_placed_in_the_whole(text: str, expected: str) -> None:
    """The index is one into the whole, as the part was written."""
    y = build_text(text)
    gradients = adjoints({y: Quantity("g", shape=y.shape)})
    (quantity,) = (node for node in gradients if isinstance(node, Quantity))
    assert to_text(gradients[quantity]) == expected


_TARGETS = {"labels": Quantity("labels", shape=(2,)), "P": Quantity("P", shape=(2, 3))}


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ("cross_entropy(A, labels)", "(softmax(A) - one_hot(labels, 3)) / 2"),
        ("cross_entropy(A, labels, reduction='sum')", "softmax(A) - one_hot(labels, 3)"),
        ("cross_entropy(A, P)", "(softmax(A) * sum(P, axis=1, keepdims=True) - P) / 2"),
        ("cross_entropy(x, s)", "softmax(x) - one_hot(s, 3)"),
        ("nll_loss(A, labels)", "-(one_hot(labels, 3) / 2)"),
        ("mse_loss(A, P)", "2 * (A - P) / 6"),
        ("0.5 * mse_loss(A, P)", "(A - P) / 6"),
        ("mean(A)", "broadcast_to(1 / 6, [2, 3])"),
        ("sum(A)", "broadcast_to(1, [2, 3])"),
        ("mean((A - mean(A, axis=1, keepdims=True))**2)",
         "2 * (A - mean(A, axis=1, keepdims=True)) / 6"
         " - 2 * sum(A - mean(A, axis=1, keepdims=True), axis=1, keepdims=True) / 18"),
        ("mean(stack([x[:2], x[1:3]]))",
         "place(broadcast_to(1 / 4, [2]), [3], index=[:2]) + place(broadcast_to(1 / 4, [2]), [3], index=[1:])"),
        ("binary_cross_entropy(A, P)", "(xdivy(1 - P, 1 - A) - xdivy(P, A)) / 6"),
        ("binary_cross_entropy_with_logits(A, P)", "(sigmoid(A) - P) / 6"),
        ("mse_loss(A, P, half=True)", "(A - P) / 6"),
        ("log_cosh_loss(A, P)", "tanh(A - P) / 6"),
        ("l2_penalty([A], half=True)", "A"),
        ("gaussian_kl(A, P)", "A"),
    ],
)  # fmt: skip
def test_gradients_of_losses_read_as_in_a_textbook(loss: str, expected: str) -> None:
    gradients = adjoints({build_text(loss, more=_TARGETS): Constant(1.0)})
    of = QUANTITIES["x" if expected.startswith(("place", "softmax(x)")) else "A"]
    assert to_text(gradients[of]) == expected


def test_a_large_array_is_not_written_out() -> None:
    assert to_text(build_text(f"[{', '.join(['1'] * 64)}] * s")).startswith("[1, 1,")
    assert to_text(build_text(f"[{', '.join(['1'] * 65)}] * s")) == "<65 numbers> * s"
    assert to_text(Constant(np.zeros((10, 20)))) == "<10 x 20 numbers>"


def test_a_text_that_would_double_with_every_level_ends() -> None:
    node: Node = QUANTITIES["s"]
    for _ in range(60):
        node = ops()["+"](node, node)
    text = to_text(node)
    assert len(text) <= LONGEST_TEXT + 10
    assert "..." in text


def test_a_chain_of_10_000_calls_is_printed_without_recursion() -> None:
    node: Node = QUANTITIES["s"]
    for _ in range(10_000):
        node = ops()["neg"](node)
    assert to_text(node) == "-" * 10_000 + "s"
