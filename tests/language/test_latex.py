r"""LaTeX as textbooks write it, and for any input: braces, \left and environments match, names are no commands."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.graph.node import Constant, Node, Quantity
from hwcheck.language.latex import latex_formula, name_latex, to_latex
from hwcheck.language.latex_names import GREEK
from hwcheck.ops.catalogue import ops
from tests.language.expressions import build_text, composed

NAMES = [
    ("x", "x"),
    ("W0", "W_{0}"),
    ("W_1", "W_{1}"),
    ("W10", "W_{10}"),
    ("h_t", "h_{t}"),
    ("W_ih", r"W_{\mathrm{ih}}"),
    ("yhat", r"\hat{y}"),
    ("y_hat", r"\hat{y}"),
    ("ŷ", r"\hat{y}"),
    ("y\u0302", r"\hat{y}"),
    ("yhat1", r"\hat{y}_{1}"),
    ("xbar", r"\bar{x}"),
    ("x̄", r"\bar{x}"),
    ("z_tilde", r"\tilde{z}"),
    ("xvec_2", r"\vec{x}_{2}"),
    ("x_prime", "x'"),
    ("alpha", r"\alpha"),
    ("alpha_1", r"\alpha_{1}"),
    ("Gamma", r"\Gamma"),
    ("σ", r"\sigma"),
    ("λ2", r"\lambda_{2}"),
    ("Δ", r"\Delta"),
    ("theta_hat", r"\hat{\theta}"),
    ("β̂", r"\hat{\beta}"),
    ("loss", r"\mathrm{loss}"),
    ("dK0", r"\mathrm{dK}_{0}"),
    ("layer_2", r"\mathrm{layer}_{2}"),
    ("grad_xhat_entry", r"\mathrm{grad\_xhat\_entry}"),
    ("_", r"\mathrm{\_}"),
    ("ж", "ж"),
    ("grad(W1)", r"\frac{\partial L}{\partial W_{1}}"),
    ("grad(yhat)", r"\frac{\partial L}{\partial \hat{y}}"),
    ("grad(Y, X)", r"\frac{\partial Y}{\partial X}"),
    ("jacobian(h0, W0)", r"\frac{\partial h_{0}}{\partial W_{0}}"),
    ("grad(grad(b2), W2)", r"\frac{\partial \frac{\partial L}{\partial b_{2}}}{\partial W_{2}}"),
    ("h1[0]", "h_{1}[0]"),
    ("h1[0, 1:3]", "h_{1}[0, 1:3]"),
    ("grad(h1[0])", r"\frac{\partial L}{\partial h_{1}[0]}"),
    ("the slope", r"\text{the slope}"),
    ("W1 - 0.5 * grad(W1)", r"\text{W1 - 0.5 * grad(W1)}"),
    ("grad(W1) - grad(W2)", r"\text{grad(W1) - grad(W2)}"),
    ("grad(", r"\text{grad(}"),
    ("grad()", r"\frac{\partial L}{\partial }"),
    ("jacobian(h)", r"\text{jacobian(h)}"),
    ("50% of $x & #1", r"\text{50\% of \$x \& \#1}"),
    ("a_b c", r"\text{a\_b c}"),
    ("{x}", r"\text{\{x\}}"),
    ("a^2", r"\text{a}\wedge\text{2}"),
    ("~a", r"\sim\text{a}"),
    (r"\input{secret}", r"\backslash\text{input\{secret\}}"),
    ("a\nb\x1b\u202e", r"\text{a b  }"),
]
FORMULAS = [
    # products, side by side or with a sign
    ("A @ x", "A x"),
    ("A @ x + B[0, 0:2]", "A x + B[0, :2]"),
    ("A @ B @ v", "A B v"),
    ("A @ (B @ v)", "A (B v)"),
    ("x @ x", r"x^{\top} x"),
    ("x @ B", r"x^{\top} B"),
    ("W1.T @ W1", r"W_{1}^{\top} W_{1}"),
    ("(A @ B).T", r"(A B)^{\top}"),
    ("x * x", r"x \odot x"),
    ("A * x", r"A \odot x"),
    ("x * x * x", r"x \odot x \odot x"),
    ("x * (x * x)", r"x \odot (x \odot x)"),
    ("2 * x", r"2 \, x"),
    ("0.5 * s", r"0.5 \, s"),
    ("-2 * x", r"-2 \, x"),
    ("x * 2", r"x \cdot 2"),
    ("x * -2", r"x \cdot (-2)"),
    ("s * x", r"s \cdot x"),
    ("s * t", r"s \cdot t"),
    ("2 * 10**s", r"2 \cdot 10^{s}"),
    ("1e-05 * x", r"10^{-5} \cdot x"),
    ("A @ (x * x)", r"A (x \odot x)"),
    ("A * A @ x", r"(A \odot A) x"),
    ("A @ x * 2", r"A x \cdot 2"),
    ("2 * A @ x", r"(2 \, A) x"),
    ("(A + 1) @ x", "(A + 1) x"),
    # sums and signs
    ("s + t", "s + t"),
    ("s - t - 1", "s - t - 1"),
    ("s - (t - 1)", "s - (t - 1)"),
    ("s + -t", "s + (-t)"),
    ("-x", "-x"),
    ("-(s + t)", "-(s + t)"),
    ("-(s * t)", r"-s \cdot t"),
    ("-s * t", r"(-s) \cdot t"),
    ("s * -t", r"s \cdot (-t)"),
    # fractions and powers
    ("s / t", r"\frac{s}{t}"),
    ("(s + 1) / (t - 1)", r"\frac{s + 1}{t - 1}"),
    ("-1 / s", r"-\frac{1}{s}"),
    ("s + -1 / s", r"s + \left(-\frac{1}{s}\right)"),
    ("s / t * 2", r"\frac{s}{t} \cdot 2"),
    ("(s / t)**2", r"\left(\frac{s}{t}\right)^{2}"),
    ("s**2", "s^{2}"),
    ("(s**2)**t", "(s^{2})^{t}"),
    ("s**t**2", "s^{t^{2}}"),
    ("s**-1", "s^{-1}"),
    ("s**(t + 1)", "s^{t + 1}"),
    ("(-s)**2", "(-s)^{2}"),
    ("-s**2", "-s^{2}"),
    ("(x + 1)**2", "(x + 1)^{2}"),
    ("W1.T.T", r"(W_{1}^{\top})^{\top}"),
    # sums over axes
    ("sum(x)", r"\sum x"),
    ("sum(A, axis=0)", r"\sum_{\mathrm{axis} \, 0} A"),
    ("sum(D, axis=[0, 2])", r"\sum_{\mathrm{axis} \, 0, 2} D"),
    ("sum(A, axis=0, keepdims=True) + 1", r"\sum_{\mathrm{axis} \, 0} A + 1"),
    ("1 + sum(x)", r"1 + \sum x"),
    ("sum(x + 1)", r"\sum (x + 1)"),
    ("sum(x * x)", r"\sum x \odot x"),
    ("sum((x - 1)**2)", r"\sum (x - 1)^{2}"),
    ("sum(x) * s", r"\left(\sum x\right) \cdot s"),
    ("sum(x)**2", r"\left(\sum x\right)^{2}"),
    ("-sum(x)", r"-\sum x"),
    # conditions
    ("x > 0", r"\mathbf{1}[x > 0]"),
    ("x + 1 >= 2 * s", r"\mathbf{1}[x + 1 \geq 2 \, s]"),
    ("x <= 0", r"\mathbf{1}[x \leq 0]"),
    ("x == s", r"\mathbf{1}[x = s]"),
    ("x != s", r"\mathbf{1}[x \neq s]"),
    ("v * (v > 0)", r"v \odot \mathbf{1}[v > 0]"),
    ("x if x > 0 else 0", r"\begin{cases} x & \text{if } x > 0 \\ 0 & \text{else} \end{cases}"),
    ("x if s else 0", r"\begin{cases} x & \text{if } s \neq 0 \\ 0 & \text{else} \end{cases}"),
    (
        "(1 if x > 0 else 2) + 1",
        r"\left(\begin{cases} 1 & \text{if } x > 0 \\ 2 & \text{else} \end{cases}\right) + 1",
    ),
    # calls, with the notation that an op has or with its name
    ("sigmoid(x)", r"\sigma(x)"),
    ("sigmoid(s / t)", r"\sigma\left(\frac{s}{t}\right)"),
    ("log(x + 1)", r"\ln(x + 1)"),
    ("log10(x)", r"\log_{10}(x)"),
    ("exp(-x)", "e^{-x}"),
    ("exp(x)**2", "(e^{x})^{2}"),
    ("sqrt(x + 1)", r"\sqrt{x + 1}"),
    ("abs(x)", r"\left|x\right|"),
    ("maximum(x, 0)", r"\max(x, 0)"),
    ("maximum(x + 1, 0)", r"\max(x + 1, 0)"),
    ("max(A)", r"\max(A)"),
    ("max(A, axis=0)", r"\operatorname{max}(A, \mathrm{axis}=0)"),
    ("outer(x, v)", r"x \, v^{\top}"),
    ("outer(x + 1, v + 1)", r"(x + 1) \, (v + 1)^{\top}"),
    ("outer(x, v) + 1", r"x \, v^{\top} + 1"),
    ("2 * outer(x, v)", r"2 \, x \, v^{\top}"),
    ("outer(x, v) @ v", r"x \, v^{\top} v"),
    ("A @ outer(x, v)", r"A (x \, v^{\top})"),
    ("relu(x)", r"\operatorname{relu}(x)"),
    ("relu(x / 2)", r"\operatorname{relu}\left(\frac{x}{2}\right)"),
    ("leaky_relu(x, 0.2)", r"\operatorname{leaky\_relu}(x, \mathrm{negative\_slope}=0.2)"),
    ("leaky_relu(x, 1e-05)", r"\operatorname{leaky\_relu}(x, \mathrm{negative\_slope}=10^{-5})"),
    ("mse_loss(x, x, reduction='sum')", r"\operatorname{mse\_loss}(x, x, \mathrm{reduction}=\text{sum})"),
    ("mean(A, axis=0, keepdims=True)", r"\operatorname{mean}(A, \mathrm{axis}=0, \mathrm{keepdims}=\mathrm{True})"),
    ("pad(x, [1, 2], value=-inf)", r"\operatorname{pad}(x, [1, 2], \mathrm{value}=-\infty)"),
    ("reshape(A, [3, 2])", r"\operatorname{reshape}(A, [3, 2])"),
    ("stack([s, t])", r"\operatorname{stack}([s, t])"),
    ("transpose(D, axes=[1, 0, 2])", r"\operatorname{transpose}(D, \mathrm{axes}=[1, 0, 2])"),
    ("relu(x)[0]", r"\operatorname{relu}(x)[0]"),
    # parts
    ("A[0, 1:]", "A[0, 1:]"),
    ("(A + 1)[0]", "(A + 1)[0]"),
    ("W1.T[0]", r"(W_{1}^{\top})[0]"),
    ("x[j]", "x[j]"),
    ("A[1, j + 0]", "A[1, j + 0]"),
    # numbers and arrays
    ("2", "2"),
    ("-2", "-2"),
    ("1e-05", "10^{-5}"),
    ("-1e-05", "-10^{-5}"),
    ("2.5e-07", r"2.5 \cdot 10^{-7}"),
    ("1e16 * s", r"10^{16} \cdot s"),
    ("s**1e-05", "s^{10^{-5}}"),
    ("2.5e-07**s", r"(2.5 \cdot 10^{-7})^{s}"),
    ("inf", r"\infty"),
    ("-inf", r"-\infty"),
    ("0/0", r"\mathrm{NaN}"),
    ("x + [1, 2, 3]", r"x + \begin{bmatrix} 1 \\ 2 \\ 3 \end{bmatrix}"),
    ("[[1, -2], [0.5, 1e-05]]", r"\begin{bmatrix} 1 & -2 \\ 0.5 & 10^{-5} \end{bmatrix}"),
    (
        "[[[1, 2]], [[3, 4]]]",
        r"\left[\begin{bmatrix} 1 & 2 \end{bmatrix}, \begin{bmatrix} 3 & 4 \end{bmatrix}\right]",
    ),
    (f"[{', '.join(['1'] * 65)}]", r"\text{[65 numbers]}"),
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_a_name_is_written_as_in_textbooks(name: str, expected: str) -> None:
    assert name_latex(name) == expected
    assert to_latex(Quantity(name)) == expected
    assert faults(expected) == []


@pytest.mark.parametrize(("text", "expected"), FORMULAS, ids=[text[:40] for text, _ in FORMULAS])
def test_an_expression_is_written_as_in_textbooks(text: str, expected: str) -> None:
    assert to_latex(build_text(text)) == expected
    assert faults(expected) == []


def test_a_formula_is_what_a_quantity_is_computed_by() -> None:
    h = Quantity("h0", build_text("A @ x"))
    assert latex_formula(h) == "A x"
    assert latex_formula(Quantity("W0", shape=(2, 3))) == "W_{0}"
    assert to_latex(ops()["relu"](h)) == r"\operatorname{relu}(h_{0})"


def test_the_loss_has_its_own_name() -> None:
    gradient = Quantity("grad(W1)")
    assert to_latex(gradient, loss="J") == r"\frac{\partial J}{\partial W_{1}}"
    assert latex_formula(Quantity("new", ops()["neg"](gradient)), loss="loss_1") == (
        r"-\frac{\partial \mathrm{loss}_{1}}{\partial W_{1}}"
    )


def test_a_derivative_ends_where_it_ends() -> None:
    g, w = Quantity("grad(h)", shape=(3,)), Quantity("W", shape=(2, 3))
    fraction = r"\frac{\partial L}{\partial h}"
    assert to_latex(ops()["@"](w, g)) == rf"W {fraction}"
    assert to_latex(ops()["@"](g, w.T)) == rf"\left({fraction}\right)^{{\top}} W^{{\top}}"
    assert to_latex(ops()["*"](g, g)) == rf"{fraction} \odot {fraction}"
    assert to_latex(ops()["[]"](g, 0)) == rf"\left({fraction}\right)[0]"


def test_a_name_that_is_a_text_is_bracketed() -> None:
    odd = Quantity("a + b")
    assert to_latex(ops()["*"](odd, odd)) == r"(\text{a + b}) \cdot (\text{a + b})"


def test_every_op_with_a_notation_of_its_own_can_be_written() -> None:
    """A template names each input once, and no other."""
    for op in {op.name: op for op in ops().values() if op.latex}.values():
        tensors = [parameter for parameter in op.parameters if parameter.kind == "tensor"]
        inputs = [Quantity(letter, shape=(2,)) for letter in "pqr"[: len(tensors)]]
        written = to_latex(op(*inputs))
        assert faults(written) == []
        assert [sign for sign in re.sub(r"\\[a-z]+", "", written) if sign in "pqr"] == list("pqr"[: len(tensors)])


@settings(max_examples=500, deadline=None)
@given(composed)
def test_any_expression_is_well_formed(node: Node) -> None:
    assert faults(to_latex(node)) == []


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.text(max_size=30), st.text(alphabet="\\{}$&#%_^~'b0([, )])grad", max_size=30)))
def test_any_name_is_well_formed_and_no_command(name: str) -> None:
    written = name_latex(name)
    assert faults(written) == []
    commands = set(re.findall(r"\\(?:[A-Za-z]+|.)", written))
    assert commands <= ALLOWED | {"\\" + letter for letter in GREEK}


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 2), st.integers(0, 3))
def test_an_array_has_all_its_numbers(rows: int, columns: int, matrices: int, extra: int) -> None:
    shape = (matrices, rows, columns)[extra:]
    array = np.arange(1.0, 1.0 + np.prod(shape)).reshape(shape)
    written = to_latex(Constant(array))
    assert faults(written) == []
    assert list(map(int, re.findall(r"\d+", written))) == list(range(1, 1 + array.size))


def test_a_long_name_is_written_in_no_time() -> None:
    for name in ("grad(" * 5_000 + ")" * 5_000, "a" * 20_000, "1_" * 10_000, "x_" * 10_000, "grad(a, " * 3_000):
        assert faults(name_latex(name)) == []


ALLOWED = {
    r"\text", r"\mathrm", r"\frac", r"\partial", r"\backslash", r"\wedge", r"\sim", r"\hat", r"\bar", r"\tilde",
    r"\dot", r"\vec", r"\{", r"\}", r"\$", r"\&", r"\#", r"\%", r"\_",
}  # fmt: skip


def faults(latex: str) -> list[str]:
    r"""What is wrong with a formula as TeX reads it: braces, \left and \right, environments, stray signs."""
    found: list[str] = []
    opened: list[str] = []
    for part in re.findall(r"\\begin\{\w+\}|\\end\{\w+\}|\\left.|\\right.|\\[A-Za-z]+|\\.|.", latex, re.DOTALL):
        if part == "{" or part.startswith((r"\left", r"\begin")):
            opened.append(part)
        elif part == "}" or part.startswith((r"\right", r"\end")):
            begun = opened.pop() if opened else ""
            if not _closes(begun, part):
                found.append(f"{part} closes {begun or 'nothing'}")
        elif part in "$#%" or (part == "&" and not any(begun.startswith(r"\begin") for begun in opened)):
            found.append(f"a stray {part}")
        elif not part.isprintable():
            found.append(f"an invisible {part!r}")
    found.extend(f"{begun} is never closed" for begun in opened)
    if re.search(r"\^\{[^{}]*\}\^|_\{[^{}]*\}_|\^\^|__", re.sub(r"\\_", "", latex)):
        found.append("two exponents or indices in a row")
    return found


def _closes(begun: str, token: str) -> bool:
    if token.startswith(r"\end"):
        return begun == token.replace("end", "begin")
    if token.startswith(r"\right"):
        return begun.startswith(r"\left") and begun[-1] + token[-1] in ("()", "[]", "||")
    return begun == "{"


def test_the_check_of_these_tests_can_fail() -> None:
    for broken in ("{", "}", r"\left(x)", r"\begin{cases} x", r"\left(x\right]", "50%", "x & y", "x^{2}^{3}", "$x$"):
        assert faults(broken)
    assert faults(r"\begin{bmatrix} 1 & 2 \\ \{ \} \end{bmatrix}^{\top}") == []
