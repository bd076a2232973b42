"""Records of the misconceptions about matrix products."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tests.support.misconception_records import Record

# Everything square, so that only the numbers can show a transpose.
LAYERS = """
inputs: {x: [1, -2], r: [5, 7]}
weights: {W1: [[0.5, -0.3], [0.2, 0.4]], W2: [[-0.7, 0.6], [0.8, 0.1]]}
network: {z: W1 @ x, h: tanh(z), y: W2 @ h, p: y * r, L: sum(p * p)}
loss: L
"""
BATCH = """
inputs: {X: [[1, -2], [4, 3]]}
weights: {W: [[0.5, 0.2], [-0.3, 0.4]]}
network: {Z: X @ W, L: sum(Z * Z * Z)}
loss: L
"""
MATRICES = """
inputs: {A: [[1, 2], [3, 4]], B: [[5, -1], [0, 2]], a: [1, 2], b: [3, 5]}
network: {P: A @ B, H: A * B, O: "outer(a, b)", L: sum(P * P + H) + sum(O)}
loss: L
"""

RECORDS: Mapping[str, Sequence[Record]] = {
    "transpose-left-out-on-the-way-back": [
        Record(LAYERS, "grad(h)", lambda v: v["W2"] @ v["grad(y)"], "W2"),
        Record(BATCH, "grad(X)", lambda v: v["grad(Z)"] @ v["W"], "W"),
        Record(BATCH, "grad(W)", lambda v: v["X"] @ v["grad(Z)"], "X"),
        Record(BATCH, "grad(W)", lambda v: v["X"].T @ v["grad(Z)"].T, "the gradient"),
    ],
    # 0.5 - 0.4 and -0.3 - 0.8; A.T @ B and A @ B.T
    "matrix-transposed": [
        Record(LAYERS, "z", [0.1, -1.1], "W1"),
        Record(MATRICES, "P", [[5, 5], [10, 6]], "A"),
        Record(MATRICES, "P", [[3, 4], [11, 8]], "B"),
    ],
    "product-order-reversed": [Record(MATRICES, "P", [[2, 6], [6, 8]])],
    "elementwise-for-matrix-product": [Record(MATRICES, "P", [[5, -2], [0, 8]])],
    "matrix-for-elementwise-product": [Record(MATRICES, "H", [[5, 3], [15, 5]])],
    "outer-product-turned": [
        Record(LAYERS, "grad(W2)", lambda v: np.outer(v["h"], v["grad(y)"])),
        Record(BATCH, "grad(W)", lambda v: v["grad(Z)"].T @ v["X"]),
    ],
    "outer-product-reversed": [Record(MATRICES, "O", [[3, 6], [5, 10]])],
    "result-transposed": [Record(MATRICES, "P", [[5, 15], [3, 5]])],
    "weighted-sum-for-activation": [Record(LAYERS, "grad(W2)", lambda v: np.outer(v["grad(y)"], v["z"]))],
    "input-of-another-layer": [
        Record(LAYERS, "grad(W2)", lambda v: np.outer(v["grad(y)"], v["x"]), "x"),
        Record(LAYERS, "grad(W1)", lambda v: np.outer(v["grad(z)"], v["h"]), "h"),
    ],
    "gradient-of-another-layer": [
        Record(LAYERS, "grad(W1)", lambda v: np.outer(v["grad(y)"], v["x"]), "grad(y)"),
        Record(LAYERS, "grad(h)", lambda v: v["W2"].T @ v["grad(z)"], "grad(z)"),
    ],
    "weights-of-another-layer": [Record(LAYERS, "z", [-1.9, 0.6], "W2")],
    "weights-of-another-layer-on-the-way-back": [Record(LAYERS, "grad(h)", lambda v: v["W1"].T @ v["grad(y)"], "W1")],
}
