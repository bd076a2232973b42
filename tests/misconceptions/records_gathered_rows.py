"""Records of the misconceptions about rows that are looked up more than once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.support.misconception_records import Record

# The rows 1, 0 and 1 are [3, 5, 9], [1, 2, 4] and [3, 5, 9]; each once they add up to [4, 7, 13].
WORDS = """
inputs: {i: [1, 0, 1]}
weights: {T: [[1, 2, 4], [3, 5, 9]]}
network: {V: "embedding(i, T)", m: "mean(V, axis=0)"}
upstream: {m: [3, 6, -3]}
"""

RECORDS: Mapping[str, Sequence[Record]] = {
    "repeated-rows-counted-once": [
        Record(WORDS, "m", [2, 3.5, 6.5], "divided by the number of different ones"),
        Record(WORDS, "m", [4 / 3, 7 / 3, 13 / 3], "divided by the number of all"),
    ],
    "repeated-rows-counted-once-on-the-way-back": [Record(WORDS, "grad(V)", [[1.5, 3, -1.5]] * 3)],
}
