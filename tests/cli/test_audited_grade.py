"""Promise P3 for the program as a whole: while it grades it opens the submissions and the problem, and nothing else."""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.submissions.mutations import CORPUS
from tests.support.program import ROOT, start, strict_json

LISTED = ("os.listdir", "os.scandir")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus in a folder of its own, with what lies in wait for a reader that is too trusting."""
    made = tmp_path_factory.mktemp("watched") / "class"
    shutil.copytree(CORPUS, made)
    (made / "manifest.yaml").unlink()
    for name in ("numpy.py", "json.py", "sitecustomize.py", "hwcheck.py"):
        (made / name).write_text("open('/tmp/hwcheck_was_here', 'w')\nm = 1\n", encoding="utf-8")
    if hasattr(os, "symlink") and sys.platform != "win32":
        (made / "link.yaml").symlink_to(ROOT / "fixtures" / "gan" / "perfect.yaml")
    return made


def test_grading_opens_the_submissions_and_the_problem_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    problem = tmp_path / "mine.yaml"
    shutil.copy(ROOT / "problems" / "mlp" / "data-mining.yaml", problem)
    program = (sys.executable, "-m", "tests.cli.audited_grade")
    done = start(
        "grade",
        "--problem",
        problem,
        folder,
        cwd=folder,
        program=program,
        PYTHONSAFEPATH="1",
        PYTHONDONTWRITEBYTECODE="1",
    )
    assert done.returncode == 0, done.stderr
    loading, grading = strict_json(done.stdout)
    expected = {str(path) for path in folder.rglob("*") if path.is_file() and path.suffix and not path.is_symlink()}
    opened = Counter(arguments[0] for event, *arguments in grading if event == "open")
    # A link is looked at, and not opened: the system refuses it.
    assert set(opened) - {str(folder / "link.yaml")} == expected | {str(problem)}
    assert set(opened.values()) == {1}
    others = [event for event in grading if event[0] not in ("open", *LISTED)]
    helpers = [event for event in others if event[0] == "subprocess.Popen"]
    assert all(event[1] == sys.executable and "hwcheck.bounded_worker" in event[2] for event in helpers)
    assert [event for event in others if event not in helpers] == []
    assert {event[1] for event in grading if event[0] in LISTED} <= {str(p) for p in (folder, *folder.rglob("*"))}
    # What is loaded first comes from elsewhere: no file of a student is run or imported.
    ran = {event[1] for event in loading if event[0] == "exec"}
    assert len(ran) > 100
    assert [name for name in ran if name.startswith(str(folder))] == []
    assert not [event for event in loading if event[0].startswith(("socket.", "os.system", "pickle.", "urllib."))]
    assert {event[1] for event in loading if event[0] == "open" and event[1].startswith(str(folder))} <= set(opened)
    assert not Path("/tmp/hwcheck_was_here").exists()  # noqa: S108
