"""References and results as JSON, for programs. The format is versioned; infinities and NaN are strings."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from hwcheck import __version__
from hwcheck.errors import Fault
from hwcheck.grading.result import Cause, MarkedAnswer, Result
from hwcheck.graph.node import Array
from hwcheck.reference import Reference
from hwcheck.reports.escape import COMMAND
from hwcheck.reports.grade_view import FEEDBACK, SHOWN, Failure
from hwcheck.reports.wording import hinted

__all__ = ["array_json", "dump", "fault_json", "grade_json", "solve_json"]

FORMAT = 1
# Half of a pair is no character, and strict readers refuse it; a file's name of invalid bytes has some.
LONE = re.compile("[\ud800-\udfff]")
OTHER = re.compile("[^ -~]+")


def solve_json(reference: Reference, only: Sequence[str] = ()) -> str:
    """Every named quantity with its shape and value."""
    problem = reference.problem
    quantities = [
        {"name": name, "shape": list(quantity.shape), "value": array_json(reference[name])}
        for name, quantity in problem.all_quantities().items()
        if not only or name in only
    ]
    return dump({"problem": problem.id, "quantities": quantities})


def grade_json(problem: str | None, results: Sequence[Result], failures: Sequence[Failure], feedback: str) -> str:
    """Results of one problem; what ``feedback`` does not tell is left out."""
    told = FEEDBACK.index(feedback)
    document: dict[str, Any] = {"problem": problem, "results": [_result(result, told) for result in results]}
    if failures:
        document["not_graded"] = [_failure(failure) for failure in failures]
    return dump(document)


def _result(result: Result, told: int) -> dict[str, Any]:
    document: dict[str, Any] = {
        "student": result.student,
        "submission": result.submission,
        "problem": result.problem,
        "score": result.score,
        "max_score": result.max_score,
    }
    if told >= FEEDBACK.index("verdict"):
        document["first_error"] = result.first_error
        document["slips"] = list(result.slips)
        document["needs_review"] = result.needs_review
        document["answers"] = [_answer(answer, told) for answer in result.answers]
        document["faults"] = [fault_json(fault) for fault in result.faults]
        document["not_asked"] = list(result.not_asked)
    if told >= FEEDBACK.index("hint"):
        document["notes"] = [fault_json(note) for note in result.notes]
    return document


def _answer(answer: MarkedAnswer, told: int) -> dict[str, Any]:
    entries = answer.entries
    document: dict[str, Any] = {
        "question": answer.question.name,
        "verdict": answer.verdict,
        "points": answer.points,
        "max_points": answer.question.points,
        "entries": {
            "right": entries.right,
            "carried": entries.carried,
            "wrong": entries.wrong,
            "missing": entries.missing,
            "total": entries.total,
        },
        "review": answer.review,
    }
    if told >= FEEDBACK.index("hint"):
        document["wrong_at"] = [list(index) for index in answer.wrong_at]
        document["carried_at"] = _carried_at(answer)
        document["carried_from"] = list(answer.carried_from)
        document["cause"] = None if answer.cause is None else _cause(answer.cause, told)
        hidden = told < FEEDBACK.index("full")
        listed = dict.fromkeys(map(hinted, answer.candidates)) if hidden else answer.candidates
        document["candidates"] = [_cause(cause, told) for cause in listed]
        document["note"] = answer.note
        document["hints"] = [] if answer.verdict in ("right", "carried") else list(answer.question.hints)
    if told >= FEEDBACK.index("full") and answer.comparison is not None:
        document["differences"] = [_difference(answer, index) for index in answer.wrong_at[:SHOWN]]
    return document


def _carried_at(answer: MarkedAnswer) -> list[list[int]]:
    """The indices of the carried entries, in order."""
    if answer.comparison is None or answer.comparison.carried is None:
        return []
    found: list[list[int]] = np.argwhere(answer.comparison.carried).tolist()
    return found


def _cause(cause: Cause, told: int) -> dict[str, Any]:
    """A cause; its detail has numbers of the sheet and of the problem."""
    full = told >= FEEDBACK.index("full")
    cause = cause if full else hinted(cause)
    document = {"id": cause.id, "quantity": cause.quantity, "says": cause.says}
    if full:
        document["detail"] = cause.detail
    return document


def _difference(answer: MarkedAnswer, index: tuple[int, ...]) -> dict[str, Any]:
    comparison = answer.comparison
    assert comparison is not None  # noqa: S101  only compared answers have wrong entries
    expected = float(comparison.expected[index])
    return {
        "index": list(index),
        "yours": _number(float(comparison.yours[index])),
        "expected": _number(expected),
        "difference": _number(float(comparison.difference[index])),
        "allowed": _number(float(comparison.allowed[index])),
        "accepted": [
            _number(expected - float(comparison.below[index])),
            _number(expected + float(comparison.above[index])),
        ],
        "own": None if comparison.own is None else _number(float(comparison.own[index])),
    }


def fault_json(fault: Fault) -> dict[str, Any]:
    """A fault and its place."""
    place = fault.location
    return {"file": place.file, "line": place.line, "column": place.column, "message": fault.message}


def _failure(failure: Failure) -> dict[str, Any]:
    """A submission that could not be graded; line and column are those of the first fault, 0 where there is none."""
    faults = [fault_json(fault) for fault in failure.faults]
    line, column = (faults[0]["line"], faults[0]["column"]) if faults else (0, 0)
    return {
        "submission": failure.submission,
        "reason": failure.reason,
        "line": line,
        "column": column,
        "faults": faults,
    }


def array_json(array: Array) -> Any:
    """Nested lists; a single number as such."""
    if array.ndim == 0:
        return _number(float(array))
    return [array_json(part) for part in array]


def _number(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def dump(document: dict[str, Any]) -> str:
    """One document on one line; ASCII only, so that no terminal or pipe can spoil it, nor a build service obey it."""
    whole = {"format": FORMAT, "hwcheck": __version__, **document}
    text = LONE.sub("\ufffd", json.dumps(whole, allow_nan=False, ensure_ascii=False))
    text = COMMAND.sub(r"\\u0023#", text)
    return OTHER.sub(lambda found: json.dumps(found[0])[1:-1], text) + "\n"
