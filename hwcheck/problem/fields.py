"""Reading the fields of a problem file: each function takes a located value and gives a checked one, or notes a fault.

All faults of a file are collected, so a reader that finds one goes on with what can still be checked.
"""

from __future__ import annotations

import math
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence

import numpy as np

from hwcheck.errors import Fault, InputError, Location, did_you_mean
from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.node import Array, Shape
from hwcheck.language.build import Scope, build
from hwcheck.language.source import Source
from hwcheck.limits import FAULTS, LINE
from hwcheck.located import List, Located, Map, Scalar
from hwcheck.located_build import shown
from hwcheck.ops.catalogue import ops
from hwcheck.problem.names import FollowsError, Names
from hwcheck.problem.places import PlacedSource
from hwcheck.problem.repetition import Member, Repetition

__all__ = ["EnoughError", "Fields", "instead"]


class EnoughError(Exception):
    """So many faults were found that looking for more helps nobody."""


class Fields:
    """The faults found so far, the readers that add to them, and the names that numbers may hold: the sizes.

    ``credits`` are the misconceptions that the file names, and where: whether there are such is told elsewhere.
    """

    def __init__(self, lines: Sequence[str] = ()) -> None:
        self.faults: list[Fault] = []
        self.names = Names()
        self.repetition = Repetition()
        self.sizes: dict[str, float] = {}
        self.credits: list[tuple[str, Location]] = []
        self._lines = lines

    def fault(self, location: Location, message: str) -> None:
        """Note a fault. Raises EnoughError when there are too many."""
        if len(self.faults) == FAULTS:
            raise EnoughError
        self.faults.append(Fault(location, message))

    def note(self, error: InputError) -> None:
        """Note the faults of an error."""
        for fault in error.faults:
            self.fault(*fault)

    def source(self, text: Scalar) -> Source:
        """The expression that a value holds."""
        return PlacedSource(text.text, text.location, LINE, self._lines)

    def name(self, key: Scalar, what: str) -> str | None:
        """A name that expressions can use and nothing else has."""
        try:
            return self.names.define(key, what)
        except InputError as error:
            self.note(error)
            return None

    def members(self, key: Scalar, what: str) -> list[Member]:
        """What a key stands for: one quantity, or with an index in it, one for each of its values."""
        if "[" not in key.text:
            name = self.name(key, what)
            return [] if name is None else [Member(name)]
        try:
            found = self.repetition.members(key, self.sizes)
            names = [member.name for member in found]
            repeated = bool(self.repetition.variables(key.text))
            self.names.define_member(key, what, found[0].family, names, repeated=repeated)
        except InputError as error:
            self.names.doubt(key.text)
            family = key.text.partition("[")[0].strip()
            if family not in self.names.known and family not in self.names.families:
                self.names.doubt(family)
            self.note(error)
            return []
        return found

    def mapping(self, value: Located | None, what: str, like: str) -> Iterator[tuple[Scalar, Located]]:
        """The entries of a mapping; what is no mapping is a fault, what is not there has none."""
        if isinstance(value, Map):
            yield from self._whole_entries(value)
        elif value is not None:
            self.fault(value.location, f"{what} must be a mapping such as {{{like}}}, {instead(value)}")

    def _whole_entries(self, value: Map) -> Iterator[tuple[Scalar, Located]]:
        """The entries, those put together again that a comma cut apart: ``{ask: jacobian(y, x)}`` is two to YAML."""
        waiting = deque(value.entries)
        while waiting:
            key, item = waiting.popleft()
            if isinstance(item, Scalar) and not item.quoted:
                item = self._whole_value(key, item, waiting)
            yield key, item

    def _whole_value(self, key: Scalar, item: Scalar, rest: deque[tuple[Scalar, Located]]) -> Scalar:
        """A value with the pieces that follow it: each is a key without a value to YAML."""
        parts = [item.text]
        opened = _opened(item.text)
        while (
            rest
            and rest[0][1] == Scalar("", rest[0][1].location)
            and (opened > 0 or (rest[0][0].text.isdigit() and re.fullmatch(r"[-+]?\d+", parts[-1])))
        ):
            parts.append(rest.popleft()[0].text)
            opened += _opened(parts[-1])
        if len(parts) == 1:
            return item
        if not _opened(item.text):  # 0,5: refused where the number is read
            return Scalar(",".join(parts), item.location)
        whole = " ".join(", ".join(parts).split())
        advice = f'put the expression in quotes: {key.text}: "{whole}"'
        self.fault(item.location, f"between {{ }} a comma ends a value; {advice}")
        return Scalar(whole, item.location)

    def known(
        self, value: Located | None, keys: Sequence[str], what: str, like: str, *, sections: bool = False
    ) -> dict[str, Located]:
        """The entries of a mapping whose keys are fixed.

        An unknown key is a fault; its value is read as that of the one key that it can have been meant for. With
        ``sections`` the entries define names, which a section that cannot be read keeps from us.
        """
        found: dict[str, Located] = {}
        unknown: list[tuple[str, Located]] = []
        for key, item in self.mapping(value, what, like):
            if key.text in keys:
                found[key.text] = item
            else:
                guess = did_you_mean(key.text, keys) or f"; it can have {', '.join(keys)}"
                self.fault(key.location, f"unknown key {shown(key.text)} in {what}{guess}")
                unknown.append((key.text, item))
        for text, item in unknown:
            meant = _meant(text, [key for key in keys if key not in found])
            if meant:
                found[meant] = item
            elif sections:
                self.hides_names(item)
        return found

    def hides_names(self, value: Located | None) -> None:
        """Note that the names which a value holds cannot be read: their uses are no faults of their own."""
        if isinstance(value, Map):
            for key, _ in value.entries:
                self.names.doubt(key.text)
        elif isinstance(value, List):
            self.names.complete = False

    def text(self, value: Located | None, what: str) -> str:
        """A text."""
        if isinstance(value, Scalar):
            return value.text
        if value is not None:
            self.fault(value.location, f"{what} must be a text, {instead(value)}")
        return ""

    def choice(self, value: Located | None, what: str, choices: tuple[str, ...]) -> str | None:
        """One of a few words; the first is the default. None where there is a fault."""
        if value is None:
            return choices[0]
        if isinstance(value, Scalar) and value.text in choices:
            return value.text
        guess = did_you_mean(value.text, choices) if isinstance(value, Scalar) else ""
        self.fault(value.location, f"{what} must be {' or '.join(choices)}, {instead(value)}{guess}")
        return None

    def flag(self, value: Located | None, what: str) -> bool:
        """``true`` or ``false``."""
        return self.choice(value, what, ("false", "true")) == "true"

    def words(self, value: Located | None, what: str) -> list[Scalar]:
        """A list of names; one name is a list of one."""
        items = value.items if isinstance(value, List) else () if value is None else (value,)
        for item in items:
            if not isinstance(item, Scalar):
                self.fault(item.location, f"{what} must be a list of names such as [x, h], {instead(item)}")
        return [item for item in items if isinstance(item, Scalar)]

    def number(self, value: Located, what: str) -> float | None:
        """A finite number, or an expression of numbers and sizes."""
        if not isinstance(value, Scalar) or not (value.text or value.quoted):
            self.fault(value.location, f"{what} must be a number, {instead(value)}")
            return None
        try:
            number = self._read_number(value, what)
        except FollowsError:
            return None
        except InputError as error:
            self.note(error)
            return None
        if not math.isfinite(number):
            self.fault(value.location, f"{what} must be a finite number, not {shown(value.text)}")
            return None
        return number

    def _read_number(self, scalar: Scalar, user: str) -> float:
        """A number as a teacher writes it, plain or as an expression (``1/3``, ``sqrt(N)``). Raises InputError."""
        text = scalar.text.strip()
        if text.isascii() and text[-1:].isdigit() and "_" not in text:
            try:
                return float(text)
            except ValueError:
                pass  # no plain number: an expression
        if text.lower().lstrip("+-.") in ("nan", "inf", "infinity"):
            return math.nan
        source = self.source(scalar)
        if re.fullmatch(r"[-+]?\d*,\d+", text):
            raise source.fault(0, f"a number has a decimal point: write {text.replace(',', '.')}, not {text}")
        if self.names.in_doubt(text):
            raise FollowsError
        node = build(source, Scope(self.sizes, ops(), absent=lambda name: self._why_no_number(name, user)))
        if node.shape:
            advice = "; take away the quotes" if scalar.quoted else ""
            raise source.fault(0, f"{user} must be a number or a list of numbers, {instead(scalar)}{advice}")
        return float(evaluate([node], {})[0][0])

    def _why_no_number(self, name: str, user: str) -> str:
        size = user.removeprefix(SIZE) if user.startswith(SIZE) else ""
        guess = did_you_mean(name, self.sizes) or "; write a number"
        return self.names.absent(name, size) or f"{shown(name)} is neither a number nor a size stated in dims{guess}"

    def whole(self, value: Located, what: str, least: int, most: int) -> int | None:
        """A whole number within bounds."""
        number = self.number(value, what)
        if number is None:
            return None
        if number != int(number) or not least <= number <= most:
            rule = f"{what} must be a whole number from {least:,} to {most:,}"
            self.fault(value.location, f"{rule}, not {_written(value, number)}")
            return None
        return int(number)

    def array(self, value: Located, what: str) -> Array | None:
        """Nested lists of numbers; ragged ones are a fault at each row that differs."""
        before = len(self.faults)
        numbers: list[float] = []
        shape = self._collect(value, what, numbers)
        if len(self.faults) > before or shape is None:
            return None
        return np.asarray(numbers, dtype=np.float64).reshape(shape)

    def _collect(self, value: Located, what: str, numbers: list[float]) -> Shape | None:
        """Append the numbers below a value and give its shape. As deep as the file's lists, whose depth is limited."""
        if not isinstance(value, List):
            number = self.number(value, what)
            numbers.append(number if number is not None else 0.0)
            return None if number is None else ()
        if not value.items:
            self.fault(value.location, f"{what} has an empty list; write its numbers, or state its shape alone")
            return None
        shapes = [self._collect(item, what, numbers) for item in value.items]
        counts = Counter(shape for shape in shapes if shape is not None)
        if not counts:
            return None
        usual = counts.most_common(1)[0][0]
        like = shapes.index(usual)
        for position, (item, shape) in enumerate(zip(value.items, shapes, strict=True)):
            if shape is not None and shape != usual:
                read = f"item {position} of a list has {_count(shape)}, item {like} has {_count(usual)}"
                self.fault(item.location, f"{what} is ragged: {read}; all items of a list must have one shape")
        return (len(value.items), *usual)


SIZE = "the size "


def instead(value: Located) -> str:
    """What stands where something else belongs: the end of a message."""
    if isinstance(value, Scalar):
        return f"not {shown(value.text)}" if value.text or value.quoted else "but nothing stands here"
    return "not a list" if isinstance(value, List) else "not a mapping"


def _meant(word: str, known: list[str]) -> str:
    """The one known word that is very near, or nothing."""
    import difflib  # as in did_you_mean

    cutoff = 0.7 if len(word) > 3 else 0.6  # two letters of 'for' exchanged leave two thirds
    near = difflib.get_close_matches(word, known, n=2, cutoff=cutoff)
    return near[0] if len(near) == 1 else ""


def _opened(text: str) -> int:
    return text.count("(") - text.count(")")


def _count(shape: Shape) -> str:
    if not shape:
        return "a single number"
    return " x ".join(map(str, shape)) + (" numbers" if math.prod(shape) > 1 else " number")


def _written(value: Located, number: float) -> str:
    text = value.text if isinstance(value, Scalar) else ""
    return text if set(text) <= set("0123456789.+-eE") else f"{shown(text)} = {number:g}"
