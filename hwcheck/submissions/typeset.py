r"""Equations in LaTeX, cut into chains of sides: ``w = 0.4 - 0.5 \times 0.08 = 0.36`` has three.

The text may be broken in any way: a bracket that is never closed holds nothing, an environment that never ends none of
what follows. One pass finds what belongs together, a second one cuts; both are linear and use no recursion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from hwcheck.submissions.plain_array import Closed
from hwcheck.submissions.plain_matrix import matrix_end

__all__ = ["MATRICES", "Chain", "Side", "chains", "matrices"]

MATRICES = frozenset(
    {
        "matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "psmallmatrix",
        "bsmallmatrix", "cases", "dcases", "rcases", "array",
    }
)  # fmt: skip
"""The environments in which numbers stand in rows; the others are seen through."""
_EITHER = frozenset({"cases", "dcases", "rcases", "array"})  # of numbers, or of equations below one another

_TOKEN = re.compile(
    r"""
      (?P<begin>\\begin\s{0,4}\{\s{0,4}(?P<opened>[A-Za-z]{1,30})\*?\s{0,4}\}(?:(?<=array\})\s{0,4}\{[^{}\n]{0,60}\})?)
    | (?P<end>\\end\s{0,4}\{\s{0,4}(?P<closed>[A-Za-z]{1,30})\*?\s{0,4}\})
    | (?P<seen>\\(?:boxed|fbox|displaystyle|therefore|because|qedhere|nonumber|notag|hfill)(?![A-Za-z])\s{0,4}\{?)
    | (?P<row>\\\\(?:\[[0-9.a-z]{1,8}\])?|\\newline(?![A-Za-z]))
    | (?P<no>
        (?:(?<=[=≈:])|(?<=[=≈:][ ]))[0-9]{1,9}(?::[0-9.]{1,9}){1,9}
        |[<>!=]=|=\\mathrel|\\[|,;:! ]|(?<=[0-9]),(?=[0-9]))
    | (?P<relation>
        :=|->|→|↦|≔|≈|≃|≅|=(?!>)|:(?!=)
        |\\(?:approx|simeq|cong|doteq|equiv|to|rightarrow|longrightarrow|leftarrow|gets|coloneqq|triangleq|colon)(?![A-Za-z])
      )
    | (?P<cut>
        [,;]|⇒|=>|&(?!\s{0,9}(?:[=≈&:]|\\(?:approx|simeq|begin|quad|qquad|to|rightarrow|;|,)))
        |(?<=[0-9\])}\$][ ])(?:and|so|then|thus|hence|where|with|while|but|therefore|giving)(?=[ ])
        |(?<=[0-9\])}])(?:[ ]{2,9}|\t)(?=[^\W\d]\w{0,30}[ \t]{0,9}=(?!=))
        |\\(?:q?quad|Rightarrow|implies|iff|Longrightarrow)(?![A-Za-z])|\\(?:text|mathrm)\{\s{0,9}and\s{0,9}\})
    | (?P<open>[{(\[]|\\\{) | (?P<close>[})\]]|\\\})
    | \\[A-Za-z]+ | \\.
    """,
    re.VERBOSE | re.DOTALL,
)
_ENDED = re.compile(r"\\end\s?\{|\\q?quad(?![A-Za-z])")  # what an equation does not go over
_CLOSES = {")": "(", "]": "[", "}": "{", "\\}": "\\{"}


class Side(NamedTuple):
    """What stands between two relations: a part of the text."""

    begin: int
    end: int


class Chain(NamedTuple):
    """Sides with relations between them; ``goes_on`` where a relation stands before the first."""

    sides: tuple[Side, ...]
    goes_on: bool = False


class _Token(NamedTuple):
    kind: str
    begin: int
    end: int


class _Open:
    """A brace or an environment that is open, with the brackets in it."""

    def __init__(self, name: str, token: int) -> None:
        self.name = name
        self.token = token
        self.brackets: list[tuple[str, int]] = []


def chains(text: str, begin: int, end: int) -> list[Chain]:
    """The equations in a part of a text, in order. What has no relation is a chain of one side."""
    return list(_chains(text, *_nested(text, begin, end), begin, end))


def matrices(text: str, begin: int, end: int) -> list[Side]:
    r"""The outermost environments of rows in a part of a text, from their ``\\begin`` to their ``\\end``."""
    tokens, partner = _nested(text, begin, end)
    found: list[Side] = []
    for i, token in enumerate(tokens):
        if token.kind == "begin" and i in partner and (not found or token.begin >= found[-1].end):
            found.append(Side(token.begin, tokens[partner[i]].end))
    return found


def _nested(text: str, begin: int, end: int) -> tuple[list[_Token], dict[int, int]]:
    """The tokens that matter, and for each opening one that is closed the one that closes it."""
    tokens: list[_Token] = []
    partner: dict[int, int] = {}
    stack = [_Open("", -1)]
    counts: dict[str, int] = {}
    last_relation = begin - 1
    place, closed = begin, Closed(text, end)
    while found := _TOKEN.search(text, place, end):
        place = found.end()
        kind = found.lastgroup or ""
        kind = "begin" if kind == "opened" else "end" if kind == "closed" else kind
        if kind in ("", "no"):
            continue
        number, sign = len(tokens), found.group()
        if kind == "begin" and not _holds_rows(text, found, last_relation, end):
            kind = "seen"
        elif kind == "begin" and (plain := matrix_end(text, found.start(), end)):
            ended, place, row = plain
            partner[number] = number + 1
            tokens += [_Token("begin", found.start(), found.end()), _Token("end", ended, place)]
            last_relation = row - 1 if row >= 0 else last_relation
            continue
        elif kind == "seen" and sign.endswith("{"):
            stack.append(_Open("{", number))
        elif kind == "begin":
            stack.append(_Open(found["opened"], number))
            counts[found["opened"]] = counts.get(found["opened"], 0) + 1
        elif kind == "end":
            if not counts.get(found["closed"]):
                kind = "seen"
            else:
                while stack[-1].name != found["closed"]:
                    counts[stack[-1].name] = counts.get(stack[-1].name, 0) - 1
                    stack.pop()
                counts[found["closed"]] -= 1
                partner[stack.pop().token] = number
        elif kind == "open" and sign == "{":
            stack.append(_Open("{", number))
        elif sign == "[" and (behind := closed.behind(found.start())):
            partner[number] = number + 1
            tokens += [_Token("open", found.start(), place), _Token("close", behind - 1, behind)]
            place = behind
            continue
        elif kind == "open":
            stack[-1].brackets.append((sign, number))
        elif kind == "close":
            _close(stack, sign, number, partner)
        elif kind == "row":
            last_relation = found.end() - 1
        tokens.append(_Token(kind, found.start(), found.end()))
    return tokens, partner


def _close(stack: list[_Open], sign: str, number: int, partner: dict[int, int]) -> None:
    """Pair a closing bracket with what it closes, if it closes anything."""
    if sign == "}":
        if stack[-1].name == "{":
            partner[stack.pop().token] = number
        return
    brackets = stack[-1].brackets
    if brackets and brackets[-1][0] == _CLOSES[sign]:
        partner[brackets.pop()[1]] = number


def _holds_rows(text: str, found: re.Match[str], row: int, end: int) -> bool:
    """Whether an environment holds rows of numbers, not equations below one another."""
    name = found["opened"]
    if name not in MATRICES:
        return False
    before = text[max(row, found.start() - 400, 0) : found.start()]
    if name not in _EITHER or "=" in _ENDED.split(before)[-1]:
        return True
    closing = text.find("\\end", found.end(), min(end, found.end() + 2000))
    return "=" not in text[found.end() : closing if closing >= 0 else found.end() + 200]


def _chains(text: str, tokens: list[_Token], partner: dict[int, int], begin: int, end: int) -> Iterator[Chain]:
    """Cut at what stands outside all brackets that are closed."""
    sides: list[Side] = []
    from_, goes_on, related = begin, False, False
    marks = [token for token in _outside(tokens, partner) if token.kind in ("row", "cut", "relation")]
    marks.append(_Token("row", end, end))
    for i, mark in enumerate(marks):
        if mark.kind == "relation":
            if not sides and not text[from_ : mark.begin].strip(" \t\n&{}"):
                goes_on = True
            sides.append(Side(from_, mark.begin))
            from_, related = mark.end, True
            continue
        following = marks[i + 1].kind if i + 1 < len(marks) else "row"
        if mark.begin < end and following != "relation":
            continue  # what has no relation of its own belongs to what stands before it
        if related:
            sides.append(Side(from_, mark.begin))
            yield Chain(tuple(sides), goes_on)
        elif mark.begin > from_:
            yield Chain((Side(from_, mark.begin),))
        sides, from_, goes_on, related = [], mark.end, False, False


def _outside(tokens: list[_Token], partner: dict[int, int]) -> Iterator[_Token]:
    """The tokens outside all brackets and environments that are closed."""
    until = -1
    for i, token in enumerate(tokens):
        if i <= until:
            continue
        if i in partner and token.kind != "seen":
            until = partner[i]
        else:
            yield token
