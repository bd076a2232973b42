"""Records of the misconceptions about sums over paths, steps and terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tests.support.misconception_records import Record

TWO_PATHS = "inputs: {x: [1, 2], w: [3, 5]}\nnetwork: {y: x * w + x}\nupstream: {y: [7, 11]}\n"
RESIDUAL = """
inputs: {x: [1, -2]}
weights: {W: [[0.5, -0.3], [0.2, 0.4]]}
network: {f: tanh(W @ x), y: x + f, L: sum(y * y)}
loss: L
"""
RNN = """
for: {t: 1..3}
inputs:
  x[t]: [[1, 0.5], [-1, 2], [0.5, -1.5]]
  h[0]: [0.2, -0.4]
weights: {W: [[0.5, -0.3], [0.2, 0.4]], U: [[0.4, 0.7], [-0.5, 0.3]], b: [0.1, -0.2], v: [0.9, -0.6]}
network:
  a[t]: W @ x[t] + U @ h[t-1] + b
  h[t]: tanh(a[t])
  l[t]: (v @ h[t])**2
  L: sum(l)
loss: L
"""
PENALTY = 'inputs: {e: 3, w: [1, 2]}\nnetwork: {L: "e * e + 0.1 * sum(w * w) - w[0]"}\nloss: L\n'
MOMENTUM = """
for: {k: 1..2}
inputs: {"v[0]": [0.5, -0.2]}
weights: {"w[0]": [2, 1]}
network:
  J[k]: sum(w[k-1]**2)
  v[k]: 0.8 * v[k-1] - 0.1 * grad(J[k], w[k-1])
  w[k]: w[k-1] + v[k]
loss: "J[1]"
"""

RUNNING = """
for: {k: 1..2}
inputs: {"m[0]": [1, 3], "g[k]": [[2, -4], [1, 1]]}
network: {"m[k]": "0.9 * m[k-1] + 0.1 * g[k]", L: "sum(m[2])"}
loss: L
"""

RECORDS: Mapping[str, Sequence[Record]] = {
    # The parts are g * w = [21, 55] and g = [7, 11].
    "branch-left-out": [
        Record(TWO_PATHS, "grad(x)", [7, 11], "x * w"),
        Record(TWO_PATHS, "grad(x)", [21, 55], "x * w + x"),
        Record(RESIDUAL, "grad(x)", lambda v: v["W"].T @ (v["grad(f)"] * (1 - v["f"] ** 2)), "x + f"),
        Record(RESIDUAL, "grad(x)", lambda v: v["grad(y)"], "W @ x"),
        Record(RNN, "grad(h[2])", lambda v: v["U"].T @ v["grad(a[3])"], "v @ h[2]"),
    ],
    "branch-counted-twice": [
        Record(TWO_PATHS, "grad(x)", [49, 121], "x * w"),
        Record(TWO_PATHS, "grad(x)", [35, 77], "x * w + x"),
    ],
    "branches-multiplied": [Record(TWO_PATHS, "grad(x)", [147, 605])],
    "only-one-branch": [
        Record(RNN, "grad(U)", lambda v: np.outer(v["grad(a[3])"], v["h[2]"]), "only grad(U, t=3)"),
        Record(RNN, "grad(U)", lambda v: np.outer(v["grad(a[1])"], v["h[0]"]), "only grad(U, t=1)"),
    ],
    "step-left-out": [
        Record(
            RNN,
            "grad(U)",
            lambda v: np.outer(v["grad(a[3])"], v["h[2]"]) + np.outer(v["grad(a[1])"], v["h[0]"]),
            "grad(U, t=2)",
        )
    ],
    # 9 + 0.1 * 5 - 1
    "term-of-the-formula-left-out": [
        Record(PENALTY, "L", 8, "0.1 * sum(w * w)"),
        Record(PENALTY, "L", -0.5, "e * e"),
        Record(PENALTY, "L", 9.5, "w[0]"),
    ],
    "previous-state-left-out": [Record(RNN, "a[2]", lambda v: v["W"] @ v["x[2]"] + v["b"])],
    "skip-connection-left-out": [Record(RESIDUAL, "y", lambda v: v["f"])],
    # -0.1 * 2 * w
    "old-average-left-out": [
        Record(MOMENTUM, "v[1]", [-0.4, -0.2]),
        Record(RUNNING, "m[1]", [2, -4], "and the share of the new"),
    ],
    "steps-averaged": [
        Record(RNN, "grad(v)", lambda v: sum(2 * (v["v"] @ v[f"h[{t}]"]) * v[f"h[{t}]"] for t in (1, 2, 3)) / 3)
    ],
    "another-step-used": [
        Record(RNN, "a[2]", lambda v: v["W"] @ v["x[1]"] + v["U"] @ v["h[1]"] + v["b"], "x[1]"),
        Record(RNN, "a[3]", lambda v: v["W"] @ v["x[3]"] + v["U"] @ v["h[1]"] + v["b"], "h[1]"),
    ],
}
