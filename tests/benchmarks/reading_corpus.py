"""How well and how fast the corpus of submissions is read: ``python tests/benchmarks/reading_corpus.py``.

Every file of fixtures/submissions is read and graded in a process of its own, and held against its manifest. The share
read as intended is that of the files of which comes what the manifest says, where it does not say that more was
intended. Seconds are those of the processor, memory is that above what hwcheck itself takes. Then what stands at the
borders: the largest submission of numbers that the limits let through, in each format of text.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read by NumPy's import

from hwcheck.limits import SUBMISSION
from hwcheck.submissions.arrays import Cells, read_cells
from hwcheck.submissions.numbers import NumberReader
from hwcheck.submissions.read import parse_submission, readers
from tests.submissions.corpus import Entry, entries, misses, path_of
from tests.submissions.made import cannot_be_made
from tests.submissions.measured import Measured, Measurer

# The format that a file is meant to have, by its ending, or by what stands in its ending's place.
_FORMATS = {
    ".yml": "yaml", ".md": "markdown", ".markdown": "markdown", ".tex": "latex", ".txt": "text", ".ipynb": "notebook",
    ".py": "python", ".npy": "npz", ".tsv": "csv", ".xlsm": "xlsx",
}  # fmt: skip
_KNOWN = ("yaml", "json", "csv", "npz", "markdown", "latex", "text", "notebook", "python", "xlsx")


def _format(entry: Entry) -> str:
    ending = Path(entry.file).suffix
    name = _FORMATS.get(ending, ending.removeprefix("."))
    return name if name in _KNOWN else "none of them"


def _measured(found: Iterable[Entry]) -> list[tuple[Entry, Measured, list[str]]]:
    done = []
    with Measurer() as measurer, tempfile.TemporaryDirectory() as folder:
        for entry in found:
            if not cannot_be_made(entry.made):
                path = path_of(entry, Path(folder))
                measured = measurer.measure(path, entry.problem)
                done.append((entry, measured, misses(entry, path, measured)))
    return done


def corpus() -> None:
    """Print the table, and what is not as the manifest says."""
    done = _measured(entries())
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for entry, _, wrong in done:
        kind = "hostile" if entry.hostile else "kind"
        for name in (_format(entry), "all"):
            counts[name].update([kind, *([f"{kind} as intended"] if entry.intended is None and not wrong else [])])
    print(f"{'format':14}{'kind':>6}{'as intended':>14}{'share':>8}{'hostile':>10}{'as intended':>14}")
    for name in (*_KNOWN, "none of them", "all"):
        count = counts[name]
        share = f"{count['kind as intended'] / count['kind']:8.1%}" if count["kind"] else f"{'-':>8}"
        kind = f"{count['kind']:6}{count['kind as intended']:14}{share}"
        print(f"{name:14}{kind}{count['hostile']:10}{count['hostile as intended']:14}")
    for title, key in (("slowest", lambda each: each[1].seconds), ("largest", lambda each: each[1].memory)):
        print(f"\n{title}:")
        for entry, measured, _ in sorted(done, key=key, reverse=True)[:5]:
            print(f"  {measured.seconds:5.2f} s {measured.memory / 1e6:5.0f} MB  {entry.file}")
    for entry, _, wrong in done:
        for line in wrong:
            print(f"\n{entry.file}: {line}")


def borders() -> None:
    """The largest arrays within the limits: so many numbers, as long as the bytes let them be."""
    rows = 90
    columns = SUBMISSION.values // rows - 2
    print("\nthe most numbers within the limits:")
    forms = {".yaml": "answers:\n  W: {}\n", ".json": '{{"answers": {{"W": {}}}}}', ".md": "W = {}\n"}
    for ending, form in forms.items():
        digits = (readers()[ending].limit - 10_000) // (rows * columns) - 4
        row = "[" + ", ".join([f"0.{'3' * digits}"] * columns) + "]"
        data = form.format("[" + ", ".join([row] * rows) + "]").encode()
        start = perf_counter()
        submission, reader = parse_submission(data, f"large{ending}"), NumberReader()
        cells = [read_cells(answer.value, reader) for answer in submission.answers]
        took = perf_counter() - start
        count = sum(each.values.size for each in cells if isinstance(each, Cells))
        print(f"  {took:5.2f} s {len(data):10,} bytes  large{ending}, {count:,} numbers read")


if __name__ == "__main__":
    corpus()
    borders()
