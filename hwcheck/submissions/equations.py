r"""Which sides of an equation are names, and which one is its value.

``net = w x + b = 0.3`` names 0.3 by its first side, ``\delta = \nabla_{net} E = 0.3`` by both before the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hwcheck.errors import quoted
from hwcheck.limits import LABEL, SIDES
from hwcheck.submissions.beginnings import NUMBER, NUMBER_START
from hwcheck.submissions.labels import Name, clean_label, is_name, is_term, name_in
from hwcheck.submissions.loose_values import is_numberish, trimmed
from hwcheck.submissions.notes import Note
from hwcheck.submissions.numbers import cut
from hwcheck.submissions.places import Places
from hwcheck.submissions.typeset import Chain, Side

__all__ = [
    "first_of",
    "forward",
    "further_names",
    "is_checked",
    "is_empty",
    "is_prose",
    "name_of",
    "names_in",
    "products",
    "subject_of",
    "term_of",
    "value_of",
]

_NUMBERS = re.compile(rf"(?:\\left\s?)?[\[(]*\s*{NUMBER_START}")
_RELATION = re.compile(r"[=≈≔]|\\(?:approx|simeq)")
_WORD = re.compile(r"[^\W\d_]{3,}")  # of the language: 0.45 = old
_BRACKETS = re.compile(
    r"\s*(?:\\left\s?)?(?:[\[(]|\\begin\s?\{[A-Za-z]{0,9}(?:matrix|array)\}(?:\{[^{}]{0,30}\})?)(?P<inner>[^()=\[\]]{3,}?)"
    r"(?:[\])]|\\end\s?\{[A-Za-z]{0,9}(?:matrix|array)\})(?:\^(?:T|\\top|\{(?:T|\\top)\}))?\s*"
)
_BETWEEN = re.compile(r"\\\\|[&,;]|\\q?quad(?![A-Za-z])")
_COMPARES = re.compile(r"\b(?:check\w*|verif\w*|pytorch|numpy|compar\w*|expected|target|old|previous)\b", re.IGNORECASE)
_PRODUCT = re.compile(rf"[ \t]*{NUMBER}[ \t]+[^\W\d]\w{{0,30}}[ \t]*")


def first_of(text: str, side: Side) -> int:
    """Where the first sign of a side stands that is no white space."""
    part = text[side.begin : side.end]
    return side.begin + len(part) - len(part.lstrip())


def is_empty(text: str, side: Side) -> bool:
    """Whether nothing stands on a side."""
    return not text[side.begin : side.end].strip(" \t\n.,;&$*`\\")


def forward(text: str, chain: Chain) -> Chain:
    """An equation with its value last: ``0.47 = O6`` is written the other way round."""
    if len(chain.sides) < 2 or chain.goes_on:
        return chain
    *before, value, name = chain.sides
    label = clean_label(text[name.begin : name.end])
    if not is_name(label) or _WORD.fullmatch(label) or not _RELATION.search(text, value.end, name.begin):
        return chain
    begin, end = trimmed(text, *value)
    is_value = end - begin <= 4 * LABEL and _NUMBERS.match(text, begin, end) and is_numberish(text[begin:end])
    return Chain((*before, name, Side(begin, value.end))) if is_value else chain


def value_of(text: str, chain: Chain) -> Side | None:
    """The last side in which something stands, of the last few."""
    for side in reversed(chain.sides if len(chain.sides) == 1 else chain.sides[1:][-SIDES:]):
        begin, end = trimmed(text, *side)
        if begin < end:
            return side
    return None


def name_of(text: str, chain: Chain) -> Name | None:
    """The first side of an equation that is a name; in ``Note: x = 3`` it is the x."""
    names = []
    for side in chain.sides[: min(len(chain.sides) - 1, SIDES)]:
        label = name_in(clean_label(text[side.begin : side.end]))
        names.append(Name(label, first_of(text, side)) if is_name(label) else None)
    titled = len(names) > 1 and ":" in text[chain.sides[0].end : chain.sides[1].begin]
    if titled and names[1] is not None:
        return names[1]
    return next((name for name in names if name is not None), None)


def term_of(text: str, chain: Chain) -> Name | None:
    """The first side where it is a sum or a product of names: a problem may ask for ``a + b``, or have ``A X``."""
    label = clean_label(text[chain.sides[0].begin : chain.sides[0].end])
    return Name(label, first_of(text, chain.sides[0])) if is_term(label) else None


def subject_of(text: str, chain: Chain) -> Side:
    """The side whose last word may be a name: in ``Question 1: the input I6 = 3`` the second."""
    return chain.sides[1] if len(chain.sides) > 2 and _is_titled(text, chain) else chain.sides[0]


def is_checked(text: str, chain: Chain) -> bool:
    """Whether an equation only compares: ``Check with PyTorch: O6 = 0.474``."""
    title = text[chain.sides[0].begin : chain.sides[0].end] if _is_titled(text, chain) else ""
    return len(title) <= LABEL and _COMPARES.search(title) is not None


def _is_titled(text: str, chain: Chain) -> bool:
    return len(chain.sides) > 2 and ":" in text[chain.sides[0].end : chain.sides[1].begin]


def further_names(text: str, chain: Chain, first: Name) -> Iterator[Name]:
    r"""The names that an equation gives its value besides the first: ``\\delta_o = \\nabla_{net_o} E = 0.3``."""
    if ":" in text[chain.sides[0].end : chain.sides[1].begin]:
        return
    for side in chain.sides[1:-1][:2]:
        label = clean_label(text[side.begin : side.end])
        if label != first.text and is_name(label):
            yield Name(label, first_of(text, side))


def names_in(text: str, chain: Chain) -> list[Name]:
    r"""The names in the brackets on the first side: ``(I_4, I_5) = (-0.7, 0.1)``, or the same as matrices."""
    side = chain.sides[0]
    found = _BRACKETS.fullmatch(text, *side) if side.end - side.begin <= 20 * LABEL else None
    if found is None or len(chain.sides) > SIDES:
        return []
    names, at = [], found.start("inner")
    for gap in (*_BETWEEN.finditer(text, at, found.end("inner")), None):
        end = gap.start() if gap else found.end("inner")
        if text[at:end].strip() or gap:
            names.append(Name(clean_label(text[at:end]), first_of(text, Side(at, end))))
        at = gap.end() if gap else end
    return names if len(names) > 1 and all(is_name(name.text) for name in names) else []


def products(plain: str, chain: Chain, places: Places) -> Iterator[Note]:
    """What may have been meant for the end of one equation and the name of the next: ``a = 0.7 b = 0.1``."""
    for side in chain.sides[1:-1][:SIDES]:
        if _PRODUCT.fullmatch(plain, *side):
            written = cut(plain[side.begin : side.end].strip())
            rule = f"{quoted(written)} is taken for a product; where it ends one equation and begins the next"
            yield Note(places.at(first_of(plain, side)), f"{rule}, write a comma between them")


def is_prose(plain: str, chain: Chain, value: Side) -> bool:
    """Whether words stand behind a colon where a formula could stand."""
    text = plain[value.begin : value.end]
    words = re.findall(r"(?<![\\\w])[^\W\d_]{2,}(?![\w(])", text)
    return (":" in plain[chain.sides[0].end : value.begin] and len(words) >= 2) or len(words) > 6
