r"""Matrices that are drawn with bars or tall brackets over several lines, or set in plain TeX, as arrays in brackets.

::

    W = |  0.192  0.4 |        W = [  0.192  0.4 ;
        | -0.306  0.1 |   is         -0.306  0.1 ]

Every rule keeps the length of the text. A name on a line below the first moves up to it.
"""

from __future__ import annotations

import re

from hwcheck.limits import SUBMISSION
from hwcheck.submissions.beginnings import NUMBER_START

__all__ = ["without_drawing"]

_LINE = re.compile(
    r"(?P<before>[^\n|⎡⎢⎣⎛⎜⎝(]{0,60})(?P<open>[|⎡⎢⎣⎛⎜⎝(])"
    rf"(?P<row>[ \t]*{NUMBER_START}[0-9.eE+\-−, \t]{{0,2000}})(?P<close>[|⎤⎥⎦⎞⎟⎠)])[ \t.,;]{{0,9}}"
)
_OPENING = re.compile(r"[|⎡⎢⎣⎛⎜⎝(]")
_NAMES = re.compile(r"[^\n=]{0,40}[^\W_][^\n=]{0,20}=[ \t]*")
_PLAIN_TEX = re.compile(
    r"(?P<before>(?:\\left\s?[\[(]\s?)?\\[pbBvV]?matrix\s?\{)(?P<inner>[^{}]{1,4000})(?P<after>\}(?:\s?\\right\s?[\])])?)"
)


def without_drawing(text: str) -> str:
    """The text with such matrices in brackets."""
    if "matrix" in text and "\\cr" in text:
        text = _PLAIN_TEX.sub(_in_brackets, text)
    if not _OPENING.search(text) or "\n" not in text:
        return text
    lines = text.split("\n")
    begin = 0
    while begin < len(lines):
        end, drawn = _run(lines, begin)
        if drawn:
            lines[begin:end] = _bracketed(lines[begin:end])
        begin = max(end, begin + 1)
    return "\n".join(lines)


def _in_brackets(found: re.Match[str]) -> str:
    r"""A matrix of plain TeX; what has no ``\\cr`` in it is none."""
    inner = found["inner"]
    if "\\cr" not in inner:
        return found.group()
    bare = re.sub(r"\\cr(\s*)$", r"   \1", inner)
    rows = bare.replace("\\cr", ";  ").replace("&", " " if "," in bare else ",")
    return f"{'['.rjust(len(found['before']))}{rows}{']'.ljust(len(found['after']))}"


def _run(lines: list[str], begin: int) -> tuple[int, bool]:
    """Behind which line a run of such lines ends that begins on a line, and whether it is a drawing with a name."""
    first = _LINE.fullmatch(lines[begin])
    if first is None:
        return begin, False
    named = bool(first["before"].strip())
    end, kinds, column = begin + 1, {_kind(first)}, first.start("open")
    while end < len(lines) and end - begin < SUBMISSION.values and (found := _LINE.fullmatch(lines[end])):
        is_named = bool(found["before"].strip())
        if found.start("open") != column or (named and is_named):
            break
        named, end = named or is_named, end + 1
        kinds.add(_kind(found))
    names = [line[:column] for line in lines[begin:end] if line[:column].strip()]
    drawn = end - begin > 1 and len(kinds) == 1 and len(names) == 1 and _NAMES.fullmatch(names[0]) is not None
    return end, drawn


def _kind(found: re.Match[str]) -> str:
    return "|" if found["open"] == "|" else "(" if found["open"] == "(" else "tall"


def _bracketed(lines: list[str]) -> list[str]:
    found = [match for match in map(_LINE.fullmatch, lines) if match]
    column = found[0].start("open")
    name = next(match["before"] for match in found if match["before"].strip())
    told = []
    for number, match in enumerate(found):
        first, last = number == 0, number == len(found) - 1
        before = name if first else " " * column
        behind = " " * (len(match.string) - match.end("close"))
        told.append(f"{before}{'[' if first else ' '}{match['row']}{']' if last else ';'}{behind}")
    return told
