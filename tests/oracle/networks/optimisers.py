"""Optimisers: the steps are those of torch.optim."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.oracle.libraries import torch
from tests.oracle.networks import Tensor, Values, derivative

F = torch.nn.functional
Series = Mapping[int, Tensor]
Loss = Callable[[Tensor], Tensor]


def _steps(
    w: Tensor, optimiser: Callable[[list[Tensor]], Tensor], loss: Loss, state: Mapping[str, str]
) -> list[Values]:
    """Three steps of an optimiser: the loss before each, its gradient, the weights after it, and parts of its state."""
    weight = w.detach().clone().requires_grad_()
    steps = optimiser([weight])
    found = []
    for _ in range(3):
        steps.zero_grad()
        before = loss(weight)
        before.backward()
        steps.step()
        kept = {name: steps.state[weight][key].clone() for name, key in state.items()}
        found.append({"L": before.detach(), "g": weight.grad.clone(), "w": weight.detach().clone(), **kept})
    return found


def _named(found: list[Values], names: Mapping[str, str]) -> Values:
    return {f"{name}[{k}]": step[key] for k, step in enumerate(found, 1) for key, name in names.items()}


def adam_three_steps(A: Tensor, b: Tensor, m: Series, v: Series, w: Series) -> Values:
    def loss(w: Tensor) -> Tensor:
        return 0.5 * torch.einsum("i,ij,j", w, A, w) - torch.dot(b, w)

    def adam(weights: list[Tensor]) -> Tensor:
        return torch.optim.Adam(weights, lr=0.1, betas=(0.9, 0.99), eps=1e-8)

    found = _steps(w[0], adam, loss, {"m": "exp_avg", "v": "exp_avg_sq"})
    values = _named(found, {"L": "L", "g": "g", "m": "m", "v": "v", "w": "w"})
    for k, step in enumerate(found, 1):
        values[f"m_hat[{k}]"], values[f"v_hat[{k}]"] = step["m"] / (1 - 0.9**k), step["v"] / (1 - 0.99**k)
    return {**values, "L[1]": loss(w[0])}


def momentum_nesterov(A: Tensor, b: Tensor, v: Series, s: Series, w: Series, u: Series) -> Values:
    """PyTorch's Nesterov momentum keeps the point ahead as its weights: the two are the same run, seen elsewhere."""

    def loss(w: Tensor) -> Tensor:
        return 0.5 * torch.einsum("i,ij,j", w, A, w) - torch.dot(b, w)

    def begun(weight: Tensor, velocity: Tensor, nesterov: bool) -> Callable[[list[Tensor]], Tensor]:
        def sgd(weights: list[Tensor]) -> Tensor:
            optimiser = torch.optim.SGD(weights, lr=0.1, momentum=0.8, nesterov=nesterov)
            optimiser.state[weights[0]]["momentum_buffer"] = -velocity.detach() / 0.1
            return optimiser

        return sgd

    plain = _steps(w[0], begun(w[0], v[0], nesterov=False), loss, {"v": "momentum_buffer"})
    start = u[0] + 0.8 * s[0]
    ahead = _steps(start, begun(start, s[0], nesterov=True), loss, {"s": "momentum_buffer"})
    values = _named(plain, {"w": "w"})
    points = [start, *(step["w"] for step in ahead)]
    for k in range(1, 4):
        values[f"v[{k}]"] = -0.1 * plain[k - 1]["v"]
        values[f"ahead[{k}]"] = points[k - 1].detach()
        values[f"s[{k}]"] = -0.1 * ahead[k - 1]["s"]
        values[f"u[{k}]"] = (points[k] - 0.8 * values[f"s[{k}]"]).detach()
    after = {"L_momentum": loss(values["w[3]"]), "L_nesterov": loss(values["u[3]"])}
    return {**values, **{name: number.detach() for name, number in after.items()}, "L[1]": loss(w[0])}


def adagrad_rmsprop(A: Tensor, r: Series, s: Series, w: Series, u: Series) -> Values:
    def loss(w: Tensor) -> Tensor:
        return 0.5 * torch.einsum("i,ij,j", w, A, w)

    def adagrad(weights: list[Tensor]) -> Tensor:
        return torch.optim.Adagrad(weights, lr=0.5, eps=1e-8)

    def rmsprop(weights: list[Tensor]) -> Tensor:
        return torch.optim.RMSprop(weights, lr=0.5, alpha=0.9, eps=1e-8)

    summed = _steps(w[0], adagrad, loss, {"r": "sum"})
    averaged = _steps(u[0], rmsprop, loss, {"s": "square_avg"})
    values = _named(summed, {"L": "L", "r": "r", "w": "w"}) | _named(averaged, {"L": "J", "s": "s", "w": "u"})
    return {**values, "L[1]": loss(w[0])}


def weight_decay(x: Tensor, y: Tensor, w: Tensor, u: Tensor) -> Values:
    def loss(w: Tensor) -> Tensor:
        return F.binary_cross_entropy_with_logits(torch.dot(w, x), y)

    def adamw(weights: list[Tensor]) -> Tensor:
        return torch.optim.AdamW(weights, lr=0.1, weight_decay=0.1)

    def adam(weights: list[Tensor]) -> Tensor:
        return torch.optim.Adam(weights, lr=0.1, weight_decay=0.1)

    state = {"m": "exp_avg", "v": "exp_avg_sq"}
    values: Values = {}
    for start, name, p, optimiser in ((w, "w", "p", adamw), (u, "u", "q", adam)):
        first, second, _ = _steps(start, optimiser, loss, state)
        values |= {f"{name}1": first["w"], f"{name}2": second["w"], f"{name}1.m": first["m"]}
        values |= {f"{name}2.m_hat": second["m"] / (1 - 0.9**2), f"{name}2.v_hat": second["v"] / (1 - 0.999**2)}
        values |= {f"{p}1": torch.sigmoid(torch.dot(first["w"], x)).detach()}
    values["u1.g"] = (derivative(loss(u), u) + 0.1 * u).detach()
    return {**values, "q": torch.sigmoid(torch.dot(u, x)).detach(), **_first(loss(w), w, x)}


def _first(L: Tensor, w: Tensor, x: Tensor) -> Values:
    return {"L": L, "p": torch.sigmoid(torch.dot(w, x)).detach()}
