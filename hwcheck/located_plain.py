r"""The plain part of YAML that templates are filled in with, read many times as fast as all of YAML.

Whatever is not certainly of this kind is left to ``hwcheck.located_yaml``, whose tree this one always equals. A text is
taken if all of it is made of

- lines that are empty, hold spaces only, or a comment after any indentation;
- at the left margin ``name: value``, or ``name:`` and below it, indented by the same number of spaces, more of
  ``name: value``, but no third such level;
- where a name is plain (it begins with a letter, a digit, ``_ ( ∂ ∇``, has at most 200 characters and no colon or
  ``#``), or stands on its line in double quotes that hold none and no backslash, or in single quotes that hold none; no
  name stands twice in a mapping;
- and a value, with an optional comment behind a space, is nothing; or a text on the same line, in quotes as a name, or
  without colon and ``#``, beginning with a letter, a digit, ``_ ( + . ~ $``, a character that is not ASCII, or a dash
  with something behind it; or an array.

An array is lists within lists, all of the same length at the same depth and none empty, of plain words; around words
and brackets may stand spaces. It is written

- between brackets, on one line or more, beginning on the line of the name or, indented deeper, below it (lines after
  the first are indented, or begin with a bracket, and no word goes on in the next);
- or as lines that begin with ``- ``, indented at least as deep as the name, behind which stands a list between brackets
  or a word without spaces; ``- - `` begins a list in a list.

A word in an array is any text without ``: # ? { } [ ] , " ' \ & ! | % @ ` `` that does not begin with ``*``, ``>`` or
``- ``; no line ends with a dash. Tabs, carriage returns, other line ends than ``\n``, control characters and byte order
marks are not taken, nor a file that could have more values, or more lists within lists, than the limits allow.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from hwcheck.errors import Location
from hwcheck.limits import Limits
from hwcheck.located import List, Located, Map, Scalar
from hwcheck.located_array import Unfilled, fill

__all__ = ["read_plain"]

_ASCII = bytes([10, *range(32, 127)])
_OTHER = re.compile(r"[^\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")

_BLANK = r"\n*(?:(?:[ ]*\#[^\n]*\n|[ ]+\n)\n*)*"  # one way only to match a text: nothing is tried twice
_END = r"[ ]*(?:[ ]\#[^\n]*)?\n"
_ITEM_WORD = r"(?:[^\s,\[\]{}:\#-]|-(?=[^\s,\[\]{}:\#]))[^\s,\[\]{}:\#]*"
_ROW = rf"(?:\[[^\n]*\]|{_ITEM_WORD})\n"
_ENTRY = re.compile(
    rf"""{_BLANK}([ ]*)
    (?: ([\w(∂∇][^\n:\#]{{0,199}})(?<![ ]) | "([^"\\\n]{{1,199}})" | '([^'\n]{{1,199}})' ) :
    (?: [ ]+ (\[[^\n]*\]) {_END}
      | [ ]+ ((?:[\w(+.~$]|[^\x00-\x7f]|-(?=[^ \n]))(?:[^\n:\#]*[^\n:\# ])?) {_END}
      | [ ]+ "([^"\\\n]*)" {_END}
      | [ ]+ '([^'\n]*)' {_END}
      | [ ]+ (\[)
      | {_END} {_BLANK} (([ ]*)-[ ]) ({_ROW}(?:\10{_ROW})*) (?!{_BLANK}[ ]*-)
      | {_END}
    )""",
    re.VERBOSE,
)
_INDENT, _NAME, _DOUBLE, _SINGLE, _ARRAY, _WORD, _DOUBLE_TEXT, _SINGLE_TEXT, _OPENING, _DASH, _MARGIN, _ROWS = range(
    1, 13
)
_REST = re.compile(rf"{_BLANK}\Z", re.VERBOSE)

# Any line that begins with dashes; and a list between brackets that begins on a line below its name.
_ITEM = re.compile(
    rf"""{_BLANK}([ ]*)((?:-[ ]+)+)
    (?: ( \[[^\n\#]*\] | {_ITEM_WORD} ){_END} | (\[) )""",
    re.VERBOSE,
)
_BELOW = re.compile(rf"{_BLANK}([ ]*)\[", re.VERBOSE)

_AROUND = "[],"

_Pairs: TypeAlias = "list[tuple[Scalar, Located]]"


def read_plain(text: str, file: str, limits: Limits) -> Map | None:
    """The located tree of a text of the plain kind, as ``hwcheck.located_yaml.read_yaml`` gives it; None of any other.

    ``file`` is the name that places carry. The time is linear in the length of the text.
    """
    if not _is_plain(text, limits):
        return None
    return _Reader(text if text.endswith("\n") else text + "\n", file, limits).read()


def _is_plain(text: str, limits: Limits) -> bool:
    """Whether a text has no characters but those that mean to YAML what they seem to, and not too many values."""
    if text.isascii():
        if text.encode().translate(None, _ASCII):
            return False
    elif _OTHER.search(text):
        return False
    # Around a colon stand a name, its value and the first of that; beside each other sign one value.
    return 3 * len(text) < limits.values or 1 + 3 * text.count(":") + sum(map(text.count, ",[-")) <= limits.values


_Array: TypeAlias = "tuple[int, int, str]"
"""An array in the text: from where to where it stands, and its brackets and words on one line."""


class _Reader:
    """One pass over the entries of a text that ends with a line end."""

    def __init__(self, text: str, file: str, limits: Limits) -> None:
        self.text = text
        self.file = file
        self.limits = limits
        self.root: _Pairs = []
        self.below: dict[int, _Pairs] = {}
        """The mappings in the mapping, by the place of their names in it."""
        self.lists: list[Unfilled] = []

    def read(self) -> Map | None:
        """The tree, or None at the first doubt."""
        root, below = self.root, self.below
        if not (self._entries() and fill(self.lists, self.text, self.limits.depth - 2)):
            return None
        for number, entries in below.items():
            root[number] = root[number][0], Map(tuple(entries), entries[0][0].location)
        for entries in (root, *below.values()):
            if len({key.text for key, _ in entries}) < len(entries):
                return None
        return Map(tuple(root), root[0][0].location)

    def _entries(self) -> bool:
        """Read all entries; False at the first doubt."""
        text, file, new, match = self.text, self.file, tuple.__new__, _ENTRY.match  # new: as in the reader of YAML
        entries, lists, count = self.root, self.lists.append, text.count
        place, line, counted, indent = 0, 1, 0, 0
        value: Located | None
        while found := match(text, place):
            kind, place = found.lastindex or 0, found.end()
            margin, begin = found.span(_INDENT)
            line += count("\n", counted, begin)
            counted, before_line = begin, margin - 1
            name, written = found.group(_NAME, kind)
            at = new(Location, (file, line, begin - before_line))
            if name is None:
                key = Scalar(found[_DOUBLE] or found[_SINGLE], at, quoted=True)
            else:
                key = new(Scalar, (name, at, False))
            if kind == _ARRAY and "#" not in written:
                start, end = found.span(_ARRAY)
                value = List(None, new(Location, (file, line, start - before_line)))
                lists((value, start, end, written))
            elif kind == _WORD:
                value = new(Scalar, (written, new(Location, (file, line, found.start(_WORD) - before_line)), False))
            else:
                value, place = self._other(found, line, begin - margin)
                if value is None:
                    return False
            if begin - margin != indent:
                if begin == margin:
                    entries = self.root
                elif indent or not _is_empty(self.root):
                    return False
                else:
                    entries = self.below[len(self.root) - 1] = []
                indent = begin - margin
            entries.append((key, value))
        return bool(self.root and _REST.match(text, place))

    def _other(self, found: re.Match[str], line: int, indent: int) -> tuple[Located | None, int]:
        """A value that is not a word or array whole on the line of its name, and where behind it reading goes on."""
        text, kind, margin, file = self.text, found.lastindex or 0, found.start(_INDENT), self.file
        if kind == _ROWS:
            start, end = found.end(_MARGIN), found.end()
            column = start - found.start(_MARGIN)
            line += text.count("\n", found.end(_INDENT), start)
            rows = found[_ROWS].replace("\n" + found[_DASH], ",")
            array: _Array | None = (start, end, f"[{rows[:-1]}]") if column >= indent else None
        elif kind in (_ARRAY, _OPENING):  # an array of several lines, or a comment behind it that ends with a bracket
            start = found.start(kind)
            array, column = self._lines(start), start - margin
        elif kind in (_DOUBLE_TEXT, _SINGLE_TEXT):
            return Scalar(found[kind], Location(file, line, found.start(kind) - margin), quoted=True), found.end()
        else:
            place = found.end()
            below = _BELOW.match(text, place) or _ITEM.match(text, place)
            if below is None:
                colon = found.end(kind) + (kind != _NAME)
                return Scalar("", Location(file, line, colon - margin + 2)), place
            start = below.end(1)
            column = start - below.start(1)
            line += text.count("\n", found.end(_INDENT), start)
            if below.re is _ITEM:
                array = self._dashes(place) if column >= indent else None
            else:
                array = self._lines(start) if column > indent else None
        if array is None:
            return None, 0
        value = List(None, Location(file, line, column + 1))
        self.lists.append((value, *array))
        return value, array[1]

    def _lines(self, start: int) -> _Array | None:
        """The array between brackets that begins here and goes on in the lines below."""
        text, place, depth, parts = self.text, start, 0, [","]
        while True:
            end = text.find("\n", place)
            if end < 0 or text[place] not in " ]\n[":
                return None
            part = text[place:end]
            if "#" in part:
                behind = part.find(" #")
                if behind < 0:
                    return None
                part = part[:behind]
            place = end + 1
            if part := part.strip(" "):
                if part[-1] == "-" or (parts[-1][-1] not in _AROUND and part[0] not in _AROUND):
                    return None  # an item of another list; one word on two lines
                parts.append(part)
                depth += part.count("[") - part.count("]")
            if depth <= 0:
                return start, place, "".join(parts[1:])

    def _dashes(self, place: int) -> _Array | None:
        """The array whose lines begin with dashes here: several, perhaps, and single words or brackets behind them."""
        parts, columns, start = [], [-1], -1
        while item := _ITEM.match(self.text, place):
            margin, dashes = item.span(1)
            at = [dashes - margin + i for i, sign in enumerate(item[2]) if sign == "-"]
            if start < 0:
                start = dashes
            else:
                while columns[-1] > at[0]:
                    columns.pop()
                    parts.append("]")
                if columns[-1] != at[0]:
                    return None
                parts.append(",")
                at = at[1:]
            columns += at
            written, place = item[3], item.end()
            if written is None:
                inner = self._lines(item.start(4))
                if inner is None:
                    return None
                _, place, written = inner
            parts += ["[" * len(at), written]
        return start, place, "".join(parts) + "]" * (len(columns) - 1)


def _is_empty(entries: _Pairs) -> bool:
    """Whether the last of some entries has no value yet."""
    value = entries[-1][1] if entries else None
    return isinstance(value, Scalar) and not (value.text or value.quoted)
