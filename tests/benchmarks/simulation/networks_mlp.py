"""Dense networks, as a student works them: forward line by line, then back by the formulas of the textbook."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tests.benchmarks.simulation.digits import Numbers
from tests.benchmarks.simulation.maths import (
    column,
    mm,
    mv,
    outer,
    relu,
    sigmoid,
    softmax,
    sums,
    total,
    turned,
)
from tests.benchmarks.simulation.paper import Paper

__all__ = ["linear_classifier", "softmax_classifier", "two_layers", "xor_relu"]


def two_layers(paper: Paper, n: Mapping[str, Numbers]) -> None:
    """problems/mlp/two-layers.yaml: sigmoids, half the squared error, one step."""
    i, target, W1, W2, b1, b2 = (n[name] for name in ("i", "target", "W1", "W2", "b1", "b2"))
    b1, b2 = column(b1), column(b2)
    plain = total(mv(W1, i))
    net_h = paper.step(
        "net_h",
        plain + b1,
        {"bias-left-out": plain, "bias-subtracted": plain - b1, "weights-transposed": total(mv(turned(W1), i)) + b1},
        mv(W1, i),
    )
    out_h = paper.step("out_h", sigmoid(net_h), _instead_of_sigmoid(net_h))
    plain = total(mv(W2, out_h))
    net_o = paper.step(
        "net_o",
        plain + b2,
        {
            "bias-left-out": plain,
            "activation-not-used": total(mv(W2, net_h)) + b2,
            "weights-transposed": total(mv(turned(W2), out_h)) + b2,
        },
        mv(W2, out_h),
    )
    out_o = paper.step("out_o", sigmoid(net_o), _instead_of_sigmoid(net_o))
    E = paper.step(
        "E",
        0.5 * (target - out_o) ** 2,
        {"half-left-out": (target - out_o) ** 2, "square-left-out": 0.5 * (target - out_o)},
    )
    paper.step("E_total", np.sum(E, axis=-1), {"mean-for-sum": np.mean(E, axis=-1), "sign-flipped": -np.sum(E, -1)})

    error = out_o - target
    g_out = paper.step("grad(out_o)", error, {"sign-flipped": -error, "factor-2": 2 * error, "factor-half": error / 2})
    slope = out_o * (1 - out_o)
    g_net = paper.step(
        "grad(net_o)",
        g_out * slope,
        {
            "activation-derivative-left-out": g_out,
            "sign-flipped": -g_out * slope,
            "derivative-at-output": g_out * sigmoid(out_o) * (1 - sigmoid(out_o)),
            "derivative-of-wrong-layer": g_out * out_h * (1 - out_h),
            "derivative-without-complement": g_out * out_o,
            "derivative-of-tanh": g_out * (1 - out_o**2),
        },
    )
    g_W2 = paper.step("grad(W2)", total(outer(g_net, out_h)), _outer_wrong(g_net, out_h, net_h), outer(g_net, out_h))
    paper.step("grad(b2)", np.sum(g_net, axis=-1), {"mean-for-sum": np.mean(g_net, axis=-1)}, sums(*_entries(g_net)))
    g_h = paper.step(
        "grad(out_h)",
        total(mv(turned(W2), g_net)),
        {
            "weights-not-transposed": total(mv(W2, g_net)),
            "updated-weights-used": total(mv(turned(W2 - 0.5 * g_W2), g_net)),
            "activation-derivative-left-out": total(mv(turned(W2), g_out)),
        },
        mv(turned(W2), g_net),
    )
    g_net_h = paper.step(
        "grad(net_h)",
        g_h * out_h * (1 - out_h),
        {
            "activation-derivative-left-out": g_h,
            "sign-flipped": -g_h * out_h * (1 - out_h),
            "derivative-at-output": g_h * sigmoid(out_h) * (1 - sigmoid(out_h)),
            "derivative-without-complement": g_h * out_h,
            "derivative-of-wrong-layer": g_h * slope,
        },
    )
    g_W1 = paper.step("grad(W1)", total(outer(g_net_h, i)), _outer_wrong(g_net_h, i), outer(g_net_h, i))
    paper.step("grad(b1)", np.sum(g_net_h, axis=-1), {"mean-for-sum": np.mean(g_net_h, -1)}, sums(*_entries(g_net_h)))
    paper.step("grad(i)", total(mv(turned(W1), g_net_h)), {}, mv(turned(W1), g_net_h))
    W2_new = _update(paper, "W2_new", W2, g_W2, 0.5)
    W1_new = _update(paper, "W1_new", W1, g_W1, 0.5)
    hidden = paper.aside(sigmoid(paper.aside(total(mv(W1_new, i)) + b1)))
    out = paper.step("out_new", sigmoid(paper.aside(total(mv(W2_new, hidden)) + b2)))
    paper.step("E_new", np.sum(paper.aside(0.5 * (target - out) ** 2), axis=-1))


def softmax_classifier(paper: Paper, n: Mapping[str, Numbers]) -> None:
    """problems/mlp/softmax-classifier.yaml: a batch of two in rows, ReLU, cross-entropy, one step."""
    X, W1, b1, W2, b2 = (n[name] for name in ("X", "W1", "b1", "W2", "b2"))
    T = np.eye(3)[n["y"].astype(int)]
    b1, b2 = b1[:, np.newaxis, :], b2[:, np.newaxis, :]
    plain = total(mm(X, W1))
    Z1 = paper.step("Z1", plain + b1, {"bias-left-out": plain, "bias-subtracted": plain - b1}, mm(X, W1))
    A1 = paper.step("A1", relu(Z1), _instead_of_relu(Z1))
    plain = total(mm(A1, W2))
    wrong = {"bias-left-out": plain, "activation-not-used": total(mm(Z1, W2)) + b2}
    Z2 = paper.step("Z2", plain + b2, wrong, mm(A1, W2))
    P = paper.step(
        "P",
        softmax(Z2),
        {
            "softmax-wrong-axis": softmax(Z2, axis=-2),
            "softmax-over-everything": softmax(Z2.reshape(len(Z2), -1)).reshape(Z2.shape),
            "softmax-unnormalised": np.exp(Z2),
            "sigmoid-for-softmax": sigmoid(Z2),
            "softmax-without-exp": Z2 / np.sum(Z2, axis=-1, keepdims=True),
        },
    )
    logs = np.sum(T * np.log(P), axis=-1)
    paper.step("L", -np.mean(logs, axis=-1), _cross_entropy_wrong(logs, P))
    g_Z2 = paper.step(
        "grad(Z2)",
        (P - T) / 2,
        {
            "batch-factor-left-out": P - T,
            "sign-flipped": (T - P) / 2,
            "one-hot-left-out": P / 2,
            "softmax-jacobian-diagonal": -T * (1 - P) / 2,
        },
    )
    g_W2 = paper.step("grad(W2)", total(mm(turned(A1), g_Z2)), _batch_wrong(A1, g_Z2, Z1), mm(turned(A1), g_Z2))
    g_b2 = paper.step("grad(b2)", np.sum(g_Z2, axis=-2), _bias_wrong(g_Z2), sums(*_rows(g_Z2)))
    g_A1 = paper.step("grad(A1)", total(mm(g_Z2, turned(W2))), {}, mm(g_Z2, turned(W2)))
    g_Z1 = paper.step("grad(Z1)", g_A1 * (Z1 > 0), _mask_wrong(g_A1, Z1))
    g_W1 = paper.step("grad(W1)", total(mm(turned(X), g_Z1)), _batch_wrong(X, g_Z1), mm(turned(X), g_Z1))
    g_b1 = paper.step("grad(b1)", np.sum(g_Z1, axis=-2), _bias_wrong(g_Z1), sums(*_rows(g_Z1)))
    paper.step("grad(X)", total(mm(g_Z1, turned(W1))), {}, mm(g_Z1, turned(W1)))
    W1_new = _update(paper, "W1_new", W1, g_W1, 0.5)
    b1_new = _update(paper, "b1_new", n["b1"], g_b1, 0.5)
    W2_new = _update(paper, "W2_new", W2, g_W2, 0.5)
    b2_new = _update(paper, "b2_new", n["b2"], g_b2, 0.5)
    hidden = paper.aside(relu(paper.aside(total(mm(X, W1_new)) + b1_new[:, np.newaxis, :])))
    logits = paper.aside(total(mm(hidden, W2_new)) + b2_new[:, np.newaxis, :])
    logs = np.sum(T * np.log(paper.aside(softmax(logits))), axis=-1)
    paper.step("L_new", -np.mean(logs, axis=-1), {"sum-for-mean": -np.sum(logs, axis=-1)})


def xor_relu(paper: Paper, n: Mapping[str, Numbers]) -> None:
    """problems/mlp/xor-relu.yaml: whole numbers; the gradient arrives at Z."""
    X, W, c, w, b = (n[name] for name in ("X", "W", "c", "w", "b"))
    XW = paper.step("XW", total(mm(X, W)), {}, mm(X, W))
    rows = c[:, np.newaxis, :]
    Z = paper.step("Z", XW + rows, {"bias-left-out": XW, "bias-subtracted": XW - rows})
    H = paper.step("H", relu(Z), _instead_of_relu(Z))
    wrong = {"activation-not-used": total(mv(Z, w)) + column(b)}
    paper.step("y", total(mv(H, w)) + column(b), wrong, mv(H, w))
    g_Z = np.array([[[1.0, 0], [2, -1], [-3, 1], [1, -2]]])
    paper.step("grad(W)", total(mm(turned(X), g_Z)), _batch_wrong(X, g_Z), mm(turned(X), g_Z))
    paper.step("grad(c)", np.sum(g_Z, axis=-2), _bias_wrong(g_Z), sums(*_rows(g_Z)))
    paper.step("grad(X)", total(mm(g_Z, turned(W))), {}, mm(g_Z, turned(W)))


def linear_classifier(paper: Paper, n: Mapping[str, Numbers]) -> None:
    """problems/losses/linear-classifier.yaml: hinge loss, and cross-entropy by exponentials and their sum."""
    x, y, W, b = (n[name] for name in ("x", "y", "W", "b"))
    plain = total(mv(W, x))
    s = paper.step("s", plain + b, {"bias-left-out": plain, "bias-subtracted": plain - b}, mv(W, x))
    right = np.sum(y * s, axis=-1, keepdims=True)
    margins = relu(s - right + 1) * (1 - y)
    wrong = {
        "margin-left-out": np.sum(relu(s - right) * (1 - y), axis=-1),
        "right-class-counted": np.sum(relu(s - right + 1), axis=-1),
        "maximum-left-out": np.sum((s - right + 1) * (1 - y), axis=-1),
        "hinge-sign-swapped": np.sum(relu(right - s + 1) * (1 - y), axis=-1),
    }
    paper.step("hinge", np.sum(margins, axis=-1), wrong)
    e = paper.step("e", np.exp(s), {"power-of-another-base": 10.0**s})
    wrong = {
        "softmax-unnormalised": e,
        "softmax-by-largest": e / np.max(e, axis=-1, keepdims=True),
        "softmax-without-exp": s / np.sum(s, axis=-1, keepdims=True),
        "normalised-by-norm": e / np.sqrt(np.sum(e**2, axis=-1, keepdims=True)),
    }
    p = paper.step("p", e / np.sum(e, axis=-1, keepdims=True), wrong)
    logs = np.sum(y * np.log(p), axis=-1)
    wrong = {
        "sign-flipped": logs,
        "log-of-another-base": -logs / np.log(10),
        "log-of-base-2": -logs / np.log(2),
        "one-hot-left-out": -np.sum(np.log(p), axis=-1),
    }
    paper.step("L", -logs, wrong)
    wrong = {"sign-flipped": y - p, "one-hot-left-out": p, "softmax-jacobian-diagonal": -y * (1 - p)}
    g_s = paper.step("grad(s)", p - y, wrong)
    paper.step("grad(W)", total(outer(g_s, x)), {"sign-flipped": -total(outer(g_s, x))}, outer(g_s, x))
    paper.step("grad(b)", g_s, {"sign-flipped": -g_s})
    paper.step("grad(x)", total(mv(turned(W), g_s)), {}, mv(turned(W), g_s))


def _entries(vector: Numbers) -> list[Numbers]:
    return [vector[..., k] for k in range(vector.shape[-1])]


def _rows(matrix: Numbers) -> list[Numbers]:
    return [matrix[..., k, :] for k in range(matrix.shape[-2])]


def _update(paper: Paper, name: str, weight: Numbers, gradient: Numbers, rate: float) -> Numbers:
    wrong = {
        "learning-rate-sign": weight + rate * gradient,
        "learning-rate-left-out": weight - gradient,
        "step-only": -rate * gradient,
    }
    return paper.step(name, weight - rate * gradient, wrong)


def _instead_of_relu(z: Numbers) -> dict[str, Numbers]:
    return {
        "activation-left-out": z,
        "absolute-for-relu": np.abs(z),
        "relu-other-side": np.minimum(z, 0.0),
        "relu-as-step": np.where(z > 0, 1.0, 0.0),
        "sigmoid-for-relu": sigmoid(z),
    }


def _instead_of_sigmoid(z: Numbers) -> dict[str, Numbers]:
    return {
        "activation-left-out": z,
        "tanh-for-sigmoid": np.tanh(z),
        "sigmoid-of-minus": sigmoid(-z),
        "relu-for-sigmoid": relu(z),
    }


def _mask_wrong(g: Numbers, z: Numbers) -> dict[str, Numbers]:
    return {
        "relu-mask-left-out": np.broadcast_to(g, np.broadcast_shapes(g.shape, z.shape)),
        "relu-mask-inverted": g * (z <= 0),
        "relu-mask-of-gradient": g * (g > 0) + 0.0 * z,
        "relu-value-for-mask": g * relu(z),
    }


def _outer_wrong(g: Numbers, a: Numbers, before: Numbers | None = None) -> dict[str, Numbers]:
    wrong = {"sign-flipped": -total(outer(g, a))}
    if g.shape[-1] == a.shape[-1]:
        wrong["outer-product-order"] = total(outer(a, g))
    if before is not None:
        wrong["activation-not-used"] = total(outer(g, before))
    return wrong


def _batch_wrong(a: Numbers, g: Numbers, before: Numbers | None = None) -> dict[str, Numbers]:
    """The gradient of a weight over a batch in rows."""
    right = total(mm(turned(a), g))
    wrong = {
        "sign-flipped": -right,
        "mean-for-sum": right / a.shape[-2],
        "one-sample-only": total(mm(turned(a[..., :1, :]), g[..., :1, :])),
    }
    if before is not None:
        wrong["activation-not-used"] = total(mm(turned(before), g))
    return wrong


def _bias_wrong(g: Numbers) -> dict[str, Numbers]:
    return {
        "mean-for-sum": np.mean(g, axis=-2),
        "sign-flipped": -np.sum(g, axis=-2),
        "one-sample-only": g[..., 0, :],
    }


def _cross_entropy_wrong(logs: Numbers, P: Numbers) -> dict[str, Numbers]:
    """``logs`` are those of the right class of each sample."""
    return {
        "sum-for-mean": -np.sum(logs, axis=-1),
        "sign-flipped": np.mean(logs, axis=-1),
        "log-of-another-base": -np.mean(logs, axis=-1) / np.log(10),
        "log-of-base-2": -np.mean(logs, axis=-1) / np.log(2),
        "one-hot-left-out": -np.sum(np.log(P), axis=(-2, -1)) / P.shape[-2],
        "log-left-out": -np.mean(np.exp(logs), axis=-1),
    }
