"""Records of the misconceptions about biases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tests.support.misconception_records import Record

LAYER = """
inputs: {x: [1, -2, 3]}
weights: {W: [[0.5, -0.3, 0.2], [0.2, 0.4, -0.1]], b: [0.1, -0.2], c: [7, 9]}
network: {z: W @ x + b, y: z * z + c, L: sum(y)}
loss: L
"""
# Two samples of three features; two units, so that the sum over the wrong axis has the right shape.
BATCH = """
inputs: {X: [[1, -2, 3], [4, 0, -1]]}
weights: {W: [[0.5, 0.2], [-0.3, 0.4], [0.2, -0.1]], b: [0.1, -0.2]}
network: {Z: X @ W + b, L: sum(Z * Z)}
loss: L
"""
# Two channels of two entries, filters of two entries, three channels out of one entry each.
CONV = """
inputs: {x: [[1, 2], [3, 5]]}
weights: {W: [[[1, 0], [0, 2]], [[0, -1], [1, 1]], [[2, 2], [-1, 0]]], b: [0.5, -0.25, 2], d: [3, 4, 5]}
network: {y: "conv1d(x, W, b)", L: sum(y * y) + sum(d)}
loss: L
"""
IMAGE = """
inputs: {x: [[1, 2, 4]]}
weights: {W: [[[1, -1]]], b: [0.5]}
network: {y: "conv1d(x, W, b)", L: sum(y * y)}
loss: L
"""

SPREAD = """
inputs: {x: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]}
weights: {k: [[[[1]]], [[[1]]]], b: [[[10]], [[20]]]}
network: {c: "conv2d(x, k, groups=2)", y: c + b}
upstream: {y: [[[2, 4], [6, 8]], [[10, 12], [14, 16]]]}
"""
SUMMED = """
inputs: {x: [[1, 2], [5, 6]]}
weights: {k: [[[1]], [[1]]], b: [10]}
network: {c: "conv1d(x, k, groups=2)", y: "sum(c, axis=0) + b", L: sum(y)}
loss: L
"""
CENTRED = """
inputs: {X: [[1, 2, 6], [0, 4, 5]]}
network: {m: "mean(X, axis=1, keepdims=True)", D: X - m}
upstream: {D: [[1, 2, 6], [3, 0, -9]]}
"""

RECORDS: Mapping[str, Sequence[Record]] = {
    # -(1 + 2 + 6) / 3 and -(3 - 9) / 3
    "gradient-of-a-shared-number-averaged": [Record(CENTRED, "grad(m)", [[-3], [2]])],
    # W @ x = [1.7, -0.9]; the convolution: 1 + 10, -2 + 8, 6 - 3
    "bias-left-out": [Record(LAYER, "z", [1.7, -0.9]), Record(CONV, "y", [[11], [6], [3]])],
    "bias-subtracted": [Record(LAYER, "z", [1.6, -0.7]), Record(CONV, "y", [[10.5], [6.25], [1]])],
    "bias-gradient-from-one-place": [
        Record(SPREAD, "grad(b)", [[[2]], [[10]]], "the first"),
        Record(SPREAD, "grad(b)", [[[8]], [[16]]], "the last"),
    ],
    "bias-added-more-than-once": [
        # the channels add up to [6, 8]; they are two
        Record(SUMMED, "y", [26, 28], "once a term of the sum"),
        Record(LAYER, "z", [1.9, -1.3], "twice"),
        Record(LAYER, "z", [2.0, -1.5], "once a product"),
        Record(CONV, "y", [[12], [5.5], [7]], "twice"),
        Record(CONV, "y", [[13], [5], [11]], "once an entry of the filter"),
    ],
    "bias-of-another-layer": [
        Record(LAYER, "z", [8.7, 8.1], "c"),
        Record(CONV, "y", [[14], [10], [8]], "d"),
    ],
    "bias-outside-the-activation": [
        Record(LAYER.replace("W @ x + b", "tanh(W @ x + b)"), "z", lambda v: np.tanh(v["W"] @ v["x"]) + v["b"])
    ],
    "bias-of-the-wrong-channel": [Record(CONV, "y", [[11.5], [6.5], [3.5]])],
    "bias-gradient-taken-as-one": [
        Record(LAYER, "grad(b)", [1, 1]),
        Record(CONV, "grad(b)", [1, 1, 1]),
    ],
    # Z = [[1.8, -1.1], [1.9, 0.7]] and its gradient 2 * Z; the image: [-0.5, -1.5], whose gradient is [-1, -3]
    "bias-gradient-averaged": [
        Record(BATCH, "grad(b)", lambda v: np.mean(v["grad(Z)"], axis=0)),
        Record(IMAGE, "grad(b)", [-2]),
    ],
    "bias-gradient-over-the-wrong-axis": [Record(BATCH, "grad(b)", [1.4, 5.2])],
}
