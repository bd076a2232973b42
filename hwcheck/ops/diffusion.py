"""Steps of a denoising diffusion model. Each is of a single time, whose numbers are given."""

from __future__ import annotations

from typing import Literal

import numpy as np

from hwcheck.graph.node import Node, as_node
from hwcheck.graph.op import Misfit, Steps, composite
from hwcheck.graph.options import spell_shape
from hwcheck.ops.arrays import reshape
from hwcheck.ops.functions import sqrt
from hwcheck.ops.shapes import require_same

MOST_TIMES = 100_000


@composite()
def linear_beta_schedule(steps: int, start: float = 1e-4, end: float = 0.02) -> Node:
    """The variances of the noise that is added at the times 1 to ``steps``, evenly spaced from ``start`` to ``end``.

    The products of ``1 - beta`` up to each time, alpha_bar, are ``cumprod(1 - beta)``.

    steps: how many times there are.
    start: the first variance, between 0 and 1.
    end: the last one, between 0 and 1.
    Source: Ho, Jain, Abbeel, Denoising diffusion probabilistic models (2020), section 4.
    Example: linear_beta_schedule(4, start=0.1, end=0.4)
    """
    if not 1 <= steps <= MOST_TIMES:
        raise Misfit(f"steps of linear_beta_schedule must be from 1 to {MOST_TIMES:,}, not {steps:,}")
    for name, beta in {"start": start, "end": end}.items():
        if not 0 < beta < 1:
            raise Misfit(f"{name} of linear_beta_schedule must be between 0 and 1, not {beta:g}")
    return as_node(np.linspace(start, end, steps))


def _of_sample(number: Node, x: Node, name: str) -> Node:
    """A number of the time for all samples, or for each: with axes of length 1 behind that of the samples."""
    if not number.shape:
        return number
    if number.shape != x.shape[:1]:
        samples = x.shape[0] if x.shape else 1
        raise Misfit(
            f"{{{name}}} must be a single number or have one for each of the {samples} samples, "
            f"but is {spell_shape(number.shape)}"
        )
    return reshape(number, (*number.shape, *(1,) * (len(x.shape) - 1)))


@composite()
def q_sample(x0: Node, noise: Node, alpha_bar: Node) -> Node:
    """A sample with the noise of a time t in one step: ``sqrt(alpha_bar) * x0 + sqrt(1 - alpha_bar) * noise``.

    The model learns to tell the noise: its loss is ``mse_loss(predicted, noise)``.

    x0: the sample, any shape, or (N, ...) several.
    noise: drawn from the standard normal distribution, the shape of x0.
    alpha_bar: the product of ``1 - beta`` over the times 1 to t; a single number, or (N,) with a time for each sample.
    Source: Ho, Jain, Abbeel, Denoising diffusion probabilistic models (2020), equation 4.
    Example: q_sample(x, e, a); x = [1, 2]; e = [0.5, -1]; a = 0.64
    """
    require_same(x0=x0, noise=noise)
    alpha_bar = _of_sample(alpha_bar, x0, "alpha_bar")
    return sqrt(alpha_bar) * x0 + sqrt(1 - alpha_bar) * noise


@composite()
def predict_x0(x_t: Node, noise: Node, alpha_bar: Node) -> Node:
    """The sample that a noise was added to: ``(x_t - sqrt(1 - alpha_bar) * noise) / sqrt(alpha_bar)``.

    x_t: the noisy sample, any shape, or (N, ...) several.
    noise: the noise that the model tells, the shape of x_t.
    alpha_bar: the product of ``1 - beta`` over the times 1 to t; a single number, or (N,) with a time for each sample.
    Source: Ho, Jain, Abbeel, Denoising diffusion probabilistic models (2020), equation 15.
    Example: predict_x0(x, e, a); x = [1.1, 1]; e = [0.5, -1]; a = 0.64
    """
    require_same(x_t=x_t, noise=noise)
    alpha_bar = _of_sample(alpha_bar, x_t, "alpha_bar")
    return (x_t - sqrt(1 - alpha_bar) * noise) / sqrt(alpha_bar)


def _before(beta: Node, alpha_bar: Node) -> Node:
    """alpha_bar of the time before: the product without its last factor."""
    return alpha_bar / (1 - beta)


def _posterior_variance(beta: Node, alpha_bar: Node) -> Node:
    return beta * (1 - _before(beta, alpha_bar)) / (1 - alpha_bar)


@composite()
def posterior_variance(beta: Node, alpha_bar: Node) -> Node:
    """The variance of x at the time before, given x0 and x_t: ``beta * (1 - alpha_bar_before) / (1 - alpha_bar)``.

    alpha_bar_before is ``alpha_bar / (1 - beta)``; at the first time it is 1, and the variance 0.

    beta: the variance of the noise of time t, any shape.
    alpha_bar: the product of ``1 - beta`` over the times 1 to t, the shape of beta.
    Source: Ho, Jain, Abbeel, Denoising diffusion probabilistic models (2020), equation 7.
    Example: posterior_variance(b, a); b = 0.2; a = 0.64
    """
    require_same(beta=beta, alpha_bar=alpha_bar)
    return _posterior_variance(beta, alpha_bar)


@composite()
def posterior_mean(step: Steps, x0: Node, x_t: Node, beta: Node, alpha_bar: Node) -> Node:
    """The mean of x at the time before, given x0 and x_t: ``c0 * x0 + ct * x_t``.

    The steps: ``c0`` is ``sqrt(alpha_bar_before) * beta / (1 - alpha_bar)``, ``ct`` is
    ``sqrt(1 - beta) * (1 - alpha_bar_before) / (1 - alpha_bar)``; alpha_bar_before is ``alpha_bar / (1 - beta)``.

    x0: the sample, any shape, or (N, ...) several.
    x_t: the noisy sample, the shape of x0.
    beta: the variance of the noise of time t; a single number, or (N,) with a time for each sample.
    alpha_bar: the product of ``1 - beta`` over the times 1 to t, likewise.
    Source: Ho, Jain, Abbeel, Denoising diffusion probabilistic models (2020), equation 7.
    Example: posterior_mean(x0, x, b, a); x0 = [1]; x = [2]; b = 0.5; a = 0.125
    """
    require_same(x0=x0, x_t=x_t)
    beta, alpha_bar = _of_sample(beta, x0, "beta"), _of_sample(alpha_bar, x0, "alpha_bar")
    before = _before(beta, alpha_bar)
    c0 = step("c0", sqrt(before) * beta / (1 - alpha_bar))
    ct = step("ct", sqrt(1 - beta) * (1 - before) / (1 - alpha_bar))
    return c0 * x0 + ct * x_t


@composite()
def ddpm_step(
    step: Steps,
    x_t: Node,
    predicted: Node,
    beta: Node,
    alpha_bar: Node,
    noise: Node | None = None,
    variance: Literal["beta", "posterior"] = "beta",
) -> Node:
    """One step back in time: ``mean + sigma * noise``.

    The step ``mean`` is ``(x_t - beta / sqrt(1 - alpha_bar) * predicted) / sqrt(1 - beta)``, and ``sigma`` the standard
    deviation. Without noise, as at the first time, the result is the mean.

    x_t: the noisy sample, any shape, or (N, ...) several.
    predicted: the noise in it as the model tells it, the shape of x_t.
    beta: the variance of the noise of time t; a single number, or (N,) with a time for each sample.
    alpha_bar: the product of ``1 - beta`` over the times 1 to t, likewise.
    noise: drawn anew from the standard normal distribution, the shape of x_t; none at the first time.
    variance: sigma squared: 'beta', or 'posterior' for ``beta * (1 - alpha_bar_before) / (1 - alpha_bar)``.
    Source: Ho, Jain, Abbeel, Denoising diffusion probabilistic models (2020), equation 11 and algorithm 2; section 3.2
    for the two variances.
    Example: ddpm_step(x, e, b, a); x = [1, 2]; e = [0.8, 0]; b = 0.36; a = 0.19
    """
    require_same(x_t=x_t, predicted=predicted)
    beta, alpha_bar = _of_sample(beta, x_t, "beta"), _of_sample(alpha_bar, x_t, "alpha_bar")
    mean = step("mean", (x_t - beta / sqrt(1 - alpha_bar) * predicted) / sqrt(1 - beta))
    if noise is None:
        return mean
    require_same(x_t=x_t, noise=noise)
    square = beta if variance == "beta" else _posterior_variance(beta, alpha_bar)
    return mean + step("sigma", sqrt(square)) * noise
