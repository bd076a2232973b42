"""Other ways to an answer: some parents right and some the student's own; p - t for the gradient at the logits."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from hwcheck.grading.grade import grade
from hwcheck.problem.load import parse_problem
from hwcheck.submissions.read import parse_submission

# The softmax in three lines: e = exp(s), p = e / sum(e). s = [0, ln 3, ln 4] gives e = [1, 3, 4], p = [1/8, 3/8, 1/2].
LINES = """
inputs: {s0: [0, 1.0986122886681098, 1.3862943611198906], t: [0, 1, 0]}
weights: {k: 1.0}
network:
  s: k * s0
  e: exp(s)
  p: e / sum(e)
  L: -sum(t * log(p))
loss: L
tolerance: {decimals: 4}
questions: [s, e, p, L, grad(s)]
"""


def verdicts(problem: str, answers: Mapping[str, object]) -> dict[str, str]:
    text = "answers:\n" + "".join(f'  "{name}": {value}\n' for name, value in answers.items())
    result = grade(parse_problem(problem, "p.yaml"), parse_submission(text, "ada.yaml"))
    return {answer.question.name: answer.verdict for answer in result.answers}


def test_p_less_t_follows_from_a_wrong_p() -> None:
    """The slip p[2] = 0.2 for 0.5 leads to p - t = [0.125, -0.625, 0.2], though the lines go through e."""
    found = verdicts(
        LINES,
        {
            "s": [0, 1.0986, 1.3863],
            "e": [1, 3, 4],
            "p": [0.125, 0.375, 0.2],
            "L": 0.9808,
            "grad(s)": [0.125, -0.625, 0.2],
        },
    )
    assert found == {"s": "right", "e": "right", "p": "wrong", "L": "right", "grad(s)": "carried"}


def test_another_multiple_does_not() -> None:
    found = verdicts(LINES, {"p": [0.125, 0.375, 0.2], "grad(s)": [0.25, -1.25, 0.4]})
    assert found["grad(s)"] == "wrong"


# h = relu(z), z = [1, -2]: a lost sign in h, -1 for 1, hides the mask of an entry that was positive.
RELU = """
inputs: {z0: [1.0, -2.0]}
weights: {k: 1.0, v: [3.0, 5.0]}
network:
  z: k * z0
  h: relu(z)
  L: sum(v * h)**2
loss: L
tolerance: {decimals: 3}
questions: [z, h, L, grad(h), grad(z)]
"""


@pytest.mark.parametrize(
    ("slope", "verdict"),
    [
        # L = (3 * -1)**2 = 9, dh = 2 * -3 * v = [-18, -30].
        ([-18, 0], "carried"),  # with the mask of z, which is right
        ([0, 0], "carried"),  # with that of their own h
        ([18, 0], "right"),
        ([-18, -30], "wrong"),
    ],
)
def test_a_mixture_of_right_and_own_numbers(slope: list[float], verdict: str) -> None:
    answers = {"z": [1, -2], "h": [-1, 0], "L": 9, "grad(h)": [-18, -30], "grad(z)": slope}
    assert verdicts(RELU, answers)["grad(z)"] == verdict


# W is square and H2 = W @ x is asked in rows; the transposed layout counts as the same.
LAYOUT = """
inputs: {X: [[1.0, 2.0], [3.0, 5.0]]}
weights: {w: [[1.0, 0.0], [2.0, 1.0]]}
network:
  H: w @ X
  M: sum(H, axis=0)
  L: sum(M**2)
loss: L
tolerance: {decimals: 2}
questions:
  - {ask: H, accept: ["H.T", "flatten(H)"]}
  - M
"""


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("[[1, 2], [5, 9]]", "right"),
        ("[[1, 5], [2, 9]]", "right"),  # transposed
        ("[1, 2, 5, 9]", "right"),  # in one row
        ("[1, 5, 2, 9]", "wrong"),
        ("[[1, 2], [9, 5]]", "wrong"),
        ("[1, 2, 5]", "wrong shape"),
    ],
)
def test_layouts_that_count_as_the_same(value: str, verdict: str) -> None:
    found = verdicts(LAYOUT, {"H": value, "M": [6, 11]})
    assert found == {"H": verdict, "M": "right"}
