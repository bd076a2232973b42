"""Records of the misconceptions about recurrent cells, of one hidden unit or two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tests.support.misconception_records import Record
from tests.support.tiny import tiny

STATES = "x: [1, -2], h0: [0.5], c0: [-0.75], w: [[1, 0], [0.5, 1], [-1, 0.25], [2, 1]], u: [[0.5], [1], [-2], [3]]"
LSTM = tiny(STATES, h="lstm_cell(x, h0, c0, w, u)")
GATES = "x: [1, -2], h0: [0.5], w: [[1, 0], [0.5, 1], [-1, 0.25]], u: [[0.5], [1], [-2]], b: [0.1, 0.2, 0.3]"
GRU = tiny(GATES, h="gru_cell(x, h0, w, u, b_hh=b)")
PLAIN = tiny("x: [1, -2], h0: [0.5, 1], W: [[1, 0], [0.5, 1]], U: [[2, 1], [-1, 0.25]]", h="rnn_cell(x, h0, W, U)")
LINES = tiny("x: [1, -2], h0: [0.5, 1], W: [[1, 0], [0.5, 1]], U: [[2, 1], [-1, 0.25]]", z="W @ x + U @ h0")
ROWS = tiny("x: [[1, -2]], h0: [[0.5, 1]], W: [[1, 0], [0.5, 1]], U: [[2, 1], [-1, 0.25]]", z="x @ W + h0 @ U")
WRITTEN = tiny(
    "zi: [1, 2], zf: [0.5, -1], zg: [0.25, 3], c0: [2, -1]",
    i="sigmoid(zi)",
    f="sigmoid(zf)",
    g="tanh(zg)",
    c="f * c0 + i * g",
)
MIXED = tiny("z: [0.25, 0.5], a: [4, 8], b: [12, 2]", y="(1 - z) * a + z * b")
LAYER = tiny(
    "x: [[1, -2], [3, 1]], w: [[1, 0], [0.5, 1], [-1, 0.25], [2, 1]], u: [[0], [0], [0], [0]]", y="lstm(x, 0, 0, w, u)"
)
WORDS = tiny("t: [1, 2], E: [[1, 2], [3, 4], [5, 6], [7, 8]]", y="embedding(t, E)")


def s(z: float) -> float:
    return float(1 / (1 + np.exp(-z)))


# w x + u h0 of the blocks i, f, g, o: 1 + 0.25, -1.5 + 0.5, -1.5 - 1, 0 + 1.5
ZI, ZF, ZG, ZO = 1.25, -1.0, -2.5, 1.5
# of the blocks r, z, n: 1, -1.5, -1.5 from the input; 0.25 + 0.1, 0.5 + 0.2, -1 + 0.3 from the state
R, Z = s(1.35), s(-0.8)


def lstm(i: float, f: float, g: float, o: float, c0: float = -0.75) -> list[float]:
    """The new state, of what comes before the gates."""
    return [s(o) * float(np.tanh(s(f) * c0 + s(i) * np.tanh(g)))]


def gru(r: float, z: float, n: float, state: float = 0.5) -> list[float]:
    """The new state, of the gates and of what comes before the candidate."""
    return [(1 - z) * float(np.tanh(n)) + z * state]


C = s(ZF) * -0.75 + s(ZI) * np.tanh(ZG)
# The gates of a cell, which are parts of one array of sums.
PARTS = tiny("s: [0.5, -1, 2, 0, 1, 3]", i="sigmoid(s[:2])", f="sigmoid(s[2:4])", o="sigmoid(s[4:])", h="i * f + o")

RECORDS: Mapping[str, Sequence[Record]] = {
    "gates-swapped": [
        Record(PARTS, "i", lambda v: 1 / (1 + np.exp(-v["s"][2:4])), "f's part"),
        Record(PARTS, "o", lambda v: 1 / (1 + np.exp(-v["s"][:2])), "i's part"),
        Record(LSTM, "h", lstm(ZF, ZI, ZG, ZO), "input gate and forget gate"),
        Record(LSTM, "h", lstm(ZI, ZO, ZG, ZF), "forget gate and output gate"),
        Record(LSTM, "h.z_i", [ZF], "input gate and forget gate"),
        Record(LSTM, "h.z_g", [ZO], "candidate and output gate"),
        Record(LSTM, "h.c", [s(ZI) * -0.75 + s(ZF) * np.tanh(ZG)], "h.i and h.f"),
        Record(LAYER, "y.z_f2", [3], "input gate and forget gate"),
        Record(LAYER, "y.c2", lambda v: v["y.i2"] * v["y.c1"] + v["y.f2"] * v["y.g2"], "y.i2 and y.f2"),
        Record(GRU, "h", gru(Z, R, -1.5 + Z * -0.7), "reset gate and update gate"),
        Record(GRU, "h.z_r", [-1.5 + 0.7], "reset gate and update gate"),
        Record(
            WRITTEN,
            "c",
            [s(1) * 2 + s(0.5) * np.tanh(0.25), s(2) * -1 + s(-1) * np.tanh(3)],
            "i and f",
        ),
    ],
    "cell-state-given-out": [
        Record(LSTM, "h", [C], "c itself"),
        Record(LSTM, "h", [np.tanh(C)], "tanh(c), without the output gate"),
    ],
    "gate-turned-round": [
        Record(LSTM, "h.c", [(1 - s(ZF)) * -0.75 + s(ZI) * np.tanh(ZG)], "h.f"),
        Record(WRITTEN, "c", lambda v: v["f"] * v["c0"] + (1 - v["i"]) * v["g"], "i"),
    ],
    "shares-of-old-and-new-swapped": [
        Record(GRU, "h", [Z * np.tanh(-1.5 + R * -0.7) + (1 - Z) * 0.5]),
        Record(MIXED, "y", [0.25 * 4 + 0.75 * 12, 4 + 1]),
    ],
    "reset-gate-at-the-wrong-place": [
        Record(GRU, "h.z_n", [-1.5 - 2 * (R * 0.5) + 0.3]),
        Record(GRU, "h", gru(R, Z, -1.5 - 2 * (R * 0.5) + 0.3)),
    ],
    "reset-gate-left-out": [Record(GRU, "h.z_n", [-1.5 - 0.7])],
    "cell-begun-anew": [
        Record(LSTM, "h", lstm(1, -1.5, -1.5, 0), "the hidden state"),
        Record(LSTM, "h", lstm(ZI, ZF, ZG, ZO, c0=0), "the cell state"),
        Record(GRU, "h", gru(s(1.1), s(-1.3), -1.5 + s(1.1) * 0.3, 0), "the hidden state"),
    ],
    # W x = [1, -1.5] and U h0 = [2, -0.25]; swapped U x = [0, -1.5] and W h0 = [0.5, 1.25]
    "weights-of-input-and-state-swapped": [
        Record(PLAIN, "h.z", [0.5, -0.25]),
        Record(PLAIN, "h", np.tanh([0.5, -0.25])),
        Record(LINES, "z", [0.5, -0.25]),
        # x U = [4, 0.5] and h0 W = [1, 1]
        Record(ROWS, "z", [[5, 1.5]]),
    ],
    "row-counted-from-one": [
        Record(WORDS, "y", [[1, 2], [3, 4]], "the row before"),
        Record(WORDS, "y", [[5, 6], [7, 8]], "the row behind"),
    ],
}
