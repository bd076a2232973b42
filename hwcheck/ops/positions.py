"""Positions for attention: encodings that are added, and rotations. Learned ones are an embedding."""

from __future__ import annotations

from typing import Literal

import numpy as np

from hwcheck.graph.node import Array, Constant, Node
from hwcheck.graph.op import Misfit, Steps, composite
from hwcheck.graph.options import spell_shape
from hwcheck.ops.arrays import getitem, reshape
from hwcheck.ops.assembly import concatenate, stack
from hwcheck.ops.bounds import require_from, require_positive
from hwcheck.ops.functions import cos, sin
from hwcheck.ops.shapes import require_axes


def _frequencies(width: int, base: float) -> Array:
    """How fast each pair of features turns: ``base ** (-2 * i / width)`` for pair i."""
    require_positive(base=base)
    rates: Array = base ** (-np.arange(0, width, 2) / width)
    return rates


@composite()
def positional_encoding(
    length: int,
    d_model: int,
    base: float = 10000.0,
    start: int = 0,
    layout: Literal["interleaved", "halves"] = "interleaved",
) -> Node:
    """Sinusoidal positions: ``sin(pos / base**(2 * i / d_model))`` and the cosine of the same, for each pair i.

    length: how many positions -> (length, d_model).
    d_model: how many features; of an odd number the last cosine is left out.
    base: what the wavelengths grow towards, as a multiple of 2 pi.
    start: the first position.
    layout: 'interleaved' for a sine and its cosine side by side, 'halves' for all sines and behind them all cosines.
    Elsewhere: the paper and PyTorch's tutorial interleave; tensor2tensor has halves, and a slightly larger exponent.
    Source: Vaswani et al., Attention is all you need (2017), section 3.5.
    Example: positional_encoding(3, 2)
    """
    require_from(1, length=length, d_model=d_model)
    angles = np.arange(start, start + length)[:, np.newaxis] * _frequencies(d_model, base)
    if layout == "halves":
        return concatenate([np.sin(angles), np.cos(angles)[:, : d_model // 2]], axis=1)
    table = reshape(stack([np.sin(angles), np.cos(angles)], axis=2), (length, 2 * angles.shape[1]))
    return table if d_model % 2 == 0 else getitem(table, (slice(None), slice(d_model)))


@composite()
def rotate_pairs(x: Node, cos: Node, sin: Node, interleaved: bool = False, rotary_dim: int | None = None) -> Node:
    """Pairs of features turned by given angles: ``(a * cos - b * sin, b * cos + a * sin)`` for each pair (a, b).

    x: (..., rows, features) -> the same.
    cos, sin: those of each pair's angle, shapes that broadcast to (..., rows, pairs).
    interleaved: whether a pair are neighbours (0 and 1, 2 and 3), or one of the first half and one of the second.
    rotary_dim: how many features, from the first on, are turned; all where it is left out.
    Elsewhere: Llama's code from Hugging Face and GPT-NeoX pair halves, the paper, GPT-J and Meta's Llama neighbours;
    the features are the same in another order.
    Source: Su et al., RoFormer: enhanced transformer with rotary position embedding (2021), equation 34.
    Example: rotate_pairs(x, cos, sin); x = [[3, 4]]; cos = [[0]]; sin = [[1]]
    """
    width = _rotary_width(x, rotary_dim)
    turning, rest = _parted(x, width)
    a, b = _pairs(turning, interleaved)
    for name, node in {"cos": cos, "sin": sin}.items():
        if not node.shape or node.shape[-1] not in (1, width // 2):
            wanted = f"the {width // 2} pairs of {{x}}"
            raise Misfit(f"the last axis of {{{name}}} must be {wanted}, but its shape is {spell_shape(node.shape)}")
    turned = a * cos - b * sin, b * cos + a * sin
    if turned[0].shape != a.shape:
        raise Misfit(f"{{cos}} and {{sin}} would make {spell_shape(turned[0].shape)} of {{x}}'s {spell_shape(a.shape)}")
    y = reshape(stack(turned, axis=-1), turning.shape) if interleaved else concatenate(turned, axis=-1)
    return y if rest is None else concatenate([y, rest], axis=-1)


def _rotary_width(x: Node, rotary_dim: int | None) -> int:
    require_axes("x", x.shape, 2, "..., rows, features")
    width = x.shape[-1] if rotary_dim is None else rotary_dim
    if not 2 <= width <= x.shape[-1] or width % 2:
        raise Misfit(f"an even number of features is turned, from 2 to the {x.shape[-1]} of {{x}}, not {width}")
    return width


def _parted(x: Node, width: int) -> tuple[Node, Node | None]:
    """The features that are turned, and those that stay."""
    if width == x.shape[-1]:
        return x, None
    before = [slice(None)] * (len(x.shape) - 1)
    return getitem(x, (*before, slice(width))), getitem(x, (*before, slice(width, None)))


def _pairs(x: Node, interleaved: bool) -> tuple[Node, Node]:
    """The first and the second of each pair."""
    before, half = [slice(None)] * (len(x.shape) - 1), x.shape[-1] // 2
    if interleaved:
        return getitem(x, (*before, slice(0, None, 2))), getitem(x, (*before, slice(1, None, 2)))
    return getitem(x, (*before, slice(half))), getitem(x, (*before, slice(half, None)))


@composite()
def rotary_embedding(
    step: Steps,
    x: Node,
    positions: Node | None = None,
    base: float = 10000.0,
    interleaved: bool = False,
    rotary_dim: int | None = None,
) -> Node:
    """Rotary positions: each pair i of features is turned by the angle ``position * base**(-2 * i / features)``.

    Queries and keys that are turned so have products that depend on how far apart they stand. Its step is ``angles``.

    x: (..., rows, features) -> the same.
    positions: where each row stands, a shape that broadcasts to (..., rows); 0, 1, 2, ... where it is left out.
    base: what the wavelengths grow towards, as a multiple of 2 pi.
    interleaved: whether a pair are neighbours (0 and 1, 2 and 3), or one of the first half and one of the second.
    rotary_dim: how many features, from the first on, are turned; all where it is left out.
    Elsewhere: see rotate_pairs, which takes the cosines and sines themselves. Llama 3 has base=500000.
    Source: Su et al., RoFormer: enhanced transformer with rotary position embedding (2021), equations 15 and 34.
    Example: rotary_embedding(x); x = [[3, 4], [1, 0]]
    """
    width = _rotary_width(x, rotary_dim)
    rates = _frequencies(width, base)
    if positions is None:
        positions = Constant(np.arange(x.shape[-2]))
    elif not positions.shape or positions.shape[-1] not in (1, x.shape[-2]):
        rows = f"the {x.shape[-2]} rows of {{x}}"
        raise Misfit(f"{{positions}} must be one for each of {rows}, but is {spell_shape(positions.shape)}")
    angles = step("angles", reshape(positions, (*positions.shape, 1)) * rates)
    return rotate_pairs(x, cos(angles), sin(angles), interleaved=interleaved, rotary_dim=rotary_dim)
