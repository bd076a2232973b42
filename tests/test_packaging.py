"""The wheel, installed into an empty environment, works from any folder.

It is built and installed with the pip and the hatchling of the running interpreter, without an index: nothing but
hwcheck itself is installed, and what it needs is found where the running interpreter has it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

import hwcheck
from tests.support.program import FIXTURES, ROOT, strict_json

PROBLEMS = {path.relative_to(ROOT).as_posix() for path in (ROOT / "problems").rglob("*.yaml")}
pytest.importorskip("hatchling", reason="the wheel is built with hatchling: install the extra 'test'")
pytest.importorskip("pip", reason="the wheel is installed with pip: install the extra 'test'")


class Installed(NamedTuple):
    """A wheel, and the program that was installed from it."""

    wheel: Path
    python: Path
    program: Path


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, command)), cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False
    )


def done(*command: str | Path, cwd: Path) -> str:
    result = run(*command, cwd=cwd)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("packaging")
    pip = (sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check")
    done(*pip, "wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation", "-w", folder, ROOT, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "empty", with_pip=False)
    scripts = folder / "empty" / ("Scripts" if sys.platform == "win32" else "bin")
    python = scripts / "python"
    done(*pip, "--python", python, "install", "--quiet", "--no-index", "--no-deps", wheel, cwd=folder)
    site = Path(done(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip())
    # Behind the environment's own packages, and without the .pth files there: an editable hwcheck is not found.
    paths = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "running.pth").write_text("\n".join(paths) + "\n", encoding="utf-8")
    return Installed(wheel, python, scripts / "hwcheck")


def test_the_wheel_holds_the_package_the_problems_and_nothing_else(installed: Installed) -> None:
    names = zipfile.ZipFile(installed.wheel).namelist()
    assert len(set(names)) == len(names)
    assert {f"hwcheck/{name}" for name in PROBLEMS} <= set(names)
    assert "hwcheck/py.typed" in names
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "hwcheck").rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == modules
    assert {name.split("/")[0] for name in names} == {"hwcheck", f"hwcheck-{hwcheck.__version__}.dist-info"}
    assert f"hwcheck-{hwcheck.__version__}.dist-info/licenses/LICENSE" in names


def test_what_runs_is_what_was_installed(installed: Installed, tmp_path: Path) -> None:
    found = done(installed.python, "-c", "import hwcheck; print(hwcheck.__file__)", cwd=tmp_path).strip()
    assert Path(found).is_relative_to(installed.python.parents[1])


def test_solve_from_another_folder(installed: Installed, tmp_path: Path) -> None:
    document = strict_json(done(installed.program, "solve", "gan", "--format", "json", cwd=tmp_path))
    values = {quantity["name"]: quantity["value"] for quantity in document["quantities"]}
    assert (document["hwcheck"], document["problem"]) == (hwcheck.__version__, "gan")
    assert values["m"] == pytest.approx(11.9786, rel=1e-12)  # the sheet's own


def test_grade_from_another_folder(installed: Installed, tmp_path: Path) -> None:
    shutil.copy(FIXTURES / "gan" / "sheet.yaml", tmp_path)
    result = run(installed.program, "grade", "sheet.yaml", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (1, "")
    assert "Score: 6.88 of 40 points (17 %). The first error is in C1." in result.stdout


def test_list_from_another_folder(installed: Installed, tmp_path: Path) -> None:
    lines = done(installed.program, "list", cwd=tmp_path).splitlines()[2:]
    listed = [line.split()[0] for line in lines if not line.startswith(" ")]  # a long title takes further lines
    assert sorted(listed) == sorted(Path(name).stem for name in PROBLEMS)


def test_the_source_archive_holds_all_that_the_tests_need(tmp_path: Path) -> None:
    done(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path, cwd=ROOT)
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        names = {name.split("/", 1)[1] for name in opened.getnames()}
    assert {"README.md", "LICENSE", "pyproject.toml", "fixtures/gan/sheet.yaml", "tests/test_packaging.py"} <= names
    assert names >= PROBLEMS
    assert {name.split("/")[0] for name in names if not name.startswith(".")} == {
        *("hwcheck", "problems", "fixtures", "tests", "README.md", "LICENSE", "pyproject.toml", "PKG-INFO")
    }
