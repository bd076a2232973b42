"""JSON as a located tree, the same that YAML gives.

The standard module says whether the text is JSON; it keeps no places, so a second pass over the tokens builds the
tree. Numbers, ``true``, ``null`` and what Python writes for infinities stay the text that was written. So do numbers
that JSON forbids and everybody can read (``.5``, ``5.``, ``+1``, ``01``): one of them does not cost the whole file.
"""

from __future__ import annotations

import json
import re
from itertools import accumulate

from hwcheck.errors import Fault, InputError, Location
from hwcheck.limits import Limits
from hwcheck.located import Located, Scalar
from hwcheck.located_build import Open, closed, raise_all, too_deep, too_many

__all__ = ["read_json"]

# Numbers stay text, so that no number is too long, and NaN and Infinity are for the reader of the field to judge.
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)

# All patterns look at a text whose escapes are masked: a quote in it begins or ends a string, and nothing else.
_ESCAPE = re.compile(r"\\.", re.DOTALL)
_STRING = re.compile(r'"[^"]*"?')
_BRACKET = re.compile(r'"[^"]*"?|\[|\]|\{|\}')  # four alternatives, not one set: three times as fast
_BUT_BRACKETS = bytes(sign for sign in range(256) if sign not in b"[]{}")
_DEEPER = {"[": 1, "{": 1, "]": -1, "}": -1}
_EMPTY = re.compile(r"\[\s*\]|\{\s*\}")
_TOKEN = re.compile(r'[\s,:]*(?:([^\s\[\]{},:"]+)|("[^"]*")|([\[{])|([\]}]))')  # to search for each were slower
# A string, which is passed over, or a number that JSON may or may not allow.
_LEGIBLE = re.compile(
    r'"[^"]*"?|(?<![^\s\[\]{},:"])([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(?![^\s\[\]{},:"])'
)
_WORD, _TEXT, _OPENING, _CLOSING = range(1, 5)
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def read_json(text: str, file: str, limits: Limits) -> Located:
    """The located tree of a JSON text without a byte order mark.

    ``file`` is the name that places carry. Columns count characters.

    Raises:
        InputError: the text is no JSON, is too deep or too long, or names stand twice (each of them is told).

    """
    masked = _ESCAPE.sub("__", text) if "\\" in text else text
    _check_limits(masked, file, limits)
    error = _refusal(text) and _refusal(_with_plain_numbers(text, masked))
    if error is not None:
        from hwcheck.json_faults import explain  # like every explanation of a fault, loaded where one is told

        place, message = explain(json.JSONDecodeError(error.msg, text, error.pos), masked)
        raise InputError.at(_location(text, place, file), message)
    faults: list[Fault] = []
    root = _build(text, masked, file, faults)
    raise_all(faults)
    return root


def _refusal(text: str) -> json.JSONDecodeError | None:
    """Why a text is no JSON, or None."""
    try:
        _DECODER.decode(text)
    except json.JSONDecodeError as error:
        return error
    return None


def _with_plain_numbers(text: str, masked: str) -> str:
    """The text with a 0 and spaces in the place of every number: as long as it was, and without odd numbers."""
    parts, end = [], 0
    for found in _LEGIBLE.finditer(masked):
        if found[1]:
            parts += [text[end : found.start()], "0".ljust(len(found[1]))]
            end = found.end()
    return "".join([*parts, text[end:]])


def _check_limits(masked: str, file: str, limits: Limits) -> None:
    """Refuse what is too deep or too long before anything is built from it."""
    bare = _STRING.sub("", masked)
    brackets = bare.encode("ascii", "replace").translate(None, _BUT_BRACKETS).decode()
    if max(accumulate(map(_DEEPER.__getitem__, brackets)), default=0) > limits.depth:
        raise InputError([too_deep(_location(masked, _deeper_than(limits.depth, masked), file), limits)])
    # A list of n items has n - 1 commas; each key has a colon.
    most = 1 + sum(map(bare.count, ",:[{"))
    if most > limits.values and most - sum(1 for _ in _EMPTY.finditer(bare)) > limits.values:
        raise InputError([too_many(Location(file), limits)])


def _deeper_than(deepest: int, masked: str) -> int:
    """The place of the first bracket that stands too deep, where there is one."""
    depth = 0
    for bracket in _BRACKET.finditer(masked):
        depth += _DEEPER.get(bracket.group(), 0)
        if depth > deepest:
            return bracket.start()
    return 0


def _build(text: str, masked: str, file: str, faults: list[Fault]) -> Located:
    """The tree of a text that is known to be JSON."""
    new = tuple.__new__  # as in the reader of YAML: less work for each value
    items: list[Located] = []  # of the innermost open container; in a mapping keys and values in turn
    outer: list[Open] = []
    line, before_line, counted, count = 1, -1, 0, masked.count
    for token in _TOKEN.finditer(masked.rstrip()):
        kind = token.lastindex or 0
        if kind == _CLOSING:
            container = outer.pop()
            container.outer.append(closed(container, items, faults))
            items = container.outer
            continue
        start = token.start(kind)
        if lines := count("\n", counted, start):
            line, before_line = line + lines, masked.rfind("\n", counted, start)
        counted = start
        location = new(Location, (file, line, start - before_line))
        if kind == _WORD:
            items.append(new(Scalar, (token[_WORD], location, False)))
        elif kind == _TEXT:
            items.append(new(Scalar, (_decoded(text[start : token.end()]), location, True)))
        else:
            outer.append(Open(token[_OPENING] == "{", True, location, items))
            items = []
    return items[0]


def _decoded(string: str) -> str:
    """What a string says; half a character, which no file can hold, becomes U+FFFD."""
    decoded: str = _DECODER.decode(string) if "\\" in string else string[1:-1]
    return decoded if decoded.isascii() else _SURROGATE.sub("\ufffd", decoded)


def _location(text: str, place: int, file: str) -> Location:
    return Location(file, text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place))
