"""A problem as the rest of the program sees it: immutable, with every shape known and every expression built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from hwcheck.errors import Location
from hwcheck.graph.differentiate import Share
from hwcheck.graph.node import Array, Call, Node, Quantity, Shape
from hwcheck.ops.arrays import getitem

__all__ = ["DEFAULT_MARKING", "Draw", "Marking", "Part", "Problem", "Question", "Tolerance", "part_of"]


class Tolerance(NamedTuple):
    """How near an answer must come; an entry needs to meet the most generous of the rules that are stated.

    ``abs`` and ``rel`` are allowed differences, relative to the reference; ``decimals`` and ``sigfigs`` say to how
    many digits answers are worked. Of the last of them a step may be off by one unit where ``rounding`` is ``any``
    (students cut off as well as round), by half of one where it is ``nearest``.
    """

    abs: float | None = None
    rel: float | None = None
    decimals: int | None = None
    sigfigs: int | None = None
    rounding: str = "any"

    @property
    def asks_digits(self) -> bool:
        """Whether it says to how many digits answers are worked."""
        return self.decimals is not None or self.sigfigs is not None

    @property
    def is_relative_alone(self) -> bool:
        """Whether ``rel`` is its only rule, which allows nothing where the reference is 0."""
        return self.rel is not None and self.abs is None and not self.asks_digits


DEFAULT_TOLERANCE = Tolerance(sigfigs=3)


class Draw(NamedTuple):
    """How a value is drawn that the problem does not state: uniformly from low to high, rounded if decimals are set."""

    low: float = -1.0
    high: float = 1.0
    decimals: int | None = None


@dataclass(frozen=True)
class Part:
    """A quantity, or the part of it that an index takes out."""

    quantity: str
    index: tuple[int | slice, ...] = ()


def part_of(node: Node | None) -> Part | None:
    """The quantity or the part of one that a node is; None for any other expression."""
    if isinstance(node, Quantity):
        return Part(node.name)
    if isinstance(node, Call) and node.op is getitem and isinstance(node.inputs[0], Quantity):
        return Part(node.inputs[0].name, node.options["index"])
    return None


class Marking(NamedTuple):
    """How an answer is marked.

    ``partial`` credit goes by ``entries``, by ``rows`` (a row, all indices but the last, counts when all of its entries
    do), or it is ``all-or-nothing``. ``carried`` is the share that a carried entry earns. With ``required_digits`` an
    entry that is written with fewer digits than the tolerance asks for earns nothing. ``credit`` is the share of the
    points for an answer whose one cause is the misconception of that name. With ``strict_shape`` rows, columns and flat
    vectors are not the same. ``layouts`` are the forms of a matrix that are accepted besides its own: ``flat``,
    ``transposed``. Of two answers for the same the ``first`` counts, or the ``last`` where ``twice`` says so.
    ``misread`` says what becomes of a number that was probably misread in a scan: it is left to a person (``review``),
    or it is as wrong as any other (``off``).
    """

    tolerance: Tolerance = DEFAULT_TOLERANCE
    partial: str = "entries"
    carried: float = 1.0
    required_digits: bool = False
    credit: Mapping[str, float] = MappingProxyType({})
    strict_shape: bool = False
    layouts: tuple[str, ...] = ()
    twice: str = "first"
    misread: str = "review"


DEFAULT_MARKING = Marking()


class Question(NamedTuple):
    """One thing that is asked. Its quantity's name is the name under which it is answered.

    ``using`` are the names that a formula may use; ``indices`` stand for the axes of an entrywise formula. What agrees
    with one of ``accept``, each of any shape and named by its text, is right too. ``hints`` are what the teacher wants
    said where the answer is wrong.
    """

    quantity: Quantity
    points: float
    location: Location
    answer: str = "number"
    using: tuple[str, ...] = ()
    indices: tuple[str, ...] = ()
    marking: Marking = DEFAULT_MARKING
    accept: tuple[Quantity, ...] = ()
    hints: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name under which it is answered."""
        return self.quantity.name

    @property
    def shape(self) -> Shape:
        """The shape of its answer."""
        return self.quantity.shape

    @property
    def tolerance(self) -> Tolerance:
        """How far an answer may be from what is right."""
        return self.marking.tolerance


class Problem(NamedTuple):
    """A homework problem.

    ``quantities`` holds inputs, weights and network lines by name in the order of the file, ``gradients`` the gradient
    of each that the loss depends on, by that one's name. ``values`` are the stated numbers of inputs and weights;
    ``draws`` says how each of the others is drawn, and how all are where a formula is tried at drawn points.
    ``starts`` are the quantities that differentiation starts from, with the gradient that arrives at each: the loss
    with 1, or what is stated as upstream; ``trail`` has what each call sends on to its inputs on the way back.
    ``shares`` has what each step of a repetition contributes to the gradient of
    a weight, by its own name, ``grad(W, t=2)``. ``minutes`` is the time it takes by hand; ``places`` says where each
    name is defined, ``credit_places`` where the file names which misconception, and ``text`` is that file. Students
    count entries from ``indexing`` on, 0 or 1. ``marking`` is that of all questions that say nothing else, and of what
    is answered without being asked.
    """

    id: str
    title: str
    location: Location
    dims: Mapping[str, int]
    inputs: tuple[str, ...]
    weights: tuple[str, ...]
    lines: tuple[str, ...]
    quantities: Mapping[str, Quantity]
    gradients: Mapping[str, Quantity]
    values: Mapping[str, Array]
    draws: Mapping[str, Draw]
    questions: tuple[Question, ...]
    starts: Mapping[str, Array]
    trail: tuple[Share, ...] = ()
    shares: Mapping[str, Quantity] = MappingProxyType({})
    loss: str | None = None
    marking: Marking = DEFAULT_MARKING
    names: Mapping[str, Part] = MappingProxyType({})
    indexing: int = 0
    fixed: Mapping[str, bool] = MappingProxyType({})
    places: Mapping[str, Location] = MappingProxyType({})
    credit_places: tuple[tuple[str, Location], ...] = ()
    text: str = ""
    seed: int = 0
    description: str = ""
    source: str = ""
    level: str = ""
    minutes: int | None = None

    @property
    def tolerance(self) -> Tolerance:
        """How far an answer may be from what is right, where its question says nothing else."""
        return self.marking.tolerance

    @property
    def computed(self) -> tuple[str, ...]:
        """The network lines and, before each that is a composite op alone, its inner steps, such as ``cell.i``."""
        return tuple(name for name, quantity in self.quantities.items() if quantity.body is not None)

    @property
    def max_score(self) -> float:
        """The points of all questions."""
        return sum(question.points for question in self.questions)

    def all_quantities(self) -> dict[str, Quantity]:
        """Everything with a name: inputs, weights, lines, gradients, and what questions ask beyond them."""
        named = dict(self.quantities)
        named.update((gradient.name, gradient) for gradient in self.gradients.values())
        named.update(self.shares)
        named.update((question.name, question.quantity) for question in self.questions)
        return named
