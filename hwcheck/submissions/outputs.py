"""What a program printed: which numbers belong to which name.

``W1 = [[...]]``, ``W1: 0.5``, ``W1 [[...]]`` and a heading ``W1`` above an array name what they print. What is printed
without a name belongs to the names that the source prints, if there are as many of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from hwcheck.errors import Fault, InputError, Location
from hwcheck.located import List, Scalar
from hwcheck.submissions.array_text import looks_like_array
from hwcheck.submissions.beginnings import ARRAY, NUMBER, NUMBER_START
from hwcheck.submissions.handed_over import printed_value
from hwcheck.submissions.labels import clean_label, is_name
from hwcheck.submissions.model import Answer
from hwcheck.submissions.plain_type import parted
from hwcheck.submissions.printed import looks_like_rows
from hwcheck.submissions.printers import NUMBER_LINE, PAGE, printed_block, without_print

__all__ = [
    "Printed",
    "bare_names",
    "displayed_name",
    "html_table",
    "printed_answers",
    "printed_side_by_side",
    "shown_name",
    "shown_names",
    "shows_others",
    "tuple_answers",
]

_ANSI = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")
# Names have at most 60 characters, so that no line is gone through more often than that.
_LABELLED = re.compile(r"[ \t>*\-]{0,8}(?P<name>(?:[∂∇\\]|[^\W\d])[^=:\n]{0,60}?)[ \t]*(?::=|->|→|=|:)(?!=)[ \t]*")
_BESIDE = re.compile(
    r"[ \t]{0,8}(?P<name>[^\W\d][\w./()'∂∇]{0,40}(?:\[[0-9, ]{1,20}\])*)[ \t]+"
    rf"(?={ARRAY}|{NUMBER_START}\S*[ \t]*$)"
)
_HEADING = re.compile(r"[ \t#*]{0,8}(?P<name>(?:[∂∇\\]|[^\W\d])[^\s=:]{0,60})[ \t]*:?[*]{0,2}[ \t]*")
_NEXT = re.compile(
    rf"(?:[,;]?[ \t]+|[,;])(?=[^\W\d][\w.]{{0,30}}(?:\[[0-9, ]{{1,20}}\])?[ \t]*[=:][ \t]*(?:{NUMBER_START}|{ARRAY}))"
)
# The same behind an array, where only a gap stands between a name and its value: h [0.85 0.48] y 0.19
_NEXT_BESIDE = re.compile(
    rf"[,;]?[ \t]+(?=[^\W\d][\w.]{{0,40}}(?:\[[0-9, ]{{1,20}}\])?[ \t]+(?:{NUMBER_START}[^\s,;]*[ \t]*$|{ARRAY}))",
    re.MULTILINE,
)
_STARTS_ARRAY = re.compile(rf"[ \t]*{ARRAY}")
_STARTS_NUMBER = re.compile(rf"[ \t]*{NUMBER_START}\S*[ \t]*$")
_MARKS = " \t*`$#>-"
_NO_NAMES = {"ans"}  # what MATLAB calls what has no name
_ROWS = re.compile(rf"(?:(?!\Z){NUMBER_LINE})+")
_SAME = re.compile(
    r"^(?:(?:the|net|total|weighted|input|activation|unit|node|neuron|of|to|at)[ \t]{1,9}){1,6}", re.IGNORECASE
)
_PRINTS_SEVERAL = re.compile(r"print\((?P<names>[^\W\d]\w{0,60}(?:[ \t]?,[ \t]?[^\W\d]\w{0,60}){1,20})\)")
_WORD = re.compile(r"\S+")
_ONE_NUMBER = re.compile(NUMBER)
# Of dicts: W1 in them is the gradient of W1, what it becomes or was, or what is expected of it.
_OTHERS = re.compile(
    r"(?:d(?![a-z]{2})|grad|delta|nabla|jac|new|updat|init|param|weight)"
    r"|(?:\w*_|\b)(?:expect|error|err\b|diff|old|prev|before|ref\b|reference|target|solution|key|truth|tol|check|wrong|book)",
    re.IGNORECASE,
)
_SHOWN_ENTRY = re.compile(r"[^\W\d]\w{0,60}(?:\.\w{1,60}|\[['\"]\w{1,60}['\"]\]){1,4}")
_ROW = re.compile(r"<tr[^<>]{0,200}>(?P<cells>(?:(?!</?tr)[\s\S]){0,20000})")
_CELL = re.compile(r"<td[^<>]{0,200}>\s{0,80}(?P<text>[^<>]{0,200}?)\s{0,80}</td>")
_BRACKET_OR_COMMA = re.compile(r"[\[({\])},]")
_ENTRY = re.compile(r"\s{0,80}(?P<quote>['\"])(?P<name>[^'\"\n]{1,60})(?P=quote)[ \t]{0,9}:[ \t]{0,9}")
_BRACKET = re.compile(r"[\[({]|[\])}]")

_OPTIONAL = r"(?:\.(?:round|numpy|detach|tolist|item|cpu|data|squeeze|values)(?:\([^()\n]{0,40}\))?)*"
_VARIABLE = r"(?P<name>[^\W\d]\w{0,60}(?:\.grad)?(?:\[[0-9, :]{1,20}\]){0,3})"
_PRINTS = re.compile(rf"print\([ \t]*(?:np\.round\([ \t]*)?{_VARIABLE}{_OPTIONAL}(?:,[ \t]*[0-9]+\))?[ \t]*\)[ \t]*;?")
_SHOWS = re.compile(rf"(?:display\([ \t]*)?{_VARIABLE}{_OPTIONAL}[ \t]*\)?[ \t]*")
_SHOWS_SEVERAL = re.compile(r"[^\W\d]\w{0,60}(?:[ \t]?,[ \t]?[^\W\d]\w{0,60}){1,20}")
_DISPLAYS = re.compile(rf"^display\([ \t]*{_VARIABLE}{_OPTIONAL}[ \t]*\)", re.MULTILINE)


class Printed(NamedTuple):
    """The answers in what was printed, and what could not be read of it."""

    answers: list[Answer]
    notes: list[Fault]


class _Piece(NamedTuple):
    """A value that was printed, where it begins, and its name or nothing."""

    name: str
    text: str
    start: int


def bare_names(source: str) -> list[str]:
    """The variables that a cell prints without naming them, in order: ``print(W1)``."""
    return [found["name"] for line in source.split("\n") if (found := _PRINTS.fullmatch(line.rstrip()))]


def shown_name(source: str) -> str:
    """The variable that a cell's last line shows, as ``W1`` alone does; nothing where it does something else."""
    last = source.rstrip().rsplit("\n", 1)[-1].rpartition(";")[2].strip()
    found = _SHOWS.fullmatch(last)
    return found["name"] if found else ""


def displayed_name(source: str) -> str:
    """The variable that a cell displays, where it displays one."""
    found = [match["name"] for match in _DISPLAYS.finditer(source)]
    return found[0] if len(found) == 1 else ""


def shown_names(source: str) -> list[str]:
    """The variables that a cell's last line shows side by side, as ``I6, O6`` does; none where it is something else."""
    last = source.rstrip().rsplit("\n", 1)[-1]
    return [name.strip() for name in last.split(",")] if _SHOWS_SEVERAL.fullmatch(last) else []


def shows_others(source: str) -> bool:
    """Whether a cell prints or shows a part of something that is called otherwise than answers: ``d['grads']``."""
    lines = source.rstrip().split("\n")
    shown = [line.strip()[6:] for line in lines if line.strip().startswith("print(")] + lines[-1:]
    parts = [found.group() for line in shown if "{" not in line for found in _SHOWN_ENTRY.finditer(line[:400])]
    return any(_OTHERS.match(word) for part in parts for word in re.findall(r"\w+", part))


def tuple_answers(text: str, place: Location, names: Sequence[str]) -> list[Answer]:
    """The answers in a tuple that shows variables side by side; none where it has not as many items."""
    try:
        value = printed_value(text, place._replace(line=1, column=1)).value
    except InputError:
        return []
    if not (text[:1] == "(" and isinstance(value, List) and len(value.items) == len(names)):
        return []
    return [Answer(name, item, item.location, loose=True) for name, item in zip(names, value.items, strict=True)]


def printed_answers(
    text: str, place: Location, bare: Sequence[str] = (), skipped: int = 0, *, others: bool = False
) -> Printed:
    """The answers in a printed text; ``bare`` are the names of what is printed without one.

    Where ``others`` is set, or such a name says so, the entries of a dict are no answers to their names.

    ``place`` is that of the text; lines and columns within it count from 1, behind so many lines ``skipped``.
    """
    text = parted(without_print(_ANSI.sub("", text)))
    frame = len(bare) == 1 and _is_frame(text)
    whole = [] if others or any(map(_OTHERS.match, bare)) else _dict_pieces(text)
    pieces = [_Piece(bare[0], text, 0)] if frame else whole or list(_pieces(text))
    if not pieces and len(bare) == 1 and looks_like_array(text):
        pieces = [_Piece("", text.rstrip(), 0)]
    nameless = sum(not piece.name for piece in pieces)
    result = Printed([], [])
    if bare and nameless and nameless != len(bare):
        rule = f"values printed without a name: {nameless}, print calls without one: {len(bare)}"
        result.notes.append(Fault(place, f"{rule}; print a name with each"))
    names = iter(bare if nameless == len(bare) else ())
    line, begin, seen = 1 + skipped, 0, 0
    for piece in pieces:
        line += text.count("\n", seen, piece.start)
        begin = text.rfind("\n", seen, piece.start) + 1 or begin
        seen = piece.start
        name = _name_in_words(piece.name) or next(names, "")
        if not name:
            continue
        start = Location(place.file, line, piece.start - begin + 1)
        try:
            found = printed_value(piece.text, start)
        except InputError as error:  # told where the name is one that is asked
            shown = Scalar(piece.text[:200], start)
            result.answers.append(Answer(name, shown, start, loose=True, fault=error.faults[0]))
        else:
            result.answers.append(Answer(name, found.value, start, loose=True, notes=found.notes))
    return result


def _name_in_words(label: str) -> str:
    """The name behind words that change nothing, ``Net input I6``; the label itself where there is none."""
    if " " not in label:
        return label
    name = clean_label(_SAME.sub("", label))
    return name if is_name(name) and any(sign.isdigit() for sign in name) else label


def printed_side_by_side(text: str, place: Location, source: str) -> list[Answer]:
    """The numbers of one line that a cell printed by ``print(I6, O6)``; none where it is something else."""
    calls = [found for line in source.split("\n") if (found := _PRINTS_SEVERAL.fullmatch(line.strip()))]
    words = list(_WORD.finditer(text)) if len(text) <= 1000 else []
    if len(calls) != 1 or source.count("print(") != 1 or "\n" in text.strip("\n"):
        return []
    names = [name.strip() for name in calls[0]["names"].split(",")]
    if len(names) != len(words) or not all(_ONE_NUMBER.fullmatch(word.group()) for word in words):
        return []
    places = [place._replace(line=1, column=word.start() + 1) for word in words]
    return [
        Answer(name, Scalar(word.group(), at), at, loose=True)
        for name, word, at in zip(names, words, places, strict=True)
    ]


def html_table(text: str, place: Location, name: str) -> list[Answer]:
    """The cells of a table in HTML as a matrix of that name; nothing where it is no table, or has no such rows."""
    rows = [[cell["text"] for cell in _CELL.finditer(row["cells"])] for row in _ROW.finditer(text)]
    rows = [row for row in rows if row]
    if not (name and rows and text.count("<table") == 1 and all(len(row) == len(rows[0]) for row in rows)):
        return []
    if sum(map(len, rows)) != text.count("<td"):
        return []
    value = List(tuple(List(tuple(Scalar(cell, place) for cell in row), place) for row in rows), place)
    return [Answer(name, value, place, loose=True)]


def _dict_pieces(text: str) -> list[_Piece]:
    """The entries of a dict, ``{'O6': np.float64(0.47)}``, where that is all that was printed, and each has a name."""
    begin, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if not _ENTRY.match(text, begin + 1) or text[begin] != "{":
        return []
    closes = _closing_brackets(text)
    if closes.get(begin) != end:
        return []
    found, place = [], begin + 1
    while entry := _ENTRY.match(text, place):
        start = place = entry.end()
        while (sign := _BRACKET_OR_COMMA.search(text, place)) and sign.group() in "[({":
            place = closes.get(sign.start(), len(text))
        if sign is None:
            return []
        found.append(_Piece(entry["name"], text[start : sign.start()].rstrip(), start))
        place = sign.end()
        if sign.group() != ",":
            break
    return found if place == end or not text[place : end - 1].strip() else []


def _is_frame(text: str) -> bool:
    """Whether a printed text is a table without brackets from its first line to its last: a data frame."""
    lines = text.strip("\n").split("\n")
    return len(lines) > 1 and lines[0][:1] == " " and looks_like_rows(text)


def _pieces(text: str) -> Iterator[_Piece]:
    """The values in a text, from its first to its last line. Each character is gone over a few times at most."""
    place = 0
    heading = ""
    closes = _closing_brackets(text)
    while place < len(text):
        end = _line_end(text, place)
        page = PAGE.match(text, place, end)
        if block := _block(text, place) if heading or page else None:
            name = page["name"] if page and page["name"] not in _NO_NAMES else heading
            yield _Piece(name, block.group().rstrip(), place)
            place, heading = block.end(), ""
            continue
        begins = _STARTS_ARRAY.match(text, place, end) or _STARTS_NUMBER.match(text, place, end)
        label = None if begins else _LABELLED.match(text, place, end) or _BESIDE.match(text, place, end)
        if label and text[label.end() : end].strip():
            name = label["name"].strip(_MARKS)
            name = clean_label(name) or name if " " in name else name  # Final loss, The value of h
            piece, place = _value(text, name, label.end(), end, closes)
            yield piece
            heading = ""
        elif begins:
            piece, place = _value(text, heading, place, end, closes)
            yield piece
            heading = ""
        else:
            found = label or _HEADING.fullmatch(text, place, end)
            if found or text[place:end].strip():
                before, heading = heading, found["name"].strip(_MARKS) if found else ""
            heading = before if heading in _NO_NAMES else heading
            place = end + 1


def _block(text: str, place: int) -> re.Match[str] | None:
    """Rows of numbers, not one alone, or what MATLAB and pandas print."""
    if found := printed_block(text, place):
        return found
    rows = _ROWS.match(text, place)
    return rows if rows and len(rows.group().split()) > 1 else None


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end


def _value(text: str, name: str, start: int, end: int, closes: Mapping[int, int]) -> tuple[_Piece, int]:
    """The value that begins at a place, and where to go on: brackets until they close, else the line."""
    while start < end and text[start] in " \t":
        start += 1
    if opening := _STARTS_ARRAY.match(text, start, end):
        first = _BRACKET.search(text, start, opening.end())
        stop = closes.get(first.start(), 0) if first else 0
        if stop:
            rest = _line_end(text, stop)
            following = _NEXT.match(text, stop, rest) or _NEXT_BESIDE.match(text, stop, rest)
            return _Piece(name, text[start:stop], start), following.end() if following else rest + 1
    following = _NEXT.search(text, start, end)
    if following:
        return _Piece(name, text[start : following.start()], start), following.end()
    return _Piece(name, text[start:end].rstrip(), start), end + 1


def _closing_brackets(text: str) -> Mapping[int, int]:
    """Behind which place the bracket is closed that opens at a place; what is never closed is left out."""
    opened: list[int] = []
    closes: dict[int, int] = {}
    for found in _BRACKET.finditer(text):
        if found.group() in "[({":
            opened.append(found.start())
        elif opened:
            closes[opened.pop()] = found.end()
    return closes
