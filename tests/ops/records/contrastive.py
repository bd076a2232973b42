"""The records of distances, similarities and what is learnt from pairs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tests.ops.records.losses import alike, reduced
from tests.support.op_records import Record, bad, drawn, kink

SIGNS = np.array([1, -1, -1])
PAIRS = np.array([0, 1, 1])


def _contrastive_loss(
    T: Any,
    x1: Any,
    x2: Any,
    target: Any,
    margin: float = 1.0,
    half: bool = True,
    similar: int = 0,
    reduction: str = "mean",
) -> Any:
    d = T.linalg.vector_norm(x1 - x2, dim=-1)
    y = target if similar == 0 else 1 - target
    entries = (1 - y) * d**2 + y * (margin - d).clamp(min=0) ** 2
    return reduced(entries * (0.5 if half else 1), reduction)


def _triplet_margin_loss(
    T: Any, anchor: Any, positive: Any, negative: Any, squared: bool = False, margin: float = 1.0, **options: Any
) -> Any:
    if not squared:
        return alike(lambda T, *arrays, **more: T.nn.functional.triplet_margin_loss(*arrays, **more))(
            T, anchor, positive, negative, margin=margin, **options
        )
    return alike(lambda T, *arrays, **more: T.nn.functional.triplet_margin_with_distance_loss(*arrays, **more))(
        T,
        anchor,
        positive,
        negative,
        margin=margin,
        distance_function=lambda a, b: ((a - b) ** 2).sum(dim=-1),
        **options,
    )


def _unit(T: Any, x: Any, normalize: bool) -> Any:
    return T.nn.functional.normalize(x, dim=-1) if normalize else x


def _info_nce(
    T: Any,
    query: Any,
    positive: Any,
    negatives: Any = None,
    temperature: float = 0.1,
    normalize: bool = True,
    symmetric: bool = False,
    reduction: str = "mean",
) -> Any:
    """The fraction of exponentials, as the paper writes it."""
    query, positive = _unit(T, query, normalize), _unit(T, positive, normalize)
    own = (query * positive).sum(dim=-1) / temperature
    if negatives is not None:
        others = query @ _unit(T, negatives, normalize).T / temperature
        return reduced(-T.log(own.exp() / (own.exp() + others.exp().sum(dim=1))), reduction)
    scores = (query @ positive.T / temperature).exp()
    losses = -T.log(own.exp() / scores.sum(dim=1))
    if symmetric:
        losses = (losses - T.log(own.exp() / scores.sum(dim=0))) / 2
    return reduced(losses, reduction)


def _nt_xent(T: Any, z1: Any, z2: Any, temperature: float = 0.5, reduction: str = "mean") -> Any:
    """The paper's equation 1, vector by vector."""
    z = T.cat([z1, z2])
    n = len(z1)

    def score(i: int, k: int) -> Any:
        return (T.nn.functional.cosine_similarity(z[i], z[k], dim=0) / temperature).exp()

    losses = [
        -T.log(score(i, (i + n) % (2 * n)) / sum(score(i, k) for k in range(2 * n) if k != i)) for i in range(2 * n)
    ]
    return reduced(T.stack(losses), reduction)


RECORDS: Mapping[str, Record] = {
    "cosine_similarity": Record(
        samples=(
            drawn((2, 5), (2, 5)),
            drawn((2, 3, 5), (2, 3, 5), axis=1),
            drawn((4,), (4,)),
            drawn((4,), (4,), eps=100.0).without_torch(),
        ),
        bad=(
            bad("{x1} is 2 x 3, but {x2} is 3", (2, 3), (3,)),
            bad("eps must be at least 0, but is -1", (3,), (3,), eps=-1),
            bad("nothing to run along", (), ()),
        ),
        torch=lambda T, x1, x2, axis=-1, eps=1e-8: T.nn.functional.cosine_similarity(x1, x2, dim=axis, eps=eps),
        kinks=(kink([0, 0, 0], [3, 0, 4]),),
    ),
    "pairwise_distance": Record(
        samples=(
            drawn((2, 5), (2, 5)),
            drawn((4,), (4,), p=1),
            drawn((2, 3, 5), (2, 3, 5), p=3, keepdims=True),
            drawn((2, 5), (2, 5), p=float("inf")),
            drawn((4,), (4,), eps=0),
        ),
        bad=(
            bad("{x1} is 2 x 3, but {x2} is 3", (2, 3), (3,)),
            bad("{x1} is a single number: a distance is between vectors", (), ()),
            bad("p must be at least 1, but is 0.5", (3,), (3,), p=0.5),
            bad("eps must be at least 0, but is -1", (3,), (3,), eps=-1),
        ),
        torch=lambda T, x1, x2, keepdims=False, **options: T.nn.functional.pairwise_distance(
            x1, x2, keepdim=keepdims, **options
        ),
    ),
    "cosine_embedding_loss": Record(
        samples=(
            drawn((3, 5), (3, 5), SIGNS),
            drawn((3, 5), (3, 5), SIGNS, margin=-0.8, reduction="none"),
            drawn((3, 5), (3, 5), -SIGNS, margin=0.13, reduction="sum"),
            drawn((3, 5), (3, 5), SIGNS, reduction="batchmean"),
            drawn((4,), (4,), np.array(1)),
        ),
        bad=(
            bad("{x1} is 2 x 3, but {x2} is 3", (2, 3), (3,), ()),
            bad("{target} is 5, but {x1} is 3 x 5", (3, 5), (3, 5), (5,)),
            bad("{x1} must have 1 or 2 axes", (2, 3, 5), (2, 3, 5), (2, 3)),
            bad("margin must be from -1 to 1, but is 2", (3,), (3,), (), margin=2),
        ),
        torch=alike(lambda T, *arrays, **options: T.nn.functional.cosine_embedding_loss(*arrays, **options)),
        kinks=(kink([[1, 0]], [[0, 1]], [-1], fixed=[2]),),
    ),
    "contrastive_loss": Record(
        samples=(
            drawn((3, 5), (3, 5), PAIRS, margin=3),
            drawn((3, 5), (3, 5), PAIRS, margin=3, half=False, reduction="none"),
            drawn((3, 5), (3, 5), PAIRS, margin=3, similar=1, reduction="sum"),
            drawn((3, 5), (3, 5), PAIRS, reduction="batchmean"),
            drawn((4,), (4,), np.array(1), margin=5),
        ),
        bad=(
            bad("{x1} is 2 x 3, but {x2} is 3", (2, 3), (3,), ()),
            bad("{target} is 5, but {x1} is 3 x 5", (3, 5), (3, 5), (5,)),
            bad("{x1} must have 1 or 2 axes", (), (), ()),
            bad("must be 0 or 1, not 2", (3,), (3,), (), similar=2),
        ),
        torch=_contrastive_loss,
        kinks=(kink([[1, 2], [0, 0]], [[1, 2], [3, 4]], [0, 1], margin=5, fixed=[2], reduction="none"),),
    ),
    "triplet_margin_loss": Record(
        samples=(
            drawn((3, 5), (3, 5), (3, 5)),
            drawn((3, 5), (3, 5), (3, 5), margin=2.3, p=1, reduction="none"),
            drawn((3, 5), (3, 5), (3, 5), margin=2.3, swap=True, reduction="sum"),
            drawn((3, 5), (3, 5), (3, 5), squared=True, reduction="batchmean"),
            drawn((3, 5), (3, 5), (3, 5), squared=True, swap=True, margin=4),
            drawn((4,), (4,), (4,), margin=3, eps=0.25),
        ),
        bad=(
            bad("{anchor} is 2 x 3, but {positive} is 3", (2, 3), (3,), (2, 3)),
            bad("{anchor} is 2 x 3, but {negative} is 3", (2, 3), (2, 3), (3,)),
            bad("{anchor} must have 1 or 2 axes", (), (), ()),
            bad("squared distances are those of p=2, but p is 1", (3,), (3,), (3,), squared=True, p=1),
            bad("p must be at least 1, but is 0", (3,), (3,), (3,), p=0),
            bad("eps must be at least 0, but is -1", (3,), (3,), (3,), eps=-1),
        ),
        torch=_triplet_margin_loss,
        kinks=(kink([[0, 0]], [[1, 0]], [[2, 0]], eps=0, p=1),),
    ),
    "info_nce": Record(
        samples=(
            drawn((3, 5), (3, 5), temperature=0.5),
            drawn((3, 5), (3, 5), temperature=0.7, normalize=False, reduction="none"),
            drawn((3, 5), (3, 5), temperature=0.7, symmetric=True, reduction="sum"),
            drawn((3, 5), (3, 5), (2, 5), temperature=0.7, reduction="batchmean"),
            drawn((3, 5), (3, 5), (2, 5), temperature=2, normalize=False),
        ),
        bad=(
            bad("{query} is 2 x 3, but {positive} is 3", (2, 3), (3,)),
            bad("{query} must have 2 axes", (3,), (3,)),
            bad("{negatives} must have 2 axes", (2, 3), (2, 3), (3,)),
            bad("axis 1 of {negatives} is 5, but axis 1 of {query} is 3", (2, 3), (2, 3), (4, 5)),
            bad("symmetric is for keys that all belong to a query", (2, 3), (2, 3), (4, 3), symmetric=True),
            bad("temperature must be a positive number, but is 0", (2, 3), (2, 3), temperature=0),
        ),
        torch=_info_nce,
    ),
    "nt_xent": Record(
        samples=(
            drawn((3, 5), (3, 5)),
            drawn((2, 4), (2, 4), temperature=1.3, reduction="none"),
            drawn((2, 4), (2, 4), reduction="sum"),
        ),
        bad=(
            bad("{z1} is 2 x 3, but {z2} is 3", (2, 3), (3,)),
            bad("{z1} must have 2 axes", (3,), (3,)),
            bad("temperature must be a positive number, but is -1", (2, 3), (2, 3), temperature=-1),
        ),
        torch=_nt_xent,
    ),
}
