"""Records of the misconceptions about normalization."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from hwcheck.graph.node import Array
from tests.support.misconception_records import Record
from tests.support.tiny import tiny

X = np.array([[1.0, 3, 8], [2, -4, 5]])
GAMMA, BETA = np.array([2.0, 1, -1]), np.array([0.5, 3, 1])
GIVEN = "x: [[1, 3, 8], [2, -4, 5]], gamma: [2, 1, -1], beta: [0.5, 3, 1]"
UP = "y: [[1, -2, 0.5], [3, 0.25, 1]]"
LAYER = tiny(GIVEN, y="layer_norm(x, weight=gamma, bias=beta, eps=0.02)", upstream=UP)
OUTSIDE = tiny(GIVEN, y="layer_norm(x, weight=gamma, bias=beta, eps=0.02, eps_place='outside')", upstream=UP)
BATCH = tiny(GIVEN, y="batch_norm(x, weight=gamma, bias=beta, training=True, eps=0.02)", upstream=UP)
RUNNING = tiny("x: [[1, 3], [2, -4], [0, 7]], m: [0.5, 1], v: [4, 9]", y="batch_norm(x, m, v, training=True, eps=0)")
SQUARES = tiny("x: [3, 4]", y="rms_norm(x, eps=0)")
WRITTEN = tiny(
    "x: [1, 3, 8]",
    mu="mean(x)",
    v="mean((x - mu)**2)",
    y="(x - mu) / sqrt(v + 0.01)",
    upstream="y: [1, -2, 0.5]",
)
OUTER = tiny("x: [1, 3, 8], v: 4", y="x / (sqrt(v) + 0.01)")
SAMPLE = tiny("x: [1, 3, 8]", s="std(x, ddof=1)", loss="s")


def mean(x: Array, axis: int = 1) -> Array:
    m: Array = x.mean(axis=axis, keepdims=True)
    return m


def var(x: Array, axis: int = 1) -> Array:
    v: Array = ((x - mean(x, axis)) ** 2).mean(axis=axis, keepdims=True)
    return v


ROOT = np.sqrt(var(X) + 0.02)
XHAT = (X - mean(X)) / ROOT
OTHER = X - X.mean(axis=0)

RECORDS: Mapping[str, Sequence[Record]] = {
    # the means are 4 and 1, the squares add up to 9 + 1 + 16 = 26 and 1 + 25 + 16 = 42
    "variance-divided-by-n-minus-one": [
        Record(LAYER, "y.var", [13, 21]),
        Record(LAYER, "y", GAMMA * (X - mean(X)) / np.sqrt([[13.02], [21.02]]) + BETA),
        Record(WRITTEN, "v", 13),
        Record(SAMPLE, "s", np.sqrt(26 / 3)),
    ],
    "standard-deviation-for-variance": [
        Record(SAMPLE, "s", 13),
        Record(WRITTEN, "v", np.sqrt(26 / 3)),
        Record(LAYER, "y.var", [np.sqrt(26 / 3), np.sqrt(14)]),
    ],
    "epsilon-in-the-wrong-place": [
        Record(LAYER, "y.xhat", (X - mean(X)) / (np.sqrt(var(X)) + 0.02), "outside the root"),
        Record(LAYER, "y.xhat", (X - mean(X)) / np.sqrt(var(X)), "left out"),
        Record(LAYER, "y", GAMMA * (X - mean(X)) / (np.sqrt(var(X)) + 0.02) + BETA, "outside the root"),
        Record(OUTSIDE, "y.xhat", XHAT, "inside the root"),
        Record(OUTER, "y", np.array([1, 3, 8]) / np.sqrt(4.01), "inside the root"),
        Record(OUTER, "y", [0.5, 1.5, 4], "left out"),
    ],
    "divided-by-the-variance": [
        Record(LAYER, "y", GAMMA * (X - mean(X)) / (var(X) + 0.02) + BETA),
        # the mean square of 3 and 4 is 12.5
        Record(SQUARES, "y", [3 / 12.5, 4 / 12.5]),
    ],
    "mean-not-subtracted": [
        Record(LAYER, "y.xhat", X / ROOT),
        Record(LAYER, "y", GAMMA * X / ROOT + BETA),
        Record(WRITTEN, "y", np.array([1, 3, 8]) / np.sqrt(26 / 3 + 0.01)),
    ],
    "normalized-over-the-wrong-axes": [
        Record(LAYER, "y", GAMMA * OTHER / np.sqrt(var(X, 0) + 0.02) + BETA, "over axis 0"),
        Record(LAYER, "y", GAMMA * (X - X.mean()) / np.sqrt(X.var() + 0.02) + BETA, "over axes 0, 1"),
        Record(BATCH, "y", GAMMA * XHAT + BETA, "over axis 1"),
    ],
    "scale-and-shift-confused": [
        Record(LAYER, "y", XHAT + BETA, "gamma is left out"),
        Record(LAYER, "y", XHAT * BETA + GAMMA, "gamma and beta are swapped"),
        Record(LAYER, "y", (XHAT + BETA) * GAMMA, "beta is added before gamma multiplies"),
    ],
    "running-statistics-confused": [
        Record(RUNNING, "y", [[0.25, 2 / 3], [0.75, -5 / 3], [-0.25, 2]]),
    ],
    "statistics-taken-as-constants": [
        Record(LAYER, "grad(x)", lambda v: v["grad(y)"] * GAMMA / ROOT),
        Record(WRITTEN, "grad(x)", np.array([1, -2, 0.5]) / np.sqrt(26 / 3 + 0.01)),
    ],
}
