"""Networks of real size, through hwcheck's graph and in PyTorch: forward, and the gradients of input and weights.

The numbers are the same on both sides, drawn once; each network counts the multiplications and additions of its matrix
products, forward and backward, for its share of the machine's rate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from hwcheck.graph.differentiate import adjoints
from hwcheck.graph.evaluate import Plan
from hwcheck.graph.node import Array, Constant, Node, Quantity, Shape
from hwcheck.ops.activations import relu
from hwcheck.ops.arrays import flatten
from hwcheck.ops.attention import multi_head_attention
from hwcheck.ops.convolution import conv2d
from hwcheck.ops.losses_classes import cross_entropy
from hwcheck.ops.pooling import max_pool2d
from hwcheck.ops.sequences import lstm

__all__ = ["NETWORKS", "Network"]

PASSES = 3  # a matrix product forward and one for each of its two gradients


class Network(NamedTuple):
    """One network: the shapes of its numbers, and the two ways to compute it from them.

    ``operations`` are the multiplications and additions of the forward pass. ``labels`` are class indices.
    """

    name: str
    shapes: Mapping[str, Shape]
    ours: Callable[..., Node]
    theirs: Callable[..., Any]
    operations: int
    labels: Mapping[str, Array] = {}

    def numbers(self) -> dict[str, Array]:
        """Numbers of about the size with which networks begin."""
        random = np.random.default_rng(0)
        drawn: dict[str, Array] = {
            name: random.normal(size=shape) / np.sqrt(float(shape[-1])) for name, shape in self.shapes.items()
        }
        return {**drawn, **self.labels}

    def through_the_graph(self) -> Callable[[], list[Array]]:
        """The value and all gradients of its sum, as a plan."""
        numbers = self.numbers()
        quantities = {name: Quantity(name, shape=array.shape) for name, array in numbers.items()}
        y = self.ours(**quantities)
        found = adjoints({y: _ones(y)})
        plan = Plan([y, *(found[quantities[name]] for name in self.shapes)])
        fed = {quantities[name]: array[np.newaxis] for name, array in numbers.items()}
        return lambda: plan.run(fed)

    def through_torch(self, torch: Any) -> Callable[[], list[Any]]:
        """The same in PyTorch, eagerly."""
        leaves = {
            name: torch.tensor(array, requires_grad=name in self.shapes) for name, array in self.numbers().items()
        }
        moving = [leaves[name] for name in self.shapes]

        def run() -> list[Any]:
            y = self.theirs(torch, **leaves)
            return [y, *torch.autograd.grad(y, moving, torch.ones_like(y))]

        return run


def _ones(y: Node) -> Node:
    return Constant(np.ones(y.shape))


# LeNet-5 as it is taught: LeCun, Bottou, Bengio, Haffner (1998), with ReLU, max pooling and cross-entropy.
BATCH = 64
LENET: dict[str, Shape] = {
    "k1": (6, 1, 5, 5), "b1": (6,), "k2": (16, 6, 5, 5), "b2": (16,),
    "W3": (400, 120), "b3": (120,), "W4": (120, 84), "b4": (84,), "W5": (84, 10), "b5": (10,),
}  # fmt: skip


def lenet(x: Node, k1: Node, b1: Node, k2: Node, b2: Node, t: Node, **dense: Node) -> Node:
    h = max_pool2d(relu(conv2d(x, k1, b1, padding=2)), 2)
    h = flatten(max_pool2d(relu(conv2d(h, k2, b2)), 2), start_dim=1)
    h = relu(relu(h @ dense["W3"] + dense["b3"]) @ dense["W4"] + dense["b4"])
    return cross_entropy(h @ dense["W5"] + dense["b5"], t)


def lenet_torch(T: Any, x: Any, k1: Any, b1: Any, k2: Any, b2: Any, t: Any, **dense: Any) -> Any:
    F = T.nn.functional
    h = F.max_pool2d(T.relu(F.conv2d(x, k1, b1, padding=2)), 2)
    h = F.max_pool2d(T.relu(F.conv2d(h, k2, b2)), 2).flatten(1)
    h = T.relu(T.relu(h @ dense["W3"] + dense["b3"]) @ dense["W4"] + dense["b4"])
    return F.cross_entropy(h @ dense["W5"] + dense["b5"], t.long())


STEPS, SEQUENCES, FEATURES, HIDDEN = 100, 16, 128, 256


def lstm_torch(T: Any, x: Any, w_ih: Any, w_hh: Any, b_ih: Any, b_hh: Any) -> Any:
    begin = T.zeros(1, SEQUENCES, HIDDEN, dtype=T.float64)
    weights = [w_ih, w_hh, b_ih, b_hh]
    return T.lstm(x, (begin, begin), weights, True, 1, 0.0, True, False, False)[0]


HEADS, TOKENS, WIDTH = 8, 512, 256
ATTENTION = dict.fromkeys(("Wq", "Wk", "Wv", "Wo"), (WIDTH, WIDTH))


def attention_torch(T: Any, x: Any, **weights: Any) -> Any:
    q, k, v = ((x @ weights[name].T).reshape(TOKENS, HEADS, -1).transpose(0, 1) for name in ("Wq", "Wk", "Wv"))
    scores = q @ k.transpose(1, 2) / (WIDTH // HEADS) ** 0.5
    return (T.softmax(scores, dim=-1) @ v).transpose(0, 1).reshape(TOKENS, WIDTH) @ weights["Wo"].T


def attention_fused(T: Any, x: Any, **weights: Any) -> Any:
    q, k, v = ((x @ weights[name].T).reshape(1, TOKENS, HEADS, -1).transpose(1, 2) for name in ("Wq", "Wk", "Wv"))
    heads = T.nn.functional.scaled_dot_product_attention(q, k, v)
    return heads.transpose(1, 2).reshape(TOKENS, WIDTH) @ weights["Wo"].T


def attention(x: Node, **weights: Node) -> Node:
    return multi_head_attention(x, x, x, *weights.values(), num_heads=HEADS)


IMAGES: Shape = (8, 64, 56, 56)
_ATTENTION_PRODUCTS = 4 * TOKENS * WIDTH * WIDTH + 2 * TOKENS * TOKENS * WIDTH
_LENET_PRODUCTS = BATCH * (6 * 784 * 25 + 16 * 100 * 150 + 400 * 120 + 120 * 84 + 84 * 10)

NETWORKS = (
    Network(
        "LeNet, batch 64",
        {"x": (BATCH, 1, 28, 28), **LENET},
        lenet,
        lenet_torch,
        2 * _LENET_PRODUCTS,
        {"t": np.arange(BATCH, dtype=np.float64) % 10},
    ),
    Network(
        "LSTM, 128 -> 256, 100 steps, batch 16",
        {
            "x": (STEPS, SEQUENCES, FEATURES),
            "w_ih": (4 * HIDDEN, FEATURES),
            "w_hh": (4 * HIDDEN, HIDDEN),
            "b_ih": (4 * HIDDEN,),
            "b_hh": (4 * HIDDEN,),
        },
        lambda x, **weights: lstm(x, 0, 0, *weights.values()),
        lstm_torch,
        2 * STEPS * SEQUENCES * 4 * HIDDEN * (FEATURES + HIDDEN),
    ),
    Network(
        "attention, 8 heads, 512 x 256",
        {"x": (TOKENS, WIDTH), **ATTENTION},
        attention,
        attention_torch,
        2 * _ATTENTION_PRODUCTS,
    ),
    Network(
        "the same / PyTorch's fused attention",
        {"x": (TOKENS, WIDTH), **ATTENTION},
        attention,
        attention_fused,
        2 * _ATTENTION_PRODUCTS,
    ),
    Network(
        "convolution 64 -> 64, 3x3, 56x56, batch 8",
        {"x": IMAGES, "w": (64, 64, 3, 3)},
        lambda x, w: conv2d(x, w, padding=1),
        lambda T, x, w: T.nn.functional.conv2d(x, w, padding=1),
        2 * 8 * 64 * 56 * 56 * 64 * 9,
    ),
)
