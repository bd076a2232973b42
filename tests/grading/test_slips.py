"""What happened in a wrong entry: each kind of slip is found and named, and chance is not taken for one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hwcheck.grading.slips import Slip, fitting_slips
from hwcheck.graph.node import Array, Node, Quantity
from hwcheck.graph.op import Op
from hwcheck.ops.activations import relu, sigmoid, softmax
from hwcheck.ops.arithmetic import where
from hwcheck.ops.convolution import conv2d
from hwcheck.ops.matrix import outer
from hwcheck.ops.reductions import sum as total

CLAIMED = 0.01  # how often chance may agree with what is taken for the cause


def claimed(slips: tuple[Slip, ...]) -> list[tuple[str, str]]:
    """What is found; nothing where the only slip that fits may be chance."""
    assert all(slip.cause.quantity == "z" and slip.cause.says for slip in slips)
    if len(slips) == 1 and slips[0].chance >= CLAIMED:
        return []
    return [(slip.cause.id, slip.cause.detail) for slip in slips]


class Step(NamedTuple):
    """An expression, its numbers, and what follows from them, worked out beside the code."""

    body: Node
    values: dict[str, Array]
    expected: Array

    def wrong(self, changes: dict[object, float], decimals: int = 4) -> Array:
        """The right answer, rounded, with some entries replaced."""
        yours = np.array(self.expected.round(decimals))
        for at, value in changes.items():
            yours[at] = value  # type: ignore[call-overload]
        return yours

    def fitting(self, yours: npt.ArrayLike, decimals: int = 4) -> tuple[Slip, ...]:
        return fitting_slips(self.body, self.values, *self.beside(yours, decimals), "z")

    def found(self, yours: npt.ArrayLike, decimals: int = 4) -> list[tuple[str, str]]:
        return claimed(self.fitting(yours, decimals))

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


def inside(op: Op) -> Step:
    inner = dense()
    z = inner.expected
    value = {"sigmoid": 1 / (1 + np.exp(-z)), "relu": np.maximum(z, 0)}[op.name]
    return Step(op(inner.body), inner.values, value)


IMAGE = np.array([[[0.12, 0.37, 0.58, 0.81], [0.45, 0.23, 0.94, 0.66], [0.71, 0.35, 0.19, 0.52]]])
KERNEL = np.array([[[[0.31, -0.47], [0.83, 0.29]]]])


def convolution() -> Step:
    """The top left entry is 0.31 * 0.12 - 0.47 * 0.37 + 0.83 * 0.45 + 0.29 * 0.23 + 0.0512 = 0.3547."""
    values = {"x": IMAGE, "K": KERNEL, "b": np.array([0.0512])}
    body = conv2d(*(Quantity(name, shape=array.shape) for name, array in values.items()))
    rows = [[(IMAGE[0, i : i + 2, j : j + 2] * KERNEL[0, 0]).sum() + 0.0512 for j in range(3)] for i in range(2)]
    return Step(body, values, np.array([rows]))


def branches() -> Step:
    """Z = s * x + p - q, entry by entry: z[1] = 0.62 * 0.951 + 0.2713 - 0.1158 = 0.74512."""
    values = {"x": np.array([0.437, 0.951, -0.829]), "p": np.array([0.1151, 0.2713, 0.3172]),
              "q": np.array([0.4139, 0.1158, 0.2674]), "s": np.array(0.62)}  # fmt: skip
    x, p, q, s = (Quantity(name, shape=array.shape) for name, array in values.items())
    return Step(s * x + p - q, values, 0.62 * values["x"] + values["p"] - values["q"])


def squares() -> Step:
    """The sum of 0.2173**2, 0.3319**2 and 0.6451**2: 0.04721929 + 0.11015761 + 0.41615401 = 0.57353091."""
    d = Quantity("d", shape=(3,))
    return Step(total(d * d), {"d": np.array([0.2173, 0.3319, 0.6451])}, np.array(0.57353091))


def logits() -> Step:
    """softmax(W x) of two numbers: 0.6 * 0.7 - 0.3 * 0.9 = 0.15 and 0.4 * 0.7 + 0.5 * 0.9 = 0.73."""
    values = {"W": np.array([[0.6, -0.3], [0.4, 0.5]]), "x": np.array([0.7, 0.9])}
    body = softmax(Quantity("W", shape=(2, 2)) @ Quantity("x", shape=(2,)))
    return Step(body, values, np.exp([0.15, 0.73]) / np.exp([0.15, 0.73]).sum())


STEPS = {
    "sigmoid": inside(sigmoid), "relu": inside(relu), "conv": convolution(), "branches": branches(),
    "squares": squares(), "logits": logits(),
}  # fmt: skip


@pytest.mark.parametrize(
    ("step", "changes", "kind", "detail"),
    [
        # sigmoid(0.655065 - 0.697189) = 1 / (1 + exp(0.042124)) = 0.489471
        ("sigmoid", {0: 0.4895}, "term-left-out", "z[0]: 0.841 × 0.829 = 0.697189 is missing."),
        # sigmoid(0.372951 - 2 * 1.150605) = 1 / (1 + exp(1.928259)) = 0.126933
        ("sigmoid", {1: 0.1269}, "term-sign", "z[1]: 0.947 × 1.215 = 1.15061 has the wrong sign."),
        # 0.372951 + 0.733 * 0.829 = 0.980608
        ("relu", {1: 0.9806}, "term-left-out", "z[1]: (-0.733) × 0.829 = -0.607657 is missing."),
        ("conv", {(0, 0, 0): -0.0188}, "term-left-out", "z[0, 0, 0]: 0.45 × 0.83 = 0.3735 is missing."),
        ("conv", {(0, 0, 0): 0.7025}, "term-sign", "z[0, 0, 0]: 0.37 × (-0.47) = -0.1739 has the wrong sign."),
        ("conv", {(0, 0, 0): 0.3035}, "term-left-out", "z[0, 0, 0]: 0.0512 is missing."),
        # z[0, 1, 2] takes 0.29 * 0.52; with the pixel on its left 0.29 * 0.19: 0.9 * 0.31 ... less 0.0957
        (
            "conv",
            {(0, 1, 2): round(0.31 * 0.94 - 0.47 * 0.66 + 0.83 * 0.19 + 0.29 * 0.19 + 0.0512, 4)},
            "factor-copied",
            "z[0, 1, 2]: 0.19 was taken where 0.52 stands in 0.52 × 0.29.",
        ),
        ("branches", {1: 0.4738}, "term-left-out", "z[1]: 0.2713 is missing."),
        ("branches", {1: 0.1555}, "term-left-out", "z[1]: 0.58962 is missing."),
        ("branches", {1: 0.9767}, "term-sign", "z[1]: -0.1158 has the wrong sign."),
        ("branches", {1: 1.7265}, "term-added", "z[1]: 0.62 + 0.951 was taken for 0.62 × 0.951."),
        # a single number: 0.57353091 - 0.11015761
        ("squares", {(): 0.4634}, "term-left-out", "z: 0.110158 is missing."),
        # 0.15 + 2 * 0.27 = 0.69 makes all entries wrong: 1 / (1 + exp(0.73 - 0.69)) = 0.490001
        ("logits", {0: 0.4900, 1: 0.5100}, "term-sign", "z[0], z[1]: (-0.3) × 0.9 = -0.27 has the wrong sign."),
    ],
)
def test_a_slip_is_named_in_other_steps(step: str, changes: dict[object, float], kind: str, detail: str) -> None:
    found = STEPS[step].fitting(STEPS[step].wrong(changes))
    assert [(slip.cause.id, slip.cause.detail) for slip in found] == [(kind, detail)]


@pytest.mark.parametrize(
    ("row", "axis", "detail"),
    [(1, 0, "z[1] has the numbers of z[0]."), (1, 1, "z[:, 1] has the numbers of z[:, 2].")],
)
def test_a_row_or_column_that_is_copied_is_named(row: int, axis: int, detail: str) -> None:
    G = np.array([0.1312, -0.2227, 0.3171])
    step = Step(
        outer(Quantity("g", shape=(3,)), Quantity("x", shape=(4,))),
        {"g": G, "x": np.array([0.7181, 0.4319, 1.2138, 0.9077])},
        np.outer(G, [0.7181, 0.4319, 1.2138, 0.9077]),
    )
    yours = step.expected.round(4)
    if axis == 0:
        yours[1] = yours[0]
    else:
        yours[:, 1] = yours[:, 2]
    assert ("row-copied", detail) in step.found(yours)


def test_a_step_between_that_is_nobodys_answer_is_computed() -> None:
    inner = dense()
    step = Step(sigmoid(Quantity("h", inner.body)), inner.values, 1 / (1 + np.exp(-inner.expected)))
    assert step.found(step.wrong({0: 0.4895})) == [("term-left-out", "z[0]: 0.841 × 0.829 = 0.697189 is missing.")]
    given_h = step._replace(values={**inner.values, "h": inner.expected})
    assert given_h.found(step.wrong({0: 0.4895})) == []  # what h was made of is not this step's


def test_what_is_missing_says_nothing() -> None:
    step = dense()
    assert step.found(step.wrong({0: -0.0421, 3: np.nan})) == [
        ("term-left-out", "z[0]: 0.841 × 0.829 = 0.697189 is missing.")
    ]


@pytest.mark.parametrize("changes", [{}, {1: np.inf}, {1: -np.inf, 2: 0.1}, {0: np.nan}, {1: 1e308}, {0: 0.0}])
def test_what_is_right_or_beyond_explanation_has_no_cause(changes: dict[object, float]) -> None:
    step = dense()
    assert step.found(step.wrong(changes)) == []


def test_entries_that_are_masked_with_infinity_are_right() -> None:
    step = dense()
    mask = np.array([1.0, 1.0, 0.0, 1.0, 0.0])
    masked = Step(
        where(Quantity("mask", shape=(5,)), step.body, -np.inf),
        {**step.values, "mask": mask},
        np.where(mask, step.expected, -np.inf),
    )
    assert masked.found(masked.wrong({0: -0.0421})) == [("term-left-out", "z[0]: 0.841 × 0.829 = 0.697189 is missing.")]
    assert masked.found(masked.wrong({2: 0.7921})) == []


@pytest.mark.parametrize("size", [1e-9, 1e-3, 1e6])
def test_the_size_of_the_numbers_does_not_matter(size: float) -> None:
    """The same numbers in another unit of measurement: worked to the same figures, they have the same slip."""
    step = dense()
    values = {"W": step.values["W"] * size, "x": X, "b": B * size}
    yours = step.wrong({0: -0.0421})
    unit = np.full(5, 1e-4 * size)
    slips = fitting_slips(step.body, values, yours * size, step.expected * size, unit, unit, unit, "z")
    (cause,) = (slip.cause for slip in slips)
    assert cause.id == "term-left-out"


def test_whole_numbers_are_not_taken_for_exact_evidence() -> None:
    """2 * 3 + 1 * 4 is 10, and 4 could be 2 * 3 left out, or any other small number."""
    values = {"W": np.array([[2.0, 1.0], [5.0, 3.0]]), "x": np.array([3.0, 4.0])}
    tight = np.full(2, 1e-6)
    step = Step(Quantity("W", shape=(2, 2)) @ Quantity("x", shape=(2,)), values, np.array([10.0, 27.0]))
    found = fitting_slips(step.body, values, np.array([4.0, 27.0]), step.expected, tight, tight, np.zeros(2), "z")
    assert all(slip.chance > 0.01 for slip in found)
    assert "z[0]: 2 × 3 = 6 is missing." in [slip.cause.detail for slip in found]


def test_slips_of_two_kinds_are_not_put_together() -> None:
    step = dense()
    assert step.found(step.wrong({0: -0.0421, 2: -0.7921})) == []


def test_two_terms_with_one_product_are_candidates() -> None:
    """0.2 * 0.6 and 0.3 * 0.4 are both 0.12, and nothing tells which of them is missing."""
    values = {"W": np.array([[0.2, 0.3, 0.7], [0.5, 0.1, 0.9]]), "x": np.array([0.6, 0.4, 1.1])}
    body = Quantity("W", shape=(2, 3)) @ Quantity("x", shape=(3,))
    step = Step(body, values, values["W"] @ values["x"])
    found = step.found([0.89, 1.33], decimals=5)
    assert {detail for kind, detail in found if kind == "term-left-out"} == {
        "z[0]: 0.2 × 0.6 = 0.12 is missing.",
        "z[0]: 0.3 × 0.4 = 0.12 is missing.",
    }


def test_two_slips_of_which_one_could_be_either_of_two_terms() -> None:
    values = {"W": np.array([[0.2, 0.3, 0.7], [0.5, 0.1, 0.9]]), "x": np.array([0.6, 0.4, 1.1])}
    body = Quantity("W", shape=(2, 3)) @ Quantity("x", shape=(3,))
    step = Step(body, values, values["W"] @ values["x"])
    found = step.fitting([0.89, 1.03], decimals=5)  # 0.12 and 0.5 * 0.6 = 0.3 are missing
    assert (
        "z[0]: 0.2 × 0.6 = 0.12 is missing. Or z[0]: 0.3 × 0.4 = 0.12 is missing. z[1]: 0.5 × 0.6 = 0.3 is missing."
        in [slip.cause.detail for slip in found]
    )


def test_with_few_digits_an_explanation_is_weak() -> None:
    """One decimal agrees with too much: what fits is told with its chance, and none is claimed."""
    step = dense()
    weak = step.fitting(step.wrong({0: -0.04}, 2), decimals=2)
    assert [slip.cause.id for slip in weak] == ["term-left-out"]
    assert weak[0].chance > 0.01
    assert step.found(step.wrong({0: -0.04}, 2), decimals=2) == []


@pytest.mark.parametrize("decimals", [3, 4])
def test_random_wrong_numbers_are_hardly_ever_explained(decimals: int) -> None:
    """Of 1000 random wrong numbers (half of them with four decimals) fewer than 1 in 100 are claimed."""
    rng = np.random.default_rng(decimals)
    step = dense()
    claimed = tried = 0
    while tried < 500:
        at = int(rng.integers(len(step.expected)))
        value = round(float(rng.uniform(-1, 1)), decimals)
        if abs(value - step.expected[at]) > 3 * 10.0**-decimals:
            tried += 1
            claimed += len(step.found(step.wrong({at: value}, decimals), decimals)) == 1
    assert claimed < 5


@settings(max_examples=60)
@given(
    numbers=st.lists(st.integers(101, 997), min_size=8, max_size=8, unique=True),
    signs=st.lists(st.sampled_from([-1, 1]), min_size=8, max_size=8),
    row=st.integers(0, 1),
    k=st.integers(0, 2),
)
def test_any_term_that_is_left_out_is_found(numbers: list[int], signs: list[int], row: int, k: int) -> None:
    values = np.array(numbers) * np.array(signs) / 100.0
    W, x = values[:6].reshape(2, 3), np.array([*values[6:], 3.37])
    step = Step(Quantity("W", shape=(2, 3)) @ Quantity("x", shape=(3,)), {"W": W, "x": x}, W @ x)
    term = W[row, k] * x[k]
    assume(len({round(abs(float(w * v)), 4) for w, v in zip(W[row], x, strict=True)}) == 3)
    found = step.found(step.wrong({row: round(float(W[row] @ x - term), 4)}))
    detail = f"z[{row}]: {told(W[row, k])} × {told(x[k])} = {term:.6g} is missing."
    assert ("term-left-out", detail) in found


def told(value: float) -> str:
    return f"({value:.6g})" if value < 0 else f"{value:.6g}"
