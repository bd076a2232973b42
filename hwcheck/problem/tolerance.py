"""Reading a tolerance."""

from __future__ import annotations

from typing import Any

from hwcheck.located import Located, Map
from hwcheck.problem.fields import Fields
from hwcheck.problem.model import Tolerance

__all__ = ["read_tolerance"]

RULES = ("abs", "rel", "decimals", "sigfigs")
KEYS = (*RULES, "rounding")
ROUNDINGS = ("any", "nearest")


def read_tolerance(value: Located | None, fields: Fields, default: Tolerance) -> Tolerance:
    """``{decimals: 3}``, ``{sigfigs: 4}``, ``{abs: .., rel: ..}`` or several; each must allow something.

    Rules that are stated replace those of the default. Its ``rounding`` stays until another is stated.
    """
    if value is None:
        return default
    given = fields.known(value, KEYS, "tolerance", "decimals: 3")
    if isinstance(value, Map) and not value.entries:
        fields.fault(value.location, f"tolerance needs at least one of {', '.join(RULES)}; or leave the key out")
    rules: dict[str, Any] = {key: _read_rule(key, given[key], fields) for key in RULES if key in given}
    tolerance = Tolerance(**rules, rounding=default.rounding) if rules else default
    if "rounding" in given:
        rounding = fields.choice(given["rounding"], "tolerance's rounding", ROUNDINGS)
        tolerance = tolerance._replace(rounding=rounding or default.rounding)
        if not tolerance.asks_digits:
            rule = "rounding says how the last digit is found, but no number of digits is stated"
            fields.fault(given["rounding"].location, f"{rule}; add one, such as decimals: 3, or delete rounding")
    return tolerance


def _read_rule(key: str, item: Located, fields: Fields) -> float | None:
    """One rule; a number that allows nothing or everything is a fault."""
    if key in ("decimals", "sigfigs"):
        return fields.whole(item, f"tolerance's {key}", 0 if key == "decimals" else 1, 15)
    number = fields.number(item, f"tolerance's {key}")
    if number is not None and number <= 0:
        rule = f"tolerance's {key} must be greater than 0, not {number:g}"
        fields.fault(item.location, f"{rule}; state the largest difference that is still right")
    elif number is not None and key == "rel" and number >= 1:
        rule = f"tolerance's rel must be below 1, not {number:g}: every answer of 0 would be right"
        fields.fault(item.location, f"{rule}; one percent is rel: 0.01")
    return number
