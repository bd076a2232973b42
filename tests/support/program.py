"""Running hwcheck in tests: through its entry point in this process, or as a program of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hwcheck.cli.main import main

__all__ = ["FIXTURES", "ROOT", "Outcome", "Program", "golden", "interrupted", "start", "strict_json"]

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "fixtures"
PROGRAM = (sys.executable, "-c", "from hwcheck.cli.main import main; main()")


class Outcome(NamedTuple):
    """What a run left: its exit code, what it printed, what it told."""

    code: int
    out: str
    err: str


class Program:
    """hwcheck, run in this process; a traceback would fail the test."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str | Path) -> Outcome:
        with pytest.raises(SystemExit) as leave:
            main([str(argument) for argument in arguments])
        assert isinstance(leave.value.code, int)
        return Outcome(leave.value.code, *self._capsys.readouterr())


def start(
    *arguments: str | Path,
    cwd: Path = ROOT,
    program: tuple[str, ...] = PROGRAM,
    stdout: int = subprocess.PIPE,
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """Run a program of its own, which finds this checkout from any folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HWCHECK", "_HWCHECK"))}
    return subprocess.run(
        [*program, *map(str, arguments)],
        cwd=cwd,
        env={**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **environment},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def interrupted(code: str, *arguments: str | Path) -> Outcome:
    """What a program leaves that gets the signal SIGINT once it has printed ``here``."""
    with subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "here\n"
        time.sleep(0.1)  # from the print into what follows it
        process.send_signal(signal.SIGINT)
        return Outcome(process.wait(timeout=20), process.stdout.read(), process.stderr.read().strip())


def strict_json(text: str) -> Any:
    """The document that a text is, by the standard alone: no NaN, no Infinity, no key twice."""

    def refuse(word: str) -> Any:
        raise AssertionError(f"{word} is no JSON")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    return json.loads(text, parse_constant=refuse, object_pairs_hook=once)


def golden(path: Path, text: str) -> None:
    """Compare a text with a file; HWCHECK_UPDATE_GOLDEN=1 writes the file instead."""
    if os.environ.get("HWCHECK_UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), (
        f"if the change is meant: HWCHECK_UPDATE_GOLDEN=1, then read {path}"
    )
