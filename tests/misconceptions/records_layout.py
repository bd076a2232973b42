"""Records of the misconceptions about the order of entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.support.misconception_records import Record
from tests.support.tiny import tiny

MATRIX = tiny("x: [[1, 2, 3], [4, 5, 6]]", y="flatten(x)", upstream="y: [10, 20, 30, 40, 50, 60]")
BATCH = tiny("x: [[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]]", y="flatten(x, start_dim=1)")
IMAGE = tiny("x: [[[1, 2, 3]], [[4, 5, 6]]]", y="flatten(x)", upstream="y: [10, 20, 30, 40, 50, 60]")
FILLED = tiny("x: [1, 2, 3, 4, 5, 6]", y="reshape(x, [2, 1, 3])")
TWO_BY_TWO = tiny("x: [1, 2, 3, 4, 5, 6, 7, 8]", y="reshape(x, [2, 2, 2])")
PICKED = tiny("x: [1, 2, 4]", y="x[1]", loss="y")
HALVES = tiny("x: [1, 2, 4, 8]", y="3 * x[:2]", z="5 * x[2:]")
JOINED = tiny("a: [1, 2], b: [4, 8]", y="concatenate([a, b])", upstream="y: [10, 20, 30, 40]")
STACKED = tiny("a: [1, 2], b: [4, 8]", y="stack([a, b])", upstream="y: [[10, 20], [30, 40]]")
BORDER = tiny("x: [[1, 2]]", y="pad(x, [1, 0, 0, 1])")
MOVED = tiny("x: [1, 2, 4, 8]", y="roll(x, 1)")

RECORDS: Mapping[str, Sequence[Record]] = {
    # the weights meet the image row by row; what arrives is 3
    "factor-read-in-another-order": [
        Record(
            tiny("x: [[1, 2, 3], [4, 5, 6]], w: [1, 0, 2, 1, 1, 3]", y="w @ flatten(x)", upstream="y: 3"),
            "grad(w)",
            [3, 12, 6, 15, 9, 18],
            "column by column",
        )
    ],
    "read-in-another-order": [
        Record(TWO_BY_TWO, "y", [[[1, 3], [2, 4]], [[5, 7], [6, 8]]], "each channel by columns"),
        Record(TWO_BY_TWO, "y", [[[5, 6], [7, 8]], [[1, 2], [3, 4]]], "the channels reversed"),
        Record(IMAGE, "y", [4, 5, 6, 1, 2, 3], "the channels reversed"),
        Record(MATRIX, "y", [1, 4, 2, 5, 3, 6], "column by column"),
        Record(BATCH, "y", [[1, 4, 2, 5, 3, 6], [7, 10, 8, 11, 9, 12]], "column by column"),
        Record(IMAGE, "y", [1, 4, 2, 5, 3, 6], "the channels last"),
        Record(FILLED, "y", [[[1, 3, 5]], [[2, 4, 6]]], "the channels last"),
        Record(FILLED, "y", [[[1, 3, 5]], [[2, 4, 6]]], "column by column"),
    ],
    "sent-back-in-another-order": [
        Record(MATRIX, "grad(x)", [[10, 30, 50], [20, 40, 60]], "column by column"),
        Record(IMAGE, "grad(x)", [[[10, 30, 50]], [[20, 40, 60]]], "the channels last"),
    ],
    "index-counted-from-one": [
        Record(PICKED, "y", 1, "the entry before"),
        Record(PICKED, "y", 4, "the entry behind"),
    ],
    "other-half-taken": [Record(HALVES, "y", [12, 24]), Record(HALVES, "z", [5, 10])],
    "joined-in-the-wrong-order": [
        Record(JOINED, "y", [4, 8, 1, 2]),
        Record(STACKED, "y", [[4, 8], [1, 2]]),
    ],
    "parted-in-the-wrong-order": [
        Record(JOINED, "grad(a)", [30, 40]),
        Record(JOINED, "grad(b)", [10, 20]),
        Record(STACKED, "grad(b)", [10, 20]),
    ],
    # one column of zeros before, one row of zeros behind
    "border-on-the-wrong-side": [
        Record(BORDER, "y", [[0, 0, 0], [1, 2, 0]], "the sides swapped"),
        Record(BORDER, "y", [[1, 2, 0], [0, 0, 0]], "all of it behind"),
        Record(BORDER, "y", [[0, 0, 0], [0, 1, 2]], "all of it before"),
        Record(BORDER, "y", [[0, 0, 0], [1, 2, 0]], "the axes swapped"),
    ],
    "moved-the-wrong-way": [Record(MOVED, "y", [2, 4, 8, 1])],
    "whole-repeated-for-each-entry": [
        Record(tiny("x: [1, 2, 4]", y="repeat(x, 2)"), "y", [1, 2, 4, 1, 2, 4]),
        Record(tiny("x: [1, 2, 4]", y="tile(x, 2)"), "y", [1, 1, 2, 2, 4, 4]),
    ],
}
