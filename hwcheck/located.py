"""A file's content as a tree in which every value knows where it stands.

YAML and JSON are both read into these three kinds. A scalar stays the text that was written:
what ``1e-3``, ``no`` or ``0777`` means is for the reader of that field to say, never for the format.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from hwcheck.errors import Location

__all__ = ["Block", "List", "Located", "Map", "Scalar", "kind"]


class Scalar(NamedTuple):
    """One word, number or text, as written; ``quoted`` tells ``"1"`` from ``1``."""

    text: str
    location: Location
    quoted: bool = False


class Block(Scalar):
    """A text whose lines are lines of the file, all indented alike: its location is where its first line begins."""

    @property
    def margin(self) -> int:
        """By how much its lines are indented in the file."""
        return self.location.column - 1


class List(NamedTuple):
    """A list of values."""

    items: tuple[Located, ...]
    location: Location


class Map(NamedTuple):
    """Keys and their values, in the order of the file. No key stands twice: the reader refuses that."""

    entries: tuple[tuple[Scalar, Located], ...]
    location: Location

    def get(self, key: str) -> Located | None:
        """The value at a key, or None."""
        for name, value in self.entries:
            if name.text == key:
                return value
        return None


Located: TypeAlias = Scalar | List | Map


def kind(value: Located) -> str:
    """What a reader of the file would call the value: for messages."""
    if isinstance(value, Scalar):
        return f"the text {value.text!r}" if value.text else "nothing"
    return "a list" if isinstance(value, List) else "a mapping"
