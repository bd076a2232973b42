"""Reading sizes, inputs and weights: their shapes, their numbers, and how numbers that are not stated are drawn."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from hwcheck.graph.node import Array, Shape
from hwcheck.graph.options import spell_shape
from hwcheck.located import List, Located, Map, Scalar
from hwcheck.problem.fields import SIZE, Fields
from hwcheck.problem.model import Draw
from hwcheck.problem.names import spelled

__all__ = ["MOST_AXES", "Values"]

KEYS = ("shape", "value", "draw", "fixed")
DRAW_KEYS = ("low", "high", "decimals")
MOST_ENTRIES = 10_000_000
MOST_AXES = 12
LARGEST_SIZE = 10**6


class Values:
    """The sizes, and what is known of inputs and weights so far: stated numbers, rules for drawing, what is fixed."""

    def __init__(self, fields: Fields) -> None:
        self.dims: dict[str, int] = {}
        self.stated: dict[str, Array] = {}
        self.draws: dict[str, Draw] = {}
        self.fixed: dict[str, bool] = {}
        self._fields = fields

    def read_dims(self, value: Located | None) -> None:
        """Sizes: whole numbers, or expressions of the sizes before them."""
        fields = self._fields
        if value is not None and not isinstance(value, Map):
            fields.names.complete = False
        entries = list(fields.mapping(value, "dims", "N: 8"))
        fields.names.expect({spelled(key.text) or key.text: item for key, item in entries})
        for key, item in entries:
            name = fields.name(key, "a size")
            size = fields.whole(item, f"{SIZE}{name or key.text}", 1, LARGEST_SIZE)
            if name is not None and size is not None:
                self.dims[name] = size
                fields.sizes[name] = fields.names.known[name] = float(size)
            elif name is not None:
                fields.names.doubt(name)

    def read(
        self, value: Located | None, section: str, draw: Draw, declare: Callable[[str, Shape | None], None]
    ) -> tuple[str, ...]:
        """Inputs or weights: ``name: number``, ``name: [..]`` or ``name: {shape: [..], value: ..}``."""
        if value is not None and not isinstance(value, Map):
            self._fields.names.complete = False
        names = []
        what = "an input" if section == "inputs" else "a weight"
        for key, item in self._fields.mapping(value, section, "x: [0.4, 0.8]"):
            members = [member.name for member in self._fields.members(key, what)]
            shape = self._read_one(key, item, members or [key.text], draw)
            for name in members:
                declare(name, shape)
                names.append(name)
        return tuple(names)

    def _read_one(self, key: Scalar, item: Located, members: list[str], draw: Draw) -> Shape | None:
        """The shape of an input or weight, or of each member of one; None where a fault leaves it open.

        The numbers are noted. Those of ``x[t]`` are one item for each t.
        """
        fields = self._fields
        name = key.text if key.text.endswith("]") else members[0]
        self.draws.update(dict.fromkeys(members, draw))
        if not isinstance(item, Map):
            return self._read_bare(item, name, members)
        given = fields.known(item, KEYS, name, "shape: [2, 3], value: ...")
        self.draws.update(dict.fromkeys(members, self.read_draw(given.get("draw"), draw)))
        if "fixed" in given:
            fixed = fields.flag(given["fixed"], f"'fixed' of {name}")
            self.fixed.update(dict.fromkeys(members, fixed))
            if fixed and "value" not in given:
                fields.fault(key.location, f"{name} is fixed, but has no value; state one, or leave 'fixed' out")
        shape = self._shape(given["shape"], name) if "shape" in given else None
        if "value" in given:
            numbers = fields.array(given["value"], name)
            if numbers is None or ("shape" in given and shape is None):
                return shape
            return self._joined(shape, numbers, name, given["value"], members)
        if "shape" not in given:
            fields.fault(key.location, f"{name} needs a shape or a value; write {name}: {{shape: [2, 3]}} or a number")
        return shape

    def _read_bare(self, item: Located, name: str, members: list[str]) -> Shape | None:
        """A value that states its own shape. ``W: [N, M]`` is meant to be the shape."""
        fields = self._fields
        numbers = fields.array(item, name)
        items = item.items if isinstance(item, List) else ()
        if items and all(isinstance(size, Scalar) and size.text in fields.sizes for size in items):
            sizes = ", ".join(size.text for size in items if isinstance(size, Scalar))
            read = f"[{sizes}] is read as the value of {name}, not as its shape"
            fields.fault(item.location, f"{read}; write {name}: {{shape: [{sizes}]}}")
            return None
        return None if numbers is None else self._joined(None, numbers, name, item, members)

    def _joined(
        self, shape: Shape | None, numbers: Array, name: str, value: Located, members: list[str]
    ) -> Shape | None:
        """The one shape of a stated shape and of numbers; one number fills any shape."""
        if len(members) > 1 and numbers.shape not in ((), shape):
            return self._shared_out(shape, numbers, name, value, members)
        stated = numbers.shape if shape is None else shape
        if numbers.shape not in (stated, ()):
            advice = "transpose the value" if numbers.shape == stated[::-1] else "correct one of them"
            read = f"the shape of {name} is stated as {list(stated)}, but its value is {list(numbers.shape)}"
            self._fields.fault(value.location, f"{read}; {advice}")
            return None
        if not self._fits(stated, name, value):
            return None
        self.stated.update((member, np.full(stated, numbers) if numbers.shape == () else numbers) for member in members)
        return stated

    def _shared_out(
        self, shape: Shape | None, numbers: Array, name: str, value: Located, members: list[str]
    ) -> Shape | None:
        """One item of the value for each member; of a name with two indices, lists of lists."""
        items = self._fields.repetition.items(name, numbers)
        if items is None:
            counts = self._fields.repetition.counts(name)
            rule = f"{name} needs a value for each step, {spell_shape(counts)} of them"
            self._fields.fault(value.location, f"{rule}, but its value is {spell_shape(numbers.shape)}")
            return None
        each = items.shape[1:]
        if shape not in (None, each):
            read = f"the shape of {name} is stated as {list(shape or ())}, but its value has {list(each)} for each step"
            self._fields.fault(value.location, f"{read}; correct one of them")
            return None
        if not self._fits(each, name, value):
            return None
        self.stated.update(zip(members, items, strict=True))
        return each

    def _shape(self, value: Located, name: str) -> Shape | None:
        """Sizes, each a whole number or an expression of dims."""
        items = value.items if isinstance(value, List) else (value,)
        sizes = [self._fields.whole(item, f"a size of {name}", 1, LARGEST_SIZE) for item in items]
        shape = tuple(size for size in sizes if size is not None)
        return shape if self._fits(shape, name, value) and len(shape) == len(sizes) else None

    def _fits(self, shape: Shape, name: str, value: Located) -> bool:
        """Whether a shape is within the limits."""
        entries = math.prod(shape)
        if entries > MOST_ENTRIES:
            read = f"{name} would have {' x '.join(map(str, shape))} = {entries:,} entries"
            self._fields.fault(value.location, f"{read}; at most {MOST_ENTRIES:,} are allowed")
        elif len(shape) > MOST_AXES:
            self._fields.fault(value.location, f"{name} would have {len(shape)} axes; at most {MOST_AXES} are allowed")
        else:
            return True
        return False

    def read_draw(self, value: Located | None, default: Draw) -> Draw:
        """``{low: -1, high: 1, decimals: 2}``: what is left out is as in ``default``."""
        if value is None:
            return default
        fields = self._fields
        given = fields.known(value, DRAW_KEYS, "draw", "low: -1, high: 1")
        numbers = {key: fields.number(given[key], f"draw's {key}") for key in ("low", "high") if key in given}
        decimals = fields.whole(given["decimals"], "draw's decimals", 0, 15) if "decimals" in given else None
        low, high = numbers.get("low", default.low), numbers.get("high", default.high)
        if low is None or high is None:
            return default
        if low >= high:
            rule = f"draw needs low < high, but low is {low:g} and high is {high:g}"
            fields.fault(value.location, f"{rule}; numbers are drawn evenly between the two")
        return Draw(low, high, default.decimals if decimals is None else decimals)
