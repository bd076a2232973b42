"""The sizes of one convolution, worked out once."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple, TypeAlias

__all__ = ["Geometry", "Lengths", "Sides", "geometry"]

Lengths: TypeAlias = tuple[int, ...]
Sides: TypeAlias = tuple[tuple[int, int], ...]

MATRIX_ENTRIES = 1 << 12  # the largest M that is worth its zeros: 32 KiB, what the fastest cache holds


class Geometry(NamedTuple):
    """The sizes of one correlation. Every tuple of lengths is (rows, columns), or as many as there are axes."""

    channels: int
    filters: int
    groups: int
    size: Lengths  # of the image
    kernel: Lengths
    output: Lengths
    stride: Lengths
    dilation: Lengths
    corner: Lengths  # where the image begins on its canvas
    canvas: Lengths  # the image and its padding
    taps: int  # how many entries of the image one entry of the output sees
    small: bool  # the matrix serves; else, and where the sheets have kernels of their own, the columns


@lru_cache(maxsize=256)
def geometry(
    channels: int,
    filters: int,
    size: Lengths,
    kernel: Lengths,
    output: Lengths | None,
    stride: Lengths,
    padding: Sides,
    dilation: Lengths,
    groups: int,
) -> Geometry:
    """The sizes of one correlation; an output of None is as large as the image allows."""
    canvas = tuple(length + before + behind for length, (before, behind) in zip(size, padding, strict=True))
    corner = tuple(before for before, _ in padding)
    if output is None:
        output = tuple(
            (length - gap * (taps - 1) - 1) // step + 1
            for length, taps, step, gap in zip(canvas, kernel, stride, dilation, strict=True)
        )
    taps = channels // groups * math.prod(kernel)
    small = channels * math.prod(size) * filters * math.prod(output) <= MATRIX_ENTRIES
    return Geometry(channels, filters, groups, size, kernel, output, stride, dilation, corner, canvas, taps, small)
