"""Einstein's summation: products of arrays, summed over the letters that the result does not name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from reprlib import repr as shown
from typing import Any, NamedTuple

import numpy as np

from hwcheck.graph.node import Array, Node, Shape
from hwcheck.graph.op import Misfit, op
from hwcheck.graph.options import Text, product, spell_shape
from hwcheck.ops.arrays import reshape
from hwcheck.ops.diagonals import eye
from hwcheck.ops.reductions import broadcast_to

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DOTS = "..."
_TERM = r"[A-Za-z]*(?:\.\.\.)?[A-Za-z]*"
_MOST = 26  # letters, and arrays: the gradient needs some more, and NumPy has 52
_EQUATION = re.compile(rf"{_TERM}(?:,{_TERM})*(?:->{_TERM})?")


class Subscripts(NamedTuple):
    """An equation with a letter for every axis: those of each term, those of the result, and the length of each.

    An axis that the dots of its term stand for may be of length 1 where its letter is longer: it is broadcast.
    """

    terms: tuple[str, ...]
    result: str
    lengths: dict[str, int]


def _read(equation: str, shapes: Sequence[Shape]) -> Subscripts:
    """The equation settled against the shapes of its arrays. Raises Misfit."""
    text = equation.replace(" ", "")
    if not _EQUATION.fullmatch(text):
        raise Misfit(f"{shown(equation)} is no equation of einsum: it has letters and commas, as in 'ij,jk->ik'")
    left, arrow, right = text.partition("->")
    terms = left.split(",")
    if len(terms) != len(shapes):
        counted = f"{_counted(len(terms), 'term')}, but einsum is given {_counted(len(shapes), 'array')}"
        raise Misfit(f"the equation {shown(equation)} has {counted}")
    names = [f"{{operands[{i}]}}" for i in range(len(shapes))]
    dotted = [_under_dots(*each) for each in zip(names, terms, shapes, strict=True)]
    used = set(text) & set(_LETTERS)
    if max(len(terms), len(used) + max(dotted)) > _MOST:
        raise Misfit(f"einsum takes at most {_MOST} arrays and {_MOST} letters, the axes of the dots included")
    free = [letter for letter in _LETTERS if letter not in used][: max(dotted)]
    spelled = tuple(
        term.replace(_DOTS, "".join(free[len(free) - rank :])) for term, rank in zip(terms, dotted, strict=True)
    )
    lengths = _lengths(names, spelled, shapes, frozenset(free))
    result = right.replace(_DOTS, "".join(free)) if arrow else "".join(free) + _implied(left)
    for letter in result:
        if letter not in lengths:
            raise Misfit(f"the result of {shown(equation)} names {letter}, which no term has")
        if result.count(letter) > 1:
            raise Misfit(f"the result of {shown(equation)} names {letter} twice")
    return Subscripts(spelled, result, lengths)


def _counted(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def _implied(left: str) -> str:
    """Without an arrow the result has the letters that stand only once, in the order of the alphabet."""
    letters = re.sub("[^A-Za-z]", "", left)
    return "".join(letter for letter in sorted(set(letters)) if letters.count(letter) == 1)


def _under_dots(name: str, term: str, shape: Shape) -> int:
    """How many axes the dots of a term stand for."""
    letters = term.replace(_DOTS, "")
    spare = len(shape) - len(letters)
    if spare < 0 or (spare and _DOTS not in term):
        named = f"its term {shown(term)} has {_counted(len(letters), 'letter')}"
        raise Misfit(f"{name} has {len(shape)} axes ({spell_shape(shape)}), but {named}")
    return spare


def _lengths(
    names: list[str], terms: Sequence[str], shapes: Sequence[Shape], broadcast: frozenset[str]
) -> dict[str, int]:
    """The length of each letter's axis; those of the dots may be 1 in some terms."""
    lengths: dict[str, int] = {}
    owner: dict[str, str] = {}
    for name, term, shape in zip(names, terms, shapes, strict=True):
        for axis, (letter, length) in enumerate(zip(term, shape, strict=True)):
            known = lengths.setdefault(letter, length)
            if letter in broadcast and known == 1:
                lengths[letter] = known = length
            if known == length:
                if length > 1 or letter not in owner:
                    owner[letter] = name
            elif letter not in broadcast or length != 1:
                if letter in broadcast:
                    rule = f"axis {axis} of {name} (one of the dots) is {length}, but {owner[letter]} has {known}"
                    raise Misfit(rule)
                raise Misfit(f"the letter {letter} is {known} in {owner[letter]}, but {length} in {name}")
    return lengths


def _summed_shape(*operands: Shape, equation: str) -> Shape:
    found = _read(equation, operands)
    return tuple(found.lengths[letter] for letter in found.result)


def _without_broadcast(term: str, shape: Shape, lengths: dict[str, int]) -> tuple[str, Shape]:
    """A term and its shape without the axes of length 1 that are broadcast."""
    left = [(letter, length) for letter, length in zip(term, shape, strict=True) if length == lengths[letter]]
    return "".join(letter for letter, _ in left), tuple(length for _, length in left)


def _einsum_rule(g: Node, y: Node, *operands: Node, equation: str, position: int) -> Node:
    """The gradient in one operand: einsum again, with g in its place, and its term as the result.

    A letter that its term has twice is a diagonal: the second one becomes a letter of its own, tied to the first by an
    identity. A letter that nothing else has is one that was summed up: ones spread the gradient along it.
    """
    found = _read(equation, [node.shape for node in operands])
    terms, factors = [found.result], [g]
    for i, node in enumerate(operands):
        if i != position:
            term, shape = _without_broadcast(found.terms[i], node.shape, found.lengths)
            terms.append(term)
            factors.append(reshape(node, shape))
    mine, shape = _without_broadcast(found.terms[position], operands[position].shape, found.lengths)
    unused = (letter for letter in _LETTERS if letter not in found.lengths)
    wanted = ""
    for letter in mine:
        if letter in wanted:
            other = next(unused)
            terms.append(letter + other)
            factors.append(eye(found.lengths[letter]))
            wanted += other
        else:
            wanted += letter
    for letter in wanted:
        if not any(letter in term for term in terms):
            terms.append(letter)
            factors.append(broadcast_to(1.0, (found.lengths[letter],)))
    return reshape(einsum(f"{','.join(terms)}->{wanted}", *factors), operands[position].shape)


def _multiplications(result: Shape, *operands: Shape, equation: str) -> int:
    return product(_read(equation, operands).lengths.values()) * len(operands)


@op(shape=_summed_shape, gradients=[_einsum_rule], cost=_multiplications)
def einsum(equation: Text, *operands: Array) -> Array:
    """The product of arrays whose axes have letters, summed over each letter that the result does not name.

    ``'ij,jk->ik'`` is the matrix product, ``'ij->ji'`` the transpose, ``'ii'`` the trace, ``'i,j->ij'`` the outer
    product, ``'bij,bjk->bik'`` a product of stacked matrices. Three dots stand for all axes that no letter is written
    for; they are broadcast. Without an arrow the result has the letters that stand only once, in alphabetical order.

    equation: a term of letters for each array, then ``->`` and the letters of the result.
    operands: one array or more; a letter has one length wherever it stands.
    Elsewhere: PyTorch and NumPy also broadcast an axis of length 1 that has a letter; here that is refused as a slip.
    Source: Einstein, Die Grundlage der allgemeinen Relativitaetstheorie, Annalen der Physik 354 (1916), section 5.
    Example: einsum('ij,j->i', a, b); a = [[1, 2], [3, 4]]; b = [10, 1]
    """
    found = _read(equation, [array.shape[1:] for array in operands])
    sheets = max(map(len, operands))
    numbers = {letter: number for number, letter in enumerate(("", *found.lengths))}  # "" is the leading axis
    sublists: list[Any] = []
    for array, term in zip(operands, found.terms, strict=True):
        left, shape = _without_broadcast(term, array.shape[1:], found.lengths)
        own = [""] * (len(array) == sheets)
        sublists += [array.reshape((sheets,) * len(own) + shape), [numbers[letter] for letter in (*own, *left)]]
    y: Array = np.einsum(*sublists, [numbers[letter] for letter in ("", *found.result)], optimize=len(operands) > 2)
    return y
