"""The records of layers on graphs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tests.support.op_records import Record, bad, drawn, kink

# Which node hears which: not symmetric, one node has a loop, one hears nobody.
EDGES = np.array([[0, 1, 1, 0], [1, 1, 0, 0], [0, 0, 0, 0], [1, 1, 1, 0]], dtype=np.float64)
WEIGHTS = EDGES * np.array([0.5, 2, 1.5, 1])


def _adjacency(T: Any, a: Any, self_loops: bool = True, normalization: str = "sym") -> Any:
    """Entry by entry: that of nodes i and j divided by the roots of both degrees."""
    a = a + T.eye(len(a)) if self_loops else a
    if normalization == "none":
        return a
    degrees = [row.sum() for row in a]
    zero = T.zeros(())
    rows = []
    for i, degree in enumerate(degrees):
        by = [degree * (degree if normalization == "rw" else other) for other in degrees]
        rows.append(T.stack([a[i, j] / by[j] ** 0.5 if by[j] > 0 else zero for j in range(len(a))]))
    return T.stack(rows)


def _message_passing(T: Any, x: Any, a: Any, reduce: str = "sum") -> Any:
    """Node by node, over the list of its neighbours."""
    heard = []
    for i in range(len(x)):
        neighbours = [j for j in range(len(x)) if a[i, j] != 0]
        if not neighbours:
            heard.append(0 * x[i])
        elif reduce == "max":
            heard.append(T.stack([x[j] for j in neighbours]).amax(0))
        else:
            total = sum(a[i, j] * x[j] for j in range(len(x)))
            heard.append(total / (a[i].sum() if reduce == "mean" else 1))
    return T.stack(heard)


def _graph_conv(T: Any, x: Any, a: Any, weight: Any, bias: Any = None, **options: Any) -> Any:
    y = T.einsum("ij,jf,fo->io", _adjacency(T, a, **options), x, weight)
    return y if bias is None else y + bias


def _sage_conv(
    T: Any, x: Any, a: Any, own: Any, others: Any, bias: Any = None, reduce: str = "mean", normalize: bool = False
) -> Any:
    """As the paper has it: one weight on both side by side."""
    y = T.cat([x, _message_passing(T, x, a, reduce)], dim=1) @ T.cat([own, others])
    y = y if bias is None else y + bias
    return T.nn.functional.normalize(y) if normalize else y


def _graph_attention(
    T: Any,
    x: Any,
    adjacency: Any,
    weight: Any,
    a: Any,
    bias: Any = None,
    negative_slope: float = 0.2,
    self_loops: bool = True,
) -> Any:
    """Node by node, over the list of its neighbours."""
    h = x @ weight
    rows = []
    for i in range(len(x)):
        near = [j for j in range(len(x)) if adjacency[i, j] != 0 or (self_loops and i == j)]
        scores = T.stack([T.nn.functional.leaky_relu(a @ T.cat([h[i], h[j]]), negative_slope) for j in near])
        rows.append(scores.softmax(0) @ h[near])
    y = T.stack(rows)
    return y if bias is None else y + bias


POSITIVE = {"between": (0.2, 1.5)}
FAULTS = (
    bad("{adjacency} must be square, a row and a column for each node, but is 4 x 3", (4, 2), (4, 3), (2, 3), (2, 3)),
    bad("{adjacency} must have 2 axes (nodes, nodes), but has 1 (4)", (4, 2), (4,), (2, 3), (2, 3)),
    bad("{adjacency} has 5 nodes, but {x} has 4", (4, 2), (5, 5), (2, 3), (2, 3)),
    bad("{x} must have 2 axes (nodes, features), but has 1 (4)", (4,), (4, 4), (2, 3), (2, 3)),
)

RECORDS: Mapping[str, Record] = {
    "normalized_adjacency": Record(
        samples=(
            drawn((4, 4), **POSITIVE),
            drawn((4, 4), **POSITIVE, self_loops=False),
            drawn((4, 4), **POSITIVE, normalization="rw"),
            drawn((3, 3), self_loops=True, normalization="none"),
        ),
        bad=(
            bad("{adjacency} must be square, a row and a column for each node, but is 4 x 3", (4, 3)),
            bad("must be 'sym', 'rw' or 'none', not 'left'", (4, 4), normalization="left"),
        ),
        torch=_adjacency,
        kinks=(
            kink(EDGES, self_loops=False, fixed=[0]),
            kink(WEIGHTS, self_loops=False, normalization="rw", fixed=[0]),
        ),
    ),
    "graph_conv": Record(
        samples=(
            drawn((4, 2), (4, 4), (2, 3), **POSITIVE),
            drawn((4, 2), (4, 4), (2, 3), (3,), **POSITIVE, self_loops=False, normalization="rw"),
            drawn((4, 2), (4, 4), (2, 3), **POSITIVE, normalization="none"),
        ),
        bad=(
            *(call._replace(arguments=call.arguments[:3]) for call in FAULTS),
            bad("{weight} takes 3 features, but each node has 2", (4, 2), (4, 4), (3, 2)),
            bad("{weight} must have 2 axes (features in, features out), but has 1 (2)", (4, 2), (4, 4), (2,)),
            bad("{bias} must be 3 (the features that go out), but is 2", (4, 2), (4, 4), (2, 3), (2,)),
            bad("must be 'sym', 'rw' or 'none', not 'left'", (4, 2), (4, 4), (2, 3), normalization="left"),
        ),
        torch=_graph_conv,
    ),
    "message_passing": Record(
        samples=(
            drawn((4, 3), (4, 4), **POSITIVE),
            drawn((4, 3), (4, 4), **POSITIVE, reduce="mean"),
            drawn((4, 3), adjacency=WEIGHTS, reduce="mean"),
            drawn((4, 3), adjacency=WEIGHTS, reduce="max"),
        ),
        bad=(
            *(call._replace(arguments=call.arguments[:2]) for call in FAULTS),
            bad("must be 'sum', 'mean' or 'max', not 'min'", (4, 2), (4, 4), reduce="min"),
        ),
        torch=lambda T, x, adjacency, **options: _message_passing(T, x, T.as_tensor(adjacency), **options),
        kinks=(kink([[1.0, 5], [2, 5], [2, 4], [0, 5]], EDGES, fixed=[1], reduce="max"),),
    ),
    "sage_conv": Record(
        samples=(
            drawn((4, 2), (4, 4), (2, 3), (2, 3), **POSITIVE),
            drawn((4, 2), (4, 4), (2, 3), (2, 3), (3,), **POSITIVE, reduce="sum"),
            drawn((4, 2), (4, 4), (2, 3), (2, 3), (3,), **POSITIVE, normalize=True),
        ),
        bad=(
            *FAULTS,
            bad("{weight_self} takes 3 features, but each node has 2", (4, 2), (4, 4), (3, 3), (2, 3)),
            bad("{weight_neighbors} takes 3 features, but each node has 2", (4, 2), (4, 4), (2, 3), (3, 3)),
            bad(
                "{weight_self} goes out with 3 features, but {weight_neighbors} with 5",
                *((4, 2), (4, 4), (2, 3), (2, 5)),
            ),
            bad("{bias} must be 3 (the features that go out), but is 2", (4, 2), (4, 4), (2, 3), (2, 3), (2,)),
            bad("must be 'sum', 'mean' or 'max', not 'min'", (4, 2), (4, 4), (2, 3), (2, 3), reduce="min"),
        ),
        torch=_sage_conv,
    ),
    "graph_attention": Record(
        samples=(
            drawn((4, 2), EDGES, (2, 3), (6,), (3,)),
            drawn((4, 2), EDGES + EDGES.T, (2, 3), (6,), negative_slope=0.5, self_loops=False),
        ),
        bad=(
            *(call._replace(arguments=(*call.arguments[:3], (6,))) for call in FAULTS),
            bad("{weight} takes 3 features, but each node has 2", (4, 2), (4, 4), (3, 3), (6,)),
            bad("{a} must be 6 (twice the 3 features that go out), but is 3", (4, 2), (4, 4), (2, 3), (3,)),
            bad("{bias} must be 3 (the features that go out), but is 2", (4, 2), (4, 4), (2, 3), (6,), (2,)),
        ),
        torch=_graph_attention,
    ),
}
