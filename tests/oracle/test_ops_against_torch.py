"""Every op against PyTorch: values and gradients of all samples, and what is agreed on at kinks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.node import Array
from hwcheck.graph.op import Op
from tests.ops.samples import RECORDS
from tests.oracle.pytorch import torch
from tests.support.finite_differences import gradients, weights_like
from tests.support.op_records import OPS, Sample, called, quantities

SAMPLES = [
    pytest.param(OPS[name], sample, id=f"{name}-{i}")
    for name, record in RECORDS.items()
    for i, sample in enumerate(record.samples)
    if record.torch is not None and sample.torch
]


def by_hwcheck(op: Op, sample: Sample, weight: Array) -> list[Array]:
    """The value, and the gradient of its weighted sum in each input that is no label; 0 where none arrives."""
    inputs = quantities(op, [array.shape for array in sample.inputs])
    y = called(op, inputs, sample.options)
    found = gradients([y], [weight]) if _differentiable(op) else {}
    numbers = {quantity: array[np.newaxis] for quantity, array in zip(inputs, sample.inputs, strict=True)}
    return [evaluate([y], numbers)[0][0]] + [
        evaluate([found[quantity]], numbers)[0][0] if quantity in found else np.zeros(quantity.shape)
        for i, quantity in enumerate(inputs)
        if i not in sample.discrete and _differentiable(op)
    ]


def by_torch(op: Op, sample: Sample, weight: Array) -> list[Array]:
    """The same."""
    tensors = [torch.tensor(x, requires_grad=i not in sample.discrete) for i, x in enumerate(sample.inputs)]
    moving = [tensor for tensor in tensors if tensor.requires_grad]
    function = RECORDS[op.name].torch
    assert function is not None
    y = function(torch, *tensors, **sample.options)
    results = [y.detach().numpy()]
    if not _differentiable(op):
        return results
    if not y.requires_grad:
        return results + [np.zeros(tensor.shape) for tensor in moving]
    found = torch.autograd.grad(y, moving, torch.tensor(weight).reshape(y.shape), allow_unused=True)
    return results + [
        np.zeros(x.shape) if gradient is None else gradient.numpy() for x, gradient in zip(moving, found, strict=True)
    ]


def _differentiable(op: Op) -> bool:
    return bool(op.gradients) or op.expand is not None


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths:UserWarning")
@pytest.mark.parametrize(("op", "sample"), SAMPLES)
def test_value_and_gradients_are_those_of_pytorch(op: Op, sample: Sample) -> None:
    y = called(op, quantities(op, [array.shape for array in sample.inputs]), sample.options)
    (weight,) = weights_like([y])
    assert_same(by_hwcheck(op, sample, weight), by_torch(op, sample, weight))


def assert_same(ours: Sequence[Array], theirs: Sequence[Array]) -> None:
    for a, b in zip(ours, theirs, strict=True):
        assert a.shape == b.shape
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)


# Where the derivative jumps: the op, its inputs, its options.
KINKS: list[tuple[str, list[Any], dict[str, Any]]] = [
    ("relu", [[0.0, -0.0, 1, -1]], {}),
    ("leaky_relu", [[0.0, -0.0, 1, -1]], {"negative_slope": 0.25}),
    ("abs", [[0.0, -0.0, 1, -1]], {}),
    ("sign", [[0.0, -0.0, 1, -1]], {}),
    ("sqrt", [[0.0, 4.0]], {}),
    ("maximum", [[1, 2, 3, 0.0], [1, 1, 4, -0.0]], {}),
    ("minimum", [[1, 2, 3, 0.0], [1, 1, 4, -0.0]], {}),
    ("max", [[[1, 3, 3], [2, 2, 2], [0, 0.0, -0.0], [1, 2, 3]]], {"axis": 1}),
    ("min", [[[1, 3, 1], [2, 2, 2], [0, 0.0, -0.0], [1, 2, 3]]], {"axis": 1, "keepdims": True}),
    ("max", [[[1, 3, 3], [3, 2, 2]]], {}),
    ("min", [[[1, 3, 3], [3, 1, 1]]], {"axis": [0, 1]}),
    ("power", [[0.0, 0.0, 0.0, -2.0, -2.0], [[0.0], [1.0], [2.0], [3.0]]], {}),
    ("divide", [[0.0, 1.0, -1.0], [0.0, 0.0, 0.0]], {}),
    ("log", [[0.0, 1.0]], {}),
    ("where", [[0.0, 1.0], [1.0, 2.0], [1.0, 2.0]], {}),
]


@pytest.mark.parametrize(("name", "inputs", "options"), KINKS, ids=[f"{kink[0]}-{i}" for i, kink in enumerate(KINKS)])
def test_at_kinks_the_gradients_are_those_of_pytorch(name: str, inputs: list[Any], options: dict[str, Any]) -> None:
    fixed = frozenset({"where": [0], "power": [1]}.get(name, []))  # in the exponent, hwcheck has a rule of its own
    sample = Sample(tuple(np.array(x, dtype=np.float64) for x in inputs), options, fixed)
    y = called(OPS[name], quantities(OPS[name], [x.shape for x in sample.inputs]), options)
    (weight,) = weights_like([y])
    assert_same(by_hwcheck(OPS[name], sample, weight), by_torch(OPS[name], sample, weight))
