"""To which digits a student works, and how the numbers look on the sheet."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np

__all__ = ["CONFIGURATIONS", "Digits", "Numbers"]

Numbers: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

# 0.29 * 100 is a little less than 29 in binary, and 0.49 / (1 - 0.99) than 49: no calculator shows that.
NUDGE, RELATIVE = 1e-9, 1e-12


class Digits(NamedTuple):
    """``decimals`` or ``sigfigs``, and how many."""

    kind: str
    many: int

    def __str__(self) -> str:
        return f"{self.many} {self.kind}"

    @property
    def tolerance(self) -> str:
        """As the line of a problem file says it."""
        return f"{{{self.kind}: {self.many}}}"

    def units(self, values: Numbers) -> Numbers:
        """One unit of the last place of each value; that of a 0 to significant figures is 0."""
        if self.kind == "decimals":
            return np.full(values.shape, 10.0**-self.many)
        size = np.abs(values)
        exponent = np.floor(np.log10(size, where=size > 0, out=np.zeros(size.shape)) + 1e-12)
        units: Numbers = np.where(size > 0, 10.0 ** (exponent - self.many + 1), 0.0)
        return units

    def rounded(self, values: Numbers) -> Numbers:
        """To the nearest, half a unit away from 0, as taught at school."""
        return self._to_units(values, 0.5)

    def cut(self, values: Numbers) -> Numbers:
        """Cut off towards 0."""
        return self._to_units(values, 0.0)

    def _to_units(self, values: Numbers, more: float) -> Numbers:
        units = self.units(values)
        steps = np.divide(np.abs(values), units, where=units > 0, out=np.zeros(values.shape))
        result: Numbers = np.sign(values) * np.floor(steps * (1 + RELATIVE) + more + NUDGE) * units
        return result

    def text(self, value: float, zeros: bool = True) -> str:
        """The written number; without ``zeros`` those at its end are left out, and -0 is 0."""
        places = self.many
        if self.kind == "sigfigs":
            exponent = int(np.floor(np.log10(abs(value)) + 1e-12)) if value else 0
            places = max(self.many - 1 - exponent, 0)
        text = f"{value:.{places}f}"
        if zeros:
            return text
        short = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if short in ("-0", "") else short


CONFIGURATIONS = tuple(Digits("decimals", n) for n in range(2, 7)) + tuple(Digits("sigfigs", n) for n in range(3, 6))
