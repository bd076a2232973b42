"""Every misconception: its page, and the numbers that it gives against those worked by hand in its records."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hwcheck.graph.node import Array
from hwcheck.misconceptions.catalogue import WrongStep, misconceptions, wrong_steps
from hwcheck.misconceptions.misconception import Misconception
from hwcheck.misconceptions.page import page
from hwcheck.problem.library import library
from hwcheck.problem.load import load_problem, parse_problem
from hwcheck.reference import Reference, solve
from tests.support.misconception_records import Record
from tests.support.run_wrong_steps import value_of, values_of


def _found() -> Iterator[tuple[str, Record]]:
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name.startswith("records"):
            table = importlib.import_module(f"{__package__}.{module.name}").RECORDS
            yield from ((name, record) for name, records in table.items() for record in records)


FOUND = list(_found())


def _named(found: tuple[str, Record]) -> str:
    name, record = found
    return f"{name}-{record.detail}" if record.detail else name


def documented(doc: str) -> Misconception:
    return Misconception("half", doc, "value", frozenset(), lambda *_: ())


def _steps(name: str, record: Record) -> tuple[Reference, list[WrongStep]]:
    problem = parse_problem(record.problem, "tiny.yaml")
    quantity = problem.all_quantities()[record.quantity]
    steps = [step for step in wrong_steps(problem, quantity) if step.misconception.name == name]
    return solve(problem), steps


@pytest.mark.parametrize("name", misconceptions())
def test_it_has_a_page(name: str) -> None:
    found = page(misconceptions()[name])
    assert found.says == misconceptions()[name].says
    assert len(found.why) > 20
    assert len(found.see) > 20


@pytest.mark.parametrize(
    "doc",
    [
        "What was done.",
        "What was done.\n\nWhy it is wrong: a rule.",
        "What was done.\n\nHow to see it: a look.",
        "no sentence\n\nWhy it is wrong: a rule.\nHow to see it: a look.",
        "What was done.\n\nWhy it is wrong:\nHow to see it: a look.",
    ],
)
def test_a_page_without_all_its_parts_is_refused(doc: str) -> None:
    with pytest.raises(ValueError, match="the page of half has no sentence that says"):
        page(documented(doc))


def test_a_page_is_taken_apart() -> None:
    doc = "Everything is\ndoubled.\n\nWhy it is wrong: it is\ntwice as much.\nHow to see it: halve it."
    assert page(documented(doc)) == ("Everything is doubled.", "it is twice as much.", "halve it.")


def test_every_misconception_has_a_record() -> None:
    assert {name for name, _ in FOUND} == set(misconceptions())


@pytest.mark.parametrize("found", FOUND, ids=_named)
def test_it_gives_the_numbers_of_its_record(found: tuple[str, Record]) -> None:
    name, record = found
    reference, steps = _steps(name, record)
    chosen = [step for step in steps if step.detail == record.detail]
    assert chosen, f"made: {sorted({step.detail for step in steps})}"
    wrong = np.asarray(record.wrong(reference.values) if callable(record.wrong) else record.wrong, dtype=np.float64)
    right = reference[record.quantity]
    assert wrong.shape == right.shape
    assert not np.allclose(wrong, right, rtol=1e-6, atol=1e-9)
    outcomes = [value_of(step, reference.values) for step in chosen]
    assert any(np.allclose(outcome, wrong, rtol=1e-9, atol=1e-12) for outcome in outcomes), outcomes


@pytest.mark.parametrize("found", FOUND, ids=_named)
def test_what_it_gives_is_not_right(found: tuple[str, Record]) -> None:
    name, record = found
    reference, steps = _steps(name, record)
    for step in steps:
        outcome = value_of(step, reference.values)
        assert not np.allclose(outcome, reference[record.quantity], rtol=1e-9, atol=1e-12), step.detail


@pytest.mark.parametrize("path", library().values(), ids=library())
def test_every_wrong_step_of_the_library_can_be_run(path: Path) -> None:
    problem = load_problem(path)
    values = solve(problem).values
    for quantity in problem.all_quantities().values():
        steps = list(wrong_steps(problem, quantity))
        assert len(steps) < 1000
        outcomes = values_of([step.body for step in steps], values)
        assert {outcome.shape for outcome in outcomes} <= {quantity.shape}


def test_a_wrong_step_runs_on_many_sheets_at_once() -> None:
    problem = parse_problem("inputs: {x: [1, 2]}\nnetwork: {y: x * 3, L: sum(y)}\nloss: L\n", "tiny.yaml")
    step = next(iter(wrong_steps(problem, problem.quantities["y"])))
    sheets: dict[str, Array] = {"x": np.array([[1.0, 2.0], [4.0, 8.0], [0.5, 1.0]])}
    together = value_of(step, sheets)
    assert together.shape == (3, 2)
    for sheet, alone in zip(sheets["x"], together, strict=True):
        assert value_of(step, {"x": sheet}).tolist() == alone.tolist()
