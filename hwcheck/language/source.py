"""The text of an expression on its way to the parser: spelled out, limits checked, places remembered.

What is left to Python's parser is small enough that no version of it runs out of stack, and every column in a message
is a column of the text as it was written.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from hwcheck.errors import Fault, InputError, Location
from hwcheck.language.spelling import MisspelledError, spell
from hwcheck.limits import Complexity

__all__ = ["Source"]

# Operators that follow one another without a comma between. Python 3.11 nests 3,000 deep, its callers included.
LONGEST_CHAIN = 1_000

# What makes an expression deep, and what ends it: brackets, commas, operators, and words that are operators.
_LINK = re.compile(r"[(\[\])]|,|\*\*|[<>=!]=|[-+*/@%<>=.:]|\b(?:if|and|or|not|in|is)\b")
_CLOSING = {"(": ")", "[": "]"}
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")

# Why a text is no expression, in the order in which it is looked for; ``place`` is where.
_WORD_OPERATOR = r"\b(?:if|else|and|or|not|in|is)\b"
_OPERATOR = rf"(?:\*\*|\*(?!\*)|//|/(?!/)|[<>=!]=|[<>](?!=)|[-+@%]|{_WORD_OPERATOR})"
_NO_OPERAND = r"(?:[*/@%<>=,)\]]|!=|\b(?:if|else|and|or)\b)"
_BEHIND_OPERAND = r"(?<=[)\]])\s*|(?<=[\w'\"])(?<!\bif|\bin|\bis|\bor)(?<!\bnot|\band)(?<!\belse)\s+"
_REASONS: Sequence[tuple[str, str]] = (
    (rf"(?P<place>{_OPERATOR})(?=\s*{_NO_OPERAND})", "something is missing behind {near}"),
    (rf"(?<=[(\[,])\s*(?P<place>(?![)\]]){_NO_OPERAND})", "something is missing before {near}"),
    (
        rf"(?:{_BEHIND_OPERAND})(?P<place>(?!{_WORD_OPERATOR})[\w'\"])",
        "an operator or a comma is missing before {near}",
    ),
)


@dataclass(frozen=True)
class Source:
    """An expression as written, and where its first character stands."""

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
        """The text as the parser reads it, and for each of its characters the column that it came from."""
        try:
            return spell(self.text)
        except MisspelledError as error:
            raise self.fault(error.column, error.message) from None

    @cached_property
    def _outline(self) -> str:
        """The text as the parser reads it, with its quoted texts blanked: what looks like an operator there is none."""
        return _QUOTED.sub(lambda quoted: f"'{'_' * (len(quoted.group()) - 2)}'", self._spelled[0])

    def column(self, node: ast.AST) -> int:
        """The column (from 0) at which a parsed node begins in the text as written."""
        spelled, columns = self._spelled
        offset: int = getattr(node, "col_offset", 0)
        if not spelled.isascii():  # Python counts bytes
            offset = len(spelled.encode()[:offset].decode(errors="ignore"))
        return columns[min(offset, len(columns) - 1)]

    def parse(self) -> ast.expr:
        """The syntax tree, checked for size but not yet for meaning. Raises InputError."""
        most = self.complexity.characters
        if len(self.text) > most:
            raise self.fault(most, f"the expression has {len(self.text):,} characters; at most {most:,} are allowed")
        spelled, columns = self._spelled
        if not spelled[1:-1].strip():
            raise self.fault(0, "an expression belongs here, but there is nothing")
        self._check_structure()
        try:
            return ast.parse(spelled, mode="eval").body
        except SyntaxError as error:
            raise self._explained(columns[min(max((error.offset or 1) - 1, 0), len(columns) - 1)]) from None
        except (ValueError, RecursionError, MemoryError, OverflowError):
            raise self.fault(0, "the expression is too deeply nested: break it into several lines") from None

    def _check_structure(self) -> None:
        """Brackets match, and neither they nor operators go deeper than Python's parser can follow."""
        outline, columns = self._outline, self._spelled[1]
        opened: list[int] = []
        chains, longest = [0], [0]  # of each open bracket: the operators since the last comma, and the most of those
        for link in _LINK.finditer(outline, 1, len(outline) - 1):
            sign, column = link.group(), columns[link.start()]
            if sign in _CLOSING:
                opened.append(link.start())
                if len(opened) > self.complexity.depth:
                    raise self.fault(column, f"brackets are nested deeper than {self.complexity.depth}")
                chains.append(0)
                longest.append(0)
            elif sign in ")]":
                self._check_closed(opened, sign, column)
                chains[-2] += 1 + max(chains[-1], longest.pop())
                chains.pop()
            elif sign == ",":
                longest[-1] = max(longest[-1], chains[-1])
                chains[-1] = 0
            else:
                chains[-1] += 1
            if chains[-1] > LONGEST_CHAIN:
                rule = f"more than {LONGEST_CHAIN:,} operators follow one another; break this into several lines"
                raise self.fault(column, rule)
        if opened:
            raise self.fault(columns[opened[-1]], f"this {outline[opened[-1]]!r} is never closed")

    def _check_closed(self, opened: list[int], sign: str, column: int) -> None:
        if not opened:
            raise self.fault(column, f"this {sign!r} closes nothing")
        opening = self._spelled[0][opened.pop()]
        if sign != _CLOSING[opening]:
            raise self.fault(column, f"{opening!r} is closed by {sign!r}; it needs {_CLOSING[opening]!r}")

    def _explained(self, column: int) -> InputError:
        """The error of a text that Python's parser refuses at a column, which need not be where the fault is."""
        outline, columns = self._outline, self._spelled[1]
        equals = _lone_equals(outline)
        if equals is not None:
            rule = "an expression has no '='; write only what stands right of it, and == to compare"
            return self.fault(columns[equals], rule)
        for pattern, message in _REASONS:
            found = re.compile(pattern).search(outline, 1)  # not compiled before there is a fault
            if found:
                place = columns[found.start("place")]
                return self.fault(place, message.format(near=self._near(place)))
        choices = [found.start() for found in re.finditer(r"\bif\b", outline)]
        if len(choices) > len(re.findall(r"\belse\b", outline)):
            return self.fault(columns[choices[0]], "'if' needs an 'else': write a if condition else b")
        return self.fault(column, f"this is no expression that can be read, at {self._near(column)}")

    def _near(self, column: int) -> str:
        """What stands at a column, for a message."""
        near = self.text[column : column + 12].split("\n")[0].strip()
        return repr(near) if near else "the end"


def _lone_equals(outline: str) -> int | None:
    """Where a '=' stands outside all brackets but the outermost: no comparison, and no option of a call."""
    depth = 0
    for found in re.finditer(r"[(\[\])]|[<>!=:]=|=", outline[:-1]):
        sign = found.group()
        depth += (sign in "([") - (sign in ")]")
        if sign == "=" and depth == 1:
            return found.start()
    return None
