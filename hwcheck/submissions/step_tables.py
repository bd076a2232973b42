"""Tables with a row a step: which steps its rows are, and what their cells are called one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["COUNTERS", "is_counter_head", "is_unit_head", "name_at", "step_numbers", "unit_numbers"]

COUNTERS = frozenset(
    {
        *("step", "steps", "t", "k", "n", "i", "#", "no", "nr", "epoch", "iteration", "iter", "time", "time step"),
        *("timestep", "row", "index", "sample"),
    }
)
"""What heads a column that counts the rows."""

_STEP = re.compile(
    r"[$`*\s]*(?:(?:t|k|n|i|step|time|iteration|epoch)\s?=?\s?)?(?P<number>[0-9]{1,4})[$`*\s]*", re.IGNORECASE
)
_UNIT = re.compile(r"[$`*\s]*(?:(?:unit|neuron|node)\s?)?(?P<number>[0-9]{1,4})[$`*\s]*", re.IGNORECASE)
_UNITS = frozenset({"unit", "units", "neuron", "neurons", "node", "nodes", "cell"})
_BESIDE_UNIT = frozenset({"j", "i", "k", "no", "nr", "number", "id", "index"})
_OF_STEP = re.compile(
    r"\s?(?:_\s?\{?\s?(?:t|k|n|i)\s?\}?|\^\s?\{?\s?\((?:t|k|n|i)\)\s?\}?|\[(?:t|k|n|i)\]|\((?:t|k|n|i)\))$"
)


def step_numbers(head: str, cells: Sequence[str]) -> list[int] | None:
    """The steps that a column names, or a row of heads whose first is ``head``; None where it names none.

    Numbers alone are steps where the head says so; ``t = 1`` says so itself.
    """
    found = [_STEP.fullmatch(cell) for cell in cells]
    numbers = [int(match["number"]) for match in found if match]
    if not cells or len(numbers) < len(cells) or len(set(numbers)) < len(numbers):
        return None
    spelled = all(re.search("[A-Za-z]", cell) for cell in cells)
    return numbers if spelled or is_counter_head(head) else None


def name_at(name: str, step: int) -> str:
    """What a quantity is called at a step: ``h[2]`` of h, or of ``h_t``."""
    return f"{_OF_STEP.sub('', name)}[{step}]"


def is_counter_head(head: str) -> bool:
    """Whether a column's head says that it counts the rows."""
    words = head.casefold().replace("$", " ").strip("*`:. ")
    return words in COUNTERS or (len(words) <= 40 and bool(words) and all(word in COUNTERS for word in words.split()))


def is_unit_head(head: str) -> bool:
    """Whether a column's head says that it names the units of a network: ``Unit $j$``."""
    words = re.findall(r"[^\W\d_]+", head.casefold())
    return bool(_UNITS & set(words)) and set(words) <= _UNITS | _BESIDE_UNIT


def unit_numbers(head: str, cells: Sequence[str]) -> list[int] | None:
    """The units that a column names, ``4`` and ``unit 5``; None where it names none, or may only count the rows.

    A column without a head names units where its numbers do not count from 0 or 1.
    """
    found = [_UNIT.fullmatch(cell) for cell in cells]
    numbers = [int(match["number"]) for match in found if match]
    if len(numbers) < 2 or len(numbers) < len(cells) or len(set(numbers)) < len(numbers):
        return None
    counts = numbers in (list(range(len(numbers))), list(range(1, len(numbers) + 1)))
    named = is_unit_head(head) or head.strip("$*`: ").casefold() in ("", "j")
    return numbers if named and not counts else None
