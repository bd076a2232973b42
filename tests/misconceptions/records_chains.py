"""Records of the misconceptions about derivatives through several steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from hwcheck.graph.node import Array
from tests.support.misconception_records import Record

WRITTEN = """
inputs: {t: [0, 1, 0]}
weights: {z: [0.5, -1, 2]}
network: {e: exp(z), p: e / sum(e), L: -sum(t * log(p))}
loss: L
"""
OVER_TIME = """
for: {k: 1..2}
inputs: {"h[0]": [0.2, -0.4]}
weights: {U: [[0.4, 0.7], [-0.5, 0.3]]}
network: {"h[k]": "tanh(U @ h[k-1])", L: "sum(h[2])"}
loss: L
questions: ["jacobian(h[2], h[0])"]
"""


def arrives(v: Mapping[str, Array]) -> Array:
    """The gradient of -t * log(p) in p."""
    return np.array([0, -1, 0]) / v["p"]


def step(v: Mapping[str, Array], k: int) -> Array:
    """The jacobian of h[k] in the state before it."""
    return np.asarray(np.diag(1 - v[f"h[{k}]"] ** 2) @ v["U"])


# Of three nodes two have a target; the probabilities of the third do not count.
LABELLED = """
inputs: {T: [[1, 0], [0, 0], [0, 1]]}
weights: {Z: [[0.5, -1], [2, 0], [1, 1.5]]}
network: {P: softmax(Z), L: -sum(T * log(P)) / 2}
loss: L
"""
YES_OR_NO = """
inputs: {t: [1, 0, 1]}
weights: {z: [0.5, -1, 2]}
network: {p: sigmoid(z), L: -sum(t * log(p) + (1 - t) * log(1 - p))}
loss: L
"""
SEEN = np.array([[1], [0], [1]])

RECORDS: Mapping[str, Sequence[Record]] = {
    "cross-entropy-gradient-scaled-wrongly": [
        Record(LABELLED, "grad(Z)", lambda v: SEEN * (v["P"] - v["T"]), "not divided"),
        Record(LABELLED, "grad(Z)", lambda v: SEEN * (v["P"] - v["T"]) / 3, "by 3"),
        Record(LABELLED, "grad(Z)", lambda v: (v["P"] - v["T"]) / 2, "also where there is no target"),
        Record(YES_OR_NO, "grad(z)", lambda v: (v["p"] - v["t"]) / 3, "by 3"),
    ],
    "derivative-of-a-written-softmax": [
        Record(WRITTEN, "grad(z)", lambda v: v["p"], "the target is left out"),
        Record(WRITTEN, "grad(z)", lambda v: np.array([0, v["p"][1] - 1, 0]), "the diagonal alone"),
        Record(WRITTEN, "grad(z)", [0, -1, 0], "without the sum"),
        Record(WRITTEN, "grad(z)", arrives, "left out"),
    ],
    "jacobian-of-a-chain": [
        Record(OVER_TIME, "jacobian(h[2], h[0])", lambda v: step(v, 2), "the last step alone"),
        Record(OVER_TIME, "jacobian(h[2], h[0])", lambda v: step(v, 1), "the first step alone"),
        Record(OVER_TIME, "jacobian(h[2], h[0])", lambda v: step(v, 1) @ step(v, 2), "in the wrong order"),
    ],
}
