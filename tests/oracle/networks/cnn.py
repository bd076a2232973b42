"""Convolutions."""

from __future__ import annotations

from tests.oracle.libraries import torch
from tests.oracle.networks import Tensor, Values

F = torch.nn.functional


def convolution_arithmetic(x: Tensor, k: Tensor) -> Values:
    return {"y": F.conv2d(x, k), "average": F.avg_pool2d(x, 3, 1), "largest": F.max_pool2d(x, 3, 1).detach()}


def two_channels(x: Tensor, x2: Tensor, small: Tensor, k: Tensor, k2: Tensor) -> Values:
    beside = {
        "padded": F.conv2d(x, k, padding=1),
        "summed": F.conv2d(x2, k2),
        "transposed": F.conv_transpose2d(small, k),
    }
    used = {"y": F.conv2d(x, k), "strided": F.conv_transpose2d(small, k, stride=2)}
    return {**used, **{name: value.detach() for name, value in beside.items()}}


def vertical_edges(x: Tensor, k: Tensor) -> Values:
    beside = {"same": F.conv2d(x, k, padding="same"), "strided": F.conv2d(x, k, stride=3)}
    return {"y": F.conv2d(x, k), **{name: value.detach() for name, value in beside.items()}}


def tiny_cnn(x: Tensor, y: Tensor, K: Tensor, b: Tensor, W: Tensor, c: Tensor) -> Values:
    Z = F.conv2d(x, K, b)
    A = torch.relu(Z)
    M = F.max_pool2d(A, 2)
    m = torch.flatten(M)
    z = F.linear(m, W, c)
    L = F.cross_entropy(z, y.long())
    return {"Z": Z, "A": A, "M": M, "m": m, "z": z, "p": F.softmax(z, 0).detach(), "L": L}


def transposed_convolution(x: Tensor, k: Tensor, b: Tensor) -> Values:
    return {"y": F.conv_transpose2d(x, k, b, stride=2, padding=1)}
