"""Records of the misconceptions about signs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tests.support.misconception_records import Record

LIKELIHOOD = "inputs: {p: 0.25}\nnetwork: {L: -log(p)}\nloss: L\n"
SUM = "inputs: {a: [1, 2], b: [5, 3], c: [10, 30]}\nnetwork: {s: a + b - c, L: sum(s)}\nloss: L\n"
HINGE = 'inputs: {y: [1, 4], t: [3, 1]}\nnetwork: {m: "relu(y - t)", e: exp(y - t), L: sum(m + e)}\nloss: L\n'
GATE = "inputs: {z: [0.25, 0.5], n: [2, 4], h: [8, 16]}\nnetwork: {s: (1 - z) * n + z * h, L: sum(s)}\nloss: L\n"
SIGMOID = "inputs: {z: [0, 0.5]}\nnetwork: {y: sigmoid(z), L: sum(y * y)}\nloss: L\n"
TWO_PATHS = "inputs: {x: [1, 2], w: [3, 5]}\nnetwork: {y: x * w + x}\nupstream: {y: [7, 11]}\n"

RECORDS: Mapping[str, Sequence[Record]] = {
    # log(1/4) = -2 log 2; and -1 / p = -4
    "sign-flipped": [Record(LIKELIHOOD, "L", -1.3862943611198906), Record(LIKELIHOOD, "grad(p)", 4.0)],
    # a + b + c, a - b - c and b - a - c
    "term-sign-flipped": [
        Record(SUM, "s", [16, 35], "c"),
        Record(SUM, "s", [-14, -31], "b"),
        Record(SUM, "s", [-6, -29], "a"),
    ],
    # t - y = [2, -3]
    "difference-reversed": [Record(HINGE, "m", [2, 0]), Record(HINGE, "e", [np.e**2, np.e**-3])],
    # 1.25 * 2 + 0.25 * 8 and 1.5 * 4 + 0.5 * 16
    "one-plus-for-one-minus": [Record(GATE, "s", [4.5, 14])],
    "one-plus-in-the-derivative": [
        Record(SIGMOID, "grad(z)", lambda v: v["grad(y)"] * v["y"] * (1 + v["y"])),
        Record(SIGMOID.replace("sigmoid", "tanh"), "grad(z)", lambda v: v["grad(y)"] * (1 + v["y"] ** 2)),
    ],
    # of 7 * 3 + 7 and 11 * 5 + 11
    "gradient-term-sign-flipped": [
        Record(TWO_PATHS, "grad(x)", [-14, -44], "x * w"),
        Record(TWO_PATHS, "grad(x)", [14, 44], "x * w + x"),
    ],
}
