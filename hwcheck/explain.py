"""What there is to say about an op: its page, and what its rules give when they are applied.

Nothing is said here that the op's declaration does not say. A gradient rule is told by applying it to symbols:
quantities called as the op's parameters are, in the shapes of the page's example, and ``g``, the gradient that arrives
at the result ``y``. The example itself is worked in the same way, with its numbers.

What is no op is a topic, which has its page alone (hwcheck/misconceptions/topics.py).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import NamedTuple

import numpy as np

from hwcheck.errors import Location, UsageError, did_you_mean
from hwcheck.graph.differentiate import adjoints
from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.node import Array, Call, Node, Quantity
from hwcheck.graph.op import REQUIRED, Misfit, Op, Parameter, Steps
from hwcheck.graph.options import admits
from hwcheck.language.build import Scope, build
from hwcheck.language.printer import to_text
from hwcheck.language.source import Source
from hwcheck.limits import LINE
from hwcheck.located_build import shown
from hwcheck.misconceptions.topics import KINDS, Section, Topic, sections, topic, topic_names
from hwcheck.ops.catalogue import ops, spellings
from hwcheck.ops.page import Example, Page, page

__all__ = [
    "LISTS",
    "Argument",
    "Derivation",
    "Explanation",
    "Family",
    "Listed",
    "Worked",
    "explain",
    "explain_op",
    "families",
    "listed",
    "names",
]

# What a list can be asked of, by its name.
LISTS = ("ops", *(f"{kind}s" for kind in KINDS))

# What a parameter admits that is no option, by its type or else by its kind.
ARRAYS = {"tensor": "an array", "tensors": "a list of arrays", "Labels": "an array of labels"}


class Family(NamedTuple):
    """The ops of one module, which is called by the first sentence of its docstring."""

    module: str
    title: str
    ops: tuple[Op, ...]


class Argument(NamedTuple):
    """A parameter: what it ``admits``, its default as it is written (None where it has to be given), what it is."""

    name: str
    admits: str
    default: str | None
    text: str


class Derivation(NamedTuple):
    """A call of an op, forward and backward.

    ``steps`` are the inner steps that have names. ``gradients`` are those of the steps, from the last one back, and of
    what is ``given``; an input that is not among them has none, its derivative is zero wherever it exists. Where the
    op cannot be differentiated ``refusal`` says why.
    """

    given: tuple[Quantity, ...]
    steps: tuple[Quantity, ...]
    y: Quantity
    g: Quantity
    gradients: tuple[Quantity, ...]
    refusal: str = ""


class Worked(NamedTuple):
    """An example with its numbers, by the names of the quantities."""

    derivation: Derivation
    values: Mapping[str, Array]


@dataclass(frozen=True)
class Explanation:
    """An op as a reader wants to see it. Without an example on its page there are no ``rules`` either."""

    op: Op
    others: tuple[str, ...]
    page: Page
    arguments: tuple[Argument, ...]
    rules: Derivation | None = None
    worked: Worked | None = None


class Listed(NamedTuple):
    """What can be explained: the ops by family, and each other kind of thing in sections."""

    families: tuple[Family, ...]
    sections: tuple[Section, ...]


def listed(name: str | None = None) -> Listed:
    """All that can be explained, or what one of ``LISTS`` has."""
    wanted = [kind for kind in KINDS if name in (None, f"{kind}s")]
    found = tuple(section for kind in wanted for section in sections(kind))
    return Listed(families() if name in (None, "ops") else (), found)


def names() -> Iterator[str]:
    """Everything that can be explained or listed, by name."""
    yield from ops()
    yield from topic_names()
    yield from LISTS


def families() -> tuple[Family, ...]:
    """The ops that are there to be written, module by module, in the order in which they are declared there."""
    found: dict[str, dict[Op, None]] = {}
    for name, module in ops().homes.items():
        if not ops()[name].internal:
            found.setdefault(module, {})[ops()[name]] = None
    return tuple(Family(module, _title(module), tuple(members)) for module, members in found.items())


def _title(module: str) -> str:
    """The first sentence of a family's docstring."""
    doc = import_module(f"hwcheck.ops.{module}").__doc__ or module
    return doc.partition("\n")[0].partition(". ")[0].rstrip(".")


def explain(name: str) -> Explanation | Topic:
    """What there is to say about the thing of this name, an op if one has it. Raises UsageError with what is near."""
    known = ops()
    if name in known:
        return explain_op(known[name], known)
    found = topic(name)
    if found is None:
        guess = did_you_mean(name, names()) or "; 'hwcheck explain' lists all that can be explained"
        raise UsageError(f"there is nothing to explain by the name {shown(name)}{guess}")
    return found


def explain_op(op: Op, catalogue: Mapping[str, Op]) -> Explanation:
    """The explanation of an op; its example may use the ops of the catalogue."""
    found = page(op)
    others = tuple(name for name in spellings(op) if name != op.name)
    arguments = tuple(_argument(parameter, found) for parameter in op.parameters)
    if found.example is None:
        return Explanation(op, others, found, arguments)
    worked, call = _worked(op, found.example, catalogue)
    return Explanation(op, others, found, arguments, _rules(op, call), worked)


def _argument(parameter: Parameter, found: Page) -> Argument:
    default = None if parameter.default is REQUIRED else parameter.default_text()
    what = admits(parameter.type) if parameter.kind == "option" else ARRAYS.get(parameter.type, ARRAYS[parameter.kind])
    return Argument(parameter.name, what, default, found.parameters.get(parameter.name, ""))


def _worked(op: Op, example: Example, catalogue: Mapping[str, Op]) -> tuple[Worked, Call]:
    """The example, evaluated, and its call. What arrives, where the example does not say, is 1, 2, 3, ..."""
    arriving = _unused("g", re.findall(r"\w+", example.call))
    numbers = {name: _numbers(text, catalogue) for name, text in example.values.items()}
    stated = numbers.pop(arriving, None)
    given = {name: Quantity(name, shape=array.shape) for name, array in numbers.items()}
    name = _unused("y", given)
    steps = Steps(name)
    call = build(_source(example.call), Scope(given, catalogue, step=steps))
    if not isinstance(call, Call) or call.op is not op:
        raise ValueError(f"the example of {op.name} is no call of it: {example.call}")
    derivation = _derived(call, steps, given.values(), arriving)
    numbers[arriving] = np.arange(1.0, call.size + 1).reshape(call.shape) if stated is None else stated
    fed = {quantity: numbers[quantity.name][np.newaxis] for quantity in (*derivation.given, derivation.g)}
    outputs = (*derivation.given, *derivation.steps, derivation.y, derivation.g, *derivation.gradients)
    values = {quantity.name: array[0] for quantity, array in zip(outputs, evaluate(outputs, fed), strict=True)}
    return Worked(derivation, values), call


def _rules(op: Op, call: Call) -> Derivation:
    """The same call, of symbols that are named as the op's parameters are."""
    given = {name: Quantity(name, shape=node.shape) for name, node in zip(call.names, call.inputs, strict=True)}
    arguments: dict[str, Quantity | list[Quantity]] = {}
    for parameter in op.parameters:
        if parameter.kind == "tensors":
            arguments[parameter.name] = [q for name, q in given.items() if name.startswith(f"{parameter.name}[")]
        elif parameter.name in given:
            arguments[parameter.name] = given[parameter.name]
    steps = Steps(_unused("y", op.names))
    return _derived(op.applied((), {**arguments, **call.options}, steps), steps, given.values(), _unused("g", op.names))


def _derived(call: Node, steps: Steps, given: Iterable[Quantity], arriving: str) -> Derivation:
    y, g = Quantity(steps.line, call), Quantity(arriving, shape=call.shape)
    inner, leaves = tuple(steps.made.values()), tuple(given)
    try:
        found = adjoints({y: g}, lambda quantity: g.name if quantity is y else f"grad({quantity.name})")
    except Misfit as misfit:
        return Derivation(leaves, inner, y, g, (), misfit.told(to_text))
    gradients = [found.get(quantity) for quantity in (*reversed(inner), *leaves)]
    return Derivation(leaves, inner, y, g, tuple(node for node in gradients if isinstance(node, Quantity)))


def _unused(name: str, taken: Container[str]) -> str:
    """The name, or that with underscores where it means something else already."""
    while name in taken:
        name += "_"
    return name


def _source(text: str) -> Source:
    return Source(text, Location("the example"), LINE)


def _numbers(text: str, catalogue: Mapping[str, Op]) -> Array:
    """The numbers that are written down for a name."""
    (array,) = evaluate([build(_source(text), Scope({}, catalogue))], {})
    return array.reshape(array.shape[1:])
