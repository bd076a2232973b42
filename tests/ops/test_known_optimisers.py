"""Optimisers, the perceptron's rule and clipped gradients: values and states worked by hand, as short as they come."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from hwcheck.ops.updates import perceptron_update
from tests.support.known_values import Known, steps, values

W, G = [1, 2], [3, -4]

VALUES = [
    Known("sgd", [W, [10, -4]], {"lr": 0.1}, [0, 2.4]),
    Known("sgd", [W, [10, -4]], {"lr": 0.1, "weight_decay": 0.5}, [-0.05, 2.3]),
    Known("sgd", [W, [10, -4], [2, 0]], {"lr": 0.1, "momentum": 0.5}, [-0.1, 2.4]),
    Known("sgd", [W, [10, -4]], {"lr": 0.1, "momentum": 0.5, "dampening": 0.5}, [0, 2.4]),
    Known("sgd", [W, [10, -4], [2, 0]], {"lr": 0.1, "momentum": 0.5, "dampening": 0.75}, [0.65, 2.1]),
    Known("sgd", [W, [10, -4], [2, 0]], {"lr": 0.1, "momentum": 0.5, "nesterov": True}, [-0.55, 2.6]),
    Known("sgd", [W, [10, -4], [2, 0]], {"lr": 0.1, "momentum": 0.5, "form": "average"}, [0.4, 2.2]),
    Known("sgd", [W, [10, -4]], {"lr": 0.1, "momentum": 0.5, "form": "average"}, [0.5, 2.2]),
    Known("sgd", [W, [10, -4], [2, 0]], {"lr": 0.1, "momentum": 0.5, "form": "step"}, [1, 2.4]),
    Known("sgd", [W, [10, -4], [2, 0]], {"lr": 0.1, "momentum": 0.5, "form": "step", "nesterov": True}, [0, 2.6]),
    Known("adam", [W, G], {"lr": 0.1, "eps": 0}, [0.9, 2.1]),
    Known("adam", [[5], [2], [1], [4]], {"t": 2, "lr": 1, "eps": 0, "betas": [0.5, 0.75]}, [5 - math.sqrt(0.4375)]),
    Known("adam", [[5], [2], [1], [4]], {"lr": 1, "eps": 0, "betas": [0.5, 0.75], "bias_correction": False}, [4.25]),
    Known("adam", [[5], [2], [1], [4]],
          {"lr": 1, "eps": 5, "betas": [0.5, 0.75], "bias_correction": False, "eps_place": "inside"}, [4.5]),
    # m = 2, v = 4, both corrections are 3/4: the factor in front is sqrt(3/4) / (3/4)
    Known("adam", [[5], [2], [2], [4]], {"t": 2, "lr": 1, "eps": 2, "betas": [0.5, 0.5], "eps_place": "uncorrected"},
          [5 - math.sqrt(0.75) / 0.75 * 2 / (2 + 2)]),
    Known("adam", [W, [2.5, -5]], {"lr": 0.1, "eps": 0, "weight_decay": 0.5}, [0.9, 2.1]),
    Known("adamw", [W, G], {"lr": 0.1, "eps": 0, "weight_decay": 0.5}, [0.85, 2]),
    # mu is 1/4 at every step: m_hat = (1/4 * 1/2 / (15/16) + 1) * g
    Known("nadam", [W, G], {"lr": 0.3, "eps": 0, "betas": [0.5, 0.75], "momentum_decay": 0}, [0.66, 2.34]),
    Known("adamax", [W, G], {"lr": 0.1, "eps": 0}, [0.9, 2.1]),
    Known("adamax", [[5], [2], [1], [8]], {"t": 2, "lr": 0.75, "eps": 0, "betas": [0.5, 0.5]}, [4.625]),
    Known("adagrad", [W, G, [16, 9]], {"lr": 0.1, "eps": 0}, [0.94, 2.08]),
    Known("adagrad", [W, G, [16, 9]], {"lr": 0.1, "eps": 0, "t": 2, "lr_decay": 1}, [0.97, 2.04]),
    Known("adagrad", [[1], [3]], {"lr": 0.1, "eps": 0, "initial_accumulator_value": 16}, [0.94]),
    Known("adagrad", [[1], [3], [16]], {"lr": 0.1, "eps": 11, "eps_place": "inside"}, [0.95]),
    Known("rmsprop", [W, G, [41, 2]], {"lr": 0.3, "alpha": 0.5, "eps": 0}, [0.82, 2.4]),
    Known("rmsprop", [[1], [3], [41], [2]], {"lr": 0.5, "alpha": 0.5, "eps": 0, "momentum": 0.5}, [0.2]),
    Known("rmsprop", [[1], [3], [17]], {"lr": 0.5, "alpha": 0.5, "eps": 3, "eps_place": "inside"}, [0.625]),
    Known("rmsprop", [[1], [3], [17], [0], [1]], {"lr": 0.5, "alpha": 0.5, "eps": 0, "momentum": 0.9, "centered": True},
          [0.5]),
    Known("adadelta", [W, G, [41, 2], [1, 4]], {"rho": 0.5, "eps": 0}, [0.4, 2 + 8 / 3]),
    Known("perceptron_update", [[1, -1], [2, 4], 1, 0], {"lr": 0.5}, [2, 1]),
    Known("perceptron_update", [[1, -1], [2, 4], -1], {}, [1, -1]),
    Known("perceptron_update", [[1, -1], [2, 4], 0], {"labels": "bits"}, [1, -1]),
    Known("perceptron_update", [[1, 1], [2, 4], 0], {"labels": "bits", "lr": 0.5}, [0, -1]),
    Known("perceptron_update", [[0, 0], [2, 4], -1], {"at_zero": "negative"}, [0, 0]),
    Known("perceptron_update", [[0, 0], [2, 4], -1], {"at_zero": "positive"}, [-2, -4]),
    Known("clip_grad_norm", [G], {"eps": 0}, [0.6, -0.8]),
    Known("clip_grad_norm", [G], {"max_norm": 6}, G),
    Known("clip_grad_norm", [G, 10], {"max_norm": 5, "eps": 0}, [1.5, -2]),
    Known("clip_grad_norm", [G], {"max_norm": 2, "norm_type": math.inf, "eps": 0}, [1.5, -2]),
    Known("clip_grad_norm", [G], {"max_norm": 3.5, "norm_type": 1, "eps": 0}, [1.5, -2]),
    Known("clip_grad_value", [[3, -1, -4]], {"clip_value": 2}, [2, -1, -2]),
]  # fmt: skip

test_value = values(VALUES)


STATES: list[tuple[str, list[Any], dict[str, Any], dict[str, Any]]] = [
    ("sgd", [W, [10, -4], [2, 0]], {"momentum": 0.5}, {"v": [11, -4]}),
    ("sgd", [W, G], {"weight_decay": 2}, {"g": [5, 0]}),
    ("adam", [[5], [2], [1], [4]], {"t": 2, "betas": [0.5, 0.75]},
     {"m": [1.5], "v": [4], "m_hat": [2], "v_hat": [64 / 7]}),
    ("adam", [[5], [2]], {"betas": [0.5, 0.75], "bias_correction": False}, {"m": [1], "v": [1]}),
    ("adamw", [[5], [2]], {"betas": [0.5, 0.75], "lr": 0.1, "weight_decay": 0.5},
     {"decayed": [4.75], "m": [1], "v": [1], "m_hat": [2], "v_hat": [4]}),
    ("adamax", [[5], [2], [1], [8]], {"betas": [0.5, 0.5], "eps": 0}, {"m": [1.5], "u": [4]}),
    ("adagrad", [[1], [3], [16]], {}, {"s": [25]}),
    ("rmsprop", [[1], [3], [17], [2], [1]], {"alpha": 0.5, "eps": 0, "momentum": 0.5, "centered": True},
     {"s": [13], "a": [2], "v": [2]}),
    ("adadelta", [[1], [3], [41], [1]], {"rho": 0.5, "eps": 0}, {"s": [25], "delta": [0.6], "acc": [0.68]}),
    ("perceptron_update", [[1, -1], [2, 4], 1, 0], {"lr": 0.5},
     {"score": -2, "mistake": 1, "bias": 0.5, "change": [1, 2]}),
    ("clip_grad_norm", [G], {"eps": 0}, {"norm": 5, "scale": 0.2}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "inputs", "options", "expected"), STATES)
def test_new_states_are_steps(
    name: str, inputs: list[Any], options: Mapping[str, Any], expected: Mapping[str, Any]
) -> None:
    found = steps(name, inputs, options)
    assert found.keys() == expected.keys()
    for step, value in expected.items():
        np.testing.assert_allclose(found[step], value, rtol=1e-14)


@pytest.mark.parametrize(("labels", "target"), [("signs", 0.0), ("signs", 2.0), ("bits", -1.0), ("bits", 0.5)])
def test_a_number_that_is_no_label_is_told(labels: str, target: float) -> None:
    assert perceptron_update.domain is not None
    weight = np.zeros(3)
    (told,) = perceptron_update.domain(weight, weight, np.array(target), lr=1.0, labels=labels, at_zero="mistake")
    known = "-1 or 1" if labels == "signs" else "0 or 1"
    assert told == f"{{target}} is {target:g}, but a label is {known} (labels={labels!r})"
