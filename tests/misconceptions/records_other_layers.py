"""Records of the misconceptions about embeddings, dropout, graphs, variational autoencoders and resampling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tests.support.misconception_records import Record
from tests.support.tiny import tiny

TABLE = tiny("t: [1, 0, 1], E: [[1, 2], [3, 4]]", y="embedding(t, E)", upstream="y: [[1, 2], [4, 8], [16, 32]]")
DROPPED = tiny("x: [1, -2, 3], m: [1, 0, 1]", y="dropout(x, m, p=0.2)")
# a path of three nodes; with self loops the degrees are 2, 3 and 2
PATH = tiny("A: [[0, 1, 0], [1, 0, 1], [0, 1, 0]]", y="normalized_adjacency(A)")
BARE = tiny("A: [[0, 1, 0], [1, 0, 1], [0, 1, 0]]", y="normalized_adjacency(A, self_loops=False)")
MESSAGES = tiny("x: [[1], [2], [4]], A: [[0, 1, 0], [1, 0, 1], [0, 1, 0]]", y="message_passing(x, A)")
DRAWN = tiny("mu: [1, 2], v: [0.5, -1], e: [1, -0.5]", y="reparameterize(mu, v, e)")
LARGER = tiny("x: [[[1, 5]]]", y="interpolate(x, scale_factor=2)")
SMOOTH = tiny("x: [[[1, 5]]]", y="interpolate(x, scale_factor=2, mode='linear')")
SHUFFLED = tiny("x: [[[[1]], [[2]], [[3]], [[4]], [[5]], [[6]], [[7]], [[8]]]]", y="pixel_shuffle(x, 2)")
R = np.sqrt(0.5)
LOOPS = 'inputs: {A: [[0, 1], [1, 0]], x: [3, 5]}\nnetwork: {B: "A + [[1, 0], [0, 1]]", L: sum(B @ x)}\nloss: L\n'

RECORDS: Mapping[str, Sequence[Record]] = {
    "repeated-rows-overwritten": [
        Record(TABLE, "grad(E)", [[4, 8], [16, 32]], "the last one"),
        Record(TABLE, "grad(E)", [[4, 8], [1, 2]], "the first one"),
        Record(TABLE, "grad(E)", [[4, 8], [8.5, 17]], "their mean"),
    ],
    "dropout-scaled-wrongly": [
        Record(DROPPED, "y", [5, 0, 15], "divided by p"),
        Record(DROPPED, "y", [0.8, 0, 2.4], "multiplied by 1 - p"),
    ],
    "self-loops-left-out": [
        Record(LOOPS, "B", [[0, 1], [1, 0]], "left out"),
        Record(PATH, "y", [[0, R, 0], [R, 0, R], [0, R, 0]], "left out"),
        Record(
            BARE,
            "y",
            [[1 / 2, 1 / np.sqrt(6), 0], [1 / np.sqrt(6), 1 / 3, 1 / np.sqrt(6)], [0, 1 / np.sqrt(6), 1 / 2]],
            "added",
        ),
    ],
    "adjacency-normalized-wrongly": [
        Record(PATH, "y", [[1 / 2, 1 / 2, 0], [1 / 3, 1 / 3, 1 / 3], [0, 1 / 2, 1 / 2]], "by the degree of the row"),
        Record(PATH, "y", [[1, 1, 0], [1, 1, 1], [0, 1, 1]], "not at all"),
    ],
    "neighbours-put-together-wrongly": [
        Record(MESSAGES, "y", [[2], [2.5], [2]], "their mean"),
        Record(MESSAGES, "y", [[2], [4], [2]], "the largest of them"),
    ],
    "variance-in-another-form": [
        Record(DRAWN, "y", [1 + np.exp(0.5), 2 - 0.5 * np.exp(-1)], "as the logarithm of the standard deviation"),
        Record(DRAWN, "y", [1.5, 2.5], "as the standard deviation itself"),
        Record(DRAWN, "y.sigma", np.exp([0.5, -1]), "as the logarithm of the standard deviation"),
    ],
    # the new entries lie at -1/4, 1/4, 3/4 and 5/4 of the old places
    "resampled-another-way": [
        Record(LARGER, "y", [[[1, 2, 4, 5]]], "between the entries"),
        Record(SMOOTH, "y", [[[1, 1, 5, 5]]], "from the nearest entry"),
        Record(SMOOTH, "y", [[[1, 1 + 4 / 3, 1 + 8 / 3, 5]]], "with other corners"),
        # the first channel takes every other one
        Record(SHUFFLED, "y", [[[[1, 3], [5, 7]], [[2, 4], [6, 8]]]], "channels in another order"),
    ],
}
