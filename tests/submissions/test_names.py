"""Names as students write them: every usual spelling, parts, and what is refused instead of guessed."""

from __future__ import annotations

import time
import unicodedata
from typing import Literal, TypeAlias

import numpy as np
import pytest

from hwcheck import load_problem
from hwcheck.problem.library import library
from hwcheck.problem.load import parse_problem
from hwcheck.problem.model import Part
from hwcheck.submissions.names import Names, UnknownNameError

Form: TypeAlias = Literal["NFC", "NFD"]


@pytest.fixture(scope="module")
def gan() -> Names:
    return Names(load_problem(library()["gan"]))


SPELLINGS = {
    "W1": ["W1", "W_1", "W_{1}", "w1", "W₁", "W^{(1)}", "W(1)", "$W_1$", r"\mathbf{W}_1", " W1 ", "W 1"],
    "yhat": ["yhat", "y_hat", "ŷ", r"\hat{y}", r"\hat y", r"$\hat{y}$", r"\widehat{y}", "Yhat", "y\u0302"],
    "h0": ["h0", "h_0", "h₀", "H0", r"\vec{h}_0"],
    "grad(W1)": [
        *("grad(W1)", "dW1", "dW_1", "dL/dW1", "dL / dW1", "∂L/∂W1", "∂L/∂W₁", "∇W1", "∇W_1", r"\nabla W_1"),
        *(
            r"\nabla_{W_1}",
            r"\nabla_{W_1} L",
            "∇_{W1}L",
            r"\frac{\partial L}{\partial W_1}",
            r"\partial L/\partial W_1",
        ),
        *("grad_W1", "W1.grad", "W1_grad", "gradient of W1", "dJ/dW1", "dLoss/dW1", "dL_dW1", "DW1"),
        *(r"\dfrac{\partial L}{\partial W_1}", r"\tfrac{dL}{dW_1}", "∂W1", "∂W_1", r"\partial W_1", "grad(L, W_1)"),
        *("grad(L, W1)", "grad(L,W₁)", "grad(loss, W1)", "dℓ/dW1", r"\frac{d\ell}{dW_1}"),
        *(
            r"\frac{dL}{dW_1}",
            r"\frac{\partial \mathcal{L}}{\partial W_1}",
            "grad W1",
            "dE/dW1",
        ),
    ],
    "grad(yhat)": ["dyhat", "dL/dyhat", r"\frac{\partial L}{\partial \hat{y}}", "∂L/∂ŷ", "ŷ.grad"],
    "jacobian(h0, W0)": [
        *(
            "∂h0/∂W0",
            "dh0/dW0",
            "dh_0/dW_0",
            r"\frac{\partial h_0}{\partial W_0}",
            r"\dfrac{dh_0}{dW_0}",
            "jacobian(h_0, W_0)",
        ),
        *("jacobian(h0, W0)", "jacobian(h0,W0)", "jacobian( h0 , W0 )"),
    ],
    "dK0": ["dK0", "dK_0", "dK₀"],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in SPELLINGS.items() for text in texts])
def test_the_usual_spellings(gan: Names, name: str, text: str) -> None:
    assert gan.part(text) == Part(name)


@pytest.mark.parametrize(
    ("text", "name", "index"),
    [
        ("h1[0]", "h1", (0,)),
        ("h1[0][1]", "h1", (0, 1)),
        ("h1[0, 1]", "h1", (0, 1)),
        ("h1[-1]", "h1", (1,)),
        ("h1[:, 0]", "h1", (slice(None), 0)),
        ("h1 [1] [0, 1]", "h1", (1, 0, 1)),
        ("dW1[0, 1]", "grad(W1)", (0, 1)),
        ("∂L/∂W₁[0][1]", "grad(W1)", (0, 1)),
        ("grad(W1[0,1])", "grad(W1)", (0, 1)),
        ("grad(W_1[0][1])", "grad(W1)", (0, 1)),
        ("grad( W1 [0, 1] )", "grad(W1)", (0, 1)),
        ("W1[0,1].grad", "grad(W1)", (0, 1)),
        ("W_1[0]_grad", "grad(W1)", (0,)),
        (r"$\frac{\partial L}{\partial W_1[0,1]}$", "grad(W1)", (0, 1)),
        ("grad(W_1)[0:1]", "grad(W1)", (slice(0, 1),)),
        ("grad(W_1)[0:1, 1:]", "grad(W1)", (slice(0, 1), slice(1, None))),
        ("h1[:, :, ::2]", "h1", (slice(None), slice(None), slice(None, None, 2))),
        ("h1[-1:]", "h1", (slice(-1, None),)),
        ("h1[:1][0]", "h1", (slice(None, 1), 0)),
        ("jacobian(h0, W0)[0]", "jacobian(h0, W0)", (0,)),
        ("jacobian(h_0, W_0)[1:]", "jacobian(h0, W0)", (slice(1, None),)),
        ("h_1", "h1", (0,)),  # the problem's own names come before the usual spellings
        ("h_2", "h1", (1,)),
        ("M", "m", ()),
        ("M ", "m", ()),
    ],
)
def test_parts_and_the_names_of_the_problem(gan: Names, text: str, name: str, index: tuple[int | slice, ...]) -> None:
    part = gan.part(text)
    assert part.quantity == name
    shape = {"h1": (2, 2, 2), "grad(W1)": (1, 2, 3, 3), "m": (), "jacobian(h0, W0)": (8, 8, 2)}[name]
    numbered = np.arange(np.prod(shape, dtype=int)).reshape(shape)
    np.testing.assert_array_equal(numbered[part.index], numbered[index])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("H3", "the problem has no 'H3'; did you mean 'H2'?"),
        ("dW3", "the problem has no 'dW3'; did you mean 'grad(W0)' or 'grad(W1)' or 'grad(W2)'?"),
        ("nothing of the kind", "the problem has no 'nothing of the kind'"),
        ("", "the problem has no ''"),
        ("h1[2]", "the index of 'h1[2]' "),
        ("h1[0, 0, 0, 0]", "the index of 'h1[0, 0, 0, 0]' "),
        ("h1[]", "must be whole numbers or slices, such as 0 or 0:2, not ''"),
        ("h1[1234567890]", "must be whole numbers or slices"),
        ("h1[0:1:1:1]", "must be whole numbers or slices, such as 0 or 0:2, not '0:1:1:1'"),
        ("h1[0:-]", "must be whole numbers or slices"),
        ("h1[2:]", "takes nothing of axis 0, whose length is 2"),
        ("h1[::0]", "has a slice of step 0"),
        ("jacobian(h0, W0[0])", "write jacobian(h0, W0)[...]"),
        ("∂h0/∂W0[0]", "write jacobian(h0, W0)[...]"),
        ("h_1[0]", "takes a part of 'h_1', which is a part itself"),
        ("x" * 201, "is too long to be a name"),
    ],
)
def test_what_is_no_name_is_told(gan: Names, text: str, message: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        gan.part(text)
    assert message in str(caught.value)


def test_what_could_be_two_names_is_refused() -> None:
    """W_1 folds to W1, which is there; but dw1 could be the gradient of W1 or that of w1."""
    text = "inputs: {x: 2}\nweights: {W1: 3, w1: 4}\nnetwork: {L: x*W1*w1}\nloss: L\n"
    names = Names(parse_problem(text, "small.yaml"))
    assert names.part("W_1") == Part("W1")
    assert names.part("w_1") == Part("w1")
    with pytest.raises(UnknownNameError, match=r"'DW1' could be grad\(W1\) or grad\(w1\): write one of them"):
        names.part("DW1")


def test_a_quantity_that_is_named_like_a_gradient_wins() -> None:
    text = "inputs: {x: 2}\nweights: {W: 3}\nnetwork: {dW: x*W, L: dW**2}\nloss: L\n"
    names = Names(parse_problem(text, "small.yaml"))
    assert names.part("dW") == Part("dW")
    assert names.part("dL/dW") == Part("grad(W)")


def test_the_loss_may_have_any_name() -> None:
    text = "inputs: {x: 2}\nweights: {W: 3}\nnetwork: {cost2: (x*W)**2}\nloss: cost2\n"
    names = Names(parse_problem(text, "small.yaml"))
    for spelling in ("dcost2/dW", "∂cost2/∂W", r"\frac{\partial cost_2}{\partial W}", "dL/dW"):
        assert names.part(spelling) == Part("grad(W)")


def network(lines: str, questions: str = "", more: str = "") -> Names:
    """The names of a small problem: one input x, the weights W and b."""
    text = f"inputs: {{x: 2}}\nweights: {{W: 3, b: 4}}\nnetwork: {{{lines}}}\nloss: L\n{more}"
    return Names(parse_problem(text + (f"questions: [{questions}]\n" if questions else ""), "small.yaml"))


@pytest.mark.parametrize("numerator", ["C", "c", "E", "cost", "J"])
def test_what_is_a_quantity_is_not_the_loss(numerator: str) -> None:
    names = network(f"{numerator}: x*W + b, L: {numerator}**2")
    for spelling in (f"d{numerator}/dW", f"∂{numerator}/∂W", rf"\frac{{\partial {numerator}}}{{\partial W}}"):
        with pytest.raises(UnknownNameError):
            names.part(spelling)
    assert names.part("dL/dW") == Part("grad(W)")
    assert names.part("dLoss/dW") == Part("grad(W)")


def test_the_derivative_of_what_is_not_the_loss() -> None:
    names = network("C: x*W + b, L: C**2", "{ask: 'grad(C, W)'}, {ask: 'jacobian(C, b)'}")
    for spelling in ("dC/dW", "∂C/∂W", r"\frac{\partial C}{\partial W}", "grad(C, W)", "grad(C,W)", "dC_dW"):
        assert names.part(spelling) == Part("grad(C, W)")
    for spelling in ("dC/db", r"\tfrac{dC}{db}", "∂C/∂b"):
        assert names.part(spelling) == Part("jacobian(C, b)")
    assert names.part("dL/dW") == names.part("dW") == Part("grad(W)")
    assert names.part("∂b") == names.part("db") == names.part("dL/db") == Part("grad(b)")


GREEK = [
    ("beta", ["beta", "β", r"\beta", r"$\beta$", r"{\beta}"]),
    ("β", ["beta", "β", r"\beta"]),
    ("theta_1", ["θ₁", r"\theta_1", r"\theta_{1}", "theta1", r"\vartheta_1"]),
    ("Σ", ["Sigma", r"\Sigma", "Σ"]),
    ("eta", [r"\eta", "η"]),
    ("mu", ["μ", "µ", r"\mu"]),
    ("delta", ["δ", r"\delta"]),
    ("theta_hat", [r"\hat{\theta}", r"\hat\theta", "θ\u0302"]),
]


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in GREEK for text in texts])
def test_greek_letters(name: str, text: str) -> None:
    names = Names(
        parse_problem(f"inputs: {{x: 2}}\nweights: {{{name}: 3}}\nnetwork: {{L: x*{name}}}\nloss: L\n", "a.yaml")
    )
    assert names.part(text) == Part(name)
    assert names.part(f"dL/d{text}") == names.part(f"∂{text}") == Part(f"grad({name})")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("other", ["NFC", "NFD"])
def test_a_name_of_the_problem_in_either_form_of_unicode(form: Form, other: Form) -> None:
    key = unicodedata.normalize(form, "größe")
    names = network("L: x*W + b", more=f"names: {{{key}: W}}\n")
    assert names.part(unicodedata.normalize(other, "größe")) == Part("W")


def test_unknown_names_are_told_in_no_time(gan: Names) -> None:
    begin = time.perf_counter()
    for text in (
        "x%d",
        "[" * 190 + "%d",
        " " * 180 + "a%d",
        "[1]" * 60 + "x%d",
        r"\hat" * 40 + "%d",
        "grad(" * 30 + "[1]%d",
    ):
        for i in range(100):
            with pytest.raises(UnknownNameError):
                gan.part(text % i)
    assert time.perf_counter() - begin < 10
