"""Error carried forward: what follows from the student's own numbers, worked by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from hwcheck.grading.grade import Grader, grade
from hwcheck.grading.result import MarkedAnswer, Result
from hwcheck.problem.load import parse_problem
from hwcheck.submissions.read import parse_submission

# z = [2, -1], h = [2, 0], y = 2 * 3 + 0 = 6, L = (6 - 4)**2 = 4;
# backward: dy = 4, dv = 4 h = [8, 0], dh = 4 v = [12, 20], dz = [12, 0], dW = outer(dz, x), db = dz.
PROBLEM = """
inputs: {x: [1, 2, -1], t: 4}
weights:
  W: [[1, 0, -1], [0, 1, 3]]
  b: [0, 0]
  v: [3, 5]
network:
  z: W @ x + b
  h: relu(z)
  y: v @ h
  L: (y - t)**2
loss: L
tolerance: {decimals: 2}
questions: [z, h, y, L, grad(y), grad(v), grad(h), grad(z), grad(W), grad(b)]
"""
RIGHT: Mapping[str, object] = {
    "z": [2, -1], "h": [2, 0], "y": 6, "L": 4, "grad(y)": 4, "grad(v)": [8, 0], "grad(h)": [12, 20],
    "grad(z)": [12, 0], "grad(W)": [[12, 24, -12], [0, 0, 0]], "grad(b)": [12, 0],
}  # fmt: skip


def marked(answers: Mapping[str, object], problem: str = PROBLEM) -> Result:
    text = "answers:\n" + "".join(f'  "{name}": {value}\n' for name, value in answers.items())
    return grade(parse_problem(problem, "p.yaml"), parse_submission(text, "ada.yaml"))


def verdicts(result: Result) -> dict[str, str]:
    return {answer.question.name: answer.verdict for answer in result.answers}


def answer(result: Result, name: str) -> MarkedAnswer:
    return next(each for each in result.answers if each.question.name == name)


def test_all_right() -> None:
    assert set(verdicts(marked(RIGHT)).values()) == {"right"}


def test_a_slip_forward_is_carried_through_the_way_back() -> None:
    """The product 7 for 6: L = 9, dy = 6, dv = [12, 0], dh = [18, 30], dz = [18, 0]."""
    result = marked(
        {**RIGHT, "y": 7, "L": 9, "grad(y)": 6, "grad(v)": [12, 0], "grad(h)": [18, 30], "grad(z)": [18, 0],
         "grad(W)": [[18, 36, -18], [0, 0, 0]], "grad(b)": [18, 0]}
    )  # fmt: skip
    expected = dict.fromkeys(RIGHT, "carried") | {"z": "right", "h": "right", "y": "wrong"}
    assert verdicts(result) == expected
    assert (result.first_error, result.slips, result.score) == ("y", ("y",), 9)
    assert answer(result, "L").carried_from == ("y",)
    assert answer(result, "grad(z)").carried_from == ("grad(h)",)
    assert answer(result, "grad(W)").entries.carried == 3  # the three zeros are right whatever came before
    assert answer(result, "grad(W)").entries.right == 3


def test_a_slip_on_the_way_back() -> None:
    """Of dh the first entry has the wrong sign, and is carried on."""
    result = marked(
        {
            **RIGHT,
            "grad(h)": [-12, 20],
            "grad(z)": [-12, 0],
            "grad(W)": [[-12, -24, 12], [0, 0, 0]],
            "grad(b)": [-12, 0],
        }
    )
    assert {name for name, verdict in verdicts(result).items() if verdict == "wrong"} == {"grad(h)"}
    assert {name for name, verdict in verdicts(result).items() if verdict == "carried"} == {
        *("grad(z)", "grad(W)", "grad(b)")
    }


def test_the_right_number_after_a_wrong_one_is_right() -> None:
    """A wrong number that was not used: written down wrong, or the answer taken from elsewhere."""
    result = marked({**RIGHT, "y": 7})
    assert {name for name, verdict in verdicts(result).items() if verdict != "right"} == {"y"}


def test_two_slips_are_two() -> None:
    """A hidden layer of [2, 1] gives y = 11, dy = 14 and dv = 14 h = [28, 14]; of dh = 14 v = [42, 70] digits swap."""
    result = marked(
        {**RIGHT, "h": [2, 1], "y": 11, "L": 49, "grad(y)": 14, "grad(v)": [28, 14], "grad(h)": [24, 70],
         "grad(z)": [24, 70], "grad(W)": [[24, 48, -24], [70, 140, -70]], "grad(b)": [24, 70]}
    )  # fmt: skip
    assert result.slips == ("h", "grad(h)")
    assert {name for name, verdict in verdicts(result).items() if verdict == "carried"} == {
        *("y", "L", "grad(y)", "grad(v)", "grad(z)", "grad(W)", "grad(b)")
    }


def test_a_wrong_entry_costs_its_own_share() -> None:
    result = marked({**RIGHT, "grad(W)": [[12, 24, -12], [0, 5, 0]]})
    assert answer(result, "grad(W)").entries == (5, 0, 1, 0, 6)
    assert answer(result, "grad(W)").wrong_at == ((1, 1),)


@pytest.mark.parametrize(
    ("wrong", "later"),
    [
        ({"grad(h)": [0, 0]}, {"grad(z)": [0, 0], "grad(W)": [[0, 0, 0], [0, 0, 0]], "grad(b)": [0, 0]}),
        ({"grad(h)": [0.0001, 0]}, {"grad(z)": [0.0001, 0]}),
        ({"grad(h)": [9e9, 7]}, {"grad(z)": [9e9, 0]}),
        ({"grad(h)": [".inf", ".inf"]}, {"grad(z)": [".inf", 0]}),
        ({"grad(h)": "nan"}, {"grad(z)": ["nan", "nan"]}),
        ({"grad(h)": ["_", "_"]}, {"grad(z)": [5, 0]}),
        ({"grad(h)": [[1, 2, 3]]}, {"grad(z)": [5, 0]}),
    ],
    ids=["zeros", "nearly zeros", "absurd", "infinite", "nan", "missing", "wrong shape"],
)
def test_what_would_make_later_work_trivial_is_not_carried(
    wrong: Mapping[str, object], later: Mapping[str, object]
) -> None:
    result = marked({**RIGHT, **wrong, **later})
    found = verdicts(result)
    assert all(found[name] not in ("right", "carried") for name in (*wrong, *later)), found


@pytest.mark.parametrize(("y", "z", "verdict"), [([7, 7], [21, 21], "wrong"), ([2, 2], [6, 6], "carried")])
def test_one_number_for_all_entries_is_not_carried_unless_one_is_right(
    y: list[float], z: list[float], verdict: str
) -> None:
    """The right ones are y = [2, -2] and z = [6, -6]; a lost sign makes two entries equal."""
    problem = """
inputs: {x: [1.0, -1.0]}
weights: {a: 2.0}
network: {y: a * x, z: 3 * y, L: sum(z)}
loss: L
tolerance: {decimals: 2}
questions: [y, z]
"""
    assert verdicts(marked({"y": y, "z": z}, problem))["z"] == verdict


def test_a_sheet_of_zeros_earns_what_is_zero() -> None:
    zeros = {"z": [0, 0], "h": [0, 0], "y": 0, "L": 0, "grad(y)": 0, "grad(v)": [0, 0], "grad(h)": [0, 0],
             "grad(z)": [0, 0], "grad(W)": [[0, 0, 0], [0, 0, 0]], "grad(b)": [0, 0]}  # fmt: skip
    result = marked(zeros)
    assert all(answer.entries.carried == 0 for answer in result.answers)
    assert result.score == pytest.approx(0.5 + 0.5 + 0.5 + 0.5 + 0.5)  # h[1], dv[1], dz[1], dW[1], db[1]


def test_the_answer_under_another_name_says_what_stands_there() -> None:
    """grad(b) is grad(z), which is not asked: its slip is one, and grad(W) follows from it."""
    problem = PROBLEM.replace("grad(z), ", "")
    answers = {name: value for name, value in RIGHT.items() if name != "grad(z)"}
    result = marked({**answers, "grad(b)": [12, 20], "grad(W)": [[12, 24, -12], [20, 40, -20]]}, problem)
    assert result.slips == ("grad(b)",)
    assert answer(result, "grad(W)").verdict == "carried"
    assert answer(result, "grad(W)").carried_from == ("grad(b)",)


@pytest.mark.parametrize(
    ("whole", "part", "expected"),
    [
        ([2, -1], None, "right"),
        ([2, 5], None, "wrong"),
        (None, -1, "right"),
        (None, 5, "wrong"),
    ],
)
def test_a_question_for_a_part(whole: Sequence[int] | None, part: int | None, expected: str) -> None:
    """Answered as the part, or with the whole; both are marked as the quantity itself."""
    problem = PROBLEM.replace("questions: [z, h, y", 'questions: ["z[1]", h, y')
    answers = {name: value for name, value in RIGHT.items() if name != "z"}
    given = {"z": whole} if whole is not None else {"z[1]": part}
    assert verdicts(marked({**given, **answers}, problem))["z[1]"] == expected


def test_own_rounded_numbers_are_right_and_not_carried() -> None:
    """0.333 carried on as 0.33 gives 3.3 for 3.333 and 10.89 for 11.11: honest at two decimals."""
    problem = """
inputs: {x: 1.0}
weights: {w: 0.3333333}
network:
  a: w * x
  b: 10 * a
  L: b**2
loss: L
tolerance: {decimals: 2}
questions: [a, b, L]
"""
    assert set(verdicts(marked({"a": 0.33, "b": 3.3, "L": 10.89}, problem)).values()) == {"right"}
    assert verdicts(marked({"b": 3.3, "L": 10.89}, problem)) == {"a": "missing", "b": "right", "L": "right"}
    assert verdicts(marked({"a": 0.33, "b": 3.3, "L": 11.3}, problem))["L"] == "wrong"
    assert verdicts(marked({"a": 0.33, "b": 3.5, "L": 12.25}, problem)) == {"a": "right", "b": "wrong", "L": "carried"}


def test_many_at_once_give_what_each_gives_alone() -> None:
    sheets: list[Mapping[str, object]] = [
        {**RIGHT, "y": 7, "L": 9},
        {name: value for name, value in RIGHT.items() if name != "h"},
        {**RIGHT, "grad(h)": [0, 0]},
        {"z": [2, 5]},
        {},
    ]
    grader = Grader(parse_problem(PROBLEM, "p.yaml"))
    texts = ["answers:\n" + "".join(f'  "{n}": {v}\n' for n, v in sheet.items()) for sheet in sheets]
    submissions = [parse_submission(text, f"{i}.yaml") for i, text in enumerate(texts)]
    together = list(grader.grade_all(submissions))
    alone = [grader.grade(submission) for submission in submissions]
    for one, other in zip(together, alone, strict=True):
        assert verdicts(one) == verdicts(other)
        assert (one.score, one.slips) == (other.score, other.slips)
