"""Similarities and distances of vectors, and losses on pairs and triplets."""

from __future__ import annotations

from typing import Literal

import numpy as np

from hwcheck.graph.node import OPERATORS, Labels, Node
from hwcheck.graph.op import Misfit, Steps, composite
from hwcheck.graph.options import Axis, Reduction, spell_shape
from hwcheck.ops.activations import relu
from hwcheck.ops.arithmetic import HALF, maximum, minimum, where
from hwcheck.ops.assembly import concatenate
from hwcheck.ops.bounds import require_between, require_from, require_positive
from hwcheck.ops.functions import sqrt
from hwcheck.ops.labels import outside
from hwcheck.ops.losses import reduced
from hwcheck.ops.losses_classes import cross_entropy
from hwcheck.ops.reductions import sum
from hwcheck.ops.shapes import require_rank, require_same
from hwcheck.ops.statistics import norm


@composite()
def cosine_similarity(x1: Node, x2: Node, axis: Axis = -1, eps: float = 1e-8) -> Node:
    """The cosine of the angle between two vectors, ``x1 @ x2 / (|x1| * |x2|)``.

    x1: (..., D).
    x2: the shape of x1.
    axis: the axis of the vectors' entries, which the result lacks.
    eps: a length below this counts as this.
    Elsewhere: PyTorch's axis is 1 unless named, here it is the last one; of (N, D) both are the same. Where eps
    replaces a length PyTorch's gradient is another one, that of the length itself.
    Source: Manning, Raghavan, Schütze, Introduction to Information Retrieval (2008), equation 6.10.
    Example: cosine_similarity(a, b); a = [3, 4]; b = [4, 3]
    """
    require_same(x1=x1, x2=x2)
    require_from(0, eps=eps)
    # The root of a product that eps keeps away from 0: a vector of zeros has a gradient, too.
    squares = [maximum(sum(x**2, axis=axis), eps**2) for x in (x1, x2)]
    return sum(x1 * x2, axis=axis) / sqrt(squares[0] * squares[1])


@composite()
def pairwise_distance(x1: Node, x2: Node, p: float = 2.0, eps: float = 1e-6, keepdims: bool = False) -> Node:
    """The distance of two vectors, ``sum(abs(x1 - x2 + eps)**p)**(1 / p)``.

    x1: (..., D).
    x2: the shape of x1.
    p: 2 for the Euclidean distance, 1 for the sum of absolute differences, any other number from 1 on.
    eps: what is added to each difference, as PyTorch does.
    keepdims: whether the last axis is kept, with length 1.
    Elsewhere: a distance computed by hand has no eps: ``eps=0``.
    Source: Bishop, Pattern Recognition and Machine Learning (2006), section 1.5.5, for p; PyTorch for eps.
    Example: pairwise_distance(a, b, eps=0); a = [1, 2]; b = [4, 6]
    """
    require_same(x1=x1, x2=x2)
    if not x1.shape:
        raise Misfit("{x1} is a single number: a distance is between vectors")
    require_from(0, eps=eps)
    return _distance(x1, x2, p, eps, keepdims)


def _distance(x1: Node, x2: Node, p: float, eps: float, keepdims: bool = False) -> Node:
    if p < 1:
        raise Misfit(f"p must be at least 1, but is {p:g}")
    return norm(x1 - x2 + eps, ord=p, axis=-1, keepdims=keepdims)


def _require_pairs(x1: Node, x2: Node, target: Node) -> None:
    require_same(x1=x1, x2=x2)
    require_rank("x1", x1.shape, (1, 2), "samples and entries, or the entries of one vector")
    if target.shape != x1.shape[:-1]:
        raise Misfit(f"{{target}} is {spell_shape(target.shape)}, but {{x1}} is {spell_shape(x1.shape)}")


@composite(domain=lambda x1, x2, target, **options: outside("target", target, (-1.0, 1.0), "a label is -1 or 1"))
def cosine_embedding_loss(
    step: Steps, x1: Node, x2: Node, target: Labels, margin: float = 0.0, reduction: Reduction = "mean"
) -> Node:
    """``1 - cos(x1, x2)`` of a similar pair, ``max(0, cos(x1, x2) - margin)`` of a dissimilar one.

    The step ``cos`` is the cosine similarity. At the hinge the derivative is 1, as in PyTorch.

    x1: (N, D) or (D,).
    x2: the shape of x1.
    target: 1 for a similar pair, -1 for a dissimilar one, (N,) or a single one.
    margin: the cosine up to which a dissimilar pair costs nothing, from -1 to 1.
    reduction: 'mean' over the pairs, 'sum', 'none' or 'batchmean', which is the same as the mean here.
    Source: PyTorch, torch.nn.CosineEmbeddingLoss.
    Example: cosine_embedding_loss(a, b, y); a = [3, 4]; b = [4, 3]; y = 1
    """
    _require_pairs(x1, x2, target)
    require_between(-1, 1, margin=margin)
    cos = step("cos", cosine_similarity(x1, x2))
    return reduced(where(target > 0, 1 - cos, relu(cos - margin, slope_at_zero=1)), reduction)


@composite(domain=lambda x1, x2, target, **options: outside("target", target, (0.0, 1.0), "a label is 0 or 1"))
def contrastive_loss(
    step: Steps,
    x1: Node,
    x2: Node,
    target: Labels,
    margin: float = 1.0,
    half: bool = True,
    similar: Literal[0, 1] = 0,
    reduction: Reduction = "mean",
) -> Node:
    """Half of ``d**2`` for a similar pair, of ``max(0, margin - d)**2`` for a dissimilar one.

    The step ``d`` is the Euclidean distance ``|x1 - x2|``.

    x1: (N, D) or (D,).
    x2: the shape of x1.
    target: 0 or 1, (N,) or a single one.
    margin: the distance from which on a dissimilar pair costs nothing.
    half: whether the squares are halved, as in the paper.
    similar: the target of a similar pair, 0 in the paper.
    reduction: 'mean' over the pairs, 'sum', 'none' or 'batchmean', which is the same as the mean here.
    Elsewhere: many courses and libraries call a similar pair 1, and leave the half out.
    Source: Hadsell, Chopra, LeCun, Dimensionality reduction by learning an invariant mapping (2006), equation 4.
    Example: contrastive_loss(a, b, y, margin=2); a = [[0, 0], [0, 0]]; b = [[3, 4], [0, 1]]; y = [0, 1]
    """
    _require_pairs(x1, x2, target)
    d = step("d", norm(x1 - x2, axis=-1))
    squares = where(OPERATORS["=="](target, similar), d, relu(margin - d)) ** 2
    return reduced(HALF * squares if half else squares, reduction)


@composite()
def triplet_margin_loss(
    step: Steps,
    anchor: Node,
    positive: Node,
    negative: Node,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    squared: bool = False,
    reduction: Reduction = "mean",
) -> Node:
    """``max(0, d(anchor, positive) - d(anchor, negative) + margin)``; at the hinge its derivative is 1, as in PyTorch.

    The steps: ``d_ap`` and ``d_an`` are the anchor's distances, ``d_pn`` that of the other two where ``swap`` asks.

    anchor: (N, D) or (D,).
    positive: of the anchor's kind, the shape of anchor.
    negative: of another kind, the shape of anchor.
    margin: by how much the negative is to be farther away.
    p: the power of the distance, 2 for the Euclidean one.
    eps: what is added to each difference, as PyTorch does.
    swap: whether d(positive, negative) counts for d(anchor, negative) where it is smaller.
    squared: whether the distances are ``sum((x - y)**2)``, without root and eps, as in FaceNet.
    reduction: 'mean' over the triplets, 'sum', 'none' or 'batchmean', which is the same as the mean here.
    Source: Schroff, Kalenichenko, Philbin, FaceNet (2015), section 3.1, with squares; Balntas et al., Learning
    local feature descriptors with triplets and shallow convolutional neural networks (2016), for swap.
    Example: triplet_margin_loss(a, p, n, squared=True); a = [0, 0]; p = [1, 1]; n = [1, 0]
    """
    require_same(anchor=anchor, positive=positive, negative=negative)
    require_rank("anchor", anchor.shape, (1, 2), "samples and entries, or the entries of one vector")
    require_from(0, eps=eps)
    if squared and p != 2:
        raise Misfit(f"squared distances are those of p=2, but p is {p:g}")

    def distance(x: Node, y: Node) -> Node:
        return sum((x - y) ** 2, axis=-1) if squared else _distance(x, y, p, eps)

    near, far = step("d_ap", distance(anchor, positive)), step("d_an", distance(anchor, negative))
    if swap:
        far = minimum(far, step("d_pn", distance(positive, negative)))
    return reduced(relu(near - far + margin, slope_at_zero=1), reduction)


def _unit(x: Node) -> Node:
    """Each row divided by its length."""
    return x / norm(x, axis=-1, keepdims=True)


@composite()
def info_nce(
    step: Steps,
    query: Node,
    positive: Node,
    negatives: Node | None = None,
    temperature: float = 0.1,
    normalize: bool = True,
    symmetric: bool = False,
    reduction: Reduction = "mean",
) -> Node:
    """The cross-entropy of picking, among all keys, the one that belongs: ``-log(softmax(s / temperature)[positive])``.

    The step ``logits`` has the similarities s of each query and each key, divided by the temperature. Without negatives
    the keys are all the positives, so that the others of the batch serve as negatives; with them each query has its own
    positive first, and then the negatives.

    query: (N, D).
    positive: the key that belongs to each query, the shape of query.
    negatives: (K, D), keys that belong to no query.
    temperature: what similarities are divided by, positive.
    normalize: whether similarities are cosines; else they are products ``query @ key``.
    symmetric: whether half of it is the loss of picking the query for each key, as in CLIP; without negatives.
    reduction: 'mean' over the queries, 'sum', 'none' or 'batchmean', which is the same as the mean here.
    Source: van den Oord, Li, Vinyals, Representation learning with contrastive predictive coding (2018), equation 4.
    Example: info_nce(q, k, temperature=1, normalize=False); q = [[1, 0], [0, 1]]; k = [[1, 0], [0, 2]]
    """
    require_same(query=query, positive=positive)
    require_rank("query", query.shape, (2,), "samples and entries")
    require_positive(temperature=temperature)
    if normalize:
        query, positive = _unit(query), _unit(positive)
    if negatives is None:
        logits = step("logits", query @ positive.T / temperature)
        own = np.arange(query.shape[0])
        losses = cross_entropy(logits, own, reduction="none")
        if symmetric:
            losses = HALF * (losses + cross_entropy(logits, own, reduction="none", axis=0))
        return reduced(losses, reduction)
    require_rank("negatives", negatives.shape, (2,), "keys and entries")
    if negatives.shape[-1] != query.shape[-1]:
        raise Misfit(f"axis 1 of {{negatives}} is {negatives.shape[-1]}, but axis 1 of {{query}} is {query.shape[-1]}")
    if symmetric:
        raise Misfit("symmetric is for keys that all belong to a query, but there are {negatives}")
    first = sum(query * positive, axis=-1, keepdims=True)
    keys = _unit(negatives) if normalize else negatives
    logits = step("logits", concatenate([first, query @ keys.T], axis=1) / temperature)
    return cross_entropy(logits, np.zeros(query.shape[0]), reduction=reduction)


@composite()
def nt_xent(step: Steps, z1: Node, z2: Node, temperature: float = 0.5, reduction: Reduction = "mean") -> Node:
    """SimCLR's loss: of 2 N vectors each is to pick its partner, by cosines, among all the others.

    The step ``logits`` has the cosines of all 2 N vectors, z1's before z2's, divided by the temperature; a vector's own
    place in its row does not count.

    z1: (N, D), one view of each sample.
    z2: the other view, the shape of z1.
    temperature: what the cosines are divided by, positive.
    reduction: 'mean' over the 2 N vectors, 'sum', 'none' or 'batchmean', which is the same as the mean here.
    Source: Chen, Kornblith, Norouzi, Hinton, A simple framework for contrastive learning of visual representations
    (2020), equation 1.
    Example: nt_xent(a, b, temperature=1); a = [[1, 0], [0, 1]]; b = [[1, 0], [0, 2]]
    """
    require_same(z1=z1, z2=z2)
    require_rank("z1", z1.shape, (2,), "samples and entries")
    require_positive(temperature=temperature)
    count = z1.shape[0]
    z = _unit(concatenate([z1, z2], axis=0))
    logits = step("logits", z @ z.T / temperature)
    others = where(np.eye(2 * count), -np.inf, logits)
    return cross_entropy(others, np.roll(np.arange(2 * count), count), reduction=reduction)
