r"""Names spelled by hand: one table for each kind of thing that has a name, and what is refused.

The expected reading is written as a student would write it without doubt, with entries counted as the problem says.
"""

from __future__ import annotations

import pytest

from hwcheck.problem.load import parse_problem
from hwcheck.submissions.names import Names, UnknownNameError

NETWORK = """
inputs: {x: [1, 2, 3], target: [1, 0, 1]}
weights:
  W1: [[1, 2, 3], [4, 5, 6]]
  V: [[1, 2], [3, 4], [5, 6]]
  b: [1, 2]
  a: {shape: [4, 13]}
network:
  h1: relu(W1 @ x + b)
  y_hat: V @ h1
  x_prime: y_hat * y_hat
  L: sum((x_prime - target)**2) + sum(a)
  W1_new: W1 - 0.1 * grad(W1)
  b_new: b - 0.1 * grad(b)
loss: L
names: {Forget Gate: h1, "hidden layer": h1, v5: "V[2, 0]", delta_1: grad(h1), cost: L, w_5: "V[2, 0]"}
"""
STEPS = """
for: {t: 1..3}
inputs: {"x[t]": [[1, 2], [3, 4], [5, 6]], "h[0]": [0, 0, 0]}
weights: {W: [[1, 2], [3, 4], [5, 6]], u: [1, 2, 3], c: 0}
network: {"h[t]": "u * h[t-1] + W @ x[t] + c", L: "sum(h[3])"}
loss: L
"""


def names(first: int) -> Names:
    return Names(parse_problem(f"{NETWORK}indexing: {first}\n", "small.yaml"))


FROM_0, FROM_1 = names(0), names(1)
OF_STEPS = Names(parse_problem(STEPS, "steps.yaml"))

WHOLE = {
    "W1": [
        *("W1", "W_1", "W_{1}", "w1", "w_1", "W₁", "W¹", "W^1", "W^{(1)}", "W^(1)", "W(1)", "W[1]", "W 1", "$W_1$"),
        *(r"\mathbf{W}_1", r"\mathbf W_1", r"\boldsymbol{W}_{1}", r"\mathrm{W}_1", r"\vec{W}_1", "`W1`", "**W1**"),
        *(r"W\_1", r"W_{\text{1}}", "𝐖₁", "\u200bW1", r"$\mathbf{W}^{(1)}$", r"\bm{W}_1", r"\operatorname{W}_1"),
    ],
    "y_hat": [
        *(r"\hat{y}", r"\hat y", "ŷ", "y\u0302", "yhat", "y_hat", "y-hat", "Y_hat", r"\widehat{y}", r"$\hat{y}$"),
        *(r"\mathbf{\hat{y}}", r"\hat{\mathbf{y}}", r"\hat{\mathbf y}", r"\hat{\boldsymbol{y}}", "y_{hat}", "y hat"),
    ],
    "x_prime": ["x'", "x_prime", "x′", "x’", r"x^\prime", r"x^{\prime}", "xprime", "x-prime", "$x'$", r"\mathbf{x}'"],
    "grad(W1)": [
        *("grad(W1)", "dW1", "dW_1", "d W_1", "dL/dW1", "dL/dW_{1}", "∂L/∂W1", "∂L/∂W₁", "∇W1", r"\nabla W_1"),
        *(r"\nabla_{W_1} L", r"\nabla_{W_1}L", "∇_{W1} L", r"\frac{\partial L}{\partial W_1}", r"\dfrac{dL}{dW_1}"),
        *("grad_W1", "W1.grad", "gradW1", "grad W1", "W1_grad", "W1-grad", "gradient of W1", "Gradient W1"),
        *(r"\frac{\partial \mathcal{L}}{\partial \mathbf{W}_1}", r"\partial L / \partial W_1", "dLoss/dW1", "dJ/dW1"),
        *("dW[1]", "∂L/∂W[1]", "dL/dW^{(1)}", "dL_dW1", r"\mathrm{d}L/\mathrm{d}W_1", r"\partial_{W_1} L"),
        *("dcost/dW1", r"\frac{\partial cost}{\partial W_1}", "grad(L, W_1)", "grad(W_1)", "W_1.grad"),
    ],
    "grad(y_hat)": [r"\frac{\partial L}{\partial \hat{y}}", "dL/dŷ", "ŷ.grad", "dyhat", r"\nabla_{\hat{y}} L"],
    "grad(h1)": ["delta_1", "δ_1", r"\delta_1", r"\delta_{1}", "δ₁", "dh1", "dL/dh_1"],
    "W1_new": [
        *("W1_new", "W_1_new", "W1new", "W_{1,new}", "W_1^+", "W_1^{+}", "W1+", "W1'", "W_1'", "W_{1}'", "W'_1"),
        *(r"W_1^{new}", r"W_1^{\text{new}}", r"W^{new}_1", r"W_{1}^{\mathrm{new}}", "new W1", "new_W1", "W1_updated"),
        *("W1_next", r"W_1^\prime", "w1_new", "W1-new", "updated W1"),
    ],
    "b_new": ["b_new", "b'", "b^+", "b+", "new b", r"b^{\text{new}}", "b_{new}"],
    "h1": ["Forget Gate", "forget gate", "Forget-Gate", "forget_gate", "ForgetGate", "hidden layer", "Hidden Layer"],
    "L": ["cost", "L", "{L}", "Cost", r"\text{cost}"],
}


@pytest.mark.parametrize(("text", "told"), [(text, told) for told, texts in WHOLE.items() for text in texts])
def test_whole_quantities(text: str, told: str) -> None:
    assert FROM_0.told(FROM_0.part(text)) == told
    assert FROM_1.told(FROM_1.part(text)) == told


ENTRIES = [
    *((text, "V[1, 0]") for text in ("V[1][0]", "V[1, 0]", "V[1,0]", "V [1] [0]", "v[1,0]", "V_{1,0}", "v_{10}")),
    *((text, "V[1, 0]") for text in ("V_{10}", "V_{1 0}", "v₁₀", "v_{1, 0}", "V_1_0", "V(1,0)", "$v_{10}$")),
    *((text, "V[1, 1]") for text in (r"\mathbf{V}_{11}", "v_{11}", "V₁₁", "V[-2, -1]")),
    *((text, "W1[1, 2]") for text in ("W1[1][2]", "W_1[1, 2]", "w^{(1)}_{12}", "w_{12}^{(1)}", "W^{1}_{12}")),
    *((text, "W1[1, 2]") for text in ("w^{(1)}_{1,2}", "W_{12}^{1}", "W1_{12}", "W[1][1, 2]", "w^1_{12}")),
    *((text, "h1[1]") for text in ("h1[1]", "h_1[1]", "h_{1,1}", "h_{1}^{(1)}", "h^{(1)}_1", "h1_1", "h_1_1")),
    *((text, "b[1]") for text in ("b_1", "b[1]", "b_{1}", "b₁", r"\mathbf{b}_1", "b(1)")),
    *((text, "y_hat[2]") for text in (r"\hat{y}_2", r"\hat{y_2}", "ŷ_2", "ŷ₂", "y_hat[2]", "yhat_2")),
    *((text, "grad(V)[2, 1]") for text in ("dL/dv_{21}", "∂L/∂V[2][1]", r"\frac{\partial L}{\partial v_{21}}")),
    *((text, "grad(V)[2, 1]") for text in ("dv_{21}", "grad(v_{21})", "grad(V)[2,1]", "V[2,1].grad", "v_{21}.grad")),
    *((text, "grad(V)[2, 1]") for text in (r"\nabla_{v_{2,1}} L", r"\nabla v_{21}", "∂L/∂v₂₁", "grad(V[2, 1])")),
    *((text, "grad(W1)[1, 2]") for text in ("dL/dw^{(1)}_{12}", r"\frac{\partial L}{\partial w_{12}^{(1)}}")),
    *((text, "grad(b)[1]") for text in ("db_1", "dL/db_1", "∂L/∂b₁", "grad(b)[1]", "db[1]")),
    *((text, "W1_new[1, 2]") for text in ("W1_new[1, 2]", "w_{12}^{(1)+}", "W1'[1][2]", "W1[1, 2]_new")),
    *((text, "a[1, 12]") for text in ("a_{1,12}", "a[1][12]", "a_{1, 12}")),
]


@pytest.mark.parametrize(("text", "told"), ENTRIES)
def test_entries_counted_from_0(text: str, told: str) -> None:
    part = FROM_0.part(text)
    assert FROM_0.told(part) == told


@pytest.mark.parametrize(
    ("text", "told", "index"),
    [
        *((text, "V[2, 1]", (1, 0)) for text in ("V[2][1]", "V[2, 1]", "v_{21}", "v_{2,1}", "V_2_1", "v₂₁")),
        *((text, "V[3, 2]", (2, 1)) for text in ("V_{32}", "V[3][2]", "V[-1, -1]")),
        *((text, "W1[1, 1]", (0, 0)) for text in ("W1[1,1]", "w^{(1)}_{11}", "w_{11}^{(1)}")),
        *((text, "h1[2]", (1,)) for text in ("h_1[2]", "h_{1,2}", "h1[2]", "h^{(1)}_2")),
        *((text, "b[1]", (0,)) for text in ("b_1", "b[1]", "b₁")),
        *((text, "grad(V)[1, 2]", (0, 1)) for text in ("dL/dv_{12}", "dv_{12}", "grad(V)[1, 2]")),
        ("V[2]", "V[2]", (1, slice(0, 2, 1))),
        ("V[:, 2]", "V[:, 2]", (slice(0, 3, 1), 1)),
        ("v5", "V[3, 1]", (2, 0)),  # the problem file counts from 0
        ("v_5", "V[3, 1]", (2, 0)),
        ("w_5", "V[3, 1]", (2, 0)),
        ("dL/dw_5", "grad(V)[3, 1]", (2, 0)),
        ("∂L/∂w_{5}", "grad(V)[3, 1]", (2, 0)),
    ],
)
def test_entries_counted_from_1(text: str, told: str, index: tuple[int | slice, ...]) -> None:
    part = FROM_1.part(text)
    assert (FROM_1.told(part), part.index) == (told, index)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        *((text, "grad(W, t=1)") for text in ("dW[1]", r"dL/dW|_{t=1}", r"dL/dW|_{t = 1}", "∂L/∂W|_{t=1}", "dW_1")),
        *((text, "grad(W, t=1)") for text in (r"\frac{\partial L}{\partial W}|_{t=1}", "grad(W, t=1)", "grad(W,t=1)")),
        *((text, "grad(W, t=1)") for text in (r"\frac{\partial L}{\partial W}\Big|_{t=1}", "dW (t=1)", "dW_{t=1}")),
        *((text, "grad(W, t=1)") for text in (r"\left.\frac{\partial L}{\partial W}\right|_{t=1}", "dW @ t=1")),
        *((text, "grad(W, t=2)") for text in ("∇W[2]", "grad_W[2]", "grad(W, t=2)", r"$\nabla_W L|_{t=2}$")),
        ("dW[1][2, 0]", "grad(W, t=1)[2, 0]"),
        ("grad(W, t=1)[2]", "grad(W, t=1)[2]"),
        ("grad(W)[1]", "grad(W)[1]"),  # as the problem writes it: a row of the whole gradient
        ("dW[0]", "grad(W)[0]"),  # there is no step 0
        ("dW[1, 0]", "grad(W)[1, 0]"),
        ("dW", "grad(W)"),
        ("dL/dW", "grad(W)"),
        *((text, "h[2]") for text in ("h[2]", "h_2", "h^{(2)}", "h_{t=2}", "h|_{t=2}", "h₂", "h[ 2 ]")),
        *((text, "h[2][1]") for text in ("h[2][1]", "h_2[1]", "h_{2,1}", "h^{(2)}_1", "h_1^{(2)}")),
        *((text, "grad(h[2])") for text in ("dh[2]", "dL/dh_2", "grad(h[2])", r"\frac{\partial L}{\partial h_{2}}")),
    ],
)
def test_shares_and_steps(text: str, told: str) -> None:
    assert OF_STEPS.told(OF_STEPS.part(text)) == told


REFUSED = [
    (FROM_0, "v_{33}", "'v_{33}': V is 3 x 2, with entries counted from 0"),
    (FROM_1, "v_{33}", "'v_{33}': V is 3 x 2, with entries counted from 1"),
    (FROM_1, "V[0, 1]", "the index of 'V[0, 1]' has 0, but entries are counted from 1 here"),
    (FROM_1, "V[4, 1]", "the index of 'V[4, 1]' has 4 on an axis of 3; entries are counted from 1 here"),
    (FROM_1, "V[1:2]", "has a slice, and entries are counted from 1 here"),
    (FROM_1, "V[x]", "the problem has no 'V[x]'"),
    (FROM_0, r"\Delta W_1", "the problem has no"),
    (FROM_0, r"\delta W_1", "the problem has no"),
    (FROM_0, "δW1", "the problem has no"),
    (FROM_0, "b0", "the problem has no 'b0'; did you mean 'b'"),  # no entry: nothing lowers the number
    (FROM_0, "v10", "the problem has no 'v10'"),
    (FROM_0, "W2", "the problem has no 'W2'; did you mean 'W1'"),
    (FROM_0, "dL/dW2", "did you mean 'grad(W1)'"),
    (FROM_0, r"\frac{\partial L}{\partial W_2}", "did you mean 'grad(W1)"),
    (FROM_0, "output gate", "the problem has no 'output gate'"),
    (FROM_0, "v5[0]", "takes a part of 'v5', which is a part itself"),
    (FROM_0, "V_3", "the problem has no 'V_3'; did you mean 'V'"),
    (FROM_0, "V_1", "the problem has no 'V_1'; did you mean 'V'"),  # a row needs brackets
    (OF_STEPS, "dW|_{t=7}", "its shares are grad(W, t="),
    (OF_STEPS, "du_1", "'du_1' could be grad(u)[1] or grad(u, t=1): write one of them"),
    (OF_STEPS, "h[9]", "the problem has no 'h[9]'; did you mean 'h["),
]


@pytest.mark.parametrize(("known", "text", "message"), REFUSED, ids=[text for _, text, _ in REFUSED])
def test_what_is_refused(known: Names, text: str, message: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        known.part(text)
    assert message in str(caught.value)


# Each weight beside a matrix or a vector of which it could be an entry.
TWO_READINGS = """
inputs: {x: 2}
weights: {w: [[1, 2, 3], [4, 5, 6]], w12: 7, W1: [1, 2, 3], W: {shape: [2, 4]}, h: [1, 2], h1: 3, c1: 1}
network: {L: x * (sum(w) + w12 + sum(W1) + sum(W) + sum(h) + h1 + c1)}
loss: L
"""


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("w_{12}", ("w12", "w[1, 2]")),
        ("w₁₂", ("w12", "w[1, 2]")),
        ("dL/dw_{12}", ("grad(w12)", "grad(w)[1, 2]")),
        ("W[1]", ("W1", "W[1]")),
        ("h[1]", ("h1", "h[1]")),
        ("h_1", ("h1", "h[1]")),
        ("W_{1,2}", ("W[1, 2]", "W1[2]")),
        ("w_{1,2}", ("w[1, 2]", "W1[2]")),
        ("dh[1]", ("grad(h1)", "grad(h)[1]")),
    ],
)
def test_two_readings_are_refused_with_both(text: str, readings: tuple[str, str]) -> None:
    known = Names(parse_problem(TWO_READINGS, "small.yaml"))
    with pytest.raises(UnknownNameError) as caught:
        known.part(text)
    assert all(reading in str(caught.value) for reading in readings), caught.value


@pytest.mark.parametrize(
    ("text", "told"),
    [("w12", "w12"), ("w[1, 2]", "w[1, 2]"), ("W_{13}", "W[1, 3]"), ("c_1", "c1")],
)
def test_one_reading_is_read(text: str, told: str) -> None:
    known = Names(parse_problem(TWO_READINGS, "small.yaml"))
    assert known.told(known.part(text)) == told


def test_the_tables_are_large_enough() -> None:
    assert sum(map(len, WHOLE.values())) + len(ENTRIES) >= 150


TOTAL = """
inputs: {x: [1, 2]}
weights: {W: [[1, 2], [3, 4]], v: [1, 2]}
network: {h: W @ x, "E": "(h - v)**2", E_total: sum(E)}
loss: E_total
questions: ["grad(W)", "jacobian(h, x)"]
"""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("dE/dW", "grad(W)"),
        (r"\frac{\partial E}{\partial W}", "grad(W)"),
        ("dE_total/dW", "grad(W)"),
        ("E", "E"),
        ("dE", "grad(E)"),
        ("dh/dx", "jacobian(h, x)"),
    ],
)
def test_the_gradient_of_the_parts_of_a_sum(text: str, told: str) -> None:
    known = Names(parse_problem(TOTAL, "total.yaml"))
    assert known.told(known.part(text)) == told


def test_the_derivative_of_one_step_in_another() -> None:
    known = Names(parse_problem(f"{STEPS}questions: ['jacobian(h[3], h[1])']\n", "steps.yaml"))
    for text in (r"\frac{\partial h_3}{\partial h_1}", "dh3/dh1", "∂h_3/∂h_1"):
        assert known.told(known.part(text)) == "jacobian(h[3], h[1])"


def test_the_gradient_of_one_part_is_not_that_of_the_total() -> None:
    """E is a number of its own there, and dE/dW a gradient that the problem does not have."""
    text = TOTAL.replace('"E": "(h - v)**2", E_total: sum(E)', '"E": "sum((h - v)**2)", E_total: "E + sum(h)"')
    assert text != TOTAL
    known = Names(parse_problem(text, "total.yaml"))
    assert known.known("dE/dW") is None
    assert known.known("dE_total/dW") == known.known("grad(W)")
