"""The slowest and the largest inputs that are read: processor time and peak memory of each, in a process of its own.

::

    python -m tests.benchmarks.worst_inputs [PART OF A NAME ...] [--top 20] [--sizes 250000,500000,2000000]

A line each, the slowest first: seconds of the processor at each size (the last is the largest that is read), peak
memory beyond what the program itself takes, and what became of the file. The helper process counts too.
"""

from __future__ import annotations

import argparse
import atexit
import os
import resource
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from hwcheck.errors import InputError
from hwcheck.grading.grade import Grader
from hwcheck.limits import IN_PROCESS
from hwcheck.problem.library import find_problem
from hwcheck.problem.load import load_problem
from hwcheck.submissions.read import read_submission
from tests.submissions.worst import WORST, Worst

PROBLEM = "data-mining"


class Measured(NamedTuple):
    """Seconds of the processor, bytes of memory at most, and what came of it."""

    seconds: float
    memory: int
    outcome: str


def measure(grader: Grader, worst: Worst, size: int) -> Measured:
    """Read and grade one input in a forked process."""
    data = worst.build(size)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"ada{worst.ending}"
        path.write_bytes(data)
        del data
        receiving, sending = os.pipe()
        child = os.fork()
        if not child:
            os.close(receiving)
            outcome = "a mistake of hwcheck"
            try:
                outcome = _outcome(grader, path)
            finally:
                os.write(sending, outcome[:400].encode())
                os._exit(0)
        os.close(sending)
        with os.fdopen(receiving, "rb") as replies:
            outcome = replies.read().decode("utf-8", "replace")
        _, _, usage = os.wait4(child, 0)
    return Measured(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, outcome)


def _outcome(grader: Grader, path: Path) -> str:
    try:
        result = grader.grade(read_submission(path))
    except InputError as error:
        return f"refused: {error.faults[0].message}"
    finally:
        atexit._run_exitfuncs()  # ends the helper, and waits for it, so that what it used is counted
    return f"read: {result.score:g} points, {len(result.faults)} faults"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--sizes", default="")  # in bytes; else a quarter, half and all of what is read
    parser.add_argument("--top", type=int, default=1000)
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (4_000_000_000, 4_000_000_000))
    grader = Grader(load_problem(find_problem(PROBLEM)))
    with tempfile.TemporaryDirectory() as folder:  # what is loaded when first needed is loaded before
        for ending, text in (
            (".yaml", "answers: {I: [1, 0, exp(0)]}"),
            (".md", "$I = [1, 0, 1]$"),
            (".csv", "I,1,0,1"),
        ):
            path = Path(folder) / f"ada{ending}"
            path.write_text(text, encoding="utf-8")
            grader.grade(read_submission(path))
    idle = measure(grader, Worst(".yaml", lambda _: b"answers: {}\n"), 1)
    started = measure(grader, Worst(".yaml", lambda size: b"answers: {}\n" + b"#" * size), IN_PROCESS)
    print(f"an empty sheet: {idle.seconds:.3f} s, {idle.memory / 1e6:.0f} MB")
    print(f"to start the helper: {started.seconds - idle.seconds:.2f} s, which is taken off below")
    rows: list[tuple[Sequence[Measured], str]] = []
    for name, worst in WORST.items():
        if options.names and not any(part in name for part in options.names):
            continue
        sizes = (
            list(map(int, options.sizes.split(",")))
            if options.sizes
            else [worst.most // 4, worst.most // 2, worst.most]
        )
        found = []
        for size in sizes:
            measured, inside = measure(grader, worst, size), len(worst.build(size)) <= IN_PROCESS
            found.append(measured._replace(seconds=measured.seconds - (idle if inside else started).seconds))
        rows.append((found, name))
        print(f"  {found[-1].seconds:6.2f} s {name}", file=sys.stderr, flush=True)
    rows.sort(key=lambda row: -max(found.seconds for found in row[0]))
    for row, name in rows[: options.top]:
        times = "  ".join(f"{found.seconds:6.2f}" for found in row)
        memory = (max(found.memory for found in row) - idle.memory) / 1e6
        print(f"{times} s  {memory:5.0f} MB  {name:<45.45} {row[-1].outcome[:70]!r}")


if __name__ == "__main__":
    main()
