"""The same right answers in every style of Markdown, LaTeX and plain text are read as the same answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.grading.grade import Grader
from hwcheck.located import List, Located, Scalar
from hwcheck.problem.library import find_problem
from hwcheck.problem.load import load_problem
from hwcheck.submissions.names import Names
from hwcheck.submissions.read import parse_submission
from tests.submissions.markup.styles import LATEX, MARKDOWN, TEXT, Value
from tests.support.program import FIXTURES

GAN = load_problem(find_problem("gan"))
NAMES = Names(GAN)
ASKED = ("h0", "h1", "C1", "H2", "m", "yhat", "grad(yhat)", "grad(W2)", "grad(b1)", "grad(h0)")
SHAPES = {name: GAN.all_quantities()[name].shape for name in ASKED}
STYLES = [
    (ending, name, style)
    for ending, styles in ((".md", MARKDOWN), (".tex", LATEX), (".txt", TEXT))
    for name, style in styles.items()
]
NUMBERS = st.one_of(
    st.decimals(-99, 99, places=3, allow_nan=False).map(str),
    st.integers(0, 400).map(lambda number: f"{number}."),
    st.sampled_from(["0", "-0.5", "1e-3", "-2.511e-06", "+0.3", "0.50"]),
)


def shaped(flat: list[str], shape: tuple[int, ...]) -> Value:
    if not shape:
        return flat[0]
    step = len(flat) // shape[0]
    return [shaped(flat[i * step : (i + 1) * step], shape[1:]) for i in range(shape[0])]


def cells(value: Located | Value) -> Iterator[str]:
    if isinstance(value, (str, Scalar)):
        yield value if isinstance(value, str) else value.text
    else:
        for item in value.items if isinstance(value, List) else value:
            yield from cells(item)


def same(a: str, b: str) -> bool:
    """Equal but for a point at the end, which a sentence may end with."""
    return a.rstrip(".") == b.rstrip(".")


def numbers(name: str) -> st.SearchStrategy[Value]:
    size = 1
    for length in SHAPES[name]:
        size *= length
    return st.lists(NUMBERS, min_size=size, max_size=size).map(lambda flat: shaped(flat, SHAPES[name]))


@pytest.mark.parametrize(("ending", "name", "style"), STYLES, ids=[f"{name}{ending}" for ending, name, _ in STYLES])
@given(answers=st.fixed_dictionaries({name: numbers(name) for name in ("h0", "h1", "H2", "m", "yhat", "grad(W2)")}))
def test_answers_come_back_as_they_were_written(
    ending: str, name: str, style: object, answers: Mapping[str, Value]
) -> None:
    assert callable(style)
    read = parse_submission(style(answers), f"ada{ending}").answers
    found = {NAMES.part(answer.name): list(cells(answer.value)) for answer in read if answer.fault is None}
    expected = {NAMES.part(asked): list(cells(value)) for asked, value in answers.items()}
    assert found.keys() == expected.keys()
    for part, written in expected.items():
        assert len(found[part]) == len(written)
        assert all(map(same, found[part], written)), part


@pytest.mark.parametrize(("ending", "name", "style"), STYLES, ids=[f"{name}{ending}" for ending, name, _ in STYLES])
def test_right_answers_are_right_in_every_style(ending: str, name: str, style: object) -> None:
    reference = json.loads((FIXTURES / "gan" / "reference.json").read_text("utf-8"))["quantities"]

    def rounded(value: object) -> Value:
        return [rounded(item) for item in value] if isinstance(value, list) else f"{value:.4f}"

    assert callable(style)
    text = style({asked: rounded(reference[asked]) for asked in ASKED})
    result = Grader(GAN).grade(parse_submission(text, f"ada{ending}"))
    verdicts = {answer.question.name: answer.verdict for answer in result.answers}
    assert {asked: verdicts[asked] for asked in ASKED} == dict.fromkeys(ASKED, "right"), text
    assert result.faults == ()
