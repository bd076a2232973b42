"""The records of entropy and divergence, and of the functions in which 0 * log(0) is 0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tests.support.op_records import Record, bad, drawn

PROBABILITIES = (0.1, 0.9)
BASES = (
    bad("the base of a logarithm must be positive and not 1, but base is 1", (3,), (3,), base=1),
    bad("the base of a logarithm must be positive and not 1, but base is -2", (3,), (3,), base=-2),
    bad("but base is inf", (3,), (3,), base=float("inf")),
)


def _entropy(T: Any, p: Any, axis: int = -1, base: float = np.e) -> Any:
    return T.special.entr(p).sum(dim=axis) / np.log(base)


def _kl_divergence(T: Any, p: Any, q: Any, axis: int = -1, base: float = np.e) -> Any:
    return T.nn.functional.kl_div(q.log(), p, reduction="none").sum(dim=axis) / np.log(base)


def _js_divergence(T: Any, p: Any, q: Any, axis: int = -1, base: float = np.e) -> Any:
    mixed = T.special.entr((p + q) / 2) - (T.special.entr(p) + T.special.entr(q)) / 2
    return mixed.sum(dim=axis) / np.log(base)


def _divergence(torch: Any) -> Record:
    return Record(
        samples=(
            drawn((2, 5), (2, 5), between=PROBABILITIES),
            drawn((2, 3, 5), (2, 3, 5), between=PROBABILITIES, axis=1, base=2),
            drawn((4,), (4,), between=PROBABILITIES, base=10),
        ),
        bad=(bad("{p} is 2 x 3, but {q} is 3", (2, 3), (3,)), *BASES, bad("nothing to run along", (), ())),
        torch=torch,
    )


RECORDS: Mapping[str, Record] = {
    "xlogy": Record(
        samples=(
            drawn((2, 3), (3,), between=(0.2, 1.7)),
            drawn((), (2, 1), between=(0.2, 1.7)),
            drawn((), (), between=(0.2, 1.7)),
        ),
        bad=(bad("axis 0 of {x} is 3, but axis 0 of {y} is 2", (3,), (2,)),),
        torch=lambda T, x, y: T.xlogy(x, y),
    ),
    "xdivy": Record(
        samples=(
            drawn((2, 3), (3,), between=(0.2, 1.7)),
            drawn((), (2, 1), between=(0.2, 1.7)),
            drawn((), (), between=(0.2, 1.7)),
        ),
        bad=(bad("axis 0 of {x} is 3, but axis 0 of {y} is 2", (3,), (2,)),),
        torch=lambda _, x, y: x / y,
    ),
    "entropy": Record(
        samples=(
            drawn((2, 5), between=PROBABILITIES),
            drawn((2, 3, 5), between=PROBABILITIES, axis=0, base=2),
            drawn((4,), between=PROBABILITIES),
        ),
        bad=(
            bad("must be positive and not 1, but base is 0", (3,), base=0),
            bad("axis of entropy is 2, but the array has axes 0 to 0", (3,), axis=2),
        ),
        torch=_entropy,
    ),
    "kl_divergence": _divergence(_kl_divergence),
    "js_divergence": _divergence(_js_divergence),
}
