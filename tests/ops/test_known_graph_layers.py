"""Layers on graphs, adapters, experts and gates: values and gradients worked by hand."""

from __future__ import annotations

import math

from tests.support.known_values import Known, gradients_of_the_sum, values

LN3, R8 = math.log(3), math.sqrt(1 / 8)
STAR = [[0, 1, 1, 1], [1, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]]
# Node 0 hears 1 and 2, node 1 hears 0, node 2 nobody.
HEARD = [[0, 1, 1], [1, 0, 0], [0, 0, 0]]

VALUES = [
    Known("normalized_adjacency", [STAR], {},
          [[0.25, R8, R8, R8], [R8, 0.5, 0, 0], [R8, 0, 0.5, 0], [R8, 0, 0, 0.5]]),
    Known("normalized_adjacency", [STAR], {"normalization": "rw", "self_loops": False},
          [[0, 1 / 3, 1 / 3, 1 / 3], [1, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]]),
    Known("normalized_adjacency", [[[0, 2], [0, 1]]], {"normalization": "none"}, [[1, 2], [0, 2]]),
    Known("normalized_adjacency", [HEARD], {"self_loops": False},
          [[0, math.sqrt(0.5), 0], [math.sqrt(0.5), 0, 0], [0, 0, 0]]),
    Known("graph_conv", [[[4], [8], [0], [16]], STAR, [[1, 10]], [0, 1]], {},
          [[1 + 24 * R8, 11 + 240 * R8], [4 + 4 * R8, 41 + 40 * R8],
           [4 * R8, 1 + 40 * R8], [8 + 4 * R8, 81 + 40 * R8]]),
    Known("message_passing", [[[1, 2], [3, 4], [5, -7]], HEARD], {}, [[8, -3], [1, 2], [0, 0]]),
    Known("message_passing", [[[1, 2], [3, 4], [5, -7]], HEARD], {"reduce": "mean"}, [[4, -1.5], [1, 2], [0, 0]]),
    Known("message_passing", [[[1, -2], [3, 4], [5, -7]], HEARD], {"reduce": "max"}, [[5, 4], [1, -2], [0, 0]]),
    Known("sage_conv", [[[1], [3], [5]], HEARD, [[10]], [[1]], [100]], {}, [[114], [131], [150]]),
    Known("sage_conv", [[[3], [0]], [[0, 1], [1, 0]], [[1, 0]], [[0, 4]]], {"normalize": True}, [[1, 0], [0, 1]]),
    Known("graph_attention", [[[0], [LN3]], [[0, 1], [1, 0]], [[1]], [7, 1]], {}, [[0.75 * LN3], [0.75 * LN3]]),
    Known("graph_attention", [[[0], [-LN3]], [[0, 1], [0, 0]], [[1]], [0, 1], [1]], {"negative_slope": 1},
          [[1 - LN3 / 4], [1 - LN3]]),
    Known("lora", [[1, 2], [[1, 0], [0, 1]], [[3, 1], [1, 0]], [[1, 0], [10, 1]]], {"alpha": 4}, [11, 104]),
    Known("lora", [[1, 2], [[1, 0], [0, 1]], [[3, 1], [1, 0]], [[1, 0], [10, 1]], [0, 1]], {"scaling": "alpha"},
          [6, 54]),
    Known("top_k_gate", [[1, 3, 0, 3]], {"top_k": 2}, [0, 0.5, 0, 0.5]),
    Known("top_k_gate", [[0, LN3, 0]], {"top_k": 2, "renormalize": False}, [0.2, 0.6, 0]),
    Known("top_k_gate", [[5, 5, 5]], {"top_k": 1}, [1, 0, 0]),
    Known("mixture_of_experts", [[1, LN3], [[0, 0], [0, 1]], [[[4, 0]], [[8, 0]]]], {}, [7]),
    Known("mixture_of_experts", [[1, 2], [[1, 0], [0, 1]], [[[1, 1]], [[5, 10]]], [0, 0], [[7], [9]]], {"top_k": 1},
          [34]),
    Known("squeeze_excitation", [[[[1, 3]]], [[1]], [LN3 - 2], [[1]], [0]], {}, [[[0.75, 2.25]]]),
]  # fmt: skip

GRADIENTS = [
    Known("message_passing", [[[1], [3], [3]], [[0, 1, 1], [1, 0, 0], [0, 0, 0]]], {"reduce": "max"},
          [[[1], [0.5], [0.5]], None]),
    Known("message_passing", [[[1], [3], [5]], HEARD], {"reduce": "mean"},
          [[[1], [0.5], [0.5]], [[-1.5, -0.5, 0.5], [0, 2, 4], [1, 3, 5]]]),
    Known("lora", [[1, 2], [[1, 0], [0, 1]], [[3, 1]], [[1], [10]]], {"alpha": 1},
          [[34, 12], [[1, 2], [1, 2]], [[11, 22]], [[5], [5]]]),
]  # fmt: skip

test_value = values(VALUES)


test_gradient_of_the_sum = gradients_of_the_sum(GRADIENTS)
