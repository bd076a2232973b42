"""Indices: time steps, layers, samples and steps of an optimiser written once and worked one by one."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
import pytest

from hwcheck.errors import ProblemError
from hwcheck.grading.grade import grade
from hwcheck.graph.node import Array
from hwcheck.lint import lint
from hwcheck.problem.load import parse_problem
from hwcheck.problem.model import Problem
from hwcheck.reference import solve
from hwcheck.submissions.names import Names, UnknownNameError
from hwcheck.submissions.read import parse_submission


def parsed(text: str) -> Problem:
    return parse_problem(textwrap.dedent(text), "small.yaml")


RNN = """\
    for: {t: 1..3}
    inputs:
      x[t]: [[1, 0], [0, 1], [1, 1]]
      h[0]: [0.5, 0, -0.5]
    weights:
      W: [[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]]
      U: {shape: [3, 3]}
    network:
      a[t]: W @ x[t] + U @ h[t-1]
      h[t]: tanh(a[t])
      l[t]: sum(h[t]**2) / t
      L: sum(l)
    loss: L
    questions:
      - "h[t]"
      - {ask: "grad(a[t])", points: 2}
      - {ask: "2 * h[t - 1]", name: "g[t]"}
      - grad(U)
      - "grad(U, t=2)"
      - "jacobian(h[3], h[1])"
"""


def test_lines_that_share_an_index_are_worked_together() -> None:
    problem = parsed(RNN)
    assert problem.inputs == ("x[1]", "x[2]", "x[3]", "h[0]")
    assert problem.lines == ("a[1]", "h[1]", "l[1]", "a[2]", "h[2]", "l[2]", "a[3]", "h[3]", "l[3]", "L")


def test_a_question_with_an_index_is_one_for_each_value() -> None:
    problem = parsed(RNN)
    assert [(question.name, question.points) for question in problem.questions] == [
        *((f"h[{t}]", 1) for t in (1, 2, 3)),
        *((f"grad(a[{t}])", 2) for t in (1, 2, 3)),
        *((f"g[{t}]", 1) for t in (1, 2, 3)),
        *((name, 1) for name in ("grad(U)", "grad(U, t=2)", "jacobian(h[3], h[1])")),
    ]


def backpropagated(problem: Problem) -> dict[str, Array]:
    """Backpropagation through time by hand (Goodfellow, Bengio, Courville, 2016, section 10.2.2): U at each step."""
    values = solve(problem).values
    W, U = values["W"], values["U"]
    h: dict[int, Array] = {0: values["h[0]"]}
    for t in (1, 2, 3):
        h[t] = np.tanh(W @ values[f"x[{t}]"] + U @ h[t - 1])
    found: dict[str, Array] = {}
    arriving: Array = np.zeros(3)
    for t in (3, 2, 1):
        arriving = (1 - h[t] ** 2) * (arriving + 2 * h[t] / t)
        found[f"grad(U, t={t})"] = np.outer(arriving, h[t - 1])
        found[f"grad(W, t={t})"] = np.outer(arriving, values[f"x[{t}]"])
        arriving = U.T @ arriving
    found["grad(h[0])"] = arriving
    return found


def test_the_gradient_of_a_shared_weight_is_known_as_a_whole_and_a_step_at_a_time() -> None:
    problem = parsed(RNN)
    reference = solve(problem)
    by_hand = backpropagated(problem)
    for name, value in by_hand.items():
        np.testing.assert_allclose(reference[name], value, rtol=1e-12, atol=1e-15)
    total = sum(by_hand[f"grad(U, t={t})"] for t in (1, 2, 3))
    np.testing.assert_allclose(reference["grad(U)"], total, rtol=1e-12)
    assert lint(problem).findings == ()


def test_a_given_step_is_used_in_the_steps_behind_it() -> None:
    problem = parsed(RNN)
    own = np.array([0.1, 0.2, 0.3])
    reference = solve(problem, given={"h[1]": own})
    np.testing.assert_allclose(reference["a[2]"], reference["W"] @ [0, 1] + reference["U"] @ own, rtol=1e-12)


def test_every_step_is_answered_on_its_own() -> None:
    problem = parsed(RNN)
    reference = solve(problem)
    answers = {"h_1": "h[1]", "h[2]": "h[2]", "h^{(3)}": "h[3]", "da_1": "grad(a[1])", "dL/da[2]": "grad(a[2])"}
    text = "answers:\n" + "".join(f"  '{name}': {reference[known].tolist()}\n" for name, known in answers.items())
    result = grade(problem, parse_submission(text, "ada.yaml"))
    assert [a.question.name for a in result.answers if a.verdict == "right"] == [
        "h[1]", "h[2]", "h[3]", "grad(a[1])", "grad(a[2])",
    ]  # fmt: skip
    assert result.faults == ()


@pytest.mark.parametrize(
    ("text", "quantity", "index"),
    [
        ("h[1]", "h[1]", ()),
        ("h [ 1 ]", "h[1]", ()),
        ("h_1", "h[1]", ()),
        ("h₂", "h[2]", ()),
        ("h[1][0]", "h[1]", (0,)),
        ("dh[2]", "grad(h[2])", ()),
        ("dh[2][1]", "grad(h[2])", (1,)),
        (r"\frac{\partial L}{\partial h_2}", "grad(h[2])", ()),
        ("grad(U, t=2)", "grad(U, t=2)", ()),
        ("grad(U, t=2)[0, 1]", "grad(U, t=2)", (0, 1)),
    ],
)
def test_names_of_steps_as_students_write_them(text: str, quantity: str, index: tuple[int, ...]) -> None:
    part = Names(parsed(RNN)).part(text)
    assert (part.quantity, part.index) == (quantity, index)


@pytest.mark.parametrize("text", ["h[4]", "h[1][3]", "h"])
def test_a_step_that_is_not_there_is_refused(text: str) -> None:
    with pytest.raises(UnknownNameError):
        Names(parsed(RNN)).part(text)


LAYERS = """\
    for: {l: [1, 2]}
    inputs: {"a[0]": [1, -2], y: [0.5]}
    weights:
      W[1]: {shape: [3, 2]}
      W[2]: {shape: [1, 3]}
      b[l]: {value: 0.1, shape: [1]}
    network:
      z[l]: W[l] @ a[l-1] + b[l]
      a[l]: sigmoid(z[l])
      L: sum((a[2] - y)**2)
    loss: L
"""


def test_layers_may_have_weights_of_different_shapes() -> None:
    problem = parsed(LAYERS)
    assert problem.quantities["z[1]"].shape == (3,)
    assert problem.quantities["z[2]"].shape == (1,)
    assert [q.name for q in problem.questions][-4:] == ["grad(W[1])", "grad(W[2])", "grad(b[1])", "grad(b[2])"]
    assert problem.shares == {}
    assert lint(problem).findings == ()


STEPS = """\
    for: {k: [0, 1, 2]}
    inputs: {x: [1, 2], y: 1}
    weights: {"W[0]": [0.5, -0.5]}
    network:
      p[k]: sigmoid(W[k] @ x)
      L[k]: (p[k] - y)**2
      W[k+1]: W[k] - 0.5 * grad(L[k], W[k])
    loss: "L[0]"
"""


def test_several_optimiser_steps_in_a_row() -> None:
    reference = solve(parsed(STEPS))
    w, x = np.array([0.5, -0.5]), np.array([1.0, 2.0])
    for k in range(3):
        p = 1 / (1 + np.exp(-(w @ x)))
        np.testing.assert_allclose(reference[f"L[{k}]"], (p - 1) ** 2, rtol=1e-12)
        w = w - 0.5 * 2 * (p - 1) * p * (1 - p) * x
        np.testing.assert_allclose(reference[f"W[{k + 1}]"], w, rtol=1e-12)


GRID = """\
    for: {n: [1, 2], t: [1, 2, 3]}
    inputs:
      x[n,t]: [[1, 2, 3], [4, 5, 6]]
      s[n]: [10, 20]
      h[1,0]: 0
      h[2,0]: 100
    weights: {w: 2}
    network:
      h[n,t]: h[n,t-1] + w * x[n, t]
      y[n]: h[n,3] * s[n]
      L: sum(y) + sum(h)
    loss: L
"""


def test_of_two_indices_the_first_is_the_outer_loop() -> None:
    problem = parsed(GRID)
    assert problem.lines == (
        "h[1,1]", "h[1,2]", "h[1,3]", "y[1]", "h[2,1]", "h[2,2]", "h[2,3]", "y[2]", "L",
    )  # fmt: skip
    reference = solve(problem)
    assert [float(reference[f"h[2,{t}]"]) for t in (1, 2, 3)] == [108, 118, 130]
    assert float(reference["L"]) == 12 * 10 + 130 * 20 + (2 + 6 + 12) + (108 + 118 + 130)
    assert float(reference["grad(w, n=2, t=3)"]) == 6 * (20 + 1)


# fmt: off
FAULTS: Sequence[tuple[str, str, str]] = [
    (
        "for: {t: 1..3}",
        "for: {t: 3..1}",
        "a value of the index t goes from 3 to 1; the first must not be",
    ),
    ("for: {t: 1..3}", "for: {t: 1..20000}", "a value of the index t must be a whole number from -10,000 to 10,000"),
    ("for: {t: 1..3}", "for: {t: [1, 1.5]}", "a value of the index t must be a whole number"),
    ("for: {t: 1..3}", "for: {t: [1, 2, 1]}", "the index t has the same value twice"),
    ("for: {t: 1..3}", "for: {t: []}", "the index t has no values"),
    (
        "for: {t: 1..3}",
        "for: {t: {a: 1}}",
        "an index has a list of at most 10,000 whole numbers",
    ),
    ("for: {t: 1..3}", "for: [t]", "for must be a mapping such as {t: [1, 2, 3]}, not a list"),
    ("for: {t: 1..3}", "for: {relu: 1..3}", "'relu' is the name of an op and cannot be the name of an index"),
    ("h[0]: [0.5", "hh: [0.5", "there is no h[0] here; there is none of that name yet (where t is 1)"),
    ("U @ h[t-1]", "U @ h[t+1]", "a[1] needs h[2], which comes later; it may use only what stands before it"),
    ("tanh(a[t])", "tanh(a[t, t])", "there is no a[1,1] here; there is a[1] (where t is 1)"),
    ("tanh(a[t])", "tanh(a[0.5])", "a stands for one quantity with each index: its index must be whole numbers"),
    ("sum(l)", "sum(l[t])", "t is an index, and L has none in its name: name it L[t]"),
    ("a[t]: W", "a[t]: V", "there is no quantity 'V'"),
    ("a[t]: W", "a[t/2]: W", "the index of 'a[t/2]' must be a whole number"),
    ("a[t]: W", "a[i]: W", "'i' is no index of this problem (it has t)"),
    ("a[t]: W", "a[]: W", "an expression belongs here, but there is nothing"),
    (
        "a[t]: W",
        "a[t][0]: W",
        "'a[t][0]' cannot be a name:",
    ),
    ("L: sum(l)", "h: sum(l)", "'h' has an index elsewhere, h[1]; a name has an index always or never"),
    ("L: sum(l)", "W[1]: sum(l)", "'W' is the name of a weight on line 6 already"),
    ("L: sum(l)", "h[2]: sum(l)", "'h[2]' is the name of a network line on line 10 already"),
    (
        "[[1, 0], [0, 1], [1, 1]]",
        "[[1, 0], [0, 1]]",
        "x[t] needs a value for each step, 3 of them",
    ),
    ("grad(U, t=2)", "grad(U, t=4)", "there is no grad(U, t=4); there is grad(U, t=1), grad(U, t=2), grad(U, t=3)"),
    ("grad(U, t=2)", "grad(U, s=2)", "grad has no options, and its arguments no names: write grad(X)"),
    ("grad(U, t=2)", "grad(U, t='a')", "t of grad must be a value of the index t, a whole number, not 'a'"),
    ("grad(U, t=2)", "grad(U, t=1.5)", "t of grad must be a value of the index t, a whole number, not 1.5"),
    ("grad(U, t=2)", "grad(x[1], t=2)", "only a weight without an index has shares, in lines with one"),
    ("a[t]: W", "a[t-t]: W", "a[t-t] is a[0] at more than one step; each step needs a name of its own"),
    ('{ask: "grad(a[t])"', '{ask: "grad(a[t+1])"', "there is no a[4] here; there is a[1], a[2], a[3]"),
]
# fmt: on


@pytest.mark.parametrize(("old", "new", "message"), FAULTS)
def test_a_fault_is_told_once_and_in_words(old: str, new: str, message: str) -> None:
    assert RNN.count(old) == 1
    with pytest.raises(ProblemError) as caught:
        parsed(RNN.replace(old, new))
    found = [fault for fault in caught.value.faults if message in fault.message]
    assert found, [str(fault) for fault in caught.value.faults]
    assert len({fault.location for fault in found}) == len(found)
    assert found[0].location.line
    assert found[0].location.column


def test_what_would_unroll_too_far_is_refused_before_it_is_done() -> None:
    text = "for: {i: 1..10000, j: 1..10000}\nnetwork:\n  h[i,j]: i + j\nloss: L\n"
    with pytest.raises(ProblemError, match=r"h\[i,j\] would be 100,000,000 quantities; at most 10,000 are allowed"):
        parsed(text)
    many = "for: {i: 1..5000}\nnetwork:\n  a[i]: 1\n  b[i]: 2\n  c[i]: 3\nloss: L\n"
    with pytest.raises(ProblemError, match="the network would have 15,000 lines once its indices are written out"):
        parsed(many)


def test_a_name_that_would_be_too_many_is_told_once() -> None:
    text = "for: {i: 1..10000, j: 1..10000}\nnetwork:\n  h[i,j]: i + j\n  L: sum(h)\nloss: L\n"
    with pytest.raises(ProblemError) as caught:
        parsed(text)
    assert len(caught.value.faults) == 1


def test_a_loss_with_an_index_is_to_be_named_with_it() -> None:
    with pytest.raises(ProblemError, match=r"there is no line 'L'; L has an index: write L\[2\]"):
        parsed("for: {t: 1..2}\nnetwork:\n  L[t]: t\nloss: L\n")


TWO_INDICES = """
for: {n: 1..2, t: 1..3}
inputs: {"x[n, t]": [[1, 2, 3], [4, 5, 6]]}
weights: {w: 2}
network:
  l[n, t]: w * x[n, t]
  L: sum(l)
loss: L
questions: ["grad(w, t=2)", "grad(w, n=1)", "grad(w, t=3, n=2)", grad(w)]
"""


def test_a_share_over_all_values_of_an_index_that_is_left_out() -> None:
    reference = solve(parsed(TWO_INDICES))
    shares = [float(reference[question.name]) for question in reference.problem.questions]
    assert shares == [2 + 5, 1 + 2 + 3, 6, 21]


def test_what_a_formula_may_use_follows_the_index_of_its_question() -> None:
    text = """
for: {t: 1..2}
inputs: {"x[t]": [1, 2], "h[0]": 1}
weights: {w: 2}
network: {"h[t]": "w * h[t-1] + x[t]"}
upstream: {"h[2]": 1}
questions:
  - {ask: "h[t]", answer: formula, using: [w, "h[t-1]", "x[t]"]}
"""
    assert [question.using for question in parsed(text).questions] == [("w", "h[0]", "x[1]"), ("w", "h[1]", "x[2]")]


def test_one_name_for_the_questions_of_all_steps_is_refused() -> None:
    text = RNN.replace('{ask: "grad(a[t])"', '{name: da, ask: "grad(a[t])"')
    assert text != RNN
    with pytest.raises(ProblemError, match=r"'da' would be the name of several questions; put the index in it"):
        parsed(text)


CELLS = """
for: {t: 1..2}
inputs: {"x[t]": [[1, 2], [2, 3]], "h[0]": [0, 0], "c[0]": [0, 0]}
weights: {W: {shape: [8, 2]}, U: {shape: [8, 2]}}
network: {"h[t]": "lstm_cell(x[t], h[t-1], c[t-1], W, U)", "c[t]": "h[t].c", L: "sum(h[2]**2)"}
loss: L
"""


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("h_2.i", "h[2].i"),
        ("h1.i", "h[1].i"),
        ("h^{(2)}.c", "h[2].c"),
        ("dh_2.i", "grad(h[2].i)"),
        ("dL/dh_1.c", "grad(h[1].c)"),
    ],
)
def test_names_of_the_inner_steps_of_a_step(text: str, quantity: str) -> None:
    assert Names(parsed(CELLS)).part(text).quantity == quantity


@pytest.mark.parametrize("text", ["h[3]", "h [3]", "h[3][0]"])
def test_a_step_that_is_not_there_is_told_as_it_is_written(text: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        Names(parsed(CELLS)).part(text)
    assert str(caught.value).startswith(f"the problem has no {text!r}; did you mean ")


def test_upstream_gradients_and_names_may_have_an_index() -> None:
    text = """\
        for: {t: [1, 2]}
        inputs: {"x[t]": [[1, 2], [3, 4]], "h[0]": [0, 0]}
        weights: {w: 2}
        network:
          h[t]: h[t-1] + w * x[t]
        upstream: {"h[t]": [[1, 0], [0, 10]]}
        names: {"s[t]": "h[t]"}
    """
    problem = parsed(text)
    # d h[2] / d w = x[1] + x[2] = (4, 6), d h[1] / d w = x[1] = (1, 2)
    assert float(solve(problem)["grad(w)"]) == 1 * 1 + 10 * 6
    assert problem.names["s[2]"].quantity == "h[2]"
    with pytest.raises(ProblemError, match=r"upstream of .* needs a gradient for each step, 2 of them, but it has 3"):
        parsed(text.replace("[[1, 0], [0, 10]]", "[1, 1, 1]"))
