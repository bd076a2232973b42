"""Promise P8: whatever is told of a submission names its file, line and column where there are lines, and a reason."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from hwcheck.errors import Fault, InputError
from hwcheck.grading.grade import Grader
from hwcheck.problem.library import find_problem
from hwcheck.problem.load import load_problem
from hwcheck.submissions.read import read_submission
from tests.submissions.corpus import CORPUS, Entry, files

# What speaks of the file as a whole: its kind, its size, that nothing is in it.
WHOLE = ("the file ", "files that end in", "holds ", "no answers", "reading this file", "an expression in this file")
WITHOUT_LINES = {".npz", ".npy", ".xlsx", ".xlsm", ".ipynb"}
FILES = files()


@cache
def grader(problem: str) -> Grader:
    return Grader(load_problem(find_problem(problem)))


def told(file: str, marker: Grader) -> Iterator[Fault]:
    """Every fault and note of a file."""
    try:
        submission = read_submission(CORPUS / file)
        found = (*submission.notes, *marker.grade(submission).faults)
    except InputError as error:
        found = error.faults
    yield from found


@pytest.mark.parametrize("entry", FILES, ids=[entry.file for entry in FILES])
def test_every_message_has_its_place(entry: Entry) -> None:
    path = CORPUS / entry.file
    for fault in told(entry.file, grader(entry.problem)):
        place = fault.location
        assert place.file == str(path) or place.file.startswith(f"{path}["), fault
        assert (place.line > 0) >= (place.column > 0)
        text = fault.message
        assert len(text) > 15
        assert text.isprintable() or "\\x" in ascii(text)
        assert len(str(fault)) < 1000, fault
        assert not text.endswith((".", " ", "\n"))
        whole = place.file == str(path) and not place.line
        if whole and path.suffix not in WITHOUT_LINES:
            assert text.startswith(WHOLE) or "its ending says" in text or "its name has no ending" in text, fault


def test_messages_are_told_at_all() -> None:
    found = [fault for entry in FILES for fault in told(entry.file, grader(entry.problem))]
    assert sum(fault.location.line > 0 for fault in found) > 40
    assert load_problem(find_problem("gan")).id == "gan"
