"""``grad`` and ``jacobian`` in the language: by hand, by finite differences, of parts; and what they refuse.

The network by hand, with W = [[1, 2, -1], [0, 1, 1]], x = [1, 2, 3], b = [1, -6]::

    z = W @ x + b = [2 + 1, 5 - 6] = [3, -1]        h = relu(z) = [3, 0]
    L = sum(c * h) + s**2 with c = [2, 5], s = 4    = 22

    grad(h) = c = [2, 5]      grad(z) = [2, 0]      grad(b) = [2, 0]     grad(x) = W.T @ [2, 0] = [2, 4, -2]
    grad(W) = outer([2, 0], x) = [[2, 4, 6], [0, 0, 0]]                  grad(s) = 8
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from hwcheck.errors import InputError, Location
from hwcheck.graph.evaluate import Plan, evaluate
from hwcheck.graph.node import Array, Constant, Node, Quantity
from hwcheck.graph.op import Misfit
from hwcheck.language.build import Scope, build
from hwcheck.language.derivatives import Derivatives
from hwcheck.language.latex import to_latex
from hwcheck.language.printer import formula, to_text
from hwcheck.language.source import Source
from hwcheck.limits import LINE
from hwcheck.ops.catalogue import ops
from tests.support.finite_differences import central_difference, disagreement


class Network:
    """Lines over given numbers, as in a problem file; the last one is the loss unless ``seeds`` say otherwise."""

    def __init__(self, numbers: Mapping[str, Any], lines: Mapping[str, str], seeds: Mapping[str, Any] | None = None):
        self.names = {name: Quantity(name, shape=np.shape(value)) for name, value in numbers.items()}
        self.numbers = {self.names[name]: np.array([value], dtype=float) for name, value in numbers.items()}
        self._starts = seeds if seeds is not None else {list(lines)[-1]: 1.0}
        self._derivatives = Derivatives(self._seeds)
        for name, text in lines.items():
            self.names[name] = Quantity(name, self.node(text))

    def _seeds(self) -> dict[Node, Node]:
        if any(name not in self.names for name in self._starts):
            raise Misfit("the loss comes later")
        return {self.names[name]: Constant(gradient) for name, gradient in self._starts.items()}

    def node(self, text: str) -> Node:
        scope = Scope(self.names, ops(), self._derivatives.forms)
        return build(Source(text, Location("f", 1, 1), LINE), scope)

    def value(self, text: str) -> Array:
        (result,) = evaluate([self.node(text)], self.numbers)
        return np.asarray(result[0])

    def fault(self, text: str) -> str:
        with pytest.raises(InputError) as caught:
            self.node(text)
        return str(caught.value)


HAND = Network(
    {"W": [[1, 2, -1], [0, 1, 1]], "x": [1, 2, 3], "b": [1, -6], "c": [2, 5], "s": 4, "unused": [1, 1, 1, 1]},
    {"z": "W @ x + b", "h": "relu(z)", "square": "s**2", "stray": "sum(x**2)", "L": "sum(c * h) + square"},
)
SMOOTH = Network(
    {
        "W": [[0.3, -0.2, 0.5], [0.1, 0.4, -0.6]],
        "x": [0.7, -0.4, 0.2],
        "D": [[[0.1 * i - 0.2 * j + 0.05 * k for k in range(5)] for j in range(4)] for i in range(2)],
        "s": 0.8,
    },
    {
        "z": "W @ x",
        "h": "tanh(z) * s",
        "e": "sum(exp(D) * reshape(h, [2, 1, 1]), axis=[0, 1])",
        "m": "mean(sigmoid(e)) / (1 + h[0]**2)",
        "u": "W[:, 1:] * h[1]",
        "L": "log(1 + m**2) * softplus(s) + sum(u * u)",
    },
)
BY_HAND = [
    ("L", 22),
    ("grad(L)", 1),
    ("grad(h)", [2, 5]),
    ("grad(z)", [2, 0]),
    ("grad(b)", [2, 0]),
    ("grad(x)", [2, 4, -2]),
    ("grad(W)", [[2, 4, 6], [0, 0, 0]]),
    ("grad(c)", [3, 0]),
    ("grad(s)", 8),
    ("grad(square)", 1),
    # another scalar; the same one; of itself
    ("grad(stray, x)", [2, 4, 6]),
    ("grad(L, W)", [[2, 4, 6], [0, 0, 0]]),
    ("grad(square, s)", 8),
    ("grad(s, s)", 1),
    # parts, as deep as they go
    ("grad(W[0])", [2, 4, 6]),
    ("grad(W[0, 1:])", [4, 6]),
    ("grad(W[0][1])", 4),
    ("grad(W[:, ::-1][0][:2])", [6, 4]),
    ("grad(x[-1])", -2),
    ("grad(stray, x[1:])", [4, 6]),
    # whole derivatives
    ("jacobian(z, x)", [[1, 2, -1], [0, 1, 1]]),
    ("jacobian(h, x)", [[1, 2, -1], [0, 0, 0]]),
    ("jacobian(z, b)", [[1, 0], [0, 1]]),
    ("jacobian(h, b)", [[1, 0], [0, 0]]),
    ("jacobian(h, W)", [[[1, 2, 3], [0, 0, 0]], [[0, 0, 0], [0, 0, 0]]]),
    ("jacobian(z, W)", [[[1, 2, 3], [0, 0, 0]], [[0, 0, 0], [1, 2, 3]]]),
    ("jacobian(square, s)", 8),
    ("jacobian(L, x)", [2, 4, -2]),
    ("jacobian(x, x)", [[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
    # they are expressions like others
    ("W - 0.5 * grad(W)", [[0, 0, -4], [0, 1, 1]]),
    ("grad(b) @ jacobian(z, x)", [2, 4, -2]),
    ("jacobian(h, W)[0, 0]", [1, 2, 3]),
    ("sum(grad(W), axis=1)", [12, 0]),
]
REFUSED = [
    ("grad()", "grad takes one argument, grad(X), or two, grad(Y, X), not 0"),
    ("grad(L, W, x)", "not 3"),
    ("grad(unused)", "the loss does not depend on unused"),
    ("grad(stray)", "the loss does not depend on stray"),
    ("grad(stray, W)", "stray does not depend on W"),
    ("grad(z, W)", "grad(Y, X) needs a scalar Y, but z is 2; use jacobian(Y, X)"),
    ("grad(W @ x)", "grad needs the names of quantities, not W @ x; give it a network line of its own"),
    ("grad(2 * W[0])", "grad needs the names of quantities, not 2 * W[0]"),
    ("grad((2 * W)[0])", "grad needs the names of quantities, not 2 * W"),
    ("grad(W.T)", "not W.T"),
    ("grad(1)", "grad needs the names of quantities, not 1"),
    ("grad([W, W])", "grad needs the names of quantities, not [W, W]"),
    ("grad('W')", "an array or a number belongs here, not the text 'W'"),
    ("grad(sum(h), x)", "grad needs the names of quantities, not sum(h)"),
    ("grad(x[x])", "not x[x]"),
    ("grad(q)", "there is no quantity 'q'"),
    ("grad(X=W)", "grad has no options, and its arguments no names: write grad(X)"),
    ("grad(W, axis=0)", "grad has no options"),
    ("grad", "there is no quantity 'grad'"),
    ("x.grad", ".grad has no meaning here"),
    ("jacobian(z)", "jacobian takes two arguments, jacobian(Y, X), not 1"),
    ("jacobian(z, x, W)", "not 3"),
    ("jacobian(z, unused)", "z does not depend on unused: its jacobian would be zero everywhere"),
    ("jacobian(W @ x, x)", "jacobian needs the names of quantities, not W @ x"),
    ("jacobian(z[0], x)", "jacobian needs the names of quantities, not z[0]"),
    ("jacobian(z, x=x)", "jacobian has no options"),
]


@pytest.mark.parametrize(("text", "expected"), BY_HAND)
def test_a_derivative_has_its_value_by_hand(text: str, expected: Any) -> None:
    node = HAND.node(text)
    assert node.shape == np.shape(expected)
    np.testing.assert_array_equal(HAND.value(text), expected)


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_a_derivative_is_refused(text: str, message: str) -> None:
    assert message in HAND.fault(text)


@pytest.mark.parametrize(
    ("loss", "name"), [*(("L", name) for name in ("W", "x", "D", "s", "z", "h", "e", "m", "u")),
                       *(("m", name) for name in ("W", "x", "D", "s", "z", "h", "e"))],
)  # fmt: skip
def test_a_gradient_is_what_is_measured(loss: str, name: str) -> None:
    derived = SMOOTH.value(f"grad({name})" if loss == "L" else f"grad({loss}, {name})")
    at = SMOOTH.names[name]
    measured = central_difference(lambda moved: float(_moved(SMOOTH, at, moved, loss)), SMOOTH.value(name))
    assert disagreement(derived, measured) == ""


@pytest.mark.parametrize(
    ("y", "x"), [("h", "W"), ("e", "x"), ("e", "D"), ("u", "W"), ("z", "x"), ("u", "s"), ("m", "e")]
)
def test_a_jacobian_is_what_is_measured(y: str, x: str) -> None:
    derived, at = SMOOTH.value(f"jacobian({y}, {x})"), SMOOTH.names[x]
    assert derived.shape == SMOOTH.names[y].shape + at.shape
    for place in np.ndindex(SMOOTH.names[y].shape):
        measured = central_difference(
            lambda moved, place=place: float(_moved(SMOOTH, at, moved, y)[place]),  # type: ignore[misc]
            SMOOTH.value(x),
        )
        assert disagreement(derived[place], measured) == ""


def _moved(network: Network, at: Quantity, value: Array, result: str) -> Array:
    """What a quantity becomes when another one is given other numbers."""
    plan = Plan([network.names[result]], given=[at] if at.body is not None else [])
    (array,) = plan.run({**network.numbers, at: value[np.newaxis]})
    return np.asarray(array[0])


def test_a_planted_wrong_gradient_is_measured_as_wrong() -> None:
    measured = central_difference(lambda moved: float(_moved(SMOOTH, SMOOTH.names["x"], moved, "L")), SMOOTH.value("x"))
    assert "measured" in disagreement(SMOOTH.value("grad(x) * 1.0001"), measured)


def test_upstream_gradients_stand_in_for_a_loss() -> None:
    numbers = {"W": [[1, 2, -1], [0, 1, 1]], "x": [1, 2, 3]}
    network = Network(numbers, {"z": "W @ x", "y": "z * z"}, seeds={"y": [1.0, -1.0], "z": [10.0, 0.0]})
    # z = [2, 5]; at z arrive 2 * z * [1, -1] = [4, -10] through y, and [10, 0] of its own
    np.testing.assert_array_equal(network.value("grad(y)"), [1, -1])
    np.testing.assert_array_equal(network.value("grad(z)"), [14, -10])
    np.testing.assert_array_equal(network.value("grad(x)"), [14, 18, -24])


def test_a_gradient_can_be_a_line_and_be_differentiated_again() -> None:
    numbers = {"x": [1.0, 2.0, 3.0], "p": 2.0}
    network = Network(numbers, {"y": "sum(x**3) * p", "g": "grad(y, x)", "slope": "sum(g * g)", "L": "slope + y"})
    np.testing.assert_array_equal(network.value("g"), [6, 24, 54])
    # slope = sum((6 x**2)**2) = 36 sum(x**4): its derivative is 144 x**3
    np.testing.assert_array_equal(network.value("grad(slope, x)"), [144, 1152, 3888])
    np.testing.assert_array_equal(network.value("grad(L, x)"), [150, 1176, 3942])


def test_a_gradient_before_its_loss_is_told() -> None:
    with pytest.raises(InputError, match="the loss comes later"):
        Network({"x": [1.0, 2.0]}, {"g": "grad(x)", "L": "sum(x)"})


def test_a_derivative_is_one_quantity_however_often_it_is_asked() -> None:
    assert HAND.node("grad(W)") is HAND.node("grad(W)")
    assert HAND.node("jacobian(h, W)") is HAND.node("jacobian(h, W)")
    assert HAND.node("grad(stray, x)") is HAND.node("grad(stray, x)")


@pytest.mark.parametrize(
    ("text", "name", "computed", "latex"),
    [
        ("grad(W)", "grad(W)", "outer(grad(z), x)", r"\frac{\partial L}{\partial W}"),
        ("grad(z)", "grad(z)", "grad(h) * (h > 0)", r"\frac{\partial L}{\partial z}"),
        ("grad(x)", "grad(x)", "W.T @ grad(z)", r"\frac{\partial L}{\partial x}"),
        ("grad(stray, x)", "grad(stray, x)", "2 * x", r"\frac{\partial \mathrm{stray}}{\partial x}"),
        ("jacobian(h, W)", "jacobian(h, W)", "jacobian(h, W)", r"\frac{\partial h}{\partial W}"),
    ],
)
def test_a_derivative_is_printed_by_its_name(text: str, name: str, computed: str, latex: str) -> None:
    node = HAND.node(text)
    assert isinstance(node, Quantity)
    assert (to_text(node), formula(node), to_latex(node)) == (name, computed, latex)


def test_a_jacobian_too_large_is_refused_before_it_is_built() -> None:
    large = Network(
        {"x": np.zeros(1_001), "A": np.zeros((101, 103))}, {"y": "x * 2", "B": "A + 1", "L": "sum(y) + sum(B)"}
    )
    assert "1,001 x 1,001 entries: too many" in large.fault("jacobian(y, x)")
    assert "10,403 x 10,403 entries: too many" in large.fault("jacobian(B, A)")


def test_a_chain_of_10_000_lines_is_differentiated() -> None:
    lines = {f"h{i}": f"h{i - 1} * 0.999" for i in range(1, 10_001)}
    network = Network({"h0": 2.0}, {**lines, "L": "h10000 * 3"})
    np.testing.assert_allclose(network.value("grad(h0)"), 3 * 0.999**10_000, rtol=1e-9)
