"""A submission sorted by quantity: which numbers and formulas stand on the sheet, and what is wrong with its form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from hwcheck.errors import Fault
from hwcheck.graph.node import Array, Quantity, Shape
from hwcheck.graph.options import spell_shape
from hwcheck.located import Scalar
from hwcheck.problem.model import Part, Problem
from hwcheck.submissions.arrays import Cells, read_cells
from hwcheck.submissions.model import Answer, Submission
from hwcheck.submissions.names import Names, UnknownNameError
from hwcheck.submissions.numbers import NumberReader, is_blank

__all__ = ["Numbers", "Sheet", "Texts", "sort_answers"]


Texts: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[Any]]


class Numbers(NamedTuple):
    """The numbers given for one quantity, in its shape; NaN where there is none.

    ``unreadable`` tells that something was written that is no number; ``misshapen`` is the shape of an answer, to the
    whole or to a part, that does not fit (its places have no values); ``note`` is what is to be said about the form.
    ``texts`` are the entries as they are written, in the same shape. ``other`` are the numbers of an answer that does
    not fit, in the shape in which they were given.
    """

    values: Array
    unreadable: bool = False
    misshapen: Shape | None = None
    note: str = ""
    texts: Texts | None = None
    other: Array | None = None


class Sheet(NamedTuple):
    """The answers of a submission by the name of the quantity; formulas are still text."""

    numbers: Mapping[str, Numbers]
    formulas: Mapping[str, Scalar]
    faults: tuple[Fault, ...]


def sort_answers(problem: Problem, names: Names, submission: Submission) -> Sheet:
    """Find what each answer answers. A fault costs its answer only."""
    sorter = _Sorter(problem, names)
    for answer in submission.answers:
        sorter.add(answer)
    return Sheet(sorter.numbers, sorter.formulas, tuple(sorter.faults))


class _Sorter:
    """The sheet while it is sorted."""

    def __init__(self, problem: Problem, names: Names) -> None:
        self.names = names
        self.quantities: dict[str, Quantity] = problem.all_quantities()
        self.strict = {question.name for question in problem.questions if question.strict_shape}
        self.as_formula = {question.name for question in problem.questions if question.answer == "formula"}
        self.numbers: dict[str, Numbers] = {}
        self.formulas: dict[str, Scalar] = {}
        self.faults: list[Fault] = []
        self.reader = NumberReader()
        self.taken: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.bool_]]] = {}

    def add(self, answer: Answer) -> None:
        """Sort one answer in."""
        try:
            part = self.names.part(answer.name)
        except UnknownNameError as unknown:
            self.faults.append(Fault(answer.location, str(unknown)))
            return
        if part.quantity in self.as_formula:
            self._add_formula(part, answer)
        else:
            self._add_numbers(part, answer)

    def _add_formula(self, part: Part, answer: Answer) -> None:
        if isinstance(answer.value, Scalar) and is_blank(answer.value.text):
            return
        if part.quantity in self.formulas:
            self._twice(part, answer)
        elif part.index or not isinstance(answer.value, Scalar):
            self.faults.append(
                Fault(answer.value.location, f"{part.quantity} asks for one formula, written as one text")
            )
            self.formulas[part.quantity] = Scalar("", answer.location)
        else:
            self.formulas[part.quantity] = answer.value

    def _twice(self, part: Part, answer: Answer) -> None:
        self.faults.append(Fault(answer.location, f"{part.quantity} is answered twice; the first answer is marked"))

    def _add_numbers(self, part: Part, answer: Answer) -> None:
        """Put an answer's numbers in their places. A place is taken by the first answer, readable or not."""
        shape = self.quantities[part.quantity].shape
        before = self.numbers.get(part.quantity, Numbers(np.full(shape, np.nan)))
        taken = self.taken.setdefault(part.quantity, np.zeros(shape, dtype=np.bool_))
        place = part.index or ...
        cells = read_cells(answer.value, self.reader)
        if isinstance(cells, Cells) and cells.blank.all():
            return
        if np.any(taken[place]):
            self._twice(part, answer)
            return
        taken[place] = True
        if not isinstance(cells, Cells):
            self.faults += cells
            self.numbers[part.quantity] = before._replace(unreadable=True, note=cells[0].message)
            return
        self.faults += cells.faults
        wanted = np.shape(taken[place])
        fitted, note = fit(cells.values, wanted, strict=part.quantity in self.strict)
        note = cells.faults[0].message if cells.faults else note or before.note
        if fitted is not None:
            taken[place] = ~cells.blank.reshape(wanted)
            values = before.values.copy()
            values[place] = fitted
            after = before._replace(values=values, unreadable=before.unreadable or bool(cells.faults))
            texts = np.full(shape, "", dtype=object) if before.texts is None else before.texts.copy()
            texts[place] = np.array(cells.texts, dtype=object).reshape(wanted) if wanted else cells.texts[0]
            after = after._replace(texts=texts)
        elif cells.faults and not cells.shape:  # a single word where an array belongs is first of all a word
            after = before._replace(unreadable=True)
        else:
            after = before._replace(misshapen=cells.shape, other=None if part.index else cells.values)
        self.numbers[part.quantity] = after._replace(note=note)


def fit(values: Array, wanted: Shape, *, strict: bool = False) -> tuple[Array | None, str]:
    """The values in the wanted shape, or None, and what to say about it.

    Rows, columns and flat vectors are the same numbers, unless ``strict``: axes of length 1 may be missing or too many.
    Nothing else is reshaped: a flattened or transposed array is named as such.
    """
    given = values.shape
    if given == wanted:
        return values, ""
    asked = f"{spell_shape(wanted)} is asked"
    if [n for n in given if n != 1] == [n for n in wanted if n != 1]:
        if strict:
            rule = "rows, columns and flat vectors are not the same here"
            return None, f"{spell_shape(given)} was handed in, {asked}; {rule}"
        return values.reshape(wanted), f"handed in as {spell_shape(given)}, read as {spell_shape(wanted)}"
    if len(given) > 1 and given == wanted[::-1]:
        return None, f"it looks transposed: {spell_shape(given)} was handed in, {asked}"
    if values.size == int(np.prod(wanted)) and len(given) < len(wanted):
        return None, f"it looks flattened: {spell_shape(given)} was handed in, {asked}"
    return None, f"{spell_shape(given)} was handed in, {asked}"
