"""Arrays as students write them: nested lists of cells."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hwcheck.errors import Fault
from hwcheck.graph.node import Array, Shape
from hwcheck.located import Located, Map, Scalar
from hwcheck.submissions.numbers import Unreadable, is_blank, read_number

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

    def reshaped(self, shape: Shape) -> Cells:
        """The same cells in another shape."""
        return Cells(self.values.reshape(shape), self.blank.reshape(shape), self.texts, self.faults)


def read_cells(value: Located) -> Cells | tuple[Fault, ...]:
    """The cells below a value, or what is wrong with its form (a ragged list, a mapping)."""
    faults: list[Fault] = []
    scalars: list[Scalar] = []
    shape = _collect(value, scalars, faults)
    if shape is None:
        return tuple(faults)
    return _cells(scalars, shape)


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
    known = [shape for shape in shapes if shape is not None]
    for position, (item, shape) in enumerate(zip(value.items, shapes, strict=True)):
        if shape is not None and shape != known[0]:
            rule = f"the list is ragged: row {position} holds {_count(shape)}, row 0 holds {_count(known[0])}"
            faults.append(Fault(item.location, rule))
            return None
    return (len(value.items), *known[0]) if len(known) == len(shapes) else None


def _count(shape: Shape) -> str:
    return "a single number" if not shape else "1 number" if shape == (1,) else f"{' x '.join(map(str, shape))} numbers"


def _cells(scalars: list[Scalar], shape: Shape) -> Cells:
    values = np.full(len(scalars), np.nan)
    blank = np.zeros(len(scalars), dtype=np.bool_)
    faults = []
    for i, scalar in enumerate(scalars):
        if is_blank(scalar.text):
            blank[i] = True
            continue
        try:
            values[i] = read_number(scalar)
        except Unreadable as problem:
            place = scalar.location._replace(column=max(problem.column, scalar.location.column))
            faults.append(Fault(place, f"cannot read {_cut(scalar.text)!r}: {problem.message}"))
    texts = tuple(scalar.text for scalar in scalars)
    return Cells(values.reshape(shape), blank.reshape(shape), texts, tuple(faults))


def _cut(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."
