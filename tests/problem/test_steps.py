"""The inner steps of layers as quantities: used, asked, answered and given like every other."""

from __future__ import annotations

import textwrap

import numpy as np
import pytest

from hwcheck.errors import ProblemError
from hwcheck.grading.grade import grade
from hwcheck.lint import lint
from hwcheck.problem.load import parse_problem
from hwcheck.problem.model import Problem
from hwcheck.reference import solve
from hwcheck.submissions.read import parse_submission

LSTM = """\
    for: {t: [1, 2]}
    inputs:
      x[t]: [[1, 0.5], [-1, 2]]
      h[0]: [0.1, -0.2, 0.3]
      c[0]: [0.5, 0.4, -0.6]
    weights:
      W: {shape: [12, 2]}
      U: {shape: [12, 3]}
      b: {shape: [12]}
    network:
      h[t]: lstm_cell(x[t], h[t-1], c[t-1], W, U, b)
      c[t]: h[t].c
      L: sum(h[2]**2) + sum(h[1].i)
    loss: L
    questions: ["h[t]", "h[t].i", "h[t].c", "grad(h[1].c)", grad(U)]
"""


def parsed(text: str) -> Problem:
    return parse_problem(textwrap.dedent(text), "small.yaml")


def test_the_steps_of_a_line_stand_before_it() -> None:
    problem = parsed(LSTM)
    assert problem.lines == ("h[1]", "c[1]", "h[2]", "c[2]", "L")
    names = list(problem.quantities)
    assert names.index("h[1].c") < names.index("h[1]") < names.index("h[2].i")
    assert [question.name for question in problem.questions] == [
        "h[1]", "h[2]", "h[1].i", "h[2].i", "h[1].c", "h[2].c", "grad(h[1].c)", "grad(U)",
    ]  # fmt: skip
    assert lint(problem).findings == ()


def test_a_given_step_is_used_in_what_follows() -> None:
    problem = parsed(LSTM)
    own = np.array([0.2, -0.1, 0.4])
    reference, carried = solve(problem), solve(problem, given={"h[1].c": own})
    np.testing.assert_array_equal(carried["h[1].c"], reference["h[1].c"])
    np.testing.assert_allclose(carried["h[1]"], reference["h[1].o"] * np.tanh(own), rtol=1e-14)
    np.testing.assert_allclose(
        carried["h[2].c"], carried["h[2].f"] * own + carried["h[2].i"] * carried["h[2].g"], rtol=1e-14
    )


def test_a_step_is_answered_under_its_name() -> None:
    problem = parsed(LSTM)
    reference = solve(problem)
    answers = {"h[1].i": "h[1].i", "h[2].c[0]": "h[2].c", "grad(h[1].c)": "grad(h[1].c)"}
    text = "answers:\n"
    for written, name in answers.items():
        value = reference[name][0] if written.endswith("[0]") else reference[name]
        text += f"  '{written}': {value.tolist()}\n"
    result = grade(problem, parse_submission(text, "ada.yaml"))
    assert result.faults == ()
    assert {answer.question.name: answer.entries.right for answer in result.answers if answer.entries.right} == {
        "h[1].i": 3, "h[2].c": 1, "grad(h[1].c)": 3,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("c[t]: h[t].c", "c[t]: h[t].cell", "h[1] has no step 'cell'; it has z_i, i, z_f, f, z_g, g, c, z_o, o"),
        ("c[t]: h[t].c", "c[t]: h[t].q", "h[1] has no step 'q'"),
        ("h[t]: lstm_cell(x[t], h[t-1], c[t-1], W, U, b)", "h[t]: 1 * lstm_cell(x[t], h[t-1], c[t-1], W, U, b)",
         "only .T, the transpose, has, and the steps of a layer that has a line to itself"),
        ('"h[t].i"', '"h[3].i"', "there is no h[3] here; there is h[0], h[1], h[2]"),
    ],
)  # fmt: skip
def test_a_step_that_is_not_there_is_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(ProblemError) as caught:
        parsed(LSTM.replace(old, new))
    assert any(message in fault.message for fault in caught.value.faults), caught.value
