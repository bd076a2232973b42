"""Templates filled in, by a program or in the styles of a person: the same texts for the same chance."""

from __future__ import annotations

import random
import re

__all__ = ["filled", "number"]

_BLANK = re.compile(r"(?<=[\[ ])_(?=[,\]\n])")
_LIST = re.compile(r"^(  [^\n:]+:) (\[\[?.+\])$", re.MULTILINE)


def number(chance: random.Random, style: str) -> str:
    """A number as a program prints it (``program``), rounded as homework asks (``rounded``), or as typed (``hand``)."""
    value = chance.gauss(0, 1) * 10 ** chance.choice((0, 0, 0, 0, 1, -2, -5))
    if style == "program":
        return repr(value)
    if style == "rounded" or chance.random() < 0.8:
        return f"{value:.{chance.choice((3, 3, 4))}f}"
    choices = (
        f"{value:.2e}",
        f"{value:.2f}".replace("0.", "."),
        f"{round(value)}.",
        f"{round(value)}",
        "1e-05",
        "+0.5",
    )
    return chance.choice(choices)


def filled(template: str, chance: random.Random, style: str) -> str:
    """A template with a number in the place of every blank but the student's; ``hand`` leaves some open and adds more.

    What a person adds: comments, lists over several lines, lists of dashes.
    """
    head, answers, body = template.partition("answers:\n")

    def _number(_: re.Match[str]) -> str:
        return "_" if style == "hand" and chance.random() < 0.02 else number(chance, style)

    body = _BLANK.sub(_number, body)
    if style == "hand":
        body = _LIST.sub(lambda found: _by_hand(found[1], found[2], chance), body)
    name = chance.choice(("ada", "Grace Hopper", '"Emmy N."', "'0042'"))
    return head.replace("student: _", f"student: {name}") + answers + body


def _by_hand(name: str, array: str, chance: random.Random) -> str:
    """An answer between brackets in another form."""
    form = chance.randrange(6)
    if form == 0:
        return f"{name} {array}   # checked"
    if form == 1 and array.startswith("[["):
        return f"{name} {array.replace('], [', '],' + chr(10) + '        [')}"
    if form == 2 and array.startswith("[["):
        return f"{name}\n    {array.replace('], [', '],  # a row' + chr(10) + '     [')}"
    if form == 3 and array.count("[") == 1:
        return "\n".join([name, *(f"    - {item}" for item in array[1:-1].split(", "))])
    if form == 4:
        return f"{name} {array.replace(', ', ',')}"
    return f"{name} {array}"
