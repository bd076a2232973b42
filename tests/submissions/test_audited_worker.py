"""Promise P3 in the helper process too: no file is opened, nothing is run, imported, started or called up."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hwcheck.errors import InputError
from hwcheck.files import read_text
from hwcheck.limits import PYTHON
from tests.submissions.audited_worker import CAUGHT
from tests.submissions.mutations import CORPUS
from tests.support.program import ROOT

START = (
    f"import sys; sys.path[:] = {[str(ROOT), *sys.path]!r}; from tests.submissions.audited_worker import main; main()"
)
TASKS = {".py": "hwcheck.submissions.python_literals:read", ".xlsx": "hwcheck.submissions.xlsx_cells:read"}
OURS = "tests.submissions.audited_worker"


class Worker:
    """The process, and how it is asked."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-X", "utf8", "-c", START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def ask(self, task: str, data: bytes, file: str) -> Any:
        """What it answers. It has ended if it answers nothing."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([task, file, len(data)]).encode() + b"\n" + data)
        self.process.stdin.flush()
        size = self.process.stdout.readline()
        return json.loads(self.process.stdout.read(int(size)))[:2] if size else self.ended()

    def ended(self) -> tuple[int, str]:
        """Its exit code and what it said."""
        assert self.process.stderr is not None
        return self.process.wait(timeout=30), self.process.stderr.read().decode()

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe is not None
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker()
    yield made
    made.close()


def files() -> list[tuple[str, Path]]:
    """Every file of the corpus that the helper reads, whatever its ending says; of Python it is given decoded text."""
    found = [(TASKS[path.suffix], path) for path in sorted(CORPUS.rglob("*")) if path.suffix in TASKS]
    found = [(task, path) for task, path in found if task != TASKS[".py"] or _is_text(path)]
    found += [(TASKS[".xlsx"], path) for path in sorted((CORPUS / "disguised").glob("xlsx*"))]
    if importlib.util.find_spec("openpyxl") is None:
        found = [(task, path) for task, path in found if task == TASKS[".py"]]
    return found


def _is_text(path: Path) -> bool:
    try:
        read_text(path, PYTHON.bytes)
    except InputError:
        return False
    return True


def test_it_reads_the_corpus_without_touching_anything(worker: Worker) -> None:
    def read_all() -> list[Any]:
        answers = []
        for task, path in files():
            answers.append(worker.ask(task, path.read_bytes(), path.name))
            assert answers[-1][0] in ("done", "faults", "depth"), answers[-1]
        return answers

    first = read_all()
    assert worker.ask(f"{OURS}:arm", b"", "") == ["done", "armed"]
    assert read_all() == first
    assert [answer[0] for answer in first].count("done") > 10
    assert worker.ask(f"{OURS}:probe", b"", "nothing") == ["done", "not caught"]


@pytest.mark.parametrize("what", ["open", "exec", "socket", "system"])
def test_what_must_be_caught_is(worker: Worker, what: str) -> None:
    assert worker.ask(f"{OURS}:probe", b"", what) == ["done", "not caught"]
    worker.ask(f"{OURS}:arm", b"", "")
    code, told = worker.ask(f"{OURS}:probe", b"", what)
    assert code == CAUGHT
    assert told.startswith({"system": "os.system", "socket": "socket."}.get(what, what))
