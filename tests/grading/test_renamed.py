"""Names that say what is meant only together with the other answers: counted from 1, listed over steps, lowered."""

from __future__ import annotations

from functools import cache

import pytest

from hwcheck.grading.grade import Grader
from hwcheck.grading.result import Result
from hwcheck.grading.sheet import sort_answers
from hwcheck.problem.library import find_problem
from hwcheck.problem.load import load_problem
from hwcheck.submissions.names import Names
from hwcheck.submissions.read import parse_submission


@cache
def grader(problem: str) -> Grader:
    return Grader(load_problem(find_problem(problem)))


def graded(problem: str, text: str, file: str = "ada.txt") -> tuple[dict[str, str], Result]:
    result = grader(problem).grade(parse_submission(text, file))
    return {answer.question.name: answer.verdict for answer in result.answers if answer.verdict != "missing"}, result


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        # counted from 1: the second is beyond the last, and none is the first
        ("out_h[1] = 0.593269992\nout_h[2] = 0.596884378", {"out_h": "right"}),
        ("out_h_1 = 0.593269992\nout_h_2 = 0.596884378", {"out_h": "right"}),
        ("net_h1 = 0.3775\nnet_h2 = 0.3925", {"net_h": "right"}),
        ("$net_{h1} = 0.3775$, $net_{h2} = 0.3925$", {"net_h": "right"}),
        ("W2_new[1,1] = 0.35891648\nW2_new[1,2] = 0.408666186\nW2_new[2,1] = 0.51130127\nW2_new[2,2] = 0.561370121",
         {"W2_new": "right"}),
        # counted from 0
        ("out_h[0] = 0.593269992\nout_h[1] = 0.596884378", {"out_h": "right"}),
        # both: nobody knows, and the one beyond the last is no answer
        ("out_h[0] = 0.593269992\nout_h[1] = 0.596884378\nout_h[2] = 0.5", {"out_h": "right"}),
        # one alone is counted as the problem counts
        ("out_h[1] = 0.596884378", {"out_h": "missing"}),
        # each quantity for itself
        ("out_h[0] = 0.593269992\nout_h[1] = 0.596884378\nnet_h[1] = 0.3775\nnet_h[2] = 0.3925",
         {"out_h": "right", "net_h": "right"}),
        # what the problem calls w1 is the new weight
        ("w1+ = 0.149780716\nw_2^+ = 0.19956143\nw3_new = 0.24975114\nw4' = 0.29950229", {"W1_new": "right"}),
    ],
)  # fmt: skip
def test_entries(text: str, verdicts: dict[str, str]) -> None:
    found, _ = graded("two-layers", text)
    assert found == {name: verdict for name, verdict in verdicts.items() if verdict != "missing"}


def test_it_is_noted() -> None:
    """Once, at the first of the entries that are counted from 1: hwcheck read shows it."""
    problem = load_problem(find_problem("two-layers"))
    submission = parse_submission("E_total = 0.3\nnet_h[1] = 0.3775\nnet_h[2] = 0.3925", "ada.txt")
    readings = sort_answers(problem, Names(problem), submission).readings
    assert [reading.notes for reading in readings] == [
        (),
        ("entries are counted from 1 here: net_h[1] is read as net_h[0]",),
        (),
    ]


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("out: [0.53631, 0.77198]", {"out[0]": "right", "out[1]": "right"}),
        ("grad(out): [0.01803, -0.47803]", {"grad(out[0])": "right", "grad(out[1])": "right"}),
        ("grad(x): [[-0.00817, -0.00487], [-0.04743, -0.03073]]", {"grad(x[0])": "right", "grad(x[1])": "right"}),
        ("out: [0.53631, 0.77198, 0.5]", {}),  # three for two steps
        ("out: [0.77198, 0.53631]", {"out[0]": "wrong", "out[1]": "wrong"}),
    ],
)
def test_a_list_over_the_steps(text: str, verdicts: dict[str, str]) -> None:
    found, result = graded("lstm-two-steps", f"answers:\n  {text}\n", "ada.yaml")
    assert found == verdicts
    assert bool(result.faults) == (not verdicts)


@pytest.mark.parametrize(
    ("problem", "text", "noted"),
    [
        ("bptt-three-steps", "h: [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, 0.9]]", True),
        ("bptt-three-steps", "y: [0.1, 0.2, 0.3]", False),
        ("momentum-nesterov", "v: [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]", False),
    ],
)
def test_where_columns_could_be_the_steps_it_is_noted_that_rows_are(problem: str, text: str, noted: bool) -> None:
    found, result = graded(problem, f"answers:\n  {text}\n", "ada.yaml")
    assert len(found) == 3
    notes = [note for note in result.notes if "is read as a step, h[1] first" in note.message]
    assert len(notes) == noted
    assert all(note.location.line == 2 for note in notes)
