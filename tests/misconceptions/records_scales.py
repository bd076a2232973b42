"""Records of the misconceptions about gradients that are twice or half as large."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.support.misconception_records import Record

# The gradient of 3 * a * b in a is 3 * b.
PRODUCT = "inputs: {a: [2, 3], b: [5, 7]}\nnetwork: {L: 3 * sum(a * b)}\nloss: L\n"
NAMED = "weights: {w: 2}\nnetwork: {J: 3 * w, g: 'grad(J, w)', L: g * g}\nloss: L\n"

RECORDS: Mapping[str, Sequence[Record]] = {
    "gradient-off-by-a-factor-of-two": [
        Record(PRODUCT, "grad(a)", [30, 42], "2"),
        Record(PRODUCT, "grad(a)", [7.5, 10.5], "1/2"),
        Record(NAMED, "g", 6, "2"),
    ],
}
