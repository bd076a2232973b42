"""Texts that are nearly YAML or JSON, mended where only one thing can have been meant.

The strict reader says no first. Then a text is mended: edits, each with what it takes for what. The strict reader reads
what came of it, so that nothing is taken that it would not take, and every place is put back to where it stands in the
file. What is still not sound keeps its first fault. No edit takes away or puts in a line end.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from hwcheck.errors import Fault, InputError, Location
from hwcheck.limits import FAULTS
from hwcheck.located import List, Located, Map, Scalar

__all__ = ["Edit", "Mended", "read_mended"]


class Edit(NamedTuple):
    """What stands from ``begin`` to ``end`` of a text is read as ``new``; ``message`` tells it, or nothing does."""

    begin: int
    end: int
    new: str
    message: str = ""


class Mended(NamedTuple):
    """The tree of a mended text, with the places of the file, and what was taken for what."""

    root: Located
    notes: tuple[Fault, ...]


def read_mended(
    text: str, file: str, edits: Sequence[Edit] | None, read: Callable[[str], Located | None]
) -> Mended | None:
    """The tree that ``read`` makes of the text after the edits, which are in order and never overlap.

    None where there is nothing to mend (``edits`` is None where a text is in doubt), or where it is no good after all.
    """
    if not edits:
        return None
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : edit.begin], edit.new]
        at = edit.end
    try:
        root = read("".join([*parts, text[at:]]))
    except InputError:
        return None
    if root is None:
        return None
    lines = _lines(text)
    shifts = _Shifts(edits, lines)
    return Mended(shifts.tree(root) if shifts.any else root, tuple(_notes(edits, lines, file)))


def _lines(text: str) -> list[int]:
    """Where each line begins."""
    begins, at = [0], text.find("\n")
    while at >= 0:
        begins.append(at + 1)
        at = text.find("\n", at + 1)
    return begins


def _notes(edits: Iterable[Edit], lines: Sequence[int], file: str) -> Iterable[Fault]:
    """One note of each kind, at the first place."""
    first: dict[str, int] = {}
    count: dict[str, int] = {}
    for edit in edits:
        if edit.message:
            first.setdefault(edit.message, edit.begin)
            count[edit.message] = count.get(edit.message, 0) + 1
    for message, begin in list(first.items())[:FAULTS]:
        line = bisect_right(lines, begin)
        more = f", {count[message]} times in all" if count[message] > 1 else ""
        yield Fault(Location(file, line, begin - lines[line - 1] + 1), message + more)


class _Shifts:
    """By how much the columns of a line are moved behind its edits."""

    def __init__(self, edits: Sequence[Edit], lines: Sequence[int]) -> None:
        self.of_line: dict[int, tuple[list[int], list[int]]] = {}
        for edit in edits:
            more = len(edit.new) - (edit.end - edit.begin)
            if not more:
                continue
            line = bisect_right(lines, edit.begin)
            columns, moved = self.of_line.setdefault(line, ([], []))
            before = moved[-1] if moved else 0
            columns.append(edit.begin - lines[line - 1] + 1 + before + max(more, 0))
            moved.append(before + more)
        self.any = bool(self.of_line)

    def place(self, place: Location) -> Location:
        """A place of the mended text, in the file."""
        found = self.of_line.get(place.line)
        if found is None:
            return place
        columns, moved = found
        passed = bisect_right(columns, place.column)
        return place._replace(column=max(place.column - moved[passed - 1], 1)) if passed else place

    def tree(self, value: Located) -> Located:
        """The tree with the places of the file. As deep as it nests."""
        place = self.place(value.location)
        if isinstance(value, Scalar):
            return value._replace(location=place)
        if isinstance(value, List):
            return List(tuple(map(self.tree, value.items)), place)
        return Map(
            tuple((key._replace(location=self.place(key.location)), self.tree(at)) for key, at in value.entries), place
        )
