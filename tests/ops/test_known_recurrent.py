"""Recurrent cells and layers: values and steps that a hand or an article gives.

sigmoid(ln 3) is 3/4, tanh(ln 2) is 3/5: gates made of these can be worked without a machine.
"""

from __future__ import annotations

import math

import numpy as np

from tests.support.known_values import Known, steps, values

LN2, LN3 = 0.6931471805599453, 1.0986122886681098

GATES = [[LN3], [LN3], [LN2], [-LN3]]  # i = f = 3/4, g = 3/5, o = 1/4 where x is 1
BEFORE = (LN2 - 0.45) / 0.75  # f * c + i * g is then ln 2
NONE_4, NONE_3, ZEROS_3 = [[0]] * 4, [[0]] * 3, [0, 0, 0]
PEEPED = 0.25 * LN3 + 0.45  # i = 3/4, f = 1/4, g = 3/5, c before is ln 3

VALUES = [
    Known("rnn_cell", [[1, 2], [0.5], [[1, 3]], [[-2]]], {"nonlinearity": "relu"}, [6]),
    Known("rnn_cell", [[LN2], [0], [[1]], [[5]]], {}, [0.6]),
    Known("rnn_cell", [[1], 3, [[1]], [[-2]], [4], [0.5]], {"nonlinearity": "relu"}, [0]),
    Known("rnn_cell", [[[1], [10]], [[2], [3]], [[1]], [[1]], [0.5]], {"nonlinearity": "relu"}, [[3.5], [13.5]]),
    Known("rnn_cell", [[[1, 10]], [[2, 3]], [[1]], [[1]], [0.5]], {"nonlinearity": "relu", "batch": "columns"},
          [[3.5, 13.5]]),
    Known("lstm_cell", [[1], [0], [BEFORE], GATES, NONE_4], {}, [0.15]),
    Known("lstm_cell", [[1], 9, BEFORE, [GATES[i] for i in (0, 3, 1, 2)], NONE_4], {"order": "iofg"}, [0.15]),
    Known("lstm_cell", [[1], 9, BEFORE, [[LN3], [0], [LN2], [-LN3]], NONE_4], {"forget_bias": LN3}, [0.15]),
    Known("lstm_cell", [[1], 9, 3 * BEFORE, [[LN3], [LN2], [-LN3]], NONE_3], {"coupled": True}, [0.15]),
    Known("lstm_cell", [[0], 9, BEFORE, NONE_4, NONE_4, [LN3, 0, LN2, 0], [0, LN3, 0, -LN3]], {}, [0.15]),
    Known("lstm_cell", [[1], 9, LN3, [[0], [0], [LN2], [0]], NONE_4, [0] * 4, [0] * 4, [1, -1, LN3 / PEEPED]], {},
          [0.75 * math.tanh(PEEPED)]),
    Known("gru_cell", [[1], [4], [[0], [0], [LN2]], NONE_3], {}, [2.3]),
    Known("gru_cell", [[1], [4], [[0], [LN3], [LN2]], NONE_3], {}, [3.15]),
    Known("gru_cell", [[1], [4], [[0], [LN3], [LN2]], NONE_3], {"update": "take"}, [1.45]),
    Known("gru_cell", [[1], [4], [[LN3], [0], [LN2]], NONE_3], {"order": "zrn"}, [3.15]),
    Known("gru_cell", [[1], [4], NONE_3, NONE_3, ZEROS_3, [0, 0, 2 * LN2]], {}, [2.3]),
    Known("gru_cell", [[1], [4], NONE_3, NONE_3, ZEROS_3, [0, 0, 2 * LN2]], {"reset": "before"}, [2 + 7.5 / 17]),
    Known("rnn", [[[1], [2], [3]], 0, [[1]], [[0.5]]], {"nonlinearity": "relu"}, [[1], [2.5], [4.25]]),
    Known("rnn", [[[1], [2], [3]], 0, [[1]], [[0.5]]], {"nonlinearity": "relu", "reverse": True},
          [[2.75], [3.5], [3]]),
    Known("rnn", [[[1], [2], [3]], 0, [[[1]], [[1]]], [[[0.5]], [[1]]]],
          {"nonlinearity": "relu", "bidirectional": True}, [[1, 6], [2.5, 5], [4.25, 3]]),
    Known("rnn", [[[[1], [2]], [[10], [20]]], 0, [[1]], [[0.5]]], {"nonlinearity": "relu"},
          [[[1], [2]], [[10.5], [21]]]),
    Known("rnn", [[[[1], [2]], [[10], [20]]], 0, [[1]], [[0.5]]], {"nonlinearity": "relu", "batch_first": True},
          [[[1], [2.5]], [[10], [25]]]),
    Known("lstm", [[[1], [1]], [0], [BEFORE], GATES, NONE_4], {}, [[0.15], [0.25 * math.tanh(0.75 * LN2 + 0.45)]]),
    Known("gru", [[[1], [1]], [4], [[0], [0], [LN2]], NONE_3], {}, [[2.3], [1.45]]),
]  # fmt: skip

test_value = values(VALUES)


def test_the_steps_of_a_cell() -> None:
    found = steps("lstm_cell", [[1], [0], [BEFORE], GATES, NONE_4], {})
    expected = {"z_i": LN3, "i": 0.75, "z_f": LN3, "f": 0.75, "z_g": LN2, "g": 0.6, "c": LN2, "z_o": -LN3, "o": 0.25}
    assert found.keys() == expected.keys()
    np.testing.assert_allclose([found[name][0] for name in expected], list(expected.values()), rtol=1e-14)
    found = steps("gru_cell", [[1], [4], [[-LN3], [LN3], [LN2]], NONE_3], {})
    expected = {"z_r": -LN3, "r": 0.25, "z_z": LN3, "z": 0.75, "z_n": LN2, "n": 0.6}
    assert found.keys() == expected.keys()
    np.testing.assert_allclose([found[name][0] for name in expected], list(expected.values()), rtol=1e-14)
    assert steps("rnn_cell", [[1], [0], [[3]], [[1]]], {}) == {"z": [3]}


def test_the_steps_of_both_directions() -> None:
    found = steps(
        "rnn", [[[1], [2]], 0, [[[1]], [[1]]], [[[0.5]], [[1]]]], {"bidirectional": True, "nonlinearity": "relu"}
    )
    assert {name: value.tolist() for name, value in found.items()} == {
        "forward.z1": [1], "forward.h1": [1], "forward.z2": [2.5], "forward.h2": [2.5],
        "backward.z2": [2], "backward.h2": [2], "backward.z1": [3], "backward.h1": [3],
    }  # fmt: skip


def test_the_lstm_of_a_published_example() -> None:
    """Gomez, Backpropagating an LSTM: a numerical example (2016); there a is g, and the rows are a, i, f, o."""
    W, U, b = [[0.45, 0.25], [0.95, 0.8], [0.7, 0.45], [0.6, 0.4]], [0.15, 0.8, 0.1, 0.25], [0.2, 0.65, 0.15, 0.1]
    order = (1, 2, 0, 3)
    weights = [[W[i] for i in order], [[U[i]] for i in order], [b[i] for i in order]]
    found = steps("lstm", [[[1, 2], [0.5, 3]], 0, 0, *weights], {})
    published = {
        "g1": 0.81775, "i1": 0.96083, "f1": 0.85195, "o1": 0.81757, "c1": 0.78572, "h1": 0.53631,
        "g2": 0.84980, "i2": 0.98118, "f2": 0.87030, "o2": 0.84993, "c2": 1.5176, "h2": 0.77198,
    }  # fmt: skip
    for name, value in published.items():
        np.testing.assert_allclose(found[name], [value], atol=1e-4 if name == "c2" else 1e-5)  # cut off, not rounded
