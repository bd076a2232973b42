"""How fast the engine is: ``python tests/benchmarks/engine.py``.

Float64, one thread of BLAS and of PyTorch; the GAN, whole networks and the convolution again with two (``--threads 2``,
in a process of its own, which can be called alone).
Each row is measured in turns with its rival (A B A B); a ratio is the median of the ratios of the pairs, in brackets
its quartiles: below 1 hwcheck is faster. The share is that of the multiplications and additions a second of a product
of two 768 x 768 matrices, measured in turns as well. Where PyTorch is not installed, its columns are left out.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ["OPENBLAS_NUM_THREADS"] = sys.argv[2] if sys.argv[1:2] == ["--threads"] else "1"  # read by NumPy's import

import numpy as np

from hwcheck.graph.differentiate import adjoints
from hwcheck.graph.evaluate import Plan
from hwcheck.graph.node import Array, Node, Quantity
from hwcheck.ops.convolution import conv2d
from hwcheck.ops.convolution_kernels import correlate, correlate_input, correlate_weight
from hwcheck.problem.load import load_problem
from hwcheck.reference import stated_numbers
from tests.benchmarks.measure import compare, seconds
from tests.benchmarks.networks import NETWORKS, PASSES, Network
from tests.benchmarks.rivals import gan_numpy

try:
    import torch

    from tests.benchmarks.rivals import check_torch
except ImportError:
    torch = None  # type: ignore[assignment,unused-ignore]

Call = Callable[[], object]

THREADS = os.environ["OPENBLAS_NUM_THREADS"]
ROUNDS = 11
PROBLEM = Path(__file__).parent.parent.parent / "problems" / "gan.yaml"
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

    @property
    def operations(self) -> int:
        """The multiplications and additions of the forward pass, those with padding included."""
        places = (self.size + 2 * self.padding - self.kernel) // self.stride + 1
        return 2 * self.images * self.filters * places**2 * self.channels // self.groups * self.kernel**2

    def shapes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Those of the images and of the weight."""
        filters = (self.filters, self.channels // self.groups, self.kernel, self.kernel)
        return (self.images, self.channels, self.size, self.size), filters

    def through_the_graph(self) -> dict[str, Call]:
        """Forward, and forward with both gradients, each as a plan."""
        x, w = (Quantity(name, shape=shape) for name, shape in zip("xw", self.shapes(), strict=True))
        y = Quantity("y", conv2d(x, w, stride=self.stride, padding=self.padding, groups=self.groups))
        g = Quantity("g", shape=y.shape)
        gradients = adjoints({y: g})
        random = np.random.default_rng(0)
        numbers = {quantity: random.normal(size=(1, *quantity.shape)) for quantity in (x, w, g)}
        return {name: _run(outputs, numbers) for name, outputs in _both(y, gradients[x], gradients[w]).items()}

    def through_torch(self) -> dict[str, Call]:
        """The same in PyTorch."""
        x, w = (torch.randn(shape, dtype=torch.float64, requires_grad=True) for shape in self.shapes())
        options: dict[str, Any] = {"stride": self.stride, "padding": self.padding, "groups": self.groups}
        convolve = torch.nn.functional.conv2d
        g = torch.randn_like(convolve(x, w, **options))
        still_x, still_w = x.detach(), w.detach()
        return {
            "forward": lambda: convolve(still_x, still_w, **options),
            "all": lambda: torch.autograd.grad(convolve(x, w, **options), (x, w), g),
        }

    def kernels(self, sheets: int) -> dict[str, Call]:
        """The three kernels, on arrays of so many sheets that share the weight."""
        random = np.random.default_rng(0)
        sides, size, kernel = (self.padding, self.padding), (self.size, self.size), (self.kernel, self.kernel)
        options: dict[str, Any] = {
            "stride": (self.stride, self.stride), "padding": (sides, sides), "dilation": (1, 1), "groups": self.groups,
        }  # fmt: skip
        images, filters = self.shapes()
        x, w = random.normal(size=(sheets, *images)), random.normal(size=(1, *filters))
        g = random.normal(size=correlate(x, w, **options).shape)
        return {
            "forward": lambda: correlate(x, w, **options),
            "input": lambda: correlate_input(g, w, size=size, **options),
            "weight": lambda: correlate_weight(x, g, size=kernel, **options),
        }


def _both(y: Node, *gradients: Node) -> dict[str, list[Node]]:
    return {"forward": [y], "all": [y, *gradients]}


def _run(outputs: list[Node], numbers: dict[Quantity, Array]) -> Call:
    plan = Plan(outputs)
    return lambda: plan.run(numbers)


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


def gan() -> None:
    """Forward and backward of the GAN, every quantity that has a name."""
    problem = load_problem(PROBLEM)
    plan, numbers = Plan(problem.all_quantities().values()), stated_numbers(problem)
    arrays = {name: numbers[problem.quantities[name]][0] for name in (*problem.inputs, *problem.weights)}
    rivals: dict[str, tuple[Call, str]] = {
        "NumPy by hand, with functions": (lambda: gan_numpy.step(**arrays), "1.6"),
        "NumPy by hand, for this network only": (lambda: gan_numpy.tuned_step(**arrays), ""),
    }
    if torch:
        leaves = {name: torch.tensor(array, requires_grad=True) for name, array in arrays.items()}
        rivals["PyTorch eager"] = (lambda: check_torch.step(**leaves), "0.4")
    print(f"{'The GAN, forward and backward':38}{'us':>8}{'rival':>8}  ratio  (quartiles)     aim")
    for name, (rival, aim) in rivals.items():
        found = compare(seconds(lambda: plan.run(numbers), 200), seconds(rival, 200), ROUNDS)
        print(f"  {name:36}{found.mine * 1e6:8.1f}{found.theirs * 1e6:8.1f} {found!s:22} {aim}")


def large(layers: list[Layer]) -> None:
    """Milliseconds through the graph, ratios to PyTorch, shares of np.dot; aim: below 1, and 60 %."""
    title = f"Convolutions, {THREADS} thread{'s' if THREADS != '1' else ''}"
    print(f"\n{title:36}{'forward':>9}  to PyTorch           share    all        to PyTorch           share")
    for layer in layers:
        print(f"  {layer.name:34}", end="")
        theirs = layer.through_torch() if torch else {}
        for passes, (name, call) in zip((1, 3), layer.through_the_graph().items(), strict=True):
            mine = seconds(call, 2)
            dot = compare(mine, seconds(lambda: MATRIX.dot(MATRIX), 5), ROUNDS)
            share = passes * layer.operations / DOT_OPERATIONS / dot.ratio
            versus = str(compare(mine, seconds(theirs[name], 2), ROUNDS)) if torch else "     -"
            print(f"{dot.mine * 1e3:7.2f}ms {versus:22}{share:5.0%}", end="  ")
        print()


def whole(networks: tuple[Network, ...]) -> None:
    """Milliseconds forward and backward through the graph, ratio to PyTorch, share of np.dot; aim: below 1."""
    print(f"\n{f'Networks, {THREADS} threads':44}{'all':>9}  {'PyTorch':>8}  ratio                 share")
    for network in networks:
        mine, theirs = seconds(network.through_the_graph(), 1), seconds(network.through_torch(torch), 1)
        dot = compare(mine, seconds(lambda: MATRIX.dot(MATRIX), 3), ROUNDS)
        share = PASSES * network.operations / DOT_OPERATIONS / dot.ratio
        found = compare(mine, theirs, ROUNDS)
        print(f"  {network.name:42}{found.mine * 1e3:7.1f}ms{found.theirs * 1e3:8.1f}ms {found!s:22}{share:5.0%}")


def small() -> None:
    """Microseconds of the kernels a call, and a sheet where ten thousand share the weight."""
    names = "".join(f"{name:>9}" for name in SMALL[0].kernels(1))
    print(f"\n{'Small convolutions: the kernels alone':38}{names}   and of 10,000 sheets each")
    for layer in SMALL:
        print(f"  {layer.name:36}", end="")
        for call in layer.kernels(1).values():
            print(f"{_median(call, 500) * 1e6:7.1f}us", end="")
        print("", *(f"{_median(call, 1) * 1e6 / 10_000:6.2f}us" for call in layer.kernels(10_000).values()))


def _median(call: Call, repeats: int) -> float:
    once = seconds(call, repeats)
    return median(once() for _ in range(ROUNDS))


def main() -> None:
    """All tables; with ``--threads`` the GAN, whole networks and the first convolution only."""
    if torch:
        torch.set_num_threads(int(THREADS))
    if sys.argv[1:]:
        gan()
        if torch:
            whole(NETWORKS)
        large(LARGE[:1])
        return
    gan()
    large(LARGE)
    sys.stdout.flush()
    subprocess.run([sys.executable, __file__, "--threads", "2"], check=True)
    small()


if __name__ == "__main__":
    main()
