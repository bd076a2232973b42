"""Arrays that stay text: their form is checked at once, their items and places are made when they are asked for.

An array is lists within lists, as long as one another, of words without quotes. Its *skeleton* has an ``X`` for each
word and no spaces: ``[[X,X],[X,X]]``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from hwcheck.errors import Location
from hwcheck.located import List, Located, Scalar

__all__ = ["Unfilled", "WrittenArray", "fill", "shape_of"]

# In such a word stands, or with such a sign begins, what may be more to a format than a word. A dash alone
# may have stood before a space.
_DOUBTFUL = re.compile(r"""[\\?:#{}"'&!|%@`]|(?<=[\[,])(?:[*>]|- |-+[,\]])""")
_WORD_BETWEEN = re.compile(r"[^\[\],\n]+")
# Each byte of a word becomes an x, but for those in which it may be more.
_AS_LETTERS = bytes(sign if sign in b"\n [],\\?:#{}\"'&!|%@`*>" else ord("x") for sign in range(256))
_SPACED = re.compile(r" *([\[\],]) *")
_TOKEN = re.compile(r"(\n)|(#[^\n]*)|(\[)|(\])|(-(?= ))|([^ \n,\[\]#][^\n,\[\]#]*)")
_LINE_END, _COMMENT, _OPENING, _CLOSING, _DASH, _WORD = range(1, 7)
_DEEPEST = 20
_REMEMBERED = 1000  # characters of a skeleton


def _plain_skeletons(arrays: str) -> str:
    """The skeletons of arrays, one a line; nothing where spaces stand elsewhere than behind a comma.

    All of it runs over the bytes in C: ``title`` makes a capital of the first letter of each word, and the small ones
    are left out. That takes a third of the time of patterns that look at each word. A word that may be more than that
    has another skeleton.
    """
    skeletons = arrays.encode().translate(_AS_LETTERS).title().translate(None, b"x")
    if b" " in skeletons:
        if skeletons.count(b" ") != skeletons.count(b", "):
            return ""
        skeletons = skeletons.translate(None, b" ")
    return skeletons.decode()


def _shapes(skeletons: str, deepest: int) -> list[tuple[int, ...]] | None:
    """The shapes of arrays by their skeletons; None where one of them is no array, or nests deeper than that."""
    lines = skeletons.split("\n")
    found = [_shape(each) if len(each) <= _REMEMBERED else _shape.__wrapped__(each) for each in lines]
    shapes = [shape for shape in found if shape and len(shape) <= deepest]
    return shapes if len(shapes) == len(found) else None


def _compact(written: Sequence[str]) -> list[str] | None:
    """Arrays without the spaces around words, brackets and commas; None where a word may be more than that."""
    compact = [_SPACED.sub(r"\1", each) if " " in each else each for each in written]
    return None if _DOUBTFUL.search("\n".join(compact)) else compact


@lru_cache(maxsize=128)  # the sheets of a class have the same arrays
def _shape(skeleton: str) -> tuple[int, ...] | None:
    """The shape of an array, of which its skeleton is left; None where it is none.

    The first list at each depth tells how long all of them are; an array of that shape has one skeleton.
    """
    depth = len(skeleton) - len(skeleton.lstrip("["))
    length = (skeleton.find("]") - depth + 1) // 2
    if not (0 < depth <= _DEEPEST and length > 0):
        return None
    shape, whole = [length], f"[{'X,' * (length - 1)}X]"
    for inner in range(2, depth + 1):
        end = skeleton.find("]" * inner) + 2 * inner - depth
        length = (end - 1) // (len(whole) + 1)
        whole = f"[{(whole + ',') * (length - 1)}{whole}]"
        shape.append(length)
        if len(whole) > len(skeleton):
            return None
    shape.reverse()
    return tuple(shape) if whole == skeleton else None


def _read(written: Sequence[str], deepest: int) -> tuple[Sequence[str], list[tuple[int, ...]], bytes] | None:
    """Arrays as they are kept, their shapes, and what stands in them beside words and commas.

    None where one of them is no array, may be something else, or nests deeper than so many lists.
    """
    shapes = _shapes(_plain_skeletons("\n".join(written)), deepest)
    if shapes is not None:
        return written, shapes, b"[] "
    compact = _compact(written)
    shapes = None if compact is None else _shapes(_WORD_BETWEEN.sub("X", "\n".join(compact)), deepest)
    return None if compact is None or shapes is None else (compact, shapes, b"[]")


def shape_of(written: str, deepest: int) -> tuple[int, ...] | None:
    """The shape of an array on one line; None where it is none, may be something else, or nests deeper than that."""
    found = _read([written], deepest)
    return found[1][0] if found else None


Unfilled: TypeAlias = "tuple[List, int, int, str]"
"""A list that will be an array, from where to where that stands in the text, and its brackets and words on one line."""


def fill(lists: Sequence[Unfilled], text: str, deepest: int) -> bool:
    """Put the arrays of a text into their lists.

    False where one of them is no array, may be something else, or nests deeper than so many lists.
    """
    if not lists:
        return True
    found = _read([written for _, _, _, written in lists], deepest)
    if found is None:
        return False
    arrays, shapes, around = found
    new = tuple.__new__  # as in the reader of YAML: less work for each of them
    for (value, start, end, _), written, shape in zip(lists, arrays, shapes, strict=True):
        value.written = new(WrittenArray, (written, around, shape, text, start, end, value.location))
    return True


class WrittenArray(NamedTuple):
    """An array in a text, from ``start`` to ``end``, between brackets or as lines that begin with dashes.

    ``location`` is the place of its first character. ``written`` has its brackets and words on one line, ``around`` are
    the signs in that which are part of no word, beside the comma. It meets ``hwcheck.located.Written``.
    """

    written: str
    around: bytes
    shape: tuple[int, ...]
    text: str
    start: int
    end: int
    location: Location

    def words(self) -> list[str]:
        """The texts of all cells, row by row."""
        return self.written.encode().translate(None, self.around).decode().split(",")

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
