"""The questions of a problem file, and the names that students use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hwcheck.errors import Location
from hwcheck.graph.node import Node, Quantity, Use, order
from hwcheck.limits import POINTS
from hwcheck.located import List, Located, Map, Scalar
from hwcheck.located_build import shown
from hwcheck.problem.fields import Fields, instead
from hwcheck.problem.marking import (
    MARKING,
    NUMBERS_ONLY,
    also_transposed,
    read_alternatives,
    read_hints,
    read_marking,
)
from hwcheck.problem.model import Marking, Part, Question, part_of
from hwcheck.problem.names import spelled
from hwcheck.problem.network import Network
from hwcheck.problem.repetition import NOWHERE, with_values

__all__ = ["read_names", "read_questions"]

KEYS = ("ask", "name", "points", "answer", "using", "indices", "tolerance", *MARKING, "accept", "hint", "hints")


def read_questions(
    value: Located | None,
    network: Network,
    fields: Fields,
    marking: Marking,
    default: tuple[tuple[str, ...], tuple[str, ...]],
    here: Location,
) -> tuple[Question, ...]:
    """The questions; left out, they are every network line and every weight's gradient (``default``)."""
    if value is None:
        return () if fields.faults else tuple(_default_questions(network, marking, *default, here))
    if not isinstance(value, List):
        fields.fault(value.location, f"questions must be a list, each item such as '- ask: h', {instead(value)}")
        return ()
    questions: dict[str, Question] = {}
    for question in (question for item in value.items for question in _each_step(item, network, fields, marking)):
        if question.name in questions:
            line = questions[question.name].location.line
            if question.location == questions[question.name].location:
                rule = f"{shown(question.name)} would be the name of several questions; put the index in it: h[t]"
            else:
                rule = f"{shown(question.name)} is asked on line {line} already; delete one of them"
                rule += ", or give it a name of its own (name: ...)"
            fields.fault(question.location, rule)
        else:
            questions[question.name] = question
    if not value.items:
        rule = "there is no question; leave 'questions' out to ask every line and every weight's gradient"
        fields.fault(value.location, rule)
    elif not fields.faults and not any(question.points for question in questions.values()):
        fields.fault(value.location, "no question has points; give at least one of them more than 0")
    return tuple(questions.values())


def _default_questions(
    network: Network, marking: Marking, lines: tuple[str, ...], weights: tuple[str, ...], here: Location
) -> Iterator[Question]:
    gradients = network.gradients()
    for name in lines:
        yield also_transposed(Question(network.quantities[name], 1.0, here, marking=marking))
    for name in weights:
        if name in gradients:
            yield also_transposed(Question(gradients[name], 1.0, here, marking=marking))


def _each_step(item: Located, network: Network, fields: Fields, marking: Marking) -> Iterator[Question]:
    """The question, or where it holds an index, ``ask: "h[t]"``, one for each of its values; told once if faulty."""
    given = {"ask": item} if isinstance(item, Scalar) else fields.known(item, KEYS, "a question", "ask: h, points: 2")
    ask = given.get("ask")
    for at in fields.repetition.steps(ask.text) if isinstance(ask, Scalar) else [NOWHERE]:
        before = len(fields.faults)
        question = _read_question(item, given, network, fields, marking, at)
        if question is not None:
            yield question
        if len(fields.faults) > before:
            return


def _read_question(
    item: Located,
    given: Mapping[str, Located],
    network: Network,
    fields: Fields,
    marking: Marking,
    at: Mapping[str, int],
) -> Question | None:
    ask = given.get("ask")
    if ask is None and isinstance(item, Map):
        fields.fault(item.location, "a question needs 'ask': the quantity or the expression that is asked")
    elif ask is not None and not isinstance(ask, Scalar):
        fields.fault(ask.location, f"'ask' must be an expression, {instead(ask)}")
    node = network.expression(ask, at=at) if isinstance(ask, Scalar) else None
    points = fields.number(given["points"], "points") if "points" in given else 1.0
    if points is not None and points < 0:
        fields.fault(given["points"].location, f"points must be 0 or more, not {points:g}")
    elif points is not None and points > POINTS:
        fields.fault(given["points"].location, f"points may be {POINTS:,} at most, not {points:g}")
    elif points is not None and abs(100 * points - round(100 * points)) > 1e-9:
        fields.fault(given["points"].location, f"points are counted in hundredths: {points:g} has too many decimals")
    answer = fields.choice(given.get("answer"), "answer", ("number", "formula"))
    if answer == "formula" and "using" not in given:
        rule = "a formula question needs 'using', the names that the formula may hold"
        fields.fault(item.location, f"{rule}; write using: [x, h]")
    if answer == "number":
        for key in set(given).intersection(("using", "indices")):
            fields.fault(given[key].location, f"{key!r} is for formulas; add answer: formula, or delete it")
    if answer == "formula":
        for key in set(given).intersection(NUMBERS_ONLY):
            fields.fault(given[key].location, f"{key!r} is for answers that are numbers; delete it")
    using = tuple(_read_using(given.get("using"), node, network, fields, at))
    indices = _read_indices(given.get("indices"), node, fields)
    own = read_marking(given, fields, marking)
    hints = read_hints(given, fields)
    name = with_values(" ".join(fields.text(given.get("name"), "name").split()), at)
    if node is None or not isinstance(ask, Scalar):
        return None
    if at and not isinstance(node, Quantity):
        name = name or with_values(" ".join(ask.text.split()), at)
    quantity = _asked(node, ask, name, network, fields)
    question = Question(
        quantity,
        points or 0.0,
        ask.location,
        answer or "number",
        using,
        indices,
        own,
        accept=read_alternatives(given.get("accept"), quantity, network, fields, at),
        hints=hints,
    )
    return question if question.answer == "formula" else also_transposed(question)


def _asked(node: Node, ask: Scalar, name: str, network: Network, fields: Fields) -> Quantity:
    """What is asked, under the name by which it is answered."""
    if name:
        if network.named(name) not in (None, node):
            rule = f"the question's name {shown(name)} is the name of another quantity"
            fields.fault(ask.location, f"{rule}; give it one that nothing else has")
        return Quantity(name, node)
    return node if isinstance(node, Quantity) else Quantity(" ".join(ask.text.split()), node)


def _read_using(
    value: Located | None, asked: Node | None, network: Network, fields: Fields, at: Mapping[str, int]
) -> Iterator[str]:
    """The names that a formula may hold: quantities and gradients, none of which follows from what is asked.

    ``at`` has the values of the indices that the question is repeated over.
    """
    for word in fields.words(value, "using"):
        node = network.expression(word, at=at)
        if isinstance(node, Use):
            node = node.of
        if node is None:
            continue
        if not isinstance(node, Quantity) or network.named(node.name) is not node:
            rule = f"using lists quantities and their gradients, such as x and grad(h), not {shown(word.text)}"
            fields.fault(word.location, f"{rule}; list the names that stand in it")
        elif asked in order([node]):
            read = "is what is asked" if node is asked else "follows from what is asked"
            fields.fault(word.location, f"{node.name} {read}, so a formula may not use it; delete it from 'using'")
        else:
            yield node.name


def _read_indices(value: Located | None, asked: Node | None, fields: Fields) -> tuple[str, ...]:
    """Names for the axes of what is asked, where a formula gives one entry of it."""
    if value is None:
        return ()
    names: list[str] = []
    for word in fields.words(value, "indices"):
        if spelled(word.text) is None:
            rule = "a name has letters, digits and _, and begins with no digit"
            fields.fault(word.location, f"{shown(word.text)} cannot be an index: {rule}")
        elif word.text in fields.names.known or word.text in names:
            rule = f"the index {word.text} is the name of something else already"
            fields.fault(word.location, f"{rule}; an index needs a name of its own")
        names.append(word.text)
    if asked is not None and len(names) != len(asked.shape):
        axes = f"has {len(asked.shape)}: {list(asked.shape)}" if asked.shape else "has none, it is a single number"
        rule = f"an index is needed for each axis of what is asked, which {axes}"
        fields.fault(value.location, f"{rule}; {len(names)} are named")
    return tuple(names)


def _each_name(value: Located | None, fields: Fields) -> Iterator[tuple[Scalar, Scalar, Mapping[str, int]]]:
    """Each name and what it stands for; one with an index in it, ``s[t]: h[t]``, for each of its values."""
    for key, item in fields.mapping(value, "names", "h_1: h1"):
        if not isinstance(item, Scalar):
            rule = f"the name {shown(key.text)} must stand for a quantity or for a part of one"
            fields.fault(item.location, f"{rule}, {instead(item)}")
            continue
        for at in fields.repetition.steps(key.text):
            yield key._replace(text=with_values(key.text, at)), item, at


def read_names(
    value: Located | None, network: Network, fields: Fields, questions: Iterable[Question]
) -> dict[str, Part]:
    """``names: {h_1: "h1[0]"}``: a student's name for a quantity, for what a question asks, or for a part of these."""
    asked = {question.name: question.quantity for question in questions}
    names = {}
    for key, item, at in _each_name(value, fields):
        node = asked[item.text] if item.text in asked else network.expression(item, also=asked, at=at)
        if node is None:
            continue
        part = part_of(node)
        if part is None or (network.named(part.quantity) is None and part.quantity not in asked):
            rule = f"{shown(item.text)} is nothing that can be answered"
            fields.fault(item.location, f"{rule}; a name stands for a quantity, a gradient, a question or a part")
        elif (asked.get(key.text) or network.named(key.text)) not in (None, node):
            rule = f"{shown(key.text)} is the name of a quantity already and cannot stand for {shown(item.text)}"
            fields.fault(key.location, f"{rule}; delete this line or choose another name")
        else:
            names[key.text] = part
    return names
