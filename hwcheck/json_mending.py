"""What is nearly JSON: a dict of Python, JavaScript with comments, commas too many and too few.

A pass over the tokens finds what JSON forbids and has one meaning only; ``hwcheck.mending`` does the rest.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from hwcheck.limits import MENDED, Limits
from hwcheck.located_json import read_json
from hwcheck.mending import Edit, Mended, read_mended

__all__ = ["mended_json"]

_TOKEN = re.compile(
    r"""(?P<double>"(?:[^"\\\n]|\\[^\n])*")
    | (?P<single>'(?:[^'"\\\n])*' | [“”„‟][^“”„‟"\\\n]*[“”‟])
    | (?P<comment>//[^\n]* | /\*(?:[^*]|\*(?!/))*\*/ | \#[^\n]*)
    | (?P<sign>[\[\]{}:,=])
    | (?P<word>(?:[^\s\[\]{}:,="'“”„‟#/]|/(?![/*]))+)
    | (?P<space>\s+)""",
    re.VERBOSE,
)
_NAME = re.compile(r"[^\W\d]\w{0,60}")
_NUMBER = re.compile(r"[+\-−]?(?:[0-9]|\.[0-9])[0-9.eE+\-−*/()^]{0,60}")
_TYPED = re.compile(r"(?:np\.|numpy\.)?(?:float|int)(?:16|32|64)\(([+\-]?[0-9][0-9.eE+\-]{0,40}|nan)\)")
_CALL = re.compile(r"(?:[a-z]{1,10}\.)?(?:array|asarray|tensor|Array)\(")
_JSON_WORD = re.compile(r"[+\-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+\-]?[0-9]+)?|null|true|false|NaN|-?Infinity")
_WHOLE = re.compile(r"[+\-−]?[0-9]{1,20}")
_DIGITS = re.compile(r"[0-9]{1,20}")

_COMMENT = "comments are no part of JSON and were left out"
_QUOTES = "texts in single or typeset quotes are read as texts in double quotes"
_COMMA = "a comma before a closing bracket is left out"
_NO_COMMA = "a comma is missing before this place, and was put in"
_NO_QUOTES = "names without quotes are read as names"
_NONE = "None is read as null"
_NUMPY = "what NumPy prints around numbers is left out"
_EQUALS = "'=' is read as ':'"
_BRACES = "the braces around the names are missing, and were put in"


def mended_json(text: str, file: str, limits: Limits) -> Mended | None:
    """The tree of a text that ``read_json`` refused, and what was taken for what; None where that is in doubt."""
    if len(text) > MENDED:
        return None
    return read_mended(text, file, _Mender(text).edits(), lambda mended: read_json(mended, file, limits))


class _Token(NamedTuple):
    kind: str
    begin: int
    end: int
    text: str
    breaks: bool
    """Whether a line ends before it."""


class _Mender:
    """The edits of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Edit] = []
        self.tokens: list[_Token] = []

    def edits(self) -> list[Edit] | None:
        """All edits in order; None where something is no token, or could mean two things."""
        if not self._tokenize():
            return None
        tokens = self.tokens
        mapping = [not _opens(tokens[0])] if tokens else []
        if len(tokens) > 1 and not _opens(tokens[0]) and tokens[1].text in (":", "="):
            self.found.append(Edit(tokens[0].begin, tokens[0].begin, "{", _BRACES))
            self.found.append(Edit(tokens[-1].end, tokens[-1].end, "}"))
        else:
            mapping = []
        at = 0
        while at < len(tokens):
            token = tokens[at]
            before = tokens[at - 1] if at else None
            following = tokens[at + 1] if at + 1 < len(tokens) else None
            inside = bool(mapping and mapping[-1])
            is_name = inside and following is not None and following.text in (":", "=") and following.kind == "sign"
            values = before and (_opens(token) or token.kind != "sign") and (_closes(before) or before.kind != "sign")
            if before and values and not self._missing_comma(before, token, is_name=is_name):
                return None
            if token.kind == "sign":
                if token.text in "[{":
                    mapping.append(token.text == "{")
                elif token.text in "]}":
                    if not mapping:
                        return None
                    mapping.pop()
                elif token.text == "," and (following is None or _closes(following)):
                    self.found.append(Edit(token.begin, token.end, " ", _COMMA))
                elif token.text == "=":
                    if not inside:
                        return None
                    self.found.append(Edit(token.begin, token.end, ":", _EQUALS))
            elif token.kind == "single":
                self.found.append(Edit(token.begin, token.end, f'"{token.text[1:-1]}"', _QUOTES))
            elif token.kind == "word":
                taken = self._word(at, is_name=is_name, inside=inside)
                if not taken:
                    return None
                at += taken - 1
            at += 1
        return sorted(self.found)

    def _tokenize(self) -> bool:
        """Find the tokens; False where something is none."""
        at, breaks = 0, False
        while at < len(self.text):
            found = _TOKEN.match(self.text, at)
            if found is None:
                return False
            kind, at = found.lastgroup or "", found.end()
            if kind == "space":
                breaks = breaks or "\n" in found.group()
            elif kind == "comment":
                blank = re.sub(r"[^\n]", " ", found.group())
                self.found.append(Edit(found.start(), found.end(), blank, _COMMENT))
                breaks = breaks or "\n" in blank
            else:
                self.tokens.append(_Token(kind, found.start(), found.end(), found.group(), breaks))
                breaks = False
        self._without_calls()
        return True

    def _without_calls(self) -> None:
        """Leave out ``array(`` before a list, and the bracket behind it."""
        kept: list[_Token] = []
        opened: list[bool] = []  # of each list, whether it is in such a call
        called = closed = False
        for token, following in zip(self.tokens, [*self.tokens[1:], None], strict=False):
            is_call = _CALL.fullmatch(token.text) and following is not None and following.text == "["
            if token.kind == "word" and (is_call or (token.text == ")" and closed)):
                self.found.append(Edit(token.begin, token.end, " " * len(token.text), _NUMPY))
                called, closed = bool(is_call), False
                continue
            closed = False
            if token.kind == "sign" and token.text == "[":
                opened.append(called)
            elif token.kind == "sign" and token.text == "]" and opened:
                closed = opened.pop()
            called = False
            kept.append(token)
        self.tokens = kept

    def _missing_comma(self, before: _Token, token: _Token, *, is_name: bool) -> bool:
        """Put a comma between two values where a new name or row begins; False where that is in doubt."""
        if (is_name and token.breaks) or (before.text == "]" and token.text == "["):
            self.found.append(Edit(before.end, before.end, ",", _NO_COMMA))
            return True
        return False

    def _word(self, at: int, *, is_name: bool, inside: bool) -> int:
        """How many tokens a word is, from this one on; nothing where it may be anything."""
        token = self.tokens[at]
        if is_name:
            if not _NAME.fullmatch(token.text):
                return 0
            self.found.append(Edit(token.begin, token.end, f'"{token.text}"', _NO_QUOTES))
            return 1
        if inside and (more := self._decimal_comma(at)):
            return more
        if _JSON_WORD.fullmatch(token.text):
            return 1
        if token.text == "None":
            self.found.append(Edit(token.begin, token.end, "null", _NONE))
            return 1
        if typed := _TYPED.fullmatch(token.text):
            self.found.append(Edit(token.begin, token.end, f'"{typed[1]}"', _NUMPY))
            return 1
        if token.text.lower() in ("nan", "inf", "-inf") or _NUMBER.fullmatch(token.text):
            self.found.append(Edit(token.begin, token.end, f'"{token.text}"'))  # for the reader of numbers to judge
            return 1
        return 0

    def _decimal_comma(self, at: int) -> int:
        """``"m": 0,25`` in a mapping, where a name would have to stand behind a comma."""
        tokens = self.tokens[at : at + 4]
        if len(tokens) < 3 or tokens[1].text != "," or tokens[0].end != tokens[1].begin:
            return 0
        whole, _, digits, *rest = tokens
        if not (_WHOLE.fullmatch(whole.text) and _DIGITS.fullmatch(digits.text) and tokens[1].end == digits.begin):
            return 0
        if rest and not (rest[0].text in (",", "}") or rest[0].breaks):
            return 0
        self.found.append(Edit(whole.begin, digits.end, f'"{self.text[whole.begin : digits.end]}"'))
        return 3


def _opens(token: _Token) -> bool:
    return token.kind == "sign" and token.text in "[{"


def _closes(token: _Token) -> bool:
    return token.kind == "sign" and token.text in "]}"
