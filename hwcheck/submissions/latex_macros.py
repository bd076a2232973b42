r"""The own commands of a LaTeX document, written out: ``\newcommand{\net}[1]{I_{#1}}``, ``\def\E{E_{total}}``.

Only what a command stands for is put in its place; nothing is run. A text may grow to twice its length and no further,
and a command that is made of others is written out a few times at most, so that none can make a text endless.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping
from itertools import islice
from typing import NamedTuple

from hwcheck.limits import MACROS, SCANS
from hwcheck.submissions.places import Expanded

__all__ = ["written_out"]

_DEFINED = re.compile(
    r"\\(?:(?:re|provide)?newcommand|providecommand|DeclareRobustCommand)\*?\s?\{?\s?\\(?P<name>[A-Za-z]{1,30})\s?\}?"
    r"\s?(?:\[(?P<count>[1-4])\])?\s?(?=\{)"
    r"|\\def\s?\\(?P<short>[A-Za-z]{1,30})(?P<numbers>(?:\#[1-4]){0,4})\s?(?=\{)"
    r"|\\DeclareMathOperator\*?\s?\{\s?\\(?P<operator>[A-Za-z]{1,30})\s?\}\s?(?=\{)"
)
_COMMAND = re.compile(r"\\([A-Za-z]{1,30})")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_BLANKS = re.compile(r"[ \t]*")
_PARAMETER = re.compile(r"#([1-4])")


class _Macro(NamedTuple):
    takes: int
    body: str


class _Span(NamedTuple):
    begin: int
    end: int


def written_out(text: str) -> Expanded | None:
    """The text with its own commands written out; None where it defines none."""
    macros: dict[str, _Macro] = {}
    parts, at = [], 0
    for found in islice(_DEFINED.finditer(text), MACROS.parts):
        end = _closing(text, found.end()) if found.start() >= at else -1
        if end < 0:
            continue
        body = text[found.end() + 1 : end - 1].replace("\n", " ")
        count = int(found["count"] or 0) or len(found["numbers"] or "") // 2
        name = found["name"] or found["short"] or found["operator"]
        macros[name] = _Macro(count, f"\\operatorname{{{body}}}" if found["operator"] else body)
        parts += [text[at : found.start()], re.sub(r"[^\n]", " ", text[found.start() : end])]
        at = end
    if not macros:
        return None
    source = "".join([*parts, text[at:]])
    expanded = Expanded(source, source, array("I", range(len(source))))
    limit = 2 * len(source) + MACROS.characters
    for _ in range(MACROS.passes):
        further = _once(expanded, macros, limit)
        if further is None:
            break
        expanded = further
    return expanded


def _closing(text: str, begin: int) -> int:
    """Behind which place the brace that opens at ``begin`` is closed; -1 where that is too far away."""
    depth = 0
    for found in _BRACE.finditer(text, begin, begin + MACROS.characters):
        depth += {"{": 1, "}": -1}.get(found.group(), 0)
        if not depth:
            return found.end()
    return -1


def _once(given: Expanded, macros: Mapping[str, _Macro], limit: int) -> Expanded | None:
    """Each command written out once; None where there is none, or the text would grow too long."""
    text, parts, origins, at = given.text, list[str](), array("I"), 0
    budget, uses = SCANS * len(text), 0
    for found in _COMMAND.finditer(text):
        macro = macros.get(found[1])
        if macro is None or found.start() < at or budget < 0 or uses == MACROS.uses:
            continue
        uses += 1
        arguments = _arguments(text, found.end(), macro.takes)
        budget -= arguments[-1].end - found.end() if arguments else MACROS.characters * macro.takes
        if arguments is None:
            continue
        parts.append(text[at : found.start()])
        origins += given.origins[at : found.start()]
        here = given.origins[found.start()]
        for number, piece in enumerate(_PARAMETER.split(macro.body)):
            span = arguments[int(piece) - 1] if number % 2 and int(piece) <= len(arguments) else None
            parts.append(text[slice(*span)] if span else piece * (number % 2 == 0))
            origins += given.origins[slice(*span)] if span else array("I", [here]) * len(parts[-1])
            if len(origins) > limit:
                return None
        at = found.end() if not arguments else arguments[-1].end + (text[arguments[-1].begin - 1] == "{")
    if not parts:
        return None
    return Expanded("".join([*parts, text[at:]]), given.source, origins + given.origins[at:])


def _arguments(text: str, begin: int, count: int) -> list[_Span] | None:
    """What stands in the braces behind a command; a single sign needs none."""
    found: list[_Span] = []
    for _ in range(count):
        blanks = _BLANKS.match(text, begin)
        begin = blanks.end() if blanks else begin
        if text[begin : begin + 1] == "{":
            end = _closing(text, begin)
            if end < 0:
                return None
            found.append(_Span(begin + 1, end - 1))
            begin = end
        elif begin < len(text):
            found.append(_Span(begin, begin + 1))
            begin += 1
        else:
            return None
    return found
