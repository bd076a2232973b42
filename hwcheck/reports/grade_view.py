"""Results as blocks: one student in detail, or a row for each of many.

``feedback`` says how much is told. Below ``full`` nothing that derives from a reference value is put into a block: no
expected number, no difference, and no allowed one, which may be a share of the reference.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from itertools import compress
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hwcheck.errors import Fault
from hwcheck.grading.result import Comparison, MarkedAnswer, Mask, Result
from hwcheck.graph.node import Array
from hwcheck.reports.blocks import Block, Cell, Column, Heading, Line, Listing, Paragraph, Span, Table, line
from hwcheck.reports.numbers import Digits, array_lines, index_text
from hwcheck.reports.wording import (
    accepted_text,
    candidates_line,
    cause_line,
    follows_text,
    joined,
    located_line,
    own_text,
    review_names,
    review_text,
    slips_text,
)

__all__ = ["FEEDBACK", "Failure", "GradeView", "class_blocks", "points_text"]

FEEDBACK = ("score", "verdict", "hint", "full")
SHOWN = 5
MARKED_ROWS = 64
UNSEEN = 1e-9
NAMED = 24
DETAILED = ("wrong", "unreadable")
SIGNS = {"wrong": "*", "carried": "~", "missing": "_"}


class Failure(NamedTuple):
    """A submission that could not be graded, why in a line, and every fault that was found in it."""

    submission: str
    reason: str
    faults: tuple[Fault, ...] = ()


class GradeView(NamedTuple):
    """One student's result."""

    result: Result
    feedback: str = "full"
    width: int = 80

    def blocks(self) -> Iterator[Block]:
        """The report."""
        yield Heading(f"{self.result.student}, problem {self.result.problem}", 1)
        if self.feedback != "score":
            yield self._table()
            if self._tells("hint"):
                yield from self._notes()
                for answer in self.result.answers:
                    yield from self._details(answer)
                yield from self._more()
                yield from self._read_as()
            if self.result.not_asked:
                yield Paragraph(line(f"Answered, but not asked: {', '.join(self.result.not_asked)}."))
        yield Paragraph(self._summary())

    def _tells(self, level: str) -> bool:
        return FEEDBACK.index(self.feedback) >= FEEDBACK.index(level)

    def _table(self) -> Table:
        """A row a question; a column of which nothing is to be told is left out."""
        columns = [Column("Question"), Column("Verdict", fixed=True), Column("Points", numeric=True)]
        columns.append(Column("Right", numeric=True))
        if self._tells("full"):
            columns += [Column("Worst", numeric=True), Column("Allowed", numeric=True)]
        rows = [self._row(answer) for answer in self.result.answers]
        told = [any(row[i] != (line(""),) for row in rows) for i in range(len(columns))]
        return Table(tuple(compress(columns, told)), tuple(tuple(compress(row, told)) for row in rows))

    def _row(self, answer: MarkedAnswer) -> tuple[Cell, ...]:
        entries = answer.entries
        cells = [
            line(answer.question.name, "name"),
            line(answer.verdict, answer.verdict if answer.verdict in ("right", "carried", "missing") else "wrong"),
            line(f"{points_text(answer.points)}/{points_text(answer.question.points)}"),
            line(f"{entries.right + entries.carried}/{entries.total}"),
        ]
        if self._tells("full"):
            cells += [line(text) for text in _worst(answer.comparison)]
        return tuple((cell,) for cell in cells)

    def _notes(self) -> Iterator[Block]:
        """What is to be said about single answers, a line each."""
        items = [
            (Span(answer.question.name, "name"), Span(": "), *told)
            for answer in self.result.answers
            for told in self._remarks(answer)
        ]
        if items:
            yield Listing(tuple(items))

    def _read_as(self) -> Iterator[Block]:
        """How the sheet was read, where that is worth a word."""
        if self.result.notes:
            yield Heading("How it was read")
            yield Listing(tuple(located_line(note, "") for note in self.result.notes))

    def _remarks(self, answer: MarkedAnswer) -> Iterator[Line]:
        """Of one answer: the note, what it follows from, what a teacher hints; the cause where no details follow."""
        if answer.note:
            yield line(answer.note)
        if answer.review:
            yield line(review_text(answer, full=self._tells("full")), "missing")
        follows = follows_text(answer)
        if follows:
            yield line(f"{follows}{self._own_example(answer)}", "carried")
        if not _is_detailed(answer):
            yield from self._explained(answer)
        if answer.verdict not in ("right", "carried"):
            yield from (line(f"Hint: {hint}") for hint in answer.question.hints)

    def _own_example(self, answer: MarkedAnswer) -> str:
        """The first carried entry with its numbers, which derive from the reference's way of computing."""
        comparison = answer.comparison
        if not self._tells("full") or comparison is None or comparison.own is None or comparison.carried is None:
            return ""
        index = next((tuple(map(int, found)) for found in np.argwhere(comparison.carried)), None)
        if index is None:
            return ""
        which = f"; at {index_text('', index, self.result.indexing)} " if index else "; "
        return f"{which}{_own(comparison, index)}"

    def _explained(self, answer: MarkedAnswer) -> Iterator[Line]:
        """What probably went wrong, or what it may have been."""
        full = self._tells("full")
        if answer.cause is not None:
            yield cause_line(answer.cause, full=full, of=answer.question.name)
        elif answer.candidates:
            yield candidates_line(answer.candidates, full=full)

    def _details(self, answer: MarkedAnswer) -> Iterator[Block]:
        comparison = answer.comparison
        if comparison is None or not _is_detailed(answer):
            return
        yield Heading(f"{answer.question.name}: {_found(answer)}")
        yield from map(Paragraph, self._explained(answer))
        if comparison.yours.ndim:
            lines = _marked_lines(answer, comparison, self.width, self.result.indexing)
            yield Table((Column(_legend(comparison), fixed=True),), ((lines,),))
        if self._tells("full") and answer.wrong_at:
            yield _differences(answer, comparison, self.result.indexing)

    def _more(self) -> Iterator[Block]:
        """How to read on about what probably went wrong."""
        if any(answer.cause or answer.candidates for answer in self.result.answers):
            yield Paragraph(line("'hwcheck explain NAME' says more about each name in brackets.", "faint"))

    def _summary(self) -> Line:
        result = self.result
        points = f"{points_text(result.score)} of {points_text(result.max_score)} points"
        spans = [Span(f"Score: {points} ({percent_text(result)} %).", "strong")]
        if self.feedback != "score":
            spans.append(Span(f" {slips_text(result)}"))
            reviewed = review_names(result)
            spans.append(Span(f" A person should look at {joined(reviewed)}." if reviewed else "", "missing"))
        return tuple(span for span in spans if span.text.strip())


def _is_detailed(answer: MarkedAnswer) -> bool:
    return answer.verdict in DETAILED and answer.comparison is not None


def _found(answer: MarkedAnswer) -> str:
    """How much of an answer is wrong, or where nothing is, how much could not be read."""
    entries = answer.entries
    if entries.wrong or not entries.missing:
        carried = f", {entries.carried} carried" if entries.carried else ""
        return f"{entries.wrong} of {entries.total} entries wrong{carried}"
    right = f"{entries.right + entries.carried} of {entries.total} entries right"
    return f"{right}, {entries.missing} left out or not readable"


def _worst(comparison: Comparison | None) -> tuple[str, str]:
    """The largest difference of an answered entry, measured by what is allowed there; and what is allowed there."""
    if comparison is None or np.isnan(comparison.yours).all():
        return "", ""
    # Infinity less infinity is NaN; an entry that is the same infinity is as right as can be.
    differences = np.where(comparison.yours == comparison.expected, 0.0, comparison.difference)
    with np.errstate(divide="ignore", invalid="ignore"):
        by_allowed = np.where(differences == 0, 0.0, differences / comparison.allowed)
    by_allowed = np.where(np.isnan(by_allowed), -1.0, by_allowed)
    worst = np.unravel_index(int(np.argmax(by_allowed)), by_allowed.shape)
    difference, allowed = float(differences[worst]), float(comparison.allowed[worst])
    # What float64 itself leaves is no difference to tell a person about.
    return "0" if difference <= UNSEEN * allowed else f"{difference:.2g}", f"{allowed:.2g}"


def _own(comparison: Comparison, index: tuple[int, ...]) -> str:
    """What follows from the student's own numbers at an entry, in words."""
    assert comparison.own is not None  # noqa: S101  only asked for where it is known
    below, above = (
        None if bound is None else float(bound[index]) for bound in (comparison.own_below, comparison.own_above)
    )
    return own_text(float(comparison.own[index]), below, above)


def _differs(comparison: Comparison, own: Array, index: tuple[int, ...]) -> bool:
    """Whether earlier mistakes lead to another number here, and not only the rounding of right ones."""
    number, expected = float(own[index]), float(comparison.expected[index])
    low, high = expected - float(comparison.below[index]), expected + float(comparison.above[index])
    return number != expected and not low <= number <= high


def _signs(comparison: Comparison) -> Iterator[tuple[str, Mask]]:
    """The entries of each meaning, the first of which holds; a number that has none of them is right."""
    yield "missing", np.isnan(comparison.yours)
    yield "wrong", comparison.wrong
    if comparison.carried is not None:
        yield "carried", comparison.carried & ~comparison.accepted


def _legend(comparison: Comparison) -> str:
    """The title of the student's own numbers: it says what the signs mean that occur."""
    told = [f"{SIGNS[meaning]} is {meaning}" for meaning, entries in _signs(comparison) if entries.any()]
    return f"Yours ({', '.join(sorted(told))})" if told else "Yours"


def _marked_lines(answer: MarkedAnswer, comparison: Comparison, width: int, first: int) -> tuple[Line, ...]:
    """The student's own numbers, those that are not right marked with a sign that needs no colour."""
    kinds = tuple(_signs(comparison))

    def marking(index: tuple[int, ...]) -> tuple[str, str]:
        meaning = next((meaning for meaning, entries in kinds if entries[index]), "right")
        return "" if meaning == "missing" else SIGNS.get(meaning, ""), meaning  # a missing number is its sign itself

    name, digits = answer.question.name, Digits.of(answer.question.tolerance)
    shown = (name, comparison.yours, digits, width)
    return array_lines(*shown, most=MARKED_ROWS, marking=marking, nan=SIGNS["missing"], first=first)


def _differences(answer: MarkedAnswer, comparison: Comparison, first: int) -> Table:
    """The first wrong entries: what was written, how far off it is, and what would be accepted, in words."""
    columns = (
        Column("Entry", numeric=True),
        Column("Yours", numeric=True),
        Column("Difference", numeric=True),
        Column("What is right"),
    )
    name = answer.question.name
    name = name if len(name) <= NAMED else ""  # the heading has it
    rows = []
    for index in answer.wrong_at[:SHOWN]:
        told = [accepted_text(*(float(a[index]) for a in (comparison.expected, comparison.below, comparison.above)))]
        if comparison.own is not None and _differs(comparison, comparison.own, index):
            told.append(_own(comparison, index))
        rows.append(
            (
                (line(index_text(name, index, first)),),
                (line(f"{comparison.yours[index]:.6g}"),),
                (line(f"{comparison.difference[index]:.2g}"),),
                tuple(map(line, told)),
            )
        )
    more = len(answer.wrong_at) - SHOWN
    title = f"The first {SHOWN} of them" if more > 0 else ""
    return Table(columns, tuple(rows), title)


def class_blocks(results: Sequence[Result], failures: Sequence[Failure], feedback: str) -> Iterator[Block]:
    """A row for each submission, in the order in which they were given."""
    columns = [
        Column("Submission"),
        Column("Student"),
        Column("Points", numeric=True),
        Column("%", numeric=True),
    ]
    if feedback != "score":
        columns += [Column("Right", numeric=True), Column("First error"), Column("Faults", numeric=True)]
    reviewed = feedback != "score" and any(result.needs_review for result in results)
    if reviewed:
        columns.append(Column("Review"))
    short = _short_names([*(result.submission for result in results), *(failure.submission for failure in failures)])
    rows = []
    for result in results:
        points = f"{points_text(result.score)}/{points_text(result.max_score)}"
        cells = [line(short[result.submission], "name"), line(result.student), line(points), line(percent_text(result))]
        if feedback != "score":
            right = sum(answer.verdict in ("right", "carried") for answer in result.answers)
            cells += [line(f"{right}/{len(result.answers)}"), line(result.first_error or "")]
            cells.append(line(str(len(result.faults)) if result.faults else ""))
        if reviewed:
            cells.append(line(joined(review_names(result)), "missing"))
        rows.append(tuple((cell,) for cell in cells))
    if rows:
        yield Table(tuple(columns), tuple(rows))
    if failures:
        failed = (Column("Not graded"), Column("Reason"))
        yield Table(failed, tuple(((line(short[f.submission], "wrong"),), (line(f.reason),)) for f in failures))
    yield Paragraph(line(f"{len(results)} graded, {len(failures)} not graded.", "strong"))


def _short_names(files: list[str]) -> dict[str, str]:
    """The files by what tells them apart: without the folder that all of them are in."""
    folders = [Path(file).parent for file in files]
    if not folders or len({folder.is_absolute() for folder in folders}) > 1:
        return {file: file for file in files}
    common = os.path.commonpath(folders)
    return {file: str(Path(file).relative_to(common)) for file in files}


def points_text(points: float) -> str:
    """Points without needless zeros: ``2.5``, ``4``."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def percent_text(result: Result) -> str:
    """The score in %, rounded down: 100 is full points and nothing less."""
    return str(math.floor(100 * result.score / result.max_score + 1e-9) if result.max_score else 0)
