"""The records of penalties on weights."""

from __future__ import annotations

from collections.abc import Mapping

from tests.support.op_records import Record, bad, drawn, kink

EMPTY = bad("must be a list of arrays: [a, b]", [])

RECORDS: Mapping[str, Record] = {
    "l1_penalty": Record(
        samples=(drawn((2, 3), (5,), ()), drawn((4,))),
        bad=(EMPTY, bad("weights[1] of l1_penalty must be an array or a number, not 'b'", (3,), "b")),
        torch=lambda T, *weights: sum(T.linalg.vector_norm(weight, ord=1) for weight in weights),
        kinks=(kink([1, 0, -2]),),
    ),
    "l2_penalty": Record(
        samples=(drawn((2, 3), (5,), ()), drawn((4,)), drawn((2, 3), (5,), half=True)),
        bad=(EMPTY, bad("weights of l2_penalty must be a list of arrays: [a, b]", (3,))),
        torch=lambda _, *weights, half=False: sum((weight * weight).sum() for weight in weights) / (2 if half else 1),
    ),
}
