"""Steps of training. ONNX updates many tensors at once and counts the steps from 0."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hwcheck.graph.node import Node
from hwcheck.graph.op import Steps
from tests.oracle.onnx_nodes.translation import OPS, OnnxNode, Translation

__all__ = ["TABLE"]


def updated(op: str, states: list[str], options: Callable[[OnnxNode, int], Mapping[str, Any]]) -> Translation:
    """One step for each tensor; ``states`` are the steps of the op that are the new states.

    The inputs are the learning rate, the number of the step, all tensors, all gradients, and all of each state.
    """

    def translate(onnx: OnnxNode) -> list[Node]:
        rate, number, tensors = onnx.number(0, 0), int(onnx.number(1, 0)), onnx.nodes[2:]
        count = len(tensors) // (2 + len(states))
        shared = {"lr": rate, "weight_decay": onnx.attributes["norm_coefficient"], **options(onnx, number)}
        made = []
        for i in range(count):
            steps = Steps("x")
            x = OPS[op].applied(tensors[i::count], shared, steps)
            made.append([x * _left(onnx), *(steps.made[f"x.{state}"] for state in states)])
        return [node for kind in zip(*made, strict=True) for node in kind]

    return translate


def _left(onnx: OnnxNode) -> float:
    """What ONNX leaves of a tensor after the step."""
    return 1 - float(onnx.attributes.get("norm_coefficient_post", 0))


def _adam(onnx: OnnxNode, number: int) -> Mapping[str, Any]:
    """Step 0 is not corrected for the averages' beginning with zeros."""
    return {
        "betas": (onnx.attributes["alpha"], onnx.attributes["beta"]),
        "eps": onnx.attributes["epsilon"],
        "t": max(number, 1),
        "bias_correction": number > 0,
        "eps_place": "uncorrected" if number else "outside",
    }


def _momentum(onnx: OnnxNode, number: int) -> Mapping[str, Any]:
    """Step 0 takes the whole gradient."""
    return {
        "momentum": onnx.attributes["alpha"],
        "dampening": 1 - onnx.attributes["beta"] if number else 0,
        "nesterov": onnx.attributes["mode"] == "nesterov",
    }


def _adagrad(onnx: OnnxNode, number: int) -> Mapping[str, Any]:
    return {"t": number + 1, "lr_decay": onnx.attributes["decay_factor"], "eps": onnx.attributes["epsilon"]}


TABLE: Mapping[str, Translation] = {
    "Adagrad": updated("adagrad", ["s"], _adagrad),
    "Adam": updated("adam", ["m", "v"], _adam),
    "Momentum": updated("sgd", ["v"], _momentum),
}
