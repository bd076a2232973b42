"""The shape of an answer against the shape that is asked: which entry belongs where, before any value is looked at.

Nothing is broadcast: each entry of the answer is one entry of what is asked, or the answer does not fit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hwcheck.graph.node import Array, Shape
from hwcheck.graph.options import product, spell_shape

__all__ = ["Fit", "Layout", "fit", "order_of"]


class Layout(NamedTuple):
    """What a problem allows of a shape: ``strict`` tells rows from columns; ``forms`` may have flat and transposed."""

    strict: bool = False
    forms: tuple[str, ...] = ()


class Fit(NamedTuple):
    """Where the entries of an answer belong, or None, and what to say about it.

    ``order`` has the shape that is asked, and in it the places of the entries as handed in, counted row by row.
    """

    order: np.ndarray[tuple[int, ...], np.dtype[np.intp]] | None
    note: str = ""


def order_of(given: Shape, wanted: Shape, layout: Layout = Layout()) -> Fit:  # noqa: B008  immutable
    """How an answer of the shape ``given`` is read in the shape ``wanted``.

    Rows, columns and flat vectors are the same numbers, unless ``layout.strict``: axes of length 1 may be missing or
    too many. A matrix that is flattened row by row, or transposed (its last two axes exchanged), is read as such where
    ``layout.forms`` has that form, and is named as such where not. A transposed square matrix has the same shape, so
    that it is not told here.
    """
    places = np.arange(product(given)).reshape(given)
    if given == wanted:
        return Fit(places)
    long_given, long_wanted = _long(given), _long(wanted)
    handed_in = f"{spell_shape(given)} was handed in, {spell_shape(wanted)} is asked"
    if long_given == long_wanted:
        if layout.strict:
            return Fit(None, f"{handed_in}; rows, columns and flat vectors are not the same here")
        note = f"handed in as {spell_shape(given)}, read as {spell_shape(wanted)}"
        return Fit(places.reshape(wanted), note)
    if len(long_wanted) > 1 and long_given == _exchanged(long_wanted):
        if "transposed" in layout.forms:
            turned = np.swapaxes(places.reshape(long_given), -1, -2).reshape(wanted)
            return Fit(turned, f"handed in transposed, as {spell_shape(given)}, read as {spell_shape(wanted)}")
        return Fit(None, f"it looks transposed: {handed_in}; exchange rows and columns")
    if len(long_given) > 1 and given == wanted[::-1]:
        return Fit(None, f"it looks transposed: {handed_in}; write its axes in the order asked")
    if product(given) == product(wanted) and len(long_given) < len(long_wanted):
        if "flat" in layout.forms and len(long_given) == 1:
            note = f"handed in flat, as {spell_shape(given)}, read row by row as {spell_shape(wanted)}"
            return Fit(places.reshape(wanted), note)
        return Fit(None, f"it looks flattened: {handed_in}; {_advice(wanted)}")
    advice = _advice(wanted)
    return Fit(None, handed_in + (f"; {advice}" if advice else ""))


def fit(values: Array, wanted: Shape, layout: Layout = Layout()) -> tuple[Array | None, str]:  # noqa: B008
    """The values in the wanted shape, or None, and what to say about it."""
    order, note = order_of(values.shape, wanted, layout)
    return (None if order is None else np.asarray(values.reshape(-1)[order])), note


def _long(shape: Shape) -> Shape:
    return tuple(length for length in shape if length != 1)


def _exchanged(shape: Shape) -> Shape:
    return (*shape[:-2], shape[-1], shape[-2])


def _advice(wanted: Shape) -> str:
    """How to write an array of a shape."""
    if not wanted:
        return "write one number"
    if len(_long(wanted)) < 2:
        size = product(wanted)
        return f"write {size} numbers" if size > 1 else "write one number"
    rows, columns = wanted[-2:]
    matrices = product(wanted[:-2])
    each = f"{rows} {'row' if rows == 1 else 'rows'} of {columns}"
    return f"write {matrices} matrices of {each}" if matrices > 1 else f"write {each}"
