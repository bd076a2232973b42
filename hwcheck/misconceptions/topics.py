"""What can be explained beside the ops: misconceptions, slips, faults of formulas, verdicts, each with its page."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from hwcheck.misconceptions.catalogue import misconceptions
from hwcheck.misconceptions.misconception import Misconception
from hwcheck.misconceptions.page import Page, page
from hwcheck.misconceptions.written_pages import FORMULA_PAGES, SLIP_PAGES, VERDICT_PAGES

__all__ = ["KINDS", "Section", "Topic", "sections", "topic", "topic_names"]

# The kinds of topics, in the order of a list of all; and what the parts of their pages are called.
KINDS: Mapping[str, tuple[str, str]] = {
    "misconception": ("Why it is wrong", "How to see it"),
    "slip": ("How it comes about", "How to see it"),
    "formula": ("Why it is wrong", "How to see it"),
    "verdict": ("When it is given", "Points"),
}
PAGES: Mapping[str, Mapping[str, Page]] = {"slip": SLIP_PAGES, "formula": FORMULA_PAGES, "verdict": VERDICT_PAGES}
# Where a misconception is looked for, by what it is of; {ops} are those that it speaks of.
WHERE = {
    "value": "in the lines of the network, in {ops}.",
    "gradient": "on the way back, in what {ops} sends on to its inputs.",
    "quantity": "in each value and each gradient, taken as a whole.",
}
SLIP_WHERE = "in answers of which most entries are right, and in single numbers."


class Topic(NamedTuple):
    """One thing to explain: ``parts`` are paragraphs with their titles.

    ``of`` and ``ops`` are those of a misconception, and empty for any other kind.
    """

    name: str
    kind: str
    says: str
    parts: tuple[tuple[str, str], ...]
    of: str = ""
    ops: tuple[str, ...] = ()


class Section(NamedTuple):
    """Topics of one kind that belong together; misconceptions by family, which is their module."""

    kind: str
    family: str
    title: str
    topics: tuple[Topic, ...]


def topic_names() -> Iterator[str]:
    """The names of all topics, the misconceptions first."""
    yield from misconceptions()
    for pages in PAGES.values():
        yield from pages


def topic(name: str) -> Topic | None:
    """The topic of this name; blanks and underscores in it count as hyphens. None where there is none."""
    spelled = _spelled(name)
    known = {_spelled(found): found for found in topic_names()}
    if spelled not in known:
        return None
    name = known[spelled]
    if name in misconceptions():
        return _of_misconception(misconceptions()[name])
    return next(_of_page(kind, name, pages[name]) for kind, pages in PAGES.items() if name in pages)


def sections(kind: str) -> Iterator[Section]:
    """The topics of a kind, in the order in which they are declared."""
    if kind != "misconception":
        pages = PAGES[kind]
        yield Section(kind, "", "", tuple(_of_page(kind, name, found) for name, found in pages.items()))
        return
    families: dict[str, list[Topic]] = {}
    for found in misconceptions().values():
        families.setdefault(found.find.__module__, []).append(_of_misconception(found))
    for module, members in families.items():
        yield Section(kind, module.rpartition(".")[2], _title(module), tuple(members))


def _of_page(kind: str, name: str, found: Page) -> Topic:
    why, see = KINDS[kind]
    parts = [(why, found.why), (see, found.see)]
    if kind == "slip":
        parts.append(("Where it is looked for", SLIP_WHERE))
    return Topic(name, kind, found.says, tuple(parts))


def _of_misconception(found: Misconception) -> Topic:
    told, ops = page(found), tuple(sorted(found.ops))
    why, see = KINDS["misconception"]
    where = WHERE[found.of].format(ops=_calls(ops))
    parts = ((why, told.why), (see, told.see), ("Where it is looked for", where))
    return Topic(found.name, "misconception", told.says, parts, found.of, ops)


def _calls(ops: tuple[str, ...]) -> str:
    """``a call of `relu` or `gelu```, or of any op."""
    *others, last = (f"`{op}`" for op in ops) if ops else ("any op",)
    return f"a call of {', '.join(others)} or {last}" if others else f"a call of {last}"


def _title(module: str) -> str:
    """The first sentence of a family's docstring."""
    doc = (sys.modules[module].__doc__ or module).strip()
    return " ".join(doc.partition("\n\n")[0].split()).partition(". ")[0].rstrip(".")


def _spelled(name: str) -> str:
    return name.strip().replace("_", "-").replace(" ", "-")
