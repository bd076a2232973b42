"""What convolution and pooling share: windows that slide along one, two or three axes, and ops that exist for each.

Sizes: Dumoulin, Visin, A guide to convolution arithmetic for deep learning (2016), relationships 6 and 14.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from functools import partial, update_wrapper
from typing import Any, NamedTuple, TypeAlias, cast

from hwcheck.graph.node import Shape
from hwcheck.graph.op import Misfit, Op, composite, op
from hwcheck.graph.options import Lengths, Padding, spell_shape
from hwcheck.ops.bounds import require_from
from hwcheck.ops.shapes import require_rank

__all__ = [
    "LAYOUTS",
    "Layout",
    "Sides",
    "check_images",
    "check_rank",
    "check_windows",
    "composite_in_ranks",
    "op_in_ranks",
    "sides",
    "spanned",
    "widths_of",
    "window_counts",
]

Sides: TypeAlias = tuple[tuple[int, int], ...]
Declaration: TypeAlias = Callable[[Callable[..., Any]], tuple[Op, Op, Op]]


class Layout(NamedTuple):
    """How arrays with so many axes for windows are spoken of."""

    rank: int
    axes: tuple[str, ...]  # in messages: "{x} has 5 rows"
    sizes: str  # in the ops' pages: (N, C, H, W)
    out: str  # of a result
    kernel: str


LAYOUTS = (
    Layout(1, ("entries",), "L", "L'", "k"),
    Layout(2, ("rows", "columns"), "H, W", "H', W'", "kh, kw"),
    Layout(3, ("planes", "rows", "columns"), "D, H, W", "D', H', W'", "kd, kh, kw"),
)


def op_in_ranks(*, name: str, examples: Sequence[str], shape: Callable[..., Shape], **settings: Any) -> Declaration:
    """Declare an op three times, for windows along one, two and three axes: ``conv{rank}d``.

    The functions for its value and its shape take the layout first. In the docstring the layout's words and the
    example stand in braces, and an option that is annotated ``Lengths`` or ``Padding`` takes as many numbers as there
    are axes.
    """

    def declare(value: Callable[..., Any]) -> tuple[Op, Op, Op]:
        def of_rank(layout: Layout, example: str) -> Op:
            settled = op(name=name.format(rank=layout.rank), shape=partial(shape, layout), **settings)
            return settled(_for_layout(value, layout, example))

        return _three(of_rank, examples)

    return declare


def composite_in_ranks(*, name: str, examples: Sequence[str]) -> Declaration:
    """Declare a composite op three times, likewise."""

    def declare(expand: Callable[..., Any]) -> tuple[Op, Op, Op]:
        def of_rank(layout: Layout, example: str) -> Op:
            return composite(name=name.format(rank=layout.rank))(_for_layout(expand, layout, example))

        return _three(of_rank, examples)

    return declare


def _three(of_rank: Callable[[Layout, str], Op], examples: Sequence[str]) -> tuple[Op, Op, Op]:
    one, two, three = map(of_rank, LAYOUTS, examples)
    return one, two, three


def _for_layout(function: Callable[..., Any], layout: Layout, example: str) -> Callable[..., Any]:
    """The function with its first argument settled, and what is read from it to match."""
    _, *parameters = inspect.signature(function).parameters.values()
    settled = [
        parameter.replace(annotation=re.sub("(Lengths|Padding)", rf"\g<1>{layout.rank}d", parameter.annotation))
        for parameter in parameters
    ]
    made: Any = update_wrapper(partial(function, layout), function)
    made.__doc__ = (inspect.getdoc(function) or "").format(**layout._asdict(), example=example)
    made.__signature__ = inspect.Signature(settled)
    return cast("Callable[..., Any]", made)


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


def check_windows(padding: Padding = 0, **options: Sequence[int]) -> None:
    """Refuse lengths below 1, and steps of more than 1 where the result is to keep the size."""
    for name, option in options.items():
        require_from(1, **{name: min(option)})
    if padding == "same" and max(options["stride"]) > 1:
        raise Misfit(f"padding='same' needs a stride of 1, not {max(options['stride'])}")


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
