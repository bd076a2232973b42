"""Records of the misconceptions about attention and positions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from hwcheck.graph.node import Array
from tests.support.misconception_records import Record
from tests.support.tiny import tiny

Q = np.array([[1.0, 2, 0, 1], [0, 1, -1, 3]])
K = np.array([[2.0, 0, 1, 1], [1, 1, 0, 0], [0, -1, 2, 1]])
V = np.array([[1.0, 5], [2, -3], [4, 0]])
GIVEN = (
    "Q: [[1, 2, 0, 1], [0, 1, -1, 3]], K: [[2, 0, 1, 1], [1, 1, 0, 0], [0, -1, 2, 1]], "
    "V: [[1, 5], [2, -3], [4, 0]], M: [[1, 0, 1], [0, 1, 1]]"
)
PLAIN = tiny(GIVEN, y="scaled_dot_product_attention(Q, K, V)")
MASKED = tiny(GIVEN, y="scaled_dot_product_attention(Q, K, V, M)")
SCORES = tiny(GIVEN, S="Q @ K.T / sqrt(4)", A="softmax(S)")
WRITTEN = tiny(GIVEN, S="Q @ K.T", H="where(M, S, -1e9)", A="softmax(H)")
CAUSAL = tiny(
    "x: [[1, 2], [0, 1], [3, -1]], z: [[2, 1], [1, 1], [0, -1]], v: [[1, 5], [2, -3], [4, 0]]",
    y="scaled_dot_product_attention(x, z, v, is_causal=True, mask_value=-1e9)",
)
MASK = tiny("x: [[1, 2, 3], [4, 5, 6], [7, 8, 9]]", y="causal_mask(3) * x")
SQUARE = tiny(
    "a: [[1, 2], [0, 1]], b: [[2, 0], [1, -1]], c: [[1, 5], [2, -3]]", y="scaled_dot_product_attention(a, b, c)"
)
HEADS = tiny(
    "x: [[1, 2], [0, 1], [3, -1]], W: [[1, 0, 2, -1], [0.5, 1, 0, 1]], U: [[0, 1, 1, 0], [1, -1, 0, 2]]",
    y="multi_head_attention(x, x, x, W, U, W, num_heads=2, weight_layout='in_out')",
)
ENCODED = tiny("x: [[1, 1, 1, 1], [2, 2, 2, 2]]", y="x + positional_encoding(2, 4, base=100)")
TURNED = tiny("x: [[3, 4], [1, 0]]", y="rotary_embedding(x)")
PAIRED = tiny("x: [[3, 4, 5, 6]], c: [[0, 1]], s: [[1, 0]]", y="rotate_pairs(x, c, s)")

M = np.array([[1, 0, 1], [0, 1, 1]])
X = np.array([[1.0, 2], [0, 1], [3, -1]])
W = np.array([[1, 0, 2, -1], [0.5, 1, 0, 1]])
U = np.array([[0, 1, 1, 0], [1.0, -1, 0, 2]])
S = Q @ K.T / 2


def softmax(s: Array, axis: int = -1) -> Array:
    e: Array = np.exp(s - s.max(axis=axis, keepdims=True))
    p: Array = e / e.sum(axis=axis, keepdims=True)
    return p


def causal(hidden: Array) -> Array:
    """Attention of x and z with some scores hidden."""
    scores = X @ np.array([[2.0, 1], [1, 1], [0, -1]]).T / np.sqrt(2)
    y: Array = softmax(np.where(hidden, -1e9, scores)) @ V
    return y


def attend(q: Array, k: Array, v: Array) -> Array:
    y: Array = softmax(q @ k.T / np.sqrt(q.shape[1])) @ v
    return y


def two_heads() -> list[Array]:
    """What comes out of each of the two heads, (3, 2)."""
    return [attend((X @ W)[:, part], (X @ U)[:, part], (X @ W)[:, part]) for part in (slice(0, 2), slice(2, 4))]


ANGLES = np.array([[0, 0], [1, 0.1]])
LOOKS_BACK = (
    'inputs: {M: [[1, 1], [0, 1]], S: [[1, 5], [7, 9]]}\nnetwork: {H: "where(M, S, -1e9)", L: sum(S)}\nloss: L\n'
)

RECORDS: Mapping[str, Sequence[Record]] = {
    "scores-scaled-wrongly": [
        Record(PLAIN, "y.scores", Q @ K.T, "not divided at all"),
        Record(PLAIN, "y", softmax(Q @ K.T) @ V, "not divided at all"),
        Record(PLAIN, "y.scores", Q @ K.T / 4, "divided by d"),
        Record(PLAIN, "y.scores", Q @ K.T * 2, "multiplied by the root of d"),
        Record(PLAIN, "y.scores", Q @ K.T / np.sqrt(3), "divided by the root of the number of keys"),
        Record(SCORES, "S", Q @ K.T, "not divided at all"),
        Record(SCORES, "S", Q @ K.T / 4, "divided by d"),
        Record(
            HEADS,
            "y.scores",
            [(X @ W)[:, part] @ (X @ U)[:, part].T / 2 for part in (slice(0, 2), slice(2, 4))],
            "divided by the root of the features of all heads",
        ),
    ],
    "mask-left-out": [
        Record(MASKED, "y.masked", S),
        Record(MASKED, "y", softmax(S) @ V),
        Record(WRITTEN, "H", Q @ K.T),
    ],
    "mask-the-wrong-way-round": [
        Record(MASKED, "y", softmax(np.where(M == 0, S, -1e9)) @ V),
        Record(WRITTEN, "H", np.where(M == 0, Q @ K.T, -1e9)),
        Record(LOOKS_BACK, "H", [[1, -1e9], [7, 9]], "rows for columns"),
    ],
    "causal-mask-one-off": [
        Record(CAUSAL, "y", causal(np.triu(np.ones((3, 3)))), "its own key is hidden"),
        Record(CAUSAL, "y", causal(np.triu(np.ones((3, 3)), 2)), "the next key is shown"),
        Record(MASK, "y", [[0, 0, 0], [4, 0, 0], [7, 8, 0]], "its own key is hidden"),
    ],
    "masked-after-the-softmax": [
        Record(MASKED, "y.weights", softmax(S) * M),
        Record(WRITTEN, "A", softmax(Q @ K.T) * M),
    ],
    "hidden-scores-set-to-zero": [Record(MASKED, "y.weights", softmax(S * M))],
    "queries-and-keys-swapped": [
        Record(SQUARE, "y", lambda v: softmax(v["b"] @ v["a"].T / np.sqrt(2)) @ v["c"]),
    ],
    "keys-taken-for-values": [
        Record(SQUARE, "y", lambda v: softmax(v["a"] @ v["b"].T / np.sqrt(2)) @ v["b"], "the keys"),
        Record(SQUARE, "y", lambda v: softmax(v["a"] @ v["b"].T / np.sqrt(2)) @ v["a"], "the queries"),
    ],
    "softmax-over-the-queries": [Record(PLAIN, "y", softmax(S, axis=0) @ V)],
    "heads-not-split": [Record(HEADS, "y", attend(X @ W, X @ U, X @ W))],
    "heads-reshaped-without-a-transpose": [
        Record(
            HEADS,
            "y.scores",
            (X @ W).reshape(2, 3, 2) @ np.stack(np.split(X @ U, 2, axis=1)).transpose(0, 2, 1) / np.sqrt(2),
        ),
        Record(HEADS, "y.concat", np.reshape(two_heads(), (3, 4))),
    ],
    "heads-in-reverse-order": [Record(HEADS, "y.concat", np.hstack(two_heads()[::-1]))],
    # the angles of position 1 are 1 and 100**(-2/4) = 0.1
    "positions-encoded-wrongly": [
        Record(
            ENCODED,
            "y",
            [[2, 1, 2, 1], [2 + np.cos(1), 2 + np.sin(1), 2 + np.cos(0.1), 2 + np.sin(0.1)]],
            "sine and cosine swapped",
        ),
        Record(
            ENCODED,
            "y",
            [[1, 2, 1, 2], [2 + np.sin(1), 2 + np.cos(100**-0.25), 2 + np.sin(0.1), 2 + np.cos(100**-0.75)]],
            "an angle for each feature",
        ),
        Record(
            ENCODED,
            "y",
            [[1, 2, 1, 2], [2 + np.sin(1), 2 + np.cos(1), 2 + np.sin(100**-0.25), 2 + np.cos(100**-0.25)]],
            "i / d_model for 2i / d_model",
        ),
        Record(
            ENCODED,
            "y",
            [
                [1 + np.sin(1), 1 + np.cos(1), 1 + np.sin(0.1), 1 + np.cos(0.1)],
                [2 + np.sin(2), 2 + np.cos(2), 2 + np.sin(0.2), 2 + np.cos(0.2)],
            ],
            "positions counted from 1",
        ),
        Record(
            ENCODED,
            "y",
            [[1, 1, 2, 2], [2 + np.sin(1), 2 + np.sin(0.1), 2 + np.cos(1), 2 + np.cos(0.1)]],
            "laid out as halves",
        ),
    ],
    # the second row is turned by 1 radian
    "rotated-wrongly": [
        Record(TURNED, "y", [[3, 4], [np.cos(1), -np.sin(1)]], "the wrong way"),
        Record(
            TURNED,
            "y",
            [[3 * np.cos(1) - 4 * np.sin(1), 4 * np.cos(1) + 3 * np.sin(1)], [np.cos(2), np.sin(2)]],
            "positions counted from 1",
        ),
        Record(PAIRED, "y", [[5, 4, -3, 6]], "the wrong way"),
        Record(PAIRED, "y", [[-4, 3, 5, 6]], "other features are paired"),
    ],
}
