"""All ops by every name that they can be written with: their name, their aliases, their operator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from hwcheck.catalogue import collect
from hwcheck.graph.op import Op

__all__ = ["ops"]


@cache
def ops() -> Mapping[str, Op]:
    """The ops of this folder."""
    return collect("hwcheck.ops", Op, _names)


def _names(op: Op) -> Iterator[str]:
    yield op.name
    yield from op.aliases
    if op.symbol:
        yield op.symbol
