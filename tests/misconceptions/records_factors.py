"""Records of the misconceptions about factors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.support.misconception_records import Record

SQUARE = "inputs: {y: [1, 5], t: [4, 3]}\nnetwork: {L: sum((y - t)**2)}\nloss: L\n"
HALF = SQUARE.replace("sum(", "0.5 * sum(")
CUBE = SQUARE.replace("**2", "**3")
MSE = 'inputs: {y: [1, 5], t: [4, 3]}\nnetwork: {L: "mse_loss(y, t)"}\nloss: L\n'
QUARTER = "inputs: {y: [1, 5]}\nnetwork: {p: y / 4, q: 0.3 * y, L: sum(p * q)}\nloss: L\n"
LOG = "inputs: {p: [0.5, 0.25]}\nnetwork: {l: log(p), L: 3 * sum(l)}\nloss: L\n"
PRODUCT = "inputs: {a: [2, 3], b: [5, 7]}\nnetwork: {y: a * b, L: 4 * sum(y)}\nloss: L\n"
RATIO = PRODUCT.replace("a * b", "a / b")
NEURON = "inputs: {h: [2, -1], t: 5}\nweights: {W: [3, 4]}\nnetwork: {y: W @ h, L: (y - t)**2}\nloss: L\n"

RECORDS: Mapping[str, Sequence[Record]] = {
    # y - t = [-3, 2]; the right gradient is twice that, for the cube 3 * [9, 4]
    "factor-of-the-power-left-out": [
        Record(SQUARE, "grad(y)", [-3, 2], "2"),
        Record(CUBE, "grad(y)", [9, 4], "3"),
        Record(MSE, "grad(y)", [-1.5, 1], "2"),
    ],
    "factor-of-the-square-doubled": [Record(SQUARE, "grad(y)", [-12, 8]), Record(SQUARE, "grad(t)", [12, -8])],
    "exponent-not-lowered": [Record(SQUARE, "grad(y)", [18, 8]), Record(CUBE, "grad(y)", [-81, 24])],
    # (9 + 4) / 2, and half of the mean 6.5
    "half-added": [Record(SQUARE, "L", 6.5), Record(MSE, "L", 3.25)],
    "constant-factor-left-out": [
        Record(HALF, "L", 13, "0.5"),
        Record(QUARTER, "p", [1, 5], "4"),
        Record(QUARTER, "q", [1, 5], "0.3"),
        Record(SQUARE.replace("sum(", "-0.5 * sum("), "L", -13, "0.5"),
        Record(SQUARE.replace("sum(", "-0.5 * sum("), "L", 13, "-0.5"),
    ],
    # 2 * (y - t) where 0.5 * 2 * (y - t) is right; and grad(p) = q = 0.3 * y
    "constant-factor-left-out-on-the-way-back": [
        Record(HALF, "grad(y)", [-6, 4], "0.5"),
        # y is (a / 4) @ b: what arrives at b is 3 times a quarter of a
        Record(
            "inputs: {a: [4, 8], b: [1, 5]}\nnetwork: {y: (a / 4) @ b}\nupstream: {y: 3}\n", "grad(b)", [12, 24], "0.25"
        ),
    ],
    # 1 / p, b, h: what arrives is 3, 4 and 2 * (y - t) = -6
    "arriving-gradient-left-out": [
        Record(LOG, "grad(p)", [2, 4]),
        Record(PRODUCT, "grad(a)", [5, 7]),
        Record(NEURON, "grad(W)", [2, -1]),
    ],
    "local-derivative-left-out": [
        Record(LOG, "grad(p)", [3, 3]),
        Record(PRODUCT, "grad(a)", [4, 4]),
        Record(RATIO, "grad(b)", [4, 4]),
    ],
    # 3 * p and 4 * b
    "reciprocal-left-out": [Record(LOG, "grad(p)", [1.5, 0.75]), Record(RATIO, "grad(a)", [20, 28])],
    "own-factor-in-a-products-derivative": [
        Record(PRODUCT, "grad(a)", [8, 12]),
        Record(PRODUCT, "grad(b)", [20, 28]),
    ],
}
