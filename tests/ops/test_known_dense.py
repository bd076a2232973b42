"""Dense layers and dropout, worked by hand."""

from __future__ import annotations

from tests.support.known_values import Known, values

X, W, B = [1, 2], [[3, 0], [1, -1], [0, 2]], [0, 1, -1]
TRANSPOSED = [[3, 1, 0], [0, -1, 2]]

VALUES = [
    Known("linear", [X, W], {}, [3, -1, 4]),
    Known("linear", [X, W, B], {}, [3, 0, 3]),
    Known("linear", [X, TRANSPOSED, B], {"weight_layout": "in_out"}, [3, 0, 3]),
    Known("linear", [[[1, 2], [0, 1]], W, B], {}, [[3, 0, 3], [0, 0, 1]]),
    Known("linear", [[[1, 0], [2, 1]], W, B], {"batch": "columns"}, [[3, 0], [0, 0], [3, 1]]),
    Known("dropout", [[1, -2, 3], [1, 0, 1]], {}, [2, 0, 6]),
    Known("dropout", [[1, -2, 3], [1, 0, 1]], {"p": 0.2}, [1.25, 0, 3.75]),
    Known("dropout", [[1, -2, 3], [1, 0, 1]], {"scaled": False}, [1, 0, 3]),
]

test_a_known_value = values(VALUES)
