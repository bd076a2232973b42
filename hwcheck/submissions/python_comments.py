"""Answers in the comments of a Python file: ``# O6 = 0.474``, ``print(O6)  # 0.474``, Markdown behind ``# %%``.

A comment may be of old code, so that it counts only where the file gives no other answer to its name. A comment behind
a line is a value only where it has a decimal point: ``h = x @ W  # (2, 3)`` tells a shape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from hwcheck.errors import Fault, InputError, Location
from hwcheck.limits import FAULTS, MENDED
from hwcheck.located import Located, scalars
from hwcheck.submissions.beginnings import ARRAY, NUMBER
from hwcheck.submissions.handed_over import printed_value, running_text
from hwcheck.submissions.model import Answer
from hwcheck.submissions.notes import Note
from hwcheck.submissions.python_parts import SIGN

__all__ = ["commented_answers"]

_NAME = r"[^\W\d]\w{0,60}(?:\[[0-9, ]{1,20}\])?"
_BEFORE = re.compile(rf"(?P<name>{_NAME})[ \t]*=(?!=).*|print\([ \t]*(?P<printed>{_NAME})[ \t]*\)[ \t;]*")
_VALUE = re.compile(rf"#[ \t]*(?:[-=]?>|→|=|≈)?[ \t]*(?P<value>{NUMBER}|{ARRAY}.*)[ \t]*")
_POINT = re.compile(r"[0-9]\.|\.[0-9]")
_LETTER = re.compile(r"[^\W\d_eE]")  # of names and functions: old code
_SHORT = 400  # characters of a comment behind a line


class _Comment(NamedTuple):
    line: int
    begin: int
    before: str
    text: str


def commented_answers(text: str, file: str, notes: list[Fault]) -> list[Answer]:
    """What comments say, where they say one thing of a name; else a note goes to ``notes``. None of very long files."""
    if len(text) > MENDED or "#" not in text:
        return []
    found: dict[str, Answer] = {}
    differ: set[str] = set()
    for answer in _answers(text, file):
        before = found.get(answer.name)
        if before is None:
            found[answer.name] = answer
        elif _words(before.value) != _words(answer.value) and answer.name not in differ:
            differ.add(answer.name)
            if len(notes) < FAULTS:
                rule = f"{answer.name} is something else in the comment of line {before.location.line}"
                notes.append(Fault(answer.location, f"{rule}: neither is read"))
    return [answer for name, answer in found.items() if name not in differ]


def _words(value: Located) -> list[str]:
    return [scalar.text for scalar in scalars(value)]


def _answers(text: str, file: str) -> Iterator[Answer]:
    block: list[_Comment] = []
    for comment in _comments(text):
        if comment.before.strip():
            yield from _block(block, file)
            block = []
            yield from _behind(comment, file)
            continue
        if block and (block[-1].line + 1 != comment.line or comment.begin != block[0].begin):
            yield from _block(block, file)
            block = []
        block.append(comment)
    yield from _block(block, file)


def _comments(text: str) -> Iterator[_Comment]:
    """The comments of a file, each with what stands before it on its line."""
    line, begin, quote = 1, 0, ""
    for found in SIGN.finditer(text):
        sign = found.group()
        if sign.endswith("\n"):
            line, begin = line + 1, found.end()
            quote = quote if len(quote) == 3 else ""
        elif quote:
            quote = "" if sign == quote else quote
        elif sign[0] in "'\"":
            quote = sign
        elif sign[0] == "#":
            yield _Comment(line, found.start() - begin, text[begin : found.start()], sign)


def _behind(comment: _Comment, file: str) -> Iterator[Answer]:
    """The value of what is assigned or printed before the comment."""
    before = _BEFORE.fullmatch(comment.before.strip())
    value = _VALUE.fullmatch(comment.text) if before and len(comment.text) <= _SHORT else None
    if not (before and value and _POINT.search(value["value"])):
        return
    name = before["name"] or before["printed"]
    place = Location(file, comment.line, comment.begin + value.start("value") + 1)
    try:
        read = printed_value(value["value"].rstrip(), place)
    except InputError:
        return
    note = Note(place, f"the comment is read as what {name} was when it was computed")
    yield Answer(name, read.value, place, loose=True, notes=(*read.notes, note), aside=True)


def _block(block: list[_Comment], file: str) -> Iterator[Answer]:
    """The equations in lines that are comments from their beginning."""
    if not block or not any(sign in comment.text for comment in block for sign in "=:≈"):
        return
    lines = [re.sub(r"^#+[ \t]?(?:%%.*)?", lambda found: " " * min(len(found.group()), 3), each.text) for each in block]
    start = Location(file, block[0].line, block[0].begin + 1)
    for answer in running_text("\n".join(lines), start, []):
        words = _words(answer.value)
        if words and answer.fault is None and not any(map(_LETTER.search, words)):
            note = Note(answer.location, f"{answer.name} is read from a comment")
            yield answer._replace(notes=(*answer.notes, note), aside=True)
