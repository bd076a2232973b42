"""Cross-correlation and its adjoints against PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from hwcheck.ops.convolution_kernels import correlate, correlate_input, correlate_weight
from tests.ops.test_convolution_kernels import Case
from tests.oracle.libraries import torch

Array = NDArray[np.float64]
Tensor = Any  # torch may be missing


CASES = {
    "homework": Case((1, 2, 2, 3), (4, 1, 3, 2), padding=((2, 2), (2, 2)), groups=2),
    "kernel larger than the image": Case((3, 1, 2, 4), (2, 1, 5, 6), padding=((3, 1), (0, 2))),
    "stride, dilation, leftovers": Case(
        (3, 4, 13, 11), (6, 2, 2, 3), stride=(3, 2), padding=((1, 3), (2, 0)), dilation=(2, 4), groups=2
    ),
    "first layer of LeNet-5": Case((5, 1, 28, 28), (6, 1, 5, 5), padding=((2, 2), (2, 2))),
    "third layer of LeNet-5": Case((7, 6, 14, 14), (16, 6, 5, 5)),
    "fifth layer of LeNet-5": Case((9, 16, 5, 5), (120, 16, 5, 5)),
    "a layer in strips": Case((2, 48, 45, 43), (40, 48, 3, 3), padding=((1, 1), (1, 1))),
    "depthwise": Case((2, 8, 17, 15), (16, 1, 3, 3), stride=(2, 2), padding=((1, 1), (1, 1)), groups=8),
    "pointwise": Case((3, 8, 17, 15), (5, 8, 1, 1)),
}


def torch_conv2d(case: Case, x: Tensor, w: Tensor) -> Tensor:
    (top, bottom), (left, right) = case.padding
    padded = torch.nn.functional.pad(x, (left, right, top, bottom))
    return torch.nn.functional.conv2d(padded, w, stride=case.stride, dilation=case.dilation, groups=case.groups)


def assert_equal(actual: Array, expected: list[Tensor]) -> None:
    assert_allclose(actual, np.stack([tensor.detach().numpy() for tensor in expected]), rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
@pytest.mark.parametrize("sheets", [(1, 1), (2, 1), (1, 2), (2, 2)], ids=str)
def test_value_and_gradients_are_those_of_pytorch(case: Case, sheets: tuple[int, int]) -> None:
    random = np.random.default_rng(0)
    x, w = random.normal(size=(sheets[0], *case.images)), random.normal(size=(sheets[1], *case.kernels))
    xs = [torch.tensor(x[sheet % len(x)], requires_grad=True) for sheet in range(max(sheets))]
    ws = [torch.tensor(w[sheet % len(w)], requires_grad=True) for sheet in range(max(sheets))]
    ys = [torch_conv2d(case, *operands) for operands in zip(xs, ws, strict=True)]
    g = random.normal(size=(len(ys), *ys[0].shape))
    grads = [
        torch.autograd.grad(y, operands, torch.tensor(upstream))
        for *operands, y, upstream in zip(xs, ws, ys, g, strict=True)
    ]
    assert_equal(correlate(x, w, **case.options), ys)
    assert_equal(correlate_input(g, w, size=case.images[2:], **case.options), [dx for dx, _ in grads])
    assert_equal(correlate_weight(x, g, size=case.kernels[2:], **case.options), [dw for _, dw in grads])


@pytest.mark.parametrize("extra", [(0, 0), (2, 1)], ids=str)
def test_correlate_input_is_a_transposed_convolution(extra: tuple[int, int]) -> None:
    """With output padding as wide as PyTorch allows: 2 rows, below the stride; 1 column, below the dilation."""
    options: dict[str, Any] = {"stride": (3, 1), "dilation": (1, 2), "groups": 2}
    random = np.random.default_rng(0)
    g, w = random.normal(size=(1, 2, 6, 5, 4)), random.normal(size=(1, 6, 2, 3, 2))
    expected = torch.nn.functional.conv_transpose2d(
        torch.tensor(g[0]), torch.tensor(w[0]), padding=(1, 2), output_padding=extra, **options
    )
    size = (4 * 3 + 3 - 2 + extra[0], 3 * 1 + 3 - 4 + extra[1])
    assert_equal(correlate_input(g, w, size=size, padding=((1, 1), (2, 2)), **options), [expected])
