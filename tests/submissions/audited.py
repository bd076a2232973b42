"""Reads and grades the corpus with an audit hook that ends the program at what reading must never do.

Run as a program: once without the hook, so that hwcheck itself is loaded, and once with it. The helper process is
hwcheck's own and is running by then.
"""

from __future__ import annotations

import sys

from hwcheck.errors import InputError
from hwcheck.grading.grade import Grader
from hwcheck.problem.library import find_problem
from hwcheck.problem.load import load_problem
from hwcheck.submissions.read import parse_submission
from tests.submissions.mutations import CORPUS

# Not "compile": the syntax tree of a cell's arithmetic is made so; to run it would be "exec".
FORBIDDEN = (
    "open",
    "exec",
    "import",
    "socket.",
    "subprocess.",
    "os.",
    "pickle.",
    "shutil.",
    "ctypes.",
    "urllib.",
)


def read_all(files: list[tuple[str, bytes]], grader: Grader) -> int:
    """Read and grade each file; how many could be."""
    graded = 0
    for name, data in files:
        try:
            grader.grade(parse_submission(data, name))
        except InputError:
            continue
        graded += 1
    return graded


def main() -> None:
    """Print how many files were graded, and whether the hook works at all."""
    grader = Grader(load_problem(find_problem("data-mining")))
    files = [(path.name, path.read_bytes()) for path in sorted(CORPUS.rglob("*")) if path.is_file()]
    first = read_all(files, grader)
    armed = True

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if armed and event.startswith(FORBIDDEN):
            sys.stderr.write(f"{event} {arguments!r:.200}\n")
            raise SystemExit(9)

    sys.addaudithook(hook)
    second = read_all(files, grader)
    caught = False
    try:
        open(__file__)  # noqa: PTH123, SIM115  what must be caught
    except SystemExit:
        caught = True
    armed = False
    print(first, second, caught)  # noqa: T201


if __name__ == "__main__":
    main()
