"""The records of attention and its masks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tests.support.op_records import Bad, Record, bad, drawn

# 1 at what may be attended to. Turned round by some entries, as many sheets at once are, no row is all 0.
ALLOWED = np.array([[1, 1, 0, 1], [0, 1, 1, 1], [1, 0, 1, 1]])
FOUR = np.array([1, 0, 1, 1])
SEVERAL = np.array([[1, 1, 1, 0], [1, 0, 1, 1]])


def _reachable(T: Any, mask: Any, kind: str) -> Any:
    """A mask of PyTorch's scaled_dot_product_attention: True where a query may attend, or what is added."""
    mask = T.as_tensor(mask)
    return {"add": mask, "attend": mask.bool(), "hide": ~mask.bool()}[kind]


def _together(T: Any, *masks: Any) -> Any:
    """Masks as one that is added."""
    total = 0.0
    for mask in masks:
        if mask.dtype == T.bool:
            mask = T.zeros(mask.shape, dtype=T.float64).masked_fill(~mask, -np.inf)
        total = total + mask
    return total


def _sdpa(
    T: Any,
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    key_padding_mask: Any = None,
    mask_kind: str = "attend",
    is_causal: bool = False,
    **options: Any,
) -> Any:
    if "softcap" in options or "mask_value" in options:
        return _by_the_equation(T, query, key, value, attn_mask=attn_mask, mask_kind=mask_kind, **options)
    masks = [] if attn_mask is None else [_reachable(T, attn_mask, mask_kind)]
    if key_padding_mask is not None:
        padding = _reachable(T, key_padding_mask, mask_kind)
        masks.append(padding.reshape(*padding.shape[:-1], *[1] * (query.dim() - padding.dim()), padding.shape[-1]))
    if is_causal and masks:
        masks.append(T.ones(query.shape[-2], key.shape[-2]).bool().tril())
    mask = None if not masks else masks[0] if len(masks) == 1 else _together(T, *masks)
    rows = query if query.dim() > 1 else query[None]
    causal = is_causal and mask is None
    y = T.nn.functional.scaled_dot_product_attention(rows, key, value, mask, is_causal=causal, **options)
    return y if query.dim() > 1 else y[0]


def _by_the_equation(T: Any, query: Any, key: Any, value: Any, softcap: Any = None, **options: Any) -> Any:
    """What PyTorch's own function has no option for: a softcap, a finite number in place of hidden scores."""
    scores = T.einsum("...ie,...je->...ij", query, key) / query.shape[-1] ** 0.5
    if softcap is not None:
        scores = softcap * T.tanh(scores / softcap)
    if "mask_value" in options:
        scores = scores.masked_fill(~_reachable(T, options["attn_mask"], options["mask_kind"]), options["mask_value"])
    return T.einsum("...ij,...jv->...iv", scores.softmax(-1), value)


def _multi_head(
    T: Any,
    query: Any,
    key: Any,
    value: Any,
    wq: Any,
    wk: Any,
    wv: Any,
    wo: Any = None,
    bq: Any = None,
    bk: Any = None,
    bv: Any = None,
    bo: Any = None,
    num_heads: int = 1,
    num_kv_heads: int | None = None,
    weight_layout: str = "out_in",
    mask_kind: str = "hide",
    **options: Any,
) -> Any:
    def dense(x: Any, w: Any, b: Any) -> Any:
        return T.nn.functional.linear(x, w if weight_layout == "out_in" else w.T, b)

    def split(x: Any, heads: int) -> Any:
        return T.stack(x.chunk(heads, dim=-1), dim=-3)

    kv_heads = num_kv_heads or num_heads
    q, k, v = (
        split(dense(x, w, b), h)
        for x, w, b, h in ((query, wq, bq, num_heads), (key, wk, bk, kv_heads), (value, wv, bv, kv_heads))
    )
    y = _sdpa(T, q, k, v, mask_kind=mask_kind, enable_gqa=kv_heads < num_heads, **options)
    y = T.cat(y.unbind(-3), dim=-1)
    return y if wo is None else dense(y, wo, bo)


def _forward(
    T: Any,
    query: Any,
    key: Any,
    value: Any,
    weight: Any,
    bias: Any,
    out: Any,
    out_bias: Any,
    num_heads: int = 1,
    mask_kind: str = "hide",
    weight_layout: str = "out_in",
    **options: Any,
) -> Any:
    """PyTorch's own, whose masks of True hide; sequences come first, behind them the batch."""
    if weight_layout == "in_out":
        weight, out = weight.T, out.T
    masks = {
        name: ~_reachable(T, options[name], mask_kind) if name in options else None
        for name in ("attn_mask", "key_padding_mask")
    }
    if options.get("is_causal"):
        masks["attn_mask"] = T.ones(query.shape[-2], key.shape[-2]).bool().triu(1)
    batched = query.dim() == 3
    arrays = [x.movedim(1, 0) if batched else x for x in (query, key, value)]
    y, _ = T.nn.functional.multi_head_attention_forward(
        *arrays, query.shape[-1], num_heads, weight, bias, None, None, False, 0.0, out, out_bias, training=False,
        need_weights=False, **masks,
    )  # fmt: skip
    return y.movedim(0, 1) if batched else y


SDPA = [(2, 3, 5), (2, 4, 5), (2, 4, 6)]


def _mask_faults(*shapes: tuple[int, ...], scores: str) -> tuple[Bad, ...]:
    return (
        bad(f"{{attn_mask}} (3) cannot be broadcast to the scores ({scores})", *shapes, attn_mask=np.ones(3)),
        bad(
            f"{{attn_mask}} (1 x 1 x 1 x 1 x 1) cannot be broadcast to the scores ({scores})",
            *shapes,
            attn_mask=np.ones((1,) * 5),
        ),
        bad(
            "{key_padding_mask} (3) must have an entry for each of the 4 keys, and before it the batch's axes, if any, "
            f"of the scores ({scores})",
            *shapes,
            key_padding_mask=np.ones(3),
        ),
        bad("{key_padding_mask} (a single number) must have an entry", *shapes, key_padding_mask=np.ones(())),
        bad("{key_padding_mask} (9 x 4) must have an entry", *shapes, key_padding_mask=np.ones((9, 4))),
        bad("must be 'attend', 'hide' or 'add', not 'bool'", *shapes, mask_kind="bool"),
    )


MASKS = {
    "causal_mask": Record(
        samples=(
            drawn(queries=3),
            drawn(queries=3, keys=4, offset=1),
            drawn(queries=3, keys=2, kind="hide", offset=-1),
        ),
        bad=(
            bad("queries must be at least 1, but is 0", 0),
            bad("keys must be at least 1, but is -1", 3, -1),
            bad("must be 'attend', 'hide' or 'add', not 'bool'", 3, kind="bool"),
        ),
        torch=lambda T, queries, keys=None, offset=0, kind="attend": (
            T.ones(queries, keys or queries, dtype=T.float64).tril(offset)
            if kind == "attend"
            else T.ones(queries, keys or queries, dtype=T.float64).triu(offset + 1)
        ),
    ),
    "padding_mask": Record(
        samples=(
            drawn(np.array([2, 0, 5]), size=5),
            drawn(np.array([[2, 3], [4, 1], [1, 2]]), size=4, kind="hide"),
            drawn(np.array(3), size=4),
        ),
        bad=(
            bad("size must be at least 1, but is 0", (3,), 0),
            bad("must be 'attend', 'hide' or 'add', not 'bool'", (3,), 4, kind="bool"),
        ),
        torch=lambda T, lengths, size, kind="attend": (
            (T.arange(size) < lengths[..., None]) == (kind == "attend")
        ).double(),
    ),
}

ATTENTION = {
    "scaled_dot_product_attention": Record(
        samples=(
            drawn((3, 5), (4, 5), (4, 6)),
            drawn((5,), (4, 5), (4, 6)),
            drawn(*SDPA, scale=0.7),
            drawn(*SDPA, is_causal=True),
            drawn((3, 5), (4, 5), (4, 6), ALLOWED),
            drawn((2, 7, 3, 5), (2, 7, 4, 5), (2, 7, 4, 6), key_padding_mask=SEVERAL),
            drawn(*SDPA, 1 - ALLOWED, mask_kind="hide"),
            drawn(*SDPA, (2, 3, 4), mask_kind="add"),
            drawn((2, 3, 5), (2, 4, 5), (2, 4, 6), (3, 4), (4,), mask_kind="add", is_causal=True),
            drawn((3, 5), (4, 5), (4, 6), attn_mask=ALLOWED, key_padding_mask=FOUR, scale=1),
            drawn((2, 6, 3, 5), (2, 2, 4, 5), (2, 2, 4, 7), enable_gqa=True),
            drawn((6, 3, 5), (3, 4, 5), (3, 4, 7), (6, 3, 4), enable_gqa=True, is_causal=True, mask_kind="add"),
            drawn((3, 5), (4, 5), (4, 6), softcap=0.5),
            drawn((3, 5), (4, 5), (4, 6), attn_mask=ALLOWED, mask_kind="hide", mask_value=-2.0),
        ),
        bad=(
            bad("{query} must have 1 axes or more (..., rows, features), but is a single number", (), (4, 5), (4, 6)),
            bad("{key} must have 2 axes or more (..., rows, features), but is 5", (3, 5), (5,), (4, 6)),
            bad("{value} must have 2 axes or more (..., rows, features), but is 4", (3, 5), (4, 5), (4,)),
            bad("axis 0 of {key} is 4, but axis 1 of {value} is 3", (3, 5), (4, 5), (2, 3, 6)),
            bad("axis 1 of {query} is 6, but axis 2 of {key} is 5", (3, 6), (2, 4, 5), (4, 6)),
            bad(
                "is_causal needs an axis of queries, but {query} is a single one", (5,), (4, 5), (4, 6), is_causal=True
            ),
            bad("enable_gqa needs an axis of heads, but {key} is 4 x 5", (2, 3, 5), (4, 5), (4, 6), enable_gqa=True),
            bad(
                "{query} has 5 heads, {key} 2 and {value} 2: those of key and value must be equal and divide",
                *((5, 3, 5), (2, 4, 5), (2, 4, 6)),
                enable_gqa=True,
            ),
            bad("{query} has 6 heads, {key} 2 and {value} 3", (6, 3, 5), (2, 4, 5), (3, 4, 6), enable_gqa=True),
            bad("softcap must be a positive number, but is 0", (3, 5), (4, 5), (4, 6), softcap=0),
            *_mask_faults((3, 5), (4, 5), (4, 6), scores="3 x 4"),
        ),
        torch=_sdpa,
    ),
    "multi_head_attention": Record(
        samples=(
            drawn((3, 4), (3, 4), (3, 4), (6, 4), (6, 4), (6, 4), num_heads=2),
            drawn((2, 3, 5), (2, 4, 6), (2, 4, 7), (4, 5), (4, 6), (6, 7), (3, 6), (4,), (4,), (6,), (3,), num_heads=2),
            drawn((3, 5), (4, 6), (4, 7), (5, 4), (6, 4), (7, 6), (6, 3), num_heads=2, weight_layout="in_out", scale=1),
            drawn((3, 5), (4, 5), (4, 5), (4, 5), (4, 5), (2, 5), is_causal=True),
            drawn((3, 5), (4, 5), (4, 5), (8, 5), (4, 5), (6, 5), num_heads=4, num_kv_heads=2),
            drawn((3, 5), (4, 5), (4, 5), (8, 5), (2, 5), (3, 5), num_heads=4, num_kv_heads=1),
            drawn(
                *((2, 3, 5), (2, 4, 5), (2, 4, 5), (4, 5), (4, 5), (2, 5)),
                num_heads=2,
                attn_mask=ALLOWED,
                key_padding_mask=SEVERAL,
                mask_kind="attend",
            ),
            drawn((3, 5), (4, 5), (4, 5), (4, 5), (4, 5), (2, 5), num_heads=2, attn_mask=1 - ALLOWED),
        ),
        bad=(
            bad("{query} must have 2 axes or more", (5,), (4, 5), (4, 5), *[(4, 5)] * 3),
            bad(
                "{k_proj_weight} must have 2 axes (out, in), but has 1 (4)",
                (3, 5),
                (4, 5),
                (4, 5),
                (4, 5),
                (4,),
                (4, 5),
            ),
            bad("num_heads must be at least 1, but is 0", (3, 5), (4, 5), (4, 5), *[(4, 5)] * 3, num_heads=0),
            bad("num_kv_heads must be at least 1, but is 0", (3, 5), (4, 5), (4, 5), *[(4, 5)] * 3, num_kv_heads=0),
            bad(
                "num_kv_heads is 3, but must divide num_heads, which is 4",
                *((3, 5), (4, 5), (4, 5), *[(4, 5)] * 3),
                num_heads=4,
                num_kv_heads=3,
            ),
            bad(
                "{v_proj_weight} goes out with 3 features, which 2 heads cannot share evenly",
                *((3, 5), (4, 5), (4, 5), (4, 5), (4, 5), (3, 5)),
                num_heads=2,
            ),
            bad("must be 'out_in' or 'in_out', not 'T'", (3, 5), (4, 5), (4, 5), *[(4, 5)] * 3, weight_layout="T"),
            *_mask_faults((3, 5), (4, 5), (4, 5), *[(4, 5)] * 3, scores="3 x 4"),
        ),
        torch=_multi_head,
    ),
    "multi_head_attention_forward": Record(
        samples=(
            drawn((3, 4), (5, 4), (5, 4), (12, 4), (12,), (4, 4), (4,), num_heads=2),
            drawn(
                *((2, 3, 6), (2, 4, 6), (2, 4, 6), (18, 6), (18,), (6, 6), (6,)),
                num_heads=3,
                attn_mask=1 - ALLOWED,
                key_padding_mask=1 - SEVERAL,
            ),
            drawn(
                *((3, 4), (4, 4), (4, 4), (4, 12), (12,), (4, 4), (4,)),
                weight_layout="in_out",
                is_causal=True,
                num_heads=2,
            ),
            drawn((3, 4), (4, 4), (4, 4), (12, 4), (12,), (4, 4), (4,), attn_mask=ALLOWED, mask_kind="attend"),
            drawn((3, 4), (5, 4), (5, 4), (12, 4)).without_torch(),
        ),
        bad=(
            bad("{in_proj_weight} must have 2 axes (out, in), but has 1 (12)", (3, 4), (3, 4), (3, 4), (12,)),
            bad(
                "axis 0 of {in_proj_weight} is 8, but must be 3 times the features that go out",
                *((3, 4), (3, 4), (3, 4), (8, 4)),
            ),
            bad(
                "axis 1 of {in_proj_weight} is 4, but must be 3 times",
                *((3, 9), (3, 9), (3, 9), (9, 4)),
                weight_layout="in_out",
            ),
            bad(
                "{in_proj_bias} must be 12 (the features that go out), but is 4", (3, 4), (3, 4), (3, 4), (12, 4), (4,)
            ),
        ),
        torch=_forward,
    ),
    "self_attention": Record(
        samples=(
            drawn((4, 5), (3, 5), (3, 5), (6, 5)),
            drawn((2, 4, 5), (3, 5), (3, 5), (6, 5), (3,), (3,), (6,), is_causal=True, scale=1),
            drawn((4, 5), (5, 3), (5, 3), (5, 6), weight_layout="in_out"),
            drawn((2, 4, 5), (3, 5), (3, 5), (6, 5), key_padding_mask=SEVERAL),
            drawn((4, 5), (3, 5), (3, 5), (6, 5), attn_mask=1 - FOUR, mask_kind="hide"),
        ),
        bad=(
            bad("{query} must have 2 axes or more (..., rows, features), but is 5", (5,), (3, 5), (3, 5), (6, 5)),
            *_mask_faults((4, 5), (3, 5), (3, 5), (6, 5), scores="4 x 4"),
        ),
        torch=lambda T, x, *arrays, **options: _multi_head(
            T, x, x, x, *[*arrays[:3], None, *arrays[3:]], **{"mask_kind": "attend", **options}
        ),
    ),
}

RECORDS: Mapping[str, Record] = {**MASKS, **ATTENTION}
