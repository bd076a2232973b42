"""Records of the misconceptions about convolutions, there and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from hwcheck.graph.node import Array
from tests.support.misconception_records import Record
from tests.support.tiny import tiny


def slide(x: npt.ArrayLike, k: npt.ArrayLike, step: int = 1, gap: int = 1) -> Array:
    """A kernel laid on an image as it is written, in one channel, window by window."""
    image, kernel = np.asarray(x, dtype=np.float64), np.asarray(k, dtype=np.float64)
    high, wide = (gap * (length - 1) + 1 for length in kernel.shape)
    return np.array(
        [
            [
                (image[i : i + high : gap, j : j + wide : gap] * kernel).sum()
                for j in range(0, image.shape[1] - wide + 1, step)
            ]
            for i in range(0, image.shape[0] - high + 1, step)
        ]
    )


def stamp(x: npt.ArrayLike, k: npt.ArrayLike, step: int = 1) -> Array:
    """Copies of a kernel put down for each entry of an image, and added up where they overlap."""
    image, kernel = np.asarray(x, dtype=np.float64), np.asarray(k, dtype=np.float64)
    size = [step * (a - 1) + b for a, b in zip(image.shape, kernel.shape, strict=True)]
    y = np.zeros(size)
    for (i, j), value in np.ndenumerate(image):
        y[step * i : step * i + kernel.shape[0], step * j : step * j + kernel.shape[1]] += value * kernel
    return y


X = np.array([[1.0, 2, 0, 3], [4, -1, 2, 1], [0, 5, 1, -2]])
K = np.array([[1.0, 2], [3, -4]])
G = np.array([[1.0, -2, 3], [0.5, 4, -1]])  # what arrives at the two by three places of K on X
FLAT = "x: [[[1, 2, 0, 3], [4, -1, 2, 1], [0, 5, 1, -2]]], k: [[[[1, 2], [3, -4]]]]"
UP = "y: [[[1, -2, 3], [0.5, 4, -1]]]"
PLAIN = tiny(FLAT, y="conv2d(x, k)", upstream=UP)
FLIPPED = tiny(FLAT, y="conv2d(x, k, flip=True)", upstream=UP)

# One axis of space: two channels, two filters.
SERIES = "x: [[1, 2, 4], [3, 0, -1]], w: [[[1, 2], [3, 5]], [[-1, 4], [2, 7]]], b: [10, 20]"
CHANNELS = tiny(SERIES, y="conv1d(x, w, b)", upstream="y: [[1, -2], [3, 0.5]]")

ROW = "x: [[1, 2, 4, 8, 16]], w: [[[1, 3, 5]]]"
SAME = tiny(ROW, y="conv1d(x, w, padding=1)", upstream="y: [[1, -1, 2, 3, 5]]")
STRIDED = tiny(ROW, y="conv1d(x, w, stride=2)", upstream="y: [[1, 10]]")
APART = tiny("x: [[1, 2, 4, 8, 16]], w: [[[1, 3]]]", y="conv1d(x, w, dilation=2)")
STEPS = tiny(FLAT.replace("[[[1, 2, 0, 3]", "[[[1, 2, 0, 3], [7, 0, 6, 2]"), y="conv2d(x, k, stride=2)")
TALL = np.array([[1.0, 2, 0, 3], [7, 0, 6, 2], [4, -1, 2, 1], [0, 5, 1, -2]])

UPWARD = tiny("x: [[1, 2]], w: [[[1, 3, 5]]]", y="conv_transpose1d(x, w, stride=2, padding=1)")
LARGER = tiny("x: [[[1, 2], [3, -1]]], k: [[[[1, 2], [3, -4]]]]", y="conv_transpose2d(x, k)")


def padded(wide: Sequence[float]) -> Array:
    """The sums of a padded row under the kernel 1, 3, 5."""
    row = np.asarray(wide, dtype=np.float64)
    return np.array([[row[i] + 3 * row[i + 1] + 5 * row[i + 2] for i in range(len(row) - 2)]])


RECORDS: Mapping[str, Sequence[Record]] = {
    "kernel-flipped": [
        Record(PLAIN, "y", [slide(X, [[-4, 3], [2, 1]])]),
        Record(PLAIN, "y", [slide(X, [[2, 1], [-4, 3]])], "left to right only"),
        Record(PLAIN, "y", [slide(X, [[3, -4], [1, 2]])], "upside down only"),
        Record(LARGER, "y", [stamp([[1, 2], [3, -1]], [[-4, 3], [2, 1]])]),
    ],
    "kernel-not-flipped": [Record(FLIPPED, "y", [slide(X, K)])],
    "kernel-transposed": [Record(PLAIN, "y", [slide(X, K.T)])],
    # filter 0: channel 0 gives 1 + 4 and 2 + 8, channel 1 gives 9 + 0 and 0 - 5
    "one-channel-only": [
        Record(CHANNELS, "y", [[5 + 10, 10 + 10], [-1 + 8 + 20, -2 + 16 + 20]], "channel 0 alone"),
        Record(CHANNELS, "y", [[9 + 10, -5 + 10], [6 + 0 + 20, 0 - 7 + 20]], "channel 1 alone"),
    ],
    # the channels added up are 4, 2, 3
    "one-kernel-for-all-channels": [
        Record(CHANNELS, "y", [[4 + 4 + 10, 2 + 6 + 10], [-4 + 8 + 20, -2 + 12 + 20]], "that of channel 0")
    ],
    "kernels-swapped": [
        Record(
            CHANNELS,
            "y",
            [[3 + 10 + 3 + 0 + 10, 6 + 20 + 0 - 2 + 10], [2 + 14 - 3 + 0 + 20, 4 + 28 + 0 - 4 + 20]],
            "the channels that come in, reversed",
        ),
        Record(
            CHANNELS,
            "y",
            [[-1 + 8 + 6 + 0 + 10, -2 + 16 + 0 - 7 + 10], [5 + 9 + 20, 10 - 5 + 20]],
            "the filters, reversed",
        ),
        Record(
            CHANNELS,
            "y",
            [[1 + 4 - 3 + 0 + 10, 2 + 8 + 0 - 4 + 10], [3 + 10 + 6 + 0 + 20, 6 + 20 + 0 - 7 + 20]],
            "filters taken for channels",
        ),
    ],
    "border-of-the-result-left-at-zero": [Record(SAME, "y", [[0, 27, 54, 108, 0]])],
    "padding-on-one-side": [
        Record(SAME, "y", padded([1, 2, 4, 8, 16, 0, 0]), "all of it behind"),
        Record(SAME, "y", padded([0, 0, 1, 2, 4, 8, 16]), "all of it before"),
    ],
    "border-of-other-values": [
        Record(SAME, "y", padded([1, 1, 2, 4, 8, 16, 16]), "its edge repeated"),
        Record(SAME, "y", padded([2, 1, 2, 4, 8, 16, 8]), "the image mirrored"),
        Record(SAME, "y", padded([16, 1, 2, 4, 8, 16, 1]), "its other side"),
    ],
    # one entry apart the windows give 27, 54 and 108
    "stride-ignored": [
        Record(STRIDED, "y", [[27, 54]]),
        Record(STEPS, "y", [slide(TALL, K)[:2, :2]]),
        Record(STEPS, "y", [slide(TALL, K)[::2, :2]], "from column to column only"),
        Record(STEPS, "y", [slide(TALL, K)[:2, ::2]], "from row to row only"),
    ],
    "dilation-ignored": [Record(APART, "y", [[1 + 6, 2 + 12, 4 + 24]])],
    # the copies 1, 3, 5 and 2, 6, 10 are two apart: 1, 3, 7, 6, 10; the right result begins with 3
    "transposed-border-not-cut": [Record(UPWARD, "y", [[1, 3, 7]])],
    # side by side: 1, 5, 11, 10; without the border 5 and 11, and one entry is missing
    "transposed-stride-ignored": [Record(UPWARD, "y", [[5, 11, 0]])],
    "kernel-not-turned-on-the-way-back": [
        Record(PLAIN, "grad(x)", [slide(np.pad(G, 1), K)]),
        Record(SAME, "grad(x)", padded([0, 1, -1, 2, 3, 5, 0])),
    ],
    "weight-gradient-turned-round": [
        Record(PLAIN, "grad(k)", [[slide(X, G)[::-1, ::-1]]], "the result is turned"),
        Record(PLAIN, "grad(k)", [[slide(X[::-1, ::-1], G)]], "the image is turned"),
    ],
    "weight-gradient-from-one-window": [
        Record(PLAIN, "grad(k)", [[1 * X[:2, :2]]], "the first"),
        Record(PLAIN, "grad(k)", [[-1 * X[1:, 2:]]], "the last"),
        Record(STRIDED, "grad(w)", [[[40, 80, 160]]], "the last"),
        Record(SAME, "grad(w)", [[[0, 1, 2]]], "the first"),
    ],
    # the windows 1, 2, 4 and 2, 4, 8 in place of 4, 8, 16
    "weight-gradient-without-the-stride": [Record(STRIDED, "grad(w)", [[[1 + 20, 2 + 40, 4 + 80]]])],
    # filter 0 sends 1, -2 through 1, 2 and 3, 5
    "gradient-from-one-filter": [
        Record(CHANNELS, "grad(x)", [[1, 2 - 2, -4], [3, 5 - 6, -10]], "filter 0 alone"),
        Record(CHANNELS, "grad(x)", [[-3, 12 - 0.5, 2], [6, 21 + 1, 3.5]], "filter 1 alone"),
    ],
    # copies of 1, 3, 5, one entry apart: 1, 3 - 1, 5 - 3 + 2, ...
    "border-not-cut-on-the-way-back": [Record(SAME, "grad(x)", [[1, 2, 4, -5 + 6 + 3, 10 + 9 + 5]])],
    "kernels-swapped-on-the-way-back": [
        # the gradient of the kernels is [[[1 - 4, 2 - 8], [3, 1]], [[3 + 1, 6 + 2], [9, -0.5]]]
        Record(CHANNELS, "grad(w)", [[[4, 8], [9, -0.5]], [[-3, -6], [3, 2]]], "of the gradient"),
        Record(CHANNELS, "grad(w)", [[[3, 2], [-3, -6]], [[9, -0.5], [4, 8]]], "the channels of the gradient"),
        Record(
            CHANNELS,
            "grad(x)",
            [[-1 + 3, 4 + 2 + 6 + 0.5, -8 + 1], [2 + 9, 7 - 4 + 15 + 1.5, -14 + 2.5]],
        ),
    ],
}
