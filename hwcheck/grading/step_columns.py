"""Columns of a table whose rows are steps: what several of them give together, and which fit no quantity."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hwcheck.located import List
from hwcheck.submissions.model import Answer
from hwcheck.submissions.names import Names

__all__ = ["joined_columns", "misfit"]

_ENTRY = re.compile(r"(?P<stem>.*[^\W\d_])_?\{?(?P<number>[0-9]{1,3})\}?")


def joined_columns(answers: Sequence[Answer], names: Names) -> Sequence[Answer]:
    """The answers with one column in place of those that hold the entries of each step: w of w1 and w2."""
    groups: dict[str, dict[int, Answer]] = {}
    for answer in answers:
        if answer.steps and (entry := _ENTRY.fullmatch(answer.name)):
            groups.setdefault(entry["stem"], {})[int(entry["number"])] = answer
    found = {stem: joined for stem, columns in groups.items() if (joined := _column(stem, columns, names))}
    if not found:
        return answers
    taken = {id(answer): stem for stem in found for answer in groups[stem].values()}
    first = {stem: id(next(iter(groups[stem].values()))) for stem in found}
    return [
        found[taken[id(answer)]] if id(answer) in taken else answer
        for answer in answers
        if id(answer) not in taken or first[taken[id(answer)]] == id(answer)
    ]


def misfit(answer: Answer, names: Names) -> tuple[str, tuple[str, ...]] | None:
    """What to say of a column that holds another number of steps than its quantity holds values, and the quantity.

    It is told, not read: it may be an entry of each step's, or something else that the problem does not have.
    """
    part = names.known(answer.name) if answer.steps else None
    if part is None or part.index or names.size(part.quantity) == len(answer.steps):
        return None
    rule = f"it has a row for each of {len(answer.steps)} steps, and {part.quantity} holds {names.size(part.quantity)}"
    return f"{rule}: write an answer for each step", (part.quantity,)


def _column(stem: str, columns: dict[int, Answer], names: Names) -> Answer | None:
    """The column of a repeated quantity, of those of its entries; None where they are not all entries of each step."""
    each = [columns[number] for number in sorted(columns)]
    if sorted(columns) not in (list(range(len(each))), list(range(1, len(each) + 1))) or len(each) < 2:
        return None
    if len({len(column.steps) for column in each}) > 1:
        return None
    steps = []
    for cells in zip(*(column.steps for column in each), strict=True):
        own = [names.known(cell.name) for cell in cells]
        if all(part and not part.index for part in own):
            return None  # w1 and w2 are repeated themselves
        step = cells[0].name[len(each[0].name) :]
        part = names.known(f"{stem}{step}")
        if part is None or part.index or names.size(part.quantity) != len(each):
            return None
        steps.append(_row(f"{stem}{step}", cells))
    return each[0]._replace(name=stem, steps=tuple(steps))


def _row(name: str, cells: Sequence[Answer]) -> Answer:
    """The entries of one step as one answer."""
    values = tuple(cell.value for cell in cells)
    fault = next((cell.fault for cell in cells if cell.fault), None)
    notes = tuple(note for cell in cells for note in cell.notes)
    return cells[0]._replace(name=name, value=List(values, values[0].location), fault=fault, notes=notes)
