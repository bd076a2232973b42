"""Which of the answers that were found in running text are meant as answers.

A text speaks of much that nobody asked for: what has no name of the problem is left out, and so is a formula where
numbers are asked, or the same answer written once more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from hwcheck.located import List, Located, Scalar
from hwcheck.submissions.model import Answer
from hwcheck.submissions.names import Names, UnknownNameError

__all__ = ["meant"]


def meant(answers: Iterable[Answer], names: Names, formulas: Collection[str]) -> Iterator[Answer]:
    """The answers without what is only text. ``formulas`` are the quantities of which a formula is asked."""
    told: dict[object, list[str]] = {}
    for answer in answers:
        if not answer.loose:
            yield answer
            continue
        try:
            part = names.part(answer.name)
        except UnknownNameError:
            continue
        if answer.formula and part.quantity not in formulas:
            continue
        written = list(_texts(answer.value))
        key = (part.quantity, str(part.index))
        if told.setdefault(key, written) is not written and told[key] == written:
            continue
        yield answer


def _texts(value: Located) -> Iterator[str]:
    """What is written in a value, its lists included. As deep as the readers of text nest."""
    if isinstance(value, Scalar):
        yield value.text
    elif isinstance(value, List):
        yield "["
        for item in value.items:
            yield from _texts(item)
        yield "]"
