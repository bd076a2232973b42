"""Pages of what is no op: found by name, in sections. Nothing has a name that another thing has."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest

from hwcheck.explain import LISTS, explain
from hwcheck.grading.result import VERDICTS
from hwcheck.graph.node import Quantity
from hwcheck.misconceptions import topics
from hwcheck.misconceptions.catalogue import misconceptions
from hwcheck.misconceptions.misconception import Instead, Misconception, Place, misconception
from hwcheck.misconceptions.topics import KINDS, Topic, sections, topic, topic_names
from hwcheck.misconceptions.written_pages import FORMULA_PAGES, SLIP_PAGES, VERDICT_PAGES
from hwcheck.ops.catalogue import ops


def planted(of: str, ops: list[str]) -> Misconception:
    @misconception(of=of, ops=ops)
    def halved_twice(quantity: Quantity, place: Place) -> Iterator[Instead]:
        """It is halved a second time.

        Why it is wrong: once is
        enough.
        How to see it: twice what stands there is right.
        """
        yield Instead(quantity)

    return halved_twice


@pytest.mark.parametrize(
    ("of", "ops", "where"),
    [
        ("value", ["relu"], "in the lines of the network, in a call of `relu`."),
        ("value", ["tanh", "relu", "elu"], "in the lines of the network, in a call of `elu`, `relu` or `tanh`."),
        ("value", [], "in the lines of the network, in a call of any op."),
        ("gradient", ["relu"], "on the way back, in what a call of `relu` sends on to its inputs."),
        ("gradient", [], "on the way back, in what a call of any op sends on to its inputs."),
        ("quantity", [], "in each value and each gradient, taken as a whole."),
    ],
)
def test_the_page_of_a_misconception(monkeypatch: pytest.MonkeyPatch, of: str, ops: list[str], where: str) -> None:
    monkeypatch.setattr(topics, "misconceptions", lambda: {"halved-twice": planted(of, ops)})
    found = Topic(
        "halved-twice",
        "misconception",
        "It is halved a second time.",
        (
            ("Why it is wrong", "once is enough."),
            ("How to see it", "twice what stands there is right."),
            ("Where it is looked for", where),
        ),
        of,
        tuple(sorted(ops)),
    )
    assert topic("halved_twice") == topic(" halved twice") == found
    (section,) = sections("misconception")
    assert (section.family, section.topics) == ("test_topics", (found,))
    assert section.title == "Pages of what is no op: found by name, in sections"


def test_no_two_things_have_one_name() -> None:
    kinds = [set(ops()), set(misconceptions()), set(SLIP_PAGES), set(FORMULA_PAGES), set(VERDICT_PAGES), set(LISTS)]
    assert all(not one & other for one, other in combinations(kinds, 2))
    assert topic("nothing-of-the-kind") is None


def test_every_verdict_has_its_page() -> None:
    assert tuple(VERDICT_PAGES) == VERDICTS


@pytest.mark.parametrize("name", [*topic_names()])
def test_every_page_is_sentences(name: str) -> None:
    found = explain(name)
    assert isinstance(found, Topic)
    assert found.name == name
    assert found.kind in KINDS
    for text in (found.says, *(text for _, text in found.parts)):
        assert text.endswith(".")
        assert "  " not in text


def test_every_topic_stands_in_one_section() -> None:
    listed = [found.name for kind in KINDS for section in sections(kind) for found in section.topics]
    assert sorted(listed) == sorted(topic_names())
    families = list(sections("misconception"))
    assert all(section.title and section.family for section in families)
    assert len({section.family for section in families}) == len(families)
