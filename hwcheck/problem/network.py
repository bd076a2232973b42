"""The network while its file is read: lines become quantities, in order, and then their gradients are known.

A line that has a fault is remembered as failed: what refers to it is not reported again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from hwcheck.errors import InputError, Location, did_you_mean
from hwcheck.graph.node import Array, Constant, Node, Quantity, Shape
from hwcheck.graph.op import Misfit
from hwcheck.graph.options import spell_shape
from hwcheck.language.build import Scope, build
from hwcheck.language.derivatives import Derivatives
from hwcheck.language.printer import to_text
from hwcheck.language.source import Source
from hwcheck.limits import LINE
from hwcheck.located import Located, Scalar
from hwcheck.ops.catalogue import ops
from hwcheck.problem.fields import Fields

__all__ = ["Network"]


class FollowsError(Exception):
    """A name is missing only because of a fault that is reported already."""


class Network:
    """Quantities by name, and the derivatives between them."""

    def __init__(self, fields: Fields, dims: Mapping[str, int]) -> None:
        self.quantities: dict[str, Quantity] = {}
        self.loss: Quantity | None = None
        self.derivatives = Derivatives(self._seeds)
        self._fields = fields
        self._sizes = {name: float(size) for name, size in dims.items()}
        self._failed: set[str] = set()
        self._expected: dict[str, Located] = {}
        self._loss: Scalar | None = None
        self._upstream: dict[str, tuple[Location, Array | None]] = {}

    def declare(self, name: str, shape: Shape | None) -> None:
        """An input or a weight; without a shape it has a fault already."""
        if shape is None:
            self.fail(name)
        else:
            self.quantities[name] = Quantity(name, shape=shape)

    def fail(self, name: str) -> None:
        """Remember that a name has a fault."""
        self._failed.add(name)

    def expect(self, lines: Mapping[str, Located]) -> None:
        """The lines to come: a reference to one of them gets a better message."""
        self._expected = dict(lines)

    def add_line(self, name: str, text: Scalar) -> None:
        """Build a line's expression; what is wrong with it is noted."""
        node = self.expression(text, name)
        if node is None:
            self.fail(name)
        else:
            self.quantities[name] = Quantity(name, node)

    def expression(self, text: Scalar, line: str = "") -> Node | None:
        """The node of an expression over the quantities so far, or None where a fault was noted."""
        scope = Scope(
            {**self._sizes, **self.quantities}, ops(), self.derivatives.forms, lambda name: self._why_absent(name, line)
        )
        try:
            return build(Source(text.text, text.location, LINE), scope)
        except FollowsError:
            return None
        except InputError as error:
            self._fields.faults += error.faults
            return None

    def _why_absent(self, name: str, line: str) -> str | None:
        if name in self._failed:
            raise FollowsError
        if name == line:
            return f"the line {line} refers to itself"
        if line and name in self._expected and name not in self.quantities:
            if line in self._reached_from(name):
                return f"{line} and {name} need each other: a network cannot be cyclic"
            return f"{line} needs {name}, which stands on a later line; a line may use only what stands above it"
        return None

    def _reached_from(self, start: str) -> set[str]:
        """The lines that a line needs, and those that they need, by the words in them."""
        reached: set[str] = set()
        waiting = [start]
        while waiting:
            value = self._expected.get(waiting.pop())
            if isinstance(value, Scalar):
                words = set(re.findall(r"\w+", value.text)) & set(self._expected)
                waiting += words - reached
                reached |= words
        return reached

    def start_from(self, loss: Located | None, upstream: Located | None, here: Location) -> None:
        """Read ``loss`` or ``upstream``, where differentiation starts; their quantities are still to come."""
        if loss is not None and upstream is not None:
            self._fields.fault(upstream.location, "a problem has a loss or upstream gradients, not both")
        elif upstream is not None:
            for key, item in self._fields.mapping(upstream, "upstream"):
                gradient = self._fields.array(item, f"the upstream gradient of {key.text}", self._sizes)
                self._upstream[key.text] = (key.location, gradient)
        elif loss is not None:
            self._loss = Scalar(self._fields.text(loss, "loss"), loss.location)
        else:
            self._fields.fault(here, "a problem needs a loss (the name of a network line) or upstream gradients")

    def finish(self) -> None:
        """Check where differentiation starts, now that all lines are built, and that it can be done."""
        for name, (location, gradient) in self._upstream.items():
            self._check_start(name, location, None if gradient is None else gradient.shape)
        if self._loss is not None and self._loss.text:
            self._check_start(self._loss.text, self._loss.location, ())
            self.loss = self.quantities.get(self._loss.text)
        try:
            self.derivatives.of_loss()
        except FollowsError:
            pass  # reported where it went wrong
        except Misfit as misfit:
            if self._loss is not None:
                self._fields.fault(self._loss.location, misfit.told(to_text))

    def _check_start(self, name: str, location: Location, shape: Shape | None) -> None:
        """A start is a network line of the right shape; else gradients fail, and are not reported again."""
        known = self.quantities.get(name)
        if known is None:
            if name not in self._failed:
                guess = did_you_mean(name, self.quantities)
                self._fields.fault(location, f"there is no quantity {name!r} to start from{guess}")
        elif shape is not None and known.shape != shape:
            if self._loss is not None:
                rule = f"the loss must be a single number, but {name} is {spell_shape(known.shape)}"
            else:
                rule = f"{name} is {spell_shape(known.shape)}, but its upstream gradient is {spell_shape(shape)}"
            self._fields.fault(location, rule)

    def _seeds(self) -> dict[Node, Node]:
        """The quantities to start from and the gradient that arrives at each. Raises Misfit before they are built."""
        seeds: dict[Node, Node] = {}
        for name, gradient in self._all_starts().items():
            known = self.quantities.get(name)
            if known is None and name in self._expected and name not in self._failed:
                raise Misfit(f"a gradient needs {name}, which stands on a later line")
            if known is None or gradient is None or known.shape != gradient.shape:
                raise FollowsError
            seeds[known] = Constant(gradient)
        if not seeds:
            raise FollowsError
        return seeds

    def _all_starts(self) -> dict[str, Array | None]:
        stated = {name: gradient for name, (_, gradient) in self._upstream.items()}
        return stated if self._loss is None else {self._loss.text: np.ones(())}

    def starts(self) -> dict[str, Array]:
        """What differentiation starts from, with the gradient that arrives there."""
        return {name: gradient for name, gradient in self._all_starts().items() if gradient is not None}

    def gradients(self) -> dict[str, Quantity]:
        """The gradient of each input, weight and line that the loss depends on, by that one's name."""
        found = self.derivatives.of_loss()
        pairs = ((name, found.get(quantity)) for name, quantity in self.quantities.items())
        return {name: gradient for name, gradient in pairs if isinstance(gradient, Quantity)}
