"""Formulas: right wherever they are tried, made of what is allowed alone, shapes first."""

from __future__ import annotations

import pytest

from hwcheck.grading.grade import Grader
from hwcheck.grading.result import MarkedAnswer
from hwcheck.problem.load import parse_problem
from hwcheck.submissions.read import parse_submission

# Entry by entry, for s = sigmoid(W x) and L = sum(s^2): dL/ds_i = 2 s_i, dL/dz_i = 2 s_i^2 (1 - s_i),
# dL/dW_ij = dL/dz_i x_j; ds_i/dW_jk = s_i (1 - s_i) x_k where i is j, else 0.
PROBLEM = """
dims: {N: 4, M: 3}
inputs: {x: {shape: [N]}}
weights: {W: {shape: [M, N]}}
network:
  z: W @ x
  s: sigmoid(z)
  L: sum(s**2)
loss: L
names: {out: s}
questions:
  - {ask: grad(s), answer: formula, using: [s]}
  - {ask: grad(z), answer: formula, using: [s, grad(s)]}
  - {ask: grad(W), answer: formula, using: [x, s, grad(z)], points: 3}
  - {ask: "jacobian(s, W)", answer: formula, indices: [i, j, k], using: [s, x]}
  - {ask: L, answer: formula, using: [s]}
"""


@pytest.fixture(scope="module")
def grader() -> Grader:
    return Grader(parse_problem(PROBLEM, "small.yaml"))


def mark(grader: Grader, key: str, formula: str, question: str = "") -> tuple[MarkedAnswer, list[str]]:
    text = formula.replace("'", "''")
    result = grader.grade(parse_submission(f"answers:\n  {key}: '{text}'\n", "ada.yaml"))
    answer = next(answer for answer in result.answers if answer.question.name == (question or key))
    return answer, [fault.message for fault in result.faults]


@pytest.mark.parametrize(
    ("question", "formula"),
    [
        ("grad(s)", "2*s"),
        ("grad(s)", "s + s"),
        ("grad(s)", "2 * out"),  # by a name of the problem
        ("grad(s)", "2*s*exp(log(N) - log(4))"),  # sizes are numbers
        ("grad(z)", "2*s * s*(1 - s)"),
        ("grad(z)", "grad(s) * s * (1 - s)"),
        ("grad(z)", "grad(out) * (s - s**2)"),
        ("grad(W)", "outer(grad(z), x)"),
        ("grad(W)", "outer(2*s**2*(1 - s), x)"),
        ("grad(W)", "reshape(grad(z), [3, 1]) @ reshape(x, [1, N])"),
        ("grad(W)", "reshape(grad(z), [M, 1]) * x"),
        ("jacobian(s, W)", "s[i]*(1 - s[i])*x[k] if i == j else 0"),
        ("jacobian(s, W)", "(i == j) * s[j] * (1 - s[i]) * x[k]"),
        ("jacobian(s, W)", "0 if i != j else s[i]*x[k] - s[j]**2*x[k]"),
        ("L", "sum(s**2)"),
        ("L", "dot(s, s)"),
        ("L", "s @ s"),
    ],
)
def test_a_right_formula(grader: Grader, question: str, formula: str) -> None:
    answer, faults = mark(grader, question, formula)
    assert (answer.verdict, answer.points, faults) == ("right", answer.question.points, [])
    assert answer.entries.right == answer.entries.total == answer.question.quantity.size


@pytest.mark.parametrize(
    ("question", "formula", "verdict", "note"),
    [
        ("grad(s)", "-2*s", "wrong", "it gives other numbers"),
        ("grad(s)", "2*s + 1e-5", "wrong", "it gives other numbers"),
        ("grad(s)", "s", "wrong", "it gives other numbers"),
        (
            "grad(s)",
            "2*s if sum(s) > 1.5 else s",
            "wrong",
            "it gives other numbers",
        ),  # right at some points is not right
        ("grad(s)", "s / (s - s)", "wrong", "it gives infinity"),
        ("grad(s)", "(s - s) / (s - s)", "wrong", "it has no value at some entries"),
        # Shapes come before values.
        ("grad(s)", "sum(2*s)", "wrong shape", "it gives a single number, 3 is asked"),
        ("grad(s)", "1", "wrong shape", "it gives a single number (a fixed number), 3 is asked"),
        ("grad(s)", "reshape(2*s, [3, 1])", "wrong shape", "it gives 3 x 1, 3 is asked"),
        ("grad(W)", "outer(x, grad(z))", "wrong shape", "it gives 4 x 3, 3 x 4 is asked"),
        ("grad(W)", "grad(z) * x", "wrong shape", "axis 0 of grad(z) is 3, but axis 0 of x is 4"),
        ("grad(W)", "grad(z) @ x", "wrong shape", "grad(z) is 3, but axis 0 of x is 4"),
        ("L", "s**2", "wrong shape", "it gives 3, a single number is asked"),
        ("grad(W)", "outer(x, grad(z))", "wrong shape", "; it looks transposed"),
        ("grad(W)", "flatten(outer(grad(z), x))", "wrong shape", "it gives 12, 3 x 4 is asked; it looks flattened"),
        ("grad(W)", "reshape(outer(grad(z), x), [1, 3, 4])", "wrong shape", "axes of length 1 are too many"),
        ("grad(W)", "x * grad(z)", "wrong shape", "every entry of another is outer(a, b)"),
        ("grad(W)", "x @ grad(z)", "wrong shape", "every entry of another is outer(a, b)"),
        ("L", "14.2", "wrong", "it is made of fixed numbers: a formula made of s is asked"),
        ("grad(s)", "[1, 2, 3]", "wrong", "it is made of fixed numbers"),
        ("grad(s)", "2*s*(1 + 1e-6)", "wrong", "it gives other numbers"),
        ("grad(s)", "2*s + 0/(s > 0.5)", "wrong", "it has no value at some entries"),  # right where it has one
        ("grad(s)", "2*s*1e308*10", "wrong", "it gives infinity"),
        # Entry by entry: the indices are those of the question, from 0, and arrays must be indexed.
        ("jacobian(s, W)", "s[i]*(1 - s[i])*x[k]", "wrong", "it gives other numbers"),
        ("jacobian(s, W)", "s[i]*(1 - s[i])*x[k] if i == k else 0", "wrong", "it gives other numbers"),
        ("jacobian(s, W)", "s[k]*(1 - s[i])*x[k] if i == j else 0", "wrong", "an index out of range"),
        ("jacobian(s, W)", "s[i + 1]*x[k] if i == j else 0", "wrong", "an index out of range"),
        ("jacobian(s, W)", "s[i]*x if i == j else 0", "wrong", "it gives other numbers"),
        ("jacobian(s, W)", "s*(1 - s)*x[k] if i == j else 0", "wrong shape", "one entry is asked"),
        ("jacobian(s, W)", "outer(s, x)", "wrong shape", "an entry is asked, a single number for each i, j, k"),
    ],
)
def test_a_formula_that_is_not_right(grader: Grader, question: str, formula: str, verdict: str, note: str) -> None:
    answer, faults = mark(grader, question, formula)
    assert (answer.verdict, answer.points, faults) == (verdict, 0, [])
    assert note in answer.note


def squared(text: str) -> str:
    """An expression with as many entries as the given one, squared: 3, 9, 81, 6561, 43 million."""
    return f"flatten(outer({text}, {text}))"


@pytest.mark.parametrize(
    ("question", "formula", "message"),
    [
        # The asked quantity, what follows from it, what is not in `using`.
        ("grad(s)", "grad(s)", "grad(s): this is what is asked, not how it is computed; the formula is made of s"),
        ("grad(s)", "grad(L, s)", "grad(s): this is what is asked"),
        ("grad(s)", "grad(out) + 0", "grad(s): this is what is asked"),
        ("grad(s)", "2*sigmoid(z)", "z may not be used here; the formula is made of s"),
        (
            "grad(z)",
            "grad(z)*s/s",
            "grad(z): this is what is asked, not how it is computed; the formula is made of s, grad(s)",
        ),
        ("jacobian(s, W)", "jacobian(s, W)[i, j, k]", "jacobian(s, W): this is what is asked"),
        ("L", "L", "L: this is what is asked, not how it is computed; the formula is made of s"),
        # What the language does not have; nothing is ever run.
        ("grad(s)", "__import__('os').system('true')", "'__import__'"),
        ("grad(s)", "s.__class__", ".__class__ has no meaning here"),
        ("grad(s)", "().__class__.__bases__", ".__class__ has no meaning here"),
        ("grad(s)", "[c for c in s]", "'for'"),
        ("grad(s)", "lambda: s", "'lambda'"),
        ("grad(s)", "(t := s)", "':='"),
        ("grad(s)", "f'{s}'", "this ' does not begin a text"),
        ("grad(s)", "open('/etc/passwd')", "this ' does not begin a text"),
        ("grad(s)", "2 s", "an operator or a comma is missing before 's'"),
        ("grad(s)", "2*(s", "never closed"),
        ("grad(s)", "2*t", "'t'"),
        ("grad(s)", "grad(s + 1)", "grad takes the names of quantities here"),
        ("grad(s)", "grad(s, axis=1)", "grad"),
        ("grad(s)", "i*s", "'i'"),  # an index where none is asked
        # Too much of anything is refused before any work.
        ("grad(s)", "s" + "+s" * 400, "parts"),
        ("grad(s)", "(" * 60 + "s" + ")" * 60, "deeper than 40"),
        ("grad(s)", "s*" + "9" * 2100, "at most 2,000 are allowed"),
        ("grad(s)", squared(squared(squared(squared("s")))), "entries"),
    ],
)
def test_a_formula_that_is_refused(grader: Grader, question: str, formula: str, message: str) -> None:
    answer, faults = mark(grader, question, formula)
    assert (answer.verdict, answer.points) == ("unreadable", 0)
    assert len(faults) == 1
    assert message in faults[0]


@pytest.mark.parametrize("answers", ["grad(s): [2, 3, 4]", "grad(s): {a: 1}", "grad(s)[0]: 2*s[0]"])
def test_one_formula_is_asked(grader: Grader, answers: str) -> None:
    result = grader.grade(parse_submission(f"answers:\n  {answers}\n", "ada.yaml"))
    assert result.answers[0].verdict == "unreadable"
    (fault,) = result.faults
    assert fault.message == "grad(s) asks for one formula, written as one text"


@pytest.mark.parametrize("blank", ["_", "", "'?'", "n/a"])
def test_a_blank_is_missing(grader: Grader, blank: str) -> None:
    result = grader.grade(parse_submission(f"answers:\n  grad(s): {blank}\n", "ada.yaml"))
    assert (result.answers[0].verdict, result.faults) == ("missing", ())


def test_the_place_of_what_may_not_be_used(grader: Grader) -> None:
    result = grader.grade(parse_submission("answers:\n  grad(s): 2*s + z\n", "ada.yaml"))
    assert [str(fault.location) for fault in result.faults] == ["ada.yaml:2:18"]


def test_a_costly_formula_is_refused_before_it_is_worked_out() -> None:
    problem = parse_problem(
        "inputs: {x: {shape: [3]}}\nweights: {w: {shape: [3]}}\nnetwork: {L: sum(w * x)}\nloss: L\n"
        "questions: [{ask: grad(w), answer: formula, using: [x]}]\n",
        "small.yaml",
    )
    costly = "x + 0*conv2d(broadcast_to(1, [1, 500, 500]), broadcast_to(1, [1, 1, 250, 250]))[0, 0, 0]"
    (answer,) = Grader(problem).grade(parse_submission(f"answers: {{dw: '{costly}'}}", "ada.yaml")).answers
    assert (answer.verdict, answer.points) == ("unreadable", 0)
    assert "too long" in answer.note


REPEATED = """
for: {t: 1..2}
inputs: {"x[t]": {shape: [2]}, "h[0]": {shape: [3]}}
weights: {U: {shape: [3, 3]}, W: {shape: [3, 2]}}
network: {"a[t]": "W @ x[t] + U @ h[t-1]", "h[t]": "tanh(a[t])", L: "sum(h[2]**2)"}
loss: L
questions:
  - {ask: "h[t]", answer: formula, using: [W, U, "h[t-1]", "x[t]"]}
  - {ask: "grad(a[1])", answer: formula, using: [U, "grad(a[2])", "h[1]"]}
  - {ask: "grad(U)", answer: formula, using: ["h[0]", "h[1]", "grad(a[1])", "grad(U, t=2)"]}
"""


@pytest.mark.parametrize(
    ("question", "formula", "verdict", "note"),
    [
        ("h[1]", "tanh(W @ x[1] + U @ h[0])", "right", ""),
        ("h[2]", "tanh(W @ x[2] + U @ h[1])", "right", ""),
        ("h[2]", "tanh(W @ x[2] + U.T @ h[1])", "wrong", "it gives other numbers"),
        (
            "h[2]",
            "tanh(W @ x[1] + U @ h[1])",
            "unreadable",
            "x[1] may not be used here; the formula is made of W, U, h",
        ),
        ("h[2]", "h[2]", "unreadable", "h[2]: this is what is asked"),
        ("h[1]", "atanh(h[2])", "unreadable", "h[2] follows from what is asked"),
        ("h[1]", "h[7]", "unreadable", "there is no h[7] here"),
        # Through time: dL/da_1 = U^T dL/da_2 * (1 - h_1^2), and each step adds its outer product to dL/dU.
        ("grad(a[1])", "(U.T @ grad(a[2])) * (1 - h[1]**2)", "right", ""),
        ("grad(a[1])", "(U.T @ grad(L, a[2])) * (1 - h[1]**2)", "right", ""),  # by its longer name
        ("grad(U)", "outer(grad(a[1]), h[0]) + grad(U, t=2)", "right", ""),
        ("grad(U)", "grad(U, t=2)", "wrong", "it gives other numbers"),
        ("grad(U)", "grad(U, t=1) + grad(U, t=2)", "unreadable", "grad(U, t=1) may not be used here"),
        ("grad(U)", "grad(U, t=9)", "unreadable", "grad(U, t=9) may not be used here"),
        ("grad(U)", "grad()", "unreadable", "grad takes the names of quantities here"),
    ],
)
def test_formulas_of_repeated_steps(question: str, formula: str, verdict: str, note: str) -> None:
    answer, _ = mark(Grader(parse_problem(REPEATED, "rnn.yaml")), f'"{question}"', formula, question)
    assert answer.verdict == verdict
    assert note in answer.note


def test_the_steps_of_a_layer_stand_in_a_formula() -> None:
    """The state of an LSTM: f * c_prev + i * g."""
    problem = parse_problem(
        "inputs: {x: {shape: [2]}, h0: {shape: [3]}, c0: {shape: [3]}}\n"
        "weights: {W: {shape: [12, 2]}, U: {shape: [12, 3]}}\n"
        "network: {cell: 'lstm_cell(x, h0, c0, W, U)', L: sum(cell**2)}\nloss: L\n"
        "questions: [{ask: cell.c, answer: formula, using: [cell.i, cell.f, cell.g, c0]}]\n",
        "lstm.yaml",
    )
    grader = Grader(problem)
    assert mark(grader, "cell.c", "cell.f * c0 + cell.i * cell.g")[0].verdict == "right"
    assert mark(grader, "cell.c", "cell.i * c0 + cell.f * cell.g")[0].verdict == "wrong"
    assert "follows from what is asked" in mark(grader, "cell.c", "cell + 1")[0].note
