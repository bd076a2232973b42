"""Answers that a text takes back: what stands behind "Correction:" counts, what is called wrong does not.

A student who corrects an answer says so, on the same line or on the one above; where nothing of the kind is said, both
are left for grading to tell. A value that is called no answer, and that no other one replaces, is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from hwcheck.errors import Fault, Location, quoted
from hwcheck.submissions.disowned import disowned, disowned_below
from hwcheck.submissions.model import Answer
from hwcheck.submissions.notes import Note
from hwcheck.submissions.spellings import folded

__all__ = ["without_taken_back"]

_WIDTH = 200  # characters of a line that are looked at
_CORRECTS = re.compile(
    r"\b(?:edit(?:ed)?|corrections?|correct(?:ed)?|corrig\w+|korr\w+|berichtig\w+|errat(?:um|a)|update:|sorry|oops|ups|fixed"
    r"|(?:second|third|new|2nd|3rd|next|final|last|better|zweiter|neuer)[ ](?:attempt|try|version|versuch)"
    r"|attempt[ ][2-9]|actually|should[ ](?:be|have|read)|i[ ]mean[t]?|instead)\b",
    re.IGNORECASE,
)
_TAKES_BACK = re.compile(
    r"\b(?:wrong\w*|incorrect\w*|mistaken\w*|typo|crossed[ ]out|struck[ ]out|scratch(?:ed)?|ignored?|discard(?:ed)?"
    r"|disregard|void|obsolete|outdated|falsch|durchgestrichen|faux"
    r"|(?:first|1st|old|erster)[ ](?:attempt|try|version|versuch)|attempt[ ]1)\b",
    re.IGNORECASE,
)
_NOT_SO = re.compile(r"\b(?:not|never|isn't|no|nothing)[ ](?:\w+[ ])?$", re.IGNORECASE)


def without_taken_back(answers: Sequence[Answer], text: str, start: Location) -> list[Answer]:
    """The answers of a text without those in whose place it gives others; ``text`` begins at ``start``."""
    groups: dict[str, list[int]] = {}
    for number, answer in enumerate(answers):
        groups.setdefault(answer.name, []).append(number)
    same: dict[str, list[int]] = {}
    for name, numbers in groups.items():
        same.setdefault(folded(name), []).extend(numbers)
    lines = text.split("\n")
    words = _disowned(answers, lines, start)
    several = [sorted(numbers) for numbers in same.values() if len(numbers) > 1]
    if not words and not (several and (_CORRECTS.search(text) or _TAKES_BACK.search(text))):
        return list(answers)
    kept: list[Answer | None] = list(answers)
    for numbers in several:
        last, dropped = _settled([(answers[number], number in words) for number in numbers], lines, start)
        for each in dropped:
            kept[numbers[each]] = None
        if dropped:
            counts, first = answers[numbers[last]], answers[numbers[dropped[0]]].location
            note = Note(counts.location, f"in place of the answer on line {first.line}, which the text takes back")
            kept[numbers[last]] = counts._replace(notes=(*counts.notes, note), aside=False)
    for number, said in words.items():
        if (called := kept[number]) is not None:
            rule = f"the words {quoted(said)} say that this is no answer: write your own value on a line of its own"
            kept[number] = called._replace(fault=called.fault or Fault(called.location, rule))
    return [answer for answer in kept if answer is not None]


def _disowned(answers: Sequence[Answer], lines: Sequence[str], start: Location) -> dict[int, str]:
    """The numbers of the answers that the words around them call none, each with these words."""
    places = [_place(answer, start) for answer in answers]
    below = disowned_below(lines)
    found = {}
    for number, (line, at) in enumerate(places):
        if not 0 <= line < len(lines):
            continue
        following = places[number + 1] if number + 1 < len(places) else (-1, 0)
        end = following[1] if following[0] == line and following[1] > at else len(lines[line])
        if words := below.get(line) or disowned(lines[line], at, end):
            found[number] = words
    return found


def _place(answer: Answer, start: Location) -> tuple[int, int]:
    """The line of a text on which an answer stands, and where on it, both from 0 on."""
    number = answer.location.line - start.line
    return number, answer.location.column - (1 if number else start.column or 1)


def _settled(answers: Sequence[tuple[Answer, bool]], lines: Sequence[str], start: Location) -> tuple[int, list[int]]:
    """Which answer to one name counts, and which ones are taken back for it; each has whether it is called none."""
    said = [(*_said(answer, lines, start), is_none) for answer, is_none in answers]
    corrects = [number for number, (new, _, is_none) in enumerate(said) if new and number and not is_none]
    if corrects:
        return corrects[-1], [number for number in range(len(answers)) if number < corrects[-1]]
    standing = [number for number, (_, back, is_none) in enumerate(said) if not back and not is_none]
    if standing and len(standing) < len(answers):
        return standing[0], [number for number in range(len(answers)) if number not in standing]
    return 0, []


def _said(answer: Answer, lines: Sequence[str], start: Location) -> tuple[bool, bool]:
    """Whether the words around an answer say that it corrects one, and whether they take it back."""
    number, at = _place(answer, start)
    if not 0 <= number < len(lines):
        return False, False
    line = lines[number]
    before, whole = line[max(0, at - _WIDTH) : at], line[:_WIDTH]
    above = _line_above(lines, number)
    new = _CORRECTS.search(before) is not None or _CORRECTS.search(above) is not None
    back = any(_is_said(_TAKES_BACK, part) for part in (whole, above))
    return new, back


def _is_said(words: re.Pattern[str], text: str) -> bool:
    """Whether a text says one of these words, and not that it is not so."""
    return any(not _NOT_SO.search(text, 0, found.start()) for found in words.finditer(text))


def _line_above(lines: Sequence[str], number: int) -> str:
    """The line above a line, or above an empty one above it, if it speaks of what follows; nothing if it does not."""
    for above in (number - 1, number - 2):
        line = lines[above].strip()[:_WIDTH] if above >= 0 else ""
        if line:
            return line if line.endswith(":") or line.startswith(("#", "**", "\\section", "\\paragraph")) else ""
    return ""
