"""Which share of the corpus is read as a person would read it, by format; which files are the slowest and the largest.

Run as a program::

    python -m tests.submissions.corpus_share
"""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

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


def main() -> None:
    """Print the table, and what is not as the manifest says."""
    done = _measured(entries())
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for entry, _, wrong in done:
        kind = "hostile" if entry.hostile else "kind"
        for name in (_format(entry), "all"):
            counts[name].update([kind, *([f"{kind} as intended"] if entry.intended is None and not wrong else [])])
    print(f"{'format':14}{'kind':>6}{'as intended':>14}{'share':>8}{'hostile':>10}{'as intended':>14}")  # noqa: T201
    for name in (*_KNOWN, "none of them", "all"):
        count = counts[name]
        share = f"{count['kind as intended'] / count['kind']:8.1%}" if count["kind"] else f"{'-':>8}"
        kind = f"{count['kind']:6}{count['kind as intended']:14}{share}"
        print(f"{name:14}{kind}{count['hostile']:10}{count['hostile as intended']:14}")  # noqa: T201
    for title, key in (("slowest", lambda each: each[1].seconds), ("largest", lambda each: each[1].memory)):
        print(f"\n{title}:")  # noqa: T201
        for entry, measured, _ in sorted(done, key=key, reverse=True)[:5]:
            print(f"  {measured.seconds:5.2f} s {measured.memory / 1e6:5.0f} MB  {entry.file}")  # noqa: T201
    for entry, _, wrong in done:
        for line in wrong:
            print(f"\n{entry.file}: {line}")  # noqa: T201


if __name__ == "__main__":
    main()
