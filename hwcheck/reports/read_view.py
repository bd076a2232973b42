"""What is understood of a submission as blocks and as JSON: a row for each answer, before anything is marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from hwcheck.errors import Fault
from hwcheck.grading.sheet import Reading
from hwcheck.grading.understand import Gap, Understood
from hwcheck.graph.node import Array, Shape
from hwcheck.reports.blocks import Block, Cell, Column, Heading, Listing, Paragraph, Span, Table, line
from hwcheck.reports.json import array_json, dump, fault_json
from hwcheck.reports.layout import WIDEST_GAP, wide
from hwcheck.reports.numbers import Digits, array_lines
from hwcheck.reports.wording import located_line, place_text
from hwcheck.submissions.numbers import is_blank

__all__ = ["ReadView", "is_understood", "read_json"]

SHORT = 6  # entries of which the beginning is shown
VALUE_WIDTH = 60
BLANK = "_"


class ReadView(NamedTuple):
    """One submission; ``values`` shows numbers whole."""

    understood: Understood
    values: bool = False
    width: int = 80

    def blocks(self) -> Iterator[Block]:
        """The report."""
        submission, problem = self.understood.submission, self.understood.problem
        of = f"problem {problem.id}" if problem else "for no problem that is named"
        yield Heading(f"{submission.student}, {of}", 1)
        if self.understood.readings:
            yield self._table()
        else:
            yield Paragraph(line("There is no answer in it."))
        notes = [*self._notes(), *(located_line(note, "") for note in self.understood.notes)]
        if notes:
            yield Listing(tuple(notes))
        if self.understood.faults:
            yield Heading("Not understood")
            yield Listing(tuple(located_line(fault, "wrong") for fault in self.understood.faults))
        yield from self._gaps()
        if self.understood.readings:
            yield Paragraph(line(_summary(self.understood), "strong"))

    def _table(self) -> Table:
        """A row for each answer; without a problem, names and shapes alone."""
        known = self.understood.problem is not None
        columns = [Column("Where", fixed=True), Column("Name")]
        columns += [Column("Read as")] if known else []
        columns.append(Column("Shape", fixed=True))
        rows = [self._row(reading, known=known) for reading in self.understood.readings]
        if known:
            room = self.width - _width(columns, rows)
            columns.append(Column("Value", fixed=self.values))
            rows = [
                (*row, self._value(reading, room)) for row, reading in zip(rows, self.understood.readings, strict=True)
            ]
        return Table(tuple(columns), tuple(rows))

    def _row(self, reading: Reading, *, known: bool) -> tuple[Cell, ...]:
        """All but the value."""
        answer = reading.answer
        cells: list[Cell] = [(line(place_text(answer.location)),), (line(answer.name, "name"),)]
        if known:
            cells.append((self._read_as(reading),))
        cells.append(tuple(line(text, "faint") for text in _shapes(reading)))
        return tuple(cells)

    def _read_as(self, reading: Reading) -> tuple[Span, ...]:
        if reading.part is None or self.understood.names is None:
            return line("?", "wrong")
        told = self.understood.names.told(reading.part)
        return line(told) if reading.counted else (*line(told), *line(" (does not count)", "missing"))

    def _value(self, reading: Reading, room: int) -> Cell:
        if reading.formula:
            return (line(reading.formula),)
        if reading.values is None:
            return (line("?", "wrong") if reading.faults else line(BLANK, "missing"),)
        if np.isnan(reading.values).all():
            return (line("?", "wrong") if reading.faults else line(BLANK, "missing"),)
        if self.values:
            name = reading.part.quantity if reading.part else reading.answer.name
            first = self.understood.problem.indexing if self.understood.problem else 0
            return array_lines(name, reading.values, Digits.given(), VALUE_WIDTH, nan=BLANK, first=first)
        return (line(_short(reading.values, room)),)

    def _notes(self) -> Iterator[tuple[Span, ...]]:
        """What is to be said about how answers are read, a line each."""
        for reading in self.understood.readings:
            for note in (*reading.notes, *_blanks(reading)):
                place = f"{place_text(reading.answer.location)} "
                yield (Span(place, "faint"), Span(reading.answer.name, "name"), Span(f": {note}"))

    def _gaps(self) -> Iterator[Block]:
        gaps = self.understood.gaps
        none = [gap.question for gap in gaps if not gap.answered]
        some = [_partly(gap) for gap in gaps if gap.answered]
        if some:
            yield Paragraph(line(f"Answered in part: {', '.join(some)}."))
        if none:
            yield Paragraph(line(f"No answer yet: {', '.join(none)}."))
        if self.understood.problem is None:
            advice = "Say --problem, or 'problem: ID' in the file, to see what the names are read as."
            yield Paragraph(line(advice, "faint"))


def _partly(gap: Gap) -> str:
    return f"{gap.question} ({gap.answered} of {gap.entries} entries)"


def _shapes(reading: Reading) -> Iterator[str]:
    """The shape as handed in, and as it is read if that is another."""
    if reading.formula:
        yield "formula"
        return
    if reading.shape is None:
        yield "?"
        return
    yield _shape(reading.shape)
    if reading.fits and reading.values is not None and reading.values.shape != reading.shape:
        yield f"as {_shape(reading.values.shape)}"


def _shape(shape: Shape) -> str:
    return "x".join(map(str, shape)) or "-"


def _width(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> int:
    """The width of columns, with the gap behind each."""
    titles = [len(column.title) for column in columns]
    return sum(
        max(title, *(wide(text) for row in rows for text in row[i])) + WIDEST_GAP for i, title in enumerate(titles)
    )


def _short(values: Array, room: int) -> str:
    """The first numbers, row by row: as many as have room on one line, but at least one."""
    digits = Digits.given()
    numbers = values.reshape(-1).tolist()
    texts = [BLANK if np.isnan(number) else digits.text(number) for number in numbers[:SHORT]]
    for count in range(len(texts), 0, -1):
        told = "  ".join(texts[:count]) + (" ..." if count < len(numbers) else "")
        if len(told) <= room:
            break
    return told


def _blanks(reading: Reading) -> Iterator[str]:
    """How many entries are left blank, where others are not."""
    blank = sum(map(is_blank, reading.texts))
    if 0 < blank < len(reading.texts):
        yield f"{blank} of {len(reading.texts)} entries left blank"


def is_understood(understood: Understood) -> bool:
    """Whether every name, number and shape in it has a meaning."""
    return not understood.faults and all(reading.fits for reading in understood.readings)


def _summary(understood: Understood) -> str:
    total = len(understood.readings)
    known = sum(not reading.faults and reading.fits for reading in understood.readings)
    answers = f"{known} of {total} {'answer is' if total == 1 else 'answers are'} understood"
    return f"{answers}." if known == total else f"{answers}; the others have a fault or another shape."


def read_json(all_understood: Sequence[Understood], failures: Sequence[tuple[str, Sequence[Fault]]]) -> str:
    """What is understood of each submission, as one document."""
    document: dict[str, Any] = {"submissions": [_submission(understood) for understood in all_understood]}
    if failures:
        document["not_read"] = [
            {"submission": file, "faults": [fault_json(fault) for fault in faults]} for file, faults in failures
        ]
    return dump(document)


def _submission(understood: Understood) -> dict[str, Any]:
    submission, problem = understood.submission, understood.problem
    return {
        "submission": submission.file,
        "student": submission.student,
        "problem": None if problem is None else problem.id,
        "understood": is_understood(understood),
        "answers": [_answer(reading, understood) for reading in understood.readings],
        "notes": [fault_json(note) for note in understood.notes],
        "faults": [fault_json(fault) for fault in understood.faults],
        "gaps": [gap._asdict() for gap in understood.gaps],
    }


def _answer(reading: Reading, understood: Understood) -> dict[str, Any]:
    place = reading.answer.location
    part, names = reading.part, understood.names
    known = reading.fits and reading.values is not None
    return {
        "name": reading.answer.name,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "read_as": None if part is None or names is None else names.told(part),
        "counts": reading.counted,
        "shape": None if reading.shape is None else list(reading.shape),
        "shape_read": list(reading.values.shape) if known and reading.values is not None else None,
        "value": None if reading.values is None else array_json(reading.values),
        "formula": reading.formula or None,
        "notes": [*reading.notes, *_blanks(reading)],
        "faults": [fault_json(fault) for fault in reading.faults],
    }
