"""Networks on graphs."""

from __future__ import annotations

from tests.oracle.libraries import torch
from tests.oracle.networks import Tensor, Values

F = torch.nn.functional


def graph_convolution(A: Tensor, I: Tensor, X: Tensor, W: Tensor) -> Values:  # noqa: E741  the article's name
    AX = A @ X
    A_hat = torch.eye(4, dtype=A.dtype) + A
    AX_hat = A_hat @ X
    D, D_hat = torch.einsum("ij->j", A), torch.einsum("ij->j", A_hat)
    Z = torch.linalg.solve(torch.diag(D_hat), AX_hat) @ W
    values = {"A_hat": A_hat, "D": D, "D_hat": D_hat, "AX": AX, "AX_hat": AX_hat}
    return {**values, "N": torch.linalg.solve(torch.diag(D), AX), "Z": Z, "H": torch.relu(Z)}


def node_classification(A: Tensor, X: Tensor, T: Tensor, W0: Tensor, b0: Tensor, W1: Tensor, b1: Tensor) -> Values:
    A_tilde = A + torch.eye(5, dtype=A.dtype)
    degree = A_tilde.sum(1)
    root = torch.diag(degree.rsqrt())
    A_hat = root @ A_tilde @ root
    Z0 = F.linear(A_hat @ X, W0.T, b0)
    H0 = torch.relu(Z0)
    Z1 = A_hat @ F.linear(H0, W1.T) + b1
    L = F.cross_entropy(Z1[[0, 4]], torch.tensor([1, 0]))
    graph = {"A_hat.A_tilde": A_tilde, "A_hat.degree": degree, "A_hat": A_hat}
    return {**graph, "Z0": Z0, "H0": H0, "Z1": Z1, "P": F.softmax(Z1, 1).detach(), "L": L}
