"""How fast the convolution kernels are: ``python tests/benchmarks/convolution.py``.

One thread, float64. Every figure is a median; every ratio is the median of ratios measured in turns (A B A B), so
that other load falls on both sides. The share is that of the multiplications and additions a second of a product
of two 768 x 768 matrices. Where PyTorch is installed, the same layer is measured there.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from hwcheck.ops.convolution_kernels import correlate, correlate_input, correlate_weight

try:
    import torch
except ImportError:
    torch = None  # type: ignore[assignment,unused-ignore]

Call = Callable[[], object]

ROUNDS = 15
MATRIX = np.random.default_rng(0).normal(size=(768, 768))
DOT_OPERATIONS = 2 * 768**3


class Layer(NamedTuple):
    """One convolution with square images and kernels."""

    name: str
    images: int
    channels: int
    size: int
    filters: int
    kernel: int
    padding: int = 0
    stride: int = 1
    groups: int = 1

    def calls(self, sheets: int = 1) -> dict[str, Call]:
        """The three functions, on arrays of this layer."""
        random = np.random.default_rng(0)
        sides = (self.padding, self.padding)
        options: dict[str, Any] = {
            "stride": (self.stride, self.stride),
            "padding": (sides, sides),
            "dilation": (1, 1),
            "groups": self.groups,
        }
        size, kernel = (self.size, self.size), (self.kernel, self.kernel)
        x = random.normal(size=(sheets, self.images, self.channels, *size))
        w = random.normal(size=(1, self.filters, self.channels // self.groups, *kernel))
        g = random.normal(size=correlate(x, w, **options).shape)
        return {
            "forward": lambda: correlate(x, w, **options),
            "input": lambda: correlate_input(g, w, size=size, **options),
            "weight": lambda: correlate_weight(x, g, size=kernel, **options),
        }

    @property
    def operations(self) -> int:
        """The multiplications and additions of the forward pass, those with padding included."""
        places = (self.size + 2 * self.padding - self.kernel) // self.stride + 1
        return 2 * self.images * self.filters * places**2 * self.channels // self.groups * self.kernel**2

    def torch_calls(self) -> dict[str, Call]:
        """Forward, and forward with both gradients, in PyTorch."""
        torch.set_num_threads(1)
        x = torch.randn(self.images, self.channels, self.size, self.size, dtype=torch.float64, requires_grad=True)
        shape = (self.filters, self.channels // self.groups, self.kernel, self.kernel)
        w = torch.randn(shape, dtype=torch.float64, requires_grad=True)
        options: dict[str, Any] = {"stride": self.stride, "padding": self.padding, "groups": self.groups}
        conv2d = torch.nn.functional.conv2d
        g = torch.randn_like(conv2d(x, w, **options))
        still_x, still_w = x.detach(), w.detach()
        return {
            "forward": lambda: conv2d(still_x, still_w, **options),
            "all": lambda: torch.autograd.grad(conv2d(x, w, **options), (x, w), g),
        }


LARGE = [
    Layer("64 -> 64, 3x3, 56x56, batch 8", 8, 64, 56, 64, 3, padding=1),
    Layer("128 -> 128, 3x3, 28x28, batch 8", 8, 128, 28, 128, 3, padding=1),
    Layer("256 -> 256, 3x3, 14x14, batch 8", 8, 256, 14, 256, 3, padding=1),
    Layer("64 -> 128, 3x3, stride 2, 56x56", 8, 64, 56, 128, 3, padding=1, stride=2),
    Layer("64 -> 64, 1x1, 56x56, batch 8", 8, 64, 56, 64, 1),
    Layer("LeNet 1 -> 6, 5x5, batch 64", 64, 1, 28, 6, 5, padding=2),
    Layer("LeNet 6 -> 16, 5x5, batch 64", 64, 6, 14, 16, 5),
    Layer("LeNet 16 -> 120, 5x5, batch 64", 64, 16, 5, 120, 5),
]
SMALL = [
    Layer("2 -> 1, 2x2, 3x3, padding 2", 1, 2, 2, 1, 3, padding=2),
    Layer("2 -> 2, the same, 2 groups", 1, 2, 2, 2, 3, padding=2, groups=2),
    Layer("1 -> 4, 5x5, 3x3, padding 1", 1, 1, 5, 4, 3, padding=1),
    Layer("1 -> 4, 8x8, 3x3, padding 1", 1, 1, 8, 4, 3, padding=1),
    Layer("1 -> 6, 28x28, 5x5, padding 2", 1, 1, 28, 6, 5, padding=2),
]


def seconds(call: Call, repeats: int = 1) -> float:
    """The time of one call."""
    start = perf_counter()
    for _ in range(repeats):
        call()
    return (perf_counter() - start) / repeats


def together(calls: dict[str, Call]) -> Call:
    """All of the calls, one after another."""
    return lambda: [call() for call in calls.values()]


def compare(call: Call, other: Call) -> tuple[float, float]:
    """The time of a call, and the median ratio of the other's time to it."""
    call(), other()
    pairs = [(seconds(call, 3), seconds(other, 3)) for _ in range(ROUNDS)]
    return median(mine for mine, _ in pairs), median(theirs / mine for mine, theirs in pairs)


def dot() -> object:
    """What the share is a share of."""
    return MATRIX.dot(MATRIX)


def large() -> None:
    """Milliseconds, shares of np.dot, and how many times as long PyTorch takes."""
    print(f"{'':34}{'forward':>9}{'share':>7}{'torch':>7}{'f. + b.':>9}{'share':>7}{'torch':>7}")
    for layer in LARGE:
        calls = layer.calls()
        print(f"{layer.name:34}", end="")
        for name, call, passes in (("forward", calls["forward"], 1), ("all", together(calls), 3)):
            time, ratio = compare(call, dot)
            share = passes * layer.operations / DOT_OPERATIONS * ratio
            versus = f"{compare(call, layer.torch_calls()[name])[1]:6.2f}x" if torch else f"{'-':>7}"
            print(f"{time * 1e3:7.2f}ms{share:7.0%}{versus}", end="")
        print()


def small() -> None:
    """Microseconds a call, and a sheet where ten thousand share the kernel."""
    print(f"\n{'':34}" + "".join(f"{name:>9}" for name in SMALL[0].calls()) + "   of 10,000 sheets")
    for layer in SMALL:
        one = [median(seconds(call, 500) for _ in range(ROUNDS)) for call in layer.calls().values()]
        many = [median(seconds(call) for _ in range(ROUNDS)) / 10_000 for call in layer.calls(10_000).values()]
        print(f"{layer.name:34}" + "".join(f"{time * 1e6:7.1f}us" for time in one), end="  ")
        print("".join(f"{time * 1e6:7.2f}us" for time in many))


if __name__ == "__main__":
    large()
    small()
