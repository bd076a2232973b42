r"""A document cut into its pieces: fenced blocks, displayed equations, and lines with the equations in them.

One pass over the text, and every search goes forward only, so that a document takes time linear in its length however
it is broken: an equation that is never closed ends with its paragraph, a fence that is never closed with the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from hwcheck.limits import LABEL
from hwcheck.submissions.typeset import MATRICES

__all__ = ["FENCE", "HTML", "LINE", "MATH", "TABLE", "Piece", "pieces"]

MATH, FENCE, LINE, TABLE, HTML = "math", "fence", "line", "table", "html"
MATH_FENCES = frozenset({"math", "latex", "tex", "katex"})
_EQUATIONS = frozenset(
    {
        "equation", "align", "aligned", "alignat", "gather", "gathered", "multline", "eqnarray", "split", "flalign",
        "displaymath", "math", "subequations", "alignedat", "dmath",
    }
)  # fmt: skip
_MARK = re.compile(
    r"""
      (?P<fence>^[ \t>]{0,12}(?:[-*+][ \t]{1,4})?(?P<ticks>`{3,20}|~{3,20})[ \t]*\{?\.?(?P<info>[\w+#-]{0,20})[^`\n]*$)
    | (?P<code>`{1,9})
    | (?P<comment><!--)
    | (?P<html><(?:table|TABLE)(?=[\s>])[^<>]{0,200}>)
    | (?P<percent>%)
    | (?P<escaped>\\[$`%\\]|\\\\)
    | (?P<display>\$\$|\\\[)
    | (?P<inline>\$|\\\()
    | \\begin\s?\{(?P<begin>[A-Za-z]{1,20})(?P<star>\*?)\}
    """,
    re.VERBOSE | re.MULTILINE,
)
_SIGN = re.compile(r"[`~<%\\$]")  # in each mark stands one of them
_BLANK = re.compile(r"\n[ \t>]*(?=\n)")
_CLOSING = {"$$": "$$", "\\[": "\\]", "$": "$", "\\(": "\\)"}
_TABLES = frozenset({"tabular", "tabularx", "longtable", "tabulary"})
_VERBATIM = frozenset({"verbatim", "lstlisting", "minted", "Verbatim"})


class Piece(NamedTuple):
    """A part of the text. An equation's part is what stands in it; ``inside`` are the equations in a line."""

    kind: str
    begin: int
    end: int
    info: str = ""
    inside: tuple[tuple[int, int], ...] = ()


class _Forward:
    """Finds texts behind places that only grow; each search of the document is made once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found: dict[str, int] = {}
        self._blank = -1

    def find(self, what: str, begin: int) -> int:
        """Where a text stands next, at ``begin`` or behind it; the length of the document where it does not."""
        known = self._found.get(what, -1)
        if known < begin:
            known = self._text.find(what, begin)
            known = len(self._text) if known < 0 else known
            self._found[what] = known
        return known

    def paragraph(self, begin: int) -> int:
        """Where the paragraph of a place ends."""
        if self._blank < begin:
            blank = _BLANK.search(self._text, begin)
            self._blank = blank.start() if blank else len(self._text)
        return self._blank


def pieces(text: str, *, latex: bool = False) -> list[Piece]:
    """The pieces of a document, in order. ``latex`` says that ``%`` begins a comment and that there are no fences."""
    return list(_pieces(text, latex))


def _pieces(text: str, latex: bool) -> Iterator[Piece]:
    forward = _Forward(text)
    at = lines_from = 0
    inside: list[tuple[int, int]] = []
    while found := _next_mark(text, at):
        at = found.end()
        block: Piece | None = None
        if latex and (found["fence"] or found["code"] or found["comment"] or found["html"]):
            at = found.start() + 1
        elif found["percent"] or found["escaped"]:
            at = forward.find("\n", at) if latex and found["percent"] else at
        elif found["fence"]:
            block, at = _fenced(text, found)
        elif found["comment"]:
            at = min(forward.find("-->", at) + 3, len(text))
            block = Piece("comment", found.start(), at)
        elif found["code"]:
            closing = forward.find(found["code"], at)
            at = closing + len(found["code"]) if closing < forward.paragraph(at) else at
        elif found["html"]:
            at = min(forward.find("</table>", at), forward.find("</TABLE>", at))
            block = Piece(HTML, found.end(), at)
            at = min(at + 8, len(text))
        elif found["begin"]:
            block, at = _environment(text, found, forward)
        else:
            opening = found.group()
            closing = forward.find(_CLOSING[opening], at)
            paragraph = forward.paragraph(at)
            closed = closing < paragraph or (
                found["display"] is not None and closing < len(text) and _is_open(text, at, paragraph, closing)
            )
            if found["display"]:
                end = closing if closed else paragraph
                block = Piece(MATH, at, end)
                at = end + 2 * closed
            elif closed:
                inside.append((at, closing))
                at = closing + len(_CLOSING[opening])
        if block is not None:
            yield from _lines(text, lines_from, found.start(), inside)
            if block.kind != "comment":
                yield block
            lines_from, inside = at, []
    yield from _lines(text, lines_from, len(text), inside)


def _is_open(text: str, begin: int, paragraph: int, closing: int) -> bool:
    """Whether a matrix is open at the end of a paragraph, which ends before the equation does."""
    opened = text.count("\\begin{", begin, paragraph) - text.count("\\end{", begin, paragraph)
    return opened > 0 and text.count("\\end{", paragraph, min(closing, paragraph + LABEL * 20)) >= opened


def _next_mark(text: str, at: int) -> re.Match[str] | None:
    """The next mark: it begins on the line of the next of its signs, at the earliest."""
    sign = _SIGN.search(text, at)
    return _MARK.search(text, max(at, text.rfind("\n", at, sign.start()) + 1)) if sign else None


def _fenced(text: str, found: re.Match[str]) -> tuple[Piece, int]:
    """A fenced block, to its closing fence or to the end of the text."""
    begin = min(found.end() + 1, len(text))
    ticks = found["ticks"]
    at = begin
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if text[at:end].strip(" \t>").startswith(ticks) and not text[at:end].strip(f" \t>{ticks[0]}"):
            break
        at = end + 1
    at = min(at, len(text))
    info = found["info"].casefold()
    after = text.find("\n", at)
    return Piece(MATH if info in MATH_FENCES else FENCE, begin, at, info), len(text) if after < 0 else after


def _environment(text: str, found: re.Match[str], forward: _Forward) -> tuple[Piece | None, int]:
    """An environment of equations that stands in the text, or one of text as it is printed."""
    name = found["begin"]
    known = name in _EQUATIONS or name in _VERBATIM or name in _TABLES
    if not known or name in MATRICES:
        return None, found.end()
    closing = forward.find(f"\\end{{{name}{found['star']}}}", found.end())
    ends = min(closing, forward.paragraph(found.end())) if name in _EQUATIONS and closing == len(text) else closing
    after = closing + len(name) + 6 + len(found["star"]) if closing < len(text) else ends
    kind = MATH if name in _EQUATIONS else TABLE if name in _TABLES else FENCE
    return Piece(kind, found.end(), ends), min(after, len(text))


def _lines(text: str, begin: int, end: int, inside: list[tuple[int, int]]) -> Iterator[Piece]:
    """The lines of a part of the text; an equation that runs over a line break keeps its lines together."""
    at = first = 0
    while begin < end:
        close = text.find("\n", begin, end)
        close = end if close < 0 else close
        while at < len(inside) and inside[at][0] <= close:
            if inside[at][1] > close:
                close = text.find("\n", inside[at][1], end)
                close = end if close < 0 else close
            at += 1
        yield Piece(LINE, begin, close, "", tuple(inside[first:at]))
        first = at
        begin = close + 1
