"""A coverage-guided fuzzer of all that reads what students hand in: libFuzzer, by atheris.

It keeps every input that reaches lines which no input has reached before, and changes these further::

    pip install -e '.[fuzz]'
    python -m tests.submissions.guided TARGET FOLDER -max_total_time=600 [libFuzzer's other options]

TARGET is ``numbers``, ``arrays``, ``names``, or the ending of a file (``.md``). The inputs that were kept lie in
FOLDER, which is filled from the corpus where it is empty. What hwcheck must never do (raise anything but InputError,
give points for no number, take longer than a second) ends the run, and libFuzzer writes the input down.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["hwcheck"]):
    from hwcheck.errors import InputError, Location
    from hwcheck.files import decoded
    from hwcheck.grading.grade import Grader
    from hwcheck.located import Scalar
    from hwcheck.problem.library import find_problem
    from hwcheck.problem.load import load_problem
    from hwcheck.submissions.array_text import read_array
    from hwcheck.submissions.arrays import read_cells
    from hwcheck.submissions.names import Names, UnknownNameError
    from hwcheck.submissions.numbers import NumberReader, Unreadable
    from hwcheck.submissions.python_literals import read as read_python
    from hwcheck.submissions.read import parse_submission

CORPUS = Path(__file__).parents[2] / "fixtures" / "submissions"
PROBLEM = "data-mining"
MOST_BYTES = 20_000
SECONDS = 1.0  # of the processor, for one input of that size
PLACE = Location("input", 1, 1)


class FoundError(Exception):
    """hwcheck did what it must never do."""


def numbers(data: bytes) -> None:
    """One cell."""
    try:
        value = NumberReader().read(Scalar(_text(data), PLACE))
    except Unreadable:
        return
    if not math.isfinite(value):
        raise FoundError(f"{value} was read as a number")


def arrays(data: bytes) -> None:
    """A text that may be an array."""
    text = _text(data)
    with contextlib.suppress(InputError):
        read_array(text, PLACE)
    read_cells(Scalar(text, PLACE))


def names(data: bytes) -> None:
    """A name."""
    try:
        _NAMES[0].part(_text(data))
    except UnknownNameError:
        return


def python(data: bytes) -> None:
    """A Python file, as the helper process reads it: that one has no coverage of its own."""
    try:
        read_python(decoded(data, Path("sheet.py")).encode(), "sheet.py")
    except (InputError, RecursionError, MemoryError):  # the last two the helper tells
        return


def document(ending: str) -> Callable[[bytes], None]:
    """A whole file, read and graded."""

    def target(data: bytes) -> None:
        try:
            result = _GRADERS[0].grade(parse_submission(data, "sheet" + ending))
        except InputError:
            return
        if not 0 <= result.score <= result.max_score:
            raise FoundError(f"{result.score} of {result.max_score} points")

    return target


TARGETS: Mapping[str, Callable[[bytes], None]] = {"numbers": numbers, "arrays": arrays, "names": names, ".py": python}
_GRADERS = [Grader(load_problem(find_problem(PROBLEM)))]
_NAMES = [Names(_GRADERS[0].problem)]


def seeds(target: str) -> Iterator[bytes]:
    """What the fuzzer begins with."""
    for path in sorted(CORPUS.rglob("*")):
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            continue
        if target.startswith("."):
            if path.suffix == target:
                yield path.read_bytes()
        elif path.suffix in (".yaml", ".md", ".txt", ".tex"):
            yield from (line for line in path.read_bytes().splitlines() if line)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _watched(target: Callable[[bytes], None]) -> Callable[[bytes], None]:
    """The target with a clock."""

    def watched(data: bytes) -> None:
        start = time.process_time()
        target(data)
        taken = time.process_time() - start
        if taken > SECONDS:
            raise FoundError(f"{len(data)} bytes took {taken:.2f} s")

    return watched


def main() -> None:
    """Fill the folder where it is empty, and hand over to libFuzzer."""
    name, folder, *options = sys.argv[1:]
    target = TARGETS.get(name) or document(name)
    Path(folder).mkdir(parents=True, exist_ok=True)
    if not os.listdir(folder):  # noqa: PTH208
        for data in seeds(name):
            (Path(folder) / hashlib.sha256(data).hexdigest()).write_bytes(data)
    atheris.Setup([sys.argv[0], folder, f"-max_len={MOST_BYTES}", *options], _watched(target))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
