"""Places, faults, the family of errors, and what is near a word."""

from __future__ import annotations

import pytest

from hwcheck.errors import (
    Fault,
    HwcheckError,
    InputError,
    Location,
    ProblemError,
    SubmissionError,
    UsageError,
    did_you_mean,
    quoted,
)


@pytest.mark.parametrize(
    ("location", "text"),
    [
        (Location("a.yaml"), "a.yaml"),
        (Location("a.yaml", 3), "a.yaml:3"),
        (Location("a.yaml", 3, 7), "a.yaml:3:7"),
        (Location("a.yaml", 3, 7).after(5), "a.yaml:3:12"),
        (Location("a.yaml", 3, 7).after(0), "a.yaml:3:7"),
    ],
)
def test_a_place_is_told_as_editors_read_it(location: Location, text: str) -> None:
    assert str(location) == text


def test_faults_sort_by_place() -> None:
    places = [Location("a", 10, 1), Location("a", 9, 2), Location("a", 9, 1), Location("b", 1, 1), Location("a")]
    faults = sorted(Fault(place, "x") for place in places)
    assert [str(fault) for fault in faults] == ["a: x", "a:9:1: x", "a:9:2: x", "a:10:1: x", "b:1:1: x"]


def test_an_error_carries_every_fault() -> None:
    error = SubmissionError(Fault(Location("a", line), "wrong") for line in (1, 2))
    assert [fault.location.line for fault in error.faults] == [1, 2]
    assert str(error) == "a:1: wrong\na:2: wrong"


@pytest.mark.parametrize("kind", [InputError, ProblemError, SubmissionError])
def test_the_family(kind: type[InputError]) -> None:
    error = kind.at(Location("a", 1), "wrong")
    assert type(error) is kind
    assert isinstance(error, InputError)
    assert isinstance(error, HwcheckError)
    assert not issubclass(UsageError, InputError)


@pytest.mark.parametrize(
    ("word", "known", "told"),
    [
        ("rellu", ["relu", "sigmoid"], "; did you mean 'relu'?"),
        ("H3", ["H2", "h0", "yhat"], "; did you mean 'H2'?"),
        ("w1", ["W1"], "; did you mean 'W1'?"),
        ("YHAT", ["m", "yhat"], "; did you mean 'yhat'?"),
        ("soft_max", ["softmax", "log_softmax"], "; did you mean 'softmax' or 'log_softmax'?"),
        ("zzz", ["relu", "sigmoid"], ""),
        ("relu", [], ""),
    ],
)
def test_what_is_near_a_word(word: str, known: list[str], told: str) -> None:
    assert did_you_mean(word, known) == told


@pytest.mark.parametrize(
    ("text", "message"),
    [(r"\frac{1}", r"'\frac{1}'"), ("a\nb", r"'a\nb'"), ("it's", '"it\'s"'), ("\x1b[2J", r"'\x1b[2J'")],
)
def test_what_is_quoted_is_as_written(text: str, message: str) -> None:
    assert quoted(text) == message
