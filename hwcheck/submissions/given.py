"""What a sheet restates before it answers: ``Given: w1 = 0.15``, or all below the heading ``Given``, ``Expected``."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["Given"]

_GIVEN = re.compile(
    r"[ \t>]*(?:\#{1,6}[ \t]+)?(?:[0-9]{1,2}[.)]?[ \t]+|[-*][ \t]+)?[*_]{0,2}"
    r"(?:Given|Gegeben|Known|Datos|Donn[ée]es|Dati|Dados|Gegeven)(?:[ ](?:values|data|weights|parameters|sind|is))?"
    r"(?:[*_]{0,2}[ \t]*:[*_]{0,2}(?P<rest>[^\n]*)|[*_]{0,2}[ \t]*$)",
    re.IGNORECASE,
)
# A section of what is not the student's own.
_OF_OTHERS = re.compile(
    r"[ \t>]*\#{1,6}[ \t]+(?:[0-9]{1,2}[.)]?[ \t]+)?[*_]{0,2}"
    r"(?:(?:Expected|Reference)(?:[ ](?:values?|results?|outputs?|answers?|solutions?|numbers?))?"
    r"|(?:Sample|Model|Official)[ ](?:solution|answer)s?"
    r"|(?:Solution|Answer)[ ]key|Examples?|Musterl[öo]sung|Beispiel)[*_:]{0,3}[ \t]*\Z",
    re.IGNORECASE,
)
_HEADING = re.compile(r"[ \t>]*\#{1,6}[ \t]")


class Given:
    """Which lines restate what was given; they come one after the other.

    A section does only where another one follows: else nothing of the sheet would be left.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._headings = sum(1 for line in lines if _HEADING.match(line))
        self._inside = False

    def holds(self, line: str) -> bool:
        """Whether the next line, or the equation or block that is no line, is given."""
        heading = _HEADING.match(line) is not None
        self._headings -= heading
        found = _GIVEN.match(line)
        if heading:
            self._inside = (found is not None or _OF_OTHERS.match(line) is not None) and self._headings > 0
        return self._inside or (found is not None and "=" in (found["rest"] or ""))
