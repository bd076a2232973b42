"""Shape rules that several families share. Each raises Misfit with the rule and both numbers."""

from __future__ import annotations

from collections.abc import Callable

from hwcheck.graph.node import Shape
from hwcheck.graph.op import Misfit
from hwcheck.graph.options import spell_shape

__all__ = ["broadcast", "contract", "require_rank", "same"]


def same(x: Shape, **options: object) -> Shape:
    """The shape of the input."""
    return x


def broadcast(*names: str) -> Callable[..., Shape]:
    """NumPy's broadcasting: shapes are compared from their last axis on; a length of 1, or no axis, fits any."""

    def rule(*shapes: Shape) -> Shape:
        rank = max(map(len, shapes))
        result = [1] * rank
        owner = [0] * rank
        for which, shape in enumerate(shapes):
            for back in range(1, len(shape) + 1):
                length = shape[-back]
                if length == 1 or length == result[-back]:
                    continue
                if result[-back] != 1:
                    first = owner[-back]
                    raise Misfit(
                        f"axis {len(shapes[first]) - back} of {{{names[first]}}} is {result[-back]}, "
                        f"but axis {len(shape) - back} of {{{names[which]}}} is {length} "
                        f"({spell_shape(shapes[first])} against {spell_shape(shape)})"
                    )
                result[-back] = length
                owner[-back] = which
        return tuple(result)

    return rule


def contract(a: Shape, b: Shape, first: str = "a", second: str = "b") -> Shape:
    """NumPy's ``@``: the last axis of a meets the last but one of b, or its only one."""
    if not a or not b:
        raise Misfit(f"@ needs two arrays, but {{{second if a else first}}} is a single number: use *")
    inner = len(b) - 2 if len(b) > 1 else 0
    if a[-1] != b[inner]:
        raise Misfit(f"axis {len(a) - 1} of {{{first}}} is {a[-1]}, but axis {inner} of {{{second}}} is {b[inner]}")
    stacked = broadcast(first, second)(a[:-2], b[:-2])
    return stacked + a[-2:-1] + (b[-1:] if len(b) > 1 else ())


def require_rank(name: str, shape: Shape, ranks: tuple[int, ...], meaning: str) -> None:
    """Refuse an array with another number of axes; ``meaning`` says what the axes are."""
    if len(shape) not in ranks:
        wanted = " or ".join(map(str, ranks))
        raise Misfit(f"{{{name}}} must have {wanted} axes ({meaning}), but has {len(shape)} ({spell_shape(shape)})")
