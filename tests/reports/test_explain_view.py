"""Explanations on paper: whole ones kept as files, and the rules for what is long or not there."""

from __future__ import annotations

import pytest

from hwcheck.explain import Explanation, Family, Listed, explain_op
from hwcheck.graph.node import Node
from hwcheck.graph.op import composite
from hwcheck.misconceptions.topics import Section, Topic
from hwcheck.ops.activations import sigmoid
from hwcheck.ops.functions import exp
from hwcheck.reports.explain_json import explanation_json, listed_json, topic_json
from hwcheck.reports.explain_view import explanation_blocks, families_blocks, listed_blocks, topic_blocks
from hwcheck.reports.plain import paint
from tests.reports.test_golden import GOLDEN, on_console
from tests.support.explained_ops import CATALOGUE, PLANTED
from tests.support.program import golden, strict_json


def planted(name: str) -> Explanation:
    return explain_op(PLANTED[name], CATALOGUE)


def plain(explanation: Explanation, width: int = 100) -> str:
    text = paint(explanation_blocks(explanation, width), width)
    assert max(map(len, text.splitlines())) <= width
    return text


@pytest.mark.parametrize("name", PLANTED)
def test_an_explanation_as_plain_text(name: str) -> None:
    golden(GOLDEN / f"explain-{name}-plain.txt", plain(planted(name)))


@pytest.mark.parametrize("name", ["gain", "gate"])
def test_an_explanation_in_a_terminal(name: str) -> None:
    golden(GOLDEN / f"explain-{name}-80.txt", on_console(explanation_blocks(planted(name), 80), 80))


def test_families_are_tables_with_their_titles() -> None:
    families = [
        Family("a", "The first ones", (PLANTED["gain"], PLANTED["gate"])),
        Family("b", "The others", (PLANTED["joined"],)),
    ]
    assert paint(families_blocks(families), 62).splitlines() == [
        "The first ones",
        "--------------",
        "",
        "Op    Also  What it is",
        "----  ----  --------------------------------------------------",
        "gain  γ <>  The input made larger or smaller: `slope * x`.",
        "gate        The input, let through by itself: `x *",
        "            sigmoid(x)`.",
        "",
        "The others",
        "----------",
        "",
        "Op      Also  What it is",
        "------  ----  ----------------------------",
        "joined        Arrays one behind the other.",
    ]


def test_formulas_that_are_told_already_are_not_told_again() -> None:
    found = plain(planted("joined"))
    assert found.count("= g[:2]") == 2  # of the parameters, and of the example, which has other names
    found = plain(planted("gain"))
    assert (found.count("= gain(x, slope=2)"), found.count("= 2 * g")) == (2, 1)


@composite()
def nested(x: Node) -> Node:
    """The exponential function three times over.

    x: any shape.
    Example: nested(x); x = -3
    """
    for _ in range(3):
        x = exp(x) * sigmoid(x)
    return x


def test_a_formula_that_nobody_reads_to_its_end_is_cut() -> None:
    found = explain_op(nested, {**CATALOGUE, "nested": nested})
    text = plain(found)
    rule = text.split("grad(x) = ")[1].split("\n\n")[0]
    assert " ".join(rule.split()).endswith(" ...")
    assert 400 < len(rule) < 700


def test_an_explanation_as_json() -> None:
    document = strict_json(explanation_json(planted("gate")))
    assert (document["format"], document["op"], document["also"]) == (1, "gate", [])
    assert document["signature"] == "gate(x, kind='sigmoid', padding='valid')"
    assert document["parameters"][1] == {
        "name": "kind",
        "admits": "'sigmoid' or 'tanh'",
        "default": "'sigmoid'",
        "text": "the function of the gate.",
    }
    assert document["rules"] == {
        "call": "gate(x, kind='tanh')",
        "formula": "y.passed",
        "steps": {"y.open": "tanh(x)", "y.passed": "x * y.open"},
        "gradients": {
            "grad(y.passed)": "g",
            "grad(y.open)": "grad(y.passed) * x",
            "grad(x)": "grad(y.passed) * y.open + grad(y.open) * (1 - y.open**2)",
        },
        "no_gradients": None,
    }
    assert document["example"][0] == {"name": "v", "formula": None, "shape": [], "value": 0.5}
    assert [one["name"] for one in document["example"]] == [
        "v", "y.open", "y.passed", "y", "g", "grad(y.passed)", "grad(y.open)", "grad(v)",
    ]  # fmt: skip
    assert document["example"][3]["formula"] == "gate(v, kind='tanh')"


def test_json_of_what_is_not_there_is_null() -> None:
    document = strict_json(explanation_json(planted("unexplained")))
    assert (document["rules"], document["example"]) == (None, None)
    refused = strict_json(explanation_json(planted("ranked")))
    assert refused["rules"]["no_gradients"] == "ranked has no derivative here: it states no gradient rule"
    assert [one["name"] for one in refused["example"]] == ["g", "y"]


def test_families_as_json() -> None:
    document = strict_json(listed_json(Listed((Family("a", "The first ones", (PLANTED["gain"],)),), ())))
    summary = "The input made larger or smaller: ``slope * x``."
    assert document["families"] == [
        {
            "family": "a",
            "title": "The first ones",
            "ops": [{"name": "gain", "also": ["γ", "<>"], "summary": summary}],
        }
    ]


TOPIC = Topic(
    "mask-left-out",
    "misconception",
    "The gradient goes through a `relu` as if it were not there.",
    (
        ("Why it is wrong", f"where the input is {'very ' * 15}negative the output does not change."),
        ("How to see it", "it is."),
    ),
    "gradient",
    ("relu",),
)
SLIP = TOPIC._replace(name="sign-lost", kind="slip", says="A `-` is lost.", of="", ops=())
LISTED = Listed(
    (),
    (
        Section("misconception", "masks", "Masks that are left out", (TOPIC,)),
        Section("misconception", "signs", "Signs", (TOPIC._replace(name="sign-flipped", says="It is the other way."),)),
        Section("slip", "", "", (SLIP,)),
    ),
)


def test_a_topic_on_paper() -> None:
    assert paint(topic_blocks(TOPIC), 62).splitlines() == [
        "mask-left-out (misconception)",
        "=============================",
        "",
        "The gradient goes through a `relu` as if it were not there.",
        "",
        "Why it is wrong: where the input is very very very very very",
        "very very very very very very very very very very negative the",
        "output does not change.",
        "",
        "How to see it: it is.",
    ]


def test_sections_are_tables_below_the_title_of_their_kind() -> None:
    assert paint(listed_blocks(LISTED), 50).splitlines() == [
        "Misconceptions",
        "==============",
        "",
        "Masks that are left out",
        "-----------------------",
        "",
        "Misconception  What it is",
        "-------------  -----------------------------------",
        "mask-left-out  The gradient goes through a `relu`",
        "               as if it were not there.",
        "",
        "Signs",
        "-----",
        "",
        "Misconception  What it is",
        "-------------  --------------------",
        "sign-flipped   It is the other way.",
        "",
        "Slips",
        "=====",
        "",
        "Slip       What it is",
        "---------  --------------",
        "sign-lost  A `-` is lost.",
    ]
    assert on_console(listed_blocks(LISTED), 80).startswith("Misconceptions\n")


def test_topics_as_json() -> None:
    document = strict_json(topic_json(TOPIC))
    assert {key: document[key] for key in ("misconception", "says", "of", "ops")} == {
        "misconception": "mask-left-out",
        "says": "The gradient goes through a `relu` as if it were not there.",
        "of": "gradient",
        "ops": ["relu"],
    }
    assert document["parts"][1] == {"title": "How to see it", "text": "it is."}
    document = strict_json(topic_json(SLIP))
    assert (document["slip"], document["of"], document["ops"]) == ("sign-lost", None, None)
    document = strict_json(listed_json(LISTED))
    assert set(document) == {"format", "hwcheck", "misconceptions", "slips"}
    assert document["misconceptions"][1] == {
        "name": "sign-flipped", "says": "It is the other way.", "family": "signs", "title": "Signs",
    }  # fmt: skip
    assert document["slips"] == [{"name": "sign-lost", "says": "A `-` is lost."}]
