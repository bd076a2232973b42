"""Help texts: kept as files, told the same way in every place, and cheap to show."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from hwcheck.cli.main import COMMANDS, cli
from tests.support.program import ROOT, golden

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_help_of_every_command(command: str) -> None:
    result = CliRunner().invoke(cli, [*command.split(), "--help"], prog_name="hwcheck", terminal_width=80)
    assert result.exit_code == 0
    assert max(map(len, result.output.splitlines())) <= 80
    golden(GOLDEN / f"help{'-' if command else ''}{command}.txt", result.output)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_short_help_is_the_first_line_of_the_long_one(command: str) -> None:
    module = import_module(f"hwcheck.cli.{command}")
    assert isinstance(module.command, click.Command)
    assert (module.command.help or "").splitlines()[0] == COMMANDS[command]
    assert module.command.name == command


def test_every_command_has_its_module_and_every_module_its_command() -> None:
    others = {"__init__", "main", "problem_meant", "shared", "submission_files"}
    assert {path.stem for path in (ROOT / "hwcheck" / "cli").glob("*.py")} - others == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_told_by_the_readme(command: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"| `hwcheck {command}" in readme


@pytest.mark.parametrize("code", ["import hwcheck", "from hwcheck.cli.main import main; main(['--help'])"])
def test_nothing_heavy_is_imported_for_help(code: str) -> None:
    report = "import sys, atexit; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); "
    done = subprocess.run(
        [sys.executable, "-c", report + code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0
    imported = {name.split(".")[0] for name in done.stderr.split()}
    assert "hwcheck" in imported  # the report is there
    assert not imported & {"numpy", "yaml", "rich", "difflib", "json"}
