"""A convolution written as the matrix that it is."""

from __future__ import annotations

from typing import Any

import numpy as np

from hwcheck.graph.node import Node
from hwcheck.graph.op import Misfit, composite
from hwcheck.graph.options import Ints, product
from hwcheck.ops.arrays import reshape
from hwcheck.ops.convolution import convs

MOST_COLUMNS = 1000  # of a matrix that is written down: 1 x 28 x 28 images have 784


@composite()
def conv_matrix(
    weight: Node,
    input_size: Ints,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
    flip: bool = False,
) -> Node:
    """The convolution written as a matrix.

    ``flatten(conv2d(x, weight))`` is ``conv_matrix(weight, [H, W]) @ flatten(x)``. Its columns are what conv2d makes of
    the images that have a single 1.

    weight: (O, C / groups, kh, kw) -> (O * H' * W', C * H * W); or (O, C / groups, k) of conv1d, or that of conv3d.
    input_size: the size of the images, [H, W]; [L] for conv1d.
    stride, padding, dilation, groups, flip: as in conv2d.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 9.1 (the doubly block circulant matrix).
    Example: conv_matrix(weight, [4], padding=1); weight = [[[1, 2, 3]]]
    """
    rank = len(weight.shape) - 2
    if not 1 <= rank <= len(convs):
        raise Misfit(f"{{weight}} must be that of conv1d, conv2d or conv3d, with 3 to 5 axes, not {len(weight.shape)}")
    if len(input_size) != rank or min(input_size) < 1:
        raise Misfit(f"input_size must be {rank} sizes, one for each axis of the filters, not {list(input_size)}")
    image = (weight.shape[1] * groups, *input_size)
    entries = product(image)
    if entries > MOST_COLUMNS:
        raise Misfit(f"the matrix would have {entries:,} columns; at most {MOST_COLUMNS:,} are allowed")
    units = np.eye(entries).reshape(entries, *image)
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups, "flip": flip}
    columns = convs[rank - 1](units, weight, **options)
    return reshape(columns, (entries, columns.size // entries)).T
