"""Attention."""

from __future__ import annotations

import math

from tests.oracle.libraries import torch
from tests.oracle.networks import Tensor, Values

F = torch.nn.functional


def _attended(Q: Tensor, K: Tensor, V: Tensor, allowed: Tensor) -> Values:
    """Attention with its scores and weights, as PyTorch has it."""
    scores = torch.einsum("...qd,...kd->...qk", Q, K) / math.sqrt(Q.shape[-1])
    weights = F.softmax(scores.masked_fill(~allowed, -math.inf), -1)
    out = weights @ V
    torch.testing.assert_close(out, F.scaled_dot_product_attention(Q, K, V, attn_mask=allowed))
    return {"scores": scores, "weights": weights, "out": out}


def _steps(values: Values, prefix: str) -> Values:
    return {f"{prefix}.{name}": values[name] for name in ("scores", "weights")}


def scaled_scores(scores: Tensor, d_k: Tensor) -> Values:
    scaled = scores / d_k.sqrt()
    return {"scaled": scaled, "weights": F.softmax(scaled, 0)}


def self_attention(x: Tensor, Wk: Tensor, Wq: Tensor, Wv: Tensor) -> Values:
    K, Q, V = (F.linear(x, W.T) for W in (Wk, Wq, Wv))
    S = torch.einsum("qd,kd->qk", Q, K)
    A = F.softmax(S, 1)
    return {"K": K, "Q": Q, "V": V, "S": S, "A": A, "out": A @ V}


def causal_self_attention(x: Tensor, y: Tensor, Wq: Tensor, Wk: Tensor, Wv: Tensor) -> Values:
    Q, K, V = (F.linear(x, W.T) for W in (Wq, Wk, Wv))
    attended = _attended(Q, K, V, torch.ones(3, 3, dtype=torch.bool).tril())
    L = 0.5 * F.mse_loss(attended["out"], y, reduction="sum")
    return {"Q": Q, "K": K, "V": V, **_steps(attended, "out"), "out": attended["out"], "L": L}


def cross_attention(X: Tensor, M: Tensor, real: Tensor, Y: Tensor, Wq: Tensor, Wk: Tensor, Wv: Tensor) -> Values:
    Q, K, V = F.linear(X, Wq.T), F.linear(M, Wk.T), F.linear(M, Wv.T)
    attended = _attended(Q, K, V, real.bool().expand(2, 4))
    L = 0.5 * F.mse_loss(attended["out"], Y, reduction="sum")
    return {"Q": Q, "K": K, "V": V, **_steps(attended, "out"), "out": attended["out"], "L": L}


def two_heads(x: Tensor, Wq: Tensor, Wk: Tensor, Wv: Tensor, Wo: Tensor, bo: Tensor) -> Values:
    q, k, v = (F.linear(x, W.T) for W in (Wq, Wk, Wv))
    Q, K, V = (projected.reshape(3, 2, 2).transpose(0, 1) for projected in (q, k, v))
    attended = _attended(Q, K, V, torch.ones(3, 3, dtype=torch.bool))
    heads = attended["out"]
    concat = heads.transpose(0, 1).reshape(3, 4)
    y = F.linear(concat, Wo.T, bo)
    return {"y.q": q, "y.k": k, "y.v": v, **_steps(attended, "y"), "y.heads": heads, "y.concat": concat, "y": y}


def positions(E: Tensor, Wq: Tensor, Wk: Tensor, Wv: Tensor) -> Values:
    P = torch.zeros(4, 4, dtype=E.dtype)
    position = torch.arange(4, dtype=E.dtype)
    for pair, wavelength in enumerate((1, 10)):  # 100**(2 * pair / 4)
        P[:, 2 * pair] = torch.sin(position / wavelength)
        P[:, 2 * pair + 1] = torch.cos(position / wavelength)
    X = E + P
    q, K, V = F.linear(X[3], Wq.T), F.linear(X, Wk.T), F.linear(X, Wv.T)
    scores = torch.mv(K, q) / math.sqrt(2)
    weights = F.softmax(scores, 0)
    context = weights @ V
    return {"P": P, "X": X, "q": q, "K": K, "V": V, "scores": scores, "weights": weights, "context": context}
