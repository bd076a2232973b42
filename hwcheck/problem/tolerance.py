"""Reading a tolerance."""

from __future__ import annotations

from typing import Any

from hwcheck.located import Located, Map
from hwcheck.problem.fields import Fields
from hwcheck.problem.model import Tolerance

__all__ = ["read_tolerance"]

KEYS = ("abs", "rel", "decimals", "sigfigs")


def read_tolerance(value: Located | None, fields: Fields, default: Tolerance) -> Tolerance:
    """``{decimals: 3}``, ``{sigfigs: 4}``, ``{abs: .., rel: ..}`` or several; each must allow something."""
    if value is None:
        return default
    given = fields.known(value, KEYS, "tolerance", "decimals: 3")
    if isinstance(value, Map) and not value.entries:
        fields.fault(value.location, f"tolerance needs at least one of {', '.join(KEYS)}; or leave the key out")
    rules: dict[str, Any] = {}
    for key, item in given.items():
        if key in ("abs", "rel"):
            number = fields.number(item, f"tolerance's {key}")
            if number is not None and number <= 0:
                rule = f"tolerance's {key} must be greater than 0, not {number:g}"
                fields.fault(item.location, f"{rule}; state the largest difference that is still right")
            rules[key] = number
        else:
            rules[key] = fields.whole(item, f"tolerance's {key}", 0 if key == "decimals" else 1, 15)
    return Tolerance(**rules) if rules else default
