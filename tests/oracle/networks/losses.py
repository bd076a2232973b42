"""Losses."""

from __future__ import annotations

from collections.abc import Mapping

from tests.oracle.libraries import torch
from tests.oracle.networks import Tensor, Values, derivative, each, jacobian

F = torch.nn.functional
Samples = Mapping[int, Tensor]


def _hinge(s: Tensor, label: int) -> Tensor:
    """PyTorch divides by the number of classes."""
    return F.multi_margin_loss(s[None], torch.tensor([label])) * len(s)


def linear_classifier(x: Tensor, y: Tensor, W: Tensor, b: Tensor) -> Values:
    s = F.linear(x, W, b)
    e = torch.exp(s)
    p = e / e.sum()
    L = F.nll_loss(torch.log(p), torch.tensor(2))
    return {"s": s, "hinge": _hinge(s.detach(), 2), "e": e, "p": p, "L": L}


def multiclass_losses(s: Samples, y: Samples) -> Values:
    labels = {n: int(y[n].argmax()) for n in s}
    hinge = {n: _hinge(s[n], labels[n]) for n in s}
    margins = {
        n: torch.stack([_hinge(s[n][[labels[n], c]], 0) if c != labels[n] else 0 * s[n][c] for c in range(3)])
        for n in s
    }
    mean = torch.stack(list(hinge.values())).mean()
    values = each("hinge", hinge) | {f"margins[{n}]": margins[n].detach() for n in s}
    first = s[1].detach()
    softmax = {"unnormalised": first.exp(), "p": F.softmax(first, 0), "softmax_loss": F.cross_entropy(first, y[1])}
    return {**values, "hinge_mean": mean, **softmax}


def softmax(z: Tensor) -> Values:
    p = F.softmax(z, 0)
    L = F.nll_loss(torch.log(p), torch.tensor(3))
    return {"p": p, "L": L, "jacobian(p, z)": jacobian(p, z)}


def triplet(x: Samples, W: Tensor, b: Tensor) -> Values:
    own = {n: W.clone() for n in x}
    e = {n: torch.tanh(F.linear(x[n], own[n], b)) for n in x}
    d_pos, d_neg = (F.mse_loss(e[1], e[n], reduction="sum") for n in (2, 3))
    L = F.margin_ranking_loss(d_neg, d_pos, torch.tensor(1), margin=1.0)
    shares = {f"grad(W, n={n})": derivative(L, own[n]) for n in x}
    return {**each("e", e), "d_pos": d_pos, "d_neg": d_neg, "L": L, **shares}


def contrastive_pairs(y: Tensor, a: Tensor, b: Tensor) -> Values:
    d = F.pairwise_distance(a, b, eps=0.0)
    l = 0.5 * torch.where(y == 1, d, F.relu(2 - d)).square()  # noqa: E741
    return {"d": d, "l": l, "L": l.mean()}


def focal_loss(X: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Values:
    z = X @ w + b
    p = torch.sigmoid(z)
    bce = F.binary_cross_entropy_with_logits(z, y, reduction="none")
    p_t = torch.where(y == 1, p, 1 - p)
    alpha_t = (0.75 - 0.5 * y).detach()
    focal = alpha_t * (1 - p_t).square() * F.nll_loss(torch.log(p_t)[:, None], torch.zeros(4).long(), reduction="none")
    plain = {f"dBCE_d{name}": derivative(bce.mean(), of) for name, of in {"z": z, "w": w, "b": b}.items()}
    values = {"z": z, "p": p, "p_t": p_t, "alpha_t": alpha_t, "focal": focal, "L": focal.mean()}
    return {**values, "bce": bce.detach(), "BCE": bce.mean().detach(), **plain}


def label_smoothing(t: Tensor, z: Tensor) -> Values:
    labels = t.argmax(1)
    L = F.cross_entropy(z, labels, label_smoothing=0.2)
    hard = F.cross_entropy(z, labels)
    q = torch.full((2, 4), 0.05, dtype=z.dtype).scatter(1, labels[:, None], 0.85)
    H = torch.distributions.Categorical(q).entropy().mean()
    KL = F.kl_div(F.log_softmax(z, 1), q, reduction="batchmean")
    detached = {"p": F.softmax(z, 1), "L_hard": hard, "KL": KL, "grad_hard": derivative(hard, z)}
    return {"L": L, "q": q, "H": H, **{name: value.detach() for name, value in detached.items()}}


def kl_divergence(P: Tensor, Q: Tensor, z: Tensor) -> Values:
    def kl(p: Tensor, q: Tensor) -> Tensor:
        return F.kl_div(torch.log(q), p, reduction="sum")

    R = F.softmax(z, 0)
    of_given = {"KL_PQ": kl(P, Q).detach(), "KL_QP": kl(Q, P).detach()}
    reverse = kl(R, P)
    return {**of_given, "R": R, "KL_PR": kl(P, R), "KL_RP": reverse.detach(), "grad_reverse": derivative(reverse, z)}


def distillation(x: Tensor, u: Tensor, y: Tensor, W: Tensor, b: Tensor) -> Values:
    z = F.linear(x, W, b)
    teacher, student = F.softmax(u / 2, 0), F.softmax(z / 2, 0)
    soft = 4 * F.kl_div(torch.log(student), teacher, reduction="sum")
    hard = F.cross_entropy(z, y.long())
    apart = {"grad_soft": derivative(soft, z), "grad_hard": derivative(hard, z)}
    values = {"z": z, "teacher": teacher, "student": student, "soft": soft, "hard": hard}
    return {**values, "L": 0.7 * soft + 0.3 * hard, **apart}
