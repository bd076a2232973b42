"""Convolutional networks, as a student works them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tests.benchmarks.simulation.digits import Numbers
from tests.benchmarks.simulation.maths import column, mv, outer, padded, relu, softmax, sums, total, turned, windows
from tests.benchmarks.simulation.paper import Paper, Terms

__all__ = ["gan", "tiny_cnn"]


def gan(paper: Paper, n: Mapping[str, Numbers]) -> None:
    """problems/gan.yaml: dense, ReLU, one filter over two channels with padding 2, dense, sigmoid, -log."""
    z, W0, b0, W1, b1, W2, b2 = (n[name] for name in ("z", "W0", "b0", "W1", "b1", "W2", "b2"))
    plain = total(mv(W0, z))
    wrong = {"activation-left-out": plain + b0, "bias-left-out": relu(plain), "bias-subtracted": relu(plain - b0)}
    pre = paper.aside(plain + b0)
    h0 = paper.step("h0", relu(pre), wrong)
    square = h0.reshape(-1, 2, 2, 2)
    wrong = {
        "reshape-in-column-order": turned(square),
        "channels-swapped": square[:, ::-1],
        "channels-last": np.moveaxis(square, -1, 1),
    }
    h1 = paper.step("h1", square, wrong)
    kernels = W1[:, 0]
    terms = _channelwise(h1, kernels)
    flipped = kernels[..., ::-1, ::-1]
    wrong = {
        "kernel-flipped": total(_channelwise(h1, flipped)),
        "kernels-swapped": total(_channelwise(h1, kernels[:, ::-1])),
        "kernel-transposed": total(_channelwise(h1, turned(kernels))),
    }
    C1 = paper.step("C1", total(terms), wrong, terms)
    summed = np.sum(C1, axis=1, keepdims=True)
    bias = b1.reshape(-1, 1, 1, 1)
    wrong = {
        "bias-left-out": summed,
        "bias-once-a-channel": summed + 2 * bias,
        "one-channel-only": C1[:, :1] + bias,
        "mean-for-sum": summed / 2 + bias,
    }
    H2 = paper.step("H2", summed + bias, wrong, sums(C1[:, :1], C1[:, 1:]))
    flat = H2.reshape(-1, 16)
    dotted = np.sum(W2 * flat, axis=-1)
    columns = np.sum(W2 * turned(H2).reshape(-1, 16), axis=-1)
    wrong = {"bias-left-out": dotted, "flatten-in-column-order": columns + b2, "bias-subtracted": dotted - b2}
    m = paper.step("m", dotted + b2, wrong, (W2, flat))
    yhat = paper.step("yhat", 1 / (1 + np.exp(-m)), {"sigmoid-of-minus": 1 / (1 + np.exp(m)), "activation-left-out": m})
    wrong = {
        "sign-flipped": np.log(yhat),
        "log-of-another-base": -np.log10(yhat),
        "discriminator-loss": -np.log(1 - yhat),
    }
    paper.step("L", -np.log(yhat), wrong)
    _gan_backward(paper, n, {"z": z, "pre": pre, "h0": h0, "h1": h1, "H2": H2, "yhat": yhat})


def _gan_backward(paper: Paper, n: Mapping[str, Numbers], s: Mapping[str, Numbers]) -> None:
    yhat, h1 = s["yhat"], s["h1"]
    g_y = paper.step("grad(yhat)", -1 / yhat, {"sign-flipped": 1 / yhat, "reciprocal-left-out": -yhat})
    wrong = {"activation-derivative-left-out": g_y + 0 * yhat, "sign-flipped": -g_y * yhat * (1 - yhat)}
    g_m = paper.step("grad(m)", g_y * yhat * (1 - yhat), wrong)
    flat = s["H2"].reshape(-1, 16)
    paper.step(
        "grad(W2)", column(g_m) * flat, {"flatten-in-column-order": column(g_m) * turned(s["H2"]).reshape(-1, 16)}
    )
    paper.step("grad(b2)", g_m, {"sign-flipped": -g_m})
    g_H = paper.step("grad(H2)", (column(g_m) * n["W2"]).reshape(-1, 1, 4, 4), {})
    wrong = {"mean-for-sum": np.mean(g_H, axis=(2, 3)), "gradient-not-summed": g_H[:, :, 0, 0]}
    paper.step("grad(b1)", np.sum(g_H, axis=(2, 3)), wrong)
    wide = padded(h1, 2)
    patches = windows(wide, 3, 3)  # (S, 2, 4, 4, 3, 3)
    g_W1 = np.einsum("sij,scijkl->sckl", g_H[:, 0], patches)[:, np.newaxis]
    wrong = {"kernel-flipped": g_W1[..., ::-1, ::-1], "channels-swapped": g_W1[:, :, ::-1], "sign-flipped": -g_W1}
    paper.step("grad(W1)", g_W1, wrong)
    paper.step("grad(C1)", np.broadcast_to(g_H, (len(g_H), 2, 4, 4)), {})
    g_h1 = _back_to_h1(g_H, n["W1"])
    wrong = {"kernel-flipped": _back_to_h1(g_H, n["W1"][..., ::-1, ::-1]), "kernels-swapped": g_h1[:, ::-1]}
    g_h1 = paper.step("grad(h1)", g_h1, wrong)
    g_h0 = paper.step("grad(h0)", g_h1.reshape(-1, 8), {"reshape-in-column-order": turned(g_h1).reshape(-1, 8)})
    g_pre = paper.aside(g_h0 * (s["pre"] > 0))
    mask = column(np.where(s["pre"] > 0, 1.0, 0.0))[..., np.newaxis] * np.eye(8)[:, :, np.newaxis]
    paper.step("jacobian(h0, W0)", mask * s["z"][:, np.newaxis, np.newaxis, :], {})
    right = total(outer(g_pre, s["z"]))
    paper.step("grad(W0)", right, {"sign-flipped": -right}, outer(g_pre, s["z"]))
    paper.step("grad(b0)", g_pre, {"sign-flipped": -g_pre})
    paper.step("grad(z)", total(mv(turned(n["W0"]), g_pre)), {}, mv(turned(n["W0"]), g_pre))
    for c in (0, 1):
        matrix = _conv_matrix(n["W1"][:, 0, c])
        paper.step(f"K{c}", matrix, {})
        g_flat = g_H.reshape(-1, 16)
        paper.step(f"dK{c}", total(outer(g_flat, h1[:, c].reshape(-1, 4))), {}, outer(g_flat, h1[:, c].reshape(-1, 4)))


def _channelwise(images: Numbers, kernels: Numbers) -> Terms:
    """Each channel with its own kernel and padding 2; nine terms an entry."""
    patches = windows(padded(images, 2), 3, 3)
    return patches.reshape(*patches.shape[:-2], 9), kernels.reshape(*kernels.shape[:-2], 1, 1, 9)


def _back_to_h1(g: Numbers, kernels: Numbers) -> Numbers:
    """The padding was 2: each of the four pixels of a channel has met the whole kernel."""
    patches = windows(g[:, 0], 3, 3)  # (S, 2, 2, 3, 3)
    value: Numbers = np.einsum("sijkl,sckl->scij", patches, kernels[:, 0, :, ::-1, ::-1] + 0 * g[:, :1, :1, :1])
    return value


def _conv_matrix(kernel: Numbers) -> Numbers:
    """16 x 4: the weight of pixel (k, l) in the entry (i, j) of the result."""
    matrix = np.zeros((len(kernel), 4, 4, 2, 2))
    for k in (0, 1):
        for j in (0, 1):
            matrix[:, k : k + 3, j : j + 3, k, j] = kernel[:, ::-1, ::-1]
    return matrix.reshape(-1, 16, 4)


def tiny_cnn(paper: Paper, n: Mapping[str, Numbers]) -> None:
    """problems/cnn/tiny-cnn.yaml: two filters, ReLU, maximum pooling, dense, softmax, cross-entropy."""
    x, K, b, W, c = (n[name] for name in ("x", "K", "b", "W", "c"))
    T = np.array([[0.0, 1.0, 0.0]])
    terms, bias = _filters(x, K), column(b, 2)
    wrong = {
        "kernel-flipped": total(_filters(x, K[..., ::-1, ::-1])) + bias,
        "bias-left-out": total(terms),
        "kernel-transposed": total(_filters(x, turned(K))) + bias,
        "filters-swapped": total(_filters(x, K[:, ::-1])) + bias,
    }
    Z = paper.step("Z", total(terms) + bias, wrong, terms)
    A = paper.step("A", relu(Z), {"activation-left-out": Z, "absolute-for-relu": np.abs(Z)})
    blocks = _blocks(A)
    wrong = {
        "average-for-maximum": np.mean(blocks, axis=-1),
        "minimum-for-maximum": np.min(blocks, axis=-1),
        "activation-not-used": np.max(_blocks(Z), axis=-1),
        "stride-ignored": np.max(windows(A, 2, 2).reshape(-1, 2, 1, 3, 4), axis=-1)[..., :2],
    }
    M = paper.step("M", np.max(blocks, axis=-1), wrong)
    wrong = {"flatten-in-column-order": np.moveaxis(M, 1, -1).reshape(-1, 4)}
    m = paper.step("m", M.reshape(-1, 4), wrong)
    plain = total(mv(W, m))
    z = paper.step("z", plain + c, {"bias-left-out": plain, "bias-subtracted": plain - c}, mv(W, m))
    wrong = {"softmax-unnormalised": np.exp(z), "sigmoid-for-softmax": 1 / (1 + np.exp(-z))}
    p = paper.step("p", softmax(z), wrong)
    log = np.log(p[..., 1])
    wrong = {"sign-flipped": log, "log-of-another-base": -log / np.log(10), "one-hot-left-out": -np.sum(np.log(p), -1)}
    paper.step("L", -log, wrong | {"index-from-1": -np.log(p[..., 0])})
    wrong = {"sign-flipped": T - p, "one-hot-left-out": p, "softmax-jacobian-diagonal": -T * (1 - p)}
    wrong["index-from-1"] = p - np.array([1.0, 0, 0])
    g_z = paper.step("grad(z)", p - T, wrong)
    paper.step("grad(W)", total(outer(g_z, m)), {"sign-flipped": -total(outer(g_z, m))}, outer(g_z, m))
    paper.step("grad(c)", g_z, {"sign-flipped": -g_z})
    g_m = paper.step("grad(m)", total(mv(turned(W), g_z)), {}, mv(turned(W), g_z))
    _tiny_cnn_backward(paper, n, g_m.reshape(-1, 2, 1, 2), (A, Z))


def _tiny_cnn_backward(paper: Paper, n: Mapping[str, Numbers], g_M: Numbers, forward: tuple[Numbers, Numbers]) -> None:
    A, Z = forward
    g_M = paper.step("grad(M)", g_M, {})
    where = np.argmax(_blocks(A), axis=-1)
    routed = _unblocked(column(g_M) * (np.arange(4) == column(where)))
    spread = _unblocked(np.broadcast_to(column(g_M), (*g_M.shape, 4)))
    first = _unblocked(column(g_M) * (np.arange(4) == 0))
    wrong = {
        "gradient-spread": spread / 4 + 0 * routed,
        "gradient-to-all": spread + 0 * routed,
        "gradient-to-first": first,
    }
    g_A = paper.step("grad(A)", routed, wrong)
    wrong = {
        "relu-mask-left-out": g_A + 0 * Z,
        "relu-mask-inverted": g_A * (Z <= 0),
        "relu-mask-of-gradient": relu(g_A),
    }
    g_Z = paper.step("grad(Z)", g_A * (Z > 0), wrong)
    patches = windows(n["x"][:, 0], 2, 2)  # (1, 2, 4, 2, 2)
    g_K = _kernels(g_Z, patches)
    wrong = {"kernel-flipped": g_K[..., ::-1, ::-1], "mean-for-sum": g_K / 8, "sign-flipped": -g_K}
    paper.step("grad(K)", g_K, wrong)
    wrong = {"mean-for-sum": np.mean(g_Z, axis=(2, 3)), "sign-flipped": -np.sum(g_Z, axis=(2, 3))}
    paper.step("grad(b)", np.sum(g_Z, axis=(2, 3)), wrong)
    K = n["K"][:, :, 0]
    back = _back_to_image(g_Z, K)
    paper.step("grad(x)", back, {"kernel-not-flipped": _back_to_image(g_Z, K[..., ::-1, ::-1])})


def _kernels(g: Numbers, patches: Numbers) -> Numbers:
    value: Numbers = np.einsum("sfij,tijkl->sfkl", g, patches)[:, :, np.newaxis]
    return value


def _back_to_image(g: Numbers, kernels: Numbers) -> Numbers:
    patches = windows(padded(g, 1), 2, 2)  # (S, 2, 3, 5, 2, 2)
    value: Numbers = np.einsum("sfijkl,tfkl->sij", patches, kernels[..., ::-1, ::-1])[:, np.newaxis]
    return value


def _filters(x: Numbers, K: Numbers) -> Terms:
    """One channel, each filter of 2 x 2 over it: four terms an entry."""
    patches = windows(x, 2, 2)
    return patches.reshape(*patches.shape[:-2], 4), K[:, :, 0].reshape(-1, 2, 1, 1, 4)


def _blocks(images: Numbers) -> Numbers:
    """The 2 x 2 blocks of (S, 2, 2, 4): (S, 2, 1, 2, 4)."""
    blocks: Numbers = images.reshape(-1, 2, 1, 2, 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(-1, 2, 1, 2, 4)
    return blocks


def _unblocked(blocks: Numbers) -> Numbers:
    images: Numbers = blocks.reshape(-1, 2, 1, 2, 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(-1, 2, 2, 4)
    return images
