"""Which of the answers that were found in running text are meant as answers.

A text speaks of much that nobody asked for: what has no name of the problem is left out, and so is a formula where
numbers are asked, or the same answer written once more. A name that is nearly one of the problem is told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from hwcheck.errors import Fault, quoted
from hwcheck.grading.step_columns import misfit
from hwcheck.limits import FAULTS
from hwcheck.located import List, Located, Scalar
from hwcheck.submissions.entries import Index
from hwcheck.submissions.model import Answer
from hwcheck.submissions.names import Guesses, Names, UnknownNameError
from hwcheck.submissions.spellings import CALLED_LOSS, folded

_LONGEST_LOSS = max(map(len, CALLED_LOSS))
_SUM = re.compile(r"\s[+\-−]\s")  # of names: it is near to one of them in letters alone

__all__ = ["Meant", "PassedOver", "meant"]


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


def meant(
    answers: Collection[Answer],
    names: Names,
    formulas: Collection[str],
    guesses: Guesses,
    arrays: Collection[str] = (),
) -> Meant:
    """The answers without what is only text.

    ``formulas`` are the quantities of which a formula is asked, ``arrays`` those that hold several numbers; ``guesses``
    says how many may be made at names.
    """
    passed_over: dict[str, PassedOver] = {}
    kept = tuple(_kept(answers, names, formulas, guesses, arrays, passed_over))
    return Meant(kept, tuple(passed_over.values())[:FAULTS])


def _kept(
    answers: Collection[Answer],
    names: Names,
    formulas: Collection[str],
    guesses: Guesses,
    arrays: Collection[str],
    passed_over: dict[str, PassedOver],
) -> Iterator[Answer]:
    told: dict[object, list[str]] = {}
    called = _losses_by_name(answers, names)
    for answer in _without_asides(answers, names, passed_over):
        if unfit := misfit(answer, names):
            passed_over.setdefault(answer.name, _passed_over(answer, *unfit))
            continue
        if not answer.loose:
            yield answer
            continue
        if own := called.get(answer.name):
            rule = f"{own} is answered by its own name too: a sheet may speak of another loss"
            passed_over.setdefault(answer.name, _passed_over(answer, rule, (own,)))
            continue
        try:
            part = names.part(answer.name, guesses)
        except UnknownNameError as unknown:
            if unknown.near and not (answer.formula or _SUM.search(answer.name)):
                passed_over.setdefault(answer.name, _passed_over(answer, str(unknown), unknown.near))
            continue
        if answer.formula and part.quantity not in formulas:
            rule = "numbers are asked, and this is a formula or a word"
            passed_over.setdefault(answer.name, _passed_over(answer, rule, (part.quantity,), formula=True))
            continue
        if part.quantity in arrays and not part.index and _is_small(answer, part.quantity):
            rule = f"{part.quantity} holds several numbers, and this is one of a name in small letters"
            passed_over.setdefault(answer.name, _passed_over(answer, rule, (part.quantity,)))
            continue
        written = list(_texts(answer.value))
        key = (part.quantity, str(part.index))
        if told.setdefault(key, written) is not written and told[key] == written:
            continue
        yield answer


def _passed_over(answer: Answer, why: str, near: tuple[str, ...], *, formula: bool = False) -> PassedOver:
    note = Fault(answer.location, f"{quoted(answer.name)} was not taken for an answer: {why}")
    return PassedOver(note, near, formula)


def _without_asides(answers: Collection[Answer], names: Names, passed_over: dict[str, PassedOver]) -> Iterator[Answer]:
    """The answers without what is said in passing of a name that is answered elsewhere, or said in two ways."""
    asides = [answer for answer in answers if answer.aside]
    if not asides:
        yield from answers
        return
    taken: dict[str, set[str]] = {}  # the indices as texts: a slice cannot be in a set
    said: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for answer in answers:
        part = names.known(answer.name)
        if part is None:
            continue
        if answer.aside:
            said.setdefault((part.quantity, str(part.index)), set()).add(tuple(_texts(answer.value)))
        elif not answer.formula:
            taken.setdefault(part.quantity, set()).add(str(part.index))
    for answer in answers:
        part = names.known(answer.name) if answer.aside else None
        if not answer.aside:
            yield answer
        elif part is not None and not _overlaps(part.index, taken.get(part.quantity, set())):
            if len(said[part.quantity, str(part.index)]) > 1:
                rule = "a sentence gives it, and another one gives something else: write it on a line of its own"
                passed_over.setdefault(answer.name, _passed_over(answer, rule, (part.quantity,)))
            else:
                yield answer


def _losses_by_name(answers: Iterable[Answer], names: Names) -> dict[str, str]:
    """What stands for the loss in words, though the sheet answers it by its own name as well: the loss of each name."""
    words: dict[str, str] = {}
    own: set[str] = set()
    for answer in answers:
        key = folded(answer.name)
        if answer.formula or answer.aside or not answer.loose or len(key) > _LONGEST_LOSS:
            continue
        part = names.known(answer.name)
        if part is not None and key == folded(part.quantity):
            own.add(part.quantity)
        elif part is not None and key in CALLED_LOSS:
            words[answer.name] = part.quantity
    return {name: loss for name, loss in words.items() if loss in own}


def _overlaps(index: Index, others: set[str]) -> bool:
    """Whether an entry, or the whole, is among the parts that are answered."""
    return bool(others) and (not index or str(index) in others or str(()) in others)


def _is_small(answer: Answer, quantity: str) -> bool:
    """Whether a single number stands under a name that is the quantity's but for small letters: w1 is no W1."""
    written, asked = folded(answer.name), folded(quantity)
    return isinstance(answer.value, Scalar) and written != asked and written.casefold() == asked.casefold()


def _texts(value: Located) -> Iterator[str]:
    """What is written in a value, its lists included. As deep as the readers of text nest."""
    if isinstance(value, Scalar):
        yield value.text
    elif isinstance(value, List):
        yield "["
        for item in value.items:
            yield from _texts(item)
        yield "]"
