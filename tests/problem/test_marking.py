"""How a problem says that answers are marked: for all questions, for one of them, and what is left out."""

from __future__ import annotations

import textwrap

import pytest

from hwcheck.errors import Fault, Location, ProblemError
from hwcheck.graph.evaluate import Plan
from hwcheck.misconceptions import credit
from hwcheck.problem.load import parse_problem
from hwcheck.problem.model import Problem, Question, Tolerance
from hwcheck.reference import rel_alone_at_zero, solve, stated_numbers

NETWORK = """\
inputs: {x: [1, -2, 3]}
weights: {W: [[1, 2, 0], [3, 4, 1]]}
network:
  y: W @ x
  L: sum(y**2)
loss: L
"""


def parsed(rest: str) -> Problem:
    return parse_problem(NETWORK + textwrap.dedent(rest), "small.yaml")


def asked(question: str, rest: str = "") -> Question:
    """The one question of a problem."""
    (found,) = parsed(f"{rest}\nquestions:\n  - {question}\n").questions
    return found


def test_what_is_left_out() -> None:
    for question in parsed("").questions:
        marking = question.marking
        assert (marking.partial, marking.carried, marking.required_digits) == ("entries", 1, False)
        assert (marking.credit, marking.strict_shape, question.accept, question.hints) == ({}, False, (), ())
        assert (marking.layouts, marking.twice, marking.misread) == ((), "first", "review")
        assert question.tolerance == Tolerance(sigfigs=3, rounding="any")


@pytest.mark.parametrize(
    ("key", "field", "value"),
    [
        ("partial: entries", "partial", "entries"),
        ("partial: rows", "partial", "rows"),
        ("partial: all-or-nothing", "partial", "all-or-nothing"),
        ("partial: none", "partial", "all-or-nothing"),
        ("carried: 0", "carried", 0),
        ("carried: 1/4", "carried", 0.25),
        ("carried: 1", "carried", 1),
        ("required_digits: true", "required_digits", True),
        ("required_digits: false", "required_digits", False),
        ("credit: {sign-lost: 0.5, kernel-flipped: 0}", "credit", {"sign-lost": 0.5, "kernel-flipped": 0}),
        ("shape: strict", "strict_shape", True),
        ("shape: any", "strict_shape", False),
        ("layouts: flat", "layouts", ("flat",)),
        ("layouts: [transposed, flat]", "layouts", ("transposed", "flat")),
        ("twice: last", "twice", "last"),
        ("misread: review", "misread", "review"),
        ("misread: off", "misread", "off"),
    ],
)
def test_a_key_stands_in_a_question_or_for_all_of_them(key: str, field: str, value: object) -> None:
    assert getattr(asked(f"{{ask: y, {key}}}").marking, field) == value
    problem = parsed(f"marking: {{{key}}}")
    assert [getattr(question.marking, field) for question in problem.questions] == [value] * 3
    assert getattr(problem.marking, field) == value
    assert getattr(asked("y", f"marking: {{{key}}}").marking, field) == value


@pytest.mark.parametrize(
    ("marking", "key", "field", "value"),
    [
        ("partial: rows", "partial: entries", "partial", "entries"),
        ("carried: 0.5", "carried: 1", "carried", 1),
        ("required_digits: true", "required_digits: false", "required_digits", False),
        ("shape: strict", "shape: any", "strict_shape", False),
        ("layouts: [flat]", "layouts: []", "layouts", ()),
        ("twice: last", "twice: first", "twice", "first"),
        ("misread: off", "misread: review", "misread", "review"),
        # Names that the question does not speak of stay.
        ("credit: {a: 0.5, b: 0.25}", "credit: {b: 0.75, c: 1}", "credit", {"a": 0.5, "b": 0.75, "c": 1}),
    ],
)
def test_a_question_goes_before_the_problem(marking: str, key: str, field: str, value: object) -> None:
    first, second = parsed(f"marking: {{{marking}}}\nquestions: [{{ask: y, {key}}}, L]").questions
    assert getattr(first.marking, field) == value
    assert getattr(second.marking, field) != value


@pytest.mark.parametrize(
    ("problem", "question", "expected"),
    [
        ("{decimals: 3}", "", Tolerance(decimals=3)),
        ("{decimals: 3, rounding: any}", "", Tolerance(decimals=3)),
        ("{decimals: 3, rounding: nearest}", "", Tolerance(decimals=3, rounding="nearest")),
        ("{rounding: nearest}", "", Tolerance(sigfigs=3, rounding="nearest")),
        ("{sigfigs: 4, rounding: nearest}", "{decimals: 2}", Tolerance(decimals=2, rounding="nearest")),
        ("{sigfigs: 4, rounding: nearest}", "{rounding: any}", Tolerance(sigfigs=4)),
        ("{sigfigs: 4}", "{rounding: nearest}", Tolerance(sigfigs=4, rounding="nearest")),
        ("{abs: 0.1}", "{abs: 0.5, rel: 0.999}", Tolerance(abs=0.5, rel=0.999)),
    ],
)
def test_how_digits_are_rounded(problem: str, question: str, expected: Tolerance) -> None:
    key = f", tolerance: {question}" if question else ""
    assert asked(f"{{ask: y{key}}}", f"tolerance: {problem}").tolerance == expected


def test_what_else_is_right_has_its_text_as_name_and_any_shape() -> None:
    question = asked('{ask: grad(W), accept: ["grad(W).T", "flatten( grad(W) )", grad(y)]}')
    assert [(other.name, other.shape) for other in question.accept] == [
        ("grad(W).T", (3, 2)), ("flatten( grad(W) )", (6,)), ("grad(y)", (2,)),
    ]  # fmt: skip


def test_the_values_of_what_else_is_right_follow_from_the_problem() -> None:
    # y is [-3, -2], grad(y) twice that, and grad(W) its outer product with x.
    problem = parsed('questions: [{ask: grad(W), accept: "grad(W).T"}]')
    (question,) = problem.questions
    (value,) = Plan(question.accept).run(stated_numbers(problem))
    assert value[0].tolist() == [[-6, -4], [12, 8], [-18, -12]]


def test_of_a_question_with_an_index_each_has_its_own_alternative() -> None:
    problem = parse_problem(
        """
        for: {t: 1..2}
        inputs: {"x[t]": [[1, 2, 3], [4, 5, 6]]}
        weights: {W: [[1, 0, 2], [0, 1, 1]]}
        network:
          h[t]: outer(W @ x[t], x[t])
          L: sum(h[1]) + sum(h[2])
        loss: L
        questions: [{ask: "h[t]", accept: ["h[t].T"], hint: Mind t}]
        """,
        "steps.yaml",
    )
    assert [[other.name for other in question.accept] for question in problem.questions] == [["h[1].T"], ["h[2].T"]]
    assert [question.accept[0].shape for question in problem.questions] == [(3, 2), (3, 2)]
    assert [question.hints for question in problem.questions] == [("Mind t",), ("Mind t",)]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("hint: Mind the sign", ("Mind the sign",)),
        ("hints: Mind the sign", ("Mind the sign",)),
        ("hints: [Mind the sign, And the mask]", ("Mind the sign", "And the mask")),
        ("hint: [Mind the sign]", ("Mind the sign",)),
        ('hint: "  two \\n lines "', ("two lines",)),
        ("hints: []", ()),
    ],
)
def test_hints(key: str, expected: tuple[str, ...]) -> None:
    assert asked(f"{{ask: y, {key}}}").hints == expected
    assert asked(f"{{ask: grad(y), answer: formula, using: [x], {key}}}").hints == expected


def test_the_places_of_credit_are_kept_once() -> None:
    problem = parsed("""\
        marking: {credit: {sign-lost: 0.5}}
        questions:
          - {ask: y, credit: {no-such: 1}}
          - {ask: L, credit: {no-such: 0}}
        """)
    assert problem.credit_places == (
        ("sign-lost", Location("small.yaml", 7, 20)),
        ("no-such", Location("small.yaml", 9, 23)),
        ("no-such", Location("small.yaml", 10, 23)),
    )


def test_names_that_no_misconception_has_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    known = dict.fromkeys(["sign-lost", "kernel-flipped", "mask-left-out", "bias-left-out"])
    monkeypatch.setattr(credit, "misconceptions", lambda: known)
    problem = parsed("marking: {credit: {sign-lost: 0.5, sign-lots: 0.5, zzz: 1}}")
    assert credit.unknown_credits(problem) == [
        Fault(
            Location("small.yaml", 7, 36),
            "there is no misconception 'sign-lots'; did you mean 'sign-lost'?",
        ),
        Fault(
            Location("small.yaml", 7, 52),
            "there is no misconception 'zzz'; there are bias-left-out, kernel-flipped, mask-left-out and 1 more",
        ),
    ]


def test_a_problem_without_credit_looks_for_no_misconception(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credit, "misconceptions", lambda: pytest.fail("not needed"))
    assert credit.unknown_credits(parsed("marking: {carried: 0.5}")) == []


# h is [0, 2, 0]; 0.1 + 0.2 - 0.3 is 0, which float64 gives as 5.6e-17.
ZEROS = """\
inputs: {x: [-1, 2, -3], u: [0.1, 0.2, 0.3]}
network:
  h: relu(x)
  s: u[0] + u[1] - u[2]
  L: sum(h**2)
loss: L
"""


@pytest.mark.parametrize(
    ("tolerance", "question", "told"),
    [
        ("{rel: 0.01}", "h", "entry [0] of h is 0, as are 1 more, where tolerance's rel: 0.01 allows no difference"),
        ("{rel: 0.01}", "s", "s is 0, where tolerance's rel: 0.01 allows no difference"),
        ("{rel: 0.01}", "grad(h)", "entry [0] of grad(h) is 0"),
        ("{rel: 0.01}", "L", ""),
        ("{rel: 0.01, abs: 1e-6}", "h", ""),
        ("{rel: 0.01, decimals: 3}", "h", ""),
        ("{rel: 0.01, sigfigs: 3}", "h", ""),
        ("{sigfigs: 3}", "h", ""),
        ("{rel: 0.01}", "{ask: grad(x), answer: formula, using: [x]}", ""),
        ("{decimals: 3}", "{ask: h, tolerance: {rel: 0.05}}", "add what is still right there, such as tolerance: {rel"),
    ],
)
def test_rel_alone_at_a_zero(tolerance: str, question: str, told: str) -> None:
    text = f"{ZEROS}tolerance: {tolerance}\nquestions:\n  - {question}\n"
    faults = rel_alone_at_zero(solve(parse_problem(text, "zeros.yaml")))
    assert len(faults) == bool(told)
    for fault in faults:
        assert told in fault.message
        assert (fault.location.file, fault.location.line) == ("zeros.yaml", 9)


def test_a_text_that_is_no_mapping_is_no_marking() -> None:
    with pytest.raises(ProblemError, match="marking must be a mapping"):
        parsed("marking: [rows]")
