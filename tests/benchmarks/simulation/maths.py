"""The little mathematics that students look up, with a leading axis of sheets."""

from __future__ import annotations

import numpy as np

from tests.benchmarks.simulation.digits import Numbers
from tests.benchmarks.simulation.paper import Terms

__all__ = [
    "column",
    "dot",
    "mm",
    "mv",
    "outer",
    "padded",
    "relu",
    "sigmoid",
    "softmax",
    "sums",
    "total",
    "turned",
    "windows",
]


def turned(matrix: Numbers) -> Numbers:
    """The transpose of each sheet's matrix."""
    return np.swapaxes(matrix, -1, -2)


def column(numbers: Numbers, axes: int = 1) -> Numbers:
    """With so many axes of length 1 more at the end."""
    return numbers.reshape(*numbers.shape, *[1] * axes)


def total(terms: Terms) -> Numbers:
    """The sum of the terms."""
    left, right = terms
    value: Numbers = np.sum(left * right, axis=-1)
    return value


def mm(left: Numbers, right: Numbers) -> Terms:
    """The terms of a product of matrices."""
    return left[..., :, np.newaxis, :], turned(right)[..., np.newaxis, :, :]


def mv(matrix: Numbers, vector: Numbers) -> Terms:
    """The terms of matrix times vector."""
    return matrix, vector[..., np.newaxis, :]


def dot(left: Numbers, right: Numbers) -> Terms:
    """The terms of a product of two vectors."""
    return left, right


def outer(left: Numbers, right: Numbers) -> Terms:
    """Each entry of an outer product has one term."""
    return left[..., :, np.newaxis, np.newaxis], right[..., np.newaxis, :, np.newaxis]


def sums(*summands: Numbers) -> Terms:
    """The terms of a plain sum."""
    stacked = np.stack(np.broadcast_arrays(*summands), axis=-1)
    return stacked, np.ones(stacked.shape[-1:])


def relu(x: Numbers) -> Numbers:
    return np.maximum(x, 0.0)


def sigmoid(x: Numbers) -> Numbers:
    value: Numbers = 1.0 / (1.0 + np.exp(-x))
    return value


def softmax(x: Numbers, axis: int = -1) -> Numbers:
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    value: Numbers = e / np.sum(e, axis=axis, keepdims=True)
    return value


def padded(images: Numbers, width: int) -> Numbers:
    """Zeros around the last two axes."""
    return np.pad(images, [(0, 0)] * (images.ndim - 2) + [(width, width)] * 2)


def windows(images: Numbers, height: int, width: int) -> Numbers:
    """Every window of the last two axes: ``(..., rows, columns, height, width)``."""
    return np.lib.stride_tricks.sliding_window_view(images, (height, width), axis=(-2, -1))
