"""An explanation as blocks, and the list of all that can be explained."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from hwcheck.explain import Argument, Derivation, Explanation, Family, Listed, Worked
from hwcheck.graph.node import Call
from hwcheck.language.printer import formula, to_text
from hwcheck.misconceptions.topics import Section, Topic
from hwcheck.ops.catalogue import spellings
from hwcheck.ops.page import page
from hwcheck.reports.blocks import Block, Column, Heading, Line, Listing, Paragraph, Span, Table, line
from hwcheck.reports.numbers import Digits
from hwcheck.reports.value_table import ValueTable, computed_as

__all__ = ["explanation_blocks", "families_blocks", "listed_blocks", "sections_blocks", "topic_blocks"]

LONGEST = 600  # characters of a formula: nobody reads on behind them, and the example has its numbers
DIGITS = Digits(sigfigs=6, exact=True)


def listed_blocks(found: Listed) -> Iterator[Block]:
    """All that is listed, each kind under its own title."""
    if found.families:
        yield Heading("Ops", 1)
        yield from families_blocks(found.families)
    yield from sections_blocks(found.sections)


def sections_blocks(sections: Iterable[Section]) -> Iterator[Block]:
    """A table a section: each topic, and what it says."""
    for kind, group in groupby(sections, key=lambda section: section.kind):
        yield Heading(f"{kind.capitalize()}s", 1)
        for section in group:
            if section.title:
                yield Heading(section.title)
            columns = (Column(kind.capitalize(), fixed=True), Column("What it is"))
            yield Table(
                columns, tuple(((line(topic.name, "name"),), (_prose(topic.says),)) for topic in section.topics)
            )


def topic_blocks(topic: Topic) -> Iterator[Block]:
    """The page of what is no op."""
    yield Heading(f"{topic.name} ({topic.kind})", 1)
    yield from _paragraphs(topic.says)
    for title, text in topic.parts:
        yield Paragraph((Span(f"{title}: ", "strong"), *_prose(text)))


def families_blocks(families: Iterable[Family]) -> Iterator[Block]:
    """A table a family: each op, what else it is written as, and its summary."""
    columns = (Column("Op", fixed=True), Column("Also", fixed=True), Column("What it is"))
    for family in families:
        rows = []
        for op in family.ops:
            name, *others = spellings(op)
            rows.append(((line(name, "name"),), (line(" ".join(others)),), (_prose(page(op).summary),)))
        yield Heading(family.title)
        yield Table(columns, tuple(rows))


def explanation_blocks(explanation: Explanation, width: int) -> Iterator[Block]:
    """Everything about one op."""
    found = explanation.page
    yield Heading(explanation.op.name, 1)
    yield from _paragraphs(found.summary, found.notes)
    if explanation.others:
        yield Paragraph((Span("Also written "), *_joined(explanation.others)))
    yield Heading("Call")
    yield Paragraph(line(explanation.op.signature(), "name"))
    yield Listing(tuple(map(_argument, explanation.arguments)))
    if explanation.rules is not None:
        yield from _rules(explanation.rules)
    if explanation.worked is not None:
        yield from _example(explanation.worked, explanation.rules, width)
    for title, text in (("Elsewhere", found.elsewhere), ("Source", found.source)):
        if text:
            yield Heading(title)
            yield from _paragraphs(text)


def _argument(argument: Argument) -> Line:
    default = "" if argument.default is None else f" = {argument.default}"
    text = (Span(": "), *_prose(argument.text)) if argument.text else ()
    return (Span(argument.name, "name"), Span(default), Span(f" ({argument.admits})", "faint"), *text)


def _rules(rules: Derivation) -> Iterator[Block]:
    """What the op is composed of, and its gradient rules."""
    call = rules.y.body
    assert isinstance(call, Call)  # noqa: S101  so it was made
    if call.body is not None:
        yield Heading("Formula")
        yield Listing((_equation(rules.y.name, f"{to_text(call)} = {to_text(call.body)}"),))
    if rules.steps:
        yield Heading("Inner steps")
        name, example = rules.y.name, rules.steps[0].name
        yield Paragraph(line(f"Of a network line {name} that is this one call, each can be asked for: {example}."))
        yield Listing(tuple(_equation(step.name, computed_as(step)) for step in rules.steps))
    yield Heading("Gradients")
    if rules.refusal:
        yield Paragraph(line(f"None: {rules.refusal}."))
        return
    if rules.gradients:
        yield Paragraph(line(f"{rules.g.name} is the gradient that arrives at {rules.y.name} = {to_text(call)}."))
    reached = {gradient.name: computed_as(gradient) for gradient in rules.gradients}
    without = [quantity.name for quantity in rules.given if f"grad({quantity.name})" not in reached]
    yield Listing(
        (
            *(_equation(name, text) for name, text in reached.items()),
            *((Span(name, "name"), Span(f" has none: {_why_none(call, name)}")) for name in without),
        )
    )


def _why_none(call: Call, name: str) -> str:
    return "it holds labels" if name in call.op.labels else "the derivative in it is 0 wherever it exists"


def _example(worked: Worked, rules: Derivation | None, width: int) -> Iterator[Block]:
    """The example as ``hwcheck solve --steps`` would show it; without formulas where they are those of the rules."""
    derivation = worked.derivation
    told = rules is not None and formula(derivation.y) == formula(rules.y)
    tables = ValueTable(worked.values, DIGITS, steps=not told, everything=True, width=width)
    given = (*derivation.given, derivation.g) if derivation.gradients else derivation.given
    yield Heading("Example")
    if told:
        yield Paragraph(_equation(derivation.y.name, formula(derivation.y)))
    for title, quantities in (
        ("Given", given),
        ("Forward", (*derivation.steps, derivation.y)),
        ("Gradients", derivation.gradients),
    ):
        if quantities:
            yield tables.of(title, quantities)


def _equation(name: str, text: str) -> Line:
    if len(text) > LONGEST:
        text = text[: text.rfind(" ", 0, LONGEST)] + " ..."
    return Span(name, "name"), Span(f" = {text}")


def _paragraphs(*texts: str) -> Iterator[Block]:
    for text in texts:
        yield from (Paragraph(_prose(paragraph)) for paragraph in text.split("\n\n") if paragraph)


def _prose(text: str) -> Line:
    """Running text, in which code is set off: `a + b`."""
    parts = re.split("(`.+?`)", text.replace("``", "`"))
    return tuple(Span(part, "name" if i % 2 else "") for i, part in enumerate(parts) if part)


def _joined(words: Iterable[str]) -> Line:
    spans = [span for word in words for span in (Span(", "), Span(word, "name"))]
    return tuple(spans[1:])
