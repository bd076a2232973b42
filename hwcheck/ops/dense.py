"""Dense layers, in the layouts in which courses write them, and dropout with a given mask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from hwcheck.graph.node import Array, Labels, Node
from hwcheck.graph.op import Misfit, composite
from hwcheck.graph.options import spell_shape
from hwcheck.ops.arithmetic import where
from hwcheck.ops.arrays import reshape
from hwcheck.ops.bounds import require_share
from hwcheck.ops.labels import outside
from hwcheck.ops.shapes import require_rank


@composite(aliases=["dense"])
def linear(
    input: Node,
    weight: Node,
    bias: Node | None = None,
    weight_layout: Literal["out_in", "in_out"] = "out_in",
    batch: Literal["rows", "columns"] = "rows",
) -> Node:
    """A dense layer, ``W x + b`` of one sample, ``X W.T + b`` of a batch with a sample in each row.

    input: (in,) -> (out,), or a batch (..., in) -> (..., out); with columns (in, N) -> (out, N).
    weight: (out, in), or (in, out) where the layout says so.
    bias: (out,), or none.
    weight_layout: 'out_in' has a row for each unit, 'in_out' a column: ``x W + b``.
    batch: whether a batch has its samples in 'rows' or in 'columns'.
    Elsewhere: PyTorch stores (out, in), Keras (in, out) and calls the layer Dense; much of the literature, and the
    course of Andrew Ng, has the samples in columns.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.1 (an affine transformation).
    Example: linear(x, W, b); x = [1, 2]; W = [[3, 0], [1, -1], [0, 2]]; b = [0, 1, -1]
    """
    require_rank("weight", weight.shape, (2,), "units and features")
    w = weight if weight_layout == "out_in" else weight.T
    columns = batch == "columns" and len(input.shape) == 2
    if not input.shape:
        raise Misfit("{input} is a single number: it needs an axis of features")
    features = input.shape[0 if columns else -1]
    if w.shape[1] != features:
        raise Misfit(f"{{weight}} is made for {w.shape[1]} features, but {{input}} has {features}")
    if bias is not None and bias.shape != w.shape[:1]:
        rule = f"{{bias}} must have one entry for each of the {w.shape[0]} units"
        raise Misfit(f"{rule}, but is {spell_shape(bias.shape)}")
    y = w @ input if columns or len(input.shape) == 1 else input @ w.T
    if bias is not None:
        y = y + (reshape(bias, (bias.size, 1)) if columns else bias)
    return y


def _not_kept_or_dropped(x: Array, mask: Array, p: float, scaled: bool) -> Iterator[str]:
    return outside("mask", mask, (0.0, 1.0), "a mask has a 1 for what is kept and a 0 for what is dropped")


@composite(domain=_not_kept_or_dropped)
def dropout(x: Node, mask: Labels, p: float = 0.5, scaled: bool = True) -> Node:
    """Dropout with a given mask, ``x * mask / (1 - p)``: what is kept is scaled up, so that its expectation stays.

    x: any shape -> the same.
    mask: x's shape, or one that broadcasts to it: 1 for what is kept, 0 for what is dropped.
    p: the probability with which an entry is dropped, from 0 to below 1.
    scaled: whether what is kept is divided by 1 - p (inverted dropout), or left as it is.
    Elsewhere: PyTorch and Keras draw the mask and scale up. The original paper leaves training as it is, and multiplies
    the weights by 1 - p at test time. In some courses p is the probability to keep.
    Source: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, Dropout (2014), section 4.
    Example: dropout(x, mask, p=0.5); x = [1, -2, 3]; mask = [1, 0, 1]
    """
    require_share(p=p)
    kept = where(mask, x, 0)
    if kept.shape != x.shape:
        shapes = f"{{mask}} is {spell_shape(mask.shape)}, which does not broadcast to {{x}} ({spell_shape(x.shape)})"
        raise Misfit(shapes)
    if scaled and p:
        kept = kept / (1 - p)
    return kept
