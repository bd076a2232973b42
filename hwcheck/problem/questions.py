"""The questions of a problem file, and the names that students use."""

from __future__ import annotations

from collections.abc import Iterator

from hwcheck.errors import Location, did_you_mean
from hwcheck.graph.node import Call, Node, Quantity
from hwcheck.located import List, Located, Map, Scalar, kind
from hwcheck.ops.arrays import getitem
from hwcheck.problem.fields import Fields
from hwcheck.problem.model import Part, Question, Tolerance
from hwcheck.problem.network import Network
from hwcheck.problem.tolerance import read_tolerance

__all__ = ["read_names", "read_questions"]

KEYS = ("ask", "name", "points", "answer", "using", "indices", "partial", "tolerance")


def read_questions(
    value: Located | None,
    network: Network,
    fields: Fields,
    tolerance: Tolerance,
    default: tuple[tuple[str, ...], tuple[str, ...]],
    here: Location,
) -> tuple[Question, ...]:
    """The questions; left out, they are every network line and every weight's gradient (``default``)."""
    if value is None:
        return () if fields.faults else tuple(_default_questions(network, tolerance, *default, here))
    if not isinstance(value, List):
        fields.fault(value.location, f"questions must be a list (- ask: h0), not {kind(value)}")
        return ()
    questions: list[Question] = []
    for item in value.items:
        question = _read_question(item, network, fields, tolerance)
        if question is None:
            continue
        if question.name in {earlier.name for earlier in questions}:
            fields.fault(question.location, f"{question.name} is asked twice; give one of them another name")
        questions.append(question)
    if not value.items:
        fields.fault(value.location, "there is no question; leave the key out to ask every line and every gradient")
    return tuple(questions)


def _default_questions(
    network: Network, tolerance: Tolerance, lines: tuple[str, ...], weights: tuple[str, ...], here: Location
) -> Iterator[Question]:
    gradients = network.gradients()
    for name in lines:
        yield Question(network.quantities[name], 1.0, here, tolerance=tolerance)
    for name in weights:
        if name in gradients:
            yield Question(gradients[name], 1.0, here, tolerance=tolerance)


def _read_question(item: Located, network: Network, fields: Fields, tolerance: Tolerance) -> Question | None:
    given: dict[str, Located] = {"ask": item} if isinstance(item, Scalar) else fields.known(item, KEYS, "a question")
    ask = given.get("ask")
    if not isinstance(ask, Scalar):
        if isinstance(item, Map) and ask is None:
            fields.fault(item.location, "a question needs 'ask': the quantity or expression that is asked")
        elif ask is not None:
            fields.fault(ask.location, f"'ask' must be an expression, not {kind(ask)}")
        return None
    node = network.expression(ask)
    points = fields.number(given["points"], "points") if "points" in given else 1.0
    if points is not None and points < 0:
        fields.fault(given["points"].location, f"points must not be negative, but are {points:g}")
    answer = fields.choice(given.get("answer"), "answer", ("number", "formula"))
    using = tuple(_read_using(given.get("using"), network, fields))
    indices = tuple(word.text for word in fields.words(given.get("indices"), "indices"))
    partial = fields.choice(given.get("partial"), "partial", ("entries", "none"))
    allowed = read_tolerance(given.get("tolerance"), fields, tolerance)
    if answer == "formula" and "using" not in given:
        fields.fault(item.location, "a formula question needs 'using': the names that the formula may use")
    if answer == "number":
        for key in ("using", "indices"):
            if key in given:
                fields.fault(given[key].location, f"{key!r} is for formula questions: add 'answer: formula'")
    if node is None:
        return None
    _check_indices(given.get("indices"), indices, node, network, fields)
    quantity = _asked(node, ask, fields.text(given.get("name"), "name"), network, fields)
    return Question(quantity, points or 0.0, ask.location, answer, using, indices, partial, allowed)


def _asked(node: Node, ask: Scalar, name: str, network: Network, fields: Fields) -> Quantity:
    """What is asked, under the name by which it is answered."""
    if name:
        if name in network.quantities:
            fields.fault(ask.location, f"the name {name!r} of this question is taken by a quantity")
        return Quantity(name, node)
    return node if isinstance(node, Quantity) else Quantity(" ".join(ask.text.split()), node)


def _read_using(value: Located | None, network: Network, fields: Fields) -> Iterator[str]:
    """Names that a formula may use: quantities, or gradients that were asked before."""
    for word in fields.words(value, "using"):
        node = network.expression(word)
        if isinstance(node, Quantity):
            yield node.name
        elif node is not None:
            fields.fault(word.location, f"using lists names of quantities, not expressions such as {word.text}")


def _check_indices(
    value: Located | None, indices: tuple[str, ...], node: Node, network: Network, fields: Fields
) -> None:
    if value is None:
        return
    if len(indices) != len(node.shape):
        fields.fault(value.location, f"{len(indices)} indices are named, but the answer has {len(node.shape)} axes")
    for index in indices:
        if not index.isidentifier() or index in network.quantities or indices.count(index) > 1:
            fields.fault(value.location, f"the index {index!r} must be a name of its own, used for nothing else")


def read_names(value: Located | None, network: Network, fields: Fields) -> dict[str, Part]:
    """``names: {h_1: "h1[0]"}``: a student's name for a quantity or a part of one."""
    names = {}
    for key, item in fields.mapping(value, "names"):
        if not isinstance(item, Scalar):
            fields.fault(
                item.location, f"the name {key.text} must stand for a quantity or a part of one, not {kind(item)}"
            )
            continue
        node = network.expression(item)
        if node is None:
            continue
        part = _part(node)
        if part is None:
            guess = did_you_mean(item.text, network.quantities)
            fields.fault(item.location, f"{item.text} is no quantity and no part of one, such as h1 or h1[0]{guess}")
        else:
            names[key.text] = part
    return names


def _part(node: Node) -> Part | None:
    if isinstance(node, Quantity):
        return Part(node.name)
    if isinstance(node, Call) and node.op is getitem and isinstance(node.inputs[0], Quantity):
        return Part(node.inputs[0].name, node.options["index"])
    return None
