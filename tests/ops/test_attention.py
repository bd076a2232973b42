"""What attention and the layers beside it say of numbers that make no sense, and of what they hide."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hwcheck.errors import ProblemError
from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.node import Call
from hwcheck.problem.load import parse_problem
from hwcheck.reference import solve
from tests.support.op_records import OPS, called, quantities

Q, K = np.zeros((3, 2)), np.zeros((4, 2))
NOTHING = "which leaves nothing to weight"
FAULTS = [
    ("scaled_dot_product_attention", [Q, K, K, [[1, 1, 1, 1], [0, 0, 0, 0], [1, 0, 0, 0]]], {},
     ["{attn_mask} hides all 4 keys from query [1], " + NOTHING]),
    ("scaled_dot_product_attention", [Q, K, K, [[1, 0, 1, 1]] * 3], {"mask_kind": "hide"}, []),
    ("scaled_dot_product_attention", [Q, K, K, [1, 1, 1, 1]], {"mask_kind": "hide"},
     ["{attn_mask} hides all 4 keys from query [0], " + NOTHING]),
    ("scaled_dot_product_attention", [Q, K, K, [0, 1, 1, 1]], {"is_causal": True},
     ["{attn_mask} hides all 4 keys from query [0], " + NOTHING]),
    ("scaled_dot_product_attention", [Q, K, K, [0, 0, 0, 0]], {"mask_value": -1e9}, []),
    ("scaled_dot_product_attention", [Q, K, K, [[0, 0, 0, 0], [-np.inf] * 4, [-1e9] * 4]], {"mask_kind": "add"},
     ["{attn_mask} hides all 4 keys from query [1], " + NOTHING]),
    ("scaled_dot_product_attention", [Q, K, K, [0, -1e9, 0, 1]], {},
     ["the attn_mask's entry [1] is -1e+09, but mask_kind='attend' takes 1 and 0; "
      "numbers to be added are mask_kind='add'"]),
    ("scaled_dot_product_attention", [np.zeros((2, 5, 3, 2)), K, K, None, [[1, 1, 1, 0], [0, 0, 0, 0]]], {},
     ["{key_padding_mask} hides all 4 keys from query [1, 0, 0], " + NOTHING]),
    ("padding_mask", [[2, 4, -1, 0.5]], {"size": 3},
     ["entry [1] of {lengths} is 4, but must be a whole number from 0 to 3",
      "entry [2] of {lengths} is -1, but must be a whole number from 0 to 3",
      "entry [3] of {lengths} is 0.5, but must be a whole number from 0 to 3"]),
    ("batch_norm", [np.zeros((4, 2)), [0, 0], [1, -2]], {},
     ["its running_var[1] is -2, but a variance is never negative"]),
    ("normalized_adjacency", [[[0, -3], [1, 0]]], {}, ["the degree of node 0 is -2, but must not be negative"]),
    ("normalized_adjacency", [[[0, -3], [1, 0]]], {"normalization": "none"}, []),
    ("message_passing", [np.zeros((2, 1)), [[0, -3], [1, 0]]], {"reduce": "mean"},
     ["the degree of node 0 is -3, but must not be negative"]),
    ("message_passing", [np.zeros((2, 1)), [[0, -3], [1, 0]]], {}, []),
    ("graph_attention", [np.zeros((2, 1)), [[0, 1], [0, 0]], [[1]], [1, 1]], {"self_loops": False},
     ["node 1 has no neighbour to attend to; self_loops=True lets it attend to itself"]),
    ("graph_attention", [np.zeros((2, 1)), [[0, 1], [0, 0]], [[1]], [1, 1]], {}, []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "inputs", "options", "faults"), FAULTS, ids=[f"{fault[0]}-{i}" for i, fault in enumerate(FAULTS)]
)
def test_numbers_that_make_no_sense_are_told(name: str, inputs: Any, options: Any, faults: list[str]) -> None:
    op = OPS[name]
    assert op.domain is not None
    arrays = [None if x is None else np.array(x, dtype=np.float64) for x in inputs]
    tensors = [parameter.name for parameter in op.parameters if parameter.kind == "tensor"]
    given = {key: x for key, x in zip(tensors, arrays, strict=False) if x is not None}
    node = op.applied((), {**given, **options})
    assert isinstance(node, Call)
    assert list(op.domain(*arrays, **node.options)) == faults


PROBLEM = """
title: Attention of two heads
inputs: {{x: [[1, 0], [0, 1], [1, 1]], padding: {padding}}}
weights: {{W: [[1, 2], [3, 4]]}}
network:
  attn: multi_head_attention(x, x, x, W, W, W, key_padding_mask=padding, num_heads=2)
  L: sum(attn)
loss: L
"""


def test_a_problem_is_told_of_a_mask_that_hides_everything() -> None:
    with pytest.raises(ProblemError) as caught:
        solve(parse_problem(PROBLEM.format(padding="[1, 1, 1]"), "p.yaml"))
    assert "padding hides all 3 keys from query [0, 0], which leaves nothing to weight" in str(caught.value)


def test_it_is_told_where_the_weights_are_drawn_too() -> None:
    drawn = PROBLEM.replace("{{W: [[1, 2], [3, 4]]}}", "{{W: {{shape: [2, 2]}}}}").format(padding="[1, 1, 1]")
    with pytest.raises(ProblemError, match="padding hides all 3 keys"):
        solve(parse_problem(drawn, "p.yaml"))


def test_the_steps_of_a_line_can_be_asked_for() -> None:
    problem = parse_problem(PROBLEM.format(padding="[0, 0, 1]"), "p.yaml")
    values = solve(problem).values
    assert values["attn.weights"].shape == (2, 3, 3)
    assert (values["attn.weights"][:, :, 2] == 0).all()
    assert values["grad(attn.scores)"].shape == (2, 3, 3)


def test_what_is_hidden_has_no_influence() -> None:
    """Whatever stands in a hidden key and its value."""
    op = OPS["scaled_dot_product_attention"]
    inputs = quantities(op, [(3, 2), (4, 2), (4, 2), (4,)])
    y = called(op, inputs, {})
    random = np.random.default_rng(0)
    q, k, v = random.normal(size=(3, 2)), random.normal(size=(4, 2)), random.normal(size=(4, 2))
    mask = np.array([1.0, 1, 0, 1])
    seen = []
    for other in (0.0, 1e3):
        k[2] = v[2] = other
        numbers = dict(zip(inputs, [x[np.newaxis].copy() for x in (q, k, v, mask)], strict=True))
        seen.append(evaluate([y], numbers)[0])
    np.testing.assert_array_equal(seen[0], seen[1])
