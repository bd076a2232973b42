"""Places of the largest and smallest entries, and sorting."""

from __future__ import annotations

from typing import Any

import numpy as np

from hwcheck.graph.node import Array, Node, Shape
from hwcheck.graph.op import Misfit, composite, op
from hwcheck.graph.options import Axis
from hwcheck.ops.arrays import getitem
from hwcheck.ops.indexing import take_along_axis
from hwcheck.ops.reductions import reduced
from hwcheck.ops.shapes import same


def _found(x: Shape, axis: Axis | None, keepdims: bool) -> Shape:
    return reduced(x, tuple(range(-len(x), 0)) if axis is None else (axis,), keepdims)


def _place(search: Any, x: Array, axis: Axis | None, keepdims: bool) -> Array:
    """Where something is along an axis, or in all entries read row by row."""
    if axis is not None:
        return np.asarray(search(x, axis=axis, keepdims=keepdims), dtype=np.float64)
    places = np.asarray(search(x.reshape(len(x), -1), axis=1), dtype=np.float64)
    return places.reshape((-1,) + (1,) * (x.ndim - 1)) if keepdims else places


@op(shape=_found, gradients=[None])
def argmax(x: Array, axis: Axis | None = None, keepdims: bool = False) -> Array:
    """Where the largest entry is along an axis, counted from 0: the class that scores highest. Its derivative is 0.

    x: any shape; among equal entries the first is taken.
    axis: the axis to search along; unless one is named, all entries are counted row by row.
    keepdims: whether the axis stays, with length 1.
    Source: Bishop, Pattern Recognition and Machine Learning (2006), section 1.5.1.
    Example: argmax(x, axis=1); x = [[1, 3, 2], [5, 4, 5]]
    """
    return _place(np.argmax, x, axis, keepdims)


@op(shape=_found, gradients=[None])
def argmin(x: Array, axis: Axis | None = None, keepdims: bool = False) -> Array:
    """Where the smallest entry is along an axis, counted from 0: the nearest of several. Its derivative is 0.

    x: any shape; among equal entries the first is taken.
    axis: the axis to search along; unless one is named, all entries are counted row by row.
    keepdims: whether the axis stays, with length 1.
    Source: van den Oord, Vinyals, Kavukcuoglu, Neural Discrete Representation Learning (2017), equation 1.
    Example: argmin(x, axis=1); x = [[1, 3, 2], [5, 4, 4]]
    """
    return _place(np.argmin, x, axis, keepdims)


@op(shape=same, gradients=[None])
def argsort(x: Array, axis: Axis = -1, descending: bool = False) -> Array:
    """The order of the entries along an axis: first where the smallest is, last where the largest is.

    Its derivative is 0. Equal entries keep their order.

    x: any shape with an axis.
    axis: the axis to sort along, the last unless another is named.
    descending: whether the largest comes first.
    Source: Harris et al., Array programming with NumPy, Nature 585 (2020).
    Example: argsort(x); x = [30, 10, 20]
    """
    return np.asarray(np.argsort(-x if descending else x, axis=axis, kind="stable"), dtype=np.float64)


@composite()
def sort(x: Node, axis: Axis = -1, descending: bool = False) -> Node:
    """The entries along an axis in order of size; the gradient of each goes back to where it came from.

    x: any shape with an axis.
    axis: the axis to sort along, the last unless another is named.
    descending: whether the largest comes first.
    Source: Harris et al., Array programming with NumPy, Nature 585 (2020).
    Example: sort(x); x = [30, 10, 20]
    """
    return take_along_axis(x, argsort(x, axis=axis, descending=descending), axis=axis)


@composite()
def topk(x: Node, k: int, axis: Axis = -1, largest: bool = True) -> Node:
    """The k largest entries along an axis, the largest first.

    x: any shape with an axis.
    k: how many, from 1 to the length of the axis.
    axis: the axis to search along, the last unless another is named.
    largest: False takes the k smallest, the smallest first.
    Elsewhere: PyTorch gives their places too; here ``argsort(x, descending=True)[:k]`` does.
    Source: Shazeer et al., Outrageously Large Neural Networks: the Sparsely-Gated Mixture-of-Experts Layer (2017),
    equation 5.
    Example: topk(x, 2); x = [30, 10, 20]
    """
    if not 1 <= k <= x.shape[axis]:
        place = axis + len(x.shape)
        raise Misfit(f"k of topk must be from 1 to {x.shape[axis]}, the length of axis {place} of {{x}}, not {k}")
    order = argsort(x, axis=axis, descending=largest)
    first = (*[slice(None)] * (axis + len(x.shape)), slice(k))
    return take_along_axis(x, getitem(order, first), axis=axis)
