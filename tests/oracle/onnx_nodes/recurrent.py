"""Recurrent networks over a sequence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hwcheck.graph.node import Node
from hwcheck.graph.op import Steps
from tests.oracle.onnx_nodes.arrays import part
from tests.oracle.onnx_nodes.translation import OPS, OnnxNode, Translation

__all__ = ["TABLE"]


def _run(onnx: OnnxNode, op: str, states: Mapping[str, int], **options: Any) -> list[Node]:
    """Y and the last of each state; ``states`` are the inputs with which they begin.

    ONNX has an axis for the directions, of length 1 where there is one, and biases one behind the other.
    """
    both, reverse = onnx.attributes["direction"] == "bidirectional", onnx.attributes["direction"] == "reverse"
    batch_first = bool(onnx.attributes["layout"])
    arguments: dict[str, Any] = {"input": onnx[0], "w_ih": _directed(onnx, 1, both), "w_hh": _directed(onnx, 2, both)}
    if onnx.has(3):
        half = onnx[3].shape[-1] // 2
        arguments |= {"b_ih": part(_directed(onnx, 3, both), -1, slice(half))}
        arguments |= {"b_hh": part(_directed(onnx, 3, both), -1, slice(half, None))}
    for name, position in states.items():
        arguments[name] = _directed(onnx, position, both) if onnx.has(position) else 0
    steps = Steps("y")
    flags = {"reverse": reverse, "bidirectional": both, "batch_first": batch_first}
    y = OPS[op].applied([], {**arguments, **options, **flags}, steps)
    times = onnx[0].shape[1 if batch_first else 0]
    made = [_last(steps, letter, times, both, reverse) for letter in ("h", "c")[: len(states)]]
    return [_with_directions(y, 1 + both, batch_first), *(_upright(state, batch_first) for state in made)]


def _directed(onnx: OnnxNode, position: int, both: bool) -> Node:
    return onnx[position] if both else part(onnx[position], 0, 0)


def _last(steps: Steps, letter: str, times: int, both: bool, reverse: bool) -> Node:
    """The state behind the last step of each direction, (directions, batch, hidden)."""
    ends = {"y.forward.": times, "y.backward.": 1} if both else {"y.": 1 if reverse else times}
    return OPS["stack"]([steps.made[f"{way}{letter}{time}"] for way, time in ends.items()], axis=0)


def _with_directions(y: Node, directions: int, batch_first: bool) -> Node:
    apart = OPS["reshape"](y, (*y.shape[:2], directions, y.shape[2] // directions))
    return apart if batch_first else OPS["transpose"](apart, axes=[0, 2, 1, 3])


def _upright(state: Node, batch_first: bool) -> Node:
    return OPS["transpose"](state, axes=[1, 0, 2]) if batch_first else state


def _rnn(onnx: OnnxNode) -> list[Node]:
    return _run(onnx, "rnn", {"hx": 5}, nonlinearity=onnx.attributes["activations"][0].lower())


def _lstm(onnx: OnnxNode) -> list[Node]:
    both = onnx.attributes["direction"] == "bidirectional"
    peephole = _directed(onnx, 7, both) if onnx.has(7) else None
    return _run(onnx, "lstm", {"hx": 5, "cx": 6}, order="iofg", peephole=peephole)


def _gru(onnx: OnnxNode) -> list[Node]:
    reset = "after" if onnx.attributes["linear_before_reset"] else "before"
    return _run(onnx, "gru", {"hx": 5}, order="zrn", reset=reset)


TABLE: Mapping[str, Translation] = {
    "GRU": _gru,
    "LSTM": _lstm,
    "RNN": _rnn,
}
