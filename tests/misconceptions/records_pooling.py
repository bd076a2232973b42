"""Records of the misconceptions about pooling, on the windows [1, -6; 3, 2] and [5, 4; 0, 7] side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.support.misconception_records import Record
from tests.support.tiny import tiny

X = "x: [[1, -6, 5, 4], [3, 2, 0, 7]]"
LARGEST = tiny(X, y="max_pool2d(x, 2)", upstream="y: [[8, 12]]")
MEANS = tiny(X, y="avg_pool2d(x, 2)", upstream="y: [[8, 12]]")
OF_THREE = tiny("x: [[1, -6, 5, 4, 9, 3]]", y="avg_pool2d(x, [1, 3])")
EDGE = tiny("x: [[1, 2, 6]]", y="avg_pool1d(x, 3, stride=1, padding=1)")
ROW = tiny("x: [[1, 3, 2, 8]]", y="max_pool1d(x, 2)")
TIES = tiny("x: [[4, 4, 2, 8]]", y="max_pool1d(x, 2)", upstream="y: [[6, 10]]")

RECORDS: Mapping[str, Sequence[Record]] = {
    "average-for-the-largest": [Record(LARGEST, "y", [[0, 4]])],
    "smallest-for-the-largest": [
        Record(LARGEST, "y", [[-6, 0]], "the smallest"),
        Record(LARGEST, "y", [[-6, 7]], "that of the largest size"),
    ],
    "largest-for-the-average": [Record(MEANS, "y", [[3, 7]])],
    "window-divided-wrongly": [
        Record(MEANS.replace("-6", "6"), "y", [[12, 16]], "not divided at all"),
        Record(MEANS.replace("-6", "6"), "y", [[6, 8]], "divided by 2"),
        Record(OF_THREE, "y", [[0, 16]], "not divided at all"),
    ],
    "padding-counted-wrongly": [Record(EDGE, "y", [[1.5, 3, 4]])],
    "windows-one-apart": [Record(ROW, "y", [[3, 3]]), Record(LARGEST, "y", [[3, 5]])],
    "gradient-spread-over-the-window": [
        Record(LARGEST, "grad(x)", [[2, 2, 3, 3], [2, 2, 3, 3]], "shared out evenly"),
        Record(LARGEST, "grad(x)", [[8, 8, 12, 12], [8, 8, 12, 12]], "the whole to each"),
    ],
    "gradient-to-the-wrong-entry": [
        Record(LARGEST, "grad(x)", [[8, 0, 12, 0], [0, 0, 0, 0]], "to the first"),
        Record(LARGEST, "grad(x)", [[0, 0, 0, 0], [0, 8, 0, 12]], "to the last"),
        Record(LARGEST, "grad(x)", [[0, 8, 0, 0], [0, 0, 12, 0]], "to the smallest"),
    ],
    "gradient-to-each-of-the-largest": [
        Record(TIES, "grad(x)", [[6, 6, 0, 10]], "the whole to each"),
        Record(TIES, "grad(x)", [[3, 3, 0, 10]], "shared out among them"),
    ],
    "gradient-of-the-average-not-divided": [Record(MEANS, "grad(x)", [[8, 8, 12, 12], [8, 8, 12, 12]])],
    "gradient-of-the-average-to-one-entry": [
        Record(MEANS, "grad(x)", [[0, 0, 0, 0], [8, 0, 0, 12]], "to the largest"),
        Record(MEANS, "grad(x)", [[8, 0, 12, 0], [0, 0, 0, 0]], "to the first"),
    ],
}
