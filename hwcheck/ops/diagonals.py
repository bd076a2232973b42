"""Triangles and diagonals of matrices, and the identity. NumPy's names."""

from __future__ import annotations

import numpy as np

from hwcheck.graph.node import OPERATORS, Array, Node, Shape
from hwcheck.graph.op import Misfit, composite, op
from hwcheck.graph.options import Axis
from hwcheck.ops.arrays import part, place, reshape
from hwcheck.ops.axes import moveaxis
from hwcheck.ops.shapes import require_axes, require_rank

LARGEST_IDENTITY = 10_000


def _triangle(x: Shape, k: int) -> Shape:
    require_axes("x", x, 2, "rows, columns")
    return x


def _triu_rule(g: Node, y: Node, x: Node, k: int) -> Node:
    return triu(g, k)


@op(shape=_triangle, gradients=[_triu_rule])
def triu(x: Array, k: int = 0) -> Array:
    """The upper triangle of a matrix: what is below the diagonal becomes 0.

    x: (..., N, M), one matrix or several.
    k: the first diagonal that is kept; 0 is the main one, 1 that above it, -1 that below it.
    Source: Golub, Van Loan, Matrix Computations (2013), section 1.2.
    Example: triu(x, 1); x = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    """
    return np.triu(x, k)


def _tril_rule(g: Node, y: Node, x: Node, k: int) -> Node:
    return tril(g, k)


@op(shape=_triangle, gradients=[_tril_rule])
def tril(x: Array, k: int = 0) -> Array:
    """The lower triangle of a matrix: what is above the diagonal becomes 0, as in a causal mask.

    x: (..., N, M), one matrix or several.
    k: the last diagonal that is kept; 0 is the main one, 1 that above it, -1 that below it.
    Source: Vaswani et al., Attention Is All You Need (2017), section 3.2.3, on masks.
    Example: tril(x); x = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    """
    return np.tril(x, k)


def _length(rows: int, columns: int, offset: int) -> int:
    """How many entries a diagonal has."""
    return min(rows + min(offset, 0), columns - max(offset, 0))


def _on_diagonal(rows: int, columns: int, offset: int) -> slice:
    """The diagonal among the entries read row by row."""
    first = offset if offset >= 0 else -offset * columns
    return slice(first, first + (_length(rows, columns, offset) - 1) * (columns + 1) + 1, columns + 1)


@composite()
def diagonal(x: Node, offset: int = 0, axis1: Axis = 0, axis2: Axis = 1) -> Node:
    """The entries of a diagonal: ``x[i, i]``, or of several matrices all their diagonals.

    x: any shape with two axes -> without those two, the diagonal last.
    offset: which diagonal; 0 is the main one, 1 that above it, -1 that below it.
    axis1, axis2: the axes of the rows and of the columns.
    Source: Harris et al., Array programming with NumPy, Nature 585 (2020).
    Example: diagonal(x); x = [[1, 2], [3, 4]]
    """
    if axis1 == axis2:
        raise Misfit(f"axis1 and axis2 of diagonal are the same axis, {axis1 + len(x.shape)}")
    rows, columns = x.shape[axis1], x.shape[axis2]
    if _length(rows, columns, offset) < 1:
        raise Misfit(f"the diagonal {offset} lies outside {{x}}, which has {rows} rows and {columns} columns")
    first, second = axis1 % len(x.shape), axis2 % len(x.shape)
    matrices = moveaxis(moveaxis(x, second, -1), first - (second < first), -2)
    stacked = matrices.shape[:-2]
    flat = reshape(matrices, (*stacked, rows * columns))
    return part(flat, (*[slice(None)] * len(stacked), _on_diagonal(rows, columns, offset)))


@composite()
def diag(x: Node, k: int = 0) -> Node:
    """Of a vector the matrix with it on the diagonal and 0 elsewhere; of a matrix its diagonal.

    x: (N,) or (N, M).
    k: which diagonal; 0 is the main one, 1 that above it, -1 that below it.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 2.6.
    Example: diag(x); x = [1, 2, 3]
    """
    require_rank("x", x.shape, (1, 2), "a vector or a matrix")
    if len(x.shape) == 2:
        return diagonal(x, k)
    side = x.size + np.abs(k).item()
    return reshape(place(x, shape=[side * side], index=(_on_diagonal(side, side, k),)), (side, side))


@composite()
def eye(n: int, m: int | None = None) -> Node:
    """The identity matrix: 1 on the diagonal, 0 elsewhere.

    n: the number of rows.
    m: the number of columns; as many as rows unless another is named.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 2.3.
    Example: eye(3)
    """
    columns = n if m is None else m
    for name, length in {"n": n, "m": columns}.items():
        if not 1 <= length <= LARGEST_IDENTITY:
            raise Misfit(f"{name} of eye must be from 1 to {LARGEST_IDENTITY:,}, not {length}")
    return OPERATORS["=="](np.arange(n)[:, np.newaxis], np.arange(columns))
