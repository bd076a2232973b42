"""Recurrent networks."""

from __future__ import annotations

from collections.abc import Mapping

from tests.oracle.libraries import torch
from tests.oracle.networks import Tensor, Values, derivative, descended, each, jacobian

F = torch.nn.functional
Sequence = Mapping[int, Tensor]


def lstm_two_steps(x: Sequence, y: Sequence, out: Sequence, state: Sequence, W: Tensor, U: Tensor, b: Tensor) -> Values:
    out, state = dict(out), dict(state)
    gates, parts = {}, {}
    for t in x:
        gates[t] = F.linear(x[t], W, b) + U * out[t - 1]
        a, i, f, o = gates[t]
        parts[t] = torch.tanh(a), torch.sigmoid(i), torch.sigmoid(f), torch.sigmoid(o)
        a, i, f, o = parts[t]
        state[t] = torch.addcmul(a * i, f, state[t - 1])
        out[t] = torch.tanh(state[t]) * o
    L = sum(0.5 * F.mse_loss(out[t], y[t]) for t in x)
    names = {name: {t: parts[t][index] for t in x} for index, name in enumerate("aifo")}
    values = each("gates", gates) | each("state", state) | each("out", out)
    for name, series in names.items():
        values |= each(name, series)
    return {**values, "L": L, **descended(L, 0.1, W=W, U=U, b=b)}


def bptt_three_steps(
    x: Sequence, target: Sequence, h: Sequence, W: Tensor, U: Tensor, b: Tensor, v: Tensor, c: Tensor
) -> Values:
    h, a, y, own = dict(h), {}, {}, {}
    for t in x:
        own[t] = U.clone()  # what step t alone contributes is the gradient of its own copy
        a[t] = F.linear(x[t], W) + F.linear(h[t - 1], own[t]) + b
        h[t] = torch.tanh(a[t])
        y[t] = torch.dot(v, h[t]) + c
    L = sum(0.5 * F.mse_loss(y[t], target[t]) for t in x)
    shares = {f"grad(U, t={t})": derivative(L, own[t]) for t in x}
    back = {"jacobian(h[3], h[1])": jacobian(h[3], h[1])}
    return {**each("a", a), **each("h", h), **each("y", y), "L": L, **shares, **back}


def gru_step(x: Tensor, h_prev: Tensor, y: Tensor, W_ih: Tensor, W_hh: Tensor, b_ih: Tensor, b_hh: Tensor) -> Values:
    of_input, of_hidden = F.linear(x, W_ih, b_ih).reshape(3, 2), F.linear(h_prev, W_hh, b_hh).reshape(3, 2)
    z_r, z_z = of_input[0] + of_hidden[0], of_input[1] + of_hidden[1]
    r, z = torch.sigmoid(z_r), torch.sigmoid(z_z)
    z_n = of_input[2] + r * of_hidden[2]
    n = torch.tanh(z_n)
    h = torch.lerp(n, h_prev, z)
    torch.testing.assert_close(h, torch.gru_cell(x[None], h_prev[None], W_ih, W_hh, b_ih, b_hh)[0])
    parts = {"h.r": r, "h.z": z, "h.n": n, "h.z_r": z_r, "h.z_z": z_z, "h.z_n": z_n}
    return {**parts, "h": h, "L": 0.5 * F.mse_loss(h, y, reduction="sum")}


def character_model(
    x: Sequence, target: Sequence, h: Sequence, Wxh: Tensor, Whh: Tensor, bh: Tensor, Why: Tensor, by: Tensor
) -> Values:
    h, z, own = dict(h), {}, {}
    for t in x:
        own[t] = Whh.clone()
        h[t] = torch.tanh(F.linear(x[t], Wxh, bh) + F.linear(h[t - 1], own[t]))
        z[t] = F.linear(h[t], Why, by)
    p = {t: F.softmax(z[t], 0) for t in x}
    l = {t: F.cross_entropy(z[t], target[t].long()) for t in x}  # noqa: E741
    L = torch.stack(list(l.values())).mean()
    values = each("h", h) | each("z", z) | each("p", p) | each("l", l)
    return {**values, "L": L, "PP": torch.exp(L.detach()), "grad(Whh, t=2)": derivative(L, own[2])}
