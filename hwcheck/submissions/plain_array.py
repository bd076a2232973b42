"""Arrays of plain numbers, ``[[0.1, 0.2], [0.3, _]]``: found and read without a look at each of their signs.

Most arrays that are handed in are of this kind, typed or printed. What is certainly one stays text until somebody asks
for its items; whatever could be something else is left to ``submissions.brackets``, whose list this one always equals.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from hwcheck.errors import Location
from hwcheck.limits import SHORT_WAY, SUBMISSION
from hwcheck.located import List, Located
from hwcheck.located_array import shape_of
from hwcheck.submissions.brackets import read_brackets
from hwcheck.submissions.writing import Unread

__all__ = ["Closed", "count_cells", "count_values", "is_plain_array", "last_closed", "plain_array"]

_RUN = re.compile(r"\[[0-9eE+\-_., \[\]]*")
_NUMBER = r"(?:[+\-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+\-]?[0-9]+)?|_)"
_BY_COMMAS = re.compile(rf"\[[\[ \n]*{_NUMBER}(?:[\] \n]*,[\[ \n]*{_NUMBER})*[\] \n]*\]")
_BY_BLANKS = re.compile(
    rf"\[[\[ \n]*{_NUMBER}(?:(?:[ \n]+|[ \n]*\][\] \n]*(?:,[ \n]*)?\[[\[ \n]*){_NUMBER})*[\] \n]*\]"
)
_CALL = re.compile(r"(?:(?:np|numpy|torch)\.)?(?:array|tensor)\((?=\[)")
_CLOSED_CALL = re.compile(r"(?:,\s*dtype=(?:torch\.)?float(?:16|32|64))?\)")
_NO_WORDS = str.maketrans("[],", "   ")
_OPENING = ord("[")
_BUT_BRACKETS = bytes(sign for sign in range(256) if sign not in b"[]")
_ANYWHERE = Location("", 1, 1)


class _Typed(Unread):
    """An array as it was typed or printed, and what stands around it."""

    __slots__ = ()

    def words(self) -> list[str]:
        """The texts of all cells, row by row."""
        return self.cells.translate(_NO_WORDS).split()

    def items(self) -> tuple[Located, ...]:
        """The items of the outer list, with their places."""
        value = read_brackets(self.writing, 0, len(self.text))
        return value.items if isinstance(value, List) else ()


def plain_array(
    text: str, start: Location, most: int = SUBMISSION.values, *, one_place: bool = False, margin: int = 0
) -> List | None:
    """The array that a text is from its first sign, which stands at ``start``, to its last one.

    None where it is no array of plain numbers and blanks, or has more than ``most`` cells and lists. ``one_place`` and
    ``margin`` are as in ``Writing``. The time is linear in the length of the text.
    """
    begin, end = 0, len(text)
    if text[:1] != "[":
        call = _CALL.match(text)
        end = text.rfind("]") + 1
        if call is None or not _CLOSED_CALL.fullmatch(text, end):
            return None
        begin = call.end()
    array = text[begin:end]
    shape = _shape(array)
    if shape is None or count_values(shape) > most:
        return None
    place = start if one_place or not start.column else start.after(begin)
    return List(None, place, _Typed(array, shape, text, start, one_place, margin))


def is_plain_array(text: str) -> bool:
    """Whether a text is such an array."""
    return plain_array(text, _ANYWHERE) is not None


def _shape(array: str) -> tuple[int, ...] | None:
    """The shape of what stands between brackets; None where that is no such array."""
    if len(array) > SHORT_WAY:
        return None
    if _BY_COMMAS.fullmatch(array):
        if "\n" in array:
            array = array.replace("\n", " ")
        if 0 < array.count(", ") < array.count(","):
            return None  # 0,5, 0,3 may be two numbers
    elif _BY_BLANKS.fullmatch(array):
        if "\n" in array and array.count("[") == 1:
            return None  # each line may be a row
        array = " ".join(array.split()).replace("[ ", "[").replace(" ]", "]")
        array = array.replace("] ,", "],").replace(", ", ",").replace(" ", ",")
    else:
        return None
    return shape_of(array, SUBMISSION.depth)


def last_closed(text: str, begin: int, end: int) -> int:
    """Behind which place the bracket at ``begin`` is closed, if nothing is closed later in its run of signs.

    A run are the signs of such arrays on one line, in any order. 0 where another one is, or where none is closed.
    """
    run = _RUN.match(text, begin, end)
    return _last_closed(text, begin, run.end()) if run else 0


def _last_closed(text: str, begin: int, end: int) -> int:
    behind = text.rfind("]", begin, end) + 1
    depth, brackets = 0, text[begin:behind].encode().translate(None, _BUT_BRACKETS)
    for left, sign in enumerate(brackets, 1 - len(brackets)):
        depth += 1 if sign == _OPENING else -1
        if not depth:
            return 0 if left else behind
    return 0


class Closed:
    """Where brackets around numbers are closed in a text, asked for places that only grow: no run is seen twice."""

    def __init__(self, text: str, end: int) -> None:
        self._text = text
        self._end = end
        self._seen = 0

    def behind(self, begin: int) -> int:
        """Behind which place the bracket at a place is closed, as ``last_closed`` says; or 0."""
        if begin < self._seen or not (run := _RUN.match(self._text, begin, self._end)):
            return 0
        self._seen = run.end()
        return _last_closed(self._text, begin, self._seen)


def count_cells(value: Located) -> int:
    """How many scalars stand below a value. As deep as it nests."""
    if not isinstance(value, List):
        return 1
    return math.prod(value.written.shape) if value.written else sum(map(count_cells, value.items))


def count_values(shape: Sequence[int]) -> int:
    """How many cells and lists an array of a shape has."""
    values = inner = 1
    for length in shape:
        inner *= length
        values += inner
    return values
