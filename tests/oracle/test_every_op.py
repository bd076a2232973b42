"""Every op against PyTorch or JAX: values and gradients of all samples, and what is agreed on at kinks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pytest

from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.node import Array, Constant, Node
from hwcheck.graph.op import Op
from tests.ops.records import RECORDS
from tests.oracle.libraries import jax, torch
from tests.support.finite_differences import gradients, weights_like
from tests.support.op_records import OPS, Record, Sample, called, quantities

ALLOWED = (1e-10, 1e-10, 1e-9)  # of values, first and second derivatives, relative
Property: TypeAlias = Callable[[str, object], None]


def cases(choose: Callable[[Record], Iterable[Sample]], library: str) -> list[Any]:
    """The samples of all records that a library has a function for."""
    return [
        pytest.param(OPS[name], sample, id=f"{name}-{i}")
        for name, record in RECORDS.items()
        for i, sample in enumerate(choose(record))
        if getattr(record, library) is not None and (sample.torch or library != "torch")
    ]


class Compared(NamedTuple):
    """What is held against another library: the value, its gradients, and the gradients of these.

    Each gradient is that of a weighted sum of all that stands before it, in every input that is no label; where none
    arrives it is 0.
    """

    value: Array
    first: list[Array]
    second: list[Array]


def _moving(op: Op, sample: Sample) -> list[int]:
    """The inputs that are differentiated."""
    differentiable = bool(op.gradients) or op.expand is not None
    return [i for i in range(len(sample.inputs)) if differentiable and i not in sample.discrete]


def by_hwcheck(op: Op, sample: Sample) -> Compared:
    inputs = quantities(op, [array.shape for array in sample.inputs])
    moving = [inputs[i] for i in _moving(op, sample)]
    y = called(op, inputs, sample.options)
    numbers = {quantity: array[np.newaxis] for quantity, array in zip(inputs, sample.inputs, strict=True)}

    def derived(nodes: list[Node]) -> list[Node]:
        found = gradients(nodes, weights_like(nodes)) if moving else {}
        return [found.get(quantity, Constant(np.zeros(quantity.shape))) for quantity in moving]

    first = derived([y])
    second = derived(first)
    arrays = [array[0] for array in evaluate([y, *first, *second], numbers)]
    return Compared(arrays[0], arrays[1 : len(moving) + 1], arrays[len(moving) + 1 :])


def by_torch(op: Op, sample: Sample) -> Compared:
    moving = _moving(op, sample)
    tensors = [torch.tensor(x, requires_grad=i in moving) for i, x in enumerate(sample.inputs)]
    function = RECORDS[op.name].torch
    assert function is not None
    y = function(torch, *tensors, **sample.options)
    ours = [tensors[i] for i in moving]

    def derived(outputs: list[Any]) -> list[Any]:
        known = [(x, w) for x, w in zip(outputs, weights_like(outputs), strict=True) if x.requires_grad]
        if not known or not ours:
            return [torch.zeros_like(x) for x in ours]
        results = [x for x, _ in known]
        seeds = [torch.tensor(w).reshape(x.shape) for x, w in known]
        found = torch.autograd.grad(results, ours, seeds, create_graph=True, allow_unused=True)
        return [torch.zeros_like(x) if g is None else g for x, g in zip(ours, found, strict=True)]

    first = derived([y])
    try:
        second = derived(first)
    except RuntimeError as error:  # of a few functions PyTorch knows no second derivative
        if "is not implemented" not in str(error):
            raise
        second = []
    arrays = [x.numpy(force=True) for x in (y, *first, *second)]
    return Compared(arrays[0], arrays[1 : len(moving) + 1], arrays[len(moving) + 1 :])


def by_jax(op: Op, sample: Sample) -> Compared:
    function = RECORDS[op.name].jax
    assert function is not None
    moving = _moving(op, sample)
    at = [sample.inputs[i] for i in moving]

    def value(*moved: Any) -> Any:
        inputs = list(sample.inputs)
        for i, x in zip(moving, moved, strict=True):
            inputs[i] = x
        return function(jax, *inputs, **sample.options)

    def first(*moved: Any) -> Any:
        y, pull = jax.vjp(value, *moved)
        return pull(jax.numpy.asarray(weights_like([y])[0]))

    y = value(*at)
    if not moving:
        return Compared(np.asarray(y), [], [])
    found, pull = jax.vjp(first, *at)
    second = pull(tuple(jax.numpy.asarray(weight) for weight in weights_like(found)))
    return Compared(np.asarray(y), list(map(np.asarray, found)), list(map(np.asarray, second)))


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths:UserWarning")
@pytest.mark.parametrize(("op", "sample"), cases(lambda record: record.samples, "torch"))
def test_value_and_gradients_are_those_of_pytorch(op: Op, sample: Sample, record_property: Property) -> None:
    compare(by_hwcheck(op, sample), by_torch(op, sample), f"PyTorch {op.name}", record_property)


@pytest.mark.parametrize(("op", "sample"), cases(lambda record: record.kinks, "torch"))
def test_at_kinks_the_gradients_are_those_of_pytorch(op: Op, sample: Sample, record_property: Property) -> None:
    """Of first order: no library says what a second derivative is there."""
    ours, theirs = by_hwcheck(op, sample), by_torch(op, sample)
    compare(ours._replace(second=[]), theirs._replace(second=[]), f"PyTorch {op.name}", record_property)


@pytest.mark.parametrize(("op", "sample"), cases(lambda record: (*record.samples, *record.kinks), "jax"))
def test_value_and_gradients_are_those_of_jax(op: Op, sample: Sample, record_property: Property) -> None:
    compare(by_hwcheck(op, sample), by_jax(op, sample), f"JAX {op.name}", record_property)


def compare(ours: Compared, theirs: Compared, what: str, record_property: Property) -> None:
    """Hold them against one another, and note the largest difference for the summary."""
    worst, count = 0.0, 0
    for order, (mine, others) in enumerate(
        (([ours.value], [theirs.value]), (ours.first, theirs.first), (ours.second, theirs.second))
    ):
        for a, b in zip(mine, others, strict=bool(others)):
            assert a.shape == b.shape
            np.testing.assert_allclose(a, b, rtol=ALLOWED[order], atol=ALLOWED[order] / 10)
            with np.errstate(invalid="ignore"):
                difference = np.abs(a - b) / np.maximum(1.0, np.abs(b))
            worst = max(worst, float(np.max(np.where(np.isfinite(difference), difference, 0.0), initial=0.0)))
            count += order > 0
    record_property("gradient check", (what, count, worst))
