"""Every file in fixtures/bad_problems gives exactly the errors that its comments expect, at the lines that carry them.

``# error: text`` at the end of a line expects one fault there whose message holds the text, ``# error@7: text`` one in
column 7; a line may carry several. Faults that have no line of their own stand in the tables below.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from hwcheck.errors import Fault, ProblemError
from hwcheck.limits import FAULTS, PROBLEM
from hwcheck.problem.load import load_problem, parse_problem

FOLDER = Path(__file__).parents[2] / "fixtures" / "bad_problems"
FILES = sorted(FOLDER.glob("*.yaml"))
EXPECTED = re.compile(r"(?:@(\d+))?: (.+)")


class Expected(NamedTuple):
    """A fault that a comment asks for; column 0 stands for any."""

    line: int
    column: int
    text: str

    def is_met_by(self, fault: Fault) -> bool:
        place = fault.location
        return place.line == self.line and self.column in (0, place.column) and self.text in fault.message


def expected_in(text: str) -> Iterator[Expected]:
    for number, line in enumerate(text.split("\n"), 1):
        for comment in line.split("# error")[1:]:
            found = EXPECTED.fullmatch(comment.strip())
            assert found, f"line {number}: a comment that no test reads: {comment}"
            yield Expected(number, int(found[1] or 0), found[2])


def faults_of(path: Path) -> list[Fault]:
    with pytest.raises(ProblemError) as caught:
        load_problem(path)
    return list(caught.value.faults)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_bad_problem_gives_exactly_the_errors_that_it_expects(path: Path) -> None:
    unexpected = faults_of(path)
    unmet = []
    for expected in expected_in(path.read_text(encoding="utf-8")):
        met = next(filter(expected.is_met_by, unexpected), None)
        if met is None:
            unmet.append(expected)
        else:
            unexpected.remove(met)
    assert (unmet, [str(fault) for fault in unexpected]) == ([], [])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_message_has_its_place_and_is_one_line(path: Path) -> None:
    faults = faults_of(path)
    assert faults == sorted(faults, key=lambda fault: fault.location)
    for fault in faults:
        assert str(fault).startswith(f"{path}:{fault.location.line}:{fault.location.column}: ")
        assert fault.location.line >= 1
        assert fault.location.column >= 1
        assert fault.message.isprintable()  # no line break, no control character
        assert 15 <= len(fault.message) <= 250
        assert not fault.message.endswith(".")


def test_the_folder_is_not_empty_and_nothing_in_it_is_left_out() -> None:
    assert len(FILES) >= 45
    assert {path.name for path in FOLDER.iterdir()} == {path.name for path in FILES}
    assert all("# error" in path.read_text(encoding="utf-8") for path in FILES)


def test_a_comment_that_is_not_met_is_seen() -> None:
    """The tester tested: another text, line or column is another fault."""
    (fault,) = faults_of(FOLDER / "clash-matrix-product.yaml")
    right = Expected(fault.location.line, fault.location.column, "axis 1 of W0 is 3")
    assert right.is_met_by(fault)
    assert right._replace(column=0).is_met_by(fault)
    assert not right._replace(text="axis 1 of W0 is 2").is_met_by(fault)
    assert not right._replace(line=right.line + 1).is_met_by(fault)
    assert not right._replace(column=right.column + 1).is_met_by(fault)


NETWORK = "inputs: {x: [1, 2]}\nnetwork: {L: sum(x)}\n"


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("", ["f.yaml: the file is empty; a problem needs at least 'network' and 'loss'"]),
        ("# nothing but a comment\n\n", ["f.yaml: the file is empty; a problem needs at least 'network' and 'loss'"]),
        (NETWORK, ["f.yaml: a problem needs a loss (loss: L, the name of a network line) or upstream gradients"]),
        ("loss: L\n", ["f.yaml: a problem needs a network: at least one line such as 'h: relu(W @ x)'"]),
        (
            "title: only a title\n",
            ["f.yaml: a problem needs a loss", "f.yaml: a problem needs a network: at least one line"],
        ),
        ("{}", ["f.yaml: a problem needs a loss", "f.yaml: a problem needs a network: at least one line"]),
    ],
)
def test_what_is_missing_has_no_line(text: str, messages: list[str]) -> None:
    with pytest.raises(ProblemError) as caught:
        parse_problem(text, "f.yaml")
    found = [str(fault) for fault in caught.value.faults]
    assert len(found) == len(messages)
    assert all(message in line for line, message in zip(found, messages, strict=True)), found


def missing(folder: Path) -> Path:
    (folder / "gan.yaml").write_text(NETWORK)
    return folder / "gam.yaml"


def too_big(folder: Path) -> Path:
    path = folder / "big.yaml"
    with path.open("wb") as file:
        file.truncate(PROBLEM.bytes + 1)
    return path


def binary(folder: Path) -> Path:
    path = folder / "gan.yaml"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    return path


def named_pipe(folder: Path) -> Path:
    if not hasattr(os, "mkfifo") or sys.platform == "win32":
        pytest.skip("this system has no named pipes")
    os.mkfifo(folder / "gan.yaml")
    return folder / "gan.yaml"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (missing, "does not exist; did you mean 'gan.yaml'?"),
        (lambda folder: folder / "no" / "gan.yaml", "does not exist, nor does its folder"),
        (lambda folder: folder, "is a folder, not a file"),
        (too_big, f"holds {PROBLEM.bytes + 1:,} bytes; at most {PROBLEM.bytes:,} are read"),
        (binary, "is no UTF-8 text"),
        (named_pipe, "is a named pipe, not a file"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, make: object, message: str) -> None:
    assert callable(make)
    path = make(tmp_path)
    (fault,) = faults_of(path)
    assert str(fault).startswith(str(path))
    assert message in fault.message


def test_of_many_faults_the_first_are_told_and_that_there_are_more() -> None:
    cells = ", ".join(["none"] * 60)
    with pytest.raises(ProblemError) as caught:
        parse_problem(f"inputs: {{x: [{cells}]}}\nnetwork: {{L: sum(x)}}\nloss: L\n", "f.yaml")
    *first, last = caught.value.faults
    assert len(first) == FAULTS
    assert all(fault.location.line == 1 for fault in first)
    assert str(last) == f"f.yaml: these are the first {FAULTS} faults; there are more"


def test_reading_many_faulty_lines_ends_early() -> None:
    lines = "\n".join(f"  h{i}: h{i + 1} + x" for i in range(5000))
    with pytest.raises(ProblemError) as caught:
        parse_problem(f"inputs: {{x: 1}}\nnetwork:\n{lines}\nloss: h0\n", "f.yaml")
    assert len(caught.value.faults) == FAULTS + 1
