"""Where text of a file is handed over to the readers of arrays and of running text.

Text that a program printed is an array's, or a number's; the strings of a Python file and the Markdown of a notebook
are running text.
"""

from __future__ import annotations

from hwcheck.errors import Fault, InputError, Location
from hwcheck.located import Scalar
from hwcheck.submissions.array_text import ArrayText, looks_like_array, read_array_noted
from hwcheck.submissions.markdown import answers_of
from hwcheck.submissions.model import Answer
from hwcheck.submissions.plain_array import count_values, plain_array

__all__ = ["printed_value", "running_text"]


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
