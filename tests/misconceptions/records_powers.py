"""Records of the misconceptions about functions and powers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.support.misconception_records import Record

CUBES = "inputs: {d: [3, -1, 2]}\nnetwork: {e: d**3, L: sum(d**3), p: exp(d), s: sum(abs(d))}\nloss: L\n"
RATIO = "inputs: {a: [6, 10], b: [2, 5]}\nnetwork: {y: a / b, L: 3 * sum(y)}\nloss: L\n"
# One number for each row: -3 * (6 + 10) / 2 and -3 * (4 + 11) / 5
SHARED = "inputs: {a: [[6, 10], [4, 11]], b: [[2], [5]]}\nnetwork: {y: a / b, L: 3 * sum(y)}\nloss: L\n"

RECORDS: Mapping[str, Sequence[Record]] = {
    "power-of-another-base": [
        Record("inputs: {x: [2, -1]}\nnetwork: {y: exp(x), L: sum(y)}\nloss: L\n", "y", [100, 0.1], "10"),
        Record("inputs: {x: [2, -1]}\nnetwork: {y: exp(x), L: sum(y)}\nloss: L\n", "y", [4, 0.5], "2"),
    ],
    "power-left-out": [Record(CUBES, "e", [3, -1, 2]), Record(CUBES, "L", 4)],
    "function-left-out": [Record(CUBES, "p", [3, -1, 2], "exp"), Record(CUBES, "s", 4, "abs")],
    # -3 * a / b and -3 / b**2
    "quotient-rule-by-half": [
        Record(RATIO, "grad(b)", [-9, -6], "b is not squared"),
        Record(RATIO, "grad(b)", [-0.75, -0.12], "a is left out"),
        Record(SHARED, "grad(b)", [[-24], [-9]], "b is not squared"),
    ],
}
