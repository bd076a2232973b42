"""The page of a misconception: its docstring taken apart. What ``hwcheck explain`` shows stands in the declaration.

::

    '''What the student did, in one sentence.

    Why it is wrong: the rule that was broken.
    How to see it: what to look at, or to try, on the sheet.
    '''
"""

from __future__ import annotations

import re
from typing import NamedTuple

from hwcheck.misconceptions.misconception import Misconception

__all__ = ["Page", "page"]

_PARTS = re.compile(r"^(Why it is wrong|How to see it):", re.MULTILINE)


class Page(NamedTuple):
    """What is to be said about a misconception: what was done, why it is wrong, and how to see it."""

    says: str
    why: str
    see: str


def page(misconception: Misconception) -> Page:
    """The page of a misconception. Raises ValueError with the part that is missing."""
    says, *parts = _PARTS.split(misconception.doc)
    texts = {key: " ".join(text.split()) for key, text in zip(parts[::2], parts[1::2], strict=True)}
    found = Page(" ".join(says.split()), texts.get("Why it is wrong", ""), texts.get("How to see it", ""))
    for part, text in zip(("what was done", "Why it is wrong", "How to see it"), found, strict=True):
        if not text.endswith("."):
            raise ValueError(f"the page of {misconception.name} has no sentence that says {part!r}")
    return found
