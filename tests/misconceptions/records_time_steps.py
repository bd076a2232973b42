"""Records of the misconceptions about steps that are confused, of a repetition or in lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from hwcheck.graph.node import Array
from tests.misconceptions.records_branches import RNN
from tests.support.misconception_records import Record

# Three steps that are written out, without a repetition.
UNROLLED = """
inputs: {h0: [0.2, -0.4]}
weights: {U: [[0.4, 0.7], [-0.5, 0.3]]}
network: {a1: U @ h0, h1: tanh(a1), a2: U @ h1, h2: tanh(a2), a3: U @ h2, h3: tanh(a3), L: sum(h3)}
loss: L
"""
# y0 = 0, g0 = 2 * (0 - 1) * x = [-4, 2], w1 = [1.7, 0.4], y1 = 3, g1 = 2 * (3 - 1) * x = [8, -4], w2 = [-0.7, 1.6]
DESCENT = """
inputs: {x: [2, -1], t: 1}
weights: {w0: [0.5, 1]}
network:
  y0: w0 @ x
  e0: (y0 - t)**2
  g0: grad(e0, w0)
  w1: w0 - 0.3 * g0
  y1: w1 @ x
  e1: (y1 - t)**2
  g1: grad(e1, w1)
  w2: w1 - 0.3 * g1
loss: e0
"""
STEPS = (1, 2, 3)


def states(v: Mapping[str, Array], shift: int, name: str = "h[{}]", of: str = "grad(a[{}])") -> Array:
    """The gradient of U with the states of a later or an earlier step."""
    pairs = [(of.format(t), name.format(t - 1 + shift)) for t in STEPS]
    return np.asarray(sum(np.outer(v[g], v[h]) for g, h in pairs if h in v))


RECORDS: Mapping[str, Sequence[Record]] = {
    "another-step-in-every-share": [
        Record(RNN, "grad(U)", lambda v: states(v, 1), "h one step later"),
        Record(RNN, "grad(U)", lambda v: states(v, -1), "h one step earlier"),
        Record(UNROLLED, "grad(U)", lambda v: states(v, 1, "h{}", "grad(a{})"), "h one step later"),
    ],
    "result-of-another-step": [
        Record(DESCENT, "y1", 0, "y0"),
        Record(DESCENT, "e1", 1, "e0"),
        Record(DESCENT, "g1", [-4, 2], "g0"),
        Record(RNN, "h[3]", lambda v: v["h[2]"], "h[2]"),
    ],
    "old-weights-used-after-the-update": [
        Record(DESCENT, "y1", 0, "w0"),
        Record(DESCENT, "w2", [0.5 - 2.4, 1 + 1.2], "w0"),
    ],
    "step-uphill": [Record(DESCENT, "w1", [-0.7, 1.6]), Record(DESCENT, "w2", [4.1, -0.8])],
    "learning-rate-of-another-size": [
        Record(DESCENT, "w1", [0.62, 0.94], "a tenth"),
        Record(DESCENT, "w1", [12.5, -5], "ten times"),
    ],
    "result-transposed": [Record(RNN, "grad(U)", lambda v: states(v, 0).T)],
}
