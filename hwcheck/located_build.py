"""What the readers of YAML and JSON share: containers while they are open, and the rules for the keys of a mapping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from reprlib import repr as shown  # a word of a file in a message: escaped, and cut where it is long
from typing import NamedTuple

from hwcheck.errors import Fault, InputError, Location
from hwcheck.limits import FAULTS, Limits
from hwcheck.located import List, Located, Map, Scalar

__all__ = ["Open", "closed", "first_faults", "raise_all", "shown", "too_deep", "too_many"]


class Open(NamedTuple):
    """A container whose end has not been read yet."""

    mapping: bool
    flow: bool
    """Written between brackets."""
    location: Location
    outer: list[Located]
    """What the container around it holds so far."""


def closed(container: Open, items: list[Located], faults: list[Fault]) -> Located:
    """The container with its items, which in a mapping are keys and values in turn; bad keys go to ``faults``."""
    if not container.mapping:
        return List(tuple(items), container.location)
    return Map(tuple(_sound_entries(items, container.flow, faults)), container.location)


def _sound_entries(items: list[Located], flow: bool, faults: list[Fault]) -> Iterator[tuple[Scalar, Located]]:
    """The entries of a mapping whose keys are sound. A key without its value (the file broke off) is left out."""
    lines: dict[str, int] = {}
    alternating = iter(items)
    for key, value in zip(alternating, alternating, strict=False):
        if not isinstance(key, Scalar):
            faults.append(Fault(key.location, "a name must be one word or text, not a list or a mapping"))
            continue
        text = key.text
        if text in lines:
            faults.append(Fault(key.location, _twice(text, lines[text])))
            continue
        lines[text] = key.location.line
        if not key.quoted and (message := _bad_plain_key(text, flow, value)):
            faults.append(Fault(key.location, message))
            continue
        yield key, value


def _twice(text: str, line: int) -> str:
    return f"the name {shown(text)} stands twice: first on line {line}; delete or rename one of them"


def _bad_plain_key(text: str, flow: bool, value: Located) -> str:
    """What is wrong with a key that is not in quotes, if anything is."""
    if not text:
        return "a name is missing before the colon; put a '?' that stands alone in quotes"
    if text == "<<":
        return "merge keys ('<<') are not read; write the entries out"
    if flow and ":" in text and isinstance(value, Scalar) and not (value.text or value.quoted):
        name, _, rest = text.partition(":")
        return f"a space is missing after the colon; write {shown(f'{name}: {rest}')}"
    return ""


def raise_all(faults: Sequence[Fault]) -> None:
    """Raise the faults of a file, in the order of their places; nothing happens where there are none."""
    if not faults:
        return
    raise InputError(first_faults(faults))


def first_faults(faults: Sequence[Fault]) -> list[Fault]:
    """The faults of a file in the order of their places, and beyond as many as are told only their number."""
    told = sorted(faults)
    if len(told) > FAULTS:
        told[FAULTS:] = [Fault(Location(told[0].location.file), f"and {len(told) - FAULTS:,} more faults")]
    return told


def too_deep(location: Location, limits: Limits) -> Fault:
    """The fault of the list or mapping that stands inside too many others."""
    return Fault(location, f"lists and mappings stand more than {limits.depth} deep; check for brackets left open")


def too_many(location: Location, limits: Limits) -> Fault:
    """The fault of the value that is one too many."""
    return Fault(location, f"the file holds more than {limits.values:,} values; at most so many are read")
