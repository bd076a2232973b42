"""How an expression is spelled: look-alikes become the signs they stand for, what has no meaning is refused.

What students and teachers write is not always ASCII: ``W·x − b``, ``h²``, ``W₁ᵀ``, ``x^2``. Each such sign has one
meaning here. Every sign and word without a meaning is refused before Python's parser sees the text.
"""

from __future__ import annotations

import keyword
import math
import re
import unicodedata
from collections.abc import Callable, Mapping

__all__ = ["MisspelledError", "spell"]

_RAISED, _LOWERED = "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"
_PLAIN = str.maketrans(_RAISED + _LOWERED + "⁻⁺", "01234567890123456789-+")
_SIGNS: Mapping[str, str] = {
    **{sign: sign for sign in ("+", "-", "*", "/", "@", "%", "<", "=", ">", "!=", "(", ")", "[", "]", ",", ".", ":")},
    "−": "-", "–": "-", "×": "*", "·": "*", "\u0387": "*", "⋅": "*", "∗": "*", "⊙": "*", "∘": "*", "∙": "*",
    "•": "*", "\u2062": "*", "÷": "/", "∕": "/", "^": "**", "≤": "<=", "≥": ">=", "≠": "!=", "=\u0338": "!=",
    "（": "(", "）": ")", "，": ",", "\t": " ", "\n": " ", "\r": " ", "\u2061": "",
}  # fmt: skip
_HINTS: Mapping[str, str] = {
    "{": "lists stand in [ ], all else in ( )",
    "\\": "it is no LaTeX: write the name of the function, and / for a fraction",
    "&": "write 'and'", "|": "write 'or', and abs(x) for |x|", "~": "write 'not'", "!": "write 'not'",
    "∂": "a gradient is grad(X)", "∇": "a gradient is grad(X)", "∑": "write sum(...)",
    ";": "an expression is a single value",
}  # fmt: skip
_WORDS = frozenset({"if", "else", "and", "or", "not", "in", "is", "True", "False", "None"})

_LETTER = rf"(?![{_RAISED}{_LOWERED}ᵀ])[\w\u0300-\u036f]"
_EQUATION = r"[A-Za-z,.\ ]*(?:->[A-Za-z.\ ]*)?"  # of einsum
_DIGITS = r"[0-9]+(?:_[0-9]+)*"
_TOKEN = re.compile(
    rf"""
      (?P<comment>\#[^\n]*)
    | (?P<text>'(?:[\w\ ]*|{_EQUATION})'|"(?:[\w\ ]*|{_EQUATION})")
    | (?P<number>(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?)
    | (?P<name>{_LETTER}(?:{_LETTER}|[{_LOWERED}])*)
    | (?P<raised>[⁻⁺]?[{_RAISED}]+)
    | (?P<transposed>(?:\^\s*)?[ᵀ⊤])
    | (?P<root>√)
    | (?P<sign>!=|=\u0338|.)
    """,
    re.VERBOSE | re.DOTALL,
)
# What a look at each token is needed for; a text without any of it is spelled as it stands, at a quarter of the time.
_IN_QUESTION = re.compile(
    rf"""
      [^A-Za-z0-9_+\-*/@%<>=()\[\],.:\ ]
    | (?<![\w.])(?!(?:0|[1-9][0-9]{{0,14}})(?:\.[0-9]{{0,15}})?(?![\w.]))[0-9]
    | (?<![0-9])\.[0-9]
    | [A-Za-z_][0-9]*\.[0-9]
    | \b(?:{"|".join(set(keyword.kwlist) - _WORDS)})\b
    """,
    re.VERBOSE,
)
_GLUED_TO_NUMBER = re.compile(rf"\.|{_LETTER}")
_BOUND_BY_POWER = re.compile(rf"\s*[.(\[ᵀ⊤]|{_LETTER}|[{_LOWERED}]")
_BRACKET = re.compile(r"\s*[(（]")


class MisspelledError(Exception):
    """Something that has no meaning in an expression, at a column of the text."""

    def __init__(self, column: int, message: str) -> None:
        self.column = column
        self.message = message
        super().__init__(message)


def spell(text: str) -> tuple[str, list[int]]:
    """The text in the signs of the language, and for each of its characters the column that it came from.

    It stands in brackets of its own, so that Python lets it begin with a space and run over several lines.

    Raises:
        MisspelledError: at the first sign or word without a meaning.

    """
    if not _IN_QUESTION.search(text):
        return f"({text})", [0, *range(len(text) + 1)]
    return _spelled(text)


def _spelled(text: str) -> tuple[str, list[int]]:
    parts, columns = ["("], [0]
    for token in _TOKEN.finditer(text):
        part = _RULES[token.lastgroup or "sign"](token)
        parts.append(part)
        step = int(len(part) == len(token.group()))
        columns.extend(token.start() + step * i for i in range(len(part)))
    return "".join([*parts, ")"]), [*columns, len(text)]


def _comment(token: re.Match[str]) -> str:
    return " " * len(token.group())


def _text(token: re.Match[str]) -> str:
    """A text in quotation marks; directly behind a letter or another text it would be something else to Python."""
    before = token.string[: token.start()][-1:]
    if before == "_" or before.isalnum() or before in ("'", '"'):
        raise MisspelledError(token.start(), f"the text {token.group()} must stand alone: put a comma before it")
    return token.group()


def _number(token: re.Match[str]) -> str:
    number = token.group()
    if _GLUED_TO_NUMBER.match(token.string, token.end()):
        word = token.string[token.start() : token.end() + 1]
        rule = f"begins like a number and is none; {_advice(number, word[-1])}"
        raise MisspelledError(token.start(), f"{_cut(word)!r} {rule}")
    if re.match("0[0-9_]+$", number):
        raise MisspelledError(token.start(), f"the number {_cut(number)} begins with 0: leave it out")
    if math.isinf(float(number)):
        raise MisspelledError(token.start(), f"the number {_cut(number)} is too large; the largest is about 1.8e308")
    return number


def _advice(number: str, behind: str) -> str:
    """What to do about a number that has something directly behind it."""
    if behind == ".":
        return "a number has one decimal point"
    if number == "0" and behind in "xXbBoO":
        return "write it in decimal digits"
    if behind == "_":
        return "write its digits without '_'"
    return "a product needs a sign, as in 2 * x"


def _name(token: re.Match[str]) -> str:
    word = token.group().translate(_PLAIN)
    if keyword.iskeyword(word) and word not in _WORDS:
        raise MisspelledError(token.start(), f"{word!r} is a word of Python and has no meaning in an expression")
    if word.isidentifier():
        return word
    odd = next(i for i, sign in enumerate(word) if not (f"a{sign}" if i else sign).isidentifier())
    raise _meaningless(token.group()[odd], token.start() + odd)


def _power(token: re.Match[str]) -> str:
    """A raised number is a power, but where ``x**2`` would bind otherwise than a reader of ``x²`` expects."""
    if _BOUND_BY_POWER.match(token.string, token.end()):
        rule = "put brackets around the power before something follows it directly"
        raise MisspelledError(token.start(), f"{rule}: (x{token.group()})")
    return "**" + token.group().translate(_PLAIN)


def _transposed(token: re.Match[str]) -> str:
    return " .T".rjust(len(token.group()))  # with a space: 2.T would begin with the number 2.


def _root(token: re.Match[str]) -> str:
    if not _BRACKET.match(token.string, token.end()):
        raise MisspelledError(token.start(), "brackets must say how far the root reaches: √(x)")
    return "sqrt"


def _sign(token: re.Match[str]) -> str:
    sign = token.group()
    if unicodedata.category(sign[0]) == "Zs":
        return " "
    if sign not in _SIGNS:
        raise _meaningless(sign, token.start())
    return _SIGNS[sign]


def _meaningless(sign: str, column: int) -> MisspelledError:
    if sign in ("'", '"'):
        rule = "does not begin a text: one of letters, digits and spaces, or one such as 'ij,jk->ik'"
        return MisspelledError(column, f"this {sign} {rule}")
    if not sign.isprintable():
        what = f"the invisible character U+{ord(sign):04X} has no meaning in an expression; delete it"
        return MisspelledError(column, what)
    name = "" if sign.isascii() else f" ({unicodedata.name(sign, f'U+{ord(sign):04X}')})"
    hint = f"; {_HINTS[sign]}" if sign in _HINTS else ""
    return MisspelledError(column, f"{sign!r}{name} has no meaning in an expression{hint}")


def _cut(text: str) -> str:
    return text if len(text) <= 24 else text[:21] + "..."


_RULES: Mapping[str, Callable[[re.Match[str]], str]] = {
    "comment": _comment,
    "text": _text,
    "number": _number,
    "name": _name,
    "raised": _power,
    "transposed": _transposed,
    "root": _root,
    "sign": _sign,
}
