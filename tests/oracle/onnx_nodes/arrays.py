"""Taking arrays apart and putting them together."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate, pairwise

import numpy as np

from hwcheck.graph.node import Array, Constant, Node
from tests.oracle.onnx_nodes.translation import OPS, OnnxNode, Translation

__all__ = ["TABLE", "part"]


def part(x: Node, axis: int, index: int | slice) -> Node:
    """What an index takes of one axis, the others whole."""
    return taken(x, (*[slice(None)] * (axis % len(x.shape)), index))


def taken(x: Node, index: tuple[int | slice, ...]) -> Node:
    """``x[index]``; hwcheck's arrays have entries, but a shape, which is written down, may be cut down to none."""
    if isinstance(x, Constant) and not x.value[index].size:
        return Constant(x.value[index])
    return OPS["getitem"](x, index)


def _reshape(onnx: OnnxNode) -> Node:
    """A length of 0 stands for the input's own."""
    x, shape = onnx[0], onnx.whole(1) or []
    if not onnx.attributes.get("allowzero"):
        shape = [length or x.shape[axis] for axis, length in enumerate(shape)]
    return OPS["reshape"](x, shape)


def _flatten(onnx: OnnxNode) -> Node:
    """Always a matrix."""
    x, axis = onnx[0], onnx.attributes["axis"]
    rows = int(np.prod(x.shape[:axis]))
    return OPS["reshape"](x, (rows, x.size // rows))


def _transpose(onnx: OnnxNode) -> Node:
    return OPS["transpose"](onnx[0], axes=onnx.attributes.get("perm"))


def _expand(onnx: OnnxNode) -> Node:
    shape = np.broadcast_shapes(onnx[0].shape, tuple(onnx.whole(1) or ()))
    return OPS["broadcast_to"](onnx[0], shape)


def _axes(onnx: OnnxNode) -> list[int] | None:
    return onnx.whole(1) or onnx.attributes.get("axes")


def _unsqueeze(onnx: OnnxNode) -> Node:
    return OPS["expand_dims"](onnx[0], axis=_axes(onnx))


def _squeeze(onnx: OnnxNode) -> Node:
    return OPS["squeeze"](onnx[0], axis=_axes(onnx))


def _slice(onnx: OnnxNode) -> Node:
    starts, ends = onnx.whole(1) or [], onnx.whole(2) or []
    axes = onnx.whole(3) or range(len(starts))
    steps = onnx.whole(4) or [1] * len(starts)
    index = [slice(None)] * len(onnx[0].shape)
    for axis, *bounds in zip(axes, starts, ends, steps, strict=True):
        index[axis] = slice(*bounds)
    return taken(onnx[0], tuple(index))


def _split(onnx: OnnxNode) -> list[Node]:
    """Into parts of stated lengths, or into even ones of which the last may be shorter."""
    axis = onnx.attributes["axis"]
    length, parts = onnx[0].shape[axis], len(onnx.outputs)
    lengths = onnx.whole(1) or [-(-length // parts)] * parts
    ends = accumulate(lengths, initial=0)
    return [part(onnx[0], axis, slice(begin, end)) for begin, end in pairwise(ends)]


def _concat(onnx: OnnxNode) -> Node:
    return OPS["concatenate"](onnx.nodes, axis=onnx.attributes["axis"])


def _tile(onnx: OnnxNode) -> Node:
    return OPS["tile"](onnx[0], onnx.whole(1))


def _trilu(onnx: OnnxNode) -> Node:
    return OPS["triu" if onnx.attributes["upper"] else "tril"](onnx[0], int(onnx.number(1, 0)))


def _eye_like(onnx: OnnxNode) -> Node:
    """The ones that ``triu`` and ``tril`` both leave."""
    ones, k = Constant(np.ones(onnx[0].shape)), onnx.attributes["k"]
    return OPS["tril"](OPS["triu"](ones, k), k)


def _range(onnx: OnnxNode) -> Node:
    start, end, step = (onnx.number(i, 0) for i in range(3))
    return start + step * Constant(np.arange(np.ceil((end - start) / step)))


def _gather(onnx: OnnxNode) -> Node:
    return OPS["take"](onnx[0], onnx[1], axis=onnx.attributes["axis"])


def _gather_elements(onnx: OnnxNode) -> Node:
    return OPS["gather"](onnx[0], onnx.attributes["axis"], onnx[1])


def _gather_nd(onnx: OnnxNode) -> Node:
    """Each row of the indices names an entry, or a part, of what is behind the batch axes."""
    x, rows, batch = onnx[0], onnx[1], onnx.attributes["batch_dims"]
    indices = [part(rows, -1, i) for i in range(rows.shape[-1])]
    shape = rows.shape[:-1]
    counted = [np.arange(n).reshape(-1, *[1] * (len(shape) - axis - 1)) for axis, n in enumerate(shape[:batch])]
    return OPS["pick"](x, [*counted, *indices])


def _compress(onnx: OnnxNode) -> Node:
    axis = onnx.attributes.get("axis")
    places = np.flatnonzero(onnx.value(1).numbers)
    return OPS["take"](onnx[0] if axis is not None else OPS["flatten"](onnx[0]), places, axis=axis or 0)


def _scatter_elements(onnx: OnnxNode) -> Node:
    return _scattered(onnx[0], onnx.attributes["axis"], onnx[1], onnx[2], onnx.attributes.get("reduction", "none"))


def _scatter_nd(onnx: OnnxNode) -> Node:
    """Each row of the indices names a part; the parts are made rows of a matrix."""
    x, rows, updates = onnx.nodes
    named = x.shape[: rows.shape[-1]]
    parts = int(np.prod(named))
    strides = np.cumprod([1, *named[:0:-1]])[::-1]
    places = OPS["reshape"](OPS["matmul"](rows, strides), (-1, 1))
    width = x.size // parts
    flat = _scattered(
        OPS["reshape"](x, (parts, width)),
        0,
        OPS["broadcast_to"](places, (places.size, width)),
        OPS["reshape"](updates, (places.size, width)),
        onnx.attributes["reduction"],
    )
    return OPS["reshape"](flat, x.shape)


def _scattered(x: Node, axis: int, places: Node, updates: Node, reduction: str) -> Node:
    """The op ``scatter_add`` adds; where entries are replaced it says which, and by what."""
    if reduction == "add":
        return OPS["scatter_add"](x, axis, places, updates)
    assert reduction == "none"
    zeros = np.zeros(x.shape)
    hit = OPS["scatter_add"](zeros, axis, places, np.ones(places.shape))
    return OPS["where"](hit, OPS["scatter_add"](zeros, axis, places, updates), x)


def _top_k(onnx: OnnxNode) -> list[Node]:
    x, axis, largest = onnx[0], onnx.attributes["axis"], bool(onnx.attributes["largest"])
    count = int(onnx.number(1, 0))
    order = OPS["argsort"](x, axis=axis, descending=largest)
    return [OPS["topk"](x, count, axis=axis, largest=largest), part(order, axis, slice(count))]


def _one_hot(onnx: OnnxNode) -> Node:
    """A negative index counts from the end; the values are those for off and on."""
    classes = int(onnx.number(1, 0))
    indices = OPS["where"](onnx[0] < 0, onnx[0] + classes, onnx[0])
    off, on = (part(onnx[2], 0, i) for i in range(2))
    return OPS["where"](OPS["one_hot"](indices, classes, axis=onnx.attributes["axis"]), on, off)


def cumulated(op: str, neutral: float) -> Translation:
    """``cumsum`` and its like, also from the end, or shifted on by one entry."""

    def translate(onnx: OnnxNode) -> Node:
        x, axis = onnx[0], int(onnx.number(1, 0))
        if onnx.attributes["reverse"]:
            x = part(x, axis, slice(None, None, -1))
        if onnx.attributes["exclusive"]:
            first = part(x, axis, slice(1)) * 0 + neutral
            x = OPS["concatenate"]([first, part(x, axis, slice(-1))], axis=axis)
        y = OPS[op](x, axis=axis)
        return part(y, axis, slice(None, None, -1)) if onnx.attributes["reverse"] else y

    return translate


def _reverse_sequence(onnx: OnnxNode) -> Node:
    """Of each sequence in a batch its first entries in reverse order."""
    x, batch, time = onnx[0], onnx.attributes["batch_axis"], onnx.attributes["time_axis"]
    lengths = onnx.value(1).numbers[:, np.newaxis]
    places = np.arange(x.shape[time])
    places = np.where(places < lengths, lengths - 1 - places, places)
    return _rearranged(x, places, batch, time)


def _tensor_scatter(onnx: OnnxNode) -> Node:
    """A cache into which each sequence of a batch writes its new rows, from some row on."""
    cache, rows = onnx[0], onnx[1]
    axis = onnx.attributes["axis"] % len(cache.shape)
    length, new = cache.shape[axis], rows.shape[axis]
    starts = onnx.value(2).numbers if onnx.has(2) else np.zeros(cache.shape[0])
    behind = np.arange(length) - starts[:, np.newaxis]
    if onnx.attributes["mode"] == "circular":
        behind %= length
    places = np.where((behind >= 0) & (behind < new), length + behind, np.arange(length))
    return _rearranged(OPS["concatenate"]([cache, rows], axis=axis), places, 0, axis)


def _rearranged(x: Node, places: Array, batch: int, axis: int) -> Node:
    """The entries of an axis from other places, which are (batch, entries)."""
    others = [i for i in range(len(x.shape)) if i not in (batch, axis)]
    spread = np.expand_dims(places if batch < axis else places.T, others)
    shape = [places.shape[1] if i == axis else length for i, length in enumerate(x.shape)]
    return OPS["take_along_axis"](x, np.broadcast_to(spread, shape), axis=axis)


def _center_crop_pad(onnx: OnnxNode) -> Node:
    y = onnx[0]
    for axis, wanted in zip(onnx.attributes.get("axes", range(len(y.shape))), onnx.whole(1) or [], strict=True):
        spare = y.shape[axis] - wanted
        if spare > 0:
            y = part(y, axis, slice(spare // 2, spare // 2 + wanted))
        else:
            index = [slice(None)] * len(y.shape)
            index[axis] = slice(-spare // 2, -spare // 2 + y.shape[axis])
            shape = [*y.shape]
            shape[axis] = wanted
            y = OPS["place"](y, shape, index)
    return y


TABLE: Mapping[str, Translation] = {
    "ArrayFeatureExtractor": lambda onnx: OPS["take"](onnx[0], onnx[1], axis=-1),
    "CenterCropPad": _center_crop_pad,
    "Compress": _compress,
    "Concat": _concat,
    "CumProd": cumulated("cumprod", 1),
    "CumSum": cumulated("cumsum", 0),
    "Expand": _expand,
    "EyeLike": _eye_like,
    "Flatten": _flatten,
    "Gather": _gather,
    "GatherElements": _gather_elements,
    "GatherND": _gather_nd,
    "OneHot": _one_hot,
    "Range": _range,
    "Reshape": _reshape,
    "ReverseSequence": _reverse_sequence,
    "Scatter": _scatter_elements,
    "ScatterElements": _scatter_elements,
    "ScatterND": _scatter_nd,
    "Slice": _slice,
    "Split": _split,
    "Squeeze": _squeeze,
    "TensorScatter": _tensor_scatter,
    "Tile": _tile,
    "TopK": _top_k,
    "Transpose": _transpose,
    "Trilu": _trilu,
    "Unsqueeze": _unsqueeze,
}
