"""Derivatives that are measured, not derived: gradient rules are held against them.

The central difference of fourth order is ``(f(x - 2h) - 8 f(x - h) + 8 f(x + h) - f(x + 2h)) / 12h`` (Fornberg,
Generation of finite difference formulas on arbitrarily spaced grids, 1988, table 1). Its error is h**4 / 30 times the
fifth derivative, and what rounding adds is about 1e-16 / h: with h = 2e-4 both stay below 1e-10 for functions whose
numbers, and whose scale, are of the order of 1. The rule of agreement leaves a factor of 100::

    |derived - measured| <= 1e-8 * (1 + |measured|)        entry by entry
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np

from hwcheck.graph.differentiate import adjoints
from hwcheck.graph.evaluate import Plan, evaluate
from hwcheck.graph.node import Array, Constant, Node, Quantity

__all__ = [
    "central_difference",
    "disagreement",
    "gradients",
    "gradients_outside_slopes",
    "one_sided_differences",
    "weights_like",
    "wrong_gradients",
]

STEP = 2e-4
ALLOWED = 1e-8
# A one-sided difference errs by h**2 / 3 times the third derivative, and its rounding by about 4e-16 / h.
ONE_SIDED_STEP = 1e-5
ALLOWED_BESIDE = 1e-6
STENCIL = ((-2, 1 / 12), (-1, -8 / 12), (1, 8 / 12), (2, -1 / 12))


def central_difference(function: Callable[[Array], float], x: Array) -> Array:
    """The gradient of a function from an array to a number, measured entry by entry."""
    slope = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        for steps, weight in STENCIL:
            moved = x.copy()
            moved[place] += steps * STEP
            slope[place] += weight * function(moved) / STEP
    return slope


def one_sided_differences(function: Callable[[Array], float], x: Array) -> tuple[Array, Array]:
    """The slopes of a function from an array to a number on the left and on the right of each entry.

    ``(-3 f(x) + 4 f(x + h) - f(x + 2h)) / 2h`` (Fornberg, table 3), and its mirror image with -h. At a kink the two
    differ, and a derivative that is taken there by convention lies between them.
    """
    left, right = np.zeros(x.shape), np.zeros(x.shape)
    for slope, step in ((left, -ONE_SIDED_STEP), (right, ONE_SIDED_STEP)):
        for place in np.ndindex(x.shape):
            for steps, weight in ((0, -1.5), (1, 2.0), (2, -0.5)):
                moved = x.copy()
                moved[place] += steps * step
                slope[place] += weight * function(moved) / step
    return left, right


def disagreement(derived: Array, measured: Array) -> str:
    """The entry in which two gradients differ most, where that is more than the rule allows; else nothing."""
    if derived.shape != measured.shape:
        return f"has shape {derived.shape}, measured {measured.shape}"
    with np.errstate(invalid="ignore"):
        excess = np.abs(derived - measured) - ALLOWED * (1 + np.abs(measured))
    if (excess <= 0).all():  # NaN is not
        return ""
    worst = tuple(map(int, np.unravel_index(np.argmax(excess), excess.shape)))
    return f"at {list(worst)} is {derived[worst]:.12g}, measured {measured[worst]:.12g}"


def weights_like(nodes: Sequence[Node], seed: int = 3) -> list[Array]:
    """For each node an array of random weights of its shape, from 0.5 to 1.5 with either sign."""
    generator = np.random.default_rng(seed)
    return [generator.uniform(0.5, 1.5, node.shape) * generator.choice([-1.0, 1.0], node.shape) for node in nodes]


def gradients(outputs: Sequence[Node], weights: Sequence[Array]) -> dict[Node, Node]:
    """The gradient of the weighted sum of all outputs' entries, by ``adjoints``."""
    seeds: dict[Node, Array] = {}
    for node, weight in zip(outputs, weights, strict=True):
        seeds[node] = seeds.get(node, 0.0) + weight  # two outputs may be one node
    return adjoints({node: Constant(weight) for node, weight in seeds.items()})


def wrong_gradients(
    outputs: Sequence[Node],
    weights: Sequence[Array],
    at: Mapping[Quantity, Array],
    discrete: Collection[Quantity] = (),
) -> list[str]:
    """A line for each quantity in which the gradient of the weighted sum is not what is measured at these numbers.

    No gradient may arrive at the ``discrete`` quantities: their numbers are labels, and cannot be moved a little.
    """
    numbers = {quantity: array[np.newaxis] for quantity, array in at.items()}
    plan = Plan(outputs)
    derived = gradients(outputs, weights)

    def total(moved: Mapping[Quantity, Array]) -> float:
        results = plan.run({**numbers, **moved})
        return sum(float(np.sum(weight * value[0])) for weight, value in zip(weights, results, strict=True))

    faults = []
    for quantity, x in at.items():
        if quantity in discrete:
            fault = "is discrete, but a gradient arrives at it" if quantity in derived else ""
        else:
            measured = central_difference(lambda moved, q=quantity: total({q: moved[np.newaxis]}), x)  # type: ignore[misc]
            found = evaluate([derived[quantity]], numbers)[0][0] if quantity in derived else np.zeros(x.shape)
            fault = disagreement(found, measured)
        if fault:
            faults.append(f"the gradient in {quantity.name} {fault}")
    return faults


def gradients_outside_slopes(
    output: Node, weight: Array, at: Mapping[Quantity, Array], discrete: Collection[Node] = ()
) -> list[str]:
    """A line for each quantity in which the gradient of the weighted sum is not between its one-sided differences.

    Coarser than ``wrong_gradients``, but it holds at kinks too. What no gradient arrives at is not looked at: a step
    function may jump there.
    """
    numbers = {quantity: array[np.newaxis] for quantity, array in at.items()}
    plan = Plan([output])
    derived = gradients([output], [weight])

    faults = []
    for quantity, x in at.items():
        if quantity in derived and quantity not in discrete:

            def total(moved: Array, quantity: Quantity = quantity) -> float:
                return float(np.sum(weight * plan.run({**numbers, quantity: moved[np.newaxis]})[0][0]))

            left, right = one_sided_differences(total, x)
            found = evaluate([derived[quantity]], numbers)[0][0]
            allowed = ALLOWED_BESIDE * (1 + np.abs(left) + np.abs(right))
            if not ((np.minimum(left, right) - allowed <= found) & (found <= np.maximum(left, right) + allowed)).all():
                faults.append(f"the gradient in {quantity.name} is {found}, the slopes are {left} and {right}")
    return faults
