"""Names that say what is meant only together with the other answers of the sheet.

Entries that are counted from 1 throughout, though the problem counts from 0; a number that is lowered together with a
word (``net_{h1}``); an entry after an update. What has one sensible reading gets the name that says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from hwcheck.errors import Fault
from hwcheck.problem.model import Problem
from hwcheck.submissions.model import Answer
from hwcheck.submissions.names import Names
from hwcheck.submissions.spellings import folded

__all__ = ["Renamed", "renamed"]

_LOWERED = re.compile(r"(?P<name>.{0,100}_\s?\{?[^\W\d_]{1,20})(?P<number>[0-9]{1,3})(?P<behind>[\s}$]{0,9})")
_ENTRY = re.compile(r"[\[_^({]\s?\{?\s?[0-9]|[₀-₉]")
_NEW = re.compile(r"(?P<name>[^\W\d][\w{}]{0,9}?)(?:_?(?:new|\{new\})|\^?\{?[+⁺'′]\}?|\^\{?new\}?)")


class Renamed(NamedTuple):
    """The answers with names that say without doubt what they are, and a note on the first that was counted anew."""

    answers: tuple[Answer, ...]
    note: Fault | None = None


def renamed(answers: Iterable[Answer], problem: Problem, names: Names) -> Renamed:
    """Replace such names by those that say it without doubt; the note tells that entries are counted from 1."""
    plainer = [_plainer(answer, problem, names) for answer in answers]
    found = _from_one(plainer, names) if problem.indexing == 0 else {}
    if not found:
        return Renamed(tuple(plainer))
    first = next(answer for answer in plainer if answer.name in found)
    note = Fault(first.location, f"entries are counted from 1 here: {first.name} is read as {found[first.name]}")
    return Renamed(tuple(answer._replace(name=found.get(answer.name, answer.name)) for answer in plainer), note)


def _plainer(answer: Answer, problem: Problem, names: Names) -> Answer:
    """An answer whose name has its number in brackets, or is that of an entry after an update."""
    new = _NEW.fullmatch(answer.name)
    part = problem.names.get(folded(new["name"])) if new else None
    if part is not None and part.quantity.endswith("_new"):  # the problem calls the new weight w1, the student w1+
        return answer._replace(name=names.told(part))
    lowered = _LOWERED.fullmatch(answer.name)
    if lowered is None or names.known(answer.name) is not None:
        return answer
    return answer._replace(name=f"{lowered['name']}{lowered['behind']}[{lowered['number']}]")


def _from_one(answers: Iterable[Answer], names: Names) -> Mapping[str, str]:
    """The names of entries that are counted from 1, and what they are: where all of a quantity's entries can be that.

    At least one must be beyond the last when counted from 0, and one the first when counted from 1: h[2] alone may be a
    slip.
    """
    parts = {answer.name: names.known(answer.name) for answer in answers if _ENTRY.search(answer.name)}
    beyond = [name for name, part in parts.items() if part is None]
    if not beyond:
        return {}
    read = {name: names.from_one.known(name) for name in parts}
    sure = {part.quantity for name in beyond if (part := read[name]) is not None and part.index}
    found: dict[str, str] = {}
    for quantity in sure:
        own = {
            name: part for name, part in read.items() if part is not None and part.quantity == quantity and part.index
        }
        zero = any(
            part is not None and part.quantity == quantity and part.index and name not in own
            for name, part in parts.items()
        )
        if not zero and len(own) > 1 and any(not any(part.index) for part in own.values()):
            found |= {name: names.told(part) for name, part in own.items()}
    return found
