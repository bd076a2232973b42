"""Control flow: a branch that is chosen and a loop that is unrolled, by the case's own numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hwcheck.graph.node import Constant, Node
from tests.oracle.onnx_nodes.arrays import part
from tests.oracle.onnx_nodes.translation import OPS, OnnxNode, Translation

__all__ = ["TABLE"]


def _if(onnx: OnnxNode) -> list[Node]:
    branch = "then_branch" if onnx.number(0, 0) else "else_branch"
    return [value.node for value in onnx.attributes[branch]()]


def _loop(onnx: OnnxNode) -> list[Node]:
    """States go through the body; what else it gives is stacked up."""
    states, stacked = [onnx[i] for i in range(2, len(onnx.values))], []
    count, wanted = onnx.number(0, float("inf")), onnx.number(1, 1)
    done = 0
    while done < count and wanted:
        condition, *made = onnx.attributes["body"](Constant(done), Constant(wanted), *states)
        wanted, done = condition.numbers.item(), done + 1
        states = [value.node for value in made[: len(states)]]
        stacked.append([value.node for value in made[len(states) :]])
    return [*states, *_stacked(stacked, [0] * len(stacked[0]))]


def _scan(onnx: OnnxNode) -> list[Node]:
    """The same, with as many steps as the scanned inputs have entries."""
    scanned = onnx.attributes["num_scan_inputs"]
    states, inputs = onnx.nodes[:-scanned], onnx.nodes[-scanned:]
    axes = onnx.attributes.get("scan_input_axes", [0] * scanned)
    stacked = []
    for i in range(inputs[0].shape[axes[0]]):
        entries = (part(x, axis, i) for x, axis in zip(inputs, axes, strict=True))
        made = [value.node for value in onnx.attributes["body"](*states, *entries)]
        states = made[: len(states)]
        stacked.append(made[len(states) :])
    return [*states, *_stacked(stacked, onnx.attributes.get("scan_output_axes", [0] * len(stacked[0])))]


def _stacked(steps: Sequence[Sequence[Node]], axes: Sequence[int]) -> list[Node]:
    return [OPS["stack"](each, axis=axis) for each, axis in zip(zip(*steps, strict=True), axes, strict=True)]


TABLE: Mapping[str, Translation] = {
    "If": _if,
    "Loop": _loop,
    "Scan": _scan,
}
