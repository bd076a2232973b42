"""The records of convolutions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.op_records import Bad, Record, bad, drawn


def _conv2d(T: Any, x: Any, weight: Any, bias: Any = None, padding: Any = 0, **options: Any) -> Any:
    if isinstance(padding, list) and isinstance(padding[0], list):
        (top, bottom), (left, right) = padding
        x, padding = T.nn.functional.pad(x, [left, right, top, bottom]), 0
    return T.nn.functional.conv2d(x, weight, bias, padding=padding, **options)


def _conv2d_weight(T: Any, x: Any, g: Any, size: Any, groups: int = 1, **options: Any) -> Any:
    shape = (g.shape[1], x.shape[1] // groups, *size)
    return T.nn.grad.conv2d_weight(x, shape, g, groups=groups, **options)


def _conv_matrix(T: Any, weight: Any, input_size: Any, groups: int = 1, **options: Any) -> Any:
    channels = weight.shape[1] * groups
    entries = channels * input_size[0] * input_size[1]
    units = T.eye(entries, dtype=T.float64).reshape(entries, channels, *input_size)
    return _conv2d(T, units, weight, groups=groups, **options).reshape(entries, -1).T


# What conv2d and its transpose refuse alike; both weights are made for 3 channels and go out with 2.
def window_faults(weight: tuple[int, ...]) -> tuple[Bad, ...]:
    x = (1, 3, 5, 6)
    return (
        bad("{weight} must have 4 axes", x, (3, 2)),
        bad("{x} must have 3 or 4 axes ((batch,) channels, rows, columns), but has 2 (5 x 6)", (5, 6), weight),
        bad("{weight} is made for 3 channels, but {x} has 4", (1, 4, 5, 6), weight),
        bad("{bias} must have one entry for each of the 2 filters, but is 3", x, weight, (3,)),
        bad("stride must be at least 1, but is 0", x, weight, stride=[1, 0]),
        bad("dilation must be at least 1, but is -1", x, weight, dilation=-1),
        bad("groups must be at least 1, but is 0", x, weight, groups=0),
        bad("must be one number or two, not 3", x, weight, stride=[1, 2, 3]),
        bad("must be a number, two numbers, 'valid' or 'same', not 'full'", x, weight, padding="full"),
        bad("must not be negative, but is [1, -1]", x, weight, padding=[1, -1]),
        bad("must be one number or two, not 0", x, weight, padding=[]),
        bad("padding='same' needs a stride of 1", x, weight, padding="same", stride=2),
        bad("has no option 'strides'; did you mean 'stride'?", x, weight, strides=2),
        bad("needs 'weight'", x),
    )


CONVOLUTIONS = {
    "conv2d": Record(
        samples=(
            drawn((2, 3, 5, 6), (4, 3, 2, 3)),
            drawn((3, 5, 6), (4, 3, 2, 3), (4,)),
            drawn((2, 4, 7, 8), (6, 2, 3, 2), (6,), stride=[2, 3], padding=[1, 2], dilation=[1, 2], groups=2),
            drawn((2, 3, 6, 5), (3, 1, 2, 3), stride=3, groups=3),
            drawn((1, 2, 5, 6), (3, 2, 2, 4), padding="same"),
            drawn((1, 2, 7, 6), (3, 2, 3, 2), padding="same", dilation=[2, 3]),
            drawn((1, 2, 4, 5), (3, 2, 3, 2), padding="valid"),
            drawn((1, 2, 3, 4), (3, 2, 2, 3), (3,), padding=[[0, 1], [2, 3]]),
            drawn((1, 2, 3, 4), (3, 2, 5, 4), padding=[1, 0]),
        ),
        bad=(
            *window_faults((2, 3, 2, 4)),
            bad("{weight} is made for 6 channels (groups=2), but {x} has 3", (1, 3, 5, 6), (2, 3, 2, 4), groups=2),
            bad("groups=2 must divide the 4 channels that come in and the 3", (1, 4, 5, 6), (3, 2, 2, 2), groups=2),
            bad("{weight} spans 6 rows, but {x} has 5, its padding included", (1, 1, 5, 6), (1, 1, 6, 4)),
            bad("{weight} spans 9 columns, but {x} has 8", (1, 1, 5, 6), (1, 1, 2, 5), dilation=2, padding=[0, 1]),
        ),
        torch=_conv2d,
    ),
    "conv_transpose2d": Record(
        samples=(
            drawn((2, 3, 4, 5), (3, 4, 2, 3)),
            drawn((3, 4, 5), (3, 4, 2, 3), (4,)),
            drawn((2, 4, 3, 4), (4, 3, 3, 2), (6,), stride=[2, 3], padding=[1, 0], output_padding=[1, 2], groups=2),
            drawn((1, 2, 3, 4), (2, 3, 2, 4), (3,), stride=2, dilation=[3, 1], padding=1),
            drawn((1, 2, 3, 4), (2, 3, 3, 2), dilation=[2, 3], output_padding=[1, 2]),
            drawn((2, 3, 4), (2, 3, 3, 2), dilation=[2, 3], output_padding=[1, 2]),
            drawn((1, 2, 3, 4), (2, 3, 2, 3), padding=[[0, 1], [2, 0]]).without_torch(),
            drawn((1, 2, 4, 5), (2, 3, 2, 4), padding="same").without_torch(),
        ),
        bad=(
            *window_faults((3, 2, 2, 4)),
            bad("groups=2 must divide the 3 channels that come in and the 4", (1, 3, 5, 6), (3, 2, 2, 2), groups=2),
            bad(
                "output_padding must be from 0 to 1 (below stride or dilation), not 2",
                *((1, 3, 5, 6), (3, 2, 2, 4)),
                stride=2,
                output_padding=[0, 2],
            ),
            bad("output_padding must be from 0 to 0", (1, 3, 5, 6), (3, 2, 2, 4), output_padding=-1),
            bad(
                "the result would have 0 rows: the padding takes away more than there is",
                *((1, 3, 2, 6), (3, 2, 3, 4)),
                padding=2,
            ),
        ),
        torch=lambda T, x, weight, bias=None, **options: T.nn.functional.conv_transpose2d(x, weight, bias, **options),
    ),
    "conv2d_weight": Record(
        samples=(
            drawn((2, 3, 5, 6), (2, 4, 4, 3), size=[2, 4]),
            drawn((3, 5, 6), (4, 4, 3), size=[2, 4]).without_torch(),
            drawn((2, 4, 7, 8), (2, 6, 4, 4), size=[3, 2], stride=[2, 3], padding=[1, 2], dilation=[1, 2], groups=2),
            drawn((1, 2, 6, 7), (1, 3, 2, 3), size=[3, 2], stride=[3, 2]),
            drawn((1, 2, 6, 9), (1, 3, 2, 3), size=[3, 2], dilation=[2, 5], groups=1).without_torch(),
            drawn((1, 2, 3, 4), (1, 3, 3, 4), size=[2, 3], padding="same").without_torch(),
        ),
        bad=(
            bad("size must be two sizes, [rows, columns], not [2]", (1, 2, 3, 4), (1, 3, 3, 4), size=2),
            bad("size must be two sizes, [rows, columns], not [2, 0]", (1, 2, 3, 4), (1, 3, 3, 4), size=[2, 0]),
            bad("{x} must have 3 or 4 axes", (), (1, 3, 3, 4), size=[2, 3]),
            bad("{x} must have 3 or 4 axes", (3, 4), (1, 3, 3, 4), size=[2, 3]),
            bad("{g} must have 3 or 4 axes", (1, 2, 3, 4), (), size=[2, 3]),
            bad(
                "{x} (1 x 2 x 3 x 4) and {g} (5 x 3 x 2 x 2) must hold the same number of images",
                *((1, 2, 3, 4), (5, 3, 2, 2)),
                size=[2, 3],
            ),
            bad("{g} has 3 rows: not what windows over the 3 of {x} give", (2, 3, 4), (3, 3, 2), size=[2, 3]),
            bad("{g} has 1 columns: not what windows over the 4 of {x} give", (2, 3, 4), (3, 2, 1), size=[2, 3]),
            bad("groups=2 must divide the 3 channels", (1, 3, 3, 4), (1, 2, 2, 2), size=[2, 3], groups=2),
            bad("padding='same' needs a stride of 1", (2, 3, 4), (3, 3, 4), size=[2, 3], padding="same", stride=2),
        ),
        torch=_conv2d_weight,
    ),
    "conv_matrix": Record(
        samples=(
            drawn((3, 2, 2, 3), input_size=[4, 5]),
            drawn((4, 1, 3, 2), input_size=[3, 4], stride=[1, 2], padding=[2, 1], dilation=[2, 1], groups=2),
        ),
        bad=(
            bad("{weight} must have 4 axes (filters, channels, rows, columns)", (2, 3), input_size=[4, 5]),
            bad("input_size must be two sizes, [rows, columns], not [4]", (1, 1, 2, 2), input_size=4),
            bad("input_size must be two sizes, [rows, columns], not [4, 0]", (1, 1, 2, 2), input_size=[4, 0]),
            bad("the matrix would have 1,600 columns; at most 1,000 are allowed", (1, 1, 2, 2), input_size=[40, 40]),
            bad("spans 3 rows, but", (1, 1, 3, 3), input_size=[2, 4]),
        ),
        torch=_conv_matrix,
    ),
}


RECORDS: Mapping[str, Record] = CONVOLUTIONS
