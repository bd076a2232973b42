"""Reading how answers are marked: what a problem states for all of its questions, and each question for itself.

What a question leaves out is as the problem has it. The names of misconceptions are kept with their places: which of
them there are is not known here (hwcheck/misconceptions/credit.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from hwcheck.graph.node import Quantity
from hwcheck.located import List, Located, Scalar
from hwcheck.located_build import shown
from hwcheck.ops.arrays import transpose
from hwcheck.problem.fields import Fields, instead
from hwcheck.problem.model import Marking, Question
from hwcheck.problem.network import Network
from hwcheck.problem.repetition import with_values
from hwcheck.problem.tolerance import read_tolerance

__all__ = [
    "MARKING",
    "NUMBERS_ONLY",
    "also_transposed",
    "read_alternatives",
    "read_hints",
    "read_marking",
]

MARKING = ("partial", "carried", "required_digits", "credit", "shape", "layouts", "twice", "misread")
NUMBERS_ONLY = (
    "carried",
    "required_digits",
    "shape",
    "layouts",
    "misread",
    "accept",
)  # keys that say nothing about a formula
PARTIAL = ("entries", "rows", "all-or-nothing", "none")
SHAPES = ("any", "strict")
LAYOUTS = ("flat", "transposed")
TWICE = ("first", "last")
MISREAD = ("review", "off")


def read_marking(given: Mapping[str, Located], fields: Fields, default: Marking) -> Marking:
    """The keys ``tolerance`` and MARKING among those that are given; each that is left out is as in ``default``."""
    found = default._replace(tolerance=read_tolerance(given.get("tolerance"), fields, default.tolerance))
    if "partial" in given:
        partial = fields.choice(given["partial"], "partial", PARTIAL) or default.partial
        found = found._replace(partial="all-or-nothing" if partial == "none" else partial)
    if "carried" in given:
        found = found._replace(carried=_share(given["carried"], "carried", "what a carried entry earns", fields))
    if "required_digits" in given:
        found = found._replace(required_digits=fields.flag(given["required_digits"], "required_digits"))
        _check_digits(given, found, fields)
    if "credit" in given:
        found = found._replace(
            credit=MappingProxyType({**default.credit, **dict(_read_credit(given["credit"], fields))})
        )
    if "shape" in given:
        found = found._replace(strict_shape=fields.choice(given["shape"], "shape", SHAPES) == "strict")
    if "layouts" in given:
        found = found._replace(layouts=_read_layouts(given["layouts"], fields))
    if "twice" in given:
        found = found._replace(twice=fields.choice(given["twice"], "twice", TWICE) or default.twice)
    if "misread" in given:
        found = found._replace(misread=fields.choice(given["misread"], "misread", MISREAD) or default.misread)
    return found


def _check_digits(given: Mapping[str, Located], found: Marking, fields: Fields) -> None:
    if found.required_digits and not found.tolerance.asks_digits:
        rule = "required_digits counts the digits that tolerance asks for, but it states no decimals and no sigfigs"
        fields.fault(given["required_digits"].location, f"{rule}; add one, such as decimals: 3")


def _read_layouts(value: Located, fields: Fields) -> tuple[str, ...]:
    """``layouts: [flat, transposed]``; an empty list allows none."""
    items = value.items if isinstance(value, List) else (value,)
    found = [fields.choice(item, "layouts", LAYOUTS) for item in items]
    return tuple(dict.fromkeys(layout for layout in found if layout))


def _share(value: Located, what: str, of: str, fields: Fields) -> float:
    """A share from 0 to 1; where there is a fault, 1."""
    share = fields.number(value, what)
    if share is not None and not 0 <= share <= 1:
        rule = f"{what} must be from 0 to 1, not {share:g}"
        fields.fault(value.location, f"{rule}; it is {of}, as a share of its points")
    return 1.0 if share is None else share


def _read_credit(value: Located, fields: Fields) -> Iterator[tuple[str, float]]:
    """``{relu-mask-left-out: 0.5}``: each name is noted with its place."""
    for key, item in fields.mapping(value, "credit", "relu-mask-left-out: 0.5"):
        fields.credits.append((key.text, key.location))
        yield key.text, _share(item, f"the credit of {key.text}", "what an answer with this mistake gets", fields)


def read_alternatives(
    value: Located | None, asked: Quantity, network: Network, fields: Fields, at: Mapping[str, int]
) -> tuple[Quantity, ...]:
    """``accept: ["h1.T"]``: what else is right, each an expression of any shape that is named by its text.

    ``at`` has the values of the indices that the question is repeated over.
    """
    found: dict[str, Quantity] = {}
    for item in value.items if isinstance(value, List) else () if value is None else (value,):
        if not isinstance(item, Scalar):
            fields.fault(item.location, f'accept must be a list of expressions such as ["h.T"], {instead(item)}')
            continue
        node = network.expression(item, at=at)
        if node is None:
            continue
        if node in (asked, asked.body):
            rule = f"{shown(item.text)} is what is asked already"
            fields.fault(item.location, f"{rule}; accept lists what else is right, or is left out")
        name = with_values(" ".join(item.text.split()), at)
        found[name] = node if isinstance(node, Quantity) else Quantity(name, node)
    return tuple(found.values())


def also_transposed(question: Question) -> Question:
    """The question with its transpose accepted where its shape cannot tell the one from the other.

    An array is square here if its last two axes are as long, axes of length 1 left out.
    """
    shape = question.shape
    long = [axis for axis, length in enumerate(shape) if length != 1]
    if "transposed" not in question.marking.layouts or len(long) < 2 or shape[long[-1]] != shape[long[-2]]:
        return question
    axes = list(range(len(shape)))
    axes[long[-1]], axes[long[-2]] = axes[long[-2]], axes[long[-1]]
    name = question.name if question.name.isidentifier() else f"({question.name})"
    turned = Quantity(f"{name}.T", transpose(question.quantity, axes=axes))
    if any(other.name == turned.name for other in question.accept):
        return question
    return question._replace(accept=(*question.accept, turned))


def read_hints(given: Mapping[str, Located], fields: Fields) -> tuple[str, ...]:
    """``hint: text`` or ``hints: [text, ...]``, each as one line."""
    if "hint" in given and "hints" in given:
        fields.fault(given["hints"].location, "a question has a hint or hints, not both; put all of them into 'hints'")
    value = given.get("hints", given.get("hint"))
    found = []
    for item in value.items if isinstance(value, List) else () if value is None else (value,):
        text = " ".join(fields.text(item, "a hint").split())
        if isinstance(item, Scalar) and not text:
            fields.fault(item.location, "a hint must have words in it; write some, or delete the key")
        found.append(text)
    return tuple(found)
