"""Names that say what is meant only together with the other answers of the sheet, or with their value.

Entries that are counted from 1 throughout, though the problem counts from 0; a list over the steps of a repetition; a
number that is lowered together with a word (``net_{h1}``). What has one sensible reading gets the name that says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from hwcheck.errors import Fault
from hwcheck.located import List
from hwcheck.problem.model import Problem
from hwcheck.submissions.model import Answer
from hwcheck.submissions.names import Names
from hwcheck.submissions.notes import Note
from hwcheck.submissions.spellings import folded, spaceless

__all__ = ["Renamed", "renamed"]

_MEMBER = re.compile(r"(.*)\[(-?[0-9]{1,6})\](\)?)")
_LOWERED = re.compile(r"(?P<name>.{0,100}_\s?\{?[^\W\d_]{1,20})(?P<number>[0-9]{1,3})(?P<behind>[\s}$]{0,9})")
_ENTRY = re.compile(r"[\[_^({]\s?\{?\s?[0-9]|[₀-₉]")
_NEW = re.compile(r"(?P<name>[^\W\d][\w{}]{0,9}?)(?:_?(?:new|\{new\})|\^?\{?[+⁺'′]\}?|\^\{?new\}?)")


class Renamed(NamedTuple):
    """The answers with names that say without doubt what they are, and a note on the first that was counted anew."""

    answers: tuple[Answer, ...]
    note: Fault | None = None


def renamed(answers: Iterable[Answer], problem: Problem, names: Names) -> Renamed:
    """Replace such names by those that say it without doubt; the note tells that entries are counted from 1."""
    plainer = [_plainer(answer, problem, names) for answer in _members(answers, problem)]
    found = _from_one(plainer, names) if problem.indexing == 0 else {}
    if not found:
        return Renamed(tuple(plainer))
    first = next(answer for answer in plainer if answer.name in found)
    note = Fault(first.location, f"entries are counted from 1 here: {first.name} is read as {found[first.name]}")
    return Renamed(tuple(answer._replace(name=found.get(answer.name, answer.name)) for answer in plainer), note)


@lru_cache(maxsize=16)
def _families(members: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """The members of each repeated quantity, in order, by the name without its step."""
    found: dict[str, dict[int, str]] = {}
    for name in members:
        if (member := _MEMBER.fullmatch(name)) and "[" not in member[1]:
            found.setdefault(spaceless(member[1] + member[3]), {})[int(member[2])] = name
    return {key: tuple(steps[step] for step in sorted(steps)) for key, steps in found.items()}


def _members(answers: Iterable[Answer], problem: Problem) -> list[Answer]:
    """A list under the name of a repeated quantity is an answer for each of the steps that are asked."""
    asked = tuple(question.name for question in problem.questions)
    families = _families(asked)
    found: list[Answer] = []
    for answer in answers:
        steps = () if answer.steps else families.get(spaceless(answer.name), ())
        if len(steps) > 1 and isinstance(answer.value, List) and len(answer.value.items) == len(steps):
            each = [
                answer._replace(name=name, value=item, location=item.location)
                for name, item in zip(steps, answer.value.items, strict=True)
            ]
            each[0] = each[0]._replace(notes=(*answer.notes, *_by_rows(answer.value, steps)))
            found += each
        else:
            found.append(answer)
    return found


def _by_rows(value: List, steps: tuple[str, ...]) -> Iterable[Note]:
    """What to say of a table with as many columns as rows, whose steps could be either."""
    if all(isinstance(row, List) and len(row.items) == len(steps) for row in value.items):
        rule = f"each row of {len(steps)} x {len(steps)} is read as a step, {steps[0]} first"
        yield Note(value.location, f"{rule}; where the columns are the steps, write each as an answer")


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

    At least one must be beyond the last when counted from 0, and one the first when counted
    from 1: h[2] alone may be a slip.
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
