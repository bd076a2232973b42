"""Records of the misconceptions about a cross-entropy of probabilities that are on the sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tests.misconceptions.records_chains import YES_OR_NO
from tests.support.misconception_records import Record

INDEXED = """
inputs: {t: [1, 2]}
weights: {Z: [[1, 2, 0.5], [0.25, -1, 3]]}
network: {P: softmax(Z), L: "cross_entropy(P, t, from_logits=False)"}
loss: L
"""
HOT = INDEXED.replace("[1, 2]}", "[[0, 1, 0], [0, 0, 1]]}", 1).replace(
    '"cross_entropy(P, t, from_logits=False)"', "-sum(t * log(P)) / 2"
)
ONE = "weights: {z: [0.5, -1, 2]}\nnetwork: {p: softmax(z), L: '-log(p[1])'}\nloss: L\n"
FIRST = INDEXED.replace("t: [1, 2]", "t: [0, 2]")
GIVEN = HOT.replace("-sum(t * log(P)) / 2", '"cross_entropy(P, t, from_logits=False)"')
ENTRIES = INDEXED.replace('"cross_entropy(P, t, from_logits=False)"', '"-(log(P[0, 1]) + log(P[1, 2])) / 2"')
T = np.array([[0, 1, 0], [0, 0, 1]])
BEFORE = np.array([[1, 0, 0], [0, 1, 0]])

RECORDS: Mapping[str, Sequence[Record]] = {
    "cross-entropy-gradient-scaled-wrongly": [
        Record(INDEXED, "grad(Z)", lambda v: v["P"] - T, "not divided"),
        Record(INDEXED, "grad(Z)", lambda v: (v["P"] - T) / 6, "by 6"),
        Record(ONE, "grad(z)", lambda v: (v["p"] - [0, 1, 0]) / 3, "by 3"),
    ],
    "target-left-out-of-the-gradient": [
        Record(INDEXED, "grad(Z)", lambda v: v["P"] / 2),
        Record(HOT, "grad(Z)", lambda v: v["P"] / 2),
        Record(ONE, "grad(z)", lambda v: v["p"]),
    ],
    "target-left-out-of-the-binary-gradient": [Record(YES_OR_NO, "grad(z)", lambda v: v["p"])],
    "class-counted-from-one": [
        Record(INDEXED, "L", lambda v: -np.log(v["P"][0, 0] * v["P"][1, 1]) / 2, "the class before"),
        Record(INDEXED, "grad(Z)", lambda v: (v["P"] - BEFORE) / 2, "the class before"),
        # behind the last class there is none
        Record(INDEXED, "grad(Z)", lambda v: (v["P"] - [[0, 0, 1], [0, 0, 0]]) / 2, "the class after"),
        Record(HOT, "L", lambda v: -np.log(v["P"][0, 0] * v["P"][1, 1]) / 2, "the class before"),
        Record(HOT, "grad(P)", lambda v: -BEFORE / v["P"] / 2, "the class before"),
        Record(HOT, "grad(Z)", lambda v: (v["P"] - BEFORE) / 2, "the class before"),
        Record(HOT, "grad(Z)", lambda v: (v["P"] - [[0, 0, 1], [1, 0, 0]]) / 2, "the class after"),
        Record(HOT, "grad(Z)", lambda v: (v["P"] - [[0, 0, 1], [0, 0, 0]]) / 2, "the class after"),
        # class -1 is the last
        Record(FIRST, "grad(Z)", lambda v: (v["P"] - [[0, 0, 1], [0, 1, 0]]) / 2, "the class before"),
        Record(FIRST, "L", lambda v: -np.log(v["P"][0, 2] * v["P"][1, 1]) / 2, "the class before"),
        Record(GIVEN, "grad(Z)", lambda v: (v["P"] - BEFORE) / 2, "the class before"),
        Record(ENTRIES, "grad(Z)", lambda v: (v["P"] - BEFORE) / 2, "the class before"),
        Record(ONE, "grad(z)", lambda v: v["p"] - [1, 0, 0], "the class before"),
    ],
}
