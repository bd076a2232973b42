"""Arrays that stay text: their form is checked at once, their items and places are made when they are asked for.

An array is lists within lists, as long as one another, of words without quotes. *Compact* is an array on one line,
with no space around a bracket or a comma: ``[[0.5,1/3],[_,- 2]]``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from hwcheck.errors import Location
from hwcheck.located import List, Located, Scalar

__all__ = ["Unfilled", "WrittenArray", "fill", "shape_of"]

# In such a word stands, or with such a sign begins, what may be more to a format than a word.
_DOUBTFUL = re.compile(r"""[\\?:#{}"'&!|%@`]|(?<=[\[,])(?:[*>]|- )|-(?=[,\]])""")
_WORDS = b"0123456789.eE+-_[],\n"
_BUT_MARKS = bytes(sign for sign in range(256) if sign not in b"[],\n")
# What no array has around its brackets, commas and dashes. Each begins with one sign, which is found fast.
_NO_ARRAY = tuple(
    re.compile(pattern).search
    for pattern in (rb"\[(?:[\],\n]|(?<![\[,\n]\[))", rb"\][^\],\n]", rb",[,\]\n]", rb"-[,\]\n]")
)
_SPACED = re.compile(r" *([\[\],]) *")
_TOKEN = re.compile(r"(\n)|(#[^\n]*)|(\[)|(\])|(-(?= ))|([^ \n,\[\]#][^\n,\[\]#]*)")
_LINE_END, _COMMENT, _OPENING, _CLOSING, _DASH, _WORD = range(1, 7)
_DEEPEST = 20
_REMEMBERED = 500  # characters of a skeleton


def _compact(written: str) -> str:
    """Arrays, one a line, without the spaces around words and brackets."""
    spaces = written.count(" ")
    if spaces == written.count(", "):  # all of them behind a comma: to leave them out is faster than to replace
        return written.encode().translate(None, b" ").decode() if spaces else written
    return "\n".join([_SPACED.sub(r"\1", each) if " " in each else each for each in written.split("\n")])


def _shapes(arrays: str) -> list[tuple[int, ...]] | None:
    """The shapes of compact arrays, one a line; None where one of them is no array or may be something else."""
    data = b"\n%b\n" % arrays.encode()
    if data.translate(None, _WORDS) and _DOUBTFUL.search(arrays):
        return None
    for found in _NO_ARRAY:
        if found(data):
            return None
    shapes = []
    for skeleton in data.translate(None, _BUT_MARKS).decode().split("\n")[1:-1]:
        shape = _shape(skeleton) if len(skeleton) <= _REMEMBERED else _shape.__wrapped__(skeleton)
        if shape is None:
            return None
        shapes.append(shape)
    return shapes


@lru_cache(maxsize=128)  # the sheets of a class have the same arrays
def _shape(skeleton: str) -> tuple[int, ...] | None:
    """The shape of an array, of which the brackets and commas are left; None where it is none.

    The first list at each depth tells how long all of them are; an array of that shape has one skeleton.
    """
    depth = len(skeleton) - len(skeleton.lstrip("["))
    length = skeleton.find("]") - depth + 1
    if not 0 < depth <= _DEEPEST:
        return None
    shape, whole = [length], f"[{',' * (length - 1)}]"
    for inner in range(2, depth + 1):
        end = skeleton.find("]" * inner) + 2 * inner - depth
        length = (end - 1) // (len(whole) + 1)
        whole = f"[{(whole + ',') * (length - 1)}{whole}]"
        shape.append(length)
        if len(whole) > len(skeleton):
            return None
    shape.reverse()
    return tuple(shape) if whole == skeleton else None


def shape_of(written: str, deepest: int) -> tuple[int, ...] | None:
    """The shape of an array on one line; None where it is none, may be something else, or nests deeper than that."""
    shapes = _shapes(_compact(written))
    return shapes[0] if shapes and len(shapes[0]) <= deepest else None


Unfilled: TypeAlias = "tuple[List, int, int]"
"""A list that will be an array, and from where to where that stands in the text."""


def fill(lists: Sequence[Unfilled], written: Sequence[str], text: str, deepest: int) -> bool:
    """Put the arrays into their lists; ``written`` has their brackets and words, each on one line.

    False where one of them is no array, may be something else, or nests deeper than so many lists.
    """
    if not lists:
        return True
    arrays = _compact("\n".join(written))
    shapes = _shapes(arrays)
    if shapes is None or max(map(len, shapes)) > deepest:
        return False
    new = tuple.__new__  # as in the reader of YAML: less work for each of them
    for (value, start, end), each, shape in zip(lists, arrays.split("\n"), shapes, strict=True):
        value.written = new(WrittenArray, (each, shape, text, start, end, value.location))
    return True


class WrittenArray(NamedTuple):
    """An array in a text, from ``start`` to ``end``, between brackets or as lines that begin with dashes.

    ``location`` is the place of its first character. It meets ``hwcheck.located.Written``.
    """

    compact: str
    shape: tuple[int, ...]
    text: str
    start: int
    end: int
    location: Location

    def words(self) -> list[str]:
        """The texts of all cells, row by row."""
        return self.compact.replace("[", "").replace("]", "").split(",")

    def items(self) -> tuple[Located, ...]:
        """The items of the outer list, with their places."""
        return _Building(self).items()


class _Building:
    """The lists of an array while they are built: those that are open, and the columns of those that have dashes."""

    def __init__(self, array: WrittenArray) -> None:
        self.array = array
        self.open: list[tuple[list[Located], Location, int]] = []

    def items(self) -> tuple[Located, ...]:
        file, line, column = self.array.location
        before_line = self.array.start - column
        done: list[Located] = []
        for token in _TOKEN.finditer(self.array.text, self.array.start, self.array.end):
            kind, start = token.lastindex, token.start()
            location = Location(file, line, start - before_line)
            if kind == _WORD:
                self.open[-1][0].append(Scalar(token.group().rstrip(" "), location))
            elif kind == _LINE_END:
                line, before_line = line + 1, start
            elif kind == _OPENING:
                self.open.append(([], location, 0))
            elif kind == _CLOSING:
                self._close(done)
            elif kind == _DASH:
                while self.open and self.open[-1][2] > location.column:
                    self._close(done)
                if not self.open or self.open[-1][2] < location.column:
                    self.open.append(([], location, location.column))
        while self.open:
            self._close(done)
        return tuple(item for root in done if isinstance(root, List) for item in root.items)

    def _close(self, done: list[Located]) -> None:
        items, location, _ = self.open.pop()
        (self.open[-1][0] if self.open else done).append(List(tuple(items), location))
