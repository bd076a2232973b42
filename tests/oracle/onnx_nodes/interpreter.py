"""An ONNX model becomes a graph of hwcheck's, which is evaluated and compared with what the case expects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


class Model:
    """The graph of a case's model; ``feeds`` are the inputs' numbers."""

    def __init__(self, case: Case) -> None:
        self.graph = case.model.graph
        self.feeds: dict[Quantity, Array] = {}
        self.values: dict[str, Value] = {}
        self.opsets = {opset.domain: opset.version for opset in case.model.opset_import}
        inferred = onnx.shape_inference.infer_shapes(case.model).graph
        self.types: Mapping[str, int] = {
            info.name: info.type.tensor_type.elem_type for info in (*inferred.value_info, *inferred.output)
        }
        inputs = arrays(case.data_sets[0][0])
        for info, array in zip(self.graph.input, inputs, strict=True):
            quantity = Quantity(info.name, shape=array.shape)
            self.feeds[quantity] = array.astype(np.float64)[np.newaxis]
            self.values[info.name] = Value(quantity, array.dtype, self.feeds)
        for initializer in self.graph.initializer:
            array = onnx.numpy_helper.to_array(initializer)
            self.values[initializer.name] = Value(Constant(array), array.dtype, self.feeds)

    def outputs(self) -> list[Node]:
        """The nodes of the model's outputs."""
        for proto in self.graph.node:
            node = self._read(proto)
            made = TRANSLATIONS[node.operator](node)
            for name, output in zip(node.outputs, [made] if isinstance(made, Node) else made, strict=False):
                if name:
                    assert output is not None, f"the translation of {node.operator} gives no {name}"
                    self.values[name] = Value(output, self._dtype(name), self.feeds)
        return [self.values[info.name].node for info in self.graph.output]

    def _read(self, proto: Any) -> OnnxNode:
        opset = self.opsets[proto.domain]
        schema = onnx.defs.get_schema(proto.op_type, max_inclusive_version=opset, domain=proto.domain)
        defaults = {name: a.default_value for name, a in schema.attributes.items() if a.default_value.type}
        stated = {attribute.name: attribute for attribute in proto.attribute}
        return OnnxNode(
            operator=proto.op_type,
            values=tuple(self.values[name] if name else None for name in proto.input),
            attributes={name: _attribute(attribute) for name, attribute in (defaults | stated).items()},
            outputs=tuple(proto.output),
            dtype=self._dtype(next(filter(None, proto.output))),
            opset=opset,
        )

    def _dtype(self, name: str) -> np.dtype[Any]:
        dtype: np.dtype[Any] = onnx.helper.tensor_dtype_to_np_dtype(self.types[name])
        return dtype


def _attribute(attribute: Any) -> Any:
    """The value of an attribute: a number, a text, an array, or a list of those."""
    value = onnx.helper.get_attribute_value(attribute)
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, Sequence):
        return [item.decode() if isinstance(item, bytes) else item for item in value]
    return onnx.numpy_helper.to_array(value) if attribute.type == onnx.AttributeProto.TENSOR else value


def compare(case: Case) -> None:
    """Fail where hwcheck gives something else than the case expects."""
    model = Model(case)
    outputs = evaluate(model.outputs(), model.feeds)
    for info, output, expected in zip(model.graph.output, outputs, arrays(case.data_sets[0][1]), strict=True):
        _assert_close(output[0], expected, info.name)


def _assert_close(output: Array, expected: npt.NDArray[Any], name: str) -> None:
    rtol, atol = TOLERANCES.get(expected.dtype.name, (0.0, 0.0))
    assert output.shape == expected.shape, f"{name} is {output.shape}, but {expected.shape} is expected"
    np.testing.assert_allclose(output, expected.astype(np.float64), rtol=rtol, atol=atol, err_msg=name)
