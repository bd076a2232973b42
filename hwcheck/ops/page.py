"""The page of an op: its docstring taken apart. What ``hwcheck explain`` shows stands in the declaration alone.

::

    '''The summary, with the formula: ``max(0, x)``.

    More to say, where there is more.

    x: any shape -> the same.                       one entry a parameter, options included
    negative_slope: the slope left of 0.
    Elsewhere: how other libraries and courses differ, where they do.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.3.1.
    Example: leaky_relu(x, negative_slope=0.5); x = [-2, 3]
    '''

An example is a call, and the numbers of the names in it; ``g = ...`` may state the gradient that arrives,
where the call has no g of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from hwcheck.graph.op import Op

__all__ = ["Example", "Page", "page"]

_KEYS = ("Elsewhere", "Source", "Example")


class Example(NamedTuple):
    """A call to work out: ``values`` are the texts of the numbers of the names in it."""

    call: str
    values: Mapping[str, str]


class Page(NamedTuple):
    """What is to be said about an op. ``parameters`` has what each may be, by name."""

    summary: str
    notes: str
    parameters: Mapping[str, str]
    elsewhere: str
    source: str
    example: Example | None


def page(op: Op) -> Page:
    """The page of an op."""
    summary, _, rest = op.doc.partition("\n\n")
    names = "|".join(re.escape(parameter.name) for parameter in op.parameters)
    head = re.compile(rf"(?P<names>(?:{names})(?:, (?:{names}))*): |(?P<key>{'|'.join(_KEYS)}): ")
    found: dict[str, str] = {}
    current: tuple[str, ...] = ("",)
    for line in rest.splitlines():
        begins = head.match(line)
        if begins:
            current = tuple((begins["names"] or begins["key"]).split(", "))
            line = line[begins.end() :]
        for name in current:
            found[name] = f"{found[name]}\n{line}" if name in found else line
    texts = {name: _flowing(text) for name, text in found.items()}
    return Page(
        summary=" ".join(summary.split()),
        notes=texts.get("", ""),
        parameters={p.name: texts[p.name] for p in op.parameters if p.name in texts},
        elsewhere=texts.get("Elsewhere", ""),
        source=texts.get("Source", ""),
        example=_example(texts["Example"]) if "Example" in texts else None,
    )


def _flowing(text: str) -> str:
    """Paragraphs, each a single line."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n") if paragraph.strip())


def _example(text: str) -> Example:
    call, *assignments = (part.strip() for part in text.split(";"))
    values: dict[str, str] = {}
    for assignment in assignments:
        name, _, value = assignment.partition("=")
        values[name.strip()] = value.strip()
    return Example(call, values)
