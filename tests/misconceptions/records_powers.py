"""Records of the misconceptions about functions and powers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.support.misconception_records import Record

SQUARES = 'inputs: {d: [3, -1, 2]}\nnetwork: {e: d**2, L: sum(d**2), M: "mean(d**2)", r: sqrt(L)}\nloss: r\n'
RATIO = "inputs: {a: [6, 10], b: [2, 5]}\nnetwork: {y: a / b, L: 3 * sum(y)}\nloss: L\n"

RECORDS: Mapping[str, Sequence[Record]] = {
    "power-left-out": [Record(SQUARES, "e", [3, -1, 2]), Record(SQUARES, "L", 4)],
    "function-left-out": [
        Record(SQUARES, "r", 14, "sqrt"),
        Record("inputs: {p: 0.25}\nnetwork: {L: -log(p)}\nloss: L\n", "L", -0.25, "log"),
    ],
    # (3 - 1 + 2)**2, and the square of its third
    "square-of-the-sum": [Record(SQUARES, "L", 16), Record(SQUARES, "M", 16 / 9)],
    # -3 * a / b and -3 / b**2
    "quotient-rule-by-half": [
        Record(RATIO, "grad(b)", [-9, -6], "b is not squared"),
        Record(RATIO, "grad(b)", [-0.75, -0.12], "a is left out"),
    ],
}
