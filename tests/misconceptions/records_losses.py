"""Records of the misconceptions about squares, logarithms, divergences and margins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tests.support.misconception_records import Record
from tests.support.tiny import tiny

LIKELIHOOD = tiny("p: 0.25", L="-log(p)", loss="L")
BITS = tiny("p: 0.25", L="-log2(p)", loss="L")
ENTROPY = tiny("p: [0.5, 0.25, 0.25]", H="entropy(p, base=2)", loss="H")
BINARY = tiny("p: [0.75, 0.4], y: [1, 0]", L="binary_cross_entropy(p, y)", loss="L")
CLASSES = tiny("z: [0, 1, 2], t: 1", L="cross_entropy(z, t)", loss="L")
SQUARES = tiny("a: [1, 5, -2], b: [4, 1, 3]", L="sum((a - b)**2)", loss="L")
MEAN = tiny("a: [1, 5, -2], b: [4, 1, 3]", L="mse_loss(a, b)", loss="L")
DISTRIBUTIONS = "p: [0.5, 0.5], q: [0.8, 0.2]"
KL = tiny(DISTRIBUTIONS, D="kl_divergence(p, q)", loss="D")
KL_OF_LOGS = tiny(DISTRIBUTIONS, D="kl_div(log(q), p, reduction='sum')", loss="D")
KL_WRITTEN = tiny(DISTRIBUTIONS, D="sum(p * log(p / q))", loss="D")
HINGE = tiny("f: [0.5, -2, 0.25], y: [1, 1, -1]", L="hinge_loss(f, y, reduction='sum')", loss="L")
WRITTEN = tiny("s: [3, 5, 2.5]", m="relu(s - s[0] + 1)")
TRIPLET = tiny("a: [0, 0], p: [1, 1], n: [1, 0]", L="triplet_margin_loss(a, p, n, margin=2, squared=True)", loss="L")

RECORDS: Mapping[str, Sequence[Record]] = {
    # the natural logarithm of 1/4 is -1.3863; log2 gives -2, log10 -0.6021
    "logarithm-to-another-base": [
        Record(LIKELIHOOD, "L", 2.0, "to base 2"),
        Record(LIKELIHOOD, "L", np.log10(4), "to base 10"),
        Record(BITS, "L", np.log(4), "the natural one"),
        Record(ENTROPY, "H", 0.5 * np.log(2) + 0.5 * np.log(4), "the natural one"),
        Record(BINARY, "L", -(np.log10(0.75) + np.log10(0.6)) / 2, "to base 10"),
        Record(CLASSES, "L", -np.log2(np.exp(1) / (1 + np.exp(1) + np.exp(2))), "to base 2"),
    ],
    "logarithm-left-out": [Record(CLASSES, "L", -np.exp(1) / (1 + np.exp(1) + np.exp(2)))],
    # the differences are -3, 4 and -5
    "no-square-for-the-square": [
        Record(SQUARES, "L", -4, "the number itself"),
        Record(SQUARES, "L", 12, "the absolute value"),
        Record(SQUARES, "L", -8, "twice the number"),
    ],
    "root-of-the-squared-error": [
        Record(MEAN, "L", np.sqrt(50 / 3)),
        Record("inputs: {w: [3, 4], l: 2}\nnetwork: {E: l + 0.5 * sum(w**2)}\nloss: E\n", "E", 4.5),
    ],
    "divergence-the-wrong-way-round": [
        Record(KL, "D", 0.8 * np.log(0.8 / 0.5) + 0.2 * np.log(0.2 / 0.5)),
        Record(KL_OF_LOGS, "D", 0.8 * np.log(0.8 / 0.5) + 0.2 * np.log(0.2 / 0.5)),
    ],
    "divergence-weighted-with-the-other": [
        Record(KL_WRITTEN, "D", 0.8 * np.log(0.8 / 0.5) + 0.2 * np.log(0.2 / 0.5), "both swapped"),
        Record(KL_WRITTEN, "D", 0.8 * np.log(0.5 / 0.8) + 0.2 * np.log(0.5 / 0.2), "weighted with the other"),
    ],
    "cross-entropy-for-divergence": [
        Record(KL, "D", -0.5 * np.log(0.8) - 0.5 * np.log(0.2), "the cross-entropy"),
        Record(KL, "D", np.log(2), "the entropy"),
    ],
    # the products with the labels are 0.5, -2 and -0.25
    "margin-left-out": [
        Record(HINGE, "L", 0 + 2 + 0.25, "left out"),
        Record(HINGE, "L", 0 + 1 + 0, "with the wrong sign"),
        Record(WRITTEN, "m", [0, 2, 0], "left out"),
    ],
    # the squared distances are 2 to the positive and 1 to the negative
    "triplet-swapped": [Record(TRIPLET, "L", 1 - 2 + 2)],
}
