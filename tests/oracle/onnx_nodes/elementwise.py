"""Arithmetic, comparison, logic and the elementary functions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

import numpy as np

from hwcheck.graph.node import Node
from tests.oracle.onnx_nodes.translation import OPS, OnnxNode, Translation, direct

__all__ = ["TABLE"]


def _div(onnx: OnnxNode) -> Node:
    """Integers are divided towards zero."""
    quotient = OPS["divide"](*onnx.nodes)
    return OPS["trunc"](quotient) if onnx.value(0).is_whole else quotient


def _pow(onnx: OnnxNode) -> Node:
    """The power has the type of the base."""
    power = OPS["power"](*onnx.nodes)
    return OPS["trunc"](power) if onnx.value(0).is_whole else power


def _mod(onnx: OnnxNode) -> Node:
    return OPS["fmod" if onnx.attributes["fmod"] else "remainder"](*onnx.nodes)


def folded(op: str) -> Translation:
    """An op of two inputs, over a list of them."""
    return lambda onnx: reduce(OPS[op], onnx.nodes)


def _mean(onnx: OnnxNode) -> Node:
    return folded("add")(onnx) / len(onnx.nodes)


def _clip(onnx: OnnxNode) -> Node:
    """Not the op ``clip``, whose bounds are options: here they may be arrays."""
    low, high = onnx.get(1), onnx.get(2)
    raised = onnx[0] if low is None else OPS["maximum"](onnx[0], low)
    return raised if high is None else OPS["minimum"](raised, high)


def _is_inf(onnx: OnnxNode) -> Node:
    low = -np.inf if onnx.attributes["detect_negative"] else np.nan
    high = np.inf if onnx.attributes["detect_positive"] else np.nan
    return OPS["equal"](onnx[0], low) + OPS["equal"](onnx[0], high)


SAME_NAME = ["abs", "acos", "acosh", "asin", "asinh", "atan", "atanh", "ceil", "cos", "cosh", "erf", "exp", "floor", "log"]
SAME_NAME += ["reciprocal", "round", "sign", "sin", "sinh", "sqrt", "tan", "tanh"]

TABLE: Mapping[str, Translation] = {
    **{name.capitalize(): direct(name) for name in SAME_NAME},
    "Add": direct("add"),
    "And": direct("logical_and"),
    "Binarizer": lambda onnx: onnx[0] > onnx.attributes["threshold"],
    "Clip": _clip,
    "Div": _div,
    "Equal": direct("equal"),
    "Greater": direct("greater"),
    "GreaterOrEqual": direct("greater_equal"),
    "IsInf": _is_inf,
    "IsNaN": lambda onnx: OPS["not_equal"](onnx[0], onnx[0]),
    "Less": direct("less"),
    "LessOrEqual": direct("less_equal"),
    "Max": folded("maximum"),
    "Mean": _mean,
    "Min": folded("minimum"),
    "Mod": _mod,
    "Mul": direct("multiply"),
    "Neg": direct("negative"),
    "Not": direct("logical_not"),
    "Or": direct("logical_or"),
    "Pow": _pow,
    "Sub": direct("subtract"),
    "Sum": folded("add"),
    "Where": direct("where"),
    "Xor": direct("logical_xor"),
}
