"""The records of positional encodings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tests.support.op_records import Record, bad, drawn


def _positional_encoding(
    T: Any, length: int, d_model: int, base: float = 1e4, start: int = 0, layout: str = "interleaved"
) -> Any:
    """PyTorch's tutorial on transformers."""
    position = T.arange(start, start + length, dtype=T.float64).unsqueeze(1)
    rates = T.exp(T.arange(0, d_model, 2, dtype=T.float64) * (-np.log(base) / d_model))
    if layout == "halves":
        return T.cat([T.sin(position * rates), T.cos(position * rates)[:, : d_model // 2]], dim=1)
    table = T.zeros(length, d_model, dtype=T.float64)
    table[:, 0::2] = T.sin(position * rates)
    table[:, 1::2] = T.cos(position * rates)[:, : d_model // 2]
    return table


def _rotate(T: Any, x: Any, cos: Any, sin: Any, interleaved: bool = False, rotary_dim: int | None = None) -> Any:
    """Multiplication of complex numbers, as Meta's Llama has it."""
    width = rotary_dim or x.shape[-1]
    turning = x[..., :width]
    halves = turning.unflatten(-1, (-1, 2)) if interleaved else turning.unflatten(-1, (2, -1)).transpose(-1, -2)
    turned = T.view_as_real(T.view_as_complex(halves.contiguous()) * T.complex(*T.broadcast_tensors(cos, sin)))
    y = (turned if interleaved else turned.transpose(-1, -2)).flatten(-2)
    return T.cat([y, x[..., width:]], dim=-1)


def _rotary_embedding(
    T: Any, x: Any, positions: Any = None, base: float = 1e4, rotary_dim: int | None = None, interleaved: bool = False
) -> Any:
    width = rotary_dim or x.shape[-1]
    rates = 1.0 / base ** (T.arange(0, width, 2, dtype=T.float64) / width)
    positions = T.arange(x.shape[-2], dtype=T.float64) if positions is None else positions
    angles = positions[..., None] * rates
    return _rotate(T, x, angles.cos(), angles.sin(), interleaved, width)


RECORDS: Mapping[str, Record] = {
    "positional_encoding": Record(
        samples=(
            drawn(length=3, d_model=4),
            drawn(length=4, d_model=5, base=100, start=1),
            drawn(length=2, d_model=6, layout="halves"),
            drawn(length=2, d_model=3, layout="halves"),
        ),
        bad=(
            bad("length must be at least 1, but is 0", 0, 4),
            bad("d_model must be at least 1, but is -2", 3, -2),
            bad("base must be a positive number, but is 0", 3, 4, base=0),
            bad("must be 'interleaved' or 'halves', not 'mixed'", 3, 4, layout="mixed"),
        ),
        torch=_positional_encoding,
    ),
    "rotate_pairs": Record(
        samples=(
            drawn((3, 4), (3, 2), (3, 2)),
            drawn((5, 3, 4), (3, 2), (3, 2), interleaved=True),
            drawn((2, 3, 7), (2, 3, 2), (2, 1, 2), rotary_dim=4),
            drawn((3, 5), (1,), (3, 1), rotary_dim=4, interleaved=True),
        ),
        bad=(
            bad("{x} must have 2 axes or more (..., rows, features), but has 1 (4)", (4,), (2,), (2,)),
            bad("an even number of features is turned, from 2 to the 5 of {x}, not 5", (3, 5), (2,), (2,)),
            bad("from 2 to the 4 of {x}, not 6", (3, 4), (2,), (2,), rotary_dim=6),
            bad("from 2 to the 4 of {x}, not 0", (3, 4), (2,), (2,), rotary_dim=0),
            bad("the last axis of {cos} must be the 2 pairs of {x}, but its shape is 3 x 4", (3, 4), (3, 4), (3, 4)),
            bad("the last axis of {sin} must be the 2 pairs of {x}, but its shape is 3", (3, 4), (3, 2), (3,)),
            bad(
                "the last axis of {sin} must be the 2 pairs of {x}, but its shape is a single number", (3, 4), (2,), ()
            ),
            bad("{cos} and {sin} would make 5 x 3 x 2 of {x}'s 3 x 2", (3, 4), (5, 3, 2), (3, 2)),
        ),
        torch=_rotate,
    ),
    "rotary_embedding": Record(
        samples=(
            drawn((3, 4)),
            drawn((2, 3, 6), base=100, interleaved=True),
            drawn((3, 5), (3,), rotary_dim=4),
            drawn((2, 5, 3, 4), (2, 1, 3), interleaved=True),
            drawn((3, 4), (1,)),
        ),
        bad=(
            bad("an even number of features is turned, from 2 to the 5 of {x}, not 5", (3, 5)),
            bad("{positions} must be one for each of the 3 rows of {x}, but is 2", (3, 4), (2,)),
            bad("{positions} must be one for each of the 3 rows of {x}, but is a single number", (3, 4), ()),
            bad("base must be a positive number, but is -1", (3, 4), base=-1),
        ),
        torch=_rotary_embedding,
    ),
}
