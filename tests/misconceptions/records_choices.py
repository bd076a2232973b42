"""Records of the misconceptions about cases, the larger and the smaller, and limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.support.misconception_records import Record
from tests.support.tiny import tiny

CASES = tiny("x: [1, -2, 3]", y="where(x > 0, 10 * x, x - 1)")
HUBER = tiny("a: [1.5, 4], b: [1, 1]", L="huber_loss(a, b, reduction='sum')", loss="L")
CLIPPED = tiny("x: [1, -2, 3]", y="clip(x, -1, 2)")
LARGER = tiny("a: [1, 5], b: [2, 4]", y="maximum(a, b)", z="min(a)")

RECORDS: Mapping[str, Sequence[Record]] = {
    "cases-confused": [
        Record(CASES, "y", [0, -20, 2], "each where the other belongs"),
        Record(CASES, "y", [10, -20, 30], "the first everywhere"),
        Record(CASES, "y", [0, -3, 2], "the second everywhere"),
        # the differences are 0.5 and 3
        Record(HUBER, "L", 0.125 + 4.5, "the first everywhere"),
        Record(HUBER, "L", 0 + 2.5, "the second everywhere"),
    ],
    "smaller-for-larger": [Record(LARGER, "y", [1, 4]), Record(LARGER, "z", 5)],
    "limits-ignored": [
        Record(CLIPPED, "y", [1, -2, 3], "both"),
        Record(CLIPPED, "y", [1, -2, 2], "the lower one"),
        Record(CLIPPED, "y", [1, -1, 3], "the upper one"),
    ],
}
