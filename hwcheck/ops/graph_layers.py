"""Layers on graphs, which are given by their adjacency matrix.

Row i of the adjacency has the weights with which node i hears its neighbours, 0 where there is no edge; for an
undirected graph it is symmetric. Weights of layers are (features in, features out), applied as ``x @ W``, as the papers
write them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from hwcheck.graph.node import OPERATORS, Array, Node
from hwcheck.graph.op import Misfit, Steps, composite
from hwcheck.graph.options import spell_shape
from hwcheck.ops import normalization as norms
from hwcheck.ops.activations import leaky_relu, softmax
from hwcheck.ops.arithmetic import where
from hwcheck.ops.arrays import getitem, reshape
from hwcheck.ops.reductions import largest, sum
from hwcheck.ops.shapes import require_rank, require_shape


def _require_graph(x: Node, adjacency: Node) -> None:
    require_rank("x", x.shape, (2,), "nodes, features")
    _require_square(adjacency)
    if adjacency.shape[0] != x.shape[0]:
        raise Misfit(f"{{adjacency}} has {adjacency.shape[0]} nodes, but {{x}} has {x.shape[0]}")


def _require_square(adjacency: Node) -> None:
    require_rank("adjacency", adjacency.shape, (2,), "nodes, nodes")
    if adjacency.shape[0] != adjacency.shape[1]:
        raise Misfit(
            f"{{adjacency}} must be square, a row and a column for each node, but is {spell_shape(adjacency.shape)}"
        )


def _require_weight(name: str, weight: Node, features: int) -> None:
    require_rank(name, weight.shape, (2,), "features in, features out")
    if weight.shape[0] != features:
        raise Misfit(f"{{{name}}} takes {weight.shape[0]} features, but each node has {features}")


def _with_bias(y: Node, bias: Node | None) -> Node:
    require_shape("bias", bias, y.shape[-1:], "the features that go out")
    return y if bias is None else y + bias


def _positive(degree: Node) -> tuple[Node, Node]:
    """Degrees that can be divided by, 1 for a node without edges; and 1 where there are edges."""
    has_edges = degree > 0
    return where(has_edges, degree, 1), has_edges


def _degrees_below_zero(
    adjacency: Array, self_loops: bool = False, normalization: str = "sym", **_: object
) -> Iterator[str]:
    degrees = adjacency.sum(axis=1) + self_loops
    for (node,) in np.argwhere(degrees < 0) if normalization != "none" else ():
        yield f"the degree of node {node} is {degrees[node]:g}, but must not be negative"


@composite(domain=_degrees_below_zero)
def normalized_adjacency(
    step: Steps,
    adjacency: Node,
    self_loops: bool = True,
    normalization: Literal["sym", "rw", "none"] = "sym",
) -> Node:
    """The adjacency of a graph convolution, ``D**(-1/2) @ (A + I) @ D**(-1/2)``, D the degrees of A + I.

    Its steps are ``A_tilde``, which is A + I, and ``degree``, the sums of its rows.

    adjacency: (nodes, nodes) -> the same.
    self_loops: whether the identity is added.
    normalization: 'sym' as above; 'rw' for ``D**(-1) @ (A + I)``, whose rows sum to 1; 'none' for A + I. A node
    without edges has a row of zeros.
    Elsewhere: PyTorch Geometric's gcn_norm leaves a self loop that is there as it is; here 1 is added to it.
    Source: Kipf, Welling, Semi-supervised classification with graph convolutional networks (2017), equation 2.
    Example: normalized_adjacency(A); A = [[0, 1, 1, 1], [1, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]]
    """
    _require_square(adjacency)
    a = step("A_tilde", adjacency + np.eye(adjacency.shape[0])) if self_loops else adjacency
    if normalization == "none":
        return a
    degree, has_edges = _positive(step("degree", sum(a, axis=1)))
    if normalization == "rw":
        return a / reshape(degree, (-1, 1))
    factor = has_edges / degree**0.5
    return reshape(factor, (-1, 1)) * a * factor


@composite()
def graph_conv(
    step: Steps,
    x: Node,
    adjacency: Node,
    weight: Node,
    bias: Node | None = None,
    self_loops: bool = True,
    normalization: Literal["sym", "rw", "none"] = "sym",
) -> Node:
    """A graph convolution without its activation, ``A_hat @ x @ weight + bias``, A_hat the normalized adjacency.

    Its steps are ``A_tilde``, ``degree`` and ``A_hat``, as in normalized_adjacency, and ``support``, x @ weight.

    x: (nodes, features in) -> (nodes, features out).
    adjacency: (nodes, nodes).
    weight: (features in, features out).
    bias: (features out,); 0 where it is left out.
    self_loops, normalization: as in normalized_adjacency.
    Elsewhere: the paper has no bias; PyTorch Geometric's GCNConv keeps the weight as (out, in).
    Source: Kipf, Welling, Semi-supervised classification with graph convolutional networks (2017), equation 2.
    Example: graph_conv(x, A, W, normalization='rw'); x = [[1], [3]]; A = [[0, 1], [1, 0]]; W = [[2, 10]]
    """
    _require_graph(x, adjacency)
    _require_weight("weight", weight, x.shape[1])
    options = {"self_loops": self_loops, "normalization": normalization}
    a_hat = step("A_hat", normalized_adjacency.applied((adjacency,), options, step))
    return _with_bias(a_hat @ step("support", x @ weight), bias)


@composite(domain=lambda x, adjacency, reduce: _degrees_below_zero(adjacency) if reduce == "mean" else ())
def message_passing(x: Node, adjacency: Node, reduce: Literal["sum", "mean", "max"] = "sum") -> Node:
    """What each node hears from its neighbours: the sum ``adjacency @ x``, the mean or the largest of their features.

    x: (nodes, features) -> the same.
    adjacency: (nodes, nodes).
    reduce: 'sum', weighted; 'mean', the sum divided by the sum of the weights; 'max', of each feature over the
    neighbours, whatever the weights are. A node without neighbours hears 0.
    Elsewhere: PyTorch Geometric calls it aggr; its mean divides by the number of edges.
    Source: Gilmer et al., Neural message passing for quantum chemistry (2017), equation 1.
    Example: message_passing(x, A); x = [[1, 2], [3, 4], [5, 7]]; A = [[0, 1, 1], [1, 0, 0], [0, 1, 0]]
    """
    _require_graph(x, adjacency)
    if reduce == "sum":
        return adjacency @ x
    if reduce == "mean":
        degree, _ = _positive(sum(adjacency, axis=1))
        return adjacency @ x / reshape(degree, (-1, 1))
    edges = OPERATORS["!="](adjacency, 0)
    heard = where(reshape(edges, (*edges.shape, 1)), x, -np.inf)
    some = reshape(largest(edges, axis=1), (-1, 1))
    return where(some, largest(where(reshape(some, (-1, 1, 1)), heard, 0), axis=1), 0)


@composite()
def sage_conv(
    step: Steps,
    x: Node,
    adjacency: Node,
    weight_self: Node,
    weight_neighbors: Node,
    bias: Node | None = None,
    reduce: Literal["sum", "mean", "max"] = "mean",
    normalize: bool = False,
) -> Node:
    """GraphSAGE without its activation, ``x @ weight_self + neighbors @ weight_neighbors + bias``.

    Its step is ``neighbors``, what message_passing gives.

    x: (nodes, features in) -> (nodes, features out).
    adjacency: (nodes, nodes).
    weight_self, weight_neighbors: (features in, features out).
    bias: (features out,); 0 where it is left out.
    reduce: how a node's neighbours are put together, as in message_passing.
    normalize: whether each node's result is divided by its Euclidean norm.
    Elsewhere: the paper has one weight on the node's own features and the neighbours' side by side: both weights, one
    below the other. PyTorch Geometric's SAGEConv has both, as (out, in), and its bias on the neighbours.
    Source: Hamilton, Ying, Leskovec, Inductive representation learning on large graphs (2017), algorithm 1.
    Example: sage_conv(x, A, W, U); x = [[1], [3], [5]]; A = [[0, 1, 1], [1, 0, 0], [1, 0, 0]]; W = [[10]]; U = [[1]]
    """
    _require_graph(x, adjacency)
    _require_weight("weight_self", weight_self, x.shape[1])
    _require_weight("weight_neighbors", weight_neighbors, x.shape[1])
    if weight_self.shape != weight_neighbors.shape:
        out = f"{{weight_self}} goes out with {weight_self.shape[1]} features"
        raise Misfit(f"{out}, but {{weight_neighbors}} with {weight_neighbors.shape[1]}")
    neighbors = step("neighbors", message_passing(x, adjacency, reduce=reduce))
    y = _with_bias(x @ weight_self + neighbors @ weight_neighbors, bias)
    return norms.normalize(y) if normalize else y


def _isolated(x: Array, adjacency: Array, *_: Array, self_loops: bool, **options: object) -> Iterator[str]:
    edges = adjacency != 0
    if self_loops:
        edges = edges | np.eye(len(edges), dtype=np.bool_)
    for (node,) in np.argwhere(~edges.any(axis=1)):
        yield f"node {node} has no neighbour to attend to; self_loops=True lets it attend to itself"


@composite(domain=_isolated)
def graph_attention(
    step: Steps,
    x: Node,
    adjacency: Node,
    weight: Node,
    a: Node,
    bias: Node | None = None,
    negative_slope: float = 0.2,
    self_loops: bool = True,
) -> Node:
    """A graph attention layer of one head: ``weights @ h`` with h = x @ weight, without its activation.

    The score of node i for its neighbour j is ``leaky_relu(a @ [h[i], h[j]])``, and the weights are the softmax of the
    scores over the neighbours. Its steps are ``h``, ``scores``, of all pairs, and ``weights``.

    x: (nodes, features in) -> (nodes, features out).
    adjacency: (nodes, nodes); where it is not 0 there is an edge, whatever its weight.
    weight: (features in, features out).
    a: (2 * features out,), for the node's own features and behind them the neighbour's.
    bias: (features out,); 0 where it is left out.
    negative_slope: that of leaky_relu.
    self_loops: whether a node attends to itself where the adjacency has no such edge.
    Elsewhere: PyTorch Geometric's GATConv has a in two parts, att_dst for the node itself and att_src. Several heads
    are several calls, put side by side by concatenate.
    Source: Velickovic et al., Graph attention networks (2018), equations 1 to 4.
    Example: graph_attention(x, A, W, a); x = [[2], [4]]; A = [[0, 1], [1, 0]]; W = [[1]]; a = [0, 0]
    """
    _require_graph(x, adjacency)
    _require_weight("weight", weight, x.shape[1])
    features = weight.shape[1]
    require_shape("a", a, (2 * features,), f"twice the {features} features that go out")
    h = step("h", x @ weight)
    own = reshape(h @ getitem(a, slice(features)), (-1, 1))
    neighbour = h @ getitem(a, slice(features, None))
    scores = step("scores", leaky_relu(own + neighbour, negative_slope=negative_slope))
    edges = OPERATORS["!="](adjacency, 0)
    if self_loops:
        edges = edges + np.eye(adjacency.shape[0])
    weights = step("weights", softmax(where(edges, scores, -np.inf)))
    return _with_bias(weights @ h, bias)
