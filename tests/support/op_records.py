"""What a record of an op is made of; the records themselves stand in tests.ops.records.py.

A sample's numbers are all different, none is 0, and any two are far apart beside the step of a finite difference: no op
is tried at a kink. Every axis of a sample has a length of its own, so that a swapped axis shows.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from hwcheck.graph.node import Array, Node, Operand, Quantity, Shape
from hwcheck.graph.op import Op, Steps
from hwcheck.ops.catalogue import ops

__all__ = ["OPS", "Bad", "Record", "Sample", "bad", "called", "drawn", "kink", "quantities"]

OPS: Mapping[str, Op] = {op.name: op for op in ops().values()}


class Sample(NamedTuple):
    """Numbers for an op's inputs, in the order of its parameters, and its options.

    ``discrete`` are the inputs, by position, that hold labels: they cannot be moved a little.
    """

    inputs: tuple[Array, ...]
    options: Mapping[str, Any]
    discrete: frozenset[int] = frozenset()
    torch: bool = True

    def without_torch(self) -> Sample:
        """The same, where PyTorch has no counterpart of these options."""
        return self._replace(torch=False)


class Bad(NamedTuple):
    """A call that must be refused: a tuple stands for a quantity of that shape, a list for a list of them."""

    words: str
    arguments: tuple[Any, ...]
    options: Mapping[str, Any]


class Record(NamedTuple):
    """What is known of one op.

    ``torch(T, *tensors, **options)`` is the same computed by the module T, PyTorch; where PyTorch has no such op,
    ``jax(J, *arrays, **options)`` by the module J, jax. ``kinks`` are samples at which a derivative jumps and the
    convention is that of the other library: they are compared with it, and with no finite differences.
    """

    samples: tuple[Sample, ...]
    bad: tuple[Bad, ...]
    torch: Callable[..., Any] | None = None
    jax: Callable[..., Any] | None = None
    kinks: tuple[Sample, ...] = ()


def drawn(*inputs: Shape | Array, between: tuple[float, float] = (-1.5, 1.5), **options: Any) -> Sample:
    """A sample of numbers drawn for each shape; an array is taken as it is, and counts as discrete."""
    shapes = [item for item in inputs if isinstance(item, tuple)]
    count = sum(int(np.prod(shape)) for shape in shapes)
    count += count % 2  # an even number of midpoints: none is the middle
    low, high = between
    numbers = [low + (high - low) * (place + 0.5) / max(count, 1) for place in range(count)]
    random.Random(17).shuffle(numbers)  # noqa: S311  no secret depends on it
    supply = iter(numbers)
    arrays = tuple(
        np.array([next(supply) for _ in range(int(np.prod(item)))]).reshape(item)
        if isinstance(item, tuple)
        else np.asarray(item, dtype=np.float64)
        for item in inputs
    )
    return Sample(arrays, options, frozenset(i for i, item in enumerate(inputs) if not isinstance(item, tuple)))


def kink(*inputs: Any, fixed: Sequence[int] = (), **options: Any) -> Sample:
    """A sample of these numbers, at which a derivative jumps; ``fixed`` are the inputs that are not differentiated."""
    return Sample(tuple(np.array(x, dtype=np.float64) for x in inputs), options, frozenset(fixed))


def bad(words: str, *arguments: Any, **options: Any) -> Bad:
    """A call to be refused with a message that holds these words."""
    return Bad(words, arguments, options)


def quantities(op: Op, shapes: Sequence[Shape]) -> list[Quantity]:
    """Quantities of these shapes, named as the op's parameters are."""
    names: list[str] = []
    for parameter in op.parameters:
        if parameter.kind == "tensor":
            names.append(parameter.name)
        elif parameter.kind == "tensors":
            names.extend(f"{parameter.name}[{i}]" for i in range(len(shapes) - len(names)))
    return [Quantity(name, shape=shape) for name, shape in zip(names, shapes, strict=False)]


def called(op: Op, nodes: Sequence[Node], options: Mapping[str, Any], step: Steps | None = None) -> Node:
    """The op applied to nodes, in the order of its tensors without those among the options; a list takes all left."""
    given: dict[str, Operand | Sequence[Operand]] = {}
    for parameter in op.parameters:
        if parameter.kind == "tensors":
            given[parameter.name] = nodes[len(given) :]
        elif parameter.kind == "tensor" and parameter.name not in options and len(given) < len(nodes):
            given[parameter.name] = nodes[len(given)]
    return op.applied((), {**given, **options}, step)
