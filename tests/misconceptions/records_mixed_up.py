"""Records of the misconceptions about what is taken from another place of the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tests.support.misconception_records import Record
from tests.support.tiny import tiny

TWO = """
inputs: {x: [1, -2]}
weights: {W: [[2, 1], [1, 3]], v: [3, 5]}
network: {z: W @ x, h: relu(z), y: v @ h, k: h * h, L: y + sum(k)}
loss: L
"""
CODE = (
    "inputs: {m: [1, 2], e: [0.5, -1], v: [4, 9]}\nnetwork: {s: sqrt(v), z: m + s * e, y: 3 * z, L: sum(y)}\nloss: L\n"
)
CELL = """
inputs: {a: [2, 3], i: [0.5, 0.25], f: [0.1, 0.2], c: [10, 20]}
network: {s: a * i + f * c}
upstream: {s: [1, 2]}
"""
GATES = """
inputs: {p: [1, 2], q: [-1, 0.5]}
network: {f: sigmoid(p), g: sigmoid(q), t: tanh(p)}
upstream: {f: [3, 5], t: [7, 9]}
"""
MOMENTUM = tiny("m: [10, 20], g: [2, -4]", n="0.9 * m + 0.1 * g", r="0.9 * m + 0.4 * g / 3")
CHANNELS = tiny("C: [[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [0, 1, 2]]]", s="sum(C, axis=0)")
LOGARITHMS = "inputs: {lv: [0.5, -1]}\nnetwork: {s: exp(0.5 * lv), k: sum(exp(lv)), L: k + sum(s)}\nloss: L\n"

RECORDS: Mapping[str, Sequence[Record]] = {
    # z = [2 - 2, 1 - 6]
    "weighted-sum-used-for-the-output": [
        Record(TWO, "y", -25, "z for h"),
        Record(TWO, "k", [0, 25], "z for h"),
    ],
    "input-given-as-the-result": [Record(CODE, "y", [2, -1], "z"), Record(CODE, "s", [4, 9], "v")],
    "value-from-before-a-step": [Record(CODE, "y", [3, 6], "m for z"), Record(CODE, "z", [3, -7], "v for s")],
    "variance-used-for-the-deviation": [
        Record(CODE, "z", [3, -7], "s**2"),
        Record(LOGARITHMS, "k", lambda v: np.exp(v["lv"] / 2).sum(), "s for s**2"),
    ],
    # the gradient of a is g * i, that of f is g * c
    "wrong-factor-on-the-way-back": [
        Record(CELL, "grad(a)", [0.1, 0.4], "f"),
        Record(CELL, "grad(f)", [2, 6], "a"),
        Record(CELL, "grad(i)", [10, 40], "c"),
    ],
    "derivative-of-another-layer": [
        Record(
            GATES.replace("t: tanh(p)", "t: tanh(q)"),
            "grad(p)",
            lambda v: np.array([3, 5]) * v["g"] * (1 - v["g"]),
            "g",
        ),
        Record(
            GATES.replace("f: sigmoid(p)", "f: sigmoid(q)"),
            "grad(p)",
            lambda v: np.array([7, 9]) * (1 - v["f"] ** 2),
            "f",
        ),
    ],
    # 0.1 * m + 0.9 * g; with the 4/3 of the new one it is 0.1 * m + 0.9 * 4/3 * g
    "weights-of-an-average-swapped": [Record(MOMENTUM, "n", [2.8, -1.6]), Record(MOMENTUM, "r", [3.4, -2.8])],
    "one-term-of-the-sum": [
        Record(CHANNELS, "s", [[1, 2, 3], [4, 5, 6]], "term 0"),
        Record(CHANNELS, "s", [[7, 8, 9], [0, 1, 2]], "term 1"),
    ],
}
