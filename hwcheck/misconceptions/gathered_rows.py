"""Rows that are looked up more than once, such as a word that comes twice, in the mean of what was looked up."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hwcheck.graph.differentiate import Share
from hwcheck.graph.node import Array, Call, Constant, Node
from hwcheck.misconceptions.anew import inputs_of, is_op, opened
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.misconceptions.parts import named, samples

_INDICES = {"embedding": "input", "take": "indices"}


def _first_uses(mean: Call, place: Place) -> tuple[Call, Array] | None:
    """The sum of a mean over rows that were looked up, and 1 at each row's first use; None where all are different."""
    summed = mean.inputs[0]
    if not samples(mean) or not isinstance(summed, Call) or not is_op(summed, "sum"):
        return None
    rows = opened(summed.inputs[0])
    if not isinstance(rows, Call) or rows.op.name not in _INDICES:
        return None
    indices = named(inputs_of(rows)[_INDICES[rows.op.name]])
    stated = None if indices is None else place.problem.values.get(indices.name)
    rank = len(rows.shape)
    if stated is None or stated.ndim != 1 or rank < 2 or [axis % rank for axis in _axes(summed)] != [0]:
        return None
    first = np.zeros(stated.size)
    first[np.unique(stated, return_index=True)[1]] = 1.0
    return None if first.all() or rows.shape[0] != stated.size else (summed, first)


def _axes(summed: Call) -> tuple[int, ...]:
    axis = summed.options["axis"]
    return axis if isinstance(axis, tuple) else () if axis is None else (axis,)


@misconception(of="value", ops=["divide"])
def repeated_rows_counted_once(call: Call, place: Place) -> Iterator[Instead]:
    """Of a row that was looked up several times only one use counts in the mean.

    Why it is wrong: a word that comes twice is two of the words: its row is added twice, and counts twice in what the
    sum is divided by.
    How to see it: write one row for each word of the text, in its order, and add all of them.
    """
    found = _first_uses(call, place)
    if found is not None:
        summed, first = found
        x = summed.inputs[0]
        once: Node = summed.op(x * Constant(first.reshape(-1, *(1,) * (len(x.shape) - 1))), **summed.options)
        yield Instead(once / float(first.sum()), "divided by the number of different ones")
        yield Instead(once / call.inputs[1], "divided by the number of all")


@misconception(of="gradient", ops=["divide"])
def repeated_rows_counted_once_on_the_way_back(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient of a mean over looked-up rows is divided by the number of different rows.

    Why it is wrong: the mean divides by the number of words, each as often as it comes; so does its derivative.
    How to see it: the gradients of all words add up to what arrives at the mean.
    """
    found = _first_uses(share.call, place)
    if found is not None and share.position == 0:
        first = found[1]
        yield Instead(share.node * (first.size / float(first.sum())))
