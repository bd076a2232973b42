r"""From nodes to LaTeX, in the notation of textbooks: ``W_{0} z + b_{0}``, ``\frac{\partial L}{\partial W_{1}}``.

Only commands of LaTeX's mathematics and of amsmath are used, which renderers in browsers know too. Derivatives are
fractions everywhere: unlike a nabla they end where they end, in a product and before an index.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from hwcheck.graph.node import Array, Call, Constant, Node, Quantity, Use
from hwcheck.language.latex_names import name_latex, text_latex, word_latex
from hwcheck.language.printer import LONGEST_LIST, Piece, arguments, index_text, number_text, options_written, printed

__all__ = ["latex_formula", "name_latex", "to_latex"]

# How tightly an operator binds to a reader of formulas. A sum sign reaches to the next plus; matrices that stand side
# by side hold together more tightly than what is joined by a sign.
CHOICE, SUM, SUM_SIGN, PRODUCT, SIDE_BY_SIDE, POWER, ATOM = range(7)

_RELATIONS: Mapping[str, str] = {">": ">", ">=": r"\geq", "<": "<", "<=": r"\leq", "==": "=", "!=": r"\neq"}
_NEXT_ROW = r" \\ "
_TALL = re.compile(r"\\(?:frac|sum|begin|left)\b")
_ENCLOSING = re.compile(r"(?:[({|\[]|(?<!\\),)\s*$")
_OPTION = re.compile(r"'(?P<text>[^']*)'|(?P<number>[0-9][0-9.]*e[+-]?[0-9]+|\binf\b)|(?P<word>[A-Za-z_]\w*)")


def to_latex(node: Node, loss: str = "L") -> str:
    """The LaTeX of a node, without dollar signs around it; ``loss`` is the name of what ``grad(X)`` derives."""
    return printed(node, partial(_piece, loss)).text


def latex_formula(quantity: Quantity, loss: str = "L") -> str:
    """How a quantity is computed, or its own name where it is given."""
    return to_latex(quantity if quantity.body is None else quantity.body, loss)


def _piece(loss: str, node: Node, inputs: Sequence[Piece]) -> Piece:
    if isinstance(node, Use):
        node = node.of
    if isinstance(node, Quantity):
        return _quantity(node.name, loss)
    if isinstance(node, Constant):
        return _constant(node)
    assert isinstance(node, Call)  # noqa: S101  there are three kinds of node
    symbol = node.op.symbol or node.op.name
    if symbol in _RELATIONS:
        return Piece(rf"\mathbf{{1}}[{_relation(node, inputs)}]")
    if symbol in _OF_INPUTS:
        return _OF_INPUTS[symbol](*inputs)
    if symbol in _SPECIAL:
        return _SPECIAL[symbol](node, inputs)
    if node.op.latex and not options_written(node):
        return _from_template(node.op.latex, inputs)
    return _call(node, inputs)


def _within(piece: Piece, tightness: int) -> str:
    """The piece in brackets where it needs them, as tall as what is in them."""
    tall = _TALL.search(piece.text)
    return piece.within(tightness, (r"\left(", r"\right)") if tall else ("(", ")"))


def _quantity(name: str, loss: str) -> Piece:
    text = name_latex(name, loss)
    if text.startswith(r"\frac"):
        return Piece(text, POWER)
    return Piece(text, CHOICE if r"\text{" in text else ATOM)


def _constant(node: Constant) -> Piece:
    if not node.shape:
        return _number(float(node.value))
    if node.size > LONGEST_LIST:
        return Piece(text_latex(f"[{' x '.join(map(str, node.shape))} numbers]"))
    return Piece(_matrices(node.value))


def _number(value: float) -> Piece:
    if not np.isfinite(value):
        text = r"\mathrm{NaN}" if np.isnan(value) else r"\infty" if value > 0 else r"-\infty"
        return Piece(text, SUM if value < 0 else ATOM)
    digits, power, exponent = number_text(value).partition("e")
    if not power:
        return Piece(digits, SUM if digits.startswith("-") else ATOM)
    ten = f"10^{{{int(exponent)}}}"
    if digits in ("1", "-1"):
        return Piece(digits[:-1] + ten, SUM if digits == "-1" else POWER)
    return Piece(rf"{digits} \cdot {ten}", SUM if digits.startswith("-") else PRODUCT)


def _matrices(array: Array) -> str:
    """A vector as a column, a matrix as a matrix, and more axes as lists of matrices."""
    table = array.reshape(-1, 1) if array.ndim == 1 else array
    parts = [_matrix(matrix) for matrix in table.reshape(-1, *table.shape[-2:])]
    for length in reversed(table.shape[:-2]):
        groups = [", ".join(parts[i : i + length]) for i in range(0, len(parts), length)]
        parts = [rf"\left[{group}\right]" for group in groups]
    return parts[0]


def _matrix(matrix: Array) -> str:
    rows = [" & ".join(_number(float(entry)).text for entry in row) for row in matrix]
    return rf"\begin{{bmatrix}} {_NEXT_ROW.join(rows)} \end{{bmatrix}}"


def _relation(node: Call, inputs: Sequence[Piece]) -> str:
    a, b = (_within(piece, SUM) for piece in inputs)
    return f"{a} {_RELATIONS[node.op.symbol]} {b}"


def _sum_or_difference(node: Call, inputs: Sequence[Piece]) -> Piece:
    return Piece(f"{_within(inputs[0], SUM)} {node.op.symbol} {_within(inputs[1], SUM_SIGN)}", SUM)


def _negative(x: Piece) -> Piece:
    return Piece(f"-{_within(x, SUM_SIGN)}", SUM)


def _product(node: Call, inputs: Sequence[Piece]) -> Piece:
    """Entry by entry; where a single number takes part there is nothing to tell apart from other products."""
    left, right = node.inputs
    signed = _is_number(left) and inputs[0].text.startswith("-")
    a, b = _within(inputs[0], SUM if signed else PRODUCT), _within(inputs[1], SIDE_BY_SIDE)
    if left.shape and right.shape:
        sign = r"\odot"
    else:
        sign = r"\," if _is_number(left) and a[-1].isdigit() and not b[0].isdigit() else r"\cdot"
    return Piece(f"{a} {sign} {b}", SUM if signed else PRODUCT)


def _is_number(node: Node) -> bool:
    return isinstance(node, Constant) and not node.shape


def _matrix_product(node: Call, inputs: Sequence[Piece]) -> Piece:
    """Side by side; a vector on the left is a row."""
    left = _raised(inputs[0], Piece(r"\top")) if len(node.inputs[0].shape) == 1 else inputs[0]
    return Piece(f"{_within(left, SIDE_BY_SIDE)} {_within(inputs[1], POWER)}", SIDE_BY_SIDE)


def _fraction(node: Call, inputs: Sequence[Piece]) -> Piece:
    above, below = inputs[0].text, inputs[1].text
    if _is_number(node.inputs[0]) and above.startswith("-"):
        return Piece(rf"-\frac{{{above[1:]}}}{{{below}}}", SUM)
    return Piece(rf"\frac{{{above}}}{{{below}}}", POWER)


def _raised(base: Piece, exponent: Piece) -> Piece:
    return Piece(f"{_within(base, ATOM)}^{{{exponent.text}}}", POWER)


def _jacobian(y: Piece, x: Piece) -> Piece:
    return Piece(rf"\frac{{\partial {y.text}}}{{\partial {x.text}}}", POWER)


def _transposed(node: Call, inputs: Sequence[Piece]) -> Piece:
    return _call(node, inputs) if options_written(node) else _raised(inputs[0], Piece(r"\top"))


def _choice(node: Call, inputs: Sequence[Piece]) -> Piece:
    condition = node.inputs[0]
    if isinstance(condition, Call) and condition.op.symbol in _RELATIONS:
        told = inputs[0].text.removeprefix(r"\mathbf{1}[").removesuffix("]")
    else:
        told = rf"{_within(inputs[0], SUM)} \neq 0"
    cases = rf"{inputs[1].text} & \text{{if }} {told} \\ {inputs[2].text} & \text{{else}}"
    return Piece(rf"\begin{{cases}} {cases} \end{{cases}}", CHOICE)


def _sum(node: Call, inputs: Sequence[Piece]) -> Piece:
    """The axes are told; whether they are kept as axes of length 1 is no matter of notation."""
    axes = dict(options_written(node)).get("axis", "").strip("[]")
    below = rf"_{{\mathrm{{axis}} \, {axes}}}" if axes else ""
    return Piece(rf"\sum{below} {_within(inputs[0], PRODUCT)}", SUM_SIGN)


def _part(node: Call, inputs: Sequence[Piece]) -> Piece:
    return Piece(f"{_within(inputs[0], ATOM)}[{index_text(node.options['index'], node.inputs[0].shape)}]")


def _picked(x: Piece, *indices: Piece) -> Piece:
    return Piece(f"{_within(x, ATOM)}[{', '.join(index.text for index in indices)}]")


def _from_template(template: str, inputs: Sequence[Piece]) -> Piece:
    """An op's own notation. An argument that no bracket of the template encloses gets its own where it needs them."""
    fields = [(literal, position) for literal, position, _, _ in string.Formatter().parse(template)]
    text, bare = "", False
    tall = any(_TALL.search(piece.text) for piece in inputs)
    for (literal, position), (following, _) in zip(fields, [*fields[1:], ("", None)], strict=True):
        text += literal.replace("(", r"\left(").replace(")", r"\right)") if tall else literal
        if position is not None:
            enclosed = _ENCLOSING.search(text) is not None
            bare = bare or not enclosed
            tightness = CHOICE if enclosed else ATOM if following.startswith(("^", "_", "[")) else POWER
            text += _within(inputs[int(position)], tightness)
    return Piece(text, SIDE_BY_SIDE if bare else ATOM if text.endswith((")", "|", "]")) else POWER)


def _call(node: Call, inputs: Sequence[Piece]) -> Piece:
    given = arguments(node, [piece.text for piece in inputs], _option)
    written = ", ".join(f"{word_latex(name)}={text}" if name else text for name, text in given)
    return Piece(rf"\operatorname{{{_operator(node.op.name)}}}{_within(Piece(written, CHOICE), ATOM)}")


def _operator(name: str) -> str:
    return name.replace("_", r"\_")


def _option(text: str) -> str:
    """The value of an option, from how it is written in the expression language."""
    return _OPTION.sub(_option_part, text)


def _option_part(found: re.Match[str]) -> str:
    if found["text"] is not None:
        return text_latex(found["text"])
    return _number(float(found["number"])).text if found["number"] else rf"\mathrm{{{_operator(found['word'])}}}"


_OF_INPUTS: Mapping[str, Callable[..., Piece]] = {
    "neg": _negative,
    "**": _raised,
    "jacobian": _jacobian,
    "pick": _picked,
}
_SPECIAL: Mapping[str, Callable[[Call, Sequence[Piece]], Piece]] = {
    "+": _sum_or_difference,
    "-": _sum_or_difference,
    "*": _product,
    "@": _matrix_product,
    "/": _fraction,
    ".T": _transposed,
    "where": _choice,
    "sum": _sum,
    "[]": _part,
}
