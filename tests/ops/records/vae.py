"""The records of the pieces of variational autoencoders."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from tests.ops.records.losses import reduced
from tests.support.op_records import Record, bad, drawn

POSITIVE = (0.1, 0.9)


def _normal(T: Any, mu: Any, logvar: Any, form: str) -> Any:
    """PyTorch's distribution."""
    deviation = {"logvar": lambda: (logvar / 2).exp(), "logstd": lambda: logvar.exp(), "std": lambda: logvar}[form]()
    return T.distributions.Normal(mu, deviation)


def _kl(T: Any, mu: Any, logvar: Any, reduction: str = "sum", form: str = "logvar") -> Any:
    return reduced(
        T.distributions.kl_divergence(_normal(T, mu, logvar, form), T.distributions.Normal(0.0, 1.0)), reduction
    )


def _log_likelihood(T: Any, xhat: Any, x: Any, likelihood: str) -> Any:
    if likelihood == "bernoulli":
        return -T.nn.functional.binary_cross_entropy(xhat, x, reduction="none")
    if likelihood == "bernoulli-logits":
        return -T.nn.functional.binary_cross_entropy_with_logits(xhat, x, reduction="none")
    gaussian = T.distributions.Normal(xhat, 1.0).log_prob(x)
    if likelihood == "gaussian":
        return gaussian
    return (gaussian + 0.5 * math.log(2 * math.pi)) * (1 if likelihood == "half-squares" else 2)


def _vae_loss(
    T: Any,
    xhat: Any,
    x: Any,
    mu: Any,
    logvar: Any,
    beta: float = 1.0,
    likelihood: str = "bernoulli",
    reduction: str = "sum",
    form: str = "logvar",
) -> Any:
    return -reduced(_log_likelihood(T, xhat, x, likelihood), reduction) + beta * _kl(T, mu, logvar, reduction, form)


FAULTS = (
    bad("{xhat} is 2 x 3, but {x} is 3", (2, 3), (3,), (2,), (2,)),
    bad("{mu} is 2, but {logvar} is 3", (3,), (3,), (2,), (3,)),
    bad("{xhat} has 3 samples, but {mu} has 2", (3, 5), (3, 5), (2, 4), (2, 4), reduction="batchmean"),
    bad("must be 'sum' or 'batchmean', not 'mean'", (3,), (3,), (2,), (2,), reduction="mean"),
    bad("likelihood of ", (3,), (3,), (2,), (2,), likelihood="poisson"),
)
SHAPES = ((3, 5), (3, 5), (3, 2), (3, 2))

RECORDS: Mapping[str, Record] = {
    "reparameterize": Record(
        samples=(
            drawn((2, 3), (2, 3), (2, 3)),
            drawn((3,), (3,), (3,), form="logstd"),
            drawn((3,), (3,), (3,), form="std", between=POSITIVE),
        ),
        bad=(
            bad("{mu} is 2, but {logvar} is 3", (2,), (3,), (2,)),
            bad("{mu} is 2, but {eps} is 3", (2,), (2,), (3,)),
            bad("must be 'logvar', 'logstd' or 'std', not 'var'", (2,), (2,), (2,), form="var"),
        ),
        torch=lambda T, mu, logvar, eps, form="logvar": mu + _normal(T, mu, logvar, form).scale * eps,
    ),
    "gaussian_kl": Record(
        samples=(
            drawn((2, 3), (2, 3)),
            drawn((2, 3), (2, 3), reduction="batchmean"),
            drawn((2, 3), (2, 3), reduction="none", form="logstd"),
            drawn((2, 3), (2, 3), reduction="mean", form="std", between=POSITIVE),
        ),
        bad=(
            bad("{mu} is 2, but {logvar} is 3", (2,), (3,)),
            bad("must be 'logvar', 'logstd' or 'std', not 'var'", (2,), (2,), form="var"),
        ),
        torch=_kl,
    ),
    "vae_loss": Record(
        samples=(
            drawn(*SHAPES, between=POSITIVE),
            drawn(*SHAPES, likelihood="bernoulli-logits", reduction="batchmean"),
            drawn(*SHAPES, likelihood="gaussian", beta=4, form="logstd"),
            drawn(*SHAPES, likelihood="half-squares", beta=0.5, form="std", between=POSITIVE),
            drawn((5,), (5,), (2,), (2,), likelihood="squares"),
        ),
        bad=(*FAULTS, bad("beta must be at least 0, but is -1", *SHAPES, beta=-1)),
        torch=_vae_loss,
    ),
    "elbo": Record(
        samples=(
            drawn(*SHAPES, between=POSITIVE),
            drawn(*SHAPES, likelihood="bernoulli-logits", reduction="batchmean"),
            drawn(*SHAPES, likelihood="gaussian", form="logstd"),
            drawn((5,), (5,), (2,), (2,), form="std", between=POSITIVE),
        ),
        bad=FAULTS,
        torch=lambda T, *arrays, **options: -_vae_loss(T, *arrays, **options),
    ),
}
