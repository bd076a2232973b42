"""Long sums, computed at once: differentiation makes them where one weight serves many steps, or an array is cut up.

The sum of ``a.T @ g`` over a hundred time steps is a single product, of all the matrices a behind one another and all
the g. Parts that are put back into zeros are put into the same zeros. What is left is added up in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from hwcheck.graph.node import Array, Call, Node, Shape
from hwcheck.graph.op import Shortcut
from hwcheck.graph.options import Index
from hwcheck.ops.arrays import place, settled, sheet_wise
from hwcheck.ops.matrix import matmul, outer

__all__ = ["long_sum"]

FEWEST = 3  # with two terms, putting matrices behind one another costs as much as a second product


def long_sum(call: Call, read_once: Callable[[Node], bool]) -> Shortcut | None:
    """How to compute ``a + b + c + ...`` at once; None where there is too little to it."""
    terms = list(_terms(call, read_once))
    if len(terms) < FEWEST:
        return None
    products: list[Call] = []
    parts: list[Call] = []
    others: list[Node] = []
    for term in terms:
        if isinstance(term, Call) and _is_product(term) and read_once(term):
            products.append(term)
        elif isinstance(term, Call) and term.op is place and read_once(term):
            parts.append(term)
        else:
            others.append(term)
    lefts, rights = [call.inputs[0] for call in products], [call.inputs[1] for call in products]
    indices = [settled(call.options["index"], call.shape) for call in parts]
    value = partial(
        _total, len(products), partial(_placed, call.shape, indices, _tile(call.shape, indices)), len(parts)
    )
    return Shortcut(value, (*lefts, *rights, *(call.inputs[0] for call in parts), *others))


def _terms(call: Call, read_once: Callable[[Node], bool]) -> Iterator[Node]:
    """The terms of a sum of arrays of one shape, first to last."""
    waiting: list[Node] = [call]
    while waiting:
        term = waiting.pop()
        inner = isinstance(term, Call) and term.op is call.op and all(a.shape == call.shape for a in term.inputs)
        if isinstance(term, Call) and inner and (term is call or read_once(term)):
            waiting.extend(reversed(term.inputs))
        else:
            yield term


def _is_product(term: Call) -> bool:
    """Whether this is a product of two matrices, or of a column and a row."""
    return term.op is outer or (term.op is matmul and len(term.inputs[0].shape) == len(term.inputs[1].shape) == 2)


def _total(products: int, placed: Callable[..., Array], parts: int, *arrays: Array) -> Array:
    """The sum of products, given as all left and then all right factors, of parts that are placed, and of the rest."""
    lefts, rights, rest = arrays[:products], arrays[products : 2 * products], arrays[2 * products :]
    terms = list(rest[parts:])
    if products:
        terms.append(_products(lefts, rights))
    if parts:
        terms.append(placed(*rest[:parts]))
    return _added(terms)


def _products(lefts: Sequence[Array], rights: Sequence[Array]) -> Array:
    """The sum of the products of matrices, or of columns and rows; each matrix has a leading axis."""
    columns = [a[:, :, np.newaxis] if a.ndim == 2 else a for a in lefts]
    rows = [b[:, np.newaxis, :] if b.ndim == 2 else b for b in rights]
    total: Array = np.matmul(_joined(columns, -1), _joined(rows, -2))
    return total


def _joined(matrices: Sequence[Array], axis: int) -> Array:
    sheets = max(map(len, matrices))
    return np.concatenate([np.broadcast_to(a, (sheets, *a.shape[1:])) for a in matrices], axis=axis)


def _tile(shape: Shape, indices: Sequence[Index]) -> bool:
    """Whether every entry is in exactly one of the places."""
    marked = np.zeros(shape, dtype=np.bool_)
    entries = 0
    for index in indices:
        entries += marked[index].size
        marked[index] = True
    return entries == marked.size and bool(marked.all())


def _placed(shape: Shape, indices: Sequence[Index], tile: bool, *parts: Array) -> Array:
    """Zeros, with each part added at its place."""
    sheets = max(map(len, parts))
    result = np.empty((sheets, *shape)) if tile else np.zeros((sheets, *shape))
    for index, part in zip(indices, parts, strict=True):
        if tile:
            result[sheet_wise(index)] = part
        else:
            result[sheet_wise(index)] += part
    return result


def _added(terms: Sequence[Array]) -> Array:
    """The sum of arrays, of which some are shared by all sheets."""
    first, *others = terms
    if not others:
        return first
    total = np.zeros((max(map(len, terms)), *first.shape[1:]))
    for term in terms:
        total += term
    return total
