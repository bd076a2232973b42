"""The same answers give the same result, whatever format they are handed in and however numbers and names are spelled.

What is compared is all of the result but the places of faults and what is said of a layout (``handed in as 2 x 1``).
Numbers in typeset formulas may be misread from handwriting, and are then left to a person: that allowance is taken
away here, and tested by itself.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest

from hwcheck.grading.grade import Grader
from hwcheck.grading.result import Result
from hwcheck.problem.library import find_problem
from hwcheck.problem.load import load_problem
from hwcheck.submissions.model import Submission
from hwcheck.submissions.read import parse_submission
from tests.submissions.markup.styles import LATEX, MARKDOWN, TEXT, Value, depth
from tests.submissions.writers import FLOATS, TEXTS, Answers, Writer, csv_columns

PROBLEMS = ("two-layers", "softmax-classifier", "tiny-cnn")
ALL_TEXTS: Mapping[str, tuple[Writer, ...]] = {
    **TEXTS,
    ".md": (*TEXTS[".md"], *MARKDOWN.values()),
    ".tex": (*TEXTS[".tex"], *LATEX.values()),
    ".txt": tuple(TEXT.values()),
}
MATHS: Mapping[str, tuple[Writer, ...]] = {
    ".md": (*TEXTS[".md"], *(MARKDOWN[name] for name in ("displayed", "inline", "aligned", "fenced_math", "headed"))),
    ".tex": tuple(LATEX.values()),
    ".json": TEXTS[".json"],
    ".csv": TEXTS[".csv"],
}


@cache
def grader(problem: str) -> Grader:
    return Grader(load_problem(find_problem(problem)))


@cache
def asked(problem: str) -> dict[str, Any]:
    """The right numbers of all questions."""
    marker = grader(problem)
    return {question.name: marker.reference.values[question.name] for question in marker.problem.questions}


def written(values: Any, spell: Callable[[float], str]) -> Value:
    if np.ndim(values) == 0:
        return spell(float(values))
    return [written(part, spell) for part in values]


def shortest(number: float) -> str:
    """Six digits, as a program prints them: no zeros at the end."""
    return repr(float(f"{number:.6g}"))


def right(problem: str) -> Answers:
    return {name: written(values, shortest) for name, values in asked(problem).items()}


def with_mistakes(problem: str) -> Answers:
    """Every fourth answer is twice as large, and a little more."""
    return {
        name: written(values * 2 + 0.0137 if i % 4 == 1 else values, shortest)
        for i, (name, values) in enumerate(asked(problem).items())
    }


def half_done(problem: str) -> Answers:
    return {name: value for i, (name, value) in enumerate(right(problem).items()) if i % 3}


SHEETS = {"right": right, "with mistakes": with_mistakes, "half done": half_done}


def outcome(problem: str, content: str | bytes, file: str) -> Any:
    """All of the result that must not depend on the format."""
    return findings(grader(problem).grade(typed(parse_submission(content, file))))


def typed(submission: Submission) -> Submission:
    """The same as if nobody could have written it by hand."""
    return submission._replace(answers=tuple(answer._replace(scanned=False) for answer in submission.answers))


def findings(result: Result) -> Any:
    answers = {
        answer.question.name: (
            *(answer.verdict, answer.points, answer.entries, answer.wrong_at, answer.carried_from, answer.cause),
            *(answer.candidates, answer.review),
        )
        for answer in result.answers
    }
    faults = tuple(fault.message for fault in result.faults)
    return answers, result.score, result.first_error, result.slips, result.not_asked, faults


def files(answers: Answers, *formats: Mapping[str, tuple[Writer, ...]]) -> Iterator[tuple[str, str | bytes, str]]:
    """The answers in every format: the name of the writer, the content, the name of the file."""
    for writers in formats:
        for ending, some in writers.items():
            if ending == ".xlsx" and importlib.util.find_spec("openpyxl") is None:
                continue
            for writer in some:
                yield f"{writer.__name__}{ending}", writer(answers), f"ada{ending}"


def different(problem: str, expected: Any, contents: Iterator[tuple[str, str | bytes, str]]) -> list[str]:
    """The writers of which another result comes."""
    read = [(name, typed(parse_submission(content, file))) for name, content, file in contents]
    results = grader(problem).grade_all(submission for _, submission in read)
    return [name for (name, _), result in zip(read, results, strict=True) if findings(result) != expected]


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("problem", PROBLEMS)
def test_every_format_gives_the_same_result(problem: str, sheet: str) -> None:
    answers = SHEETS[sheet](problem)
    expected = outcome(problem, TEXTS[".yaml"][0](answers), "ada.yaml")
    verdicts = {found[0] for found in expected[0].values()}
    assert (
        verdicts == {"right": {"right"}, "with mistakes": {"right", "wrong"}, "half done": {"right", "missing"}}[sheet]
    )
    assert len(list(files(answers, ALL_TEXTS, FLOATS))) > 45
    assert different(problem, expected, files(answers, ALL_TEXTS, FLOATS)) == []


@pytest.mark.parametrize("decimals", [2, 4])
def test_every_format_keeps_the_digits(decimals: int) -> None:
    """0.30 is another answer than 0.3: its last place says how far the work before it may be off."""
    spell = f"{{:.{decimals}f}}".format
    answers = {name: written(values, spell) for name, values in asked("softmax-classifier").items()}
    expected = outcome("softmax-classifier", TEXTS[".yaml"][0](answers), "ada.yaml")
    assert different("softmax-classifier", expected, files(answers, ALL_TEXTS)) == []


def test_columns_give_the_same_result() -> None:
    vectors = {name: value for name, value in with_mistakes("two-layers").items() if depth(value) < 2}
    expected = outcome("two-layers", TEXTS[".yaml"][0](vectors), "ada.yaml")
    assert outcome("two-layers", csv_columns(vectors), "ada.csv") == expected


def power_of_ten(number: float, sign: str) -> str:
    digits, power = f"{number:.4e}".split("e")
    return f"{digits}{sign}{int(power)}"


def no_zero_before_the_point(number: float) -> str:
    return re.sub(r"^(-?)0\.", r"\1.", f"{number:.5f}")


PLAIN: Mapping[str, Callable[[float], str]] = {
    "a plus": "{:+.5f}".format,
    "no zero": no_zero_before_the_point,
}
POWERS: Mapping[str, Callable[[float], str]] = {
    "e": "{:.4e}".format,
    "E": "{:.4E}".format,
    "times": lambda x: power_of_ten(x, "×10^"),
    "blanks": lambda x: power_of_ten(x, " × 10^"),
    "x": lambda x: power_of_ten(x, " x 10^"),
    "star": lambda x: power_of_ten(x, "*10**"),
}
TYPESET: Mapping[str, Callable[[float], str]] = {
    "cdot": lambda x: re.sub(r"\^(-?\d+)", r"^{\1}", power_of_ten(x, r" \cdot 10^")),
    "times": lambda x: re.sub(r"\^(-?\d+)", r"^{\1}", power_of_ten(x, r" \times 10^")),
    "text": lambda x: rf"\mathbf{{{x:.4e}}}",
}
CSV_AND_JSON = {ending: TEXTS[ending] for ending in (".json", ".csv")}


REAL_MINUS: Mapping[str, Callable[[float], str]] = {"−": lambda x: f"{x:.5f}".replace("-", "−")}
NO_PYTHON = {ending: writers for ending, writers in ALL_TEXTS.items() if ending != ".py"}


@pytest.mark.parametrize(
    ("standard", "spellings", "formats"),
    [
        ("{:.5f}", PLAIN, ALL_TEXTS),
        ("{:.5f}", REAL_MINUS, NO_PYTHON),
        ("{:.4e}", POWERS, {**CSV_AND_JSON, **MATHS}),
        ("{:.4e}", TYPESET, MATHS),
    ],
    ids=["plain", "minus", "powers", "typeset"],
)
def test_every_spelling_of_a_number_gives_the_same_result(
    standard: str, spellings: Mapping[str, Callable[[float], str]], formats: Mapping[str, tuple[Writer, ...]]
) -> None:
    """The numbers have the same digits in all of them."""
    problem = "two-layers"
    numbers = {name: values * (1.5 if name == "out_h" else 1) for name, values in asked(problem).items()}
    plain = {name: written(values, standard.format) for name, values in numbers.items()}
    expected = outcome(problem, TEXTS[".yaml"][0](plain), "ada.yaml")
    assert {found[0] for found in expected[0].values()} >= {"right", "wrong"}
    for name, spell in spellings.items():
        answers = {quantity: written(values, spell) for quantity, values in numbers.items()}
        assert different(problem, expected, files(answers, formats)) == [], name


def lowered(name: str) -> str:
    return re.sub(r"([A-Za-z]+?)(\d+)", r"\1_{\2}", name)


GRADIENTS: Mapping[str, Callable[[str], str]] = {
    "grad(W1)": "grad({})".format,
    "dW1": "d{}".format,
    "dL/dW1": "dL/d{}".format,
    "W1.grad": "{}.grad".format,
    "grad_W1": "grad_{}".format,
    "∂L/∂W1": "∂L/∂{}".format,
    "∇W1": "∇{}".format,
    "nabla": lambda name: rf"\nabla_{{{lowered(name)}}} L",
    "frac": lambda name: rf"\frac{{\partial L}}{{\partial {lowered(name)}}}",
    "dfrac": lambda name: rf"\dfrac{{dL}}{{d{lowered(name)}}}",
    "partial": lambda name: rf"\partial L/\partial {lowered(name)}",
}


@pytest.mark.parametrize("spelling", GRADIENTS)
def test_every_spelling_of_a_gradient_gives_the_same_result_in_every_format(spelling: str) -> None:
    answers = half_done("softmax-classifier")
    expected = outcome("softmax-classifier", TEXTS[".yaml"][0](answers), "ada.yaml")
    spelled = {
        GRADIENTS[spelling](name[5:-1]) if name.startswith("grad(") else name: value for name, value in answers.items()
    }
    assert len(spelled) == len(answers)
    assert different("softmax-classifier", expected, files(spelled, ALL_TEXTS, FLOATS)) == []


def test_handwriting_is_given_the_benefit_of_the_doubt_and_nothing_else() -> None:
    """A wrong number that one misread digit explains is wrong where it was typed, and goes to a person where not."""
    answers = {**right("two-layers"), "E_total": "0.298377"}  # 0.298371
    typed_in = grader("two-layers").grade(parse_submission(TEXTS[".yaml"][0](answers), "ada.yaml"))
    scanned = grader("two-layers").grade(parse_submission(LATEX["displayed"](answers), "ada.tex"))
    one, other = ({a.question.name: a for a in result.answers} for result in (typed_in, scanned))
    assert (one["E_total"].verdict, one["E_total"].review) == ("wrong", False)
    assert other["E_total"].review
    assert [name for name in one if one[name].verdict != other[name].verdict] == ["E_total"]
    assert scanned.score == typed_in.score


@pytest.mark.parametrize("word", ["nan", "hmm", "_", "1e999", "True"])
def test_what_is_no_number_is_none_in_every_format(word: str) -> None:
    """One entry of each array; where Python would have to run something to know the name, all of it is left out."""
    answers = {
        name: [[word, *value[0][1:]], *value[1:]] if depth(value) == 2 else value
        for name, value in right("softmax-classifier").items()
    }
    expected = outcome("softmax-classifier", TEXTS[".yaml"][0](answers), "ada.yaml")
    assert expected[1] < outcome("softmax-classifier", TEXTS[".yaml"][0](right("softmax-classifier")), "ada.yaml")[1]
    contents = [each for each in files(answers, ALL_TEXTS) if not each[2].endswith(".py")]
    assert different("softmax-classifier", expected, iter(contents)) == []
