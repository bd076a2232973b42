"""Repetition: ``for: {t: [1, 2, 3]}``, and names with an index, ``h[t]: tanh(W @ x[t] + U @ h[t-1])``.

A key with an index stands for one quantity for each value of the indices in it: h[1], h[2], h[3]. Lines that follow one
another and share an index are worked together, as on the blackboard: a[1], h[1], a[2], h[2], and not all of a before h.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby, product
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from hwcheck.errors import InputError
from hwcheck.graph.node import Array, Constant
from hwcheck.language.build import Scope, build
from hwcheck.language.source import Source
from hwcheck.limits import LINE, UNROLLED
from hwcheck.located import List, Located, Map, Scalar
from hwcheck.located_build import shown
from hwcheck.ops.catalogue import ops
from hwcheck.problem.names import spelled

if TYPE_CHECKING:
    from hwcheck.problem.fields import Fields

__all__ = ["NOWHERE", "Member", "Repetition", "canonical", "with_values"]

T = TypeVar("T")
At = Mapping[str, int]
NOWHERE: At = MappingProxyType({})
_KEY = re.compile(r"\s*(?P<family>[^\[\]]+?)\s*\[(?P<index>[^\[\]]*)\]\s*")
_RANGE = re.compile(r"(?P<first>.+?)\s*\.\.\.?\s*(?P<last>.+)")


class Member(NamedTuple):
    """One quantity that a key stands for, and the values of the indices there."""

    name: str
    at: At = NOWHERE
    family: str = ""


class Repetition:
    """The indices of a problem and their values, in the order in which they are written: the first is outermost."""

    def __init__(self) -> None:
        self.values: dict[str, tuple[int, ...]] = {}

    def read(self, value: Located | None, fields: Fields) -> None:
        """``for: {t: [1, 2, 3]}``, or from one number to another: ``{t: 1..3}``. ``fields`` notes the faults."""
        for key, item in fields.mapping(value, "for", "t: [1, 2, 3]"):
            before = len(fields.faults)
            name = fields.name(key, "an index")
            values = tuple(self._values(item, f"a value of the index {name or key.text}", fields))
            if isinstance(item, List) and not item.items:
                fields.fault(item.location, f"the index {key.text} has no values; write {key.text}: [1, 2, 3]")
            elif len(set(values)) < len(values):
                fields.fault(item.location, f"the index {key.text} has the same value twice; each step has its own")
            if len(fields.faults) > before:
                fields.names.complete = False  # what its steps would be called is not known
                values = (1,)
            if name is not None:
                self.values[name] = values
                fields.names.indices.append(name)

    def _values(self, item: Located, what: str, fields: Fields) -> Iterator[int]:
        span = _RANGE.fullmatch(item.text) if isinstance(item, Scalar) else None
        if span is None:
            items: Sequence[Located] = item.items if isinstance(item, List) else (item,)
            if isinstance(item, Map) or len(items) > UNROLLED:
                rule = f"an index has a list of at most {UNROLLED:,} whole numbers, [1, 2, 3], or a range, 1..3"
                fields.fault(item.location, rule)
                return
            numbers = [fields.whole(each, what, -UNROLLED, UNROLLED) for each in items]
            yield from (number for number in numbers if number is not None)
            return
        ends = (Scalar(span[end], item.location) for end in ("first", "last"))
        first, last = (fields.whole(end, what, -UNROLLED, UNROLLED) for end in ends)
        if first is not None and last is not None:
            if first > last:
                fields.fault(item.location, f"{what} goes from {first} to {last}; the first must not be the larger one")
            yield from range(first, last + 1)

    def variables(self, key: str) -> tuple[str, ...]:
        """The indices that a key is repeated over, in the order of ``for``."""
        indexed = _KEY.fullmatch(key)
        words = set(re.findall(r"\w+", indexed["index"])) if indexed else set()
        return tuple(name for name in self.values if name in words)

    def steps(self, expression: str) -> list[At]:
        """The values of the indices that an expression holds as words, one after the other; no index, one step.

        What stands in ``grad(W, t=2)`` is no use of an index.
        """
        words = set(re.findall(r"\w+(?!\w*\s*=[^=])", expression))
        names = [name for name in self.values if name in words]
        if math.prod(len(self.values[name]) for name in names) > UNROLLED:
            return [NOWHERE]
        return list(self._together(names))

    def _together(self, names: Sequence[str]) -> Iterator[At]:
        """Every combination of the values of some indices, the first of them outermost."""
        for step in product(*(self.values[name] for name in names)):
            yield MappingProxyType(dict(zip(names, step, strict=True)))

    def counts(self, key: str) -> tuple[int, ...]:
        """How many values each index of a key has."""
        return tuple(len(self.values[name]) for name in self.variables(key))

    def items(self, key: str, array: Array) -> Array | None:
        """The items of an array, one for each quantity of a key; None where it has another number of them."""
        counts = self.counts(key)
        if array.shape[: len(counts)] != counts:
            return None
        return array.reshape(math.prod(counts), *array.shape[len(counts) :])

    def members(self, key: Scalar, sizes: Mapping[str, float]) -> list[Member]:
        """What a key with an index stands for. Raises InputError at the key."""
        indexed = _KEY.fullmatch(key.text)
        family = spelled(indexed["family"]) if indexed else None
        if indexed is None or family is None:
            near = "a name with an index is a name, and whole numbers or indices in brackets: h[t], h[0], z[n, t]"
            raise InputError.at(key.location, f"{shown(key.text)} cannot be a name: {near}")
        count = math.prod(self.counts(key.text))
        if count > UNROLLED:
            rule = f"{key.text} would be {count:,} quantities; at most {UNROLLED:,} are allowed"
            raise InputError.at(key.location, rule)
        found = []
        for at in self._together(self.variables(key.text)):
            index = ",".join(str(self._number(part, key, sizes, at)) for part in indexed["index"].split(","))
            found.append(Member(f"{family}[{index}]", at, family))
        if len({member.name for member in found}) < len(found):
            rule = f"{key.text} is {found[0].name} at more than one step; each step needs a name of its own"
            raise InputError.at(key.location, rule)
        return found

    def _number(self, text: str, key: Scalar, sizes: Mapping[str, float], at: At) -> int:
        """One index of a member: a whole number, from indices, sizes and numbers."""
        names = {**sizes, **{name: float(value) for name, value in at.items()}}
        known = ", ".join(self.values) or "none: the problem has no 'for'"
        absent = f"is no index of this problem (it has {known})"
        scope = Scope(names, ops(), absent=lambda name: f"{shown(name)} {absent}")
        try:
            node = build(Source(text, key.location, LINE), scope)
        except InputError as error:  # its columns are those of the index alone
            raise InputError.at(key.location, error.faults[0].message) from None
        number = float(node.value) if isinstance(node, Constant) and not node.shape else 0.5
        if number != int(number):
            raise InputError.at(key.location, f"the index of {shown(key.text)} must be a whole number")
        return int(number)

    def scheduled(self, lines: Sequence[T], variables: Callable[[T], Sequence[str]]) -> Iterator[tuple[T, At]]:
        """Every line with the values of its indices, in the order in which they are worked."""
        yield from self._scheduled(lines, variables, tuple(self.values), {})

    def _scheduled(
        self, lines: Sequence[T], variables: Callable[[T], Sequence[str]], left: tuple[str, ...], at: At
    ) -> Iterator[tuple[T, At]]:
        """As deep as the problem has indices."""
        if not left:
            yield from ((line, at) for line in lines)
            return
        outer, *inner = left
        for repeated, group in groupby(lines, key=lambda line: outer in variables(line)):
            together = list(group)
            for step in [{**at, outer: value} for value in self.values[outer]] if repeated else [at]:
                yield from self._scheduled(together, variables, tuple(inner), step)


def with_values(text: str, at: At) -> str:
    """A text with the values of the indices in their places: ``dh[2]`` for ``dh[t]``; ``h[1]`` for ``h[t-1]``."""
    for index, value in at.items():
        text = re.sub(rf"\b{re.escape(index)}\b(?!\s*=[^=])", str(value), text)
    return re.sub(r"\[(\d+)\s*([-+])\s*(\d+)\]", _added, text)


def _added(sum_: re.Match[str]) -> str:
    return f"[{int(sum_[1]) + int(sum_[2] + sum_[3])}]"


def canonical(text: str) -> str:
    """The name of one member as it is kept: ``h[1]`` for ``h [ 1 ]``; any other text as it is."""
    indexed = _KEY.fullmatch(text)
    family = spelled(indexed["family"]) if indexed else None
    if indexed is None or family is None:
        return text
    return f"{family}[{','.join(part.strip() for part in indexed['index'].split(','))}]"
