"""A submission, or located values alone, as JSON can hold them: so the helper process sends what it has read.

Numbers and names of all values stand in one list in the order in which they are met, and their places in others: JSON
is read and written fastest so. The trees only say how many of them belong together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from hwcheck.errors import Fault, Location
from hwcheck.located import Block, List, Located, Map, Scalar
from hwcheck.submissions.model import Answer, Submission
from hwcheck.submissions.notes import Note

__all__ = ["submission_from_json", "submission_to_json", "values_from_json", "values_to_json"]


def submission_to_json(submission: Submission) -> list[Any]:
    """The submission as lists, texts and numbers. As deep as its values nest."""
    writer = _Writer()
    return writer.sent(writer.submission(submission))


def submission_from_json(sent: Any) -> Submission:
    """What ``submission_to_json`` was given."""
    reader, rest = _opened(sent)
    return reader.submission(rest)


def values_to_json(values: Iterable[Located]) -> list[Any]:
    """Values as lists, texts and numbers. As deep as they nest."""
    writer = _Writer()
    return writer.sent(list(map(writer.value, values)))


def values_from_json(sent: Any) -> list[Located]:
    """What ``values_to_json`` was given."""
    reader, rest = _opened(sent)
    return list(map(reader.value, rest))


def _opened(sent: Any) -> tuple[_Reader, Any]:
    """What reads the trees, and these."""
    files, texts, numbers, lines, columns, quoted, rest = sent
    new = tuple.__new__  # a NamedTuple without its Python-level constructor, which takes most of the time
    places = (new(Location, (files[number], *place)) for number, *place in zip(numbers, lines, columns, strict=True))
    scalars = (
        new(Block if how == "2" else Scalar, (text, place, how != "0"))
        for text, place, how in zip(texts, places, quoted, strict=True)
    )
    return _Reader(files, scalars), rest


class _Writer:
    """Writes, and numbers the files that places are in."""

    def __init__(self) -> None:
        self.files: dict[str, int] = {}
        self.scalars: list[Scalar] = []

    def submission(self, given: Submission) -> list[Any]:
        answers = list(map(self.answer, given.answers))
        faults, notes = (list(map(self.fault, each)) for each in (given.faults, given.notes))
        place = self.place(given.problem_at)
        return [given.file, given.student, given.problem, answers, place, faults, notes]

    def sent(self, rest: list[Any]) -> list[Any]:
        """What was written, once the trees are: the files, the scalars field by field, and the trees."""
        files, lines, columns = (
            zip(*(scalar.location for scalar in self.scalars), strict=True) if self.scalars else ((),) * 3
        )
        numbers = [self.files.setdefault(file, len(self.files)) for file in files]
        quoted = "".join("2" if isinstance(scalar, Block) else "01"[scalar.quoted] for scalar in self.scalars)
        return [list(self.files), [scalar.text for scalar in self.scalars], numbers, lines, columns, quoted, rest]

    def answer(self, answer: Answer) -> list[Any]:
        return [
            *(answer.name, self.value(answer.value), self.place(answer.location)),
            *(answer.loose, answer.scanned, answer.formula, answer.fault and self.fault(answer.fault)),
            *(
                [[self.place(note.location), note.message] for note in answer.notes],
                list(map(self.answer, answer.steps)),
                answer.aside,
            ),
        ]

    def value(self, value: Located) -> Any:
        """Nothing for a scalar; how many, or what, a list holds, and its place; the same of a mapping."""
        if isinstance(value, Scalar):
            self.scalars.append(value)
            return None
        if isinstance(value, List):
            if all(isinstance(item, Scalar) for item in value.items):
                self.scalars += value.items  # type: ignore[arg-type]
                return [len(value.items), *self.place(value.location)]
            return [list(map(self.value, value.items)), *self.place(value.location)]
        entries = []
        for key, entry in value.entries:
            self.scalars.append(key)
            entries.append(self.value(entry))
        return [entries, *self.place(value.location), "map"]

    def place(self, place: Location) -> list[int]:
        return [self.files.setdefault(place.file, len(self.files)), *place[1:]]

    def fault(self, fault: Fault) -> list[Any]:
        return [self.place(fault.location), fault.message]


class _Reader:
    """Reads what a writer wrote; ``scalars`` come in the order in which they were written."""

    def __init__(self, files: list[str], scalars: Iterator[Scalar]) -> None:
        self.files = files
        self.scalars = scalars

    def submission(self, sent: list[Any]) -> Submission:
        file, student, problem, answers, place, faults, notes = sent
        return Submission(
            *(file, student, problem, tuple(map(self.answer, answers)), self.place(place)),
            *(tuple(map(self.fault, faults)), tuple(map(self.fault, notes))),
        )

    def answer(self, sent: list[Any]) -> Answer:
        name, value, place, loose, scanned, formula, fault, notes, steps, aside = sent
        return Answer(
            *(name, self.value(value), self.place(place), loose, scanned, formula, fault and self.fault(fault)),
            *(tuple(Note(self.place(at), message) for at, message in notes), tuple(map(self.answer, steps)), aside),
        )

    def value(self, sent: Any) -> Located:
        if sent is None:
            return next(self.scalars)
        content, file, line, column, *more = sent
        place = Location(self.files[file], line, column)
        if isinstance(content, int):
            return List(tuple(islice(self.scalars, content)), place)
        if more:
            return Map(tuple((next(self.scalars), self.value(entry)) for entry in content), place)
        return List(tuple(map(self.value, content)), place)

    def place(self, sent: list[Any]) -> Location:
        return Location(self.files[sent[0]], *sent[1:])

    def fault(self, sent: list[Any]) -> Fault:
        return Fault(self.place(sent[0]), sent[1])
