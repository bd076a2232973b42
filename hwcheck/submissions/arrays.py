"""Arrays as students write them: nested lists of cells."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hwcheck.errors import Fault
from hwcheck.graph.node import Array, Shape
from hwcheck.located import Located, Map, Scalar
from hwcheck.submissions.numbers import NumberReader, TooManyError, Unreadable, cut, is_blank

__all__ = ["Cells", "read_cells"]


class Cells(NamedTuple):
    """The cells of one answer, in their shape.

    ``values`` has NaN where there is no number: where a cell was left blank, or where it could not be read and
    ``faults`` says why. ``texts`` are the cells as written, row by row, because digits count.
    """

    values: Array
    blank: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    texts: tuple[str, ...]
    faults: tuple[Fault, ...] = ()

    @property
    def shape(self) -> Shape:
        """The shape in which they are written."""
        return self.values.shape


def read_cells(value: Located, reader: NumberReader | None = None) -> Cells | tuple[Fault, ...]:
    """The cells below a value, or what is wrong with its form (a ragged list, a mapping).

    ``reader`` is the one of the submission: it counts what all its answers together cost.
    """
    faults: list[Fault] = []
    scalars: list[Scalar] = []
    shape = _collect(value, scalars, faults)
    if shape is None:
        return tuple(faults)
    return _cells(scalars, shape, reader or NumberReader())


def _collect(value: Located, scalars: list[Scalar], faults: list[Fault]) -> Shape | None:
    """Append the scalars below a value and give its shape; None where there is a fault. As deep as a file may nest."""
    if isinstance(value, Scalar):
        scalars.append(value)
        return ()
    if isinstance(value, Map):
        faults.append(Fault(value.location, "numbers belong here, not a mapping"))
        return None
    if not value.items:
        faults.append(Fault(value.location, "the list is empty"))
        return None
    shapes = [_collect(item, scalars, faults) for item in value.items]
    if None in shapes:
        return None
    known = [shape for shape in shapes if shape is not None]
    if any(shape != known[0] for shape in known):
        position, rule = _ragged(known)
        faults.append(Fault(value.items[position].location, f"the list is ragged: {rule}"))
        return None
    return (len(known), *known[0])


def _ragged(shapes: list[Shape]) -> tuple[int, str]:
    """Which item does not fit to the others, and why."""
    lists = [bool(shape) for shape in shapes]
    if all(lists):
        odd = next(i for i, shape in enumerate(shapes) if shape != shapes[0])
        return odd, f"row {odd} holds {_count(shapes[odd])}, row 0 holds {_count(shapes[0])}"
    names = ("a single number", "a list"), ("single numbers", "lists")
    for kind in (True, False):
        if lists.count(kind) == 1 and len(lists) > 2:
            return lists.index(
                kind
            ), f"item {lists.index(kind)} is {names[0][kind]}, the others are {names[1][not kind]}"
    odd = lists.index(not lists[0])
    return odd, f"item {odd} is {names[0][lists[odd]]}, item 0 is {names[0][lists[0]]}"


def _count(shape: Shape) -> str:
    return "1 number" if shape == (1,) else f"{' x '.join(map(str, shape))} numbers"


def _cells(scalars: list[Scalar], shape: Shape, reader: NumberReader) -> Cells:
    values = np.full(len(scalars), np.nan)
    blank = np.zeros(len(scalars), dtype=np.bool_)
    faults = []
    too_many = False
    for i, scalar in enumerate(scalars):
        if is_blank(scalar.text):
            blank[i] = True
            continue
        try:
            values[i] = reader.read(scalar)
        except TooManyError as problem:
            if not too_many:  # once for an answer: what follows has the same fault
                faults.append(Fault(scalar.location, problem.message))
            too_many = True
        except Unreadable as problem:
            place = scalar.location.after(problem.offset)
            faults.append(Fault(place, f"cannot read {cut(scalar.text)!r}: {problem.message}"))
    texts = tuple(scalar.text for scalar in scalars)
    return Cells(values.reshape(shape), blank.reshape(shape), texts, tuple(faults))
