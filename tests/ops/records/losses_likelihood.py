"""The records of negative log likelihoods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tests.ops.records.losses import loss, reduced
from tests.support.op_records import Record, bad, drawn, kink

POSITIVE = (0.12, 2.5)  # none of the numbers is 1


def _kl_div(T: Any, *arrays: Any, base: float = np.e, reduction: str = "mean", **options: Any) -> Any:
    """Its entries, put together: PyTorch warns of its mean."""
    return reduced(T.nn.functional.kl_div(*arrays, reduction="none", **options), reduction) / np.log(base)


def _gaussian_nll_loss(T: Any, input: Any, target: Any, var: Any, reduction: str = "mean", **options: Any) -> Any:  # noqa: A002
    if reduction == "batchmean":
        return _gaussian_nll_loss(T, input, target, var, reduction="sum", **options) / len(input)
    return T.nn.functional.gaussian_nll_loss(input, target, var.expand(input.shape), reduction=reduction, **options)


RECORDS: Mapping[str, Record] = {
    "kl_div": loss(
        _kl_div,
        drawn((2, 3), (2, 3), log_target=True),
        drawn((2, 3), (2, 3), between=POSITIVE, base=2),
        between=POSITIVE,
        refused=(bad("but base is 0", (3,), (3,), base=0),),
    ),
    "gaussian_nll_loss": Record(
        samples=(
            drawn((2, 3, 5), (2, 3, 5), (2, 3, 5), between=POSITIVE),
            drawn((2, 3), (2, 3), (2, 1), between=POSITIVE, full=True),
            drawn((2, 3), (2, 3), (), between=POSITIVE, reduction="none"),
            drawn((2, 3), (2, 3), (3,), between=POSITIVE, reduction="batchmean"),
            drawn((), (), (), between=POSITIVE, reduction="sum"),
        ),
        bad=(
            bad("{input} is 2 x 3, but {target} is 3", (2, 3), (3,), (3,)),
            bad("{var} (4 x 3) has more entries than {input} (3)", (3,), (3,), (4, 3)),
            bad("axis 0 of {input} is 3, but axis 0 of {var} is 2", (3,), (3,), (2,)),
            bad("eps must be at least 0, but is -1", (3,), (3,), (3,), eps=-1),
        ),
        torch=_gaussian_nll_loss,
        kinks=(kink([1, 2], [0.5, 3], [0, 2], eps=0.25, fixed=[2]),),
    ),
    "poisson_nll_loss": loss(
        lambda T, *arrays, **options: T.nn.functional.poisson_nll_loss(*arrays, **options),
        drawn((2, 3), (2, 3), between=POSITIVE, log_input=False),
        drawn((2, 3), (2, 3), between=POSITIVE, log_input=False, eps=0.5),
        drawn((2, 3), (2, 3), between=POSITIVE, full=True),
        drawn((2, 3), (2, 3), between=POSITIVE, full=True, log_input=False, reduction="none"),
        refused=(bad("eps must be at least 0, but is -1", (3,), (3,), eps=-1),),
    ),
}
