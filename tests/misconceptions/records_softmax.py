"""Records of the misconceptions about softmax."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tests.support.misconception_records import Record
from tests.support.tiny import tiny

Z = "z: [[1, 2, 0.5], [0.25, -1, 3]]"
ROWS = tiny(Z, p="softmax(z)", upstream="p: [[1, -2, 0.5], [3, 0.25, 1]]")
LOGS = tiny(Z, q="log_softmax(z)", upstream="q: [[1, -2, 0.5], [3, 1, 2]]")
ONE = tiny("z: [1, 2, -0.5]", p="softmax(z)", ask="jacobian(p, z)")
WARM = tiny("z: [1, 2, -0.5], T: 2", p="softmax(z / T)")
G = np.array([[1, -2, 0.5], [3, 0.25, 1]])

RECORDS: Mapping[str, Sequence[Record]] = {
    "softmax-over-the-wrong-axis": [
        Record(ROWS, "p", lambda v: np.exp(v["z"]) / np.exp(v["z"]).sum(axis=0), "along axis 0"),
        Record(ROWS, "p", lambda v: np.exp(v["z"]) / np.exp(v["z"]).sum(), "over all entries together"),
        Record(LOGS, "q", lambda v: np.log(np.exp(v["z"]) / np.exp(v["z"]).sum(axis=0)), "along axis 0"),
    ],
    "softmax-not-normalised": [
        Record(ROWS, "p", lambda v: np.exp(v["z"])),
        Record(LOGS, "q", [[1, 2, 0.5], [0.25, -1, 3]]),
    ],
    # 1 + 2 + 0.5 = 3.5 and 0.25 - 1 + 3 = 2.25
    "softmax-without-the-exponential": [
        Record(ROWS, "p", [[1 / 3.5, 2 / 3.5, 0.5 / 3.5], [0.25 / 2.25, -1 / 2.25, 3 / 2.25]])
    ],
    "softmax-divided-by-the-largest": [
        Record(ROWS, "p", [[np.exp(-1), 1, np.exp(-1.5)], [np.exp(-2.75), np.exp(-4), 1]]),
        Record(LOGS, "q", [[-1, 0, -1.5], [-2.75, -4, 0]]),
    ],
    "softmax-of-the-opposite": [
        Record(ROWS, "p", lambda v: np.exp(-v["z"]) / np.exp(-v["z"]).sum(axis=1, keepdims=True))
    ],
    "softmax-as-sigmoid": [
        Record(ROWS, "p", lambda v: 1 / (1 + np.exp(-v["z"]))),
        Record(LOGS, "q", lambda v: -np.log(1 + np.exp(-v["z"]))),
    ],
    "temperature-forgotten": [
        Record(WARM, "p", lambda v: np.exp(v["z"]) / np.exp(v["z"]).sum(), "left out"),
        Record(WARM, "p", lambda v: np.exp(2 * v["z"]) / np.exp(2 * v["z"]).sum(), "multiplied by it"),
        Record(WARM, "p", lambda v: np.exp(v["z"]) / np.exp(v["z"]).sum() / 2, "applied last"),
    ],
    "softmax-derivative-diagonal": [
        Record(ROWS, "grad(z)", lambda v: G * v["p"] * (1 - v["p"])),
        Record(ONE, "jacobian(p, z)", lambda v: np.diag(v["p"] * (1 - v["p"]))),
    ],
    "softmax-derivative-left-out": [
        Record(ROWS, "grad(z)", G),
        Record(LOGS, "grad(z)", [[1, -2, 0.5], [3, 1, 2]]),
    ],
    "softmax-derivative-without-the-sum": [Record(ROWS, "grad(z)", lambda v: G * v["p"])],
    "softmax-derivative-along-the-wrong-axis": [
        Record(ROWS, "grad(z)", lambda v: v["p"] * (G - (G * v["p"]).sum(axis=0)), "along axis 0"),
        Record(ROWS, "grad(z)", lambda v: v["p"] * (G - (G * v["p"]).sum()), "over all entries"),
        # the columns of what arrives add up to 4, -1 and 2.5
        Record(LOGS, "grad(z)", lambda v: [[1, -2, 0.5], [3, 1, 2]] - np.exp(v["q"]) * [4, -1, 2.5], "along axis 0"),
    ],
    "softmax-jacobian-without-its-minus-sign": [
        Record(
            ONE,
            "jacobian(p, z)",
            lambda v: np.outer(v["p"], v["p"]) * (1 - np.eye(3)) + np.diag(v["p"] * (1 - v["p"])),
        ),
    ],
}
