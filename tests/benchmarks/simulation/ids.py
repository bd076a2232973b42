"""What the grader calls the mistakes that are simulated here: its names are its own, and finer or coarser in places.

A misconception that is claimed under a name that does not stand here still counts as the one that was made if it gives
the very same numbers (simulation/same.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.benchmarks.simulation.mistakes import Mistake

__all__ = ["MISCONCEPTIONS", "SLIPS", "accepted"]

# Names that are the same in both need no row.
SLIPS: Mapping[str, str] = {"row-copied": "entry-copied"}  # each entry of the row is one

MISCONCEPTIONS: Mapping[str, str] = {
    "absolute-for-relu": "wrong-activation",
    "activation-derivative-left-out": "softmax-derivative-left-out local-derivative-left-out",
    "activation-not-used": "activation-left-out weighted-sum-for-activation",
    "average-for-maximum": "average-for-the-largest",
    "activation-left-out": "logits-taken-for-probabilities",
    "average-left-out": "old-average-left-out momentum-left-out term-left-out",
    "batch-factor-left-out": "mean-left-out-on-the-way-back constant-factor-left-out-on-the-way-back",
    "bias-once-a-channel": "bias-added-more-than-once bias-added-for-each-channel",
    "branch-left-out": "only-one-branch previous-state-left-out",
    "branch-left-out-0": "branch-left-out",
    "branch-left-out-1": "branch-left-out",
    "branch-left-out-2": "branch-left-out",
    "branch-sign": "gradient-term-sign-flipped",
    "channels-last": "read-in-another-order",
    "channels-swapped": "kernels-swapped joined-in-the-wrong-order read-in-another-order",
    "derivative-at-output": "derivative-at-the-wrong-argument",
    "derivative-at-wrong-argument": "derivative-at-the-wrong-argument",
    "derivative-of-sigmoid": "derivative-of-another-activation",
    "derivative-of-tanh": "derivative-of-another-activation",
    "derivative-square-left-out": "part-of-the-derivative-left-out",
    "derivative-without-complement": "part-of-the-derivative-left-out",
    "derivative-of-wrong-layer": "derivative-at-the-wrong-argument gates-swapped",
    "direct-branch-only": "only-one-branch branch-left-out",
    "divergence-only": "only-one-branch branch-left-out",
    "divided-by-variance": "divided-by-the-variance",
    "factor-2": "constant-factor-left-out-on-the-way-back factor-of-the-square-doubled",
    "factor-half": "half-added factor-of-the-power-left-out",
    "factor-half-left-out": "constant-factor-left-out-on-the-way-back",
    "factors-in-other-order": "product-order-reversed",
    "filters-swapped": "kernels-swapped",
    "first-step-only": "only-one-branch step-left-out",
    "flatten-in-column-order": "read-in-another-order sent-back-in-another-order",
    "gradient-not-summed": "bias-gradient-averaged gradient-of-one-sample",
    "gradient-spread": "gradient-spread-over-the-window",
    "gradient-to-all": "gradient-spread-over-the-window",
    "gradient-to-first": "gradient-to-the-wrong-entry",
    "half-left-out": "constant-factor-left-out",
    "half-not-cancelled": "factor-of-the-power-left-out constant-factor-left-out",
    "hinge-sign-swapped": "difference-reversed",
    "index-from-1": "class-counted-from-one index-counted-from-one",
    "kernel-not-flipped": "kernel-not-turned-on-the-way-back",
    "kernels-swapped": "kernels-swapped-on-the-way-back",
    "keys-and-queries-swapped": "queries-and-keys-swapped",
    "keys-for-values": "keys-taken-for-values",
    "last-step-only": "loss-of-one-sample",
    "learning-rate-sign": "step-uphill term-sign-flipped",
    "log-left-out": "logarithm-left-out",
    "log-of-another-base": "logarithm-to-another-base",
    "log-of-base-2": "logarithm-to-another-base",
    "longest-path-only": "only-one-branch branch-left-out",
    "mask-after-softmax": "masked-after-the-softmax",
    "mask-as-zero-score": "hidden-scores-set-to-zero",
    "maximum-left-out": "activation-left-out",
    "mean-branch-left-out": "statistics-taken-as-constants branch-left-out",
    "mean-for-sum": "averaged-again mean-gradient-of-a-sum bias-gradient-averaged mean-over-another-number",
    "mean-over-all-nodes": "mean-over-another-number averaged-again",
    "minimum-for-maximum": "smallest-for-the-largest",
    "normalised-for-output": "input-of-another-layer",
    "one-hot-left-out": "target-left-out-of-the-gradient",
    "one-sample-only": "gradient-of-one-sample",
    "one-step-only": "only-one-branch step-left-out",
    "other-branch-only": "only-one-branch branch-left-out",
    "outer-product-order": "outer-product-turned outer-product-reversed result-transposed",
    "product-rule-forgotten": "only-one-branch branch-left-out",
    "recurrence-left-out": "previous-state-left-out",
    "relu-as-step": "wrong-activation",
    "relu-for-sigmoid": "wrong-activation",
    "relu-mask-of-gradient": "relu-mask-of-the-gradient",
    "relu-other-side": "wrong-activation",
    "relu-value-for-mask": "relu-output-for-its-mask",
    "reshape-in-column-order": "read-in-another-order sent-back-in-another-order",
    "root-left-out": "divided-by-the-variance",
    "root-of-variance": "divided-by-the-variance",
    "scale-and-shift-swapped": "scale-and-shift-confused",
    "scale-left-out": "scale-and-shift-confused",
    "scaling-by-tokens": "scores-scaled-wrongly",
    "scaling-left-out": "scores-scaled-wrongly constant-factor-left-out-on-the-way-back",
    "scaling-without-root": "scores-scaled-wrongly",
    "shift-left-out": "bias-left-out scale-and-shift-confused",
    "sigmoid-for-relu": "wrong-activation",
    "sigmoid-for-softmax": "softmax-as-sigmoid",
    "sigmoid-for-tanh": "wrong-activation",
    "sigmoid-of-minus": "wrong-activation",
    "sign-flipped": "difference-reversed",
    "softmax-by-largest": "softmax-divided-by-the-largest",
    "softmax-jacobian-diagonal": "softmax-derivative-diagonal",
    "softmax-over-everything": "softmax-over-the-wrong-axis",
    "softmax-unnormalised": "softmax-not-normalised",
    "softmax-without-exp": "softmax-without-the-exponential",
    "softmax-wrong-axis": "softmax-over-the-wrong-axis softmax-over-the-queries",
    "square-left-out": "factor-of-the-power-left-out",
    "state-of-wrong-step": "input-of-another-layer",
    "statistics-as-constants": "statistics-taken-as-constants branch-left-out only-one-branch",
    "step-only": "old-weight-left-out",
    "stride-ignored": "windows-one-apart",
    "tanh-for-sigmoid": "wrong-activation",
    "tanh-left-out-at-output": "activation-left-out",
    "term-sign": "term-sign-flipped difference-reversed",
    "updated-weights-used": "updated-weights-used-too-early",
    "variance-branch-left-out": "statistics-taken-as-constants branch-left-out",
    "variance-n-minus-1": "variance-divided-by-n-minus-one",
    "weights-not-transposed": "transpose-left-out-on-the-way-back",
    "weights-transposed": "matrix-transposed",
    "wrong-gate": "gates-swapped",
}


def accepted(mistake: Mistake) -> frozenset[str]:
    """The ids of the grader that name this mistake."""
    table = SLIPS if mistake.kind == "slip" else MISCONCEPTIONS
    return frozenset(table.get(mistake.name, "").split()) | {mistake.name}
