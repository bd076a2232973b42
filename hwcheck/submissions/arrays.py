"""Arrays as students write them: nested lists of cells, or a text that is an array."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from hwcheck.errors import Fault, InputError, quoted
from hwcheck.graph.node import Array, Shape
from hwcheck.limits import ARRAY_TEXTS, FAULTS
from hwcheck.located import Block, List, Located, Map, Scalar, Written, scalars
from hwcheck.submissions.array_text import looks_like_array, read_array_noted
from hwcheck.submissions.notes import Note
from hwcheck.submissions.numbers import BLANKS, NumberReader, TooManyError, Unreadable, cut, is_blank, plain_numbers

__all__ = ["Cells", "read_cells"]

_MAY_BE_ARRAY = re.compile(r"[\[({|,;<\\\s]")  # no plain number has one of these


class Cells(NamedTuple):
    """The cells of one answer, in their shape.

    ``values`` has NaN where there is no number: where a cell was left blank, or where it could not be read and
    ``faults`` says why. ``texts`` are the cells as written, row by row, because digits count. ``notes`` say how cells
    were read that could have been written more plainly; where there are very many, the first of them.
    """

    values: Array
    blank: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    texts: tuple[str, ...]
    faults: tuple[Fault, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def shape(self) -> Shape:
        """The shape in which they are written."""
        return self.values.shape


def read_cells(value: Located, reader: NumberReader | None = None, first: int = 0) -> Cells | tuple[Fault, ...]:
    """The cells below a value, or what is wrong with its form (a ragged list, a mapping).

    ``reader`` is the one of the submission: it counts what all its answers together cost. ``first`` is the number of
    the first row, where one is named.
    """
    if isinstance(value, List) and value.written and (cells := _plain_cells(value.written)):
        return cells
    reader = reader or NumberReader()
    tree = _Tree(reader, first)
    shape = tree.collect(value)
    if shape is None:
        return tuple(tree.faults)
    return _cells(tree, shape, reader)


def _plain_cells(array: Written) -> Cells | None:
    """The cells of an array that is still text, if all are plain numbers and blanks, of which nothing is to be said."""
    return _of_words(array.words(), array.shape)


def _of_words(words: Sequence[str], shape: Shape, notes: tuple[Note, ...] = ()) -> Cells | None:
    """The cells with such texts, if all are plain numbers and blanks."""
    numbers = plain_numbers(words)
    blank = np.zeros(shape, dtype=np.bool_)
    if numbers is None:
        blanks = [word in BLANKS for word in words]
        numbers = plain_numbers(["0" if each else word for word, each in zip(words, blanks, strict=True)])
        if numbers is None:
            return None
        blank = np.array(blanks).reshape(shape)
    values = np.array(numbers).reshape(shape)
    values[blank] = np.nan
    return Cells(values, blank, tuple(words), (), notes)


class _Tree:
    """The scalars below a value, and what is wrong or to be said about its form."""

    def __init__(self, reader: NumberReader, first: int) -> None:
        self.first = first
        self.reader = reader
        self.parts: list[Scalar | List] = []
        """The scalars, and lists that are still text, of which nothing is to be said but what their cells say."""
        self.faults: list[Fault] = []
        self.notes: list[Note] = []
        self.told = False  # that there are too many texts

    def collect(self, value: Located, *, as_text: bool = False) -> Shape | None:
        """Append the scalars below a value and give its shape; None where there is a fault. As deep as a file nests.

        ``as_text`` says that the value comes from a text that is an array: its cells are no such texts again.
        """
        if isinstance(value, Scalar):
            if not as_text and _MAY_BE_ARRAY.search(value.text):
                self.reader.texts_left -= ARRAY_TEXTS.look
                if self.reader.texts_left < 0:
                    self._tell_too_many(value)
                    return None
                if looks_like_array(value.text):
                    return self._text(value)
            self.parts.append(value)
            return ()
        if isinstance(value, Map):
            self.faults.append(Fault(value.location, "numbers belong here, not a mapping"))
            return None
        if value.written and (as_text or _plain_cells(value.written)):
            self.parts.append(value)
            return value.written.shape
        if not value.items:
            self.faults.append(Fault(value.location, "the list is empty"))
            return None
        first = value.items[0]
        if len(value.items) == 1 and isinstance(first, Scalar) and not first.quoted and not as_text:
            # [0.1 0.2; 0.3 0.4] in YAML is a list of one text: the brackets were meant to be those of the array.
            inside = self.collect(first)
            return inside or (None if inside is None else (1,))
        shapes = [self.collect(item, as_text=as_text) for item in value.items]
        if None in shapes:
            return None
        known = [shape for shape in shapes if shape is not None]
        if any(shape != known[0] for shape in known):
            position, rule = _ragged(known, self.first)
            self.faults.append(Fault(value.items[position].location, f"the list is ragged: {rule}"))
            return None
        return (len(known), *known[0])

    def _tell_too_many(self, value: Scalar) -> None:
        """Say, once for an answer, that no more texts are looked at."""
        if not self.told:
            rule = f"more than {ARRAY_TEXTS.all // ARRAY_TEXTS.read:,} texts that are arrays"
            other = f"{ARRAY_TEXTS.all:,} numbers with a comma or a sign that arrays have"
            advice = "write arrays as lists, and numbers with a point"
            self.faults.append(Fault(value.location, f"{rule}, or {other}, stand in this file; {advice}"))
        self.told = True

    def _text(self, value: Scalar) -> Shape | None:
        """The shape of an array that is written as one text."""
        self.reader.texts_left -= ARRAY_TEXTS.read - ARRAY_TEXTS.look
        # Where the lines of a text stand in the file, its format does not say, unless it is a block.
        margin = value.margin if isinstance(value, Block) else 0
        lines = "\n" in value.text and not isinstance(value, Block)
        inside = value.quoted and not isinstance(value, Block)  # behind the quote
        inner = value.location if lines else value.location.after(int(inside))
        most = self.reader.values_left
        try:
            found = read_array_noted(value.text, inner, one_place=lines, margin=margin, most=most)
        except InputError as error:
            self.reader.values_left -= len(value.text) // 2  # no text has more values
            self.faults += error.faults
            return None
        self.reader.values_left -= found.values
        self.notes += found.notes
        return self.collect(found.value, as_text=True)


def _ragged(shapes: list[Shape], first: int) -> tuple[int, str]:
    """Which item does not fit to the others, and why."""
    lists = [bool(shape) for shape in shapes]
    if all(lists):
        odd = next(i for i, shape in enumerate(shapes) if shape != shapes[0])
        return odd, f"row {odd + first} holds {_count(shapes[odd])}, row {first} holds {_count(shapes[0])}"
    names = ("a single number", "a list"), ("single numbers", "lists")
    for kind in (True, False):
        if lists.count(kind) == 1 and len(lists) > 2:
            odd = lists.index(kind)
            return odd, f"item {odd + first} is {names[0][kind]}, the others are {names[1][not kind]}"
    odd = lists.index(not lists[0])
    return odd, f"item {odd + first} is {names[0][lists[odd]]}, item {first} is {names[0][lists[0]]}"


def _count(shape: Shape) -> str:
    return "1 number" if shape == (1,) else f"{' x '.join(map(str, shape))} numbers"


def _texts(part: Scalar | List) -> Sequence[str]:
    if isinstance(part, Scalar):
        return (part.text,)
    return part.written.words() if part.written else ()


def _cells(tree: _Tree, shape: Shape, reader: NumberReader) -> Cells:
    words = [word for part in tree.parts for word in _texts(part)]
    if cells := _of_words(words, shape, tuple(tree.notes[:FAULTS])):
        return cells
    found, notes = [scalar for part in tree.parts for scalar in scalars(part)], tree.notes
    values = np.full(len(found), np.nan)
    blank = np.zeros(len(found), dtype=np.bool_)
    faults = []
    too_many = False
    for i, scalar in enumerate(found):
        if is_blank(scalar.text):
            blank[i] = True
            continue
        try:
            values[i], note = reader.read_noted(scalar)
        except TooManyError as problem:
            if not too_many:  # once for an answer: what follows has the same fault
                faults.append(Fault(scalar.location, problem.message))
            too_many = True
        except Unreadable as problem:
            place = scalar.location.after(problem.offset)
            faults.append(Fault(place, f"cannot read {quoted(cut(scalar.text.strip()))}: {problem.message}"))
        else:
            if note and len(notes) < FAULTS:
                notes.append(Note(scalar.location, note))
    texts = tuple(scalar.text for scalar in found)
    return Cells(values.reshape(shape), blank.reshape(shape), texts, tuple(faults), tuple(notes[:FAULTS]))
