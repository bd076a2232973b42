"""Formulas in LaTeX and what they are in the language of formulas."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.errors import Location
from hwcheck.grading.formulas import FormulaMarker
from hwcheck.located import Scalar
from hwcheck.problem.library import find_problem
from hwcheck.problem.load import load_problem
from hwcheck.submissions.latex_formula import UntranslatableError, translated

FORMULAS = [
    (r"h (2(\hat{x} - x) \odot \hat{x} \odot (1 - \hat{x}))^T", "outer(h, ((2 * (xhat - x) * xhat) * (1 - xhat)))"),
    (r"2(\hat{x}-x)", "2 * (xhat - x)"),
    (r"-\frac{1}{\hat{y}}", "-(1 / yhat)"),
    (r"\frac{1}{1+e^{-z}}", "(1 / (1 + exp(-z)))"),
    (r"W_1^T x + b_1", "W1.T @ x + b1"),
    (r"W_2^T \delta \odot h (1-h)", "(W2.T @ delta) * (h * (1 - h))"),
    (r"\mathbb{1}[h > 0] \odot \nabla h", "(h > 0) * grad(h)"),
    (r"x (\nabla h \odot \mathbf{1}_{h>0})^\top", "outer(x, (grad(h) * (h > 0)))"),
    (r"\frac{\partial L}{\partial h} x^T", "outer(grad(h), x)"),
    (r"\sigma'(z)", "(sigmoid(z) * (1 - sigmoid(z)))"),
    (r"\mathrm{ReLU}(W x + b)", "relu(W @ x + b)"),
    (r"x_j \mathbb{1}(h_i > 0)", "x[j] * (h[i] > 0)"),
    (r"\log \hat{y}", "log(yhat)"),
    (r"2 \cdot x'", "2 * x_prime"),
    (r"0.4 - 0.5 \times 0.082", "0.4 - 0.5 * 0.082"),
    (r"(a - b)^2", "(a - b)**2"),
    (r"\nabla_{W_1} L", "grad(W1)"),
]
REFUSED = [
    *(
        r"\sum_i x_i",
        r"a \cdot b",
        r"a / b c",
        r"\frac{\partial h}{\partial x}",
        r"f(x)",
        r"\int x",
        r"W^{-1}",
        r"\frac{1}",
        "(a",
        "a +",
    ),
    *(
        r"\log a b",
        "(" * 90,
        r"\hat" * 200,
        r"\log" * 200 + " x",
        "a^T + b",
        r"\begin{bmatrix} 1 \end{bmatrix}",
        "",
        r"1_{x}",
        "x^{y}",
    ),
]


@pytest.mark.parametrize(("latex", "expected"), FORMULAS, ids=[latex for latex, _ in FORMULAS])
def test_a_formula_is_translated(latex: str, expected: str) -> None:
    assert translated(latex) == expected


@pytest.mark.parametrize("latex", REFUSED)
def test_what_is_not_certain_is_refused(latex: str) -> None:
    with pytest.raises(UntranslatableError):
        translated(latex)


TOKENS = (*r"xWhT12.()[]{}^_'+-*/ =<>ᵀ", r"\frac", r"\hat", r"\odot", r"\log", r"\nabla", r"\sigma", r"\mathbb")


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
def test_any_text_is_translated_or_refused(latex: str) -> None:
    with suppress(UntranslatableError):
        assert isinstance(translated(latex), str)


@pytest.mark.parametrize(("name", "latex"), [
    ("grad(xhat)", r"-2(x - \hat{x})"),
    ("grad(W2)", r"h (2(\hat{x} - x) \odot \hat{x} \odot (1 - \hat{x}))^T"),
    ("grad(h)", r"W_2 (2 (\hat{x} - x) \odot \hat{x} \odot (1 - \hat{x}))"),
    ("grad(h)", r"W_2 x'(1-x') \nabla x'"),
    ("grad(W1)", r"x (\nabla h \odot \mathbb{1}[h > 0])^T"),
    ("jacobian(h, W1)", r"x_j \mathbb{1}(h_i > 0) \mathbb{1}[i == k]"),
])  # fmt: skip
def test_translated_formulas_are_right_at_drawn_points(name: str, latex: str) -> None:
    """The right formulas of the problem (derived by hand, see fixtures/autoencoder/perfect.yaml), as students write."""
    problem = load_problem(find_problem("autoencoder"))
    question = next(question for question in problem.questions if question.name == name)
    assert FormulaMarker(problem).mark(question, Scalar(translated(latex), Location("a.md", 1, 1))).verdict == "right"
