"""The text of an expression on its way to the parser: look-alikes spelled out, limits checked, places remembered.

What students and teachers write is not always ASCII: ``W·x − b``, ``h²``, ``W₁ᵀ``, ``x^2``. Each such sign has one
meaning here. Every column in a message is a column of the text as it was written.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property

from hwcheck.errors import Fault, InputError, Location
from hwcheck.limits import Complexity

__all__ = ["Source"]

_DIGITS = {sign: digit for digits in ("⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉") for digit, sign in enumerate(digits)}
_SUPERSCRIPTS = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOOK_ALIKES = {
    "−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "∗": "*", "⊙": "*", "∘": "*", "∙": "*", "÷": "/", "∕": "/",
    "^": "**", "ᵀ": ".T", "⊤": ".T", "≤": "<=", "≥": ">=", "≠": "!=", "√": "sqrt",
    "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2061": "", "\u2062": "*",
}  # fmt: skip
_OPENING, _CLOSING = "([{", ")]}"


@dataclass(frozen=True)
class Source:
    """An expression as written, and where it stands."""

    text: str
    location: Location
    complexity: Complexity

    def fault(self, column: int, message: str) -> InputError:
        """The error of a fault at a column (from 0) of the text."""
        before = self.text[:column]
        line = before.count("\n")
        if line and self.location.line:
            place = self.location._replace(line=self.location.line + line, column=column - before.rfind("\n"))
        else:
            place = self.location.after(column) if self.location.column else self.location
        return InputError([Fault(place, message)])

    @cached_property
    def _spelled(self) -> tuple[str, list[int]]:
        """The text with look-alikes spelled out, and for each of its characters the column that it came from.

        It stands in brackets of its own, so that Python lets it begin with a space and run over several lines.
        """
        spelled, columns = ["("], [0]
        raised = comment = False
        for column, sign in enumerate(self.text):
            comment = sign == "#" or (comment and sign != "\n")
            part = " " if comment or sign in "\r\n" else _LOOK_ALIKES.get(sign, sign)
            if sign in _DIGITS and not comment:
                part = ("**" if sign in _SUPERSCRIPTS and not raised else "") + str(_DIGITS[sign])
            raised = sign in _SUPERSCRIPTS
            spelled.append(part)
            columns.extend([column] * len(part))
        return "".join([*spelled, ")"]), [*columns, len(self.text)]

    def column(self, node: ast.AST) -> int:
        """The column (from 0) at which a parsed node begins in the text as written."""
        spelled, columns = self._spelled
        offset: int = getattr(node, "col_offset", 0)
        if not spelled.isascii():  # Python counts bytes
            offset = len(spelled.encode()[:offset].decode(errors="ignore"))
        return columns[min(offset, len(columns) - 1)]

    def parse(self) -> ast.expr:
        """The syntax tree, checked for size but not yet for meaning. Raises InputError."""
        self._check_size()
        self._check_brackets()
        spelled, columns = self._spelled
        if not spelled[1:-1].strip():
            raise self.fault(0, "an expression belongs here, but there is nothing")
        try:
            return ast.parse(spelled, mode="eval").body
        except SyntaxError as error:
            column = columns[min(max((error.offset or 1) - 1, 0), len(columns) - 1)]
            raise self.fault(column, self._explain(error, column)) from None
        except (ValueError, RecursionError, MemoryError, OverflowError):
            raise self.fault(0, "the expression is too deeply nested: break it into several lines") from None

    def _explain(self, error: SyntaxError, column: int) -> str:
        near = self.text[column : column + 12].split("\n")[0].strip()
        at = f"at {near!r}" if near else "at its end"
        text = self.text.strip()
        if "==" not in text and "=" in text and "(" not in text:
            return f"an expression has no '=' ({at}); write only what stands right of it"
        if error.msg.startswith("unterminated string"):
            return f"a quotation mark is not closed, {at}"
        return f"this is no expression that can be read, {at}; an operator, a comma or a bracket is missing or too many"

    def _check_size(self) -> None:
        most = self.complexity.characters
        if len(self.text) > most:
            raise self.fault(most, f"the expression has {len(self.text):,} characters; at most {most:,} are allowed")

    def _check_brackets(self) -> None:
        """Brackets match and are not nested too deep, so that the parser's own stack is safe."""
        opened: list[int] = []
        quote = ""
        for column, sign in enumerate(self.text):
            if quote:
                quote = "" if sign == quote else quote
            elif sign in "'\"":
                quote = sign
            elif sign in _OPENING:
                opened.append(column)
                if len(opened) > self.complexity.depth:
                    raise self.fault(column, f"brackets are nested deeper than {self.complexity.depth}")
            elif sign in _CLOSING:
                if not opened:
                    raise self.fault(column, f"this {sign!r} closes nothing")
                begin = opened.pop()
                wanted = _CLOSING[_OPENING.index(self.text[begin])]
                if sign != wanted:
                    raise self.fault(column, f"{self.text[begin]!r} is closed by {sign!r}; it needs {wanted!r}")
        if opened:
            raise self.fault(opened[-1], f"this {self.text[opened[-1]]!r} is never closed")
