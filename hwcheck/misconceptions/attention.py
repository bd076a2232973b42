"""Attention done wrong: its scores, its masks, its heads and its positions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from hwcheck.graph.node import Call, Constant, Node, Quantity
from hwcheck.graph.rewrite import replaced
from hwcheck.misconceptions.anew import (
    anew,
    calls_in,
    inputs_of,
    is_op,
    number,
    opened,
    redone,
    reversed_along,
)
from hwcheck.misconceptions.catalogue import is_gradient
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.misconceptions.parts import is_written
from hwcheck.ops.activations import softmax
from hwcheck.ops.arithmetic import where
from hwcheck.ops.arrays import reshape
from hwcheck.ops.positions import positional_encoding

ONE_HEAD = ("scaled_dot_product_attention", "self_attention")
ATTENTION = (*ONE_HEAD, "multi_head_attention", "multi_head_attention_forward")
SCALED = (*ONE_HEAD, "multi_head_attention")
HIDDEN = -1e4  # a score from there on downwards hides a key


def _features(call: Call) -> int:
    """How many features of a query and a key are multiplied."""
    given, options = inputs_of(call), call.options
    if is_op(call, "scaled_dot_product_attention"):
        return given["query"].shape[-1]
    weight = given["q_proj_weight"]
    out = weight.shape[0] if options["weight_layout"] == "out_in" else weight.shape[1]
    return out // int(options.get("num_heads", 1))


def _other_sizes(call: Call, features: int) -> dict[float, str]:
    """What a student may take for the number of features of a key, in words."""
    given, heads = inputs_of(call), int(call.options.get("num_heads", 1))
    source = given["x"] if "x" in given else given["key"]
    sizes: dict[float, str] = {source.shape[-2]: "the number of keys"}
    if not is_op(call, "scaled_dot_product_attention"):
        sizes[source.shape[-1]] = "the features of the input"
    if heads > 1:
        sizes[features * heads] = "the features of all heads"
    return {size: words for size, words in sizes.items() if size != features}


@misconception(of="quantity")
def scores_scaled_wrongly(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The scores are not divided by the root of the number of a key's features.

    Why it is wrong: the products of longer vectors are larger; divided by sqrt(d), where d is the number of features of
    one key, they keep their size.
    How to see it: the scores times sqrt(d) must be the products of the queries with the keys.
    """
    wrong: dict[str, Any] = {
        "not divided at all": lambda d: d**0,
        "divided by d": lambda d: 1 / d,
        "multiplied by the root of d": math.sqrt,
    }
    for detail, scale in wrong.items():
        for node in redone(place, SCALED, lambda call, scale=scale: _rescaled(call, scale)):  # type: ignore[misc]
            yield Instead(node, detail)
    for words in ("the number of keys", "the features of the input", "the features of all heads"):
        for node in redone(place, SCALED, lambda call, words=words: _by_another_size(call, words)):  # type: ignore[misc]
            yield Instead(node, f"divided by the root of {words}")
    if not is_gradient(place.problem, quantity):
        yield from _written_scores(quantity)


def _rescaled(call: Call, scale: Any) -> Mapping[str, Any] | None:
    features = _features(call)
    return None if call.options["scale"] is not None or features == 1 else {"scale": scale(features)}


def _by_another_size(call: Call, words: str) -> Mapping[str, Any] | None:
    if call.options["scale"] is not None:
        return None
    found = [size for size, named in _other_sizes(call, _features(call)).items() if named == words]
    return {"scale": 1 / math.sqrt(found[0])} if found else None


def _written_scores(quantity: Quantity) -> Iterator[Instead]:
    """Scores that are written as a quotient: what they are divided by is a number, or the root of one."""
    if quantity.body is None or "." in quantity.name or calls_in(quantity.body, ATTENTION):
        return
    for call in calls_in(quantity.body, ["divide"]):
        above, below = call.inputs
        if not (is_op(opened(above), "matmul") and is_written(below) and not below.shape):
            continue
        square = below.inputs[0] if isinstance(below, Call) and is_op(below, "sqrt") else below**2
        for detail, node in {
            "not divided at all": above,
            "divided by d": above / square,
            "multiplied by the root of d": above * below,
        }.items():
            yield Instead(replaced(quantity.body, {call: node}), detail)


def hides(node: Node) -> bool:
    """Whether a score is so low that it hides its key."""
    value = number(node)
    return value is not None and value <= HIDDEN


def _masking(node: Node) -> tuple[Node, Node, bool] | None:
    """The mask, the scores, and whether the mask says where to attend, of scores that are masked with where."""
    made = opened(node)
    if is_op(made, "where") and isinstance(made, Call):
        mask, first, second = made.inputs
        if hides(second):
            return mask, first, True
        if hides(first):
            return mask, second, False
    return None


def _masks(call: Call) -> bool:
    given = inputs_of(call)
    return bool(call.options["is_causal"]) or "attn_mask" in given or "key_padding_mask" in given


def _hides_its_mask(call: Call) -> bool:
    """Whether a layer stands in a line of its own, so that its mask belongs to one of its steps."""
    return is_op(call, *ATTENTION) and not calls_in(call, ["softmax"])


@misconception(of="value", ops=["where", *ATTENTION])
def mask_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """The mask is left out: every query attends to every key.

    Why it is wrong: what a mask hides, such as words that are still to come, must not have a weight.
    How to see it: the weights of hidden keys must be 0.
    """
    if is_op(call, "where"):
        masking = _masking(call)
        if masking is not None:
            yield Instead(masking[1])
    elif _masks(call) and _hides_its_mask(call):
        yield Instead(anew(call, attn_mask=None, key_padding_mask=None, is_causal=False))


@misconception(of="value", ops=["where", *ATTENTION])
def mask_the_wrong_way_round(call: Call, place: Place) -> Iterator[Instead]:
    """The mask is taken the wrong way round: what it shows is hidden, and what it hides is shown.

    Why it is wrong: the mask says which keys may be attended to, or which may not: the problem says which of the two.
    How to see it: the weights of hidden keys must be 0, those of the others must not.
    """
    if is_op(call, "where"):
        if _masking(call) is not None:
            mask, first, second = call.inputs
            yield Instead(where(mask, second, first))
            if len(mask.shape) == 2 and mask.shape[0] == mask.shape[1] > 1:
                yield Instead(where(mask.T, first, second), "rows for columns")
    elif _masks(call) and _hides_its_mask(call):
        kind = {"attend": "hide", "hide": "attend"}.get(call.options["mask_kind"])
        if kind is not None and not call.options["is_causal"]:
            yield Instead(anew(call, mask_kind=kind))


@misconception(of="quantity")
def causal_mask_one_off(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The causal mask is off by one: a query does not see its own key, or sees the next one.

    Why it is wrong: query i may attend to keys 0 to i, its own included.
    How to see it: the diagonal of the weights must not be 0, and what is above it must be.
    """
    for offset, detail in ((-1, "its own key is hidden"), (1, "the next key is shown")):
        for node in redone(place, ATTENTION, lambda call, offset=offset: _shifted(call, offset)):  # type: ignore[misc]
            yield Instead(node, detail)
    if quantity.body is not None:
        for call in calls_in(quantity.body, ["causal_mask"]):
            for step, detail in ((-1, "its own key is hidden"), (1, "the next key is shown")):
                moved = call.op(**{**call.options, "offset": call.options["offset"] + step})
                yield Instead(replaced(quantity.body, {call: moved}), detail)


def _shifted(call: Call, offset: int) -> Mapping[str, Any] | None:
    given = inputs_of(call)
    if not call.options["is_causal"] or "attn_mask" in given:
        return None
    queries = (given["x"] if "x" in given else given["query"]).shape[-2]
    keys = (given["x"] if "x" in given else given["key"]).shape[-2]
    attend = np.tri(queries, keys, offset)
    kind = call.options["mask_kind"]
    mask = attend if kind == "attend" else 1 - attend
    if kind == "add":
        return None
    return {"attn_mask": Constant(mask), "is_causal": False}


@misconception(of="value", ops=["softmax"])
def masked_after_the_softmax(call: Call, place: Place) -> Iterator[Instead]:
    """The weights are masked after the softmax, in place of the scores before it.

    Why it is wrong: the hidden keys have then taken their part of the sum, and what is left adds up to less than 1.
    How to see it: the weights of each query must add up to 1.
    """
    masking = _masking(call.inputs[0])
    if masking is not None:
        mask, scores, attend = masking
        weights = softmax(scores, axis=call.options["axis"])
        yield Instead(where(mask, weights, 0) if attend else where(mask, 0, weights))


@misconception(of="value", ops=["softmax"])
def hidden_scores_set_to_zero(call: Call, place: Place) -> Iterator[Instead]:
    """The scores of hidden keys are set to 0 in place of minus infinity.

    Why it is wrong: exp(0) is 1, so a score of 0 still gets a weight; only that of minus infinity is 0.
    How to see it: the weights of hidden keys must be 0.
    """
    masking = _masking(call.inputs[0])
    if masking is not None:
        mask, scores, attend = masking
        yield Instead(anew(call, x=where(mask, scores, 0) if attend else where(mask, 0, scores)))


@misconception(of="value", ops=["scaled_dot_product_attention"])
def queries_and_keys_swapped(call: Call, place: Place) -> Iterator[Instead]:
    """Queries and keys have changed places, so that the weights are those of the transposed scores.

    Why it is wrong: row i of the scores belongs to query i: it has the products with all keys.
    How to see it: the first row of the scores uses the first query alone.
    """
    given = inputs_of(call)
    if given["query"] is not given["key"]:
        yield Instead(anew(call, query=given["key"], key=given["query"]))


@misconception(of="value", ops=["scaled_dot_product_attention"])
def keys_taken_for_values(call: Call, place: Place) -> Iterator[Instead]:
    """The weights are applied to the keys, or the queries, in place of the values.

    Why it is wrong: queries and keys make the weights; what is averaged with them are the values.
    How to see it: each row of the result must be a mean of rows of the values.
    """
    given, body = inputs_of(call), call.body
    if is_op(body, "matmul") if body is not None else False:
        assert isinstance(body, Call)  # noqa: S101  its op was asked for
        for name, words in (("key", "the keys"), ("query", "the queries")):
            if given[name] is not given["value"] and given[name].shape == given["value"].shape:
                yield Instead(body.inputs[0] @ given[name], words)


@misconception(of="value", ops=["scaled_dot_product_attention"])
def softmax_over_the_queries(call: Call, place: Place) -> Iterator[Instead]:
    """The softmax of the scores runs over the queries in place of the keys.

    Why it is wrong: each query shares out a weight of 1 among the keys, so the softmax runs along each row.
    How to see it: the rows of the weights must add up to 1, not the columns.
    """
    body = call.body
    if body is not None and is_op(body, "matmul") and isinstance(body, Call) and _hides_its_mask(call):
        weights = opened(body.inputs[0])
        if is_op(weights, "softmax") and isinstance(weights, Call) and len(weights.shape) > 1:
            yield Instead(anew(weights, axis=-2) @ body.inputs[1])


@misconception(of="value", ops=["multi_head_attention", "multi_head_attention_forward"])
def heads_not_split(call: Call, place: Place) -> Iterator[Instead]:
    """The features are not split among the heads: one head attends with all of them.

    Why it is wrong: each head has its share of the features, and weights of its own.
    How to see it: there must be a table of weights for each head.
    """
    heads, keys = call.options["num_heads"], call.options.get("num_kv_heads")
    if heads > 1 and keys in (None, heads):
        yield Instead(anew(call, num_heads=1) if keys is None else anew(call, num_heads=1, num_kv_heads=1))


def _swaps_heads(call: Call) -> bool:
    """Whether a transpose changes the second and third axes from the end, as that of heads and rows does."""
    rank = len(call.shape)
    axes = [axis % rank for axis in call.options["axes"]]
    return rank > 2 and axes == [*range(rank - 3), rank - 2, rank - 3, rank - 1]


@misconception(of="value", ops=["transpose", "reshape"])
def heads_reshaped_without_a_transpose(call: Call, place: Place) -> Iterator[Instead]:
    """The array is brought into the shape with the heads, or out of it, by a reshape alone, without a transpose.

    Why it is wrong: a reshape keeps the order of the entries, so the rows of one head end up in another.
    How to see it: the first head must have the first features of every row.
    """
    inner = call.inputs[0]
    if not isinstance(inner, Call):
        return
    if (is_op(call, "transpose") and is_op(inner, "reshape") and _swaps_heads(call)) or (
        is_op(call, "reshape") and is_op(inner, "transpose") and _swaps_heads(inner)
    ):
        yield Instead(reshape(inner.inputs[0], call.shape))


@misconception(of="value", ops=["reshape"])
def heads_in_reverse_order(call: Call, place: Place) -> Iterator[Instead]:
    """The heads are put side by side in reverse order.

    Why it is wrong: the first features of each row are those of the first head.
    How to see it: the first row must begin with the first row of the first head.
    """
    inner = call.inputs[0]
    if isinstance(inner, Call) and is_op(inner, "transpose") and _swaps_heads(inner):
        yield Instead(reshape(reversed_along(inner, len(inner.shape) - 2), call.shape))


@misconception(of="value", ops=["positional_encoding"])
def positions_encoded_wrongly(call: Call, place: Place) -> Iterator[Instead]:
    """Sine and cosine of the positions have changed places, or they are those of other angles.

    Why it is wrong: features 2i and 2i + 1 are the sine and the cosine of pos / base**(2i / d_model), with positions
    counted from 0.
    How to see it: position 0 must be 0, 1, 0, 1, and so on.
    """
    length, width, base, start = (call.options[name] for name in ("length", "d_model", "base", "start"))
    position = np.arange(start, start + length)[:, np.newaxis]
    feature = np.arange(width)
    right = position * base ** (-(feature - feature % 2) / width)
    each = position * base ** (-feature / width)
    if call.options["layout"] == "interleaved":
        odd = feature % 2 == 1
        yield Instead(Constant(np.where(odd, np.sin(right), np.cos(right))), "sine and cosine swapped")
        yield Instead(Constant(np.where(odd, np.cos(each), np.sin(each))), "an angle for each feature")
        slow = position * base ** (-(feature - feature % 2) / (2 * width))
        yield Instead(Constant(np.where(odd, np.cos(slow), np.sin(slow))), "i / d_model for 2i / d_model")
    yield Instead(positional_encoding(**{**call.options, "start": start + 1}), "positions counted from 1")
    other = "halves" if call.options["layout"] == "interleaved" else "interleaved"
    if width > 2:
        yield Instead(positional_encoding(**{**call.options, "layout": other}), f"laid out as {other}")


@misconception(of="value", ops=["rotate_pairs", "rotary_embedding"])
def rotated_wrongly(call: Call, place: Place) -> Iterator[Instead]:
    """The pairs of features are turned the wrong way, or other features are paired.

    Why it is wrong: a pair (a, b) becomes (a * cos - b * sin, b * cos + a * sin).
    How to see it: turned by a quarter, (1, 0) must become (0, 1).
    """
    if call.shape[-1] > 2:
        yield Instead(anew(call, interleaved=not call.options["interleaved"]), "other features are paired")
    if is_op(call, "rotate_pairs"):
        yield Instead(anew(call, sin=-inputs_of(call)["sin"]), "the wrong way")
    else:
        given = inputs_of(call)
        positions = given.get("positions", Constant(np.arange(call.shape[-2], dtype=np.float64)))
        yield Instead(anew(call, positions=-positions), "the wrong way")
        yield Instead(anew(call, positions=positions + 1), "positions counted from 1")
