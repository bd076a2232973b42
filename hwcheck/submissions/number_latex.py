r"""Arithmetic as LaTeX writes it, in the signs of the language: ``\frac{1}{3}`` becomes ``((1)/(3))``.

One pass from left to right; each character knows the column that it came from, so that a complaint about the result
names a place of the text as written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from hwcheck.submissions.number_text import Unreadable

__all__ = ["in_signs"]

_SIGNS: Mapping[str, str] = {
    "times": "*", "cdot": "*", "ast": "*", "div": "/", "pi": "pi", "left": "", "right": "", "big": "", "Big": "",
    "bigg": "", "Bigg": "", "bigl": "", "bigr": "", "Bigl": "", "Bigr": "", "displaystyle": "", "quad": " ",
    "lparen": "(", "rparen": ")", "{": "(", "}": ")", "%": "%", ",": " ", ";": " ", ":": " ", "!": "", " ": " ",
    "mathrm": "", "mathbf": "", "operatorname": "", "text": "", "boldsymbol": "", "mathit": "",
}  # fmt: skip
_FUNCTIONS: Mapping[str, str] = {
    "ln": "ln", "log": "log", "exp": "exp", "sin": "sin", "cos": "cos", "tanh": "tanh", "sigma": "sigmoid",
    "max": "maximum", "min": "minimum", "sqrt": "sqrt",
}  # fmt: skip
_FRACTIONS = frozenset({"frac", "dfrac", "tfrac", "cfrac"})
_TOKEN = re.compile(r"\\(?P<command>[A-Za-z]+|.)|(?P<number>[0-9.]+)|(?P<sign>.)", re.DOTALL)
# An x between two numbers is a sign of multiplication; 0x10 is none.
_CROSS = re.compile(r"(?<=[0-9.)}])(?<!\b0)(?P<before>\s?)[xX](?=\s?[-−]?[0-9.(\\])")


def in_signs(text: str) -> tuple[str, list[int]]:
    """A text in the signs of the language, and for each character the column that it came from.

    Raises:
        Unreadable: a command that has no meaning in a number, a fraction without its two parts.

    """
    text = _CROSS.sub(lambda found: f"{found['before']}*", text)
    if "\\" not in text and "{" not in text:
        return text, [*range(len(text) + 1)]
    return _Translation(text).done()


class _Translation:
    """One pass over a text of few characters."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.parts: list[str] = []
        self.columns: list[int] = []
        self.open: list[tuple[str, int]] = []  # what is to be written where each open brace closes, and where it stands
        self.waiting: list[int] = []  # of each fraction that is not complete: how many parts are missing
        self.argument = False  # a function waits for its argument

    def done(self) -> tuple[str, list[int]]:
        """The whole text."""
        for token in _TOKEN.finditer(self.text):
            self._token(token)
        if self.waiting or self.argument:
            raise Unreadable("something is missing at the end", len(self.text))
        if self.open:
            raise Unreadable("this '{' is never closed", self.open[-1][1])
        return "".join(self.parts), [*self.columns, len(self.text)]

    def _write(self, signs: str, column: int) -> None:
        self.parts.append(signs)
        self.columns += [column] * len(signs)

    def _token(self, token: re.Match[str]) -> None:
        column, command = token.start(), token["command"]
        if token.group().isspace() and (self.waiting or self.argument):
            return
        if command is not None and not (self.waiting and self.waiting[-1] and command in _SIGNS):
            self._command(command, column)
        elif token.group() == "{":
            self._opened(column)
        elif token.group() == "}":
            self._closed(column)
        elif self._expects_part():
            self._short_part(token)
        elif self.argument:
            self._argument(token)
        elif token["number"]:
            for i, sign in enumerate(token.group()):
                self._write(sign, column + i)
        else:
            self._write(token.group(), column)

    def _expects_part(self) -> bool:
        """Whether the next thing is the part of a fraction: it is, unless a brace is open inside of it."""
        return bool(self.waiting) and self.waiting[-1] > 0

    def _command(self, command: str, column: int) -> None:
        if command in _FRACTIONS:
            if self._expects_part():
                raise Unreadable("put the fraction inside the fraction in braces { }", column)
            self._write("((", column)
            self.waiting.append(2)
            self.argument = False
        elif command in _FUNCTIONS:
            self._write(_FUNCTIONS[command], column)
            self.argument = True
        elif command in _SIGNS:
            times = "*" if command == "pi" and self.parts and self.parts[-1].isdigit() else ""
            self._write(times + _SIGNS[command], column)
        else:
            raise Unreadable(f"'\\{command}' has no meaning in a number", column)

    def _opened(self, column: int) -> None:
        if self._expects_part():
            self.waiting.append(0)  # until this brace closes, what stands here is no part of its own
            self.open.append(("part", column))
            return
        self.argument = False
        self._write("(", column)
        self.open.append((")", column))

    def _closed(self, column: int) -> None:
        if not self.open:
            raise Unreadable("this '}' closes nothing", column)
        kind, _ = self.open.pop()
        if kind != "part":
            self._write(kind, column)
            return
        if self.waiting[-1]:
            raise Unreadable("a part of the fraction is missing", column)
        self.waiting.pop()
        self._part_ended(column)

    def _part_ended(self, column: int) -> None:
        self.waiting[-1] -= 1
        self._write(")/(" if self.waiting[-1] else "))", column)
        if not self.waiting[-1]:
            self.waiting.pop()

    def _short_part(self, token: re.Match[str]) -> None:
        r"""Parts of a fraction without braces: each is one digit, as in ``\frac12``."""
        for i, sign in enumerate(token.group()):
            column = token.start() + i
            if not self._expects_part():
                self._write(sign, column)
                continue
            if not sign.isdigit():
                raise Unreadable("a fraction has two parts, each in braces { }", column)
            self._write(sign, column)
            self._part_ended(column)

    def _argument(self, token: re.Match[str]) -> None:
        r"""What a function is of: something in brackets, or a number behind it (``\ln 2``)."""
        sign, column = token.group(), token.start()
        self.argument = False
        if sign == "(":
            self._write(sign, column)
        elif token["number"]:
            self._write("(", column)
            for i, digit in enumerate(sign):
                self._write(digit, column + i)
            self._write(")", column + len(sign) - 1)
        else:
            raise Unreadable("put what the function is of in brackets", column)
