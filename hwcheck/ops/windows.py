"""What convolution and pooling share: windows that slide along one, two or three axes, and ops that exist for each.

Sizes: Dumoulin, Visin, A guide to convolution arithmetic for deep learning (2016), relationships 6 and 14.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias, TypeVar

from hwcheck.graph.node import Shape
from hwcheck.graph.op import Misfit
from hwcheck.graph.options import Lengths, Padding, spell_shape
from hwcheck.ops.shapes import require_rank

__all__ = [
    "LAYOUTS",
    "Layout",
    "Sides",
    "check_images",
    "check_rank",
    "check_windows",
    "for_rank",
    "sides",
    "spanned",
    "widths_of",
]

Sides: TypeAlias = tuple[tuple[int, int], ...]
F = TypeVar("F", bound=Callable[..., Any])


class Layout(NamedTuple):
    """How arrays with so many axes for windows are spoken of."""

    rank: int
    axes: tuple[str, ...]  # in messages: "{x} has 5 rows"
    sizes: str  # in the ops' pages: (N, C, H, W)
    small: str  # of a kernel

    def described(self, **words: str) -> dict[str, str]:
        """The words to fill into a docstring."""
        primed = self.sizes.replace(",", "',") + "'"
        return {"sizes": self.sizes, "kernel": self.small, "out": primed, "rank": str(self.rank), **words}


LAYOUTS = {
    1: Layout(1, ("entries",), "L", "k"),
    2: Layout(2, ("rows", "columns"), "H, W", "kh, kw"),
    3: Layout(3, ("planes", "rows", "columns"), "D, H, W", "kd, kh, kw"),
}


def for_rank(layout: Layout, name: str, **words: str) -> Callable[[F], F]:
    """Make a function that of one rank, for an op that exists for windows along one, two and three axes.

    It gets the name, its docstring the words, and its options that are annotated ``Lengths`` or ``Padding`` take as
    many numbers as there are axes.
    """

    def made(function: F) -> F:
        function.__name__ = name
        function.__doc__ = (inspect.getdoc(function) or "").format(**layout.described(**words))
        for parameter, annotation in function.__annotations__.items():
            for kind in ("Lengths", "Padding"):
                annotation = annotation.replace(kind, f"{kind}{layout.rank}d")
            function.__annotations__[parameter] = annotation
        return function

    return made


def check_images(name: str, x: Shape, layout: Layout) -> None:
    """Refuse what is no image with channels, nor a batch of them."""
    require_rank(name, x, (layout.rank + 1, layout.rank + 2), f"(batch,) channels, {', '.join(layout.axes)}")


def check_rank(name: str, x: Shape, layout: Layout) -> None:
    """Refuse what has too few axes for windows to slide along; any axes may stand in front of those."""
    if len(x) < layout.rank:
        axes = ", ".join(layout.axes)
        raise Misfit(
            f"{{{name}}} must have {layout.rank} axes at least (..., {axes}), but has {len(x)} ({spell_shape(x)})"
        )


def check_windows(**options: Sequence[int]) -> None:
    """Refuse lengths below 1."""
    for name, option in options.items():
        if min(option) < 1:
            raise Misfit(f"{name} must be at least 1, but is {min(option)}")


def sides(padding: Padding, kernel: Shape, dilation: Lengths) -> Sides:
    """The zeros before and behind each axis; of an odd number 'same' puts one more behind, as PyTorch does."""
    if not isinstance(padding, str):
        given: Sides = padding
        return given
    both = [gap * (taps - 1) for gap, taps in zip(dilation, kernel, strict=True)]
    return tuple((zeros // 2, zeros - zeros // 2) for zeros in both)


def window_counts(
    name: str, layout: Layout, image: Shape, kernel: Shape, stride: Lengths, padding: Sides, dilation: Lengths
) -> list[int]:
    """How often a kernel of this name fits along each axis of x: relationship 6, with dilation."""
    counts = []
    for axis, what in enumerate(layout.axes):
        span = dilation[axis] * (kernel[axis] - 1) + 1
        length = image[axis] + padding[axis][0] + padding[axis][1]
        if span > length:
            raise Misfit(f"{name} spans {span} {what}, but {{x}} has {length}, its padding included")
        counts.append((length - span) // stride[axis] + 1)
    return counts


def spanned(image: Shape, kernel: Shape, stride: Lengths, padding: Sides, dilation: Lengths) -> list[int]:
    """The shortest image in which the kernel fits so often: relationship 14, with dilation."""
    return [
        step * (places - 1) + gap * (taps - 1) + 1 - before - behind
        for places, taps, step, (before, behind), gap in zip(image, kernel, stride, padding, dilation, strict=True)
    ]


def widths_of(around: Sides) -> list[int]:
    """Sides in the order of ``pad``, the last axis first."""
    return [width for side in reversed(around) for width in side]
