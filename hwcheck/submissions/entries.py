r"""Entries of an array as students name them: ``h1[0, 1]`` and ``W1[0][1]``, but also ``w_{12}`` and ``w^{(1)}_{12}``.

Entries are counted from 0, or from 1 where the problem says so; here they become Python's indices, from 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from hwcheck.graph.node import Shape
from hwcheck.graph.op import Misfit
from hwcheck.graph.options import to_index
from hwcheck.problem.model import Part
from hwcheck.submissions.spellings import plain_digits

__all__ = ["BadIndexError", "Index", "Split", "entry", "index_of", "part_text", "splits"]

Index = tuple[int | slice, ...]

# Digits with what lowers or raises them, or puts them into brackets.
_GROUP = re.compile(r"(?P<before>[\s_^({\[]*)(?P<numbers>[0-9]{1,9}(?:(?:\s*,\s*|\s+)[0-9]{1,9})*)")
_BETWEEN = re.compile(r"[\s{}()\]]*")


class BadIndexError(Exception):
    """An index that a quantity cannot have; the message goes on where the name was told."""


class Split(NamedTuple):
    """One way to read a name as an entry: the name of what it is an entry of, and the numbers as they are written.

    ``small`` tells that the letter before the numbers is a small one, as those of a matrix's entries are.
    """

    name: str
    numbers: tuple[int, ...]
    small: bool


def splits(text: str) -> Iterator[Split]:
    """The ways to read the last number in a name as the place of an entry: ``w_{12}`` as w at 1, 2 and w at 12.

    A number that is not lowered, raised or in brackets is one of the name: h0 is not the entry 0 of h.
    """
    text = plain_digits(text)
    groups = list(_GROUP.finditer(text))
    last = groups[-1] if groups else None
    if last is None or not (last["before"].strip() or "," in last["numbers"]):
        return
    tail = text[last.end() :]
    before = groups[-2] if len(groups) > 1 and _BETWEEN.fullmatch(text, groups[-2].end(), last.start()) else None
    begin = text[: last.start() if before is None else before.start()]
    small = next((sign.islower() for sign in reversed(begin) if sign.isalpha()), False)
    if "^" in last["before"]:  # a raised number is the layer's: w_{12}^{(1)} is w1 at 1, 2
        if before is not None and "_" in before["before"] and "," not in last["numbers"]:
            for numbers in _numbers(before["numbers"]):
                yield Split(f"{begin}{last['numbers']}{tail}", numbers, small)
        return
    for numbers in _numbers(last["numbers"]):
        yield Split(text[: last.start()] + tail, numbers, small)
    if before is not None and "^" not in before["before"]:
        yield Split(begin + tail, (*next(_numbers(before["numbers"])), *next(_numbers(last["numbers"]))), small)
    first, *others = next(_numbers(last["numbers"]))
    if others:  # h_{1,2} may be entry 2 of h1
        yield Split(f"{text[: last.start()]}{first}{tail}", tuple(others), small)


def _numbers(text: str) -> Iterator[tuple[int, ...]]:
    """``1,2`` as it is; ``12`` as one number, and digit by digit."""
    yield tuple(int(number) for number in text.replace(",", " ").split())
    if text.isdigit() and len(text) > 1:
        yield tuple(map(int, text))


def entry(numbers: tuple[int, ...], shape: Shape, first: int) -> Index | None:
    """The index of a single entry, or None if there is no such entry. Axes of length 1 need no number."""
    long = [axis for axis, length in enumerate(shape) if length != 1]
    axes = list(range(len(shape))) if len(numbers) == len(shape) else long
    if not numbers or len(axes) != len(numbers):
        return None
    index = dict(zip(axes, (number - first for number in numbers), strict=True))
    if not all(0 <= at < shape[axis] for axis, at in index.items()):
        return None
    return tuple(index.get(axis, 0) for axis in range(len(shape)))


def index_of(brackets: str, shape: Shape, first: int) -> Index:
    """The index that stands in brackets, ``[0, 1]`` or ``[0][1]``. Raises BadIndexError."""
    items: list[int | slice] = []
    for bracket in re.findall(r"\[([^\]]*)\]", brackets):
        items += [_item(item, first) for item in bracket.split(",")]
    if first and len(items) <= len(shape):
        for axis, item in enumerate(items):
            if isinstance(item, int) and item >= shape[axis]:
                rule = f"has {item + first} on an axis of {shape[axis]}; entries are counted from {first} here"
                raise BadIndexError(rule)
    try:
        return to_index(tuple(items), shape)
    except (ValueError, Misfit) as error:
        raise BadIndexError(str(error)) from None


def _item(item: str, first: int) -> int | slice:
    """A whole number, or a slice of such: 0, -1, :, 0:2, ::2."""
    bounds = item.split(":")
    try:
        if len(bounds) <= 3 and max(map(len, bounds)) <= 9:
            numbers = [int(bound) if bound.strip() or len(bounds) == 1 else None for bound in bounds]
            if len(bounds) == 1 and numbers[0] is not None:
                return _counted(numbers[0], first)
            if first and any(number is not None for number in numbers):
                rule = f"has a slice, and entries are counted from {first} here: name the entries one by one"
                raise BadIndexError(rule)
            return slice(*numbers)
    except ValueError:
        pass  # told below
    raise BadIndexError(f"must be whole numbers or slices, such as {first} or {first}:2, not {item!r}")


def _counted(number: int, first: int) -> int:
    """The place of an entry, from 0 on; a negative number counts from the end in either case."""
    if number < 0:
        return number
    if number < first:
        raise BadIndexError(f"has {number}, but entries are counted from {first} here")
    return number - first


def part_text(part: Part, shape: Shape, first: int = 0) -> str:
    """A part as it may be written: ``h1[0, 1]``; an axis that is taken whole is ``:``, and left out at the end."""
    items = [_item_text(item, length, first) for item, length in zip(part.index, shape, strict=False)]
    while items and items[-1] == ":":
        items.pop()
    return f"{part.quantity}[{', '.join(items)}]" if items else part.quantity


def _item_text(item: int | slice, length: int, first: int) -> str:
    if isinstance(item, int):
        return str(item + first)
    if item.indices(length) == (0, length, 1):
        return ":"
    start, stop, step = ("" if bound is None else str(bound) for bound in (item.start, item.stop, item.step))
    return f"{start}:{stop}" + (f":{step}" if step not in ("", "1") else "")
