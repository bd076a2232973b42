"""The two problems at the top of the library."""

from __future__ import annotations

from tests.oracle.libraries import torch
from tests.oracle.networks import Tensor, Values, derivative, jacobian

F = torch.nn.functional


def gan(z: Tensor, W0: Tensor, b0: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Values:
    h0 = torch.relu(F.linear(z, W0, b0))
    h1 = h0.reshape(2, 2, 2)
    C1 = F.conv2d(h1, W1.reshape(2, 1, 3, 3), padding=2, groups=2)
    H2 = C1.sum(0, keepdim=True) + b1
    m = W2 @ H2.flatten() + b2
    yhat = torch.sigmoid(m)
    L = -torch.log(yhat)
    values = {
        "h0": h0,
        "h1": h1,
        "C1": C1,
        "H2": H2,
        "m": m,
        "yhat": yhat,
        "L": L,
        "jacobian(h0, W0)": jacobian(h0, W0),
    }
    upstream = derivative(L, H2).flatten()
    for c in range(2):
        values[f"K{c}"] = jacobian(F.conv2d(h1, W1, padding=2).flatten(), h1)[:, c].reshape(16, 4)
        values[f"dK{c}"] = torch.outer(upstream, h1[c].flatten())
    return values


def autoencoder(x: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Values:
    h = torch.relu(F.linear(x, W1.T, b1))
    z2 = F.linear(h, W2.T, b2)
    xhat = torch.sigmoid(z2)
    L = F.mse_loss(xhat, x, reduction="sum")
    jacobians = {"jacobian(z2, W2)": jacobian(z2, W2), "jacobian(h, W1)": jacobian(h, W1)}
    return {"h": h, "z2": z2, "xhat": xhat, "L": L, "grad_xhat_entry": derivative(L, xhat), **jacobians}
