"""How an op is declared that works entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hwcheck.graph.node import Array, Call, Node
from hwcheck.graph.op import Op, Rule, Shortcut, op
from hwcheck.ops.reductions import sum_to
from hwcheck.ops.shapes import broadcast

__all__ = ["elementwise"]


def elementwise(
    *names: str,
    gradients: Sequence[Rule],
    symbol: str = "",
    latex: str = "",
    aliases: Sequence[str] = (),
    shortcut: Callable[[Call, Callable[[Node], bool]], Shortcut | None] | None = None,
) -> Callable[[Callable[..., Array]], Op]:
    """An op that works entry by entry on operands that are broadcast.

    Where an operand was broadcast, its gradient is summed over the entries that it served.
    """

    def summed(rule: Rule, position: int) -> Rule:
        if rule is None:
            return None
        return lambda g, y, *inputs: sum_to(rule(g, y, *inputs), inputs[position].shape)

    return op(
        shape=broadcast(*names),
        gradients=[summed(rule, position) for position, rule in enumerate(gradients)],
        symbol=symbol,
        latex=latex,
        aliases=aliases,
        broadcasts=True,
        shortcut=shortcut,
    )
