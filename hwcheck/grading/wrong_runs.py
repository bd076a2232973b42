"""Wrong steps ready to be run: every misconception in every step of a problem, each made once."""

from __future__ import annotations

from hwcheck.grading.carry import Walk
from hwcheck.grading.steps import Step
from hwcheck.graph.node import Quantity
from hwcheck.misconceptions.catalogue import WrongStep, wrong_steps

__all__ = ["WrongRun", "WrongRuns"]

WrongRun = tuple[WrongStep, Step]


class WrongRuns:
    """The wrong steps of a problem; those of a quantity are made when they are first asked for."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._made: dict[Quantity, tuple[WrongRun, ...]] = {}

    def of(self, place: Quantity) -> tuple[WrongRun, ...]:
        """Every wrong step that computes a quantity, over the same parents as the right one where it can be."""
        if place not in self._made:
            self._made[place] = tuple(
                (wrong, self._walk.made.instead(place, wrong.body)) for wrong in wrong_steps(self._walk.problem, place)
            )
        return self._made[place]
