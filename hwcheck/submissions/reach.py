"""How far a value reaches that begins on a line: arrays and rows of numbers go on below it."""

from __future__ import annotations

import re

from hwcheck.limits import SCANS
from hwcheck.submissions.beginnings import ARRAY, NUMBER_START
from hwcheck.submissions.plain_array import last_closed
from hwcheck.submissions.sentences import ends_at

__all__ = ["OPENS_ARRAY", "ROW", "Reach"]

OPENS_ARRAY = re.compile(rf"\s*{ARRAY}")
ROW = re.compile(rf"[ \t>]*(?:[\[(|][ \t]*)?{NUMBER_START}[\d.eE+\-−,;&|\t \])\\]*$")
_FIRST_ROW = re.compile(rf"[ \t]*{NUMBER_START}[0-9.eE+\-−]*[ \t,;&|]+{NUMBER_START}[\d.eE+\-−,;&|\t \\]*")
_NEXT_NAME = re.compile(r"\n[ \t>]*(?!dtype|device|grad_fn|requires_grad)[^\W\d]\w{0,30}[ \t]{0,9}[=:]")
_BRACKET = re.compile(r"[\[({\])}]")


class Reach:
    """The lines below a value of a text; what is gone over twice is counted, and bounded.

    ``done`` is the place before which all is read; ``rest`` what is left of the line in which an array ended, where a
    sentence goes on behind it.
    """

    def __init__(self, plain: str) -> None:
        self.plain = plain
        self.done = 0
        self.rest: tuple[int, int] | None = None
        self._budget = SCANS * len(plain) + 1000

    def rows_end(self, begin: int, end: int) -> int:
        r"""Where rows end of which the first stands behind a name: further ones are indented, or follow a ``\\``."""
        if not _FIRST_ROW.fullmatch(self.plain, begin, end):
            return end
        while (following := self.next_line(end)) and ROW.fullmatch(self.plain, *following):
            if not (
                self.plain[following[0]] in " \t" or self.plain[max(begin, end - 9) : end].rstrip().endswith("\\\\")
            ):
                break
            end = following[1]
            self.done = end + 1
        return end

    def next_line(self, end: int) -> tuple[int, int] | None:
        """Where the line below the one that ends at a place begins and ends; None where there is none."""
        if end + 1 >= len(self.plain) or self.plain[end] != "\n":
            return None
        close = self.plain.find("\n", end + 1)
        return end + 1, len(self.plain) if close < 0 else close

    def array_end(self, begin: int, end: int) -> int:
        """Where an array that begins at a place ends: its brackets may be closed lines later."""
        if not OPENS_ARRAY.match(self.plain, begin, end):
            return end
        at = self._closes(begin)
        self._budget -= (at if at >= 0 else len(self.plain)) - begin
        if at < 0:
            return end
        if _NEXT_NAME.search(self.plain, begin, at):
            return end  # never closed: the bracket that was found is another answer's
        close = self.plain.find("\n", at)
        close = len(self.plain) if close < 0 else close
        if ends_at(self.plain, at + 1, close):
            self.rest = (at + 1, close)
            self.done = max(self.done, close + 1)
            return at + 1
        flat = self.plain[begin:at].count("[") == 1
        while flat and (following := self.next_line(close)) and re.match(r"[ \t>]*\[", self.plain[slice(*following)]):
            close = following[1]
        self.done = max(self.done, close + 1) if close > end else self.done
        return max(close, end) if close != end else end

    def _closes(self, begin: int) -> int:
        """Where the first bracket behind a place is closed, or -1."""
        limit = begin + max(self._budget, 0)
        depth, place = 0, begin
        while found := _BRACKET.search(self.plain, place, limit):
            place = found.end()
            if found.group() == "[" and not depth and (end := last_closed(self.plain, found.start(), limit)):
                return end - 1
            depth += 1 if found.group() in "[({" else -1
            if depth <= 0:
                return found.start()
        return -1
