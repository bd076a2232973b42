"""Formulas entry by entry, the autoencoder's as its homework asks them, in the forms that students write.

For z2 = W2^T h + b2 with h of 3 and z2 of 8 entries: z2_i = sum_j W2_ji h_j + b2_i, so that d z2_i / d W2_jk is h_j
where k is i, else 0. For h = relu(W1^T x + b1): d h_i / d W1_jk is x_j where k is i and h_i > 0, else 0.
"""

from __future__ import annotations

import pytest

from hwcheck.grading.formulas import FormulaMarker
from hwcheck.problem.load import parse_problem
from tests.grading.formula_marks import found, library, told

PROBLEM = library("autoencoder")
Z2 = "jacobian(z2, W2)"
H = "jacobian(h, W1)"


@pytest.fixture(scope="module")
def marker() -> FormulaMarker:
    return FormulaMarker(PROBLEM)


@pytest.mark.parametrize(
    ("question", "formula"),
    [
        (Z2, "h[j] if i == k else 0"),
        (Z2, "h[j] if k == i else 0.0"),
        (Z2, "0 if i != k else h[j]"),
        (Z2, "(i == k) * h[j]"),
        (Z2, "h[j] * (i == k)"),
        (Z2, "[i == k] * h[j]"),  # Iverson's bracket
        (Z2, "h[j] * int(i == k)"),
        (Z2, "float(i == k) * h[j]"),
        (Z2, "bool(i == k) * h[j]"),
        (Z2, "indicator(i == k) * h[j]"),
        (Z2, "delta(i, k) * h[j]"),
        (Z2, "delta(k, i) * h[j]"),
        (Z2, "kronecker_delta(i, k) * h[j]"),
        (Z2, "δ(i, k) * h[j]"),
        (Z2, "eye(8)[i, k] * h[j]"),
        (Z2, "eye(N)[i, k] * h[j]"),
        (Z2, "where(i == k, h[j], 0)"),
        (Z2, "np.where(i == k, h[j], 0)"),
        (Z2, "h_j if i == k else 0"),
        (Z2, "h[j] if i - k == 0 else 0"),
        (Z2, "h[j] if not i != k else 0"),
        (Z2, "h[j] - h[j] * (i != k)"),
        (Z2, "-(-h[j]) if i == k else -0"),
        (Z2, "(h[j] if i >= k else 0) if i <= k else 0"),
        (Z2, "h[j] if i >= k and i <= k else 0"),
        (H, "x[j] if i == k and h[i] > 0 else 0"),
        (H, "x[j] * (h[k] > 0) if k == i else 0"),
        (H, "(h[i] > 0) * (i == k) * x[j]"),
        (H, "x_j * delta(i, k) * (h_i > 0)"),
        (H, "x[j] * sign(h[i]) if i == k else 0"),
        ("grad_xhat_entry", "2*(xhat[i] - x[i])"),
        ("grad_xhat_entry", "-2*(x_i - x_hat_i)"),  # by another name of the problem, and with a subscript
        ("grad_xhat_entry", "2*(xhat - x)"),  # all entries are each of them
    ],
)
def test_right(marker: FormulaMarker, question: str, formula: str) -> None:
    assert found(marker, PROBLEM, question, formula)[:2] == ("right", "")


@pytest.mark.parametrize(
    ("question", "formula", "cause", "says"),
    [
        (Z2, "h[k] if i == j else 0", "indices-exchanged", "the indices j and k are exchanged"),
        (Z2, "(i == j) * h[k]", "indices-exchanged", "the indices j and k are exchanged"),
        (Z2, "h[i] if j == k else 0", "indices-exchanged", "the indices i and j are exchanged"),
        (H, "x[k] * (h[i] > 0) if i == j else 0", "indices-exchanged", "the indices j and k are exchanged"),
        (Z2, "h[j - 1] if i == k else 0", "counted-from-1", "the indices are counted from 1: here they count from 0"),
        (Z2, "h[j] if i == j else 0", "another-index", "one index stands where another belongs"),
        (Z2, "h[i] if i == k else 0", "another-index", "one index stands where another belongs"),
        (H, "x[j] * (h[j] > 0) if i == k else 0", "another-index", "one index stands where another belongs"),
        (Z2, "-h[j] if i == k else 0", "sign-flipped", "The sign is the wrong way round."),
        (Z2, "2*h[j] if i == k else 0", "constant-factor", "a constant factor is missing or one too many"),
        (Z2, "h[j]", "index-condition-left-out", "this condition is left out"),
        (Z2, "h[j] if i <= k else 0", "index-condition-left-out", "or too wide"),
        (H, "x[j] * (h[i] > 0)", "index-condition-left-out", "this condition is left out"),
        (H, "x[j]", "index-condition-left-out", "and so is a mask"),
        (H, "x[j] * (h[i] >= -1) * (1 + (h[i] <= 0)) if i == k else 0", "case-left-out", "or too wide"),
        ("grad_xhat_entry", "2*(x[i] - xhat[i])", "sign-flipped", "The sign is the wrong way round."),
    ],
)
def test_what_is_wrong_is_named(marker: FormulaMarker, question: str, formula: str, cause: str, says: str) -> None:
    verdict = found(marker, PROBLEM, question, formula)
    assert told(verdict) == ("wrong", cause)
    assert verdict.cause is not None
    assert says in verdict.cause.says


@pytest.mark.parametrize(
    ("question", "formula", "verdict", "note"),
    [
        (Z2, "i * h[j]", "wrong", "it gives other numbers"),
        (Z2, "h[j] if i == k and j == k else 0", "wrong", "it gives other numbers"),
        (Z2, "1 if i == k else 0", "wrong", "it is made of fixed numbers: a formula made of h is asked"),
        (Z2, "h[j + 1] if i == k else 0", "wrong", "an index out of range"),
        (Z2, "h[j, k]", "wrong shape", "h has 1 axes, but 2 indices"),
        (Z2, "h if i == k else 0", "wrong shape", "each array needs its indices"),
        (Z2, "outer(h, h)", "wrong shape", "a single number for each i, j, k: outer(h, h) is an array"),
        (Z2, "h[j] if i == k", "unreadable", "'if' needs an 'else'"),
        (Z2, "delta(i) * h[j]", "unreadable", "delta takes two indices"),
        (Z2, "int(i, k) * h[j]", "unreadable", "one condition belongs in the brackets"),
        (Z2, "h_l if i == k else 0", "unreadable", "'h_l'"),
        ("grad_xhat_entry", "grad(xhat)[i]", "unreadable", "this is what is asked, not how it is computed"),
        # Python's int cuts off: no identity for what is no condition.
        ("grad_xhat_entry", "int(2*(xhat[i] - x[i]))", "wrong", "it gives other numbers"),
    ],
)
def test_not_right(marker: FormulaMarker, question: str, formula: str, verdict: str, note: str) -> None:
    answer = found(marker, PROBLEM, question, formula)
    assert answer.verdict == verdict
    assert note in answer.note


# One index is not used by the formula: y_i = sum_j A_ij, so that d y_i / d A_jk is 1 where j is i, else 0.
UNUSED = """
inputs: {A: {shape: [2, 3]}}
network: {y: "sum(A, axis=1)"}
upstream: {y: [1, 1]}
questions:
  - {ask: "jacobian(y, A)", answer: formula, indices: [i, j, k], using: [y]}
"""


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [("1 if i == j else 0", "right"), ("delta(i, j)", "right"), ("1", "wrong"), ("1 if i == k else 0", "wrong")],
)
def test_an_answer_that_does_not_depend_on_an_index(formula: str, verdict: str) -> None:
    problem = parse_problem(UNUSED, "unused.yaml")
    assert found(FormulaMarker(problem), problem, "jacobian(y, A)", formula).verdict == verdict
