"""The GAN of problems/gan.yaml by hand in NumPy: forward, every gradient, the sheet's matrices, the jacobian.

Twice. ``step`` is what a person writes who may need another network next week: a function for the convolution, for
each of its gradients and for its matrix, of any size. ``tuned_step`` is for this one network and nothing else: the
convolution is the sheet's matrix, which is asked anyway, and every shape is written down.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

Array = Any
RELU_ROWS = np.arange(8)


def step(z: Array, W0: Array, b0: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> dict[str, Array]:
    """All quantities by the names that the problem file gives them."""
    # forward
    h0 = np.maximum(W0 @ z + b0, 0.0)
    h1 = h0.reshape(2, 2, 2)
    C1 = np.stack([convolve(h1[c], W1[0, c], 2) for c in (0, 1)])
    H2 = C1.sum(axis=0, keepdims=True) + b1
    K0, K1 = (conv_matrix(W1[0, c], (2, 2), 2) for c in (0, 1))
    m = W2 @ H2.ravel() + b2
    yhat = 1.0 / (1.0 + np.exp(-m))
    L = -np.log(yhat)
    # backward
    gL = 1.0
    gyhat = -gL / yhat
    gm = gyhat * yhat * (1.0 - yhat)
    gW2 = gm * H2.ravel()
    gH2 = (gm * W2).reshape(H2.shape)
    gb1 = gH2.sum(axis=(1, 2))
    gC1 = np.broadcast_to(gH2, C1.shape)
    gW1 = np.stack([convolve(h1[c], gC1[c], 2) for c in (0, 1)])[np.newaxis]
    gh1 = np.stack([convolve(gC1[c], W1[0, c, ::-1, ::-1], 0) for c in (0, 1)])
    dK0, dK1 = (np.outer(gH2, h1[c]) for c in (0, 1))
    gh0 = gh1.reshape(h0.shape)
    mask = h0 > 0.0
    gb0 = gh0 * mask
    gW0 = np.outer(gb0, z)
    gz = W0.T @ gb0
    jacobian = np.einsum("ij,k->ijk", np.diag(mask.astype(float)), z)
    return {
        "h0": h0, "h1": h1, "C1": C1, "H2": H2, "K0": K0, "K1": K1, "m": m, "yhat": yhat, "L": L,
        "grad(L)": gL, "grad(yhat)": gyhat, "grad(m)": gm, "grad(W2)": gW2, "grad(b2)": gm, "grad(H2)": gH2,
        "grad(b1)": gb1, "grad(C1)": gC1, "dK0": dK0, "dK1": dK1, "grad(W1)": gW1, "grad(h1)": gh1, "grad(h0)": gh0,
        "grad(b0)": gb0, "grad(W0)": gW0, "grad(z)": gz, "jacobian(h0, W0)": jacobian,
    }  # fmt: skip


def convolve(x: Array, w: Array, padding: int) -> Array:
    """The cross-correlation of one image with one kernel."""
    padded = np.zeros((x.shape[0] + 2 * padding, x.shape[1] + 2 * padding))
    padded[padding : padding + x.shape[0], padding : padding + x.shape[1]] = x
    return np.einsum("pqij,ij->pq", sliding_window_view(padded, w.shape), w)


def conv_matrix(w: Array, size: tuple[int, int], padding: int) -> Array:
    """The matrix K with ``convolve(x, w, padding).ravel() == K @ x.ravel()``, column by column."""
    columns = []
    for unit in np.eye(size[0] * size[1]):
        columns.append(convolve(unit.reshape(size), w, padding).ravel())
    return np.stack(columns, axis=1)


def tuned_step(z: Array, W0: Array, b0: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> dict[str, Array]:
    """All quantities by the names that the problem file gives them."""
    # forward
    h0 = np.maximum(W0 @ z + b0, 0.0)
    h1 = h0.reshape(2, 2, 2)
    K0, K1 = tuned_matrix(W1[0, 0]), tuned_matrix(W1[0, 1])
    x0, x1 = h1[0].ravel(), h1[1].ravel()
    C1 = np.empty((2, 4, 4))
    C1[0] = (K0 @ x0).reshape(4, 4)
    C1[1] = (K1 @ x1).reshape(4, 4)
    H2 = C1[:1] + C1[1:] + b1
    m = W2 @ H2.ravel() + b2
    yhat = 1.0 / (1.0 + np.exp(-m))
    L = -np.log(yhat)
    # backward
    gL = 1.0
    gyhat = -1.0 / yhat
    gm = gyhat * yhat * (1.0 - yhat)
    gW2 = gm * H2.ravel()
    gb2 = gm
    gH2 = (gm * W2).reshape(1, 4, 4)
    gb1 = gH2.sum(axis=(1, 2))
    gC1 = np.broadcast_to(gH2, (2, 4, 4))
    g = gH2.ravel()
    dK0, dK1 = np.outer(g, x0), np.outer(g, x1)
    gW1 = np.empty((1, 2, 3, 3))
    gW1[0, 0] = to_filter(dK0)
    gW1[0, 1] = to_filter(dK1)
    gh1 = np.empty((2, 2, 2))
    gh1[0] = (K0.T @ g).reshape(2, 2)
    gh1[1] = (K1.T @ g).reshape(2, 2)
    gh0 = gh1.ravel()
    mask = h0 > 0.0
    gb0 = gh0 * mask
    gW0 = np.outer(gb0, z)
    gz = W0.T @ gb0
    jacobian = np.zeros((8, 8, 2))
    jacobian[RELU_ROWS, RELU_ROWS] = np.outer(mask, z)
    return {
        "h0": h0, "h1": h1, "C1": C1, "H2": H2, "K0": K0, "K1": K1, "m": m, "yhat": yhat, "L": L,
        "grad(L)": gL, "grad(yhat)": gyhat, "grad(m)": gm, "grad(W2)": gW2, "grad(b2)": gb2, "grad(H2)": gH2,
        "grad(b1)": gb1, "grad(C1)": gC1, "dK0": dK0, "dK1": dK1, "grad(W1)": gW1, "grad(h1)": gh1, "grad(h0)": gh0,
        "grad(b0)": gb0, "grad(W0)": gW0, "grad(z)": gz, "jacobian(h0, W0)": jacobian,
    }  # fmt: skip


def tuned_matrix(w: Array) -> Array:
    """(3, 3) -> (16, 4): the correlation of a 2x2 image, padding 2, as a matrix."""
    K = np.zeros((4, 4, 2, 2))
    flipped = w[::-1, ::-1]
    for i in (0, 1):
        for j in (0, 1):
            K[i : i + 3, j : j + 3, i, j] = flipped
    return K.reshape(16, 4)


def to_filter(dK: Array) -> Array:
    """(16, 4) -> (3, 3): each entry of the filter stands in the matrix four times."""
    G = dK.reshape(4, 4, 2, 2)
    total = G[0:3, 0:3, 0, 0] + G[0:3, 1:4, 0, 1] + G[1:4, 0:3, 1, 0] + G[1:4, 1:4, 1, 1]
    return total[::-1, ::-1]
