"""A submission sorted by quantity: which numbers and formulas stand on the sheet, and what is wrong with its form."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from hwcheck.errors import Fault, Location
from hwcheck.grading.loose import PassedOver, meant
from hwcheck.grading.renamed import renamed
from hwcheck.grading.step_by_step import step_by_step
from hwcheck.graph.node import Array, Quantity, Shape
from hwcheck.located import Scalar
from hwcheck.problem.model import Marking, Part, Problem
from hwcheck.submissions.arrays import Cells, read_cells
from hwcheck.submissions.model import Answer, Submission
from hwcheck.submissions.names import Guesses, Names, UnknownNameError
from hwcheck.submissions.numbers import NumberReader, is_blank
from hwcheck.submissions.shapes import Layout, order_of

__all__ = ["Numbers", "Reading", "Sheet", "Texts", "sort_answers"]


Texts: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[Any]]


class Numbers(NamedTuple):
    """The numbers given for one quantity, in its shape; NaN where there is none.

    ``unreadable`` tells that something was written that is no number; ``misshapen`` is the shape of an answer, to the
    whole or to a part, that does not fit (its places have no values); ``note`` is what is to be said about the form.
    ``texts`` are the entries as they are written, in the same shape. ``other`` are the numbers of an answer that does
    not fit, in the shape in which they were given. ``scanned`` tells that some of it may come from handwriting.
    """

    values: Array
    unreadable: bool = False
    misshapen: Shape | None = None
    note: str = ""
    texts: Texts | None = None
    other: Array | None = None
    scanned: bool = False


class Reading(NamedTuple):
    """How one answer of a submission is understood.

    ``part`` is what it answers, None where the name is not known; ``shape`` is that in which it was handed in, None
    where it is no array; ``values`` are its numbers as they are read, in the shape that is asked, or as handed in where
    that does not fit. ``formula`` is the text of an answer that is a formula. An answer that does not count because
    another one does is not ``counted``.
    """

    answer: Answer
    part: Part | None = None
    shape: Shape | None = None
    values: Array | None = None
    texts: tuple[str, ...] = ()
    formula: str = ""
    notes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    counted: bool = True
    fits: bool = True


class Sheet(NamedTuple):
    """The answers of a submission by the name of the quantity; formulas are still text.

    ``passed_over`` is what stands in running text under a name that is nearly one of the problem.
    """

    numbers: Mapping[str, Numbers]
    formulas: Mapping[str, Scalar]
    faults: tuple[Fault, ...]
    readings: tuple[Reading, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()


def sort_answers(problem: Problem, names: Names, submission: Submission) -> Sheet:
    """Find what each answer answers. A fault costs its answer only."""
    sorter = _Sorter(problem, names)
    formulas = {question.name for question in problem.questions if question.answer == "formula"}
    plainly = renamed(step_by_step(submission.answers, problem, names), problem, names)
    arrays = {name for name, quantity in sorter.quantities.items() if math.prod(quantity.shape) > 1}
    found = meant(plainly.answers, names, formulas, sorter.guesses, arrays)
    readings = tuple(_noted(sorter.add(answer), plainly.note) for answer in found.answers)
    faults = (*submission.faults, *(fault for each in readings for fault in each.faults))
    return Sheet(sorter.numbers, sorter.formulas, faults, readings, found.passed_over)


def _noted(reading: Reading, note: Fault | None) -> Reading:
    """A reading with what is to be said about the name of its answer."""
    if note is None or note.location != reading.answer.location:
        return reading
    return reading._replace(notes=(*reading.notes, note.message))


class _Sorter:
    """The sheet while it is sorted."""

    def __init__(self, problem: Problem, names: Names) -> None:
        self.names = names
        self.first = problem.indexing
        self.quantities: dict[str, Quantity] = problem.all_quantities()
        self.questions = {question.name: question for question in problem.questions}
        self.not_asked = problem.marking._replace(strict_shape=False)
        self.numbers: dict[str, Numbers] = {}
        self.formulas: dict[str, Scalar] = {}
        self.reader = NumberReader()
        self.guesses = Guesses()
        self.taken: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.intp]]] = {}
        self.places: list[Location] = []  # where each answer stands; ``taken`` has their numbers, counted from 1

    def add(self, answer: Answer) -> Reading:
        """Sort one answer in."""
        self.places.append(answer.location)
        try:
            part = self.names.part(answer.name, self.guesses)
        except UnknownNameError as unknown:
            return Reading(answer, faults=(Fault(answer.location, str(unknown)),))
        question = self.questions.get(part.quantity)
        if question is not None and question.answer == "formula":
            return self._add_formula(part, answer)
        return self._add_numbers(part, answer)

    def _add_formula(self, part: Part, answer: Answer) -> Reading:
        value = answer.value
        reading = Reading(answer, part, formula=value.text if isinstance(value, Scalar) else "")
        if isinstance(value, Scalar) and is_blank(value.text):
            return reading
        before = self.formulas.get(part.quantity)
        if before is not None:
            again = self._twice(part, answer, before.location)
            reading = reading._replace(**again)
            if not reading.counted:
                return reading
        if part.index or not isinstance(value, Scalar):
            fault = Fault(value.location, f"{part.quantity} asks for one formula, written as one text")
            self.formulas[part.quantity] = Scalar("", answer.location)
            return reading._replace(faults=(*reading.faults, fault))
        self.formulas[part.quantity] = value
        return reading

    def _twice(self, part: Part, answer: Answer, first: Location) -> dict[str, Any]:
        """What becomes of a second answer: the fields of its reading."""
        if self._marking(part).twice == "last":
            place = f"line {first.line}, column {first.column}" if first.line else first.file
            return {"notes": (f"in place of the answer on {place}",)}
        name = self.names.told(part)
        place = f"on line {first.line}, column {first.column}" if first.line else f"in {first.file}"
        rule = f"{name} is answered twice, first {place}; the first answer is marked, delete one of them"
        return {"faults": (Fault(answer.location, rule),), "counted": False}

    def _marking(self, part: Part) -> Marking:
        """How an answer to a quantity is marked, asked or not."""
        question = self.questions.get(part.quantity)
        return self.not_asked if question is None else question.marking

    def _add_numbers(self, part: Part, answer: Answer) -> Reading:
        """Put an answer's numbers in their places. A place is taken by the first answer, readable or not."""
        shape = self.quantities[part.quantity].shape
        before = self.numbers.get(part.quantity, Numbers(np.full(shape, np.nan)))
        taken = self.taken.setdefault(part.quantity, np.zeros(shape, dtype=np.intp))
        place = part.index or ...
        cells = (answer.fault,) if answer.fault else read_cells(answer.value, self.reader, self.first)
        before = before._replace(scanned=before.scanned or answer.scanned)
        if isinstance(cells, Cells):
            told = tuple(note.message for note in (*answer.notes, *cells.notes))
            reading = Reading(answer, part, cells.shape, cells.values, cells.texts, notes=told, faults=cells.faults)
            if cells.blank.all():
                return reading
        else:
            reading = Reading(answer, part, faults=cells, fits=False)
        first = int(taken[place].max(initial=0))
        if first:
            again = self._twice(part, answer, self.places[first - 1])
            reading = reading._replace(**{**again, "faults": (*again.get("faults", ()), *reading.faults)})
            if not reading.counted:
                return reading
            before = self._without(before, part)
        taken[place] = len(self.places)
        if not isinstance(cells, Cells):
            self.numbers[part.quantity] = before._replace(unreadable=True, note=cells[0].message)
            return reading
        return self._put(cells, before, reading, part)

    def _put(self, cells: Cells, before: Numbers, reading: Reading, part: Part) -> Reading:
        """Put cells in the places of a part, if their shape fits there."""
        taken, place = self.taken[part.quantity], part.index or ...
        wanted = np.shape(taken[place])
        marking = self._marking(part)
        layout = Layout(marking.strict_shape, marking.layouts)
        order, told = order_of(cells.shape, wanted, layout)
        note = cells.faults[0].message if cells.faults else told or before.note
        if order is not None:
            values = before.values.copy()
            values[place] = fitted = cells.values.reshape(-1)[order]
            taken[place] = np.where(cells.blank.reshape(-1)[order], 0, len(self.places))
            texts = np.full(taken.shape, "", dtype=object) if before.texts is None else before.texts.copy()
            texts[place] = np.array(cells.texts, dtype=object)[order]
            after = before._replace(values=values, unreadable=before.unreadable or bool(cells.faults), texts=texts)
            reading = reading._replace(values=np.asarray(fitted))
        elif cells.faults and not cells.shape:  # a single word where an array belongs is first of all a word
            after = before._replace(unreadable=True)
        else:
            after = before._replace(misshapen=cells.shape, other=None if part.index else cells.values)
        self.numbers[part.quantity] = after._replace(note=note)
        return reading._replace(notes=(*reading.notes, told) if told else reading.notes, fits=order is not None)

    def _without(self, numbers: Numbers, part: Part) -> Numbers:
        """The numbers without those that a later answer takes the place of."""
        shape = self.quantities[part.quantity].shape
        if not part.index:
            self.taken[part.quantity][...] = 0
            return Numbers(np.full(shape, np.nan))
        values = numbers.values.copy()
        values[part.index] = np.nan
        return numbers._replace(values=values)
