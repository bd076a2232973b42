"""The node tests of the ``onnx`` package: small models, each with inputs and the outputs that it must give."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Mapping
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
    return list(dict.fromkeys(node.op_type for node in case.model.graph.node))


def arrays(tensors: Any) -> list[npt.NDArray[Any]]:
    """A case's inputs or outputs."""
    return [onnx.numpy_helper.to_array(item) if hasattr(item, "data_type") else np.asarray(item) for item in tensors]
