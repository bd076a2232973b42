"""Names as students write them: every usual spelling, parts, and what is refused instead of guessed."""

from __future__ import annotations

import numpy as np
import pytest

from hwcheck import load_problem
from hwcheck.problem.library import library
from hwcheck.problem.load import parse_problem
from hwcheck.problem.model import Part
from hwcheck.submissions.names import Names, UnknownNameError


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
        *("grad_W1", "W1.grad", "W1_grad", "gradient of W1", "dJ/dW1", "dLoss/dW1", r"\delta_{W1}", "dL_dW1", "DW1"),
        *(r"\frac{dL}{dW_1}", r"\frac{\partial \mathcal{L}}{\partial W_1}", "grad W1", "dE/dW1", "δW1"),
    ],
    "grad(yhat)": ["dyhat", "dL/dyhat", r"\frac{\partial L}{\partial \hat{y}}", "∂L/∂ŷ", "ŷ.grad"],
    "jacobian(h0, W0)": ["jacobian(h0, W0)", "jacobian(h0,W0)", "jacobian( h0 , W0 )"],
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
        ("h_1", "h1", (0,)),  # the problem's own names come before the usual spellings
        ("h_2", "h1", (1,)),
        ("M", "m", ()),
        ("M ", "m", ()),
    ],
)
def test_parts_and_the_names_of_the_problem(gan: Names, text: str, name: str, index: tuple[int | slice, ...]) -> None:
    part = gan.part(text)
    assert part.quantity == name
    shape = {"h1": (2, 2, 2), "grad(W1)": (1, 2, 3, 3), "m": ()}[name]
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
        ("h1[]", "must be whole numbers or ':', not ''"),
        ("h1[0:1]", "must be whole numbers or ':', not '0:1'"),
        ("h1[1234567890]", "must be whole numbers or ':'"),
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
