"""Records of the misconceptions about cross-entropy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from hwcheck.graph.node import Array
from tests.support.misconception_records import Record
from tests.support.tiny import tiny

Z = np.array([[1, 2, 0.5], [0.25, -1, 3]])
ROWS = "z: [[1, 2, 0.5], [0.25, -1, 3]], t: [1, 1]"
CLASSES = tiny(ROWS, L="cross_entropy(z, t)", loss="L")
SMOOTH = tiny(ROWS, L="cross_entropy(z, t, label_smoothing=0.3)", loss="L")
GIVEN = tiny("p: [[0.5, 0.2, 0.3], [0.1, 0.6, 0.3]], t: [1, 1]", L="cross_entropy(p, t, from_logits=False)", loss="L")
WEIGHTED = tiny(
    "z: [[1, 2, 0.5], [0.25, -1, 3]], t: [1, 2], w: [1, 3, 0.5]", L="cross_entropy(z, t, weight=w)", loss="L"
)
PROBABILITIES = tiny("p: [0.75, 0.4], y: [1, 0]", L="binary_cross_entropy(p, y)", loss="L")
LOGITS = tiny("z: [0.75, 0.4], y: [1, 0]", L="binary_cross_entropy_with_logits(z, y)", loss="L")
FOCAL = tiny("z: [0.75, -0.5], y: [1, 0]", L="focal_loss(z, y, alpha=0.3, gamma=2)", loss="L")


def softmax(z: Array) -> Array:
    p: Array = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return p


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def focal(z: Array, of_one: float, of_zero: float, gamma: float = 2) -> float:
    """The mean of two samples: the first has the target 1, the second 0."""
    p = sigmoid(z)
    first = -of_one * (1 - p[0]) ** gamma * np.log(p[0])
    second = -of_zero * p[1] ** gamma * np.log(1 - p[1])
    return float((first + second) / 2)


RECORDS: Mapping[str, Sequence[Record]] = {
    "all-classes-counted": [
        Record(CLASSES, "L", -np.sum(Z - np.log(np.sum(np.exp(Z), axis=1, keepdims=True))) / 2),
        Record(GIVEN, "L", -np.log(0.5 * 0.2 * 0.3 * 0.1 * 0.6 * 0.3) / 2),
    ],
    "target-left-out-of-the-gradient": [Record(CLASSES, "grad(z)", softmax(Z) / 2)],
    "target-left-out-of-the-binary-gradient": [Record(LOGITS, "grad(z)", lambda v: sigmoid(v["z"]) / 2)],
    "gradient-at-the-right-class-only": [
        Record(CLASSES, "grad(z)", (softmax(Z) - [0, 1, 0]) * [0, 1, 0] / 2),
    ],
    "class-counted-from-one": [
        Record(CLASSES, "L", -np.log(softmax(Z)[:, 0]).mean(), "the class before"),
        Record(CLASSES, "L", -np.log(softmax(Z)[:, 2]).mean(), "the class after"),
        Record(CLASSES, "grad(z)", (softmax(Z) - [1, 0, 0]) / 2, "the class before"),
    ],
    "softmax-applied-twice": [
        Record(CLASSES, "L", -np.log(softmax(softmax(Z))[:, 1]).mean()),
        Record(GIVEN, "L", lambda v: -np.log(softmax(v["p"])[:, 1]).mean()),
        Record(PROBABILITIES, "L", -(np.log(sigmoid(0.75)) + np.log(1 - sigmoid(0.4))) / 2),
        Record(LOGITS, "L", -(np.log(sigmoid(sigmoid(0.75))) + np.log(1 - sigmoid(sigmoid(0.4)))) / 2),
    ],
    "logits-taken-for-probabilities": [
        Record(CLASSES.replace("-1", "1.5"), "L", -(np.log(2) + np.log(1.5)) / 2),
        Record(LOGITS, "L", -(np.log(0.75) + np.log(0.6)) / 2),
    ],
    "one-binary-term-left-out": [
        Record(PROBABILITIES, "L", -np.log(0.75) / 2, "(1 - t) * log(1 - p) is left out"),
        Record(PROBABILITIES, "L", -np.log(0.6) / 2, "t * log(p) is left out"),
        Record(LOGITS, "L", -np.log(sigmoid(0.75)) / 2, "(1 - t) * log(1 - p) is left out"),
    ],
    "one-binary-term-left-out-of-the-gradient": [
        Record(LOGITS, "grad(z)", [(sigmoid(0.75) - 1) / 2, 0], "that with t alone"),
        Record(LOGITS, "grad(z)", [0, sigmoid(0.4) / 2], "that with 1 - t alone"),
    ],
    "binary-targets-swapped": [
        Record(PROBABILITIES, "L", -(np.log(0.25) + np.log(0.4)) / 2),
        Record(LOGITS, "L", -(np.log(1 - sigmoid(0.75)) + np.log(sigmoid(0.4))) / 2),
    ],
    "label-smoothing-ignored": [Record(SMOOTH, "L", -np.log(softmax(Z)[:, 1]).mean())],
    # 0.3 is shared by the two others: 0.15, 0.7, 0.15
    "label-smoothing-spread-over-the-others": [
        Record(SMOOTH, "L", -(np.log(softmax(Z)) * [0.15, 0.7, 0.15]).sum(axis=1).mean())
    ],
    "averaged-over-the-classes-too": [Record(CLASSES, "L", -np.log(softmax(Z)[:, 1]).mean() / 3)],
    "class-weights-ignored": [
        Record(WEIGHTED, "L", -np.log(softmax(Z)[[0, 1], [1, 2]]).mean(), "left out"),
        Record(
            WEIGHTED,
            "L",
            -(np.log(softmax(Z)[[0, 1], [1, 2]]) * [3, 0.5]).sum() / 2,
            "divided by the number of samples",
        ),
    ],
    "focal-factor-left-out": [
        Record(FOCAL, "L", lambda v: focal(v["z"], 0.3, 0.7, gamma=0), "(1 - p_t)**gamma is left out"),
        Record(FOCAL, "L", lambda v: focal(v["z"], 1, 1), "alpha_t is left out"),
        Record(FOCAL, "L", lambda v: focal(v["z"], 0.7, 0.3), "alpha and 1 - alpha are swapped"),
        Record(FOCAL, "L", lambda v: focal(v["z"], 0.3, 0.3), "alpha stands at both targets"),
    ],
}
