"""Bounds of options that several families share. Each refuses infinity and NaN, too."""

from __future__ import annotations

import math

from hwcheck.graph.op import Misfit

__all__ = ["require_between", "require_from", "require_positive", "require_share"]


def require_positive(**options: float) -> None:
    """Refuse options that are no positive number."""
    for name, value in options.items():
        if not 0 < value < math.inf:
            raise Misfit(f"{name} must be a positive number, but is {value:g}")


def require_from(low: float, **options: float) -> None:
    """Refuse options below a number."""
    for name, value in options.items():
        if not low <= value < math.inf:
            raise Misfit(f"{name} must be at least {low:g}, but is {value:g}")


def require_between(low: float, high: float, **options: float) -> None:
    """Refuse options outside of two numbers, which are fine themselves."""
    for name, value in options.items():
        if not low <= value <= high:
            raise Misfit(f"{name} must be from {low:g} to {high:g}, but is {value:g}")


def require_share(**options: float) -> None:
    """Refuse options that are no share of which something is left: 1 would leave nothing."""
    for name, value in options.items():
        if not 0 <= value < 1:
            raise Misfit(f"{name} must be from 0 to below 1, but is {value:g}")
