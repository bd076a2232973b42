"""The records of the steps of diffusion models; the counterparts are the densities that the paper derives them from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.op_records import Record, bad, drawn

BETWEEN = (0.1, 0.45)  # so that alpha_bar, which is at most 1 - beta, may be any of the numbers


def _alike(number: Any, x: Any) -> Any:
    """A number for each sample, repeated over the sample's entries."""
    return number.reshape([*number.shape, *[1] * (x.dim() - number.dim())]).expand(x.shape) if number.dim() else number


def _posterior(x0: Any, x_t: Any, beta: Any, alpha_bar: Any) -> tuple[Any, Any]:
    """Mean and variance of the product of q(x_t | x_before) and q(x_before | x0), two normal densities in x_before."""
    before = alpha_bar / (1 - beta)
    by_next, by_start = (1 - beta) / beta, 1 / (1 - before)  # the precisions
    mean = (by_next * x_t / (1 - beta) ** 0.5 + by_start * before**0.5 * x0) / (by_next + by_start)
    return mean, 1 / (by_next + by_start)


def _posterior_mean(T: Any, x0: Any, x_t: Any, beta: Any, alpha_bar: Any) -> Any:
    return _posterior(x0, x_t, _alike(beta, x0), _alike(alpha_bar, x0))[0]


def _predict_x0(T: Any, x_t: Any, noise: Any, alpha_bar: Any) -> Any:
    of_each = _alike(alpha_bar, x_t)
    return x_t / of_each**0.5 - (1 / of_each - 1) ** 0.5 * noise


def _ddpm_step(
    T: Any, x_t: Any, predicted: Any, beta: Any, alpha_bar: Any, noise: Any = None, variance: str = "beta"
) -> Any:
    """The posterior's mean at the x0 that the predicted noise means."""
    beta, alpha_bar = _alike(beta, x_t), _alike(alpha_bar, x_t)
    mean, posterior = _posterior(_predict_x0(T, x_t, predicted, alpha_bar), x_t, beta, alpha_bar)
    return mean if noise is None else mean + (beta if variance == "beta" else posterior) ** 0.5 * noise


def time_faults(name: str, before: tuple[Any, ...], after: tuple[Any, ...] = ()) -> Any:
    words = f"{{{name}}} must be a single number or have one for each of the 2 samples, but is 3"
    return bad(words, *before, (3,), *after)


RECORDS: Mapping[str, Record] = {
    "linear_beta_schedule": Record(
        samples=(drawn(steps=5), drawn(steps=1), drawn(steps=4, start=0.1, end=0.4)),
        bad=(
            bad("steps of linear_beta_schedule must be from 1 to 100,000, not 0", 0),
            bad("steps of linear_beta_schedule must be from 1 to 100,000, not 1,000,000", 1_000_000),
            bad("start of linear_beta_schedule must be between 0 and 1, not 0", 5, start=0),
            bad("end of linear_beta_schedule must be between 0 and 1, not 1", 5, end=1),
        ),
        torch=lambda T, steps, start=1e-4, end=0.02: T.linspace(start, end, steps, dtype=T.float64),
    ),
    "q_sample": Record(
        samples=(
            drawn((2, 3), (2, 3), (), between=(0.1, 0.9)),
            drawn((2, 3, 4), (2, 3, 4), (2,), between=(0.1, 0.9)),
            drawn((), (), (), between=(0.1, 0.9)),
        ),
        bad=(
            bad("{x0} is 2 x 3, but {noise} is 3", (2, 3), (3,), ()),
            time_faults("alpha_bar", ((2, 3), (2, 3))),
            bad("one for each of the 1 samples, but is 3", (), (), (3,)),
        ),
        torch=lambda T, x0, noise, alpha_bar: T.addcmul(
            _alike(alpha_bar, x0).sqrt() * x0, (1 - _alike(alpha_bar, x0)).sqrt(), noise
        ),
    ),
    "predict_x0": Record(
        samples=(
            drawn((2, 3), (2, 3), (), between=(0.1, 0.9)),
            drawn((2, 3, 4), (2, 3, 4), (2,), between=(0.1, 0.9)),
        ),
        bad=(
            bad("{x_t} is 2 x 3, but {noise} is 3", (2, 3), (3,), ()),
            time_faults("alpha_bar", ((2, 3), (2, 3))),
        ),
        torch=_predict_x0,
    ),
    "posterior_variance": Record(
        samples=(drawn((), (), between=BETWEEN), drawn((3,), (3,), between=BETWEEN)),
        bad=(bad("{beta} is 2, but {alpha_bar} is 3", (2,), (3,)),),
        torch=lambda T, beta, alpha_bar: _posterior(T.zeros(()), T.zeros(()), beta, alpha_bar)[1],
    ),
    "posterior_mean": Record(
        samples=(
            drawn((2, 3), (2, 3), (), (), between=BETWEEN),
            drawn((2, 3, 4), (2, 3, 4), (2,), (2,), between=BETWEEN),
        ),
        bad=(
            bad("{x0} is 2 x 3, but {x_t} is 3", (2, 3), (3,), (), ()),
            time_faults("beta", ((2, 3), (2, 3)), ((),)),
            time_faults("alpha_bar", ((2, 3), (2, 3), ())),
        ),
        torch=_posterior_mean,
    ),
    "ddpm_step": Record(
        samples=(
            drawn((2, 3), (2, 3), (), (), between=BETWEEN),
            drawn((2, 3), (2, 3), (2,), (2,), (2, 3), between=BETWEEN),
            drawn((2, 3, 4), (2, 3, 4), (2,), (), (2, 3, 4), between=BETWEEN, variance="posterior"),
        ),
        bad=(
            bad("{x_t} is 2 x 3, but {predicted} is 3", (2, 3), (3,), (), ()),
            bad("{x_t} is 2 x 3, but {noise} is 3", (2, 3), (2, 3), (), (), (3,)),
            time_faults("beta", ((2, 3), (2, 3)), ((),)),
            time_faults("alpha_bar", ((2, 3), (2, 3), ())),
            bad("must be 'beta' or 'posterior', not 'both'", (2,), (2,), (), (), variance="both"),
        ),
        torch=_ddpm_step,
    ),
}
