"""Arithmetic, comparison, logic and the elementary functions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

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
    """The remainder has the sign of the divisor, ``fmod`` that of the dividend."""
    a, b = onnx.nodes
    if onnx.attributes["fmod"]:
        return OPS["sign"](a) * OPS["remainder"](OPS["abs"](a), OPS["abs"](b))
    return OPS["remainder"](a, b)


def folded(op: str) -> Translation:
    """An op of two inputs, over a list of them."""
    return lambda onnx: reduce(OPS[op], onnx.nodes)


def _mean(onnx: OnnxNode) -> Node:
    return reduce(OPS["add"], onnx.nodes) / len(onnx.nodes)


def _clip(onnx: OnnxNode) -> Node:
    """Not the op ``clip``, whose bounds are options: here they may be arrays."""
    low, high = onnx.get(1), onnx.get(2)
    raised = onnx[0] if low is None else OPS["maximum"](onnx[0], low)
    return raised if high is None else OPS["minimum"](raised, high)


def _is_inf(onnx: OnnxNode) -> Node:
    x = onnx[0]
    if not onnx.attributes["detect_negative"]:
        x = OPS["maximum"](x, 0)
    if not onnx.attributes["detect_positive"]:
        x = OPS["minimum"](x, 0)
    return OPS["isinf"](x)


SAME_NAME = ["abs", "ceil", "cos", "cosh", "erf", "exp", "floor", "log", "reciprocal", "round", "sign", "sin", "sinh"]
SAME_NAME += ["sqrt", "tan", "tanh"]
INVERSE = ["cos", "cosh", "sin", "sinh", "tan", "tanh"]

TABLE: Mapping[str, Translation] = {
    **{name.capitalize(): direct(name) for name in SAME_NAME},
    **{f"A{name}": direct(f"arc{name}") for name in INVERSE},
    "Add": direct("add"),
    "And": direct("logical_and"),
    "Binarizer": lambda onnx: onnx[0] > onnx.attributes["threshold"],
    "Clip": _clip,
    "Div": _div,
    "Equal": direct("equal"),
    "Greater": direct("greater"),
    "GreaterOrEqual": direct("greater_equal"),
    "IsInf": _is_inf,
    "IsNaN": direct("isnan"),
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
