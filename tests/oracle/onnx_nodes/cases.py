"""The node tests of the ``onnx`` package: small models, each with inputs and the outputs that it must give."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Case", "arrays", "cases", "onnx", "operators"]

# Untyped, as all oracles are: see tests/oracle/libraries.py.
onnx: Any = importlib.import_module("onnx")
Case = Any  # onnx.backend.test.case.test_case.TestCase


@cache
def cases() -> Mapping[str, Case]:
    """All of them, by name: importing onnx's modules computes them, which takes some seconds."""
    collector = importlib.import_module("onnx.backend.test.case.node")
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return {case.name: case for case in collector.collect_testcases()}


def operators(case: Case) -> list[str]:
    """The operators that a case's model is made of, each once."""
    return list(dict.fromkeys(_operators(case.model.graph)))


def _operators(graph: Any) -> Iterator[str]:
    for node in graph.node:
        yield node.op_type
        for attribute in node.attribute:
            yield from _operators(attribute.g)


def arrays(tensors: Any) -> list[npt.NDArray[Any]]:
    """A case's inputs or outputs."""
    return [onnx.numpy_helper.to_array(item) if hasattr(item, "data_type") else np.asarray(item) for item in tensors]
