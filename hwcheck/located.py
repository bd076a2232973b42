"""A file's content as a tree in which every value knows where it stands.

YAML and JSON are both read into these three kinds. A scalar stays the text that was written:
what ``1e-3``, ``no`` or ``0777`` means is for the reader of that field to say, never for the format.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol, TypeAlias

from hwcheck.errors import Location

__all__ = ["Block", "List", "Located", "Map", "Scalar", "Written", "kind", "scalars"]


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


class Written(Protocol):
    """A list that is still the text that was written, known to be a whole array of words without quotes."""

    @property
    def shape(self) -> tuple[int, ...]:
        """How many items its lists have, from the outer one on; each is at least 1, and so is their number."""

    def words(self) -> list[str]:
        """The texts of all its cells, row by row."""

    def items(self) -> tuple[Located, ...]:
        """The items of the outer list, all with their places."""


class List:
    """A list of values; it never changes.

    It is given its items, or what it is ``written`` as: then its items are built when they are first looked at, which
    most readers of plain numbers never do.
    """

    __slots__ = ("_items", "location", "written")

    def __init__(self, items: tuple[Located, ...] | None, location: Location, written: Written | None = None) -> None:
        self._items = items
        self.location = location
        self.written = written

    @property
    def items(self) -> tuple[Located, ...]:
        """The values in the list."""
        if self._items is None:
            self._items = self.written.items() if self.written else ()
        return self._items

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, List):
            return NotImplemented
        return self.location == other.location and self.items == other.items

    def __hash__(self) -> int:
        return hash((self.items, self.location))

    def __repr__(self) -> str:
        return f"List({self.items!r}, {self.location!r})"


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


def scalars(value: Located) -> Iterator[Scalar]:
    """The scalars of a value and of the lists in it, in order. As deep as it nests."""
    if isinstance(value, Scalar):
        yield value
    elif isinstance(value, List):
        for item in value.items:
            yield from scalars(item)


def kind(value: Located) -> str:
    """What a reader of the file would call the value: for messages."""
    if isinstance(value, Scalar):
        return f"the text {value.text!r}" if value.text else "nothing"
    return "a list" if isinstance(value, List) else "a mapping"
