"""Records of the misconceptions about activation functions. The wrong formulas are the student's own, in NumPy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from hwcheck.graph.node import Array
from tests.support.misconception_records import Record

LAYER = """
inputs: {x: [1, -2, 3]}
weights: {W: [[0.5, -0.3, 0.2], [0.2, 0.4, -0.1]], b: [0.1, -0.2], v: [0.7, -0.6]}
network:
  z: W @ x + b
  y: sigmoid(z)
  L: v @ y * 3
loss: L
"""
TANH = LAYER.replace("sigmoid", "tanh")
RELU = LAYER.replace("sigmoid", "relu")
LEAKY = LAYER.replace("sigmoid", "leaky_relu")
SOFTPLUS = LAYER.replace("sigmoid", "softplus")
TWO_LAYERS = """
inputs: {x: [1, -2]}
weights: {W1: [[0.5, -0.3], [0.2, 0.4]], W2: [[-0.7, 0.6], [0.8, 0.1]]}
network: {h1: relu(W1 @ x), h2: relu(W2 @ h1), L: sum(h1 * h1 + h2)}
loss: L
"""
LOG = "inputs: {p: [0.5, 0.25]}\nnetwork: {l: log(p), L: 3 * sum(l)}\nloss: L\n"


def logistic(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


RECORDS: Mapping[str, Sequence[Record]] = {
    # W @ x + b = [0.5 + 0.6 + 0.6 + 0.1, 0.2 - 0.8 - 0.3 - 0.2]
    "activation-left-out": [Record(LAYER, "y", [1.8, -1.1]), Record(RELU, "y", [1.8, -1.1])],
    "wrong-activation": [
        Record(LAYER, "y", lambda v: np.tanh(v["z"]), "tanh"),
        Record(RELU, "y", lambda v: logistic(v["z"]), "sigmoid"),
    ],
    "relu-for-a-curve": [
        Record(LAYER, "y", [1.8, 0], "relu"),
        Record(TANH, "y", [1.8, -0.011], "leaky_relu"),
    ],
    "relu-misunderstood": [
        Record(RELU, "y", [1.8, 1.1], "the absolute value"),
        Record(RELU, "y", [1, 0], "0 or 1"),
        Record(RELU, "y", [0, -1.1], "what is negative is kept"),
        Record(RELU, "y", [0, 1.1], "of -z"),
    ],
    "argument-with-the-wrong-sign": [
        Record(LAYER, "y", lambda v: logistic(-v["z"])),
        Record(LAYER.replace("sigmoid", "exp"), "y", lambda v: 1 / np.exp(v["z"])),
    ],
    "activation-applied-twice": [
        Record(LAYER, "y", lambda v: logistic(logistic(v["z"]))),
        Record(LEAKY, "y", [1.8, -0.00011]),
    ],
    # what arrives is 3 * v
    "activation-derivative-left-out": [Record(LAYER, "grad(z)", [2.1, -1.8]), Record(LEAKY, "grad(z)", [2.1, -1.8])],
    # z = [1.8, -1.1]: the second unit is off
    "relu-mask-left-out": [Record(RELU, "grad(z)", [2.1, -1.8])],
    "relu-mask-inverted": [Record(RELU, "grad(z)", [0, -1.8]), Record(LEAKY, "grad(z)", [0.021, -1.8])],
    # -3 * v = [-2.1, 1.8] arrives, and the right mask lets only the first through
    "relu-mask-of-the-gradient": [
        Record(RELU.replace("* 3", "* -3"), "grad(z)", [0, 1.8], "in place of the mask"),
        Record(RELU.replace("* 3", "* -3"), "grad(z)", [0, 0], "after the mask"),
    ],
    "relu-output-for-its-mask": [Record(RELU, "grad(z)", [2.1 * 1.8, 0])],
    "relu-mask-of-another-layer": [
        Record(
            TWO_LAYERS.replace("relu(W1 @ x)", "relu(z1)").replace("{h1:", "{z1: W1 @ x, h1:"),
            "grad(z1)",
            lambda v: v["grad(h1)"] * (v["h2"] > 0),
            "h2",
        )
    ],
    "derivative-of-another-activation": [
        Record(LAYER, "grad(z)", lambda v: 3 * v["v"] * (1 - v["y"] ** 2), "tanh"),
        Record(TANH, "grad(z)", lambda v: 3 * v["v"] * v["y"] * (1 - v["y"]), "sigmoid"),
        Record(RELU, "grad(z)", lambda v: 3 * v["v"] * v["y"] * (1 - v["y"]), "sigmoid"),
        Record(LEAKY, "grad(z)", [2.1, 0], "relu"),
    ],
    "derivative-at-the-wrong-argument": [
        Record(LAYER, "grad(z)", lambda v: 3 * v["v"] * logistic(v["y"]) * (1 - logistic(v["y"])), "at y"),
        Record(LAYER, "grad(z)", [2.1 * 1.8 * -0.8, -1.8 * -1.1 * 2.1], "z for y"),
        Record(TANH, "grad(z)", lambda v: 3 * v["v"] * (1 - np.tanh(v["y"]) ** 2), "at y"),
        Record(TANH, "grad(z)", [2.1 * (1 - 1.8**2), -1.8 * (1 - 1.1**2)], "z for y"),
        Record(SOFTPLUS, "grad(z)", lambda v: 3 * v["v"] * logistic(v["y"]), "at y"),
        Record(LOG, "grad(p)", lambda v: 3 / np.log(v["p"]), "at y"),
    ],
    "part-of-the-derivative-left-out": [
        Record(LAYER, "grad(z)", lambda v: 3 * v["v"] * v["y"], "y"),
        Record(LAYER, "grad(z)", lambda v: 3 * v["v"] * (1 - v["y"]), "1 - y"),
        Record(TANH, "grad(z)", lambda v: 3 * v["v"] * (1 - v["y"]), "1 - y"),
        Record(TANH, "grad(z)", lambda v: 3 * v["v"] * v["y"] ** 2, "y**2"),
    ],
    "activation-for-its-derivative": [
        Record(LAYER, "grad(z)", lambda v: logistic(3 * v["v"])),
        Record(TANH, "grad(z)", lambda v: np.tanh(3 * v["v"])),
    ],
}
