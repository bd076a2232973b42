"""The answers of a document while it is gone through: what was found, what names what follows, and how much it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from hwcheck.errors import Fault, InputError
from hwcheck.limits import ANSWERS, RUNNING
from hwcheck.located import List, Located, Scalar
from hwcheck.submissions.beginnings import NUMBER
from hwcheck.submissions.labels import Name
from hwcheck.submissions.loose_values import Reading
from hwcheck.submissions.model import Answer
from hwcheck.submissions.places import Places
from hwcheck.submissions.plain_array import count_cells
from hwcheck.submissions.sentences import is_supposed
from hwcheck.submissions.table_cells import Found

__all__ = ["Collected"]

_NUMBER = re.compile(NUMBER)


class Collected:
    """What was found so far in a text; ``plain`` is the same text without delimiters.

    ``label`` names a value that stands without a name; ``last`` is the equation before, which a line that begins with
    ``=`` goes on with: its name, and the number of its answer.
    """

    def __init__(self, plain: str, places: Places) -> None:
        self.answers: list[Answer] = []
        self.label: Name | None = None
        self.last: tuple[Name, int | None] | None = None
        self._plain = plain
        self._places = places
        self._cells = 0

    def add(self, name: Name, reading: Reading | None, *, typeset: bool) -> int | None:
        """Note an answer; the number it has. Raises InputError where there are too many numbers."""
        if reading is None:
            return None
        place = self._places.at(name.at)
        self._cells += count_cells(reading.value)
        if self._cells > RUNNING.values:
            rule = f"more than {RUNNING.values:,} numbers stand in this text; so many are read at most"
            raise InputError([Fault(place, rule)])
        if len(self.answers) >= ANSWERS:
            rule = f"more than {ANSWERS:,} answers stand in this text; so many are read at most"
            raise InputError([Fault(place, rule)])
        self.answers.append(self._answer(name, reading, scanned=typeset and not reading.formula))
        return len(self.answers) - 1

    def _answer(self, name: Name, reading: Reading, *, scanned: bool = False) -> Answer:
        value, formula, fault, notes = reading
        return Answer(name.text, value, self._places.at(name.at), True, scanned, formula, fault, notes)

    def named(self, name: Name, reading: Reading | None, *, typeset: bool) -> None:
        """Note the answer of an equation that a further line may go on with.

        What is worked out goes before the sum that was found for the same name just now: ``x = 2 + 3, so x = 5``.
        """
        if reading and self.last and self.last[0].text == name.text and self.last[1] == len(self.answers) - 1:
            value = self.answers[-1].value
            if isinstance(value, Scalar) and not _NUMBER.fullmatch(value.text) and not reading.formula:
                self.answers.pop()
        self.last = (name, self.add(name, reading, typeset=typeset))
        self.label = None

    def go_on(self, reading: Reading | None, label: Name | None, *, typeset: bool) -> None:
        """Note a further line of an equation: its right end goes before what was found so far."""
        if self.last is None:
            if label:
                self.named(label, reading, typeset=typeset)
            return
        name, number = self.last
        if reading is None:
            return
        aside = False
        if number is not None and number == len(self.answers) - 1:
            aside = self.answers.pop().aside
        self.last = (name, self.add(name, reading, typeset=typeset))
        if aside:
            self.answers[-1] = self.answers[-1]._replace(aside=True)

    def each(self, names: Sequence[Name], reading: Reading | None, *, typeset: bool) -> None:
        """Note the numbers of an array one by one, each under its own name; nothing where they are not as many."""
        cells = _flat(reading.value) if reading and not reading.formula and not reading.fault else []
        if reading and len(cells) == len(names):
            for name, cell in zip(names, cells, strict=True):
                self.add(name, Reading(cell, notes=reading.notes), typeset=typeset)

    def aside(self, name: Name | None, reading: Reading | None, begin: int) -> None:
        """Note what is said in passing: numbers, and not of what would be otherwise. The value stands at ``begin``."""
        if name and reading and not reading.formula and not is_supposed(self._plain, begin):
            number = self.add(name, reading, typeset=False)
            if number is not None:
                self.answers[number] = self.answers[number]._replace(aside=True)

    def rows(self, rows: Iterable[Found], otherwise: int) -> None:
        """Note the answers of a table; those without a place of their own stand at ``otherwise``."""
        for found in rows:
            at = otherwise if found.at is None else found.at
            number = self.add(Name(found.name, at), found.reading, typeset=False)
            if number is not None and found.steps:
                steps = tuple(self._answer(Name(step.name, step.at or at), step.reading) for step in found.steps)
                self.answers[number] = self.answers[number]._replace(steps=steps)
        self.label = self.last = None


def _flat(value: Located) -> list[Scalar]:
    """The cells of an array, row by row. As deep as it nests."""
    if isinstance(value, List):
        return [cell for item in value.items for cell in _flat(item)]
    return [value] if isinstance(value, Scalar) else []
