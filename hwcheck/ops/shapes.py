"""Shape rules that several families share. Each raises Misfit with the rule and both numbers."""

from __future__ import annotations

from collections.abc import Callable

from hwcheck.graph.node import Node, Shape
from hwcheck.graph.op import Misfit
from hwcheck.graph.options import spell_shape

__all__ = ["broadcast", "contract", "require_axes", "require_rank", "require_same", "require_shape", "same"]


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


def require_axes(name: str, shape: Shape, least: int, meaning: str) -> None:
    """Refuse an array with fewer axes; ``meaning`` says what the axes are."""
    if len(shape) < least:
        raise Misfit(
            f"{{{name}}} must have {least} axes or more ({meaning}), but has {len(shape)} ({spell_shape(shape)})"
        )


def require_shape(name: str, node: Node | None, wanted: Shape, why: str) -> None:
    """Refuse an array of another shape than its place asks for; one that is left out is fine."""
    if node is not None and node.shape != wanted:
        raise Misfit(f"{{{name}}} must be {spell_shape(wanted)} ({why}), but is {spell_shape(node.shape)}")


def require_same(**nodes: Node | None) -> None:
    """Refuse arrays of another shape than the first: broadcasting would join what does not belong together."""
    (first, one), *others = nodes.items()
    for name, other in others:
        if one is not None and other is not None and one.shape != other.shape:
            raise Misfit(f"{{{first}}} is {spell_shape(one.shape)}, but {{{name}}} is {spell_shape(other.shape)}")
