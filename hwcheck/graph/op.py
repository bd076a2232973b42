"""An op: its value, its shape rule and its gradient rules, declared side by side.

::

    @op(shape=same, gradients=[lambda g, y, x: g * y * (1 - y)])
    def sigmoid(x: Array) -> Array:
        '''The logistic function ...'''

The function is the value. Its parameters say how the op is called: those annotated ``Array`` are nodes, all others
are options, checked by the converter that their annotation names (hwcheck/graph/options.py). A node that holds class
indices or the like, for which not any number makes sense, is annotated ``Labels``. A parameter ``*arrays: Array`` takes
a list of nodes, and where it is the last one also all arguments from there on: ``einsum("ij,jk->ik", A, B)``.

Every array that a value function sees has one leading axis more than its node's shape: of length 1 for a value that
is shared, of length S where S sheets (or drawn points, or wrong runs) are evaluated at once. Axes are therefore
counted from the end, and an op needs no second code path for many sheets.

In a gradient rule ``g`` is the gradient that arrives, ``y`` the op's output, the rest its inputs; it gives the node
that the op sends on to one input. A rule that is None says that the derivative is zero wherever it exists.

A composite op needs neither: it is a function from nodes to a node. Where its inner steps are worth asking for, its
first parameter is ``step: Steps``, and each of them is named as it is made::

    @composite()
    def lstm_cell(step: Steps, x: Node, ...) -> Node:
        i = step("i", sigmoid(...))

In the line ``cell: lstm_cell(x, ...)`` of a network that step is the quantity ``cell.i``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import takewhile
from typing import Any, NamedTuple, TypeAlias, TypeVar

from hwcheck.errors import HwcheckError, did_you_mean
from hwcheck.graph.node import Array, Call, Node, Operand, Quantity, Shape, as_node
from hwcheck.graph.options import converter, plainest

__all__ = ["REQUIRED", "Misfit", "Op", "Parameter", "Rule", "Shortcut", "Steps", "composite", "op"]

Rule: TypeAlias = Callable[..., Node] | None
T = TypeVar("T")
REQUIRED: Any = inspect.Parameter.empty
TENSORS = frozenset({"Array", "Array | None", "Node", "Node | None", "Labels"})
# NumPy's and PyTorch's words for the same option.
SYNONYMS = {
    "dim": "axis",
    "dims": "axis",
    "axis": "dim",
    "keepdim": "keepdims",
    "correction": "ddof",
    "p": "ord",
    "diagonal": "k",
    "shifts": "shift",
}


class Misfit(HwcheckError):  # noqa: N818  a signal between stages, told as a fault at the border
    """A call that an op's rules forbid. ``{x}`` in the message is the argument x, for the border to spell out."""

    def __init__(self, message: str) -> None:
        self.message = message
        self.arguments: dict[str, Node] = {}
        self.clash = False  # the shapes do not fit together: a mistake in the mathematics, not in the writing
        super().__init__(message)

    def told(self, spell: Callable[[Node], str]) -> str:
        """The message with the arguments spelled out in it."""
        message = self.message
        for name, node in self.arguments.items():
            message = message.replace("{" + name + "}", spell(node))
        return message


class Steps:
    """Names the inner steps of a composite op; calling it makes one.

    ``line`` is the network line that is this one call. Its steps are quantities, which can be asked for and given;
    in any other expression, where ``line`` is empty, they are the nodes themselves. ``made`` holds them by name;
    ``aside`` has the names of those that do not lie on the way to the op's value.
    """

    def __init__(self, line: str = "") -> None:
        self.line = line
        self.made: dict[str, Quantity] = {}
        self.aside: set[str] = set()

    def __call__(self, name: str, node: Node) -> Node:
        """The step of this name."""
        if not self.line:
            return node
        quantity = Quantity(f"{self.line}.{name}", node)
        if self.made.setdefault(quantity.name, quantity) is not quantity:
            raise ValueError(f"two steps are called {quantity.name!r}")
        return quantity

    def beside(self, name: str, node: Node) -> None:
        """Name a result that an op has beside its value, such as running statistics."""
        if self.line:
            self(name, node)
            self.aside.add(f"{self.line}.{name}")

    def within(self, name: str) -> Steps:
        """The names for an op that is itself a step: ``attn.head1.scores``."""
        inner = Steps(f"{self.line}.{name}" if self.line else "")
        inner.made, inner.aside = self.made, self.aside
        return inner


class Parameter(NamedTuple):
    """One parameter of an op: a ``tensor``, a list of ``tensors``, or an ``option`` of some type."""

    name: str
    kind: str
    type: str
    default: Any = REQUIRED

    def default_text(self) -> str:
        """The default as it is written."""
        return repr(plainest(self.type, self.default))


class Shortcut(NamedTuple):
    """A cheaper way to a call's value: a value function, and the nodes, further below, that it takes."""

    value: Callable[..., Array]
    inputs: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Op:
    """An operation on nodes; calling it makes a node, or raises ``Misfit``.

    ``symbol`` is the operator that it is written with, ``latex`` a template with the arguments' LaTeX as ``{0}``,
    ``{1}``; ``looped`` says that the value function takes one sheet at a time (a leading axis of 1). ``cost`` gives
    the multiplications of one sheet from the result's shape, the inputs' shapes and the options; without it an op
    costs as many operations as it has entries (hwcheck/graph/cost.py). ``domain`` tells what is wrong with numbers that
    the shapes admit and the op does not: it takes the inputs' arrays, each in its node's shape, by parameter (None for
    one that is left out before others), and the options, and gives the end of a sentence for each fault ("entry [2] of
    {target} is 7, but there are 5 classes, 0 to 4"). ``stepped`` says that a composite op names its inner steps.
    ``shortcut`` may give a call another way to its value, past calls that nothing else reads: it takes the call, and a
    function that tells whether a node is read only once. An ``internal`` op is there for other ops and their gradients:
    it can be written and explained like any, but the list of ops leaves it out.
    """

    name: str
    doc: str
    parameters: tuple[Parameter, ...]
    value: Callable[..., Array] | None = None
    shape: Callable[..., Shape] | None = None
    gradients: tuple[Rule, ...] = ()
    expand: Callable[..., Node] | None = None
    symbol: str = ""
    latex: str = ""
    aliases: tuple[str, ...] = ()
    broadcasts: bool = False
    looped: bool = False
    cost: Callable[..., int] | None = None
    domain: Callable[..., Iterable[str]] | None = None
    stepped: bool = False
    shortcut: Callable[[Call, Callable[[Node], bool]], Shortcut | None] | None = None
    internal: bool = False
    names: frozenset[str] = field(init=False)
    labels: frozenset[str] = field(init=False)
    listed: bool = field(init=False)
    ends_with_list: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", frozenset(parameter.name for parameter in self.parameters))
        labels = frozenset(parameter.name for parameter in self.parameters if parameter.type == "Labels")
        object.__setattr__(self, "labels", labels)
        kinds = [parameter.kind for parameter in self.parameters]
        object.__setattr__(self, "listed", "tensors" in kinds)
        object.__setattr__(self, "ends_with_list", kinds[-1:] == ["tensors"])

    def __call__(self, *arguments: Operand | Sequence[Operand] | Any, **options: Any) -> Node:
        """The node of this op applied to nodes; positional arguments may run on into the options."""
        return self.applied(arguments, options)

    def applied(self, arguments: Sequence[Any], options: Mapping[str, Any], step: Steps | None = None) -> Node:
        """The same; ``step`` names the inner steps of a composite op."""
        given = self._bind(arguments, options)
        inputs = dict(self._inputs(given))
        try:
            return self._call(inputs, dict(self._options(given, inputs)), step or Steps())
        except Misfit as misfit:
            misfit.arguments = misfit.arguments or inputs
            raise

    def _fitted(self, rule: Callable[..., T], /, *shapes: Any, **options: Any) -> T:
        """What a shape rule, or a composition, makes of shapes and settled options."""
        try:
            return rule(*shapes, **options)
        except Misfit as misfit:
            misfit.clash = True
            raise

    def gradient(self, position: int) -> Rule:
        """The gradient rule for one input; the rule of a list of inputs is told the ``position`` in it.

        Raises Misfit where the op states no rules at all.
        """
        if not self.gradients:
            raise Misfit(f"{self.name} has no derivative here: it states no gradient rule")
        last = len(self.gradients) - 1
        if position < last or not self.listed:
            return self.gradients[position]
        rule = self.gradients[last]
        return rule and partial(rule, position=position - last)

    def bound(self, options: Mapping[str, Any]) -> Callable[..., Array]:
        """The value function with its options settled: what is left takes the arrays, in their order."""
        assert self.value is not None  # noqa: S101  a composite op has no value of its own
        first = [p.name for p in takewhile(lambda p: p.kind == "option", self.parameters)]
        others = {name: value for name, value in options.items() if name not in first}
        return partial(self.value, *(options[name] for name in first), **others) if options else self.value

    def gathered(self, arguments: Sequence[Any]) -> Sequence[Any]:
        """Positional arguments, one a parameter: those that a list at the end takes are made one list."""
        last = len(self.parameters) - 1
        rest = arguments[last:]
        if not self.ends_with_list or not rest or (len(rest) == 1 and isinstance(rest[0], (list, tuple))):
            return arguments
        return [*arguments[:last], list(rest)]

    def _bind(self, arguments: Sequence[Any], options: Mapping[str, Any]) -> dict[str, Any]:
        arguments = self.gathered(arguments)
        given: dict[str, Any] = {p.name: argument for p, argument in zip(self.parameters, arguments, strict=False)}
        if len(arguments) > len(self.parameters):
            raise Misfit(f"{self.name} takes {len(self.parameters)} arguments at most, not {len(arguments)}")
        for name, value in options.items():
            known = name if name in self.names else SYNONYMS.get(name, name)
            if known not in self.names:
                listed = ", ".join(p.name for p in self.parameters)
                guess = did_you_mean(name, self.names) or f" (it has {listed})"
                raise Misfit(f"{self.name} has no option {name!r}{guess}")
            if known in given:
                raise Misfit(f"{self.name} is given {known!r} twice")
            given[known] = value
        for parameter in self.parameters:
            if parameter.default is REQUIRED and parameter.name not in given:
                raise Misfit(f"{self.name} needs {parameter.name!r}: {self.signature()}")
        return given

    def signature(self) -> str:
        """How the op is called: ``conv2d(x, weight, bias=None, stride=1, ...)``."""
        parts = [p.name if p.default is REQUIRED else f"{p.name}={p.default_text()}" for p in self.parameters]
        if self.ends_with_list:
            parts[-1] = f"*{parts[-1]}"
        return f"{self.name}({', '.join(parts)})"

    def _inputs(self, given: dict[str, Any]) -> Iterator[tuple[str, Node]]:
        for parameter in self.parameters:
            value = given.get(parameter.name)
            if parameter.kind == "tensors":
                if isinstance(value, str) or not isinstance(value, Sequence) or not value:
                    raise Misfit(f"{parameter.name} of {self.name} must be a list of arrays: [a, b]")
                yield from (self._input(f"{parameter.name}[{i}]", item) for i, item in enumerate(value))
            elif parameter.kind == "tensor" and value is not None:
                yield self._input(parameter.name, value)

    def _input(self, name: str, value: Any) -> tuple[str, Node]:
        if not isinstance(value, (Node, int, float)) and not hasattr(value, "dtype"):
            read = "a list" if isinstance(value, (list, tuple)) else repr(value)
            raise Misfit(f"{name} of {self.name} must be an array or a number, not {read}")
        return name, as_node(value)

    def _options(self, given: dict[str, Any], inputs: dict[str, Node]) -> Iterator[tuple[str, Any]]:
        first = next(iter(inputs.values())).shape if inputs else ()
        for parameter in self.parameters:
            if parameter.kind != "option":
                continue
            value = given.get(parameter.name, parameter.default)
            if any(isinstance(item, Node) for item in (value if isinstance(value, (list, tuple)) else [value])):
                raise Misfit(f"{parameter.name} of {self.name} must be written down as numbers, it cannot be computed")
            try:
                yield parameter.name, converter(parameter.type)(value, first)
            except ValueError as error:
                raise Misfit(f"{parameter.name} of {self.name} {error}") from None

    def _call(self, inputs: dict[str, Node], options: dict[str, Any], step: Steps) -> Node:
        if self.expand is not None:
            expand = partial(self.expand, step) if self.stepped else self.expand
            if self.parameters and self.parameters[0].kind == "tensors":
                body = self._fitted(expand, *inputs.values(), **options)
            else:
                tensors = {p.name: None for p in self.parameters if p.kind == "tensor"} | inputs
                body = self._fitted(expand, **tensors, **options)
            return Call(self, inputs, options, body.shape, body)
        assert self.shape is not None  # noqa: S101  an op has a shape rule or a body
        shape = self._fitted(self.shape, *(node.shape for node in inputs.values()), **options)
        return Call(self, inputs, options, shape)


def op(
    *,
    shape: Callable[..., Shape],
    gradients: Sequence[Rule] = (),
    name: str = "",
    symbol: str = "",
    latex: str = "",
    aliases: Sequence[str] = (),
    broadcasts: bool = False,
    looped: bool = False,
    cost: Callable[..., int] | None = None,
    domain: Callable[..., Iterable[str]] | None = None,
    shortcut: Callable[[Call, Callable[[Node], bool]], Shortcut | None] | None = None,
    internal: bool = False,
) -> Callable[[Callable[..., Array]], Op]:
    """Declare an op; the function below is its value."""

    def declare(value: Callable[..., Array]) -> Op:
        return Op(
            name=name or value.__name__,
            doc=inspect.getdoc(value) or "",
            parameters=_parameters(value),
            value=value,
            shape=shape,
            gradients=tuple(gradients),
            symbol=symbol,
            latex=latex,
            aliases=tuple(aliases),
            broadcasts=broadcasts,
            looped=looped,
            cost=cost,
            domain=domain,
            shortcut=shortcut,
            internal=internal,
        )

    return declare


def composite(
    *,
    name: str = "",
    latex: str = "",
    aliases: Sequence[str] = (),
    domain: Callable[..., Iterable[str]] | None = None,
) -> Callable[[Callable[..., Node]], Op]:
    """Declare an op that is composed of others; the function below makes its body from nodes."""

    def declare(expand: Callable[..., Node]) -> Op:
        return Op(
            name=name or expand.__name__,
            doc=inspect.getdoc(expand) or "",
            parameters=_parameters(expand),
            expand=expand,
            latex=latex,
            aliases=tuple(aliases),
            domain=domain,
            stepped=any(p.annotation == "Steps" for p in inspect.signature(expand).parameters.values()),
        )

    return declare


def _parameters(function: Callable[..., Any]) -> tuple[Parameter, ...]:
    parameters = inspect.signature(function).parameters.values()
    return tuple(_parameter(parameter) for parameter in parameters if parameter.annotation != "Steps")


def _parameter(parameter: inspect.Parameter) -> Parameter:
    if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
        return Parameter(parameter.name, "tensors", parameter.annotation)
    kind = "tensor" if parameter.annotation in TENSORS else "option"
    return Parameter(parameter.name, kind, parameter.annotation, parameter.default)
