"""Where text of a file is handed over to the readers of arrays and of running text, and values to another process.

Text that a program printed is an array's, or a number's; the strings of a Python file and the Markdown of a notebook
are running text.
"""

from __future__ import annotations

from typing import Any

from hwcheck.errors import Fault, InputError, Location
from hwcheck.located import List, Located, Scalar
from hwcheck.submissions.array_text import ArrayText, looks_like_array, read_array_noted
from hwcheck.submissions.markdown import answers_of
from hwcheck.submissions.model import Answer
from hwcheck.submissions.plain_array import count_values, plain_array

__all__ = ["from_json", "printed_value", "running_text", "to_json"]


def printed_value(text: str, start: Location) -> ArrayText:
    """A value that a program printed: an array where it looks like one, else a number. Raises InputError."""
    if (plain := plain_array(text.rstrip(), start)) and plain.written:
        return ArrayText(plain, (), count_values(plain.written.shape))
    if looks_like_array(text):
        return read_array_noted(text, start)
    return ArrayText(Scalar(text.strip(), start.after(len(text) - len(text.lstrip()))))


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
