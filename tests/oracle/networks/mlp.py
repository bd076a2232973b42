"""Dense networks."""

from __future__ import annotations

from collections.abc import Mapping

from tests.oracle.libraries import torch
from tests.oracle.networks import Tensor, Values, derivative, descended, each

F = torch.nn.functional


def data_mining(x: Tensor, T: Tensor, W: Tensor, theta: Tensor, w: Tensor, theta6: Tensor) -> Values:
    I = F.linear(x, W, theta)  # noqa: E741  the textbook's name
    O = torch.sigmoid(I)  # noqa: E741
    I6 = w @ O + theta6
    O6 = torch.sigmoid(I6)
    L = 0.5 * F.mse_loss(O6, T)
    errors = {"Err": -derivative(L, I), "Err6": -derivative(L, I6)}
    steps = descended(L, 0.9, W=W, theta=theta, w=w, theta6=theta6)
    return {"I": I, "O": O, "I6": I6, "O6": O6, "L": L, **errors, **steps}


def linear_network(x: Tensor, actual: Tensor, W1: Tensor, W2: Tensor) -> Values:
    h = F.linear(x, W1)
    prediction = W2 @ h
    error = 0.5 * F.mse_loss(prediction, actual)
    steps = descended(error, 0.05, W1=W1, W2=W2)
    after = steps["W2_new"] @ F.linear(x, steps["W1_new"])
    delta = derivative(error, prediction)
    return {"h": h, "prediction": prediction, "error": error, "delta": delta, "prediction_new": after, **steps}


def sigmoid_neuron(x0: Tensor, x1: Tensor, w0: Tensor, w1: Tensor, w2: Tensor) -> Values:
    a, b = w0 * x0, w1 * x1
    z = a + b + w2
    n = -z
    e = torch.exp(n)
    d = 1 + e
    f = torch.reciprocal(d)
    torch.testing.assert_close(f, torch.sigmoid(z))
    return {
        "a": a,
        "b": b,
        "a + b": torch.dot(torch.stack([w0, w1]), torch.stack([x0, x1])),
        "z": z,
        "n": n,
        "e": e,
        "d": d,
        "f": f,
    }


def two_layers(i: Tensor, target: Tensor, W1: Tensor, W2: Tensor, b1: Tensor, b2: Tensor) -> Values:
    def error(W1: Tensor, W2: Tensor) -> Values:
        net_h = F.linear(i, W1) + b1
        out_h = torch.sigmoid(net_h)
        net_o = F.linear(out_h, W2) + b2
        out_o = torch.sigmoid(net_o)
        E = 0.5 * F.mse_loss(out_o, target, reduction="none")
        return {"net_h": net_h, "out_h": out_h, "net_o": net_o, "out_o": out_o, "E": E, "E_total": E.sum()}

    values = error(W1, W2)
    steps = descended(values["E_total"], 0.5, W1=W1, W2=W2)
    after = error(steps["W1_new"], steps["W2_new"])
    return {**values, **steps, "out_new": after["out_o"].detach(), "E_new": after["E_total"].detach()}


def xor_relu(X: Tensor, W: Tensor, c: Tensor, w: Tensor, b: Tensor) -> Values:
    XW = X @ W
    Z = XW + c
    H = torch.relu(Z)
    return {"XW": XW, "Z": Z, "H": H, "y": torch.mv(H, w) + b}


def xor_threshold(x: Tensor, yd: Tensor, W: Tensor, theta: Tensor, w: Tensor, theta5: Tensor) -> Values:
    net = F.linear(x, W, -theta)
    y = torch.sigmoid(net)
    net5 = w @ y - theta5
    y5 = torch.sigmoid(net5)
    e = yd - y5
    L = 0.5 * e.square()
    deltas = {"delta": -derivative(L, net), "delta5": -derivative(L, net5)}
    return {"y": y, "y5": y5, "e": e, "L": L, **deltas, **descended(L, 0.1, W=W, theta=theta, w=w, theta5=theta5)}


def softmax_classifier(X: Tensor, y: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Values:
    Z1 = F.linear(X, W1.T, b1)
    A1 = torch.relu(Z1)
    Z2 = F.linear(A1, W2.T, b2)
    L = F.cross_entropy(Z2, y.long())
    new = descended(L, 0.5, W1=W1, b1=b1, W2=W2, b2=b2)
    hidden = torch.relu(F.linear(X, new["W1_new"].T, new["b1_new"]))
    after = F.cross_entropy(F.linear(hidden, new["W2_new"].T, new["b2_new"]), y.long())
    return {"Z1": Z1, "A1": A1, "Z2": Z2, "P": F.softmax(Z2, 1), "L": L, "L_new": after.detach(), **new}


def leaky_relu_gelu(
    x: Tensor, y: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, w3: Tensor, b3: Tensor
) -> Values:
    z1 = F.linear(x, W1, b1)
    h1 = F.leaky_relu(z1, 0.1)
    z2 = F.linear(h1, W2, b2)
    h2 = F.gelu(z2)
    yhat = w3 @ h2 + b3
    error = 0.5 * F.mse_loss(yhat, y)
    decay = 0.05 * sum(torch.linalg.vector_norm(weight) ** 2 for weight in (W1, W2, w3))
    return {
        "z1": z1, "h1": h1, "z2": z2, "h2": h2, "yhat": yhat, "error": error, "decay": decay, "L": error + decay
    }  # fmt: skip


def perceptron_and(x: Mapping[int, Tensor], Yd: Mapping[int, Tensor], theta: Tensor, w: Mapping[int, Tensor]) -> Values:
    weights, X, Y, e, missed = dict(w), {}, {}, {}, {}
    for p in x:
        X[p] = torch.dot(weights[p - 1], x[p]) - theta
        Y[p] = torch.heaviside(X[p].detach(), torch.ones_like(X[p]))
        e[p] = (Yd[p] - Y[p]).detach()
        missed[p] = torch.relu(-X[p] * (2 * Yd[p] - 1).detach())
        weights[p] = weights[p - 1] + 0.1 * e[p] * x[p]
    values = each("X", X) | each("Y", Y) | each("e", e) | each("w", weights) | each("l", missed)
    return {**values, "L": torch.stack(list(missed.values())).sum()}


def mixture_of_experts(x: Tensor, target: Tensor, G: Tensor, g: Tensor, E: Tensor, c: Tensor) -> Values:
    logits = F.linear(x, G, g)
    best = torch.topk(logits, 2)
    gate = torch.zeros_like(logits).scatter(0, best.indices, F.softmax(best.values, 0))
    experts = torch.stack([F.linear(x, weight, bias) for weight, bias in zip(E, c, strict=True)])
    y = gate @ experts
    L = 0.5 * F.mse_loss(y, target, reduction="sum")
    return {"y.logits": logits, "y.gate": gate, "y.experts": experts, "y": y, "L": L}
