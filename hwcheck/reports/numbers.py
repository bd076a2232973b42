"""Numbers and arrays as a reader wants to see them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from hwcheck.graph.node import Array
from hwcheck.problem.model import Tolerance
from hwcheck.reports.blocks import Line, Span, line

__all__ = ["Digits", "array_lines", "index_text"]

Marking = Callable[[tuple[int, ...]], tuple[str, str]]
GAP = "  "


class Digits(NamedTuple):
    """How many digits are shown: ``decimals``, or where that is None ``sigfigs``."""

    decimals: int | None = None
    sigfigs: int = 4

    @classmethod
    def of(cls, tolerance: Tolerance) -> Digits:
        """The digits to which a problem is worked."""
        if tolerance.decimals is not None:
            return cls(decimals=tolerance.decimals)
        return cls(sigfigs=tolerance.sigfigs or 4)

    def text(self, value: float) -> str:
        """One number. What is not 0 never looks like 0: it is shown in scientific notation instead."""
        if not math.isfinite(value):
            return "-" if math.isnan(value) else "inf" if value > 0 else "-inf"
        if value == 0:
            return f"{0.0:.{self.decimals}f}" if self.decimals is not None else "0"
        if self.decimals is None:
            return f"{value:#.{self.sigfigs}g}".rstrip(".")
        text = f"{value:.{self.decimals}f}"
        return text if float(text) else f"{value:.1e}"


def index_text(name: str, index: Sequence[int]) -> str:
    """``h1[0, 1]``, or the name alone where there is nothing to index."""
    return f"{name}[{', '.join(map(str, index))}]" if index else name


def _unmarked(index: tuple[int, ...]) -> tuple[str, str]:  # noqa: ARG001
    return "", ""


def array_lines(
    name: str,
    array: Array,
    digits: Digits,
    width: int,
    *,
    most: int | None = None,
    advice: str = "",
    marking: Marking = _unmarked,
) -> tuple[Line, ...]:
    """An array as lines: matrices as matrices, each further one under its index (``h1[0]``, the first channel).

    ``marking`` gives for an index a sign to put behind the number and a meaning. An array of more than ``most`` lines
    is folded, with ``advice`` on how to see it all; a row that is too wide goes on in the next line.
    """
    if array.ndim == 0:
        sign, meaning = marking(())
        return (line(digits.text(float(array)) + sign, meaning),)
    texts = {index: digits.text(float(array[index])) for index in np.ndindex(array.shape)}
    marks = {index: marking(index) for index in texts}
    wide = max(len(text) for text in texts.values())
    behind = max(len(sign) for sign, _ in marks.values())
    per_line = max(1, (width + len(GAP)) // (wide + behind + len(GAP)))
    lines: list[Line] = []
    for outer in np.ndindex(array.shape[:-2]):
        if outer:
            lines.append(line(index_text(name, outer), "name"))
        for row in itertools.product(*(range(n) for n in array.shape[len(outer) : -1])):
            places = [outer + row + (i,) for i in range(array.shape[-1])]
            cells = [Span(texts[at].rjust(wide) + marks[at][0].ljust(behind), marks[at][1]) for at in places]
            lines += _wrapped(cells, per_line)
    return tuple(lines if most is None else _folded(lines, most, f"of {array.size} entries{advice}"))


def _wrapped(cells: list[Span], per_line: int) -> Iterator[Line]:
    """A row over as many lines as it needs; a continued one is set in."""
    for begin in range(0, len(cells), per_line):
        spans: list[Span] = []
        for cell in cells[begin : begin + per_line]:
            spans += [Span(GAP), cell] if spans else [cell]
        yield tuple(spans)


def _folded(lines: list[Line], most: int, told: str) -> list[Line]:
    if len(lines) <= most + 2:
        return lines
    return [*lines[:most], line(f"... {len(lines) - most} more lines {told}", "faint")]
