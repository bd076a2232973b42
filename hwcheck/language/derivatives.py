"""``grad`` and ``jacobian``: the functions of the language that need the network itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np

from hwcheck.graph.differentiate import Share, adjoints
from hwcheck.graph.node import Call, Constant, Node, Quantity, Use
from hwcheck.graph.op import Misfit, Op, Parameter
from hwcheck.graph.options import spell_shape
from hwcheck.language.printer import number_text, to_text
from hwcheck.ops.arrays import getitem, reshape
from hwcheck.ops.assembly import stack

__all__ = ["Derivatives", "use_name"]

MOST_ENTRIES = 1_000_000
MOST_PASSES = 10_000


# How a jacobian is printed: its body, a stack of backward passes, is nothing to read.
_JACOBIAN = Op("jacobian", "", (Parameter("y", "tensor", "Node"), Parameter("x", "tensor", "Node")))


def use_name(name: str, at: Mapping[str, Any]) -> str:
    """What a quantity is called within one step of a repetition: ``W, t=2``."""
    return ", ".join([name, *(f"{index}={number_text(float(value))}" for index, value in at.items())])


class Derivatives:
    """The derivatives of one network, each made once: a gradient that is asked twice is the same quantity.

    ``seeds`` gives the quantities that differentiation starts from, with the gradient that arrives at each: the loss
    with 1, or what the problem states as ``upstream``. It raises Misfit as long as they are not all built.
    ``uses`` has what a quantity is within one step of a repetition by its name, ``W, t=2``; ``indices`` are the names
    that such a step may be told by.
    """

    def __init__(
        self,
        seeds: Callable[[], Mapping[Node, Node]],
        uses: Mapping[str, Quantity] = MappingProxyType({}),
        indices: Collection[str] = (),
    ) -> None:
        self._seeds = seeds
        self._uses = uses
        self._indices = indices
        self.trail: list[Share] = []  # of the way back from the loss, once it was gone
        self._of_loss: dict[Node, Node] | None = None
        self._of_scalar: dict[Quantity, dict[Node, Node]] = {}
        self._jacobians: dict[tuple[Quantity, Node], Quantity] = {}

    @property
    def forms(self) -> dict[str, Callable[..., Node]]:
        """The functions by the names that they are called with."""
        return {"grad": self.grad, "jacobian": self.jacobian}

    def of_loss(self) -> Mapping[Node, Node]:
        """The gradient of the loss in every node that it depends on; those of quantities are quantities."""
        if self._of_loss is None:
            self._of_loss = adjoints(self._seeds(), lambda quantity: f"grad({quantity.name})", self.trail)
        return self._of_loss

    def grad(self, *arguments: Node, **at: Any) -> Node:
        """``grad(X)``, the gradient of the loss in X; ``grad(Y, X)`` that of a scalar Y.

        ``grad(W, t=2)`` is the share of it that comes from the uses of W in the step t = 2; of two indices, one that
        is left out has all of its values.
        """
        if not set(at) <= set(self._indices):
            steps = f", or grad(X, {next(iter(self._indices))}=1) for the share of a step" if self._indices else ""
            raise Misfit(f"grad has no options, and its arguments no names: write grad(X){steps}")
        for index, value in at.items():
            if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value):
                raise Misfit(f"{index} of grad must be a value of the index {index}, a whole number, not {value!r}")
        if len(arguments) == 1:
            return self._part_of(arguments[0], lambda quantity: self._summed(self._grad_of_loss, quantity, at))
        if len(arguments) != 2:
            raise Misfit(f"grad takes one argument, grad(X), or two, grad(Y, X), not {len(arguments)}")
        y, x = arguments
        if y.shape:
            raise Misfit(f"grad(Y, X) needs a scalar Y, but {to_text(y)} is {spell_shape(y.shape)}; use jacobian(Y, X)")
        of = partial(self._grad_of, _named(y, "grad"))
        return self._part_of(x, lambda quantity: self._summed(of, quantity, at))

    def _part_of(self, x: Node, grad: Callable[[Quantity], Node]) -> Node:
        """The gradient in a part of a quantity is that part of its gradient."""
        parts: list[Any] = []
        while isinstance(x, Call) and x.op is getitem:
            parts.append(x.options["index"])
            x = x.inputs[0]
        gradient = grad(_named(x, "grad"))
        for index in reversed(parts):
            gradient = getitem(gradient, tuple(index))
        return gradient

    def _summed(self, grad: Callable[[Quantity], Node], x: Quantity, at: Mapping[str, Any]) -> Node:
        """The gradient in a quantity, or of what it is within some steps, such as W where t is 2."""
        first, *others = map(grad, self._used(x, at)) if at else [grad(x)]
        return sum(others, start=first)

    def _used(self, x: Quantity, at: Mapping[str, Any]) -> list[Quantity]:
        """What a quantity is within each step that ``at`` is true of."""
        used = [known for known in self._uses if known.startswith(f"{x.name}, ")]
        name = use_name(x.name, at)
        wanted = set(name.split(", "))
        found = [self._uses[known] for known in used if wanted <= set(known.split(", "))]
        if not found:
            listed = f"; there is {', '.join(f'grad({known})' for known in used[:8])}" if used else ""
            rule = listed or "; only a weight without an index has shares, in lines with one"
            raise Misfit(f"{x.name} is not used in such a step: there is no grad({name}){rule}")
        return found

    def _grad_of_loss(self, x: Quantity) -> Node:
        gradients = self.of_loss()
        if x not in gradients:
            raise Misfit(f"the loss does not depend on {x.name}: its gradient would be zero everywhere")
        return gradients[x]

    def _grad_of(self, y: Quantity, x: Quantity) -> Node:
        if y not in self._of_scalar:
            self._of_scalar[y] = adjoints({y: Constant(1.0)}, lambda quantity: f"grad({y.name}, {quantity.name})")
        if x not in self._of_scalar[y]:
            raise Misfit(f"{y.name} does not depend on {x.name}: its gradient would be zero everywhere")
        return self._of_scalar[y][x]

    def jacobian(self, *arguments: Node, **options: Any) -> Node:
        """``jacobian(Y, X)``: entry [i..., j...] is the derivative of Y[i...] in X[j...].

        One backward pass for each entry of Y, whose results are stacked.
        """
        if options:
            raise Misfit("jacobian has no options, and its arguments no names: write jacobian(Y, X)")
        if len(arguments) != 2:
            raise Misfit(f"jacobian takes two arguments, jacobian(Y, X), not {len(arguments)}")
        y, x = _named(arguments[0], "jacobian"), _named(arguments[1], "jacobian")
        if y.size * x.size > MOST_ENTRIES or y.size > MOST_PASSES:
            raise Misfit(f"jacobian({y.name}, {x.name}) would have {y.size:,} x {x.size:,} entries: too many")
        if (y, x) not in self._jacobians:
            rows = [self._row(y, x, position) for position in range(y.size)]
            whole = reshape(stack(rows), y.shape + x.shape)
            call = Call(_JACOBIAN, {"y": y, "x": x}, {}, whole.shape, whole)
            self._jacobians[y, x] = Quantity(to_text(call), call)
        return self._jacobians[y, x]

    def _row(self, y: Quantity, x: Quantity, position: int) -> Node:
        unit = np.zeros(y.size)
        unit[position] = 1.0
        gradients = adjoints({y: Constant(unit.reshape(y.shape))})
        if x not in gradients:
            raise Misfit(f"{y.name} does not depend on {x.name}: its jacobian would be zero everywhere")
        return gradients[x]


def _named(node: Node, form: str) -> Quantity:
    if isinstance(node, Use):
        return node.of
    if not isinstance(node, Quantity):
        raise Misfit(f"{form} needs the names of quantities, not {to_text(node)}; give it a network line of its own")
    return node
