"""Random references whose every value is a canary: below full feedback none is sung, whatever is handed in.

What is searched are all bytes that a run puts out: both streams, text at two widths, the document for programs. What is
searched for are the first six digits of every reference value (gradients and updated weights too), and of how far the
sheet's own numbers are from them, in absolute and in relative terms. What stands in the sheet or in the inputs and
weights of the problem is no secret.
"""

from __future__ import annotations

import io
import json
import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from hwcheck import grade, load_problem, read_submission, solve
from hwcheck.errors import InputError
from hwcheck.reports.grade_view import GradeView
from hwcheck.reports.terminal import paint
from tests.submissions.mutations import CORPUS
from tests.support.program import Program

SEEDS = (1,)
LEVELS = ("score", "verdict", "hint")
NETWORK = """
  y: W @ x + b
  h: tanh(y)
  z: V @ h
  L: sum((z - t)**2)
  W_new: W - 0.25 * grad(W)
  V_new: V - 0.25 * grad(V)
  L_new: sum((V_new @ tanh(W_new @ x + b) - t)**2)
"""
QUESTIONS = """
loss: L
tolerance: {sigfigs: 5}
questions:
  - y
  - h
  - z
  - L
  - {ask: grad(z), answer: formula, using: [z, t]}
  - {ask: grad(h), accept: []}
  - grad(y)
  - {ask: grad(W), hint: "Mind the tanh."}
  - grad(V)
  - grad(b)
  - W_new
  - V_new
  - L_new
"""
NUMBERS = ("y", "h", "z", "L", "grad(h)", "grad(y)", "grad(W)", "grad(V)", "grad(b)", "W_new", "V_new", "L_new")


def problem_text(seed: int, network: str = NETWORK) -> str:
    chance = random.Random(seed)  # noqa: S311  no secret

    def numbers(count: int) -> list[float]:
        return [round(chance.uniform(-1.5, 1.5), 12) for _ in range(count)]

    weights = f"{{W: {[numbers(4) for _ in range(3)]}, b: {numbers(3)}, V: {[numbers(3) for _ in range(2)]}}}"
    inputs = f"{{x: {numbers(4)}, t: {numbers(2)}}}"
    return f"inputs: {inputs}\nweights: {weights}\nnetwork:{network}{QUESTIONS}"


def document(answers: dict[str, Any]) -> str:
    return json.dumps({"student": "ada", "answers": answers})


def sheet_of(change: Callable[[Any], Any], **others: Any) -> Callable[[dict[str, Any]], str]:
    return lambda right: document(
        {name: np.asarray(change(np.asarray(right[name]))).tolist() for name in NUMBERS} | others
    )


SHEETS: dict[str, Callable[[dict[str, Any]], str]] = {
    "wrong": sheet_of(lambda value: value * 0 + 0.731),
    "zero": sheet_of(lambda value: value * 0, **{"grad(z)": "0"}),
    "one off": sheet_of(lambda value: value + 1, **{"grad(z)": "2*(z - t) + 1"}),
    "doubled": sheet_of(lambda value: 2 * value, **{"grad(z)": "z - t"}),
    "the sign": sheet_of(lambda value: -value, **{"grad(z)": "2*(t - z)"}),
    "near": sheet_of(lambda value: np.round(value, 2)),
    "nearer": sheet_of(lambda value: np.round(value * 1.0004, 4)),
    "mixed up": sheet_of(lambda value: np.round(value.T if value.ndim == 2 else np.flip(value), 3)),
    "flat": sheet_of(lambda value: np.round(value, 3).reshape(-1)),
    "huge": sheet_of(lambda value: value * 0 + 1e300),
    "holes": lambda right: document({n: ["_"] * len(np.atleast_1d(right[n])) for n in NUMBERS[:3]} | {"L": "nan"}),
    "misspelt": lambda _: document({"yy": [1, 2, 3], "hh": 1, "grad(w)": 1, "W_neww": [[1]], "grad(L_new)": 1, "x": 3}),
    "spoiled": lambda _: document({"y": "[1 2", "h": "1,234", "z": {"a": 1}, "L": "9**9**9", "grad(W)": [[1], [2, 3]]}),
    "formulas": lambda _: document({"grad(z)": "2*(z - q)", "L": "sum((z - t)**2)", "y": "W @ x + b", "h": "tanh(y)"}),
    "indices": lambda _: document({"y[3]": 1, "y[0]": 0.5, "y[0:9]": 2, "grad(W)[1, 7]": 3, "h[-1]": 4, "z_9": 4}),
    "blank": lambda _: document({}),
}  # fmt: skip


@cache
def secrets(text: str) -> dict[str, Any]:
    """The reference of a problem: what is worked out, without its inputs and weights."""
    problem = load_problem_text(text)
    reference = solve(problem)
    names = [name for name in problem.all_quantities() if name not in (*problem.inputs, *problem.weights)]
    return {name: reference[name] for name in names}


def load_problem_text(text: str) -> Any:
    from hwcheck.problem.load import parse_problem

    return parse_problem(text, "canary.yaml")


def digits(number: float, count: int) -> Iterator[str]:
    """The first digits of a number, cut off and rounded."""
    yield f"{abs(number):.15e}".replace(".", "")[:count]
    yield f"{abs(number):.{count - 1}e}".split("e")[0].replace(".", "")


def runs(text: str) -> set[str]:
    """Every number in a text: its digits from the first that is not 0 on."""
    return {run for found in re.findall(r"\d[\d.]*", text) if (run := found.replace(".", "").lstrip("0"))}


def sung(told: str, public: str, right: dict[str, Any], count: int = 6) -> set[str]:
    """The canaries in what was told that do not stand in what is public."""
    open_, values = runs(public), np.concatenate([np.reshape(value, -1) for value in right.values()])
    values = values[np.isfinite(values) & (values != 0)]
    own = np.array(sorted({float(text) for text in re.findall(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?", public)}))
    own = own[np.isfinite(own)]
    apart = np.abs(own[:, np.newaxis] - values).reshape(-1)
    relative = (np.abs(own[:, np.newaxis] - values) / np.abs(values)).reshape(-1)
    near = {run[:count] for run in runs(told) if len(run) >= count}
    known = {run[:count] for run in open_ if len(run) >= count}
    known |= {sign[:count] for number in own for kept in (count, count + 1) for sign in digits(number, kept)}
    canaries = {sign for value in values for sign in digits(value, count)}
    if count >= 6:
        everything = np.concatenate([apart, relative])
        canaries |= {sign for value in everything if value > 0 for sign in digits(value, count)}
    return (canaries & near) - known - {"1" + "0" * (count - 1)}


@pytest.fixture(params=SEEDS)
def problem(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "canary.yaml"
    path.write_text(problem_text(request.param), encoding="utf-8")
    return path


def write_sheets(problem: Path) -> list[Path]:
    right = secrets(problem.read_text(encoding="utf-8"))
    folder = problem.parent / "class"
    folder.mkdir(exist_ok=True)
    for name, make in SHEETS.items():
        (folder / f"{name}.json").write_text(make(right), encoding="utf-8")
    return sorted(folder.iterdir())


WORDS = ("too high", "too low", "too large", "too small", "off by", "expected", "difference", "relative error")


@pytest.mark.parametrize("feedback", LEVELS)
def test_no_sheet_makes_the_program_sing(program: Program, problem: Path, feedback: str) -> None:
    text = problem.read_text(encoding="utf-8")
    for sheet in write_sheets(problem):
        public = text + sheet.read_text(encoding="utf-8")
        for format_ in ("text", "json"):
            _, out, err = program("grade", "-p", problem, "--feedback", feedback, "--format", format_, sheet)
            assert "ada" in out
            assert sung(out + err, public, secrets(text)) == set(), sheet.name
            assert sung(out + err, public, secrets(text), count=4) == set(), sheet.name
            assert not [word for word in WORDS if word in (out + err).casefold()], sheet.name
    for format_ in ("text", "json"):
        _, out, err = program(
            "grade", "-p", problem, "--feedback", feedback, "--format", format_, problem.parent / "class"
        )
        public = text + "".join(sheet.read_text(encoding="utf-8") for sheet in write_sheets(problem))
        assert sung(out + err, public, secrets(text)) == set()


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("feedback", LEVELS)
def test_no_terminal_shows_a_canary(problem: Path, feedback: str, width: int) -> None:
    text = problem.read_text(encoding="utf-8")
    for sheet in write_sheets(problem):
        console = Console(width=width, file=io.StringIO(), record=True)
        result = grade(load_problem(problem), read_submission(sheet))
        paint(GradeView(result, feedback, width).blocks(), console)
        assert sung(console.export_text(), text + sheet.read_text(encoding="utf-8"), secrets(text)) == set(), sheet.name


def test_what_is_read_is_never_compared(program: Program, problem: Path) -> None:
    text = problem.read_text(encoding="utf-8")
    for sheet in write_sheets(problem):
        public = text + sheet.read_text(encoding="utf-8")
        for options in ((), ("--values",), ("--format", "json")):
            _, out, err = program("read", "-p", problem, sheet, *options)
            assert sung(out + err, public, secrets(text)) == set(), sheet.name


@pytest.mark.parametrize("feedback", LEVELS)
def test_the_corpus_makes_nothing_sing(program: Program, problem: Path, feedback: str) -> None:
    """Hostile files, graded for a problem that they were not written for."""
    text = problem.read_text(encoding="utf-8")
    public = "".join(p.read_bytes().decode("utf-8", "replace") for p in CORPUS.rglob("*") if p.is_file())
    _, out, err = program("grade", "-p", problem, "--feedback", feedback, "--format", "json", CORPUS)
    found = sung(out + err, text, secrets(text))
    assert {canary for canary in found if canary not in re.sub(r"[^0-9]", "", public)} == set()


UNSOUND = {
    "log of less than 0": NETWORK.replace("L: sum((z - t)**2)", "L: sum(log(z - 9))"),
    "division by 0": NETWORK.replace("L: sum((z - t)**2)", "L: sum(z / (t - t))"),
    "too large": NETWORK.replace("L: sum((z - t)**2)", "L: sum(exp(z * 9999))"),
}


@pytest.mark.parametrize("feedback", LEVELS)
@pytest.mark.parametrize("network", UNSOUND.values(), ids=UNSOUND)
def test_a_warning_of_an_unsound_problem_does_not_sing(
    program: Program, tmp_path: Path, network: str, feedback: str
) -> None:
    text = problem_text(3, network)
    problem, sheet = tmp_path / "canary.yaml", tmp_path / "ada.json"
    problem.write_text(text, encoding="utf-8")
    sheet.write_text(document({"y": [1, 2, 3], "h": [4, 5, 6], "z": "x", "L": "nan", "grad(W)": 0}), encoding="utf-8")
    try:
        right = secrets(text)
    except InputError:
        right = {}
    for format_ in ("text", "json"):
        code, out, err = program("grade", "-p", problem, "--feedback", feedback, "--format", format_, sheet)
        assert code in (1, 2)
        assert sung(out + err, text + sheet.read_text(encoding="utf-8"), right) == set()
        assert "Traceback" not in err


def test_at_full_feedback_they_sing(program: Program, problem: Path) -> None:
    """The tests above can fail."""
    text = problem.read_text(encoding="utf-8")
    right = secrets(text)
    heard = set()
    for sheet in write_sheets(problem):
        public = text + sheet.read_text(encoding="utf-8")
        heard |= sung(program("grade", "-p", problem, "--format", "json", sheet).out, public, right)
        heard |= sung(program("grade", "-p", problem, sheet).out, public, right, count=4)
    assert len(heard) > 50
