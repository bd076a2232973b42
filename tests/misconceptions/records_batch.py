"""Records of the misconceptions about sums and means over samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tests.support.misconception_records import Record

# Three samples of two features, two units.
BATCH = """
inputs: {X: [[1, -2], [4, 3], [2, 2]], T: [[1, 0], [0, 1], [2, 5]]}
weights: {W: [[0.5, 0.2], [-0.3, 0.4]], b: [0.1, -0.2]}
network: {Z: X @ W + b, E: (Z - T)**2, L: mean(E), S: sum(E)}
loss: L
"""
SUM = BATCH.replace("loss: L", "loss: S")
COLUMNS = """
inputs: {X: [[1, 4, 2], [-2, 3, 2]]}
weights: {W: [[0.5, -0.3], [0.2, 0.4]], b: [[0.1], [-0.2]]}
network: {Z: W @ X + b, L: sum(Z * Z) / 3}
loss: L
"""
LOSSES = "inputs: {l: [2, 3, 7]}\nnetwork: {L: mean(l), S: sum(l)}\nloss: L\n"

# One number a sample, and a weight that each sample is multiplied by.
LOGITS = (
    "inputs: {X: [[1, -2], [4, 3], [2, 2]]}\nweights: {w: [0.5, 0.2]}\nnetwork: {z: X @ w, L: sum(z * z)}\nloss: L\n"
)
SCALED = "inputs: {x: [[1, 4], [2, 3], [5, 0]]}\nweights: {s: [2, 3]}\nnetwork: {y: s * x, L: sum(y * y)}\nloss: L\n"
KERNEL = 'inputs: {x: [[1, 2, 4, 8]]}\nweights: {k: [[[1, 3]]]}\nnetwork: {y: "conv1d(x, k)", L: sum(y * y)}\nloss: L\n'
CUBE = "inputs: {p: [1, 2]}\nnetwork: {l: p**2 * (1 - p), L: mean(l)}\nloss: L\n"
# The sums over the outputs of three samples are 5, 10 and 4.
OUTPUTS = 'inputs: {Y: [[1, 2], [3, -1], [0, 2]]}\nnetwork: {L: "mean(sum(Y**2, axis=1))"}\nloss: L\n'

RECORDS: Mapping[str, Sequence[Record]] = {
    # the derivative of p**2 * (1 - p) is 2 * p - 3 * p**2
    "starting-gradient-taken-as-one": [Record(CUBE, "grad(p)", [-1, -8], "grad(l)")],
    "sum-for-mean": [Record(LOSSES, "L", 12), Record(BATCH, "L", lambda v: np.sum(v["E"]))],
    "mean-for-sum": [
        Record(LOSSES, "S", 4, "over 3"),
        Record(BATCH, "S", lambda v: np.sum(v["E"]) / 6, "over 6"),
        Record(BATCH, "S", lambda v: np.sum(v["E"]) / 3, "over 3"),
    ],
    "mean-over-another-number": [
        Record(BATCH, "L", lambda v: np.sum(v["E"]) / 3, "by 3"),
        Record(BATCH, "L", lambda v: np.sum(v["E"]) / 2, "by 2"),
        Record(OUTPUTS, "L", 19 / 6, "by 6"),
    ],
    # 2 * Y / 6 where 2 * Y / 3 is right
    "divided-by-another-number-on-the-way-back": [
        Record(BATCH, "grad(E)", np.full((3, 2), 1 / 3), "by 3"),
        Record(OUTPUTS, "grad(Y)", [[1 / 3, 2 / 3], [1, -1 / 3], [0, 2 / 3]], "by 6"),
    ],
    "mean-left-out-on-the-way-back": [Record(LOSSES, "grad(l)", [1, 1, 1])],
    "averaged-again": [
        Record(LOSSES, "grad(l)", [1 / 9, 1 / 9, 1 / 9]),
        Record(BATCH, "grad(W)", lambda v: v["X"].T @ v["grad(Z)"] / 3, "by 3"),
        Record(COLUMNS, "grad(W)", lambda v: v["grad(Z)"] @ v["X"].T / 3, "by 3"),
        Record(LOGITS, "grad(w)", lambda v: v["X"].T @ v["grad(z)"] / 3, "by 3"),
        Record(SCALED, "grad(s)", lambda v: np.mean(v["grad(y)"] * v["x"], axis=0), "by 3"),
        # what arrives is 2 * [7, 14, 28], at three places
        Record(KERNEL, "grad(k)", [[[(14 + 56 + 224) / 3, (28 + 112 + 448) / 3]]], "by 3"),
    ],
    "mean-gradient-of-a-sum": [Record(SUM, "grad(E)", np.full((3, 2), 1 / 6))],
    "gradient-of-one-sample": [
        Record(BATCH, "grad(W)", lambda v: np.outer(v["X"][0], v["grad(Z)"][0]), "the first sample"),
        Record(BATCH, "grad(W)", lambda v: np.outer(v["X"][2], v["grad(Z)"][2]), "the last sample"),
        Record(BATCH, "grad(b)", lambda v: v["grad(Z)"][0], "the first sample"),
        Record(COLUMNS, "grad(W)", lambda v: np.outer(v["grad(Z)"][:, 2], v["X"][:, 2]), "the last sample"),
        Record(COLUMNS, "grad(b)", lambda v: v["grad(Z)"][:, :1], "the first sample"),
    ],
    "loss-of-one-sample": [
        Record(LOSSES, "L", 2, "the first sample"),
        Record(LOSSES, "S", 7, "the last sample"),
        Record(BATCH, "L", lambda v: np.mean(v["E"][0]), "the first sample"),
    ],
}
