"""Attention of one head or several. All are compositions as PyTorch has them, whose scores and weights are steps.

The scores of several heads are one array (..., heads, queries, keys): those of the first head are ``attn.scores[0]``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

from hwcheck.graph.node import Array, Node, Shape
from hwcheck.graph.op import Misfit, Steps, composite
from hwcheck.graph.options import spell_shape
from hwcheck.ops.activations import softmax
from hwcheck.ops.arrays import getitem, reshape, swapped, transpose
from hwcheck.ops.bounds import require_from, require_positive
from hwcheck.ops.functions import sqrt, tanh
from hwcheck.ops.masks import masked, unusable
from hwcheck.ops.shapes import require_rank, require_shape


def _require_sequences(query: Shape, key: Shape, value: Shape, rank: int) -> None:
    for name, shape, least in (("query", query, rank), ("key", key, 2), ("value", value, 2)):
        if len(shape) < least:
            raise Misfit(
                f"{{{name}}} must have {least} axes or more (..., rows, features), but is {spell_shape(shape)}"
            )
    if key[-2] != value[-2]:
        raise Misfit(
            f"axis {len(key) - 2} of {{key}} is {key[-2]}, but axis {len(value) - 2} of {{value}} is {value[-2]}"
        )


def _similarities(query: Node, key: Node, scale: float | None) -> Node:
    """The scaled products of each query with each key."""
    features = query.shape[-1]
    if key.shape[-1] != features:
        last = len(query.shape) - 1, len(key.shape) - 1
        raise Misfit(f"axis {last[0]} of {{query}} is {features}, but axis {last[1]} of {{key}} is {key.shape[-1]}")
    # Fewer entries than the products have; sqrt as a node, so that a formula shows sqrt(2).
    scaled = query / sqrt(float(features)) if scale is None else query * scale
    return scaled @ swapped(key)


def _joined_heads(x: Node, heads: int) -> Node:
    """The rows of all heads that share a key's head below one another: (..., heads, rows of all, columns)."""
    together = x.shape[-3] // heads
    return x if together == 1 else reshape(x, (*x.shape[:-3], heads, together * x.shape[-2], x.shape[-1]))


def _groups(query: Shape, key: Shape, value: Shape) -> int:
    """How many heads the keys have, each of which serves a group of the queries' heads."""
    for name, shape in {"query": query, "key": key, "value": value}.items():
        if len(shape) < 3:
            raise Misfit(f"enable_gqa needs an axis of heads, but {{{name}}} is {spell_shape(shape)}")
    if query[-3] % key[-3] or key[-3] != value[-3]:
        heads = f"{{query}} has {query[-3]} heads, {{key}} {key[-3]} and {{value}} {value[-3]}"
        raise Misfit(f"{heads}: those of key and value must be equal and divide those of query")
    return key[-3]


def _hidden_rows(
    query: Array,
    key: Array,
    value: Array,
    attn_mask: Array | None = None,
    key_padding_mask: Array | None = None,
    *,
    mask_kind: str,
    mask_value: float,
    is_causal: bool,
    **_: object,
) -> Iterator[str]:
    rank = max(query.ndim, key.ndim if query.ndim > 1 else 0)
    scores = (*(query if query.ndim == rank else key).shape[:-2], *query.shape[-2:-1], key.shape[-2])
    yield from unusable(scores, attn_mask, key_padding_mask, mask_kind, mask_value, is_causal)


@composite(domain=_hidden_rows)
def scaled_dot_product_attention(
    step: Steps,
    query: Node,
    key: Node,
    value: Node,
    attn_mask: Node | None = None,
    key_padding_mask: Node | None = None,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
    softcap: float | None = None,
    mask_kind: Literal["attend", "hide", "add"] = "attend",
    mask_value: float = -math.inf,
) -> Node:
    """Attention, ``softmax(query @ key.T / sqrt(features)) @ value``: means of the values, weighted for each query.

    Its steps are ``scores``, scaled; ``capped`` with a softcap; ``masked`` with a mask; and ``weights``, their softmax.

    query: (..., queries, features), or (features,) for a single one -> (..., queries, features of the value).
    key, value: (..., keys, features).
    attn_mask: which keys each query may attend to: a shape that broadcasts to that of the scores, (..., queries, keys).
    key_padding_mask: which keys are real: (..., keys).
    is_causal: whether query i may attend to keys 0 to i only.
    scale: what the products are multiplied by; 1 / sqrt(features) where it is left out, 1 for no scaling.
    enable_gqa: whether the queries have more heads, on the third axis from the end, than keys and values, which each
    serve a group of neighbouring heads (grouped-query attention).
    softcap: c, where the scores become ``c * tanh(scores / c)`` before they are masked.
    mask_kind: what both masks say: 'attend' has 1 where a query may attend and 0 where not, 'hide' the opposite, 'add'
    has numbers to be added to the scores.
    mask_value: the score of what is hidden.
    Elsewhere: a mask of True and False is 'attend' for this function of PyTorch and for Keras, 'hide' for PyTorch's
    MultiheadAttention; a mask of other numbers is 'add' everywhere. Some courses hide with -1e9, which changes the
    weights only where a whole row is hidden.
    Source: Vaswani et al., Attention is all you need (2017), equation 1.
    Example: scaled_dot_product_attention(Q, K, V); Q = [[2, 0, 0, 0]]; K = [[0, 1, 0, 0], [0, 0, 1, 0]]; V = [[1], [3]]
    """
    _require_sequences(query.shape, key.shape, value.shape, rank=1)
    groups = _groups(query.shape, key.shape, value.shape) if enable_gqa else 0
    scores = _similarities(_joined_heads(query, groups) if groups else query, key, scale)
    if groups:
        scores = reshape(scores, (*scores.shape[:-3], *query.shape[-3:-1], key.shape[-2]))
    scores = step("scores", scores)
    if softcap is not None:
        require_positive(softcap=softcap)
        scores = step("capped", softcap * tanh(scores / softcap))
    if attn_mask is not None or key_padding_mask is not None or is_causal:
        scores = step("masked", masked(scores, attn_mask, key_padding_mask, mask_kind, mask_value, is_causal))
    weights = step("weights", softmax(scores))
    if not groups:
        return weights @ value
    y = _joined_heads(weights, groups) @ value
    return reshape(y, (*y.shape[:-3], *query.shape[-3:-1], value.shape[-1]))


def _projected(x: Node, weight: Node, bias: Node | None, weight_layout: str) -> Node:
    """A dense layer: ``x @ weight.T + bias``, or without the transpose."""
    matrix = weight.T if weight_layout == "out_in" else weight
    y = x @ matrix
    return y if bias is None else y + bias


def _split(x: Node, heads: int) -> Node:
    """(..., rows, heads * features) as (..., heads, rows, features); one head needs no axis."""
    if heads == 1:
        return x
    apart = reshape(x, (*x.shape[:-1], heads, x.shape[-1] // heads))
    return _with_swapped_heads(apart)


def _with_swapped_heads(x: Node) -> Node:
    rank = len(x.shape)
    return transpose(x, axes=[*range(rank - 3), rank - 2, rank - 3, rank - 1])


def _concatenated(x: Node, heads: int) -> Node:
    """What ``_split`` has split, back in one row."""
    if heads == 1:
        return x
    apart = _with_swapped_heads(x)
    return reshape(apart, (*apart.shape[:-2], heads * apart.shape[-1]))


def _require_heads(features: dict[str, int], num_heads: int, num_kv_heads: int) -> None:
    require_from(1, num_heads=num_heads, num_kv_heads=num_kv_heads)
    if num_heads % num_kv_heads:
        raise Misfit(f"num_kv_heads is {num_kv_heads}, but must divide num_heads, which is {num_heads}")
    for name, heads in zip(features, (num_heads, num_kv_heads, num_kv_heads), strict=True):
        if features[name] % heads:
            raise Misfit(f"{{{name}}} goes out with {features[name]} features, which {heads} heads cannot share evenly")


@composite()
def multi_head_attention(
    step: Steps,
    query: Node,
    key: Node,
    value: Node,
    q_proj_weight: Node,
    k_proj_weight: Node,
    v_proj_weight: Node,
    out_proj_weight: Node | None = None,
    q_proj_bias: Node | None = None,
    k_proj_bias: Node | None = None,
    v_proj_bias: Node | None = None,
    out_proj_bias: Node | None = None,
    attn_mask: Node | None = None,
    key_padding_mask: Node | None = None,
    num_heads: int = 1,
    num_kv_heads: int | None = None,
    is_causal: bool = False,
    scale: float | None = None,
    softcap: float | None = None,
    mask_kind: Literal["attend", "hide", "add"] = "hide",
    mask_value: float = -math.inf,
    weight_layout: Literal["out_in", "in_out"] = "out_in",
) -> Node:
    """Multi-head attention: heads that attend side by side, ``concat(head_1, ..., head_h) @ out_proj_weight.T``.

    Its steps are ``q``, ``k`` and ``v``, the projected inputs; ``scores``, scaled; ``capped`` with a softcap;
    ``masked`` with a mask; ``weights``; ``heads``, what comes out of each; and ``concat``, that side by side. From
    scores to heads they are one array for all heads, (..., heads, queries, keys or features); a single head has no
    axis of its own. With query, key and value the same x this is self-attention, else cross-attention.

    query: (..., queries, features) -> (..., queries, features that go out).
    key, value: (..., keys, features).
    q_proj_weight, k_proj_weight, v_proj_weight: the dense layers before the heads, each head the next few features.
    out_proj_weight: the dense layer behind them; none where it is left out.
    q_proj_bias, k_proj_bias, v_proj_bias, out_proj_bias: their biases; none where they are left out.
    attn_mask: a shape that broadcasts to that of the scores.
    key_padding_mask: (..., keys).
    num_heads: how many heads there are.
    num_kv_heads: how many heads keys and values have, where they are fewer, each serving a group (grouped queries).
    is_causal: whether query i may attend to keys 0 to i only.
    scale: what the products are multiplied by; 1 / sqrt(features of a head) where it is left out, 1 for no scaling.
    softcap: c, where the scores become ``c * tanh(scores / c)`` before they are masked.
    mask_kind: what both masks say: 'hide' has 1 where a query must not attend and 0 where it may, 'attend' the
    opposite, 'add' has numbers to be added to the scores.
    mask_value: the score of what is hidden.
    weight_layout: 'out_in' for weights (features out, features in), applied as x @ W.T; 'in_out' for x @ W.
    Elsewhere: the paper and most courses write x @ W, weight_layout='in_out'. Keras's masks are 'attend'; its kernels
    have an axis for the heads.
    Source: Vaswani et al., Attention is all you need (2017), section 3.2.2.
    Example: multi_head_attention(x, x, x, W, W, W, num_heads=2); x = [[1, 0], [1, 0]]; W = [[1, 2], [3, 4]]
    """
    _require_sequences(query.shape, key.shape, value.shape, rank=2)
    for name, weight in {"q": q_proj_weight, "k": k_proj_weight, "v": v_proj_weight}.items():
        require_rank(f"{name}_proj_weight", weight.shape, (2,), weight_layout.replace("_", ", "))
    q = step("q", _projected(query, q_proj_weight, q_proj_bias, weight_layout))
    k = step("k", _projected(key, k_proj_weight, k_proj_bias, weight_layout))
    v = step("v", _projected(value, v_proj_weight, v_proj_bias, weight_layout))
    kv_heads = num_heads if num_kv_heads is None else num_kv_heads
    features = {f"{name}_proj_weight": x.shape[-1] for name, x in {"q": q, "k": k, "v": v}.items()}
    _require_heads(features, num_heads, kv_heads)
    if kv_heads == 1 < num_heads:  # the head that all share still needs its axis
        k, v = (reshape(x, (*x.shape[:-2], 1, *x.shape[-2:])) for x in (k, v))
    attend = {
        "attn_mask": attn_mask, "key_padding_mask": key_padding_mask, "is_causal": is_causal, "scale": scale,
        "enable_gqa": kv_heads < num_heads, "softcap": softcap, "mask_kind": mask_kind, "mask_value": mask_value,
    }  # fmt: skip
    split = _split(q, num_heads), _split(k, kv_heads), _split(v, kv_heads)
    heads = step("heads", scaled_dot_product_attention.applied(split, attend, step))
    concat = step("concat", _concatenated(heads, num_heads))
    if out_proj_weight is None:
        return concat
    return _projected(concat, out_proj_weight, out_proj_bias, weight_layout)


@composite()
def multi_head_attention_forward(
    step: Steps,
    query: Node,
    key: Node,
    value: Node,
    in_proj_weight: Node,
    in_proj_bias: Node | None = None,
    out_proj_weight: Node | None = None,
    out_proj_bias: Node | None = None,
    attn_mask: Node | None = None,
    key_padding_mask: Node | None = None,
    num_heads: int = 1,
    is_causal: bool = False,
    mask_kind: Literal["attend", "hide", "add"] = "hide",
    mask_value: float = -math.inf,
    weight_layout: Literal["out_in", "in_out"] = "out_in",
) -> Node:
    """Multi-head attention whose first three dense layers have one weight, as PyTorch's MultiheadAttention keeps it.

    The weights of ``multi_head_attention`` for query, key and value stand in this order in ``in_proj_weight``, the
    biases likewise; the steps are the same.

    query, key, value: as in multi_head_attention.
    in_proj_weight: (3 * features out, features in).
    in_proj_bias: (3 * features out,); none where it is left out.
    out_proj_weight, out_proj_bias, attn_mask, key_padding_mask, num_heads, is_causal: as in multi_head_attention.
    mask_kind, mask_value: as in multi_head_attention.
    weight_layout: 'out_in' as above, 'in_out' for an in_proj_weight (features in, 3 * features out).
    Elsewhere: GPT-2 keeps its weights so, with weight_layout='in_out'.
    Source: Vaswani et al., Attention is all you need (2017), section 3.2.2.
    Example: multi_head_attention_forward(x, x, x, W); x = [[2], [2]]; W = [[1], [1], [3]]
    """
    require_rank("in_proj_weight", in_proj_weight.shape, (2,), weight_layout.replace("_", ", "))
    axis = 0 if weight_layout == "out_in" else 1
    rows = in_proj_weight.shape[axis]
    if rows % 3:
        raise Misfit(f"axis {axis} of {{in_proj_weight}} is {rows}, but must be 3 times the features that go out")
    require_shape("in_proj_bias", in_proj_bias, (rows,), "the features that go out")
    thirds = [slice(i * rows // 3, (i + 1) * rows // 3) for i in range(3)]
    weights = [getitem(in_proj_weight, (*[slice(None)] * axis, third)) for third in thirds]
    biases = [None if in_proj_bias is None else getitem(in_proj_bias, third) for third in thirds]
    given = {
        "out_proj_bias": out_proj_bias, "attn_mask": attn_mask, "key_padding_mask": key_padding_mask,
        "num_heads": num_heads, "is_causal": is_causal, "mask_kind": mask_kind, "mask_value": mask_value,
        "weight_layout": weight_layout,
    }  # fmt: skip
    return multi_head_attention.applied((query, key, value, *weights, out_proj_weight, *biases), given, step)


@composite()
def self_attention(
    step: Steps,
    x: Node,
    q_proj_weight: Node,
    k_proj_weight: Node,
    v_proj_weight: Node,
    q_proj_bias: Node | None = None,
    k_proj_bias: Node | None = None,
    v_proj_bias: Node | None = None,
    attn_mask: Node | None = None,
    key_padding_mask: Node | None = None,
    is_causal: bool = False,
    scale: float | None = None,
    mask_kind: Literal["attend", "hide", "add"] = "attend",
    mask_value: float = -math.inf,
    weight_layout: Literal["out_in", "in_out"] = "out_in",
) -> Node:
    """Self-attention of one head, ``softmax(q @ k.T / sqrt(features)) @ v``: q, k and v are dense layers of the same x.

    Its steps are ``q``, ``k``, ``v``, ``scores``, ``masked`` with a mask, and ``weights``.

    x: (..., rows, features) -> (..., rows, features of v).
    q_proj_weight, k_proj_weight, v_proj_weight: the dense layers.
    q_proj_bias, k_proj_bias, v_proj_bias: their biases; none where they are left out.
    attn_mask: a shape that broadcasts to that of the scores, (..., rows, rows).
    key_padding_mask: (..., rows).
    is_causal: whether row i may attend to rows 0 to i only.
    scale: what the products are multiplied by; 1 / sqrt(features of q) where it is left out, 1 for no scaling.
    mask_kind, mask_value: as in scaled_dot_product_attention.
    weight_layout: 'out_in' for weights (features out, features in), applied as x @ W.T; 'in_out' for x @ W.
    Elsewhere: most courses write x @ W, weight_layout='in_out'.
    Source: Zhang, Lipton, Li, Smola, Dive into Deep Learning (2023), section 11.6.1.
    Example: self_attention(x, W, W, U); x = [[1, 0], [0, 1]]; W = [[0, 0]]; U = [[2, 4]]
    """
    weights = q_proj_weight, k_proj_weight, v_proj_weight
    given = {
        "q_proj_bias": q_proj_bias, "k_proj_bias": k_proj_bias, "v_proj_bias": v_proj_bias,
        "attn_mask": attn_mask, "key_padding_mask": key_padding_mask, "is_causal": is_causal, "scale": scale,
        "mask_kind": mask_kind, "mask_value": mask_value, "weight_layout": weight_layout,
    }  # fmt: skip
    return multi_head_attention.applied((x, x, x, *weights), given, step)
