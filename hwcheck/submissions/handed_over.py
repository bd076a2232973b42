"""Where text of a file is handed over to the readers of arrays and of running text, and values to another process.

Text that a program printed is an array's, or a number's; the strings of a Python file and the Markdown of a notebook
are running text.
"""

from __future__ import annotations

import re
from typing import Any

from hwcheck.errors import Fault, InputError, Location
from hwcheck.located import List, Located, Scalar
from hwcheck.submissions.array_text import looks_like_array, read_array
from hwcheck.submissions.markdown import answers_of
from hwcheck.submissions.model import Answer

__all__ = ["from_json", "printed_value", "running_text", "to_json"]

_SCALAR = re.compile(r"\b(?:np\.|numpy\.)?(?:float|int)(?:8|16|32|64)\(([^()\n]{1,40})\)")


def printed_value(text: str, start: Location) -> Located:
    """A value that a program printed: an array where it looks like one, else a number. Raises InputError."""
    text = _SCALAR.sub(_unwrapped, text)
    if looks_like_array(text):
        return read_array(text, start)
    return Scalar(text.strip(), start.after(len(text) - len(text.lstrip())))


def _unwrapped(found: re.Match[str]) -> str:
    """A number without the type that NumPy 2 prints around it; it keeps its column."""
    return " " * (found.start(1) - found.start()) + found[1] + " "


def running_text(text: str, start: Location, faults: list[Fault]) -> list[Answer]:
    """The answers in Markdown or LaTeX. What cannot be read goes to ``faults`` and costs this text only."""
    try:
        return answers_of(text, start)
    except InputError as error:
        faults += error.faults
        return []


def to_json(value: Located) -> list[Any]:
    """A value of scalars and lists as JSON can hold it. As deep as the value nests."""
    if isinstance(value, Scalar):
        return [value.text, *value.location[1:], value.quoted]
    if isinstance(value, List):
        return [list(map(to_json, value.items)), *value.location[1:]]
    raise InputError.at(value.location, "numbers belong here, not a mapping")


def from_json(value: Any, file: str) -> Located:
    """What ``to_json`` was given."""
    content, line, column, *quoted = value
    place = Location(file, line, column)
    if isinstance(content, str):
        return Scalar(content, place, bool(quoted[0]))
    return List(tuple(from_json(item, file) for item in content), place)
