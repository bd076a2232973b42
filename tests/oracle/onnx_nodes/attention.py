"""Attention, with all that ONNX lets it be asked for, and rotary position embeddings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

import numpy as np

from hwcheck.graph.node import Constant, Node
from hwcheck.graph.op import Steps
from tests.oracle.onnx_nodes.arrays import part
from tests.oracle.onnx_nodes.translation import OPS, OnnxNode, Translation

__all__ = ["TABLE", "heads_apart", "heads_joined"]

# What qk_matmul_output_mode asks for: the last of these steps that there is.
STEPS = {0: ["scores"], 1: ["scores", "capped"], 2: ["scores", "capped", "masked"], 3: ["weights"]}


def heads_apart(x: Node, heads: int) -> Node:
    """(batch, rows, heads * features) as (batch, heads, rows, features)."""
    batch, rows, width = x.shape
    return OPS["transpose"](OPS["reshape"](x, (batch, rows, heads, width // heads)), axes=[0, 2, 1, 3])


def heads_joined(x: Node) -> Node:
    """The reverse."""
    batch, heads, rows, width = x.shape
    return OPS["reshape"](OPS["transpose"](x, axes=[0, 2, 1, 3]), (batch, rows, heads * width))


def _with_past(onnx: OnnxNode, position: int, new: Node) -> Node:
    return OPS["concatenate"]([onnx[position], new], axis=2) if onnx.has(position) else new


def _attention(onnx: OnnxNode) -> list[Node]:
    query, key, value = onnx.nodes[:3]
    flat = len(query.shape) == 3
    if flat:
        query = heads_apart(query, onnx.attributes["q_num_heads"])
        key, value = (heads_apart(x, onnx.attributes["kv_num_heads"]) for x in (key, value))
    key, value = _with_past(onnx, 4, key), _with_past(onnx, 5, value)
    steps = Steps("attention")
    biases = [*_biases(onnx, query.shape[2], key.shape[2])]
    bias = reduce(OPS["add"], biases) if biases else None
    options: dict[str, Any] = {
        "mask_kind": "add",
        "scale": onnx.attributes.get("scale"),
        "softcap": onnx.attributes["softcap"] or None,
        "enable_gqa": query.shape[1] != key.shape[1],
    }
    attended = OPS["scaled_dot_product_attention"].applied([query, key, value, bias], options, steps)
    asked = STEPS[onnx.attributes["qk_matmul_output_mode"]]
    inner = [steps.made[f"attention.{name}"] for name in asked if f"attention.{name}" in steps.made][-1]
    y = _where_seen(attended, bias)
    return [heads_joined(y) if flat else y, key, value, _where_seen(inner, bias) if asked == STEPS[3] else inner]


def _where_seen(y: Node, bias: Node | None) -> Node:
    """0 in ONNX for a query to which all keys are hidden."""
    return y if bias is None else OPS["where"](OPS["max"](bias, axis=-1, keepdims=True) > -np.inf, y, 0)


def _biases(onnx: OnnxNode, queries: int, keys: int) -> Iterator[Node]:
    """What is added to the scores: 0, or -inf for a key that a query must not see.

    A query's own place among the keys is behind those of the past, or such that the last one is the last real key.
    """
    if onnx.has(3):
        yield _mask(onnx, keys)
    offset: Any = onnx[4].shape[2] if onnx.has(4) else 0
    if onnx.has(6):
        lengths = OPS["reshape"](onnx[6], (-1, 1, 1))
        yield OPS["padding_mask"](lengths, keys, kind="add")
        offset = onnx.value(6).numbers.reshape(-1, 1, 1, 1) - queries
    elif onnx.attributes["is_causal"]:
        yield OPS["causal_mask"](queries, keys, offset=offset, kind="add")
    right = onnx.attributes.get("right_window_size", -1)
    causal = onnx.has(6) and onnx.attributes["is_causal"]
    yield from _window(offset, queries, keys, onnx.attributes.get("left_window_size", -1), 0 if causal else right)


def _mask(onnx: OnnxNode, keys: int) -> Node:
    """The keys behind its end are hidden."""
    mask = onnx[3]
    bias = OPS["where"](mask, 0, -np.inf) if onnx.value(3).dtype.kind == "b" else mask
    missing = keys - mask.shape[-1]
    return OPS["pad"](bias, [0, missing], value=-np.inf) if missing else bias


def _window(offset: Any, queries: int, keys: int, left: int, right: int) -> Iterator[Node]:
    """How far a query sees to either side; -1 is all the way."""
    behind = np.arange(queries)[:, np.newaxis] + offset - np.arange(keys)
    hidden = ((behind > left) & (left >= 0)) | ((-behind > right) & (right >= 0))
    if hidden.any():
        yield Constant(np.where(hidden, -np.inf, 0))


def _flex_attention(onnx: OnnxNode) -> Node:
    """Scores and weights may be changed by graphs of their own."""
    query, key, value = onnx.nodes
    scale = onnx.attributes.get("scale", query.shape[-1] ** -0.5)
    if not onnx.attributes.keys() & {"score_mod", "prob_mod"}:
        grouped = query.shape[1] != key.shape[1]
        return OPS["scaled_dot_product_attention"](query, key, value, scale=scale, enable_gqa=grouped)
    weights = OPS["softmax"](_changed(onnx, "score_mod", query @ _upright(key) * scale))
    return _changed(onnx, "prob_mod", weights) @ value


def _changed(onnx: OnnxNode, graph: str, x: Node) -> Node:
    return onnx.attributes[graph](x)[0].node if graph in onnx.attributes else x


def _linear_attention(onnx: OnnxNode) -> list[Node]:
    """A state that each row writes to, and reads from: attention without a softmax."""
    heads, groups = onnx.attributes["kv_num_heads"], onnx.attributes["q_num_heads"] // onnx.attributes["kv_num_heads"]
    query = heads_apart(onnx[0], onnx.attributes["q_num_heads"])
    key, value = heads_apart(onnx[1], heads), heads_apart(onnx[2], heads)
    batch, _, rows, width = key.shape
    decay = heads_apart(onnx[4], heads) if onnx.has(4) else None
    rate = heads_apart(onnx[5], onnx[5].shape[-1]) if onnx.has(5) else None
    state = onnx.get(3) or Constant(np.zeros((batch, heads, width, value.shape[-1])))
    read = []
    for row in range(rows):
        q, k, v = (part(x, 2, slice(row, row + 1)) for x in (query, key, value))
        if decay is not None:
            state = state * _upright(OPS["exp"](part(decay, 2, slice(row, row + 1))))
        if rate is not None:
            v = part(rate, 2, slice(row, row + 1)) * (v - k @ state)
        state = state + _upright(k) * v
        grouped = OPS["reshape"](q, (batch, heads, groups, width))
        read.append(OPS["reshape"](grouped @ state, (batch, heads * groups, 1, value.shape[-1])))
    scale = onnx.attributes["scale"] or width**-0.5
    return [heads_joined(OPS["concatenate"](read, axis=2) * scale), state]


def _upright(x: Node) -> Node:
    """Each matrix transposed."""
    return OPS["transpose"](x, axes=[0, 1, 3, 2])


def _rotary_embedding(onnx: OnnxNode) -> Node:
    x, heads = onnx[0], onnx.attributes.get("num_heads", 0)
    flat = len(x.shape) == 3
    cos, sin = (OPS["take"](table, onnx[3], axis=0) if onnx.has(3) else table for table in onnx.nodes[1:3])
    cos, sin = (OPS["reshape"](table, (table.shape[0], 1, *table.shape[1:])) for table in (cos, sin))
    y = OPS["rotate_pairs"](
        heads_apart(x, heads) if flat else x,
        cos,
        sin,
        interleaved=onnx.attributes["interleaved"],
        rotary_dim=onnx.attributes["rotary_embedding_dim"] or None,
    )
    return heads_joined(y) if flat else y


TABLE: Mapping[str, Translation] = {
    "Attention": _attention,
    "FlexAttention": _flex_attention,
    "LinearAttention": _linear_attention,
    "RotaryEmbedding": _rotary_embedding,
}
