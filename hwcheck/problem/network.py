"""The network while its file is read: lines become quantities, in order, and then their gradients are known.

A line that has a fault is remembered as doubtful: what refers to it is not reported again.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np

from hwcheck.errors import InputError, Location, did_you_mean
from hwcheck.graph.node import Array, Constant, Node, Quantity, Shape, Use
from hwcheck.graph.op import Misfit, Op, Steps
from hwcheck.graph.options import spell_shape
from hwcheck.language.build import Scope, build
from hwcheck.language.derivatives import Derivatives, use_name
from hwcheck.located import Located, Map, Scalar
from hwcheck.located_build import shown
from hwcheck.problem.fields import Fields, instead
from hwcheck.problem.names import FollowsError, spelled
from hwcheck.problem.repetition import NOWHERE, canonical
from hwcheck.problem.values import MOST_AXES

__all__ = ["Network"]


class Network:
    """Quantities by name, and the derivatives between them."""

    def __init__(self, fields: Fields, catalogue: Mapping[str, Op]) -> None:
        self.quantities: dict[str, Quantity] = {}
        self.loss: str | None = None
        self._uses: dict[str, Quantity] = {}
        self._weights: set[str] = set()
        self.derivatives = Derivatives(self._seeds, self._uses, fields.names.indices)
        self._fields = fields
        self._ops = catalogue
        self._names = fields.names
        self._starts: dict[str, tuple[Location, Array | None]] = {}
        self._differentiable = True

    def declare_weight(self, name: str, shape: Shape | None) -> None:
        """A weight, whose gradient can be asked for a step at a time."""
        self._weights.add(name)
        self.declare(name, shape)

    def declare(self, name: str, shape: Shape | None) -> None:
        """An input or a weight; without a shape it has a fault already."""
        if shape is None:
            self._names.doubt(name)
        else:
            self._add(Quantity(name, shape=shape))

    def add_line(self, name: str, text: Scalar, at: Mapping[str, int] = NOWHERE) -> None:
        """Build a line's expression; what is wrong with it is noted. ``at`` has the values of its indices."""
        step = Steps(name)
        node = self.expression(text, name, at=at, step=step)
        if node is not None and len(node.shape) > MOST_AXES:
            self._fields.fault(text.location, f"{name} has {len(node.shape)} axes; at most {MOST_AXES} are allowed")
            node = None
        if node is None:
            self._names.doubt(name)
            return
        for inner in step.made.values():
            self._add(inner)
        self._add(Quantity(name, node))
        if name in self._starts and all(start in self.quantities for start in self._starts):
            self._check_gradients()

    def _add(self, quantity: Quantity) -> None:
        self.quantities[quantity.name] = self._names.known[quantity.name] = quantity

    def expression(
        self,
        text: Scalar,
        line: str = "",
        also: Mapping[str, Node] | None = None,
        at: Mapping[str, int] = NOWHERE,
        step: Steps | None = None,
    ) -> Node | None:
        """The node of an expression over the quantities so far, and ``also`` these; None where a fault was noted.

        ``at`` has the values of the indices in it, ``step`` names the inner steps of a composite op.
        """
        if self._names.in_doubt(text.text):
            return None
        names: Mapping[str, Node | float] = self._names.known
        if also or at:
            names = ChainMap(dict(self._within_step(text.text, at)), dict(also or {}), self._names.known)
        absent = partial(self._names.absent, user=line)
        scope = Scope(names, self._ops, self.derivatives.forms, absent, self._names.families, step)
        try:
            return build(self._fields.source(text), scope)
        except FollowsError:
            return None
        except InputError as error:
            where = ", ".join(f"{index} is {value}" for index, value in at.items())
            for place, message in error.faults:
                self._fields.fault(place, f"{message} (where {where})" if where else message)
            return None

    def _within_step(self, text: str, at: Mapping[str, int]) -> Iterator[tuple[str, Node | float]]:
        """The indices of a step, and the weights that an expression uses there: each is the weight in that step."""
        yield from ((index, float(value)) for index, value in at.items())
        for name in sorted(self._weights.intersection(re.findall(r"\w+", text))) if at else ():
            weight = self.quantities.get(name)
            if weight is not None:
                known = use_name(name, at)
                yield name, self._uses.setdefault(known, Use(known, weight))

    def start_from(self, loss: Located | None, upstream: Located | None, here: Location) -> None:
        """Read ``loss`` or ``upstream``, where differentiation starts; their quantities are still to come."""
        if loss is not None and upstream is not None:
            rule = "a problem has a loss or upstream gradients, not both"
            self._fields.fault(upstream.location, f"{rule}; delete the one that the homework does not give")
        elif upstream is not None:
            self._read_upstream(upstream)
        elif loss is not None:
            self._read_loss(loss)
        else:
            rule = "a problem needs a loss (loss: L, the name of a network line) or upstream gradients (upstream: ...)"
            self._fields.fault(here, rule)

    def _read_loss(self, loss: Located) -> None:
        if not isinstance(loss, Scalar) or not loss.text.strip():
            self._fields.fault(loss.location, f"loss must be the name of a network line, {instead(loss)}")
            return
        self.loss = canonical(loss.text) if "[" in loss.text else spelled(loss.text)
        if self.loss is not None:
            self._starts[self.loss] = loss.location, np.ones(())
        elif not self._names.in_doubt(loss.text):
            rule = f"loss must be the name of a network line, {instead(loss)}"
            self._fields.fault(loss.location, f"{rule}; give the expression a line of its own and name that")

    def _read_upstream(self, upstream: Located) -> None:
        for key, item in self._fields.mapping(upstream, "upstream", "Y: [1, 0, -1]"):
            gradient = self._fields.array(item, f"the upstream gradient of {key.text}")
            for name, own in self._each_upstream(key, item, gradient):
                self._starts[name] = key.location, own
        if isinstance(upstream, Map) and not upstream.entries:
            rule = "upstream needs the name of a network line and the gradient that arrives at it"
            self._fields.fault(upstream.location, f"{rule}; write upstream: {{Y: [1, 0, -1]}}")

    def _each_upstream(self, key: Scalar, item: Located, gradient: Array | None) -> Iterator[tuple[str, Array | None]]:
        """What arrives where; of a name with an index, ``h[t]``, one item for each of its values."""
        counts = self._fields.repetition.counts(key.text)
        if not counts:
            yield spelled(key.text) or canonical(key.text), gradient
            return
        try:
            members = self._fields.repetition.members(key, self._fields.sizes)
        except InputError as error:
            self._fields.note(error)
            return
        items = None if gradient is None else self._fields.repetition.items(key.text, gradient)
        if gradient is not None and items is None:
            rule = f"upstream of {key.text} needs a gradient for each step, {spell_shape(counts)} of them"
            self._fields.fault(item.location, f"{rule}, but it has {spell_shape(gradient.shape)}")
        yield from ((member.name, None if items is None else items[i]) for i, member in enumerate(members))

    def finish(self) -> None:
        """Tell of starts that no line has defined."""
        for name, (location, _) in self._starts.items():
            if name in self.quantities and self.quantities[name].body is None:
                rule = f"{self._role(name)} must be a network line, but {name} is an input or a weight"
                self._fields.fault(location, f"{rule}; add a line to the network and name that")
            elif name not in self.quantities and not self._names.is_doubtful(name):
                lines = [line for line, quantity in self.quantities.items() if quantity.body is not None]
                rule = f"{self._role(name)} must be a network line, but there is no line {shown(name)}"
                members = [line for line in self._names.families.get(name, ()) if line in lines]
                advice = f"; {name} has an index: write {members[-1]}" if members else did_you_mean(name, lines)
                self._fields.fault(location, rule + advice)

    def _role(self, name: str) -> str:
        return "the loss" if self.loss == name else "what an upstream gradient arrives at"

    def _check_gradients(self) -> None:
        """Now that all starts are built: check their shapes, and that they can be differentiated."""
        before = len(self._fields.faults)
        for name, (location, gradient) in self._starts.items():
            shape = self.quantities[name].shape
            if gradient is not None and shape != gradient.shape:
                if self.loss is not None:
                    rule = f"the loss must be a single number, but {name} has shape {list(shape)}; take its sum or mean"
                else:
                    rule = f"{name} has shape {list(shape)}, but its upstream gradient has {list(gradient.shape)}"
                self._fields.fault(location, rule)
        name, (location, _) = next(iter(self._starts.items()))
        self.expression(Scalar(f"grad({name})", location))
        self._differentiable = len(self._fields.faults) == before

    def _seeds(self) -> dict[Node, Node]:
        """The quantities to start from and the gradient that arrives at each. Raises Misfit before they are built."""
        seeds: dict[Node, Node] = {}
        for name, (_, gradient) in self._starts.items():
            known = self.quantities.get(name)
            if known is None and self._names.is_coming(name):
                rule = f"a gradient needs {self._role(name)}, {name}, which is not computed yet here"
                raise Misfit(f"{rule}; only lines below that of {name} can hold gradients")
            if known is None or gradient is None or known.shape != gradient.shape:
                raise FollowsError
            seeds[known] = Constant(gradient)
        if not seeds or not self._differentiable:
            raise FollowsError
        return seeds

    def starts(self) -> dict[str, Array]:
        """What differentiation starts from, with the gradient that arrives there."""
        return {name: gradient for name, (_, gradient) in self._starts.items() if gradient is not None}

    def named(self, name: str) -> Node | None:
        """The quantity or the gradient of the loss that has a name, if there is one."""
        if name in self.quantities:
            return self.quantities[name]
        if name.startswith("grad(") and name.removeprefix("grad(").removesuffix(")") in self._uses:
            return self.shares().get(name)
        of = self.quantities.get(name.removeprefix("grad(").removesuffix(")"))
        try:
            gradient = self.derivatives.of_loss().get(of) if of is not None else None
        except FollowsError:
            return None
        return gradient if isinstance(gradient, Quantity) and gradient.name == name else None

    def shares(self) -> dict[str, Quantity]:
        """The gradient of each weight within each step that uses it, by its own name: ``grad(W, t=2)``."""
        found = self.derivatives.of_loss() if self._uses else {}
        shares = (found.get(use) for use in self._uses.values())
        return {share.name: share for share in shares if isinstance(share, Quantity)}

    def gradients(self) -> dict[str, Quantity]:
        """The gradient of each input, weight and line that the loss depends on, by that one's name."""
        found = self.derivatives.of_loss()
        pairs = ((name, found.get(quantity)) for name, quantity in self.quantities.items())
        return {name: gradient for name, gradient in pairs if isinstance(gradient, Quantity)}
