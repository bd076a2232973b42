"""Normalisation, attention and graphs, as a student works them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tests.benchmarks.simulation.digits import Numbers
from tests.benchmarks.simulation.maths import column, mm, relu, softmax, sums, total, turned
from tests.benchmarks.simulation.paper import Paper

__all__ = ["batch_norm", "causal_attention", "layer_norm", "node_classification"]


def causal_attention(paper: Paper, n: Mapping[str, Numbers]) -> None:
    """problems/attention/causal-self-attention.yaml: scaled scores, those that look ahead masked."""
    x, Wq, Wk, Wv, y = (n[name] for name in ("x", "Wq", "Wk", "Wv", "y"))
    Q = paper.step("Q", total(mm(x, Wq)), {"keys-for-queries": total(mm(x, Wk))}, mm(x, Wq))
    K = paper.step("K", total(mm(x, Wk)), {"queries-for-keys": total(mm(x, Wq))}, mm(x, Wk))
    V = paper.step("V", total(mm(x, Wv)), {}, mm(x, Wv))
    products = total(mm(Q, turned(K)))
    wrong = {
        "scaling-left-out": products,
        "scaling-without-root": products / 4,
        "keys-and-queries-swapped": turned(products) / 2,
        "scaling-by-tokens": products / np.sqrt(3),
    }
    left, right = mm(Q, turned(K))
    S = paper.step("out.scores", products / 2, wrong, (left / 2, right))
    seen = np.tril(np.ones((3, 3), dtype=np.bool_))
    masked = paper.step(
        "out.masked", np.where(seen, S, -1e9), {"mask-left-out": S, "mask-transposed": np.where(seen.T, S, -1e9)}
    )
    ahead = np.where(seen, np.exp(S), 0.0)
    wrong = {
        "mask-left-out": softmax(S),
        "softmax-wrong-axis": softmax(masked, axis=-2),
        "softmax-unnormalised": ahead,
        "mask-after-softmax": np.where(seen, softmax(S), 0.0),
        "mask-as-zero-score": softmax(np.where(seen, S, 0.0)),
    }
    A = paper.step("out.weights", softmax(masked), wrong)
    wrong = {"weights-transposed": total(mm(turned(A), V)), "keys-for-values": total(mm(A, K))}
    out = paper.step("out", total(mm(A, V)), wrong, mm(A, V))
    error = out - y
    squares = np.sum(error**2, axis=(-2, -1))
    paper.step("L", 0.5 * squares, {"half-left-out": squares, "mean-for-sum": squares / 24})
    g = paper.step("grad(out)", error, {"sign-flipped": -error, "factor-2": 2 * error})
    wrong = {"sign-flipped": -total(mm(turned(A), g)), "weights-not-transposed": total(mm(A, g))}
    g_V = paper.step("grad(V)", total(mm(turned(A), g)), wrong, mm(turned(A), g))
    g_A = paper.step("grad(out.weights)", total(mm(g, turned(V))), {}, mm(g, turned(V)))
    inner = np.sum(A * g_A, axis=-1, keepdims=True)
    wrong = {
        "softmax-jacobian-diagonal": g_A * A * (1 - A),
        "softmax-jacobian-product-only": A * g_A,
        "activation-derivative-left-out": np.where(seen, g_A, 0.0) + 0 * A,
        "softmax-wrong-axis": A * (g_A - np.sum(A * g_A, axis=-2, keepdims=True)),
    }
    g_S = paper.step("grad(out.masked)", A * (g_A - inner), wrong)
    g_S = paper.step("grad(out.scores)", np.where(seen, g_S, 0.0), {})
    wrong = {"scaling-left-out": total(mm(g_S, K)), "weights-not-transposed": total(mm(turned(g_S), K)) / 2}
    g_Q = paper.step("grad(Q)", total(mm(g_S, K)) / 2, wrong, mm(g_S / 2, K))
    wrong = {"scaling-left-out": total(mm(turned(g_S), Q)), "weights-not-transposed": total(mm(g_S, Q)) / 2}
    g_K = paper.step("grad(K)", total(mm(turned(g_S), Q)) / 2, wrong, mm(turned(g_S) / 2, Q))
    back = []
    for name, gradient, weight in (("Wq", g_Q, Wq), ("Wk", g_K, Wk), ("Wv", g_V, Wv)):
        right = total(mm(turned(x), gradient))
        paper.step(f"grad({name})", right, {"sign-flipped": -right}, mm(turned(x), gradient))
        back.append(paper.aside(total(mm(gradient, turned(weight)))))
    whole = total(sums(*back))
    wrong = {f"branch-left-out-{k}": whole - part for k, part in enumerate(back)}
    paper.step("grad(x)", whole, wrong, sums(*back))


def layer_norm(paper: Paper, n: Mapping[str, Numbers]) -> None:
    """problems/norm/layer-norm.yaml: rows normalised, a dense layer, half the squared error."""
    x, y, W, b = n["x"], n["y"], n["W"], n["b"][:, np.newaxis, :]
    gamma, beta = n["gamma"][:, np.newaxis, :], n["beta"][:, np.newaxis, :]
    mean = paper.step("h.mean", np.mean(x, axis=-1), {"sum-for-mean": np.sum(x, axis=-1)})
    centred = paper.aside(x - column(mean))
    var, xhat = _normalised(paper, "h", centred, -1)
    wrong = {
        "shift-left-out": gamma * xhat,
        "scale-left-out": xhat + beta,
        "scale-and-shift-swapped": beta * xhat + gamma,
    }
    h = paper.step("h", gamma * xhat + beta, wrong)
    plain = total(mm(h, W))
    yhat = paper.step(
        "yhat", plain + b, {"bias-left-out": plain, "normalisation-left-out": total(mm(x, W)) + b}, mm(h, W)
    )
    error = yhat - y
    squares = np.sum(error**2, axis=(-2, -1))
    paper.step("L", squares / 2, {"half-left-out": squares, "mean-for-sum": squares / 12})
    g = paper.step("grad(yhat)", error, {"sign-flipped": -error, "factor-2": 2 * error})
    right = total(mm(turned(h), g))
    wrong = {"sign-flipped": -right, "mean-for-sum": right / 2, "normalisation-left-out": total(mm(turned(x), g))}
    paper.step("grad(W)", right, wrong, mm(turned(h), g))
    paper.step("grad(b)", np.sum(g, axis=-2), {"mean-for-sum": np.mean(g, axis=-2), "one-sample-only": g[:, 0]})
    g_h = paper.step("grad(h)", total(mm(g, turned(W))), {}, mm(g, turned(W)))
    _scale_backward(paper, "grad(gamma)", "grad(beta)", g_h, xhat, h)
    g_xhat = paper.step("grad(h.xhat)", g_h * gamma, {"scale-left-out": g_h + 0 * gamma})
    _norm_backward(paper, ("h", "grad(x)"), (centred, var, g_xhat), -1)


def batch_norm(paper: Paper, n: Mapping[str, Numbers]) -> None:
    """problems/norm/batch-norm.yaml: columns normalised over the batch, and the running statistics."""
    X, gamma, beta = n["X"], n["gamma"][:, np.newaxis, :], n["beta"][:, np.newaxis, :]
    g = np.array([[[1, -1, 0.5], [-0.5, 2, 1], [-2, 1, -1.5], [0.5, 1.5, -1]]])
    mean = paper.step("Y.mean", np.mean(X, axis=-2), {"sum-for-mean": np.sum(X, axis=-2)})
    centred = paper.aside(X - mean[:, np.newaxis, :])
    var, xhat = _normalised(paper, "Y", centred, -2)
    wrong = {
        "shift-left-out": gamma * xhat,
        "scale-left-out": xhat + beta,
        "scale-and-shift-swapped": beta * xhat + gamma,
    }
    Y = paper.step("Y", gamma * xhat + beta, wrong)
    old = n["running_mean"]
    wrong = {"momentum-swapped": 0.1 * old + 0.9 * mean, "update-only": 0.1 * mean + 0 * old}
    paper.step("Y.new_running_mean", 0.9 * old + 0.1 * mean, wrong)
    old = n["running_var"]
    unbiased = var * 4 / 3
    wrong = {"momentum-swapped": 0.1 * old + 0.9 * unbiased, "biased-variance": 0.9 * old + 0.1 * var}
    paper.step("Y.new_running_var", 0.9 * old + 0.1 * unbiased, wrong)
    _scale_backward(paper, "grad(gamma)", "grad(beta)", g, xhat, Y)
    g_xhat = paper.step("grad(Y.xhat)", g * gamma, {"scale-left-out": g + 0 * gamma})
    _norm_backward(paper, ("Y", "grad(X)"), (centred, var, g_xhat), -2)


def _normalised(paper: Paper, layer: str, centred: Numbers, axis: int) -> tuple[Numbers, Numbers]:
    count = centred.shape[axis]
    squares = np.sum(centred**2, axis=axis)
    wrong = {
        "variance-n-minus-1": squares / (count - 1),
        "sum-for-mean": squares,
        "root-of-variance": np.sqrt(squares / count),
    }
    var = paper.step(f"{layer}.var", squares / count, wrong)
    wide = np.expand_dims(var, axis)
    wrong = {
        "divided-by-variance": centred / (wide + 1e-5),
        "not-divided": centred + 0 * wide,
    }
    return var, paper.step(f"{layer}.xhat", centred / np.sqrt(wide + 1e-5), wrong)


def _scale_backward(paper: Paper, scale: str, shift: str, g: Numbers, xhat: Numbers, out: Numbers) -> None:
    wrong = {
        "normalised-for-output": np.sum(g * out, axis=-2),
        "mean-for-sum": np.mean(g * xhat, axis=-2),
        "factor-left-out": np.sum(g, axis=-2) + 0 * xhat[:, 0],
    }
    paper.step(scale, np.sum(g * xhat, axis=-2), wrong, (turned(g), turned(xhat)))
    paper.step(shift, np.sum(g, axis=-2), {"mean-for-sum": np.mean(g, axis=-2), "one-sample-only": g[:, 0]})


def _norm_backward(paper: Paper, names: tuple[str, str], known: tuple[Numbers, Numbers, Numbers], axis: int) -> None:
    """Through the normalisation by the variance, then the mean, then both."""
    (layer, x), (centred, var, g) = names, known
    count = centred.shape[axis]
    root = np.sqrt(var + 1e-5)
    along = np.sum(g * centred, axis=axis)
    wrong = {"sign-flipped": along / (2 * root**3), "factor-half-left-out": -along / root**3}
    g_var = paper.step(f"grad({layer}.var)", -along / (2 * root**3), wrong)
    summed = np.sum(g, axis=axis)
    g_mean = paper.step(
        f"grad({layer}.mean)", -summed / root, {"sign-flipped": summed / root, "root-left-out": -summed + 0 * root}
    )
    direct = g / np.expand_dims(root, axis)
    by_var = np.expand_dims(g_var, axis) * 2 * centred / count
    by_mean = np.expand_dims(g_mean, axis) / count
    wrong = {
        "statistics-as-constants": direct + 0 * by_var,
        "variance-branch-left-out": direct + by_mean + 0 * by_var,
        "mean-branch-left-out": direct + by_var + 0 * by_mean,
    }
    paper.step(x, direct + by_var + by_mean, wrong, sums(direct, by_var, by_mean + 0 * by_var))


def node_classification(paper: Paper, n: Mapping[str, Numbers]) -> None:
    """problems/graph/node-classification.yaml: two graph convolutions, cross-entropy of two nodes."""
    A, X, T, W0, W1 = (n[name] for name in ("A", "X", "T", "W0", "W1"))
    b0, b1 = n["b0"][:, np.newaxis, :], n["b1"][:, np.newaxis, :]
    loops = paper.step("A_hat.A_tilde", A + np.eye(5), {"self-loops-left-out": A})
    wrong = {"self-loops-left-out": np.sum(A, axis=-1) + 0 * loops[..., 0]}
    d = paper.step("A_hat.degree", np.sum(loops, axis=-1), wrong)
    root = paper.aside(1 / np.sqrt(d))
    wrong = {
        "normalised-by-rows": loops / column(d),
        "normalisation-left-out": loops,
        "root-left-out": loops / column(d) / d[:, np.newaxis, :],
        "self-loops-left-out": A * column(root) * root[:, np.newaxis, :],
    }
    A_hat = paper.step("A_hat", loops * column(root) * root[:, np.newaxis, :], wrong)
    AX = paper.aside(total(mm(A_hat, X)))
    plain = total(mm(AX, W0))
    Z0 = paper.step("Z0", plain + b0, {"bias-left-out": plain, "adjacency-left-out": total(mm(X, W0)) + b0}, mm(AX, W0))
    H0 = paper.step("H0", relu(Z0), {"activation-left-out": Z0, "absolute-for-relu": np.abs(Z0)})
    AH = paper.aside(total(mm(A_hat, H0)))
    plain = total(mm(AH, W1))
    wrong = {"bias-left-out": plain, "adjacency-left-out": total(mm(H0, W1)) + b1}
    Z1 = paper.step("Z1", plain + b1, wrong, mm(AH, W1))
    wrong = {"softmax-wrong-axis": softmax(Z1, axis=-2), "softmax-unnormalised": np.exp(Z1)}
    P = paper.step("P", softmax(Z1), wrong)
    logs = np.sum(T * np.log(P), axis=(-2, -1))
    wrong = {"sum-for-mean": -logs, "mean-over-all-nodes": -logs / 5, "sign-flipped": logs / 2}
    paper.step("L", -logs / 2, wrong | {"log-of-another-base": -logs / 2 / np.log(10)})
    labelled = np.sum(T, axis=-1, keepdims=True)
    wrong = {
        "mask-left-out": (P - T) / 2,
        "batch-factor-left-out": labelled * (P - T),
        "mean-over-all-nodes": labelled * (P - T) / 5,
        "sign-flipped": labelled * (T - P) / 2,
    }
    g = paper.step("grad(Z1)", labelled * (P - T) / 2, wrong)
    right = total(mm(turned(AH), g))
    wrong = {"adjacency-left-out": total(mm(turned(H0), g)), "sign-flipped": -right}
    paper.step("grad(W1)", right, wrong, mm(turned(AH), g))
    wrong = {"mean-for-sum": np.mean(g, axis=-2), "sign-flipped": -np.sum(g, axis=-2)}
    paper.step("grad(b1)", np.sum(g, axis=-2), wrong, (turned(g), np.ones(5)))
    back = paper.aside(total(mm(g, turned(W1))))
    wrong = {"adjacency-left-out": back + 0 * H0}
    g_H = paper.step("grad(H0)", total(mm(turned(A_hat), back)), wrong, mm(turned(A_hat), back))
    wrong = {
        "relu-mask-left-out": g_H + 0 * Z0,
        "relu-mask-inverted": g_H * (Z0 <= 0),
        "relu-mask-of-gradient": relu(g_H),
    }
    g_Z0 = paper.step("grad(Z0)", g_H * (Z0 > 0), wrong)
    right = total(mm(turned(AX), g_Z0))
    wrong = {"adjacency-left-out": total(mm(turned(X), g_Z0)), "sign-flipped": -right}
    paper.step("grad(W0)", right, wrong, mm(turned(AX), g_Z0))
    wrong = {"mean-for-sum": np.mean(g_Z0, axis=-2), "sign-flipped": -np.sum(g_Z0, axis=-2)}
    paper.step("grad(b0)", np.sum(g_Z0, axis=-2), wrong, (turned(g_Z0), np.ones(5)))
