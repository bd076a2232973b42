"""Gradients that are twice as large as they should be, or half as large, for no reason that the formula shows."""

from __future__ import annotations

from collections.abc import Iterator

from hwcheck.graph.node import Quantity
from hwcheck.misconceptions.catalogue import gradient_of, is_gradient
from hwcheck.misconceptions.misconception import Instead, Place, misconception

HALF = 0.5


@misconception(of="quantity", rare=True)
def gradient_off_by_a_factor_of_two(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """All entries of the gradient are twice as large as they should be, or half as large.

    Why it is wrong: a 2 comes from the derivative of a square and a 1/2 from a factor of the loss: each belongs into
    the gradients once, and only where the formula has the square or the factor.
    How to see it: divide one entry by the right one: the ratio is 2, or 1/2, in every entry.
    """
    named = place.problem.quantities.get(quantity.name, quantity)
    if quantity.body is not None and (is_gradient(place.problem, quantity) or gradient_of(place.problem, named)):
        yield Instead(2 * quantity.body, "2")
        yield Instead(HALF * quantity.body, "1/2")
