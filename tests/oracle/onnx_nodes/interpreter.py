"""An ONNX model becomes a graph of hwcheck's, which is evaluated and compared with what the case expects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.node import Array, Constant, Node, Quantity
from tests.oracle.onnx_nodes.cases import Case, arrays, onnx
from tests.oracle.onnx_nodes.table import TRANSLATIONS
from tests.oracle.onnx_nodes.translation import OnnxNode, Value

__all__ = ["compare"]

# How far what ONNX computed in a type may be from what hwcheck computes in float64; of whole numbers nothing.
TOLERANCES = {"float64": (1e-7, 1e-9), "float32": (1e-5, 1e-6), "float16": (5e-3, 1e-3), "bfloat16": (4e-2, 1e-2)}

# The cases that expect numbers written with four decimals.
ROUNDED = {"test_averagepool_2d_ceil_last_window_starts_on_pad"}


class Model:
    """A case's model with its inputs; ``feeds`` are the inputs' numbers."""

    def __init__(self, case: Case) -> None:
        self.feeds: dict[Quantity, Array] = {}
        self._graph = case.model.graph
        self._opsets = {opset.domain: opset.version for opset in case.model.opset_import}
        self._types = dict(_types(onnx.shape_inference.infer_shapes(case.model).graph))
        self._inputs = arrays(case.data_sets[0][0])

    def outputs(self) -> list[Node]:
        """The nodes of the model's outputs."""
        values: dict[str, Value] = {}
        for info, array in zip(self._graph.input, self._inputs, strict=True):
            quantity = Quantity(info.name, shape=array.shape)
            self.feeds[quantity] = array.astype(np.float64)[np.newaxis]
            values[info.name] = Value(quantity, array.dtype, self.feeds)
        return [value.node for value in self._run(self._graph, values)]

    def _run(self, graph: Any, values: dict[str, Value]) -> list[Value]:
        """The outputs of a graph; ``values`` are those that it sees, by name."""
        for initializer in graph.initializer:
            array = onnx.numpy_helper.to_array(initializer)
            values[initializer.name] = Value(Constant(array), array.dtype, self.feeds)
        for proto in graph.node:
            node = self._read(proto, values)
            made = TRANSLATIONS[node.operator](node)
            for name, output in zip(node.outputs, [made] if isinstance(made, Node) else made, strict=False):
                if name:
                    values[name] = Value(output, self._dtype(name), self.feeds)
        return [values[info.name] for info in graph.output]

    def _inner(self, graph: Any, outer: Mapping[str, Value], *inputs: Node) -> list[Value]:
        """The outputs of a graph that is an attribute: it sees what is around its node."""
        infos = [info for info in graph.input if info.name]
        own = {info.name: Value(x, self._dtype(info.name), self.feeds) for info, x in zip(infos, inputs, strict=True)}
        return self._run(graph, {**outer, **own})

    def _read(self, proto: Any, values: Mapping[str, Value]) -> OnnxNode:
        opset = self._opsets[proto.domain]
        schema = onnx.defs.get_schema(proto.op_type, max_inclusive_version=opset, domain=proto.domain)
        defaults = {name: a.default_value for name, a in schema.attributes.items() if a.default_value.type}
        stated = {attribute.name: attribute for attribute in proto.attribute}
        return OnnxNode(
            operator=proto.op_type,
            values=tuple(values[name] if name else None for name in proto.input),
            attributes={name: self._attribute(attribute, values) for name, attribute in (defaults | stated).items()},
            outputs=tuple(proto.output),
            dtype=self._dtype(next(filter(None, proto.output))),
            opset=opset,
        )

    def _attribute(self, attribute: Any, values: Mapping[str, Value]) -> Any:
        """A number, a text, an array, a graph as a function of nodes; or a list of those."""
        value = onnx.helper.get_attribute_value(attribute)
        if attribute.type == onnx.AttributeProto.GRAPH:
            return partial(self._inner, value, values)
        if attribute.type == onnx.AttributeProto.TENSOR:
            return onnx.numpy_helper.to_array(value)
        if isinstance(value, (bytes, int, float)):
            return _text(value)
        return [_text(item) for item in value]

    def _dtype(self, name: str) -> np.dtype[Any]:
        """The type of a value; where onnx cannot infer it, it is none that matters."""
        dtype: np.dtype[Any] = onnx.helper.tensor_dtype_to_np_dtype(self._types.get(name) or onnx.TensorProto.FLOAT)
        return dtype


def _text(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


def _types(graph: Any) -> Iterator[tuple[str, int]]:
    """The element types of the values in a graph and in those inside it."""
    infos: Iterable[Any] = (*graph.input, *graph.value_info, *graph.output)
    yield from ((info.name, info.type.tensor_type.elem_type) for info in infos)
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.GRAPH:
                yield from _types(attribute.g)


def compare(case: Case) -> None:
    """Fail where hwcheck gives something else than the case expects."""
    model = Model(case)
    outputs = evaluate(model.outputs(), model.feeds)
    for info, output, expected in zip(case.model.graph.output, outputs, arrays(case.data_sets[0][1]), strict=True):
        rtol, atol = TOLERANCES.get(expected.dtype.name, (0.0, 0.0))
        _assert_close(output[0], expected, info.name, rtol, 6e-5 if case.name in ROUNDED else atol)


def _assert_close(output: Array, expected: npt.NDArray[Any], name: str, rtol: float, atol: float) -> None:
    assert output.shape == expected.shape, f"{name} is {output.shape}, but {expected.shape} is expected"
    np.testing.assert_allclose(output, expected.astype(np.float64), rtol=rtol, atol=atol, err_msg=name)
