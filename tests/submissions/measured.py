"""What comes of a submission, how long that takes and how much memory, measured from outside.

A program of its own has hwcheck imported and the graders made, as a run over a class has. For each file it forks: the
child reads and grades the file and sends what came of it back as JSON; the program waits for it, ends it where it takes
too long, and asks the system what it used. pytest itself is never forked. Memory is the child's highest resident set
less that of a child that does nothing, and all of the helper process (hwcheck.bounded) where the child started one;
time is that of the processor, the helper's included, so that a busy machine does not change it.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from hwcheck import bounded
from hwcheck.errors import SubmissionError
from hwcheck.grading.grade import Grader
from hwcheck.problem.library import find_problem
from hwcheck.problem.load import load_problem
from hwcheck.submissions.read import parse_submission, read_submission

__all__ = ["CAN_MEASURE", "Measured", "Measurer", "outcome"]

CAN_MEASURE = hasattr(os, "fork")
HANGS = 60  # seconds on the clock after which a child is ended
PROCESSOR = 20  # seconds of the processor after which the system ends it
SPACE = 1_000_000_000  # bytes of address space it may take beyond what the warm program has
ROOT = Path(__file__).parents[2]


class Measured(NamedTuple):
    """What came of a file: ``outcome`` or None where the child ended otherwise, which ``ended`` tells."""

    outcome: dict[str, Any] | None
    ended: str = ""
    seconds: float = 0.0
    memory: int = 0


@cache
def _grader(problem: str) -> Grader:
    return Grader(load_problem(find_problem(problem)))


def outcome(path: Path, problem: str) -> dict[str, Any]:
    """Read and grade a file: ``refused``, its faults; or student, problem, verdicts, faults, notes."""
    try:
        submission = read_submission(path)
        result = _grader(problem).grade(submission)
    except SubmissionError as error:
        return {"refused": [str(fault) for fault in error.faults]}
    return {
        "student": submission.student,
        "problem": submission.problem,
        "verdicts": {answer.question.name: answer.verdict for answer in result.answers},
        "faults": [str(fault) for fault in result.faults],
        "notes": [str(note) for note in submission.notes],
    }


class Measurer:
    """The warm program, seen from a test; without fork the work is done here and nothing is measured."""

    def __enter__(self) -> Measurer:
        if CAN_MEASURE:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.submissions.measured"],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "PYTHONUTF8": "1"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if CAN_MEASURE:
            self._process.communicate()

    def measure(self, path: Path, problem: str) -> Measured:
        """What comes of a file graded for a problem."""
        if not CAN_MEASURE:
            return Measured(outcome(path, problem))
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([str(path), problem]).encode() + b"\n")
        self._process.stdin.flush()
        return Measured(*json.loads(self._process.stdout.readline()))


def _child(path: str, problem: str, pipe: int) -> None:
    """Read and grade, and send what came of it, with the memory of the helper process."""
    space = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() if _has_proc() else 0
    if space:
        resource.setrlimit(resource.RLIMIT_AS, (space + SPACE, space + SPACE))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR))
    found = outcome(Path(path), problem) if path else {}
    if (helper := bounded._HELPERS.get(os.getpid())) is not None:  # ended, so that its use is known
        helper.close()
    own, helpers = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    with os.fdopen(pipe, "wb") as out:
        out.write(json.dumps([found, own, helpers]).encode())


def _has_proc() -> bool:
    return Path("/proc/self/statm").exists()


def _forked(path: str, problem: str) -> tuple[Any, int, resource.struct_rusage]:
    """What a child sent, how it ended and what it used."""
    get, put = os.pipe()
    number = os.fork()
    if number == 0:
        code = 1
        try:
            os.close(get)
            _child(path, problem, put)
            code = 0
        except BaseException:  # the traceback is what the test shows; the child must never go on as the program
            sys.excepthook(*sys.exc_info())
        finally:
            sys.stderr.flush()
            os._exit(code)
    os.close(put)
    sent = b""
    while select.select([get], [], [], HANGS)[0]:
        part = os.read(get, 1 << 20)
        if not part:
            break
        sent += part
    else:
        os.kill(number, signal.SIGKILL)
    os.close(get)
    _, status, used = os.wait4(number, 0)
    return (json.loads(sent) if sent and status == 0 else None), status, used


def _kilobytes(used: int) -> int:
    return used * (1 if sys.platform == "darwin" else 1024)


def main() -> None:
    """Answer each line ``[path, problem]`` with a line of what ``Measured`` holds."""
    idle: dict[str, int] = {}
    for line in sys.stdin:
        path, problem = json.loads(line)
        if problem not in idle:
            _grader(problem).grade(parse_submission("answers: {}", "warm.yaml"))
            idle[problem] = _kilobytes(_forked("", problem)[2].ru_maxrss)
        sent, status, used = _forked(path, problem)
        code = os.waitstatus_to_exitcode(status)
        # What wait4 tells is the largest of child and helper; where there was a helper, the child told its own.
        found, own, helper = sent if sent and sent[2] else (sent[0] if sent else None, used.ru_maxrss, 0)
        memory = max(0, _kilobytes(own) - idle[problem]) + _kilobytes(helper)
        ended = "" if sent else f"signal {-code}" if code < 0 else f"code {code}"
        print(json.dumps([found, ended, used.ru_utime + used.ru_stime, memory]), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
