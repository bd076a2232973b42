"""Whether the misconceptions for which a problem sets credit exist."""

from __future__ import annotations

from hwcheck.errors import Fault, did_you_mean
from hwcheck.located_build import shown
from hwcheck.misconceptions.catalogue import misconceptions
from hwcheck.problem.model import Problem

__all__ = ["unknown_credits"]


def unknown_credits(problem: Problem) -> list[Fault]:
    """Each name under ``credit`` that no misconception has, at its place in the problem file."""
    if not problem.credit_places:
        return []
    known = misconceptions()
    some = f"; there are {', '.join(sorted(known)[:3])} and {len(known) - 3} more" if len(known) > 3 else ""
    return [
        Fault(place, f"there is no misconception {shown(name)}{did_you_mean(name, known) or some}")
        for name, place in problem.credit_places
        if name not in known
    ]
