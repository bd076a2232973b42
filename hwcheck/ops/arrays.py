"""Arrays in another shape or order, and parts of them. NumPy's names."""

from __future__ import annotations

from typing import Any

import numpy as np

from hwcheck.graph.node import Array, Call, Node, Shape
from hwcheck.graph.op import Misfit, op
from hwcheck.graph.options import Axes, Index, Ints, Permutation, product, spell_shape, to_index


def reshape(x: Node, shape: Shape) -> Node:
    """The node itself where it has the shape already, else ``reshape_to`` of it: for gradient rules.

    A single number that was repeated is repeated into the new shape.
    """
    if x.shape == shape:
        return x
    return _repeated_again(x, shape) or reshape_to(x, shape)


def _repeated_again(x: Node, shape: Shape) -> Node | None:
    if isinstance(x, Call) and x.op.name == "broadcast_to" and not x.inputs[0].shape:
        return x.op(x.inputs[0], shape) if shape else x.inputs[0]
    return None


@op(
    name="reshape",
    shape=lambda x, shape: shape,
    gradients=[lambda g, y, x, shape: reshape(g, x.shape)],
)
def reshape_to(x: Array, shape: Shape) -> Array:
    """The same entries, read row by row, in another shape.

    x: any shape.
    shape: the lengths of the new axes, as many entries in all; one of them may be -1 and follows from the others.
    Elsewhere: Matlab, Fortran and Julia read column by column.
    Source: NumPy reference, numpy.reshape.
    Example: reshape(x, [3, -1]); x = [[1, 2, 3], [4, 5, 6]]
    """
    return x.reshape(x.shape[:1] + shape)


def _flat(x: Shape, start_dim: int, end_dim: int) -> Shape:
    rank = max(len(x), 1)  # a single number flattens to one entry
    for name, axis in {"start_dim": start_dim, "end_dim": end_dim}.items():
        if not -rank <= axis < rank:
            raise Misfit(f"{name} of flatten is {axis}, but {{x}} has axes 0 to {rank - 1}")
    first, last = start_dim % rank, end_dim % rank
    if first > last:
        raise Misfit(f"flatten of {{x}} would begin at axis {first} and end at axis {last}")
    return (*x[:first], product(x[first : last + 1]), *x[last + 1 :])


@op(shape=_flat, gradients=[lambda g, y, x, start_dim, end_dim: reshape(g, x.shape)])
def flatten(x: Array, start_dim: int = 0, end_dim: int = -1) -> Array:
    """The entries row by row in a single axis; or only some neighbouring axes made one.

    x: any shape; a single number becomes one entry.
    start_dim: the first axis of those that become one.
    end_dim: the last of them.
    Elsewhere: ``torch.nn.Flatten`` begins at axis 1, as Keras's Flatten does, to leave the batch alone.
    Source: PyTorch reference, torch.flatten.
    Example: flatten(x, start_dim=1); x = [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]
    """
    return x.reshape(x.shape[:1] + _flat(x.shape[1:], start_dim, end_dim))


def _permuted(x: Shape, axes: Axes) -> Shape:
    return tuple(x[axis] for axis in axes)


def _permuted_back(g: Node, y: Node, x: Node, axes: Axes) -> Node:
    if axes == tuple(range(-1, -len(axes) - 1, -1)):
        return g.T
    order = [axis % len(axes) for axis in axes]
    return transpose(g, axes=sorted(range(len(order)), key=order.__getitem__))


@op(shape=_permuted, gradients=[_permuted_back], symbol=".T")
def transpose(x: Array, axes: Permutation = None) -> Array:
    """The axes in reverse order, or in the order that is named; ``x.T``.

    x: any shape; a vector stays as it is.
    axes: for each axis of the result the axis of x that it was; in reverse unless said.
    Elsewhere: NumPy's ``transpose`` is this; in PyTorch this is ``permute``, and ``transpose`` swaps two axes.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 2.3.
    Example: x.T; x = [[1, 2, 3], [4, 5, 6]]
    """
    return np.transpose(x, (0, *(axis + x.ndim for axis in axes)))


def swapped(x: Node) -> Node:
    """The node with its last two axes swapped: a stack of matrices, each transposed."""
    rank = len(x.shape)
    return x.T if rank == 2 else transpose(x, axes=[*range(rank - 2), rank - 1, rank - 2])


def sheet_wise(index: Index) -> Index:
    """The same index behind the leading axis, which is taken whole."""
    return (slice(None), *index)


def _indexed(x: Shape, index: Index) -> Shape:
    return tuple(
        len(range(*part.indices(length))) for part, length in zip(index, x, strict=True) if isinstance(part, slice)
    )


def part(x: Node, index: Index) -> Node:
    """``x[index]`` for gradient rules: of a single number that was repeated, fewer of them."""
    taken = getitem(x, index)
    return _repeated_again(x, taken.shape) or taken


def _getitem_rule(g: Node, y: Node, x: Node, index: Index) -> Node:
    return place(g, shape=x.shape, index=index)


@op(shape=_indexed, gradients=[_getitem_rule], symbol="[]")
def getitem(x: Array, index: Index) -> Array:
    """A part of an array: ``x[0]``, ``x[:, 1:3]``, ``x[-1, ::2]``.

    What was not taken gets a gradient of 0.

    x: any shape.
    index: a number (its axis goes) or a slice (its axis stays) for each of the first axes; the others are taken whole.
    Source: NumPy user guide, Indexing on ndarrays.
    Example: x[:, 1]; x = [[1, 2, 3], [4, 5, 6]]
    """
    return x[sheet_wise(index)]


def _placed(x: Shape, shape: Ints, index: Any) -> Shape:
    if min(shape, default=1) < 1:
        raise Misfit(f"shape of place must have lengths from 1 on, not {list(shape)}")
    part = _indexed(shape, settled(index, shape))
    if part != x:
        raise Misfit(f"{{x}} is {spell_shape(x)}, but its place in {spell_shape(shape)} is {spell_shape(part)}")
    return shape


def settled(index: Any, shape: Shape) -> Index:
    """An index into the result, whose shape no converter knows."""
    try:
        return to_index(tuple(index) if isinstance(index, list) else index, shape)
    except ValueError as error:
        raise Misfit(f"index of place {error}") from None


@op(shape=_placed, gradients=[lambda g, y, x, shape, index: getitem(g, index)], internal=True)
def place(x: Array, shape: Ints, index: Any) -> Array:
    """Zeros of a shape, with x put in at an index: what comes back through ``x[index]``.

    x: the shape of that part.
    shape: the shape of the result.
    index: where x belongs, as in ``result[index] = x``.
    Source: NumPy user guide, Indexing on ndarrays (assigning values).
    Example: place(x, [2, 3], index=1); x = [7, 8, 9]
    """
    result = np.zeros(x.shape[:1] + shape)
    result[sheet_wise(settled(index, shape))] = x
    return result
