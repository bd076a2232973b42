"""Answers that give the steps of a repetition all at once, taken step by step.

Such are a list under the name of what is repeated, ``h: [0.1, 0.2]`` where h[1] and h[2] are asked, and a table's
column whose rows are the steps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from hwcheck.grading.step_columns import joined_columns
from hwcheck.limits import UNKNOWN_STEPS
from hwcheck.located import List
from hwcheck.problem.model import Problem
from hwcheck.submissions.model import Answer
from hwcheck.submissions.names import Names
from hwcheck.submissions.notes import Note
from hwcheck.submissions.spellings import folded

__all__ = ["step_by_step"]

_MEMBER = re.compile(r"(.*)\[(-?[0-9]{1,6})\](\)?)")


def step_by_step(answers: Iterable[Answer], problem: Problem, names: Names) -> Iterator[Answer]:
    """The answers, each of those that give several steps as one for each step; what gives none is as it was."""
    repeated = _repeated(tuple(question.name for question in problem.questions))
    for answer in joined_columns(tuple(answers), names):
        if answer.steps:
            yield from _of_column(answer, names)
        elif repeated:
            yield from _of_list(answer, repeated.get(folded(answer.name), ()))
        else:
            yield answer


@lru_cache(maxsize=16)
def _repeated(asked: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """The steps of each repeated quantity that are asked, in order, by the name without its step."""
    found: dict[str, dict[int, str]] = {}
    for name in asked:
        if (member := _MEMBER.fullmatch(name)) and "[" not in member[1]:
            found.setdefault(folded(member[1] + member[3]), {})[int(member[2])] = name
    return {key: tuple(steps[step] for step in sorted(steps)) for key, steps in found.items()}


def _of_list(answer: Answer, steps: Sequence[str]) -> Iterable[Answer]:
    """A list with an item for each of several steps is an answer to each of them."""
    value = answer.value
    if len(steps) < 2 or not isinstance(value, List) or len(value.items) != len(steps):
        return [answer]
    each = [
        answer._replace(name=name, value=item, location=item.location)
        for name, item in zip(steps, value.items, strict=True)
    ]
    each[0] = each[0]._replace(notes=(*answer.notes, *_by_rows(value, steps)))
    return each


def _by_rows(value: List, steps: Sequence[str]) -> Iterable[Note]:
    """What to say of a table with as many columns as rows, whose steps could be either."""
    if all(isinstance(row, List) and len(row.items) == len(steps) for row in value.items):
        rule = f"each row of {len(steps)} x {len(steps)} is read as a step, {steps[0]} first"
        yield Note(value.location, f"{rule}; where the columns are the steps, write each as an answer")


def _of_column(answer: Answer, names: Names) -> Iterable[Answer]:
    """A table's column row by row where the problem has its steps, and not the whole."""
    if names.known(answer.name) is None or all(names.known(step.name) for step in answer.steps):
        return list(_known(answer.steps, names)) or [answer]
    return [answer]


def _known(steps: Iterable[Answer], names: Names) -> Iterator[Answer]:
    """The steps that the problem has; what follows too many unknown ones is not looked at, for each takes its time."""
    unknown = 0
    for step in steps:
        if names.known(step.name) is not None:
            yield step
        elif (unknown := unknown + 1) > UNKNOWN_STEPS:
            return
