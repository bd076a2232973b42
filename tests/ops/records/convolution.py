"""The records of convolutions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.op_records import Bad, Record, bad, drawn


def widths(padding: Any, rank: int) -> list[int] | None:
    """Padding in the order of PyTorch's pad, where it is not the same on both sides."""
    if isinstance(padding, list) and isinstance(padding[0], list):
        return [width for side in reversed(padding) for width in side]
    return None


def turned(weight: Any, flip: bool) -> Any:
    return weight.flip(tuple(range(2, weight.dim()))) if flip else weight


def convolved(
    T: Any,
    x: Any,
    weight: Any,
    bias: Any = None,
    padding: Any = 0,
    padding_mode: str = "zeros",
    flip: bool = False,
    **options: Any,
) -> Any:
    rank = weight.dim() - 2
    around = widths(padding, rank)
    mode = "constant" if padding_mode == "zeros" else padding_mode
    if around is None and padding_mode != "zeros":
        each = padding if isinstance(padding, list) else [padding] * rank
        around = [width for width in reversed(each) for _ in range(2)]
    if around is not None:
        x, padding = T.nn.functional.pad(x, around, mode=mode), 0
    convolve = getattr(T.nn.functional, f"conv{rank}d")
    return convolve(x, turned(weight, flip), bias, padding=padding, **options)


def transposed(T: Any, x: Any, weight: Any, bias: Any = None, flip: bool = False, **options: Any) -> Any:
    transpose = getattr(T.nn.functional, f"conv_transpose{weight.dim() - 2}d")
    return transpose(x, turned(weight, flip), bias, **options)


def weight_gradient(T: Any, x: Any, g: Any, size: Any, groups: int = 1, flip: bool = False, **options: Any) -> Any:
    shape = (g.shape[1], x.shape[1] // groups, *size)
    gradient = getattr(T.nn.grad, f"conv{len(size)}d_weight")
    return turned(gradient(x, shape, g, groups=groups, **options), flip)


def matrix(T: Any, weight: Any, input_size: Any, groups: int = 1, **options: Any) -> Any:
    channels = weight.shape[1] * groups
    entries = channels
    for length in input_size:
        entries *= length
    units = T.eye(entries, dtype=T.float64).reshape(entries, channels, *input_size)
    return convolved(T, units, weight, groups=groups, **options).reshape(entries, -1).T


def window_faults(weight: tuple[int, ...]) -> tuple[Bad, ...]:
    """What conv2d and its transpose refuse alike; both weights are made for 3 channels and go out with 2."""
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
        bad("must be one number or two, 'valid' or 'same', not 'full'", x, weight, padding="full"),
        bad("must not be negative, but is [1, -1]", x, weight, padding=[1, -1]),
        bad("must be one number or two, not 0", x, weight, padding=[]),
        bad("padding='same' needs a stride of 1, not 2", x, weight, padding="same", stride=2),
        bad("has no option 'strides'; did you mean 'stride'?", x, weight, strides=2),
        bad("needs 'weight'", x),
    )


FORWARD = {
    "conv1d": Record(
        samples=(
            drawn((2, 3, 7), (4, 3, 2)),
            drawn((3, 5), (4, 3, 2), (4,), padding=1),
            drawn((2, 4, 9), (6, 2, 3), (6,), stride=2, padding=[3], dilation=2, groups=2),
            drawn((1, 2, 5), (3, 2, 3), padding=[[0, 2]], flip=True),
            drawn((1, 2, 5), (3, 2, 3), (3,), padding="same", dilation=2),
            drawn((1, 2, 5), (3, 2, 3), padding=2, padding_mode="reflect", stride=2),
            drawn((9, 2, 4), (3, 2, 2), (3,)),
        ),
        bad=(
            bad("{weight} must have 3 axes (filters, channels, entries), but has 2 (2 x 3)", (1, 3, 5), (2, 3)),
            bad("{weight} spans 4 entries, but {x} has 3, its padding included", (1, 1, 3), (1, 1, 4)),
            bad("stride of conv1d must be one number, not 2", (1, 1, 3), (1, 1, 2), stride=[1, 2]),
            bad("padding of conv1d must be one number, not 2", (1, 1, 3), (1, 1, 2), padding=[1, 2]),
            bad(
                "axis 2 of {x} has 3 entries, but the border is 3 wide",
                (1, 1, 3),
                (1, 1, 2),
                padding=3,
                padding_mode="reflect",
            ),
        ),
        torch=convolved,
    ),
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
            drawn((1, 2, 3, 4), (3, 2, 2, 3), padding=[2, 1], padding_mode="reflect", flip=True),
            drawn((1, 2, 3, 4), (3, 2, 2, 3), (3,), padding=[[0, 1], [2, 3]], padding_mode="circular"),
            drawn((2, 3, 4), (3, 2, 3, 2), padding=[3, 1], padding_mode="replicate", stride=2).without_torch(),
            drawn((9, 2, 4, 5), (3, 2, 2, 3), (3,), padding=1),
        ),
        bad=(
            *window_faults((2, 3, 2, 4)),
            bad("{weight} is made for 6 channels (groups=2), but {x} has 3", (1, 3, 5, 6), (2, 3, 2, 4), groups=2),
            bad("groups=2 must divide the 4 channels that come in and the 3", (1, 4, 5, 6), (3, 2, 2, 2), groups=2),
            bad("{weight} spans 6 rows, but {x} has 5, its padding included", (1, 1, 5, 6), (1, 1, 6, 4)),
            bad("{weight} spans 9 columns, but {x} has 8", (1, 1, 5, 6), (1, 1, 2, 5), dilation=2, padding=[0, 1]),
            bad("padding_mode of conv2d must be 'zeros', 'reflect'", (1, 1, 5, 6), (1, 1, 2, 2), padding_mode="edge"),
            bad(
                "has 5 entries, but the border is 6 wide",
                (1, 1, 5, 6),
                (1, 1, 2, 2),
                padding=6,
                padding_mode="circular",
            ),
        ),
        torch=convolved,
    ),
    "conv3d": Record(
        samples=(
            drawn((2, 2, 3, 2, 4), (1, 2, 2, 1, 3)),
            drawn((2, 3, 2, 4), (4, 1, 2, 2, 1), (4,), stride=[2, 1, 3], padding=[0, 1, 1], groups=2),
            drawn((1, 1, 2, 3, 3), (2, 1, 2, 2, 2), dilation=[1, 2, 1], padding=[[0, 1], [1, 0], [0, 0]], flip=True),
            drawn((1, 1, 2, 3, 2), (2, 1, 2, 1, 2), padding=1, padding_mode="replicate"),
        ),
        bad=(
            bad("{x} must have 4 or 5 axes ((batch,) channels, planes, rows, columns)", (2, 3, 4), (1, 2, 2, 2, 2)),
            bad("{weight} spans 3 planes, but {x} has 2", (1, 2, 4, 4), (1, 1, 3, 2, 2)),
            bad("must be one number or three, not 2", (1, 2, 4, 4), (1, 1, 2, 2, 2), dilation=[1, 2]),
        ),
        torch=convolved,
    ),
}

BACK = {
    "conv_transpose1d": Record(
        samples=(
            drawn((2, 3, 4), (3, 4, 2)),
            drawn((4, 5), (4, 3, 3), (6,), stride=2, padding=1, output_padding=1, groups=2),
            drawn((1, 2, 5), (2, 3, 2), dilation=3, flip=True),
            drawn((1, 2, 5), (2, 3, 2), padding=[[0, 2]]).without_torch(),
        ),
        bad=(
            bad("{weight} must have 3 axes (channels in, channels out, entries)", (1, 3, 5), (2, 3)),
            bad("the result would have -1 entries: the padding takes 4 of 3", (1, 3, 2), (3, 1, 2), padding=2),
        ),
        torch=transposed,
    ),
    "conv_transpose2d": Record(
        samples=(
            drawn((2, 3, 4, 5), (3, 4, 2, 3)),
            drawn((3, 4, 5), (3, 4, 2, 3), (4,)),
            drawn((2, 4, 3, 4), (4, 3, 3, 2), (6,), stride=[2, 3], padding=[1, 0], output_padding=[1, 2], groups=2),
            drawn((1, 2, 3, 4), (2, 3, 2, 4), (3,), stride=2, dilation=[3, 1], padding=1),
            drawn((1, 2, 3, 4), (2, 3, 3, 2), dilation=[2, 3], output_padding=[1, 2]),
            drawn((2, 3, 4), (2, 3, 3, 2), dilation=[2, 3], output_padding=[1, 2]),
            drawn((1, 2, 3, 4), (2, 3, 2, 3), (3,), stride=2, flip=True),
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
            bad("the result would have 0 rows: the padding takes 4 of 4", (1, 3, 2, 6), (3, 2, 3, 4), padding=2),
        ),
        torch=transposed,
    ),
    "conv_transpose3d": Record(
        samples=(
            drawn((1, 2, 2, 1, 3), (2, 1, 2, 3, 1)),
            drawn(
                (2, 2, 1, 2),
                (2, 1, 2, 2, 1),
                (2,),
                stride=[1, 2, 2],
                padding=[1, 0, 0],
                output_padding=[0, 1, 0],
                groups=2,
            ),
        ),
        bad=(
            bad("the result would have -1 planes: the padding takes 4 of 3", (1, 2, 4, 4), (1, 1, 2, 2, 2), padding=2),
        ),
        torch=transposed,
    ),
    "conv1d_weight": Record(
        samples=(
            drawn((2, 3, 5), (2, 4, 4), size=[2]),
            drawn((2, 4, 7), (2, 6, 3), size=[3], stride=2, padding=1, dilation=2, groups=2, flip=True),
        ),
        bad=(
            bad("size must be at least 1, but is 0", (2, 5), (3, 5), size=0),
            bad("{g} has 2 entries: not what windows over the 5 of {x} give", (2, 5), (3, 2), size=2),
        ),
        torch=weight_gradient,
    ),
    "conv2d_weight": Record(
        samples=(
            drawn((2, 3, 5, 6), (2, 4, 4, 3), size=[2, 4]),
            drawn((3, 5, 6), (4, 4, 3), size=[2, 4]).without_torch(),
            drawn((2, 4, 7, 8), (2, 6, 4, 4), size=[3, 2], stride=[2, 3], padding=[1, 2], dilation=[1, 2], groups=2),
            drawn((1, 2, 6, 7), (1, 3, 2, 3), size=[3, 2], stride=[3, 2]),
            drawn((1, 2, 6, 9), (1, 3, 2, 3), size=[3, 2], dilation=[2, 5], groups=1).without_torch(),
            drawn((1, 2, 3, 4), (1, 3, 3, 4), size=[2, 3], padding="same", flip=True).without_torch(),
        ),
        bad=(
            bad("size of conv2d_weight must be one number or two, not 3", (2, 3, 4), (3, 3, 4), size=[2, 2, 2]),
            bad("size must be at least 1, but is 0", (1, 2, 3, 4), (1, 3, 3, 4), size=[2, 0]),
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
        torch=weight_gradient,
    ),
    "conv3d_weight": Record(
        samples=(drawn((1, 2, 2, 1, 3), (1, 2, 1, 1, 2), size=[2, 1, 2], groups=2),),
        bad=(bad("must be one number or three, not 2", (1, 2, 1, 3), (2, 1, 1, 2), size=[2, 1]),),
        torch=weight_gradient,
    ),
    "conv_matrix": Record(
        samples=(
            drawn((3, 2, 2, 3), input_size=[4, 5]),
            drawn((4, 1, 3, 2), input_size=[3, 4], stride=[1, 2], padding=[2, 1], dilation=[2, 1], groups=2),
            drawn((3, 2, 2), input_size=[4], padding=1, flip=True),
            drawn((2, 1, 1, 2, 2), input_size=[2, 2, 3]),
        ),
        bad=(
            bad("{weight} must be that of conv1d, conv2d or conv3d, with 3 to 5 axes, not 2", (2, 3), input_size=[4]),
            bad("input_size must be 2 sizes, one for each axis of the filters, not [4]", (1, 1, 2, 2), input_size=4),
            bad("one for each axis of the filters, not [4, 0]", (1, 1, 2, 2), input_size=[4, 0]),
            bad("the matrix would have 1,600 columns; at most 1,000 are allowed", (1, 1, 2, 2), input_size=[40, 40]),
            bad("spans 3 rows, but", (1, 1, 3, 3), input_size=[2, 4]),
            bad("stride of conv2d must be one number or two, not 3", (1, 1, 3, 3), input_size=[4, 4], stride=[1, 1, 1]),
        ),
        torch=matrix,
    ),
}


def unfolded(T: Any, x: Any, kernel_size: Any, padding: Any = 0, **options: Any) -> Any:
    around = widths(padding, 2)
    if around is not None:
        x, padding = T.nn.functional.pad(x, around), 0
    return T.nn.functional.unfold(x, kernel_size, padding=padding, **options)


COLUMNS = {
    "unfold": Record(
        samples=(
            drawn((2, 3, 4, 5), kernel_size=[2, 3]),
            drawn((2, 5, 4), kernel_size=2, dilation=[2, 1], padding=[1, 2], stride=[1, 3]),
            drawn((1, 2, 3, 4), kernel_size=[2, 3], padding=[[0, 1], [2, 0]]),
            drawn((1, 2, 3, 4), kernel_size=[2, 3], padding="same").without_torch(),
        ),
        bad=(
            bad("{x} must have 3 or 4 axes ((batch,) channels, rows, columns), but has 2", (4, 5), kernel_size=2),
            bad("the kernel spans 5 rows, but {x} has 4, its padding included", (1, 4, 5), kernel_size=5),
            bad("stride must be at least 1, but is 0", (1, 4, 5), kernel_size=2, stride=0),
            bad("padding='same' needs a stride of 1, not 2", (1, 4, 5), kernel_size=2, stride=2, padding="same"),
        ),
        torch=unfolded,
    ),
    "fold": Record(
        samples=(
            drawn((2, 6, 15), output_size=[4, 5], kernel_size=[2, 1]),
            drawn((2, 12, 9), output_size=[4, 5], kernel_size=[2, 3]),
            drawn((8, 9), output_size=[5, 4], kernel_size=2, dilation=[2, 1], padding=[1, 2], stride=[2, 3]),
        ),
        bad=(
            bad("{x} must have 2 or 3 axes", (2, 3, 4, 5), output_size=[4, 5], kernel_size=2),
            bad(
                "{x} has 8 columns, but the kernel has 3 x 4 places in an image of 4 x 5",
                (4, 8),
                output_size=[4, 5],
                kernel_size=2,
            ),
            bad(
                "{x} has 6 rows: not so many for each channel as the kernel's 4",
                (6, 12),
                output_size=[4, 5],
                kernel_size=2,
            ),
            bad("output_size must be at least 1, but is 0", (4, 8), output_size=[4, 0], kernel_size=2),
            bad("padding='same' needs a stride of 1", (4, 8), output_size=4, kernel_size=2, padding="same", stride=2),
        ),
        torch=lambda T, x, output_size, kernel_size, **options: T.nn.functional.fold(
            x, output_size, kernel_size, **options
        ),
    ),
}

RECORDS: Mapping[str, Record] = {**FORWARD, **BACK, **COLUMNS}
