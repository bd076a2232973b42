"""Every file of fixtures/submissions, kind and hostile, is read and graded as its manifest says, in time and memory.

To add a file is to put it there and to describe it in the manifest: nothing here needs to change.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.submissions.corpus import CORPUS, Entry, entries, misses, path_of
from tests.submissions.made import MADE, cannot_be_made
from tests.submissions.measured import Measurer

ENTRIES = entries()
SLACK = 3.0  # on a busy machine a second of the processor does less; tests/benchmarks/reading_corpus.py has none


@pytest.fixture(scope="module")
def measurer() -> Iterator[Measurer]:
    with Measurer() as warm:
        yield warm


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.file for entry in ENTRIES])
def test_a_file_is_read_and_graded_as_the_manifest_says(entry: Entry, measurer: Measurer, tmp_path: Path) -> None:
    """Verdict, message, time and memory; the work is done and measured in a process of its own."""
    if entry.file.endswith((".xlsx", ".xlsm", "xlsx.csv")) and importlib.util.find_spec("openpyxl") is None:
        pytest.skip("openpyxl is not installed")
    if reason := cannot_be_made(entry.made):
        pytest.skip(reason)
    path = path_of(entry, tmp_path)
    assert misses(entry, path, measurer.measure(path, entry.problem), SLACK) == []


def test_every_file_is_described_once() -> None:
    described = [entry.file for entry in ENTRIES if not entry.made]
    there = [path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("*") if path.is_file()]
    assert sorted(described) == sorted(name for name in there if name != "manifest.yaml")
    assert sorted(entry.made for entry in ENTRIES if entry.made) == sorted(MADE)
    assert [entry.file for entry in ENTRIES if bool(entry.refused) == (entry.verdicts is not None)] == []


def test_what_breaks_the_manifest_is_told(measurer: Measurer, tmp_path: Path) -> None:
    """The test above can fail: on a verdict, a message, a student, too little time, too little memory, a crash."""
    path = tmp_path / "ada.yaml"
    path.write_text("answers:\n  I6: -0.105\n  O6: 9\n", encoding="utf-8")
    right = Entry("ada.yaml", "", verdicts={"I6": "right", "O6": "wrong"})
    measured = measurer.measure(path, "data-mining")
    assert misses(right, path, measured) == []
    for wrong in (
        right._replace(verdicts={"I6": "right"}),
        right._replace(verdicts="all right"),
        right._replace(student="bob"),
        right._replace(notes=["no such note"]),
        right._replace(faults=["no such fault"]),
        right._replace(verdicts=None, refused="no such message"),
    ):
        assert len(misses(wrong, path, measured)) == 1
    if measured.memory:
        assert len(misses(right._replace(seconds=0.0, megabytes=0.0), path, measured)) == 2
    assert misses(right, path, measured._replace(outcome=None, ended="signal 9")) != []


def test_nothing_was_run() -> None:
    assert not Path("/tmp/hwcheck_was_here").exists()  # noqa: S108  what some of the files would make


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
