"""Attention, its masks and positions: values and gradients that a hand or an article gives."""

from __future__ import annotations

import math

import numpy as np

from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.op import Steps
from tests.support.known_values import Known, gradients_of_the_sum, values
from tests.support.op_records import OPS, called, quantities

LN3, E, INF = math.log(3), math.e, math.inf
TWO_KEYS = [[0, 1], [LN3, 0]]  # the softmax of the first query's products is 1/4, 3/4
KARIM = "Karim, Illustrated: Self-Attention (2019)"
KARIM_X = [[1, 0, 1, 0], [0, 2, 0, 2], [1, 1, 1, 1]]
KARIM_QUERY = [[1, 0, 1], [1, 0, 0], [0, 0, 1], [0, 1, 1]]
KARIM_KEY = [[0, 0, 1], [1, 1, 0], [0, 1, 0], [1, 1, 0]]
KARIM_VALUE = [[0, 2, 0], [0, 3, 0], [1, 0, 3], [1, 1, 0]]

VALUES = [
    Known("causal_mask", [], {"queries": 3}, [[1, 0, 0], [1, 1, 0], [1, 1, 1]]),
    Known("causal_mask", [], {"queries": 2, "keys": 3, "offset": 1, "kind": "hide"}, [[0, 0, 1], [0, 0, 0]]),
    Known("causal_mask", [], {"queries": 2, "kind": "add"}, [[0, -INF], [0, 0]]),
    Known("padding_mask", [[2, 0]], {"size": 3}, [[1, 1, 0], [0, 0, 0]]),
    Known("padding_mask", [1], {"size": 2, "kind": "add"}, [0, -INF]),
    Known("scaled_dot_product_attention", [[1, 0], TWO_KEYS, [[4], [8]]], {"scale": 1}, [7]),
    Known("scaled_dot_product_attention", [[[4, 0]], TWO_KEYS, [[4], [8]]], {"scale": 0.25}, [[7]]),
    Known("scaled_dot_product_attention", [[[2, 0, 0, 0]], [[0] * 4, [LN3, 0, 0, 0]], [[4], [8]]], {}, [[7]]),
    Known("scaled_dot_product_attention", [[1, 0], TWO_KEYS, [[4], [8]], [0, LN3 - INF]], {"mask_kind": "add"}, [4]),
    Known("scaled_dot_product_attention", [[0, 0], TWO_KEYS, [[4], [8]], [0, LN3]], {"mask_kind": "add"}, [7]),
    Known("scaled_dot_product_attention", [[1, 0], TWO_KEYS, [[4], [8]], [0, 0]], {"mask_value": -1e9}, [6]),
    Known("scaled_dot_product_attention", [[[1, 0]] * 2, TWO_KEYS, [[4], [8]]], {"scale": 1, "is_causal": True},
          [[4], [7]]),
    Known("multi_head_attention", [[[1, 0]], [[1, 0]] * 2, [[4, 8], [8, 0]], *[[[1, 0], [0, 1]]] * 4],
          {"num_heads": 2}, [[6, 4]]),
    Known("multi_head_attention_forward", [[[2]], [[2]], [[2]], [[5], [7], [3]], [1, 1, 1], [[10]], [1]], {}, [[71]]),
    Known("self_attention", [[[1, 0], [0, 1]], [[0, 0]], [[5, 7]], [[2, 4]]], {}, [[3], [3]]),
    Known("positional_encoding", [], {"length": 2, "d_model": 4}, [[0, 1, 0, 1],
          [math.sin(1), math.cos(1), math.sin(0.01), math.cos(0.01)]]),
    Known("positional_encoding", [], {"length": 1, "d_model": 3, "base": 27, "start": 1, "layout": "halves"},
          [[math.sin(1), math.sin(1 / 9), math.cos(1)]]),
    Known("rotate_pairs", [[[3, 4]], [0], [1]], {}, [[-4, 3]]),
    Known("rotate_pairs", [[[3, 5, 4, 6, 9]], [0], [1]], {"rotary_dim": 4}, [[-4, -6, 3, 5, 9]]),
    Known("rotate_pairs", [[[3, 4, 5, 6]], [0], [1]], {"interleaved": True}, [[-4, 3, -6, 5]]),
    Known("rotary_embedding", [[[1, 1, 0, 0]], [2]], {"base": 100},
          [[math.cos(2), math.cos(0.2), math.sin(2), math.sin(0.2)]]),
    Known("rotary_embedding", [[[3, 4], [1, 0]]], {}, [[3, 4], [math.cos(1), math.sin(1)]]),
]  # fmt: skip

GRADIENTS = [
    # With weights 1/4 and 3/4 a score's gradient is its weight times its value's lead over the mean: -3/4 and 3/4.
    Known("scaled_dot_product_attention", [[1, 0], TWO_KEYS, [[4], [8]]], {"scale": 1},
          [[0.75 * LN3, -0.75], [[-0.75, 0], [0.75, 0]], [[0.25], [0.75]]]),
    Known("scaled_dot_product_attention", [[1, 0], TWO_KEYS, [[4], [8]], [1, 0]], {}, [[0, 0], [[0, 0]] * 2, [[1], [0]],
          None]),
    Known("rotate_pairs", [[[3, 4]], [0], [1]], {}, [[[1, -1]], [7], [-1]]),
]  # fmt: skip

test_value = values(VALUES)


test_gradient_of_the_sum = gradients_of_the_sum(GRADIENTS)


def test_the_steps_of_an_article() -> None:
    """Karim's, which leaves out the scaling; its weights and outputs are those that its notebook prints."""
    arrays = [np.array(x, dtype=np.float64) for x in (KARIM_X, KARIM_QUERY, KARIM_KEY, KARIM_VALUE)]
    op, step = OPS["self_attention"], Steps("a")
    inputs = quantities(op, [x.shape for x in arrays])
    y = called(op, inputs, {"weight_layout": "in_out", "scale": 1}, step)
    numbers = {quantity: x[np.newaxis] for quantity, x in zip(inputs, arrays, strict=True)}
    names = ["a.q", "a.k", "a.v", "a.scores", "a.weights"]
    q, k, v, scores, weights, out = (x[0] for x in evaluate([*(step.made[name] for name in names), y], numbers))
    assert q.tolist() == [[1, 0, 2], [2, 2, 2], [2, 1, 3]]
    assert k.tolist() == [[0, 1, 1], [4, 4, 0], [2, 3, 1]]
    assert v.tolist() == [[1, 2, 3], [2, 8, 0], [2, 6, 3]]
    assert scores.tolist() == [[2, 4, 4], [4, 16, 12], [4, 12, 10]]
    np.testing.assert_allclose(
        weights,
        [
            [6.3379e-02, 4.6831e-01, 4.6831e-01],
            [6.0337e-06, 9.8201e-01, 1.7986e-02],
            [2.9539e-04, 8.8054e-01, 1.1917e-01],
        ],
        rtol=1e-4,
    )
    printed = [[1.9366, 6.6831, 1.5951], [2.0000, 7.9640, 0.0540], [1.9997, 7.7599, 0.3584]]
    np.testing.assert_array_equal(out.round(4), printed)
