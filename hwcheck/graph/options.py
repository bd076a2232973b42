"""What an op's options may be: a converter for each type that a signature may name.

A converter takes the value as written and the shape of the op's first input, and gives the one form that the op's
functions see: axes are counted from the end, a ``-1`` in a shape is resolved. It raises ValueError with the end of a
sentence: "must be a whole number, not 1.5". Its docstring tells a reader what he may write.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Literal, TypeAlias

from hwcheck.graph.node import Shape

__all__ = [
    "Axes",
    "Axis",
    "Floats",
    "Index",
    "Ints",
    "Lengths",
    "Padding",
    "Permutation",
    "Reduction",
    "Text",
    "admits",
    "converter",
    "plainest",
]

# The names that signatures use. Each has its converter below.
Axis: TypeAlias = int
Axes: TypeAlias = Any  # tuple[int, ...], and None as a default
Ints: TypeAlias = tuple[int, ...]
Floats: TypeAlias = tuple[float, ...]
Permutation: TypeAlias = Any  # likewise
# For ops with windows along 1, 2 or 3 axes, as Lengths1d, Padding2d and so on (hwcheck/ops/windows.py).
Lengths: TypeAlias = Any  # tuple[int, ...], and a single number as a default
Padding: TypeAlias = Any  # tuple[tuple[int, int], ...] or 'same', and a single number as a default
Reduction: TypeAlias = Literal["none", "mean", "sum", "batchmean"]
Index: TypeAlias = tuple["int | slice", ...]
Text: TypeAlias = str


def whole(value: Any) -> int:
    """A whole number, from 2 or 2.0."""
    if isinstance(value, bool) or not (isinstance(value, int) or (isinstance(value, float) and value.is_integer())):
        raise ValueError(f"must be a whole number, not {value!r}")
    return int(value)


def written(value: Any) -> str:
    """A value as its writer wrote it: ``[0, 1]`` where the language has made floats of the numbers."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(written, value))}]"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else repr(value)


def to_int(value: Any, shape: Shape) -> int:
    """A whole number."""
    return whole(value)


def to_float(value: Any, shape: Shape) -> float:
    """A number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"must be a number, not {value!r}")  # noqa: TRY004  one kind of error for the caller
    return float(value)


def to_bool(value: Any, shape: Shape) -> bool:
    """Either True or False."""
    if isinstance(value, bool) or (isinstance(value, (int, float)) and value in (0, 1)):
        return bool(value)
    raise ValueError(f"must be True or False, not {value!r}")


def to_ints(value: Any, shape: Shape) -> Ints:
    """A list of whole numbers; one number is a list of one."""
    items = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return tuple(whole(item) for item in items)


def to_floats(value: Any, shape: Shape) -> Floats:
    """A list of finite numbers; one number is a list of one."""
    items = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    numbers = tuple(to_float(item, shape) for item in items)
    if not all(map(math.isfinite, numbers)):
        raise ValueError(f"must be finite, but is {written(value)}")
    return numbers


def to_text(value: Any, shape: Shape) -> str:
    """A text."""
    if not isinstance(value, str):
        raise ValueError(f"must be a text in quotation marks, not {value!r}")  # noqa: TRY004
    return value


NUMBERS = {1: "one number", 2: "one number or two", 3: "one number or three"}
EACH = {1: "", 2: ", one for each axis", 3: ", one for each axis"}
PAIRS = {
    1: "[[before, behind]]",
    2: "[[top, bottom], [left, right]]",
    3: "[[front, back], [top, bottom], [left, right]]",
}


def lengths(rank: int) -> Callable[[Any, Shape], Lengths]:
    """The converter of a whole number for each of so many axes."""

    def to_lengths(value: Any, shape: Shape) -> Lengths:
        items = to_ints(value, shape)
        if len(items) not in (1, rank):
            raise ValueError(f"must be {NUMBERS[rank]}, not {len(items)}")
        return items if len(items) == rank else items * rank

    to_lengths.__doc__ = NUMBERS[rank][:1].upper() + NUMBERS[rank][1:] + "."
    return to_lengths


def paddings(rank: int) -> Callable[[Any, Shape], Padding]:
    """The converter of the widths around so many axes."""

    def to_padding(value: Any, shape: Shape) -> Padding:
        if isinstance(value, str):
            if value not in ("valid", "same"):
                raise ValueError(f"must be {NUMBERS[rank]}, 'valid' or 'same', not {value!r}")
            return "same" if value == "same" else ((0, 0),) * rank
        items = value if isinstance(value, Sequence) else [value] * rank
        if len(items) != rank:
            raise ValueError(f"must be {NUMBERS[rank]}, not {len(items)}")
        sides = tuple((pair[0], pair[1]) for pair in (lengths(2)(item, shape) for item in items))
        if min(map(min, sides)) < 0:
            raise ValueError(f"must not be negative, but is {written(value)}")
        return sides

    to_padding.__doc__ = f"One width{EACH[rank]}, or pairs {PAIRS[rank]}; or 'valid' or 'same'."
    return to_padding


def to_axis(value: Any, shape: Shape) -> Axis:
    """The number of an axis, from 0 on, or from -1 back."""
    axis, rank = whole(value), len(shape)
    if not rank:
        raise ValueError("has nothing to run along: the array is a single number")
    if not -rank <= axis < rank:
        raise ValueError(f"is {axis}, but the array has axes 0 to {rank - 1}")
    return axis - rank if axis >= 0 else axis


def to_axes(value: Any, shape: Shape) -> Axes:
    """The number of an axis, or a list of them; None stands for all."""
    if value is None:
        return tuple(range(-len(shape), 0))
    axes = tuple(to_axis(axis, shape) for axis in to_ints(value, shape))
    if len(set(axes)) < len(axes):
        raise ValueError(f"names an axis twice: {written(value)}")
    return tuple(sorted(axes))


def to_permutation(value: Any, shape: Shape) -> Axes:
    """The numbers of all axes in a new order; None reverses them."""
    if value is None:
        return tuple(range(-1, -len(shape) - 1, -1))
    axes = tuple(to_axis(axis, shape) for axis in to_ints(value, shape))
    if sorted(axes) != list(range(-len(shape), 0)):
        raise ValueError(f"must name each of the {len(shape)} axes once, not {written(value)}")
    return axes


def to_shape(value: Any, shape: Shape) -> Shape:
    """A shape with as many entries; one length may be -1 and follows from the others."""
    lengths = to_ints(value, shape)
    size = product(shape)
    known = product(length for length in lengths if length != -1)
    if lengths.count(-1) > 1 or min(lengths, default=0) < -1:
        raise ValueError(f"may have one -1, but is {list(lengths)}")
    if -1 in lengths and known and size % known == 0:
        lengths = tuple(size // known if length == -1 else length for length in lengths)
    if -1 in lengths:
        raise ValueError(f"cannot be {list(lengths)}: the array has {size} entries ({spell_shape(shape)})")
    if product(lengths) != size:
        raise ValueError(f"has {product(lengths)} entries, but the array has {size} ({spell_shape(shape)})")
    return lengths


def to_index(value: Any, shape: Shape) -> Index:
    """A whole number or a slice for each axis."""
    items = list(value) if isinstance(value, tuple) else [value]
    if len(items) > len(shape):
        raise ValueError(f"has {len(items)} indices, but the array has {len(shape)} axes")
    items += [slice(None)] * (len(shape) - len(items))
    return tuple(_one_index(item, axis, shape[axis]) for axis, item in enumerate(items))


def _one_index(item: Any, axis: int, length: int) -> int | slice:
    if isinstance(item, slice):
        parts = [None if part is None else whole(part) for part in (item.start, item.stop, item.step)]
        if parts[2] == 0:
            raise ValueError("has a slice of step 0")
        start, stop, step = slice(*parts).indices(length)
        if not len(range(start, stop, step)):
            raise ValueError(f"takes nothing of axis {axis}, whose length is {length}")
        return slice(start, None if stop < 0 else stop, step)
    number = whole(item)
    if not -length <= number < length:
        raise ValueError(f"is {number} on axis {axis}, which has {length} entries (0 to {length - 1})")
    return number % length


def to_literal(value: Any, shape: Shape) -> Any:
    """Whatever hwcheck itself passes on."""
    return value


def product(lengths: Any) -> int:
    """The number of entries of a shape."""
    size = 1
    for length in lengths:
        size *= length
    return size


def spell_shape(shape: Sequence[int]) -> str:
    """A shape in words: ``3 x 4``, ``5``, ``a single number``."""
    return " x ".join(map(str, shape)) if shape else "a single number"


def one_of(choices: tuple[Any, ...]) -> Callable[[Any, Shape], Any]:
    """The converter of an option that is annotated ``Literal["none", "tanh"]``."""
    listed = [repr(choice) for choice in choices]
    known = " or ".join(filter(None, [", ".join(listed[:-1]), listed[-1]]))

    def to_choice(value: Any, shape: Shape) -> Any:
        if value not in choices:
            raise ValueError(f"must be {known}, not {value!r}")
        return value

    to_choice.__doc__ = f"{known}."
    return to_choice


def admits(type_: str) -> str:
    """What may be written for an annotation: ``a whole number``, ``'none', 'mean' or 'sum'``."""
    inner = type_.removesuffix(" | None")
    words = (converter(inner).__doc__ or "").rstrip(".")
    return words[:1].lower() + words[1:] + (", or None" if inner != type_ else "")


def plainest(type_: str, value: Any) -> Any:
    """The shortest that can be written for a value: where one number stands for several, that."""
    if not isinstance(value, tuple):
        return value
    if type_.startswith("Padding"):
        sides = tuple(map(_once, value))
        return value if any(isinstance(side, tuple) for side in sides) else _once(sides)
    return _once(value) if type_.startswith("Lengths") else value


def _once(numbers: tuple[Any, ...]) -> Any:
    """Equal numbers for all axes, or before and behind, are written once."""
    return numbers[0] if len(set(numbers)) == 1 else numbers


@cache
def converter(type_: str) -> Callable[[Any, Shape], Any]:
    """The converter for an annotation: one of those below, that of a ``Literal``, or of either ``| None``."""
    if type_ in CONVERTERS:
        return CONVERTERS[type_]
    if type_.endswith(" | None"):
        inner = converter(type_.removesuffix(" | None"))
        return lambda value, shape: None if value is None else inner(value, shape)
    if type_.startswith("Literal["):
        return one_of(ast.literal_eval(f"({type_.removeprefix('Literal[').removesuffix(']')},)"))
    raise TypeError(f"no option is of type {type_!r}: it needs a converter in hwcheck/graph/options.py")


CONVERTERS: dict[str, Callable[[Any, Shape], Any]] = {
    "int": to_int,
    "float": to_float,
    "bool": to_bool,
    "Text": to_text,
    "Ints": to_ints,
    "Floats": to_floats,
    **{f"Lengths{rank}d": lengths(rank) for rank in (1, 2, 3)},
    **{f"Padding{rank}d": paddings(rank) for rank in (1, 2, 3)},
    "Axis": to_axis,
    "Axes": to_axes,
    "Permutation": to_permutation,
    "Shape": to_shape,
    "Reduction": one_of(("none", "mean", "sum", "batchmean")),
    "Index": to_index,
    "Any": to_literal,
}
