"""What marking found, in words: intervals, causes, what follows from what; and none of it where it may not be told."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from hwcheck.errors import Location
from hwcheck.grading.result import Cause, Comparison, Entries, MarkedAnswer, Result
from hwcheck.graph.node import Array, Quantity
from hwcheck.problem.model import Question
from hwcheck.reports import plain
from hwcheck.reports.grade_view import FEEDBACK, GradeView, class_blocks
from hwcheck.reports.json import grade_json
from hwcheck.reports.wording import accepted_text, candidates_line, cause_line, joined, own_text
from tests.reports.test_golden import GOLDEN, on_console
from tests.support.program import golden, strict_json

INFINITY = float("inf")


def question(name: str, shape: tuple[int, ...] = (), hints: tuple[str, ...] = (), points: float = 2) -> Question:
    return Question(Quantity(name, shape=shape), points, Location("p.yaml"), hints=hints)


def single(yours: float, expected: float, below: float, above: float, *, accepted: bool) -> Comparison:
    given, right, less, more = (np.array(number) for number in (yours, expected, below, above))
    return Comparison(given, right, less, more, np.array(accepted))


def filled(shape: tuple[int, ...], value: float) -> Array:
    return np.full(shape, value)


FLIPPED = Cause("kernel-flipped", "H2", "The kernel is flipped before it is laid on.", "7.7031 comes out at [0, 0].")
NO_BIAS = Cause("bias-left-out", "H2", "The bias is left out.", "7.6031 lacks 0.1.")
SWAPPED = Cause("digits-swapped", "grad(W0)", "Two digits are exchanged.", "8.9412 is written 8.4912.")
# The numbers of the reference have digits of their own (7.7..., 8.9...), to be looked for where they may not be told.
H2 = MarkedAnswer(
    question("H2", (2, 3), ("Lay the kernel on as it stands.",)),
    "wrong",
    0.67,
    Entries(right=2, carried=1, wrong=2, missing=1, total=6),
    "two decimals where three are asked",
    comparison=Comparison(
        yours=np.array([[1.5, 7.7002, np.nan], [2.25, 0.125, 7.7006]]),
        expected=np.array([[7.7001, 7.7002, 7.7003], [7.7004, 7.7005, 7.7006]]),
        below=filled((2, 3), 0.00062),
        above=filled((2, 3), 0.00062),
        accepted=np.array([[False, True, False], [False, False, True]]),
        own=np.array([[8.8801, 7.7002, 7.7003], [8.8804, 0.1251, 7.7006]]),
        carried=np.array([[False, False, False], [False, True, False]]),
        own_below=filled((2, 3), 0.001),
        own_above=filled((2, 3), 0.002),
    ),
    carried_from=("h1",),
    cause=FLIPPED,
)
M = MarkedAnswer(
    question("m", points=1),
    "carried",
    1.0,
    Entries(carried=1, total=1),
    comparison=single(0.0456, 8.9123, 0.0006, 0.0006, accepted=False)._replace(
        own=np.array(0.0456),
        carried=np.array(1, dtype=bool),
        own_below=np.array(0.0006),
        own_above=np.array(0.0006),
    ),
    carried_from=("h1", "H2"),
)
GRADIENT = MarkedAnswer(
    question("grad(W0)", (2,), ("Which way round is the outer product?", "Look at the shapes.")),
    "wrong",
    1.0,
    Entries(right=1, wrong=1, total=2),
    comparison=Comparison(
        yours=np.array([8.4912, 3.0]),
        expected=np.array([8.9412, 3.0]),
        below=np.array([0.0011, 0.0]),
        above=np.array([0.0042, 0.0]),
        accepted=np.array([False, True]),
    ),
    candidates=(NO_BIAS, SWAPPED),
)
FORMULA = MarkedAnswer(
    question("grad(b0)", (2,), points=1), "wrong", 0.0, Entries(wrong=2, total=2), "at drawn points it differs",
    cause=Cause("factor-two", "grad(b0)", "A factor 2 is left out.", "Twice what is written is right."),
)  # fmt: skip
LOSS = MarkedAnswer(
    question("L", points=1),
    "right",
    1.0,
    Entries(right=1, total=1),
    "a probability is written 0",
    comparison=single(9.5, 8.9555, 0.5, INFINITY, accepted=True),
    review=True,
)
ADA = Result(
    "ada\x1b[31m", "class/ada.yaml", "gan", 5.67, 9.0, (H2, M, LOSS, GRADIENT, FORMULA), "H2",
    slips=("H2", "grad(W0)", "grad(b0)"),
)  # fmt: skip
BOB = Result("bob", "class/bob.yaml", "gan", 2.0, 2.0, (MarkedAnswer(H2.question, "right", 2.0, Entries(6, total=6)),))


def shown(result: Result, feedback: str = "full", width: int = 80) -> str:
    text = plain.paint(GradeView(result, feedback, width).blocks(), width)
    assert max(map(len, text.splitlines())) <= width
    return text


@pytest.mark.parametrize("feedback", FEEDBACK)
@pytest.mark.parametrize("width", [80, 120])
def test_the_report_at_each_level_of_feedback(feedback: str, width: int) -> None:
    golden(GOLDEN / f"marked-{feedback}-{width}.txt", on_console(GradeView(ADA, feedback, width).blocks(), width))


@pytest.mark.parametrize("feedback", FEEDBACK)
def test_the_document_at_each_level_of_feedback(feedback: str) -> None:
    document = strict_json(grade_json("gan", [ADA], [], feedback))
    del document["hwcheck"]
    golden(GOLDEN / f"marked-{feedback}.json", json.dumps(document, indent=1, ensure_ascii=False) + "\n")


@pytest.mark.parametrize("feedback", ["score", "verdict", "hint"])
def test_below_full_feedback_no_number_of_the_problem_is_told(feedback: str) -> None:
    """Numbers of the reference begin with 7.7, 8.9 or 8.88; only the student's own right ones may stand there."""
    for text in (shown(ADA, feedback), grade_json("gan", [ADA], [], feedback)):
        for number in ("7.7001", "7.7003", "7.7004", "7.7005", "7.7031", "7.6031", "8.9", "8.8", "0.0006", "0.0011"):
            assert number not in text
    assert all(number in shown(ADA) for number in ("7.7001", "7.7031", "8.9412", "8.8791"))


@pytest.mark.parametrize("feedback", ["score", "verdict"])
def test_causes_are_for_those_who_get_hints(feedback: str) -> None:
    for text in (shown(ADA, feedback), grade_json("gan", [ADA], [], feedback)):
        assert not any(word in text for word in ("kernel", "bias", "digits", "factor", "outer product", "from your"))
    for text in (shown(ADA, "hint"), grade_json("gan", [ADA], [], "hint")):
        assert all(word in text for word in ("kernel-flipped", "bias-left-out", "slips", "outer product"))
        assert "digits-swapped" not in text  # whoever is told that knows the right number


def test_control_characters_of_a_sheet_are_spelled_out() -> None:
    cause = FLIPPED._replace(detail="\x1b]0;title\x07 is written")
    result = ADA._replace(answers=(H2._replace(cause=cause, note="\x1b[2J"), GRADIENT._replace(candidates=(cause,))))
    for text in (shown(result), on_console(GradeView(result).blocks(), 80)):
        assert text.replace("\n", "").isprintable()
        assert r"\x1b]0;title\x07 is written" in " ".join(text.split())


def test_a_class_has_a_column_for_review_where_some_need_it() -> None:
    blocks = list(class_blocks([ADA, BOB], [], "full"))
    golden(GOLDEN / "marked-class-80.txt", on_console(blocks, 80))
    assert "Review" in plain.paint(class_blocks([ADA, BOB], [], "verdict"))
    assert "Review" not in plain.paint(class_blocks([ADA, BOB], [], "score"))
    assert "Review" not in plain.paint(class_blocks([BOB], [], "full"))


@pytest.mark.parametrize(
    ("expected", "below", "above", "text"),
    [
        (0.0123, 0.0006, 0.0006, "0.0123 ± 0.0006"),
        (11.97859, 0.001, 0.001, "11.9786 ± 0.0010"),
        (0.424, 0.001, 0.001, "0.424 ± 0.001"),
        (0.424, 0.00128, 0.00128, "0.4240 ± 0.0012"),  # down: what is said to be accepted is
        (-3.0, 1.0, 1.0, "-3 ± 1"),
        (1200.0, 100.0, 100.0, "1200 ± 100"),
        (12345.6, 128.0, 128.0, "12346 ± 120"),
        (0.5, 0.0, 0.0, "0.5"),
        (0.5, 1e-13, 1e-13, "0.5"),
        (1e300, 1e297, 1e297, "1e+300 ± 1e+297"),
        (0.0125, 0.0008, 0.002, "from 0.01170 to 0.01450"),
        (0.33333, 0.0111, 0.0222, "from 0.323 to 0.355"),  # 0.32223 and 0.35553, to the inside
        (9.5, 0.25, INFINITY, "9.25 or more"),
        (-9.5, INFINITY, 0.25, "-9.25 or less"),
        (9.5, INFINITY, INFINITY, "any number"),
        (INFINITY, 0.0, 0.0, "inf"),
        (float("nan"), 0.1, 0.1, "no number"),
    ],
)
def test_what_is_accepted(expected: float, below: float, above: float, text: str) -> None:
    assert accepted_text(expected, below, above) == f"{text} is accepted"


def test_what_follows_from_the_own_numbers() -> None:
    assert own_text(0.0456, 0.0006, 0.0006) == "from your own numbers 0.0456 ± 0.0006 follows"
    assert own_text(0.0456, None, None) == "from your own numbers 0.0456 follows"


@pytest.mark.parametrize(
    ("answer", "full", "text"),
    [
        (LOSS, True, "a person should look at this: the rounding of earlier steps can lead to any number here"),
        (LOSS, False, "a person should look at this\n"),
        (M._replace(review=True), True, "a person should look at this\n"),
    ],
)
def test_why_a_person_should_look_is_told_with_full_feedback(answer: MarkedAnswer, full: bool, text: str) -> None:
    assert text in shown(BOB._replace(answers=(answer,)), "full" if full else "hint", 120)


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("The bias is left out.", "Probably: the bias is left out. (x)"),
        ("Adam's step has no bias correction.", "Probably: Adam's step has no bias correction. (x)"),
        ("ReLU's mask is left out", "Probably: ReLU's mask is left out. (x)"),
    ],
)
def test_a_cause_goes_on_behind_a_colon(says: str, told: str) -> None:
    line = cause_line(Cause("x", "H2", says, "0.5 lacks 0.1."), full=False)
    assert "".join(span.text for span in line) == told


@pytest.mark.parametrize(
    ("detail", "told"), [("", ""), ("over 3", " Here: over 3."), ("0.4 × 0.8 is missing.", " 0.4 × 0.8 is missing.")]
)
def test_a_detail_is_a_sentence_or_a_variant(detail: str, told: str) -> None:
    line = cause_line(NO_BIAS._replace(detail=detail), full=True)
    assert "".join(span.text for span in line) == f"Probably: the bias is left out.{told} (bias-left-out)"


def test_a_cause_elsewhere_is_told_with_its_place() -> None:
    assert cause_line(FLIPPED, full=False, of="H2")[0].text == "Probably: "
    assert cause_line(FLIPPED, full=False, of="grad(W1)")[0].text == "Probably, in H2: "


def test_candidates() -> None:
    texts = ["".join(span.text for span in candidates_line([NO_BIAS, SWAPPED], full=full)) for full in (False, True)]
    assert texts == [
        "Consistent with: the bias is left out (bias-left-out); or there is a slip in the writing (slips).",
        "Consistent with: the bias is left out: 7.6031 lacks 0.1 (bias-left-out); "
        "or two digits are exchanged: 8.9412 is written 8.4912 (digits-swapped).",
    ]


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (list("abcdefghij"), "a, b, c, d, e, f, g, h and 2 more"),
    ],
)
def test_names_in_a_sentence(names: list[str], text: str) -> None:
    assert joined(names) == text


@pytest.mark.parametrize(
    ("result", "summary"),
    [
        (BOB, "Score: 2 of 2 points (100 %)."),
        (BOB._replace(first_error="m", slips=("m",)), "Score: 2 of 2 points (100 %). The first error is in m."),
        (
            BOB._replace(first_error="m", slips=("m", "L")),
            "Score: 2 of 2 points (100 %). The first error is in m. Errors of their own: m, L.",
        ),
        (
            BOB._replace(answers=(M,), first_error="m", slips=("m", "L")),
            "Score: 2 of 2 points (100 %). The first error is in m. Errors of their own: m, L; what is carried"
            " follows from these.",
        ),
        (BOB._replace(answers=(LOSS,)), "Score: 2 of 2 points (100 %). A person should look at L."),
    ],
)
def test_the_summary(result: Result, summary: str) -> None:
    assert " ".join(shown(result, "verdict").split()).endswith(summary)


def test_hints_are_for_what_is_not_right() -> None:
    hinted = question("m", hints=("Look at the signs.",))
    for verdict, told in (("right", False), ("carried", False), ("wrong", True), ("missing", True)):
        result = BOB._replace(answers=(MarkedAnswer(hinted, verdict, 0.0, Entries(total=1)),))
        assert ("Hint: Look at the signs." in shown(result, "hint")) is told
        assert bool(strict_json(grade_json("p", [result], [], "hint"))["results"][0]["answers"][0]["hints"]) is told


def test_no_golden_file_is_left_over() -> None:
    names = {path.name for path in Path(GOLDEN).glob("marked-*")}
    texts = {f"marked-{feedback}-{width}.txt" for feedback in FEEDBACK for width in (80, 120)}
    assert names == texts | {f"marked-{feedback}.json" for feedback in FEEDBACK} | {"marked-class-80.txt"}
