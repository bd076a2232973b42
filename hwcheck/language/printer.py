"""From nodes back to text: what is printed can be read again, and a reader finds the notation of the problem file.

Printing stops at quantities: they are what a reader knows by name. ``to_text(node)`` of a quantity is its name;
``formula(quantity)`` is how it is computed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from hwcheck.graph.node import Call, Constant, Node, Quantity, Use, order
from hwcheck.graph.op import REQUIRED, Parameter
from hwcheck.graph.options import converter, plainest, to_index
from hwcheck.ops.operators import Ratio

__all__ = [
    "LONGEST_LIST",
    "Piece",
    "arguments",
    "formula",
    "index_text",
    "is_fixed",
    "number_text",
    "options_written",
    "printed",
    "to_text",
]

# How tightly an operator binds, as in Python.
CHOICE, NEGATION, COMPARISON, SUM, PRODUCT, SIGN, POWER, ATOM = range(8)
TIGHTNESS: Mapping[str, int] = {
    "+": SUM,
    "-": SUM,
    "*": PRODUCT,
    "/": PRODUCT,
    "@": PRODUCT,
    "**": POWER,
    **dict.fromkeys((">", ">=", "<", "<=", "==", "!="), COMPARISON),
}
LONGEST_LIST = 64  # entries of an array that are written out
LONGEST_TEXT = 20_000  # characters of one part; gradients of nested compositions could double with every level
_FORMAT: Any = {"float_kind": lambda value: number_text(value)}


class Piece(NamedTuple):
    """A printed part and how tightly its outermost operator binds."""

    text: str
    tightness: int = ATOM

    def within(self, tightness: int, brackets: tuple[str, str] = ("(", ")")) -> str:
        """The text, in brackets where it binds less tightly than its surroundings ask."""
        return self.text if self.tightness >= tightness else self.text.join(brackets)


def printed(node: Node, piece: Callable[[Node, Sequence[Piece]], Piece]) -> Piece:
    """Print a node with a function that prints one part from its printed inputs; quantities have none."""
    pieces: dict[Node, Piece] = {}
    for part in order([node], _printed_inputs):
        whole = piece(part, [pieces[input_] for input_ in _printed_inputs(part)])
        pieces[part] = whole if len(whole.text) <= LONGEST_TEXT else Piece("...")
    return pieces[node]


def _printed_inputs(node: Node) -> tuple[Node, ...]:
    return node.inputs if isinstance(node, Call) else ()


def to_text(node: Node) -> str:
    """The expression of a node in the expression language."""
    return printed(node, _piece).text


def formula(quantity: Quantity) -> str:
    """How a quantity is computed, or its own name where it is given."""
    return to_text(quantity if quantity.body is None else quantity.body)


def _piece(node: Node, inputs: Sequence[Piece]) -> Piece:
    if isinstance(node, Quantity):
        return Piece(node.of.name if isinstance(node, Use) else node.name)
    if isinstance(node, Constant):
        return _constant(node)
    assert isinstance(node, Call)  # noqa: S101  there are three kinds of node
    special = _SPECIAL.get(node.op.symbol or node.op.name)
    if special is not None:
        return special(node, inputs)
    if node.op.symbol in TIGHTNESS and not is_fixed(node):
        return _infix(node.op.symbol, *inputs)
    return _call(node, inputs)


def is_fixed(node: Call) -> bool:
    """Whether all inputs are single numbers: written with an operator, they would be read as one number."""
    return all(isinstance(input_, Constant) and not input_.shape for input_ in node.inputs)


def _constant(node: Constant) -> Piece:
    if isinstance(node, Ratio):
        return Piece(f"{number_text(node.above)} / {number_text(node.below)}", PRODUCT)
    if not node.shape:
        text = number_text(float(node.value))
        return Piece(text, PRODUCT if "/" in text else SIGN if text.startswith("-") else ATOM)
    if node.size > LONGEST_LIST:
        return Piece(f"<{' x '.join(map(str, node.shape))} numbers>")
    listed = np.array2string(node.value, separator=", ", threshold=LONGEST_LIST, formatter=_FORMAT)
    return Piece(" ".join(listed.split()))


def number_text(value: float) -> str:
    """The shortest text that reads back as the same number: ``2``, ``0.1``, ``1e-05``, ``-0.0``; NaN is ``0 / 0``."""
    if math.isnan(value):
        return "0 / 0"
    text = repr(float(value))
    return str(int(value)) if value.is_integer() and abs(value) < 1e16 and text != "-0.0" else text


def _infix(symbol: str, a: Piece, b: Piece) -> Piece:
    tightness = TIGHTNESS[symbol]
    if symbol == "**":  # binds to the right, and more tightly than a sign on its left
        return Piece(f"{a.within(ATOM)}**{b.within(SIGN)}", POWER)
    right = tightness + 1
    return Piece(f"{a.within(tightness + (tightness == COMPARISON))} {symbol} {b.within(right)}", tightness)


def _negative(node: Call, inputs: Sequence[Piece]) -> Piece:
    return _call(node, inputs) if is_fixed(node) else Piece(f"-{inputs[0].within(SIGN)}", SIGN)


def _equal(node: Call, inputs: Sequence[Piece]) -> Piece:
    """Where a truth value is compared with 0, it is denied: ``not x > 0``."""
    truth, zero = inputs
    if truth.tightness in (NEGATION, COMPARISON) and zero.text == "0":
        return Piece(f"not {truth.text}", NEGATION)
    return _call(node, inputs) if is_fixed(node) else _infix("==", *inputs)


def _choice(node: Call, inputs: Sequence[Piece]) -> Piece:
    condition, yes, no = inputs
    if isinstance(node.inputs[0], Constant):  # a number would choose at once, whatever the shapes of the two
        return _call(node, inputs)
    return Piece(f"{yes.within(NEGATION)} if {condition.within(NEGATION)} else {no.within(CHOICE)}", CHOICE)


def _transposed(node: Call, inputs: Sequence[Piece]) -> Piece:
    if options_written(node) or is_fixed(node):
        return _call(node, inputs)
    return Piece(f"{inputs[0].within(ATOM)}.T")


def _part(node: Call, inputs: Sequence[Piece]) -> Piece:
    if not node.inputs[0].shape:
        return _call(node, inputs)
    return Piece(f"{inputs[0].within(ATOM)}[{index_text(node.options['index'], node.inputs[0].shape)}]")


def _stacked(node: Call, inputs: Sequence[Piece]) -> Piece:
    """What is stacked along a new first axis is a list; a list of numbers alone would be read as one array."""
    fixed = all(isinstance(input_, Constant) for input_ in node.inputs)
    return _call(node, inputs) if fixed or options_written(node) else Piece(f"[{', '.join(p.text for p in inputs)}]")


def _picked(node: Call, inputs: Sequence[Piece]) -> Piece:
    if all(isinstance(index, Constant) and not index.shape for index in node.inputs[1:]):
        return _call(node, inputs)  # a fixed index is no computed one, and is never out of range
    return Piece(f"{inputs[0].within(ATOM)}[{', '.join(piece.text for piece in inputs[1:])}]")


def index_text(index: Sequence[Any], shape: Sequence[int]) -> str:
    """An index as it is written between brackets; axes at the end that are taken whole are left out."""
    parts = [
        _slice_text(part, length) if isinstance(part, slice) else str(part)
        for part, length in zip(index, shape, strict=True)
    ]
    while len(parts) > 1 and parts[-1] == ":":
        parts.pop()
    return ", ".join(parts)


def _slice_text(part: slice, length: int) -> str:
    start = "" if part.start in (None, 0) and part.step > 0 else str(part.start)
    stop = "" if part.stop is None or (part.step > 0 and part.stop >= length) else str(part.stop)
    step = "" if part.step == 1 else f":{part.step}"
    return f"{start}:{stop}{step}"


def _call(node: Call, inputs: Sequence[Piece]) -> Piece:
    """``op(a, b, size, option=value)``."""
    written = [f"{name}={text}" if name else text for name, text in arguments(node, [piece.text for piece in inputs])]
    return Piece(f"{node.op.name}({', '.join(written)})")


def arguments(node: Call, inputs: Sequence[str], option: Callable[[str], str] = str) -> Iterator[tuple[str, str]]:
    """The arguments of a call in the order of its parameters: from the first that is left out on with their names.

    An index has its name anyway: it says nothing on its own.
    ``option`` says how the text of an option's value is shown.
    """
    given: dict[str, list[str]] = {}
    for name, text in zip(node.names, inputs, strict=True):
        given.setdefault(name.partition("[")[0], []).append(text)
    written = {name: option(text) for name, text in options_written(node)}
    in_order = True
    for parameter in node.op.parameters:
        texts = given.get(parameter.name)
        argument = written.get(parameter.name) if texts is None else texts[0]
        if texts is not None and parameter.kind == "tensors":
            argument = _listed(texts, spread=in_order and node.op.ends_with_list)
        plain = parameter.kind != "option" or (parameter.default is REQUIRED and parameter.name != "index")
        in_order = in_order and argument is not None and plain
        if argument is not None:
            yield "" if in_order else parameter.name, argument


def _listed(texts: Sequence[str], spread: bool) -> str:
    """A list of arrays; in a call that ends with it the brackets are left out, but around what is a list by itself."""
    joined = ", ".join(texts)
    return joined if spread and (len(texts) > 1 or not joined.startswith("[")) else f"[{joined}]"


def options_written(node: Call) -> list[tuple[str, str]]:
    """The options that are not at their default, as text."""
    first = node.inputs[0].shape if node.inputs else ()
    return [
        (parameter.name, _option(parameter, node.options, len(first)))
        for parameter in node.op.parameters
        if parameter.kind == "option" and not _is_default(parameter, node.options[parameter.name], first)
    ]


def _is_default(parameter: Parameter, value: Any, first: tuple[int, ...]) -> bool:
    if parameter.default is REQUIRED:
        return False
    try:
        return bool(converter(parameter.type)(parameter.default, first) == value)
    except ValueError:
        return False  # a default that this input does not admit


def _option(parameter: Parameter, options: Mapping[str, Any], rank: int) -> str:
    value = options[parameter.name]
    if parameter.name == "index" and "shape" in options:  # of place: into an array of that shape
        settled = to_index(tuple(value) if isinstance(value, list) else value, options["shape"])
        return f"[{index_text(settled, options['shape'])}]"
    if parameter.type.removesuffix(" | None") in ("Axes", "Axis", "Permutation"):
        axes = [axis + rank for axis in (value if isinstance(value, tuple) else (value,))]
        return option_text(axes[0] if len(axes) == 1 else axes)
    return option_text(plainest(parameter.type, value))


def option_text(value: Any) -> str:
    """An option's value as it is written."""
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, slice):
        return _slice_text(value, -1)
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(option_text, value))}]"
    return repr(value)


_SPECIAL: Mapping[str, Callable[[Call, Sequence[Piece]], Piece]] = {
    "neg": _negative,
    "where": _choice,
    "==": _equal,
    ".T": _transposed,
    "[]": _part,
    "pick": _picked,
    "stack": _stacked,
}
