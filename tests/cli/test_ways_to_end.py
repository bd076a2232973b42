"""How ``grade`` and ``read`` end when the world does not go along: an exit code, one clear line, never a traceback."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.program import FIXTURES, PROGRAM, ROOT, Program, interrupted, start

SHEET = FIXTURES / "gan" / "sheet.yaml"
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
RUNS: list[list[str | Path]] = [
    ["grade", SHEET],
    ["grade", SHEET, "--format", "json"],
    ["grade", FIXTURES / "gan"],
    ["grade", FIXTURES / "gan", "--format", "json"],
    ["read", SHEET],
    ["read", FIXTURES / "gan", "--format", "json"],
]


@FULL
@pytest.mark.parametrize("arguments", RUNS)
def test_a_full_disk_ends_with_one_line(arguments: list[str | Path]) -> None:
    with Path("/dev/full").open("w") as full:
        done = start(*arguments, stdout=full.fileno())
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == "error: No space left on device"
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(shutil.which("sh") is None or shutil.which("head") is None, reason="needs a shell")
@pytest.mark.parametrize("command", ["grade", "read"])
def test_a_reader_that_takes_one_line_ends_nothing(command: str) -> None:
    folder = FIXTURES / "gan"
    script = (
        f'{{ "{sys.executable}" -c "{PROGRAM[2]}" {command} "{folder}" "{folder}"; echo "code $?" >&2; }} | head -1'
    )
    done = start("-c", script, program=("sh",))
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr.splitlines()[-1] == f"code {1 if command == 'grade' else 2}"
    assert "Traceback" not in done.stderr
    assert "Broken pipe" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("command", ["grade", "read"])
@pytest.mark.parametrize("file", ["ada.yaml", "ada.py"])
def test_a_signal_in_the_midst_of_a_submission(tmp_path: Path, command: str, file: str) -> None:
    """While a file is read here, and while the helper process is asked: nothing of either is left."""
    (tmp_path / file).write_text("m = 1\n" if file.endswith("py") else "answers: {m: 1}\n", encoding="utf-8")
    owner = "bounded.Helper._exchange" if file.endswith("py") else "read.find_format"
    wait = "lambda *_: (print('here', flush=True), time.sleep(50))"
    imports = "import hwcheck.bounded as bounded, hwcheck.submissions.read as read, time"
    code = f"{imports}; {owner} = {wait}; {PROGRAM[2]}"
    assert interrupted(code, command, "-p", "gan", tmp_path) == (130, "", "interrupted")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-16"])
@pytest.mark.parametrize("command", ["grade", "read"])
def test_an_encoding_that_cannot_show_it_all(tmp_path: Path, command: str, encoding: str) -> None:
    name = "zoë ∂ 名.yaml"
    (tmp_path / name).write_text("problem: gan\nanswers: {∂L: 1, 名: 2, m: ½½}\n", encoding="utf-8")
    for format_ in ("text", "json"):
        done = subprocess.run(
            [*PROGRAM, command, tmp_path, "--format", format_],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "PATH": "/usr/bin:/bin"},
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert done.returncode in (0, 1)
        assert done.stdout
        used = "utf-8" if encoding == "ascii" else encoding  # click takes ASCII for a setting that nobody meant
        told = done.stderr.decode(used)
        assert "Traceback" not in told
        assert "a mistake in hwcheck" not in told
        done.stdout.decode(used)


UNSOUND = "inputs: {x: [0, 1]}\nnetwork: {y: log(x), L: sum(y)}\nloss: L\nquestions: [y, L]\n"
BROKEN = "inputs: {x: [0, 1]}\nnetwork: {y: lgo(x), L: sum(y)}\nloss: L\n"


def test_an_unsound_problem_is_warned_of_and_graded(program: Program, tmp_path: Path) -> None:
    problem, sheet = tmp_path / "mine.yaml", tmp_path / "ada.json"
    problem.write_text(UNSOUND, encoding="utf-8")
    sheet.write_text('{"answers": {"L": 3}}', encoding="utf-8")
    code, out, err = program("grade", "-p", problem, sheet)
    assert code == 1
    assert out.startswith("ada, problem mine\n")
    assert err.startswith(f"warning: {problem}")
    assert all(line.startswith("warning: ") for line in err.splitlines())


@pytest.mark.parametrize("command", ["grade", "read"])
def test_a_broken_problem_ends_the_run_before_it_begins(program: Program, tmp_path: Path, command: str) -> None:
    problem = tmp_path / "mine.yaml"
    problem.write_text(BROKEN, encoding="utf-8")
    for files in ([SHEET], [FIXTURES / "gan"]):
        code, out, err = program(command, "-p", problem, *files)
        assert (code, out) == (2, "")
        assert err.startswith(f"error: {problem}:2:14: ")
        assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["grade"],
        ["read"],
        ["grade", SHEET, "--format", "yaml"],
        ["grade", SHEET, "--feedback", "all"],
        ["grade", SHEET, "--fail-under", "-1"],
        ["read", SHEET, "--feedback", "full"],
        ["grade", "--problem", "nothing-like-it", SHEET],
        ["read", "--problem", "nothing-like-it", SHEET],
    ],
)
def test_a_call_that_makes_no_sense_is_told(program: Program, arguments: list[str | Path]) -> None:
    code, out, err = program(*arguments)
    assert (code, out) == (2, "")
    assert "rror: " in err.splitlines()[-1]
    assert "Traceback" not in err
