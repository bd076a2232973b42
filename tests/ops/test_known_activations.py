"""Activation functions: values and gradients that a hand or a book gives, and what is left of them far from 0."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

from hwcheck.graph.differentiate import adjoints
from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.node import Array, Quantity
from hwcheck.language.printer import to_text
from tests.support.finite_differences import gradients
from tests.support.known_values import Known, gradients_of_the_sum, values
from tests.support.op_records import OPS

LN2, LN3 = 0.6931471805599453, 1.0986122886681098
PHI_1 = 0.8413447460685429  # the chance that a normal number is below 1
TABLE_26_1 = "Abramowitz, Stegun, Handbook of mathematical functions (1964), table 26.1"
KERAS = "Keras 2 reference, tf.keras.activations.hard_sigmoid"
KLAMBAUER = "Klambauer et al., Self-normalizing neural networks (2017), equation 2, and the constants of its code"

VALUES = [
    Known("relu", [[-2, 0, 3]], {}, [0, 0, 3]),
    Known("relu", [[-2, 0, 3]], {"slope_at_zero": 1}, [0, 0, 3]),
    Known("leaky_relu", [[-2, 0, 3]], {}, [-0.02, 0, 3]),
    Known("prelu", [[[-2, -2], [4, -6]], [0.5, 0.1]], {}, [[-1, -0.2], [4, -0.6]]),
    Known("prelu", [[-2, 3], 0.5], {}, [-1, 3]),
    Known("prelu", [[[[-1, 2]], [[-3, -4]]], [[[10]], [[100]]]], {}, [[[-10, 2]], [[-300, -400]]]),
    Known("elu", [[-LN2, 0, 3, -1000]], {}, [-0.5, 0, 3, -1]),
    Known("elu", [[-LN2, 0, 3]], {"alpha": 2}, [-1, 0, 3]),
    Known("selu", [[-LN2, 0, 1]], {}, [-1.6732632423543772 * 1.0507009873554805 / 2, 0, 1.0507009873554805], KLAMBAUER),
    Known("celu", [[-4 * LN2, 0, 3]], {"alpha": 2}, [-1.5, 0, 3]),
    Known("sigmoid", [[0, LN3, -LN3, 800, -800]], {}, [0.5, 0.75, 0.25, 1, 0]),
    Known("logsigmoid", [[0, LN3, -1000]], {}, [-LN2, LN3 - 2 * LN2, -1000]),
    Known("softplus", [[0, LN3, 800, -800]], {}, [LN2, 2 * LN2, 800, 0]),
    Known("softplus", [[0, LN3 / 2]], {"beta": 2}, [LN2 / 2, LN2]),
    Known("softplus", [[0, LN3]], {"threshold": 1}, [LN2, LN3]),
    Known("softsign", [[-3, 0, 1]], {}, [-0.75, 0, 0.5]),
    Known("tanhshrink", [[0, LN2]], {}, [0, LN2 - 0.6]),
    Known("gelu", [[-1, 0, 1]], {}, [PHI_1 - 1, 0, PHI_1], TABLE_26_1),
    Known("gelu", [[0, LN3 / 1.702]], {"approximate": "sigmoid"}, [0, 0.75 * LN3 / 1.702]),
    Known("silu", [[0, LN3, -LN3]], {}, [0, 0.75 * LN3, -0.25 * LN3]),
    Known("silu", [[LN3]], {"beta": 2}, [0.9 * LN3]),
    Known("mish", [[0, LN2]], {}, [0, 0.8 * LN2]),
    Known("softmax", [[0, LN2, LN2 + LN3]], {}, [1 / 9, 2 / 9, 6 / 9]),
    Known("softmax", [[[1000, -1000], [1000, 1000]]], {"axis": 0}, [[0.5, 0], [0.5, 1]]),
    Known("softmin", [[0, LN2, 2 * LN2]], {}, [4 / 7, 2 / 7, 1 / 7]),
    Known("log_softmax", [[0, LN3]], {}, [-2 * LN2, LN3 - 2 * LN2]),
    Known("log_softmax", [[0, 1000]], {}, [-1000, 0]),
    Known("hardtanh", [[-3, -1, 0.5, 2]], {}, [-1, -1, 0.5, 1]),
    Known("hardtanh", [[-3, 0, 2]], {"min_val": -0.5, "max_val": 1.5}, [-0.5, 0, 1.5]),
    Known("relu6", [[-1, 0, 5, 8]], {}, [0, 0, 5, 6]),
    Known("hardsigmoid", [[-4, 0, 1.5, 3]], {}, [0, 0.5, 0.75, 1]),
    Known("hardsigmoid", [[-3, -1, 0, 1, 3]], {"slope": 0.2}, [0, 0.3, 0.5, 0.7, 1], KERAS),
    Known("hardswish", [[-4, -1, 0, 1, 4]], {}, [0, -1 / 3, 0, 2 / 3, 4]),
    Known("hardshrink", [[-3, -1, 0.9, 2]], {"lambd": 1}, [-3, 0, 0, 2]),
    Known("softshrink", [[-3, -1, 0.4, 2]], {"lambd": 1}, [-2, 0, 0, 1]),
    Known("threshold", [[-1, 0.5, 2]], {"threshold": 0.5, "value": 7}, [7, 7, 2]),
    Known("glu", [[8, 6, 0, LN3]], {}, [4, 4.5]),
    Known("glu", [[0, LN3, 8, 6]], {"gate": "first"}, [4, 4.5]),
    Known("swiglu", [[0, LN3, 5, 4]], {}, [0, 3 * LN3]),
    Known("swiglu", [[[5], [LN3]]], {"axis": 0, "gate": "second"}, [[3.75 * LN3]]),
    Known("geglu", [[0, 1, 5, 2]], {}, [0, 2 * PHI_1], TABLE_26_1),
]  # fmt: skip

# The gradient of the sum of all entries, for each input.
GRADIENTS = [
    Known("relu", [[-2, 0, 3]], {}, [[0, 0, 1]]),
    Known("relu", [[-2, 0, 3]], {"slope_at_zero": 0.5}, [[0, 0.5, 1]]),
    Known("relu", [[-2, 0, 3]], {"slope_at_zero": 0.25}, [[0, 0.25, 1]]),
    Known("relu", [[-2, 0, 3]], {"slope_at_zero": 1}, [[0, 1, 1]]),
    Known("leaky_relu", [[-2, 0, 3]], {"negative_slope": 0.1}, [[0.1, 0.1, 1]]),
    Known("prelu", [[[-2, -2], [4, -6]], [0.5, 0.1]], {}, [[[0.5, 0.1], [1, 0.1]], [-2, -8]]),
    Known("elu", [[-LN2, 0, 3]], {"alpha": 2}, [[1, 2, 1]]),
    Known("celu", [[-4 * LN2, 0, 3]], {"alpha": 2}, [[0.25, 1, 1]]),
    Known("sigmoid", [[0, LN3, 800]], {}, [[0.25, 0.1875, 0]]),
    Known("softplus", [[0, LN3 / 2]], {"beta": 2}, [[0.5, 0.75]]),
    Known("softplus", [[0, LN3]], {"threshold": 1}, [[0.5, 1]]),
    Known("softsign", [[-3, 0, 1]], {}, [[1 / 16, 1, 1 / 4]]),
    Known("gelu", [[0]], {}, [[0.5]]),
    Known("silu", [[0, LN3]], {}, [[0.5, 0.75 + 0.1875 * LN3]]),
    Known("mish", [[0]], {}, [[0.6]]),
    Known("hardtanh", [[-3, -1, 0.5, 1, 2]], {}, [[0, 0, 1, 0, 0]]),
    Known("hardsigmoid", [[-3, 0, 3]], {}, [[0, 1 / 6, 0]]),
    Known("hardswish", [[-4, -3, -1, 0, 1, 3, 4]], {}, [[0, 0, 1 / 6, 1 / 2, 5 / 6, 1, 1]]),
    Known("softshrink", [[-3, -1, 0.4, 1, 2]], {"lambd": 1}, [[1, 0, 0, 0, 1]]),
    Known("glu", [[8, 6, 0, LN3]], {}, [[0.5, 0.75, 2, 1.125]]),
]  # fmt: skip

test_value = values(VALUES)


test_gradient_of_the_sum = gradients_of_the_sum(GRADIENTS)


FAR = 1e4


class Ends(NamedTuple):
    """The value and the slope at -10,000 and at 10,000."""

    values: tuple[float, float]
    slopes: tuple[float, float]
    options: dict[str, Any] = {}  # noqa: RUF012  never changed


# To both sides like ReLU, like the identity, or flat.
RECTIFIED = Ends((0, FAR), (0, 1))
IDENTITY = Ends((-FAR, FAR), (1, 1))
FAR_OUT = [
    ("relu", RECTIFIED),
    ("leaky_relu", Ends((-100, FAR), (0.01, 1))),
    ("elu", Ends((-1, FAR), (0, 1))),
    ("selu", Ends((-1.7580993408473766, 10507.009873554805), (0, 1.0507009873554805))),
    ("celu", Ends((-0.001, FAR), (0, 1), {"alpha": 0.001})),
    ("sigmoid", Ends((0, 1), (0, 0))),
    ("logsigmoid", Ends((-FAR, 0), (1, 0))),
    ("softplus", RECTIFIED),
    ("softplus", RECTIFIED._replace(options={"beta": 1e6})),
    ("softplus", RECTIFIED._replace(options={"threshold": 20})),
    ("softsign", Ends((-FAR / 10_001, FAR / 10_001), (10_001**-2, 10_001**-2))),
    ("tanhshrink", Ends((1 - FAR, FAR - 1), (1, 1))),
    ("gelu", RECTIFIED),
    ("gelu", RECTIFIED._replace(options={"approximate": "tanh"})),
    ("gelu", RECTIFIED._replace(options={"approximate": "sigmoid"})),
    ("silu", RECTIFIED),
    ("mish", RECTIFIED),
    ("hardtanh", Ends((-1, 1), (0, 0))),
    ("relu6", Ends((0, 6), (0, 0))),
    ("hardsigmoid", Ends((0, 1), (0, 0))),
    ("hardswish", RECTIFIED),
    ("hardshrink", IDENTITY),
    ("softshrink", Ends((0.5 - FAR, FAR - 0.5), (1, 1))),
    ("threshold", Ends((7, FAR), (0, 1), {"threshold": 1, "value": 7})),
]


def derivatives(name: str, options: dict[str, Any], at: Array) -> list[Array]:
    """The value and the first three derivatives, entry by entry."""
    x = Quantity("x", shape=at.shape)
    nodes = [OPS[name](x, **options)]
    for _ in range(3):
        found = gradients([nodes[-1]], [np.ones(at.shape)])
        if x not in found:
            break
        nodes.append(found[x])
    return [value[0] for value in evaluate(nodes, {x: at[np.newaxis]})]


@pytest.mark.parametrize(("name", "ends"), FAR_OUT, ids=[f"{name}-{i}" for i, (name, _) in enumerate(FAR_OUT)])
def test_far_from_0_nothing_overflows(name: str, ends: Ends) -> None:
    y, slope, *higher = derivatives(name, ends.options, np.array([-FAR, FAR]))
    np.testing.assert_allclose(y, ends.values, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(slope, ends.slopes, rtol=1e-8, atol=1e-15)
    for derivative in higher:
        np.testing.assert_allclose(derivative, [0, 0], atol=1e-11)


@pytest.mark.parametrize(("name", "ends"), FAR_OUT, ids=[f"{name}-{i}" for i, (name, _) in enumerate(FAR_OUT)])
def test_on_the_way_there_everything_is_finite(name: str, ends: Ends) -> None:
    far = np.geomspace(1e-3, FAR, 300)
    for derivative in derivatives(name, ends.options, np.concatenate([-far, far])):
        assert np.isfinite(derivative).all()


def test_selu_keeps_mean_0_and_variance_1() -> None:
    """What its two constants are for (Klambauer et al., 2017), by the trapezoidal rule."""
    x, width = np.linspace(-12, 12, 240_001, retstep=True)
    density = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi) * width
    y = derivatives("selu", {}, x)[0]
    np.testing.assert_allclose([np.sum(y * density), np.sum(y**2 * density)], [0, 1], atol=1e-8)


def test_softplus_with_pytorch_s_threshold_is_the_formula_but_for_3e_9() -> None:
    x = np.linspace(19, 22, 1001)
    plain, bent = derivatives("softplus", {}, x)[0], derivatives("softplus", {"threshold": 20}, x)[0]
    assert 2e-9 < np.abs(plain - bent).max() < 3e-9


def test_gelu_by_tanh_differs_from_the_exact_one_by_less_than_a_thousandth() -> None:
    x = np.linspace(-6, 6, 2001)
    exact = derivatives("gelu", {}, x)[0]
    far = {word: np.abs(derivatives("gelu", {"approximate": word}, x)[0] - exact).max() for word in ("tanh", "sigmoid")}
    assert 1e-4 < far["tanh"] < 1e-3
    assert 1e-2 < far["sigmoid"] < 3e-2


@pytest.mark.parametrize(
    ("slope_at_zero", "rule"), [(0, "g * (y > 0)"), (1, "g * (x >= 0)"), (0.5, "g * ((x > 0) + 0.5 * (x == 0))")]
)
def test_the_rule_of_relu_is_written_as_a_course_writes_it(slope_at_zero: float, rule: str) -> None:
    x = Quantity("x", shape=(3,))
    y, g = Quantity("y", OPS["relu"](x, slope_at_zero)), Quantity("g", shape=(3,))
    assert to_text(adjoints({y: g})[x]) == rule
