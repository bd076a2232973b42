"""Embeddings, dropout, graphs, variational autoencoders and resampling done wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from hwcheck.graph.differentiate import Share
from hwcheck.graph.node import OPERATORS, Call, Constant, Node, Quantity
from hwcheck.graph.rewrite import replaced
from hwcheck.misconceptions.anew import anew, calls_in, inputs_of, is_op, redone
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.misconceptions.parts import is_identity
from hwcheck.ops.arrays import reshape
from hwcheck.ops.reductions import sum as total

FORMS = {
    "logvar": "as the logarithm of the variance",
    "logstd": "as the logarithm of the standard deviation",
    "std": "as the standard deviation itself",
}
NORMALIZATIONS = {
    "sym": "by the roots of both degrees",
    "rw": "by the degree of the row",
    "none": "not at all",
}
PUT_TOGETHER = {"sum": "their sum", "mean": "their mean", "max": "the largest of them"}


def _with_other(place: Place, ops: Sequence[str], option: str, words: Mapping[Any, str]) -> Iterator[Instead]:
    """The calls of some ops with each other value of an option."""
    for other, detail in words.items():

        def change(call: Call, other: Any = other) -> Mapping[str, Any] | None:
            return None if call.options[option] == other else {option: other}

        for node in redone(place, ops, change):
            yield Instead(node, detail)


@misconception(of="gradient", ops=["take_along_axis"])
def repeated_rows_overwritten(share: Share, place: Place) -> Iterator[Instead]:
    """Of a row that was looked up several times only one of the gradients is kept, or their mean.

    Why it is wrong: each use of a row has its share in the gradient; the shares are added up.
    How to see it: count how often the row was used, and the parts of its gradient.
    """
    places = share.call.inputs[1]
    axis, count = share.call.options["axis"], places.size
    if share.position != 0 or places.shape[axis] != count:
        return
    listed = reshape(places, (count,))
    same = OPERATORS["=="](reshape(listed, (count, 1)), listed)
    uses = total(same, axis=1)
    for detail, factor in {
        "the last one": _none_of(same * np.triu(np.ones((count, count)), 1)),
        "the first one": _none_of(same * np.tril(np.ones((count, count)), -1)),
        "their mean": 1 / uses,
    }.items():
        kept = share.g * reshape(factor, places.shape)
        calls = calls_in(share.node, ["place_along_axis"])
        changes: dict[Node, Node] = {call: anew(call, x=kept) for call in calls if call.inputs[0] is share.g}
        if changes:
            yield Instead(replaced(share.node, changes), detail)


def _none_of(rows: Node) -> Node:
    """1 for each row without an entry that is not 0."""
    return OPERATORS["=="](total(rows, axis=1), Constant(0.0))


@misconception(of="value", ops=["dropout"])
def dropout_scaled_wrongly(call: Call, place: Place) -> Iterator[Instead]:
    """What dropout keeps is scaled by another number than 1 / (1 - p).

    Why it is wrong: a share of 1 - p is kept, and its sum is to be as large as before on the average.
    How to see it: with p = 0.2 what is kept must be multiplied by 1.25.
    """
    p = call.options["p"]
    if call.options["scaled"] and p:
        kept = anew(call, scaled=False)
        if p != 0.5:
            yield Instead(kept / p, "divided by p")
        yield Instead(kept * (1 - p), "multiplied by 1 - p")


@misconception(of="quantity")
def self_loops_left_out(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The self loops of the graph are left out, or added where there are to be none.

    Why it is wrong: with A + I in place of A each node sees itself besides its neighbours.
    How to see it: look at the diagonal of the matrix, and at the degrees: a self loop counts.
    """
    words = {False: "left out", True: "added"}
    yield from _with_other(place, ["normalized_adjacency", "graph_conv", "graph_attention"], "self_loops", words)
    body = quantity.body
    if isinstance(body, Call) and is_op(body, "add") and is_identity(body.inputs[1]):
        yield Instead(body.inputs[0], "left out")


@misconception(of="quantity")
def adjacency_normalized_wrongly(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The adjacency is divided by other degrees than the problem states, or not at all.

    Why it is wrong: entry i, j is divided by the roots of the degrees of i and of j, unless something else is said.
    How to see it: of two nodes with degrees 2 and 3 the entry is 1 / sqrt(6).
    """
    yield from _with_other(place, ["normalized_adjacency", "graph_conv"], "normalization", NORMALIZATIONS)


@misconception(of="quantity")
def neighbours_put_together_wrongly(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """What comes from the neighbours is put together in another way: as a sum, a mean or the largest.

    Why it is wrong: a sum grows with the number of neighbours, a mean does not.
    How to see it: work a node with two neighbours.
    """
    yield from _with_other(place, ["message_passing", "sage_conv"], "reduce", PUT_TOGETHER)


@misconception(of="quantity")
def variance_in_another_form(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The spread of the latent variable is taken in another form than the encoder gives it.

    Why it is wrong: from the logarithm of the variance the standard deviation is exp(0.5 * logvar), not exp(logvar).
    How to see it: a logarithm of the variance of log(4) is a standard deviation of 2.
    """
    yield from _with_other(place, ["reparameterize", "gaussian_kl", "vae_loss", "elbo"], "form", FORMS)


@misconception(of="value", ops=["interpolate", "pixel_shuffle", "pixel_unshuffle"])
def resampled_another_way(call: Call, place: Place) -> Iterator[Instead]:
    """The image is enlarged, or made smaller, in another way than the problem states.

    Why it is wrong: where the new entries come from, and in which order channels become pixels, is part of the layer.
    How to see it: work the first two entries of the first row.
    """
    options = call.options
    if "order" in options:
        yield Instead(anew(call, order="DCR" if options["order"] == "CRD" else "CRD"), "channels in another order")
        return
    ranks = {1: "linear", 2: "bilinear", 3: "trilinear"}
    smooth = ranks.get(len(inputs_of(call)["x"].shape) - 2, "")
    if options["mode"] == "nearest" and smooth:
        yield Instead(anew(call, mode=smooth), "between the entries")
    elif options["mode"] == smooth:
        yield Instead(anew(call, mode="nearest", align_corners=False), "from the nearest entry")
        yield Instead(anew(call, align_corners=not options["align_corners"]), "with other corners")
