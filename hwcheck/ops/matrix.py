"""Products of vectors and matrices."""

from __future__ import annotations

import numpy as np

from hwcheck.graph.node import Array, Node, Shape
from hwcheck.graph.op import Misfit, composite, op
from hwcheck.graph.options import product
from hwcheck.ops.arrays import reshape, swapped
from hwcheck.ops.reductions import sum, sum_to
from hwcheck.ops.shapes import contract, require_rank

TURNED_FROM = 1 << 14


def _left(g: Node, y: Node, a: Node, b: Node) -> Node:
    """The gradient of ``a @ b`` in a: ``g @ b.T``, written the way a reader knows it where vectors take part."""
    ranks = len(a.shape), len(b.shape)
    if ranks == (1, 1):
        return g * b
    if ranks == (2, 1):
        return outer(g, b)
    if ranks == (1, 2):
        return b @ g
    rows, columns = _as_matrices(a, b)
    return reshape(sum_to(_as_product(g, a, b) @ swapped(columns), rows.shape), a.shape)


def _right(g: Node, y: Node, a: Node, b: Node) -> Node:
    """The gradient of ``a @ b`` in b: ``a.T @ g``."""
    ranks = len(a.shape), len(b.shape)
    if ranks == (1, 1):
        return g * a
    if ranks == (2, 1):
        return a.T @ g
    if ranks == (1, 2):
        return outer(a, g)
    rows, columns = _as_matrices(a, b)
    return reshape(sum_to(swapped(rows) @ _as_product(g, a, b), columns.shape), b.shape)


def _as_matrices(a: Node, b: Node) -> tuple[Node, Node]:
    """A vector on the left as one row, a vector on the right as one column."""
    rows = reshape(a, (1, a.size)) if len(a.shape) == 1 else a
    columns = reshape(b, (b.size, 1)) if len(b.shape) == 1 else b
    return rows, columns


def _as_product(g: Node, a: Node, b: Node) -> Node:
    """The gradient with the axes that the product lost to vectors, as axes of length 1."""
    stacked = len(g.shape) - (len(a.shape) > 1) - (len(b.shape) > 1)
    row = g.shape[stacked : stacked + 1] if len(a.shape) > 1 else (1,)
    column = g.shape[-1:] if len(b.shape) > 1 else (1,)
    return reshape(g, g.shape[:stacked] + row + column)


def _products(result: Shape, a: Shape, b: Shape) -> int:
    return product(result) * a[-1]


@op(shape=contract, gradients=[_left, _right], symbol="@", cost=_products)
def matmul(a: Array, b: Array) -> Array:
    """The matrix product ``a @ b``: rows times columns.

    a: (..., N, K), or (K,), which counts as a row.
    b: (..., K, M), or (K,), which counts as a column -> (..., N, M), without the axis of a vector.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 2.5; its gradient: section 6.5.6.
    Example: a @ b; a = [[1, 2], [3, 4]]; b = [[1, 0, 5], [0, 1, 6]]
    """
    if a.ndim == b.ndim == 2:  # two vectors a sheet
        total: Array = np.add.reduce(a * b, axis=-1)
        return total
    if a.ndim == 3 and b.ndim == 2 and len(a) == 1:  # one matrix for all sheets: a single product does them all
        rows_of_all: Array = np.matmul(b, a[0].T)
        return rows_of_all
    rows = a if a.ndim > 2 else a[:, np.newaxis, :]
    columns = b if b.ndim > 2 else b[:, :, np.newaxis]
    rank = max(rows.ndim, columns.ndim)
    y = _product(_deepened(rows, rank), _deepened(columns, rank))
    if a.ndim == 2:
        return y[..., 0, :]
    return y if b.ndim > 2 else y[..., 0]


def _product(a: Array, b: Array) -> Array:
    """``a @ b``; where a is large and transposed and b is narrow, BLAS is up to twice as fast at ``(b.T @ a.T).T``."""
    turned = a.size > TURNED_FROM and a.strides[-2] < a.strides[-1] and b.shape[-1] < a.shape[-2]
    y: Array = np.matmul(b.swapaxes(-1, -2), a.swapaxes(-1, -2)).swapaxes(-1, -2) if turned else np.matmul(a, b)
    return y


def _deepened(x: Array, rank: int) -> Array:
    """Axes of length 1 behind the leading one, up to a rank."""
    return x.reshape(x.shape[:1] + (1,) * (rank - x.ndim) + x.shape[1:])


@composite()
def dot(a: Node, b: Node) -> Node:
    """The scalar product of two vectors, ``sum(a * b)``; of matrices the matrix product.

    a: (K,) or (N, K); a single number multiplies.
    b: (K,) or (K, M); a single number multiplies.
    Elsewhere: NumPy's ``dot`` takes more axes, and then differs from ``@``; ``torch.dot`` takes vectors only.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 2.2.
    Example: dot(a, b); a = [1, 2, 3]; b = [4, 5, 6]
    """
    if not a.shape or not b.shape:
        return a * b
    require_rank("a", a.shape, (1, 2), "a vector or a matrix")
    require_rank("b", b.shape, (1, 2), "a vector or a matrix")
    return a @ b


def _outer_shape(a: Shape, b: Shape) -> Shape:
    require_rank("a", a, (1,), "a vector")
    require_rank("b", b, (1,), "a vector")
    return a + b


@op(
    shape=_outer_shape,
    gradients=[lambda g, y, a, b: g @ b, lambda g, y, a, b: g.T @ a],
    latex=r"{0} \, {1}^{{\top}}",
)
def outer(a: Array, b: Array) -> Array:
    """The outer product: entry (i, j) is ``a[i] * b[j]``.

    a: (N,).
    b: (M,) -> (N, M).
    Elsewhere: NumPy's ``outer`` flattens arrays of more axes; here they are refused.
    Source: NumPy reference, numpy.outer.
    Example: outer(a, b); a = [1, 2]; b = [3, 4, 5]
    """
    return a[:, :, np.newaxis] * b[:, np.newaxis, :]


@composite()
def trace(x: Node) -> Node:
    """The sum of a square matrix's diagonal.

    x: (N, N) -> a single number.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equation 2.48.
    Example: trace(x); x = [[1, 2], [3, 4]]
    """
    require_rank("x", x.shape, (2,), "a square matrix")
    if x.shape[0] != x.shape[1]:
        raise Misfit(f"trace needs a square matrix, but {{x}} is {x.shape[0]} x {x.shape[1]}")
    return sum(x * np.eye(x.shape[0]))
