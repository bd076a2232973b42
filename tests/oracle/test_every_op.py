"""Every op against PyTorch or JAX: values and gradients of all samples, and what is agreed on at kinks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest

from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.node import Array
from hwcheck.graph.op import Op
from tests.ops.records import RECORDS
from tests.oracle.libraries import jax, torch
from tests.support.finite_differences import gradients, weights_like
from tests.support.op_records import OPS, Record, Sample, called, quantities


def cases(choose: Callable[[Record], Iterable[Sample]], library: str) -> list[Any]:
    """The samples of all records that a library has a function for."""
    return [
        pytest.param(OPS[name], sample, id=f"{name}-{i}")
        for name, record in RECORDS.items()
        for i, sample in enumerate(choose(record))
        if getattr(record, library) is not None and (sample.torch or library != "torch")
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


def by_jax(op: Op, sample: Sample, weight: Array) -> list[Array]:
    """The same."""
    function = RECORDS[op.name].jax
    assert function is not None
    moving = [i for i in range(len(sample.inputs)) if i not in sample.discrete]

    def value(*moved: Any) -> Any:
        inputs = list(sample.inputs)
        for i, x in zip(moving, moved, strict=True):
            inputs[i] = x
        return function(jax, *inputs, **sample.options)

    y, pull = jax.vjp(value, *(sample.inputs[i] for i in moving))
    found = pull(jax.numpy.asarray(weight)) if _differentiable(op) else ()
    return [np.asarray(y), *map(np.asarray, found)]


def compared(op: Op, sample: Sample, theirs: Callable[[Op, Sample, Array], list[Array]]) -> None:
    """Our value and gradients beside another library's."""
    y = called(op, quantities(op, [array.shape for array in sample.inputs]), sample.options)
    (weight,) = weights_like([y])
    for a, b in zip(by_hwcheck(op, sample, weight), theirs(op, sample, weight), strict=True):
        assert a.shape == b.shape
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths:UserWarning")
@pytest.mark.parametrize(("op", "sample"), cases(lambda record: record.samples, "torch"))
def test_value_and_gradients_are_those_of_pytorch(op: Op, sample: Sample) -> None:
    compared(op, sample, by_torch)


@pytest.mark.parametrize(("op", "sample"), cases(lambda record: record.kinks, "torch"))
def test_at_kinks_the_gradients_are_those_of_pytorch(op: Op, sample: Sample) -> None:
    compared(op, sample, by_torch)


@pytest.mark.parametrize(("op", "sample"), cases(lambda record: (*record.samples, *record.kinks), "jax"))
def test_value_and_gradients_are_those_of_jax(op: Op, sample: Sample) -> None:
    compared(op, sample, by_jax)
