"""Records of the misconceptions about parts of a formula that are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tests.support.misconception_records import Record

GATE = "inputs: {g: [0.5, 0.25], s: [3, 8]}\nnetwork: {y: g * s, L: -g * s}\nupstream: {y: [7, 11]}\n"
BRACKET = (
    "inputs: {a: [2, 3], x: [5, 7], c: [1, -1]}\nnetwork: {y: a * (x + c), z: 2 * (x - c), L: sum(y + z)}\nloss: L\n"
)
SHARES = 'inputs: {e: [1, 4, 5]}\nnetwork: {p: "e / sum(e)", q: e / sum(e**2), L: sum(p * q)}\nloss: L\n'
ROOT = "inputs: {v: [4, 16], x: [6, 4]}\nnetwork: {s: sqrt(v), y: x / s}\nupstream: {y: [1, 1], s: [3, 5]}\n"
MARGIN = "inputs: {d: [3, -2]}\nnetwork: {l: 4 * (d - 1), m: 5 - d, r: relu(d + 1), L: sum(l * m * r)}\nloss: L\n"
UPDATE = """
inputs: {n: [3, -1], h: [5, 2], z: [0.25, 0.5]}
network: {y: (1 - z) * n + z * h}
upstream: {y: [8, 10]}
"""
LOSS = """
inputs: {p: [0.2, 0.6]}
network: {l: -log(p), m: -log(1 - p), k: 1 - p, n: "mean(log(1 - p))", L: sum(l + m)}
loss: L
"""
GRAPH = """
inputs: {A: [[1, 2], [0, 1]], X: [[1, 3, 5], [2, 0, -1]]}
weights: {W: [[1, 0, 2, 1], [0, 1, 1, 0], [1, -1, 0, 2]], b: [1, 2, 3, 4]}
network: {Z: A @ X @ W + b, H: A @ X}
upstream: {Z: [[1, 0, -1, 2], [3, 1, 0, 1]], H: [[1, 2, 3], [4, 5, 6]]}
"""

RECORDS: Mapping[str, Sequence[Record]] = {
    "factor-left-out": [
        Record(GATE, "y", [3, 8], "g"),
        Record(GATE, "y", [0.5, 0.25], "s"),
        Record(GATE, "L", [-3, -8], "-g"),
    ],
    # a * x + c is 10 + 1 and 21 - 1, x + a * c is 5 + 2 and 7 - 3
    "bracket-multiplied-in-part": [
        Record(BRACKET, "y", [11, 20], "c"),
        Record(BRACKET, "y", [7, 4], "x"),
        Record(BRACKET, "z", [9, 15], "c"),
    ],
    "division-left-out": [Record(SHARES, "p", [1, 4, 5]), Record(ROOT, "y", [6, 4])],
    # the squares add up to 42
    "divided-by-another-size": [
        Record(SHARES, "p", [0.2, 0.8, 1], "the largest"),
        Record(SHARES, "p", [1 / 42**0.5, 4 / 42**0.5, 5 / 42**0.5], "the root of the sum of squares"),
    ],
    "root-left-out": [Record(ROOT, "s", [4, 16])],
    # y sends -x / s**2 = [-6/4, -4/16] to s, beside the [3, 5] that is stated; 1 / sqrt(v) is [1/2, 1/4]
    "half-left-out-of-the-roots-derivative": [Record(ROOT, "grad(v)", [1.5 / 2, 4.75 / 4])],
    "number-of-the-formula-left-out": [
        Record(MARGIN, "l", [12, -8], "1"),
        Record(MARGIN, "m", [-3, 2], "5"),
    ],
    # z * n + z * h
    "complement-left-out": [Record(UPDATE, "y", [2, 0.5]), Record(LOSS, "k", [0.2, 0.6])],
    "complement-left-out-on-the-way-back": [Record(UPDATE.replace("[0.25, 0.5]", "[0.25, 0.1]"), "grad(n)", [2, 1])],
    "logarithm-of-the-other-probability": [
        Record(LOSS, "l", lambda v: -np.log(1 - v["p"]), "of 1 - p"),
        Record(LOSS, "m", lambda v: -np.log(v["p"]), "of p"),
        Record(LOSS, "n", lambda v: np.log(v["p"]).mean(), "of p"),
    ],
    "matrix-left-out": [
        Record(GRAPH, "H", [[1, 3, 5], [2, 0, -1]], "A"),
        # X @ W: the first row is [1 + 5, 3 - 5, 2 + 3, 1 + 10]
        Record(GRAPH, "Z", [[7, 0, 8, 15], [2, 3, 7, 4]], "A"),
    ],
    "matrix-left-out-on-the-way-back": [
        # what arrives at H itself, and what Z sends to A @ X: it is a product of its own
        Record(
            GRAPH.replace("{Z: A @ X @ W + b, H: A @ X}", "{H: A @ X}").replace(
                "Z: [[1, 0, -1, 2], [3, 1, 0, 1]], ", ""
            ),
            "grad(X)",
            [[1, 2, 3], [4, 5, 6]],
            "A",
        ),
        # X.T @ g
        Record(GRAPH, "grad(W)", [[7, 2, -1, 4], [3, 0, -3, 6], [2, -1, -5, 9]], "A"),
    ],
}
