"""Pieces of a variational autoencoder: the drawn code, its divergence from the prior, and the bound."""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

from hwcheck.graph.node import Node
from hwcheck.graph.op import Misfit, Steps, composite
from hwcheck.graph.options import Reduction
from hwcheck.ops.arithmetic import HALF
from hwcheck.ops.bounds import require_from
from hwcheck.ops.functions import exp, log
from hwcheck.ops.information import xlogy
from hwcheck.ops.losses import logistic_loss, reduced
from hwcheck.ops.shapes import require_same

Form: TypeAlias = Literal["logvar", "logstd", "std"]


def _deviation(logvar: Node, form: Form) -> Node:
    """The standard deviation, from whichever of its forms an encoder puts out."""
    if form == "std":
        return logvar
    return exp(logvar) if form == "logstd" else exp(HALF * logvar)


@composite()
def reparameterize(
    step: Steps, mu: Node, logvar: Node, eps: Node, form: Literal["logvar", "logstd", "std"] = "logvar"
) -> Node:
    """A draw from a normal distribution, made of given noise: ``mu + exp(0.5 * logvar) * eps``.

    The step ``sigma`` is the standard deviation, ``exp(0.5 * logvar)``.

    mu: the means, any shape.
    logvar: the logarithms of the variances, the shape of mu.
    eps: the noise, drawn from the standard normal distribution, the shape of mu.
    form: what logvar is: 'logvar', 'logstd' for the logarithm of the standard deviation, or 'std' for that itself.
    Source: Kingma, Welling, Auto-encoding variational Bayes (2014), section 2.4 and equation 10.
    Example: reparameterize(mu, s, eps, form='std'); mu = [1, 2]; s = [0.5, 2]; eps = [1, -0.5]
    """
    require_same(mu=mu, logvar=logvar, eps=eps)
    return mu + step("sigma", _deviation(logvar, form)) * eps


def _gaussian_kl_entries(mu: Node, logvar: Node, form: Form) -> Node:
    if form == "logvar":
        return HALF * (mu**2 + exp(logvar) - logvar - 1)
    logs = log(logvar) if form == "std" else logvar
    return HALF * (mu**2 + _deviation(logvar, form) ** 2 - 2 * logs - 1)


@composite()
def gaussian_kl(
    mu: Node,
    logvar: Node,
    reduction: Reduction = "sum",
    form: Literal["logvar", "logstd", "std"] = "logvar",
) -> Node:
    """The divergence of a normal distribution from the standard one, ``-0.5 * sum(1 + logvar - mu**2 - exp(logvar))``.

    mu: the means, any shape.
    logvar: the logarithms of the variances, the shape of mu.
    reduction: 'sum' over all entries, 'batchmean' (the sum divided by the length of the first axis), 'mean' or 'none'.
    form: what logvar is: 'logvar', 'logstd' for the logarithm of the standard deviation, or 'std' for that itself.
    Source: Kingma, Welling, Auto-encoding variational Bayes (2014), appendix B.
    Example: gaussian_kl(mu, logvar); mu = [1, 2]; logvar = [0, 0]
    """
    require_same(mu=mu, logvar=logvar)
    return reduced(_gaussian_kl_entries(mu, logvar, form), reduction)


def _reconstruction(xhat: Node, x: Node, likelihood: str) -> Node:
    """The negative log likelihood of each entry."""
    if likelihood == "bernoulli":
        return -(xlogy(x, xhat) + xlogy(1 - x, 1 - xhat))
    if likelihood == "bernoulli-logits":
        return logistic_loss(xhat, x)
    if likelihood == "gaussian":
        return HALF * (xhat - x) ** 2 + HALF * math.log(2 * math.pi)
    return HALF * (xhat - x) ** 2 if likelihood == "half-squares" else (xhat - x) ** 2


@composite()
def vae_loss(
    step: Steps,
    xhat: Node,
    x: Node,
    mu: Node,
    logvar: Node,
    beta: float = 1.0,
    likelihood: Literal["bernoulli", "bernoulli-logits", "gaussian", "half-squares", "squares"] = "bernoulli",
    reduction: Literal["sum", "batchmean"] = "sum",
    form: Literal["logvar", "logstd", "std"] = "logvar",
) -> Node:
    """The loss of a variational autoencoder: ``reconstruction + beta * kl``; with beta 1 the negative of the ELBO.

    The steps ``reconstruction`` and ``kl`` are its two terms, each summed over its entries.

    xhat: what the decoder puts out, any shape.
    x: the input, the shape of xhat.
    mu: the encoder's means, any shape.
    logvar: the logarithms of its variances, the shape of mu.
    beta: the weight of the divergence, as in a beta-VAE.
    likelihood: the reconstruction: 'bernoulli' is the binary cross-entropy of probabilities, 'bernoulli-logits' that of
    logits, 'gaussian' the negative log likelihood of variance 1, 'half-squares' that without its constant, 'squares'
    ``(xhat - x)**2``.
    reduction: 'sum' over all samples, or 'batchmean', divided by the length of the first axis.
    form: what logvar is: 'logvar', 'logstd' for the logarithm of the standard deviation, or 'std' for that itself.
    Source: Kingma, Welling, Auto-encoding variational Bayes (2014), equation 10; Higgins et al., beta-VAE (2017),
    equation 4, for beta.
    Example: vae_loss(xhat, x, mu, logvar, likelihood='squares'); xhat = [0, 1]; x = [1, 1]; mu = [2]; logvar = [0]
    """
    require_same(xhat=xhat, x=x)
    require_same(mu=mu, logvar=logvar)
    require_from(0, beta=beta)
    if reduction == "batchmean" and xhat.shape[:1] != mu.shape[:1]:
        raise Misfit(f"{{xhat}} has {_samples(xhat)} samples, but {{mu}} has {_samples(mu)}")
    reconstruction = step("reconstruction", reduced(_reconstruction(xhat, x, likelihood), reduction))
    return reconstruction + beta * step("kl", reduced(_gaussian_kl_entries(mu, logvar, form), reduction))


def _samples(x: Node) -> int:
    return x.shape[0] if x.shape else 1


@composite()
def elbo(
    step: Steps,
    xhat: Node,
    x: Node,
    mu: Node,
    logvar: Node,
    likelihood: Literal["bernoulli", "bernoulli-logits", "gaussian"] = "bernoulli",
    reduction: Literal["sum", "batchmean"] = "sum",
    form: Literal["logvar", "logstd", "std"] = "logvar",
) -> Node:
    """The evidence lower bound, ``log p(x | z) - KL(q(z | x), p(z))``, which a variational autoencoder makes large.

    The steps ``log_likelihood`` and ``kl`` are its two terms.

    xhat: what the decoder puts out, any shape.
    x: the input, the shape of xhat.
    mu: the encoder's means, any shape.
    logvar: the logarithms of its variances, the shape of mu.
    likelihood: p(x | z): 'bernoulli' of probabilities, 'bernoulli-logits' of logits, or 'gaussian' with variance 1.
    reduction: 'sum' over all samples, or 'batchmean', divided by the length of the first axis.
    form: what logvar is: 'logvar', 'logstd' for the logarithm of the standard deviation, or 'std' for that itself.
    Source: Kingma, Welling, Auto-encoding variational Bayes (2014), equation 10.
    Example: elbo(xhat, x, mu, logvar); xhat = [0.5]; x = [1]; mu = [1]; logvar = [0]
    """
    require_same(xhat=xhat, x=x)
    require_same(mu=mu, logvar=logvar)
    if reduction == "batchmean" and xhat.shape[:1] != mu.shape[:1]:
        raise Misfit(f"{{xhat}} has {_samples(xhat)} samples, but {{mu}} has {_samples(mu)}")
    log_likelihood = step("log_likelihood", -reduced(_reconstruction(xhat, x, likelihood), reduction))
    return log_likelihood - step("kl", reduced(_gaussian_kl_entries(mu, logvar, form), reduction))
