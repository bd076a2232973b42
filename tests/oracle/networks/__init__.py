"""The networks of all problems, written in PyTorch: a module for each topic, a function for each problem.

A function has the name of its problem, and the problem's inputs and weights as its arguments: of a name with an index a
mapping, ``x[1]`` for x[1]. It gives what it computes by the names that the problem has for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from tests.oracle.libraries import torch

Tensor: TypeAlias = Any  # PyTorch's own types are not read
Values: TypeAlias = dict[str, Tensor]


def derivative(y: Tensor, x: Tensor) -> Tensor:
    """The gradient of a number, itself a part of the graph."""
    return torch.autograd.grad(y, x, create_graph=True)[0]


def jacobian(y: Tensor, x: Tensor) -> Tensor:
    """The gradient of every entry of y."""
    rows = [torch.autograd.grad(entry, x, retain_graph=True)[0] for entry in y.reshape(-1)]
    return torch.stack(rows).reshape(*y.shape, *x.shape)


def each(name: str, values: Mapping[int, Tensor]) -> Values:
    """The quantities of a name with an index."""
    return {f"{name}[{index}]": value for index, value in values.items()}


def descended(loss: Tensor, rate: float, **weights: Tensor) -> Values:
    """The weights after a step of PyTorch's gradient descent, ``W_new`` for W."""
    moved = {name: weight.detach().clone().requires_grad_() for name, weight in weights.items()}
    for name, weight in weights.items():
        moved[name].grad = derivative(loss, weight).detach()
    torch.optim.SGD(moved.values(), lr=rate).step()
    return {f"{name}_new": weight.detach() for name, weight in moved.items()}
