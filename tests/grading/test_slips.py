"""What happened in a wrong entry: each kind of slip is found and named, and chance is not taken for one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from hwcheck.grading.slips import Slip, find_slips, fitting_slips
from hwcheck.graph.node import Array, Node, Quantity


class Step(NamedTuple):
    """An expression, its numbers, and what follows from them, worked out beside the code."""

    body: Node
    values: dict[str, Array]
    expected: Array

    def wrong(self, changes: dict[object, float], decimals: int = 4) -> Array:
        """The right answer, rounded, with some entries replaced."""
        yours = self.expected.round(decimals)
        for at, value in changes.items():
            yours[at] = value  # type: ignore[call-overload]
        return yours

    def fitting(self, yours: npt.ArrayLike, decimals: int = 4) -> tuple[Slip, ...]:
        return fitting_slips(self.body, self.values, *self.beside(yours, decimals), "z")

    def found(self, yours: npt.ArrayLike, decimals: int = 4) -> list[tuple[str, str]]:
        causes = find_slips(self.body, self.values, *self.beside(yours, decimals), "z")
        assert all(cause.quantity == "z" and cause.says for cause in causes)
        return [(cause.id, cause.detail) for cause in causes]

    def beside(self, yours: npt.ArrayLike, decimals: int) -> tuple[Array, Array, Array, Array, Array]:
        unit = np.full(self.expected.shape, 10.0**-decimals)
        return np.asarray(yours, dtype=np.float64), self.expected, unit, unit, unit


W = np.array([[0.513, -0.327, 0.841], [0.119, 0.947, -0.733], [0.256, 0.402, -0.151], [-0.618, 0.359, 0.208],
              [0.774, -0.085, 0.467]])  # fmt: skip
X = np.array([0.437, 1.215, 0.829])
B = np.array([0.131, -0.222, 0.317, 0.054, -0.409])


def dense() -> Step:
    """Z = W x + b: 0.6551, 0.3730, 0.7921, 0.3926, 0.2131."""
    body = Quantity("W", shape=(5, 3)) @ Quantity("x", shape=(3,)) + Quantity("b", shape=(5,))
    return Step(body, {"W": W, "x": X, "b": B}, W @ X + B)


# By hand: z[0] = 0.513 * 0.437 - 0.327 * 1.215 + 0.841 * 0.829 + 0.131
#               = 0.224181 - 0.397305 + 0.697189 + 0.131 = 0.655065
@pytest.mark.parametrize(
    ("changes", "kind", "detail"),
    [
        ({0: -0.0421}, "term-left-out", "z[0]: 0.841 × 0.829 = 0.697189 is missing."),
        ({0: 1.0524}, "term-left-out", "z[0]: (-0.327) × 1.215 = -0.397305 is missing."),
        ({0: 0.5241}, "term-left-out", "z[0]: 0.131 is missing."),
        ({0: 1.4497}, "term-sign", "z[0]: (-0.327) × 1.215 = -0.397305 has the wrong sign."),
        ({0: 1.3523}, "term-twice", "z[0]: 0.841 × 0.829 = 0.697189 is counted twice."),
        # 0.947 * 1.215 for -0.327 * 1.215: the entry below in W
        ({0: 2.2030}, "factor-copied", "z[0]: 0.947 was taken where -0.327 stands in (-0.327) × 1.215."),
        # -0.327 * 0.829 for -0.327 * 1.215: the entry behind in x
        ({0: 0.7813}, "factor-copied", "z[0]: 0.829 was taken where 1.215 stands in (-0.327) × 1.215."),
        # 0.513 + 0.437 for 0.513 * 0.437
        ({0: 1.3809}, "term-added", "z[0]: 0.513 + 0.437 was taken for 0.513 × 0.437."),
        ({0: -0.6551}, "sign-lost", "z[0]: -0.6551 is written where 0.6551 follows."),
        ({0: 0.5651}, "digits-swapped", "z[0]: 0.5651 is written where 0.6551 follows."),
        ({0: 6.5507}, "decimal-point", "z[0]: 6.5507 is written where 0.6551 follows."),
        ({0: 0.0655}, "decimal-point", "z[0]: 0.0655 is written where 0.6551 follows."),
        ({0: 0.0066}, "decimal-point", "z[0]: 0.0066 is written where 0.6551 follows."),
        ({2: 0.373}, "entry-copied", "z[2]: 0.373 is what belongs to z[1]."),
        ({1: 0.7921, 2: 0.373}, "entries-exchanged", "z[1] and z[2] have each other's number."),
        ({0: 0.7551}, "carry-slip", "z[0]: 0.7551 is written where 0.6551 follows."),
        # two slips of one kind: 0.947 * 1.215 = 1.150605 is missing from z[1] too
        (
            {0: -0.0421, 1: -0.7777},
            "term-left-out",
            "z[0]: 0.841 × 0.829 = 0.697189 is missing. z[1]: 0.947 × 1.215 = 1.15061 is missing.",
        ),
    ],
)
def test_a_slip_in_a_dense_layer_is_named(changes: dict[object, float], kind: str, detail: str) -> None:
    step = dense()
    assert [(slip.cause.id, slip.cause.detail) for slip in step.fitting(step.wrong(changes))] == [(kind, detail)]
