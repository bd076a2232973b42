"""Located trees as plain values, for comparison."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hwcheck.located import List, Located, Map, Scalar

__all__ = ["plain", "scalars"]


def plain(value: Located | None) -> Any:
    """The tree as Python's lists and dicts of text."""
    if isinstance(value, List):
        return [plain(item) for item in value.items]
    if isinstance(value, Map):
        return {key.text: plain(item) for key, item in value.entries}
    return value.text if value else None


def scalars(value: Located) -> Iterator[Scalar]:
    """All scalars of a tree, keys included."""
    if isinstance(value, Scalar):
        yield value
    elif isinstance(value, List):
        for item in value.items:
            yield from scalars(item)
    else:
        for key, item in value.entries:
            yield key
            yield from scalars(item)
