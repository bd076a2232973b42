"""Normalization layers: values and gradients that a hand or a paper gives."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.op import Steps
from tests.support.finite_differences import gradients
from tests.support.known_values import Known, gradients_of_the_sum, values
from tests.support.op_records import OPS, called, quantities

KRIZHEVSKY = "Krizhevsky, Sutskever, Hinton (2012), section 3.3: k = 2, n = 5, alpha = 1e-4, beta = 0.75, by hand"

VALUES = [
    Known("layer_norm", [[[1, 3], [2, 8]]], {"eps": 0}, [[-1, 1], [-1, 1]]),
    Known("layer_norm", [[1, 7], [2, 10], [5, 0]], {"eps": 7}, [3.5, 7.5]),
    Known("layer_norm", [[1, 7]], {"eps": 3, "eps_place": "outside"}, [-0.5, 0.5]),
    Known("layer_norm", [[1, 2, 3]], {"eps": 0, "correction": 1}, [-1, 0, 1]),
    Known("layer_norm", [[[1, 3], [1, 3]]], {"normalized_shape": [2, 2], "eps": 3}, [[-0.5, 0.5], [-0.5, 0.5]]),
    Known("rms_norm", [[1, 7]], {"eps": 0}, [0.2, 1.4]),
    Known("rms_norm", [[1, 7], [10, 100]], {"eps": 5, "eps_place": "outside"}, [1, 70]),
    Known("rms_norm", [[0, 0]], {}, [0, 0]),
    Known("batch_norm", [[[1, 2], [3, 8]]], {"training": True, "eps": 0}, [[-1, -1], [1, 1]]),
    Known("batch_norm", [[[1, 2], [3, 8]]], {"training": True, "eps": 0, "axis": 0}, [[-1, 1], [-1, 1]]),
    Known("batch_norm", [[[5, 2]], [1, 2], [4, 9], [10, 1], [1, 0]], {"eps": 0}, [[21, 0]]),
    Known("group_norm", [[[1, 3, 2, 8]]], {"num_groups": 2, "eps": 0}, [[-1, 1, -1, 1]]),
    Known("group_norm", [[[1, 3, 2, 8]], [1, 2, 3, 4]], {"num_groups": 2, "eps": 0}, [[-1, 2, -3, 4]]),
    Known("instance_norm", [[[[1, 3], [2, 8]]], [10, 100], [0, 1]], {"eps": 0}, [[[-10, 10], [-99, 101]]]),
    Known("local_response_norm", [[[1, 2, 0]]], {"size": 3, "alpha": 3, "beta": 1}, [[1 / 6, 1 / 3, 0]]),
    Known("local_response_norm", [[[100, 0, 200, 0, 0, 50]]], {"size": 5, "k": 2, "average": False},
          [[100 / 7**0.75, 0, 200 / 7**0.75, 0, 0, 50 / 2.25**0.75]], KRIZHEVSKY),
    Known("local_response_norm", [[[1, 2, 4]]], {"size": 2, "alpha": 2, "beta": 1, "k": 0}, [[1, 2 / 5, 1 / 5]]),
    Known("normalize", [[[3, 4], [0, 2]]], {}, [[0.6, 0.8], [0, 1]]),
    Known("normalize", [[3, -1]], {"p": 1, "axis": 0}, [0.75, -0.25]),
    Known("normalize", [[3, -6, 0]], {"p": math.inf, "axis": 0}, [0.5, -1, 0]),
    Known("normalize", [[0, 3]], {"axis": 0, "eps": 6}, [0, 0.5]),
    Known("weight_norm", [[[3, 4], [0, 2]], [10, 1]], {}, [[6, 8], [0, 1]]),
    Known("weight_norm", [[[3, 0], [4, 2]], [10, 1]], {"axis": 1}, [[6, 0], [8, 1]]),
]  # fmt: skip

GRADIENTS = [
    # xhat sums to 0 whatever x is: no gradient reaches it, and the weight gets xhat itself.
    Known("layer_norm", [[1, 7], [2, 2], [0, 0]], {"eps": 0}, [[0, 0], [-1, 1], [1, 1]]),
    Known("rms_norm", [[1, 7], [1, 1]], {"eps": 0}, [[0.168, -0.024], [0.2, 1.4]]),
    Known("normalize", [[3, 4]], {"axis": 0}, [[4 / 125, -3 / 125]]),
]

test_value = values(VALUES)


test_gradient_of_the_sum = gradients_of_the_sum(GRADIENTS)


def test_the_gradients_of_the_paper_on_batch_normalization() -> None:
    """Those that stand in Ioffe and Szegedy (2015), section 3, one for each step."""
    random = np.random.default_rng(0)
    x, gamma, beta = random.normal(size=(6, 3)), random.normal(size=3), random.normal(size=3)
    g, eps, m = random.normal(size=(6, 3)), 0.1, 6
    op, step = OPS["batch_norm"], Steps("bn")
    inputs = quantities(op, [x.shape])
    weights = quantities(op, [x.shape, (3,), (3,), (3,), (3,)])[3:]
    options = {"weight": weights[0], "bias": weights[1], "training": True, "eps": eps}
    y = called(op, inputs, options, step)
    found = gradients([y], [g])
    asked = [step.made["bn.xhat"], step.made["bn.var"], step.made["bn.mean"], *inputs, *weights]
    numbers = {inputs[0]: x[np.newaxis], weights[0]: gamma[np.newaxis], weights[1]: beta[np.newaxis]}
    xhat, var, mean, dx, dgamma, dbeta = (a[0] for a in evaluate([found[node] for node in asked], numbers))

    mu, sigma2 = x.mean(axis=0), x.var(axis=0)
    expected_xhat = g * gamma
    expected_var = np.sum(expected_xhat * (x - mu) * -0.5 * (sigma2 + eps) ** -1.5, axis=0)
    expected_mean = np.sum(expected_xhat * -1 / np.sqrt(sigma2 + eps), axis=0)
    expected_mean += expected_var * np.sum(-2 * (x - mu), axis=0) / m
    expected_x = expected_xhat / np.sqrt(sigma2 + eps) + expected_var * 2 * (x - mu) / m + expected_mean / m
    for derived, expected in (
        (xhat, expected_xhat), (var, expected_var), (mean, expected_mean), (dx, expected_x),
        (dgamma, np.sum(g * (x - mu) / np.sqrt(sigma2 + eps), axis=0)), (dbeta, np.sum(g, axis=0)),
    ):  # fmt: skip
        np.testing.assert_allclose(derived, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("options", "mean", "var"),
    [
        ({}, [0.9 * 10 + 0.1 * 2], [0.9 * 10 + 0.1 * 2]),  # of 1 and 3: the mean is 2, the variance 1, unbiased 2
        ({"momentum": 0.5}, [6], [6]),
        ({"momentum": 0.75, "momentum_of": "old"}, [8], [8]),
        ({"momentum": 0.5, "running_correction": 0}, [6], [5.5]),
        ({"momentum": 0.5, "correction": 1}, [6], [6]),
    ],
)
def test_running_statistics_are_results_beside_the_value(
    options: dict[str, Any], mean: list[float], var: list[float]
) -> None:
    op, step = OPS["batch_norm"], Steps("bn")
    inputs = quantities(op, [(2, 1), (1,), (1,)])
    called(op, inputs, {"training": True, **options}, step)
    assert step.aside == {"bn.new_running_mean", "bn.new_running_var"}
    numbers = dict(zip(inputs, [np.array([[[1.0], [3]]]), np.array([[10.0]]), np.array([[10.0]])], strict=True))
    new = evaluate([step.made["bn.new_running_mean"], step.made["bn.new_running_var"]], numbers)
    np.testing.assert_allclose(new[0][0], mean, rtol=1e-14)
    np.testing.assert_allclose(new[1][0], var, rtol=1e-14)
