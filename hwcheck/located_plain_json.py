r"""The plain part of JSON that a program writes answers in, read several times as fast as all of JSON.

Whatever is not certainly of this kind is left to ``hwcheck.located_json``, whose tree this one always equals. A text is
taken if it is a mapping whose values, or those of the mappings in it but no deeper, are

- strings without a backslash, as the names are; no name stands twice in a mapping;
- a number, ``true``, ``false`` or ``null``;
- or an array: lists within lists, all of the same length at the same depth and none empty, of ``null`` and
  plain numbers (``.5``, ``5.``, ``+1`` and ``01`` among them).

Between these stand spaces and line ends (``\n``), no tabs and no carriage returns.
"""

from __future__ import annotations

import re

from hwcheck.errors import Location
from hwcheck.limits import Limits
from hwcheck.located import List, Located, Map, Scalar
from hwcheck.located_array import Unfilled, fill

__all__ = ["read_plain_json"]

_STRING = r'"([^"\\\x00-\x1f\ud800-\udfff]*)"'
_WORD_TEXT = r"(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|null|true|false)"
_ENTRY = re.compile(
    rf"""[ \n]*{_STRING}[ \n]*:[ \n]*
    (?: (\[[0-9.,eE+\-nul \n\[\]]*\]) | {_WORD_TEXT} | {_STRING} | (\{{) )""",
    re.VERBOSE,
)
_NAME, _ARRAY, _WORD, _TEXT, _OPENING = range(1, 6)
_BEGIN = re.compile(r"[ \n]*\{")
_COMMA = re.compile(r"[ \n]*,")
_CLOSING = re.compile(r"[ \n]*\}")
_REST = re.compile(r"[ \n]*\Z")
_AROUND = re.compile(r"[ \n]*([\[\],])[ \n]*")
_NUMBERS = b"0123456789+-.eE"


def read_plain_json(text: str, file: str, limits: Limits) -> Map | None:
    """The located tree of a text of the plain kind, as ``hwcheck.located_json.read_json`` gives it; None of any other.

    ``file`` is the name that places carry. The time is linear in the length of the text.
    """
    if 1 + sum(map(text.count, ",:[{")) > limits.values:
        return None
    return _Reader(text, file, limits).read()


class _Reader:
    """One pass over the entries of a text."""

    def __init__(self, text: str, file: str, limits: Limits) -> None:
        self.text = text
        self.file = file
        self.limits = limits
        self.lists: list[Unfilled] = []
        self.counted, self.line, self.before_line = 0, 1, -1

    def read(self) -> Map | None:
        """The tree, or None at the first doubt."""
        begin = _BEGIN.match(self.text)
        place = begin.end() if begin else 0
        root = self._mapping(place, inside=False) if begin else None
        if root is None or not _REST.match(self.text, root[1]):
            return None
        if not fill(self.lists, self.text, self.limits.depth - 2):
            return None
        written = [value.written for value, *_ in self.lists]
        return root[0] if all(each is not None and _are_numbers(each.words()) for each in written) else None

    def _mapping(self, place: int, *, inside: bool) -> tuple[Map, int] | None:
        """The mapping whose bracket stands before a place, and where it ends; one level of mappings may be inside."""
        text, location = self.text, self._at(place - 1)
        entries: list[tuple[Scalar, Located]] = []
        names: set[str] = set()
        while found := _ENTRY.match(text, place):
            kind, place, name = found.lastindex or 0, found.end(), found[_NAME]
            if name in names:
                return None
            names.add(name)
            key = Scalar(name, self._at(found.start(_NAME) - 1), quoted=True)
            start, end = found.span(kind)
            if kind == _OPENING:
                below = None if inside else self._mapping(place, inside=True)
                if below is None:
                    return None
                value: Located = below[0]
                place = below[1]
            elif kind == _ARRAY:
                value = List(None, self._at(start))
                written = found[kind]
                self.lists.append((value, start, end, _AROUND.sub(r"\1", written) if "\n" in written else written))
            else:
                value = Scalar(found[kind], self._at(start - (kind == _TEXT)), kind == _TEXT)
            entries.append((key, value))
            comma = _COMMA.match(text, place)
            if comma is None:
                closing = _CLOSING.match(text, place)
                return (Map(tuple(entries), location), closing.end()) if closing else None
            place = comma.end()
        return None

    def _at(self, place: int) -> Location:
        """The location of a character, which stands behind the one that was asked for before."""
        lines = self.text.count("\n", self.counted, place)
        if lines:
            self.line += lines
            self.before_line = self.text.rfind("\n", self.counted, place)
        self.counted = place
        return Location(self.file, self.line, place - self.before_line)


def _are_numbers(words: list[str]) -> bool:
    """Whether all words are ``null`` or numbers of digits: JSON's, and those that it forbids and everybody can read."""
    if "null" in words:
        words = [word for word in words if word != "null"]
    if "".join(words).encode().translate(None, _NUMBERS):
        return False
    try:
        list(map(float, words))
    except ValueError:
        return False
    return True
