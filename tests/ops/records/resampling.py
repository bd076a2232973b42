"""The records of resizing, and of pixels moved between channels and places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.op_records import Record, bad, drawn

# What resample calls the same for any number of axes has other names in PyTorch.
LINEAR = {1: "linear", 2: "bilinear", 3: "trilinear"}


def resized(
    T: Any, x: Any, size: Any = None, scale_factor: Any = None, mode: str = "nearest", align_corners: bool = False
) -> Any:
    options = {"align_corners": align_corners} if mode in ("linear", "bilinear", "trilinear", "bicubic") else {}
    return T.nn.functional.interpolate(x, size=size, scale_factor=scale_factor, mode=mode, **options)


def resampled(T: Any, x: Any, size: Any, mode: str, align_corners: bool = False) -> Any:
    names = {"linear": LINEAR[len(size)], "cubic": "bicubic"}
    lead = x.shape[: x.dim() - len(size)]
    images = x.reshape(1, -1, *x.shape[x.dim() - len(size) :])
    return resized(T, images, list(size), mode=names.get(mode, mode), align_corners=align_corners).reshape(*lead, *size)


def resampled_back(T: Any, g: Any, size: Any, **options: Any) -> Any:
    zeros = T.zeros((*g.shape[: g.dim() - len(size)], *size), dtype=T.float64, requires_grad=True)
    y = resampled(T, zeros, g.shape[g.dim() - len(size) :], **options)
    return T.autograd.grad(y, zeros, g, create_graph=True)[0]


def shuffled(T: Any, x: Any, upscale_factor: int, order: str = "CRD") -> Any:
    if order == "DCR":
        r, each = upscale_factor, x.shape[-3] // upscale_factor**2
        x = x.unflatten(-3, (r * r, each)).transpose(-4, -3).flatten(-4, -3)
    return T.nn.functional.pixel_shuffle(x, upscale_factor)


def unshuffled(T: Any, x: Any, downscale_factor: int, order: str = "CRD") -> Any:
    y = T.nn.functional.pixel_unshuffle(x, downscale_factor)
    if order == "DCR":
        y = y.unflatten(-3, (x.shape[-3], downscale_factor**2)).transpose(-4, -3).flatten(-4, -3)
    return y


RECORDS: Mapping[str, Record] = {
    "interpolate": Record(
        samples=(
            drawn((2, 3, 4), scale_factor=2),
            drawn((1, 2, 3, 4), size=[5, 3]),
            drawn((1, 2, 3, 4), size=7),
            drawn((1, 1, 2, 3, 2), scale_factor=[2, 1, 1.5]),
            drawn((1, 2, 3, 4), scale_factor=[0.7, 1.6]),
            drawn((1, 2, 3, 4), size=[5, 3], mode="nearest-exact"),
            drawn((1, 2, 3, 4), scale_factor=1.5, mode="nearest-exact"),
            drawn((2, 3, 4), size=7, mode="linear"),
            drawn((2, 3, 4), size=7, mode="linear", align_corners=True),
            drawn((1, 2, 3, 4), scale_factor=2, mode="bilinear"),
            drawn((1, 2, 3, 4), size=[5, 1], mode="bilinear", align_corners=True),
            drawn((1, 2, 3, 4), scale_factor=[1.7, 0.6], mode="bilinear"),
            drawn((3, 4), size=[5, 6], mode="bilinear").without_torch(),
            drawn((1, 1, 2, 3, 2), size=[3, 2, 4], mode="trilinear"),
            drawn((1, 1, 4, 5), scale_factor=2, mode="bicubic"),
            drawn((1, 2, 4, 3), size=[3, 5], mode="bicubic", align_corners=True),
            drawn((1, 2, 5, 4), size=[3, 3], mode="area"),
        ),
        bad=(
            bad("interpolate needs either a size or a scale_factor", (1, 2, 3, 4)),
            bad("interpolate needs either a size or a scale_factor", (1, 2, 3, 4), size=3, scale_factor=2),
            bad("align_corners is for the linear modes and 'bicubic'", (1, 2, 3, 4), size=3, align_corners=True),
            bad("{x} must have 3 axes at least for mode='nearest', but has 2 (3 x 4)", (3, 4), size=3),
            bad("{x} must have 2 axes at least for mode='bilinear', but has 1 (4)", (4,), size=3, mode="bilinear"),
            bad(
                "mode='bilinear' resizes 2 axes of {x}, but 3 numbers are given",
                (1, 2, 3, 4),
                size=[1, 2, 3],
                mode="bilinear",
            ),
            bad("scale_factor must be positive, but is 0", (1, 2, 3), scale_factor=0),
            bad("a scale_factor of 0.2 leaves nothing of 3 x 4", (1, 2, 3, 4), scale_factor=0.2),
            bad("scale_factor of interpolate must be finite, but is inf", (1, 2, 3), scale_factor=float("inf")),
            bad("size must be at least 1, but is 0", (1, 2, 3), size=0),
            bad("mode of interpolate must be 'nearest', 'nearest-exact', 'linear'", (1, 2, 3), size=2, mode="lanczos"),
        ),
        torch=resized,
    ),
    "resample": Record(
        samples=(
            drawn((2, 4), size=[7], mode="linear"),
            drawn((3, 4), size=[5, 3], mode="nearest"),
            drawn((2, 3, 4), size=[5, 3], mode="cubic", align_corners=True),
            drawn((5,), size=[3], mode="area"),
            drawn((2, 3), size=[4], mode="linear", ratios=[0.7]).without_torch(),
        ),
        bad=(
            bad("size has 2 axes, but {x} has 1", (4,), size=[2, 3], mode="linear"),
            bad("size must be at least 1, but is 0", (4,), size=[0], mode="linear"),
            bad("size is 100,001, but may be at most 100,000", (4,), size=[100_001], mode="linear"),
            bad("ratios must be 1 positive numbers, not [1.0, 2.0]", (4,), size=[3], mode="linear", ratios=[1, 2]),
            bad("ratios must be 1 positive numbers, not [0.0]", (4,), size=[3], mode="linear", ratios=0),
        ),
        torch=resampled,
    ),
    "resample_back": Record(
        samples=(
            drawn((2, 7), size=[4], mode="linear"),
            drawn((5, 3), size=[3, 4], mode="nearest"),
            drawn((2, 5, 3), size=[3, 4], mode="cubic"),
            drawn((3,), size=[5], mode="area"),
        ),
        bad=(bad("size has 2 axes, but {g} has 1", (4,), size=[2, 3], mode="linear"),),
        torch=resampled_back,
    ),
    "pixel_shuffle": Record(
        samples=(
            drawn((2, 8, 1, 3), upscale_factor=2),
            drawn((9, 2, 3), upscale_factor=3),
            drawn((1, 8, 2, 3), upscale_factor=2, order="DCR"),
        ),
        bad=(
            bad("pixel_shuffle needs axes (..., channels, rows, columns), but {x} has 2", (4, 4), upscale_factor=2),
            bad("the 6 channels of {x} cannot be parted into blocks of 2 x 2", (6, 1, 1), upscale_factor=2),
            bad("upscale_factor must be at least 1, but is 0", (6, 1, 1), upscale_factor=0),
        ),
        torch=shuffled,
    ),
    "pixel_unshuffle": Record(
        samples=(
            drawn((2, 3, 2, 4), downscale_factor=2),
            drawn((1, 3, 6), downscale_factor=3),
            drawn((1, 3, 4, 2), downscale_factor=2, order="DCR"),
        ),
        bad=(
            bad("{x} has 3 rows and 4 columns: 2 must divide both", (1, 3, 4), downscale_factor=2),
            bad("pixel_unshuffle needs axes", (4, 4), downscale_factor=2),
            bad("downscale_factor must be at least 1, but is -1", (1, 4, 4), downscale_factor=-1),
        ),
        torch=unshuffled,
    ),
}
