"""The records of losses for rare classes; PyTorch has none of them, torchvision is no part of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tests.ops.records.losses import reduced
from tests.support.op_records import Record, bad, drawn

LABELS = np.array([[1, 0, 0], [0, 1, 1]])
PROBABILITIES = (0.2, 0.8)


def _focal_loss(
    J: Any,
    input: Any,  # noqa: A002
    target: Any,
    alpha: float | None = 0.25,
    gamma: float = 2.0,
    reduction: str = "mean",
    from_logits: bool = True,
) -> Any:
    """The two cases apart, as the paper's equation 1 has them."""
    p = 1 / (1 + J.numpy.exp(-input)) if from_logits else input
    of_one = -J.numpy.log(p) * (1 - p) ** gamma * (1 if alpha is None else alpha)
    of_zero = -J.numpy.log(1 - p) * p**gamma * (1 if alpha is None else 1 - alpha)
    return reduced(target * of_one + (1 - target) * of_zero, reduction)


def _axes(axis: Any) -> Any:
    return tuple(axis) if isinstance(axis, list) else axis


def _dice_loss(
    J: Any,
    input: Any,  # noqa: A002
    target: Any,
    axis: Any = None,
    smooth: float = 1.0,
    squared: bool = False,
    reduction: str = "mean",
) -> Any:
    power = 2 if squared else 1
    below = (input**power + target**power).sum(axis=_axes(axis)) + smooth
    return reduced((below - 2 * (input * target).sum(axis=_axes(axis)) - smooth) / below, reduction)


def _tversky_loss(
    J: Any,
    input: Any,  # noqa: A002
    target: Any,
    axis: Any = None,
    alpha: float = 0.5,
    beta: float = 0.5,
    smooth: float = 1.0,
    reduction: str = "mean",
) -> Any:
    both = (input * target).sum(axis=_axes(axis))
    only_marked, only_meant = input.sum(axis=_axes(axis)) - both, target.sum(axis=_axes(axis)) - both
    wrong = alpha * only_marked + beta * only_meant
    return reduced(wrong / (both + wrong + smooth), reduction)


RECORDS: Mapping[str, Record] = {
    "focal_loss": Record(
        samples=(
            drawn((2, 3), LABELS),
            drawn((2, 3), LABELS, alpha=None, gamma=3.5, reduction="none"),
            drawn((2, 3), LABELS, alpha=0.7, gamma=0, reduction="sum"),
            drawn((2, 3), LABELS, between=PROBABILITIES, from_logits=False, reduction="batchmean"),
            drawn((), np.array(1)),
        ),
        bad=(
            bad("{input} is 2 x 3, but {target} is 3", (2, 3), (3,)),
            bad("gamma must be at least 0, but is -1", (3,), (3,), gamma=-1),
            bad("alpha must be from 0 to 1, but is 2", (3,), (3,), alpha=2),
        ),
        jax=_focal_loss,
    ),
    "dice_loss": Record(
        samples=(
            drawn((2, 3), (2, 3), between=PROBABILITIES),
            drawn((2, 3, 5), (2, 3, 5), between=PROBABILITIES, axis=[1, 2], smooth=0),
            drawn((2, 3, 5), (2, 3, 5), between=PROBABILITIES, axis=0, squared=True, reduction="none"),
            drawn((2, 3), (2, 3), between=PROBABILITIES, axis=-1, reduction="sum"),
        ),
        bad=(
            bad("{input} is 2 x 3, but {target} is 3", (2, 3), (3,)),
            bad("smooth must be at least 0, but is -1", (3,), (3,), smooth=-1),
        ),
        jax=_dice_loss,
    ),
    "tversky_loss": Record(
        samples=(
            drawn((2, 3), (2, 3), between=PROBABILITIES, alpha=0.3, beta=0.7),
            drawn((2, 3, 5), (2, 3, 5), between=PROBABILITIES, axis=[1, 2], smooth=0),
            drawn((2, 3), (2, 3), between=PROBABILITIES, axis=-1, reduction="batchmean"),
        ),
        bad=(
            bad("{input} is 2 x 3, but {target} is 3", (2, 3), (3,)),
            bad("smooth must be at least 0, but is -1", (3,), (3,), smooth=-1),
            bad("alpha must be at least 0, but is -1", (3,), (3,), alpha=-1),
            bad("beta must be at least 0, but is -1", (3,), (3,), beta=-1),
        ),
        jax=_tversky_loss,
    ),
}
