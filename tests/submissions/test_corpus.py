"""Every file of fixtures/submissions, kind and hostile, is read and graded as its manifest says.

To add a file is to put it there and to describe it in the manifest: nothing here needs to change.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from hwcheck.bounded import read_bounded
from hwcheck.errors import SubmissionError
from hwcheck.grading.grade import Grader
from hwcheck.problem.library import find_problem
from hwcheck.problem.load import load_problem
from hwcheck.submissions.read import read_submission
from tests.support.program import FIXTURES

CORPUS = FIXTURES / "submissions"
MANIFEST: list[dict[str, Any]] = yaml.safe_load((CORPUS / "manifest.yaml").read_text(encoding="utf-8"))
KEYS = {"file", "what", "problem", "verdicts", "student", "notes", "faults", "refused"}
SECONDS = 5.0  # for one file; all but a few take milliseconds, but the machine may be busy


@cache
def grader(problem: str) -> Grader:
    return Grader(load_problem(find_problem(problem)))


@pytest.fixture(scope="module", autouse=True)
def _helper() -> None:
    """The helper process is there before the clock runs: a class starts it once."""
    read_bounded("hwcheck.submissions.python_literals:read", b"x = 1", "warm.py")


@pytest.mark.parametrize("entry", MANIFEST, ids=[entry["file"] for entry in MANIFEST])
def test_a_file_is_read_and_graded_as_the_manifest_says(entry: dict[str, Any]) -> None:
    path = CORPUS / entry["file"]
    if path.suffix in (".xlsx", ".xlsm") and importlib.util.find_spec("openpyxl") is None:
        pytest.skip("openpyxl is not installed")
    marker = grader(entry.get("problem", "data-mining"))
    start = time.perf_counter()
    if "refused" in entry:
        with pytest.raises(SubmissionError) as caught:
            read_submission(path)
        (fault,) = caught.value.faults
        assert entry["refused"] in str(fault)
        assert str(fault).startswith(str(path))
    else:
        submission = read_submission(path)
        result = marker.grade(submission)
        check(entry, {answer.question.name: answer.verdict for answer in result.answers})
        assert submission.student == entry.get("student", path.stem)
        told = [str(fault) for fault in result.faults]
        assert not missing(entry.get("faults", ()), told), told
        if "faults" not in entry and "unreadable" not in str(entry["verdicts"]):
            assert told == []
        noted = [str(note) for note in submission.notes]
        assert not missing(entry.get("notes", ()), noted), noted
    assert time.perf_counter() - start < SECONDS


def check(entry: dict[str, Any], verdicts: dict[str, str]) -> None:
    """The verdicts are those of the manifest; a question that it does not name is missing."""
    expected = entry["verdicts"]
    if expected == "all right":
        assert set(verdicts.values()) == {"right"}, verdicts
        return
    assert set(expected) <= set(verdicts)
    assert verdicts == {name: expected.get(name, "missing") for name in verdicts}


def missing(wanted: list[str], told: list[str]) -> list[str]:
    """What stands in none of the messages."""
    return [text for text in wanted if not any(text in message for message in told)]


def test_every_file_is_described_once() -> None:
    described = [entry["file"] for entry in MANIFEST]
    there = [path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("*") if path.is_file()]
    assert sorted(described) == sorted(name for name in there if name != "manifest.yaml")
    assert all(set(entry) <= KEYS and ("refused" in entry) != ("verdicts" in entry) for entry in MANIFEST)


def test_nothing_was_run() -> None:
    assert not Path("/tmp/hwcheck_was_here").exists()  # noqa: S108  what two of the files would make


def test_reading_opens_runs_imports_and_starts_nothing() -> None:
    """Promise P3, watched by Python itself: from bytes to a result no event of that kind happens."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.submissions.audited"], cwd=CORPUS.parents[1], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    first, second, caught = done.stdout.split()
    assert first == second
    assert int(first) > 50
    assert caught == "True"
