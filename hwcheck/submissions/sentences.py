r"""Equations that stand in sentences: ``Hence the input is I6 = -0.105, and the output is O6 = 0.474``.

A sentence speaks of much besides answers: of what would be otherwise, of what was given. What is found here is marked
as said in passing (``Answer.aside``), and counts only where the sheet gives no other answer to that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from hwcheck.limits import SIDES
from hwcheck.submissions.beginnings import NUMBER
from hwcheck.submissions.labels import Name, clean_label, is_name
from hwcheck.submissions.typeset import Chain, Side

__all__ = [
    "DENIES",
    "OTHERWISE",
    "ends_at",
    "hangs",
    "in_prose",
    "is_rejected",
    "is_supposed",
    "said_name",
    "sentences",
]

_WIDTH = 200  # characters before a name, and behind a value, that say how it is meant
# A value, and words that lead to the next name: (-0.7, 0.1). Their outputs are O
_NEXT = re.compile(
    rf"\s*(?:{NUMBER}|[\[(][\[\]()\d.,;eE+\-−\s]{{1,2000}}[\])])"
    r"(?P<gap>[\s.,;:]+(?:[^\W\d_][\w'’\-]{0,30}[\s.,;:]+){1,12}?)[^\s\d.,;:]\S{0,60}\s*"
)
# A value at the end of its sentence, or of its half of it: [0.85, 0.48]. The prediction is 0.191
_BEHIND = (
    r"(?:[.,;]\s+(?:[^\W\d_]{2}|i\.e)"
    r"|[.,;]?\s+(?:and|so|which|in|as|for|with|since|because|hence|therefore|thus|when|where)\b)"
)
_ENDED = re.compile(rf"\s*(?:{NUMBER}|[\[(][\[\]()\d.,;eE+\-−\s]{{1,2000}}[\])])(?={_BEHIND})")
_GOES_ON = re.compile(_BEHIND)
DENIES = re.compile(
    r"\b(?:if|suppose|supposing|assum(?:e|ing)|would|were|had|should|could|instead|unless|otherwise|without|not|never"
    r"|before|mistake\w*|wrong|incorrect|impossible|doubt\w*|wenn|nicht|sonst|falsch|falls|sinon|faux|incorrecto|sbagliato"
    r"|(?:do|does|did|is|was|wo|ca)n['’]t)\b",
    re.IGNORECASE,
)
"""Words of a sentence that speaks of what is not."""

_OF_OTHER = (
    r"\b(?:given|initial\w*|old|previous|target|expected|wrong\w*|new|updated?|gradients?|derivatives?|grad|respect|changes?"
    r"|delta|check\w*|pytorch|numpy|rate|than|between|example|e\.g)\b"
)
OTHERWISE = re.compile(_OF_OTHER, re.IGNORECASE)
"""Words of a sentence that speaks of something else of a name: its gradient, what it was before."""

_OTHER = re.compile(rf"{_OF_OTHER}(?:\W+\w+){{0,3}}\W*$", re.IGNORECASE)  # close before a name
_WORD = re.compile(r"[^\W\d_]{3,}|[Aa]")  # a word of the language, where a name was looked for
_LEADS = re.compile(r"(?<![^\W\d_])[^\W\d_]+[ ,]{1,9}[^\W\d_]{2,}[ ;]{1,9}$")
_HANGS = re.compile(
    r"(?:(?<!value)(?<!values)[ ]of|(?<!arrive)[ ]at|respect to|[ ](?:than|between|minus|plus|times))[ \t]*\n[ \t]*\Z",
    re.IGNORECASE,
)
_REJECTS = re.compile(
    rf"\s*{NUMBER}[ ,]+(?:(?:which|that|this|but)[ ]){{0,2}}(?:is|was|would[ ]be|must[ ]be|cannot[ ]be|can't[ ]be)[ ]"
    r"(?:(?:clearly|obviously|surely|of[ ]course)[ ])?(?:wrong|incorrect|false|impossible|not[ ](?:right|correct|true))"
)
_SENTENCE = re.compile(r"[.!?;](?:\s|$)|\n")


def sentences(text: str, chains: Iterable[Chain]) -> Iterator[Chain]:
    """The chains of a line, each cut where words lead from the value of one equation to the name of the next."""
    for chain in chains:
        if len(chain.sides) > SIDES:
            yield chain
            continue
        sides: list[Side] = []
        goes_on = chain.goes_on
        for number, side in enumerate(chain.sides):
            inner = 0 < number < len(chain.sides) - 1
            if number and not inner and (ended := _ENDED.match(text, side.begin, side.end)):
                side = Side(side.begin, ended.end())
            found = _NEXT.fullmatch(text, side.begin, side.end) if inner else None
            if found is None:
                sides.append(side)
                continue
            yield Chain((*sides, Side(side.begin, found.start("gap"))), goes_on)
            sides, goes_on = [Side(found.start("gap"), side.end)], False
        yield Chain(tuple(sides), goes_on)


def said_name(text: str, side: Side) -> Name | None:
    """The name at the end of the words before an equation, and where it stands; None where they say otherwise."""
    before = text[max(side.begin, side.end - _WIDTH) : side.end].rstrip()
    name = before[len(before.rstrip()) :] or before.rpartition(" ")[2].rpartition("\n")[2]
    words = before[: len(before) - len(name)]
    label = clean_label(name)
    if not words.strip() or not is_name(label) or _WORD.fullmatch(label) or label.count("{") != label.count("}"):
        return None
    clause = _SENTENCE.split(words)[-1]
    if re.search(r"new|['′+]", label):
        clause = re.sub(r"\b(?:new|updated)\b", "", clause)
    if not re.search(r"[^\W\d_]{2}", words) or _is_of_other(clause):
        return None
    return Name(label, side.begin + len(text[side.begin : side.end].rstrip()) - len(name))


def in_prose(text: str, at: int) -> bool | None:
    """Whether words of a sentence lead to a name at a place of a line; None where they say that it is not so."""
    before = text[max(text.rfind("\n", 0, at) + 1, at - _WIDTH) : at]
    if not before.strip() and hangs(text, at - len(before)):
        return None
    if not _LEADS.search(before):
        return False
    return None if _is_of_other(_SENTENCE.split(before.replace(";", " "))[-1]) else True


def hangs(text: str, line: int) -> bool:
    """Whether the line above ends in words that make what follows of something else: ``the error of``."""
    return _HANGS.search(text, max(0, line - 40), line) is not None


def _is_of_other(clause: str) -> bool:
    """Whether the words before a name say that what follows is not so, or not of that name."""
    return DENIES.search(clause) is not None or _OTHER.search(clause) is not None


def ends_at(text: str, begin: int, end: int) -> bool:
    """Whether a sentence goes on behind a value, with another equation."""
    return _GOES_ON.match(text, begin, end) is not None and re.search(r"[=≔]", text[begin:end]) is not None


def is_rejected(text: str, begin: int) -> bool:
    """Whether a sentence says of the value at a place that it is wrong: ``O6 = 0.5 is wrong``."""
    return _REJECTS.match(text, begin, begin + _WIDTH) is not None


def is_supposed(text: str, begin: int) -> bool:
    """Whether the rest of a sentence, from the end of a value on, says that this is not so."""
    line = text.find("\n", begin)
    rest = text[begin : min(len(text) if line < 0 else line, begin + _WIDTH)]
    return DENIES.search(_SENTENCE.split(rest)[0]) is not None
