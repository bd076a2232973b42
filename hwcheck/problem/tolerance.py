"""Reading a tolerance."""

from __future__ import annotations

from typing import Any

from hwcheck.located import Located, Map
from hwcheck.problem.fields import Fields
from hwcheck.problem.model import Tolerance

__all__ = ["read_tolerance"]


def read_tolerance(value: Located | None, fields: Fields, default: Tolerance) -> Tolerance:
    """``{decimals: 3}``, ``{sigfigs: 4}``, ``{abs: .., rel: ..}`` or several; each must allow something."""
    if value is None:
        return default
    given = fields.known(value, ("abs", "rel", "decimals", "sigfigs"), "tolerance")
    if not given:
        if isinstance(value, Map):
            fields.fault(value.location, "tolerance needs at least one of abs, rel, decimals, sigfigs")
        return default
    rules: dict[str, Any] = {}
    for key, item in given.items():
        if key in ("abs", "rel"):
            number = fields.number(item, f"tolerance's {key}")
            if number is not None and number <= 0:
                fields.fault(item.location, f"tolerance's {key} must be greater than 0, not {number:g}")
            rules[key] = number
        else:
            rules[key] = fields.whole(item, f"tolerance's {key}", 0 if key == "decimals" else 1, 15)
    return Tolerance(**rules)
