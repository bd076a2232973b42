"""The records of pooling and unpooling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tests.support.op_records import Record, bad, drawn, kink

SIZES: Mapping[int, tuple[int, ...]] = {1: (7,), 2: (4, 5), 3: (2, 4, 3)}
AXES = {1: "entries", 2: "rows, columns", 3: "planes, rows, columns"}
FIRST = {1: "entries", 2: "rows", 3: "planes"}


def pooled(name: str) -> Callable[..., Any]:
    """PyTorch's function of this name."""

    def compared(T: Any, x: Any, *arguments: Any, **options: Any) -> Any:
        return getattr(T.nn.functional, name)(x, *arguments, **options)

    return compared


def indices(name: str) -> Callable[..., Any]:
    def compared(T: Any, x: Any, **options: Any) -> Any:
        return getattr(T.nn.functional, name)(x, return_indices=True, **options)[1].double()

    return compared


def window_faults(rank: int) -> tuple[Any, ...]:
    x = SIZES[rank]
    few = (2,) * (rank - 1)
    first = FIRST[rank]
    return (
        bad(f"{{x}} must have {rank} axes at least (..., {AXES[rank]}), but has {rank - 1}", few, kernel_size=1),
        bad("kernel_size must be at least 1, but is 0", x, kernel_size=0),
        bad("stride must be at least 1, but is -1", x, kernel_size=2, stride=-1),
        bad("dilation must be at least 1, but is 0", x, kernel_size=1, dilation=0),
        bad(f"the window spans 8 {first}, but {{x}} has {x[0]}, its padding included", x, kernel_size=8),
        bad("must be narrower than the window, which spans 2", x, kernel_size=2, padding=2),
        bad("with a dilation of 9 a window may step over all", x, kernel_size=2, dilation=9, padding=9),
        bad("padding='same' needs a stride of 1, not 2", x, kernel_size=2, padding="same"),
        bad("needs 'kernel_size'", x),
    )


def max_pools(rank: int) -> dict[str, Record]:
    x = SIZES[rank]
    samples = (
        drawn((2, *x), kernel_size=2),
        drawn((1, 2, *x), kernel_size=2, stride=1, padding=1),
        drawn((2, *x), kernel_size=2, stride=2, ceil_mode=True),
        drawn(
            x, kernel_size=[2] * rank, dilation=[1] * (rank - 1) + [2], stride=[2] * (rank - 1) + [1]
        ).without_torch(),
        drawn((1, *x), kernel_size=1, stride=2),
        drawn(x, kernel_size=2, stride=2, padding=[[0, 1]] * rank).without_torch(),
        drawn(x, kernel_size=2, stride=1, padding="same").without_torch(),
    )
    flat = np.zeros((1, 1, *x))
    ties = (
        kink(flat, kernel_size=2),
        kink(flat, kernel_size=2, stride=1, padding=1),
        kink(flat, kernel_size=2, ceil_mode=True),
    )
    faults = window_faults(rank)
    return {
        f"max_pool{rank}d": Record(samples, faults, torch=pooled(f"max_pool{rank}d"), kinks=ties),
        f"max_pool{rank}d_indices": Record(samples, faults, torch=indices(f"max_pool{rank}d"), kinks=ties),
    }


def unpooled(T: Any, x: Any, indices: Any, kernel_size: Any, **options: Any) -> Any:
    return getattr(T.nn.functional, f"max_unpool{x.dim() - 1}d")(x, indices.long(), kernel_size, **options)


UNPOOLING = {
    "max_unpool1d": Record(
        samples=(
            drawn((2, 3), np.array([[0, 3, 4], [1, 2, 5]]), kernel_size=2),
            drawn((1, 3), np.array([[0, 3, 6]]), kernel_size=2, output_size=[7]),
            drawn((1, 3), np.array([[1, 4, 6]]), kernel_size=3, stride=2),
            drawn((1, 2), np.array([[1, 0]]), kernel_size=3, stride=2, padding=1),
        ),
        bad=(
            bad("{x} must have 1 axes at least (..., entries), but has 0", (), (), kernel_size=2),
            bad("kernel_size must be at least 1, but is 0", (2,), (2,), kernel_size=0),
            bad("output_size must be 1 sizes, not [2, 3]", (2,), (2,), kernel_size=2, output_size=[2, 3]),
            bad("the result would have 0 entries: the padding takes 4 of 4", (2,), (2,), kernel_size=2, padding=2),
            bad("padding must not be negative, but is -1", (2,), (2,), kernel_size=2, padding=-1),
            bad("size must be at least 1, but is 0", (2,), (2,), kernel_size=2, output_size=[0]),
        ),
        torch=unpooled,
    ),
    "max_unpool2d": Record(
        samples=(
            drawn((2, 1, 3), np.array([[[1, 8, 4]], [[0, 3, 11]]]), kernel_size=2),
            drawn(
                (1, 2, 2), np.array([[[0, 2], [13, 14]]]), kernel_size=[2, 1], stride=[2, 2], output_size=[5, 3]
            ).without_torch(),
        ),
        bad=(bad("{x} is 2 x 3, but {places} is 3: each number needs its place", (2, 3), (3,), kernel_size=2),),
        torch=unpooled,
    ),
    "max_unpool3d": Record(
        samples=(drawn((2, 1, 2, 1), np.array([[[[1], [12]]], [[[0], [7]]]]), kernel_size=2),),
        bad=(
            bad(
                "kernel_size of max_unpool3d must be one number or three, not 2",
                (1, 1, 1),
                (1, 1, 1),
                kernel_size=[1, 2],
            ),
        ),
        torch=unpooled,
    ),
    "put_at": Record(
        samples=(
            drawn((2, 3), np.array([[0, 3, 4], [4, 4, 1]]), size=[5]),
            drawn((2, 1, 2), np.array([[[5, 0]], [[2, 2]]]), size=[2, 3]),
            drawn((2, 2), np.array([[0, 3], [2, 1]]), size=[2, 2]),
        ),
        bad=(
            bad("{x} is 2 x 3, but {places} is 3", (2, 3), (3,), size=[4]),
            bad("size has 2 axes, but {x} has 1", (3,), (3,), size=[2, 2]),
            bad("size must be at least 1, but is 0", (3,), (3,), size=[0]),
        ),
        torch=lambda T, x, places, size: put(T, x, places.long(), size),
    ),
    "take_at": Record(
        samples=(
            drawn((2, 5), np.array([[0, 3, 4], [4, 4, 1]]), axes=1),
            drawn((2, 2, 3), np.array([[[5, 0, 1, 1]], [[2, 2, 4, 0]]]), axes=2),
            drawn((2, 2), np.array([[0, 3, 1]]), axes=2),
        ),
        bad=(
            bad("axes must be from 1 to the 2 of {x}, not 3", (2, 3), (2, 3), axes=3),
            bad("axes must be from 1 to the 2 of {x}, not 0", (2, 3), (2, 3), axes=0),
            bad("{places} (3 x 3) must differ from {x} (2 x 3) in the last 1 axes only", (2, 3), (3, 3), axes=1),
            bad("{places} (3) must differ from {x} (2 x 3)", (2, 3), (3,), axes=1),
        ),
        torch=lambda T, x, places, axes: take(T, x, places.long(), axes),
    ),
}


def put(T: Any, x: Any, places: Any, size: Any) -> Any:
    lead = x.shape[: x.dim() - len(size)]
    zeros = T.zeros((*lead, int(np.prod(size))), dtype=T.float64)
    return zeros.scatter_add(-1, places.reshape(*lead, -1), x.reshape(*lead, -1)).reshape(*lead, *size)


def take(T: Any, x: Any, places: Any, axes: int) -> Any:
    lead = x.shape[:-axes]
    return x.reshape(*lead, -1).gather(-1, places.reshape(*lead, -1)).reshape(places.shape)


def avg_pools(rank: int) -> dict[str, Record]:
    x = SIZES[rank]
    theirs = pooled(f"avg_pool{rank}d")
    pools = Record(
        samples=(
            drawn((2, *x), kernel_size=2),
            drawn((1, 2, *x), kernel_size=2, stride=1, padding=1),
            drawn((2, *x), kernel_size=2, stride=2, padding=1, ceil_mode=True, count_include_pad=False),
            drawn((2, *x), kernel_size=2, stride=2, padding=1, ceil_mode=True),
            drawn(x, kernel_size=2, padding=[[0, 1]] * rank, divisor_override=3).without_torch(),
            drawn(x, kernel_size=2, dilation=[1] * (rank - 1) + [2], stride=1, padding="same").without_torch(),
        ),
        bad=(*window_faults(rank), bad("divisor_override must not be 0", x, kernel_size=2, divisor_override=0)),
        torch=theirs,
    )
    y = {1: (3,), 2: (2, 2), 3: (1, 2, 1)}[rank]

    def back(T: Any, g: Any, size: Any, kernel_size: Any, **options: Any) -> Any:
        zeros = T.zeros((*g.shape[:-rank], *size), dtype=T.float64, requires_grad=True)
        mean = theirs(T, zeros, kernel_size=kernel_size, **options)
        return T.autograd.grad(mean, zeros, g, create_graph=True)[0]

    backs = Record(
        samples=(
            drawn((2, *y), size=list(x), kernel_size=2),
            drawn((1, *(n + 1 for n in x)), size=list(x), kernel_size=2, stride=1, padding=1, count_include_pad=False),
        ),
        bad=(
            bad(f"{{g}} must have {rank} axes at least", (2,) * (rank - 1), size=1, kernel_size=1),
            bad("size must be at least 1, but is 0", y, size=0, kernel_size=2),
            bad("but windows over", y, size=[n + 2 for n in x], kernel_size=2),
        ),
        torch=back,
    )
    return {f"avg_pool{rank}d": pools, f"avg_pool{rank}d_back": backs}


def norm(T: Any, x: Any, norm_type: float, kernel_size: Any, **options: Any) -> Any:
    rank = x.dim() - 1
    return getattr(T.nn.functional, f"lp_pool{rank}d")(x.abs(), norm_type, kernel_size, **options)


def lp_pools(rank: int) -> dict[str, Record]:
    x = SIZES[rank]
    return {
        f"lp_pool{rank}d": Record(
            samples=(
                drawn((2, *x), norm_type=2, kernel_size=2),
                drawn((2, *x), norm_type=1, kernel_size=2, stride=1),
                drawn((1, *x), norm_type=3, kernel_size=2, stride=3),
                drawn((1, *x), norm_type=1.5, kernel_size=2, ceil_mode=True, padding=1).without_torch(),
            ),
            bad=(
                *(fault._replace(arguments=(*fault.arguments, 2)) for fault in window_faults(rank)[:-1]),
                bad("norm_type must be a positive number, but is 0", x, norm_type=0, kernel_size=2),
            ),
            torch=norm,
        )
    }


def adaptive_pools(rank: int) -> dict[str, Record]:
    x = SIZES[rank]
    smaller = [(n + 2) // 2 for n in x]
    samples = (
        drawn((2, *x), output_size=smaller),
        drawn((1, 2, *x), output_size=1),
        drawn((1, *x), output_size=[n + 1 for n in x]),
        drawn(x, output_size=2).without_torch(),
    )
    faults = (
        bad(f"{{x}} must have {rank} axes at least", (2,) * (rank - 1), output_size=1),
        bad("output_size must be at least 1, but is 0", x, output_size=0),
    )
    flat = kink(np.zeros((1, *x)), output_size=smaller)
    name = f"adaptive_max_pool{rank}d"
    return {
        f"adaptive_avg_pool{rank}d": Record(samples, faults, torch=pooled(f"adaptive_avg_pool{rank}d")),
        name: Record(samples, faults, torch=pooled(name), kinks=(flat,)),
        f"{name}_indices": Record(samples, faults, torch=indices(name), kinks=(flat,)),
    }


def global_pools(rank: int) -> dict[str, Record]:
    x = SIZES[rank]
    axes = tuple(range(-rank, 0))
    samples = (drawn((2, 3, *x)), drawn((3, *x), keepdims=True), drawn(x))
    faults = (
        bad(f"{{x}} must have {rank} axes at least", (2,) * (rank - 1)),
        bad("keepdims of", x, keepdims="yes"),
    )

    def largest(T: Any, x: Any, keepdims: bool = False) -> Any:
        lead = x.shape[: x.dim() - rank]
        y = getattr(T.nn.functional, f"adaptive_max_pool{rank}d")(x.reshape(-1, 1, *x.shape[-rank:]), 1)
        return y.reshape((*lead, *([1] * rank if keepdims else [])))

    flat = kink(np.zeros((2, *x)))
    return {
        f"global_avg_pool{rank}d": Record(
            samples, faults, torch=lambda T, x, keepdims=False: T.mean(x, axes, keepdims)
        ),
        f"global_max_pool{rank}d": Record(samples, faults, torch=largest, kinks=(flat,)),
    }


RECORDS: Mapping[str, Record] = UNPOOLING | {
    name: record
    for rank in SIZES
    for family in (max_pools, avg_pools, lp_pools, adaptive_pools, global_pools)
    for name, record in family(rank).items()
}
