"""The border: every way in which a run can end, its exit code, and what it leaves on which stream."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest

import hwcheck
from tests.support.program import FIXTURES, PROGRAM, Program, interrupted, start

SHEET = FIXTURES / "gan" / "sheet.yaml"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals and pipes of POSIX")


def test_the_version(program: Program) -> None:
    assert program("--version") == (0, f"hwcheck {hwcheck.__version__}\n", "")


def test_python_runs_the_package() -> None:
    run = subprocess.run([sys.executable, "-m", "hwcheck", "--version"], capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == (f"hwcheck {hwcheck.__version__}\n", "")


def test_an_unknown_command_is_told_with_what_is_near(program: Program) -> None:
    code, out, err = program("sovle", "gan")
    assert (code, out) == (2, "")
    assert "there is no command 'sovle'; did you mean 'solve'?" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["solve"], "Missing argument 'PROBLEM'"),
        (["solve", "gan", "--stepps"], "No such option"),
        (["solve", "gan", "--decimals", "16"], "16 is not in the range 0<=x<=15"),
        (["solve", "gan", "--format", "xml"], "'xml' is not one of 'text', 'json'"),
        (["grade"], "Missing argument 'SUBMISSION...'"),
        (["grade", "x.yaml", "--fail-under", "lots"], "'lots' is no percentage from 0 to 100"),
        (["grade", "x.yaml", "--fail-under", "101"], "'101' is no percentage from 0 to 100"),
        (["grade", "x.yaml", "--fail-under", "nan"], "'nan' is no percentage from 0 to 100"),
    ],
)
def test_a_call_that_makes_no_sense(program: Program, arguments: list[str], message: str) -> None:
    code, out, err = program(*arguments)
    assert (code, out) == (2, "")
    assert message in err


def test_without_a_command_the_help_is_shown(program: Program) -> None:
    code, out, err = program()
    assert code == 2
    assert "Commands:" in out + err


def test_an_error_in_hwcheck_itself_is_told_without_a_traceback(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> NoReturn:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("hwcheck.problem.load.parse_problem", fail)
    code, out, err = program("solve", "gan")
    assert (code, out) == (2, "")
    place = f"test_main.py:{fail.__code__.co_firstlineno + 1}"
    assert err == (
        f"error: a mistake in hwcheck itself (ZeroDivisionError at {place}): "
        "report it to its developers, with what HWCHECK_TRACEBACK=1 shows\n"
    )
    monkeypatch.setenv("HWCHECK_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError, match="planted"):
        hwcheck.cli.main.main(["solve", "gan"])


def test_an_interruption_is_told(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("hwcheck.problem.load.parse_problem", interrupt)
    code, out, err = program("solve", "gan")
    assert (code, out) == (130, "")
    assert err.strip() == "interrupted"


@POSIX
def test_a_running_program_can_be_interrupted() -> None:
    """A real signal, in the midst of the work."""
    wait = "lambda *_: (print('here', flush=True), time.sleep(50))"
    code = f"import hwcheck.problem.load as load, time; load.parse_problem = {wait}; {PROGRAM[2]}"
    assert interrupted(code, "solve", "gan") == (130, "", "interrupted")


@POSIX
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["grade", SHEET], 1),
        (["grade", SHEET, "--fail-under", "10"], 0),
        (["grade", SHEET, "--format", "json"], 1),
        (["solve", "gan", "--steps", "--all"], 0),
        (["template", "gan"], 0),
        (["lint", "gan"], 0),
        (["list"], 0),
    ],
)
def test_a_reader_that_stops_early_changes_nothing(arguments: list[str | Path], code: int) -> None:
    reading, writing = os.pipe()
    os.close(reading)  # before the program starts: whatever it writes finds no reader
    try:
        done = start(*arguments, stdout=writing)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (code, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_told() -> None:
    with Path("/dev/full").open("w") as full:
        done = start("solve", "gan", stdout=full.fileno())
    assert done.returncode == 2
    assert done.stderr == "error: No space left on device\n"


def test_what_an_encoding_cannot_show_is_spelled_out(tmp_path: Path) -> None:
    sheet = tmp_path / "ada.yaml"
    sheet.write_text("problem: gan\nstudent: Zoe ∂\nanswers: {h0: [1]}\n", encoding="utf-8")
    done = start("grade", sheet, PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == r"Zoe \u2202, problem gan"
    assert done.stderr == ""


@pytest.mark.parametrize(("shell", "word"), [("bash", "complete"), ("zsh", "compdef"), ("fish", "complete")])
def test_the_completion_script_of_each_shell(shell: str, word: str) -> None:
    if shell == "bash" and not Path("/bin/bash").exists():
        pytest.skip("click asks bash for its version")
    done = start(_HWCHECK_COMPLETE=f"{shell}_source")
    assert done.returncode == 0
    assert f"_HWCHECK_COMPLETE={shell}_complete" in done.stdout
    assert word in done.stdout


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("hwcheck so", {"solve"}),
        ("hwcheck solve ga", {"gan"}),
        ("hwcheck grade --feed", {"--feedback"}),
        ("hwcheck grade --feedback h", {"hint"}),
        ("hwcheck grade --problem auto", {"autoencoder"}),
    ],
)
def test_what_the_shell_is_offered(words: str, offered: set[str]) -> None:
    done = start(_HWCHECK_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=str(len(words.split()) - 1))
    assert done.returncode == 0
    plain = {line.split(",", 1)[1] for line in done.stdout.splitlines() if line.startswith("plain,")}
    assert plain == offered
