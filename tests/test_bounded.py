"""The helper process: it answers, it is bounded, and a file that ends it costs nobody else's."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hwcheck.bounded import Helper
from hwcheck.errors import InputError
from hwcheck.limits import Bounds

TASKS = """
import os, time
def size(data, file): return [len(data), file]
def spin(data, file):
    while True: pass
def sleep(data, file): time.sleep(600)
def eat(data, file): return len(bytearray(10 ** 9))
def mistake(data, file): return 1 / 0
def die(data, file): os.kill(os.getpid(), 11)
def killed(data, file): os.kill(os.getpid(), 9)
def killed_once(data, file):
    try:
        os.mkdir(file)
    except FileExistsError:
        return "read"
    os.kill(os.getpid(), 9)
def write(data, file):
    made = open(file, "w")
    made.write("x" * 9)
    made.flush()
def talk(data, file): print("12\\n[1]"); return "said"
def who(data, file): return os.getpid()
kept = []
def keep(data, file):
    kept.append(bytearray(10 ** 8))
    return len(kept)
def refuse(data, file):
    from hwcheck.errors import InputError, Location
    raise InputError.at(Location(file, 3, 4), "no")
"""


@pytest.fixture
def helper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Helper]:
    (tmp_path / "hwcheck_test_tasks.py").write_text(TASKS, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    made = Helper(Bounds(memory=200_000_000, processor=1, clock=4.0))
    yield made
    made.close()


def ask(helper: Helper, task: str, data: bytes = b"", file: str = "ada.py") -> object:
    return helper.read(f"hwcheck_test_tasks:{task}", data, file)


def test_it_answers_again_and_again(helper: Helper) -> None:
    assert [ask(helper, "size", b"x" * n) for n in (0, 1, 2_000_000)] == [[n, "ada.py"] for n in (0, 1, 2_000_000)]
    assert ask(helper, "talk") == "said"  # what a task prints is no reply
    assert ask(helper, "size", b"abc", "é\n.py") == [3, "é\n.py"]


@pytest.mark.skipif(sys.platform == "win32", reason="no limits but the clock")
@pytest.mark.parametrize(
    ("task", "message"),
    [
        ("spin", "took more than [14] seconds"),
        ("sleep", "took more than 4 seconds"),
        ("eat", "needs too much memory"),
        ("mistake", r"was ended by it \(code 1\)"),
        ("die", r"was ended by it \(signal 11\)"),
    ],
)
def test_what_goes_beyond_its_bounds_costs_that_file_only(helper: Helper, task: str, message: str) -> None:
    assert ask(helper, "size") == [0, "ada.py"]
    start = time.perf_counter()
    with pytest.raises(InputError, match=rf"^ada\.py: .*{message}.*YAML or CSV$"):
        ask(helper, task)
    assert time.perf_counter() - start < 15
    assert ask(helper, "size", b"abc") == [3, "ada.py"]


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no system that tells")
def test_what_a_file_may_take_does_not_hang_on_the_files_before_it(helper: Helper) -> None:
    first = ask(helper, "who")
    assert ask(helper, "who") == first
    assert [ask(helper, "keep") for _ in range(3)] == [1, 1, 1]  # three of them would not fit into one helper
    assert ask(helper, "who") != first


@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
def test_who_is_killed_from_outside_is_asked_again(helper: Helper, tmp_path: Path) -> None:
    assert ask(helper, "killed_once", file=str(tmp_path / "made")) == "read"
    with pytest.raises(InputError, match=r"^ada\.py: .*was killed from outside.*: grade it again$"):
        ask(helper, "killed")
    assert ask(helper, "size", b"abc") == [3, "ada.py"]


def test_a_fault_keeps_its_place(helper: Helper) -> None:
    with pytest.raises(InputError, match=r"^ada\.py:3:4: no$"):
        ask(helper, "refuse")


@pytest.mark.skipif(sys.platform == "win32", reason="no limits but the clock")
def test_it_writes_no_file(helper: Helper, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="was ended by it"):
        ask(helper, "write", file=str(tmp_path / "made"))
    assert not (tmp_path / "made").read_bytes()


def test_a_module_beside_the_submissions_is_not_imported(tmp_path: Path) -> None:
    """The folder in which hwcheck runs may be full of students' files, called json.py or ast.py."""
    for name in ("json", "ast", "re", "warnings", "numpy"):
        (tmp_path / f"{name}.py").write_text("open('made', 'w')", encoding="utf-8")
    (tmp_path / "ada.py").write_text("m = 1\n", encoding="utf-8")
    home = str(Path(__file__).parents[1])
    code = f"import sys; sys.path.insert(0, {home!r}); import hwcheck; print(hwcheck.read_submission('ada.py').answers)"
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], cwd=tmp_path, env=clean, capture_output=True, text=True, check=True
    )
    assert "Answer(name='m'" in done.stdout
    assert not (tmp_path / "made").exists()
