"""Records of the misconceptions about steps of gradient descent and its kin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tests.misconceptions.records_branches import MOMENTUM
from tests.support.misconception_records import Record

# Both layers square, so that the gradient of one fits the other.
NETWORK = """
inputs: {x: [1, -2], t: [3, 5]}
weights: {W1: [[0.5, -0.3], [0.2, 0.4]], W2: [[-0.7, 0.6], [0.8, 0.1]]}
network:
  h: W1 @ x
  y: W2 @ h
  L: sum((y - t)**2)
  W1_new: W1 - 0.1 * grad(W1)
  W2_new: W2 - 0.1 * grad(W2)
  y_new: W2_new @ (W1_new @ x)
loss: L
"""
# The gradient of w is 2 * w = [4, 2].
BOWL = "inputs: {u: [1, 3], m: [2, 5]}\nweights: {w: [2, 1]}\nnetwork: {L: sum(w**2), w_new: STEP}\nloss: L\n"
SGD = BOWL.replace("STEP", '"sgd(w, grad(w), u, lr=0.1, momentum=0.5)"')
DECAY = BOWL.replace("STEP", '"sgd(w, grad(w), lr=0.1, weight_decay=0.5)"')
WRITTEN = BOWL.replace("STEP", "w - 0.1 * (grad(w) + 0.5 * w)")
ADAM = BOWL.replace("STEP", '"adam(w, grad(w), m, u, t=2, lr=0.1, betas=[0.5, 0.75], eps=0)"')
HAT = "inputs: {m: [2, 5]}\nnetwork: {m_hat: m / (1 - 0.5**2), L: sum(m_hat)}\nloss: L\n"
VELOCITY = (
    "inputs: {v0: [2, 4], u0: [2, 4], g: [10, -5]}\n"
    "network: {v1: 0.9 * v0 + g, u1: 0.75 * u0 + 0.25 * g, L: sum(v1 * u1)}\nloss: L\n"
)

RECORDS: Mapping[str, Sequence[Record]] = {
    "updated-weights-used-too-early": [Record(NETWORK, "grad(h)", lambda v: v["W2_new"].T @ v["grad(y)"], "W2_new")],
    "old-weights-used-after-the-update": [
        Record(NETWORK, "y_new", lambda v: v["W2"] @ v["W1_new"] @ v["x"], "W2"),
        Record(NETWORK, "y_new", lambda v: v["W2_new"] @ v["W1"] @ v["x"], "W1"),
        Record(NETWORK, "y_new", lambda v: v["y"], "all of them"),
    ],
    "step-uphill": [
        Record(NETWORK, "W1_new", lambda v: v["W1"] + 0.1 * v["grad(W1)"]),
        Record(DECAY, "w_new", [2.5, 1.25]),
        Record(MOMENTUM, "w[1]", [2, 1.36]),
    ],
    "old-weight-left-out": [
        Record(NETWORK, "W1_new", lambda v: -0.1 * v["grad(W1)"], "minus the step"),
        Record(NETWORK, "W1_new", lambda v: 0.1 * v["grad(W1)"], "the step"),
    ],
    "learning-rate-left-out": [
        Record(NETWORK, "W1_new", lambda v: v["W1"] - v["grad(W1)"]),
        Record(MOMENTUM, "v[1]", [0.4 - 4, -0.16 - 2]),
    ],
    "learning-rate-twice": [
        Record(
            NETWORK.replace("0.1 * grad(W1)", "0.2 * grad(W1)"),
            "W1_new",
            lambda v: v["W1"] - 0.04 * v["grad(W1)"],
            "squared",
        ),
        Record(NETWORK, "W1_new", lambda v: v["W1"] - v["grad(W1)"] / 0.1, "divided by"),
    ],
    "gradient-of-another-weight": [Record(NETWORK, "W1_new", lambda v: v["W1"] - 0.1 * v["grad(W2)"], "grad(W2)")],
    # 0.5 * [2, 5] + 0.5 * [4, 2] = [3, 3.5] and 0.75 * [1, 3] + 0.25 * [16, 4] = [4.75, 3.25]
    # 1 - 0.5**2 is 0.75: the averages are divided by 0.5
    "bias-correction-without-the-power": [
        Record(
            HAT.replace("m_hat", "m_hat[2]")
            .replace("{m_hat[2]:", '{"m_hat[2]":')
            .replace("sum(m_hat[2])", '"sum(m_hat[2])"'),
            "m_hat[2]",
            [4, 10],
        )
    ],
    "bias-correction-left-out": [
        Record(ADAM, "w_new", [2 - 0.3 / np.sqrt(4.75), 1 - 0.35 / np.sqrt(3.25)]),
        Record(ADAM, "w_new.m_hat", [3, 3.5]),
        Record(HAT, "m_hat", [2, 5]),
    ],
    # 0.9 * [2, 4] + 0.1 * [10, -5], and 0.75 * [2, 4] + [10, -5]
    "momentum-in-another-form": [
        Record(VELOCITY, "v1", [2.8, 3.1], "the new one has a factor"),
        Record(VELOCITY, "u1", [11.5, -2], "the new one has none"),
    ],
    "learning-rate-of-another-size": [
        Record(NETWORK, "W1_new", lambda v: v["W1"] - 0.01 * v["grad(W1)"], "a tenth"),
    ],
    "momentum-left-out": [Record(SGD, "w_new", [1.6, 0.8])],
    # without it the gradient is [4, 2], with it [5, 2.5]
    "weight-decay-left-out": [
        Record(DECAY, "w_new", [1.6, 0.8]),
        Record(DECAY, "w_new.g", [4, 2]),
        Record(WRITTEN, "w_new", [1.6, 0.8]),
    ],
}
