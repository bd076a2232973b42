"""An optimiser, a variational autoencoder and two losses, as a student works them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tests.benchmarks.simulation.digits import Numbers
from tests.benchmarks.simulation.maths import column, dot, mv, outer, sigmoid, sums, total, turned
from tests.benchmarks.simulation.paper import Paper

__all__ = ["adam", "focal_loss", "vae"]


def adam(paper: Paper, n: Mapping[str, Numbers]) -> None:
    """problems/optimisers/adam-three-steps.yaml: three steps on a quadratic."""
    w, m, v = n["w[0]"], n["m[0]"], n["v[0]"]
    for k in (1, 2, 3):
        w, m, v = _adam_step(paper, n, k, (w, m, v))


def _adam_step(
    paper: Paper, n: Mapping[str, Numbers], k: int, state: tuple[Numbers, Numbers, Numbers]
) -> tuple[Numbers, Numbers, Numbers]:
    (w, m, v), A, b = state, n["A"], n["b"]
    Aw = paper.aside(total(mv(A, w)))
    squares, linear = total(dot(w, Aw)), total(dot(b, w))
    wrong = {"half-left-out": squares - linear, "term-sign": 0.5 * squares + linear, "term-left-out": 0.5 * squares}
    paper.step(f"L[{k}]", 0.5 * squares - linear, wrong, (0.5 * w, Aw))
    wrong = {"term-left-out": Aw + 0 * b, "sign-flipped": b - Aw, "half-not-cancelled": 0.5 * Aw - b}
    g = paper.step(f"g[{k}]", Aw - b, wrong, mv(A, w))
    wrong = {"decay-swapped": 0.1 * m + 0.9 * g, "average-left-out": g + 0 * m, "sign-flipped": 0.9 * m - 0.1 * g}
    m = paper.step(f"m[{k}]", 0.9 * m + 0.1 * g, wrong, sums(0.9 * m, 0.1 * g))
    wrong = {"decay-swapped": 0.01 * v + 0.99 * g**2, "square-left-out": 0.99 * v + 0.01 * g}
    v = paper.step(f"v[{k}]", 0.99 * v + 0.01 * g**2, wrong, sums(0.99 * v, 0.01 * g**2))
    wrong = {"bias-correction-left-out": m, "bias-correction-power-left-out": m / (1 - 0.9)}
    m_hat = paper.step(f"m_hat[{k}]", m / (1 - 0.9**k), wrong)
    wrong = {"bias-correction-left-out": v, "bias-correction-power-left-out": v / (1 - 0.99)}
    v_hat = paper.step(f"v_hat[{k}]", v / (1 - 0.99**k), wrong)
    move = 0.1 * m_hat / (np.sqrt(v_hat) + 1e-8)
    wrong = {
        "learning-rate-sign": w + move,
        "learning-rate-left-out": w - 10 * move,
        "root-left-out": w - 0.1 * m_hat / (v_hat + 1e-8),
        "bias-correction-left-out": w - 0.1 * m / (np.sqrt(v) + 1e-8),
    }
    return paper.step(f"w[{k}]", w - move, wrong), m, v


def vae(paper: Paper, n: Mapping[str, Numbers]) -> None:
    """problems/generative/vae-step.yaml: the code drawn by its mean and deviation, cross-entropy and divergence."""
    x, eps = n["x"], n["eps"]
    linear: dict[str, Numbers] = {}
    for name, short in (("mu", "mu"), ("logvar", "lv")):
        plain, bias = total(mv(n[f"W_{short}"], x)), n[f"b_{short}"]
        wrong = {"bias-left-out": plain, "bias-subtracted": plain - bias}
        linear[name] = paper.step(name, plain + bias, wrong, mv(n[f"W_{short}"], x))
    mu, logvar = linear["mu"], linear["logvar"]
    wrong = {
        "half-left-out": np.exp(logvar),
        "exponential-left-out": 0.5 * logvar,
        "exponent-sign": np.exp(-0.5 * logvar),
    }
    sigma = paper.step("sigma", np.exp(0.5 * logvar), wrong)
    wrong = {
        "variance-for-deviation": mu + sigma**2 * eps,
        "term-sign": mu - sigma * eps,
        "noise-left-out": mu + 0 * sigma,
    }
    z = paper.step("z", mu + sigma * eps, wrong)
    plain = total(mv(n["W_d"], z))
    wrong = {"bias-left-out": plain, "mean-for-code": total(mv(n["W_d"], mu)) + n["b_d"]}
    logits = paper.step("logits", plain + n["b_d"], wrong, mv(n["W_d"], z))
    wrong = {"activation-left-out": logits, "tanh-for-sigmoid": np.tanh(logits), "sigmoid-of-minus": sigmoid(-logits)}
    xhat = paper.step("xhat", sigmoid(logits), wrong)
    parts = x * np.log(xhat) + (1 - x) * np.log(1 - xhat)
    wrong = {
        "sign-flipped": np.sum(parts, axis=-1),
        "mean-for-sum": -np.mean(parts, axis=-1),
        "term-left-out": -np.sum(x * np.log(xhat), axis=-1),
        "log-of-another-base": -np.sum(parts, axis=-1) / np.log(10),
    }
    reconstruction = paper.step("reconstruction", -np.sum(parts, axis=-1), wrong)
    parts = mu**2 + np.exp(logvar) - logvar - 1
    wrong = {
        "half-left-out": np.sum(parts, axis=-1),
        "sign-flipped": -0.5 * np.sum(parts, axis=-1),
        "mean-for-sum": 0.5 * np.mean(parts, axis=-1),
        "term-sign": 0.5 * np.sum(mu**2 + np.exp(logvar) + logvar - 1, axis=-1),
        "term-left-out": 0.5 * np.sum(mu**2 + np.exp(logvar) - logvar, axis=-1),
    }
    KL = paper.step("KL", 0.5 * np.sum(parts, axis=-1), wrong)
    wrong = {"term-left-out": reconstruction + 0 * KL, "term-sign": reconstruction - KL}
    L = paper.step("L", reconstruction + KL, wrong)
    paper.step("ELBO", -L, {"sign-flipped": L})
    _vae_backward(paper, n, {"mu": mu, "logvar": logvar, "sigma": sigma, "z": z, "xhat": xhat})


def _vae_backward(paper: Paper, n: Mapping[str, Numbers], s: Mapping[str, Numbers]) -> None:
    x, eps, xhat, sigma, mu = n["x"], n["eps"], s["xhat"], s["sigma"], s["mu"]
    wrong = {"sign-flipped": x / xhat - (1 - x) / (1 - xhat), "term-left-out": -x / xhat}
    paper.step("grad(xhat)", -x / xhat + (1 - x) / (1 - xhat), wrong)
    wrong = {"sign-flipped": x - xhat, "mean-for-sum": (xhat - x) / 3}
    g = paper.step("grad(logits)", xhat - x, wrong)
    right = total(outer(g, s["z"]))
    wrong = {"sign-flipped": -right, "mean-for-code": total(outer(g, mu))}
    paper.step("grad(W_d)", right, wrong, outer(g, s["z"]))
    paper.step("grad(b_d)", g, {"sign-flipped": -g})
    g_z = paper.step("grad(z)", total(mv(turned(n["W_d"]), g)), {}, mv(turned(n["W_d"]), g))
    wrong = {"factor-left-out": g_z + 0 * eps, "sign-flipped": -g_z * eps}
    g_sigma = paper.step("grad(sigma)", g_z * eps, wrong)
    wrong = {
        "branch-left-out": g_z + 0 * mu,
        "divergence-only": mu + 0 * g_z,
        "factor-2": g_z + 2 * mu,
        "term-sign": g_z - mu,
    }
    g_mu = paper.step("grad(mu)", g_z + mu, wrong)
    through, own = g_sigma * sigma / 2, 0.5 * (np.exp(s["logvar"]) - 1)
    wrong = {
        "branch-left-out": through + 0 * own,
        "divergence-only": own + 0 * through,
        "half-left-out": 2 * through + own,
        "activation-derivative-left-out": g_sigma + own,
    }
    g_lv = paper.step("grad(logvar)", through + own, wrong)
    for short, gradient in (("mu", g_mu), ("lv", g_lv)):
        right = total(outer(gradient, x))
        paper.step(f"grad(W_{short})", right, {"sign-flipped": -right}, outer(gradient, x))
        paper.step(f"grad(b_{short})", gradient, {"sign-flipped": -gradient})


def focal_loss(paper: Paper, n: Mapping[str, Numbers]) -> None:
    """problems/losses/focal-loss.yaml: binary cross-entropy from logits, and the focal loss, of four samples."""
    X, y, w, b = n["X"], n["y"], n["w"], column(n["b"])
    plain = total(mv(X, w))
    z = paper.step("z", plain + b, {"bias-left-out": plain, "bias-subtracted": plain - b}, mv(X, w))
    p = paper.step(
        "p", sigmoid(z), {"activation-left-out": z, "tanh-for-sigmoid": np.tanh(z), "sigmoid-of-minus": sigmoid(-z)}
    )
    logs = y * np.log(p) + (1 - y) * np.log(1 - p)
    wrong = {"sign-flipped": logs, "term-left-out": -y * np.log(p), "log-of-another-base": -logs / np.log(10)}
    bce = paper.step("bce", -logs, wrong)
    paper.step(
        "BCE", np.mean(bce, axis=-1), {"sum-for-mean": np.sum(bce, axis=-1)}, sums(*[bce[:, k] / 4 for k in range(4)])
    )
    wrong = {"batch-factor-left-out": p - y, "sign-flipped": (y - p) / 4}
    g = paper.step("dBCE_dz", (p - y) / 4, wrong)
    right = total(mv(turned(X), g))
    paper.step("dBCE_dw", right, {"sign-flipped": -right, "mean-for-sum": right / 4}, mv(turned(X), g))
    paper.step("dBCE_db", np.sum(g, axis=-1), {"mean-for-sum": np.mean(g, axis=-1)}, (g, np.ones(4)))
    p_t = paper.step(
        "p_t",
        p * y + (1 - p) * (1 - y),
        {"classes-swapped": p * (1 - y) + (1 - p) * y, "complement-left-out": p + 0 * y},
    )
    alpha = paper.step("alpha_t", 0.25 * y + 0.75 * (1 - y), {"classes-swapped": 0.75 * y + 0.25 * (1 - y)})
    wrong = {
        "square-left-out": -alpha * (1 - p_t) * np.log(p_t),
        "factor-left-out": -((1 - p_t) ** 2) * np.log(p_t),
        "complement-left-out": -alpha * p_t**2 * np.log(p_t),
        "sign-flipped": alpha * (1 - p_t) ** 2 * np.log(p_t),
        "log-of-another-base": -alpha * (1 - p_t) ** 2 * np.log10(p_t),
    }
    focal = paper.step("focal", -alpha * (1 - p_t) ** 2 * np.log(p_t), wrong)
    paper.step("L", np.mean(focal, axis=-1), {"sum-for-mean": np.sum(focal, axis=-1)}, (focal / 4, np.ones(4)))
    first, second = 2 * (1 - p_t) * np.log(p_t), (1 - p_t) ** 2 / p_t
    wrong = {
        "product-rule-forgotten": -alpha * second / 4,
        "other-branch-only": alpha * first / 4,
        "batch-factor-left-out": alpha * (first - second),
        "sign-flipped": alpha * (second - first) / 4,
    }
    g_t = paper.step("grad(p_t)", alpha * (first - second) / 4, wrong)
    g_p = paper.step("grad(p)", g_t * (2 * y - 1), {"classes-swapped": g_t * (1 - 2 * y)})
    wrong = {"activation-derivative-left-out": g_p + 0 * p, "sign-flipped": -g_p * p * (1 - p)}
    g = paper.step("grad(z)", g_p * p * (1 - p), wrong)
    right = total(mv(turned(X), g))
    paper.step("grad(w)", right, {"sign-flipped": -right, "mean-for-sum": right / 4}, mv(turned(X), g))
    paper.step("grad(b)", np.sum(g, axis=-1), {"mean-for-sum": np.mean(g, axis=-1)}, (g, np.ones(4)))
    paper.step("grad(X)", g[..., np.newaxis] * w[:, np.newaxis, :], {})
