"""Normalisation."""

from __future__ import annotations

from tests.oracle.libraries import torch
from tests.oracle.networks import Tensor, Values

F = torch.nn.functional


def batch_norm(X: Tensor, running_mean: Tensor, running_var: Tensor, gamma: Tensor, beta: Tensor) -> Values:
    mean = X.mean(0)
    var = (X - mean).square().mean(0)
    xhat = (X - mean) * torch.rsqrt(var + 1e-5)
    Y = gamma * xhat + beta
    running = running_mean.detach().clone(), running_var.detach().clone()
    torch.testing.assert_close(Y, F.batch_norm(X, *running, gamma, beta, training=True))
    parts = {"Y.mean": mean, "Y.var": var, "Y.xhat": xhat}
    return {**parts, "Y.new_running_mean": running[0], "Y.new_running_var": running[1], "Y": Y}


def layer_norm(x: Tensor, y: Tensor, gamma: Tensor, beta: Tensor, W: Tensor, b: Tensor) -> Values:
    mean = x.mean(1)
    var = (x - mean[:, None]).square().mean(1)
    xhat = (x - mean[:, None]) * torch.rsqrt(var + 1e-5)[:, None]
    h = gamma * xhat + beta
    torch.testing.assert_close(h, F.layer_norm(x, (4,), gamma, beta))
    yhat = F.linear(h, W.T, b)
    L = 0.5 * F.mse_loss(yhat, y, reduction="sum")
    return {"h.mean": mean, "h.var": var, "h.xhat": xhat, "h": h, "yhat": yhat, "L": L}


def rms_norm(x: Tensor, gamma: Tensor) -> Values:
    mean_square = x.square().mean(1)
    xhat = x * torch.rsqrt(mean_square)[:, None]
    y = gamma * xhat
    torch.testing.assert_close(y, F.rms_norm(x, (4,), gamma, eps=0.0))
    return {"y.mean_square": mean_square, "y.xhat": xhat, "y": y}
