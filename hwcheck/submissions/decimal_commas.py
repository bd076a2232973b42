"""Lists of numbers with decimal commas: ``(-0,7; 0,1)``, where a comma could part numbers as well."""

from __future__ import annotations

import re

from hwcheck.errors import quoted
from hwcheck.located import Located
from hwcheck.submissions.number_text import cut
from hwcheck.submissions.writing import Writing

__all__ = ["decimal_commas", "refuse_decimal_commas"]

_COMMA_AND_BLANK = re.compile(r",\s")
_WHOLE_OR_COMMA = re.compile(r"\s*[+\-−]?[0-9]+(?:,[0-9]+)?\s*")
_DECIMAL = re.compile(r"[+\-−–]?[0-9]+,[0-9]+")
# No whole numbers are written so: -0, 0087, or a 0 and hundreds in every row.
_SURELY = re.compile(r"[+\-−–]0,[0-9]+|[+\-−–]?[0-9]+,0[0-9]+|[+\-−–]?0,[0-9]{2,}")
_WIDE = 100_000  # characters between the brackets, at most


def decimal_commas(writing: Writing, offset: int, end: int) -> list[Located]:
    """The numbers of a list between ``offset`` and ``end`` that semicolons part; none where that is not what it is.

    ``[1,2;3,4]`` has two rows. Numbers with a decimal comma are what no whole numbers can be: ``(-0,7; 0,1)``. Raises
    InputError where each could be either.
    """
    text = writing.text
    raw = text[offset + 1 : end]
    if len(raw) > _WIDE or "." in raw or "," not in raw:
        return []
    parts = raw.split(";")
    bare = [part.replace("\\right", "").strip(" \t\n\\") for part in parts]
    if not all(map(_DECIMAL.fullmatch, bare)) or not any(map(_SURELY.fullmatch, bare)):
        return []
    found: list[Located] = []
    at = offset + 1
    for part, number in zip(parts, bare, strict=True):
        begin = at + part.index(number)
        found.append(writing.cell(begin, begin + len(number), number.replace(",", ".")))
        at += len(part) + 1
    writing.note(offset, f"{bare[0]} is read as {bare[0].replace(',', '.')}, and so are all decimal commas here")
    return found


def refuse_decimal_commas(writing: Writing, offset: int, raw: str) -> None:
    """Refuse ``0,5, 0,3``, which is two numbers or four. Raises InputError."""
    parts = _COMMA_AND_BLANK.split(raw)
    if len(parts) > 1 and any("," in part for part in parts) and all(map(_WHOLE_OR_COMMA.fullmatch, parts)):
        rule = f"{quoted(cut(raw))} is {len(parts)} numbers with decimal commas, or {raw.count(',') + 1} whole numbers"
        writing.refuse(offset, f"{rule}: write decimals with a point")
