"""Generative models, and how large ones are adapted."""

from __future__ import annotations

from collections.abc import Mapping

from tests.oracle.libraries import torch
from tests.oracle.networks import Tensor, Values, derivative, descended, each

F = torch.nn.functional
Series = Mapping[int, Tensor]


def vae_step(
    x: Tensor, eps: Tensor, W_mu: Tensor, b_mu: Tensor, W_lv: Tensor, b_lv: Tensor, W_d: Tensor, b_d: Tensor
) -> Values:
    mu, logvar = F.linear(x, W_mu, b_mu), F.linear(x, W_lv, b_lv)
    sigma = torch.exp(logvar / 2)
    z = torch.addcmul(mu, sigma, eps)
    logits = F.linear(z, W_d, b_d)
    reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    code, prior = torch.distributions.Normal(mu, torch.exp(logvar / 2)), torch.distributions.Normal(0.0, 1.0)
    KL = torch.distributions.kl_divergence(code, prior).sum()
    L = reconstruction + KL
    values = {"mu": mu, "logvar": logvar, "sigma": sigma, "z": z, "logits": logits, "reconstruction": reconstruction}
    return {**values, "KL": KL, "L": L, "ELBO": -L.detach(), "xhat": torch.sigmoid(logits).detach()}


def wasserstein_critic(real: Tensor, fake: Tensor, W1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) -> Values:
    def hidden(x: Tensor) -> Tensor:
        return torch.tanh(F.linear(x, W1, b1))

    D_real, D_fake = torch.dot(w2, hidden(real)) + b2, torch.dot(w2, hidden(fake)) + b2
    between = torch.lerp(fake, real, 0.3)
    h = hidden(between)
    slope = derivative(torch.dot(w2, h) + b2, between)
    length = torch.linalg.vector_norm(slope)
    penalty = F.mse_loss(length, torch.ones_like(length))
    L = D_fake - D_real + 10 * penalty
    values = {"D_real": D_real, "D_fake": D_fake, "between": between, "h": h}
    return {**values, "slope": slope, "length": length, "penalty": penalty, "L": L}


def diffusion_step(
    beta: Series, alpha_bar: Series, x0: Tensor, eps: Tensor, fresh: Tensor, W: Tensor, u: Tensor, b: Tensor
) -> Values:
    products = torch.cumprod(torch.stack([alpha_bar[0], *(1 - beta[t] for t in beta)]), 0)
    kept, noise = products[3].sqrt(), (1 - products[3]).sqrt()
    xt = kept * x0 + noise * eps
    told = F.linear(xt, W, b) + 0.75 * u
    back = (xt - beta[3] / noise * told) / (1 - beta[3]).sqrt()
    later = {"mean_back": back, "x_back": back + beta[3].sqrt() * fresh, "x0_told": (xt - noise * told) / kept}
    beside = later | each("alpha_bar", dict(enumerate(products)))
    values = {name: value.detach() for name, value in beside.items()}
    return {**values, "xt": xt, "told": told, "L": F.mse_loss(told, eps)}


def lora(x: Tensor, target: Tensor, W: Tensor, b: Tensor, A: Tensor, B: Tensor) -> Values:
    base, low = F.linear(x, W, b), F.linear(x, A)
    update = 3 * F.linear(low, B)
    y = base + update
    L = 0.5 * F.mse_loss(y, target, reduction="sum")
    new = descended(L, 0.1, A=A, B=B)
    merged = torch.addmm(W, new["B_new"], new["A_new"], alpha=3).detach()
    return {"base": base, "low": low, "update": update, "y": y, "L": L, **new, "merged": merged}
