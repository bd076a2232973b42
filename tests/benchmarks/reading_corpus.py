"""How well and how fast the corpus of submissions is read: ``python tests/benchmarks/reading_corpus.py``.

Every file of fixtures/submissions is read and graded, and held against its manifest. The share read as intended is that
of the files of which comes what the manifest says, where the manifest does not say that more was intended. Times are
the shortest of some readings, by the clock, since some formats are read in a helper process; then what stands at the
borders: the largest submission of numbers that the limits let through, in each format of text.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read by NumPy's import

import yaml

from hwcheck.errors import InputError
from hwcheck.grading.grade import Grader
from hwcheck.limits import SUBMISSION
from hwcheck.problem.library import find_problem
from hwcheck.problem.load import load_problem
from hwcheck.submissions.arrays import Cells, read_cells
from hwcheck.submissions.numbers import NumberReader
from hwcheck.submissions.read import parse_submission, read_submission

CORPUS = Path(__file__).parents[2] / "fixtures" / "submissions"
READINGS = 3
SHOWN = 5


def as_told(entry: dict[str, Any], path: Path, grader: Grader) -> bool:
    """Whether of a file comes what the manifest says."""
    try:
        submission = read_submission(path)
    except InputError as error:
        return "refused" in entry and entry["refused"] in str(error)
    if "refused" in entry:
        return False
    result = grader.grade(submission)
    verdicts, expected = {each.question.name: each.verdict for each in result.answers}, entry["verdicts"]
    if expected == "all right":
        expected = dict.fromkeys(verdicts, "right")
    told = ("\n".join(map(str, result.faults)), "\n".join(map(str, submission.notes)))
    wanted = zip(told, (entry.get("faults", ()), entry.get("notes", ())), strict=True)
    return verdicts == {name: expected.get(name, "missing") for name in verdicts} and all(
        text in messages for messages, texts in wanted for text in texts
    )


def seconds(path: Path) -> float:
    """The shortest time to read a file, or to refuse it."""
    times = []
    for _ in range(READINGS):
        start = perf_counter()
        with suppress(InputError):
            read_submission(path)
        times.append(perf_counter() - start)
    return min(times)


def corpus() -> None:
    """The shares by format, and the slowest and largest files."""
    entries = [entry for entry in yaml.safe_load((CORPUS / "manifest.yaml").read_text("utf-8")) if "made" not in entry]
    graders: dict[str, Grader] = {}
    all_files: Counter[str] = Counter()
    as_intended: Counter[str] = Counter()
    files, others = [], []
    for entry in entries:
        path, problem = CORPUS / entry["file"], entry.get("problem", "data-mining")
        if problem not in graders:
            graders[problem] = Grader(load_problem(find_problem(problem)))
        kind = entry["file"].split("/")[0]
        all_files[kind] += 1
        if "intended" not in entry and as_told(entry, path, graders[problem]):
            as_intended[kind] += 1
        else:
            others.append(entry["file"])
        files.append((seconds(path), path.stat().st_size, entry["file"]))
    print("Read as intended")
    for kind, count in sorted(all_files.items()):
        print(f"  {kind:12}{as_intended[kind]:5} of {count:4}  {as_intended[kind] / count:6.1%}")
    whole = as_intended.total(), all_files.total()
    print(f"  {'all':12}{whole[0]:5} of {whole[1]:4}  {whole[0] / whole[1]:6.1%}", *others, sep="\n    not: ")
    print("Slowest")
    for took, size, name in sorted(files, reverse=True)[:SHOWN]:
        print(f"  {took * 1e3:8.1f} ms {size:10,} bytes  {name}")
    print("Largest")
    for took, size, name in sorted(files, key=lambda each: -each[1])[:SHOWN]:
        print(f"  {took * 1e3:8.1f} ms {size:10,} bytes  {name}")


def borders() -> None:
    """The largest arrays within the limits: so many numbers, as long as the bytes let them be."""
    rows = 90
    columns = SUBMISSION.values // rows - 2
    digits = (SUBMISSION.bytes - 10_000) // (rows * columns) - 4
    row = "[" + ", ".join([f"0.{'3' * digits}"] * columns) + "]"
    array = "[" + ", ".join([row] * rows) + "]"
    texts = {
        "large.yaml": f"answers:\n  W: {array}\n",
        "large.json": f'{{"answers": {{"W": {array}}}}}',
        "large.md": f"W = {array}\n",
    }
    print("The most numbers within the limits")
    for name, text in texts.items():
        start = perf_counter()
        submission, reader = parse_submission(text.encode(), name), NumberReader()
        cells = [read_cells(answer.value, reader) for answer in submission.answers]
        took = perf_counter() - start
        count = sum(each.values.size for each in cells if isinstance(each, Cells))
        print(f"  {took * 1e3:8.1f} ms {len(text):10,} bytes  {name}, {count:,} numbers read")


if __name__ == "__main__":
    corpus()
    borders()
