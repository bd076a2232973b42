"""Which of the answers that were found in running text are meant as answers.

A text speaks of much that nobody asked for: what has no name of the problem is left out, and so is a formula where
numbers are asked, or the same answer written once more. A name that is nearly one of the problem is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from hwcheck.errors import Fault
from hwcheck.limits import FAULTS
from hwcheck.located import List, Located, Scalar
from hwcheck.submissions.model import Answer
from hwcheck.submissions.names import Guesses, Names, UnknownNameError

__all__ = ["Meant", "PassedOver", "meant"]


UNKNOWN = 3  # steps of one table


class PassedOver(NamedTuple):
    """A value in a text that is no answer, though its name is near to some quantities, and how that is told.

    ``formula`` says that it is no number: a text derives much that it then answers in numbers.
    """

    note: Fault
    near: tuple[str, ...]
    formula: bool = False


class Meant(NamedTuple):
    """The answers that are meant, and what else was nearly one."""

    answers: tuple[Answer, ...]
    passed_over: tuple[PassedOver, ...]


def meant(answers: Iterable[Answer], names: Names, formulas: Collection[str], guesses: Guesses) -> Meant:
    """The answers without what is only text.

    ``formulas`` are the quantities of which a formula is asked; ``guesses`` says how many may be made at names.
    """
    passed_over: dict[str, PassedOver] = {}
    kept = tuple(_kept(answers, names, formulas, guesses, passed_over))
    return Meant(kept, tuple(passed_over.values())[:FAULTS])


def _kept(
    answers: Iterable[Answer],
    names: Names,
    formulas: Collection[str],
    guesses: Guesses,
    passed_over: dict[str, PassedOver],
) -> Iterator[Answer]:
    told: dict[object, list[str]] = {}
    for answer in _by_steps(answers, names):
        if not answer.loose:
            yield answer
            continue
        try:
            part = names.part(answer.name, guesses)
        except UnknownNameError as unknown:
            if unknown.near and not answer.formula:
                note = Fault(answer.location, f"{answer.name!r} was not taken for an answer: {unknown}")
                passed_over.setdefault(answer.name, PassedOver(note, unknown.near))
            continue
        if answer.formula and part.quantity not in formulas:
            rule = "numbers are asked, and this is a formula or a word"
            note = Fault(answer.location, f"{answer.name!r} was not taken for an answer: {rule}")
            passed_over.setdefault(answer.name, PassedOver(note, (part.quantity,), formula=True))
            continue
        written = list(_texts(answer.value))
        key = (part.quantity, str(part.index))
        if told.setdefault(key, written) is not written and told[key] == written:
            continue
        yield answer


def _by_steps(answers: Iterable[Answer], names: Names) -> Iterator[Answer]:
    """The answers, a table's column row by row where the problem has its steps, and not the whole."""
    for answer in answers:
        if answer.steps and not _is_known(names, answer.name):
            known = list(_known(answer.steps, names))
            if known:
                yield from known
                continue
        yield answer


def _known(steps: Iterable[Answer], names: Names) -> Iterator[Answer]:
    """The steps that the problem has; what follows too many unknown ones is not looked at, for each takes its time."""
    unknown = 0
    for step in steps:
        if _is_known(names, step.name):
            yield step
        elif (unknown := unknown + 1) > UNKNOWN:
            return


def _is_known(names: Names, name: str) -> bool:
    try:
        names.part(name, Guesses(0))
    except UnknownNameError:
        return False
    return True


def _texts(value: Located) -> Iterator[str]:
    """What is written in a value, its lists included. As deep as the readers of text nest."""
    if isinstance(value, Scalar):
        yield value.text
    elif isinstance(value, List):
        yield "["
        for item in value.items:
            yield from _texts(item)
        yield "]"
