"""Losses of generative adversarial networks. Each is to be made small by the network that it is named after."""

from __future__ import annotations

from hwcheck.graph.node import Node
from hwcheck.graph.op import Misfit, Steps, composite
from hwcheck.graph.options import Reduction
from hwcheck.ops.activations import relu, softplus
from hwcheck.ops.arithmetic import HALF
from hwcheck.ops.functions import log
from hwcheck.ops.losses import reduced
from hwcheck.ops.statistics import norm


def _surprise(d: Node, from_logits: bool) -> Node:
    """``-log(D)``, without first rounding a probability to 0."""
    return softplus(-d) if from_logits else -log(d)


def _surprise_of_fake(d: Node, from_logits: bool) -> Node:
    """``-log(1 - D)``."""
    return softplus(d) if from_logits else -log(1 - d)


@composite()
def minimax_discriminator_loss(
    step: Steps, real: Node, fake: Node, from_logits: bool = False, half: bool = False, reduction: Reduction = "mean"
) -> Node:
    """What the discriminator makes small: ``-mean(log(D(x))) - mean(log(1 - D(G(z))))``.

    The steps ``real_loss`` and ``fake_loss`` are its two terms.

    real: D(x), the discriminator's outputs for real samples, any shape.
    fake: D(G(z)), those for generated samples, any shape.
    from_logits: whether the outputs are logits, of which the sigmoid is still to be taken.
    half: whether the sum of the two is halved, as it is where it is written as one cross-entropy of a mixed batch.
    reduction: 'mean', 'sum' or 'batchmean', of each of the two.
    Elsewhere: the paper's value V(D, G), which D makes large, is minus this; Goodfellow's tutorial (2016) halves it.
    Source: Goodfellow et al., Generative Adversarial Nets (2014), equation 1.
    Example: minimax_discriminator_loss(r, f); r = [0.8, 0.5]; f = [0.25, 0.5]
    """
    _require_two_terms(reduction, "minimax_discriminator_loss")
    real_loss = step("real_loss", reduced(_surprise(real, from_logits), reduction))
    fake_loss = step("fake_loss", reduced(_surprise_of_fake(fake, from_logits), reduction))
    return HALF * (real_loss + fake_loss) if half else real_loss + fake_loss


def _require_two_terms(reduction: Reduction, name: str) -> None:
    if reduction == "none":
        raise Misfit(f"the two terms of {name} are losses of different samples: reduction cannot be 'none'")


@composite()
def minimax_generator_loss(fake: Node, from_logits: bool = False, reduction: Reduction = "mean") -> Node:
    """What the generator makes small in the minimax game: ``mean(log(1 - D(G(z))))``, which saturates where D wins.

    fake: D(G(z)), the discriminator's outputs for generated samples, any shape.
    from_logits: whether the outputs are logits, of which the sigmoid is still to be taken.
    reduction: 'mean' over all entries, 'sum', 'none' or 'batchmean' (the sum divided by the length of the first axis).
    Source: Goodfellow et al., Generative Adversarial Nets (2014), equation 1 and algorithm 1.
    Example: minimax_generator_loss(f); f = [0.25, 0.5]
    """
    return reduced(-_surprise_of_fake(fake, from_logits), reduction)


@composite(aliases=["modified_generator_loss"])
def non_saturating_generator_loss(fake: Node, from_logits: bool = False, reduction: Reduction = "mean") -> Node:
    """What the generator makes small instead: ``-mean(log(D(G(z))))``, whose gradient is large where D wins.

    fake: D(G(z)), the discriminator's outputs for generated samples, any shape.
    from_logits: whether the outputs are logits, of which the sigmoid is still to be taken.
    reduction: 'mean' over all entries, 'sum', 'none' or 'batchmean' (the sum divided by the length of the first axis).
    Source: Goodfellow et al., Generative Adversarial Nets (2014), section 3.
    Example: non_saturating_generator_loss(f); f = [0.25, 0.5]
    """
    return reduced(_surprise(fake, from_logits), reduction)


@composite()
def least_squares_discriminator_loss(
    step: Steps,
    real: Node,
    fake: Node,
    a: float = 0.0,
    b: float = 1.0,
    half: bool = True,
    reduction: Reduction = "mean",
) -> Node:
    """What the discriminator of an LSGAN makes small: ``0.5 * mean((D(x) - b)**2) + 0.5 * mean((D(G(z)) - a)**2)``.

    The steps ``real_loss`` and ``fake_loss`` are its two terms.

    real: D(x), the discriminator's outputs for real samples, any shape.
    fake: D(G(z)), those for generated samples, any shape.
    a: the label of what is generated.
    b: the label of what is real.
    half: whether both terms are halved, as in the paper.
    reduction: 'mean', 'sum' or 'batchmean', of each of the two.
    Source: Mao, Li, Xie, Lau, Wang, Smolley, Least squares generative adversarial networks (2017), section 3.2.
    Example: least_squares_discriminator_loss(r, f); r = [0.5, 1]; f = [0, 1]
    """
    _require_two_terms(reduction, "least_squares_discriminator_loss")
    real_loss = step("real_loss", reduced(_square(real - b, half), reduction))
    return real_loss + step("fake_loss", reduced(_square(fake - a, half), reduction))


def _square(d: Node, half: bool) -> Node:
    return HALF * d**2 if half else d**2


@composite()
def least_squares_generator_loss(fake: Node, c: float = 1.0, half: bool = True, reduction: Reduction = "mean") -> Node:
    """What the generator of an LSGAN makes small: ``0.5 * mean((D(G(z)) - c)**2)``.

    fake: D(G(z)), the discriminator's outputs for generated samples, any shape.
    c: what the discriminator is to take them for.
    half: whether the squares are halved, as in the paper.
    reduction: 'mean' over all entries, 'sum', 'none' or 'batchmean' (the sum divided by the length of the first axis).
    Source: Mao, Li, Xie, Lau, Wang, Smolley, Least squares generative adversarial networks (2017), section 3.2.
    Example: least_squares_generator_loss(f); f = [0, 0.5]
    """
    return reduced(_square(fake - c, half), reduction)


@composite(aliases=["wasserstein_discriminator_loss"])
def wasserstein_critic_loss(real: Node, fake: Node, reduction: Reduction = "mean") -> Node:
    """What the critic of a Wasserstein GAN makes small: ``mean(D(G(z))) - mean(D(x))``.

    real: D(x), the critic's outputs for real samples, any shape.
    fake: D(G(z)), those for generated samples, any shape.
    reduction: 'mean', 'sum' or 'batchmean', of each of the two.
    Elsewhere: the paper's algorithm makes the opposite large.
    Source: Arjovsky, Chintala, Bottou, Wasserstein GAN (2017), algorithm 1.
    Example: wasserstein_critic_loss(r, f); r = [2, 1]; f = [0.5, -0.5]
    """
    _require_two_terms(reduction, "wasserstein_critic_loss")
    return reduced(fake, reduction) - reduced(real, reduction)


@composite()
def wasserstein_generator_loss(fake: Node, reduction: Reduction = "mean") -> Node:
    """What the generator of a Wasserstein GAN makes small: ``-mean(D(G(z)))``.

    fake: D(G(z)), the critic's outputs for generated samples, any shape.
    reduction: 'mean' over all entries, 'sum', 'none' or 'batchmean' (the sum divided by the length of the first axis).
    Source: Arjovsky, Chintala, Bottou, Wasserstein GAN (2017), algorithm 1.
    Example: wasserstein_generator_loss(f); f = [0.5, -0.5]
    """
    return reduced(-fake, reduction)


@composite()
def gradient_penalty(
    step: Steps, gradient: Node, target: float = 1.0, one_sided: bool = False, reduction: Reduction = "mean"
) -> Node:
    """How far gradients are from the length that they should have: ``mean((|gradient| - target)**2)``.

    In a network: ``d: sum(critic(x_hat))``, then ``10 * gradient_penalty(grad(d, x_hat))``. The step ``norm`` is the
    length of each sample's gradient.

    gradient: the gradient of the critic in its inputs, (N, ...), or (D,) of a single sample.
    target: the length that a gradient should have.
    one_sided: whether only a length above the target costs.
    reduction: 'mean' over the samples, 'sum', 'none' or 'batchmean', which is the same as the mean here.
    Elsewhere: R1 regularisation (Mescheder et al., 2018) is half of this with target 0, at the real samples.
    Source: Gulrajani, Ahmed, Arjovsky, Dumoulin, Courville, Improved training of Wasserstein GANs (2017), equation 3.
    Example: gradient_penalty(slope); slope = [[3, 4], [0, 2]]
    """
    if not gradient.shape:
        raise Misfit("{gradient} is a single number: a gradient has an entry for each input")
    axes = list(range(1, len(gradient.shape))) or [0]
    excess = step("norm", norm(gradient, axis=axes)) - target
    return reduced((relu(excess) if one_sided else excess) ** 2, reduction)
