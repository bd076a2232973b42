"""The records of the losses of generative adversarial networks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.ops.records.losses import reduced
from tests.support.op_records import Record, Sample, bad, drawn, kink

PROBABILITIES = (0.1, 0.9)


def _discriminator(T: Any, real: Any, fake: Any, from_logits: bool = False, half: bool = False, **options: Any) -> Any:
    """Two binary cross-entropies with the labels 1 and 0."""
    of = T.nn.functional.binary_cross_entropy_with_logits if from_logits else T.nn.functional.binary_cross_entropy
    terms = [
        reduced(of(d, T.full_like(d, label), reduction="none"), **options) for d, label in ((real, 1.0), (fake, 0.0))
    ]
    return (terms[0] + terms[1]) * (0.5 if half else 1)


def _generator(T: Any, fake: Any, label: float, from_logits: bool = False, **options: Any) -> Any:
    of = T.nn.functional.binary_cross_entropy_with_logits if from_logits else T.nn.functional.binary_cross_entropy
    return reduced(of(fake, T.full_like(fake, label), reduction="none"), **options)


def _least_squares(
    T: Any, real: Any, fake: Any, a: float = 0.0, b: float = 1.0, half: bool = True, **options: Any
) -> Any:
    squares = reduced((fake - a).square(), **options) + reduced((real - b).square(), **options)
    return squares * (0.5 if half else 1)


def _gradient_penalty(
    T: Any, gradient: Any, target: float = 1.0, one_sided: bool = False, reduction: str = "mean"
) -> Any:
    rows = gradient if gradient.dim() > 1 else gradient[None]
    excess = rows.flatten(start_dim=1).norm(dim=1) - target
    losses = (T.relu(excess) if one_sided else excess) ** 2
    return reduced(losses if gradient.dim() > 1 else losses[0], reduction)


def of_two(torch: Any, *more: Sample) -> Record:
    """A loss with a term of the real and one of the generated samples, which may differ in number."""
    return Record(
        samples=(
            drawn((3,), (5,), between=PROBABILITIES),
            drawn((3, 1), (2, 1), between=PROBABILITIES, reduction="sum"),
            drawn((3, 2), (5, 2), between=PROBABILITIES, reduction="batchmean"),
            drawn((), (), between=PROBABILITIES),
            *more,
        ),
        bad=(
            bad("are losses of different samples: reduction cannot be 'none'", (3,), (3,), reduction="none"),
            bad("'batchmean' divides by the length of the first axis", (), (), reduction="batchmean"),
        ),
        torch=torch,
    )


def of_fake(torch: Any, *more: Sample) -> Record:
    """A loss of the generated samples."""
    return Record(
        samples=(
            drawn((5,), between=PROBABILITIES),
            drawn((3, 2), between=PROBABILITIES, reduction="none"),
            drawn((3, 2), between=PROBABILITIES, reduction="batchmean"),
            drawn((), between=PROBABILITIES, reduction="sum"),
            *more,
        ),
        bad=(bad("'batchmean' divides by the length of the first axis", (), reduction="batchmean"),),
        torch=torch,
    )


RECORDS: Mapping[str, Record] = {
    "minimax_discriminator_loss": of_two(
        _discriminator, drawn((3,), (5,), from_logits=True), drawn((3,), (5,), from_logits=True, half=True)
    ),
    "minimax_generator_loss": of_fake(
        lambda T, fake, **options: -_generator(T, fake, 0.0, **options), drawn((3,), from_logits=True)
    ),
    "non_saturating_generator_loss": of_fake(
        lambda T, fake, **options: _generator(T, fake, 1.0, **options), drawn((3,), from_logits=True)
    ),
    "least_squares_discriminator_loss": of_two(_least_squares, drawn((3,), (5,), a=-1, b=0.5, half=False)),
    "least_squares_generator_loss": of_fake(
        lambda _, fake, c=1.0, half=True, **options: reduced((fake - c).square() * (0.5 if half else 1), **options),
        drawn((3,), c=0.3, half=False),
    ),
    "wasserstein_critic_loss": of_two(
        lambda _, real, fake, **options: reduced(fake, **options) - reduced(real, **options)
    ),
    "wasserstein_generator_loss": of_fake(lambda _, fake, **options: -reduced(fake, **options)),
    "gradient_penalty": Record(
        samples=(
            drawn((3, 5)),
            drawn((2, 3, 4), target=0, reduction="none"),
            drawn((3, 5), target=0.7, reduction="sum"),
            drawn((3, 5), one_sided=True, target=1.7, reduction="batchmean"),
            drawn((4,)),
        ),
        bad=(
            bad("{gradient} is a single number: a gradient has an entry for each input", ()),
            bad("'batchmean' divides by the length of the first axis", (3,), reduction="batchmean"),
        ),
        torch=_gradient_penalty,
        kinks=(kink([[0, 0], [3, 4]], reduction="none"), kink([[0.6, 0.8]], one_sided=True)),
    ),
}
