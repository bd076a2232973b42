"""Explanations as JSON, for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hwcheck.explain import Derivation, Explanation, Family, Listed
from hwcheck.graph.node import Array, Call, Quantity
from hwcheck.language.printer import formula, to_text
from hwcheck.misconceptions.topics import KINDS, Section, Topic
from hwcheck.ops.catalogue import spellings
from hwcheck.ops.page import page
from hwcheck.reports.json import array_json, dump

__all__ = ["explanation_json", "listed_json", "topic_json"]


def listed_json(found: Listed) -> str:
    """What is listed: ops and misconceptions by family, and the rest as it comes; a kind that is not is left out."""
    document: dict[str, Any] = {}
    if found.families:
        document["families"] = [_family(family) for family in found.families]
    for kind in KINDS:
        of_kind = [section for section in found.sections if section.kind == kind]
        if of_kind:
            document[f"{kind}s"] = [told for section in of_kind for told in _section(section)]
    return dump(document)


def _section(section: Section) -> Iterator[dict[str, Any]]:
    for topic in section.topics:
        family = {"family": section.family, "title": section.title} if section.family else {}
        yield {"name": topic.name, "says": topic.says, **family}


def topic_json(topic: Topic) -> str:
    """What is no op, under its kind. ``of`` and ``ops`` say where a misconception is looked for, and are null else."""
    of, ops = (topic.of, list(topic.ops)) if topic.of else (None, None)
    parts = [{"title": title, "text": text} for title, text in topic.parts]
    return dump({topic.kind: topic.name, "says": topic.says, "parts": parts, "of": of, "ops": ops})


def _family(family: Family) -> dict[str, Any]:
    ops = [{"name": op.name, "also": list(spellings(op))[1:], "summary": page(op).summary} for op in family.ops]
    return {"family": family.module, "title": family.title, "ops": ops}


def explanation_json(explanation: Explanation) -> str:
    """One op. ``formula``, ``gradients`` and ``example`` are null where its page has no example."""
    found, rules, worked = explanation.page, explanation.rules, explanation.worked
    return dump(
        {
            "op": explanation.op.name,
            "also": list(explanation.others),
            "summary": found.summary,
            "notes": found.notes,
            "signature": explanation.op.signature(),
            "parameters": [argument._asdict() for argument in explanation.arguments],
            "rules": rules and _rules(rules),
            "example": worked and [_quantity(q, worked.values) for q in _all(worked.derivation)],
            "elsewhere": found.elsewhere,
            "source": found.source,
        }
    )


def _rules(rules: Derivation) -> dict[str, Any]:
    call = rules.y.body
    assert isinstance(call, Call)  # noqa: S101  so it was made
    return {
        "call": to_text(call),
        "formula": None if call.body is None else to_text(call.body),
        "steps": {step.name: formula(step) for step in rules.steps},
        "gradients": {gradient.name: formula(gradient) for gradient in rules.gradients},
        "no_gradients": rules.refusal or None,
    }


def _all(derivation: Derivation) -> tuple[Quantity, ...]:
    arriving = (derivation.g,) if derivation.gradients else ()
    return (*derivation.given, *derivation.steps, derivation.y, *arriving, *derivation.gradients)


def _quantity(quantity: Quantity, values: Mapping[str, Array]) -> dict[str, Any]:
    computed = None if quantity.body is None else formula(quantity)
    shape, value = list(quantity.shape), array_json(values[quantity.name])
    return {"name": quantity.name, "formula": computed, "shape": shape, "value": value}
