"""The finite differences must catch a wrong gradient rule: here are wrong ones, of the kinds that people write."""

# ruff: noqa: ARG005  every rule takes what all rules take

from __future__ import annotations

import numpy as np
import pytest

from hwcheck.graph.node import Array, Shape
from hwcheck.graph.op import Op, op
from hwcheck.graph.options import Axis
from hwcheck.ops.arithmetic import where
from hwcheck.ops.functions import exp
from hwcheck.ops.matrix import outer
from hwcheck.ops.reductions import broadcast_to
from hwcheck.ops.shapes import broadcast, contract, same
from tests.support.finite_differences import (
    central_difference,
    disagreement,
    gradients,
    gradients_outside_slopes,
    one_sided_differences,
    weights_like,
    wrong_gradients,
)
from tests.support.op_records import Sample, called, drawn, quantities


@op(shape=same, gradients=[lambda g, y, x: -g * y * (1 - y)])
def wrong_sign(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


@op(shape=same, gradients=[lambda g, y, x: g * x])
def missing_factor(x: Array) -> Array:
    return x**2


@op(shape=same, gradients=[lambda g, y, x: g * (1 - x**2)])
def input_for_output(x: Array) -> Array:
    return np.tanh(x)


@op(shape=same, gradients=[lambda g, y, x: y])
def arriving_gradient_forgotten(x: Array) -> Array:
    return np.exp(x)


@op(shape=same, gradients=[lambda g, y, x: g])
def mask_forgotten(x: Array) -> Array:
    return np.maximum(x, 0.0)


@op(shape=same, gradients=[None])
def rule_that_says_zero(x: Array) -> Array:
    return 3 * x


@op(shape=same, gradients=[lambda g, y, x: 1.000001 * g * y])
def nearly_right(x: Array) -> Array:
    return np.exp(x)


@op(shape=same, gradients=[lambda g, y, x, axis: g * y * (1 - y)])
def diagonal_only(x: Array, axis: Axis = -1) -> Array:
    e: Array = np.exp(x)
    result: Array = e / np.sum(e, axis=axis, keepdims=True)
    return result


def product(a: Array, b: Array) -> Array:
    result: Array = np.matmul(a, b[..., np.newaxis])[..., 0]
    return result


@op(shape=contract, gradients=[lambda g, y, a, b: outer(b, g), lambda g, y, a, b: a.T @ g])
def transposed(a: Array, b: Array) -> Array:
    return product(a, b)


@op(shape=contract, gradients=[lambda g, y, a, b: outer(g, b), lambda g, y, a, b: a @ g])
def transpose_forgotten(a: Array, b: Array) -> Array:
    return product(a, b)


@op(shape=broadcast("a", "b"), gradients=[lambda g, y, a, b: g * b, lambda g, y, a, b: g * b], broadcasts=True)
def operands_mixed_up(a: Array, b: Array) -> Array:
    return a * b


def _reduced(x: Shape) -> Shape:
    return x[:1]


@op(shape=_reduced, gradients=[lambda g, y, x: broadcast_to(g, shape=x.shape)])
def spread_along_the_wrong_axis(x: Array) -> Array:
    result: Array = np.sum(x, axis=-1)
    return result


@op(shape=same, gradients=[lambda g, y, x: g * where(x > 0, exp(x), 1)])
def wrong_on_one_side(x: Array) -> Array:
    return np.exp(x)


WRONG: list[tuple[Op, Sample]] = [
    (wrong_sign, drawn((2, 3))),
    (missing_factor, drawn((2, 3))),
    (input_for_output, drawn((2, 3))),
    (arriving_gradient_forgotten, drawn((2, 3))),
    (mask_forgotten, drawn((2, 3))),
    (rule_that_says_zero, drawn((2, 3))),
    (nearly_right, drawn((2, 3))),
    (diagonal_only, drawn((2, 3))),
    (transposed, drawn((3, 3), (3,))),
    (transpose_forgotten, drawn((3, 3), (3,))),
    (operands_mixed_up, drawn((2, 3), (2, 3))),
    (spread_along_the_wrong_axis, drawn((3, 3))),
    (wrong_on_one_side, drawn((2, 3))),
]


def faults(wrong: Op, sample: Sample) -> list[str]:
    inputs = quantities(wrong, [x.shape for x in sample.inputs])
    y = called(wrong, inputs, sample.options)
    return wrong_gradients([y], weights_like([y]), dict(zip(inputs, sample.inputs, strict=True)))


@pytest.mark.parametrize(("wrong", "sample"), WRONG, ids=[wrong.name for wrong, _ in WRONG])
def test_a_planted_wrong_gradient_is_caught(wrong: Op, sample: Sample) -> None:
    assert faults(wrong, sample)


def test_only_the_input_with_the_wrong_rule_is_named() -> None:
    (fault,) = faults(transposed, drawn((3, 3), (3,)))
    assert fault.startswith("the gradient in a at [")
    (fault,) = faults(operands_mixed_up, drawn((2, 3), (2, 3)))
    assert fault.startswith("the gradient in b at [")


@op(shape=same, gradients=[None])
def frozen(x: Array) -> Array:
    return 3 * x**2


@op(shape=same, gradients=[lambda g, y, x: g * frozen(x)])
def right_only_once(x: Array) -> Array:
    return x**3


def test_a_right_gradient_with_a_wrong_gradient_is_caught_in_the_second_derivative() -> None:
    (x,) = quantities(right_only_once, [(2, 3)])
    numbers = {x: drawn((2, 3)).inputs[0]}
    y = right_only_once(x)
    assert wrong_gradients([y], weights_like([y]), numbers) == []
    first = gradients([y], weights_like([y]))[x]
    (fault,) = wrong_gradients([first], weights_like([first]), numbers)
    assert fault.startswith("the gradient in x at [")


def test_a_label_must_get_no_gradient() -> None:
    inputs = quantities(missing_factor, [(2,)])
    y = missing_factor(*inputs)
    numbers = {inputs[0]: np.array([1.0, 2.0])}
    assert wrong_gradients([y], weights_like([y]), numbers, inputs) == [
        "the gradient in x is discrete, but a gradient arrives at it"
    ]


def test_a_central_difference_is_the_derivative() -> None:
    """Of x0**3 * x1 + x1**2 by hand, the gradient is [3 * x0**2 * x1, x0**3 + 2 * x1]."""
    found = central_difference(lambda x: float(x[0] ** 3 * x[1] + x[1] ** 2), np.array([2.0, 5.0]))
    np.testing.assert_allclose(found, [60, 18], rtol=1e-10)


def test_one_sided_differences_are_the_slopes_on_either_side() -> None:
    """Of abs(x0) + x0 + max(x1, 3)**2: at [0, 3] by hand they are [0, 0] and [2, 6], at [1, 4] [2, 8] twice."""

    def function(x: Array) -> float:
        return float(abs(x[0]) + x[0] + max(x[1], 3.0) ** 2)

    left, right = one_sided_differences(function, np.array([0.0, 3.0]))
    np.testing.assert_allclose([left, right], [[0, 0], [2, 6]], atol=1e-8)
    left, right = one_sided_differences(function, np.array([1.0, 4.0]))
    np.testing.assert_allclose([left, right], [[2, 8], [2, 8]], atol=1e-8)


@op(shape=same, gradients=[lambda g, y, x: g * where(x > 0, 1, 0.5 * (x >= 0))])
def half_at_the_kink(x: Array) -> Array:
    return np.maximum(x, 0.0)


@op(shape=same, gradients=[lambda g, y, x: g * where(x > 0, 1, 1.01 * (x >= 0))])
def too_steep_at_the_kink(x: Array) -> Array:
    return np.maximum(x, 0.0)


@pytest.mark.parametrize(
    ("tried", "at", "caught"),
    [
        (half_at_the_kink, [-2.0, 0.0, 3.0], False),
        (too_steep_at_the_kink, [-2.0, 3.0], False),
        (too_steep_at_the_kink, [-2.0, 0.0, 3.0], True),
        (mask_forgotten, [0.0, 3.0], False),
        (mask_forgotten, [-2.0, 3.0], True),
        (wrong_sign, [0.0], True),
        (missing_factor, [0.0, 2.0], True),
    ],
)
def test_a_gradient_must_lie_between_the_slopes_on_either_side(tried: Op, at: list[float], caught: bool) -> None:
    (x,) = quantities(tried, [(len(at),)])
    found = gradients_outside_slopes(tried(x), np.array([1.0, -2.0, 3.0][: len(at)]), {x: np.array(at)})
    assert bool(found) == caught
    assert gradients_outside_slopes(tried(x), np.ones(len(at)), {x: np.array(at)}, {x}) == []


@pytest.mark.parametrize(
    ("derived", "measured", "told"),
    [
        ([1.0, 2.0], [1.0, 2.0 + 2e-8], ""),
        ([1.0, 2.0], [1.0, 2.0 + 4e-8], "at [1] is 2, measured 2.00000004"),
        ([1.0, 2.0], [1.5, 2.1], "at [0] is 1, measured 1.5"),
        ([0.0], [0.9e-8], ""),
        ([0.0], [1.1e-8], "at [0] is 0, measured 1.1e-08"),
        ([1.0, np.nan], [1.0, 2.0], "at [1] is nan, measured 2"),
        ([1.0], [np.inf], "at [0] is 1, measured inf"),
        ([1.0], [1.0, 2.0], "has shape (1,), measured (2,)"),
    ],
)
def test_the_rule_of_agreement(derived: list[float], measured: list[float], told: str) -> None:
    assert disagreement(np.array(derived), np.array(measured)) == told
