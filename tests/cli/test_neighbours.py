"""A result depends on the problem and on the submission's own bytes alone: on no neighbour, order, run or machine.

And every file that is found has exactly one row, in every format: graded, or not with a reason.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.submissions.corpus import CORPUS, Entry, entries, files, path_of
from tests.submissions.made import cannot_be_made
from tests.support.program import PROGRAM, Program, start, strict_json

FILES = [entry.file for entry in files()]
HOSTILE = [entry for entry in entries() if entry.refused and entry.made != "folder"]  # which is a class of its own
KIND = (
    *("csv/long.csv", "csv/wide.csv", "notebook/printed-names.ipynb", "npz/plain.npz"),
    *("python/literals.py", "notebook/markdown.ipynb", "csv/not-a-number.csv"),
)
GRADE = ("grade", "--problem", "data-mining")


def put_in(folder: Path, files: list[str] | tuple[str, ...]) -> Path:
    """Files of the corpus in one folder, each with the name of its own folder before it."""
    folder.mkdir(exist_ok=True)
    for file in files:
        shutil.copy(CORPUS / file, folder / file.replace("/", "_"))
    return folder


def rows(out: str) -> dict[str, str]:
    """The row of each submission as it stands in the document, by its file."""
    return {row["submission"]: json.dumps(row) for row in strict_json(out)["results"]}


@pytest.fixture(scope="module")
def kind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return put_in(tmp_path_factory.mktemp("class") / "kind", KIND)


@pytest.fixture
def alone(program: Program, kind: Path) -> dict[str, str]:
    found = rows(program(*GRADE, kind, "--format", "json").out)
    assert len(found) == len(KIND)
    first = json.loads(found[str(kind / "csv_long.csv")])
    assert first["score"] == first["max_score"]
    return found


@pytest.mark.parametrize("entry", HOSTILE, ids=[entry.file for entry in HOSTILE])
def test_a_hostile_neighbour_changes_nothing(
    program: Program, kind: Path, alone: dict[str, str], tmp_path: Path, entry: Entry
) -> None:
    if reason := cannot_be_made(entry.made):
        pytest.skip(reason)
    if entry.file.endswith(".xlsx") and importlib.util.find_spec("openpyxl") is None:
        pytest.skip("openpyxl is not installed")
    other = path_of(entry, tmp_path)
    for order in ((other, kind), (kind, other)):
        code, out, _ = program(*GRADE, *order, "--format", "json")
        assert code == 1
        assert rows(out) == alone
        assert [row["submission"] for row in strict_json(out)["not_graded"]] == [str(other)]


@pytest.mark.skipif(importlib.util.find_spec("openpyxl") is None, reason="openpyxl is not installed")
def test_the_whole_corpus_as_neighbours_changes_nothing(
    program: Program, kind: Path, alone: dict[str, str], tmp_path: Path
) -> None:
    everything = put_in(tmp_path / "all", FILES)
    for folders in ((everything, kind), (kind, everything)):
        together = rows(program(*GRADE, *folders, "--format", "json").out)
        assert {file: row for file, row in together.items() if file in alone} == alone
    many = [path for path in sorted(everything.iterdir()) if str(path) in together]
    assert len(many) > 100  # they are marked 64 at a time
    for path in many[::9]:
        assert rows(program(*GRADE, path, "--format", "json").out) == {str(path): together[str(path)]}


def test_every_file_has_one_row(program: Program, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for number, file in enumerate(FILES):
        folder = tmp_path / "deep" if number % 10 == 0 else tmp_path
        shutil.copy(CORPUS / file, folder / f"s{number // 2}{Path(file).suffix.upper()}")
    there = [path for path in tmp_path.rglob("*.*") if path.is_file()]
    _, out, _ = program(*GRADE, tmp_path, "--format", "json")
    document = strict_json(out)
    listed = Counter(row["submission"] for part in ("results", "not_graded") for row in document[part])
    assert listed == Counter(map(str, there))
    names = Counter(path.relative_to(tmp_path).as_posix() for path in there)
    for feedback in ("score", "full"):
        text = program(*GRADE, tmp_path, "--feedback", feedback).out
        graded, failed = len(document["results"]), len(document["not_graded"])
        assert text.endswith(f"\n{graded} graded, {failed} not graded.\n")
        begins = Counter(line.split("  ")[0] for line in text.splitlines())
        assert Counter({name: begins[name] for name in names}) == names


WORLDS: list[dict[str, str]] = [
    {"PYTHONHASHSEED": "0"},
    {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Kiritimati"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "utf-8"},
    {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    {"LC_ALL": "de_DE.UTF-8", "LC_NUMERIC": "de_DE.UTF-8", "OPENBLAS_NUM_THREADS": "2"},
]


def test_no_run_differs_from_another(kind: Path, tmp_path: Path) -> None:
    """Bytes are equal whatever the seed of hashes, the locale, the time zone, the folder and the time."""
    other = put_in(tmp_path / "other", FILES[::8])
    for format_ in ("json", "text"):
        arguments = (*GRADE, kind, other, "--format", format_)
        first = start(*arguments, PYTHONHASHSEED="1", LC_ALL="C.UTF-8")
        assert first.returncode == 1
        assert len(first.stdout) > 1000
        for world in WORLDS:
            again = start(*arguments, cwd=tmp_path, program=PROGRAM, stdout=subprocess.PIPE, **world)
            assert (again.returncode, again.stdout, again.stderr) == (first.returncode, first.stdout, first.stderr), (
                world
            )


def test_the_order_of_the_files_changes_their_order_only(program: Program, kind: Path) -> None:
    files = sorted(kind.iterdir())
    forwards = program(*GRADE, *files, "--format", "json").out
    backwards = program(*GRADE, *reversed(files), "--format", "json").out
    assert forwards != backwards
    assert rows(forwards) == rows(backwards)
