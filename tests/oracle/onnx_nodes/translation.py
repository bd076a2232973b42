"""What a translation is: from one node of an ONNX model, whose inputs are nodes of hwcheck, to nodes of hwcheck."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.node import Array, Node, Quantity
from tests.support.op_records import OPS

__all__ = ["OPS", "OnnxNode", "Translation", "Value", "direct"]


class Value:
    """What an edge of an ONNX model carries: a node, and the type that ONNX gives its numbers.

    hwcheck wants shapes, axes and the like written down, where ONNX computes them: ``numbers`` are what comes out for
    the case's own inputs.
    """

    def __init__(self, node: Node, dtype: np.dtype[Any], feeds: Mapping[Quantity, Array]) -> None:
        self.node = node
        self.dtype = dtype
        self._feeds = feeds

    @cached_property
    def numbers(self) -> Array:
        """The numbers, in the node's shape."""
        numbers: Array = evaluate([self.node], self._feeds)[0][0]
        return numbers

    @property
    def is_whole(self) -> bool:
        """Whether ONNX computes with integers here."""
        return self.dtype.kind in "iu"


@dataclass(frozen=True)
class OnnxNode:
    """One node of an ONNX model; an optional input that is left out is None, such an output ''."""

    operator: str
    values: tuple[Value | None, ...]
    attributes: Mapping[str, Any]
    outputs: tuple[str, ...]
    dtype: np.dtype[Any]  # of the first output
    opset: int

    def has(self, position: int) -> bool:
        """Whether this input is given."""
        return position < len(self.values) and self.values[position] is not None

    def asks(self, position: int) -> bool:
        """Whether this output is wanted."""
        return position < len(self.outputs) and bool(self.outputs[position])

    def value(self, position: int) -> Value:
        """An input that is given."""
        value = self.values[position]
        assert value is not None
        return value

    def __getitem__(self, position: int) -> Node:
        return self.value(position).node

    def get(self, position: int) -> Node | None:
        """An input that may be left out."""
        return self[position] if self.has(position) else None

    @property
    def nodes(self) -> list[Node]:
        """The inputs that are given."""
        return [value.node for value in self.values if value is not None]

    def whole(self, position: int) -> list[int] | None:
        """The entries of an input that must be written down, such as axes; None where it is left out or empty."""
        numbers = self.value(position).numbers.ravel() if self.has(position) else np.zeros(0)
        return [int(number) for number in numbers] or None

    def number(self, position: int, default: float) -> float:
        """The number that an input consists of."""
        return self.value(position).numbers.item() if self.has(position) else default


Outputs: TypeAlias = Node | Sequence[Node]
Translation: TypeAlias = Callable[[OnnxNode], Outputs]


def direct(op: str, *options: str, **renamed: str) -> Translation:
    """All inputs go to one op; these attributes are its options, under the same name or as ``option="attribute"``."""
    attributes = dict(zip(options, options, strict=True)) | renamed

    def translate(onnx: OnnxNode) -> Node:
        given = {option: onnx.attributes[attribute] for option, attribute in attributes.items()}
        return OPS[op](*onnx.nodes, **given)

    return translate
