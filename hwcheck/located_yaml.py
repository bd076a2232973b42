"""YAML as a located tree: the only importer of yaml.

The file is read as a stream of events, so that every value knows its place, nothing is ever built from a tag, and
reading stops at the first bracket too many. What could surprise is refused with the place and what to do instead:
aliases, anchors, tags, merge keys, a second document, one name twice. All scalars stay the text that was written.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from hwcheck.errors import Fault, Location
from hwcheck.limits import FAULTS, Limits
from hwcheck.located import Block, Located, Scalar
from hwcheck.located_build import Open, closed, raise_all, too_deep, too_many
from hwcheck.yaml_faults import Trouble, explain, lines_of, not_read

__all__ = ["plain_scalar", "read_yaml"]

# libyaml's parser is over 20 times as fast, but not in every build of PyYAML.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What YAML 1.1 does not take for text, and the byte order mark, which has no business inside one.
_REFUSED_SET = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff"
_REFUSED = re.compile(f"[{_REFUSED_SET}]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SECOND_DOCUMENT = "'---' begins a second document; a file holds one, delete what is not meant"

# Only a writer needs these: they are compiled then.
_NEEDS_QUOTES = rf"""(?x)
      \A\Z                               # nothing at all
    | \A[ ] | [ ]\Z | [\t\n\r\x85\u2028\u2029{_REFUSED_SET}]
    | \A[,\[\]{{}}\#&*!|>'"%@`]           # characters that mean something at the beginning,
    | \A[-?:](?:[ ]|\Z)                 # these with a space only
    | :(?:[ ]|\Z) | [ ]\#               # the end of a name, a comment
    | \A(?:---|\.\.\.)(?:[ ]|\Z)        # the end of a document
    | \A<<\Z                           # would be a merge
"""
_NEEDS_QUOTES_BETWEEN_BRACKETS = r"[,?\[\]{}]|\A:"
_NEEDS_CODE = rf"[\x85\u2028\u2029{_REFUSED_SET}]"


def read_yaml(text: str, file: str, limits: Limits) -> Located | None:
    """The located tree of a YAML text, or None where it holds nothing but blanks and comments.

    ``file`` is the name that places carry. Columns count characters.

    Raises:
        InputError: with every fault that one reading finds, in the order of their places. A fault of syntax ends it.

    """
    faults = list(itertools.islice(_refused_characters(text, file), FAULTS))
    raise_all(faults)
    root = _read(_Source(text, file), limits, faults)
    raise_all(faults)
    if isinstance(root, Scalar) and not (root.text or root.quoted):
        return None
    return root


def plain_scalar(text: str, *, flow: bool = False) -> str:
    """The text as a YAML scalar that ``read_yaml`` gives back, in quotes only where it needs them.

    ``flow`` says that it will stand between brackets, where more needs quotes (``h1[0]``). A lone surrogate, which
    no file can hold, becomes U+FFFD.
    """
    text = _SURROGATE.sub("\ufffd", text)
    if not (re.search(_NEEDS_QUOTES, text) or (flow and re.search(_NEEDS_QUOTES_BETWEEN_BRACKETS, text))):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return re.sub(_NEEDS_CODE, lambda found: f"\\u{ord(found.group()):04X}", quoted)


# libyaml reads ahead of the events that it gives, and refuses what stands deeper than 1,000 by itself.
_NESTED = "maximum nesting depth"


class _Source:
    """A text, the name of its file, and its lines, which only messages need."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file

    @cached_property
    def lines(self) -> list[str]:
        return lines_of(self.text)

    def is_bracket(self, place: tuple[int, int]) -> bool:
        """Whether an opening bracket stands there; a list and a mapping also begin without one."""
        line, column = place
        return self.lines[line - 1][column - 1 : column] in ("[", "{")


def _refused_characters(text: str, file: str) -> Iterator[Fault]:
    if not _REFUSED.search(text):
        return
    for number, line in enumerate(lines_of(text), 1):
        for found in _REFUSED.finditer(line):
            message = f"the invisible character U+{ord(found.group()):04X} cannot stand in YAML; delete it"
            yield Fault(Location(file, number, found.start() + 1), message)


def _read(source: _Source, limits: Limits, faults: list[Fault]) -> Located | None:
    """One pass over the events; it ends early at a fault of syntax and at a limit."""
    loader = _Loader(source.text)
    next_event, file, most, deepest, count = loader.get_event, source.file, limits.values, limits.depth, 0
    new = tuple.__new__  # a NamedTuple without its Python-level constructor: a tenth of the whole reading
    items: list[Located] = []  # of the innermost open container; in a mapping keys and values in turn
    outer: list[Open] = []
    while True:
        try:
            event = next_event()
        except (yaml.MarkedYAMLError, ValueError, OverflowError) as error:
            if _NESTED in (getattr(error, "problem", None) or ""):
                faults.append(too_deep(_beginning(error, source), limits))
            else:
                faults.append(_syntax_fault(error, source, loader, outer))
            break
        kind = event.__class__
        if kind is ScalarEvent:
            mark, style = event.start_mark, event.style
            location = new(Location, (file, mark.line + 1, mark.column + 1))
            if event.anchor is not None or event.tag is not None or style == '"':
                faults.extend(_refused_properties(event, location))
            if style == "|" and event.value.strip():
                items.append(_block(event.value, location, source))
            else:
                items.append(new(Scalar, (event.value, location, bool(style))))
        elif kind is SequenceStartEvent or kind is MappingStartEvent:
            location = Location(file, *_place(event.start_mark))
            faults.extend(_refused_properties(event, location))
            outer.append(Open(kind is MappingStartEvent, bool(event.flow_style), location, items))
            items = []
        elif kind is SequenceEndEvent or kind is MappingEndEvent:
            items = _close(outer.pop(), items, source, faults)
            continue
        elif kind is AliasEvent:
            location = Location(file, *_place(event.start_mark))
            faults.append(Fault(location, not_read("*", "*" + event.anchor)))
            items.append(Scalar("", location, quoted=True))
        elif kind is StreamEndEvent:
            break
        elif kind is DocumentStartEvent and items:
            faults.append(Fault(Location(file, *_place(event.start_mark)), _SECOND_DOCUMENT))
            break
        else:
            continue
        count += 1
        if count > most or len(outer) > deepest:
            faults.append(too_many(location, limits) if count > most else too_deep(location, limits))
            break
    while outer:  # reading broke off: the keys so far are still checked
        items = _close(outer.pop(), items, source, faults)
    return items[0] if items else None


def _block(text: str, location: Location, source: _Source) -> Scalar:
    """The text below a ``|``, at the place of its first character in the file."""
    before, first = next((i, line) for i, line in enumerate(text.split("\n")) if line.strip())
    written = "".join(source.lines[location.line + before : location.line + before + 1])
    if not written.endswith(first):  # a sign in it that ends lines in YAML alone
        return Scalar(text, location, quoted=True)
    return Block(text, Location(location.file, location.line + 1, len(written) - len(first) + 1), quoted=True)


def _close(container: Open, items: list[Located], source: _Source, faults: list[Fault]) -> list[Located]:
    """Put a container whose items are complete into the one around it, and return that one's items."""
    if not (container.mapping or container.flow):
        faults.extend(_swallowed_items(items, source))
    container.outer.append(closed(container, items, faults))
    return container.outer


def _swallowed_items(items: list[Located], source: _Source) -> Iterator[Fault]:
    """List items that YAML takes for more of the item above, because they are indented deeper.

    ``- 1`` with `` - 2`` below it is the one text ``1 - 2``, and would be read as a difference.
    """
    for item in items:
        if not isinstance(item, Scalar) or item.quoted or " - " not in item.text:
            continue
        number, column = item.location[1:]
        read = len(source.lines[number - 1][column - 1 :].rstrip())
        while read < len(item.text) and number < len(source.lines):
            line = source.lines[number]
            number += 1
            if line.lstrip().startswith("- "):
                rule = f"this item is indented deeper than the one on line {item.location.line} and so is part of it"
                yield Fault(Location(source.file, number, line.index("-") + 1), f"{rule}; begin both in one column")
                break
            read += 1 + len(line.strip())


def _refused_properties(event: Any, location: Location) -> Iterator[Fault]:
    if event.anchor is not None:
        yield Fault(location, not_read("&", "&" + event.anchor))
    if event.tag is not None:
        yield Fault(location, not_read("!", event.tag.replace("tag:yaml.org,2002:", "!!")))
    if isinstance(event, ScalarEvent) and _SURROGATE.search(event.value):  # PyYAML's own parser lets them through
        yield Fault(location, "a code in this text names half a character; write the character itself")


def _beginning(error: Any, source: _Source) -> Location:
    """Where the parser gave up."""
    return Location(source.file, *_place(error.problem_mark))


def _syntax_fault(error: Exception, source: _Source, loader: Any, outer: list[Open]) -> Fault:
    """The parser's error in words of our own."""
    if isinstance(error, yaml.MarkedYAMLError):
        problem, stop = error.problem or "", error.problem_mark
    else:  # PyYAML's own parser asked for chr() of a number that is no character
        problem, stop = "escape code", loader.get_mark()
    (line, column), message = explain(
        Trouble(
            problem,
            context=getattr(error, "context", None) or "",
            stop=_place(stop),
            begin=_place(getattr(error, "context_mark", None)),
            opened=next(filter(source.is_bracket, (container.location[1:] for container in reversed(outer))), (0, 0)),
            lines=source.lines,
        )
    )
    return Fault(Location(source.file, line, column), message)


def _place(mark: Any) -> tuple[int, int]:
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)
