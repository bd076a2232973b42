"""Numbers and arrays as a reader wants to see them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from hwcheck.graph.node import Array, Shape
from hwcheck.problem.model import Tolerance
from hwcheck.reports.blocks import Line, Span, line
from hwcheck.reports.layout import GAP, fold

__all__ = ["Digits", "array_lines", "index_text"]

Marking = Callable[[tuple[int, ...]], tuple[str, str]]


class Digits(NamedTuple):
    """How many digits are shown: ``decimals``, or where that is None ``sigfigs``.

    ``exact`` shows as many as the number has, and no more than ``sigfigs``.
    """

    decimals: int | None = None
    sigfigs: int = 4
    exact: bool = False

    @classmethod
    def of(cls, tolerance: Tolerance) -> Digits:
        """The digits to which a problem is worked."""
        if tolerance.decimals is not None:
            return cls(decimals=tolerance.decimals)
        return cls(sigfigs=tolerance.sigfigs or 4)

    @classmethod
    def given(cls) -> Digits:
        """The digits of a number that others compute with: all that it has, and of a drawn one ten."""
        return cls(sigfigs=10, exact=True)

    def text(self, value: float) -> str:
        """One number. What is not 0 never looks like 0: it is shown in scientific notation instead."""
        if not math.isfinite(value):
            return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
        if value == 0:
            return f"{0.0:.{self.decimals}f}" if self.decimals is not None else "0"
        if self.exact:
            return f"{value:.{self.sigfigs}g}"
        if self.decimals is None:
            return f"{value:#.{self.sigfigs}g}".rstrip(".")
        text = f"{value:.{self.decimals}f}"
        return text if float(text) else f"{value:.1e}"


def index_text(name: str, index: Sequence[int], first: int = 0) -> str:
    """``h1[0, 1]``, or the name alone where there is nothing to index; the first entry has the number ``first``."""
    return f"{name}[{', '.join(str(i + first) for i in index)}]" if index else name


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
    nan: str = "nan",
    first: int = 0,
) -> tuple[Line, ...]:
    """An array as lines: matrices as matrices, each further one under its index (``h1[0]``, the first channel).

    ``marking`` gives for an index a sign to put behind the number and a meaning. An array of more than ``most`` lines
    is folded, with ``advice`` on how to see it all. A matrix that is too wide comes in blocks of columns, each as high
    as the matrix; a vector that is too wide goes on in the next line. Numbers are never cut. Entries are counted from
    ``first`` on.
    """
    texts = [nan if math.isnan(value) else digits.text(value) for value in array.reshape(-1).tolist()]
    marks = [marking(index) for index in np.ndindex(array.shape)]
    texts = _aligned(texts) if digits.exact and array.ndim > 1 else texts
    widest = max(map(len, texts))
    behind = max(len(sign) for sign, _ in marks)
    cells = [
        Span(text.rjust(widest) + sign.ljust(behind), meaning)
        for text, (sign, meaning) in zip(texts, marks, strict=True)
    ]
    if array.ndim == 0:
        return (tuple(cells),)
    per_line = max(1, (width + len(GAP)) // (widest + behind + len(GAP)))
    if array.ndim == 1:
        lines = list(_wrapped(cells, per_line))
    else:
        lines = list(_matrices(name, array.shape, cells, width, per_line, first))
    return tuple(lines if most is None else _folded(lines, most, f"of {array.size} entries{advice}", width))


def _aligned(texts: list[str]) -> list[str]:
    """Numbers of different length, filled up so that their points stand below each other when set to the right."""
    tails = [len(text.partition(".")[2]) + ("." in text) for text in texts]
    longest = max((tail for text, tail in zip(texts, tails, strict=True) if "e" not in text), default=0)
    return [text + " " * (0 if "e" in text else longest - tail) for text, tail in zip(texts, tails, strict=True)]


def _matrices(name: str, shape: Shape, cells: list[Span], width: int, per_line: int, first: int) -> Iterator[Line]:
    """Each matrix under its index, where there are several; and in blocks of columns where it is too wide."""
    rows, columns = shape[-2:]
    blocks = math.ceil(columns / per_line)
    in_block = math.ceil(columns / blocks)  # as even as may be
    for position, outer in enumerate(np.ndindex(shape[:-2])):
        if outer:
            title = index_text(name, outer, first)
            yield line(title if len(title) <= width else index_text("", outer, first), "name")
        start = position * rows * columns
        for begin in range(0, columns, in_block):
            end = min(begin + in_block, columns)
            if blocks > 1:
                last = end - 1 + first
                yield line(f"columns {begin + first}-{last}" if end - begin > 1 else f"column {last}", "faint")
            for row in range(rows):
                yield _spaced(cells[start + row * columns + begin : start + row * columns + end])


def _wrapped(cells: list[Span], per_line: int) -> Iterator[Line]:
    """A vector over as many lines as it needs."""
    for begin in range(0, len(cells), per_line):
        yield _spaced(cells[begin : begin + per_line])


def _spaced(cells: list[Span]) -> Line:
    first, *others = cells
    return (first, *itertools.chain.from_iterable((Span(GAP), cell) for cell in others))


def _folded(lines: list[Line], most: int, told: str, width: int) -> list[Line]:
    if len(lines) <= most + 2:
        return lines
    while most > 1 and lines[most - 1][0].meaning in ("name", "faint"):  # a title of what is folded away
        most -= 1
    remark = line(f"... {len(lines) - most} more lines {told}", "faint")
    return [*lines[:most], *fold(remark, width, indent="    ")]
