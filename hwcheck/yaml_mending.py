"""What is nearly YAML: tabs, missing blanks behind colons, equals signs, a bracket that is never closed, a lone '?'.

A submission has lines ``name: value`` at two depths and little else, so that what was meant shows line by line.
``hwcheck.mending`` does the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hwcheck.limits import MENDED, Limits
from hwcheck.located import List, Located, Map
from hwcheck.located_yaml import read_yaml
from hwcheck.mending import Edit, Mended, read_mended

__all__ = ["mended_yaml"]

_NAME = r"(?:[^\W\d]|[∂∇])[^\s:=#'\"{},]{0,60}(?:\[[0-9, :]{1,20}\])?"
_ENTRY = re.compile(
    rf"[ \t]*(?P<name>{_NAME}|\"[^\"\n]{{1,60}}\"|'[^'\n]{{1,60}}')"
    r"[ \t]*(?P<sign>:=|[:=])(?P<blanks>[ \t]*)(?P<value>.*)"
)
_BEGINS_VALUE = re.compile(r"[+\-−.]*[0-9½⅓⅔¼¾]|[+\-−]?(?:sqrt|exp|log|ln)\(|[\[(_~?]")
_RELATION = re.compile(r"=|:(?:\s|$)")
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*")
_LONE = re.compile(r"(?<![^\s,\[{])\?(?![^\s,\]}])")
_HARD_SPACE = re.compile(r"[\u00a0\u2002-\u200a\u202f\u3000]")
_FENCE = re.compile(r"[ \t]*`{3,}[ \t]*(?:ya?ml)?", re.IGNORECASE)
_BLOCK = re.compile(r"[|>][+\-0-9]*")
_IN_BRACES = re.compile(rf"(?<=[{{,])[ ]*{_NAME}(?P<colon>:)(?=[+\-−.]*[0-9]|\[)")

_TABS = "tabs at the beginning of lines are read as blanks"
_SPACES = "blanks of another kind, as web pages have them, are read as blanks"
_COLON = "a blank is missing behind the colon, and was put in"
_EQUALS = "'=' is read as ':'"
_FENCES = "the lines of backticks around the text are left out"
_OPEN = "this list is never closed; it is taken to end with its line"
_SURPLUS = "a bracket too many at the end of this line is left out"
_END = "a comma at the end of an entry is left out"
_DEPTH = "names that begin in different columns below 'answers:' are read as beginning in one"


def mended_yaml(text: str, file: str, limits: Limits) -> Mended | None:
    """The tree of a text that is no submission in YAML, and what was taken for what; None where that is in doubt."""
    if len(text) > MENDED:
        return None
    mender = _Mender(text)
    for edits in mender.attempts():
        mended = read_mended(text, file, edits, lambda changed: read_yaml(changed, file, limits))
        if mended is not None and all(map(_is_regular, mender.closed_lists(mended.root))):
            return mended
    return None


class _Mender:
    """The edits of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = [line.rstrip() for line in text.split("\n")]
        self.found: list[Edit] = []
        self.closed: set[int] = set()
        """The lines on which a list begins that was closed, or of which a bracket was left out."""
        self.margins: list[tuple[int, int]] = []
        """Where the lines of indented entries begin, and how far they are indented."""
        self.nested = False  # whether 'answers:' is indented itself

    def attempts(self) -> Iterator[list[Edit]]:
        """The edits in order; then those that let all indented entries begin in the column of the first one, too."""
        if not self._lines():
            return
        yield sorted(self.found)
        widths = [indent for _, indent in self.margins]
        if self.nested or len(set(widths)) < 2:
            return
        moved = [Edit(at, at + indent, " " * widths[0], _DEPTH) for at, indent in self.margins if indent != widths[0]]
        inside = {at for edit in moved for at in range(edit.begin, edit.end)}
        yield sorted([*(edit for edit in self.found if edit.begin not in inside), *moved])

    def _lines(self) -> bool:
        """Find the edits of all lines; False where a text goes on over lines, or may."""
        begin, text_below, depth, opened = 0, -1, 0, 0
        for number, (line, whole) in enumerate(zip(self.lines, self.text.split("\n"), strict=True)):
            start, begin = begin, begin + len(whole) + 1
            indent = len(line) - len(line.lstrip(" \t"))
            if not line or (text_below >= 0 and indent > text_below):
                continue
            text_below = -1
            if _FENCE.fullmatch(line):
                self.found.append(Edit(start + indent, start + indent + 1, "#", _FENCES))
                continue
            self.found += [Edit(start + at, start + at + 1, " ", _TABS) for at in range(indent) if line[at] == "\t"]
            for each in _HARD_SPACE.finditer(line):
                self.found.append(Edit(start + each.start(), start + each.end(), " ", _SPACES))
            bare = _COMMENT.sub("", line).rstrip()
            if bare.count('"') % 2 or "\\" in bare:
                return False
            for each in _LONE.finditer(bare):  # what is not known; to YAML it begins a name
                self.found.append(Edit(start + each.start(), start + each.end(), "_"))
            entry = _ENTRY.fullmatch(bare) if depth == 0 else None
            if entry:
                opened = number + 1
                text_below = indent if _BLOCK.fullmatch(entry["value"]) else -1
                if indent:
                    self.margins.append((start, indent))
                    self.nested = self.nested or entry["name"] == "answers"
                self.found += _sign(entry, start)
                if bare.endswith(",") and bare.count("[") == bare.count("]") and bare.count("{") == bare.count("}"):
                    self.found.append(Edit(start + len(bare) - 1, start + len(bare), " ", _END))
            before, depth = depth, depth + bare.count("[") - bare.count("]")
            is_list = before > 0 or (entry is not None and entry["value"].startswith("["))
            end = start + len(bare)
            if depth > 0 and is_list and self._entry_follows(number):
                self.found.append(Edit(end, end, "]" * depth, _OPEN))
            elif depth < 0 and is_list and bare.endswith("]" * -depth):
                self.found.append(Edit(end + depth, end, "", _SURPLUS))
            else:
                continue
            self.closed.add(opened)
            depth = 0
        return True

    def _entry_follows(self, number: int) -> bool:
        """Whether the next line that says something has a name and a value of its own."""
        for line in self.lines[number + 1 : number + 4]:
            if bare := _COMMENT.sub("", line).rstrip():
                return _ENTRY.fullmatch(bare) is not None and not bare.endswith(",")
        return False

    def closed_lists(self, root: Located) -> Iterator[Located]:
        """The lists that were closed."""
        below = [root]
        while below:
            value = below.pop()
            if isinstance(value, Map):
                below += [entry for _, entry in value.entries]
            elif isinstance(value, List) and value.location.line in self.closed:
                yield value


def _sign(entry: re.Match[str], start: int) -> Iterator[Edit]:
    """The edits of the sign between a name and its value."""
    value, begin, end = entry["value"], start + entry.start("sign"), start + entry.end("sign")
    if entry["sign"] != ":" and not _RELATION.search(value):
        yield Edit(begin, end, ":" if entry["blanks"] else ": ", _EQUALS)
    elif entry["sign"] == ":" and not entry["blanks"] and _BEGINS_VALUE.match(value):
        yield Edit(begin, end, ": ", _COLON)
    if value.startswith("{"):
        for each in _IN_BRACES.finditer(entry.string):
            yield Edit(start + each.start("colon"), start + each.end("colon"), ": ", _COLON)


def _is_regular(value: Located) -> bool:
    """Whether all lists that stand equally deep hold equally many items, and are lists or single values alike."""
    level: Sequence[Located] = [value]
    while level:
        lists = [each for each in level if isinstance(each, List)]
        if not lists:
            return True
        if len(lists) < len(level) or len({len(each.items) for each in lists}) > 1:
            return False
        level = [item for each in lists for item in each.items]
    return True
