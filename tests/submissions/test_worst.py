"""Worst inputs: twice the size is about twice the work, the largest is read or refused, and large files go outside.

Work is counted, not timed: the calls that Python makes, its own functions' and those into C. What is slow inside one
such call shows at full size, where a watch for hangs stands. Times: ``python -m tests.benchmarks.worst_inputs``.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import time
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from hwcheck import bounded, bounded_worker
from hwcheck.bounded import Helper
from hwcheck.errors import InputError, SubmissionError
from hwcheck.grading.grade import Grader
from hwcheck.grading.sheet import sort_answers
from hwcheck.grading.understand import understand
from hwcheck.limits import FAULTS, GUESSES, HELPER, IN_PROCESS, Bounds
from hwcheck.located import List
from hwcheck.problem.library import find_problem
from hwcheck.problem.load import load_problem
from hwcheck.submissions import read
from hwcheck.submissions.arrays import Cells, read_cells
from hwcheck.submissions.names import Names
from hwcheck.submissions.read import parse_submission, read_submission
from hwcheck.submissions.sent import submission_from_json, submission_to_json
from tests.submissions.fuzz import Fuzzer, inputs
from tests.submissions.mutations import CORPUS
from tests.submissions.worst import WORST

SIZES = (6_000, 12_000)
MOST = 2.6  # times the work for twice the size
SOME = 5_000  # calls that a file takes, whatever its size
HANGS = 60.0  # seconds of the processor; all but a few take less than one
# LaTeX and text have the reader of Markdown: what is repeated there is repeated here in one of them.
CHOSEN = [name for number, name in enumerate(WORST) if not name.startswith(("latex: ", "text: ")) or number % 9 == 0]
FULL = [name for number, name in enumerate(CHOSEN) if not name.startswith("markdown: ") or number % 5 == 0]


@cache
def grader() -> Grader:
    return Grader(load_problem(find_problem("data-mining")))


def work(name: str, size: int) -> int:
    """How many calls it takes to read and grade an input of a size, in this process."""
    worst, calls = WORST[name], 0
    data = worst.build(size)

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        grader().grade(read._parsed(data, f"ada{worst.ending}"))
    except InputError:
        pass
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("name", CHOSEN)
def test_twice_the_size_is_about_twice_the_work(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # What else is done in the helper process is done here, where it can be counted.
    monkeypatch.setitem(bounded._HERE, os.getpid(), bounded_worker._call)
    first, second = (work(name, size) for size in SIZES)
    assert second <= MOST * first + SOME


@pytest.mark.parametrize("name", FULL)
def test_the_largest_is_read_or_refused(name: str, tmp_path: Path) -> None:
    worst = WORST[name]
    path = tmp_path / f"ada{worst.ending}"
    path.write_bytes(worst.build(worst.most)[: worst.most])
    begin = time.process_time()
    try:
        result = grader().grade(read_submission(path))
    except SubmissionError as error:
        told = str(error)
    else:
        told = "read"
        assert 0 <= result.score <= result.max_score
    assert told
    assert "ended by it" not in told  # whatever it costs, it is no mistake of ours
    assert time.process_time() - begin < HANGS


@pytest.mark.parametrize(
    "name",
    [
        *("yaml: numbers", "json: numbers", "csv: wide", "npz: numbers", "python: numbers", "xlsx: cells"),
        "markdown: a matrix",
    ],
)
def test_as_many_numbers_as_may_be_are_read_within_the_helpers_bounds(name: str) -> None:
    """A hundred thousand, all in one line. A Python file took 4 s when its lines were decoded for each number."""
    worst = WORST[name]
    submission = parse_submission(worst.build(worst.most), f"ada{worst.ending}")
    (answer,) = submission.answers
    assert isinstance(answer.value, List)
    assert submission.faults == ()


def test_a_large_file_is_read_as_a_small_one_is() -> None:
    """The helper process and this one agree, whatever the file has in it."""
    for name in ("yaml: rows of one", "csv: long, names", "npz: infinite", "markdown: equations", "notebook: cells"):
        worst = WORST[name]
        data = worst.build(2 * IN_PROCESS)
        assert len(data) > IN_PROCESS or name.startswith("npz")
        file = f"ada{worst.ending}"
        assert (
            submission_from_json(read.read_as_json(data, file))
            == read._parsed(data, file)
            == parse_submission(data, file)
        )


@pytest.mark.parametrize("padding", [b"", b"\n" * (IN_PROCESS + 1)])
def test_every_file_of_the_corpus_passes_through_json(padding: bytes) -> None:
    """As it is, and as long as what is read in the helper process."""
    passed = 0
    for path in sorted(CORPUS.rglob("*")):
        if not path.is_file():
            continue
        try:
            submission = read._parsed(path.read_bytes() + padding, str(path))
        except InputError:
            continue
        sent = json.loads(json.dumps(submission_to_json(submission)))
        assert submission_from_json(sent) == submission
        assert repr(submission_from_json(sent)) == repr(submission)  # a Block is equal to a Scalar
        passed += 1
    assert passed > 100


def test_a_refusal_in_the_helper_keeps_its_places() -> None:
    data = b"answers:\n  I: [1, 0, 1\n" + b"# a\n" * IN_PROCESS
    with pytest.raises(SubmissionError) as outside:
        parse_submission(data, "ada.yaml")
    with pytest.raises(InputError) as inside:
        read._parsed(data, "ada.yaml")
    assert outside.value.faults == inside.value.faults


def test_the_numbers_of_a_real_network_are_read() -> None:
    """LeNet-5 has 61,706."""
    numbers = np.random.default_rng(7).normal(size=61_706)
    buffer = io.BytesIO()
    np.savez(buffer, I=numbers)
    listed = ", ".join(map(repr, numbers.tolist()))
    for file, data in (
        ("ada.yaml", f"answers:\n  I: [{listed}]\n".encode()),
        ("ada.json", f'{{"answers": {{"I": [{listed}]}}}}'.encode()),
        ("ada.npz", buffer.getvalue()),
    ):
        (answer,) = parse_submission(data, file).answers
        cells = read_cells(answer.value)
        assert isinstance(cells, Cells)
        np.testing.assert_array_equal(cells.values, numbers)


def test_advice_for_unknown_names_is_bounded_as_a_whole() -> None:
    """The first are told what is near, the others that they are unknown; so many names take no longer than that."""
    each = 3 * len(grader().problem.all_quantities())
    names = [f"grad(w{i}" for i in range(2 * GUESSES // each)]
    text = "answers:\n" + "".join(f"  {name}: 1\n" for name in names)
    submission = parse_submission(text, "ada.yaml")
    faults = sort_answers(grader().problem, Names(grader().problem), submission).faults
    advised = ["did you mean" in fault.message for fault in faults]
    assert len(faults) == len(names)
    assert all(advised[: GUESSES // each - 1])
    assert not any(advised[GUESSES // each + 1 :])


def test_beyond_fifty_faults_only_their_number_is_told() -> None:
    """A report of a hundred thousand lines is of no use to anybody."""
    submission = parse_submission(WORST["npz: complex"].build(8_000), "ada.npz")
    result = grader().grade(submission)
    assert len(result.faults) == FAULTS + 1
    assert "and 3,950 more faults" in result.faults[-1].message
    assert understand(submission, grader().problem).faults == result.faults


def test_what_takes_too_long_outside_costs_that_file_only() -> None:
    helper = Helper(Bounds(memory=HELPER.memory, processor=1, clock=30.0))
    with contextlib.closing(helper):
        task = "hwcheck.submissions.read:read_as_json"
        small = helper.read(task, b"answers: {I: 1}", "bob.yaml")
        with pytest.raises(InputError, match=r"^ada\.xlsx: "):
            helper.read(task, WORST["xlsx: elements"].build(2_000_000), "ada.xlsx")
        assert helper.read(task, b"answers: {I: 1}", "bob.yaml") == small


@pytest.mark.parametrize("documents", [0.0, 1.0])
def test_some_hundred_broken_inputs(documents: float) -> None:
    """More of them: ``python -m tests.submissions.fuzz 100000``."""
    outcome = Fuzzer().run(inputs(1, documents), 600)
    assert sum(outcome.counts.values()) >= 600
    assert sum(count for (_, what), count in outcome.counts.items() if what == "read") > 150
    if documents:
        assert sum(count for (_, what), count in outcome.counts.items() if what == "refused") > 100
    assert {kind for kind, _ in outcome.counts} == (
        {"bytes", "markup", "splice", "structure"} if documents else {"array or number", "name"}
    )
