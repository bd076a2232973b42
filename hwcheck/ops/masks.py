"""Masks of attention. How they hide scores, and what is wrong with one that hides everything, is here too.

Numbers have no type that says what a mask means, so ``mask_kind`` says it: 'attend' for 1 where a query may attend to
a key and 0 where not, 'hide' for the opposite, 'add' for numbers that are added to the scores.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
import numpy.typing as npt

from hwcheck.graph.node import OPERATORS, Array, Labels, Node, Shape
from hwcheck.graph.op import Misfit, composite
from hwcheck.graph.options import spell_shape
from hwcheck.ops.arithmetic import where
from hwcheck.ops.arrays import reshape
from hwcheck.ops.bounds import require_from
from hwcheck.ops.labels import wrong_entries

__all__ = ["causal_mask", "hide", "masked", "padding_mask", "unusable"]


def _may_look(queries: int, keys: int, offset: int = 0) -> Array:
    """1 at (i, j) where key j does not lie ahead of query i."""
    return np.tri(queries, keys, offset)


def _of_kind(attend: Node, kind: str) -> Node:
    """The mask of a kind from one that is 1 where attention is allowed."""
    if kind == "add":
        return where(attend, 0, -np.inf)
    return attend if kind == "attend" else 1 - attend


@composite()
def causal_mask(
    queries: int, keys: int | None = None, offset: int = 0, kind: Literal["attend", "hide", "add"] = "attend"
) -> Node:
    """The mask that keeps a query from looking ahead: query i may attend to key j where ``j <= i + offset``.

    queries: how many queries there are.
    keys: how many keys; as many as queries where it is left out.
    offset: how many keys stand before the first query's own.
    kind: 'attend' for 1 where a query may attend and 0 where not, 'hide' for the opposite, 'add' for 0 and -inf.
    Elsewhere: NumPy's tril makes 'attend', its triu with k=1 'hide'; PyTorch's generate_square_subsequent_mask 'add'.
    Source: Vaswani et al., Attention is all you need (2017), section 3.2.3.
    Example: causal_mask(3)
    """
    keys = queries if keys is None else keys
    require_from(1, queries=queries, keys=keys)
    return _of_kind(OPERATORS["<="](np.arange(keys) - offset, np.arange(queries)[:, np.newaxis]), kind)


def _impossible_lengths(lengths: Array, size: int, **options: object) -> Iterator[str]:
    wrong = (lengths < 0) | (lengths > size) | (lengths != np.floor(lengths))
    for _, told in wrong_entries("lengths", lengths, wrong):
        yield f"{told}, but must be a whole number from 0 to {size}"


@composite(domain=_impossible_lengths)
def padding_mask(lengths: Labels, size: int, kind: Literal["attend", "hide", "add"] = "attend") -> Node:
    """The mask that hides the padding behind sequences of some lengths: key j may be attended to where ``j < length``.

    lengths: how many keys of each sequence are real, any shape -> the same with an axis of ``size`` behind it.
    size: how many keys there are with the padding.
    kind: 'attend' for 1 where a key is real and 0 where it is padding, 'hide' for the opposite, 'add' for 0 and -inf.
    Elsewhere: TensorFlow's sequence_mask makes 'attend', as Keras's masks are; PyTorch's key_padding_mask is 'hide'.
    Source: Zhang, Lipton, Li, Smola, Dive into Deep Learning (2023), section 11.3.2.
    Example: padding_mask(lengths, 4); lengths = [2, 3]
    """
    require_from(1, size=size)
    return _of_kind(OPERATORS["<"](np.arange(size), reshape(lengths, (*lengths.shape, 1))), kind)


def masked(
    scores: Node,
    attn_mask: Node | None,
    key_padding_mask: Node | None,
    mask_kind: str,
    mask_value: float,
    is_causal: bool,
) -> Node:
    """The scores (..., queries, keys) with what must not be attended to hidden."""
    if attn_mask is not None:
        scores = hide(scores, _fitted(attn_mask, scores.shape), mask_kind, mask_value)
    if key_padding_mask is not None:
        scores = hide(scores, _along_keys(key_padding_mask, scores.shape), mask_kind, mask_value)
    if is_causal:
        if len(scores.shape) < 2:
            raise Misfit("is_causal needs an axis of queries, but {query} is a single one")
        scores = where(_may_look(*scores.shape[-2:]), scores, mask_value)
    return scores


def hide(scores: Node, mask: Node, mask_kind: str, mask_value: float) -> Node:
    """The scores under one mask."""
    if mask_kind == "add":
        return scores + mask
    return where(mask, scores, mask_value) if mask_kind == "attend" else where(mask, mask_value, scores)


def _fitted(attn_mask: Node, scores: Shape) -> Node:
    fits = all(length in (1, wanted) for length, wanted in zip(attn_mask.shape[::-1], scores[::-1], strict=False))
    if not fits or len(attn_mask.shape) > len(scores):
        wanted = spell_shape(scores)
        raise Misfit(f"{{attn_mask}} ({spell_shape(attn_mask.shape)}) cannot be broadcast to the scores ({wanted})")
    return attn_mask


def _along_keys(key_padding_mask: Node, scores: Shape) -> Node:
    """A mask (..., keys), whose other axes are the scores' first, with axes of length 1 for heads and queries."""
    *batch, keys = key_padding_mask.shape or (0,)
    if (*batch, keys) != (*scores[: len(batch)], scores[-1]) or len(batch) > max(len(scores) - 2, 0):
        raise Misfit(
            f"{{key_padding_mask}} ({spell_shape(key_padding_mask.shape)}) must have an entry for each of the "
            f"{scores[-1]} keys, and before it the batch's axes, if any, of the scores ({spell_shape(scores)})"
        )
    return reshape(key_padding_mask, (*batch, *[1] * (len(scores) - len(batch) - 1), keys))


def unusable(
    scores: Shape,
    attn_mask: Array | None,
    key_padding_mask: Array | None,
    mask_kind: str,
    mask_value: float,
    is_causal: bool,
) -> Iterator[str]:
    """What is wrong with the numbers of the masks of scores of a shape: ends of sentences."""
    hidden: npt.NDArray[np.bool_] = np.zeros((1,) * len(scores), dtype=np.bool_)
    if is_causal:
        hidden = hidden | (_may_look(*scores[-2:]) == 0)
    for name, mask in {"attn_mask": attn_mask, "key_padding_mask": key_padding_mask}.items():
        if mask is None:
            continue
        if mask_kind != "add":
            yield from _not_boolean(name, mask, mask_kind)
        if name == "key_padding_mask":
            mask = mask.reshape(*mask.shape[:-1], *[1] * (len(scores) - mask.ndim), scores[-1])
        hidden = hidden | {"attend": mask == 0, "hide": mask != 0, "add": mask == -np.inf}[mask_kind]
    if mask_kind != "add" and mask_value != -np.inf:
        return  # such scores are small, and still have a softmax
    given = {"{attn_mask}": attn_mask, "{key_padding_mask}": key_padding_mask}
    masks = [name for name, mask in given.items() if mask is not None]
    subject = " and ".join(masks) + (" hides" if len(masks) == 1 else " hide")
    for place in np.argwhere(np.broadcast_to(hidden, (*hidden.shape[:-1], scores[-1])).all(axis=-1)):
        query = list(map(int, place))
        yield f"{subject} all {scores[-1]} keys from query {query}, which leaves nothing to weight"


def _not_boolean(name: str, mask: Array, mask_kind: str) -> Iterator[str]:
    for place in np.argwhere((mask != 0) & (mask != 1))[:1]:
        index = tuple(map(int, place))
        number = f"the {name}'s entry {list(index)} is {mask[index]:g}"
        yield f"{number}, but mask_kind={mask_kind!r} takes 1 and 0; numbers to be added are mask_kind='add'"
