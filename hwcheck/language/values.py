"""What a part of an expression can be while it is built: a node, or something static.

Static are a number (always a float), a list or tuple, a text, True, False, None and a slice. Sizes and options must be
static; a static number or list that meets a node becomes a constant.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np

from hwcheck.graph.node import Array, Constant, Node
from hwcheck.graph.op import SYNONYMS, Misfit, Op, Parameter, Steps
from hwcheck.graph.options import spell_shape
from hwcheck.ops.assembly import stack

__all__ = ["MOST_AXES", "Nodes", "Value", "apply", "as_tensor", "check_index", "is_number", "static"]

Value: TypeAlias = Any  # Node | float | bool | str | None | list | tuple | slice

# Static numbers that an option may hold, beside real numbers: more would be no size that fits into memory.
LARGEST_WHOLE = 10**9
LAST_PLACE = 2.0**-52
# NumPy 1 has 32 at most, and evaluation puts one in front.
MOST_AXES = 24
# Where NumPy and PyTorch let sizes or axes follow one another instead of standing in a list: x.reshape(2, 3).
_SPREAD = frozenset({"Shape", "Permutation"})


class Nodes(list[Value]):
    """A list in which a node stands: a list of arrays to some ops, and everywhere else a stack of them."""


def is_number(value: Value) -> bool:
    """Whether a value is a static number."""
    return isinstance(value, float)


def static(compute: Callable[[Any, Any], Any], a: float, b: float) -> float:
    """A static number from two, by the rules of float64: what is too large is infinite, 0 / 0 is NaN.

    A sum or difference is the decimal one where that is within the last place of the larger number: 1 - 0.9 is 0.1, as
    on paper, and a formula shows 0.1 and not 0.09999999999999998.
    """
    with np.errstate(all="ignore"):
        result = float(compute(np.float64(a), np.float64(b)))
    if compute not in (operator.add, operator.sub):
        return result
    on_paper = float(f"{result:.15g}")
    return on_paper if abs(on_paper - result) <= LAST_PLACE * max(abs(a), abs(b), abs(result)) else result


def as_tensor(value: Value) -> Node:
    """A node from a value where an array belongs."""
    if isinstance(value, Node):
        return value
    if isinstance(value, Nodes):
        return stack([as_tensor(item) for item in value])
    if isinstance(value, bool) or not isinstance(value, (float, list)):
        raise Misfit(f"an array or a number belongs here, not {_plainly(value)}")
    return Constant(_array(value))


def _array(value: float | list[Value]) -> Array:
    """Nested lists of numbers as an array, refused where they are ragged."""
    if not isinstance(value, list):
        return np.asarray(value, dtype=np.float64)
    items = [as_tensor(item) for item in value]
    if not items:
        raise Misfit("an empty list has no numbers")
    shapes = [f"{spell_shape(item.shape)} numbers" if item.shape else "a single number" for item in items]
    for i, shape in enumerate(shapes):
        if shape != shapes[0]:
            raise Misfit(f"the list is ragged: item 0 holds {shapes[0]}, item {i} holds {shape}")
    if len(items[0].shape) >= MOST_AXES:
        raise Misfit(f"lists are nested more than {MOST_AXES} deep")
    return np.stack([item.value for item in items if isinstance(item, Constant)])


def apply(op: Op, arguments: list[Value], options: Mapping[str, Value], step: Steps | None = None) -> Node:
    """Call an op, each argument made what its parameter takes: a node, a list of nodes, or something static.

    ``step`` names the inner steps of a composite op.
    """
    parameters = op.parameters
    last = len(parameters) - 1
    if len(arguments) > len(parameters) and parameters[last].type in _SPREAD:
        arguments = [*arguments[:last], arguments[last:]]
    arguments = list(op.gathered(arguments))
    named = {parameter.name: parameter for parameter in parameters}
    by_position = [_argument(op, parameters[i], value) if i <= last else value for i, value in enumerate(arguments)]
    by_name = {}
    for name, value in options.items():
        parameter = named.get(name) or named.get(SYNONYMS.get(name, name))
        by_name[name] = value if parameter is None else _argument(op, parameter, value)
    return op.applied(by_position, by_name, step)


def _argument(op: Op, parameter: Parameter, value: Value) -> Value:
    if parameter.kind == "option":
        if parameter.type not in ("float", "Any"):
            _check_whole(value, f"{parameter.name} of {op.name}")
        return list(value) if isinstance(value, tuple) and parameter.type != "Any" else value
    if parameter.kind == "tensors":
        return [as_tensor(item) for item in value] if isinstance(value, (list, tuple)) else value
    return None if value is None and parameter.default is None else as_tensor(value)


def check_index(items: tuple[Value, ...]) -> None:
    """Refuse what is no index, before it is settled against an array."""
    if not items:
        raise Misfit("an index belongs between the brackets, such as h[0]")
    for item in items:
        parts = [item.start, item.stop, item.step] if isinstance(item, slice) else [item]
        for part in parts:
            if isinstance(part, Node):
                raise Misfit("a slice needs numbers that are written down, it cannot be computed")
            if not is_number(part) and not (part is None and isinstance(item, slice)):
                raise Misfit(f"an index is a whole number or a slice, not {_plainly(part)}")
            if part is not None:
                _check_whole(part, "an index")


def _check_whole(value: Value, what: str) -> None:
    """Refuse numbers that no array could have as a size, infinity and NaN among them."""
    for number in _numbers(value):
        if not abs(number) <= LARGEST_WHOLE:
            raise Misfit(f"{what} must be a whole number, and no larger than {LARGEST_WHOLE:,}, not {number:g}")


def _numbers(value: Value) -> Iterator[float]:
    """The numbers in a value, however its lists are nested."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, (list, tuple)):
            waiting.extend(part)
        elif is_number(part):
            yield part


def _plainly(value: Value) -> str:
    if isinstance(value, (bool, type(None))):
        return f"{value}, which is for options"
    if isinstance(value, float):
        return str(int(value)) if math.isfinite(value) and value == int(value) else str(value)
    names: Mapping[type, str] = {
        str: f"the text {value!r}",
        tuple: "a tuple (write a list, [a, b])",
        slice: "a slice",
        list: "a list",
        Nodes: "a list",
    }
    return names.get(type(value), "this")
